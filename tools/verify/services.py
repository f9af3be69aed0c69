"""The questions that Crossref, PubMed, the ID converter of PMC and Unpaywall answer.

All answers are bytes that nobody has checked beyond this: they are whole, of the kind that was asked
for, and not a page for people. Where a service puts one of its own errors into an answer with HTTP 200,
this is no answer.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Self
from urllib.parse import quote, urlencode

from verify.cache import Cache, Kept
from verify.net import LIMITS, Client, Host, Limits, NotAnsweredError, NotFoundError
from verify.settings import TOOL, Settings, bases

#: Seconds for which an answer that was kept is as good as a new one: a run that was stopped goes on.
FRESH = 12 * 3600
#: How many identifiers the E-utilities and the ID converter take at once.
MOST = 200
#: The longest title to search for; what is behind it finds nothing more.
TITLE = 300
#: Seconds from one request to the next: Crossref answers 10 a second to those who name a contact, and
#: 5 to others ("Announcing changes to REST API rate limits", 2025); NCBI 3 to those without a key
#: (E-utilities Help, "Usage Guidelines and Requirements"), with some room for a network that bunches.
CROSSREF, NCBI, UNPAYWALL = 0.25, 0.4, 0.25
DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
PMID = re.compile(r"[1-9]\d{0,9}", re.ASCII)
#: The end of an answer of efetch (pubmed_190101.dtd), also of one without articles.
ARTICLES = re.compile(rb"<(?:/PubmedArticleSet|PubmedArticleSet\s*/)\s*>\s*\Z")


class Answer(bytes):
    """The bytes of an answer, with the address that they came from."""

    address: str

    def __new__(cls, data: bytes, address: str) -> Self:
        """Return *data*, which came from *address*."""
        self = super().__new__(cls, data)
        self.address = address
        return self


class Services:
    """The services of *settings*; answers are kept in *folder*.

    *home* is the web address of the site's source, for the ``User-Agent``. Each method raises
    `NotAnsweredError` when there is no answer, and `NotFoundError` when there is one: HTTP 404.
    """

    def __init__(  # noqa: PLR0913  the last are for tests
        self,
        settings: Settings,
        folder: Path,
        *,
        home: str = "",
        limits: Limits = LIMITS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.settings, self.contact = settings, settings.contact
        about = "; ".join(filter(None, [home, self.contact and f"mailto:{self.contact}"]))
        self._client = Client(f"{TOOL} ({about})" if about else TOOL, limits, sleep, clock)
        self._cache, self._now = Cache(folder), now
        ncbi = Host(NCBI)
        self._hosts = {
            "crossref": Host(CROSSREF),
            "eutils": ncbi,
            "idconv": Host(NCBI),
            "unpaywall": Host(UNPAYWALL),
        }
        self._bases = {name: bases(settings, name) for name in self._hosts}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._client.close()

    @property
    def reached(self) -> bool:
        """Whether any of the services has answered anything: there is a network."""
        return any(host.reached for host in self._hosts.values())

    def forget(self, answer: Answer) -> None:
        """Forget *answer*, which cannot be read: the next run asks again."""
        self._cache.forget(answer.address)

    def crossref(self, doi: str) -> Answer:
        """Return what Crossref has of *doi*: JSON, ``GET /works/{doi}``."""
        return self._crossref(f"/works/{in_path(doi)}", {})

    def crossref_search(self, title: str) -> Answer:
        """Return the five works that are nearest to *title*: JSON, ``GET /works``."""
        params = {"query.bibliographic": " ".join(title.split())[:TITLE], "rows": "5"}
        return self._crossref("/works", params)

    def pubmed(self, pmids: Iterable[str]) -> Answer:
        """Return what PubMed has of up to `MOST` *pmids*: XML of pubmed_190101.dtd, by efetch."""
        params = {"db": "pubmed", "id": numbers(pmids), "retmode": "xml"}
        return self._eutils("efetch", params, articles)

    def pubmed_search(
        self, term: str, between: tuple[dt.date, dt.date] | None = None, *, number: int = MOST
    ) -> Answer:
        """Return which PMIDs *term* finds: JSON of esearch, at most *number* of them.

        Only papers that came into PubMed on one of the days *between*, if there are any.
        """
        params = {"db": "pubmed", "term": term, "retmode": "json", "retmax": str(number)}
        if between:
            first, last = (f"{day:%Y/%m/%d}" for day in between)
            params |= {"datetype": "edat", "mindate": first, "maxdate": last}
        return self._eutils("esearch", params, found)

    def idconv(self, ids: Iterable[str], kind: str) -> Answer:
        """Return the other identifiers of up to `MOST` *ids*, as the ID converter of PMC has them: JSON.

        All are of one *kind*, "doi", "pmid" or "pmcid": it refuses a list of several kinds. A DOI with
        a comma is left out, because commas separate them there. It knows papers in PMC only.
        """
        asked = sorted({text for text in ids if text and "," not in text})
        if not asked or len(asked) > MOST:
            reason = f"{len(asked)} identifiers; it takes 1 to {MOST}"
            raise NotAnsweredError(reason)
        params = {"ids": ",".join(asked), "idtype": kind, "format": "json", "versions": "no"}
        return self.get("idconv", "/", params, whole_json, contact=self._ncbi())

    def unpaywall(self, doi: str) -> Answer:
        """Return where *doi* can be read for free: JSON of Unpaywall, ``GET /v2/{doi}``."""
        if not self.contact:
            reason = "it answers only to those who name a mail address: verify_contact in conf.py"
            raise NotAnsweredError(reason)
        path = f"/{in_path(doi)}"
        return self.get("unpaywall", path, {}, whole_json, contact={"email": self.contact})

    def _crossref(self, path: str, params: Mapping[str, str]) -> Answer:
        contact = {"mailto": self.contact} if self.contact else {}
        return self.get("crossref", path, params, whole_json, contact=contact)

    def _eutils(
        self, tool: str, params: Mapping[str, str], check: Callable[[bytes], object]
    ) -> Answer:
        return self.get("eutils", f"/{tool}.fcgi", params, check, contact=self._ncbi())

    def _ncbi(self) -> dict[str, str]:
        """Return how NCBI wants to be told who asks."""
        return {"tool": TOOL} | ({"email": self.contact} if self.contact else {})

    def get(
        self,
        service: str,
        path: str,
        params: Mapping[str, str],
        check: Callable[[bytes], object],
        *,
        contact: Mapping[str, str],
    ) -> Answer:
        """Return what *service*, as "crossref", answers at *path*, or what it answered a short time ago.

        *check* raises `ValueError` for what is no answer; it is not kept. *contact* are parameters that
        change nothing in the answer.
        """
        address = self._bases[service][0] + path
        address += f"?{urlencode(params)}" if params else ""
        kept = self._cache.read(address)
        if kept is None or not 0 <= self._now() - kept.when < FRESH:
            kept = self._ask(service, path, {**params, **contact}, kept)
            try:
                check(kept.data)
            except ValueError as error:
                raise NotAnsweredError(str(error)) from None
            self._cache.keep(address, kept)
        return Answer(kept.data, address)

    def _ask(self, service: str, path: str, params: Mapping[str, str], kept: Kept | None) -> Kept:
        """Return what *service* answers; *kept* is what it answered before."""
        query = f"?{urlencode(params)}" if params else ""
        conditions = kept.conditions() if kept else {}
        for base in self._bases[service]:
            try:
                reply = self._client.ask(self._hosts[service], base + path + query, conditions)
            except NotFoundError:
                if base == self._bases[service][-1]:
                    raise
                continue
            break
        else:
            raise AssertionError
        self._bases[service] = (base,)
        if reply.status == HTTPStatus.OK:
            headers = reply.headers
            etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
            return Kept(reply.data, self._now(), etag, modified)
        if kept is None or not conditions:
            reason = "HTTP 304 to a question without a condition"
            raise NotAnsweredError(reason)
        return kept._replace(when=self._now())


def in_path(doi: str) -> str:
    """Return *doi* as a part of an address (RFC 3986, section 3.3); raise `NotAnsweredError` for what is none.

    Crossref asks to encode all signs with a meaning in addresses. The slash is left where that changes
    nothing, because servers in between refuse an encoded one.
    """
    if not DOI.fullmatch(doi):
        reason = "it is no DOI"
        raise NotAnsweredError(reason)
    moves = {"", ".", ".."} & {*doi.split("/")}
    return quote(doi, safe="" if moves else "/")


def numbers(pmids: Iterable[str]) -> str:
    """Return *pmids* as the E-utilities take them; raise `NotAnsweredError` for what are none."""
    asked = {*pmids}
    if not all(map(PMID.fullmatch, asked)) or not 1 <= len(asked) <= MOST:
        reason = f"it takes 1 to {MOST} numbers of PubMed"
        raise NotAnsweredError(reason)
    return ",".join(sorted(asked, key=int))


def whole_json(data: bytes) -> dict[str, object]:
    """Return the JSON object *data*; raise `ValueError` for anything else."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if isinstance(value, dict):
        return value
    message = "an answer that is no JSON object"
    raise ValueError(message)


def found(data: bytes) -> None:
    """Raise `ValueError` unless *data* is the result of a search, and not one of its errors."""
    result = whole_json(data).get("esearchresult")
    if isinstance(result, dict) and "idlist" in result and not {"ERROR", "error"} & result.keys():
        return
    message = "an answer that is no result of a search"
    raise ValueError(message)


def articles(data: bytes) -> None:
    """Raise `ValueError` unless *data* ends as a set of articles does."""
    if not ARTICLES.search(data[-100:]):
        message = "an answer that is no set of articles, or not all of it"
        raise ValueError(message)
