"""The diagram of a hypothesis, drawn from a list of its links.

```` ```{mechanism} caption ```` names the boxes in its option ``boxes``, each on a line with its
centre, in points from the upper left corner of a drawing that is `WIDTH` points wide. Its content
is a numbered list. Each item opens with a link in bold, ``**A → B (proposed):**``, and goes on with
what it rests on; the diagram shows the same links.
"""

import re
import textwrap
from collections.abc import Mapping
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from common.store import warn_here
from evidence.drawings import WIDTH, Drawing, Look, Point
from evidence.views import evidence_view

#: The word for a link that rests on nothing; a question mark in its middle says that it is open.
UNTESTED = "no paper"
#: What a link may rest on: the word in the drawing, and its line.
#: An association has no direction, and so no arrowhead.
KINDS = {
    "associated in people": ("associated", Look("accent", 2.2)),
    "described in a review": ("review", Look(width=1.2)),
    "mixed findings": ("mixed", Look("accent", 1.2, dash=8)),
    "contrary results": ("contrary", Look("accent", 1.4, dash=3)),
    "proposed": ("proposed", Look(width=1.2, dash=4)),
    "no paper": (UNTESTED, Look(width=3, dash=2)),
}
LINK = re.compile(r"(.+?) → (.+?) \((.+?)\)[.:]?")
BOX = re.compile(r"(\S.*?)\s+(\d+)\s+(\d+)")
#: Half the width of a box, and half its height; the space below the lowest one.
HALF, BELOW = (62, 19), 35
CORNERS = ((-1, -1), (1, -1), (1, 1), (-1, 1))
#: A link: its number, the names of the boxes at its start and its end, and one of `KINDS`.
Link = tuple[int, str, str, str]


class MechanismDirective(SphinxDirective):
    """The diagram, and below it the list that it is made from."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec: ClassVar[OptionSpec] = {"boxes": directives.unchanged_required}

    def run(self) -> list[nodes.Node]:
        content = self.parse_content_to_nodes()
        caption, messages = self.parse_inline(self.arguments[0])
        boxes: dict[str, Point] = {}
        for line in self.options.get("boxes", "").splitlines():
            if match := BOX.fullmatch(line.strip()):
                boxes[match[1]] = (int(match[2]), int(match[3]))
            else:
                self.warn(f"{line!r} is not a box; write its name, and its centre as two numbers")
        links = []
        for found in (node for node in content if isinstance(node, nodes.enumerated_list)):
            for number, item in enumerate(found.children, found.get("start", 1)):
                text = next(iter(item.findall(nodes.strong)), nodes.strong()).astext()
                link = read_link(number, text, boxes)
                if isinstance(link, str):
                    self.warn(f"link {number}: {link}", item.line)
                else:
                    links.append(link)
        if not links or not boxes:
            self.warn("nothing can be drawn; write the option boxes, and a numbered list of links")
            return [*content, *messages]
        words = nodes.paragraph("", "", *caption)
        return [evidence_view("", words, boxes=boxes, links=links), *content, *messages]

    def warn(self, problem: str, line: int | None = None) -> None:
        """Warn of *problem* in the *line*, or in that of the directive."""
        warn_here(self.env, line or self.lineno, problem, "mechanism", "link")


def read_link(number: int, text: str, boxes: Mapping[str, Point]) -> Link | str:
    """Return the link that *text* means, "A → B (proposed):", or what is wrong with it."""
    match = LINK.fullmatch(text.strip())
    if not match:
        return f"{text!r} is not a link; write in bold: one box → another (what it rests on):"
    start, end, kind = match.groups()
    for name in (start, end):
        if name not in boxes:
            return f"no box is called {name!r}; the boxes are: {', '.join(boxes)}"
    if kind not in KINDS:
        return f"a link cannot rest on {kind!r}; write one of: {', '.join(KINDS)}"
    return number, start, end, kind


def drawing_of(boxes: Mapping[str, Point], links: list[Link]) -> Drawing:
    """Return the diagram of *links* between *boxes*, which have their centres."""
    words = " ".join(f"{number}: {start} to {end}: {kind}." for number, start, end, kind in links)
    height = max(y for _, y in boxes.values()) + BELOW
    drawing = Drawing("mechanism", height, "Drawing of the hypothesis", words)
    for link in links:
        add_link(drawing, link, boxes)
    for name, (x, y) in boxes.items():
        corners = [(x + right * HALF[0], y + down * HALF[1]) for right, down in CORNERS]
        drawing.shape(corners, Look(), closed=True)
        lines = textwrap.wrap(name, 17)
        for number, line in enumerate(lines):
            at = (x, y + 12.5 * (number - (len(lines) - 1) / 2))
            drawing.text(at, line, anchor="middle")
    return drawing


def add_link(drawing: Drawing, link: Link, boxes: Mapping[str, Point]) -> None:
    """Draw *link* with its number and a word for what it rests on."""
    number, first, second, kind = link
    word, look = KINDS[kind]
    here, there = boxes[first], boxes[second]
    start, end = edge(here, there), edge(there, here)
    if word == "associated":
        drawing.shape([start, end], look)
    else:
        drawing.arrow(start, end, look)
    run, rise = end[0] - start[0], end[1] - start[1]
    if word == UNTESTED:
        middle = (start[0] + 0.7 * run, start[1] + 0.7 * rise)
        drawing.circle(middle, 9, Look(width=1.4, fill="paper"))
        drawing.text(middle, "?", anchor="middle", size=13, bold=True)
    leans = abs(run) > abs(rise) / 2
    share = 0.25 if leans else 0.35  # near the start, where fewer links meet
    x, y = start[0] + share * run, start[1] + share * rise
    words = f"{number} {word}"
    left = x < WIDTH * 0.4 or (leans and run < 0) or x + 6 * len(words) > WIDTH
    at = (x - 6 if left else x + 6, y)
    drawing.text(at, words, anchor="end" if left else "start", bold=word == UNTESTED)


def edge(box: Point, towards: Point) -> Point:
    """Return the point at which the line from the centre of *box* to *towards* leaves it."""
    run, rise = towards[0] - box[0], towards[1] - box[1]
    share = min(HALF[0] / abs(run) if run else 9, HALF[1] / abs(rise) if rise else 9)
    return box[0] + run * share, box[1] + rise * share
