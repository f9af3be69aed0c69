"""The options of a study record, and what each may say."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: The study designs, with what each can show.
DESIGNS = {
    "randomised controlled trial": "chance decided who received the treatment and who the comparison.",
    "systematic review": "a planned search for studies, with rules written down; as strong as the studies in it.",
    "open-label study": "everyone knew what was given; without a control group it cannot show a cause.",
    "case-control imaging study": "scans of people with and without a diagnosis; it tests no treatment.",
    "case-control molecular study": "genes or molecules in people with and without a diagnosis; it tests no treatment.",
    "cross-sectional study": "people are measured once; it shows what occurs together and not why.",
    "case report": "what happened to one person; others may fare differently.",
    "narrative review or theory": "the authors' reading of other work, or a proposed explanation; no one is studied.",
    "editorial": "an opinion or a comment; no one is studied.",
}
#: The conditions that papers are filtered by; a paper may have several.
CONDITIONS = (
    "borderline personality disorder",
    "cluster B personality disorder",
    "post-traumatic stress disorder",
    "complex post-traumatic stress disorder",
    "depression",
    "self-injury",
    "suicidal thoughts",
    "suicidal behaviour",
    "opioid use disorder",
    "pain",
    "healthy people",
    "other",
)
#: The designs in which chance gives some people the treatment and others a comparison.
RANDOMISED = frozenset({"randomised controlled trial"})
#: What the result says of a benefit of the treatment. How sure it is depends on the design.
DIRECTIONS = {
    "supports": "the authors report an improvement or conclude that there is one; "
    "the design tells whether it can be due to the treatment.",
    "mixed": "some of the main results are in favour of the treatment and others are not.",
    "against": "no clear difference was found, or people fared worse.",
    "no effect tested": "no treatment was given or compared, so nothing follows for treatment.",
}
#: The publication status.
STATUSES = {
    "as published": "no notice by the publisher is known.",
    "corrected": "the publisher has corrected the article.",
    "expression of concern": "the publisher or the editors doubt the article.",
    "retracted": "the article has been withdrawn, and its results must not be relied on.",
}
#: Statuses that a reader has to see wherever the paper is cited.
DOUBTFUL = ("expression of concern", "retracted")
#: How much of the paper was read for the summary.
READ = {
    "full text": "the whole paper.",
    "abstract and part of the body": "not the whole paper.",
    "part of the body": "not the whole paper.",
    "abstract": "the summary that the authors give, and not the paper.",
}
#: Where the full text is.
FULL_TEXT = {
    "free at the publisher": "follow the DOI.",
    "free in PubMed Central": "the entry needs a PMCID.",
    "behind a paywall as far as is known": "nobody tried.",
    "not checked": "nobody looked.",
}

GROUP = re.compile(r"([0-9]{1,7})\s+(\S.*)")
#: What an option may not hold: it also stands in tables, in the download and in the feed.
MARKUP = re.compile(r"[`<>{}\[\]]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
NOT_KNOWN = "not known"


def groups(people: str) -> list[tuple[int, str]]:
    """Return the groups in *people*: ``40 on buprenorphine; 22 on placebo``."""
    found = (GROUP.fullmatch(group.strip()) for group in people.split(";"))
    return [(int(match[1]), match[2]) for match in found if match]


def one_of(allowed: Mapping[str, str]) -> Callable[[str], str]:
    """Return a check that a value is one of *allowed*."""

    def check(value: str) -> str:
        return "" if value in allowed else f"write one of: {', '.join(allowed)}"

    return check


def is_text(value: str) -> str:
    """Return nothing: any words will do."""
    del value
    return ""


def is_people(value: str) -> str:
    """Return what is wrong with the number of people in *value*."""
    if value in {"none", "not given"} or len(groups(value)) == len(value.split(";")):
        return ""
    return (
        'write each group as "1200 women with BPD", without a comma in the number, '
        'groups with ";" between them, or none, or not given'
    )


def is_conditions(value: str) -> str:
    """Return what is wrong with the conditions in *value*."""
    if set(value.split("; ")) <= set(CONDITIONS):
        return ""
    return f'write one or more of these, with "; " between them: {", ".join(CONDITIONS)}'


def is_day(value: str) -> str:
    """Return what is wrong with *value* as a day that has come."""
    try:
        day = dt.date.fromisoformat(value) if DAY.fullmatch(value) else None
    except ValueError:
        day = None
    if day is None:
        return "write a day as 2026-01-31"
    east = dt.datetime.now(dt.UTC) + dt.timedelta(hours=14)  # where the day begins first
    return "the day has not come yet" if day > east.date() else ""


def is_known_day(value: str) -> str:
    """Return what is wrong with *value* as a day, a month or a year, or as not known."""
    first_day = value + "-01-01"[len(value) - 4 :] if len(value) in {4, 7, 10} else value
    wrong = "" if value == NOT_KNOWN else is_day(first_day)
    return wrong and f"{wrong}, or 2026-01, or 2026, or: {NOT_KNOWN}"


class Option(NamedTuple):
    """What an option may say."""

    #: Returns what is wrong with a value, empty when nothing is.
    check: Callable[[str], str]
    #: Whether it has to be there.
    required: bool = True


OPTIONS = {
    "plain-title": Option(is_text),
    "design": Option(one_of(DESIGNS)),
    "method": Option(is_text, required=False),
    "people": Option(is_people),
    "population": Option(is_text),
    "conditions": Option(is_conditions),
    "intervention": Option(is_text),
    "dose": Option(is_text, required=False),
    "comparator": Option(is_text),
    "duration": Option(is_text),
    "direction": Option(one_of(DIRECTIONS)),
    "funding": Option(is_text),
    "status": Option(one_of(STATUSES)),
    "status-date": Option(is_known_day),
    "status-source": Option(is_text),
    "acknowledged": Option(is_text, required=False),
    "full-text": Option(one_of(FULL_TEXT)),
    "read": Option(one_of(READ)),
    "added": Option(is_day),
    "reviewed": Option(is_day),
}
