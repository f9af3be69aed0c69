"""Comparison of an entry with what databases say of its paper, field by field.

Of databases that disagree with each other the entry may follow any: which of them is right cannot
be seen from here. An identifier is another matter, since it is what leads a reader to the paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bibtex.entry import unverified
from bibtex.tex import plain
from common.text import IDENTIFIERS
from paper import Paper, clean
from paper_entry import fields_of
from paper_kind import settle_year
from verify import same
from verify.people import OTHERS, compare_people, our_people, same_person, their_people
from verify.same import Answer, Relation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bibtex.entry import SourceEntry
    from verify.work import Work

    #: How the text of a field compares with what a database has there, None when it has nothing.
    Rule = Callable[[str, Work], Answer | None]

#: What may stand around an identifier: an address, or PMC.
AROUND = re.compile(r"^(https?://\S*?doi\.org/|doi:\s*|pmc(?=\d))")
#: From this likeness of titles on, from 0 to 100, a record can be that of the paper.
LIKE = 75
#: From this one on a paper that was searched for can be the one that was meant.
VERY_LIKE = 90


class Difference(NamedTuple):
    """A field in which an entry and databases disagree."""

    field: str
    ours: str  #: As plain text.
    theirs: str  #: As plain text; what several say is parted by "or", in the order of the sources.
    source: str  #: The databases that say so, with commas between them.
    line: int  #: The line of the field in the file, from 1.

    def __str__(self) -> str:
        return f"{self.field}: ours {self.ours}, theirs {self.theirs} ({self.source})"


class Offer(NamedTuple):
    """What an entry lacks or declares unverified, as it would be written in the file."""

    field: str
    value: str  #: As it stands there already where it is confirmed.
    source: (
        str  #: The databases that have this very value, or confirm it, with commas between them.
    )


@dataclass
class Comparison:
    """What came of a comparison."""

    differences: list[Difference] = field(default_factory=list)
    #: Two of one field are of sources that disagree.
    offers: list[Offer] = field(default_factory=list)
    #: Where the entry has what one database says, and another one says otherwise.
    disputes: list[Difference] = field(default_factory=list)
    #: The databases that confirm a field, with commas between them, by its name.
    agreed: dict[str, str] = field(default_factory=dict)


def titles(work: Work) -> list[str]:
    """Return all titles of *work* that there are."""
    return [text for text in (work.title, *work.other_titles) if text.strip()]


def issue_of(work: Work) -> tuple[str, str]:
    """Return volume and issue of *work*; PubMed writes a supplement behind the volume."""
    found = re.fullmatch(r"(\S+)\s+(suppl.*)", work.volume, re.IGNORECASE)
    return (found[1], found[2]) if found and not work.issue else (work.volume, work.issue)


def title(tex: str, work: Work) -> Answer | None:
    """Return how the title *tex* compares with that of *work*, None when it has none."""
    return same.title(tex, titles(work)) if titles(work) else None


def author(tex: str, work: Work) -> Answer | None:
    """Return how the people in *tex* compare with the authors of *work*."""
    theirs = their_people(work.authors)
    return compare_people(our_people(tex), theirs, complete=work.complete) if theirs else None


def journal(tex: str, work: Work) -> Answer | None:
    """Return how the journal *tex* compares with that of *work*."""
    return same.journal(tex, list(work.journals)) if any(work.journals) else None


def year(tex: str, work: Work) -> Answer | None:
    """Return how the year *tex* compares with those of *work*: any of them will do."""
    if not work.years:
        return None
    theirs = ", ".join(f"{number} {kind}" for kind, number in work.years.items())
    is_one = tex in map(str, work.years.values())
    return Answer(Relation.SAME if is_one else Relation.OTHER, tex, theirs)


def volume(tex: str, work: Work) -> Answer | None:
    """Return how the volume *tex* compares with that of *work*; one with a supplement is two fields."""
    theirs = issue_of(work)[0]
    if theirs and (found := re.fullmatch(r"(\S+)\s+(suppl.*)", tex, re.IGNORECASE)):
        tex = found[1]
    return same.number(tex, theirs) if theirs else None


def number(tex: str, work: Work) -> Answer | None:
    """Return how the issue *tex* compares with that of *work*."""
    theirs = issue_of(work)[1]
    return same.number(tex, theirs) if theirs else None


def pages(tex: str, work: Work) -> Answer | None:
    """Return how the pages *tex* compare with those of *work*."""
    return same.pages(tex, [work.pages, work.article_number])


def identifier(name: str) -> Rule:
    """Return the rule for the identifier *name*: letter case and what stands around it do not count."""

    def rule(tex: str, work: Work) -> Answer | None:
        theirs: str = getattr(work, name)
        ours, other = (AROUND.sub("", text.strip().lower()) for text in (tex, theirs))
        return (
            Answer(Relation.SAME if ours == other else Relation.OTHER, tex, theirs)
            if other
            else None
        )

    return rule


RULES: dict[str, Rule] = {
    "author": author,
    "title": title,
    "journal": journal,
    "year": year,
    "volume": volume,
    "number": number,
    "pages": pages,
    "doi": identifier("doi"),
    "pmid": identifier("pmid"),
    "pmcid": identifier("pmcid"),
}


def compare(
    entry: SourceEntry, works: Sequence[Work], known: Iterable[SourceEntry] = ()
) -> Comparison:
    """Return how *entry* compares with *works*, what databases have under its identifiers.

    An offered journal is written as in *known*, the entries of the file.
    """
    result = Comparison()
    mine = [work for work in works if is_of(entry, work)]
    for name in IDENTIFIERS:
        others = [work for work in works if work not in mine and led_by(entry, work) == name]
        if others:
            theirs = dict.fromkeys(f"another paper, {described(work)}" for work in others)
            result.differences.append(difference(entry, name, entry.value(name), theirs, others))
    for name, rule in RULES.items():
        if value := value_of(entry, name):
            answers = [(work, answer) for work in mine if (answer := rule(value, work))]
            judge(result, entry, name, answers)
    result.differences.sort(key=lambda found: found.line)
    result.offers = list(offered(result, entry, mine, list(known)))
    return result


def value_of(entry: SourceEntry, name: str) -> str:
    """Return the field *name* of *entry* or, of a part of a book, of its whole."""
    names = ("journal", "booktitle") if name == "journal" else (name,)
    values = (entry.value(each) or entry.inherited.get(each, "") for each in names)
    return next(filter(None, values), "")


def judge(
    result: Comparison, entry: SourceEntry, name: str, answers: list[tuple[Work, Answer]]
) -> None:
    """Add to *result* what *answers* of databases say of the field *name* of *entry*."""
    relations = [answer.relation for _, answer in answers]
    wrong = [pair for pair in answers if pair[1].relation in {Relation.OTHER, Relation.LOOSE}]
    others = [pair for pair in wrong if pair[1].relation is Relation.OTHER]
    confirmed = [work.source for work, answer in answers if answer.relation is Relation.SAME]
    alone = relations == [Relation.LOOSE]
    fine = alone or bool({Relation.SAME, Relation.SHORTER}.intersection(relations))
    if confirmed and not (others and name in IDENTIFIERS):
        result.agreed[name] = ", ".join(confirmed)
    found = others if fine else wrong
    if found and not alone:
        theirs = dict.fromkeys(answer.theirs for _, answer in found)
        ours = found[0][1].ours
        said = difference(entry, name, ours, theirs, [work for work, _ in found])
        if not fine or name in IDENTIFIERS:
            result.differences.append(said)
        elif name != "year":  # one that is printed in December and dated January has two
            result.disputes.append(said)


def difference(
    entry: SourceEntry, name: str, ours: str, theirs: Iterable[str], works: Iterable[Work]
) -> Difference:
    """Return a difference in the field *name* of *entry*."""
    place = "booktitle" if name == "journal" and "journal" not in entry.lines else name
    sources = ", ".join(dict.fromkeys(work.source for work in works))
    return Difference(name, ours, " or ".join(theirs), sources, entry.line_of(place))


def is_of(entry: SourceEntry, work: Work) -> bool:
    """Return whether *work* can be the paper of *entry*: by its title, else by two of three other signs."""
    tex = value_of(entry, "title")
    if not tex or not titles(work) or same.likeness(tex, titles(work)) >= LIKE:
        return True
    if (answer := title(tex, work)) and answer.relation is not Relation.OTHER:
        return True
    return (
        same_first(entry, work) + sum(agrees(entry, work, name) for name in ("volume", "pages")) > 1
    )


def agrees(entry: SourceEntry, work: Work, name: str) -> bool:
    """Return whether *entry* and *work* have the same in the field *name*, and have it."""
    answer = RULES[name](value, work) if (value := value_of(entry, name)) else None
    return answer is not None and answer.relation is not Relation.OTHER


def same_first(entry: SourceEntry, work: Work) -> bool:
    """Return whether *entry* and *work* have the same first author."""
    ours, theirs = our_people(value_of(entry, "author")), their_people(work.authors)
    return bool(ours and theirs and same_person(ours[0], theirs[0]))


def led_by(entry: SourceEntry, work: Work) -> str:
    """Return which identifier of *entry* led to *work*."""
    return next((name for name in IDENTIFIERS if agrees(entry, work, name)), "doi")


def described(work: Work) -> str:
    """Return *work* in a few words."""
    names = [name.family for name in work.authors[:1]]
    years = [str(number) for number in list(work.years.values())[:1]]
    return ", ".join([f"“{work.title}”", *names, *years])


def offered(
    result: Comparison, entry: SourceEntry, works: list[Work], known: list[SourceEntry]
) -> Iterable[Offer]:
    """Yield what *works* have of the fields that *entry* lacks or declares unverified.

    What one of them confirms and none contradicts is offered as the entry has it: it no longer needs
    to be declared. What is confirmed and contradicted stays as it is.
    """
    declared = unverified(entry).keys() & entry.lines.keys()
    contested = {found.field for found in result.differences}
    given = [(work, fields_of(paper_of(work), known)) for work in works]
    for name, rule in RULES.items():
        ours = value_of(entry, name)
        if (ours and name not in declared) or (name == "author" and "editor" in entry.lines):
            continue
        found = [(work.source, rule(ours, work)) for work in works] if ours else []
        relations = {source: answer.relation for source, answer in found if answer}
        if Relation.SAME in relations.values():
            if name not in contested and Relation.OTHER not in relations.values():
                same_as = [one for one, relation in relations.items() if relation is Relation.SAME]
                yield Offer(name, ours, ", ".join(same_as))
            continue
        values = [
            (value, work)
            for work, fields in given
            if (value := fields.get(name, ""))
            and not is_unlike(rule(value, work))
            and (not ours or is_better(name, ours, work))
        ]
        for alike in parted(rule, values):
            best = fullest(rule, alike)
            sources = [work.source for value, work in alike if value == best]
            yield Offer(name, best, ", ".join(sources))


def is_better(name: str, ours: str, work: Work) -> bool:
    """Return whether what *work* has in the field *name* says more than *ours*, or something else.

    Authors are better when they are more, all of them, and begin with ours: who replaces a name by
    another one has to say so.
    """
    if name == "author":
        named = [person for person in our_people(ours) if person != OTHERS]
        theirs = their_people(work.authors)
        begin = compare_people(named, theirs[: len(named)], complete=True)
        longer = work.complete and len(theirs) > len(named)
        return longer and begin.relation is Relation.SAME
    answer = RULES[name](ours, work)
    return answer is not None and answer.relation in {Relation.SHORTER, Relation.OTHER}


def is_unlike(answer: Answer | None) -> bool:
    """Return whether *answer* says of a value that a database has another one, or none."""
    return answer is None or answer.relation is Relation.OTHER


def parted(rule: Rule, values: list[tuple[str, Work]]) -> list[list[tuple[str, Work]]]:
    """Return *values* in groups of those that say the same, or one less than another and nothing else."""
    groups: list[list[tuple[str, Work]]] = []
    for value, work in values:
        for group in groups:
            if all(are_alike(rule, (value, work), other) for other in group):
                group.append((value, work))
                break
        else:
            groups.append([(value, work)])
    return groups


def are_alike(rule: Rule, one: tuple[str, Work], other: tuple[str, Work]) -> bool:
    """Return whether two values of databases can stand for each other by *rule*."""
    answers = rule(one[0], other[1]), rule(other[0], one[1])
    turned = all(answer and answer.relation is Relation.LOOSE for answer in answers)
    return one[0] == other[0] or not (turned or any(map(is_unlike, answers)))


def fullest(rule: Rule, values: list[tuple[str, Work]]) -> str:
    """Return the one of *values* that says most, of those that say as much the longest."""

    def size(pair: tuple[str, Work]) -> tuple[int, int]:
        answers = (rule(value, pair[1]) for value, _ in values if value != pair[0])
        less = [answer for answer in answers if answer and answer.relation is Relation.SHORTER]
        return len(less), len(pair[0])

    return max(values, key=size)[0]


def paper_of(work: Work) -> Paper:
    """Return *work* as a paper that is to be added to this bibliography."""
    paper = Paper()
    volume, issue = issue_of(work)
    given = {
        "title": re.sub(r"^\[(.*)\]\.?$", r"\1", work.title),
        "journal": next(iter(work.journals), ""),
        "volume": volume,
        "number": issue,
        "pages": work.pages or work.article_number,
        "doi": work.doi,
        "pmid": work.pmid,
        "pmcid": work.pmcid,
    }
    paper.fields = {name: clean(same.mended(text)) for name, text in given.items()}
    online = str(work.years.get("online", ""))
    settle_year(paper, str(work.years.get("print") or work.years.get("issued") or ""), online)
    paper.authors = [*their_people(work.authors), *([] if work.complete else [OTHERS])]
    return paper


def agrees_by_title(entry: SourceEntry, work: Work) -> bool:
    """Return whether *work*, found by the title of *entry*, is worth being offered; it proves nothing.

    The numbers in both titles are the same, and so is the first author, or the year but for one. Of
    a title of three words or fewer both are asked.
    """
    tex = value_of(entry, "title")
    if not tex or not titles(work):
        return False
    near = title(tex, work)
    alike = [
        text
        for text in titles(work)
        if same.likeness(tex, [text]) >= VERY_LIKE and same.numbers(tex) == same.numbers(text)
    ]
    if not alike and (near is None or near.relation is Relation.OTHER):
        return False
    ours = value_of(entry, "year")
    close = ours.isdigit() and any(abs(int(ours) - number) <= 1 for number in work.years.values())
    signs = close + same_first(entry, work)
    return signs > (1 if len(plain(tex).split()) <= 3 else 0)  # noqa: PLR2004
