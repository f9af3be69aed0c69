"""Right entries of invented papers, and entries with a fault, with what databases have of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from invented_papers import Case, papers, right
from verify_faults import FAULTS
from verify_ways import WAYS

if TYPE_CHECKING:
    from random import Random

    from verify.work import Work

#: How many right entries are made, and how many with a fault.
CASES = 300


def varied(case: Case, rng: Random, count: int, spare: str = "") -> Case:
    """Return *case* with *count* ways in which it differs, no two in a field, none that hides *spare*."""
    ways = [(way, name) for way, name, less in WAYS if not (less and name == spare)]
    rng.shuffle(ways)
    used: set[str] = set()
    for way, name in ways:
        if len(used) == count:
            break
        if name in used:
            continue
        trial = replace(case, fields=dict(case.fields), people=list(case.people))
        if way(trial, rng):
            case = trial
            used.add(name)
            case.kind += f", {way.__name__}"
    return case


def asked(case: Case, rng: Random) -> Case:
    """Return *case* with what the databases answer: both in seven of ten cases, else one of them."""
    chance = rng.random()
    case.crossref = None if chance < 0.15 else case.crossref  # noqa: PLR2004
    case.pubmed = None if chance > 0.85 else case.pubmed  # noqa: PLR2004
    return case


def right_cases(rng: Random, count: int = CASES) -> list[Case]:
    """Return *count* right entries."""
    pool = papers()
    return [
        varied(asked(right(pool[n % len(pool)]), rng), rng, rng.randint(1, 4)) for n in range(count)
    ]


def wrong_cases(rng: Random, count: int = CASES) -> list[Case]:
    """Return *count* entries with one fault each, beside differences that are none."""
    pool = papers()
    cases: list[Case] = []
    while len(cases) < count:
        name, spot, fault = FAULTS[len(cases) % len(FAULTS)]
        case = varied(asked(right(rng.choice(pool)), rng), rng, rng.randint(0, 2), spot)
        before = case.bibtex("key")
        case.kind, case.faulty = name, spot
        given = spot in {"doi", "pmid", "pmcid"} or any(knows(work, spot) for work in case.works)
        if given and fault(case, rng) and case.bibtex("key") != before:
            cases.append(case)
    return cases


def knows(work: Work, name: str) -> bool:
    """Return whether a database has the field *name*."""
    if name == "pages":
        return bool(work.pages or work.article_number)
    if name == "number":
        return bool(work.issue or "Suppl" in work.volume)
    places = {"author": "authors", "journal": "journals", "year": "years"}
    return bool(getattr(work, places.get(name, name)))
