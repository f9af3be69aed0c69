"""Whether two lists of authors are the same people, in the same order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pybtex.errors
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person

from bibcheck.people import PARTICLES, outside_groups
from bibtex.tex import plain
from paper import CitationError, Name
from paper_csl import name as house_name
from verify.same import Answer, Relation, agree, letters, mended, spellings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from verify.work import Name as TheirName

OTHERS = Name("others")
#: Words in the name of a group that every database writes as it likes.
GROUP_WORDS = frozenset(
    {
        "and",
        "behalf",
        "collaboration",
        "collaborative",
        "collaborators",
        "committee",
        "for",
        "group",
    }
    | {"investigators", "of", "on", "study", "team", "the", "trial", "trialists", "working"}
)
#: So many letters cannot be lost from a name that is still one.
MANY = 5
#: What stands for a letter that was lost on its way into a database.
LOST = re.compile("[?\ufffd]")
#: How the name of a group begins for which the authors speak; many lists leave it out.
SPOKEN_FOR = re.compile("(for|on behalf of) ", re.IGNORECASE)
PART = re.compile(r"[^\W\d_]+\.?")


def our_people(tex: str) -> list[Name]:
    """Return the people in *tex*, an author field; what is no name is taken as it comes."""
    people = []
    for part in split_name_list(tex):
        with pybtex.errors.capture():
            person = Person(part)
        family = plain(" ".join([*person.prelast_names, *person.last_names]))
        given = plain(" ".join([*person.first_names, *person.middle_names]))
        is_group = outside_groups(part.strip()) == "\0"
        people.append(Name(family, given, plain(" ".join(person.lineage_names)), is_group))
    return people


def their_people(names: Sequence[TheirName]) -> list[Name]:
    """Return *names* of a database as this bibliography writes them: without degrees and mojibake."""
    people = []
    for given_name in names:
        family, given = mended(given_name.family), mended(given_name.given)
        key = "name" if given_name.is_group else "family"
        try:
            person = house_name({key: family, "given": given, "suffix": given_name.suffix})
        except CitationError:  # a name without words
            continue
        words = [word for word in person.family.split() if word.lower() not in PARTICLES]
        several = given_name.is_group or len(words) > 1
        people.append(person._replace(is_group=person.is_group and several))
    return people


def compare_people(ours: list[Name], theirs: list[Name], *, complete: bool) -> Answer:
    """Return how *ours* compare with *theirs*, with the first place at which they differ."""
    relation, is_cut = Relation.SAME, OTHERS in ours
    if is_cut:  # nobody can confirm who is not named
        place = ours.index(OTHERS)
        relation = Relation.SHORTER
        ours, theirs, complete = ours[:place], theirs[:place], True
    theirs = [
        name._replace(is_group=name.is_group and not is_one_of(ours, name)) for name in theirs
    ]
    groups = compare_groups(
        *([n for n in names if n.is_group] for names in (ours, theirs)), is_cut=is_cut
    )
    if groups.relation is Relation.OTHER:
        return groups
    relation = relation if groups.relation is Relation.SAME else groups.relation
    us, them = ([n for n in names if not n.is_group] for names in (ours, theirs))
    for place in range(max(len(us), len(them))):
        if place >= len(them) and not complete:
            return Answer(Relation.LOOSE, counted(us, place), counted(them, place))
        one = same_person(us[place], them[place]) if place < min(len(us), len(them)) else None
        if one is None:
            return Answer(Relation.OTHER, counted(us, place), counted(them, place))
        relation = one if one is Relation.LOOSE else relation
    return Answer(relation, listed(ours), listed(theirs))


def compare_groups(ours: list[Name], theirs: list[Name], *, is_cut: bool) -> Answer:
    """Return how the groups *ours* compare with *theirs*: none may stand before another one.

    *is_cut*: ours are the first of them only.
    """
    relation, left, last = Relation.SAME, list(enumerate(ours)), 0
    for group in theirs:
        matches = [one for one in left if same_group(one[1], group)]
        if matches:
            match = next((one for one in matches if one[0] >= last), matches[0])
            if match[0] < last:
                return Answer(Relation.OTHER, listed(ours), listed(theirs))
            last = match[0]
            left.remove(match)
        elif SPOKEN_FOR.match(group.family) and not left:
            relation = Relation.SHORTER
        elif not is_cut:
            missing = listed([name for _, name in left])
            return Answer(Relation.OTHER, missing or "no group", written(group))
    if left:  # one database names it, another leaves it out
        relation = Relation.LOOSE
    return Answer(relation, listed(ours), listed(theirs))


def is_one_of(people: list[Name], name: Name) -> bool:
    """Return whether *name*, given as a whole, is the family name of one of *people*."""
    return any(not one.is_group and same_family(one.family, name.family) for one in people)


def counted(people: list[Name], place: int) -> str:
    """Return who stands at *place* among *people*, and how many there are."""
    if place >= len(people):
        return f"{len(people)} people"
    return f"{written(people[place])} as number {place + 1} of {len(people)}"


def listed(people: list[Name]) -> str:
    """Return *people* as one text."""
    return "; ".join(map(written, people))


def written(name: Name) -> str:
    """Return *name* as BibTeX has it, without TeX."""
    return ", ".join(filter(None, (name.family, name.generation, name.given)))


def same_group(one: Name, other: Name) -> bool:
    """Return whether two groups have a name in common, whatever each of them calls a group."""
    sets = []
    for name in (one, other):
        found = re.findall("[a-z0-9]+", spellings(name.family)[0])
        sets.append(set(found) - GROUP_WORDS or set(found))
    return sets[0] <= sets[1] or sets[1] <= sets[0]


def same_person(ours: Name, theirs: Name) -> Relation | None:
    """Return SAME, LOOSE when family and given names stand the other way round, or None."""
    generations = {name.generation.lower().rstrip(".") for name in (ours, theirs)} - {""}
    if len(generations) > 1 or written(ours) != mended(written(ours)):
        return None
    (our_particles, our_family), (their_particles, their_family) = map(
        without_particles, (ours, theirs)
    )
    given, their_given = ours.given, theirs.given
    if same_family(ours.family, theirs.family) and same_given(given, their_given):
        return Relation.SAME
    if not their_particles or letters(our_particles) & letters(their_particles):
        given, their_given = (without_particles(Name(text))[1] for text in (given, their_given))
        if same_family(our_family, their_family) and same_given(given, their_given):
            return Relation.SAME
    if aligned(f"{ours.given} {ours.family}", f"{theirs.given} {theirs.family}"):
        return Relation.SAME
    turned = (f"{ours.family} {ours.given}", f"{theirs.given} {theirs.family}")
    back = (f"{ours.given} {ours.family}", f"{theirs.family} {theirs.given}")
    return Relation.LOOSE if aligned(*turned) or aligned(*back) else None


def without_particles(name: Name) -> tuple[str, str]:
    """Return the particles in *name*, wherever they stand, and its family name without them."""
    both = f"{name.given} {name.family}".split()
    found = [word for word in both if word.lower() in PARTICLES]
    return " ".join(found), " ".join(w for w in name.family.split() if w.lower() not in PARTICLES)


def same_family(ours: str, theirs: str) -> bool:
    """Return whether two family names are one; a letter that *theirs* lost can be any."""
    if agree(ours, theirs, letters):
        return True
    kept = LOST.split(theirs)
    pattern = ".{1,2}".join(min(letters(part)) for part in kept)
    return 1 < len(kept) < MANY and any(
        re.fullmatch(pattern, spelling) for spelling in letters(ours)
    )


def same_given(ours: str, theirs: str) -> bool:
    """Return whether two given names can be of one person: initials stand for names, some may be missing."""
    if not ours or not theirs or agree(ours, theirs, letters):
        return True
    short, long = sorted((parts(ours), parts(theirs)), key=len)
    rest = iter(long)
    return all(any(same_part(part, other) for other in rest) for part in short)


def parts(given: str) -> list[str]:
    """Return the parts of *given*, initials one by one: "Yung-yu", "YY" and "Y.-Y." have two."""
    return [
        part
        for word in PART.findall(given)
        for part in (word if word.isupper() and len(word) <= 4 else [word])  # noqa: PLR2004
        if part != "."
    ]


def same_part(one: str, other: str) -> bool:
    """Return whether two parts of a given name are one, or one of them short for the other."""
    for short, long in ((one, other), (other, one)):
        if len(short) == 1 or short.endswith("."):
            begins = letters(short)
            if any(name.startswith(begin) for name in letters(long) for begin in begins):
                return True
    return bool(letters(one) & letters(other))


def aligned(one: str, other: str) -> bool:
    """Return whether two names are the same words in the same order, the last of them written out."""
    ours, theirs = parts(one), parts(other)
    whole = bool(
        ours and theirs and len(theirs[-1]) > 1 and letters(ours[-1]) & letters(theirs[-1])
    )
    return whole and len(ours) == len(theirs) and all(map(same_part, ours, theirs))
