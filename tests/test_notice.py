"""The notice on every page of every format: small roots, incremental, parallel and translated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from bs4 import BeautifulSoup
from sphinx.writers.text import MAXWIDTH

from conftest import ROOT, sphinx_build
from helpers import edit, warnings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]

NOTICE = "Buprenorphine can slow breathing."
TESTROOT = "notice"
PAGES = ["deep/folder/page", "including", "index", "orphan", "restructured", "safety", "untitled"]


def written(app: SphinxTestApp) -> dict[str, str]:
    """Return the pages that *app* wrote, by name without suffix."""
    suffix = {"text": ".txt", "epub": ".xhtml"}.get(app.builder.name, ".html")
    return {
        str(path.relative_to(app.outdir).with_suffix("")): path.read_text()
        for path in app.outdir.rglob(f"*{suffix}")
        if "_static" not in path.parts and path.stem != "nav"
    }


@pytest.mark.parametrize("builder", ["html", "dirhtml", "epub", "text"])
def test_every_page_shows_the_notice_once(build: Build, builder: str) -> None:
    app = build(builder)
    pages = written(app)
    assert len(pages) == len(PAGES) + (
        2 if "html" in builder else 0
    )  # the search page and the 404 page
    assert {name: page.count(NOTICE) for name, page in pages.items()} == dict.fromkeys(pages, 1)
    assert not warnings(app)


@pytest.mark.parametrize(
    ("builder", "suffix", "copies"),
    [
        ("singlehtml", ".html", 1),
        ("latex", ".tex", 2),  # the box, and the line on each sheet of paper
        ("man", ".1", 1),
        ("texinfo", ".texi", 1),
        ("xml", ".xml", len(PAGES)),
        ("pseudoxml", ".pseudoxml", len(PAGES)),
    ],
)
def test_other_formats_show_the_notice_once(
    build: Build, builder: str, suffix: str, copies: int
) -> None:
    app = build(builder)
    texts = [path.read_text() for path in app.outdir.rglob(f"*{suffix}")]
    assert sum(text.count(NOTICE) for text in texts) == copies
    assert not warnings(app)


def test_plain_text_keeps_the_paragraphs_apart(build: Build) -> None:
    page = written(build("text"))["orphan"]
    assert page[page.index("Warning") :].split("\n\n")[1:3] == [
        "  Buprenorphine can slow breathing.",
        "  Call for help. Read the safety page.",
    ]


def test_plain_text_has_a_line_above_and_below_the_notice(build: Build) -> None:
    for name, page in written(build("text")).items():
        parts = f"\n{page}".split(f"\n{'=' * MAXWIDTH}\n")
        assert [NOTICE in part for part in parts] == [False, True, False], name


def test_a_manual_page_keeps_the_paragraphs_apart(build: Build, source: Path) -> None:
    edit(
        source / "safety.md", "page](safety.md).", "page](safety.md).\n\n> More.\n>\n> It is long."
    )
    (path,) = build("man").outdir.glob("*.1")
    assert "\n.sp\nIt is long.\n" in path.read_text().replace("\\&", "")


def test_the_notice_follows_the_title_and_is_named_by_its_own(build: Build) -> None:
    for name, page in written(build()).items():
        soup = BeautifulSoup(page, "html.parser")
        notice = soup.select_one("div.medication-safety")
        assert notice is not None
        assert notice["role"] == "note"
        assert soup.find(id=str(notice["aria-labelledby"])).text == "Warning"  # type: ignore[union-attr]
        before = notice.find_previous_sibling()
        assert (before.name if before else None) == (None if name == "untitled" else "h1")


def test_the_link_works_from_every_folder(build: Build) -> None:
    app = build()
    for name, page in written(app).items():
        link = BeautifulSoup(page, "html.parser").select_one(".medication-safety a")
        assert link is not None
        target = str(link["href"])
        if name == "404":  # absolute, because the missing address may be at any depth
            assert target == "/en/latest/safety.html"
        elif name == "safety":
            assert target == "#"
        else:
            assert ((app.outdir / name).parent / target).resolve() == app.outdir / "safety.html"


def test_a_link_from_restructuredtext_works_from_every_folder(build: Build, source: Path) -> None:
    (source / "safety.md").unlink()
    notice = ".. medication-safety::\n\n   Buprenorphine can slow breathing. Read :doc:`the page <../safety>`.\n"
    (source / "deep" / "written.rst").write_text(f":orphan:\n\nTitle\n=====\n\n{notice}")
    (source / "safety.rst").write_text("Safety page\n===========\n\nText.\n")
    app = build()
    assert not warnings(app)
    page = BeautifulSoup(written(app)["deep/folder/page"], "html.parser")
    assert [link["href"] for link in page.select(".medication-safety a")] == ["../../safety.html"]


def test_the_notice_is_found_in_a_search_for_the_safety_page_only(build: Build) -> None:
    app = build()
    index = (app.outdir / "searchindex.js").read_text()
    assert "breath" not in index
    assert "restructur" in index


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "```{medication-safety}",
            "```{note}",
            "index.md: WARNING: no page holds the notice",
        ),
        (
            "(safety.md)",
            "(https://example.org)",
            "safety.md:5: WARNING: the notice needs a link",
        ),
        (
            "(safety.md)",
            "(gone.md)",
            "safety.md:5: WARNING: the notice needs a link",
        ),
        (
            "Call for help.",
            "- Call for help.",
            "safety.md:8: WARNING: the medication safety notice is made of",
        ),
        (
            "page](safety.md).",
            "page](safety.md).\n\n> More.\n>\n> - It is long.",
            "safety.md:13: WARNING: the medication safety notice is made of",
        ),
        (
            "Prose behind",
            "```{medication-safety}\nTwo. [Page](safety.md)\n```\n",
            "safety.md:12: WARNING: a second medication safety notice",
        ),
    ],
)
def test_a_wrong_notice_is_reported_where_it_stands_and_again(
    build: Build, source: Path, old: str, new: str, problem: str
) -> None:
    edit(source / "safety.md", old, new)
    for _ in range(1 if "made of" in problem else 2):  # nothing was edited: it must not pass now
        assert any(line.startswith(problem) for line in warnings(build()))


def test_a_missing_notice_fails_the_build(source: Path) -> None:
    edit(source / "safety.md", "```{medication-safety}", "```{note}")
    code, said = sphinx_build("-W", "--keep-going", "-q", source, source / "out")
    assert code == 1
    assert said.count("WARNING") == 1


def test_a_theme_that_drops_the_notice_is_reported(build: Build, source: Path) -> None:
    (source / "templates").mkdir()
    (source / "templates" / "page.html").write_text(
        '{% extends "!page.html" %}{% block content %}{% endblock %}'
    )
    app = build(confoverrides={"templates_path": ["templates", str(ROOT / "_templates")]})
    found = [line for line in warnings(app) if "without the medication safety notice" in line]
    assert len(found) == len(PAGES)


@pytest.mark.parametrize("builder", ["html", "text", "epub"])
def test_pages_follow_an_edited_notice(build: Build, source: Path, builder: str) -> None:
    build(builder)
    edit(source / "safety.md", "slow breathing", "stop breathing")
    build("latex")  # shares the doctrees and sees the edit first
    pages = written(build(builder))
    assert all("Buprenorphine can stop breathing." in page for page in pages.values())


def test_other_prose_of_its_page_rewrites_no_other_page(
    build: Build, make_app: Build, source: Path
) -> None:
    build("text")
    edit(source / "safety.md", "Prose before the notice.", "Edited prose, and a line.\n\nMore.")
    app = make_app("text", srcdir=source)
    before = {path: path.stat().st_mtime_ns for path in app.outdir.glob("**/*.txt")}
    app.build()
    changed = [path.stem for path, time in before.items() if path.stat().st_mtime_ns != time]
    assert changed == ["safety"]


@pytest.mark.parametrize("words", ["stop breathing", "slow breathing"])
def test_pages_follow_after_a_build_that_broke_off(
    build: Build, make_app: Build, source: Path, words: str
) -> None:
    build()
    edit(source / "safety.md", "slow breathing", "stop breathing")
    broken = make_app("html", srcdir=source)

    def break_off(app: SphinxTestApp, pagename: str, *_args: object) -> None:
        del app
        if pagename == "orphan":
            raise KeyboardInterrupt

    broken.connect("html-page-context", break_off)
    with pytest.raises(KeyboardInterrupt):
        broken.build()
    edit(source / "safety.md", "stop breathing", words)  # kept, or taken back
    pages = written(build())
    assert all(f"Buprenorphine can {words}." in page for page in pages.values())


def test_the_notice_may_move_to_another_page(build: Build, source: Path) -> None:
    build()
    text = (source / "safety.md").read_text()
    start, end = text.index("```{"), text.rindex("```") + 3
    (source / "safety.md").write_text(text[:start] + text[end:])
    (source / "orphan.md").write_text((source / "orphan.md").read_text() + text[start:end])
    app = build()
    assert not [line for line in warnings(app) if "[medication-safety.notice]" in line]
    assert all(page.count(NOTICE) == 1 for page in written(app).values())


def test_two_processes_write_what_one_writes(build: Build, source: Path) -> None:
    serial = written(build(builddir=source.parent / "serial"))
    parallel = written(build(builddir=source.parent / "parallel", parallel=2))
    assert parallel == serial


def test_the_notice_is_translated_once_and_everywhere(build: Build, source: Path) -> None:
    app = build("gettext", builddir=source.parent / "gettext")
    templates = {path.stem: path.read_text() for path in app.outdir.glob("**/*.pot")}
    assert {name: text.count(NOTICE) for name, text in templates.items() if NOTICE in text} == {
        "safety": 1
    }

    catalogue = Catalog(locale="de")
    catalogue.add(NOTICE, "Buprenorphin kann die Atmung verlangsamen.")
    (source / "locale/de/LC_MESSAGES").mkdir(parents=True)
    with (source / "locale/de/LC_MESSAGES/safety.mo").open("wb") as file:
        write_mo(file, catalogue)
    app = build(confoverrides={"language": "de"})
    pages = written(app)
    assert all("Buprenorphin kann die Atmung verlangsamen." in page for page in pages.values())
    assert all("Warnung" in page for page in pages.values())
