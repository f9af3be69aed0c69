"""Labels: readable, and never the same for two references."""

from __future__ import annotations

import pytest
from pybtex.database import Entry, parse_string

from references.labels import author_part, labels, sort_key, suffix


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


def test_the_list_is_in_the_order_of_labels() -> None:
    found = entries("""
        @misc{d, author = {Zed, A.}, year = {2001}}
        @misc{c, author = {abe, A.}, title = {B}, year = {2002}}
        @misc{b, author = {Abe, A.}, title = {a}, year = {2002}}
        @misc{a, author = {Abe, A.}, title = {C}, year = {2001}}
        @misc{undated, author = {Abe, A.}}
    """)
    in_order = [entry.key for entry in sorted(found, key=sort_key)]
    assert in_order == ["a", "b", "c", "undated", "d"]
    shown = [labels(found)[key].casefold() for key in in_order]
    assert shown == sorted(shown)
