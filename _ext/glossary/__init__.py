"""Link the first use of each term of the glossary on each page to its entry, and say what it means.

The terms are those of Sphinx's own directive ``glossary`` and the links those of its role ``term``;
one written by hand counts as a use. Terms that share a definition count as one, and links lead to
the first of them. Linked are HTML, EPUB and LaTeX: other formats print something beside each link.
Nothing here knows this site: it could be offered to Sphinx.
"""

from glossary._extension import setup

__all__ = ["setup"]
