"""The PDF of the site: the notice on every sheet, the text, its place, properties and links."""

from __future__ import annotations

import re
import shutil
import statistics
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader
from pypdf.generic import Destination

from conftest import BOOK, run, typeset
from helpers import PAGES, RECORDS, SETTINGS, notice, only_on_screen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

XHTML = "{http://www.w3.org/1999/xhtml}"
#: The sizes of paper: the option of LaTeX, and width and height in points.
PAPERS = {"a4": (595.3, 841.9), "letter": (612, 792)}
MARGIN = 10
#: What is above and below the text, in points: the running head, and the line of the notice.
ABOVE, BELOW = 70, 58
CHAPTERS = [re.findall(r"^# (.+)$", page, re.MULTILINE)[0] for page in PAGES.values()]
TITLES = [record["plain-title"] for record in RECORDS.values()]
#: Letters and signs that a font may lack.
GREEK = sorted(set(re.findall(r"[\u0370-\u03ff\u2212]", "".join(PAGES.values()))))


def letters(text: str) -> str:
    """Return *text* without white space and hyphens: lines break anywhere."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


NOTICE = notice()
LINE = letters("Warning: " + NOTICE[0])


@pytest.fixture(scope="module", params=PAPERS)
def paper(request: pytest.FixtureRequest) -> str:
    """Return the name of a size of paper."""
    return str(request.param)


@pytest.fixture(scope="module")
def path(pdf: Path, paper: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the PDF on *paper*, which is an option of LaTeX."""
    if paper == "a4":
        return pdf
    folder = tmp_path_factory.mktemp(paper)
    for file in (*pdf.parent.glob("*.sty"), *pdf.parent.glob("*.cls"), pdf.parent / "latexmkrc"):
        shutil.copy(file, folder)
    text = pdf.with_suffix(".tex").read_text("utf-8")
    assert text.count("a4paper") == 1
    (folder / f"{BOOK}.tex").write_text(text.replace("a4paper", f"{paper}paper"), "utf-8")
    typeset(folder)
    return folder / f"{BOOK}.pdf"


@pytest.fixture(scope="module")
def sheets(path: Path) -> list[str]:
    """Return the text of each sheet."""
    return run("pdftotext", path, "-").stdout.removesuffix("\f").split("\f")


class Word(NamedTuple):
    """A word and its box, in points from the upper left corner of the sheet."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@pytest.fixture(scope="module")
def words(path: Path) -> list[list[Word]]:
    """Return the words of each sheet; pdftotext leaves out what is wholly outside of it."""
    boxes = ET.fromstring(run("pdftotext", "-bbox", path, "-").stdout)  # noqa: S314  our own PDF
    sides = ("xMin", "yMin", "xMax", "yMax")
    return [
        [
            Word(str(word.text), *(float(word.attrib[side]) for side in sides))
            for word in sheet.iter(f"{XHTML}word")
        ]
        for sheet in boxes.iter(f"{XHTML}page")
    ]


@pytest.fixture(scope="module")
def document(path: Path) -> PdfReader:
    """Return the parsed PDF."""
    return PdfReader(path)


@pytest.fixture(scope="module")
def chapters(document: PdfReader) -> dict[str, range]:
    """Return the numbers of the sheets of each chapter, by its title."""
    begin = {}
    for bookmark in document.outline:
        if isinstance(bookmark, Destination):
            number = document.get_destination_page_number(bookmark)
            begin[str(bookmark.title)] = 1 + (number or 0)
    ends = [*list(begin.values())[1:], len(document.pages)]
    return {
        title: range(first, last + 1)
        for (title, first), last in zip(begin.items(), ends, strict=True)
    }


def test_every_sheet_carries_the_line_of_the_notice(sheets: list[str]) -> None:
    assert len(sheets) > 10
    assert [number for number, text in enumerate(sheets, 1) if LINE not in letters(text)] == []


def test_the_title_page_shows_the_whole_notice(sheets: list[str]) -> None:
    page = re.sub(r"\(p\.\d+\)", "", letters(sheets[0]))
    assert letters("Warning " + "".join(NOTICE)) in page


def test_the_text_is_whole(sheets: list[str]) -> None:
    text = letters("".join(sheets)).replace("\u2019", "'")
    assert [title for title in [*TITLES, *CHAPTERS] if letters(title) not in text] == []
    assert [character for character in GREEK if character not in text] == []
    assert "??" not in text
    assert "[?]" not in text


def test_no_text_runs_over_the_edge_of_a_sheet(words: list[list[Word]], paper: str) -> None:
    width, height = PAPERS[paper]
    for number, sheet in enumerate(words, start=1):
        for word in sheet:
            assert MARGIN <= word.left <= word.right <= width - MARGIN, f"{number}: {word}"
            assert MARGIN <= word.top <= word.bottom <= height - MARGIN, f"{number}: {word}"


def test_every_sheet_has_the_size_of_the_paper(document: PdfReader, paper: str) -> None:
    for sheet in document.pages:
        box = sheet.mediabox
        assert (box.width, box.height) == pytest.approx(PAPERS[paper], abs=0.1)


def test_tex_has_nothing_to_report(path: Path) -> None:
    log = path.with_suffix(".log").read_text("utf-8", errors="replace")
    assert f"Output written on {BOOK}" in log
    assert re.findall(r"Overfull [^\n]*", log) == []
    assert "Missing character" not in log
    assert "headheight is too small" not in log


def test_every_font_is_embedded_and_of_one_family(path: Path) -> None:
    fonts = run("pdffonts", path).stdout.splitlines()[2:]
    assert fonts
    for font in fonts:
        assert re.match(r"[A-Z]{6}\+Noto", font), font
        assert re.search(r"\byes +yes +yes\b", font), font  # embedded, in part, with Unicode


def test_the_same_source_gives_the_same_bytes(pdf: Path, tmp_path: Path) -> None:
    again = shutil.copytree(pdf.parent, tmp_path / "again")
    for name in (f"{BOOK}.pdf", "latexmk.log"):
        (again / name).unlink()
    typeset(again)
    assert (again / f"{BOOK}.pdf").read_bytes() == pdf.read_bytes()


def test_no_sheet_is_half_empty(
    path: Path, paper: str, chapters: dict[str, range], tmp_path: Path
) -> None:
    run("pdftoppm", "-r", "24", "-gray", path, tmp_path / "sheet")
    height = PAPERS[paper][1]
    used = [ink(picture.read_bytes(), height) for picture in sorted(tmp_path.glob("*.pgm"))]
    summary, *_ = chapters.values()
    ends_of_parts = {1, summary[0], len(used)}
    few = {
        n: round(part, 2)
        for n, part in enumerate(used, 1)
        if part < 0.45 and n not in ends_of_parts
    }
    assert few == {}


def ink(picture: bytes, height: float) -> float:
    """Return how far down *picture*, a grey one of a sheet of *height* points, its text reaches, as a share."""
    found = re.match(rb"P5\s(\d+)\s(\d+)\s255\s", picture)
    assert found
    width, rows = int(found[1]), int(found[2])
    pixels = picture[found.end() :]
    top, bottom = (round(place * rows / height) for place in (ABOVE, height - BELOW))
    dark = [row for row in range(top, bottom) if min(pixels[row * width : (row + 1) * width]) < 160]
    return (max(dark) - top) / (bottom - top) if dark else 0


def test_lines_are_as_long_as_can_be_read(path: Path) -> None:
    boxes = ET.fromstring(run("pdftotext", "-bbox-layout", path, "-").stdout)  # noqa: S314  our own PDF
    lengths = []
    for block in boxes.iter(f"{XHTML}block"):
        lines = [" ".join(word.text or "" for word in line) for line in block]
        if len(lines) > 2 and float(block.attrib["xMax"]) - float(block.attrib["xMin"]) > 380:
            lengths += [len(line) for line in lines[:-1]]
    assert len(lengths) > 100
    assert 60 <= statistics.median(lengths) <= 80
    assert statistics.quantiles(lengths, n=10)[-1] <= 88


def test_the_book_is_no_longer_than_it_has_to_be(
    chapters: dict[str, range], sheets: list[str]
) -> None:
    found = next(sheet for title, sheet in chapters.items() if title == title_of("citations.md"))
    assert len(found) <= 1.15 * len(RECORDS) + 1
    safety = chapters[title_of("safety.md")]
    text = " ".join(sheets[number - 1] for number in safety)
    assert len(text.split()) / len(safety) > 380  # words a sheet


def title_of(page: str) -> str:
    """Return the title of *page*."""
    return str(re.findall(r"^# (.+)$", PAGES[page], re.MULTILINE)[0])


def test_the_cover_says_what_the_book_is_and_where_help_is(
    sheets: list[str], document: PdfReader
) -> None:
    cover = letters(sheets[0])
    for name in ("about", "readers", "reviewed"):
        assert letters(SETTINGS[f"book_{name}"]) in cover
    assert re.search(r"Version \S+, \d\d? [A-Z][a-z]+ \d{4}", sheets[0])
    named = re.findall(r"(?m)^(.+): page (\d+)$", sheets[0])
    places = {str(found.title): found for found in flat(document.outline)}
    assert len(named) == len(SETTINGS["book_urgent"])
    for title, number in named:
        assert document.get_destination_page_number(places[title]) == int(number) - 1


def test_the_summary_is_before_the_contents_which_name_each_paper_on_one_page(
    sheets: list[str], chapters: dict[str, range]
) -> None:
    (_, summary), (_, first), *_ = chapters.items()
    assert summary[0] == 2
    assert first[0] == 4 or (len(RECORDS) > 45 and first[0] == 5)  # in type that can be read
    contents = letters("".join(sheets[2 : first[0] - 1])).replace("\u2019", "'")
    assert [title for title in TITLES if letters(title) not in contents] == []


def test_no_heading_is_at_the_foot_of_a_sheet(
    document: PdfReader, words: list[list[Word]], paper: str
) -> None:
    height = PAPERS[paper][1]
    for bookmark in flat(document.outline):
        number = document.get_destination_page_number(bookmark) or 0
        begin = height - float(bookmark.top or 0)
        below = [
            word for word in words[number] if begin + 30 < word.top and word.bottom < height - BELOW
        ]
        assert below, f"{bookmark.title}, sheet {number + 1}"


def test_page_numbers_stand_in_no_second_brackets(pdf: Path, sheets: list[str]) -> None:
    text = pdf.with_suffix(".tex").read_text("utf-8")
    assert r"\onpage" in text
    for paragraph in text.split("\n\n"):
        for before in paragraph.split(r"\onpage{")[:-1]:
            assert before.count("(") <= before.count(")"), before[-200:]
    assert re.findall(r"\(page \d+\)", " ".join(" ".join(sheets).split())) == []


def test_references_name_the_pages_that_cite_them_once_and_in_order(sheets: list[str]) -> None:
    text = " ".join(" ".join(sheets).split())
    found = [
        list(map(int, pages.split(", "))) for pages in re.findall(r"Cited on p\. ([\d, ]*\d)", text)
    ]
    assert len(found) > 20
    assert [pages for pages in found if pages != sorted(set(pages))] == []
    assert max(map(max, found)) <= len(sheets)


def test_no_number_to_call_is_broken(sheets: list[str]) -> None:
    numbers = {*re.findall(r"\[([\d -]+)\]\(tel:", "".join(PAGES.values()))}
    text = "".join(sheets)
    parts = [re.split("[ -]", number) for number in numbers]
    found = [
        match[0]
        for part in parts
        for match in re.finditer(r"\b" + r"[ -]?\n?".join(part) + r"\b", text)
    ]
    assert len(found) > len(numbers)
    assert [number for number in found if "\n" in number] == []


def test_no_word_is_broken(sheets: list[str]) -> None:
    text = "".join(sheets)
    known = {*re.findall(r"\w+", text)}
    ends = re.findall(r"([^\W\d_]{2,})[-\u2010\u00ad]\n([^\W\d_]{2,})", text)
    broken = [first + rest for first, rest in ends if first + rest in known]
    assert broken == []


def test_what_only_a_screen_can_do_is_left_out(sheets: list[str]) -> None:
    text = letters("".join(sheets))
    assert only_on_screen()
    assert [line for line in only_on_screen() if letters(line) in text] == []


def test_what_a_paper_does_not_show_stands_out(pdf: Path) -> None:
    text = pdf.with_suffix(".tex").read_text("utf-8")
    assert text.count(r"\begin{sphinxuseclass}{not-shown}") == len(RECORDS)


def test_drawings_are_described_for_those_who_cannot_see_them(
    pdf: Path, document: PdfReader
) -> None:
    drawn = pdf.with_suffix(".tex").read_text("utf-8").count(r"\begin{tikzpicture}")
    contents = [sheet.get_contents() for sheet in document.pages]
    told = sum(one.get_data().count(b"/Span<</Alt(") for one in contents if one is not None)
    assert told == drawn > 0


def test_properties_describe_the_document(document: PdfReader) -> None:
    found = document.metadata
    assert found
    assert found.title == SETTINGS["html_title"]
    assert found.author
    assert found.subject
    assert found.keywords
    assert str(document.root_object["/Lang"]) == "en"
    preferences = document.root_object["/ViewerPreferences"].get_object()
    assert preferences["/DisplayDocTitle"]  # type: ignore[index]  # a dictionary
    assert document.xmp_metadata
    assert found.title in (document.xmp_metadata.dc_title or {}).values()


def flat(bookmarks: Iterable[object]) -> Iterator[Destination]:
    """Yield *bookmarks*; those below one stand in a list behind it."""
    for bookmark in bookmarks:
        if isinstance(bookmark, Destination):
            yield bookmark
        elif isinstance(bookmark, list):
            yield from flat(bookmark)


def test_bookmarks_name_every_chapter_and_paper(document: PdfReader) -> None:
    found = {str(bookmark.title).replace("\u2019", "'") for bookmark in flat(document.outline)}
    assert {*TITLES, *CHAPTERS} - found == set()


def test_links_lead_somewhere_and_help_numbers_can_be_called(document: PdfReader) -> None:
    notes = [note.get_object() for sheet in document.pages for note in sheet.annotations or []]
    actions = [note["/A"] for note in notes if note["/Subtype"] == "/Link"]
    inside = {str(action["/D"]) for action in actions if action["/S"] == "/GoTo"}
    assert len(inside) > 100
    assert inside - document.named_destinations.keys() == set()
    assert any(str(action.get("/URI")).startswith("tel:") for action in actions)
