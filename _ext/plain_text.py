"""Text in a terminal: tables fit, and in plain text neither a word nor an address is broken.

Sphinx has no option for either: it takes the widths of columns, which are shares, for characters, and
breaks words at a hyphen and long ones anywhere.
"""

from functools import partial

from docutils import nodes
from docutils.utils import column_width
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers import text

from common.store import EXTENSION
from common.tables import columns_of, longest_in_columns, share_out

#: The columns of a terminal, less the one that some keep for a mark.
TERMINAL = 79


class NarrowTables(SphinxPostTransform):
    """Give each column of a wide table its longest word, and a share of what is left of the terminal."""

    default_priority = 400  # after all that makes tables
    formats = ("text", "texinfo")

    def run(self, **_kwargs: object) -> None:
        """Leave room for the lines between the columns."""
        for table in self.document.findall(nodes.tgroup):
            columns = columns_of(table)
            room, shares = TERMINAL - 3 * len(columns) - 1, [one["colwidth"] for one in columns]
            if sum(shares) > room:
                widths = share_out(room, shares, longest_in_columns(table, longest_word))
                for column, width in zip(columns, widths, strict=True):
                    column["colwidth"] = max(1, int(width))


def longest_word(entry: nodes.entry) -> int:
    """Return the length of the longest word in *entry*, with the marks of strong words."""
    marked = (f"**{strong.astext()}**" for strong in entry.findall(nodes.strong))
    return max(map(len, " ".join([entry.astext(), *marked]).split()), default=1)


class FittingTable(text.Table):
    """Keeps to the widths of its columns.

    Sphinx spreads the longest line of a cell evenly over all the columns that it spans.
    """

    def rewrap(self) -> None:
        """Measure the cells of one column only."""
        super().rewrap()
        self.measured_widths = self.colwidth[:]
        for cell in self.cells:
            if cell.colspan == 1 and cell.col is not None:
                widest = max(map(column_width, cell.wrapped), default=0)
                self.measured_widths[cell.col] = max(self.measured_widths[cell.col], widest)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform, and put two classes in the place of Sphinx's."""
    app.add_post_transform(NarrowTables)
    text.TextWrapper = partial(  # type: ignore[assignment,misc]
        text.TextWrapper, break_on_hyphens=False, break_long_words=False
    )
    text.Table = FittingTable  # type: ignore[misc]
    return EXTENSION
