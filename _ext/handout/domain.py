"""What the pages hold for handouts: words, lists and addresses, without links within the site and citations."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.nodes import traverse_parent

from addresses import missing_in, on_paper
from common.settings import read_settings
from common.store import PageStore
from folded import folded
from handout.places import Places

logger = logging.getLogger(__name__)

#: What is printed as it is, with the attributes that it keeps.
KEPT: dict[type[nodes.Node], tuple[str, ...]] = {
    **dict.fromkeys((nodes.paragraph, nodes.strong, nodes.emphasis), ()),
    **dict.fromkeys((nodes.bullet_list, nodes.list_item), ()),
    nodes.enumerated_list: ("enumtype", "prefix", "suffix"),
}
#: Of what only the words are printed.
OPENED = (nodes.inline, nodes.reference, addnodes.pending_xref, nodes.block_quote, folded)
#: What is a matter of the site.
LEFT_OUT = (nodes.comment, nodes.target, addnodes.index)


class handout_part(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """A part of a page that is printed, while the page is read."""


class Part(NamedTuple):
    """A part of a page that is printed."""

    title: str  #: That of its section; empty when it has been printed, and at the foot.
    is_foot: bool
    content: list[nodes.Node]


class Marked(NamedTuple):
    """What a page holds for handouts."""

    line: int  #: That of the first mark.
    parts: list[Part]
    #: What it says of each place.
    lines: dict[str, list[nodes.paragraph]]


class HandoutDomain(PageStore):
    """The pages with marked parts."""

    name = "handout"
    by_page = ("marked",)
    marked: dict[str, Marked]

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Remember what is printed, and take the marks off: no writer sees them."""
        marks = list(document.findall(handout_part))
        if not marks:
            return
        names = read_settings(Places, "handout", env.config).names
        lines = {name: list(lines_of(document, name)) for name in names}
        self.marked[docname] = Marked(marks[0].line or 1, list(parts_of(marks)), lines)
        for mark in marks:
            mark.replace_self(mark.children)


def parts_of(marks: list[handout_part]) -> Iterator[Part]:
    """Yield the parts that *marks* are around; the first of a section has its title."""
    titled: list[list[nodes.Element]] = []
    for mark in marks:
        sections, is_foot, title = [*traverse_parent(mark, nodes.section)], bool(mark["foot"]), ""
        if sections and not is_foot and sections not in titled:
            title = sections[0][0].astext()
            titled.append(sections)
        yield Part(title, is_foot, printed(mark))


def lines_of(document: nodes.document, place: str) -> Iterator[nodes.paragraph]:
    """Yield what *document* says of *place*, each as one paragraph.

    These are the rows of tables that begin with the place, and the definition lists in the section of
    that name: first, strong, the second cell or the term, and then the rest.
    """
    for row in document.findall(nodes.row):
        stub, *cells = (cell for cell in row.children if isinstance(cell, nodes.entry))
        if begins_with(stub, place) and len(cells) > 1:
            yield line(*cells)
    for section in document.findall(nodes.section):
        if begins_with(section[0], place):
            for child in section.children:
                if isinstance(child, nodes.definition_list):
                    for item in child.findall(nodes.definition_list_item):
                        yield line(*(part for part in item if isinstance(part, nodes.Element)))


def begins_with(name: nodes.Node, place: str) -> bool:
    """Return whether *name*, a title or a cell, is that of *place*, before a comma if it has one."""
    return name.astext().partition(",")[0] == place


def line(name: nodes.Element, *rest: nodes.Element) -> nodes.paragraph:
    """Return *name* and the words of *rest* as one paragraph."""
    found = nodes.paragraph("", "", nodes.strong("", "", *inside(name)), nodes.Text(":"))
    for element in rest:
        found.extend([nodes.Text(" "), *inside(element)])
    return found


def inside(element: nodes.Element) -> Iterator[nodes.Node]:
    """Yield what is printed of *element*, without its paragraphs."""
    for node in printed(element):
        yield from node.children if isinstance(node, nodes.paragraph) else [node]


def printed(node: nodes.Element) -> list[nodes.Node]:
    """Return copies of the children of *node* as paper shows them, and warn of what it cannot show."""
    found: list[nodes.Node] = []
    for child in node.children:
        if isinstance(child, addnodes.pending_xref) and child["refdomain"] == "cite":
            if found and isinstance(found[-1], nodes.Text):
                found[-1] = nodes.Text(found[-1].rstrip())
        elif isinstance(child, nodes.Text):
            found.append(nodes.Text(str(child)))
        elif isinstance(child, nodes.reference) and "refuri" in child:
            found += link(child)
        elif isinstance(child, OPENED):
            found += printed(child)
        elif isinstance(child, nodes.Element) and type(child) in KEPT:
            kept = type(child)("", **{name: child[name] for name in KEPT[type(child)]})
            kept.extend(printed(child))
            found.append(kept)
        elif isinstance(child, nodes.Element) and not isinstance(child, LEFT_OUT):
            problem = f"a handout has no room for a {child.tagname}; mark paragraphs and lists only"
            logger.warning(problem, location=child, type="handout", subtype="part")
    return found


def link(node: nodes.reference) -> Iterator[nodes.Node]:
    """Yield the words of a link to elsewhere, and its address unless they tell it."""
    words, address = node.astext(), node["refuri"]
    yield nodes.reference("", words, refuri=address)
    if missing := missing_in(words, address):
        yield nodes.Text(f" ({on_paper(missing)})")


def calls(content: Iterable[nodes.Node]) -> dict[str, str]:
    """Return the numbers to call in *content*: how each is written, by its address."""
    return {
        found["refuri"]: found.astext()
        for node in content
        for found in node.findall(nodes.reference)
        if found["refuri"].startswith("tel:")
    }
