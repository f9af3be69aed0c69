"""Study records: what their options may say, and what a maintainer reads when one is wrong."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import ROOT
from study_check import records, study_findings
from study_options import CONDITIONS, DESIGNS, DIRECTIONS, FULL_TEXT, OPTIONS, READ, STATUSES
from study_record import read

PAGE = (Path(__file__).parent / "roots" / "test-studies" / "index.md").read_text("utf-8")
#: The lines of a right record, and where its directive stands.
LINES = PAGE.split("{study} sound2020trial\n")[1].split("\n```")[0].split("\n")
LINE = PAGE[: PAGE.index("{study}")].count("\n") + 1
PEOPLE = (
    'write each group as "1200 women with BPD", without a comma in the number, '
    'groups with ";" between them, or none, or not given'
)
TOMORROW = (dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)).isoformat()


def problems(*lines: str) -> list[tuple[int, str]]:
    """Return what is wrong with a record of *lines* whose directive stands on line 10."""
    return [(problem.line, problem.message) for problem in read("key", 10, lines).problems]


def with_option(name: str, value: str) -> list[str]:
    """Return the lines of the right record with another *value* for *name*."""
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
        ("design", "RCT", f"write one of: {', '.join(DESIGNS)}"),
        ("direction", "positive", f"write one of: {', '.join(DIRECTIONS)}"),
        ("status", "erratum", f"write one of: {', '.join(STATUSES)}"),
        ("read", "all of it", f"write one of: {', '.join(READ)}"),
        ("full-text", "yes", f"write one of: {', '.join(FULL_TEXT)}"),
        (
            "conditions",
            "depression, pain",
            f'write one or more of these, with "; " between them: {", ".join(CONDITIONS)}',
        ),
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
        ("added", "23 November 2026", "write a day as 2026-01-31"),
        ("added", "2026-02-30", "write a day as 2026-01-31"),
        ("added", "20260131", "write a day as 2026-01-31"),
        ("added", "2026-W05-1", "write a day as 2026-01-31"),
        ("reviewed", TOMORROW, "the day has not come yet"),
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
    assert name not in read("key", 10, lines).options


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.required])
def test_a_missing_and_an_empty_option_are_named(name: str) -> None:
    without = [line for line in LINES if not line.startswith(f":{name}:")]
    ((line, message),) = problems(*without)
    assert (line, message.split(";")[0]) == (10, f"the option {name} is missing")
    ((line, message),) = problems(*with_option(name, ""))
    assert line == 11 + with_option(name, "").index(f":{name}: ")
    assert message.startswith(f"{name} is empty; ")


@pytest.mark.parametrize("value", ["2021", "2021-05", "2021-05-06", "not known"])
def test_the_date_of_a_notice_may_be_rough(value: str) -> None:
    assert problems(*with_option("status-date", value)) == []


def test_an_unknown_and_a_repeated_option_are_named() -> None:
    assert problems(":desing: case report", *LINES) == [
        (11, "no option is called desing; did you mean design?")
    ]
    assert problems(*LINES[:2], ":design: case report", *LINES[2:]) == [
        (13, "design stands here a second time; delete one")
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
    assert problems(*text.replace(f"{term}\n: ", f"{term}\n: \n\n").split("\n")) == [(10, expected)]
    joined = text.replace(f"\n\n{term}", f"\n\nwords\n{term}")
    assert problems(*joined.split("\n")) == [(10, expected)]


def test_what_stands_in_the_wrong_place_is_named() -> None:
    count = LINES.index("")
    wrapped = problems(*LINES[:count], "and so on", *LINES[count:])
    assert [(line, message.split(";")[0]) for line, message in wrapped] == [
        (11 + count, "the options end here")
    ]
    late = problems(*LINES[:3], "", *LINES[3:])
    assert (14 + 1, "the option people stands below the options; move it up to them") in late
    heading = problems(*LINES, "", "## More")
    assert [message.split(";")[0] for _, message in heading] == ["a heading in a record"]


@pytest.mark.parametrize("value", ["<script>", "{cite:p}`key`", "[a](b.md)", "`code`"])
def test_options_are_plain_words(value: str) -> None:
    ((_, message),) = problems(*with_option("population", value))
    assert message.endswith("is not allowed; write plain words without markup")


def test_a_retracted_paper_fails_until_the_record_acknowledges_it() -> None:
    lines = with_option("status", "retracted")
    ((line, message),) = problems(*lines)
    assert line == 10
    assert message.startswith("the paper is retracted; say in the option acknowledged")
    assert problems(":acknowledged: it stays as a warning", *lines) == []


def test_a_review_cannot_lie_before_the_day_of_the_record() -> None:
    assert problems(*with_option("reviewed", "2023-12-31")) == [
        (10, "reviewed lies before added; mend one of the days")
    ]


def test_everything_wrong_is_found_at_once() -> None:
    required = [name for name, option in OPTIONS.items() if option.required]
    assert len(problems()) == len(required) + 2


def test_a_review_is_overdue_after_twelve_months() -> None:
    record = records(PAGE)[0]
    assert not record.overdue(dt.date(2025, 3, 4))
    assert record.overdue(dt.date(2025, 3, 5))


@pytest.mark.parametrize(
    "begin",
    [":::{study} key", "```{Study} key", "```{study}key", "````{note}\n```{study} key\n```"],
)
def test_what_looks_like_a_record_and_is_none_is_named(begin: str) -> None:
    fence = begin.partition("{")[0]
    (finding,) = study_findings([], {"page.md": f"# Page\n\n{begin}\n{fence}\n"})
    assert finding.message == "this record is not read; write ```{study} key, in no other block"
    assert list(study_findings([], {"page.md": f"~~~~text\n{begin}\n~~~~\n"})) == []


def test_a_record_that_is_not_closed_is_named() -> None:
    record, other = records(PAGE)
    assert not record.problems
    (problem, *_) = records(PAGE.rpartition("```\n\n```{toctree}")[0])[1].problems
    assert problem.message == "the record is not closed; write ``` below it"
    assert problem.line == other.line


def test_only_directives_are_records() -> None:
    inside = "````\n```{study} key\n```\n````\n"
    assert records(inside) == []
    assert [record.key for record in records(inside + "\n```{study} key\n```\n")] == ["key"]
    assert [record.line for record in records("- item\n\n  ```{study} key\n  ```\n")] == [3]
    assert len(records((ROOT / "citations.md").read_text("utf-8"))) >= 10


@given(st.lists(st.text(), max_size=8), st.integers(1, 99))
def test_no_text_makes_reading_fail_or_loses_a_line(lines: list[str], line: int) -> None:
    lines = [text.replace("\n", " ") for text in lines]
    record = read("key", line, lines)
    taken = record.body_line - line - 1
    assert list(record.body) == lines[taken:]
    assert record.problems
