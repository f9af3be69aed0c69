"""A site is not built from a bibliography that is wrong, and is built without delay from another."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

import bib_check
import bib_integrity
from conftest import ROOT, run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]


@pytest.fixture
def source(rootdir: Path, tmp_path: Path) -> Path:
    """Return a copy of the test root that a test may edit."""
    return shutil.copytree(rootdir / "test-bib-integrity", tmp_path / "source")


@pytest.fixture
def build(source: Path, make_app: Callable[..., SphinxTestApp]) -> Build:
    """Return a function that builds *source*, once more with each call."""

    def build_with(**settings: Any) -> SphinxTestApp:  # noqa: ANN401  whatever conf.py may hold
        app = make_app("html", srcdir=source, confoverrides=settings)
        app.build()
        return app

    return build_with


def edit(source: Path, old: str, new: str, name: str = "references.bib") -> None:
    """Replace *old* by *new* in the file *name*."""
    path = source / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def warnings(app: SphinxTestApp) -> list[str]:
    """Return the warnings of type ``bib`` that *app* gave, without colours."""
    lines = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue()).splitlines()
    return [line for line in lines if "[bib." in line]


def kinds(app: SphinxTestApp) -> list[str]:
    """Return the types of these warnings."""
    return [line.rpartition("[")[2].rstrip("]") for line in warnings(app)]


def test_a_bibliography_that_is_right_gives_no_warning(build: Build) -> None:
    assert warnings(build()) == []


def test_every_finding_is_a_warning_at_its_line(source: Path, build: Build) -> None:
    edit(source, "10.1234", "https://doi.org/10.1234")
    edit(source, "{2001}", "{01}")
    edit(source, "doe2001one`", "doe2001one,doe2001two`", "index.rst")
    lines = warnings(build())
    assert lines[0].startswith(
        "index.rst:4: WARNING: doe2001two: no entry has this key; did you mean"
    )
    assert lines[1] == (
        "references.bib:7: WARNING: doe2001one: year 01: write four digits [bib.year]"
    )
    assert lines[2].startswith("references.bib:8: WARNING: doe2001one: doi https://doi.org/10")
    assert lines[2].endswith("is not a DOI; write it without https://doi.org/ [bib.doi]")
    assert len(lines) == 3


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
    assert last.startswith(
        "Not built, because references would be lost. Mend first: references.bib"
    )
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


def test_nothing_is_parsed_when_nothing_changed(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    check = Mock(wraps=bib_check.check)
    monkeypatch.setattr(bib_integrity, "check", check)
    build()
    assert check.call_count == 0
    edit(source, "One Study", "Another Study")
    build()
    assert check.call_count == 1
    edit(source, "Page", "Leaf", "index.rst")
    build()
    assert check.call_count == 2


def test_a_finding_is_reported_until_it_is_mended(source: Path, build: Build) -> None:
    edit(source, "{2001}", "{01}")
    assert kinds(build()) == ["bib.year"]
    assert kinds(build()) == ["bib.year"]
    edit(source, "{01}", "{2001}")
    assert warnings(build()) == []


def test_pages_that_are_not_built_cite_nothing(source: Path, build: Build) -> None:
    (source / "draft.rst").write_text(":orphan:\n\nDraft\n=====\n\n:cite:p:`nobody`\n")
    assert warnings(build())[0].startswith("draft.rst:6: WARNING: nobody: no entry")
    assert warnings(build(exclude_patterns=["draft.rst"])) == []
