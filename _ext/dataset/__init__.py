"""All study records as data: files with their schema and codebook, editions, the feed, and what machines read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the settings and the files."""
    from dataset._extension import register  # noqa: PLC0415  a command uses the history without Sphinx

    return register(app)
