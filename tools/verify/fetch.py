"""A paper by its DOI or PMID, as Crossref and PubMed have it, for ``make new-paper``."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from paper import CitationError, Paper
from paper_csl import read_csl
from paper_file import settled
from verify import shape
from verify.asking import from_crossref, from_pubmed
from verify.compare import paper_of
from verify.net import NotAnsweredError
from verify.status import CONCERN, CORRECTED, RETRACTED, Failed, Status, told, union
from verify.text import bare_doi
from verify.work import CROSSREF, PUBMED, UnreadableError, Work

if TYPE_CHECKING:
    from verify.services import Services
    from verify.status import Answer

#: Fields that only Crossref has, or that PubMed often lacks.
ADDED = ("publisher", "doi", "volume", "number", "pages")


def fetched(doi: str, pmid: str, services: Services) -> Paper:
    """Return the paper with *doi* or *pmid*; both must be of one paper.

    Raise `CitationError` when no database has it, when it was retracted, and when it is itself a notice;
    `NotAnsweredError` without a network.
    """
    doi, pmid = bare_doi(doi), pmid.strip()
    if not re.fullmatch(r"[1-9][0-9]{0,8}|", pmid) or not (doi or pmid):
        message = "write DOI=10.1234/abc or PMID=12345678"
        raise CitationError(message)
    named = {name: value for name, value in (("doi", doi), ("pmid", pmid)) if value}
    answers: dict[str, Answer] = {PUBMED: from_pubmed(named, services)}
    found = answers[PUBMED]
    doi = doi or (bare_doi(found.doi) if isinstance(found, Work) else "")
    if doi:
        answers[CROSSREF] = from_crossref(doi, services)
    works = [answer for answer in answers.values() if isinstance(answer, Work)]
    if not works and not services.reached:
        message = "no database can be asked: there is no network, or none answers"
        raise NotAnsweredError(message)
    if not works:
        reasons = (
            f"{name}: {answer.reason}"
            for name, answer in answers.items()
            if not isinstance(answer, Work)
        )
        message = f"no database gives this paper ({'; '.join(reasons)})"
        raise CitationError(message)
    if len({bare_doi(work.doi) for work in works if work.doi} | ({doi} - {""})) > 1:
        message = "DOI and PMID are of two papers; give one of them"
        raise CitationError(message)
    status = union(answers)
    refuse(status)
    paper = combined(answers, doi, services)
    if status.word in {CORRECTED, CONCERN}:
        paper.status = status.word
    paper.remarks += map(told, status.notices)
    for name, answer in answers.items():
        if isinstance(answer, Failed):
            paper.remarks.append(
                f"{name} gave no answer, so its notices are not known: {answer.reason}"
            )
    return settled(paper)


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


def combined(answers: dict[str, Answer], doi: str, services: Services) -> Paper:
    """Return the paper as PubMed has it, with what only Crossref has; without PubMed as Crossref has it."""
    pubmed, crossref = answers[PUBMED], answers.get(CROSSREF)
    other = Paper()
    if isinstance(crossref, Work):
        try:
            other = read_csl(json.dumps(shape.load(services.crossref(doi)).get("message")))
        except (NotAnsweredError, UnreadableError) as error:
            raise CitationError(str(error)) from error
    if not isinstance(pubmed, Work):
        return other
    paper = paper_of(pubmed)
    paper.kinds = {kind.lower() for kind in pubmed.types}
    for name in ADDED:
        if not paper.fields.get(name):
            paper.fields[name] = other.fields.get(name, "")
    return paper
