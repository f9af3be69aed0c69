"""All pages as one document: the first page is a chapter of its own, with the others beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from helpers import PAGES, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

TESTROOT = "chapters"
#: The headings of a chapter and of a section in each format.
CHAPTER = {
    "latex": r"\\chapter\{(.+)\}",
    "texinfo": "@chapter (.+)",
    "man": r"\.SH (.+)",
    "singlehtml": "<h2>(.+?)<",
}
SECTION = {
    "latex": r"\\section\{(.+)\}",
    "texinfo": "@section (.+)",
    "man": r"\.SS (.+)",
    "singlehtml": "<h3>(.+?)<",
}
SUFFIX = {"latex": "tex", "texinfo": "texi", "man": "1", "singlehtml": "html"}


def written(folder: Path, builder: str) -> str:
    """Return the one document in *folder*."""
    (path,) = folder.glob(f"*.{SUFFIX[builder]}")
    text = path.read_text("utf-8")
    if builder == "singlehtml":  # without the menus of a theme
        text = str(BeautifulSoup(text, "html.parser").find("section"))
    return text


@pytest.mark.parametrize("builder", SUFFIX)
def test_the_first_page_is_a_chapter_and_keeps_its_title(
    build: Callable[..., SphinxTestApp], builder: str
) -> None:
    text = written(build(builder).outdir, builder)
    found = re.findall(f"{CHAPTER[builder]}|{SECTION[builder]}", text)
    headings = [(chapter.capitalize(), section) for chapter, section in found]
    own = [heading for heading in headings if heading[0] not in {"Name", "Author"}]
    assert own == [("Start", ""), ("", "Last section"), ("Page", ""), ("", "Nested")]
    opening = re.search(CHAPTER[builder].replace("(.+)", "(?:Start|START)"), text)
    assert opening
    assert opening.start() < text.index("Opening text") < text.index("Its text")


@pytest.mark.sphinx("html", testroot=TESTROOT)
def test_other_formats_keep_their_tree(app: SphinxTestApp) -> None:
    app.build()
    assert (app.outdir / "index.html").read_text().count("<h1>") == 1


def test_the_single_page_has_the_title_of_the_site_and_its_links_lead_to_the_chapters(
    build: Callable[..., SphinxTestApp],
) -> None:
    app = build("singlehtml")
    page = BeautifulSoup(written(app.outdir, "singlehtml"), "html.parser")
    (title,) = page.select("h1")
    assert title.text.strip("¶") == app.config.html_title
    links = {str(link["href"]) for link in page.select("section#page a.internal[href]")}
    assert links > {"#"}  # which is the first page
    assert all(page.select(link) for link in links - {"#"})


@pytest.mark.parametrize("builder", SUFFIX)
def test_each_page_of_the_real_site_is_a_chapter(built: Callable[..., Path], builder: str) -> None:
    titles = {re.findall(r"^# (.+)$", page, re.MULTILINE)[0].casefold() for page in PAGES.values()}
    chapters = re.findall(CHAPTER[builder], written(built(builder), builder))
    found = {chapter.casefold() for chapter in chapters} - {"name", "author", "copyright"}
    assert titles <= found
    assert builder == "latex" or found == titles  # the book has its summary as one, too


def test_the_single_page_of_the_real_site_has_its_name(built: Callable[..., Path]) -> None:
    page = BeautifulSoup(written(built("singlehtml"), "singlehtml"), "html5lib")
    (title,) = page.select("h1")
    assert title.text.startswith(SETTINGS["html_title"])
