"""References that readers take with them: a page with each of them to copy, and files with all of them.

`csl` turns an entry into the data of citation processors, and `ris` and `coins` write that data in other
forms. Each reference of a web site gets a link "Cite" to its place on the page ``cite``.
```` ```{citation-files} ```` is where a page offers the files. Books have none of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node and the handlers."""
    from cite._extension import register  # noqa: PLC0415  the mapping needs no Sphinx

    return register(app)
