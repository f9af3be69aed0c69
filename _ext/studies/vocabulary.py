"""The options of a study record, and what each may say.

What holds for every topic is here; `Vocabulary` has what a site decides in its ``conf.py``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from common.text import lies_ahead, parse_day

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
MARKUP = re.compile(r"[`<>{}\[\]*\\]")
NOT_KNOWN = "not known"


def groups(people: str) -> list[tuple[int, str]]:
    """Return the groups in *people*: ``40 on the medicine; 22 on placebo``."""
    found = (GROUP.fullmatch(group.strip()) for group in people.split(";"))
    return [(int(match[1]), match[2]) for match in found if match]


class Option(NamedTuple):
    """What an option may say."""

    check: Callable[[str], str]  #: Returns what is wrong with a value, empty when nothing is.
    required: bool = True  #: Whether it has to be there.


def one_of(allowed: Iterable[str]) -> Callable[[str], str]:
    """Return a check that a value is one of *allowed*."""

    def check(value: str) -> str:
        return "" if value in allowed else f"write one of: {', '.join(allowed)}"

    return check


def is_text(value: str) -> str:
    """Return nothing: any words will do."""
    return ""


def is_people(value: str) -> str:
    """Return what is wrong with the number of people in *value*."""
    if value in {"none", "not given"} or len(groups(value)) == len(value.split(";")):
        return ""
    return (
        'write each group as "1200 women on placebo", without a comma in the number, '
        'groups with ";" between them, or none, or not given'
    )


def is_day(value: str) -> str:
    """Return what is wrong with *value* as a day that has come."""
    if (day := parse_day(value)) is None:
        return "write a day as 2026-01-31"
    return "the day has not come yet" if lies_ahead(day) else ""


def is_known_day(value: str) -> str:
    """Return what is wrong with *value* as a day, a month or a year, or as not known."""
    first_day = value + "-01-01"[len(value) - 4 :] if len(value) in {4, 7, 10} else value
    wrong = "" if value == NOT_KNOWN else is_day(first_day)
    return wrong and f"{wrong}, or 2026-01, or 2026, or: {NOT_KNOWN}"


@dataclass(frozen=True)
class Vocabulary:
    """The settings ``study_...`` in ``conf.py``; a fault in them raises `ValueError`."""

    #: The conditions that papers are filtered by; a paper may have several.
    conditions: list[str] = field(default_factory=list)
    #: The study designs, with what each can show.
    designs: dict[str, str] = field(default_factory=dict)
    #: The designs in which chance gives some people the treatment and others a comparison.
    randomised: list[str] = field(default_factory=list)
    #: What the result may say of a benefit of the treatment, with what that means.
    directions: dict[str, str] = field(default_factory=dict)
    #: Terms that the prose of a record must have; the last one says what the paper does not show.
    terms: list[str] = field(default_factory=lambda: ["What was found", "What this does not show"])
    #: What is said of every review of a record, as "not by a pharmacist"; empty when nothing is.
    review_note: str = ""

    def __post_init__(self) -> None:
        if unknown := ", ".join(sorted(set(self.randomised) - self.designs.keys())):
            message = f"randomised names {unknown}, which is not in study_designs"
            raise ValueError(message)
        if not self.terms:
            message = "terms is empty; name at least what a paper does not show"
            raise ValueError(message)

    @property
    def limit(self) -> str:
        """Return the term for what the paper does not show."""
        return self.terms[-1]

    @cached_property
    def options(self) -> dict[str, Option]:
        """Return the options by their name, in the order in which a record has them."""
        return {
            "plain-title": Option(is_text),
            "design": Option(one_of(self.designs)),
            "method": Option(is_text, required=False),
            "people": Option(is_people),
            "population": Option(is_text),
            "conditions": Option(self.is_conditions),
            "intervention": Option(is_text),
            "dose": Option(is_text, required=False),
            "comparator": Option(is_text),
            "duration": Option(is_text),
            "direction": Option(one_of(self.directions)),
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

    def is_conditions(self, value: str) -> str:
        """Return what is wrong with the conditions in *value*."""
        if set(value.split("; ")) <= set(self.conditions):
            return ""
        allowed = ", ".join(self.conditions)
        return f'write one or more of these, with "; " between them: {allowed}'
