"""Nothing in a page runs: not in the browser of a reader, and not in a build.

Pages are written by many hands. Raw HTML and other raw text, embedded reStructuredText, files from
elsewhere, settings and templates in a page, addresses that are not links, pictures from other sites
and mathematics (which loads a script) are refused at their line, and left out of what is built.
"""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  of Sphinx, which a command does not load
    from untrusted._extension import register  # noqa: PLC0415

    return register(app)
