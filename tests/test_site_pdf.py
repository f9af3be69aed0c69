"""The PDF of the site: the notice on every sheet, the text, its place, properties and links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from conftest import run
from helpers import PAGES, RECORDS, SETTINGS, notice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

XHTML = "{http://www.w3.org/1999/xhtml}"
A4 = (595.3, 841.9)
MARGIN = 10
#: Between the running head and the page number.
BODY = range(60, 780)
CHAPTERS = [re.findall(r"^# (.+)$", page, re.MULTILINE)[0] for page in PAGES.values()]
PAPERS = [record["plain-title"] for record in RECORDS.values()]
#: Letters and signs that a font may lack.
GREEK = sorted(set(re.findall(r"[\u0370-\u03ff\u2212]", "".join(PAGES.values()))))


def letters(text: str) -> str:
    """Return *text* without white space and hyphens: lines break anywhere."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


NOTICE = notice()
LINE = letters("Warning: " + NOTICE[0])


@pytest.fixture(scope="module")
def sheets(pdf: Path) -> list[str]:
    """Return the text of each sheet."""
    return run("pdftotext", pdf, "-").stdout.removesuffix("\f").split("\f")


class Word(NamedTuple):
    """A word and its box, in points from the upper left corner of the sheet."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(scope="module")
def words(pdf: Path) -> list[list[Word]]:
    """Return the words of each sheet; pdftotext leaves out what is wholly outside of it."""
    boxes = ET.fromstring(run("pdftotext", "-bbox", pdf, "-").stdout)  # noqa: S314  our own PDF
    sides = ("xMin", "yMin", "xMax", "yMax")
    return [
        [
            Word(str(word.text), *(float(word.attrib[side]) for side in sides))
            for word in sheet.iter(f"{XHTML}word")
        ]
        for sheet in boxes.iter(f"{XHTML}page")
    ]


@pytest.fixture(scope="module")
def document(pdf: Path) -> PdfReader:
    """Return the parsed PDF."""
    return PdfReader(pdf)


def test_every_sheet_carries_the_line_of_the_notice(sheets: list[str]) -> None:
    assert len(sheets) > 10
    assert [number for number, text in enumerate(sheets, 1) if LINE not in letters(text)] == []


def test_no_sheet_is_blank(words: list[list[Word]]) -> None:
    for number, sheet in enumerate(words, start=1):
        assert [word for word in sheet if int(word.top) in BODY], f"sheet {number}"


def test_the_title_page_shows_the_whole_notice(sheets: list[str]) -> None:
    page = re.sub(r"\(page\d+\)", "", letters(sheets[0]))
    assert letters("Warning " + "".join(NOTICE)) in page


def test_the_text_is_whole(sheets: list[str]) -> None:
    text = letters("".join(sheets)).replace("\u2019", "'")
    assert [title for title in [*PAPERS, *CHAPTERS] if letters(title) not in text] == []
    assert [character for character in GREEK if character not in text] == []
    assert "??" not in text
    assert "[?]" not in text


def test_no_text_runs_over_the_edge_of_a_sheet(words: list[list[Word]]) -> None:
    width, height = A4
    for number, sheet in enumerate(words, start=1):
        for word in sheet:
            assert MARGIN <= word.left <= word.right <= width - MARGIN, f"{number}: {word}"
            assert MARGIN <= word.top <= word.bottom <= height - MARGIN, f"{number}: {word}"


def test_every_sheet_is_a4(document: PdfReader) -> None:
    for sheet in document.pages:
        assert (sheet.mediabox.width, sheet.mediabox.height) == pytest.approx(A4, abs=0.1)


def test_tex_reports_no_wide_line_and_no_missing_character(pdf: Path) -> None:
    log = pdf.with_suffix(".log").read_text("utf-8", errors="replace")
    wide = re.findall(r"Overfull \\hbox \(([0-9.]+)pt too wide\)[^\n]*", log)
    assert "Output written on research-citations" in log
    assert [width for width in wide if float(width) > 5] == []
    assert "Missing character" not in log


def test_properties_describe_the_document(document: PdfReader) -> None:
    found = document.metadata
    assert found
    assert found.title == SETTINGS["project"]
    assert found.author
    assert found.subject
    assert found.keywords
    assert str(document.root_object["/Lang"]) == "en"


def titles(bookmarks: Iterable[object]) -> Iterator[str]:
    """Yield the titles of *bookmarks*; those below one stand in a list behind it."""
    for bookmark in bookmarks:
        if isinstance(bookmark, Destination):
            yield str(bookmark.title)
        elif isinstance(bookmark, list):
            yield from titles(bookmark)


def test_bookmarks_name_every_chapter_and_paper(document: PdfReader) -> None:
    found = {title.replace("\u2019", "'") for title in titles(document.outline)}
    assert {*PAPERS, *CHAPTERS} - found == set()


def test_links_lead_somewhere_and_help_numbers_can_be_called(document: PdfReader) -> None:
    notes = [note.get_object() for sheet in document.pages for note in sheet.annotations or []]
    actions = [note["/A"] for note in notes if note["/Subtype"] == "/Link"]
    inside = {str(action["/D"]) for action in actions if action["/S"] == "/GoTo"}
    assert len(inside) > 100
    assert inside - document.named_destinations.keys() == set()
    assert any(str(action.get("/URI")).startswith("tel:") for action in actions)
