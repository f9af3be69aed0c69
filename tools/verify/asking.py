"""What the databases answer of one entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from bibtex.tex import plain
from common.text import IDENTIFIERS
from verify import crossref, idconv, pubmed, shape
from verify.compare import agrees_by_title, is_of
from verify.net import NotAnsweredError, NotFoundError
from verify.status import Failed, NotAsked
from verify.text import bare_doi, clean
from verify.work import CROSSREF, PUBMED, RETRACTION_WATCH, UnreadableError, Work

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bibtex.entry import SourceEntry
    from verify.retraction_watch import RetractionWatch
    from verify.services import Answer as Data
    from verify.services import Services
    from verify.status import Answer

Value = TypeVar("Value")
#: A web page is in no database of papers.
NO_PAPERS = frozenset({"misc", "online", "webpage"})
PMID = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
#: So many records are looked at to find the paper with a DOI.
MOST = 5
NO_SUCH_DOI = NotAsked("it has no paper with this DOI")
OTHER_PAPER = "its record is that of another paper"


class Asked(NamedTuple):
    """What was answered of an entry."""

    entry: SourceEntry
    answers: Mapping[str, Answer]  #: By the names of the databases.
    #: Papers with nearly the same title, for an entry without an identifier.
    similar: tuple[Work, ...] = ()
    #: What is wrong with its identifiers, by their names: no database has them.
    unknown: Mapping[str, str] = {}
    failed: str = ""  #: Why nobody was asked for its title.
    free: str = ""  #: Where it can be read for free, if anybody knows.

    @property
    def works(self) -> list[Work]:
        """The records that came, also those of another paper."""
        found = (self.answers.get(name) for name in (CROSSREF, PUBMED))
        return [work for work in found if isinstance(work, Work)]

    @property
    def is_silent(self) -> bool:
        """Whether nobody who was asked answered."""
        failed = bool(self.failed) or any(isinstance(one, Failed) for one in self.answers.values())
        return failed and not self.works

    @property
    def own(self) -> list[Work]:
        """The records of the paper that the entry describes."""
        return [work for work in self.works if is_of(self.entry, work)]

    @property
    def said(self) -> dict[str, Answer]:
        """The answers, but for those about another paper, which say nothing of this one."""
        others = [work for work in self.works if work not in self.own]
        return {
            name: Failed(OTHER_PAPER) if answer in others else answer
            for name, answer in self.answers.items()
        }


def identifiers(entry: SourceEntry) -> dict[str, str]:
    """Return the identifiers of *entry* by their names."""
    return {name: value for name in IDENTIFIERS if (value := entry.value(name))}


def ask(entry: SourceEntry, services: Services, retractions: RetractionWatch | None) -> Asked:
    """Return what the databases answer of *entry*; raises nothing, whatever they answer."""
    named = identifiers(entry)
    if not named:
        similar, failed = search(entry, services)
        return Asked(entry, {}, similar, failed=failed)
    answers: dict[str, Answer] = {}
    doi = named.get("doi", "")
    answers[CROSSREF] = from_crossref(doi, services) if doi else NotAsked("no DOI")
    answers[PUBMED] = from_pubmed(named, services)
    unknown = {
        identifier: f"{database} knows no such {identifier.upper()}"
        for database, identifier in ((CROSSREF, "doi"), (PUBMED, "pmid"), (PUBMED, "pmcid"))
        if answers[database] == unknown_to(database, identifier)
    }
    if retractions is None:
        answers[RETRACTION_WATCH] = NotAsked("no file")
    else:
        found = answers[PUBMED]
        pmid = named.get("pmid") or (found.pmid if isinstance(found, Work) else "")
        answers[RETRACTION_WATCH] = from_retraction_watch(retractions, doi, pmid)
    return Asked(entry, answers, unknown=unknown, free=free_copy(doi, services))


def unknown_to(database: str, identifier: str) -> NotAsked:
    """Return the answer of a *database* that has nothing under an *identifier*: it is one, and no outage."""
    return NotAsked(f"{database} has no such {identifier.upper()}")


def attempt(question: Callable[[], Work | NotAsked], missing: NotAsked | None = None) -> Answer:
    """Return what *question* gives, or why it has no answer; *missing* when there is no such thing."""
    try:
        return question()
    except NotFoundError as error:
        return missing or Failed(str(error))
    except (NotAnsweredError, UnreadableError) as error:
        return Failed(str(error))


def read(services: Services, answer: Data, reader: Callable[[bytes], Value]) -> Value:
    """Return what *reader* makes of *answer*; what cannot be read is not kept for the next run."""
    try:
        return reader(answer)
    except UnreadableError:
        services.forget(answer)
        raise


def from_crossref(doi: str, services: Services) -> Answer:
    """Return what Crossref has of *doi*."""

    def question() -> Work:
        return read(services, services.crossref(doi), lambda data: crossref.read_work(data, doi))

    return attempt(question, unknown_to(CROSSREF, "doi"))


def from_pubmed(named: Mapping[str, str], services: Services) -> Answer:
    """Return what PubMed has of the paper that is *named*."""

    def question() -> Work | NotAsked:
        pmids = [named["pmid"]] if "pmid" in named else pmids_of(named, services)
        if not pmids:
            only = "doi" not in named
            return unknown_to(PUBMED, "pmcid") if only else NO_SUCH_DOI
        found = read(services, services.pubmed(pmids), lambda data: pubmed.read_works(data, pmids))
        return the_one(named, list(found.values()))

    if "pmid" in named and not PMID.fullmatch(named["pmid"]):
        return unknown_to(PUBMED, "pmid")
    return attempt(question)


def the_one(named: Mapping[str, str], works: list[Work]) -> Work | NotAsked:
    """Return which of *works* is *named*; raise `UnreadableError` when several are.

    A record without a DOI can be the paper: whether it is, its title decides later.
    """
    if not works:
        return unknown_to(PUBMED, "pmid") if "pmid" in named else NO_SUCH_DOI
    doi = bare_doi(named.get("doi", ""))
    if doi and "pmid" not in named:
        works = [
            work
            for work in works
            if bare_doi(work.doi) in ({doi, ""} if len(works) == 1 else {doi})
        ]
    if len(works) > 1:  # one of them may be the retracted one
        pmids = ", ".join(work.pmid for work in works)
        message = (
            f"{len(works)} papers have this DOI ({pmids}); write the right pmid into the entry"
        )
        raise UnreadableError(message)
    return works[0] if works else NO_SUCH_DOI


def pmids_of(named: Mapping[str, str], services: Services) -> list[str]:
    """Return the PMIDs of papers with the DOI or the PMCID in *named*.

    The converter of PMC knows papers in PMC only, so PubMed itself is searched for what it does not know.
    """
    for kind, text in named.items():
        try:
            found = read(services, services.idconv([text], kind), idconv.read_identifiers)
        except (NotAnsweredError, UnreadableError):
            if "doi" not in named:
                raise  # nobody else can be asked
        else:
            pmids = [one.pmid for one in found if getattr(one, kind).lower() == text.lower()]
            if any(pmids):
                return [pmid for pmid in pmids if pmid]
    if "doi" not in named:
        return []
    try:
        answer = services.pubmed_search(f'"{named["doi"]}"[doi]', number=MOST)
    except NotFoundError:
        return []
    return read(services, answer, pmids_in)[:MOST]


def pmids_in(answer: bytes) -> list[str]:
    """Return the PMIDs that a search found; raise `UnreadableError` for another shape."""
    found = shape.texts(shape.member(shape.load(answer), "esearchresult"), "idlist")
    if not all(map(PMID.fullmatch, found)):
        message = "a search that found what are no PMIDs"
        raise UnreadableError(message)
    return found


def from_retraction_watch(retractions: RetractionWatch, doi: str, pmid: str) -> Answer:
    """Return what Retraction Watch has on the paper with *doi* or *pmid*."""
    if not (bare_doi(doi) in retractions.dois or pmid in retractions.pmids):
        return NotAsked("no DOI and no PMID that it was read for")
    return attempt(lambda: retractions.work(doi, pmid if pmid in retractions.pmids else ""))


def free_copy(doi: str, services: Services) -> str:
    """Return where *doi* can be read for free, as Unpaywall knows it; empty when it knows no place.

    "publisher" or "repository", and the address ("Data Format" of Unpaywall, ``best_oa_location``).
    """
    if not (doi and services.contact):  # it answers nobody who names no mail address
        return ""
    try:
        answer = services.unpaywall(doi)
        place = shape.member(shape.load(answer), "best_oa_location")
        kind = shape.text(place, "host_type")
        places = (
            shape.text(place, name) for name in ("url", "url_for_landing_page", "url_for_pdf")
        )
        address = clean(next(filter(None, places), ""), 300)
    except (NotAnsweredError, UnreadableError):
        return ""
    found = re.fullmatch(r"https?://[\w.-]+/[!-~]*", address) and kind in {
        "publisher",
        "repository",
    }
    return f"{kind}, {address}" if found else ""


def search(entry: SourceEntry, services: Services) -> tuple[tuple[Work, ...], str]:
    """Return papers with nearly the title of *entry*, which are offered and never believed, or why not."""
    title = entry.value("title")
    if entry.type.lower() in NO_PAPERS or not title:
        return (), ""
    try:
        found = read(services, services.crossref_search(plain(title)), crossref.read_works)
    except NotFoundError:
        return (), ""
    except (NotAnsweredError, UnreadableError) as error:
        return (), str(error)
    return tuple(work for work in found if agrees_by_title(entry, work))[:3], ""
