"""The check of the file, and its copy beside the pages."""

import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB
from common.store import EXTENSION, warn_unless_read
from verified.ledger import FILE, SCHEMA, read_ledger


def check_file(app: Sphinx) -> None:
    """Warn of a file that cannot be read."""
    warn_unless_read(app, FILE, read_ledger, "verified")


def offer(app: Sphinx, exception: Exception | None) -> None:
    """Copy the file and its schema beside the pages of a web site."""
    if exception is not None or app.builder.name not in WEB:
        return
    there = (app.srcdir / FILE).exists()
    for path in (app.srcdir / FILE, SCHEMA):
        if there:
            shutil.copyfile(path, app.outdir / path.name)
        else:
            Path(app.outdir, path.name).unlink(missing_ok=True)


def register(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", check_file)
    app.connect("build-finished", offer)
    return EXTENSION
