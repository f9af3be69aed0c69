"""Plain text in a terminal: tables fit, words and addresses are whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from helpers import SETTINGS
from plain_text import TERMINAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]

TESTROOT = "chapters"
WORDS = "self-injury and well-known words " * 6
ADDRESS = "https://example.org/" + "a-long-address-" * 6 + "end"
LONGEST = "Incomprehensibilities"
TABLE = f"""\
Title
=====

.. list-table::
   :widths: 80 10 10

   * - Paper
     - {LONGEST}
     - **{LONGEST}**
   * - {WORDS}
     - {WORDS}
     - {WORDS}

=========  =========  =========
{"A long heading of all columns".ljust(31)}
-------------------------------
one        two        three
=========  =========  =========

{WORDS}{ADDRESS} {WORDS}
"""


@pytest.fixture
def lines(source: Path, build: Build) -> list[str]:
    """Return the lines of `TABLE` as plain text."""
    for path in source.glob("*.rst"):
        path.unlink()
    (source / "conf.py").write_text('extensions = ["plain_text"]\n')
    (source / "index.rst").write_text(TABLE)
    return (build("text").outdir / "index.txt").read_text().splitlines()


def test_a_table_is_as_wide_as_a_terminal(lines: list[str]) -> None:
    table = [line for line in lines if line.startswith(("|", "+"))]
    assert TERMINAL - 3 <= max(map(len, table)) <= TERMINAL


def test_no_word_and_no_address_is_broken(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert f" {LONGEST} " in text
    assert f"**{LONGEST}**" in text
    assert ADDRESS in text
    assert not re.search(r"[a-z]-\s*(\||$)", text, re.MULTILINE)
    assert max(len(line) for line in lines if ADDRESS not in line) <= TERMINAL


def test_a_cell_that_spans_columns_widens_none(lines: list[str]) -> None:
    (heading,) = [line for line in lines if "A long heading" in line]
    row = lines[lines.index(heading) + 2]
    assert [len(cell) for cell in row.split("|")[1:-1]] == [11, 11, 11]


def test_no_line_of_the_real_site_but_an_address_is_wider_than_a_terminal(
    built: Callable[..., Path],
) -> None:
    for path in built("text").glob("*.txt"):
        for line in path.read_text("utf-8").splitlines():
            assert len(line) <= TERMINAL or "://" in line, path.name


def test_quotation_marks_do_not_depend_on_what_was_built_first(build: Build, source: Path) -> None:
    (source / "page.rst").write_text('Page\n====\n\n"Words" and it\'s that.\n')
    options = {"confoverrides": {"smartquotes_excludes": SETTINGS["smartquotes_excludes"]}}
    text = (build("text", **options).outdir / "page.txt").read_text()
    page = (build("html", **options).outdir / "page.html").read_text()
    assert "“Words” and it’s" in text  # noqa: RUF001  the apostrophe of the output
    assert "“Words” and it’s" in page  # noqa: RUF001
