"""No file, however broken, stops the check or passes it while pybtex loses an entry."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pybtex.errors
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser

from bib_check import check
from bib_citations import citations
from bib_finding import STRUCTURE
from conftest import ROOT, require, run
from test_bib_rules import GOOD, OTHER

#: The same examples in every run, and no clock: a slow machine must not fail.
fuzz = settings(
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=400,
    suppress_health_check=list(HealthCheck),
)
CORPUS = sorted((Path(__file__).parent / "bib").glob("*.bib"))
VALID = [GOOD + OTHER, *(path.read_text() for path in CORPUS)]
#: Pieces of which BibTeX files are made.
CHARACTERS = st.sampled_from('@{}()",=#%\\$;:~\n a1é\ufeff\x00')
WORDS = (
    "\r\n",
    "--",
    " and ",
    "title",
    "author",
    "key,",
    "title = {x},",
    'year = "2001"',
    "\\emph{",
)
COMMANDS = ("@article{", "@string{", "@comment{", "@preamble{", "unverified = {", "%@a{b}")
PIECES = CHARACTERS | st.sampled_from(WORDS + COMMANDS)


@st.composite
def mutations(draw: st.DrawFn, texts: list[str]) -> str:
    """Return one of *texts* with one to three pieces deleted, put in, replaced, or its end cut off."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(text)))
        end = draw(st.sampled_from([begin, begin + 1, begin + 2, begin + 40, len(text)]))
        text = text[:begin] + draw(st.just("") | PIECES) + text[end:]
    return text


def assert_nothing_is_lost(data: bytes) -> None:
    """Check *data*; without a structural finding pybtex must read the very keys of the check."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.bib")
        path.write_bytes(data)
        report = check({"a.bib": path}, {})
        if STRUCTURE.intersection(finding.kind for finding in report.findings):
            return
        with pybtex.errors.capture() as errors:
            read = Parser("utf-8-sig").parse_file(path)
        assert errors == []
        assert list(read.entries) == [entry.key for entry in report.entries]
        for entry in report.entries:
            written = entry.fields.keys() - {"author", "editor"}
            assert {name.lower() for name in read.entries[entry.key].fields} == written


@fuzz
@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text(text: str) -> None:
    assert_nothing_is_lost(text.encode(errors="surrogatepass"))


@fuzz
@given(st.binary())
def test_any_bytes(data: bytes) -> None:
    assert_nothing_is_lost(data)


@fuzz
@given(mutations(VALID))
def test_a_valid_file_with_mistakes(text: str) -> None:
    assert_nothing_is_lost(text.encode())


@fuzz
@given(st.text(alphabet=" `{}:%~\n.ac,") | st.text())
def test_any_page(text: str) -> None:
    for name in ("page.md", "page.rst"):
        assert all(citation.line >= 1 for citation in citations(name, text))


@pytest.mark.parametrize(
    "piece", ["`", "``x` ", "{cite:p}`", "```{reference} a\n", "{cite}`a`", "::\n"]
)
def test_a_long_page_is_no_trap(piece: str) -> None:
    for name in ("page.md", "page.rst"):
        assert len(list(citations(name, piece * 20_000))) <= 20_000


@pytest.mark.parametrize("path", [*CORPUS, ROOT / "references.bib"], ids=lambda path: path.name)
def test_real_files_are_read_whole(path: Path) -> None:
    assert_nothing_is_lost(path.read_bytes())
    findings = check({path.name: path}, {}).findings
    assert not STRUCTURE.intersection(finding.kind for finding in findings)


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
    files = sorted(Path(tree, "bibtex", "bib").rglob("*.bib"))
    assert len(files) > 10
    for path in files:
        assert_nothing_is_lost(path.read_bytes())
