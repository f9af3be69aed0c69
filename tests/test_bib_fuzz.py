"""No file, however broken, stops the check or passes it while pybtex loses an entry."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pybtex.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, Person
from pybtex.database.input.bibtex import Parser

from bibtex.entry import as_bibliography
from check import check_site, citations, records
from conftest import ROOT, require, run
from pages import read_page
from samples import CORPUS, ENTANGLED, PAGE, PIECES, VALID, VOCABULARY, fuzz, mutations


def assert_nothing_is_lost(data: bytes) -> bool:
    """Check *data*; without a fatal finding pybtex must read the very entries that a build is given.

    Return whether there was something to compare.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.bib")
        path.write_bytes(data)
        report = check_site({"a.bib": path}, {}, VOCABULARY)
        commented = any("an @ begins" in finding.message for finding in report.findings)
        if report.fatal or commented:  # pybtex reads entries in comments, too
            return False
        with pybtex.errors.capture() as errors:
            read = Parser("utf-8-sig").parse_file(path)
    assert errors == []
    given = as_bibliography(report.entries)
    assert list(given.entries) == [entry.key for entry in report.entries]
    for key, entry in read.entries.items():
        kind, fields, people = shown(given.entries[key])
        fields = {name: value for name, value in fields.items() if name in entry.fields.lower()}
        people = {role: names for role, names in people.items() if role in entry.persons.lower()}
        assert (kind, fields, people) == shown(entry)
    return True


def shown(entry: Entry) -> tuple[str, dict[str, str], dict[str, list[Person]]]:
    """Return what readers see of *entry*; the letter case of its fields is not among it."""
    fields, persons = entry.fields.lower(), entry.persons.lower()
    fields.pop("crossref", "")
    return entry.type, dict(fields.items()), {role: list(names) for role, names in persons.items()}


@fuzz
@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_checked(text: str) -> None:
    assert_nothing_is_lost(text.encode(errors="surrogatepass"))


@fuzz
@given(st.binary())
def test_any_bytes_are_checked(data: bytes) -> None:
    assert_nothing_is_lost(data)


@fuzz
@given(mutations(VALID))
def test_a_valid_file_with_mistakes_loses_nothing_unseen(text: str) -> None:
    assert_nothing_is_lost(text.encode())


@fuzz
@given(mutations(ENTANGLED))
def test_entries_that_reach_into_each_other_lose_nothing_unseen(text: str) -> None:
    assert_nothing_is_lost(text.encode())


@pytest.mark.parametrize("text", [*VALID, *ENTANGLED[:2]])
def test_what_the_check_reads_is_what_the_build_reads(text: str) -> None:
    assert assert_nothing_is_lost(text.encode())


def test_a_page_with_any_end_of_line_is_read() -> None:
    for end in ("\n", "\r\n", "\r"):
        (directive,) = read_page(f"- x{end}{end}```{{a}} b{end}c{end}```{end}").directives
        assert (directive.line, directive.content) == (3, ("c",))


@fuzz
@given(st.text(alphabet=" `{}:%~>-\n.ac,") | st.text() | mutations([PAGE]))
def test_any_page_is_read(text: str) -> None:
    page = read_page(text)
    lines = len(re.split(r"\r\n|\r|\n", text))
    assert all(1 <= citation.line <= lines for citation in citations("page.md", page))
    assert all(1 <= found.record.line <= lines for found in records("page.md", page, VOCABULARY))


@pytest.mark.parametrize(
    "piece",
    [
        *("`", "``x` ", "{cite:p}`", "{cite}`a`", "::\n", "> ", "- "),
        *("```{reference} a\n", ":::{note}\n", "- ```{study} a\n"),
    ],
)
def test_a_long_page_is_no_trap(piece: str) -> None:
    assert len(list(citations("page.md", read_page(piece * 2000)))) <= 2000


@pytest.mark.parametrize("path", [*CORPUS, ROOT / "references.bib"], ids=lambda path: path.name)
def test_real_files_are_read_whole(path: Path) -> None:
    assert assert_nothing_is_lost(path.read_bytes())


@pytest.mark.parametrize(
    "piece", ["@", "{", '"', "@a{b,c={", "@a{b,", "@a{b,c={x}} ", "(", "\\", "%", "=", "a = {"]
)
def test_nesting_and_repetition_are_no_trap(piece: str) -> None:
    assert_nothing_is_lost(piece.encode() * 5000)
    nested = "{" * 90 + "\\'e" + "}" * 90
    assert_nothing_is_lost(f"@misc{{a, title = {nested}, author = {nested}}}".encode())


def test_the_files_that_tex_live_ships_lose_nothing() -> None:
    """Written by many hands over thirty years, with macros, cross-references and real faults."""
    require("tex")
    tree = run("kpsewhich", "-var-value=TEXMFDIST").stdout.strip()
    files = list(Path(tree, "bibtex", "bib").rglob("*.bib"))
    smallest = sorted(files, key=lambda path: path.stat().st_size)[:40]
    compared = [path for path in smallest if assert_nothing_is_lost(path.read_bytes())]
    assert len(compared) > 10
