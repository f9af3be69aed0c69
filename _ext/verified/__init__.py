"""What was compared with databases, and when: the file that says so, and what pages say of it.

A command writes the file; a build asks nobody. What was edited since counts as not compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the check of the file, and offer it beside the pages."""
    from verified._extension import register  # noqa: PLC0415  a command uses the file without Sphinx

    return register(app)
