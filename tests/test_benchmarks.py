"""The sources that the benchmarks build: the same each time, and right by the project's own rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import generate
from bib_check import check

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("variant", ["ours", "typed"])
def test_a_site_is_generated_the_same_each_time(variant: str) -> None:
    assert generate.site(variant, 3) == generate.site(variant, 3)


def test_ten_pages_cite_a_hundred_entries_without_a_fault(tmp_path: Path) -> None:
    files = generate.site("ours", 10)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    pages = {name: tmp_path / name for name in files if name.endswith(".md")}
    report = check({"references.bib": tmp_path / "references.bib"}, pages)
    assert (len(report.entries), report.findings) == (100, [])
