"""Where no link can be followed its address is written, where it is needed and once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

from addresses import missing_in, on_paper
from helpers import words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

TESTROOT = "chapters"
#: A reference of an entry, as the room of references prints it, is a paragraph of this class.
PAGE = """\
Start
=====

The `list of lines <https://example.org/>`__, and `the list <https://example.org/>`__ again.

The `form <https://example.org/one_two/>`__ and `me <mailto:a%40example.org?subject=x>`__.

Call `0800 11 11 <tel:+440800111>`__ or `1-800-22 <tel:180022>`__, see `Page <page.html>`__.

Read `doi:10.1000/one(2) <https://doi.org/10.1000/one%282%29>`__ or https://example.org/visible.

.. rst-class:: reference

A title. `Free full text <https://example.org/free>`__.

`Heading <https://example.org/heading>`__
-----------------------------------------

The `list <https://example.org/>`__ in another section, and :doc:`page`.

.. toctree::

   page
"""


@pytest.mark.parametrize(
    ("text", "uri", "missing"),
    [
        ("A helpline", "https://example.org/", "https://example.org/"),
        ("example.org", "https://example.org/", ""),
        ("Example.org/Page", "https://example.org/page/", ""),
        ("https://example.org/a b", "https://example.org/a%20b", ""),
        ("example", "https://example.org/", "https://example.org/"),
        ("doi:10.1000/a<b>", "https://doi.org/10.1000/a%3Cb%3E", ""),
        ("the paper", "https://doi.org/10.1000/a", "https://doi.org/10.1000/a"),
        ("911", "tel:911", ""),
        ("1-800-222-1222", "tel:+18002221222", ""),
        ("the helpline", "tel:911", "911"),
        ("call 0800 11", "tel:+4480011", "+4480011"),
        ("a@example.org", "mailto:a%40example.org", ""),
        ("write to us", "mailto:a%40example.org?subject=x", "a@example.org"),
        ("a section", "#section", ""),
        ("a page", "page.html", ""),
        ("a page", "", ""),
    ],
)
def test_what_is_missing_in_the_words(text: str, uri: str, missing: str) -> None:
    assert missing_in(text, uri) == missing


@pytest.mark.parametrize(
    ("address", "typed"),
    [
        ("https://example.org/", "example.org"),
        ("https://example.org", "example.org"),
        ("https://example.org/page/", "example.org/page/"),
        ("http://example.org/", "http://example.org/"),
        ("a@example.org", "a@example.org"),
        ("+4480011", "+4480011"),
    ],
)
def test_an_address_on_paper_is_what_is_typed(address: str, typed: str) -> None:
    assert on_paper(address) == typed


@pytest.fixture
def text(source: Path, build: Callable[..., SphinxTestApp]) -> Callable[[str], str]:
    """Return a function that gives the text of `PAGE` as a builder writes it, on one line."""

    def build_with(builder: str) -> str:
        (source / "conf.py").write_text('extensions = ["chapters", "addresses"]\n')
        (source / "index.rst").write_text(PAGE)
        app = build(builder)
        texts = [
            path.read_text()
            for path in sorted(app.outdir.iterdir())
            if path.suffix in {".txt", ".1", ".texi", ".tex"}
        ]
        return re.sub(r"[ \n]+", " ", " ".join(texts))

    return build_with


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_an_address_stands_behind_its_words_once_in_a_section(
    text: Callable[[str], str], builder: str
) -> None:
    found = text(builder).replace(r"\%", "").replace(r"\-", "-").replace(r"\&", "")
    found = found.replace("@@", "@")
    for part in (
        "The list of lines (https://example.org/), and the list again.",
        "The form (https://example.org/one_two/) and me (a@example.org).",
        "Read doi:10.1000/one(2) or",
        "A title. Free full text.",
        "The list (https://example.org/) in another section",
    ):
        assert part in found
    assert "example.org/heading" not in found
    assert not re.search("tel:|mailto:|page.html|<#|<>|@footnote", found)


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_a_number_to_call_is_on_one_line(text: Callable[[str], str], builder: str) -> None:
    space = r"\ " if builder == "man" else "\N{NO-BREAK SPACE}"
    found = text(builder).replace(r"\-", "-").replace(r"\%", "")
    assert f"Call 0800{space}11{space}11{space}(+440800111) or 1-800-22, see Page" in found


@pytest.mark.parametrize("builder", ["text", "man", "texinfo"])
def test_a_link_may_have_a_class_and_an_anchor(
    source: Path, build: Callable[..., SphinxTestApp], builder: str
) -> None:
    (source / "conf.py").write_text(
        'extensions = ["myst_parser", "addresses"]\nmyst_enable_extensions = ["attrs_inline"]\n'
    )
    (source / "index.rst").unlink()
    (source / "index.md").write_text("# Start\n\nA [list](https://example.org/a){#here .there}.\n")
    found = "".join(path.read_text() for path in build(builder).outdir.glob("*.[1t]*"))
    assert "A list (https://example.org/a)." in found.replace(r"\%", "").replace(r"\&", "")


def test_groff_breaks_no_address(text: Callable[[str], str]) -> None:
    found = text("man").replace(r"\-", "-")
    assert r"lines \%(https://example.org/)" in found
    assert r"\%https://example.org/visible" in found


def test_on_paper_the_address_is_short_and_a_part_of_the_link(text: Callable[[str], str]) -> None:
    found = text("latex")
    for part in (
        r"\sphinxhref{https://example.org/}{list of lines (\sphinxnolinkurl{example.org})}, and",
        r"\sphinxhref{https://example.org/one\_two/}{form (\sphinxnolinkurl{example.org/one\_two/})}",
        r"\sphinxhref{https://example.org/free}{Free full text}",
        r"\sphinxhref{https://example.org/heading}{Heading}",
        r"\sphinxurl{https://example.org/visible}",
    ):
        assert part in found


def test_the_text_of_the_real_site_has_the_address_of_each_link(built: Callable[..., Path]) -> None:
    found = 0
    for path in built("text").glob("*.txt"):
        page = BeautifulSoup((built("html") / f"{path.stem}.html").read_text("utf-8"), "html5lib")
        plain = words(path.read_text("utf-8"))
        # Searches that are ready are for a website only.
        for link in page.select(
            "article a.external:not(.reference .external, .searches .external)"
        ):
            address = missing_in(link.text, str(link["href"]))
            assert address in plain, f"{path.name}: {link.text}"
            found += bool(address)
    assert found > 10
