"""An EPUB as a library takes it: what Sphinx leaves out of the package, and the same bytes twice.

Sphinx writes the pages, the package document and the table of contents. Added to them are what the
settings ``epub_access_...`` say of accessibility, the picture of the cover, and landmarks. Nothing here
knows this site.
"""

from epub_book._extension import setup

__all__ = ["setup"]
