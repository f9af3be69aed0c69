"""Tables on paper: no word is wider than its column, and bold is what leads."""

import re

from docutils import nodes
from sphinx.util import logging

from common.tables import columns_of, longest_in_columns, share_out

logger = logging.getLogger(__name__)

#: Where a line of a narrow column ends, and where it may do so too.
BREAKS = re.compile(r"[\s\u200b-]")
SLASH = re.compile(r"(?<=\w)/(?=\w)")
#: How wide a letter is in a table, and the gap beside a column, in percent of the width of the page.
LETTER, GAP = 1.35, 2.5


def lay_out(table: nodes.tgroup) -> None:
    """Let no word of *table* be wider than its column, and print in bold only what leads."""
    for row in table.findall(nodes.row):
        if "group" in row["classes"]:
            words = next(row.findall(nodes.paragraph))
            words.children = [nodes.strong("", "", *words.children)]
        for text in list(row.findall(nodes.Text)):
            text.parent.replace(text, nodes.Text(SLASH.sub("/\u200b", text)))
    columns = columns_of(table)
    least = [LETTER * letters + GAP for letters in longest_in_columns(table, longest_part)]
    widths = share_out(100, [column["colwidth"] for column in columns], least)
    if sum(widths) > 101:  # noqa: PLR2004  less is not seen
        problem = "the table is wider than paper; write shorter words, or fewer columns"
        logger.warning(problem, location=table, type="book", subtype="table")
    for column, width in zip(columns, widths, strict=True):
        column["colwidth"] = round(width)
        column.attributes.pop("stub", None)


def longest_part(cell: nodes.entry) -> int:
    """Return the length of what is not broken in *cell*."""
    return max(map(len, BREAKS.split(cell.astext())))
