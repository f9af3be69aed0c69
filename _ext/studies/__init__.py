"""Study records: what a paper is, what it shows, and what it does not.

```` ```{study} key ```` becomes a section: the title and the reference from the ``.bib`` file, the
facts in words, the prose, the publication status, and when the record was compared with its source.
Built-in nodes carry all of it, so every builder prints it. The options are explained in
`studies.vocabulary`; what belongs to the topic of a site, as the conditions, is in its ``conf.py``.
"""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  records are checked without Sphinx
    """Register the directive, the domain, the settings and the transforms."""
    from studies._extension import register  # noqa: PLC0415

    return register(app)
