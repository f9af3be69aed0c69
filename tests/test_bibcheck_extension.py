"""A site is not built from a bibliography that is wrong, and is built without delay from another."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

import bibcheck._extension as extension
import bibcheck.check
from conftest import ROOT, run
from samples import OTHER, edit, warnings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]


@pytest.fixture
def source(rootdir: Path, tmp_path: Path) -> Path:
    """Return a copy of the test root that a test may edit."""
    return shutil.copytree(rootdir / "test-bibcheck", tmp_path / "source")


@pytest.fixture
def build(source: Path, make_app: Callable[..., SphinxTestApp]) -> Build:
    """Return a function that builds *source*, once more with each call."""

    def build_with(**settings: Any) -> SphinxTestApp:  # noqa: ANN401  whatever conf.py may hold
        app = make_app("html", srcdir=source, confoverrides=settings)
        app.build()
        return app

    return build_with


def kinds(app: SphinxTestApp) -> list[str]:
    """Return the types of these warnings."""
    return [line.rpartition("[")[2].rstrip("]") for line in warnings(app)]


def test_a_bibliography_that_is_right_gives_no_warning(build: Build) -> None:
    assert warnings(build()) == []


def test_every_finding_is_a_warning_at_its_line(source: Path, build: Build) -> None:
    edit(source, "10.1234", "https://doi.org/10.1234")
    edit(source, "{2001}", "{01}")
    edit(source, "doe2001one`", "doe2001one,doe2001two`", "index.rst")
    with (source / "references.bib").open("a") as file:
        for number in range(5):
            entry = OTHER.replace("roe2002two", f"roe2002n{number}")
            file.write(entry.replace("A Book", f"Book {number}"))
    year, doi, key, *unused = warnings(build())
    assert year == "references.bib:7: WARNING: doe2001one: year 01: write four digits [bib.year]"
    assert doi.startswith("references.bib:8: WARNING: doe2001one: doi https://doi.org/10")
    assert doi.endswith("is not a DOI; write it without https://doi.org/ [bib.doi]")
    assert key.startswith("index.rst:4: WARNING: doe2001two: no entry has this key; did you mean")
    assert unused == [
        f"references.bib:{10 + 6 * number}: WARNING: roe2002n{number}: no page cites this entry; "
        "cite it or delete it [bib.unused-entry]"
        for number in range(5)
    ]


def test_a_kind_of_finding_can_be_suppressed(source: Path, build: Build) -> None:
    edit(source, "10.1234", "https://doi.org/10.1234")
    edit(source, "{2001}", "{01}")
    assert kinds(build(suppress_warnings=["bib.doi"])) == ["bib.year"]


def test_a_broken_file_stops_the_build_with_one_line(source: Path) -> None:
    edit(source, "{Doe, Jane}", "{Doe, Jane")
    edit(source, "10.1234", "https://doi.org/10.1234")
    command = (sys.executable, "-m", "sphinx", "-b", "html", source, source / "out")
    done = run(*command, PYTHONPATH=str(ROOT / "_ext"))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    first, *_, last = done.stderr.splitlines()
    assert first.startswith("references.bib:4: WARNING: doe2001one: a brace of author")
    assert "[bib.doi]" in done.stderr
    assert last.startswith("Not built, because references would be lost. Fix first: references.bib")
    assert not (source / "out" / "index.html").exists()


def test_it_looks_before_the_file_is_parsed(source: Path, build: Build) -> None:
    """An unknown string would stop pybtex with a traceback."""
    edit(source, "{2001}", "MMI")
    with pytest.raises(SystemExit, match=r"references\.bib:7: doe2001one: year = MMI"):
        build()


def test_a_missing_file_stops_the_build(source: Path, build: Build) -> None:
    (source / "references.bib").unlink()
    with pytest.raises(SystemExit, match=r"references\.bib:1: cannot be read"):
        build()


def test_files_are_checked_again_when_they_or_the_rules_change(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    check = Mock(wraps=bibcheck.check.check)
    monkeypatch.setattr(extension, "check", check)
    build()
    edit(source, "Page", "Leaf", "index.rst")
    build()
    assert check.call_count == 0
    edit(source, "One Study", "Another Study")
    build()
    assert check.call_count == 1
    (source / "rule.py").write_text("")
    monkeypatch.setattr(extension, "RULES", [source / "rule.py"])
    build()
    assert check.call_count == 2


def test_an_edited_entry_is_on_its_page_in_the_next_build(source: Path, build: Build) -> None:
    page = build().outdir / "index.html"
    assert "Journal of Studies" in page.read_text("utf-8")
    edit(source, "Journal of Studies", "Journal of Trials")
    build()
    assert "Journal of Trials" in page.read_text("utf-8")


def test_a_finding_is_reported_until_it_is_fixed(source: Path, build: Build) -> None:
    edit(source, "{2001}", "{01}")
    edit(source, "doe2001one`", "doe2001one,doe2001two`", "index.rst")
    for _ in range(3):
        assert kinds(build()) == ["bib.year", "bib.unknown-key"]
    edit(source, "{01}", "{2001}")
    assert kinds(build()) == ["bib.unknown-key"]
    assert kinds(build()) == ["bib.unknown-key"]
    edit(source, ",doe2001two", "", "index.rst")
    assert warnings(build()) == []


def test_the_check_needs_no_other_extension(source: Path, build: Build) -> None:
    edit(source, 'references"]\nbib', 'bibcheck"]\nbib', "conf.py")
    edit(source, "{2001}", "{01}")
    assert kinds(build()) == ["bib.year"]


def test_pages_that_are_not_built_cite_nothing(source: Path, build: Build) -> None:
    (source / "draft.rst").write_text(":orphan:\n\nDraft\n=====\n\n:cite:p:`nobody`\n")
    assert warnings(build())[0].startswith("draft.rst:6: WARNING: nobody: no entry")
    assert warnings(build(exclude_patterns=["draft.rst"])) == []
