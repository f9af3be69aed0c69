"""What a site says of itself: to machines, to those who cite it, and where its source is.

The head of each page has what search engines and networks read, ``sitemap.xml`` and ``robots.txt``
stand beside the pages, ```` ```{how-to-cite} ```` prints how the site is cited, and the foot of a page
leads to its source. Other rooms add what they know with the event ``linked-data``.
"""

from typing import Any


def setup(app: Any) -> Any:  # noqa: ANN401  the rest needs no Sphinx
    from imprint._extension import register  # noqa: PLC0415

    return register(app)
