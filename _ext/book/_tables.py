"""Tables on paper: no word is wider than its column, and bold is what leads."""

import re

from docutils import nodes
from sphinx.util import logging

logger = logging.getLogger(__name__)

#: Where a line of a narrow column ends, and where it may do so too.
BREAKS = re.compile(r"[\s\u200b-]")
SLASH = re.compile(r"(?<=\w)/(?=\w)")
#: How wide a letter is in a table, and the gap beside a column, in percent of the width of the page.
LETTER, GAP = 1.35, 2.5


def lay_out(table: nodes.tgroup) -> None:
    """Let no word of *table* be wider than its column, and print in bold only what leads."""
    columns = [column for column in table if isinstance(column, nodes.colspec)]
    longest = [0] * len(columns)
    for row in table.findall(nodes.row):
        if "group" in row["classes"]:
            words = next(row.findall(nodes.paragraph))
            words.children = [nodes.strong("", "", *words.children)]
        for text in list(row.findall(nodes.Text)):
            text.parent.replace(text, nodes.Text(SLASH.sub("/\u200b", text)))
        cells = list(row.findall(nodes.entry))
        if not any("morecols" in cell for cell in cells):
            for place, cell in enumerate(cells):
                longest[place] = max([longest[place], *map(len, BREAKS.split(cell.astext()))])
    widths = widths_for([column["colwidth"] for column in columns], longest)
    if sum(widths) > 100 + len(widths):
        problem = "the table is wider than paper; write shorter words, or fewer columns"
        logger.warning(problem, location=table, type="book", subtype="table")
    for column, width in zip(columns, widths, strict=True):
        column["colwidth"] = width
        column.attributes.pop("stub", None)


def widths_for(shares: list[int], longest: list[int]) -> list[int]:
    """Return *shares* of a table as percentages in which the *longest* word of each column fits.

    What a column lacks is taken from the others, by what they can spare.
    """
    least = [LETTER * letters + GAP for letters in longest]
    wanted = [100 * share / sum(shares) for share in shares]
    both = list(zip(least, wanted, strict=True))
    lacking = sum(max(0, low - share) for low, share in both)
    spare = sum(max(0, share - low) for low, share in both)
    taken = min(1, lacking / spare) if spare else 0
    return [round(max(low, share - taken * (share - low))) for low, share in both]
