"""The views of all study records, made of built-in nodes: table, list, definitions, map and changes."""

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from docutils import nodes
from sphinx.util.nodes import make_refnode
from sphinx.util.osutil import relative_uri

from common.scripts import WEB
from common.settings import read_settings
from common.tables import Cell, table_of
from common.text import capital, day_in_words
from due import due_day
from evidence import map as evidence_map
from evidence.drawings import Drawing
from evidence.exports import CSV, FEED
from evidence.papers import Paper, Site, changes
from studies.search import Search
from studies.together import overlaps_of
from studies.vocabulary import HARMS, INCLUDED, NONE
from studies.wording import date_in_words, not_reviewed, people_in_words, total_in_words

#: The columns of the table: heading, and width as a share.
COLUMNS = {
    "Paper": 19,
    "Year": 9,
    "Design": 14,
    "Medicine": 16,
    "Compared with": 11,
    "Direction": 13,
    "People": 9,
    "Condition": 14,
    "Overlap": 12,
}
#: The same with several facts in a column, for paper and for books.
NARROW = {
    "Paper": 28,
    "Design and people": 28,
    "Medicine and comparison": 24,
    "Direction": 20,
}
#: The columns of the unwanted effects, on a screen and on paper.
HARMS_COLUMNS = {
    "Paper": 16,
    "Medicine": 16,
    "People": 8,
    "Any event": 12,
    "Stopped because of one": 12,
    "Most frequent": 24,
    "Serious": 12,
}
HARMS_NARROW = {
    "Paper, medicine and people": 28,
    "Any event; stopped": 27,
    "Most frequent": 26,
    "Serious": 19,
}
NOT_REPORTED = "Not reported"


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
            name = [link(site, paper, paper.label), title, *marks(paper)]
            rows.append([name, *facts(paper, wide=wide)])
    if not wide:
        return [table_of(NARROW, rows, ["evidence-table", "longtable"])]
    download = file_link(site, "Download the table as CSV", CSV)
    return [
        table_of(COLUMNS, rows, ["evidence-table", "wide"]),
        nodes.paragraph("", "", download),
    ]


def marks(paper: Paper) -> list[nodes.Node]:
    """Return the marks behind the name of *paper*: a notice, and that it is no paper of a journal."""
    found: list[nodes.Node] = []
    for mark in filter(None, [paper.notice, not_reviewed(paper.record)]):
        found += [nodes.Text(" "), nodes.strong("", f"[{mark}]")]
    return found


def facts(paper: Paper, *, wide: bool) -> list[str]:
    """Return the cells of *paper* after the first, for `COLUMNS` when *wide*, or `NARROW`."""
    record = paper.record
    names = ("design", "medicine", "direction", "conditions")
    design, medicine, direction, condition = (capital(record[name]) for name in names)
    compared = capital(record.comparator)
    if wide:
        people = f"{record.number:,}" if record.number else capital(record["people"])
        overlap = capital("; ".join(paper.overlaps)) or "None known"
        return [paper.year, design, medicine, compared, direction, people, condition, overlap]
    compared = f". Compared with: {record.comparator}" if record.comparator != NONE else ""
    return [
        f"{design}. People: {people_in_words(record)}. {condition}",
        f"{medicine}{compared}",
        direction,
    ]


def harms(site: Site) -> list[nodes.Node]:
    """Return the unwanted effects that each study of a medicine in people reports, as it does."""
    wide = site.builder.name in WEB
    rows: list[list[Cell]] = []
    for paper in site.papers:
        record, told = paper.record, paper.record.harms
        if NONE in {record["medicine"], record["people"]}:
            continue
        medicine = capital(record["medicine"])
        people = f"{record.number:,}" if record.number else "Not given"
        name: list[nodes.Node] = [link(site, paper, paper.label)]
        if not wide:
            name.append(nodes.Text(f": {record['medicine']}; people: {people.lower()}"))
        event, stopped, serious, frequent = (
            capital(told.get(kind, NOT_REPORTED)) for kind in HARMS[:4]
        )
        if also := told.get("also"):
            frequent = f"{frequent}. Also: {also}"
        cells: list[Cell] = [event, stopped, frequent, serious]
        if not wide:
            cells = [f"{event}; stopped: {stopped[:1].lower()}{stopped[1:]}", frequent, serious]
        if not told:
            spans = site.builder.format != "man"  # which knows no cell that spans columns
            cells = [capital(record["harms"]), *[None if spans else "" for _ in cells[1:]]]
        rows.append([name, *([medicine, people] if wide else []), *cells])
    columns = HARMS_COLUMNS if wide else HARMS_NARROW
    return [table_of(columns, rows, ["harms-table", "wide" if wide else "longtable"])]


def reviews(site: Site) -> list[nodes.Node]:
    """Return which study is in which review, as far as the records say so."""
    papers = {paper.record.key: paper for paper in site.papers}
    within = {
        key: {other: INCLUDED[how] for how, other in overlaps_of(paper.record) if how in INCLUDED}
        for key, paper in papers.items()
    }
    columns = [key for key in papers if any(key in others for others in within.values())]
    rows: list[list[Cell]] = [
        [
            [link(site, papers[key], papers[key].label)],
            *(others.get(review, "not seen") for review in columns),
        ]
        for key, others in within.items()
        if others
    ]
    width = {"Study": 25} | {papers[key].label: 75 // len(columns) for key in columns}
    return [table_of(width, rows, ["reviews-table"])] if rows else []


def last_search(site: Site) -> list[nodes.Node]:
    """Return when and how the literature was last searched, and when that is due again."""
    search = read_settings(Search, "search", site.env.config)
    if not search.date:
        return [nodes.paragraph("", "The literature was not searched.")]
    words = "; ".join(f'"{text}"' for text in search.words)
    fields: dict[str, list[nodes.Node]] = {
        "Last searched": [nodes.Text(day_in_words(search.date))],
        "Where": [nodes.Text(search.where)],
        "With these words": [nodes.Text(words)],
        "Did it change the conclusion?": [nodes.Text(search.conclusion)],
        "Next search due": [due_day(search.next)],
    }
    found = nodes.field_list(classes=["last-search"])
    for name, content in fields.items():
        body = nodes.field_body("", nodes.paragraph("", "", *content))
        found += nodes.field("", nodes.field_name("", name), body)
    return [found]


def short_list(site: Site) -> list[nodes.Node]:
    """Return the plain titles with design, people, medicine and direction, in three columns."""
    rows: list[list[Cell]] = []
    for paper in site.papers:
        record = paper.record
        title = [link(site, paper, f"{record['plain-title']} ({paper.year})"), *marks(paper)]
        medicine = "" if record["medicine"] == NONE else f"; {record['medicine']}"
        design = f"{capital(record['design'])}; {total_in_words(record)}{medicine}"
        rows.append([title, design, capital(record["direction"])])
    columns = {"Paper": 38, "What it is": 38, "Direction": 24}
    return [table_of(columns, rows, ["evidence-list"])]


def definitions(site: Site, option: str, meanings: Mapping[str, str]) -> list[nodes.Node]:
    """Return how many papers have each value of *option*, and what the value means."""
    found = nodes.definition_list(classes=["simple", "evidence-terms"])
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
    "harms": harms,
    "reviews": reviews,
    "search": last_search,
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
