"""Drawings of lines, marks and words, as each builder can show them: SVG, TikZ, or words alone.

A drawing is made of few shapes, all in points from the upper left corner, so no library draws it: the
words stay words in HTML, EPUB and PDF, and the colours in a page are those of its theme.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.texescape import escape as escape_tex

#: The width of a drawing: that of a phone, so that words are not smaller there.
WIDTH = 350
#: Each colour in a file, and what a page has for it.
COLOURS = {
    "ink": ("#14171c", "currentColor"),
    "accent": ("#1f5fbf", "var(--color-brand-primary, #1f5fbf)"),
    "faint": ("#9aa3ad", "var(--color-foreground-muted, #6b7280)"),
}
#: The lengths of dashes and gaps.
DASHES = {"-": "", "--": "4 2", ":": "1 2"}
ANCHORS = {"start": "west", "middle": "center", "end": "east"}
Point = tuple[float, float]


class Drawing:
    """What is drawn, and the same in words for those who cannot see it."""

    def __init__(self, name: str, height: float, title: str, words: str) -> None:
        self.name, self.height, self.title, self.words = name, height, title, words
        self._svg: list[str] = []
        self._tikz: list[str] = []

    def text(
        self,
        at: Point,
        words: str,
        *,
        anchor: str = "start",
        size: float = 10.5,
        bold: bool = False,
    ) -> None:
        """Write *words* at half their height; *anchor* is where *at* is: start, middle or end."""
        weight = ' font-weight="bold"' if bold else ""
        x, y = at
        self._svg.append(
            f'<text x="{x:g}" y="{y + 0.35 * size:g}" font-size="{size:g}" fill="ink"'
            f' text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )
        series = r"\bfseries" if bold else ""
        font = rf"\sffamily{series}\fontsize{{{size}}}{{{size}}}\selectfont"
        shown = f"{{{font} {escape_tex(words, 'xelatex')}}}"
        self._tikz.append(rf"\node[anchor={ANCHORS[anchor]},inner sep=0,text=ink] at {at} {shown};")

    def shape(
        self,
        points: Sequence[Point],
        colour: str = "ink",
        *,
        fill: str = "none",
        width: float = 1.0,
        line: str = "-",
        closed: bool = False,
        radius: float = 0,
    ) -> None:
        """Draw a line through *points*; with a *radius* a circle around the only one of them."""
        dash = f' stroke-dasharray="{DASHES[line]}"' if DASHES[line] else ""
        look = f'fill="{fill}" stroke="{colour}" stroke-width="{width:g}"{dash}'
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        if radius:
            ((x, y),) = points
            self._svg.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" {look}/>')
        else:
            self._svg.append(f'<{"polygon" if closed else "polyline"} points="{path}" {look}/>')
        on, _, off = DASHES[line].partition(" ")
        style = f"draw={colour},fill={fill},line width={width}pt" + (
            f",dash pattern=on {on}pt off {off}pt" if off else ""
        )
        traced = " -- ".join(f"({x:.2f},{y:.2f})" for x, y in points)
        ending = f" circle [radius={radius:.2f}]" if radius else " -- cycle" if closed else ""
        self._tikz.append(rf"\path[{style}] {traced}{ending};")

    def arrow(
        self, start: Point, end: Point, colour: str, width: float, line: str, *, head: bool
    ) -> None:
        """Draw a line from *start* to *end*, with an arrowhead or without."""
        self.shape([start, end], colour, width=width, line=line)
        if head:
            angle = math.atan2(end[1] - start[1], end[0] - start[0])
            wings = [
                (end[0] - 6 * math.cos(angle + turn), end[1] - 6 * math.sin(angle + turn))
                for turn in (-0.4, 0.4)
            ]
            self.shape([end, *wings], colour, fill=colour, width=0.5, closed=True)

    def mark(self, at: Point, corners: int, area: float, *, fill: str) -> None:
        """Draw a mark of *area* square points: a polygon, upside down when *corners* is negative; 0 is a circle."""
        radius = math.sqrt(area) / 2
        if not corners:
            self.shape([at], "accent", fill=fill, radius=radius)
            return
        first = math.copysign(math.pi / 2, -corners)
        turns = [first + 2 * math.pi * turn / corners for turn in range(abs(corners))]
        points = [
            (at[0] + radius * 1.2 * math.cos(t), at[1] + radius * 1.2 * math.sin(t)) for t in turns
        ]
        self.shape(points, "accent", fill=fill, closed=True)

    def svg(self, *, in_page: bool) -> str:
        """Return the drawing as SVG, in the colours of the theme or of a file."""
        shapes = "\n".join(self._svg)
        for colour, (fixed, themed) in COLOURS.items():
            shapes = shapes.replace(f'"{colour}"', f'"{themed if in_page else fixed}"')
        title, words = f"{self.name}-title", f"{self.name}-words"
        look = 'class="drawing" font-family="inherit"' if in_page else 'font-family="sans-serif"'
        return (
            f'<svg {look} role="img" aria-labelledby="{title} {words}" viewBox="0 0 {WIDTH} {self.height:g}"'
            f' xmlns="http://www.w3.org/2000/svg">\n<title id="{title}">{escape(self.title)}</title>'
            f'<desc id="{words}">{escape(self.words)}</desc>\n{shapes}\n</svg>'
        )

    def tikz(self) -> str:
        """Return the drawing as LaTeX."""
        colours = [
            rf"\definecolor{{{name}}}{{HTML}}{{{fixed[1:].upper()}}}"
            for name, (fixed, _) in COLOURS.items()
        ]
        lines = [*colours, r"\begin{tikzpicture}[x=1pt,y=-1pt]", *self._tikz, r"\end{tikzpicture}"]
        return "\n".join(lines)


def figure(
    env: BuildEnvironment,
    builder: Builder,
    docname: str,
    drawing: Drawing,
    caption: Sequence[nodes.Node],
) -> nodes.figure:
    """Return *drawing* with *caption* for the page *docname* that *builder* is about to write."""
    words = f"{drawing.title}. {drawing.words}"
    shown: nodes.Element = nodes.paragraph("", words)
    if builder.name == "epub":
        path = Path(env.doctreedir, f"{drawing.name}.svg")
        path.write_text(drawing.svg(in_page=False), "utf-8")
        env.images.add_file(docname, str(path))
        shown = nodes.image(uri=str(path), candidates={"*": str(path)}, alt=words)
    elif builder.format == "html":
        shown = nodes.raw("", drawing.svg(in_page=True), format="html")
    elif builder.format == "latex":
        shown = nodes.raw("", drawing.tikz(), format="latex")
    # Sphinx warns of a figure without an anchor.
    return nodes.figure("", shown, nodes.caption("", "", *caption), ids=[f"figure-{drawing.name}"])
