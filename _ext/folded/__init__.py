"""A part of a page that opens with a tap: ``details`` in a page for a browser, and shown in all else.

No script is needed: a browser opens it for a tap, for the keyboard, and for what it finds in the page.
The script opens it for a link to the section around it, on paper, and all of a page at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from common.scripts import add_script
from common.store import EXTENSION
from folded._node import VISITORS, folded

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["folded", "setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the node and its script."""
    app.add_node(folded, **VISITORS)
    add_script(app, Path(__file__).parent / "static", "folded.js", lambda _app, _page: True)
    return EXTENSION
