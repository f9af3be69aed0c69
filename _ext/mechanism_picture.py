"""The drawing of the site's hypothesis: boxes, and between them links that say what they rest on."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.patches import BoxStyle, FancyBboxPatch

from drawing import ACCENT, INK, WIDTH

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The centre of each box, in points from the upper left corner.
BOXES = {
    "Buprenorphine": (175, 30),
    "μ receptor": (72, 125),
    "κ receptor": (278, 125),
    "Low opioid signalling": (72, 230),
    "Overactive κ signalling": (278, 230),
    "Marks on the κ-receptor gene": (278, 335),
    "Severe distress": (110, 440),
    "Childhood neglect": (278, 440),
}
HEIGHT = 475
#: What a link may rest on: the word in the drawing, its line, its width in points, and its colour.
#: An association has no direction, and so no arrowhead.
KINDS = {
    "associated in people": ("associated", "-", 2.2, ACCENT),
    "described in a review": ("review", "-", 1.2, INK),
    "proposed": ("proposed", "--", 1.2, INK),
    "no paper": ("no paper", ":", 1.4, INK),
}
LINK = re.compile(r"(.+?) → (.+?) \((.+?)\)[.:]?")
#: Half the width of a box, and half its height.
HALF = (62, 19)


class Link(NamedTuple):
    """A link between two of `BOXES`."""

    number: int
    start: str
    end: str
    #: One of `KINDS`.
    kind: str


def read_link(number: int, text: str) -> Link | str:
    """Return the link that *text* means, "A → B (proposed):", or what is wrong with it."""
    match = LINK.fullmatch(text.strip())
    if not match:
        return f"{text!r} is no link; write in bold: one box → another (what it rests on):"
    link = Link(number, *match.groups())
    for box in (link.start, link.end):
        if box not in BOXES:
            return f"no box is called {box!r}; the boxes are: {', '.join(BOXES)}"
    if link.kind not in KINDS:
        return f"a link cannot rest on {link.kind!r}; write one of: {', '.join(KINDS)}"
    return link


def paint(figure: Figure, links: list[Link]) -> None:
    """Draw the boxes and *links* on *figure*."""
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(HEIGHT, 0)
    for link in links:
        paint_link(axes, link)
    for name, (x, y) in BOXES.items():
        axes.text(x, y, on_lines(name), ha="center", va="center", fontsize=10.5, color=INK)
        corner, size = (x - HALF[0], y - HALF[1]), (2 * HALF[0], 2 * HALF[1])
        axes.add_patch(
            FancyBboxPatch(
                corner, *size, boxstyle=BoxStyle.Round(0, 5), facecolor="none", edgecolor=INK
            )
        )


def on_lines(words: str) -> str:
    """Return *words* on lines that fit into a box."""
    return "\n".join(textwrap.wrap(words, 17))


def paint_link(axes: Axes, link: Link) -> None:
    """Draw *link* with its number and a word for what it rests on."""
    word, line, width, colour = KINDS[link.kind]
    start, end = edge(link.start, link.end), edge(link.end, link.start)
    axes.annotate(
        "",
        end,
        start,
        arrowprops={
            "arrowstyle": "-" if word == "associated" else "-|>",
            "linestyle": line,
            "linewidth": width,
            "color": colour,
            "shrinkA": 1,
            "shrinkB": 1,
            "mutation_scale": 11,
        },
    )
    run, rise = end[0] - start[0], end[1] - start[1]
    leans = abs(run) > abs(rise) / 2
    share = 0.25 if leans else 0.35  # near the start, where fewer links meet
    x, y = start[0] + share * run, start[1] + share * rise
    left = x < WIDTH * 0.4 or (leans and run < 0)
    place = (x - 6 if left else x + 6, y)
    words = f"{link.number} {word}"
    axes.text(*place, words, ha="right" if left else "left", va="center", fontsize=10.5, color=INK)


def edge(name: str, towards: str) -> tuple[float, float]:
    """Return the point at which the line from the centre of *name* to *towards* leaves its box."""
    (x, y), (to_x, to_y) = BOXES[name], BOXES[towards]
    run, rise = to_x - x, to_y - y
    share = min(HALF[0] / abs(run) if run else 9, HALF[1] / abs(rise) if rise else 9)
    return x + run * share, y + rise * share


def in_words(links: list[Link]) -> str:
    """Return what the drawing shows, in sentences."""
    return " ".join(f"{link.number}: {link.start} to {link.end}: {link.kind}." for link in links)
