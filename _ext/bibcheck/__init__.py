"""The check of the bibliography: what is wrong in BibTeX files, before anything is built of them.

`check` finds it without Sphinx, for a command as for a build. As an extension the room hands each
finding to Sphinx, as a warning of type ``bib`` and the subtype that names its kind, at its line.
"""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  commands need no Sphinx
    """Check the files before sphinxcontrib-bibtex parses them."""
    from bibcheck._extension import register  # noqa: PLC0415

    return register(app)
