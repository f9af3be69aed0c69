"""What is prepared for the book before LaTeX sees it, on a small site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from common.tables import share_out
from helpers import warnings

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp


@pytest.fixture
def text(app: SphinxTestApp) -> str:
    """Return the LaTeX of the site."""
    app.build()
    assert warnings(app) == []
    return next(app.outdir.glob("*.tex")).read_text("utf-8")


@pytest.mark.sphinx("latex", testroot="book")
def test_the_summary_and_the_contents_come_before_the_first_chapter(text: str) -> None:
    parts = re.findall(r"\\(chapter|section|sphinxtableofcontents)\b(?:\{([^}]*)\})?", text)
    assert parts == [
        ("chapter", "In short"),
        ("sphinxtableofcontents", ""),
        ("chapter", "Start"),
        ("section", "What is urgent"),
        ("chapter", "Page"),
        ("section", "More"),
    ]
    assert r"\label{\detokenize{page:summary}}" in text  # as if it had stayed


@pytest.mark.sphinx("latex", testroot="book")
def test_the_cover_says_what_the_book_is_and_what_is_urgent(text: str) -> None:
    assert r"\newcommand*{\bookabout}{What it is \& is not.}" in text
    assert r"\urgent{What is urgent}{\detokenize{index:now}}" in text


@pytest.mark.sphinx("latex", testroot="book")
def test_a_link_has_its_page_once_in_a_paragraph_and_no_brackets_in_brackets(text: str) -> None:
    numbers = re.findall(r"\\onpage(\*?)\{\\detokenize\{([^}]*)\}", text)
    assert numbers == [("", "page:summary"), ("*", "index:now")]


@pytest.mark.sphinx("latex", testroot="book")
def test_lists_get_the_names_of_their_looks(text: str) -> None:
    looks = re.findall(r"\\begin\{sphinxuseclass\}\{([^}]*)\}", text)
    assert looks == ["summary", "lead", "steps", "facts"]
    assert r"\sphinxlineitem{Method}" in text


@pytest.mark.sphinx("latex", testroot="book", confoverrides={"book_summary": "no-such"})
def test_a_label_that_no_section_has_is_named(app: SphinxTestApp) -> None:
    app.build()
    assert warnings(app) == [
        "WARNING: conf.py: book_summary: no section has the label 'no-such'; write one that a page has [book.label]"
    ]


@pytest.mark.sphinx("latex", testroot="book", freshenv=True)
def test_a_sign_that_no_font_has_is_named_at_its_line(app: SphinxTestApp) -> None:
    page = app.srcdir / "page.rst"
    text = page.read_text("utf-8")
    page.write_text(text.replace("Few words.", "Few ≥ ё → ☎ words 漢."), "utf-8")
    try:
        app.build(force_all=True)
    finally:
        page.write_text(text, "utf-8")
    assert warnings(app) == [
        "page.rst:9: WARNING: no font of the book has the sign 漢 (U+6F22); write it in words [book.sign]"
    ]


@pytest.mark.parametrize(
    ("shares", "least", "expected"),
    [
        ([10, 90], [5, 9], [10, 90]),  # as the page says
        ([1, 1], [9, 9], [50, 50]),
        ([10, 90], [30, 9], [30, 70]),  # the first word needs more
        ([50, 50], [124, 124], [124, 124]),  # nothing can be done
    ],
)
def test_no_word_is_wider_than_its_column(
    shares: list[float], least: list[float], expected: list[float]
) -> None:
    assert share_out(100, shares, least) == pytest.approx(expected)
