"""The check of the bibliography: what is wrong in BibTeX files, before anything is built of them.

`check` finds it without Sphinx, for a command as for a build. As an extension the room hands each
finding to Sphinx, as a warning of type ``bib`` and the subtype that names its kind, at its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Check the files before sphinxcontrib-bibtex parses them."""
    from bibcheck._extension import register  # noqa: PLC0415  commands need no Sphinx

    return register(app)
