"""The handouts: one side of paper for each place, in type that can be read, with the words of the pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urljoin

import pytest
import yaml
from bs4 import BeautifulSoup
from pypdf import PdfReader

from conftest import ROOT, require, run, sphinx_build
from content import DOSE, NOT_REVIEWED, PATIENT_GRADE, grade
from handout.places import FOLDER, PAPERS, Places
from handout.typeset import fault_in, typeset
from helpers import PAGES, SETTINGS, edit, notice, words

PLACES = Places(SETTINGS["handout_places"], SETTINGS["handout_unsure"])
SAFETY = PAGES["safety.md"]
#: In points: 210 by 297 mm, and 8.5 by 11 inches.
SIZES = {"a4": (595.3, 841.9), "letter": (612, 792)}
NAMES = [f"{key}-{size}" for key in PLACES.places for size in PAPERS]
SMALLEST, MARGIN, FILLED = 12, 30, 0.6
SECOND = ROOT / "tests" / "roots" / "second-site"
LINK = re.compile(r"\[([^]]*)\]\([^)]*\)")


def letters(text: str) -> str:
    """Return *text* without white space and hyphens, with plain quotation marks."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text).replace("\u2019", "'")


class Line(NamedTuple):
    """What the page says of a place: the words that come first, and all of it."""

    name: str
    text: str


def lines_of(place: str) -> list[Line]:
    """Return what the page says of *place*, as it is written: rows of tables, and a section of its name."""
    rows = re.findall(rf"(?m)^\* - {place}(?:,.*)?\n  - (.*)\n  - (.*(?:\n    .*)*)", SAFETY)
    for section in re.findall(rf"(?m)^### {place}(?:,.*)?\n((?:(?!#).*\n)*)", SAFETY):
        rows += re.findall(r"(?m)^(\S.*)\n: (.*(?:\n  .*)*)", section)
    return [Line(*row) for row in rows]


def printed_lines(key: str) -> list[Line]:
    """Return the lines of the place *key* that are certain."""
    lines = [line for name in PLACES.names_of(key) for line in lines_of(name)]
    return [line for line in lines if not PLACES.is_unsure(line.text)]


def numbers(text: str) -> set[str]:
    """Return the numbers to call in *text*, as a reader sees them."""
    return set(re.findall(r"\[([^]]*)\]\(tel:", text))


@pytest.fixture(scope="module")
def folder(built: Callable[..., Path]) -> Path:
    """Return the folder with the handouts of the real site."""
    require("tex", "poppler")
    return built("handout")


@pytest.fixture(scope="module", params=NAMES)
def sheet(folder: Path, request: pytest.FixtureRequest) -> Path:
    """Return a handout: the tests that ask for it are made with each."""
    path: Path = folder / f"{request.param}.pdf"
    return path


@pytest.fixture
def text(sheet: Path) -> str:
    """Return its text."""
    return run("pdftotext", "-raw", sheet, "-").stdout


def test_each_place_has_a_handout_for_each_paper(folder: Path) -> None:
    assert NAMES
    assert sorted(path.stem for path in folder.glob("*.pdf")) == sorted(NAMES)


def test_it_is_one_side_of_its_paper(sheet: Path) -> None:
    (page,) = PdfReader(sheet).pages
    size = SIZES[sheet.stem.rpartition("-")[2]]
    assert (page.mediabox.width, page.mediabox.height) == pytest.approx(size, abs=0.1)


def test_no_type_is_small(sheet: Path) -> None:
    found: set[float] = set()

    def note(text: str, now: list[float], matrix: list[float], _font: Any, size: float) -> None:  # noqa: ANN401  of pypdf
        if text.strip():
            found.add(size * matrix[3] * now[3])

    PdfReader(sheet).pages[0].extract_text(visitor_text=note)
    assert found
    assert min(found) >= SMALLEST - 0.01


def test_nothing_runs_over_the_edge_and_the_sheet_is_used(sheet: Path) -> None:
    boxes = re.findall(
        r'<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">',
        run("pdftotext", "-bbox", sheet, "-").stdout,
    )
    width, height = SIZES[sheet.stem.rpartition("-")[2]]
    rows: set[int] = set()
    for left, top, right, bottom in (map(float, box) for box in boxes):
        assert MARGIN < left < right < width - MARGIN
        assert MARGIN < top < bottom < height - MARGIN
        rows |= {*range(int(top), int(bottom))}
    assert len(rows) >= FILLED * height


def test_the_fonts_are_in_the_file(sheet: Path) -> None:
    fonts = run("pdffonts", sheet).stdout.splitlines()[2:]
    assert fonts
    assert all(re.search(r"\byes +yes +yes\b", font) for font in fonts)


def test_it_has_the_whole_notice(text: str) -> None:
    found = letters(text)
    assert [part for part in notice(unlinked=True) if letters(part) not in found] == []
    block = re.findall(r"```\{medication-safety\}\n(.*?)```", SAFETY, re.DOTALL)[0]
    before = [part.partition("[")[0] for part in block.split("\n\n") if "](" in part]
    assert before
    assert [part for part in before if letters(part.replace("**", "")) not in found] == []


def test_it_has_all_lines_of_its_place_and_no_number_of_another(sheet: Path, text: str) -> None:
    lines = printed_lines(sheet.stem.rpartition("-")[0])
    assert lines
    missing = [line for line in lines if letters(LINK.sub(r"\1", line.name)) not in letters(text)]
    assert missing == []
    own = {number for line in lines for number in numbers(line.name + line.text)}
    others = numbers(SAFETY) - own
    assert others
    seen = words(text)
    assert [n for n in others if re.search(rf"(?<![\d-]){re.escape(n)}(?![\d-])", seen)] == []
    assert own  # and each of them stands in the words of its line
    assert all(number in seen for number in own)


def test_every_marked_word_is_on_it(text: str) -> None:
    parts = re.findall(r"(?ms)^:::\{handout\}.*?\n(.*?)^:::$", SAFETY)
    plain = re.compile(r" ?\{cite:p\}`[^`]*`|\*\*|^(- |\d\. )", re.MULTILINE)
    sentences = [
        plain.sub("", line)
        for part in parts
        for line in part.splitlines()
        if line and "{due}" not in line
    ]
    assert sentences
    assert [line for line in sentences if letters(line) not in letters(text)] == []


def test_it_says_that_nobody_reviewed_it_and_is_no_dosing_guide(text: str) -> None:
    assert NOT_REVIEWED.search(words(text))
    assert DOSE.search(text) is None
    assert re.search(r"Next review due: \d+ \w+ \d{4}", words(text))


def test_it_is_easy_to_read(text: str) -> None:
    assert grade(re.split(r"(?<=[.:?])\s+", words(text))) <= PATIENT_GRADE


def test_nothing_leads_to_another_page(sheet: Path, text: str) -> None:
    assert re.search(r"\([^()]*\b(19|20)\d\d[a-z]?\)|\.md\b|\.html\b", text) is None
    notes = [note.get_object() for note in PdfReader(sheet).pages[0].annotations or []]
    addresses = [str(note["/A"].get("/URI", "")) for note in notes]
    assert addresses
    assert all(address.startswith(("tel:", "https://")) for address in addresses)


def test_properties_describe_it(sheet: Path) -> None:
    document, key = PdfReader(sheet), sheet.stem.rpartition("-")[0]
    assert document.metadata
    assert str(document.metadata.title).endswith(f": {PLACES.names_of(key)[0]}")
    assert document.metadata.author == SETTINGS["author"]
    assert str(document.root_object["/Lang"]) == SETTINGS["language"]
    assert document.viewer_preferences
    assert document.viewer_preferences.display_doctitle


def test_the_same_words_make_the_same_bytes(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    made = []
    for name in ("first", "second"):
        place = tmp_path / name
        place.mkdir()
        shutil.copy(folder / f"{NAMES[0]}.tex", place)
        assert typeset(place, NAMES[:1]) == {}
        made.append((place / f"{NAMES[0]}.pdf").read_bytes())
    assert made[0] == made[1]


# -- What a maintainer is told ---------------------------------------------------------------------
class Site(NamedTuple):
    """A copy of the second site."""

    source: Path

    @property
    def page(self) -> Path:
        """Return the page with the marks."""
        return self.source / "warnings.md"

    def build(self, builder: str, *options: str) -> tuple[int, list[str]]:
        """Build it as `make` does; return the exit code and what was warned of, with paths in the source."""
        out = self.source / "_build" / builder
        settings = ("-n", "-W", "--keep-going", "-q", "-d", self.source / "_build" / "doctrees")
        code, said = sphinx_build("-b", builder, *settings, *options, self.source, out)
        return code, re.sub(r"\x1b\[[\d;]*m", "", said).replace(f"{self.source}/", "").splitlines()

    @property
    def links(self) -> list[str]:
        """Return where the links to handouts lead on the page that was built."""
        page = BeautifulSoup((self.source / "_build/html/warnings.html").read_bytes(), "html5lib")
        return [str(link["href"]) for link in page.select('a[href*="handout"]')]


@pytest.fixture
def second(tmp_path: Path) -> Site:
    """Return a copy of the second site, to be edited."""
    source = shutil.copytree(SECOND, tmp_path / "site")
    edit(source / "conf.py", "Path(__file__).resolve().parents[3]", f'Path("{ROOT}")')
    return Site(source)


def test_another_site_has_handouts_with_all_that_it_marks(second: Site) -> None:
    require("tex", "poppler")
    assert second.build("handout") == (0, [])
    made = second.source / "_build/handout"
    text = words(run("pdftotext", "-raw", made / "north-a4.pdf", "-").stdout)
    for part in (
        *("Paracetamol can harm the liver", "What to do", "Ask a pharmacist. ", "Do this:"),
        r"50 % & more #1 of it {x} \input is $5_000 ^ ~.",
        *(
            "someone (example.org/ask/)",
            "555 0101: Poisons",
            "555 0103: The pharmacist of the north.",
        ),
        *("555 0105 (East): The pharmacist of the east.", "Second Site Nobody has read it."),
    ):
        assert part in text
    assert "perhaps" not in text.lower()
    assert "555 0102" not in text


def test_marks_change_nothing_on_the_page(second: Site) -> None:
    assert second.build("html") == (0, [])
    page = second.source / "_build/html/warnings.html"
    marked = page.read_text()
    second.page.write_text(re.sub(r"(?m)^:::.*\n", "", second.page.read_text()))
    edit(second.source / "conf.py", '"north": "North; East", "south": "South"', "")
    assert second.build("html") == (0, [])
    assert page.read_text() == marked


def test_a_site_offers_the_handouts_that_were_made_of_its_words(second: Site) -> None:
    require("tex")
    assert second.build("html") == (0, [])
    assert second.links == []
    assert "To print" not in (second.source / "_build/html/warnings.html").read_text()
    assert second.build("handout") == (0, [])
    assert second.build("html") == (0, [])
    folder = second.source / "_build/html"
    made = {f"handout/{key}-{size}.pdf" for key in ("north", "south") for size in PAPERS}
    assert set(second.links) == made
    assert all((folder / link).is_file() for link in made)
    assert second.build("dirhtml") == (0, [])
    page = BeautifulSoup(
        (second.source / "_build/dirhtml/warnings/index.html").read_bytes(), "html5lib"
    )
    links = [str(link["href"]) for link in page.select('a[href$=".pdf"]')]
    assert {urljoin("warnings/", link) for link in links} == made
    for builder in ("latex", "epub", "text"):  # which are no web sites
        assert second.build(builder) == (0, [])
        assert "To print" not in "".join(
            path.read_text()
            for path in (second.source / "_build" / builder).rglob("*")
            if path.suffix in {".tex", ".xhtml", ".txt"}
        )
    edit(second.page, "Ask a pharmacist", "Ask two pharmacists")
    assert second.build("html") == (0, [])
    assert second.links == []
    assert not list((folder / "handout").glob("*.pdf"))


def test_what_takes_two_sides_is_told_with_the_page_and_its_line(second: Site) -> None:
    require("tex")
    line = second.page.read_text().split("\n").index(":::{handout}") + 1
    edit(second.page, "Ask a pharmacist", "Ask.\n" * 900 + "Ask a pharmacist")
    code, said = second.build("handout")
    assert code == 1
    assert len(said) == 4
    assert said[0].startswith(f"warnings.md:{line}: WARNING: the handout for North on A4: it takes")
    assert "2 sides" in said[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"south": "South"', '"south": "Suoth"', "conf.py:1: WARNING: handout_places: no section"),
        (":::{handout}\n", ":::{handout}\n| a | b |\n|---|---|\n| c | d |\n\n", "a table; mark"),
        ("handout} foot", "handout} feet", "is called feet; write foot"),
    ],
)
def test_a_fault_is_told(second: Site, old: str, new: str, told: str) -> None:
    for path in (second.page, second.source / "conf.py"):
        path.write_text(path.read_text().replace(old, new))
    code, said = second.build("html")
    assert code == 1
    assert any(told in line for line in said), said


def test_a_second_page_with_marks_is_told(second: Site) -> None:
    page = second.source / "words.md"
    page.write_text(page.read_text() + "\n:::{handout}\nMore.\n:::\n")
    line = page.read_text().split("\n").index(":::{handout}") + 1
    code, said = second.build("html")
    assert code == 1
    told = f"words.md:{line}: WARNING: handouts are made of one page"
    assert any(line.startswith(told) for line in said)


def test_the_address_of_the_site_is_printed_if_it_has_one(second: Site) -> None:
    require("tex")
    address = "https://example.org/x/"
    assert second.build("handout", "-D", f"html_baseurl={address}") == (0, [])
    assert address in (second.source / "_build/handout/north-a4.tex").read_text()


def test_without_tex_one_line_says_so(second: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match="no handout without xelatex"):
        second.build("handout")


# Each of these is what XeLaTeX and the template write, in short.
EARLIER, LAST = "sheet: 12.5 800pt of 700pt\n", "sheet: 12 600pt of 700pt\n"
WIDE = "Overfull \\hbox (9.0pt too wide) in paragraph\n"


@pytest.mark.parametrize(
    ("log", "fault"),
    [
        ("", "did not come to its end"),
        ("! Undefined control sequence.\n", "LaTeX says: Undefined"),
        ("sheet: 12 700.5pt of 700pt\n", "about 1 lines"),
        (EARLIER + LAST, ""),
        (WIDE + EARLIER + LAST, ""),
        (EARLIER + WIDE + LAST, "9 points too wide"),
    ],
)
def test_a_log_says_what_is_wrong_with_the_sheet_that_was_made(log: str, fault: str) -> None:
    assert fault in fault_in(log)
    assert bool(fault_in(log)) == bool(fault)


@pytest.mark.parametrize("places", [{"x": "North; "}, {"../x": "North"}, {"": "North"}])
def test_places_have_names_that_can_be_used(places: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="places: "):
        Places(places)


def test_read_the_docs_builds_the_handouts_before_the_site_that_offers_them() -> None:
    """Documented at docs.readthedocs.com, "Build process customization"."""
    settings = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text())
    (command,) = settings["build"]["jobs"]["pre_build"]
    assert "-b handout -d _build/doctrees" in command
    assert command.endswith(FOLDER)
    assert "fonts-noto-core" in settings["build"]["apt_packages"]
