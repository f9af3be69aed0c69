"""A page loads the colours of code where it has any, and the scripts of the search on its page only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpers import soup

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

TESTROOT = "chapters"


@pytest.mark.parametrize(
    ("words", "coloured"),
    [
        ("Words and ``code``.", False),
        ("::\n\n   code", True),
        (">>> code", True),
        (".. role:: py(code)\n   :language: python\n\n:py:`x = 1`", True),
    ],
)
def test_a_page_loads_what_it_uses(
    words: str, coloured: bool, source: Path, make_app: Callable[..., SphinxTestApp]
) -> None:
    (source / "conf.py").write_text('extensions = ["lean_pages"]\n')
    (source / "index.rst").write_text(f"Title\n=====\n\n{words}\n")
    for path in source.glob("*.rst"):
        if path.stem != "index":
            path.unlink()
    app = make_app("html", srcdir=source)
    app.build()
    assert bool(soup(app, "index").select('link[href*="pygments.css"]')) == coloured
    assert not soup(app, "index").select('script[src*="sphinx_highlight"]')
    assert soup(app, "search").select('script[src*="sphinx_highlight"]')
