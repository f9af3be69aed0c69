"""Whatever a paper is called and whoever wrote it: each format brings it whole, and nothing crashes."""

from __future__ import annotations

import contextlib
import json
import re
import tempfile
import textwrap
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string

from bibcheck.check import check
from bibtex.tex import plain
from paper import CitationError, is_degree
from paper_entry import entry_text
from paper_file import read_citation
from paper_preprint import SERVERS
from references.labels import surname
from samples import fuzz

if TYPE_CHECKING:
    from collections.abc import Callable

WORD = st.text(
    st.characters(categories=("Lu", "Ll", "Nd")) | st.sampled_from("éßøμκλ_ABCabc"), min_size=1
)
#: Words that are not any words: those of notices, and the names of servers of preprints.
SPECIAL = re.compile(
    "retract|withdraw|errat|corrig|correct|concern|addend|" + "|".join(SERVERS), re.IGNORECASE
)
WORD = WORD.filter(lambda word: not SPECIAL.search(word))
SIGNS = st.sampled_from([" ", " ", " ", ": ", "-", "/", ", ", " & ", " < ", "% ", " #", "~", "'"])
NAME = st.text(st.characters(categories=("Lu", "Ll")), min_size=1, max_size=9).filter(
    lambda word: not is_degree(word)
)
GIVEN = st.lists(NAME, min_size=1, max_size=3).map(" ".join)
FAMILY = st.builds(
    "".join, st.tuples(st.sampled_from(["", "van der ", "De ", "O'", "And "]), NAME.map(str.title))
)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a title with whatever TeX, BibTeX and HTML could trip over."""
    words = draw(st.lists(WORD, min_size=1, max_size=9))
    text = words[0] + "".join(draw(SIGNS) + word for word in words[1:])
    return unicodedata.normalize("NFC", text) + draw(st.sampled_from(["", "?", "!"]))


@st.composite
def papers(draw: st.DrawFn) -> dict[str, Any]:
    """Return a paper as CSL-JSON has it."""
    people = st.fixed_dictionaries({"family": FAMILY, "given": GIVEN}) | st.fixed_dictionaries(
        {"literal": st.lists(NAME, min_size=2, max_size=4).map(" & ".join)}
    )
    begin = draw(st.integers(1, 9999))
    return {
        "type": "article-journal",
        "title": draw(texts()),
        "author": draw(st.lists(people, min_size=1, max_size=4)),
        "container-title": draw(texts()),
        "issued": {"date-parts": [[draw(st.integers(1900, 2020))]]},
        "volume": str(draw(st.integers(1, 999))),
        "issue": str(draw(st.integers(1, 99))),
        "page": f"{begin}-{begin + draw(st.integers(1, 99))}",
        "DOI": f"10.1234/{draw(st.text('abcXYZ019-_()', min_size=1))}9",
    }


def as_csl(paper: dict[str, Any]) -> str:
    return json.dumps(paper)


def names(paper: dict[str, Any]) -> list[str]:
    return [
        author.get("literal") or f"{author['family']}, {author['given']}"
        for author in paper["author"]
    ]


def as_ris(paper: dict[str, Any]) -> str:
    begin, end = paper["page"].split("-")
    lines = {
        "TI": paper["title"],
        "T2": paper["container-title"],
        "PY": f"{paper['issued']['date-parts'][0][0]}///",
        "VL": paper["volume"],
        "IS": paper["issue"],
        "SP": begin,
        "EP": end,
        "DO": paper["DOI"],
    }
    tagged = [("TY", "JOUR"), *(("AU", name) for name in names(paper)), *lines.items(), ("ER", "")]
    return "\r\n".join(f"{tag}  - {text}" for tag, text in tagged)


def as_nbib(paper: dict[str, Any]) -> str:
    begin, end = paper["page"].split("-")
    if len(begin) == len(end):  # as PubMed does it
        end = end[next(place for place in range(len(end)) if end[place] != begin[place]) :]
    lines = {
        "TI": f"{paper['title']}.",
        "JT": paper["container-title"],
        "DP": f"{paper['issued']['date-parts'][0][0]} May",
        "VI": paper["volume"],
        "IP": paper["issue"],
        "PG": f"{begin}-{end}",
        "LID": f"{paper['DOI']} [doi]",
    }
    people = [("CN" if "," not in name else "FAU", name) for name in names(paper)]
    tagged = [("PMID", "1"), *people, *lines.items(), ("SO", "J Stud")]
    return "\n".join(
        textwrap.fill(
            f"{tag:4}- {text}",
            80,
            subsequent_indent=" " * 6,
            break_long_words=False,
            break_on_hyphens=False,
        )
        for tag, text in tagged
    )


def as_bibtex(paper: dict[str, Any]) -> str:
    def tex(text: str) -> str:
        for char in "&%#_":
            text = text.replace(char, f"\\{char}")
        return text.replace("~", "\\textasciitilde{}")

    people = [
        name if "," in name and "And" not in name else f"{{{name}}}"
        for name in map(tex, names(paper))
    ]
    return f"""@article{{a,
        author = {{{" and ".join(people)}}},
        title = {{{tex(paper["title"])}}},
        journaltitle = {{{tex(paper["container-title"])}}},
        date = {{{paper["issued"]["date-parts"][0][0]}}},
        volume = {paper["volume"]}, issue = {paper["issue"]}, pages = "{paper["page"]}",
        doi = {{{paper["DOI"]}}}}}"""


def letters(text: str) -> list[str]:
    """Return the letters of a name, in whichever order and with whichever stops between them."""
    return sorted(char for char in text.casefold() if char.isalpha())


@settings(fuzz, max_examples=30)
@pytest.mark.parametrize("written", [as_csl, as_ris, as_nbib, as_bibtex])
@given(paper=papers())
def test_a_paper_comes_whole_and_the_check_finds_nothing(
    written: Callable[[dict[str, Any]], str], paper: dict[str, Any]
) -> None:
    text = entry_text("doe2001one", read_citation(written(paper).encode()), [])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.bib")
        path.write_text(text, "utf-8")
        found = check({"a.bib": path}).findings
        # What looks like a wrong encoding is kept, since nobody can know, and is told.
        assert [finding for finding in found if finding.kind != "mojibake"] == []
    entry = parse_string(text, "bibtex").entries["doe2001one"]
    assert plain(entry.fields["title"]) == paper["title"]
    assert plain(entry.fields["journal"]).casefold() == paper["container-title"].casefold()
    assert entry.fields["year"] == str(paper["issued"]["date-parts"][0][0])
    assert entry.fields["volume"] == paper["volume"]
    assert entry.fields["number"] == paper["issue"]
    assert entry.fields["pages"] == paper["page"].replace("-", "--")
    assert entry.fields["doi"] == paper["DOI"]
    assert len(entry.persons["author"]) == len(paper["author"])
    for person, author in zip(entry.persons["author"], paper["author"], strict=True):
        assert letters(plain(str(person))) == letters("".join(author.values()))
        assert surname(person)


@fuzz
@given(data=st.binary() | st.text(st.characters(exclude_categories=["Cs"])).map(str.encode))
def test_no_file_gives_a_traceback(data: bytes) -> None:
    for before in (
        b"",
        b"TY  - JOUR\n",
        b"PMID- 1\n",
        b"@article{a,",
        b'{"title": "a", "author": [',
    ):
        for after in (b"", b"\nER  - \n", b"\nSO  - J\n", b"}", b"]}"):
            with contextlib.suppress(CitationError):
                entry_text("a", read_citation(before + data + after), [])
