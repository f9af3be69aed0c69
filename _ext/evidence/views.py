"""The views of all study records, made of built-in nodes: table, list, definitions, map and changes."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import NamedTuple

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from common.scripts import WEB
from common.tables import Cell, table_of
from common.text import capital
from evidence import map as evidence_map
from evidence.drawings import figure
from evidence.exports import COLUMNS, Paper, changes, row
from studies.vocabulary import Vocabulary
from studies.wording import date_in_words, people_in_words

#: The same with several facts in a column, for paper and for books.
NARROW = {
    "Paper": 28,
    "Design and people": 28,
    "Condition and treatment": 26,
    "Direction and status": 18,
}
#: The files beside the pages of a web site: the download and the feed.
CSV, FEED = "evidence.csv", "feed.xml"


class Context(NamedTuple):
    """What a view is made of."""

    env: BuildEnvironment
    builder: Builder
    docname: str  #: The page that shows the view.
    papers: list[Paper]  #: All papers, in the order of the site.
    caption: list[nodes.Node]  #: What is between the lines of the directive.
    vocabulary: Vocabulary

    @property
    def is_web(self) -> bool:
        """Return whether pages are made for a browser, with room for a wide table and scripts."""
        return self.builder.name in WEB

    def address(self, name: str) -> str:
        """Return the address of the file *name* at the root of the site, from the current page."""
        return relative_uri(self.builder.get_target_uri(self.docname), name)

    def link(self, paper: Paper, words: str = "") -> nodes.reference:
        """Return a link with *words* to the record of *paper*; without any it is the label."""
        anchor = nodes.make_id(paper.record.key)
        text = nodes.inline("", words or paper.label)
        return make_refnode(self.builder, self.docname, paper.docname, anchor, text)

    def named(self, paper: Paper) -> list[nodes.Node]:
        """Return the label of *paper* as a link to its record, and its plain title."""
        return [self.link(paper), nodes.Text(f": {paper.record['plain-title']}")]


# -- Views -----------------------------------------------------------------------------------------
def table(site: Context) -> list[nodes.Node]:
    """Return one row for each paper, by theme; on paper and in books with fewer columns."""
    cells, columns, look = (
        (row, COLUMNS, "wide") if site.is_web else (narrow_row, NARROW, "longtable")
    )
    rows: list[list[Cell]] = []
    for theme, papers in groupby(site.papers, key=lambda paper: paper.theme):
        if site.builder.format != "man":  # which knows no cell that spans columns
            rows.append([theme])
        rows.extend([site.named(paper), *cells(paper)] for paper in papers)
    found: list[nodes.Node] = [table_of(columns, rows, ["evidence-table", look])]
    if site.is_web:
        words, address = "Download the table as CSV", site.address(CSV)
        link = nodes.reference("", words, refuri=address, internal=True)
        found.append(nodes.paragraph("", "", link))
    return found


def narrow_row(paper: Paper) -> list[str]:
    """Return the cells of *paper* in the columns after the first of `NARROW`."""
    _, design, direction, status, people, condition, treatment = row(paper)
    return [
        f"{design}. People: {people}",
        f"{condition}. Treatment: {treatment}",
        f"{direction}. {status}",
    ]


def short_list(site: Context) -> list[nodes.Node]:
    """Return the plain titles with design and people, in three columns."""
    rows: list[list[Cell]] = [
        [
            [
                site.link(paper, f"{paper.record['plain-title']} ({paper.year})"),
                *([nodes.Text(" "), nodes.strong("", f"[{paper.notice}]")] if paper.notice else []),
            ],
            capital(paper.record["design"]),
            people_in_words(paper.record),
        ]
        for paper in site.papers
    ]
    return [
        table_of({"Paper": 33, "What it is": 31, "People studied": 36}, rows, ["evidence-list"])
    ]


def definitions(site: Context, option: str, meanings: Mapping[str, str]) -> list[nodes.Node]:
    """Return how many papers have each value of *option*, and what the value means."""
    found = nodes.definition_list(classes=["simple"])
    for value, meaning in meanings.items():
        number = sum(paper.record[option] == value for paper in site.papers)
        count = {0: "no paper", 1: "one paper"}.get(number, f"{number} papers")
        term = nodes.term("", f"{capital(value)}: {count}")
        definition = nodes.definition("", nodes.paragraph("", capital(meaning)))
        found += nodes.definition_list_item("", term, definition)
    return [found]


def drawn_map(site: Context) -> list[nodes.Node]:
    """Return the map of all papers."""
    drawing = evidence_map.drawing_of(site.papers, site.vocabulary)
    if drawing is None:
        return []
    return [figure(site.env, site.builder, site.docname, drawing, site.caption)]


def what_changed(site: Context) -> list[nodes.Node]:
    """Return the additions, reviews and notices, newest first, in one list for each day."""
    by_key = {paper.record.key: paper for paper in site.papers}
    found: list[nodes.Node] = []
    for date, on_that_day in groupby(changes(site.papers), key=lambda change: change.date):
        items = nodes.bullet_list()
        for change in on_that_day:
            paper = by_key[change.key]
            what, title = nodes.Text(f"{change.what}: "), nodes.Text(f", {paper.title}")
            items += nodes.list_item("", nodes.paragraph("", "", what, site.link(paper), title))
        found += [nodes.rubric("", date_in_words(date)), items]
    if site.is_web:
        feed = nodes.reference("", "Atom feed", refuri=site.address(FEED), internal=True)
        found.append(
            nodes.paragraph(
                "", "", nodes.Text("Follow this page with a feed reader: "), feed, nodes.Text(".")
            )
        )
    return found


VIEWS: dict[str, Callable[[Context], list[nodes.Node]]] = {
    "table": table,
    "list": short_list,
    "designs": lambda site: definitions(site, "design", site.vocabulary.designs),
    "directions": lambda site: definitions(site, "direction", site.vocabulary.directions),
    "map": drawn_map,
    "changes": what_changed,
}
