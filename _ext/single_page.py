"""The one page of the builder ``singlehtml``: its links lead somewhere, and no search is offered that has no page.

Sphinx 9.0 writes links between pages as ``#document-page#anchor``, which is no address
(https://github.com/sphinx-doc/sphinx/issues/14221). Nothing here knows this site.
"""

import re
from typing import Any

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION

#: The first of two anchors, in an attribute; in text the quotation mark is escaped.
FIRST_ANCHOR = re.compile(r'(?<= href=")#[^"#]*(?=#)')


def mend(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _document: object
) -> None:
    """Leave of each address with two anchors the last one, and the search out of the sidebar."""
    if app.builder.name == "singlehtml":
        start = f' href="#document-{app.config.root_doc}"'
        for name, part in context.items():
            if isinstance(part, str):
                context[name] = FIRST_ANCHOR.sub("", part).replace(start, ' href="#"')
        context["sidebars"] = [part for part in context.get("sidebars", ()) if "search" not in part]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the handler, after those of themes, which add parts of pages."""
    app.connect("html-page-context", mend, priority=900)
    return EXTENSION
