"""References in their right place, in HTML and in PDF, each of them once.

sphinxcontrib-bibtex parses the ``.bib`` files, reads the citations in the text and writes them; its
style plug-ins format references. Replaced is only what it cannot do:

- where a reference is printed: `reference` puts it where the annotation of the paper is, and
  `bibliography` lists all others. LaTeX moves citation nodes to the end of the book
  (sphinx-doc/sphinx#5893), and a second bibliography with citations is a duplicate.
- labels that name one reference each, the same in the text and in the list.
- "Cited in", across pages (mcmtroffaes/sphinxcontrib-bibtex#194, #348 and #389).
- which pages are written again (its ``env_updated`` names none).
"""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  of Sphinx, which a command does not load
    from references._extension import register  # noqa: PLC0415

    return register(app)
