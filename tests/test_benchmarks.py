"""The sources that the benchmarks build: the same each time, and right by the project's own rules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

import generate
import run as benchmark
from bib_check import check
from conftest import run

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("layout", generate.LAYOUTS)
@pytest.mark.parametrize("variant", generate.VARIANTS)
def test_a_site_is_generated_the_same_each_time(variant: str, layout: str) -> None:
    files = generate.site(variant, 3, layout)
    assert files == generate.site(variant, 3, layout)
    assert sum(text.count(generate.OLD_TITLE) for text in files.values()) == 1


@pytest.mark.parametrize("layout", generate.LAYOUTS)
def test_ten_pages_cite_a_hundred_entries_without_a_fault(tmp_path: Path, layout: str) -> None:
    files = generate.site("ours", 10, layout)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    pages = {name: tmp_path / name for name in files if name.endswith(".md")}
    report = check({"references.bib": tmp_path / "references.bib"}, pages)
    assert (len(report.entries), report.findings) == (100, [])


@pytest.mark.parametrize("variant", ["typed", "ours"])
def test_a_site_is_built_without_a_warning(tmp_path: Path, variant: str) -> None:
    benchmark.write(tmp_path / "site", variant, 3, "pages")
    command = (sys.executable, "-m", "sphinx", "-W", "--keep-going", *benchmark.SPHINX)
    done = run(*command, cwd=tmp_path / "site")
    assert (done.returncode, done.stderr) == (0, "")
