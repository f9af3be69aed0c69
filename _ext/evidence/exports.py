"""What the records and the references say of the papers, as rows, dated changes and points.

Plain data for the table, the map, the download and the feed; nothing here knows Sphinx.
"""

import csv
import datetime as dt
import io
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import NamedTuple

from docutils.nodes import make_id
from feedgenerator import Atom1Feed
from pybtex.database import Entry

from bibtex.tex import plain
from common.text import capital, sentence
from references.nlm_style import doi_address
from studies.record import Record
from studies.vocabulary import NOT_KNOWN, Vocabulary
from studies.wording import in_words, people_in_words

#: The columns of the table: heading, and width in percent.
COLUMNS = {
    "Paper": 15,
    "Year": 7,
    "Design": 13,
    "Direction": 10,
    "Status": 11,
    "People": 16,
    "Condition": 12,
    "Treatment": 16,
}
#: What leads to a paper.
IDENTIFIERS = ("doi", "pmid", "pmcid")


class Paper(NamedTuple):
    """A paper: its record, its reference, and where the record stands."""

    record: Record
    entry: Entry
    label: str  #: The label of its citations, as in "Smith et al. 2020".
    docname: str  #: The page with the record, and the title of the section around it.
    theme: str
    prose: Mapping[str, str]  #: The text under each term of the prose.

    @property
    def year(self) -> str:
        """Return the year of publication."""
        return str(self.entry.fields.get("year", ""))

    @property
    def notice(self) -> str:
        """Return the publication status, unless it is as published."""
        status = self.record["status"]
        return "" if status == "as published" else status

    @property
    def title(self) -> str:
        """Return the title without markup."""
        return plain(self.entry.fields.get("title", ""))


class Change(NamedTuple):
    """Something that happened to a record or to its paper."""

    date: str  #: The day, month or year as an ISO date, or "not known".
    key: str
    what: str  #: What happened, as a word in front of the paper.


def row(paper: Paper) -> list[str]:
    """Return the cells of *paper* in the columns after the first of `COLUMNS`."""
    record = paper.record
    total = f"{record.number:,}: {record['people']}" if len(record.people) > 1 else ""
    return [
        paper.year,
        capital(record["design"]),
        capital(record["direction"]),
        capital(record["status"]),
        total or people_in_words(record),
        capital(record["conditions"]),
        capital(record["intervention"]),
    ]


def changes(papers: Iterable[Paper]) -> list[Change]:
    """Return the additions, reviews and notices, newest first; then what has no date, by key."""
    found = []
    for paper in papers:
        record, key = paper.record, paper.record.key
        if record["added"]:
            found.append(Change(record["added"], key, "Added"))
        if record["reviewed"] > record["added"]:
            found.append(Change(record["reviewed"], key, "Reviewed"))
        if paper.notice and record["status-date"]:
            by = " by the publisher" if record["status"] == "corrected" else ""
            found.append(Change(record["status-date"], key, capital(record["status"]) + by))
    dated = [change for change in found if change.date != NOT_KNOWN]
    undated = [change for change in found if change.date == NOT_KNOWN]
    by_key = sorted(dated, key=lambda change: (change.what, change.key))
    return sorted(by_key, key=lambda change: change.date, reverse=True) + sorted(undated)


def as_csv(papers: Iterable[Paper], notice: str, vocabulary: Vocabulary) -> str:
    """Return one line for each of *papers*, with all that its record and reference say, and *notice*.

    A file is passed on without its page, so nothing that a reader has to know is left out.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")  # RFC 4180
    terms = vocabulary.terms
    note = f" ({vocabulary.review_note})" if vocabulary.review_note else ""
    headings = {"reviewed": f"reviewed{note}"}
    options = [headings.get(name, name.replace("-", " ")) for name in vocabulary.options]
    head = ["key", "citation", "title", "year", *IDENTIFIERS, *options, "number of people", "theme"]
    writer.writerow([*head, *terms, "further remarks", "medication safety"])
    for paper in papers:
        record = paper.record
        cells = [record.key, paper.label, paper.title, paper.year]
        cells += [paper.entry.fields.get(name, "") for name in IDENTIFIERS]
        plain_options = {name: re.sub(r"[*`]", "", record[name]) for name in vocabulary.options}
        plain_options["dose"] = in_words(record, "dose", vocabulary).rstrip(".")
        cells += [*plain_options.values(), str(record.number or ""), paper.theme]
        cells += [paper.prose.get(term, "") for term in terms]
        others = [f"{term}: {text}" for term, text in paper.prose.items() if term not in terms]
        writer.writerow([*cells, " ".join(others), notice])
    return out.getvalue()


class Site(NamedTuple):
    """What a feed says of the site."""

    title: str
    author: str
    #: The address of the site with a slash at its end, or nothing: then links are relative.
    base: str
    pages: Mapping[str, str]  #: The address of each page, by its name.
    notice: str  #: What every reader has to see, and the address of the page behind it.
    more: str
    remark: str  #: What is said of every summary; empty when nothing is.
    vocabulary: Vocabulary


def as_atom(papers: Sequence[Paper], site: Site) -> str:
    """Return the dated changes of *papers* as an Atom feed (RFC 4287); empty when there are none."""
    by_key = {paper.record.key: paper for paper in papers}
    dated = [change for change in changes(papers) if change.date != NOT_KNOWN]
    if not dated:
        return ""
    feed = Atom1Feed(
        title=f"{site.title}: new and changed",
        link=site.base or "./",
        description=site.notice,
        language="en",
        author_name=site.author,
        feed_url=f"{site.base}feed.xml",
        feed_guid=identifier(site),
    )
    for change in dated:
        paper = by_key[change.key]
        label = f"{paper.label}, {paper.notice}" if paper.notice else paper.label
        feed.add_item(
            title=f"{change.what}: {paper.record['plain-title']} ({label})",
            link=f"{site.pages[paper.docname]}#{make_id(change.key)}",
            description=description(paper, site),
            pubdate=first_moment(change.date),
            updateddate=first_moment(change.date),
            unique_id=identifier(site, change.key, change.what, change.date),
        )
    return str(feed.writeString("utf-8"))


def description(paper: Paper, site: Site) -> str:
    """Return the text of an entry of the feed, in HTML: the paper, its limit, and the notice."""
    parts = [paper.title, capital(paper.record["design"]), people_in_words(paper.record)]
    parts += [f"Publication status: {paper.record['status']}"]
    summary = " ".join([*map(sentence, parts), doi_address(paper.entry)])
    limit = site.vocabulary.limit
    known = f"{limit}: {paper.prose.get(limit, '')}"
    paragraphs = [summary, known, f"{site.notice} {site.remark}".strip()]
    link = f'<p><a href="{escape(site.more)}">{escape(site.more)}</a></p>' if site.more else ""
    return "".join(f"<p>{escape(words)}</p>" for words in paragraphs) + link


def identifier(site: Site, *parts: str) -> str:
    """Return an identifier that is the same for the same *parts* (RFC 4122, version 5)."""
    name = f"{make_id(site.title)}:{'/'.join(parts or (site.title,))}"
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def first_moment(date: str) -> dt.datetime:
    """Return the first moment of the day, month or year *date*, in universal time."""
    whole = date + "-01-01"[len(date) - 4 :]
    return dt.datetime.fromisoformat(whole).replace(tzinfo=dt.UTC)
