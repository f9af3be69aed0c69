"""Controls that the theme lacks: buttons for its drawers, a way past the notice, a hint at wide tables.

All of it is done in the browser. Without the script the drawers open with the theme's checkboxes, which
the stylesheet lets the keyboard reach, and wide tables scroll as they do.
"""

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.scripts import add_script
from common.store import EXTENSION


def setup(app: Sphinx) -> ExtensionMetadata:
    add_script(app, __file__, "controls.js")
    return EXTENSION
