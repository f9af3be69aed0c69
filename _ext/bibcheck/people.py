"""Rules for authors and editors: names that pybtex would take for nobody, for others or for several."""

import re
from collections.abc import Iterator
from itertools import pairwise

from pybtex.bibtex.utils import split_name_list, split_tex_string

from bibtex.entry import PEOPLE, SourceEntry
from common.findings import Finding

GENERATION = re.compile(r"([js]r|ii|iii|iv|2nd|3rd|4th)\.?", re.IGNORECASE)
#: Degrees; the short ones could be initials elsewhere than behind a given name.
DEGREES = frozenset(
    {"bsc", "dnp", "dphil", "dsc", "edd", "facp", "frcp", "frcpc", "frcpsych", "lcsw", "mbbs"}
    | {"mbchb", "mph", "mphil", "mrcp", "mrcpsych", "msc", "msw", "pharmd", "phd", "psyd"}
)
SHORT_DEGREES = frozenset({"DO", "MBA", "MD", "RN"})
TITLE = re.compile(r"(Dr|Prof)\b\.?\s", re.IGNORECASE)
ORGANISATION = re.compile(
    r"\b(agency|association|cent(er|re)s? for|college of|commission|committee|consortium|council"
    r"|department|foundation|institut(e|es)|investigators|ministry|organi[sz]ation|society"
    r"|study group|task force|trialists|university|working group)\b",
    re.IGNORECASE,
)
PARTICLES = frozenset({"da", "de", "den", "der", "di", "du", "el", "la", "le", "van", "von"})
HANGING = re.compile(r"^(and)\s|\s(and)$|\sand\s+(and)\s")
MARK = re.compile(r"(?<=[a-z])\d{1,2}\b|[*†‡§@]")


def people(entry: SourceEntry) -> Iterator[Finding]:
    """Yield authors and editors who are not one person each, and names that are not only a name."""
    for role in PEOPLE:
        if not (value := entry.value(role)):
            continue
        if HANGING.search(outside_groups(value)):
            message = f"an 'and' too many in {role}; one stands between two people"
            yield entry.finding("author-separator", message, role)
            continue
        names = split_name_list(value)
        for name in names:
            if fault := fault_of(name) or mixed_up(name, names):
                kind, message = fault
                yield entry.finding(kind, f"{name!r}{message}", role)


#: What is said of several people in one name.
SEVERAL = ("author-separator", " is more than one person; write 'and' between them")


def fault_of(name: str) -> tuple[str, str] | None:
    """Return the kind of what is wrong with *name*, and the words behind it; None when it is right."""
    bare = outside_groups(name)
    parts = [part.strip() for part in split_tex_string(name, ",")]
    fault: tuple[str, str] | None = None
    if re.search(r"\bet\s+al\b", name, re.IGNORECASE):
        fault = "et-al", " would be a person; write 'and others' in its place"
    elif re.search(r";|\s&\s|\\&", bare):
        fault = "author-separator", ": write 'and' between people, braces around an organisation"
    elif re.search(r"\b(given|family)\s*=", name):
        fault = "author-form", " is a name of BibLaTeX; write 'Family, Given'"
    elif ORGANISATION.search(bare) and (len(parts) == 1 or " " in parts[0]):
        fault = "author-form", " would be a person; put braces around an organisation"
    elif extra := degree_in(parts) or mark_in(bare):
        fault = "author-form", f": {extra} is not part of a name; delete it"
    elif not all(parts):
        fault = "author-separator", " has a comma too many; delete it"
    else:
        fault = fault_of_form(parts)
    return fault


def fault_of_form(parts: list[str]) -> tuple[str, str] | None:
    """Return what is wrong with a name of these *parts*, with commas between them.

    It ends in initials, has its generation in a wrong place, or is several people.
    """
    before, _, end = parts[0].rpartition(" ")
    match parts:
        case [name] if ends_in_initials(name):
            right = f"{before}, {'. '.join(end.replace('.', ''))}."
        case [_] if before and is_generation(end):
            first, _, family = before.rpartition(" ")
            right = f"{family}, {end}, {first}" if first else f"{family}, {end}"
        case [_, generation] if before and is_generation(generation):
            right = f"{end}, {generation}, {before}"
        case [name, given] if ends_in_initials(name) and is_initials(given.rpartition(" ")[2]):
            return SEVERAL
        case [_] | [_, _]:
            return None
        case [_, generation, _] if is_generation(generation):
            return None
        case [family, given, generation] if is_generation(generation):
            right = f"{family}, {generation}, {given}"
        case [family, first, second] if is_initials(first) and is_initials(second):
            right = f"{family}, {first} {second}"
        case _:
            return SEVERAL
    return "author-form", f": write '{right}', or braces around what is no such name"


def mixed_up(name: str, names: list[str]) -> tuple[str, str] | None:
    """Return whether *name* is two people, "Ann Poe, Jane Doe", where no other of *names* has a comma."""
    others = any("," in other for other in names if other is not name)
    word = r"[^\W\d_a-z][^\W\d_]+"
    particle = name.partition(" ")[0].lower() in PARTICLES
    if not (others or particle) and re.fullmatch(rf"{word} {word}, {word} {word}", name):
        return "author-separator", (
            " looks like two people; write 'and' between them, or braces around a family name of two words"
        )
    return None


def degree_in(parts: list[str]) -> str:
    """Return the degree or the title in a name of these *parts*, or nothing."""
    words = [word for part in parts for word in part.split()]
    if (title := TITLE.match(parts[0])) and len(words) > 1:
        return title[0].strip()
    for before, word in pairwise(words):
        plain = word.replace(".", "")
        behind_given = word not in parts and len(parts) > 1 and re.search("[a-z]{2}", before)
        if plain in SHORT_DEGREES and (behind_given or word in parts[2:]):
            return word
        if plain.lower() in DEGREES and not plain.istitle():
            return word
    return ""


def mark_in(name: str) -> str:
    """Return a digit or a sign in *name* that refers to a footnote, or nothing."""
    found = MARK.search(re.sub(r"\b[234](nd|rd|th)\b", "", name))
    return found[0] if found else ""


def outside_groups(value: str) -> str:
    """Return *value* with a mark in place of each group in braces."""
    while (shorter := re.sub(r"\{[^{}]*\}", "\0", value)) != value:
        value = shorter
    return value


def is_generation(word: str) -> bool:
    """Return whether *word* is Jr., III or the like."""
    return GENERATION.fullmatch(word) is not None


def ends_in_initials(name: str) -> bool:
    """Return whether *name* is a family name and initials, "Doe J", and none with a particle, "van der A"."""
    family, _, end = name.rpartition(" ")
    word = family.rpartition(" ")[2]
    return is_initials(end) and word[:1].isupper() and word.lower() not in PARTICLES


def is_initials(word: str) -> bool:
    """Return whether *word* is one to three initials, as Y, YK or Y.-K.; JR can be both."""
    letters = re.sub(r"[.\s-]", "", word)
    if not re.fullmatch(r"[^\W\d_]{1,3}", letters) or not letters.isupper():
        return False
    return not is_generation(word) or letters in {"JR", "SR"}
