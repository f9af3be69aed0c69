"""The files beside the pages of a web site, and what its pages say of them."""

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB
from common.store import EXTENSION
from dataset.codebook import FILES
from dataset.data import SCRIPT, as_script
from dataset.feed import FEED, as_atom, history_of
from dataset.papers import site_of
from incremental import is_written
from studies.domain import StudiesDomain

#: Under which name a build remembers the files; no page is called so.
NAME = "data of the records"


def write_files(app: Sphinx, builder: Builder) -> None:
    """Write the data and the feed beside the pages, unless they are there and the same.

    Without papers there are none.
    """
    site = site_of(app.env, builder)
    if builder.name not in WEB or not site.papers:
        return
    contents = {name: write(site) for name, (_, write) in FILES.items()}
    contents |= {SCRIPT: as_script(site), FEED: as_atom(site)}
    if not is_written(app, NAME, contents, files=contents):
        for name, text in contents.items():
            path = Path(app.outdir, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="")


def name_feed(
    app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Name the feed in the head of each page."""
    if StudiesDomain.of(app.env).studies and app.builder.name in WEB:
        href = context["pathto"](FEED, 1)
        kind = 'rel="alternate" type="application/atom+xml" title="New and changed"'
        context["metatags"] = f'{context.get("metatags", "")}<link {kind} href="{href}">'


def register(app: Sphinx) -> ExtensionMetadata:
    for room in ("studies", "notice", "imprint"):
        app.setup_extension(room)
    # What the feed says of every summary; empty when nothing is said.
    app.add_config_value("evidence_remark", "", "env", str)
    # Under which licence the data are, if it is not that of the site.
    app.add_config_value("evidence_licence", "", "env", str)
    # The file with the last edition and what had changed up to it; without one no field is told.
    app.add_config_value("evidence_edition", "", "env", str)
    app.connect("builder-inited", lambda app: history_of(app.env))  # warns in each build
    app.connect("html-page-context", name_feed)
    app.connect("write-started", write_files)
    return EXTENSION
