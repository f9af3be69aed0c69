"""Show what a link means beside it: on hover, on focus and at the first tap.

Other rooms say what their links mean: a handler of the event ``preview-texts`` gets the environment
and returns the lines for each anchor. They are one file of the site, which a page loads when a
reader first points at a link: a page is no heavier for them, and they work from a folder, too.
Books, and readers without the script, have ordinary links.
Nothing here knows this site: it could be offered to Sphinx.
"""

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB, add_script
from common.store import EXTENSION

#: Where the script finds the texts: beside itself.
FILE = "_static/preview-texts.js"


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """Write the texts as a script, which a browser also loads from a folder; it runs none of them."""
    if exception is not None or app.builder.name not in WEB:
        return
    found: dict[str, list[str]] = {}
    for given in app.emit("preview-texts", app.env):
        for anchor, lines in given.items():
            found.setdefault(anchor, []).extend(lines)
    texts = {anchor: "\n".join(lines) for anchor, lines in found.items()}
    data = json.dumps(texts, separators=(",", ":"), sort_keys=True)
    Path(app.outdir, FILE).write_text(f"globalThis.previewTexts = {data};\n", "ascii")


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_event("preview-texts")
    app.connect("build-finished", write_texts)
    add_script(app, __file__, "preview.js", lambda app, pagename: pagename in app.env.found_docs)
    return EXTENSION
