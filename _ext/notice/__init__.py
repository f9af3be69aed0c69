"""The medication safety notice: written once, shown on every page of every format.

One page holds the text in a `medication-safety` directive. The domain remembers it while pages
are read (after translation), and a post-transform copies it below the title of each document that
is written. LaTeX gets it on the title page and its first paragraph on every physical page; pages
that have no document (search, 404) print ``{{ medication_safety }}`` in their template.
No notice, a second one or a dead link in it is an error, and so is a written page without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node and domain, the transform and the checks."""
    from notice._extension import register  # noqa: PLC0415  what was written is checked without Sphinx

    return register(app)
