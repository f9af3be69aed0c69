"""Study records: what their options may say, and what a maintainer reads when one is wrong."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import check
from common.text import today
from conftest import ROOT
from pages import read_page
from samples import LINE, LINES, PAGE, VOCABULARY, checked, fuzz
from studies.record import Record, parse_record
from studies.vocabulary import (
    FULL_TEXT,
    HARMS,
    NO_HARMS,
    OVERLAPS,
    PEER_REVIEWED,
    READ,
    STATUSES,
    Vocabulary,
)

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = (
    'write each group as "1200 women on placebo", without a comma in the number, '
    'groups with ";" between them, or none, or not given'
)
COMPARATORS = (
    'begin with one of these, further words behind ";": '
    f"{', '.join([*VOCABULARY.comparators, 'none'])}"
)
HARMS_WORDS = (
    'write "any event: 67.5% against 53.8%; serious: 1.6% against 0.4%", each name once and with '
    f'";" between them; the names are: {", ".join(HARMS)}; or write: {", or: ".join(NO_HARMS)}; '
    "where no medicine was tested, delete the line"
)
REGISTRATIONS = 'write a number as "NCT01234567", words behind a comma, ";" before the next number, or: not seen'
OVERLAP_WORDS = (
    'write "shares authors: key, key; included in: key", each once; '
    f"the words are: {', '.join(OVERLAPS)}"
)
CONDITIONS = (
    'write one or more of these, each once, with "; " between them: '
    f"{', '.join(VOCABULARY.conditions)}"
)
FIGURE_WORDS = (
    'write "88, 57: key", the figures and the key of their source, with ";" between sources'
)
AHEAD = (today() + dt.timedelta(days=2)).isoformat()


def parsed(*lines: str) -> Record:
    """Return the record of *lines* whose directive is on line 10."""
    return parse_record("key", 10, lines, VOCABULARY)


def records(text: str) -> list[Record]:
    """Return the records in *text*, a page."""
    return [found.record for found in check.records("page.md", read_page(text), VOCABULARY)]


def problems(*lines: str) -> list[tuple[int, str]]:
    """Return what is wrong with a record of *lines* whose directive is on line 10."""
    return [*parsed(*lines).problems]


def with_option(name: str, value: str) -> list[str]:
    """Return the lines of the right record with another *value* for *name*, which may be new."""
    if not any(line.startswith(f":{name}:") for line in LINES):
        return [f":{name}: {value}", *LINES]
    return [f":{name}: {value}" if line.startswith(f":{name}:") else line for line in LINES]


def test_a_right_record_has_no_problems() -> None:
    record, other = records(PAGE)
    assert (record.key, record.line, record.problems) == ("sound2020trial", LINE, ())
    assert (other.key, other.problems) == ("false2021report", ())
    assert record.people == [(1200, "on the medicine"), (4, "on placebo")]
    assert record.number == 1204
    assert record.body[1] == "What was found"
    assert PAGE.split("\n")[record.body_line] == "What was found"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("design", "RCT", f"write one of: {', '.join(VOCABULARY.designs)}"),
        ("direction", "positive", f"write one of: {', '.join(VOCABULARY.directions)}"),
        ("status", "erratum", f"write one of: {', '.join(STATUSES)}"),
        ("read", "all of it", f"write one of: {', '.join(READ)}"),
        ("full-text", "yes", f"write one of: {', '.join(FULL_TEXT)}"),
        (
            "conditions",
            "depression, pain",
            CONDITIONS,
        ),
        ("conditions", "depression; depression", CONDITIONS),
        (
            "people",
            "about forty",
            PEOPLE,
        ),
        (
            "people",
            "18 women; healthy women",
            PEOPLE,
        ),
        ("people", "60 on buprenorphine, 61 on placebo", PEOPLE),
        ("added", "23 November 2026", "write a day as 2026-01-31"),
        ("added", "2026-02-30", "write a day as 2026-01-31"),
        ("added", "20260131", "write a day as 2026-01-31"),
        ("added", "2026-W05-1", "write a day as 2026-01-31"),
        ("reviewed", AHEAD, "the day has not come yet"),
        ("medicine", "tea", f"write one of: {', '.join([*VOCABULARY.medicines, 'none'])}"),
        ("peer-reviewed", "no", f"write one of: {', '.join(PEER_REVIEWED)}"),
        ("comparator", "sugar", COMPARATORS),
        ("comparator", "sugar; placebo", COMPARATORS),
        (
            "left-early",
            "some",
            'write "19 of 152 on the medicine, 17 of 153 on placebo", or: not seen',
        ),
        ("left-early", "9 of 8 on placebo", "9 of 8 is more than all"),
        ("left-early", "120% of them", "120% is more than all"),
        ("left-early", "1\u00a0300 of 1,200 on it", "1300 of 1200 is more than all"),
        ("harms", "any event: 167\u00b75\u202f% against 3%", "167.5% is more than all"),
        ("figures", "88: key,", FIGURE_WORDS),
        ("figures", "88: a b", FIGURE_WORDS),
        ("overlaps", "shares authors: a, , b", OVERLAP_WORDS),
        ("registration", "NCT\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667", REGISTRATIONS),
        ("harms", "nausea 3%", HARMS_WORDS),
        ("harms", "any event: 3%; any event: 4%", HARMS_WORDS),
        ("harms", "any event:", HARMS_WORDS),
        ("harms", "any event: 127% against 3%", "127% is more than all"),
        ("registration", "NCT123", REGISTRATIONS),
        ("registration", "NCT01234567; yes", REGISTRATIONS),
        ("overlaps", "same authors: key", OVERLAP_WORDS),
        ("overlaps", "shares authors", OVERLAP_WORDS),
        ("overlaps", "shares authors: a; shares authors: b", OVERLAP_WORDS),
        ("overlaps", "shares authors: a, a", OVERLAP_WORDS),
        ("figures", "many: key", FIGURE_WORDS),
        ("figures", "88, 57", FIGURE_WORDS),
        (
            "status-date",
            "May 2021",
            "write a day as 2026-01-31, or 2026-01, or 2026, or: not known",
        ),
    ],
)
def test_a_wrong_value_is_named_at_its_line_with_what_is_allowed(
    name: str, value: str, message: str
) -> None:
    lines = with_option(name, value)
    line = 11 + lines.index(f":{name}: {value}")
    assert problems(*lines) == [(line, f"{name}: {value!r} is not allowed; {message}")]
    assert name not in parsed(*lines).options


@pytest.mark.parametrize(
    ("name", "value", "where", "message"),
    [
        (
            "direction",
            "improved without comparison",
            "direction",
            "'improved without comparison' has",
        ),
        ("comparator", "none", "direction", "'no clear difference' needs a comparison"),
        ("medicine", "none", "direction", "medicine is none, so direction has to be"),
        ("medicine", "none", "dose", "dose is given, and medicine is none"),
        ("medicine", "none", "harms", "harms is given, and medicine is none"),
        ("people", "none", "harms", "harms has figures, and people is none"),
        ("people", "none", "left-early", "left-early has figures, and people is none"),
        ("left-early", "1205 did", "left-early", "1205 left early, and people has 1204"),
        (
            "left-early",
            "3 on it, 3,000 on it",
            "left-early",
            "3000 left early, and people has 1204",
        ),
        ("figures", "67.5%, 120: key", "figures", "120 is not in the record"),
        ("figures", "53: key", "figures", "53 is not in the record"),
        ("reviewed", "2023-12-31", "reviewed", "reviewed is before added"),
    ],
)
def test_what_does_not_fit_is_named_at_its_line(
    name: str, value: str, where: str, message: str
) -> None:
    lines = with_option(name, value)
    line = next(number for number, text in enumerate(lines, 11) if text.startswith(f":{where}:"))
    assert [at for at, found in problems(*lines) if found.startswith(message)] == [line]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("left-early", "26 of 88 (17 of 57 and 9 of 31); why was not seen"),
        ("left-early", "not seen"),
        ("left-early", "12% of 1204, after a mean of 3.6 of 5 weeks, and 5 of 7000 before"),
        (
            "registration",
            "UMIN000012345; ChiCTR-IPR-15006397; EUCTR2015-001234-26-DE; jRCT1031180001",
        ),
        ("figures", "67\u00b75\u00a0%, 1\u2009200: a2020b"),
        ("figures", "67.5 per cent, 1\u202f200: a2020b"),
        ("harms", "none in the part that was read"),
        ("harms", "not read"),
        ("harms", "stopped because of one: 3 of 10"),
        ("registration", "NCT02176291, which fits; ISRCTN12345678"),
        ("registration", "2022-000439-22; CRD42021280976"),
        ("overlaps", "shares people: a2020b, c2021d; may share people: e2022f"),
        ("figures", "1,200, 53.8 %: a2020b; 4: c2021d"),
        ("comparator", "placebo; both groups stayed on their treatments"),
        ("people", "85 people"),
    ],
)
def test_what_may_be_said(name: str, value: str) -> None:
    assert problems(*with_option(name, value)) == []


def test_an_option_that_is_left_out_says_what_it_says_everywhere() -> None:
    lines = [line for line in LINES if not re.match(":(registration|left-early|full-text):", line)]
    record = parsed(*lines)
    assert record.problems == ()
    names = ("registration", "left-early", "full-text", "peer-reviewed", "funding")
    assert [record[name] for name in names] == [
        "not seen",
        "not seen",
        "not checked",
        "yes",
        "not checked",
    ]


def test_harms_are_not_asked_for_where_nobody_was_treated() -> None:
    _, other = records(PAGE)
    assert other["harms"] == "no one was treated"
    assert not other.harms


@pytest.mark.parametrize(
    "name", [name for name, option in VOCABULARY.options.items() if option.required]
)
def test_a_missing_and_an_empty_option_are_named(name: str) -> None:
    without = [line for line in LINES if not line.startswith(f":{name}:")]
    ((line, message),) = problems(*without)
    assert (line, message.split(";")[0]) == (10, f"the option {name} is missing")
    ((line, message),) = problems(*with_option(name, ""))
    assert line == 11 + with_option(name, "").index(f":{name}: ")
    assert message.startswith(f"{name} is empty; ")


def test_an_empty_option_that_may_be_left_out_can_be_deleted() -> None:
    lines = [line for line in LINES if not line.startswith(":dose:")]
    assert problems(":dose:", *lines) == [(11, "dose is empty; fill it in, or delete the line")]


@pytest.mark.parametrize("value", ["2021", "2021-05", "2021-05-06", "not known"])
def test_the_date_of_a_notice_may_be_rough(value: str) -> None:
    assert problems(*with_option("status-date", value)) == []


def test_an_unknown_and_a_repeated_option_are_named() -> None:
    assert problems(":desing: case report", *LINES) == [
        (11, "no option is called desing; did you mean design?")
    ]
    assert problems(*LINES[:2], ":design: case report", *LINES[2:]) == [
        (13, "design is here a second time; delete one")
    ]
    ((line, message),) = problems(":zzz: 1", *LINES)
    assert (line, message.split(":")[0]) == (11, "no option is called zzz; the options are")


@pytest.mark.parametrize("term", ["What was found", "What this does not show"])
def test_the_prose_needs_what_was_found_and_what_is_not_shown(term: str) -> None:
    expected = (
        f'the prose lacks "{term}"; write the words on a line, an empty line above it, '
        'and below ": " and the text'
    )
    text = "\n".join(LINES)
    assert problems(*[line for line in LINES if line != term]) == [(10, expected)]
    empty = f'"{term}" is empty; write {term.replace("W", "w")} behind the colon below it'
    for colon in (":", ": "):
        lines = text.replace(f"{term}\n: ", f"{term}\n{colon}\n\n").split("\n")
        assert problems(*lines) == [(10, empty)]
    joined = text.replace(f"\n\n{term}", f"\n\nwords\n{term}")
    assert problems(*joined.split("\n")) == [(10, expected)]


def test_what_is_in_the_wrong_place_is_named() -> None:
    count = LINES.index("")
    wrapped = problems(*LINES[:count], "and so on", *LINES[count:])
    assert [(line, message.split(";")[0]) for line, message in wrapped] == [
        (11 + count, "the options end here")
    ]
    late = problems(*LINES[:3], "", *LINES[3:])
    assert (14 + 1, "the option people is below the options; move it up to them") in late
    heading = problems(*LINES, "", "## More")
    assert [message.split(";")[0] for _, message in heading] == ["a heading in a record"]


@pytest.mark.parametrize(
    "value", ["_x_", "&lt;b", "<script>", "{cite:p}`key`", "[a](b.md)", "`code`"]
)
def test_options_are_plain_words(value: str) -> None:
    ((_, message),) = problems(*with_option("population", value))
    assert message.endswith("is not allowed; write plain words without markup")


@pytest.mark.parametrize("text", ["Harms", ": There is {studies}`a|b: medicine: c`."])
def test_what_has_another_place_is_named(text: str) -> None:
    ((line, message),) = problems(*LINES, "", text)
    assert line == 11 + len(LINES) + 1
    assert "write the words behind :harms:" in message or "a record cannot count" in message


def test_a_retracted_paper_fails_until_the_record_acknowledges_it() -> None:
    lines = with_option("status", "retracted")
    ((line, message),) = problems(*lines)
    assert line == 10
    assert message.startswith("the paper is retracted; say in the option acknowledged")
    assert problems(":acknowledged: it stays as a warning", *lines) == []


def test_a_review_cannot_be_before_the_day_of_the_record() -> None:
    line = 11 + LINES.index(":reviewed: 2024-03-04")
    assert problems(*with_option("reviewed", "2023-12-31")) == [
        (line, "reviewed is before added; fix one of the days")
    ]


def test_everything_wrong_is_found_at_once() -> None:
    required = [name for name, option in VOCABULARY.options.items() if option.required]
    assert len(problems()) == len(required) - len(["harms"]) + 2  # the medicine is not known


def test_a_review_is_overdue_after_twelve_months() -> None:
    record = records(PAGE)[0]
    assert not record.overdue(dt.date(2025, 3, 4))
    assert record.overdue(dt.date(2025, 3, 5))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("````{note}\n", "\n````"),
        (":::{note}\n", "\n:::"),
        ("- ", ""),
        ("1. x\n\n   ", ""),
        ("> ", ""),
        ("```{study} other\n", ""),
    ],
)
def test_a_record_in_another_block_is_named(tmp_path: Path, before: str, after: str) -> None:
    indent = {"- ": "  ", "> ": "> ", "1. x\n\n   ": "   "}.get(before, "")
    record = f"\n{indent}".join(["```{study} sound2020trial", *LINES, "```"])
    page = f"# Page\n\n{before}{record}{after}\n"
    line = page[: page.index("{study} sound")].count("\n") + 1
    found = checked(tmp_path, "", page=page).findings
    records_there = [item for item in found if (item.line, item.key) == (line, "sound2020trial")]
    assert [item.message for item in records_there if item.kind == "record"] == [
        "the record is in another block; close that first, or move the record out of it"
    ]


@pytest.mark.parametrize(
    "begin", [":::{study} sound2020trial", "```{Study} sound2020trial", "~~~{study}sound2020trial"]
)
def test_a_record_is_read_however_it_begins(begin: str) -> None:
    fence = begin.partition("{")[0]
    (record,) = records("\n".join(["# Page", "", begin, *LINES, fence, ""]))
    assert (record.key, record.line, record.problems) == ("sound2020trial", 3, ())
    assert records(f"~~~~text\n{begin}\n~~~~\n") == []


def test_a_record_without_a_key_is_found(tmp_path: Path) -> None:
    page = "\n".join(["# Page", "", "```{study}", *LINES, "```", ""])
    found = checked(tmp_path, "", page=page).findings
    assert ("page.md", 3, "unknown-key") in [(item.file, item.line, item.kind) for item in found]


def test_a_record_that_is_not_closed_is_named() -> None:
    record, other = records(PAGE)
    assert not record.problems
    (problem, *_) = records(PAGE.rpartition("```\n\n```{toctree}")[0])[1].problems
    assert problem == (other.line, "the record is not closed; write ``` below it")


def test_only_directives_are_records() -> None:
    inside = "````\n```{study} key\n```\n````\n"
    assert records(inside) == []
    assert [record.key for record in records(inside + "\n```{study} key\n```\n")] == ["key"]
    assert [record.line for record in records("- item\n\n  ```{study} key\n  ```\n")] == [3]
    assert len(records((ROOT / "citations.md").read_text("utf-8"))) >= 10


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"randomised": ["trial"]}, "randomised names trial, which is not in study_designs"),
        ({"compared": ["up"]}, "untreated names up, which is not in study_directions"),
        ({"medicines": ["tea, hot"]}, "'tea, hot' is not allowed"),
        ({"comparators": ["none"]}, "'none' is not allowed"),
        ({"terms": []}, "terms is empty"),
    ],
)
def test_settings_that_do_not_fit_are_refused(settings: dict[str, list[str]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Vocabulary(**settings)  # type: ignore[arg-type]  # no setting here is a dictionary


def test_another_site_may_say_other_things() -> None:
    other = Vocabulary(
        conditions=["ageing"],
        medicines=["tea"],
        comparators=["water"],
        designs={"survey": ""},
        directions={"up": ""},
        terms=["Limits"],
    )
    words = {"design": "survey", "conditions": "ageing", "direction": "up"}
    words |= {"medicine": "tea", "comparator": "water"}
    text = "\n".join(LINES[: LINES.index("")])
    for name, value in words.items():
        text = re.sub(rf"(?m)^:{name}: .*$", f":{name}: {value}", text)
    right = parse_record("key", 1, [*text.split("\n"), "", "Limits", ": Many."], other)
    assert right.problems == ()
    wrong = {
        message.partition(":")[0] for _, message in parse_record("key", 1, LINES, other).problems
    }
    assert wrong >= words.keys()
    assert other.limit == "Limits"


@fuzz
@given(st.lists(st.text(), max_size=8), st.integers(1, 99))
def test_no_text_makes_reading_fail_or_loses_a_line(lines: list[str], line: int) -> None:
    lines = [text.replace("\n", " ") for text in lines]
    record = parse_record("key", line, lines, VOCABULARY)
    taken = record.body_line - line - 1
    assert list(record.body) == lines[taken:]
    assert record.problems
