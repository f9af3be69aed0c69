"""A script of a room, in the pages of a web site that need it; books have none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx

#: The builders of pages for a browser.
WEB = frozenset({"html", "dirhtml", "singlehtml"})


def add_script(
    app: Sphinx, module: str, name: str, needed: Callable[[Sphinx, str], bool] = lambda *_page: True
) -> None:
    """Load *name*, a script in ``static`` beside *module*, on each page of which *needed* says so, when read."""
    folder = str(Path(module).parent / "static")

    def copy(app: Sphinx) -> None:
        paths = app.config.html_static_path
        if app.builder.name in WEB and folder not in paths:
            paths.append(folder)

    def load(app: Sphinx, pagename: str, *_context: Any) -> None:  # noqa: ANN401  of Sphinx
        if app.builder.name in WEB and needed(app, pagename):
            app.add_js_file(name, loading_method="defer")

    app.connect("builder-inited", copy)
    app.connect("html-page-context", load)
