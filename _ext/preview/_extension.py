"""The file with the texts of all previews, and the script that shows them."""

import json
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB, add_script
from common.store import EXTENSION

#: Where the script finds the texts: beside itself.
FILE = "_static/preview-texts.js"


def texts(app: Sphinx) -> dict[str, str]:
    """Return the text for each anchor that has one."""
    found: dict[str, list[str]] = {}
    for given in app.emit("preview-texts", app.env):
        for anchor, lines in given.items():
            found.setdefault(anchor, []).extend(lines)
    return {anchor: "\n".join(lines) for anchor, lines in found.items()}


def write_texts(app: Sphinx, exception: Exception | None) -> None:
    """Write the texts as a script, which a browser also loads from a folder; it runs none of them."""
    if exception is None and app.builder.name in WEB:
        data = json.dumps(texts(app), separators=(",", ":"), sort_keys=True)
        Path(app.outdir, FILE).write_text(f"globalThis.previewTexts = {data};\n", "ascii")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the event, its handler and the script."""
    app.add_event("preview-texts")
    app.connect("build-finished", write_texts)
    folder = Path(__file__).parent / "static"
    add_script(app, folder, "preview.js", lambda app, pagename: pagename in app.env.found_docs)
    return EXTENSION
