"""Links to the glossary on a small site: which words, once on each page, in which formats, when."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

import glossary_links

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]

#: The words that are linked on each page, and where they lead.
LINKED = {
    "index": [("pilot study", "pilot-study"), ("PET", "PET")],
    "page": [
        ("Open label", "open-label"),
        ("Partial agonists", "partial-agonist"),
        ("opioid", "opioid"),
        ("positron emission tomography", "PET"),
        ("agonists", "agonist"),
    ],
    "hand": [("signal of the body", "opioid")],
    "other": [],
    "words": [],
}


def linked(folder: Path, page: str) -> list[tuple[str, str]]:
    """Return the linked words on *page* in *folder* and the entries that they lead to."""
    html = BeautifulSoup((folder / f"{page}.html").read_text(), "html.parser")
    return [
        (" ".join(term.text.split()), str(term.parent["href"]).removeprefix("words.html#term-"))
        for term in html.select("a.reference.internal > span.xref.std.std-term")
        if term.parent
    ]


@pytest.mark.sphinx("html", testroot="glossary-links")
def test_the_first_use_of_each_term_on_a_page_is_a_link(app: SphinxTestApp) -> None:
    app.build()
    assert not app.warning.getvalue()
    assert {page: linked(app.outdir, page) for page in LINKED} == LINKED


@pytest.mark.sphinx("html", testroot="glossary-links")
def test_links_leave_the_words_as_they_are(app: SphinxTestApp) -> None:
    app.build()
    html = BeautifulSoup((app.outdir / "page.html").read_text(), "html.parser")
    words = "Partial agonists, an open-label opioid, an opioid, positron emission tomography (PET)"
    assert f"{words}, and agonists." in html.text


@pytest.mark.sphinx("latex", testroot="glossary-links")
def test_the_pdf_links_once_in_each_chapter_and_names_no_page(app: SphinxTestApp) -> None:
    app.build()
    tex = next(app.outdir.glob("*.tex")).read_text()
    shown = r"\\sphinxtermref\{(?:\\DUrole\{[\w-]+\}\{)*([\w\s]+)\}+"
    found = [" ".join(words.split()) for words in re.findall(shown, tex)]
    assert found == [words for page in LINKED.values() for words, _ in page]
    assert not re.search(shown + r"\s*\(\\auto", tex)  # as Sphinx writes "(page 7)"


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_other_formats_keep_the_plain_words(
    builder: str, rootdir: Path, tmp_path: Path, make_app: MakeApp
) -> None:
    shutil.copytree(rootdir / "test-glossary-links", tmp_path, dirs_exist_ok=True)
    app = make_app(builder, srcdir=tmp_path)
    app.build()
    texts = [path.read_text() for path in app.outdir.glob("*.*")]
    words = "an open-label opioid, an opioid, positron emission tomography (PET), and agonists."
    assert any(words in " ".join(text.replace("\\-", "-").split()) for text in texts)


def build(make_app: MakeApp, root: Path, parallel: int = 0) -> tuple[dict[str, str], set[str]]:
    """Build *root*; return its pages and the names of those that were written."""
    written: set[str] = set()
    app = make_app("html", srcdir=root, parallel=parallel)
    app.connect("doctree-resolved", lambda *args: written.add(args[2]))
    app.build()
    pages = {page: (app.outdir / f"{page}.html").read_text() for page in LINKED}
    return pages, written


@pytest.mark.parametrize(
    ("old", "new", "shown_by"),
    [
        ("A scan.", "A brain scan.", set()),
        ("   PET\n   positron", "   positron", {"index", "page"}),
        ("   agonist\n", "   nothing\n      Not a thing.\n\n   agonist\n", {"other"}),
        ("   opioid\n", "   open-label opioid\n   opioid\n", {"page", "hand"}),
        ("   pilot study\n      A small one.\n\n", "", {"index"}),
    ],
)
def test_an_edited_term_writes_the_pages_that_show_it(  # noqa: PLR0913, PLR0917  fixtures
    old: str, new: str, shown_by: set[str], rootdir: Path, tmp_path: Path, make_app: MakeApp
) -> None:
    root, clean = tmp_path / "root", tmp_path / "clean"
    shutil.copytree(rootdir / "test-glossary-links", root)
    build(make_app, root)
    words = root / "words.rst"
    assert old in words.read_text()
    words.write_text(words.read_text().replace(old, new))
    pages, written = build(make_app, root)
    assert written == {"words", *shown_by}
    shutil.copytree(root, clean, ignore=shutil.ignore_patterns("_build"))
    assert pages == build(make_app, clean)[0]


def test_processes_that_share_the_pages_link_the_same(
    rootdir: Path, tmp_path: Path, make_app: MakeApp
) -> None:
    pages = []
    for processes in (0, 2):
        root = tmp_path / str(processes)
        shutil.copytree(rootdir / "test-glossary-links", root)
        for number in range(8):  # Sphinx reads a few pages in one process
            (root / f"more{number}.rst").write_text(
                f":orphan:\n\nMore {number}\n======\n\nA PET.\n"
            )
        pages.append(build(make_app, root, processes)[0])
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("form", "plural"),
    [("opioid", "opioids"), ("pilot study", "pilot studies"), ("meta-analysis", "meta-analyses")],
)
def test_plurals(form: str, plural: str) -> None:
    assert glossary_links.plural(form) == plural


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Open label and open-\nlabel", ["Open label", "open-\nlabel"]),
        ("a pet and a PET", ["PET"]),
        ("non-opioid, opioidergic, opioid-like; (opioid)", ["opioid"]),
        ("partial agonist, opioid receptor", ["partial agonist", "opioid receptor"]),
    ],
)
def test_whole_words_are_found_and_long_terms_win(text: str, found: list[str]) -> None:
    forms = ["opioid", "agonist", "partial agonist", "open label", "PET", "opioid receptor"]
    assert re.findall(glossary_links.expression(forms), text) == found


def test_no_terms_find_nothing() -> None:
    assert re.findall(glossary_links.expression([]), "an opioid, and the end") == []
