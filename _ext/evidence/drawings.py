"""Drawings of lines, marks and words, as SVG for pages and as TikZ for LaTeX.

A drawing is made of few shapes, all in points from the upper left corner, so no library draws it: the
words stay words in HTML, EPUB and PDF, and the colours in a page are those of its theme.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from typing import NamedTuple

from sphinx.util.texescape import escape as escape_tex

#: The width of a drawing: that of a phone, so that words are not smaller there.
WIDTH = 350
#: The greatest height of a drawing on paper, in points.
TALLEST = 590
#: Each colour in a file, and what a page has for it.
COLOURS = {
    "ink": ("#14171c", "currentColor"),
    "accent": ("#1f5fbf", "var(--color-brand-primary, #1f5fbf)"),
    "faint": ("#9aa3ad", "var(--color-foreground-muted, #6b7280)"),
    "paper": ("#ffffff", "var(--color-background-primary, #ffffff)"),
}
#: How wide letters are on average in a wide type, as a share of its size.
WIDEST = 0.58
#: The corners of a mark that is a line, which has to be wider than those behind it.
STROKE = 2
#: Where TikZ holds words, for each ``text-anchor`` of SVG.
ANCHORS = {"start": "west", "middle": "center", "end": "east"}
Point = tuple[float, float]


class Look(NamedTuple):
    """How a line is drawn, and what is inside it."""

    colour: str = "ink"  #: One of `COLOURS`.
    width: float = 1.0
    fill: str = "none"
    dash: int = 0  #: The length of each dash, with gaps of 2; 0 for a line without gaps.


class Drawing:
    """What is drawn, and the same in words for those who cannot see it."""

    def __init__(self, name: str, height: float, title: str, words: str) -> None:
        self.name, self.height, self.title, self.words = name, height, title, words
        self._svg: list[str] = []
        self._tikz: list[str] = []  # Sphinx escapes words for it in builds of LaTeX only

    @contextmanager
    def link(self, address: str) -> Iterator[None]:
        """Let what is drawn lead to *address*, in a page; without an address it leads nowhere."""
        if address:
            self._svg.append(f'<a href="{escape(address)}">')
        yield
        if address:
            self._svg.append("</a>")

    def text(
        self, at: Point, words: str, anchor: str = "start", size: float = 10.5, bold: bool = False
    ) -> None:
        """Write *words* at half their height; *anchor* is where *at* is: start, middle or end.

        In a page, whose type may be wide, they are made to fit between *at* and the edge.
        """
        x, y = at
        weight, series = (' font-weight="bold"', r"\bfseries") if bold else ("", "")
        room = {"start": WIDTH - x, "end": x}.get(anchor, WIDTH)
        if WIDEST * size * len(words) > room:
            weight += f' textLength="{room:g}" lengthAdjust="spacingAndGlyphs"'
        self._svg.append(
            f'<text x="{x:g}" y="{y + 0.35 * size:g}" font-size="{size:g}" fill="ink"'
            f' text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )
        font = rf"\sffamily{series}\fontsize{{{size}}}{{{size}}}\selectfont"
        node = rf"\node[anchor={ANCHORS[anchor]},inner sep=0,text=ink] at {at}"
        self._tikz.append(f"{node} {{{font} {escape_tex(words, 'xelatex')}}};")

    def shape(self, points: Sequence[Point], look: Look, *, closed: bool = False) -> None:
        """Draw a line through *points*."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        svg = f'{"polygon" if closed else "polyline"} points="{path}"'
        tikz = " -- ".join(f"({x:.2f},{y:.2f})" for x, y in points)
        self._add(svg, tikz + (" -- cycle" if closed else ""), look)

    def circle(self, centre: Point, radius: float, look: Look) -> None:
        """Draw a circle."""
        x, y = centre
        svg = f'circle cx="{x:g}" cy="{y:g}" r="{radius:g}"'
        self._add(svg, f"({x:.2f},{y:.2f}) circle [radius={radius:.2f}]", look)

    def _add(self, svg: str, tikz: str, look: Look) -> None:
        """Add the element *svg*, which is the path *tikz*, with its *look*."""
        colour, width, fill, dash = look
        svg += f' fill="{fill}" stroke="{colour}" stroke-width="{width:g}"'
        style = f"draw={colour},fill={fill},line width={width}pt"
        if dash:
            svg += f' stroke-dasharray="{dash} 2"'
            style += f",dash pattern=on {dash}pt off 2pt"
        self._svg.append(f"<{svg}/>")
        self._tikz.append(rf"\path[{style}] {tikz};")

    def arrow(self, start: Point, end: Point, look: Look) -> None:
        """Draw a line from *start* to *end*, with a head at its end."""
        self.shape([start, end], look)
        x, y = end
        angle = math.atan2(y - start[1], x - start[0])
        turns = (angle - 0.4, angle + 0.4)
        wings = [(x - 6 * math.cos(turn), y - 6 * math.sin(turn)) for turn in turns]
        self.shape([end, *wings], Look(look.colour, 0.5, fill=look.colour), closed=True)

    def mark(self, at: Point, corners: int, area: float, fill: str) -> None:
        """Draw a mark of about *area* square points: a polygon, for 0 *corners* a circle.

        With less than none it is upside down.
        """
        width = 1.6 if abs(corners) == STROKE else 1
        radius, look = math.sqrt(area) / 2, Look("accent", width, fill=fill)
        if not corners:
            self.circle(at, radius, look)
            return
        first = math.copysign(math.pi / 2, -corners)
        turns = [first + 2 * math.pi * turn / corners for turn in range(abs(corners))]
        radius *= 1.2
        points = [(at[0] + radius * math.cos(t), at[1] + radius * math.sin(t)) for t in turns]
        self.shape(points, look, closed=True)

    def svg(self, *, in_page: bool) -> str:
        """Return the drawing as SVG, in the colours of the theme or of a file."""
        shapes = "\n".join(self._svg)
        if not in_page:  # where nobody knows on which colour a file is shown
            shapes = f'<rect width="100%" height="100%" fill="paper"/>\n{shapes}'
        for colour, (fixed, themed) in COLOURS.items():
            shapes = shapes.replace(f'"{colour}"', f'"{themed if in_page else fixed}"')
        title, words = f"{self.name}-title", f"{self.name}-words"
        look = 'class="drawing" font-family="inherit"' if in_page else 'font-family="sans-serif"'
        role = "group" if "</a>" in self._svg else "img"  # what is in an image is no link
        return (
            f'<svg {look} role="{role}" aria-labelledby="{title} {words}" viewBox="0 0 {WIDTH} {self.height:g}"'
            f' xmlns="http://www.w3.org/2000/svg">\n<title id="{title}">{escape(self.title)}</title>'
            f'<desc id="{words}">{escape(self.words)}</desc>\n{shapes}\n</svg>'
        )

    def tikz(self, words: str) -> str:
        """Return the drawing as LaTeX, with *words* for a reader that speaks."""
        colours = [
            rf"\definecolor{{{name}}}{{HTML}}{{{fixed[1:].upper()}}}"
            for name, (fixed, _) in COLOURS.items()
        ]
        fit = min(1, TALLEST / self.height)  # of a page that also holds a heading and the caption
        size = rf"x={fit:.3f}pt,y=-{fit:.3f}pt,every node/.style={{scale={fit:.3f}}}"
        begin = rf"\begin{{tikzpicture}}[{size}]"
        alt = escape_tex(words, "xelatex")
        spoken = rf"\BeginAccSupp{{method=pdfstringdef,unicode,Alt={{{alt}}}}}"
        end = r"\end{tikzpicture}\EndAccSupp{}"
        return "\n".join([*colours, spoken, begin, *self._tikz, end])
