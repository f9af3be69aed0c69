"""New papers by their DOI or PMID, and what appeared since, against a server on this machine."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import new_paper
import services
import verify_site
from conftest import ROOT
from helpers import edit
from services import Link, Paper
from verify import watch
from verify.text import clean, without_escapes
from verify_site import REPORT, RETRACTION, TRIAL, Site

TESTROOT = "studies"
site = verify_site.site


# -- Texts -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "order", ["\x1b[31m", "&#27;[1;31m", "&#x1b;]0;owned\x07", "\x1bPq#1\x1b\\", "\x1b(B", "\x9b2J"]
)
def test_an_order_to_a_terminal_goes_as_a_whole(order: str) -> None:
    assert clean(f"Lanterns {order}for rivers") == "Lanterns for rivers"
    assert without_escapes(f"Lanterns {order}&amp; rivers").split() == [
        "Lanterns",
        "&amp;",
        "rivers",
    ]


@pytest.mark.parametrize("text", ["&#270;", "&#x1b5;", "a [31m b"])
def test_what_is_no_order_stays(text: str) -> None:
    assert without_escapes(text) == text


# -- New papers ------------------------------------------------------------------------------------
@pytest.fixture
def new_site(site: Site) -> Site:
    """Return the site with the page to which papers are added."""
    (site.folder / "citations.md").write_text("# Citations\n\n## A theme\n")
    shutil.copy(ROOT / "conf.py", site.folder / "conf.py")
    edit(
        site.folder / "conf.py",
        'Path(__file__).resolve().parent / "_ext"',
        f'Path("{ROOT}") / "_ext"',
    )
    return site


@pytest.mark.parametrize(
    "option",
    [("--doi", "10.5555/lantern"), ("--pmid", "101"), ("--doi", "https://doi.org/10.5555/LANTERN")],
)
def test_a_paper_is_added_as_the_databases_have_it(new_site: Site, option: tuple[str, str]) -> None:
    new_site.serve((Paper(),))
    code, out, err = new_site.run(new_paper.main, *option)
    assert (code, err) == (0, "")
    entry = (new_site.folder / "references.bib").read_text().split("\n\n")[-1]
    for line in (
        "@article{bell2020lanterns,",
        "  author = {Bell, Ada Q. and Stone, Max},",
        "  title = {Lanterns for Quiet Rivers},",
        "  doi = {10.5555/lantern},",
        "  pmid = {101},",
        "  pages = {45--51},",
    ):
        assert line.lower() in entry.lower()
        assert f"+{line}".lower() in out.lower()
    assert "```{study} bell2020lanterns" in (new_site.folder / "citations.md").read_text()
    code, _, err = new_site.run(new_paper.main, *option)
    assert code == 1
    assert "already" in err


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper(updated_by=(RETRACTION,)), "the paper was retracted"),
        (Paper(types=("Retracted Publication",)), "the paper was retracted"),
        (Paper(types=("Retraction of Publication",), links=(Link("RetractionOf"),)), "notice"),
        (Paper(doi="10.5555/other"), "no database gives this paper"),
    ],
)
def test_a_paper_that_nobody_may_add_is_refused(new_site: Site, paper: Paper, words: str) -> None:
    before = [(new_site.folder / name).read_bytes() for name in ("references.bib", "citations.md")]
    new_site.serve((paper,))
    code, out, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert (code, out) == (1, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert [
        (new_site.folder / name).read_bytes() for name in ("references.bib", "citations.md")
    ] == before


# -- What appeared since ---------------------------------------------------------------------------
def test_what_is_new_is_listed_and_only_the_day_is_written(site: Site, source: Path) -> None:
    new = Paper(
        title="A sound trial on a shelf",
        doi="10.5555/new",
        pmid="300",
        types=("Journal Article", "Randomized Controlled Trial"),
    )
    server = site.serve((TRIAL, replace(REPORT, title="A sound trial that is here"), new))
    before = {path: path.read_bytes() for path in source.glob("*.*")}
    code, out, _ = site.run(watch.main)
    assert code == 0
    first, last = out.splitlines()
    assert first.startswith("PMID 300 · doi 10.5555/new · A sound trial on a shelf · 2020 · ")
    assert "Randomized Controlled Trial" in first
    assert last.startswith("1 papers since 2024-03-01")
    asked = [request.query for request in server.requests if "esearch" in request.path]
    assert [query["term"] for query in asked] == ["sound", "trial"]
    assert all(query["mindate"] == "2024/03/01" for query in asked)
    assert {path: path.read_bytes() for path in source.glob("*.*")} == before
    code, out, _ = site.run(watch.main, "--done", "1")
    assert code == 0
    changed = {path.name for path in source.glob("*.*") if path.read_bytes() != before.get(path)}
    assert changed == {"conf.py"}
    old, now = (
        before[source / "conf.py"].decode().splitlines(),
        (source / "conf.py").read_text().splitlines(),
    )
    differing = [line for line, other in zip(old, now, strict=True) if line != other]
    assert [line.split()[0] for line in differing] == ["search_date", "search_next"]


def test_a_search_without_an_answer_is_told(site: Site) -> None:
    site.serve((), **{"entrez/eutils/esearch.fcgi": [services.status(400), services.status(400)]})
    code, out, _ = site.run(watch.main)
    assert code == 3
    assert out.count("not searched: ") == 2
