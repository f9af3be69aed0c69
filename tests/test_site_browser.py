"""The built site in a browser, on a phone in both themes: errors, the notice, search, access."""

from __future__ import annotations

import io
import re
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    ViewportSize,
    expect,
)
from pypdf import PdfReader

from common.text import capital
from conftest import ROOT, require
from helpers import CHANGES, EVIDENCE, GLOSSARY, RECORDS, VOCABULARY, notice, words
from helpers import PAGES as SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Where the site is on its host; the 404 page relies on it.
PREFIX = "/en/latest/"
MISSING = "no/such/page.html"
PAGES = [
    *(path.with_suffix(".html").name for path in sorted(ROOT.glob("[a-z]*.md"))),
    "search.html",
    "404.html",
    MISSING,
]
PHONE = ViewportSize(width=390, height=844)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
CONTRAST = {
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
    "resultTypes": ["violations"],
}
#: What scrolls sideways or is cut off; Furo clips the document and lets its wrapped tables scroll.
TOO_WIDE = """() => [...document.querySelectorAll("*")]
  .filter(element => element.clientWidth && element.scrollWidth > element.clientWidth)
  .filter(element => getComputedStyle(element).overflowX !== "visible")
  .filter(element => !element.closest(".table-wrapper"))
  .map(element => element.outerHTML.slice(0, 100))"""
#: Which of some points of an element that are on the screen show something else.
COVERED = """note => {
  const box = note.getBoundingClientRect();
  return [[0.5, 0.02], [0.02, 0.5], [0.5, 0.5], [0.98, 0.5], [0.5, 0.98]]
    .map(([x, y]) => [box.left + x * box.width, box.top + y * box.height])
    .filter(([, y]) => y < innerHeight)
    .map(([x, y]) => document.elementFromPoint(x, y))
    .filter(shown => !note.contains(shown))
    .map(shown => shown?.outerHTML.slice(0, 100));
}"""
#: The contrast (WCAG 2.2, 1.4.3) of each element in an element that holds words of its own.
CONTRASTS = """note => {
  const colour = text => {
    if (!text.startsWith("rgb")) throw new Error("not understood: " + text);
    const [red, green, blue, opacity = 1] = text.match(/[0-9.]+/g).map(Number);
    return { channels: [red, green, blue], opacity };
  };
  const over = (above, below) =>
    above.channels.map((value, i) => value * above.opacity + below[i] * (1 - above.opacity));
  const background = element => element === null ? [255, 255, 255]
    : over(colour(getComputedStyle(element).backgroundColor), background(element.parentElement));
  const luminance = channels => channels
    .map(value => value / 255)
    .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
    .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = element => {
    const below = background(element);
    const words = over(colour(getComputedStyle(element).color), below);
    const [darker, lighter] = [below, words].map(luminance).sort((a, b) => a - b);
    return (lighter + 0.05) / (darker + 0.05);
  };
  return [...note.querySelectorAll("*")]
    .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(element => [element.innerText, contrast(element)]);
}"""


#: The preview of each term: its words, and where it begins and ends.
PREVIEWS = """async () => {
  const boxes = [];
  for (const link of document.querySelectorAll("a:has(> .std-term)")) {
    link.blur();
    link.focus();
    await new Promise(resolve => setTimeout(resolve));
    const { left, right } = document.querySelector("[role=tooltip]").getBoundingClientRect();
    boxes.push({ words: link.innerText, left, right });
  }
  return boxes;
}"""


class ReadTheDocs(SimpleHTTPRequestHandler):
    """Serve a folder below the prefix, and its 404 page at every other address."""

    def translate_path(self, path: str) -> str:
        """Return the file at *path*; none outside the prefix."""
        inside = path.startswith(PREFIX)
        return super().translate_path(path.removeprefix(PREFIX[:-1])) if inside else ""

    def send_error(self, code: int, *_message: str | None) -> None:
        """Answer with the site's own page and *code*."""
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(Path(self.directory, "404.html").read_bytes())

    def log_message(self, *_message: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def site(built: Callable[..., Path]) -> Iterator[str]:
    """Serve the real site; yield its address."""
    require("browser")
    handler = partial(ReadTheDocs, directory=built("html", f"https://site.invalid{PREFIX}"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}{PREFIX}"
        server.shutdown()


@pytest.fixture(scope="module")
def phone(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Yield a phone that reaches no other site."""
    context = browser.new_context(viewport=PHONE, color_scheme="light")
    context.route(lambda url: not url.startswith(site), lambda route: route.abort())
    yield context
    context.close()


class Visit(NamedTuple):
    """A page that has been opened, and what went wrong with that."""

    page: Page
    status: int
    problems: list[str]

    @property
    def notice(self) -> Locator:
        """Return the notice, which is there once."""
        return self.page.locator("div.medication-safety")


@pytest.fixture(scope="module")
def tab(phone: BrowserContext) -> Page:
    """Return a tab in which each page is opened: a tab for each would start a process for each."""
    return phone.new_page()


@pytest.fixture(scope="module", params=PAGES)
def opened(tab: Page, site: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    """Yield each page, opened once."""
    address = site + request.param
    problems: list[str] = []

    def note(line: ConsoleMessage) -> None:
        # Chromium reports the answer to a missing address itself, too.
        expected = line.location["url"] == address and "status of 404" in line.text
        if line.type == "error" and not expected:
            problems.append(f"console: {line.text} {line.location['url']}")

    heard: dict[Any, Callable[[Any], None]] = {
        "console": note,
        "pageerror": lambda error: problems.append(f"error: {error}"),
        "requestfailed": lambda asked: problems.append(f"failed: {asked.url}"),
    }
    for event, hear in heard.items():
        tab.on(event, hear)
    response = tab.goto(address)
    yield Visit(tab, response.status if response else 0, problems)
    for event, hear in heard.items():
        tab.remove_listener(event, hear)


@pytest.fixture(params=SCHEMES)
def visit(opened: Visit, request: pytest.FixtureRequest) -> Visit:
    """Return each page in each theme."""
    opened.page.emulate_media(color_scheme=request.param)
    return opened


def test_page_does_not_scroll_sideways_on_a_phone(visit: Visit) -> None:
    assert visit.page.evaluate(TOO_WIDE) == []


def test_notice_is_on_the_first_screen_and_nothing_covers_it(visit: Visit) -> None:
    box = visit.notice.bounding_box()
    assert visit.notice.is_visible()
    assert box
    assert 0 <= box["y"] < PHONE["height"]
    assert visit.notice.evaluate(COVERED) == []


def test_words_of_the_notice_have_enough_contrast(visit: Visit) -> None:
    contrasts = visit.notice.evaluate(CONTRASTS)
    assert len(contrasts) >= 3
    assert [(words, ratio) for words, ratio in contrasts if ratio < 4.5] == []


def test_notice_is_printed(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    visible = [words.is_visible() for words in visit.notice.locator("p").all()]
    visit.page.emulate_media(media="null")
    assert visible
    assert all(visible)


def barriers(page: Page) -> list[tuple[str, list[str], str]]:
    """Return what axe finds on *page* that is serious: its rule, its places and its meaning."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    options = CONTRAST if dark else AXE  # nothing else differs between the themes
    return [
        (violation["id"], [node["target"] for node in violation["nodes"]], violation["help"])
        for violation in Axe().run(page, options=options).response["violations"]
        if violation["impact"] in {"serious", "critical"}
    ]


def test_page_opens_without_an_error_and_asks_no_other_site(visit: Visit) -> None:
    assert visit.problems == []
    assert visit.status == (404 if visit.page.url.endswith(MISSING) else 200)


@pytest.fixture(scope="module")
def plain(browser: Browser) -> Iterator[Page]:
    """Yield a tab on a phone that runs no JavaScript."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_notice_is_there_without_javascript(plain: Page, site: str, name: str) -> None:
    plain.goto(site + name)
    visible = [words.is_visible() for words in plain.locator("div.medication-safety > p").all()]
    assert visible
    assert all(visible)


@pytest.mark.parametrize("name", PAGES)
def test_a_number_to_call_is_on_the_first_screen_of_a_phone(
    plain: Page, site: str, name: str
) -> None:
    """With the bars of its browser a phone shows 664 of 844 points; sizes have a tolerance of a tenth."""
    plain.set_viewport_size({"width": 390, "height": 664})
    plain.goto(site + name)
    note = plain.locator("div.medication-safety").bounding_box()
    calls = [link.bounding_box() for link in plain.locator("article a[href^='tel:']").all()]
    plain.set_viewport_size(PHONE)
    assert note
    assert note["height"] <= 240 * 1.1
    assert min(box["y"] + box["height"] for box in calls if box) < 664


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """Yield an empty page for a test of its own."""
    page = phone.new_page()
    yield page
    page.close()


#: A word of the notice that a page has in its own text, too, and a page that lacks it.
WARNED_OF = next(
    word
    for word in sorted(
        set(re.findall(r"\w{6,}", " ".join(notice()).lower())), key=len, reverse=True
    )
    if SOURCES["safety.md"].lower().count(word) > " ".join(notice()).lower().count(word)
    and word not in SOURCES[f"{CHANGES}.md"].lower()
)


def search(page: Page, site: str, asked: str) -> set[str]:
    """Return the pages that a search for the word *asked* finds."""
    page.goto(site + "search.html")
    page.locator("article input[type=search]").fill(asked)
    page.keyboard.press("Enter")
    page.get_by_text("Search finished").wait_for()
    links = [link.get_attribute("href") for link in page.locator("ul.search a").all()]
    return {urlsplit(link or "").path.rpartition("/")[2] for link in links}


def test_search_finds_the_page_that_speaks_of_a_word_of_the_notice_and_not_each_page(
    page: Page, site: str
) -> None:
    found = search(page, site, WARNED_OF)
    assert "safety.html" in found
    assert f"{CHANGES}.html" not in found


def test_search_results_quote_their_page_and_not_the_notice(page: Page, site: str) -> None:
    page.goto(f"{site}search.html?q={WARNED_OF}")
    quotes = page.locator("ul.search .context")
    quotes.first.wait_for()
    page.get_by_text("Search finished").wait_for()
    text = " ".join(notice())
    at = text.lower().index(WARNED_OF)
    beside = text[max(0, at - 15) : at + len(WARNED_OF) + 15]
    assert [quote for quote in quotes.all_inner_texts() if beside in quote] == []


def test_help_numbers_can_be_tapped(page: Page, site: str) -> None:
    page.goto(site + "safety.html")
    page.locator('article a[href^="tel:"]').first.click(trial=True)


def test_skip_link_moves_the_focus_to_the_text(page: Page, site: str) -> None:
    page.goto(site + "safety.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article') !== null")


def shown(page: Page) -> list[str]:
    """Return the first words of each row of the table of papers that is on the screen."""
    rows = page.locator("table.evidence-table tbody tr:not(.group):visible")
    return [text.split(":")[0] for text in rows.all_inner_texts()]


def tab_to(page: Page, words: str) -> None:
    """Press the tab key until the focus is on an element called *words*."""
    name = "(document.activeElement.labels?.[0] ?? document.activeElement).textContent.trim()"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(name).startswith(words):
            return
    pytest.fail(f"the tab key does not reach {words!r}")


def test_the_table_of_papers_is_filtered_and_sorted_with_the_keyboard_alone(
    page: Page, site: str
) -> None:
    page.goto(site + f"{EVIDENCE}.html")
    status = page.locator("[role=status]")
    everything = shown(page)
    design = capital(RECORDS[next(iter(RECORDS))]["design"])
    expected = [
        label
        for label, record in zip(everything, RECORDS.values(), strict=True)
        if capital(record["design"]) == design
    ]
    tab_to(page, "Design")
    page.keyboard.type(design)
    assert shown(page) == expected
    assert status.inner_text().startswith(f"{len(expected)} of {len(everything)} papers")
    assert 0 < page.locator("tr.group:visible").count() <= len(expected)
    tab_to(page, "Show all papers")
    page.keyboard.press("Enter")
    assert shown(page) == everything
    tab_to(page, "Year")
    page.keyboard.press("Enter")
    years = page.locator("table.evidence-table tbody tr:not(.group) td:nth-child(2)")
    assert years.all_inner_texts() == sorted(years.all_inner_texts())
    page.keyboard.press("Space")
    assert years.all_inner_texts() == sorted(years.all_inner_texts(), reverse=True)
    assert len(years.all_inner_texts()) == len(everything)
    assert page.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"
    assert "Sorted by Year, descending" in status.inner_text()
    assert page.locator("tr.group:visible").count() == 0


def test_a_record_is_short_until_it_opens(page: Page, site: str) -> None:
    """At the width of a phone, in heights of its screen; a tolerance of a tenth."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(site + "citations.html")
    sizes = page.eval_on_selector_all(
        "section:has(> .study-details)",
        "all => all.map(one => [one, one.querySelector('.in-short')].map(part => "
        "part.getBoundingClientRect())).map(([all, found]) => [all.height, found.top - all.top])",
    )
    assert len(sizes) == len(RECORDS)
    assert max(height for height, _ in sizes) <= 0.6 * 1.1 * 844
    assert max(above for _, above in sizes) <= 0.3 * 1.1 * 844
    height = page.evaluate("document.documentElement.scrollHeight")
    assert height <= 0.7 * 1.1 * 844 * len(RECORDS)


@pytest.mark.parametrize("place", ["{key}", "ref-{key}"])
def test_a_link_to_a_record_or_into_it_opens_it(page: Page, site: str, place: str) -> None:
    key = list(RECORDS)[len(RECORDS) // 2]
    page.goto(f"{site}citations.html#{place.format(key=key)}")
    expect(page.locator("details.study-details[open]")).to_have_count(1)
    expect(page.locator(f"#{key} > details")).to_have_attribute("open", "")
    shown = f"#ref-{key}" if place.startswith("ref") else f"#{key} > h3"
    expect(page.locator(shown)).to_be_in_viewport(timeout=5000)  # the theme scrolls smoothly


def test_one_button_opens_and_closes_all_records(page: Page, site: str) -> None:
    page.goto(site + "citations.html")
    page.get_by_role("button", name="Open all papers").click()
    expect(page.locator("details.study-details[open]")).to_have_count(len(RECORDS))
    page.get_by_role("button", name="Close all papers").click()
    expect(page.locator("details.study-details[open]")).to_have_count(0)


def test_paper_shows_records_whole(page: Page, site: str) -> None:
    page.goto(site + "citations.html")
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(page.pdf())).pages)
    assert text.count("Read for this page") == len(RECORDS)
    assert "All of it" not in text
    expect(page.locator("details.study-details[open]")).to_have_count(0)


def test_what_was_compared_with_placebo_is_found_with_two_choices(page: Page, site: str) -> None:
    """Nobody counts a study of another medicine for or against the first."""
    page.goto(site + f"{EVIDENCE}.html")
    everything = shown(page)
    medicine, comparator = VOCABULARY.medicines[0], VOCABULARY.comparators[0]
    for name, value in (("Medicine", medicine), ("Compared with", comparator)):
        choice = page.locator(".evidence-controls").get_by_label(name)
        choice.select_option(capital(value))
    found = [
        (label, record)
        for label, record in zip(everything, RECORDS.values(), strict=True)
        if (record["medicine"], record.comparator) == (medicine, comparator)
    ]
    assert shown(page) == [label for label, _ in found]
    assert 0 < len(found) < len(everything)


@pytest.mark.parametrize(
    "name", ["Medicine", "Compared with", "Direction", "Condition", "Overlap", "Theme"]
)
def test_each_filter_shows_some_papers_and_all_together_show_each(
    page: Page, site: str, name: str
) -> None:
    page.goto(site + f"{EVIDENCE}.html")
    everything = shown(page)
    choice = page.locator(".evidence-controls").get_by_label(name)
    options = [option for option in choice.locator("option").all_inner_texts() if option != "All"]
    by_option = {}
    for option in options:
        choice.select_option(option)
        by_option[option] = shown(page)
    assert all(by_option.values())
    assert set().union(*by_option.values()) == set(everything)
    if name == "Condition":
        assert by_option == {
            option: [
                label
                for label, record in zip(everything, RECORDS.values(), strict=True)
                if option.lower() in record["conditions"].lower().split("; ")
            ]
            for option in options
        }


def test_the_table_of_papers_is_complete_without_scripts(plain: Page, site: str) -> None:
    plain.goto(site + f"{EVIDENCE}.html")
    assert len(shown(plain)) >= 10
    assert plain.locator("tr.group:visible").count() == len(
        set(plain.locator("tr.group").all_inner_texts())
    )
    assert plain.locator(".evidence-controls").count() == 0
    assert plain.locator("figure svg:visible").count() == 2


def test_the_drawings_have_the_ink_of_the_theme(page: Page, site: str) -> None:
    page.goto(site + f"{EVIDENCE}.html")
    drawn, prose = page.locator("figure svg text").first, page.locator("article p").first
    inks = []
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        inks.append(drawn.evaluate("text => getComputedStyle(text).fill"))
        assert inks[-1] == prose.evaluate("text => getComputedStyle(text).color"), scheme
    assert inks[0] != inks[1]
    small = page.locator("figure svg text").evaluate_all(
        "texts => texts.map(text => text.getBoundingClientRect().height).filter(height => height < 10)"
    )
    assert small == [], "too small to read on a phone"


# -- Preview of the glossary -----------------------------------------------------------------------
#: A term of the glossary that the first page uses, its anchor, and what the box says of it.
TERM = "placebo"


@pytest.fixture(scope="module")
def meaning(built: Callable[..., Path]) -> str:
    """Return what the glossary says of `TERM`."""
    page = BeautifulSoup((built("html") / f"{GLOSSARY}.html").read_text("utf-8"), "html.parser")
    return words(page.select(f"dt#term-{TERM} ~ dd")[0].text)


def preview(page: Page) -> Locator:
    """Return the box with the meaning of a word."""
    return page.get_by_role("tooltip")


def term(page: Page, name: str = TERM) -> Locator:
    """Return the link of the term *name*."""
    return page.locator("a:has(> .std-term)", has_text=name).first


def test_preview_stays_while_the_pointer_is_on_the_word_or_on_the_box(
    page: Page, site: str, meaning: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + "index.html")
    term(page).hover()
    expect(preview(page)).to_have_text(meaning)
    preview(page).hover()
    page.wait_for_timeout(500)
    expect(preview(page)).to_be_visible()
    page.locator("h1").hover()
    expect(preview(page)).to_have_count(0)
    term(page, "opioid").hover()
    expect(preview(page)).not_to_be_empty()
    expect(preview(page)).not_to_have_text(meaning)
    assert [url for url in asked if not url.startswith(site) or f"{GLOSSARY}.html" in url] == []


def test_preview_describes_the_focused_word_until_escape(
    page: Page, site: str, meaning: str
) -> None:
    page.goto(site + "index.html")
    term(page).focus()
    expect(preview(page)).to_have_text(meaning)
    assert term(page).get_attribute("aria-describedby") == preview(page).get_attribute("id")
    page.keyboard.press("Escape")
    expect(preview(page)).to_have_count(0)
    assert term(page).get_attribute("aria-describedby") is None
    expect(term(page)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{GLOSSARY}.html#term-{TERM}")


def test_preview_can_be_read_and_printing_leaves_it_out(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.locator("a:has(> .std-term)").first.focus()
    expect(preview(page)).to_be_visible()
    assert barriers(page) == []
    page.emulate_media(color_scheme="dark")
    assert barriers(page) == []
    page.emulate_media(media="print")
    expect(preview(page)).to_be_hidden()


@pytest.fixture
def touched(browser: Browser) -> Iterator[Page]:
    """Yield a page on a phone with a touch screen, as narrow as at a zoom of 400%."""
    context = browser.new_context(viewport=ViewportSize(width=320, height=640), has_touch=True)
    yield context.new_page()
    context.close()


def test_first_tap_shows_the_preview_and_the_second_follows_the_link(
    touched: Page, site: str, meaning: str
) -> None:
    touched.goto(site + "index.html")
    term(touched).tap()
    expect(preview(touched)).to_have_text(meaning)
    touched.locator("h1").tap()
    expect(preview(touched)).to_have_count(0)
    term(touched).tap()
    expect(preview(touched)).to_have_text(meaning)
    assert touched.url == site + "index.html"
    term(touched).tap()
    touched.wait_for_url(f"**/{GLOSSARY}.html#term-{TERM}")


def test_preview_of_every_word_fits_on_a_narrow_screen(touched: Page, site: str) -> None:
    touched.goto(site + "citations.html")
    touched.locator("a:has(> .std-term):visible").first.focus()
    expect(preview(touched)).to_be_visible()  # and all texts are there
    boxes = touched.evaluate(PREVIEWS)
    assert len(boxes) == touched.locator("a:has(> .std-term)").count()
    assert [box for box in boxes if box["left"] < 0 or box["right"] > 320] == []
