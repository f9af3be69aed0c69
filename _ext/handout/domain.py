"""What the pages hold for handouts."""

from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx.environment import BuildEnvironment

from addresses import section_of
from common.settings import read_settings
from common.store import PageStore
from handout.paper import handout_part, printed
from handout.places import Places


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
    initial_data: ClassVar[dict[str, Any]] = {"marked": {}}
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
    titled: list[nodes.section] = []
    for mark in marks:
        section, is_foot, title = section_of(mark), bool(mark["foot"]), ""
        if isinstance(section, nodes.section) and not is_foot and section not in titled:
            title = section[0].astext()
            titled.append(section)
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
