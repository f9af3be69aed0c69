"""The papers of a site: what their records and references say, and where they stand."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from docutils import nodes
from pybtex.database import Entry
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from bibtex.tex import plain
from common.settings import read_settings
from common.text import day_in_words, parse_day
from imprint.site import home
from notice.domain import MedicationSafetyDomain
from references.domain import ReferencesDomain
from studies.domain import StudiesDomain, vocabulary_of
from studies.record import Record
from studies.search import Search
from studies.vocabulary import Vocabulary


class Paper(NamedTuple):
    """A paper: its record, its reference, and where the record stands."""

    record: Record
    entry: Entry
    label: str  #: The label of its citations, as in "Smith et al. 2020".
    docname: str  #: The page with the record, and the title of the section around it.
    theme: str
    prose: Mapping[str, str]  #: The text under each term of the prose.
    overlaps: Mapping[str, list[str]]  #: The keys of papers that it depends on, by how it does.

    @property
    def year(self) -> str:
        """Return the year of publication."""
        return str(self.entry.fields.get("year", ""))

    @property
    def marked_label(self) -> str:
        """Return the label, with the publication status behind it unless it is as published."""
        return f"{self.label} [{self.record.notice}]" if self.record.notice else self.label

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

    @property
    def by_key(self) -> dict[str, Paper]:
        """Return the papers by their keys."""
        return {paper.record.key: paper for paper in self.papers}

    @property
    def cite_as(self) -> str:
        """Return how to cite the data: who, what, which version and of which day, where."""
        config = self.env.config
        words = f"version {config.release}, data of {day_in_words(self.date)}"
        return f"{config.author}. {config.project}, {words}. {self.home}".rstrip()

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


@lru_cache(maxsize=1)  # each page asks, and what it shows, too
def site_of(env: BuildEnvironment, builder: Builder) -> Site:
    """Return the papers that *env* knows once all pages have been read, for *builder*."""
    bibliography, domain, config = ReferencesDomain.of(env), StudiesDomain.of(env), env.config
    papers = [
        Paper(
            study.record,
            bibliography.entries[study.record.key],
            bibliography.labels[study.record.key],
            study.docname,
            study.theme,
            study.texts(bibliography.labels),
            domain.overlaps[study.record.key],
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
