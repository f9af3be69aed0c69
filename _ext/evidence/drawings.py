"""Drawings of lines, marks and words, as each builder can show them: SVG, TikZ, or words alone.

A drawing is made of few shapes, all in points from the upper left corner, so no library draws it: the
words stay words in HTML, EPUB and PDF, and the colours in a page are those of its theme.
"""

import math
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import NamedTuple

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


class Look(NamedTuple):
    """How a line is drawn, and what is inside it."""

    colour: str = "ink"  #: One of `COLOURS`.
    width: float = 1.0
    line: str = "-"  #: One of `DASHES`.
    fill: str = "none"


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
        self, points: Sequence[Point], look: Look, *, closed: bool = False, radius: float = 0
    ) -> None:
        """Draw a line through *points*; with a *radius* a circle around the only one of them."""
        on, _, off = dash = DASHES[look.line].partition(" ")
        drawn = f'fill="{look.fill}" stroke="{look.colour}" stroke-width="{look.width:g}"'
        drawn += f' stroke-dasharray="{"".join(dash)}"' if on else ""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        name, place = ("polygon" if closed else "polyline"), f'points="{path}"'
        if radius:
            name, place = "circle", f'cx="{points[0][0]:g}" cy="{points[0][1]:g}" r="{radius:g}"'
        self._svg.append(f"<{name} {place} {drawn}/>")
        style = f"draw={look.colour},fill={look.fill},line width={look.width}pt"
        style += f",dash pattern=on {on}pt off {off}pt" if on else ""
        traced = " -- ".join(f"({x:.2f},{y:.2f})" for x, y in points)
        ending = f" circle [radius={radius:.2f}]" if radius else " -- cycle" if closed else ""
        self._tikz.append(rf"\path[{style}] {traced}{ending};")

    def arrow(self, start: Point, end: Point, look: Look) -> None:
        """Draw a line from *start* to *end*, with a head at its end."""
        self.shape([start, end], look)
        angle = math.atan2(end[1] - start[1], end[0] - start[0])
        wings = [
            (end[0] - 6 * math.cos(angle + turn), end[1] - 6 * math.sin(angle + turn))
            for turn in (-0.4, 0.4)
        ]
        self.shape([end, *wings], Look(look.colour, fill=look.colour, width=0.5), closed=True)

    def mark(self, at: Point, corners: int, area: float, fill: str) -> None:
        """Draw a mark of about *area* square points: a polygon, for 0 *corners* a circle.

        With less than none it is upside down.
        """
        radius, look = math.sqrt(area) / 2, Look("accent", fill=fill)
        if not corners:
            self.shape([at], look, radius=radius)
            return
        first = math.copysign(math.pi / 2, -corners)
        turns = [first + 2 * math.pi * turn / corners for turn in range(abs(corners))]
        radius *= 1.2
        points = [(at[0] + radius * math.cos(t), at[1] + radius * math.sin(t)) for t in turns]
        self.shape(points, look, closed=True)

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
