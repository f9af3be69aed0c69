"""Nothing in a page runs: not in the browser of a reader, and not in a build.

Pages are written by many hands. Raw HTML and other raw text, embedded reStructuredText, files from
elsewhere, settings and templates in a page, addresses that are not links, pictures from other sites
and mathematics (which loads a script) are refused at their line, and left out of what is built.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    from untrusted._extension import register  # noqa: PLC0415  a command needs no Sphinx

    return register(app)
