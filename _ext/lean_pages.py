"""A page loads only what it uses of Sphinx: the scripts of the search, and the colours of code, where they are.

Sphinx loads them on each page: four requests, and a tenth of what a page may weigh. Without them the
words of a search are not marked on the page that it leads to. Nothing here knows this site.
"""

from pathlib import PurePath
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB
from common.store import EXTENSION

#: What only the search uses.
OF_THE_SEARCH = frozenset({"documentation_options.js", "doctools.js", "sphinx_highlight.js"})
#: The colours of code.
OF_CODE = frozenset({"pygments.css"})


def is_coloured(node: nodes.Node) -> bool:
    """Return whether Pygments gives *node* colours: a block of code, or code in a line of a known language."""
    blocks = (nodes.literal_block, nodes.doctest_block)
    return isinstance(node, blocks) or (
        isinstance(node, nodes.literal) and bool(node.get("language"))
    )


def leave_out(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    document: nodes.document | None,
) -> None:
    """Leave out of the files of a page those that it does not use."""
    if app.builder.name not in WEB:
        return
    unused = OF_THE_SEARCH if pagename != "search" else frozenset()
    if document is None or not any(document.findall(is_coloured)):
        unused |= OF_CODE
    for files in (context["script_files"], context["css_files"]):
        files[:] = [file for file in files if PurePath(str(file.filename)).name not in unused]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the handler."""
    app.connect("html-page-context", leave_out, priority=900)
    return EXTENSION
