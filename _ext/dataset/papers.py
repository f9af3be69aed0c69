"""The papers of a site: what their records and references say, and where they stand."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from docutils import nodes
from pybtex.database import Entry
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from bibtex.tex import plain
from common.settings import read_settings
from common.text import capital, parse_day
from dataset.history import FieldChange
from imprint.site import home
from notice.domain import MedicationSafetyDomain
from references.domain import ReferencesDomain
from studies.domain import StudiesDomain, vocabulary_of
from studies.record import Record
from studies.search import Search
from studies.vocabulary import AS_PUBLISHED, Vocabulary


class Paper(NamedTuple):
    """A paper: its record, its reference, and where the record stands."""

    record: Record
    entry: Entry
    label: str  #: The label of its citations, as in "Smith et al. 2020".
    docname: str  #: The page with the record, and the title of the section around it.
    theme: str
    prose: Mapping[str, str]  #: The text under each term of the prose.
    overlaps: Mapping[str, list[str]]  #: The labels of papers that it depends on, by how it does.

    @property
    def year(self) -> str:
        """Return the year of publication."""
        return str(self.entry.fields.get("year", ""))

    @property
    def notice(self) -> str:
        """Return the publication status, unless it is as published."""
        status = self.record["status"]
        return "" if status == AS_PUBLISHED else status

    @property
    def title(self) -> str:
        """Return the title without markup."""
        return plain(self.entry.fields.get("title", ""))

    @property
    def anchor(self) -> str:
        """Return the anchor of the record on its page."""
        return nodes.make_id(self.record.key)


class Site(NamedTuple):
    """All papers, in the order of the toctree, and what makes pages of them."""

    env: BuildEnvironment
    builder: Builder
    vocabulary: Vocabulary
    papers: list[Paper]
    home: str  #: The address of the site, with a slash at its end; empty when it has none.
    #: The newest day in its data, as 2026-01-31; empty when nothing has a date. It comes from the records
    #: and the last search and never from the clock, so the same source gives the same edition.
    date: str
    notice: str  #: The medication safety notice on one line,
    notice_page: str  #: and the page that it links to; empty when there is none.
    licence: str  #: Of the data.

    def address(self, docname: str, anchor: str = "") -> str:
        """Return where *anchor* of *docname* is; from the root of the site, when that has no address."""
        page, _, place = self.builder.get_target_uri(docname).partition("#")
        if place:  # there is one page with all of them, which has no place for itself
            root = self.env.config.root_doc
            page = root + getattr(self.builder, "out_suffix", "")
            place = "" if docname == root else place
        return f"{self.home}{page}#{anchor or place}".rstrip("#")

    def link(self, paper: Paper, words: str) -> nodes.reference:
        """Return a link with *words* to the record of *paper*, for the page that is written."""
        text, here = nodes.inline("", words), self.env.docname
        return make_refnode(self.builder, here, paper.docname, paper.anchor, text)

    def file(self, words: str, name: str) -> nodes.reference:
        """Return a link with *words* to the file *name* at the root of the site."""
        address = relative_uri(self.builder.get_target_uri(self.env.docname), name)
        return nodes.reference("", words, refuri=address, internal=True)


class Change(NamedTuple):
    """Something that happened to a record or to its paper."""

    date: str  #: The day, month or year as an ISO date, or "not known".
    what: str  #: What happened, as a word in front of the paper.
    key: str
    label: str  #: Of its citations.
    paper: Paper | None  #: None when it is no longer here.
    fields: tuple[FieldChange, ...] = ()  #: What its record said and says, where that is known.


def site_of(env: BuildEnvironment, builder: Builder) -> Site:
    """Return the papers that *env* knows, for *builder*."""
    bibliography, domain, config = ReferencesDomain.of(env), StudiesDomain.of(env), env.config
    papers = [
        Paper(
            study.record,
            bibliography.entries[study.record.key],
            bibliography.labels[study.record.key],
            study.docname,
            study.theme,
            study.texts(bibliography.labels),
            {
                kind: [bibliography.labels[key] for key in keys]
                for kind, keys in domain.overlaps[study.record.key].items()
            },
        )
        for study in domain.all
    ]
    records = [paper.record for paper in papers]
    days = {record[name] for record in records for name in ("added", "reviewed", "status-date")}
    days.add(read_settings(Search, "search", config).date)
    date = max(filter(parse_day, days), default="")
    licence = config.evidence_licence or config.copyright
    words = MedicationSafetyDomain.of(env).words
    return Site(env, builder, vocabulary_of(config), papers, home(config), date, *words, licence)


def dated(papers: Iterable[Paper]) -> Iterator[Change]:
    """Yield the additions, reviews and notices that records tell."""
    for paper in papers:
        record = paper.record
        days = [(record["added"], "Added")]
        if record["reviewed"] > record["added"]:
            days.append((record["reviewed"], "Compared with its source"))
        if paper.notice:
            by = " by the publisher" if record["status"] == "corrected" else ""
            days.append((record["status-date"], capital(record["status"]) + by))
        yield from (
            Change(date, what, record.key, paper.label, paper) for date, what in days if date
        )
