"""The check of written pages: what counts as the notice, and which files are pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from notice.written import fault, faults

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = (
    '<div class="admonition warning medication-safety" role="note">'
    "<p>Warning</p><p>It &amp; <b>more</b>.</p></div>"
)
TEXT = "Warning It & more."


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (f"<h1>Title</h1>{NOTICE}<h2>More</h2>", None),
        ("<h1>Title</h1>", "without the medication safety notice"),
        (f"{NOTICE}{NOTICE}", "2 times"),
        (NOTICE.replace("It", "If"), "another medication safety notice"),
        (NOTICE.replace("medication-safety", "medication-safety-title"), "without"),
    ],
)
def test_a_page_needs_one_notice_with_its_words(page: str, problem: str | None) -> None:
    found = fault(page, TEXT)
    assert found is None if problem is None else problem in str(found)


def test_static_files_and_tables_of_contents_are_no_pages(tmp_path: Path) -> None:
    for name in ("page.html", "deep/page.html", "_static/part.html", "nav.xhtml", "notes.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("no notice")
    assert [
        path.relative_to(tmp_path).as_posix() for path, _ in faults(tmp_path, ".html", TEXT)
    ] == [
        "deep/page.html",
        "page.html",
    ]
    assert list(faults(tmp_path, ".xhtml", TEXT)) == []
