"""The first page in the PDF: a chapter of its own, with the other pages beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp


@pytest.mark.sphinx("latex", testroot="latex-root-chapter")
def test_the_first_page_is_a_chapter_and_keeps_its_title(app: SphinxTestApp) -> None:
    app.build()
    text = next(app.outdir.glob("*.tex")).read_text()
    headings = re.findall(r"\\(chapter|section|subsection)\{(\w[\w ]*)\}", text)
    assert headings == [
        ("chapter", "Start"),
        ("section", "Last section"),
        ("chapter", "Page"),
        ("section", "Nested"),
    ]
    assert text.index("Opening text") > text.index(r"\chapter{Start}")


@pytest.mark.sphinx("html", testroot="latex-root-chapter")
def test_other_formats_keep_their_tree(app: SphinxTestApp) -> None:
    app.build()
    assert (app.outdir / "index.html").read_text().count("<h1>") == 1
