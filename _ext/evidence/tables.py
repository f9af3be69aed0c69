"""The tables of all study records, made of built-in nodes."""

from itertools import groupby

from docutils import nodes

from common.scripts import WEB
from common.tables import Cell, table_of
from common.text import capital
from dataset.formats import CSV
from dataset.papers import Paper, Site
from dataset.types import NOT_REPORTED
from folded import folded
from studies.together import Selection, inclusions
from studies.vocabulary import HARMS, NONE
from studies.wording import in_words, not_reviewed, people_in_words, total_in_words

#: The columns of the table: heading, and width as a share.
COLUMNS = {
    "Paper": 19,
    "Year": 9,
    "Design": 14,
    "Medicine": 16,
    "Compared with": 12,
    "Direction": 13,
    "People": 9,
    "Condition": 14,
    "Overlap": 12,
}
#: The same with several facts in a column, for paper and for books.
NARROW = {"Paper": 28, "Design and people": 28, "Medicine and comparison": 24, "Direction": 20}
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


def papers(site: Site) -> list[nodes.Node]:
    """Return one row for each paper, by theme; on paper and in books with fewer columns."""
    wide = site.builder.name in WEB
    rows: list[list[Cell]] = []
    for theme, found in groupby(site.papers, key=lambda paper: paper.theme):
        if site.builder.format != "man":  # which knows no cell that spans columns
            rows.append([theme])
        for paper in found:
            record, first = paper.record, name(site, paper, paper.record["plain-title"])
            names = ("design", "medicine", "direction", "conditions")
            design, medicine, direction, condition = (capital(record[name]) for name in names)
            if wide:
                overlap = capital("; ".join(paper.overlaps)) or "None known"
                treatment = [medicine, capital(record.comparator), direction]
                more = [people_of(paper), condition, overlap]
                rows.append([first, paper.year, design, *treatment, *more])
            else:
                compared = (
                    "" if record.comparator == NONE else f". Compared with: {record.comparator}"
                )
                beside = f"{design}. People: {people_in_words(record)}. {condition}"
                rows.append([first, beside, f"{medicine}{compared}", direction])
    if not wide:
        return [table_of(NARROW, rows, ["evidence-table", "longtable"])]
    download = site.file("Download the table as CSV", CSV)
    table = table_of(COLUMNS, rows, ["evidence-table", "wide"])
    return [table, nodes.paragraph("", "", download)]


def name(site: Site, paper: Paper, more: str = "") -> list[nodes.Node]:
    """Return the label of *paper* as a link, *more* behind a colon, and its marks."""
    words = [nodes.Text(f": {more}")] if more else []
    return [site.link(paper, paper.label), *words, *marks(paper)]


def people_of(paper: Paper) -> str:
    """Return how many people were studied in all, for a cell."""
    record = paper.record
    return f"{record.number:,}" if record.number else capital(record["people"])


def marks(paper: Paper) -> list[nodes.Node]:
    """Return the marks behind the name of *paper*: a notice, and that it is no paper of a journal."""
    found: list[nodes.Node] = []
    for mark in filter(None, [paper.record.notice, not_reviewed(paper.record)]):
        found += [nodes.Text(" "), nodes.strong("", f"[{mark}]")]
    return found


def harms(site: Site) -> list[nodes.Node]:
    """Return the unwanted effects that each study of a medicine in people reports, as it does."""
    wide = site.builder.name in WEB
    rows: list[list[Cell]] = []
    for paper in site.papers:
        record, told = paper.record, paper.record.harms
        if NONE in {record["medicine"], record["people"]}:
            continue
        people = people_of(paper)
        event, stopped, serious, frequent = (
            capital(told.get(kind, NOT_REPORTED)) for kind in HARMS[:4]
        )
        if also := told.get("also"):
            frequent = f"{frequent}. Also: {also}"
        first: list[Cell]
        cells: list[Cell]
        if wide:
            first = [name(site, paper), capital(record["medicine"]), people]
            cells = [event, stopped, frequent, serious]
        else:
            first = [name(site, paper, f"{record['medicine']}; people: {people.lower()}")]
            cells = [f"{event}; stopped: {stopped[:1].lower()}{stopped[1:]}", frequent, serious]
        if not told:
            spans = site.builder.format != "man"  # which knows no cell that spans columns
            rest: list[Cell] = [None if spans else ""] * (len(cells) - 1)
            cells = [in_words(record, "harms", site.vocabulary), *rest]
        rows.append([*first, *cells])
    columns = HARMS_COLUMNS if wide else HARMS_NARROW
    return [table_of(columns, rows, ["harms-table", "wide" if wide else "longtable"])]


def reviews(site: Site) -> list[nodes.Node]:
    """Return which study is in which review, as far as the records say so."""
    by_key = site.by_key
    within = inclusions(paper.record for paper in site.papers)
    columns = next(iter(within.values()), {})
    rows: list[list[Cell]] = [
        [name(site, by_key[key]), *held.values()] for key, held in within.items()
    ]
    heads = [by_key[key].marked_label for key in columns]
    widths = {"Study": 25} | dict.fromkeys(heads, 75 // max(1, len(columns)))
    return [table_of(widths, rows, ["reviews-table"])] if rows else []


def contents(site: Site) -> list[nodes.Node]:
    """Return a list of links to the records, by theme, that opens; a book has its table of contents."""
    if site.builder.name not in WEB:
        return [nodes.comment()]
    items = nodes.bullet_list()
    for theme, found in groupby(site.papers, key=lambda paper: paper.theme):
        inner = nodes.bullet_list()
        for paper in found:
            name = site.link(paper, paper.record["plain-title"])
            words = nodes.Text(f" ({paper.label})")
            inner += nodes.list_item("", nodes.paragraph("", "", name, words, *marks(paper)))
        items += nodes.list_item("", nodes.paragraph("", theme), inner)
    summary = [("", f"List of the {len(site.papers)} papers")]
    return [folded("", items, summary=summary, classes=["contents-of-papers", "no-search"])]


def compared(site: Site, selection: Selection) -> list[nodes.Node]:
    """Return what each paper that *selection* counts found, with people, time and harms."""
    rows: list[list[Cell]] = []
    term = site.vocabulary.terms[0]
    for paper in site.papers:
        record = paper.record
        if selection.matches(record):
            size = ", ".join(filter(None, [total_in_words(record), record["duration"]]))
            harms = in_words(record, "harms", site.vocabulary)
            found: list[nodes.Node] = [
                nodes.strong("", f"{capital(record['direction'])}."),
                nodes.Text(f" {paper.prose.get(term, '')} Harms: {harms[:1].lower()}{harms[1:]}"),
            ]
            rows.append([name(site, paper, record["plain-title"]), size, found])
    columns = {"Paper": 28, "People": 20, term: 52}
    long = [] if site.builder.name in WEB else ["longtable"]
    return [table_of(columns, rows, ["compared-table", *long])] if rows else []
