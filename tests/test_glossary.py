"""Links to the glossary on a small site: which words, once on each page, in which formats, when."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

import glossary
from helpers import edit, soup, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]

TESTROOT = "glossary"

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


def linked(app: SphinxTestApp, page: str) -> list[tuple[str, str]]:
    """Return the linked words on *page* of *app* and the entries that they lead to."""
    return [
        (words(term.text), str(term.parent["href"]).removeprefix("words.html#term-"))
        for term in soup(app, page).select("a.reference.internal > span.xref.std.std-term")
        if term.parent
    ]


@pytest.mark.sphinx("html", testroot="glossary")
def test_the_first_use_of_each_term_on_a_page_is_a_link(app: SphinxTestApp) -> None:
    app.build()
    assert not app.warning.getvalue()
    assert {page: linked(app, page) for page in LINKED} == LINKED


@pytest.mark.sphinx("html", testroot="glossary")
def test_links_leave_the_words_as_they_are(app: SphinxTestApp) -> None:
    app.build()
    shown = "Partial agonists, an open-label opioid, an opioid, positron emission tomography (PET)"
    assert f"{shown}, and agonists." in soup(app, "page").text


@pytest.mark.sphinx("latex", testroot="glossary")
def test_the_pdf_links_once_in_each_chapter_and_names_no_page(app: SphinxTestApp) -> None:
    app.build()
    tex = next(app.outdir.glob("*.tex")).read_text()
    shown = r"\\sphinxtermref\{(?:\\DUrole\{[\w-]+\}\{)*([\w\s]+)\}+"
    assert [words(found) for found in re.findall(shown, tex)] == [
        linked for page in LINKED.values() for linked, _ in page
    ]
    assert not re.search(shown + r"\s*\(\\auto", tex)  # as Sphinx writes "(page 7)"


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_other_formats_keep_the_plain_words(builder: str, build: MakeApp) -> None:
    texts = [path.read_text() for path in build(builder).outdir.glob("*.*")]
    plain = "an open-label opioid, an opioid, positron emission tomography (PET), and agonists."
    assert any(plain in words(text.replace("\\-", "-")) for text in texts)


def test_texinfo_has_the_anchors_of_several_terms_before_the_first(build: MakeApp) -> None:
    text = next(build("texinfo").outdir.glob("*.texi")).read_text()
    terms = ["@item PET", "@itemx positron emission tomography"]
    first = text.index("\n".join(terms))
    for name in ("PET", "positron-emission-tomography"):
        assert 0 < text.index(f"words term-{name}}}") < first


def pages_and_written(
    make_app: MakeApp, root: Path, parallel: int = 0
) -> tuple[dict[str, str], set[str]]:
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
        ("A scan.", "A brain scan.", set()),  # it is in a file of its own
        ("   PET\n   positron", "   positron", {"index", "page"}),
        ("   agonist\n", "   nothing\n      Not a thing.\n\n   agonist\n", {"other"}),
        ("   opioid\n", "   open-label opioid\n   opioid\n", {"page", "hand"}),
        ("   pilot study\n      A small one.\n\n", "", {"index"}),
    ],
)
def test_an_edited_term_writes_the_pages_that_show_it(
    old: str, new: str, shown_by: set[str], source: Path, make_app: MakeApp
) -> None:
    pages_and_written(make_app, source)
    edit(source / "words.rst", old, new)
    pages, written = pages_and_written(make_app, source)
    assert written == {"words", *shown_by}
    clean = source.parent / "clean"
    shutil.copytree(source, clean, ignore=shutil.ignore_patterns("_build"))
    assert pages == pages_and_written(make_app, clean)[0]


def test_processes_that_share_the_pages_link_the_same(source: Path, make_app: MakeApp) -> None:
    for number in range(8):  # Sphinx reads a few pages in one process
        (source / f"more{number}.rst").write_text(f":orphan:\n\nMore {number}\n======\n\nA PET.\n")
    copy = shutil.copytree(source, source.parent / "copy")
    one, _ = pages_and_written(make_app, source)
    assert pages_and_written(make_app, copy, parallel=2)[0] == one


@pytest.mark.parametrize(
    ("form", "plural"),
    [("opioid", "opioids"), ("pilot study", "pilot studies"), ("meta-analysis", "meta-analyses")],
)
def test_plurals(form: str, plural: str) -> None:
    assert glossary.plural(form) == plural


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
    assert re.findall(glossary.expression(forms), text) == found


def test_no_terms_find_nothing() -> None:
    assert re.findall(glossary.expression([]), "an opioid, and the end") == []
