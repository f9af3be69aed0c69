"""The sheet for an appointment: complete in every format, and on the website only what is ticked is printed."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup, Tag
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect
from pypdf import PdfReader

from barriers import barriers
from common.text import capital
from evidence.views import BOX
from helpers import PAGES, RECORDS, edit, notice, page_with, soup, warnings, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]

TESTROOT = "studies"

SHEET = page_with("{evidence} sheet")
#: How many papers fit on one page beside all questions.
PAPERS_ON_A_PAGE = 8
#: The margins that browsers print with.
MARGINS = dict.fromkeys(("top", "right", "bottom", "left"), "1cm")


@pytest.fixture(scope="module")
def address(built: Built) -> str:
    """Return the address of the sheet as a file."""
    return (built("html") / f"{SHEET}.html").as_uri()


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Page:
    """Return a tab on a phone."""
    return browser.new_context(
        viewport=ViewportSize(width=390, height=844), reduced_motion="reduce"
    ).new_page()


@pytest.fixture
def page(phone: Page, address: str) -> Page:
    """Return the sheet on the phone, where nothing is ticked."""
    phone.emulate_media(media="null", color_scheme="light")
    phone.goto("about:blank")
    phone.goto(address)
    return phone


def boxes(page: Page, kind: str) -> list[Locator]:
    """Return the boxes of the ``questions`` or of the ``papers``."""
    inside = (
        ".sheet-papers .sheet input" if kind == "papers" else ".sheet:not(.sheet-papers *) input"
    )
    return page.locator(inside).all()


def printed(page: Page, size: str) -> tuple[int, str]:
    """Return how many sheets of paper *page* takes, and the words on them, without ligatures."""
    pdf = PdfReader(io.BytesIO(page.pdf(format=size, margin=MARGINS)))  # type: ignore[arg-type]
    text = " ".join(sheet.extract_text() for sheet in pdf.pages)
    return len(pdf.pages), words(unicodedata.normalize("NFKC", text))


def items(page: BeautifulSoup, selector: str) -> list[Tag]:
    """Return the items of the lists that *selector* finds."""
    return page.select(f"{selector} > li")


# -- Every format ----------------------------------------------------------------------------------
def test_the_sheet_has_questions_and_each_paper_once(built: Built) -> None:
    page = BeautifulSoup((built("html") / f"{SHEET}.html").read_text("utf-8"), "html.parser")
    listed = items(page, ".sheet-papers .sheet")
    links = [str(item.select("a")[0]["href"]).partition("#")[2] for item in listed]
    assert links == list(RECORDS)
    for item, record in zip(listed, RECORDS.values(), strict=True):
        assert item.text.startswith(BOX + record["plain-title"])
        assert f": {capital(record['direction'])} · " in item.text
        assert (f"[{record['status']}]" in item.text) == (record["status"] != "as published")
    questions = [words(item.text) for item in items(page, ".sheet") if item not in listed]
    assert len(questions) >= 6
    assert [text for text in questions if not (text.startswith(BOX) and text.endswith("?"))] == []


@pytest.mark.parametrize("builder", ["epub", "latex", "text", "dirhtml", "singlehtml"])
def test_each_format_has_a_box_for_each_question_and_paper(built: Built, builder: str) -> None:
    asked = len(
        re.findall(r"(?m)^- ", PAGES[f"{SHEET}.md"].split("```{questions}")[1].split("```")[0])
    )
    texts = {
        path.read_text("utf-8").count(BOX.strip())
        for path in built(builder).rglob("*")
        if path.suffix in {".html", ".xhtml", ".tex", ".txt"}
    }
    assert max(texts) == len(RECORDS) + asked


def test_the_menu_leads_to_the_sheet_and_the_sheet_to_help(built: Built) -> None:
    start = BeautifulSoup((built("html") / "index.html").read_text("utf-8"), "html.parser")
    assert start.select(f'a[href="{SHEET}.html"]')
    page = BeautifulSoup((built("html") / f"{SHEET}.html").read_text("utf-8"), "html.parser")
    assert page.select('article a[href$="#crisis-help"]')


# -- On the website --------------------------------------------------------------------------------
@pytest.mark.parametrize("size", ["A4", "Letter"])
def test_what_is_ticked_is_printed_on_one_page_with_the_notice_and_nothing_else(
    page: Page, size: str
) -> None:
    questions, papers = boxes(page, "questions"), boxes(page, "papers")
    ticked = [*questions, *papers[-PAPERS_ON_A_PAGE:]]
    for box in ticked:
        box.check()
    number, text = printed(page, size)
    assert number == 1
    plain = text.replace("’", "'")  # noqa: RUF001  the apostrophe of the output
    assert [line for line in notice() if line.split(". ")[0] not in plain] == []
    titles = [record["plain-title"] for record in RECORDS.values()]
    squeezed = re.sub(r"\s|-", "", plain)
    plainest = [re.sub(r"\s|-", "", unicodedata.normalize("NFKC", title)) for title in titles]
    shown = [title for title, text in zip(titles, plainest, strict=True) if f"{text}(" in squeezed]
    assert shown == titles[-PAPERS_ON_A_PAGE:]
    assert "Print this sheet" not in text
    assert "Ticked" not in text


def test_a_question_alone_is_printed_alone(page: Page) -> None:
    first, second = page.locator(".sheet label").all()[:2]
    asked, other = words(first.inner_text()), words(second.inner_text())
    first.click()
    number, text = printed(page, "A4")
    assert number == 1
    assert asked in text
    assert other not in text
    assert page.locator("h2").all_inner_texts()[-1] not in text


def test_ticks_are_set_with_the_keyboard_and_told(page: Page) -> None:
    status = page.get_by_role("status")
    assert "Nothing is ticked" in status.inner_text()
    boxes(page, "questions")[0].focus()
    page.keyboard.press("Space")
    assert "1 of the questions, 0 of the papers" in status.inner_text()
    for box in boxes(page, "papers")[: PAPERS_ON_A_PAGE + 1]:
        box.focus()
        page.keyboard.press("Space")
    assert f"{PAPERS_ON_A_PAGE + 1} of the papers" in status.inner_text()
    assert "second page" in status.inner_text()
    page.get_by_role("button", name="Clear all ticks").first.click()
    assert "Nothing is ticked" in status.inner_text()
    assert page.locator(".sheet input:checked").count() == 0


def test_the_button_prints_and_nothing_is_stored_or_sent(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    kept = "() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}, location.href])"
    before = page.evaluate(kept)
    boxes(page, "questions")[0].check()
    boxes(page, "papers")[0].check()
    buttons = page.get_by_role("button", name="Print this sheet").all()
    for button in buttons:
        button.click()
    assert page.evaluate("window.printed") == len(buttons) > 0
    assert page.evaluate(kept) == before
    assert [url for url in asked if not url.startswith("file:")] == []
    page.reload()
    assert page.locator(".sheet input:checked").count() == 0


def test_each_box_has_its_name_and_a_link_in_it_leads_on(page: Page) -> None:
    for record, box in zip(RECORDS.values(), boxes(page, "papers"), strict=True):
        assert box.evaluate("box => box.labels[0].textContent").startswith(record["plain-title"])
    page.locator(".sheet-papers .sheet a").first.click()
    page.wait_for_url(f"**#{next(iter(RECORDS))}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_sheet_with_ticks_is_accessible(page: Page, scheme: Any) -> None:  # noqa: ANN401  a literal
    page.emulate_media(color_scheme=scheme)
    boxes(page, "questions")[0].check()
    assert barriers(page) == []
    small = page.locator(".sheet input, .sheet-bar button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).filter(box => Math.min(box.width, box.height) < 24)"
    )
    assert small == []


def test_without_the_script_the_sheet_is_ready_for_a_pen(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    assert page.locator("input:visible, button:visible", has_text="Print").count() == 0
    assert page.locator(".sheet input").count() == 0
    lines = page.locator(".sheet > li").all_inner_texts()
    assert len(lines) > len(RECORDS)
    assert [line for line in lines if not line.startswith(BOX.strip())] == []
    context.close()


# -- Small sites -----------------------------------------------------------------------------------
@pytest.fixture
def small(source: Path) -> Path:
    """Return the source of a small site with a sheet."""
    text = "# Sheet\n\n```{questions}\n- Why?\n- How?\n```\n\n```{evidence} sheet\n```\n"
    (source / "sheet.md").write_text(text)
    edit(source / "index.md", "other\n```", "other\nsheet\n```")
    return source


def test_the_sheet_marks_a_retracted_paper_and_follows_the_records(
    small: Path, build: Build
) -> None:
    lines = [words(item.text) for item in items(soup(build(), "sheet"), ".sheet-papers .sheet")]
    assert [("[retracted]" in line, "[corrected]" in line) for line in lines] == [
        (False, True),
        (True, False),
    ]
    edit(small / "index.md", ":plain-title: A trial in words", ":plain-title: Other words")
    lines = [words(item.text) for item in items(soup(build(), "sheet"), ".sheet-papers .sheet")]
    assert lines[0].startswith(f"{BOX}Other words")


def test_nothing_of_a_record_or_an_entry_becomes_html(
    small: Path, build: Build, browser: Browser
) -> None:
    attack = "<img src=x onerror=document.title=1>"
    edit(
        small / "index.md", ":plain-title: A report in words", f":plain-title: {attack}</template>"
    )
    edit(small / "references.bib", "{False, Cal}", f"{{{attack}}}")
    app = build()
    page = BeautifulSoup((app.outdir / "sheet.html").read_bytes(), "html5lib")
    assert page.select("[onerror], template") == []
    assert attack in page.select(".sheet-papers")[0].text
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((app.outdir / "sheet.html").as_uri())
    tab.locator(".sheet input").last.check()
    expect(tab.locator(".sheet img")).to_have_count(0)
    assert tab.title() != "1"
    context.close()


def test_a_search_finds_a_paper_once_and_not_on_the_sheet(small: Path, build: Build) -> None:
    edit(small / "index.md", ":plain-title: A trial in words", ":plain-title: Xylophones")
    text = (build().outdir / "searchindex.js").read_text("utf-8")
    index = json.loads(text.removeprefix("Search.setIndex(").rstrip(")"))
    found = [pages for word, pages in index["terms"].items() if word.startswith("xyloph")]
    sheet = index["docnames"].index("sheet")
    assert [
        pages for pages in found if sheet in ([pages] if isinstance(pages, int) else pages)
    ] == []


def test_questions_that_are_no_list_are_named(small: Path, build: Build) -> None:
    edit(small / "sheet.md", "- Why?\n- How?", "Why?")
    app = build()
    assert [line for line in warnings(app) if "sheet.md" in line and "hyphen" in line]
