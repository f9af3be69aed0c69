"""The evidence map: what each paper tested, when it appeared, how many people, and which direction."""

import itertools
from collections.abc import Mapping

from common.scripts import WEB
from common.text import capital
from dataset.papers import Paper, Site
from evidence.drawings import Drawing, Look, Point
from studies.vocabulary import NONE, Vocabulary
from studies.wording import not_reviewed, people_in_words

#: How many lines a sheet of paper holds in words of a size that can be read.
LINES_ON_PAPER = 26
#: How many years the axis names.
MOST_TICKS = 9
#: The corners of the mark for each direction of a treatment, in their order in ``study_directions``: a
#: triangle, a circle, a triangle upside down, a diamond, two polygons, and an upright stroke. Where no
#: treatment was tested there is a stroke that lies.
SHAPES = (3, 0, -3, 4, 5, 6, 2)
#: The area of the largest mark, in square points, and the number of people from which on it is that.
AREA, MANY = 300, 500
#: The least area of a mark that can be seen, and the area of one without a number of people.
SMALLEST, NO_NUMBER = 10, 16
#: What fill and size mean: the words, the fill, and the area.
FILLS = (
    ("filled: a randomised trial", "accent", 50),
    ("open: not such a trial", "none", 50),
    (f"larger: more people, to {MANY}", "none", 110),
    ("small: number not given", "none", NO_NUMBER),
    ("stroke: no treatment tested", "", 0),
)
#: Half the length of a stroke, and what is said of the papers that have one.
STROKE, UNTREATED = 5, "no treatment tested"
#: The height of a line and of what is above and below the lines, and the margins, in points.
LINE, ABOVE, BELOW, LEFT, RIGHT = 19, 24, 27, 10.5, 339.5
#: The height of a line with a link, which a finger is to meet.
LINKED = 24
#: The height of a line of the legend.
LEGEND = 20.0


def the_map(site: Site) -> list[Drawing]:
    """Return the map of the papers that have a year, a medicine and a direction.

    Papers on one medicine stand together, so that nobody counts those of another with them; where a
    medicine would make a part of the map longer than a sheet of paper, it begins another part.
    """
    most = LINES_ON_PAPER if site.builder.format == "latex" else len(site.papers) * 2
    shown = [
        paper
        for paper in site.papers
        if paper.year.isdecimal() and paper.record["medicine"] and paper.record["direction"]
    ]
    parts: list[list[str | Paper]] = []
    for medicine in (*site.vocabulary.medicines, NONE):
        found = [paper for paper in shown if paper.record["medicine"] == medicine]
        if not found:
            continue
        if not parts or len(parts[-1]) + 1 + len(found) > most:
            parts.append([])
        # Comparisons by chance first, then by year.
        found.sort(key=lambda one: (not is_randomised(one, site.vocabulary), one.year, one.label))
        parts[-1] += [UNTREATED if medicine == NONE else medicine, *found]
    years = [int(paper.year) for paper in shown]
    return [drawing_of(site, number, lines, years) for number, lines in enumerate(parts)]


def drawing_of(site: Site, number: int, lines: list[str | Paper], years: list[int]) -> Drawing:
    """Return part *number* of the map, with *lines* of titles and papers, on the scale of all *years*.

    In a page its marks lead to the records.
    """
    vocabulary, linked = site.vocabulary, site.builder.name in WEB
    height = LINKED if linked else LINE
    bottom = ABOVE + height * len(lines)
    words = " ".join(in_words(line, vocabulary) for line in lines)
    treated = [name for name in vocabulary.directions if name != vocabulary.untreated]
    shapes = dict(zip(treated, itertools.cycle(SHAPES), strict=False))
    legend = LEGEND * max(len(shapes), len(FILLS))
    name = f"evidence-map-{number + 1}" if number else "evidence-map"
    drawing = Drawing(name, bottom + BELOW + legend, "Evidence map", words)
    first, last = min(years) - 1, max(years) + 1
    step = next(
        step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if last - first <= MOST_TICKS * step
    )
    scale = (RIGHT - LEFT) / (last - first)
    for year in range(-(-first // step) * step, last + 1, step):
        x = LEFT + (year - first) * scale
        drawing.shape([(x, ABOVE), (x, bottom)], Look("faint", 0.4))
        drawing.text((x, ABOVE - 10), str(year), anchor="middle", size=10)
    for place, line in enumerate(lines):
        top, y = ABOVE + height * place, ABOVE + height * (place + 0.5)
        if isinstance(line, str):
            drawing.shape([(LEFT, top), (RIGHT, top)], Look("faint", 0.6))
            drawing.text((LEFT, y), capital(line), size=11.5, bold=True)
            continue
        x = LEFT + (int(line.year) - first) * scale
        left = 2 * int(line.year) > first + last  # words on the side with more room
        address = ""
        if linked:
            link = site.link(line, "")
            address = link.get("refuri") or f"#{link['refid']}"
        with drawing.link(address):
            add_mark(drawing, (x, y), line, shapes, vocabulary)
            anchor = "end" if left else "start"
            drawing.text((x - 15 if left else x + 15, y), beside(line), anchor=anchor)
    add_legend(drawing, bottom, shapes)
    return drawing


def add_mark(
    drawing: Drawing, at: Point, paper: Paper, shapes: Mapping[str, int], vocabulary: Vocabulary
) -> None:
    """Draw the mark of *paper*, whose shape is its direction."""
    record, (x, y) = paper.record, at
    if record["direction"] == vocabulary.untreated:
        drawing.shape([(x - STROKE, y), (x + STROKE, y)], Look("accent", 1.6))
        return
    share = min(record.number, MANY) / MANY
    area = max(SMALLEST, AREA * share) if record.number else NO_NUMBER
    fill = "accent" if is_randomised(paper, vocabulary) else "none"
    drawing.mark(at, shapes[record["direction"]], area, fill)


def is_randomised(paper: Paper, vocabulary: Vocabulary) -> bool:
    """Return whether chance decided who of the people of *paper* received what."""
    return paper.record["design"] in vocabulary.randomised


def beside(paper: Paper) -> str:
    """Return the words beside the mark of *paper*."""
    no_one = "no one" if paper.record["people"] == NONE else "number not given"
    number = f"{paper.record.number:,}" if paper.record.number else no_one
    return ", ".join(filter(None, [f"{paper.label}: {number}", paper.record.notice]))


def add_legend(drawing: Drawing, top: float, shapes: dict[str, int]) -> None:
    """Say below *top* what shapes, fill and size mean."""
    wide = RIGHT - LEFT
    right = LEFT + 0.53 * wide
    drawing.text((LEFT, top + 13), "Direction (shape)", bold=True)
    drawing.text((right, top + 13), "Fill and size", bold=True)
    for number, (direction, corners) in enumerate(shapes.items(), 1):
        y = top + 13 + LEGEND * number
        drawing.mark((LEFT + 0.02 * wide, y), corners, 50, "none")
        drawing.text((LEFT + 0.06 * wide, y), direction, size=10)
    for number, (words, fill, area) in enumerate(FILLS, 1):
        y = top + 13 + LEGEND * number
        if area:
            drawing.mark((right + 5, y), 0, area, fill)
        else:
            drawing.shape([(right, y), (right + 2 * STROKE, y)], Look("accent", 1.6))
        drawing.text((right + 17, y), words, size=10)


def in_words(line: str | Paper, vocabulary: Vocabulary) -> str:
    """Return what a line of the map shows, as a sentence."""
    if isinstance(line, str):
        return f"{capital(line)}."
    record = line.record
    chance = "groups made by chance" if is_randomised(line, vocabulary) else ""
    facts = filter(None, [record["direction"], chance, not_reviewed(record), record.notice])
    return f"{line.label}: {people_in_words(record)}; {', '.join(facts)}."
