"""A paper by its DOI or PMID, as Crossref and PubMed have it, for ``make new-paper``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from paper import CitationError, Paper
from paper_csl import read_csl
from paper_file import settled
from verify import shape
from verify.asking import from_crossref, from_pubmed, from_retraction_watch
from verify.compare import paper_of
from verify.net import NotAnsweredError
from verify.status import CONCERN, CORRECTED, RETRACTED, Failed, NotAsked, Status, told, union
from verify.text import bare_doi, without_escapes
from verify.work import CROSSREF, PUBMED, RETRACTION_WATCH, UnreadableError, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from verify.retraction_watch import RetractionWatch
    from verify.services import Services
    from verify.status import Answer

    #: Gives what the file of Retraction Watch has on a DOI and a PMID, of which one may be empty.
    RetractionsOf = Callable[[str, str], RetractionWatch | None]

#: A PMID as people copy it: alone, behind its name, or as an address of PubMed.
PMID = re.compile(
    r"(?:PMID\s*:?\s*|(?:https?://)?(?:(?:www\.)?pubmed\.ncbi\.nlm\.nih\.gov|www\.ncbi\.nlm\.nih\.gov/pubmed)/)?"
    r"([1-9][0-9]{0,8})(?:/|/?[?#].*)?",
    re.IGNORECASE | re.ASCII,
)
#: Fields that only Crossref has, or that PubMed often lacks.
ADDED = ("publisher", "doi", "volume", "number", "pages")


def fetched(
    doi: str, pmid: str, services: Services, retractions_of: RetractionsOf | None = None
) -> Paper:
    """Return the paper with *doi* or *pmid*; both must be of one paper.

    *retractions_of* is given all that is known, because a row of Retraction Watch may have only one of them.
    Raise `CitationError` when no database has it, when it was retracted, and when it is itself a notice;
    `NotAnsweredError` when one that may know of a notice did not answer; and what *retractions_of* raises.
    """
    doi, pmid = identifiers(doi, pmid)
    named = {name: value for name, value in (("doi", doi), ("pmid", pmid)) if value}
    answers: dict[str, Answer] = {PUBMED: from_pubmed(named, services)}
    found = answers[PUBMED]
    if isinstance(found, Work):
        doi, pmid = doi or bare_doi(found.doi), found.pmid
    if doi:
        answers[CROSSREF] = from_crossref(doi, services)
    if retractions_of and (retractions := retractions_of(doi, pmid)):
        answers[RETRACTION_WATCH] = from_retraction_watch(retractions, doi, pmid)
    works = [answers[name] for name in (PUBMED, CROSSREF) if name in answers]
    dois = {bare_doi(work.doi) for work in works if isinstance(work, Work)} | {doi}
    if len(dois - {""}) > 1:
        message = "DOI and PMID are of two papers; give one of them"
        raise CitationError(message)
    status = union(answers)
    refuse(status)
    refuse_unknown(answers, services)
    paper = combined(answers, doi, services)
    if status.word in {CORRECTED, CONCERN}:
        paper.status = status.word
    paper.remarks += map(told, status.notices)
    for name in (PUBMED, CROSSREF):
        if isinstance(answer := answers.get(name), NotAsked):
            paper.remarks.append(f"{name} says nothing of its notices: {answer.reason}")
    return settled(paper)


def identifiers(doi: str, pmid: str) -> tuple[str, str]:
    """Return *doi* and *pmid* alone, as people copy them; raise `CitationError` when one is none."""
    number = PMID.fullmatch(pmid.strip())
    found = bare_doi(doi), number[1] if number else ""
    if not any(found) or [*map(bool, found)] != [bool(doi.strip()), bool(pmid.strip())]:
        message = "write DOI=10.1234/abc or PMID=12345678"
        raise CitationError(message)
    return found


def refuse(status: Status) -> None:
    """Raise `CitationError` for a paper with *status* that nobody may add."""
    if status.fault:
        raise CitationError(status.fault)
    if status.word == RETRACTED:
        message = (
            f"the paper was retracted: {'; '.join(map(told, status.notices))}; "
            "if the page has to speak of it, save its citation and use FILE="
        )
        raise CitationError(message)


def refuse_unknown(answers: Mapping[str, Answer], services: Services) -> None:
    """Refuse a paper of which the *answers* do not say what it is, or whether it was retracted.

    Raise `NotAnsweredError` when one did not answer, `CitationError` when neither PubMed nor Crossref
    has it.
    """
    failed = [f"{name}: {one.reason}" for name, one in answers.items() if isinstance(one, Failed)]
    if failed and not services.reached:
        message = "no database can be asked: there is no network, or none answers"
        raise NotAnsweredError(message)
    if failed:
        message = (
            f"no answer from {'; '.join(failed)}: nobody can say whether the paper was retracted; "
            "try again later"
        )
        raise NotAnsweredError(message)
    if not any(isinstance(answers.get(name), Work) for name in (PUBMED, CROSSREF)):
        reasons = [
            f"{name}: {answer.reason}"
            for name, answer in answers.items()
            if isinstance(answer, NotAsked)
        ]
        message = f"no database gives this paper ({'; '.join(reasons)})"
        raise CitationError(message)


def combined(answers: dict[str, Answer], doi: str, services: Services) -> Paper:
    """Return the paper as PubMed has it, with what only Crossref has; without PubMed as Crossref has it."""
    first, crossref = answers[PUBMED], answers.get(CROSSREF)
    other = Paper()
    if isinstance(crossref, Work):
        try:
            work = shape.load(services.crossref(doi)).get("message")
            other = read_csl(json.dumps(harmless(work)))
        except UnreadableError as error:
            raise CitationError(str(error)) from error
        except RecursionError as error:
            message = "what Crossref has is nested too deeply"
            raise CitationError(message) from error
    if not isinstance(first, Work):
        return other
    paper = paper_of(first)
    paper.kinds = {kind.lower() for kind in first.types}
    for name in ADDED:
        if not paper.fields.get(name):
            paper.fields[name] = other.fields.get(name, "")
    return paper


def harmless(value: Any) -> Any:  # noqa: ANN401  whatever the JSON holds
    """Return *value* of JSON without orders to a terminal; raise `RecursionError` when it is too deep."""
    if isinstance(value, dict):
        return {name: harmless(one) for name, one in value.items()}
    if isinstance(value, list):
        return [harmless(one) for one in value]
    return without_escapes(value) if isinstance(value, str) else value
