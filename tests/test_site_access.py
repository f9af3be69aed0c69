"""The built site with a keyboard, a screen reader's eyes, a strict policy, paper and large type."""

from __future__ import annotations

import json
import re
import statistics
from typing import TYPE_CHECKING, Any, Literal

import pytest
from playwright.sync_api import (
    Browser,
    Locator,
    Page,
    PdfMargins,
    Playwright,
    ViewportSize,
)

import needs
from barriers import barriers
from conftest import require, run
from helpers import EVIDENCE
from served import STRICT
from test_site_browser import COVERED, MISSING, PAGES, PHONE, SCHEMES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOWN = [name for name in PAGES if name != MISSING]  # the page for a missing address is 404.html
#: The pages that readers may want on paper.
PRINTED = [name.removesuffix(".html") for name in SHOWN if name not in {"search.html", "404.html"}]
DESK = ViewportSize(width=1280, height=844)
SIZES = [PHONE, DESK]
MARGINS = PdfMargins(top="15mm", right="15mm", bottom="15mm", left="15mm")
#: The drawers by their buttons, and where they are drawers.
NAVIGATION, CONTENTS = "nav-overlay-icon", "toc-overlay-icon"
DRAWERS = [(NAVIGATION, PHONE), (CONTENTS, PHONE), (CONTENTS, DESK)]
#: Where the focus is: on nothing, or whether it is seen, how thick its outline is, and on what.
FOCUSED = """() => {
  const element = document.activeElement;
  if (element === document.body) return null;
  const { left, right, top, bottom } = element.getBoundingClientRect();
  const onScreen = right > 0 && left < innerWidth && bottom > 0 && top < innerHeight && right > left;
  const seen = onScreen && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const style = getComputedStyle(element);
  const outline = style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth);
  return [seen, outline, element.outerHTML.slice(0, 100)];
}"""
#: What is cut off or off the screen. Wrapped tables scroll, and words of a drawing may leave it.
CLIPPED = """() => [...document.querySelectorAll("body *")].filter(element => {
  if (!element.checkVisibility({ visibilityProperty: true })) return false;
  if (element.closest(".table-wrapper, .skip-to-content")) return false;
  const { left, right, width } = element.getBoundingClientRect();
  if (width && (right > innerWidth + 1 || (left < -1 && element.localName === "text"))) return true;
  const { overflowX, overflowY } = getComputedStyle(element);
  return (overflowX !== "visible" && element.clientWidth && element.scrollWidth > element.clientWidth + 1)
    || (overflowY === "hidden" && element.clientHeight && element.scrollHeight > element.clientHeight + 1);
}).map(element => element.outerHTML.slice(0, 100))"""
#: Words that break inside, though a line has room for them: their heads and tails are on two lines.
BROKEN = """() => [...document.querySelectorAll("h1, h2, h3, h4")].flatMap(heading => {
  const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
  const broken = [];
  for (let node; (node = walker.nextNode());) {
    for (const { index, 0: word } of node.data.matchAll(/[a-zA-Z]+/g)) {
      const range = document.createRange();
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      if (new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1) broken.push(word);
    }
  }
  return broken;
})"""
#: The spacing that readers may set (WCAG 2.2, 1.4.12).
SPACING = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
  p { margin-block-end: 2em !important; }
"""
#: The size in which each text is seen, with the words, from the smallest on.
TYPE = """() => [...document.querySelectorAll("body *")]
  .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(element => element.checkVisibility({ visibilityProperty: true }))
  .map(element => {
    const drawing = element.closest("svg.drawing");
    const scale = drawing ? drawing.getBoundingClientRect().width / drawing.viewBox.baseVal.width : 1;
    return [parseFloat(getComputedStyle(element).fontSize) * scale, element.textContent.slice(0, 40)];
  })
  .sort(([a], [b]) => a - b)"""
#: How many characters a line has in each paragraph of at least four lines.
LINES = """() => [...document.querySelectorAll("article p")]
  .filter(text => !text.closest("table"))
  .map(text => [text.textContent.length, Math.round(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight))])
  .filter(([, lines]) => lines >= 4)
  .map(([characters, lines]) => characters / lines)"""
#: What a policy stopped: its directive, and the element.
STOPPED = """window.stopped = [];
document.addEventListener("securitypolicyviolation", event => {
  const { localName, classList } = event.target;
  const place = event.target.closest?.("article, symbol, head, body")?.localName;
  window.stopped.push(`${event.effectiveDirective} ${localName ?? "document"} in ${place}`);
});"""
#: What a strict policy stops, and whose it is: nothing of this project.
THEIRS = {
    "script-src-elem script in body": "Furo reads the choice of colours",
    "style-src-elem style in head": "Furo: colours of code",
    "style-src-attr svg in body": "Furo hides its icons",
    "style-src-attr path in symbol": "Furo: icons",
    "style-src-attr line in symbol": "Furo: icons",
    "style-src-attr circle in symbol": "Furo: icons",
    "style-src-attr col in article": "Sphinx: widths of columns",
    "img-src document in undefined": "Furo: icons in its stylesheet",
}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    """Return a tab in which nothing moves slowly."""
    return browser.new_context(reduced_motion="reduce").new_page()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """Yield the tab, on a phone, in light colours and on a screen."""
    tab.set_viewport_size(PHONE)
    yield tab
    tab.emulate_media(media="null", color_scheme="light", forced_colors="none")


def focused(page: Page) -> Any:  # noqa: ANN401  of Playwright
    """Return what `FOCUSED` says."""
    return page.evaluate(FOCUSED)


def button(page: Page, name: str) -> Locator:
    """Return the button of a drawer that is on the screen."""
    return page.locator(f"button.{name}:visible")


# -- Keyboard --------------------------------------------------------------------------------------
@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
@pytest.mark.parametrize("name", SHOWN)
def test_each_stop_of_the_tab_key_is_seen(
    page: Page, site: str, name: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(site + name)
    stops = []
    for _ in range(35):
        page.keyboard.press("Tab")
        if (stop := focused(page)) is None:
            break
        stops.append(stop)
    assert len(stops) >= 10
    assert [stop for stop in stops if not stop[0] or stop[1] < 2] == []


@pytest.mark.parametrize(("name", "size"), DRAWERS)
def test_a_drawer_opens_and_closes_with_the_keyboard(
    page: Page, site: str, name: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(site + "citations.html")
    opener = button(page, name)
    drawer = page.locator(f"#{opener.get_attribute('aria-controls')}")
    inside = "element => element.contains(document.activeElement)"
    assert opener.get_attribute("aria-label") == drawer.get_attribute("aria-label")
    assert opener.get_attribute("aria-expanded") == "false"
    assert drawer.is_hidden()
    opener.focus()
    for end in ("Escape", "Enter"):  # Enter presses the button "Close", which has the focus
        page.keyboard.press("Enter")
        assert opener.get_attribute("aria-expanded") == "true"
        assert drawer.evaluate(inside)
        assert focused(page)[0]
        page.keyboard.press(end)
        assert drawer.is_hidden()
        assert opener.get_attribute("aria-expanded") == "false"
        assert opener.evaluate("element => element === document.activeElement")


def test_a_drawer_closes_when_the_focus_leaves_it_and_when_a_link_is_followed(
    page: Page, site: str
) -> None:
    page.goto(site + "citations.html")
    button(page, NAVIGATION).press("Enter")
    drawer = page.locator(".sidebar-drawer")
    for _ in range(30):
        page.keyboard.press("Tab")
        if drawer.is_hidden():
            break
    assert drawer.is_hidden()
    assert focused(page)[0]
    button(page, CONTENTS).press("Enter")
    link = page.locator(".toc-drawer a:visible").first
    place = link.get_attribute("href")
    link.press("Enter")
    assert page.locator(".toc-drawer").is_hidden()
    page.wait_for_url(f"**{place}")


def test_without_scripts_a_drawer_opens_with_the_space_bar(browser: Browser, site: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(site + "citations.html")
    drawer = page.locator(".sidebar-drawer")
    assert drawer.is_hidden()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    assert drawer.is_visible()
    context.close()


@pytest.mark.parametrize("name", SHOWN)
def test_the_second_link_skips_the_notice(page: Page, site: str, name: str) -> None:
    page.goto(site + name)
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    after = page.locator(".medication-safety + *")
    assert page.evaluate("decodeURIComponent(location.hash)") == f"#{after.get_attribute('id')}"
    page.keyboard.press("Tab")
    assert after.evaluate(
        "element => element.contains(document.activeElement) ||"
        " element.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING"
    )


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
def test_buttons_of_the_theme_are_large_and_apart(
    page: Page, site: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(site + "index.html")
    theme, contents = (button(page, name).bounding_box() for name in ("theme-toggle", CONTENTS))
    assert theme
    assert contents
    assert min(theme["width"], theme["height"], contents["width"], contents["height"]) >= 24
    assert contents["x"] - theme["x"] - theme["width"] >= 4


@pytest.mark.parametrize("scheme", SCHEMES)
def test_links_in_the_text_are_underlined_in_their_colour(
    page: Page, site: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(site + "safety.html")
    # A number to call that stands alone is a button with a ground of its own.
    plain = page.locator("article a:visible:not(dt a[href^='tel:'])").evaluate_all(
        "links => links.map(link => [getComputedStyle(link), link]).filter(([style]) =>"
        " !style.textDecorationLine.includes('underline') || style.textDecorationColor !== style.color)"
        ".map(([, link]) => link.outerHTML)"
    )
    assert plain == []


# -- Assistive technology --------------------------------------------------------------------------
@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
@pytest.mark.parametrize("name", SHOWN)
def test_axe_finds_nothing_with_all_rules_and_open_drawers(
    page: Page, site: str, name: str, size: ViewportSize
) -> None:
    page.set_viewport_size(size)
    page.goto(site + name)
    for drawer in ("", NAVIGATION, CONTENTS):
        opener = button(page, drawer) if drawer else None
        if opener and not opener.count():
            continue
        place = "html"
        if opener:
            opener.press("Enter")
            place = f"#{opener.get_attribute('aria-controls')}"
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            assert barriers(page, place, all_rules=scheme == "light") == [], drawer
        page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("style", "rule"),
    [
        ("article section:last-of-type p:last-of-type { color: #aaa; }", "color-contrast"),
        ("article section:last-of-type { background: #777; }", "color-contrast"),
        ("article section:last-of-type { opacity: 0.4; }", "color-contrast"),
        ("article li:last-child { font-weight: 300; color: #949494; }", "color-contrast"),
        (".sidebar-search { color: #aaa; }", "color-contrast"),
        (
            "article a { color: #333 !important; text-decoration: none !important; border: 0 !important; }",
            "link-in-text-block",
        ),
    ],
)
def test_words_and_links_that_are_hard_to_see_are_found_wherever_they_are(
    page: Page, site: str, style: str, rule: str
) -> None:
    page.set_viewport_size(DESK)
    page.goto(site + "safety.html")
    page.add_style_tag(content=style)
    assert rule in dict(barriers(page, all_rules=False))


def test_axe_finds_nothing_while_a_meaning_is_shown(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    page.locator("a:has(> .std-term)").first.focus()
    page.get_by_role("tooltip").wait_for()
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == []


# -- A strict policy -------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def strict(browser: Browser) -> Page:
    """Return a tab on a phone that notes what a policy stops."""
    page = browser.new_context(viewport=PHONE).new_page()
    page.add_init_script(STOPPED)
    return page


@pytest.mark.parametrize("name", SHOWN)
def test_a_strict_policy_stops_nothing_of_this_project(strict: Page, site: str, name: str) -> None:
    strict.goto(site + name + STRICT)
    strict.wait_for_load_state("networkidle")
    stopped = set(strict.evaluate("stopped"))
    assert stopped, "the policy is not there"
    assert stopped - THEIRS.keys() == set()
    assert strict.locator(".theme-toggle svg:visible").count() == 1
    button(strict, NAVIGATION).press("Enter")
    assert strict.locator(".sidebar-drawer").is_visible()


def test_drawings_keep_their_colours_under_a_strict_policy(page: Page, site: str) -> None:
    def colours() -> list[str]:
        shapes = page.locator("svg.drawing *")
        found: list[str] = shapes.evaluate_all(
            "all => all.map(getComputedStyle).map(({ fill, stroke }) => `${fill} ${stroke}`)"
        )
        return found

    page.goto(site + f"{EVIDENCE}.html")
    usual = colours()
    page.goto(site + f"{EVIDENCE}.html{STRICT}")
    assert colours() == usual
    assert len(set(usual)) >= 4


# -- Paper -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", SHOWN)
def test_controls_of_the_theme_are_not_printed(page: Page, site: str, name: str) -> None:
    page.goto(site + name)
    page.emulate_media(media="print")
    controls = page.locator(
        ".skip-to-content, .sidebar-drawer, .toc-drawer, .mobile-header, .theme-toggle, .back-to-top"
    )
    assert controls.count() >= 5
    assert controls.locator("visible=true").count() == 0


def test_nothing_covers_the_steps_in_an_emergency_on_paper(page: Page, site: str) -> None:
    page.goto(site + "safety.html")
    page.emulate_media(media="print")
    steps = page.locator("#overdose ol").first.locator("li")
    assert steps.count() >= 5
    for step in steps.all():
        step.scroll_into_view_if_needed()
        assert step.evaluate(COVERED) == []


def words(boxes: str) -> list[str]:
    """Return the words of *boxes*, the output of ``pdftotext -bbox``."""
    return re.findall(r">([^<\s]+)</word>", boxes)


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("name", PRINTED)
def test_paper_cuts_nothing_and_no_sheet_is_half_empty(
    page: Page, site: str, tmp_path: Path, name: str, paper: str
) -> None:
    require("poppler")
    page.goto(site + f"{name}.html")
    path = tmp_path / "printed.pdf"
    page.pdf(path=path, format=paper, margin=MARGINS)
    boxes = run("pdftotext", "-bbox", path, "-").stdout
    sheets = boxes.split("<page ")[1:]
    # A drawing as tall as a sheet begins one, and the sheet before it ends where the words end.
    drawn = page.locator("section:has(> figure svg.drawing) > h2").evaluate_all(
        "headings => headings.map(heading => heading.firstChild.data.split(/\\s+/))"
    )
    for number, sheet in enumerate(sheets, 1):
        width, height = map(float, re.findall(r'(?:width|height)="([\d.]+)"', sheet)[:2])
        right = max(map(float, re.findall(r'xMax="([\d.]+)"', sheet)))
        bottom = max(map(float, re.findall(r'yMax="([\d.]+)"', sheet)))
        assert right <= width - 30, number
        after = sheets[number] if number < len(sheets) else ""
        ends = not after or any(words(after)[: len(heading)] == heading for heading in drawn)
        assert ends or bottom >= 0.5 * height, number
    text = " ".join(words(boxes))
    assert "Skip to" not in text
    for table in page.locator("article table").all():
        last = table.locator("tr").first.locator("th").last.inner_text().split()[-1]
        assert last.strip("↕") in text
    if name == "safety":
        assert "https://findahelpline.com/" in text
        assert "https://yellowcard" in text.replace(" ", "")


def test_colours_of_the_system_show_the_notice_and_the_drawings(page: Page, site: str) -> None:
    page.emulate_media(forced_colors="active")
    page.goto(site + f"{EVIDENCE}.html")
    border = page.locator(".medication-safety").evaluate(
        "note => getComputedStyle(note).borderTopStyle"
    )
    assert border == "solid"
    contrast = page.locator("svg.drawing text").first.evaluate(
        "text => getComputedStyle(text).fill !== getComputedStyle(document.body).backgroundColor"
    )
    assert contrast


# -- Type and tables -------------------------------------------------------------------------------
@pytest.mark.parametrize("size", SIZES, ids=["phone", "desk"])
@pytest.mark.parametrize("name", SHOWN)
def test_wider_spaces_clip_nothing(page: Page, site: str, name: str, size: ViewportSize) -> None:
    page.set_viewport_size(size)
    page.goto(site + name)
    page.add_style_tag(content=SPACING)
    assert page.evaluate(CLIPPED) == []


@pytest.fixture(scope="module")
def large(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """Yield a tab on a phone whose reader chose letters of 32 px."""
    profile = tmp_path_factory.mktemp("profile")
    (profile / "Default").mkdir()
    chosen = {"webkit": {"webprefs": {"default_font_size": 32}}}
    (profile / "Default" / "Preferences").write_text(json.dumps(chosen))
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=needs.chromium(),
        args=["--no-sandbox"],
        viewport=PHONE,
        reduced_motion="reduce",
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("name", SHOWN)
def test_large_type_clips_nothing_and_breaks_no_word_of_a_heading(
    large: Page, site: str, name: str
) -> None:
    large.goto(site + name)
    assert large.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    assert large.evaluate(CLIPPED) == []
    assert large.evaluate(BROKEN) == []
    for name_of_drawer in (NAVIGATION, CONTENTS):
        if (opener := button(large, name_of_drawer)).count():
            opener.press("Enter")
            assert focused(large)[0]
            assert large.evaluate(CLIPPED) == []
            large.keyboard.press("Escape")


@pytest.mark.parametrize("name", SHOWN)
def test_no_type_is_small_and_no_line_is_long_on_a_desk(page: Page, site: str, name: str) -> None:
    page.set_viewport_size(DESK)
    page.goto(site + name)
    assert [words for size, words in page.evaluate(TYPE) if size < 12.9] == []
    lines = page.evaluate(LINES)
    assert not lines or 50 <= statistics.median(lines) <= 80  # addresses break early


@pytest.mark.parametrize("table", ["evidence-table", "harms-table"])
def test_the_first_column_of_a_wide_table_stays_and_a_hint_tells_of_the_others(
    page: Page, site: str, table: str
) -> None:
    page.goto(site + f"{EVIDENCE}.html")
    frame = page.locator(f".table-wrapper:has(> table.{table})")
    hint = page.locator(f".table-hint:has(+ .table-wrapper > table.{table})")
    assert hint.is_visible()
    assert frame.get_attribute("tabindex") == "0"
    assert frame.get_attribute("aria-label")
    name = frame.locator("tbody tr:not(.group) th").first
    before = name.bounding_box()
    frame.evaluate("frame => frame.scrollLeft = 200")
    after = name.bounding_box()
    assert before
    assert after
    assert abs(before["x"] - after["x"]) <= 5
    assert name.evaluate(COVERED) == []


def test_marks_of_the_map_lead_to_the_records_with_the_keyboard(page: Page, site: str) -> None:
    page.goto(site + f"{EVIDENCE}.html")
    mark = page.locator("svg.drawing a").first
    label = mark.text_content()
    mark.focus()
    assert focused(page)[1] >= 2
    page.keyboard.press("Enter")
    page.wait_for_url("**/citations.html#*")
    assert label
    record = page.locator(f"[id='{page.url.partition('#')[2]}']")
    assert label.split(":")[0] in record.inner_text()
