"""All study records at a glance: a table, a map, what is new, a download and a feed.

```` ```{evidence} table ```` and its kin leave a placeholder, which is filled when the page is
written: the records are on other pages, and each builder needs another form. Only built-in nodes
are used, so every builder prints them. ```` ```{mechanism} ```` draws a hypothesis from a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, their nodes, the transforms and the handlers."""
    from evidence._extension import register  # noqa: PLC0415  as in every room

    return register(app)
