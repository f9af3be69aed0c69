"""The texts of the previews of each page, and the script that shows them."""

import json
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB, add_script
from common.store import EXTENSION

#: Where the script finds the texts. Browsers run no data; search, paper and readers do not see it.
DATA = '<script type="application/json" id="preview-texts">{}</script>\n'


def texts(app: Sphinx, pagename: str) -> dict[str, str]:
    """Return the text for each anchor that *pagename* may link to."""
    single = app.builder.name == "singlehtml"
    found: dict[str, list[str]] = {}
    for docname in sorted(app.env.found_docs) if single else [pagename]:
        lines: dict[str, list[str]] = {}
        for given in app.emit("preview-texts", app.env, docname):
            for anchor, more in given.items():
                lines.setdefault(anchor, []).extend(more)
        found |= lines
    return {anchor: "\n".join(lines) for anchor, lines in found.items()}


def as_data(found: dict[str, str]) -> str:
    """Return *found* as an element of HTML, in which nothing that a text says can be markup."""
    data = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    for mark in "<>&":
        data = data.replace(mark, f"\\u{ord(mark):04x}")
    return DATA.format(data)


def linked(document: nodes.document) -> set[str]:
    """Return the anchors that the links inside the site on the page *document* lead to."""
    return {
        link.get("refid") or link.get("refuri", "").partition("#")[2]
        for link in document.findall(nodes.reference)
        if link.get("internal") or "refid" in link
    }


def write_texts(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    document: nodes.document | None,
) -> None:
    """Write into a page the texts for those anchors that it does link to."""
    if app.builder.name in WEB and document is not None:
        anchors = linked(document)
        found = {key: text for key, text in texts(app, pagename).items() if key in anchors}
        context["body"] += as_data(found) if found else ""


def has_texts(app: Sphinx, pagename: str) -> bool:
    """Return whether *pagename* may have previews."""
    return pagename in app.env.found_docs and bool(texts(app, pagename))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the event, its handler and the script."""
    app.add_event("preview-texts")
    app.connect("html-page-context", write_texts)
    add_script(app, Path(__file__).parent / "static", "preview.js", has_texts)
    return EXTENSION
