"""The figures of records are looked for in abstracts, however these write them; a changed one is told."""

from __future__ import annotations

import random
import re
import sys
import time
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from check import check_folder
from conftest import ROOT
from samples import LINE, VOCABULARY, fuzz
from studies.record import Record, parse_record
from studies.vocabulary import plain_figures
from verify import figures
from verify.figures import (
    AIMS,
    ASIDE,
    COMPARED,
    Figure,
    canonical_figures,
    compare_figures,
    figures_of,
)
from verify.numerals import SMALL, TENS, Numeral, numerals_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOUND = VOCABULARY.terms[0]


def canonical(text: str) -> list[str]:
    return [numeral.canonical for numeral in numerals_in(text)]


@cache
def site_records() -> tuple[Record, ...]:
    return tuple(found.record for found in check_folder(ROOT).records)


def record(found: str = "", **options: str) -> Record:
    """Return a record with *found* as what was found, on line 10 and below."""
    lines = [f":{name.replace('_', '-')}: {value}" for name, value in options.items()]
    lines += ["", FOUND, f": {found}", "", VOCABULARY.limit, ": Much."]
    return parse_record("key", 10, lines, VOCABULARY)


def missing(abstract: str, found: str = "", **options: str) -> list[str]:
    """Return what of a record is not in *abstract*."""
    report = compare_figures(record(found, **options), abstract, VOCABULARY)
    return [one.written for one in report.missing]


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("1,343; 1\u2009343; 1\u202f343; 1\u00a0343", ["1343"] * 4),
        ("0\u00b744, .44, 0.44, 0\u22c5440", ["0.44"] * 4),
        ("27, 27.0", ["27", "27"]),
        (
            "\u22124.3, \u20104.3, \uff0d4.3, \u20134.3, -4.3, \u2212 4.3, \u2212.43",
            ["-4.3"] * 6 + ["-0.43"],
        ),
        ("+0.7", ["+0.7"]),
        ("14.6%, 14.6 %, 14.6\u00a0%, 14.6 per cent, 14.6 percent, 14.6\uff05", ["14.6 %"] * 6),
        ("5%\u201310%, 5 to 10%, 5-10 per cent", ["5 %", "10 %"] * 3),
        ("50-200 mg, 50 to 200 mg/day, 50\u2013200\u00a0mg, 50 or 200 mg", ["50 mg", "200 mg"] * 4),
        ("0.2mg-1.6mg, 0.2 mg\u20131.6 mg", ["0.2 mg", "1.6 mg"] * 2),
        ("400 mcg, 400 \u00b5g, 400 \u03bcg", ["400 µg"] * 3),
        ("4-week, 4 weeks, four weeks, a four\u2010week trial, week 4, 4wk", ["4 weeks"] * 6),
        ("4 to 6 weeks, 4-6 weeks, four-to-six-week", ["4 weeks", "6 weeks"] * 3),
        ("at 24h, 24-hour, 24 hrs", ["24 hours"] * 3),
        ("18 women, eighteen women, 18 unmedicated adult women, n=18, N = 18", ["18 people"] * 5),
        ("twenty-one men, one hundred and twenty men", ["21 people", "120 people"]),
        ("One thousand three hundred forty-three adults", ["1343 people"]),
        ("26 of 88, 26/88, 26 out of 88", ["26 people", "88 people"] * 3),
        ("a 26-year-old woman", ["26 years"]),
        ("p = 0.048, P=.048, p<0\u00b7048", ["0.048 p"] * 3),
        ("27.0 (SD 7.3), 27.0\u00b17.3, 27.0 +/- 7.3", ["27", "7.3"] * 3),
        ("one-third, two thirds, the twenty-first, half, no-one", []),
        ("in 1.2.3 or 4", ["1.2.3", "4"]),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(written: str, same: list[str]) -> None:
    assert canonical(written) == same


@pytest.mark.parametrize(
    "interval",
    [
        "(95% CI, -5.6 to 0.1)",
        "95% CI \u22125.6, 0.1",
        "95%CI=\u20135.6\u20130.1",
        "[\u22125.6; 0.1]",
        "(\u22125\u00b76 to 0\u00b71)",
        "95% confidence interval: -5.6-.1",
    ],
)
def test_an_interval_is_the_same_however_it_is_written(interval: str) -> None:
    assert missing(f"The difference was {interval} there.", "It was (\u22125.6 to 0.1).") == []


@pytest.mark.parametrize(
    "name",
    [
        "5-HT2A",
        "COVID-19",
        "ALKS 5461",
        "NCT01133301",
        "carbon-11",
        "11C",
        "BDI-2",
        "HAM-D17",
        "OPRK1",
        "1.5.1",
        "no.5",
        "stage 2",
        "phase 3",
        "Doe et al., 2016",
        "Doe et al. (2016)",
    ],
)
def test_a_name_with_digits_is_no_figure_and_is_told_when_it_changes(name: str) -> None:
    assert figures_of(record(f"With {name} it was so."), VOCABULARY) == []
    changed = record(f"With {re.sub('[0-9]', '7', name)} it was so.")
    assert canonical_figures(changed, VOCABULARY) != canonical_figures(
        record(f"With {name} it was so."), VOCABULARY
    )


def test_the_second_of_two_names_is_none_either() -> None:
    text = "FORWARD-4 and -5, KOASTAL-1, -2 and -3 had 12"
    assert [numeral.value for numeral in numerals_in(text) if numeral.value] == ["12"]


def test_keys_and_addresses_hold_no_figures() -> None:
    prose = "As [told](#doe2001one) {cite:p}`doe2001one,x2020y`, 4 fell."
    assert [figure.numeral.value for figure in figures_of(record(prose), VOCABULARY)] == ["4"]


@pytest.mark.parametrize(
    ("found", "abstract"),
    [
        ("15 people", "15 mg"),
        ("15 mg", "15 patients"),
        ("15%", "15 patients"),
        ("4 weeks", "4 days"),
        ("0.4 mg", "0.4 \u00b5g"),
        ("4.3", "\u22124.3"),
        ("\u22124.3", "4.3"),
        ("\u22124.3", "+4.3"),
        ("26 of 88", "26% of 88 people"),
        ("0.05", "p = 0.5"),
        ("4 weeks", "4 of the 14 and 12 and 9 and 7 and 3, in 8 weeks"),
        ("12", "112, 1.2, 0.12, 12.5, HAM-12"),
        ("3", "one-third, the 3rd, stage 3"),
    ],
)
def test_a_figure_is_not_another_one(found: str, abstract: str) -> None:
    assert len(missing(abstract, f"It was {found}.")) == 1


@pytest.mark.parametrize(
    ("found", "abstract"),
    [
        ("15 people", "Of the 15 who came"),
        ("0.4 mg", "400 \u00b5g once"),
        ("2 weeks", "14 days"),
        ("4 weeks", "at 2, 4 and 8 weeks"),
        ("0.59 mg", "0.59 (SD 0.33) mg"),
        ("It fell by 4.8 and by 4.6", "changes of \u22124.8 and \u22124.6"),
        ("a change of \u22124.8", "scores decreased by 4.8"),
        ("14.6% against 2.2%", "14.6 and 2.2, in per cent"),
        ("1 person in each group", "one patient each"),
        ("26 of 88 people", "Of 88 patients, 26 left."),
    ],
)
def test_other_words_raise_no_false_alarm(found: str, abstract: str) -> None:
    assert missing(abstract, f"It was so: {found}.") == []


def test_an_interval_with_an_end_from_elsewhere_is_none() -> None:
    found = "It was \u22124.3 (95% CI \u22128.5 to \u22120.2) and 7."
    abstract = "7, \u22124.3 (95% CI \u22128.5 to \u22121.2)"
    assert missing(abstract, found) == ["\u22120.2"]
    assert missing(abstract, found, figures="\u22120.2: a2020b") == []


def test_an_estimate_belongs_to_its_interval() -> None:
    abstract = (
        "\u22124.3 (95% CI \u22128.5 to \u22120.2); at the end, of 62 people, "
        "\u22127.1 (P = .04; 95% CI, \u221212.0, \u22122.3)"
    )
    assert missing(abstract, "\u22127.1 (95% CI \u221212.0 to \u22122.3)") == []
    assert missing(abstract, "\u22124.3 (95% CI \u221212.0 to \u22122.3)") == [
        "\u22124.3 with \u221212.0 to \u22122.3"
    ]


def test_the_ends_of_an_interval_belong_together() -> None:
    found = "It was \u22124.3 (95% CI \u22128.5 to \u22120.2)."
    abstract = (
        "\u22124.3 (95% CI \u22128.5 to \u22121.2); \u22127.1 (95% CI \u22129.5 to \u22120.2)"
    )
    assert missing(abstract, found) == ["\u22128.5 to \u22120.2"]


def test_the_fields_whose_figures_are_looked_for() -> None:
    options = dict.fromkeys([*COMPARED, "method", "population"], "1")
    written = {name.replace("-", "_"): f"{n} people" for n, name in enumerate(options, 30)}
    written["harms"] = f"serious: {written['harms']}"
    values = {
        figure.field: figure.numeral.value
        for figure in figures_of(record("5 fell.", **written), VOCABULARY)
    }
    assert values == {"people": "30", "left-early": "31", "dose": "32", "duration": "33"} | {
        "harms": "34",
        FOUND: "5",
    }


def test_figures_from_elsewhere_are_left_out_and_listed() -> None:
    declared = record(
        "88 had it, or 0.5%, and \u221212.0.",
        figures="88, \u221212.0: a2020b, c2021d; 0.5%: e2022f",
    )
    report = compare_figures(declared, "Nothing.", VOCABULARY)
    assert report.missing == ()
    assert report.exempt == (
        ("88", ("a2020b", "c2021d")),
        ("\u221212.0", ("a2020b", "c2021d")),
        ("0.5%", ("e2022f",)),
    )


def test_a_figure_from_elsewhere_leaves_out_no_other_with_the_same_number() -> None:
    found = "After 9 weeks, 9 of 31 left."
    assert missing("31 people", found, figures="9: a2020b") == ["9"]
    assert missing("31 people", found, figures="9, 9 weeks: a2020b") == []
    assert missing("31 people", "After 9 weeks.", figures="9: a2020b") == []


def test_a_maintainer_reads_where_each_missing_figure_is() -> None:
    lines = [":dose: 3 mg", "", FOUND, ": Of 88 and 88, 5 left.", "  It fell by \u22124.3.", ""]
    report = compare_figures(
        parse_record("key", 10, lines, VOCABULARY), "5 mg, 3 mg", VOCABULARY, "Crossref"
    )
    remedy = "is not in the abstract (Crossref); compare it with the paper, or name its source in figures"
    assert list(map(str, report.findings("citations.md"))) == [
        f"citations.md:14: key: 88 {remedy}",
        f"citations.md:15: key: \u22124.3 {remedy}",
    ]
    assert report.words() == "2 of 5 figures occur in the abstract"


def test_a_missing_number_in_words_is_named_as_it_stands() -> None:
    report = compare_figures(record("Seven people left."), "None left.", VOCABULARY)
    remedy = "compare it with the paper, or write it in digits and name its source in figures"
    assert [str(finding) for finding in report.findings("a.md")] == [
        f"a.md:13: key: Seven is not in the abstract (PubMed); {remedy}"
    ]


@pytest.mark.parametrize(
    ("found", "abstract", "words"),
    [
        ("4 and 5.", "4, 5", "all 2 figures occur in the abstract"),
        ("4 and 5.", "4, 6", "1 of 2 figures occur in the abstract"),
        ("4.", "4", "the one figure occurs in the abstract"),
        ("4.", "5", "the one figure does not occur in the abstract"),
        ("It fell.", "4", "the record has no figure to look for in the abstract"),
        ("4.", " \n", "no abstract is given"),
    ],
)
def test_the_words_say_where_figures_stand_and_no_more(
    found: str, abstract: str, words: str
) -> None:
    assert compare_figures(record(found), abstract, VOCABULARY).words() == words


def in_words(number: int) -> str:
    """Return *number*, below 2000, in words."""
    if number >= 1000:
        return f"one thousand {in_words(number - 1000)}" if number > 1000 else "one thousand"
    if number >= 100:
        rest = f" {in_words(number % 100)}" if number % 100 else ""
        return f"{SMALL[number // 100]} hundred{rest}"
    if number >= 20:
        return "-".join([TENS[number // 10 - 2], *([SMALL[number % 10]] if number % 10 else [])])
    return SMALL[number]


class Writer:
    """Someone who writes abstracts with given figures, each time in other ways."""

    def __init__(self, seed: str) -> None:
        self.random = random.Random(seed)  # noqa: S311  of invented texts

    def one(self, *ways: str) -> str:
        return self.random.choice(ways)

    def number(self, numeral: Numeral) -> str:
        """Return the number in digits, without what it measures."""
        value = numeral.value
        if len(value) > 3 and value.isdigit():
            value = f"{int(value):,}".replace(",", self.one("", ",", "\u2009", "\u202f"))
        if "." in value:
            value = value.replace(".", self.one(".", "\u00b7", "\u22c5")) + self.one("", "0")
            value = value.removeprefix(self.one("", "0")) if value.startswith("0.") else value
        sign = "-" if numeral.falls else numeral.sign
        return sign.replace("-", self.one("\u2212", "-", "\u2010", "\u2013")) + value

    def figure(self, numeral: Numeral) -> str:
        number, unit = self.number(numeral), numeral.unit
        spelled = number
        if numeral.value.isdigit() and int(numeral.value) < 2000 and not numeral.sign:
            spelled = self.one(number, in_words(int(numeral.value)))
        if numeral.falls and self.one("", "y"):
            return f"scores decreased by {number.lstrip(chr(0x2212) + '-' + chr(0x2010) + chr(0x2013))}"
        who = self.one("patients", "older adults", "subjects", "eligible participants")
        micrograms = f"{float(numeral.value) * 1000:.0f} \u00b5g"
        time = unit.removesuffix("s")
        ways = {
            "": (number, spelled),
            "people": (f"(n={number})", f"(N = {number})", f"{spelled} {who}", f"{number} came"),
            "%": (f"{number}{end}" for end in ("%", " %", "\u00a0%", " per cent", " percent")),
            "p": (f"{p}{number}" for p in ("p = ", "P=", "P < ", "p\u2009=\u2009")),
            "mg": (f"{number} mg/d", f"{number}\u00a0mg", f"{number}mg", micrograms),
        }
        return self.one(
            *ways.get(unit, (f"{spelled} {unit}", f"a {number}-{time} course", f"{time} {number}"))
        )

    def interval(self, one: Numeral, two: Numeral) -> str:
        low, high = self.number(one), self.number(two)
        return self.one(
            f"(95% CI, {low} to {high})",
            f"95 % CI {low}, {high}",
            f"95%CI [{low}; {high}]",
            f"95% confidence interval {low}\u2013{high}",
        )

    def abstract(self, wanted: Sequence[Figure]) -> str:
        """Return an abstract with the figures *wanted*."""
        numerals = [figure.numeral for figure in wanted]
        sentences = []
        while numerals:
            one = numerals.pop(0)
            level = len(numerals) > 2 and numerals[0].unit == "%"
            if numerals and numerals[level].begins:
                low, high = numerals[level : level + 2]
                del numerals[: level + 2]
                sentences.append(f"It was {self.figure(one)} {self.interval(low, high)}.")
            elif numerals and {one.unit, numerals[0].unit} == {"people"} and self.one("", "y"):
                between = self.one("/", " of ", " out of ")
                share = f"{self.number(one)}{between}{self.number(numerals.pop(0))}"
                sentences.append(f"There were {share} then.")
            else:
                sentences.append(f"The authors report {self.figure(one)} here.")
        self.random.shuffle(sentences)
        return " ".join(sentences)


def abstract_of(record: Record, seed: int = 0) -> str:
    """Return an abstract in other words with the figures that *record* has from it."""
    found = figures_of(record, VOCABULARY)
    own = figures.without(found, figures.sources_of(record, found))
    return Writer(f"{record.key}{seed}").abstract(own)


@pytest.mark.parametrize("seed", range(20))
def test_no_figure_of_the_site_is_missing_from_an_abstract_in_other_words(seed: int) -> None:
    for record in site_records():
        abstract = abstract_of(record, seed)
        report = compare_figures(record, abstract, VOCABULARY)
        assert report.missing == (), (record.key, abstract)


class Line(NamedTuple):
    """An option, or a line of the prose, of a record."""

    record: Record
    field: str  #: The option, or the term above the line.
    text: str
    place: int = -1  #: Of the line; -1 for an option.

    def changed(self, text: str) -> Record:
        """Return the record with *text* there."""
        if self.place < 0:
            return replace(self.record, options={**self.record.options, self.field: text})
        body = [*self.record.body]
        body[self.place] = text
        return replace(self.record, body=tuple(body))


def lines_of(record: Record) -> Iterator[Line]:
    for name in record.lines.keys() - ASIDE:
        yield Line(record, name, record[name])
    term = ""
    for place, text in enumerate(record.body):
        term = text if text in VOCABULARY.terms else term
        yield Line(record, term, text, place)


def changes(text: str) -> Iterator[str]:
    """Yield *text* with each digit as each other one, and each number with another sign."""
    kept = [range(*match.span()) for match in AIMS.finditer(text)]
    for match in re.finditer("[0-9]", text):
        if not any(match.start() in span for span in kept):
            yield from (
                text[: match.start()] + digit + text[match.end() :]
                for digit in "0123456789"
                if digit != match[0]
            )
    for match in re.finditer(r"(?<![\w.])([\u2212-]?)[0-9]", text):
        if not any(match.start() in span for span in kept):
            others = ("", "+") if match[1] else ("\u2212",)
            yield from (text[: match.start(1)] + sign + text[match.end(1) :] for sign in others)


def test_each_changed_digit_and_sign_of_the_site_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # With -s, this prints how many an abstract tells by itself.
    monkeypatch.setattr(figures, "numerals_in", cache(numerals_in))
    told: dict[str, Counter[str]] = {}
    unseen = []
    for record in site_records():
        abstract = abstract_of(record)
        before = compare_figures(record, abstract, VOCABULARY)
        numbers = [figure.numeral[:2] for figure in figures_of(record, VOCABULARY)]
        for line in lines_of(record):
            for changed in changes(line.text):
                other = line.changed(changed)
                after = compare_figures(other, abstract, VOCABULARY)
                same = [figure.numeral[:2] for figure in figures_of(other, VOCABULARY)] == numbers
                row = told.setdefault("names, and other fields" if same else line.field, Counter())
                row["all"] += 1
                row["abstract"] += bool(after.missing)
                if not after.missing and after.canonical == before.canonical:
                    unseen.append((record.key, line.field, changed))
    rest = told.pop("names, and other fields")
    told = {**told, "all that are looked for": sum(told.values(), Counter()), "others": rest}
    sys.stdout.write("\nchanges of                       all  told by the abstract alone\n")
    for name, row in told.items():
        sys.stdout.write(f"{name:28} {row['all']:7}  {row['abstract'] / row['all']:6.1%}\n")
    assert unseen == []


#: Texts that make careless patterns slow.
HOSTILE = (
    *(
        "1",
        "1 ",
        "1,",
        "1.",
        "-1",
        "1,111",
        "1\u2009",
        "\u2009",
        " ",
        "-",
        "- ",
        "%",
        "(",
        "a-",
        "a-1",
    ),
    *(
        "1% ",
        "1 of ",
        "al. ",
        "one ",
        "one hundred ",
        "twenty-",
        "one-",
        "1 older older ",
        "fell by 1 ",
    ),
    *(
        "A-1, -1, ",
        ", -1",
        "{a}`",
        "](",
        "{a",
        "\u00b5",
        "\u2212 1",
        "p = ",
        "95% CI (1 to ",
        "stage 1 ",
    ),
)


def seconds(text: str) -> float:
    start = time.process_time()
    compare_figures(record(text), text, VOCABULARY)
    return time.process_time() - start


@pytest.mark.parametrize("piece", HOSTILE)
def test_the_time_grows_with_the_length_and_not_faster(piece: str) -> None:
    short, long = (piece * (length // len(piece)) for length in (1_000, 20_000))
    # 20 times the length; with the square of it, it would be 400 times the time.
    assert seconds(long) < 100 * max(seconds(short), seconds(short), 0.001)


PIECES = st.sampled_from(
    [*HOSTILE, "one", "hundred", "thousand", "and", "\u2013", "\u0663", "\x00", "\n", "mg"]
)


@fuzz
@given(st.lists(PIECES | st.text(max_size=3)).map("".join), st.text())
def test_no_text_is_too_strange(text: str, other: str) -> None:
    lines = [f":people: {text}", f":figures: {text}: key", "", FOUND, f": {text}", other]
    strange = replace(
        parse_record("key", LINE, lines, VOCABULARY), options={"people": text, "figures": other}
    )
    for one, two in ((text, other), (other, text), (text, text)):
        report = compare_figures(replace(strange, body=("", FOUND, f": {one}")), two, VOCABULARY)
        assert 0 <= report.found <= report.count
        assert report.words()
        assert all("\n" not in str(finding) for finding in report.findings("a.md"))


@fuzz
@given(st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_every_text_has_its_own_figures(text: str) -> None:
    text = " ".join(text.split())
    assert missing(text, text) == []


@fuzz
@given(st.lists(PIECES | st.text(max_size=3)).map("".join))
def test_a_text_is_plain_after_one_time(text: str) -> None:
    assert plain_figures(plain_figures(text)) == plain_figures(text)
