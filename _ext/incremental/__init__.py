"""Write again the pages that show something that has changed elsewhere, and no others.

Sphinx writes the pages whose source changed. What else a page shows may change too: the titles in
its navigation, the text of a link, a reference, a notice. After each build this extension
remembers, for each builder and output folder, a digest of what every page shows; before the next
one is written it compares. Pages that no longer have a source are deleted.

Two events let other extensions say what their part is:

``site-inputs(app, env)``
    Return a string that changes when anything changes that no source file shows.
``page-fingerprint(app, env, docname)``
    Return a string that changes when that page has to be written again.

Nothing here knows this site: it could be offered to Sphinx.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def forget(app: Sphinx) -> None:
    """Have every page of this builder written again, and checked again, by the next build."""
    from incremental import _extension  # noqa: PLC0415

    _extension.forget(app)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, the events and their handlers."""
    from incremental._extension import register  # noqa: PLC0415  as in every room

    return register(app)
