"""Previews of words and citations: what they say, that they work from a folder, and what is no part of them."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pybtex.database import parse_file

from bibtex.tex import plain
from common.text import capital
from conftest import ROOT
from helpers import RECORDS, edit, soup, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]

TESTROOT = "studies"

#: The most that a page, and the script of all previews, may weigh.
PAGE_BYTES, SCRIPT_BYTES = 60 * 1024, 4 * 1024
LINKS = ".bibtex-citation a, a:has(> .std-term)"
#: What a title may try.
HOSTILE = 'A <img src=x onerror=document.title=1> </template></script><!-- &lt;b&gt; "trial"'
ENTRIES = parse_file(str(ROOT / "references.bib")).entries


def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return *pairs* as a dictionary; each key is there once."""
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


def texts(page: BeautifulSoup) -> dict[str, str]:
    """Return the text of each preview on *page*."""
    found = page.select("#preview-texts")
    assert len(found) <= 1
    data: dict[str, str] = (
        json.loads(found[0].string or "", object_pairs_hook=once) if found else {}
    )
    return data


def pages(folder: Path) -> dict[str, BeautifulSoup]:
    """Return the pages in *folder* by their names."""
    return {
        path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in sorted(folder.glob("*.html"))
    }


# -- The real site ---------------------------------------------------------------------------------
def test_each_citation_and_each_term_has_its_text_in_its_page(built: Built) -> None:
    linked = 0
    for name, page in pages(built("html")).items():
        known = texts(page)
        anchors = {str(link["href"]).rpartition("#")[2] for link in page.select(LINKS)}
        assert anchors == known.keys(), name
        assert all(known.values()), name
        assert page.select("script[src*='preview.js']") or not known, name
        linked += len(anchors)
    assert linked > 100


def test_a_preview_names_paper_authors_year_and_result(built: Built) -> None:
    found: dict[str, str] = {}
    for page in pages(built("html")).values():
        found |= texts(page)
    for key, entry in ENTRIES.items():
        if text := found.get(f"ref-{key}"):
            label, short, *more = text.split("\n")
            assert label
            assert entry.fields.get("year", "n.d.") in label
            assert words(plain(entry.fields["title"])).rstrip(".") in short
            if entry.persons.get("author"):
                first = entry.persons["author"][0]
                assert plain(" ".join(first.prelast_names + first.last_names)) in short
            if record := RECORDS.get(key):
                assert more[-1].startswith(capital(record["direction"]))
                marked = record["status"] != "as published"
                assert any(line.startswith(capital(record["status"])) for line in more) == marked
            else:
                assert more == []


def test_previews_are_no_heavy_load(built: Built) -> None:
    for path in built("html").glob("*.html"):
        assert len(gzip.compress(path.read_bytes())) <= PAGE_BYTES, path.name
    scripts = list((ROOT / "_ext").glob("*/static/*preview*.js"))
    assert sum(len(script.read_bytes()) for script in scripts) <= SCRIPT_BYTES
    assert not any("fetch(" in script.read_text() for script in scripts)


@pytest.mark.parametrize("builder", ["epub", "latex", "text", "man"])
def test_books_have_no_previews(built: Built, builder: str) -> None:
    for path in built(builder).rglob("*"):
        if path.suffix in {".xhtml", ".tex", ".txt", ".1"}:
            assert "preview-texts" not in path.read_text("utf-8"), path.name


# -- Small sites -----------------------------------------------------------------------------------
@pytest.fixture
def hostile(source: Path, build: MakeApp) -> SphinxTestApp:
    """Return a site with a title that tries to become HTML."""
    edit(source / "references.bib", "{A False Report}", f"{{{HOSTILE}}}")
    return build()


def test_nothing_of_a_title_becomes_html(hostile: SphinxTestApp) -> None:
    for name in ("index", "other"):
        page = BeautifulSoup((hostile.outdir / f"{name}.html").read_bytes(), "html5lib")
        assert page.select("[onerror], template") == []
        assert "onerror=document.title=1>" in texts(page)["ref-false2021report"]
        raw = str(soup(hostile, name).select("#preview-texts")[0])
        assert not re.search("[<>&]", raw.partition(">")[2].removesuffix("</script>"))


def test_a_mark_is_in_the_preview_as_soon_as_in_the_record(build: MakeApp) -> None:
    shown = texts(soup(build(), "other"))["ref-false2021report"].split("\n")
    assert [line for line in shown if line.startswith("Retracted")]


def cite_once(source: Path) -> None:
    """Add a page that cites a paper, and does nothing else, to the site in *source*."""
    (source / "cites.md").write_text("# Cites\n\nSee {cite:t}`false2021report`.\n")
    edit(source / "index.md", "other\n```", "other\ncites\n```")


def test_the_search_finds_no_page_by_its_previews(source: Path, build: MakeApp) -> None:
    edit(source / "references.bib", "{A False Report}", "{A Falsified Xylophone}")
    cite_once(source)
    app = build()
    assert "Xylophone" in (app.outdir / "cites.html").read_text("utf-8")
    index = (app.outdir / "searchindex.js").read_text("utf-8")
    data = json.loads(index.removeprefix("Search.setIndex(").rstrip(")"))
    found = [pages for word, pages in data["terms"].items() if word.startswith("xyloph")]
    assert found
    assert data["docnames"].index("cites") not in [
        page for pages in found for page in ([pages] if isinstance(pages, int) else pages)
    ]


def written(make_app: MakeApp, root: Path) -> tuple[dict[str, str], set[str]]:
    """Build *root*; return its pages and the names of those that were written."""
    names: set[str] = set()
    app = make_app("html", srcdir=root)
    app.connect("doctree-resolved", lambda *args: names.add(args[2]))
    app.build()
    return {page: (app.outdir / f"{page}.html").read_text() for page in ("index", "other")}, names


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("references.bib", "{A False Report}", "{A Very False Report}"),
        ("references.bib", "{False, Cal}", "{False, Dan}"),
        ("index.md", ":status: retracted", ":status: expression of concern"),
        ("index.md", ":people: 1 man", ":people: 2 men"),
    ],
)
def test_an_edit_writes_each_page_whose_previews_show_it(
    file: str, old: str, new: str, source: Path, make_app: MakeApp
) -> None:
    cite_once(source)
    written(make_app, source)
    edit(source / file, old, new)
    pages, names = written(make_app, source)
    assert "cites" in names
    clean = shutil.copytree(
        source, source.parent / "clean", ignore=shutil.ignore_patterns("_build")
    )
    assert pages == written(make_app, clean)[0]


# -- In a browser, from a folder -------------------------------------------------------------------
@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Yield a page on a phone with a touch screen that reaches no server."""
    context = browser.new_context(viewport=ViewportSize(width=390, height=844), has_touch=True)
    context.route(re.compile("^(?!file:)"), lambda route: route.abort())
    yield context.new_page()
    context.close()


@pytest.fixture
def safety(page: Page, built: Built) -> Page:
    """Return the page with the most citations, opened as a file."""
    page.goto((built("html") / "safety.html").as_uri())
    return page


def preview(page: Page) -> Locator:
    """Return the box."""
    return page.get_by_role("tooltip")


def first(page: Page, selector: str) -> tuple[Locator, str]:
    """Return the first link that *selector* finds in the text, and what its preview says."""
    link = page.locator(f"article :is({selector})").first
    anchor = (link.get_attribute("href") or "").rpartition("#")[2]
    return link, texts(BeautifulSoup(page.content(), "html.parser"))[anchor]


@pytest.mark.parametrize("selector", LINKS.split(", "))
def test_a_preview_opens_from_a_folder_by_focus_and_hover_and_closes_by_escape(
    safety: Page, selector: str
) -> None:
    link, text = first(safety, selector)
    link.focus()
    assert preview(safety).inner_text() == text
    assert link.get_attribute("aria-describedby") == preview(safety).get_attribute("id")
    safety.keyboard.press("Escape")
    expect(preview(safety)).to_have_count(0)
    expect(link).to_be_focused()
    safety.locator("h1").hover()
    link.hover()
    assert preview(safety).inner_text() == text
    preview(safety).hover()
    safety.wait_for_timeout(500)
    expect(preview(safety)).to_be_visible()
    link.evaluate("link => link.blur()")
    safety.locator("h1").hover()
    expect(preview(safety)).to_have_count(0)


def test_the_first_tap_on_a_citation_shows_it_and_the_second_follows(safety: Page) -> None:
    link, text = first(safety, ".bibtex-citation a")
    href = str(link.get_attribute("href"))
    link.tap()
    assert preview(safety).inner_text() == text
    assert "safety.html" in safety.url
    link.tap()
    safety.wait_for_url(f"**/{href}")


def test_an_open_preview_is_accessible_and_not_printed(safety: Page) -> None:
    first(safety, ".bibtex-citation a")[0].focus()
    assert preview(safety).evaluate("box => box.closest('main, [role=main]') !== null")
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]}
    for scheme in ("light", "dark"):
        safety.emulate_media(color_scheme=scheme)
        found: list[dict[str, Any]] = Axe().run(safety, options=options).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in {"serious", "critical"}] == []
        of_the_box = [node for rule in found for node in rule["nodes"] if "preview" in node["html"]]
        assert of_the_box == []
    safety.emulate_media(media="print")
    expect(preview(safety)).to_be_hidden()


def test_every_preview_fits_on_a_narrow_screen(safety: Page) -> None:
    safety.set_viewport_size(ViewportSize(width=320, height=640))
    wide = safety.evaluate(
        """links => [...document.querySelectorAll(links)].filter(link => {
          link.blur();
          link.focus();
          const { left, right } = document.querySelector("[role=tooltip]").getBoundingClientRect();
          return left < 0 || right > 320;
        }).map(link => link.innerText)""",
        LINKS,
    )
    assert wide == []


def test_without_the_script_a_citation_is_a_link(browser: Browser, built: Built) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built("html") / "safety.html").as_uri())
    assert "ref-" not in page.locator("article").inner_text()
    page.locator(".bibtex-citation a").first.click()
    page.wait_for_url("**#ref-*")
    context.close()


def test_a_hostile_title_is_shown_as_it_is_written(page: Page, hostile: SphinxTestApp) -> None:
    page.goto((hostile.outdir / "other.html").as_uri())
    page.locator(".bibtex-citation a").first.focus()
    assert "<img src=x onerror" in preview(page).inner_text()
    assert preview(page).locator("*").count() == 0
    assert page.title() != "1"
