"""Controls that the theme lacks: buttons for its drawers, a way past the notice, a hint at wide tables.

All of it is done in the browser. Without the script the drawers open with the theme's checkboxes, which
the stylesheet lets the keyboard reach, and wide tables scroll as they do.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from common.scripts import add_script
from common.store import EXTENSION

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Load the script on each page."""
    add_script(app, Path(__file__).parent / "static", "controls.js", lambda _app, _page: True)
    return EXTENSION
