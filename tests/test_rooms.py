"""The house: rooms that know nothing of this site's topic, and another site built with them."""

from __future__ import annotations

import ast
import csv
import io
import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from check import check_folder
from conftest import ROOT, sphinx_build

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXT = ROOT / "_ext"
SECOND = ROOT / "tests" / "roots" / "second-site"
#: Words of the topic of this site, by their beginnings, and of nothing else.
TOPIC = (
    r"buprenorph|\bopioid|nalox|naltrex|methadon|samidorphan|dynorphin|kappa|[κμµ]|\breceptor"
    r"|\bbpd\b|borderline|personality|suicid|self-?(harm|injur)|trauma|ptsd|depressi|respirat|breath"
    r"|distress|overdos|crisis|addict|neglect|clinician"
)
#: The formats that a site is published in, and all others of Sphinx that work from a page alone.
FORMATS = (
    *(
        "html",
        "dirhtml",
        "singlehtml",
        "epub",
        "latex",
        "text",
        "man",
        "texinfo",
        "xml",
        "pseudoxml",
    ),
    *("json", "pickle", "htmlhelp", "gettext", "changes", "dummy"),
)


def sources() -> Iterator[Path]:
    yield from (path for path in sorted(EXT.rglob("*")) if path.suffix in {".py", ".js"})


def test_the_rooms_know_no_word_of_this_sites_topic() -> None:
    pages = "|".join(re.escape(page.name) for page in ROOT.glob("[a-z]*.md"))
    keys = "|".join(re.findall(r"(?m)^@\w+\{([\w-]+),", (ROOT / "references.bib").read_text()))
    found = [
        f"{path.relative_to(ROOT)}:{number}: {match[0]}"
        for path in sources()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        for match in re.finditer(f"{TOPIC}|{pages}|{keys}", line, re.IGNORECASE)
    ]
    assert found == []


def test_the_words_of_the_topic_would_be_found_in_the_pages() -> None:
    assert len(re.findall(TOPIC, (ROOT / "citations.md").read_text(), re.IGNORECASE)) > 100


def test_what_is_private_is_imported_in_its_own_room_only() -> None:
    found = []
    for path in [*EXT.rglob("*.py"), *(ROOT / "tools").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [name.name for name in node.names] if isinstance(node, ast.Import) else []
            private = [name for name in names if re.search(r"(^|\.)_[a-z]", name)]
            found += [
                f"{path.relative_to(ROOT)} imports {name}"
                for name in private
                if name.partition(".")[0] != path.parent.name and not name.startswith("__")
            ]
    assert found == []


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that builds the second site with a builder, and returns the folder."""
    folder = tmp_path_factory.mktemp("second")

    def build(builder: str) -> Path:
        out = folder / builder
        if not out.is_dir():
            # Sphinx reads pages for translators in another way than for readers.
            doctrees = folder / ("for-translators" if builder == "gettext" else "doctrees")
            options = ("-n", "-W", "--keep-going", "-q", "-b", builder, "-d", doctrees)
            assert sphinx_build(*options, SECOND, out) == (0, "")
        return out

    return build


@pytest.mark.parametrize("builder", FORMATS)
def test_a_site_on_another_topic_builds_in_every_format(
    second: Callable[[str], Path], builder: str
) -> None:
    assert second(builder).is_dir()


def test_the_command_finds_nothing_wrong_with_the_second_site() -> None:
    report = check_folder(SECOND)
    assert (len(report.entries), report.findings) == (3, [])


def test_the_second_site_has_its_own_words_everywhere(second: Callable[[str], Path]) -> None:
    page = BeautifulSoup((second("html") / "papers.html").read_text(), "html5lib")
    text = page.get_text(" ", strip=True)
    notice = page.select_one(".medication-safety")
    assert notice is not None
    assert "harm the liver" in notice.get_text()
    assert "Added on 1 January 2026, compared on 2 January 2026." in text
    assert "Helps · Trial · 58 people · 2019 · paracetamol · compared with placebo" in text
    assert "by a pharmacist" in (second("html") / "evidence.csv").read_text()
    overview = (second("html") / "overview.html").read_text()
    assert all(word in overview for word in ("Trial: one paper", "Unclear: one paper", "Headache"))
    assert "A pharmacist has reviewed this summary." in (second("html") / "feed.xml").read_text()
    kinds = set(re.findall(r'"@type":"(\w+)"', overview))
    assert {"WebPage", "ScholarlyArticle", "Dataset"} <= kinds
    assert not any(kind.startswith("Medical") for kind in kinds)


def test_the_second_sites_download_has_its_terms_whole(second: Callable[[str], Path]) -> None:
    text = (second("html") / "evidence.csv").read_text("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(text)))
    assert first["Limits"] == "One day is short. It was one clinic."
    assert "(Sample 2021)" in first["Result"]


def test_the_second_sites_references_can_be_taken_away(second: Callable[[str], Path]) -> None:
    out = second("html")
    assert (out / "references.bib").read_bytes() == (SECOND / "library.bib").read_bytes()
    page = BeautifulSoup((out / "cite.html").read_text(), "html5lib")
    assert len(page.select("section.to-cite")) == 3
    assert len(page.select(".medication-safety")) == 1
    linked = [
        link for path in out.glob("*.html") for link in re.findall("#cite-", path.read_text())
    ]
    assert len(linked) == 3
    offered = BeautifulSoup((out / "overview.html").read_text(), "html5lib").select("a[href]")
    assert "references.ris" in {str(link["href"]) for link in offered}


def test_no_word_of_this_site_is_in_the_second_one(second: Callable[[str], Path]) -> None:
    for path in [*second("html").glob("*.html"), *second("text").rglob("*.txt")]:
        assert re.search(TOPIC, path.read_text(), re.IGNORECASE) is None, path
