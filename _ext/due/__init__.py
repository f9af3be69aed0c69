"""A day on which something is due: it says "overdue" when it has passed, also without a new build.

`` {due}`2026-01-31` `` is the day in words. Its class holds the date, and a script compares it with the
clock of the reader; where no script runs, as on paper, the words around it say when it was due.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from common.scripts import add_script
from common.store import EXTENSION, warn_here
from common.text import day_in_words, parse_day


def due_day(date: str) -> nodes.inline:
    """Return *date*, as 2026-01-31, in words."""
    return nodes.inline("", day_in_words(date), classes=["due", f"due-{date}"])


class DueRole(SphinxRole):
    """`` {due}`2026-01-31` ``, the day in words."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if parse_day(self.text) is None:
            problem = f"{self.text!r} is no day; write 2026-01-31"
            warn_here(self.env, self.lineno, problem, "due", "day")
            return [nodes.Text(self.text)], []
        return [due_day(self.text)], []


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_role("due", DueRole())
    add_script(app, __file__, "due.js")
    return EXTENSION
