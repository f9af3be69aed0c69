"""A day on which something is due: it says "overdue" when it has passed, also without a new build.

`` {due}`2026-01-31` `` is the day in words. Its class holds the date, and a script compares it with the
clock of the reader; where no script runs, as on paper, the words around it say when it was due.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from docutils import nodes

from common.text import day_in_words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def due_day(date: str) -> nodes.inline:
    """Return *date*, as 2026-01-31, in words."""
    return nodes.inline("", day_in_words(date), classes=["due", f"due-{date}"])


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the role and its script."""
    from common.scripts import add_script  # noqa: PLC0415  a command uses `due_day` without Sphinx
    from common.store import EXTENSION  # noqa: PLC0415
    from due._role import DueRole  # noqa: PLC0415

    app.add_role("due", DueRole())
    add_script(app, Path(__file__).parent / "static", "due.js", lambda _app, _page: True)
    return EXTENSION
