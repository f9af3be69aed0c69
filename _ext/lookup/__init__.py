"""The search of Sphinx, made to find.

What readers type leads first to the place that it names: words of ``conf.py`` to a section
(``lookup_words``), and what other rooms add with the event ``search-entries(app, docname)``, as the
people and identifiers of a reference. All of it are index entries, which Sphinx searches by itself; so
the index of an edited site stays that of a clean build (`incremental`).

Numbers are words here, which Sphinx leaves out. A script on the search page shows the name of what is
found, forgives a slip of spelling, and lets a browser search that keeps nothing.
"""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  the setting is checked without Sphinx
    """Register the setting, the event, the transform, the language and the script."""
    from lookup._extension import register  # noqa: PLC0415

    return register(app)
