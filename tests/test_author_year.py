"""Labels: readable, and never the same for two references."""

from __future__ import annotations

import pytest
from pybtex.database import Entry, parse_string

from author_year import author_part, labels, suffix


def entries(source: str) -> list[Entry]:
    """Return the entries of a BibTeX *source*."""
    return list(parse_string(source, "bibtex").entries.values())


@pytest.mark.parametrize(
    ("fields", "label"),
    [
        ("author = {Yovell, Yoram}", "Yovell"),
        ("author = {van Dorp, Eveline}", "van Dorp"),
        ("author = {New, Antonia S. and Stanley, Barbara}", "New and Stanley"),
        ("author = {A, B. and C, D. and E, F.}", "A et al."),
        ("author = {Dahan, Albert and others}", "Dahan et al."),
        ("author = {{U.S. Food and Drug Administration}}, shortauthor = {FDA}", "FDA"),
        (r"author = {Lud{\"a}scher, Petra}", "Ludäscher"),
        ("editor = {Smith, Ann}", "Smith"),
        ("title = {A Page {Without} Authors}", "A Page Without Authors"),
        ("year = {2020}", "key"),
    ],
)
def test_authors_are_called_as_the_field_does(fields: str, label: str) -> None:
    assert author_part(entries(f"@misc{{key, {fields}}}")[0]) == label


def test_a_label_names_one_reference() -> None:
    found = labels(
        entries("""
            @misc{later, author = {{FDA}}, title = {Zebra}, year = {2016}}
            @misc{earlier, author = {{FDA}}, title = {Aardvark}, year = {2016}}
            @misc{other, author = {{FDA}}, title = {Aardvark}, year = {2017}}
            @misc{undated, author = {{FDA}}, title = {Aardvark}}
        """)
    )
    assert found == {
        "earlier": "FDA 2016a",
        "later": "FDA 2016b",
        "other": "FDA 2017",
        "undated": "FDA n.d.",
    }


def test_letters_do_not_run_out() -> None:
    assert [suffix(number) for number in (0, 25, 26, 51, 52)] == ["a", "z", "ba", "bz", "ca"]
    assert len({suffix(number) for number in range(1000)}) == 1000
