"""The one page of the builder ``singlehtml``: its links lead somewhere, and no search is offered that has no page.

Sphinx 9.0 writes links between pages as ``#document-page#anchor``, which is no address
(https://github.com/sphinx-doc/sphinx/issues/14221). Nothing here knows this site.
"""

import re
from collections import Counter
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION

#: Two anchors in an attribute, or the page alone; in text the quotation mark is escaped.
ADDRESS = re.compile(r'(?<= href="#)(document-[^"#]*)(?:#([^"#]*))?(?=")')


def mend(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _document: object
) -> None:
    """Leave of two anchors that of the place, or that of its page where several have one of this name."""
    if app.builder.name != "singlehtml":
        return
    times = Counter(re.findall(r' id="([^"]*)"', context.get("body", "")))
    root = f"document-{app.config.root_doc}"  # which begins the page

    def address(match: re.Match[str]) -> str:
        page, anchor = match.groups()
        return anchor if times[anchor] == 1 else page.removeprefix(root)

    for name, part in context.items():
        if isinstance(part, str):
            context[name] = ADDRESS.sub(address, part)
    context["sidebars"] = [part for part in context.get("sidebars", ()) if "search" not in part]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the handler, after those of themes, which add parts of pages."""
    app.connect("html-page-context", mend, priority=900)
    return EXTENSION
