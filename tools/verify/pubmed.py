"""Papers as PubMed describes them (NCBI E-utilities, ``efetch`` with ``retmode=xml``).

The shape: NLM, "PubMed DTD" (pubmed_190101.dtd) and "MEDLINE/PubMed XML Element Descriptions". What
links and types mean: NLM, "Errata, Retractions, and Other Linked Citations in PubMed".
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from defusedxml import DefusedXmlException, ElementTree

from common.text import MONTHS
from paper_kind import year_in
from verify import notices
from verify.text import bare_doi, clean
from verify.work import PUBMED, Name, Notice, UnreadableError, Work

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from xml.etree.ElementTree import Element

#: What a link on a paper says of it, by its ``RefType``.
LINKS = {
    "RetractionIn": notices.RETRACTION,
    "PartialRetractionIn": notices.PARTIAL,
    "RetractedandRepublishedIn": notices.REPUBLICATION,
    "ExpressionOfConcernIn": notices.CONCERN,
    "ErratumIn": notices.CORRECTION,
    "CorrectedandRepublishedIn": notices.CORRECTION,
    "CorrectedandRepublishedFrom": notices.CORRECTION,  # this is the corrected paper
}
#: Links by which a notice tells of which paper it speaks.
LINKS_OF_NOTICE = {"RetractionOf", "PartialRetractionOf", "ExpressionOfConcernFor", "ErratumFor"}
#: Publication types in small letters.
RETRACTED = "retracted publication"
CORRECTED = "corrected and republished article"
RETRACTION_NOTICES = {"retraction of publication", "retraction notice"}
OTHER_NOTICES = {"published erratum", "expression of concern"}
#: Numbers of articles; publishers also give names of files and PII here.
ARTICLE_NUMBER = re.compile(r"[A-Za-z]{0,4}[0-9]{1,9}", re.ASCII)
RANGE = re.compile(
    r"(?P<before>\S*?)(?P<first>\d+)(?P<behind>[A-Za-z]?)-(?P<last>\d+)(?P<rest>\S*)", re.ASCII
)
#: "J Stud. 2020 May 1;3(2):9. doi: 10.1234/abc."
SOURCE_DATE = re.compile(r"\b((?:1[89]|20)\d\d)(?:[ -]([A-Z][a-z]{2})[a-z]*(?:[ -](\d{1,2})\b)?)?")
SOURCE_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.IGNORECASE)
SHORT_MONTHS = [name[:3] for name in MONTHS]
MAX_ABSTRACT, MAX_PAGES = 60_000, 100
BY_TYPE, BY_TITLE = f"{PUBMED}, by its publication type", f"{PUBMED}, by the title alone"


def read_works(data: bytes, asked: Collection[str] = ()) -> dict[str, Work]:
    """Return the papers in *data* by their PMID; an unknown PMID is left out by PubMed.

    Raise `UnreadableError` for any other shape and, where *asked* has the PMIDs that were asked for,
    for a record of another paper. Entities and what is outside the file are never read.
    """
    try:
        return _read(ElementTree.fromstring(data), asked)
    except UnreadableError:
        raise
    except RecursionError:
        message = "XML that is nested too deeply"
        raise UnreadableError(message) from None
    except DefusedXmlException:
        message = "XML that defines words of its own, or asks for other files"
        raise UnreadableError(message) from None
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        message = f"no XML that may be read: {clean(str(error), 100) or type(error).__name__}"
        raise UnreadableError(message) from None


def _read(root: Element, asked: Collection[str]) -> dict[str, Work]:
    """Return the papers in *root*; raise `UnreadableError` as `read_works` does."""
    if root.tag != "PubmedArticleSet":
        raise UnreadableError(_what_else(root))
    found: dict[str, Work] = {}
    for record in root:
        if record.tag in {"PubmedArticle", "PubmedBookArticle"}:
            work = _book(record) if record.tag == "PubmedBookArticle" else _article(record)
            if asked and work.pmid not in asked:
                message = f"a record of PMID {work.pmid}, which was not asked for"
                raise UnreadableError(message)
            found[work.pmid] = work
    return found


def _what_else(root: Element) -> str:
    """Return what *root* is in the place of papers."""
    said = clean(" ".join(root.itertext()), 100) if root.tag == "eFetchResult" else ""
    return f"PubMed says: {said}" if said else f"{clean(str(root.tag), 40)} in the place of papers"


def _text(parent: Element | None, path: str, limit: int = 2_000) -> str:
    """Return the text of the first element at *path*, clean; empty when there is none."""
    element = parent.find(path) if parent is not None else None
    return "" if element is None else _plain(element, limit)


def _plain(element: Element, limit: int = 2_000) -> str:
    """Return the text of *element* by the rules for markup of `verify.text.clean`."""
    return clean("".join(_source(element, 4 * limit)), limit)


def _source(element: Element, room: int) -> Iterator[str]:
    """Yield what is within *element* as XML, until there is no *room*."""
    yield html.escape(element.text or "", quote=False)
    todo = [iter(element)]
    open_: list[Element] = []
    while todo and room > 0:
        if (child := next(todo[-1], None)) is None:
            todo.pop()
            if open_:
                closed = open_.pop()
                piece = f"</{_name(closed)}>{html.escape(closed.tail or '', quote=False)}"
                room -= len(piece)
                yield piece
        else:
            piece = f"<{_name(child)}>{html.escape(child.text or '', quote=False)}"
            room -= len(piece)
            yield piece
            todo.append(iter(child))
            open_.append(child)


def _name(element: Element) -> str:
    """Return the name of *element* without its namespace."""
    return str(element.tag).rpartition("}")[2]


def _pmid(record: Element, path: str) -> str:
    """Return the PMID at *path*; raise `UnreadableError` when it is none."""
    pmid = _text(record, path)
    if not re.fullmatch(r"[1-9][0-9]{0,8}", pmid, re.ASCII):
        message = f"a record with the PMID {pmid!r}"
        raise UnreadableError(message)
    return pmid


def _article(record: Element) -> Work:
    """Return the paper in the PubmedArticle *record*."""
    pmid = _pmid(record, "MedlineCitation/PMID")
    article = record.find("MedlineCitation/Article")
    if article is None:
        message = f"a record of PMID {pmid} without an article"
        raise UnreadableError(message)
    ids = _ids(record, "PubmedData/ArticleIdList/ArticleId")
    places = {
        kind: [
            _plain(place)
            for place in article.findall("ELocationID")
            if place.get("EIdType") == kind and place.get("ValidYN", "Y") != "N"
        ]
        for kind in ("doi", "pii")
    }
    title, original = (
        _title(_text(article, "ArticleTitle")),
        _title(_text(article, "VernacularTitle")),
    )
    authors, complete = _authors(article)
    types = tuple(filter(None, map(_plain, article.findall("PublicationTypeList/PublicationType"))))
    abstract = _abstract(article)
    said, is_notice, notice_of = _notices(record, title, abstract, types)
    journals = (
        _text(article, "Journal/Title"),
        _text(article, "Journal/ISOAbbreviation"),
        _text(record, "MedlineCitation/MedlineJournalInfo/MedlineTA"),
    )
    return Work(
        source=PUBMED,
        title=title,
        other_titles=tuple(filter(None, [original, notices.without_mark(title)])),
        authors=authors,
        complete=complete,
        journals=tuple(dict.fromkeys(filter(None, journals))),
        years=_years(article),
        volume=_text(article, "Journal/JournalIssue/Volume"),
        issue=_text(article, "Journal/JournalIssue/Issue"),
        pages=_pages(article),
        article_number=next(filter(ARTICLE_NUMBER.fullmatch, places["pii"]), ""),
        doi=bare_doi(ids.get("doi") or next(iter(places["doi"]), "")),
        pmid=pmid,
        pmcid=_pmcid(ids),
        abstract=abstract,
        types=types,
        notices=said,
        is_notice=is_notice,
        notice_of=notice_of,
    )


def _book(record: Element) -> Work:
    """Return the book or the chapter in the PubmedBookArticle *record*."""
    pmid = _pmid(record, "BookDocument/PMID")
    document = record.find("BookDocument")
    book = record.find("BookDocument/Book")
    title, name = _title(_text(document, "ArticleTitle")), _title(_text(book, "BookTitle"))
    ids = _ids(record, "BookDocument/ArticleIdList/ArticleId")
    authors, complete = _authors(document) if document is not None else ((), True)
    if not authors and not title and book is not None:
        authors, complete = _authors(book)
    year = year_in(_text(book, "PubDate"))
    return Work(
        source=PUBMED,
        title=title or name,
        authors=authors,
        complete=complete,
        journals=(name,) if title and name else (),
        years={"issued": int(year)} if year else {},
        pages=_pages(document) if document is not None else "",
        doi=bare_doi(ids.get("doi", "")),
        pmid=pmid,
        pmcid=_pmcid(ids),
        abstract=_abstract(document) if document is not None else "",
        types=tuple(filter(None, map(_plain, record.findall("BookDocument/PublicationType")))),
    )


def _ids(record: Element, path: str) -> dict[str, str]:
    """Return the identifiers at *path* by their type: those of the paper, not of its references."""
    found: dict[str, str] = {}
    for element in record.findall(path):
        found.setdefault(element.get("IdType", "pubmed"), "".join(element.itertext()))
    return found


def _pmcid(ids: dict[str, str]) -> str:
    """Return the PMCID among *ids*, without its version."""
    match = re.match(r"\s*(PMC[0-9]{1,9})(?![0-9])", ids.get("pmc", ""), re.IGNORECASE | re.ASCII)
    return match[1].upper() if match else ""


def _title(text: str) -> str:
    """Return the title in *text* without its full stop and the brackets that NLM puts around a translation."""
    text = text.removesuffix(".") if not re.search(r"\.(?:\w|\.)?\.$", text) else text
    if text.startswith("[") and text.endswith("]"):
        depth = 0
        for place, character in enumerate(text):
            depth += {"[": 1, "]": -1}.get(character, 0)
            if depth == 0:
                return _title(text[1:-1]) if place == len(text) - 1 else text
    return text


def _authors(parent: Element) -> tuple[tuple[Name, ...], bool]:
    """Return the authors, and whether the list is whole; names that NLM has replaced are left out."""
    found = []
    complete = True
    for people in parent.findall("AuthorList"):
        if people.get("Type", "authors") != "authors":
            continue
        complete = complete and people.get("CompleteYN", "Y") != "N"
        for person in people.findall("Author"):
            if person.get("ValidYN", "Y") == "N":
                continue
            family, group = _text(person, "LastName"), _text(person, "CollectiveName")
            given = _text(person, "ForeName") or _text(person, "Initials")
            if family:
                found.append(Name(family, given, _text(person, "Suffix")))
            elif group or given:
                found.append(Name(group or given, is_group=True))
            else:
                complete = False
    return tuple(found), complete


def _years(article: Element) -> dict[str, int]:
    """Return the years: of the issue, ``2009 Nov-Dec`` and ``1998 Dec-1999 Jan`` too, and online.

    The issue of a journal that is not printed has no printed year.
    """
    issue = article.find("Journal/JournalIssue/PubDate")
    date = _text(issue, "Year") or _text(issue, "MedlineDate")
    online = next(
        (
            _text(day, "Year")
            for day in article.findall("ArticleDate")
            if day.get("DateType", "Electronic") == "Electronic"
        ),
        "",
    )
    printed = article.get("PubModel", "Print") not in {"Electronic", "Electronic-eCollection"}
    years = {"print" if printed else "issued": year_in(date), "online": year_in(online)}
    return {kind: int(year) for kind, year in years.items() if year}


def _pages(article: Element) -> str:
    """Return the pages, with whole numbers."""
    pages = _text(article, "Pagination/MedlinePgn", MAX_PAGES)
    if not pages:
        ends = [_text(article, f"Pagination/{end}Page", MAX_PAGES) for end in ("Start", "End")]
        pages = "-".join(dict.fromkeys(filter(None, ends)))
    return whole_pages(pages)


def whole_pages(pages: str) -> str:
    """Return *pages* of MEDLINE with whole numbers: "134-40" as "134-140", "S12-9" as "S12-S19".

    What stands behind a semicolon is not of the paper itself ("1-9; quiz 10"), nor is a remark
    ("passim").
    """
    pages = re.split(r";|\s+(?:passim|cntd|concl|contd)\b", pages)[0]
    pages = re.sub(r"\s*[-\u2010-\u2015]\s*", "-", pages.strip())
    return ", ".join(RANGE.sub(_whole, part.strip()) for part in pages.split(",") if part.strip())


def _whole(match: re.Match[str]) -> str:
    """Return the range in *match* with the digits and the letters that its end shares with its start."""
    first, last = match["first"], match["last"]
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    if len(last) == len(first) and last < first:
        return match[0]
    start = f"{match['before']}{first}{match['behind']}"
    return f"{start}-{match['before']}{last}{match['rest']}"


def _abstract(article: Element) -> str:
    """Return the abstract, its parts with their labels: "RESULTS: ..."; not one in another language."""
    parts = []
    for part in article.findall("Abstract/AbstractText"):
        label, words = clean(part.get("Label", ""), 200), _plain(part, MAX_ABSTRACT)
        has_label = bool(label) and label.upper() != "UNLABELLED"
        parts.append(f"{label}: {words}" if has_label and words else words)
    return " ".join(filter(None, parts))[:MAX_ABSTRACT]


def _notices(
    record: Element, title: str, abstract: str, types: tuple[str, ...]
) -> tuple[tuple[Notice, ...], bool, tuple[str, ...]]:
    """Return what was said of the paper, whether it is a notice itself, and of which papers.

    "Retracted Publication" is the type of the paper, "Retraction of Publication" and "Retraction
    Notice" are those of the notice. With both, the links decide, and next the title: a notice has
    "RetractionOf", a paper "RetractionIn". A paper that was published again after a retraction
    ("RetractedandRepublishedFrom") is not the one that was retracted. "ErratumFor" alone is on
    papers, too, that correct another one in passing; they have an abstract and another type.
    """
    said, about = [], []
    kinds = {kind.lower() for kind in types}
    own, foreign = set(), set()
    for link in record.findall("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        reference = link.get("RefType", "")
        source = _text(link, "RefSource")
        doi = SOURCE_DOI.search(source)
        if kind := LINKS.get(reference):
            own.add(reference)
            from_ = bare_doi(doi[1].rstrip(".;,")) if doi else ""
            said.append(Notice(kind, PUBMED, _source_date(source), from_))
        elif reference in LINKS_OF_NOTICE:
            foreign.add(reference)
            pmid = _text(link, "PMID")
            about.append(
                f"PMID {pmid}" if pmid else bare_doi(doi[1].rstrip(".;,")) if doi else source
            )
    has_title = notices.is_title_of_notice(title, abstract)
    if (
        RETRACTED in kinds
        and not has_title
        and ("RetractionIn" in own or "RetractionOf" not in foreign)
    ):
        is_notice = bool(kinds & RETRACTION_NOTICES) and "RetractionOf" in foreign
    else:
        only_in_passing = foreign == {"ErratumFor"} and bool(abstract)
        is_notice = bool(
            has_title
            or kinds & (RETRACTION_NOTICES | OTHER_NOTICES)
            or (foreign and not only_in_passing)
        )
    if is_notice:
        return tuple(dict.fromkeys(said)), True, tuple(dict.fromkeys(filter(None, about)))
    given = {notice.kind for notice in said}
    if RETRACTED in kinds and not given & {notices.RETRACTION, notices.REPUBLICATION}:
        said.append(Notice(notices.RETRACTION, BY_TYPE))
    elif notices.is_marked(title) and not given & {
        notices.RETRACTION,
        notices.REPUBLICATION,
        notices.PARTIAL,
    }:
        said.append(Notice(notices.RETRACTION, BY_TITLE))
    if CORRECTED in kinds and notices.CORRECTION not in given:
        said.append(Notice(notices.CORRECTION, BY_TYPE))
    return tuple(dict.fromkeys(said)), False, ()


def _source_date(source: str) -> str:
    """Return the date in the *source* of a notice: "J Stud. 2020 May 1;3(2):9"."""
    match = SOURCE_DATE.search(source)
    if match is None:
        return ""
    month = SHORT_MONTHS.index(match[2]) + 1 if match[2] in SHORT_MONTHS else 0
    day = int(match[3] or 0) if month else 0
    parts = [match[1], f"{month:02}" if month else "", f"{day:02}" if 1 <= day <= 31 else ""]  # noqa: PLR2004
    return "-".join(filter(None, parts))
