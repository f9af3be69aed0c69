"""The evidence map: when each paper appeared, of which design it is, how many people, which direction."""

import itertools
from collections.abc import Iterable

from common.text import capital
from evidence.drawings import Drawing, Look
from evidence.papers import Paper
from studies.vocabulary import Vocabulary
from studies.wording import people_in_words

#: How many years the axis names.
MOST_TICKS = 9
#: The corners of the mark for each direction, in their order in ``study_directions``: a triangle, a
#: diamond, a triangle upside down, a circle, and more polygons.
SHAPES = (3, 4, -3, 0, 5, 6)
#: The area of the largest mark, in square points; the others are in proportion to their people.
AREA = 380
#: The least area of a mark that can be seen, and the area of one without a number of people.
SMALLEST, NO_NUMBER = 4, 16
#: What fill and size mean: the words, the fill, and the area.
FILLS = (
    ("filled: randomised", "accent", 50),
    ("open: not randomised", "none", 50),
    ("larger: more people", "none", 110),
    ("small: none, or no number", "none", NO_NUMBER),
)
#: The height of a line and of what is above and below the lines, and the margins, in points.
LINE, ABOVE, BELOW, LEFT, RIGHT = 23, 24, 116, 10.5, 339.5


def drawing_of(papers: Iterable[Paper], vocabulary: Vocabulary) -> Drawing | None:
    """Return the map of those of *papers* that have a year, a design and a direction; None without any."""
    shown = [
        paper
        for paper in papers
        if paper.year.isdecimal() and paper.record["design"] and paper.record["direction"]
    ]
    lines: list[str | Paper] = []
    for design in vocabulary.designs:
        found = [paper for paper in shown if paper.record["design"] == design]
        lines += (
            [design, *sorted(found, key=lambda paper: (paper.year, paper.label))] if found else []
        )
    if not lines:
        return None
    bottom = ABOVE + LINE * len(lines)
    words = " ".join(in_words(line, vocabulary) for line in lines)
    drawing = Drawing("evidence-map", bottom + BELOW, "Evidence map", words)
    years = [int(paper.year) for paper in shown]
    first, last = min(years) - 1, max(years) + 1
    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if last - first <= MOST_TICKS * step
    )
    scale = (RIGHT - LEFT) / (last - first)
    for year in range(-(-first // step) * step, last + 1, step):
        x = LEFT + (year - first) * scale
        drawing.shape([(x, ABOVE), (x, bottom)], Look("faint", 0.4))
        drawing.text((x, ABOVE - 10), str(year), anchor="middle", size=10)
    shapes = dict(zip(vocabulary.directions, itertools.cycle(SHAPES), strict=False))
    most = max(paper.record.number for paper in shown) or 1
    for number, line in enumerate(lines):
        top, y = ABOVE + LINE * number, ABOVE + LINE * (number + 0.5)
        if isinstance(line, str):
            drawing.shape([(LEFT, top), (RIGHT, top)], Look("faint", 0.6))
            drawing.text((LEFT, y), capital(line), size=11.5, bold=True)
            continue
        record, x = line.record, LEFT + (int(line.year) - first) * scale
        area = max(SMALLEST, AREA * record.number / most) if record.number else NO_NUMBER
        filled = record["design"] in vocabulary.randomised
        drawing.mark((x, y), shapes[record["direction"]], area, "accent" if filled else "none")
        left = 2 * int(line.year) > first + last  # words on the side with more room
        anchor = "end" if left else "start"
        drawing.text((x - 15 if left else x + 15, y), beside(line), anchor=anchor)
    add_legend(drawing, bottom, shapes)
    return drawing


def beside(paper: Paper) -> str:
    """Return the words beside the mark of *paper*."""
    no_one = "no one" if paper.record["people"] == "none" else "no number"
    number = f"{paper.record.number:,}" if paper.record.number else no_one
    return ", ".join(filter(None, [f"{paper.label}: {number}", paper.notice]))


def add_legend(drawing: Drawing, top: float, shapes: dict[str, int]) -> None:
    """Say below *top* what shapes, fill and size mean."""
    wide = RIGHT - LEFT
    drawing.text((LEFT, top + 13), "Direction (shape)", bold=True)
    drawing.text((LEFT + 0.45 * wide, top + 13), "Fill and size", bold=True)
    for number, (direction, corners) in enumerate(shapes.items(), 1):
        y = top + 13 + 22.3 * number
        drawing.mark((LEFT + 0.02 * wide, y), corners, 50, "none")
        drawing.text((LEFT + 0.06 * wide, y), direction)
    for number, (words, fill, area) in enumerate(FILLS, 1):
        y = top + 13 + 22.3 * number
        drawing.mark((LEFT + 0.47 * wide, y), 0, area, fill)
        drawing.text((LEFT + 0.52 * wide, y), words)


def in_words(line: str | Paper, vocabulary: Vocabulary) -> str:
    """Return what a line of the map shows, as a sentence."""
    if isinstance(line, str):
        return f"{capital(line)}."
    record = line.record
    chance = "randomised" if record["design"] in vocabulary.randomised else ""
    facts = filter(None, [record["direction"], chance, line.notice])
    return f"{line.label}: {people_in_words(record)}; {', '.join(facts)}."
