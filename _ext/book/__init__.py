"""The PDF as a book: cover, summary, contents, numbers of pages, and what a reader of paper can use.

The look is in ``book.sty``; transforms prepare what Sphinx's writer of LaTeX would not write.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the settings, the transforms and the style."""
    from book._extension import register  # noqa: PLC0415  settings are read without Sphinx

    return register(app)
