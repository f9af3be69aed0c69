"""The figures of a record, each looked for in the abstract of its paper.

Nothing here says that an abstract supports a record: only whether the same figures stand in it.
Where the unit of one of two figures is not sure, they are the same when value and sign are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import NamedTuple

from common.findings import Finding
from studies.record import Record
from studies.vocabulary import Vocabulary, keyed
from verify.numerals import Numeral, numerals_in

#: The options whose figures are looked for, beside the prose below the first term.
COMPARED = ("people", "left-early", "dose", "duration", "harms")
#: Options that hold keys, days, or what the check compares with the others.
ASIDE = frozenset(
    {"overlaps", "figures", "status-date", "status-source", "acknowledged", "added", "reviewed"}
)
#: Roles, and the targets of links.
AIMS = re.compile(r"\{[\w:]++\}`[^`]*+`|\]\([^()\s]*+\)")

#: So many numbers of an abstract may stand between an estimate and its interval, or share a unit.
NEAR = 4
#: What is written with its unit at the number or near it: "at 2, 4 and 8 weeks". A dose is not:
#: "0.59 (SD 0.33) mg", "2/2".
WITH_UNIT = frozenset({"time", "long time"})


class Figure(NamedTuple):
    """A numeral of a record."""

    numeral: Numeral
    field: str  #: The option, or the term above the prose.
    line: int  #: In the page, from 1.

    @property
    def is_counted(self) -> bool:
        """Return whether it can be looked for: no name, and no "one" that counts nothing."""
        numeral = self.numeral
        return bool(numeral.value) and not (
            numeral.is_word and not numeral.unit and numeral.value == "1"
        )


class Missing(NamedTuple):
    """What is not in an abstract: a figure, or figures that are there, and not together."""

    written: str
    line: int  #: In the page, from 1.
    figures: int = 1  #: How many figures it is.


@dataclass(frozen=True)
class FigureReport:
    """Which figures of a record occur in the abstract of its paper."""

    key: str
    source: str  #: Who has the abstract.
    is_given: bool  #: Whether there is one; without it nothing was looked for.
    count: int  #: How many figures are looked for.
    missing: tuple[Missing, ...]
    #: The figures that the record has from elsewhere, as written, with the keys of their sources.
    exempt: tuple[tuple[str, tuple[str, ...]], ...]
    #: All numerals of the record, as `canonical_figures` has them.
    canonical: tuple[str, ...]

    @property
    def found(self) -> int:
        """Return how many figures occur in the abstract."""
        return self.count - sum(one.figures for one in self.missing) if self.is_given else 0

    def words(self) -> str:
        """Return the result in words, which say no more than where figures stand."""
        if not self.is_given:
            return "no abstract is given"
        if not self.count:
            return "the record has no figure to look for in the abstract"
        if self.count == 1:
            return (
                f"the one figure {'does not occur' if self.missing else 'occurs'} in the abstract"
            )
        some = f"{self.found} of" if self.missing else "all"
        return f"{some} {self.count} figures occur in the abstract"

    def findings(self, file: str) -> Iterator[Finding]:
        """Yield one for each that is missing from the abstract; the record stands in *file*."""
        for written, line, _ in self.missing:
            digits = "" if re.search("[0-9]", written) else "write it in digits and "
            message = (
                f"{written} is not in the abstract ({self.source}); "
                f"compare it with the paper, or {digits}name its source in figures"
            )
            yield Finding(file, line, self.key, "figures", message)


def compare_figures(
    record: Record, abstract: str, vocabulary: Vocabulary, source: str = "PubMed"
) -> FigureReport:
    """Return which figures of *record* occur in *abstract*, which *source* gives; raise nothing."""
    figures = figures_of(record, vocabulary)
    sources = sources_of(record, figures)
    own = without(figures, sources)
    is_given = bool(abstract.strip())
    return FigureReport(
        record.key,
        source,
        is_given,
        len(own),
        tuple(not_seen(own, Seen(numerals_in(abstract)))) if is_given else (),
        tuple({as_written(one.numeral): keys for one, keys in sources.items()}.items()),
        canonical_figures(record, vocabulary),
    )


def figures_of(record: Record, vocabulary: Vocabulary) -> list[Figure]:
    """Return the figures of *record* that are looked for in an abstract, or that it has from elsewhere."""
    fields = {*COMPARED, vocabulary.terms[0]}
    found = (one for one in all_numerals(record, vocabulary) if one.field in fields)
    return [figure for figure in found if figure.is_counted]


def canonical_figures(record: Record, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return all numerals of *record*, one text for each field that has some.

    They are other when a digit, a sign or a sure unit is other, also of what is never looked for.
    """
    fields: dict[str, list[str]] = {}
    for numeral, field, _ in all_numerals(record, vocabulary):
        fields.setdefault(field, []).append(numeral.canonical)
    return tuple(f"{field}: {', '.join(numerals)}" for field, numerals in fields.items())


def all_numerals(record: Record, vocabulary: Vocabulary) -> Iterator[Figure]:
    """Yield the numerals of *record*: of its options, then of its prose."""
    for name in vocabulary.options:
        line = record.lines.get(name, record.line)
        if name == "people":
            for group in record[name].split(";"):
                # A group begins with its number.
                for place, numeral in enumerate(numerals_in(group)):
                    unit = numeral.unit if place or not numeral.value else "people"
                    yield Figure(numeral._replace(unit=unit), name, line)
        elif name not in ASIDE:
            yield from (Figure(numeral, name, line) for numeral in numerals_in(record[name]))
    term = ""
    for line, (text, below) in enumerate(pairwise([*record.body, ""]), record.body_line):
        term = text.strip() if below.startswith(":") else term
        yield from (Figure(numeral, term, line) for numeral in numerals_in(AIMS.sub(" ", text)))


def sources_of(record: Record, figures: Sequence[Figure]) -> dict[Figure, tuple[str, ...]]:
    """Return those of *figures* that *record* has from elsewhere, with the keys of their sources.

    A number that is declared without a unit counts people, or has none, where it can.
    """
    sources: dict[Figure, tuple[str, ...]] = {}
    for declared, keys in keyed(record["figures"]):
        for wanted in numerals_in(declared):
            named = [one for one in figures if one.numeral[:2] == wanted[:2]]
            if wanted.unit:
                meant = [one for one in named if one.numeral.unit == wanted.unit]
            else:
                meant = [one for one in named if one.numeral.unit in {"", "people"}] or named
            sources |= dict.fromkeys(meant, tuple(keys))
    return sources


def without(figures: Sequence[Figure], sources: Container[Figure]) -> list[Figure]:
    """Return *figures* but those in *sources*; half an interval is none."""
    return [
        one._replace(numeral=one.numeral._replace(begins=False)) if below in sources else one
        for one, below in zip_longest(figures, figures[1:])
        if one not in sources
    ]


def as_written(numeral: Numeral) -> str:
    """Return *numeral* with the minus of a printed page."""
    return numeral.written.replace("-", "\u2212") if not numeral.is_word else numeral.written


def signs(numeral: Numeral) -> tuple[str, ...]:
    """Return the signs with which *numeral* may be written elsewhere."""
    sign = numeral.sign.replace("+", "")
    return ("", "-") if numeral.falls and not sign else (sign,)


class Seen:
    """The figures of an abstract."""

    def __init__(self, numerals: Sequence[Numeral]) -> None:
        numbers = [numeral for numeral in numerals if numeral.value]
        signed = [(sign, number) for number in numbers for sign in signs(number)]
        self.sizes = {(sign, *number.size) for sign, number in signed}
        self.values = {(sign, number.value) for sign, number in signed}
        self.unsure = {(sign, number.value) for sign, number in signed if not number.unit}
        #: Of these, what stands near a number with the same measure.
        self.near = {
            (number.size[0], sign, other.value)
            for place, number in enumerate(numbers)
            if number.unit
            for other in numbers[max(0, place - NEAR) : place + NEAR]
            if not other.unit
            for sign in signs(other)
        }
        #: What stands before each interval, by its two ends.
        self.intervals: dict[tuple[str, ...], set[tuple[str, str]]] = {}
        for place, (one, two) in enumerate(pairwise(numbers)):
            before = numbers[max(0, place - NEAR) : place]
            self.intervals.setdefault((*one[:2], *two[:2]), set()).update(
                (number.value, sign) for number in before for sign in signs(number)
            )

    def has(self, number: Numeral) -> bool:
        """Return whether *number* is among them."""
        return any(
            (sign, *number.size) in self.sizes or self.has_unsure(sign, number)
            for sign in signs(number)
        )

    def has_unsure(self, sign: str, number: Numeral) -> bool:
        """Return whether *number* with *sign* is there, as far as units can tell."""
        measure = number.size[0]
        if measure in WITH_UNIT:
            return (measure, sign, number.value) in self.near
        return (sign, number.value) in (self.unsure if measure else self.values)

    def has_interval(self, one: Numeral, two: Numeral, of: Numeral | None) -> bool:
        """Return whether *two* stands there right behind *one*, and soon behind *of*."""
        before = self.intervals.get((*one[:2], *two[:2]))
        if before is None or of is None:
            return before is not None
        return any((of.value, sign) in before for sign in signs(of))


def not_seen(figures: Sequence[Figure], seen: Seen) -> Iterator[Missing]:
    """Yield those of *figures* that were not *seen*, what is written twice on a line once."""
    missing = Counter(
        (as_written(numeral), line) for numeral, _, line in figures if not seen.has(numeral)
    )
    yield from (Missing(written, line, number) for (written, line), number in missing.items())
    for place, (low, high) in enumerate(pairwise(figures)):
        ends = low.numeral, high.numeral
        if low.numeral.begins and all(map(seen.has, ends)):
            of = estimate(figures[:place], low.line)
            written = f"{as_written(ends[0])} to {as_written(ends[1])}"
            if not seen.has_interval(*ends, None):
                yield Missing(written, low.line, 2)
            elif of and seen.has(of) and not seen.has_interval(*ends, of):
                yield Missing(f"{as_written(of)} with {written}", low.line)


def estimate(figures: Sequence[Figure], line: int) -> Numeral | None:
    """Return the number that an interval behind *figures* on *line* belongs to, when that is sure."""
    own = [one.numeral for one in figures[-2:] if one.line == line and one.numeral.unit != "%"]
    is_sure = own and not own[-1].unit and (own[-1].sign or "." in own[-1].value)
    return own[-1] if is_sure and not own[-1].begins else None
