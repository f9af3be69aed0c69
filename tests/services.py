"""A server on this machine that answers as Crossref, NCBI and Unpaywall do, or goes wrong as they can.

The shapes come from these documents; the words in them are invented by each test:

- Crossref: "REST API" (api.crossref.org, routes ``/works`` and ``/works/{doi}``) and "Crossref Metadata
  API JSON Format"; ``updated-by`` and ``record-id`` from "Retraction Watch" in Crossref's documentation;
- efetch: the DTD ``pubmed_190101.dtd``, and "MEDLINE/PubMed Data Element (Field) Descriptions";
- esearch: "The E-utilities In-Depth: Parameters, Syntax and More", with ``retmode=json``;
- PMC: "PMC ID Converter API";
- Unpaywall: "REST API" and "Data Format".
"""

from __future__ import annotations

import contextlib
import gzip
import json
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple, cast
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.etree import ElementTree as ET

#: An answer of a server: status, type, body.
Answer = tuple[int, str, bytes]
#: What a server does in place of an answer, which it is given.
Fault = Callable[["Handler", Answer], None]
JSON, XML, TEXT, PAGE = "application/json", "text/xml; charset=UTF-8", "text/plain", "text/html"
MEGABYTE = 1_000_000


class Update(NamedTuple):
    """A row of ``updated-by`` or ``update-to`` of Crossref."""

    type: str = "retraction"
    doi: str = "10.5555/notice"
    date: tuple[int, ...] = (2021, 3, 4)
    source: str = "publisher"
    record_id: int | None = None


class Link(NamedTuple):
    """A row of ``CommentsCorrectionsList`` of PubMed."""

    type: str = "RetractionIn"
    pmid: str = ""
    source: str = "Invented J. 2021 Mar;4(1):5. doi: 10.5555/notice."


@dataclass(frozen=True)
class Paper:
    """A paper as a service has it; where services differ, a test gives one paper for each."""

    title: str = "Lanterns for quiet rivers"
    doi: str = "10.5555/lantern"
    pmid: str = "101"
    pmcid: str = ""
    #: Family name, given names and suffix; a group has its name alone.
    authors: Sequence[tuple[str, ...]] = (("Bell", "Ada Q"), ("Stone", "Max"))
    complete: bool = True
    journal: str = "Journal of Invented Things"
    short_journal: str = "J Invent Things"
    print: tuple[int, ...] = (2020, 5)
    online: tuple[int, ...] = ()
    volume: str = "12"
    issue: str = "3"
    pages: str = "45-51"
    article_number: str = ""
    #: One text, or the texts by their labels.
    abstract: str | Mapping[str, str] = ""
    types: Sequence[str] = ("Journal Article",)
    updated_by: Sequence[Update] = ()
    update_to: Sequence[Update] = ()
    links: Sequence[Link] = ()
    #: Where it can be read for free.
    free_at: str = ""
    #: Which services know it.
    known_to: Sequence[str] = ("crossref", "pubmed", "pmc", "unpaywall")
    #: What Crossref has besides, or in place of what follows from the rest.
    crossref: Mapping[str, object] = field(default_factory=dict)


# -- Answers ---------------------------------------------------------------------------------------


def crossref_work(paper: Paper) -> dict[str, object]:
    """Return *paper* as a work of Crossref."""
    dates = {"published-print": paper.print, "published-online": paper.online}
    given = {name: {"date-parts": [[*date]]} for name, date in dates.items() if date}
    earliest = min(filter(None, dates.values()), default=())
    work: dict[str, object] = {
        "DOI": paper.doi.lower(),
        "URL": f"https://doi.org/{paper.doi.lower()}",
        "type": "journal-article",
        "source": "Crossref",
        "publisher": "Invented Press",
        "title": [paper.title] if paper.title else [],
        "container-title": [paper.journal],
        "short-container-title": [paper.short_journal],
        "author": [crossref_author(*name) for name in paper.authors],
        "volume": paper.volume,
        "issue": paper.issue,
        "page": paper.pages,
        "article-number": paper.article_number,
        "issued": {"date-parts": [[*earliest] if earliest else [None]]},
        "published": {"date-parts": [[*earliest] if earliest else [None]]},
        "abstract": jats(paper.abstract),
        "updated-by": [crossref_update(update) for update in paper.updated_by],
        "update-to": [crossref_update(update) for update in paper.update_to],
    }
    always = {"title", "issued", "container-title"}
    work = {name: value for name, value in work.items() if value or name in always}
    return {**work, **given, **paper.crossref}


def crossref_author(family: str, given: str = "", suffix: str = "") -> dict[str, object]:
    """Return an author as Crossref has one: a person, or a group."""
    person = {"given": given, "family": family, "suffix": suffix} if given else {"name": family}
    person = {name: value for name, value in person.items() if value}
    return {**person, "sequence": "additional", "affiliation": []}


def crossref_update(update: Update) -> dict[str, object]:
    """Return *update* as Crossref has it."""
    row: dict[str, object] = {
        "DOI": update.doi,
        "type": update.type,
        "label": update.type.replace("_", " ").capitalize(),
        "source": update.source,
        "updated": {"date-parts": [[*update.date]]},
    }
    return row if update.record_id is None else {**row, "record-id": update.record_id}


def jats(abstract: str | Mapping[str, str]) -> str:
    """Return *abstract* with the markup in which publishers deposit it."""
    if isinstance(abstract, str):
        return f"<jats:p>{abstract}</jats:p>" if abstract else ""
    parts = [
        f"<jats:sec><jats:title>{label.capitalize()}</jats:title><jats:p>{text}</jats:p></jats:sec>"
        for label, text in abstract.items()
    ]
    return "<jats:title>Abstract</jats:title>" + "".join(parts)


def message(kind: str, content: object) -> Answer:
    """Return the answer of Crossref with *content*."""
    whole = {"status": "ok", "message-type": kind, "message-version": "1.0.0", "message": content}
    return 200, JSON, json.dumps(whole).encode()


def pubmed_xml(papers: Sequence[Paper]) -> bytes:
    """Return *papers* as efetch does."""
    root = ET.Element("PubmedArticleSet")
    for paper in papers:
        pubmed_article(root, paper)
    head = (
        '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC'
        ' "-//NLM//DTD PubMedArticle, 1st January 2019//EN"'
        ' "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n'
    )
    whole = cast("bytes", ET.tostring(root, "utf-8", short_empty_elements=False))
    return head.encode() + whole


def pubmed_article(root: ET.Element, paper: Paper) -> None:
    """Put *paper* at the end of *root*."""
    whole = ET.SubElement(root, "PubmedArticle")
    citation = ET.SubElement(whole, "MedlineCitation", Status="MEDLINE", Owner="NLM")
    put(citation, "PMID", paper.pmid, Version="1")
    article = put(citation, "Article", PubModel="Print-Electronic" if paper.online else "Print")
    pubmed_journal(article, paper)
    pubmed_text(article, paper)
    if paper.authors:
        names = put(article, "AuthorList", CompleteYN="Y" if paper.complete else "N")
        for name in paper.authors:
            pubmed_author(names, *name)
    put(article, "Language", "eng")
    kinds = put(article, "PublicationTypeList")
    for kind in paper.types:
        put(kinds, "PublicationType", kind, UI="D016428")
    if paper.online:
        pubmed_date(put(article, "ArticleDate", DateType="Electronic"), paper.online)
    put(put(citation, "MedlineJournalInfo"), "MedlineTA", paper.short_journal)
    if paper.links:
        links = put(citation, "CommentsCorrectionsList")
        for link in paper.links:
            row = put(links, "CommentsCorrections", RefType=link.type)
            put(row, "RefSource", link.source)
            put(row, "PMID", link.pmid, Version="1")
    data = put(whole, "PubmedData")
    put(data, "PublicationStatus", "ppublish")
    ids = put(data, "ArticleIdList")
    for kind, value in (("pubmed", paper.pmid), ("doi", paper.doi), ("pmc", paper.pmcid)):
        put(ids, "ArticleId", value, IdType=kind)


def pubmed_journal(article: ET.Element, paper: Paper) -> None:
    """Put into *article* where *paper* appeared."""
    journal = put(article, "Journal")
    issue = put(journal, "JournalIssue", CitedMedium="Internet")
    put(issue, "Volume", paper.volume)
    put(issue, "Issue", paper.issue)
    pubmed_date(put(issue, "PubDate"), paper.print or paper.online, in_words=True)
    put(journal, "Title", paper.journal)
    put(journal, "ISOAbbreviation", paper.short_journal)


def pubmed_text(article: ET.Element, paper: Paper) -> None:
    """Put into *article* the title of *paper*, its place in the journal, and its abstract."""
    markup(article, "ArticleTitle", paper.title)
    if paper.pages or paper.article_number:
        put(put(article, "Pagination"), "MedlinePgn", paper.pages or paper.article_number)
    if paper.doi:
        put(article, "ELocationID", paper.doi, EIdType="doi", ValidYN="Y")
    if paper.abstract:
        texts = {"": paper.abstract} if isinstance(paper.abstract, str) else paper.abstract
        abstract = put(article, "Abstract")
        for label, text in texts.items():
            markup(abstract, "AbstractText", text, **({"Label": label.upper()} if label else {}))


def put(parent: ET.Element, tag: str, text: str | None = None, **values: str) -> ET.Element:
    """Put an element *tag* into *parent*, unless its *text* is empty; return it."""
    element = ET.Element(tag, values)
    element.text = text
    if text != "":
        parent.append(element)
    return element


def markup(parent: ET.Element, tag: str, text: str, **values: str) -> None:
    """Put *text*, which may have markup of PubMed as ``<sup>``, into *parent*."""
    try:
        element = ET.fromstring(f"<{tag}>{text}</{tag}>")  # noqa: S314  a test wrote it
    except ET.ParseError:
        element = ET.Element(tag)
        element.text = text
    element.attrib.update(values)
    parent.append(element)


MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def pubmed_date(element: ET.Element, date: Sequence[int], *, in_words: bool = False) -> None:
    """Put *date* into *element*: its month as a number, or as a word."""
    for tag, number in zip(("Year", "Month", "Day"), date, strict=False):
        month = MONTHS[number - 1] if in_words and tag == "Month" else f"{number:02}"
        put(element, tag, month)


def pubmed_author(names: ET.Element, family: str, given: str = "", suffix: str = "") -> None:
    """Put an author into *names*: a person, or a group."""
    author = put(names, "Author", ValidYN="Y")
    if not given:
        put(author, "CollectiveName", family)
        return
    put(author, "LastName", family)
    put(author, "ForeName", given)
    put(author, "Initials", "".join(word[0] for word in given.split()))
    put(author, "Suffix", suffix)


def esearch(numbers: Sequence[str], query: Mapping[str, str]) -> bytes:
    """Return the *numbers* of PubMed that *query* asked for, as esearch does."""
    shown = [*numbers[: int(query.get("retmax", "20"))]]
    result: dict[str, object] = {
        "count": str(len(numbers)),
        "retmax": str(len(shown)),
        "retstart": "0",
        "idlist": shown,
        "translationset": [],
        "querytranslation": query["term"],
    }
    if not numbers:
        result["warninglist"] = {"outputmessages": ["No items found."]}
    return json.dumps(
        {"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result}
    ).encode()


def converted(text: str, kind: str, papers: Sequence[Paper]) -> dict[str, object]:
    """Return the record of the ID converter for *text*."""
    for paper in papers:
        ids = {"doi": paper.doi, "pmcid": paper.pmcid, "pmid": paper.pmid}
        if paper.pmcid and ids[kind].lower() == text.lower():
            known: dict[str, object] = {name: value for name, value in ids.items() if value}
            if paper.pmid:
                known["pmid"] = int(paper.pmid)
            return {**known, "requested-id": text}
    fault = {"status": "error", "errmsg": "Identifier not found in PMC"}
    return {kind: text, "requested-id": text, **fault}


def unpaywall(paper: Paper) -> dict[str, object]:
    """Return *paper* as Unpaywall has it."""
    place = {
        "url": paper.free_at,
        "url_for_pdf": None,
        "url_for_landing_page": paper.free_at,
        "host_type": "repository",
        "is_best": True,
        "license": "cc-by",
        "version": "acceptedVersion",
    }
    places = [place] if paper.free_at else []
    return {
        "doi": paper.doi.lower(),
        "doi_url": f"https://doi.org/{paper.doi.lower()}",
        "data_standard": 2,
        "title": paper.title,
        "journal_name": paper.journal,
        "year": min(filter(None, (paper.print, paper.online)), default=(None,))[0],
        "is_oa": bool(places),
        "oa_status": "green" if places else "closed",
        "best_oa_location": places[0] if places else None,
        "oa_locations": places,
    }


# -- Routes ----------------------------------------------------------------------------------------


class Request(NamedTuple):
    """A question that came."""

    path: str  #: As it came, without the query.
    query: Mapping[str, str]
    headers: Mapping[str, str]


def answer(papers: Sequence[Paper], path: str, query: Mapping[str, str]) -> Answer:
    """Return what the service at *path* says of *papers*; 404 for every other path."""
    for pattern, route in ROUTES.items():
        if found := re.fullmatch(pattern, path, re.DOTALL):
            return route(papers, query, *found.groups())
    return 404, PAGE, b"<html><body><h1>Not Found</h1></body></html>"


def known(papers: Sequence[Paper], service: str, doi: str) -> Paper | None:
    """Return the one of *papers* with *doi* that *service* knows."""
    for paper in papers:
        if service in paper.known_to and paper.doi and paper.doi.lower() == doi.lower():
            return paper
    return None


def answer_work(papers: Sequence[Paper], _query: Mapping[str, str], doi: str) -> Answer:
    """Answer ``/works/{doi}``."""
    paper = known(papers, "crossref", doi)
    return message("work", crossref_work(paper)) if paper else (404, TEXT, b"Resource not found.")


def answer_works(papers: Sequence[Paper], query: Mapping[str, str]) -> Answer:
    """Answer ``/works?query.bibliographic=``: the works that share most words come first."""

    def words(text: str) -> set[str]:
        return {*re.findall(r"\w+", text.lower())}

    asked = words(query.get("query.bibliographic", ""))
    scored = [
        (len(asked & words(paper.title)), paper) for paper in papers if "crossref" in paper.known_to
    ]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    items = [crossref_work(paper) | {"score": float(score)} for score, paper in best]
    rows = int(query.get("rows", "20"))
    content = {
        "facets": {},
        "total-results": len(items),
        "items": items[:rows],
        "items-per-page": rows,
    }
    return message("work-list", content)


def answer_efetch(papers: Sequence[Paper], query: Mapping[str, str]) -> Answer:
    """Answer ``efetch.fcgi``; numbers that PubMed does not have are left out."""
    asked = query.get("id", "").split(",")
    found = [paper for paper in papers if paper.pmid in asked and "pubmed" in paper.known_to]
    return 200, XML, pubmed_xml(found)


def answer_esearch(papers: Sequence[Paper], query: Mapping[str, str]) -> Answer:
    """Answer ``esearch.fcgi``: papers with the DOI, or whose titles have each word of the term, without dates."""
    if doi := re.fullmatch(r'"(.+)"\[(?:doi|aid)\]', query.get("term", "")):
        one = known(papers, "pubmed", doi[1])
        return 200, JSON, esearch([one.pmid] if one and one.pmid else [], query)
    term = re.sub(r"\[[^]]*\]|\b(?:AND|OR)\b", " ", query.get("term", ""))
    words = re.findall(r"\w+", term.lower())
    found = [
        paper.pmid
        for paper in papers
        if paper.pmid
        and "pubmed" in paper.known_to
        and {*words} <= {*re.findall(r"\w+", paper.title.lower())}
    ]
    return 200, JSON, esearch(found, query)


def answer_idconv(papers: Sequence[Paper], query: Mapping[str, str]) -> Answer:
    """Answer the ID converter, which refuses a list with a value of another kind."""
    kind, asked = query.get("idtype", "pmid"), query.get("ids", "").split(",")
    right = {"doi": r"10\..+", "pmid": r"\d+", "pmcid": r"(?:PMC)?\d+"}[kind]
    if not all(re.fullmatch(right, text) for text in asked):
        fault = {
            "message": "All values of query param `ids` must be of the type.",
            "code": "invalid",
        }
        return 400, JSON, json.dumps({"status": "error", "errors": [fault]}).encode()
    held = [paper for paper in papers if "pmc" in paper.known_to]
    records = [converted(text, kind, held) for text in asked]
    content = {"status": "ok", "response-date": "2026-01-02 03:04:05", "records": records}
    return 200, JSON, json.dumps(content).encode()


def answer_unpaywall(papers: Sequence[Paper], query: Mapping[str, str], doi: str) -> Answer:
    """Answer ``/v2/{doi}``; who names no address gets 422."""
    if "@" not in query.get("email", "") or query["email"].endswith("@example.com"):
        fault = {
            "HTTP_status_code": 422,
            "error": True,
            "message": "Please use your own email address",
        }
        return 422, JSON, json.dumps(fault).encode()
    paper = known(papers, "unpaywall", doi)
    if paper is None:
        fault = {"HTTP_status_code": 404, "error": True, "message": "It isn't in our database."}
        return 404, JSON, json.dumps(fault).encode()
    return 200, JSON, json.dumps(unpaywall(paper)).encode()


#: The routes of the services by the pattern of their path, the long ones and the short ones.
ROUTES: dict[str, Callable[..., Answer]] = {
    r"/works": answer_works,
    r"/works/(.+)": answer_work,
    r"(?:/entrez/eutils)?/efetch\.fcgi": answer_efetch,
    r"(?:/entrez/eutils)?/esearch\.fcgi": answer_esearch,
    r"/tools/idconv/api/v1/articles/": answer_idconv,
    r"/v2/(10\..+)": answer_unpaywall,
}


# -- The server ------------------------------------------------------------------------------------


class Handler(BaseHTTPRequestHandler):
    """Answer, or go wrong in the way that is next."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        """Answer one question."""
        split = urlsplit(self.path)
        query = dict(parse_qsl(split.query))
        self.server.requests.append(Request(split.path, query, dict(self.headers.items())))
        right = answer(self.server.papers, unquote(split.path), query)
        with contextlib.suppress(ConnectionError):
            fault = self.server.next_fault(unquote(self.path))
            if fault:
                fault(self, right)
            else:
                self.reply(*right)

    def reply(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        """Send an answer; to a question with the right condition 304."""
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", etag)
        for name, value in (self.server.headers | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def begin(self, **headers: str) -> None:
        """Send the head of an answer whose end is the end of the connection."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", JSON)
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_message: object) -> None:
        """Keep quiet."""


class Server(ThreadingHTTPServer):
    """A server that tells what it was asked; papers and faults can be changed while it runs."""

    daemon_threads = True
    #: A thread that sends byte after byte is not waited for.
    block_on_close = False

    def __init__(
        self,
        papers: Sequence[Paper],
        faults: Mapping[str, Fault | Sequence[Fault]],
        headers: Mapping[str, str],
    ) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.papers = [*papers]
        self.faults = dict(faults)
        self.headers = dict(headers)
        self.requests: list[Request] = []
        self.connections: list[socket.socket] = []
        #: How often a fault of a list has happened.
        self.happened: dict[str, int] = {}

    @property
    def url(self) -> str:
        """The address, without a slash behind it."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables with which this server is asked in place of all services."""
        names = ("CROSSREF_URL", "EUTILS_URL", "IDCONV_URL", "UNPAYWALL_URL")
        return dict.fromkeys(names, self.url) | {"NO_PROXY": "127.0.0.1"}

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  its types
        """Remember a connection, which lives on after the server."""
        self.connections.append(request)
        super().process_request(request, client_address)

    def server_close(self) -> None:
        """Close all connections, too."""
        super().server_close()
        for connection in self.connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def next_fault(self, address: str) -> Fault | None:
        """Return what goes wrong at *address*, if anything does."""
        for part, faults in self.faults.items():
            if part in address:
                if callable(faults):
                    return faults
                number = self.happened.get(part, 0)
                self.happened[part] = number + 1
                return faults[number] if number < len(faults) else None
        return None

    def handle_error(self, *_request: object) -> None:
        """Keep quiet: a client that goes away is none."""


@contextlib.contextmanager
def serving(
    papers: Sequence[Paper] = (),
    faults: Mapping[str, Fault | Sequence[Fault]] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Serve *papers*; yield the server.

    *faults* by a part of the address, decoded: one happens each time, those of a list once each, one
    after the other. *headers* come with each right answer.
    """
    with Server(papers, faults or {}, headers or {}) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


# -- Faults ----------------------------------------------------------------------------------------


def status(code: int, body: bytes = b"", kind: str = TEXT, **headers: str) -> Fault:
    """Answer with *code*; the names of *headers* have ``_`` for ``-``."""
    return lambda handler, _right: handler.reply(code, kind, body, **headers)


def body(content: bytes | str, kind: str = JSON, code: int = 200) -> Fault:
    """Answer with *content*, whatever was asked."""
    data = content.encode() if isinstance(content, str) else content
    return status(code, data, kind)


def redirect(to: str, code: int = 302) -> Fault:
    """Lead to another address."""
    return status(code, Location=to)


def changed(change: Callable[[bytes], bytes]) -> Fault:
    """Answer with what *change* makes of the right answer."""
    return lambda handler, right: handler.reply(right[0], right[1], change(right[2]))


def web_page(handler: Handler, _right: Answer) -> None:
    """Answer with a page for people and HTTP 200, as portals and maintenance do."""
    handler.reply(200, PAGE, b"<!DOCTYPE html><html><body><h1>Back soon</h1></body></html>")


def cut(handler: Handler, right: Answer) -> None:
    """Send half of the right answer and say that it is all."""
    handler.reply(right[0], right[1], right[2][: len(right[2]) // 2])


def broken_off(handler: Handler, right: Answer) -> None:
    """Send half of the right answer, of which the head told the whole length."""
    handler.begin(Content_Length=str(len(right[2])))
    handler.wfile.write(right[2][: len(right[2]) // 2])


def reset(handler: Handler, _right: Answer) -> None:
    """Break the connection off without an answer (RST)."""
    handler.close_connection = True
    linger = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    handler.connection.close()


def drip(handler: Handler, _right: Answer) -> None:
    """Send a body byte by byte, without an end."""
    handler.begin()
    while True:
        handler.wfile.write(b" ")
        time.sleep(0.02)


def drip_head(handler: Handler, _right: Answer) -> None:
    """Send a head byte by byte, without an end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while True:
        handler.wfile.write(b"x")
        time.sleep(0.02)


def silence(handler: Handler, _right: Answer) -> None:
    """Take the question and say nothing for a while."""
    handler.close_connection = True
    time.sleep(2)


def huge(handler: Handler, _right: Answer) -> None:
    """Send a body of 1 GB, and say so."""
    handler.begin(Content_Length=str(1000 * MEGABYTE))
    _endless(handler)


def endless(handler: Handler, _right: Answer) -> None:
    """Send a body without an end, and say nothing of its length."""
    handler.begin()
    _endless(handler)


def _endless(handler: Handler) -> None:
    for _turn in range(1000):
        handler.wfile.write(b" " * MEGABYTE)


def gzip_bomb(handler: Handler, _right: Answer) -> None:
    """Send 100 MB in 100 kB."""
    packed = gzip.compress(b" " * (100 * MEGABYTE), 9)
    handler.reply(200, JSON, packed, Content_Encoding="gzip")


def packed(handler: Handler, right: Answer) -> None:
    """Send the right answer packed with gzip."""
    handler.reply(right[0], right[1], gzip.compress(right[2]), Content_Encoding="gzip")


def packed_twice(handler: Handler, right: Answer) -> None:
    """Send the right answer packed twice, as a bomb in a bomb is."""
    twice = gzip.compress(gzip.compress(right[2]))
    handler.reply(right[0], right[1], twice, Content_Encoding="gzip, gzip")


#: JSON nested so deeply that a parser that calls itself ends.
DEEP_JSON = body('{"message":' + "[" * 200_000 + "]" * 200_000 + "}")
#: Escapes of a terminal, a bell, a change of direction, markup and TeX, to be put into a text.
HOSTILE = "\x1b[2J\x1b]0;owned\x07\u202e<script>alert(1)</script>\\input{/etc/passwd}\r\n::error::"
