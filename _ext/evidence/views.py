"""The views of all study records, made of built-in nodes: definitions, map, changes, the last search."""

from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from docutils import nodes

from common.scripts import WEB
from common.settings import read_settings
from common.tables import field_list
from common.text import capital, day_in_words
from dataset import codebook
from dataset.feed import FEED, NOTHING, changes
from dataset.history import FieldChange
from dataset.papers import Site
from due import due_day
from evidence import full_text, tables
from evidence.drawings import Drawing
from evidence.map import the_map
from studies.search import Search
from studies.vocabulary import NOT_KNOWN
from studies.wording import result_in_short

#: What is ticked on the sheet, a character, so that it is there in every format; a script makes it work.
BOX = "\N{BALLOT BOX} "


class evidence_view(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of one of `VIEWS`, its *kind*, or of *links* between *boxes*; in it is the caption."""


# -- Views -----------------------------------------------------------------------------------------
def last_search(site: Site) -> list[nodes.Node]:
    """Return when and how the literature was last searched, and when that is due again."""
    search = read_settings(Search, "search", site.env.config)
    if not search.date:
        return [nodes.paragraph("", "The literature was not searched.")]
    words = "; ".join(f'"{text}"' for text in search.words)
    fields = {
        "Last searched": nodes.paragraph("", day_in_words(search.date)),
        "Where": nodes.paragraph("", search.where),
        "With these words": nodes.paragraph("", words),
        "Did it change the conclusion?": nodes.paragraph("", search.conclusion),
        "Next search due": nodes.paragraph("", "", due_day(search.next)),
    }
    return [field_list(fields, "last-search")]


def definitions(site: Site, option: str) -> list[nodes.Node]:
    """Return how many papers have each value of *option*, and what the value means."""
    found = nodes.definition_list(classes=["simple", "evidence-terms"])
    for value, meaning in site.vocabulary.options[option].words.items():
        number = sum(paper.record[option] == value for paper in site.papers)
        count = {0: "no paper", 1: "one paper"}.get(number, f"{number} papers")
        term = nodes.term("", f"{capital(value)}: {count}")
        definition = nodes.definition("", nodes.paragraph("", capital(meaning)))
        found += nodes.definition_list_item("", term, definition)
    return [found]


def what_changed(site: Site) -> list[nodes.Node]:
    """Return the additions, reviews and notices, newest first, in one list for each day."""
    papers = site.by_key
    found: list[nodes.Node] = []
    for date, on_that_day in groupby(changes(site), key=lambda change: change.date):
        items = nodes.bullet_list(classes=["changes"])
        for change in on_that_day:
            words, paper = nodes.paragraph("", f"{change.what}: "), papers.get(change.key)
            words += nodes.Text(change.label) if paper is None else site.link(paper, change.label)
            words += nodes.Text(f", {paper.title}" if paper else "")
            items += nodes.list_item("", words, *told_fields(change.fields))
        day = "Date not known" if date == NOT_KNOWN else day_in_words(date)
        found += [nodes.rubric("", day), items]
    if site.builder.name in WEB:
        words = nodes.paragraph("", "Follow this page with a feed reader: ")
        words += [site.file("Atom feed", FEED), nodes.Text(".")]
        found.append(words)
    return found


def told_fields(fields: Iterable[FieldChange]) -> list[nodes.Node]:
    """Return a list of *fields* with what each said and says; nothing without any."""
    told = nodes.bullet_list()
    for name, before, after in fields:
        words = f"{name}: before “{before or NOTHING}”, now “{after or NOTHING}”"
        told += nodes.list_item("", nodes.paragraph("", words))
    return [told] if told.children else []


def a_sheet(site: Site) -> list[nodes.Node]:
    """Return a list of all papers by theme, each with a box: what it is, and its result in one line."""
    # Without "no-search", which Sphinx knows, a search would find each paper here a second time.
    found = nodes.container(classes=["sheet-papers", "no-search"])
    for theme, themed in groupby(site.papers, key=lambda paper: paper.theme):
        items = nodes.bullet_list(classes=["sheet"])
        for paper in themed:
            result = result_in_short(paper.record, site.vocabulary)
            words = nodes.paragraph("", f"{BOX}{paper.record['plain-title']} (")
            words += [site.link(paper, paper.label), nodes.Text(")")]
            if paper.record.notice:
                words += [nodes.Text(" "), nodes.strong("", f"[{paper.record.notice}]")]
            words += nodes.Text(f": {result}")
            items += nodes.list_item("", words)
        found += [*([nodes.rubric("", theme)] if theme else []), items]
    return [found] if site.papers else []


#: The view of those papers that its block selects, as the role `studies` does.
COMPARED = "compared"
VIEWS: dict[str, Callable[[Site], list[nodes.Node] | list[Drawing]]] = {
    "table": tables.papers,
    "designs": lambda site: definitions(site, "design"),
    "directions": lambda site: definitions(site, "direction"),
    "map": the_map,
    "contents": tables.contents,
    "harms": tables.harms,
    "reviews": tables.reviews,
    "sheet": a_sheet,
    "free-texts": lambda site: full_text.listed(site, free=True),
    "other-texts": lambda site: full_text.listed(site, free=False),
    "search": last_search,
    "changes": what_changed,
    "downloads": codebook.downloads,
    "codebook": codebook.fields,
}


# -- Their parts -----------------------------------------------------------------------------------
def figure(site: Site, drawing: Drawing, place: nodes.Element) -> nodes.figure:
    """Return *drawing* as SVG, TikZ or words for the builder; its caption is in *place*."""
    words = f"{drawing.title}. {drawing.words}"
    shown: nodes.Element = nodes.paragraph("", words)
    if site.builder.name == "epub":
        path = Path(site.env.doctreedir, f"{drawing.name}.svg")
        path.write_text(drawing.svg(in_page=False), "utf-8")
        site.env.images.add_file(site.env.docname, str(path))
        shown = nodes.image(uri=str(path), candidates={"*": str(path)}, alt=words)
    elif site.builder.format == "html" and site.builder.name != "htmlhelp":  # which has no SVG
        shown = nodes.raw("", drawing.svg(in_page=True), format="html", trusted=True)
    elif site.builder.format == "latex":
        shown = nodes.raw("", drawing.tikz(words), format="latex", trusted=True)
    caption = nodes.caption()
    for paragraph in place.findall(nodes.paragraph):
        caption += paragraph.children
    # Sphinx warns of a figure without an anchor.
    return nodes.figure("", shown, caption, ids=[f"figure-{drawing.name}"])
