"""The views of all study records, made of built-in nodes: table, list, definitions, map and changes."""

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from common.scripts import WEB
from common.tables import Cell, table_of
from common.text import capital
from evidence import map as evidence_map
from evidence.drawings import Drawing
from evidence.exports import CSV, FEED
from evidence.papers import Paper, Site, changes
from studies.wording import date_in_words, people_in_words

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
#: The same with several facts in a column, for paper and for books.
NARROW = {
    "Paper": 28,
    "Design and people": 28,
    "Condition and treatment": 26,
    "Direction and status": 18,
}


class evidence_view(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of one of `VIEWS`, its *kind*, or of a *drawing*; its children are the caption."""


# -- Views -----------------------------------------------------------------------------------------
def table(site: Site) -> list[nodes.Node]:
    """Return one row for each paper, by theme; on paper and in books with fewer columns."""
    wide = site.builder.name in WEB
    rows: list[list[Cell]] = []
    for theme, papers in groupby(site.papers, key=lambda paper: paper.theme):
        if site.builder.format != "man":  # which knows no cell that spans columns
            rows.append([theme])
        for paper in papers:
            title = nodes.Text(f": {paper.record['plain-title']}")
            rows.append([[link(site, paper, paper.label), title], *facts(paper, wide=wide)])
    if not wide:
        return [table_of(NARROW, rows, ["evidence-table", "longtable"])]
    download = file_link(site, "Download the table as CSV", CSV)
    return [
        table_of(COLUMNS, rows, ["evidence-table", "wide"]),
        nodes.paragraph("", "", download),
    ]


def facts(paper: Paper, *, wide: bool) -> list[str]:
    """Return the cells of *paper* after the first, for `COLUMNS` when *wide*, or `NARROW`."""
    record = paper.record
    names = ("design", "direction", "status", "conditions", "intervention")
    design, direction, status, condition, treatment = (capital(record[name]) for name in names)
    total = f"{record.number:,}: {record['people']}" if len(record.people) > 1 else ""
    people = total or people_in_words(record)
    if wide:
        return [paper.year, design, direction, status, people, condition, treatment]
    return [
        f"{design}. People: {people}",
        f"{condition}. Treatment: {treatment}",
        f"{direction}. {status}",
    ]


def short_list(site: Site) -> list[nodes.Node]:
    """Return the plain titles with design and people, in three columns."""
    rows: list[list[Cell]] = []
    for paper in site.papers:
        title = [link(site, paper, f"{paper.record['plain-title']} ({paper.year})")]
        if paper.notice:
            title += [nodes.Text(" "), nodes.strong("", f"[{paper.notice}]")]
        rows.append([title, capital(paper.record["design"]), people_in_words(paper.record)])
    columns = {"Paper": 33, "What it is": 31, "People studied": 36}
    return [table_of(columns, rows, ["evidence-list"])]


def definitions(site: Site, option: str, meanings: Mapping[str, str]) -> list[nodes.Node]:
    """Return how many papers have each value of *option*, and what the value means."""
    found = nodes.definition_list(classes=["simple"])
    for value, meaning in meanings.items():
        number = sum(paper.record[option] == value for paper in site.papers)
        count = {0: "no paper", 1: "one paper"}.get(number, f"{number} papers")
        term = nodes.term("", f"{capital(value)}: {count}")
        definition = nodes.definition("", nodes.paragraph("", capital(meaning)))
        found += nodes.definition_list_item("", term, definition)
    return [found]


def what_changed(site: Site) -> list[nodes.Node]:
    """Return the additions, reviews and notices, newest first, in one list for each day."""
    found: list[nodes.Node] = []
    for date, on_that_day in groupby(changes(site.papers), key=lambda change: change.date):
        items = nodes.bullet_list()
        for _, what, paper in on_that_day:
            words = nodes.paragraph("", f"{what}: ")
            words += [link(site, paper, paper.label), nodes.Text(f", {paper.title}")]
            items += nodes.list_item("", words)
        found += [nodes.rubric("", date_in_words(date)), items]
    if site.builder.name in WEB:
        words = nodes.paragraph("", "Follow this page with a feed reader: ")
        words += [file_link(site, "Atom feed", FEED), nodes.Text(".")]
        found.append(words)
    return found


VIEWS: dict[str, Callable[[Site], list[nodes.Node] | Drawing]] = {
    "table": table,
    "list": short_list,
    "designs": lambda site: definitions(site, "design", site.vocabulary.designs),
    "directions": lambda site: definitions(site, "direction", site.vocabulary.directions),
    "map": lambda site: evidence_map.drawing_of(site.papers, site.vocabulary) or [],
    "changes": what_changed,
}


# -- Their parts -----------------------------------------------------------------------------------
def link(site: Site, paper: Paper, words: str) -> nodes.Node:
    """Return a link with *words* to the record of *paper*, for the page that is written."""
    text = nodes.inline("", words)
    return make_refnode(site.builder, site.env.docname, paper.docname, paper.anchor, text)


def file_link(site: Site, words: str, name: str) -> nodes.reference:
    """Return a link with *words* to the file *name* at the root of the site."""
    address = relative_uri(site.builder.get_target_uri(site.env.docname), name)
    return nodes.reference("", words, refuri=address, internal=True)


def figure(site: Site, drawing: Drawing, place: nodes.Element) -> nodes.figure:
    """Return *drawing* as SVG, TikZ or words for the builder; its caption is in *place*."""
    words = f"{drawing.title}. {drawing.words}"
    shown: nodes.Element = nodes.paragraph("", words)
    if site.builder.name == "epub":
        path = Path(site.env.doctreedir, f"{drawing.name}.svg")
        path.write_text(drawing.svg(in_page=False), "utf-8")
        site.env.images.add_file(site.env.docname, str(path))
        shown = nodes.image(uri=str(path), candidates={"*": str(path)}, alt=words)
    elif site.builder.format == "html":
        shown = nodes.raw("", drawing.svg(in_page=True), format="html", trusted=True)
    elif site.builder.format == "latex":
        shown = nodes.raw("", drawing.tikz(), format="latex", trusted=True)
    caption = nodes.caption()
    for paragraph in place.findall(nodes.paragraph):
        caption += paragraph.children
    # Sphinx warns of a figure without an anchor.
    return nodes.figure("", shown, caption, ids=[f"figure-{drawing.name}"])
