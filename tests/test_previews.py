"""Previews of words and citations: what they say, that they work from a folder, and what is no part of them."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pybtex.database import parse_file

from bibtex.tex import plain
from common.text import capital
from conftest import ROOT
from helpers import RECORDS, edit, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]

TESTROOT = "studies"

#: The most that a page with all that it loads, compressed, and the script of all previews may weigh.
PAGE_BYTES, SCRIPT_BYTES = 60 * 1024, 4 * 1024
#: A page of more records than these may grow by that for each: a new paper fails no test.
RECORDS_ON_A_PAGE, RECORD_BYTES = 37, 1536
#: The page of all references may grow by that for each of them.
REFERENCE_BYTES = 256
#: How much a page may ask for, itself included.
REQUESTS = 12
LINKS = ".bibtex-citation a, a:has(> .std-term)"
#: What a title may try.
HOSTILE = 'A <img src=x onerror=document.title=1> </template></script><!-- &lt;b&gt; "trial"'
ENTRIES = parse_file(str(ROOT / "references.bib")).entries


def once(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return *pairs* as a dictionary; each key is there once."""
    assert len({key for key, _ in pairs}) == len(pairs)
    return dict(pairs)


def texts(site: Path) -> dict[str, str]:
    """Return the text of each preview of the *site* in a folder, by its anchor."""
    script = (site / "_static" / "preview-texts.js").read_text("ascii")
    data: dict[str, str] = json.loads(
        script.partition(" = ")[2].rstrip().removesuffix(";"), object_pairs_hook=once
    )
    return data


def pages(folder: Path) -> dict[str, BeautifulSoup]:
    """Return the pages in *folder* by their names."""
    return {
        path.name: BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for path in sorted(folder.glob("*.html"))
    }


# -- The real site ---------------------------------------------------------------------------------
def test_each_citation_and_each_term_has_its_text(built: Built) -> None:
    known, linked = texts(built("html")), set()
    assert all(known.values())
    for name, page in pages(built("html")).items():
        anchors = {str(link["href"]).rpartition("#")[2] for link in page.select(LINKS)}
        assert anchors <= known.keys(), name
        assert page.select("script[src*='preview.js']") or not anchors, name
        linked |= anchors
    assert len(linked) > 100


def test_a_preview_names_paper_authors_year_and_result(built: Built) -> None:
    found = texts(built("html"))
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


def test_the_script_of_previews_is_small(built: Built) -> None:
    script = (ROOT / "_ext" / "preview" / "static" / "preview.js").read_bytes()
    assert len(script) <= SCRIPT_BYTES
    assert b"fetch(" not in script  # which a folder does not allow


def test_a_page_is_light_and_asks_for_little(page: Page, built: Built) -> None:
    for path in sorted(built("html").glob("*.html")):
        # The search page holds the index; 404 is served at any address, and asks for files from the root.
        if path.name in {"search.html", "404.html"}:
            continue
        asked: set[str] = set()
        page.goto("about:blank")
        page.on("request", lambda request: asked.add(request.url.partition("?")[0]))  # noqa: B023
        page.goto(path.as_uri())
        files = [Path(url.removeprefix("file://")) for url in asked]
        assert path in files
        assert len(files) <= REQUESTS, path.name
        weight = sum(len(gzip.compress(file.read_bytes())) for file in files)
        records = page.locator(".study-details").count()
        more = max(0, records - RECORDS_ON_A_PAGE) * RECORD_BYTES
        more += page.locator(".to-cite").count() * REFERENCE_BYTES
        assert weight <= PAGE_BYTES + more, path.name


def test_without_the_texts_a_link_is_a_link_and_the_next_one_tries_again(
    page: Page, built: Built
) -> None:
    page.route("**/preview-texts.js", lambda route: route.abort())
    page.goto((built("html") / "safety.html").as_uri())
    link, text = first(page, ".bibtex-citation a")
    with page.expect_event("requestfailed"):
        link.focus()
    page.unroute("**/preview-texts.js")
    link.blur()
    link.focus()
    expect(preview(page)).to_have_text(text)
    page.reload()
    page.route("**/preview-texts.js", lambda route: route.abort())
    link.tap()
    page.wait_for_url("**#ref-*")


@pytest.mark.parametrize("builder", ["epub", "latex", "text", "man"])
def test_books_have_no_previews(built: Built, builder: str) -> None:
    for path in built(builder).rglob("*"):
        if path.suffix in {".xhtml", ".tex", ".txt", ".1"}:
            assert "preview-texts" not in path.read_text("utf-8"), path.name
    assert not list(built(builder).rglob("preview*.js"))


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
    assert "onerror=document.title=1>" in texts(hostile.outdir)["ref-false2021report"]


def test_a_mark_is_in_the_preview_as_soon_as_in_the_record(build: MakeApp) -> None:
    app = build()
    shown = texts(app.outdir)["ref-false2021report"].split("\n")
    assert [line for line in shown if line.startswith("Retracted")]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("references.bib", "{A False Report}", "{A Very False Report}"),
        ("references.bib", "{False, Cal}", "{False, Dan}"),
        ("index.md", ":status: retracted", ":status: expression of concern"),
        ("index.md", ":people: 1 man", ":people: 2 men"),
    ],
)
def test_an_edit_changes_the_previews_that_show_it(
    file: str, old: str, new: str, source: Path, make_app: MakeApp
) -> None:
    def built() -> dict[str, str]:
        app = make_app("html", srcdir=source)
        app.build()
        return texts(Path(app.outdir))

    before = built()
    edit(source / file, old, new)
    after = built()
    assert before != after
    shutil.rmtree(source / "_build")
    assert built() == after


# -- In a browser, from a folder -------------------------------------------------------------------
@pytest.fixture(scope="module")
def phone(browser: Browser) -> Page:
    """Return a tab on a phone with a touch screen that reaches no server."""
    context = browser.new_context(has_touch=True, reduced_motion="reduce")
    context.route(re.compile("^(?!file:)"), lambda route: route.abort())
    return context.new_page()


@pytest.fixture
def page(phone: Page) -> Page:
    """Return that tab, empty."""
    phone.unroute_all()
    phone.emulate_media(media="null")
    phone.set_viewport_size(ViewportSize(width=390, height=844))
    phone.goto("about:blank")
    return phone


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
    return link, texts(Path(page.url.removeprefix("file://")).parent)[anchor]


@pytest.mark.parametrize("selector", LINKS.split(", "))
def test_a_preview_opens_from_a_folder_by_focus_and_hover_and_closes_by_escape(
    safety: Page, selector: str
) -> None:
    link, text = first(safety, selector)
    link_to = str(link.get_attribute("href"))
    link.focus()
    expect(preview(safety)).to_have_text(text)
    assert link.get_attribute("aria-describedby") == preview(safety).get_attribute("id")
    safety.keyboard.press("Escape")
    expect(preview(safety)).to_have_count(0)
    expect(link).to_be_focused()
    safety.locator("h1").hover()
    link.hover()
    expect(preview(safety)).to_have_text(text)
    preview(safety).hover()
    safety.wait_for_timeout(500)
    expect(preview(safety)).to_be_visible()
    link.evaluate("link => link.blur()")
    safety.locator("h1").hover()
    expect(preview(safety)).to_have_count(0)
    assert link.get_attribute("aria-describedby") is None
    link.press("Enter")
    safety.wait_for_url(f"**/{link_to}")


@pytest.mark.parametrize("selector", LINKS.split(", "))
def test_the_first_tap_shows_what_a_link_means_and_the_second_follows(
    safety: Page, selector: str
) -> None:
    link, text = first(safety, selector)
    href = str(link.get_attribute("href"))
    link.tap()
    expect(preview(safety)).to_have_text(text)
    assert "safety.html" in safety.url
    link.tap()
    safety.wait_for_url(f"**/{href}")


def test_an_open_preview_is_in_the_main_part_and_not_printed(safety: Page) -> None:
    first(safety, ".bibtex-citation a")[0].focus()
    expect(preview(safety)).to_be_visible()
    assert preview(safety).evaluate("box => box.closest('main, [role=main]') !== null")
    safety.emulate_media(media="print")
    expect(preview(safety)).to_be_hidden()


def test_every_preview_fits_on_a_narrow_screen(safety: Page) -> None:
    safety.set_viewport_size(ViewportSize(width=320, height=640))
    first(safety, LINKS)[0].focus()
    expect(preview(safety)).to_be_visible()  # and all texts are there
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
    expect(preview(page)).to_contain_text("<img src=x onerror")
    assert preview(page).locator("*").count() == 0
    assert page.title() != "1"
