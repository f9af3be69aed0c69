"""The evidence map: when each paper appeared, of which design it is, how many people, which direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.ticker import MaxNLocator

from drawing import ACCENT, FAINT, INK
from study_options import DESIGNS, RANDOMISED
from study_words import capital

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: The shape for each direction.
SHAPES = {"supports": "^", "mixed": "D", "against": "v", "no effect tested": "o"}
#: The area of the largest mark, in square points; the others are in proportion to their people.
AREA = 380
#: The least area of a mark that can be seen.
SMALLEST = 4
#: The area of a mark without a number of people.
NO_NUMBER = 16
#: What fill and size mean: the words, the fill, and the area.
FILLS = (
    ("filled: randomised", ACCENT, 50),
    ("open: not randomised", "none", 50),
    ("larger: more people", "none", 110),
    ("small: none, or no number", "none", NO_NUMBER),
)
#: The height of a line, in points.
LINE = 23
ABOVE, BELOW = 24, 116


class Point(NamedTuple):
    """A paper on the map."""

    #: Its label, as in citations.
    label: str
    year: int
    #: One of `DESIGNS`, and one of `SHAPES`.
    design: str
    direction: str
    #: How many people were studied, and the same in words.
    number: int
    people: str
    #: The word to add for a paper that is not as published, or nothing.
    status: str


def rows(points: list[Point]) -> list[str | Point]:
    """Return the lines of the map from top to bottom: each design, and below it its papers by year."""
    found: list[str | Point] = []
    for design in DESIGNS:
        papers = sorted(
            (point for point in points if point.design == design),
            key=lambda point: (point.year, point.label),
        )
        found += [design, *papers] if papers else []
    return found


def height(points: list[Point]) -> float:
    """Return the height of the map in points."""
    return ABOVE + LINE * len(rows(points)) + BELOW


def paint(figure: Figure, points: list[Point]) -> None:
    """Draw *points*, of which there is at least one, on *figure*."""
    lines = rows(points)
    total = figure.get_figheight() * 72
    axes = figure.add_axes((0.03, BELOW / total, 0.94, LINE * len(lines) / total))
    years = [point.year for point in points]
    first, last = min(years) - 1, max(years) + 1
    axes.set_xlim(first, last)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(MaxNLocator(9, steps=[1, 2, 5, 10], integer=True))
    axes.tick_params(
        axis="x", colors=INK, top=True, labeltop=True, bottom=False, labelbottom=False, labelsize=10
    )
    axes.spines[:].set_visible(False)
    axes.grid(axis="x", color=FAINT, linewidth=0.4)
    axes.set_axisbelow(True)
    most = max((point.number for point in points), default=0) or 1
    for line, row in enumerate(lines):
        if isinstance(row, str):
            axes.text(
                first, line, capital(row), va="center", weight="bold", fontsize=11.5, color=INK
            )
            axes.axhline(line - 0.5, color=FAINT, linewidth=0.6)
            continue
        area = max(SMALLEST, AREA * row.number / most) if row.number else NO_NUMBER
        filled = ACCENT if row.design in RANDOMISED else "none"
        axes.scatter(
            row.year,
            line,
            s=area,
            marker=SHAPES[row.direction],
            facecolor=filled,
            edgecolor=ACCENT,
            linewidth=1.2,
            clip_on=False,
        )
        left = 2 * row.year > first + last  # words on the side with more room
        axes.annotate(
            short(row),
            (row.year, line),
            xytext=(-15 if left else 15, 0),
            textcoords="offset points",
            ha="right" if left else "left",
            va="center",
            fontsize=10.5,
            color=INK,
        )
    legend(figure, total)


def short(point: Point) -> str:
    """Return the words beside the mark of *point*."""
    no_one = "no one" if point.people.startswith("No one") else "no number"
    status = f", {point.status}" if point.status else ""
    return f"{point.label}: {f'{point.number:,}' if point.number else no_one}{status}"


def legend(figure: Figure, total: float) -> None:
    """Draw what the shapes mean below the map, in words."""
    axes = figure.add_axes((0.03, 0, 0.94, BELOW / total))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.6, 4.6)
    axes.invert_yaxis()
    axes.text(0, 0, "Direction (shape)", va="center", weight="bold", fontsize=10.5, color=INK)
    for number, (direction, shape) in enumerate(SHAPES.items(), 1):
        axes.scatter(0.02, number, s=50, marker=shape, facecolor="none", edgecolor=ACCENT)
        axes.text(0.06, number, direction, va="center", fontsize=10.5, color=INK)
    axes.text(0.45, 0, "Fill and size", va="center", weight="bold", fontsize=10.5, color=INK)
    for number, (words, fill, area) in enumerate(FILLS, 1):
        axes.scatter(0.47, number, s=area, marker="o", facecolor=fill, edgecolor=ACCENT)
        axes.text(0.52, number, words, va="center", fontsize=10.5, color=INK)


def in_words(points: list[Point]) -> str:
    """Return what the map shows, in sentences."""
    parts = []
    for row in rows(points):
        if isinstance(row, str):
            parts.append(f"{capital(row)}.")
        else:
            status = f", {row.status}" if row.status else ""
            chance = ", randomised" if row.design in RANDOMISED else ""
            parts.append(f"{row.label}: {row.people}; {row.direction}{chance}{status}.")
    return " ".join(parts)
