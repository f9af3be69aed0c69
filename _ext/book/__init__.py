"""The PDF as a book: cover, summary, contents, numbers of pages, and what a reader of paper can use.

The look is in ``book.sty``; transforms prepare what Sphinx's writer of LaTeX would not write.
"""

from book._extension import setup

__all__ = ["setup"]
