"""The built site in a browser, on a phone in both themes: errors, the notice, search, access."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import urlsplit

import pytest
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
from conftest import ROOT
from helpers import CHANGES, EVIDENCE, RECORDS, VOCABULARY, notice
from helpers import PAGES as SOURCES
from studies.vocabulary import DOUBTFUL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MISSING = "no/such/page.html"
PAGES = [
    *(path.with_suffix(".html").name for path in sorted(ROOT.glob("[a-z]*.md"))),
    "search.html",
    "cite.html",
    "404.html",
    MISSING,
]
PHONE = ViewportSize(width=390, height=844)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
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


@pytest.fixture(scope="module")
def phone(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Yield a phone that reaches no other site."""
    context = browser.new_context(viewport=PHONE, color_scheme="light", reduced_motion="reduce")
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


def test_notice_is_printed(visit: Visit) -> None:
    visit.page.emulate_media(media="print")
    visible = [words.is_visible() for words in visit.notice.locator("p").all()]
    visit.page.emulate_media(media="null")
    assert visible
    assert all(visible)


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
        "section:has(> .study-details):not(:has(> .study-status))",
        "all => all.map(one => [one, one.querySelector('.in-short')].map(part => "
        "part.getBoundingClientRect())).map(([all, found]) => [all.height, found.top - all.top])",
    )
    # A paper that is retracted or doubted says so before all else, and takes the room for it.
    doubtful = [record for record in RECORDS.values() if record["status"] in DOUBTFUL]
    assert len(sizes) == len(RECORDS) - len(doubtful)
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
