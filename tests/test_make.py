"""The commands of a maintainer: what they list, and what they say when a piece is missing."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

import needs
from conftest import ROOT, require, run

if TYPE_CHECKING:
    from pathlib import Path

MAKEFILE = (ROOT / "Makefile").read_text()


def test_help_lists_every_target() -> None:
    targets = set(re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)[0].split())
    lines = run(
        "make", MAKEFLAGS="", MAKELEVEL=""
    ).stdout.splitlines()  # not as a part of `make test`
    assert {line.split()[1] for line in lines} == targets
    assert all(len(line.split()) > 3 for line in lines)


def test_a_second_run_installs_nothing() -> None:
    assert "pip" not in run("make", "-n", "html", "-o", "requirements.txt").stdout


def test_a_changed_lock_file_is_installed(tmp_path: Path) -> None:
    copy = bare_copy(tmp_path)
    (copy / ".venv").mkdir()
    (copy / ".venv" / "installed.txt").touch()
    assert "pip" not in run("make", "-n", "html", "-o", "requirements.txt", cwd=copy).stdout
    assert "pip" in run("make", "-n", "html", "-W", "requirements.txt", cwd=copy).stdout


def bare_copy(folder: Path) -> Path:
    """Return a folder with what ``make`` needs and nothing installed."""
    for name in ("Makefile", "requirements.txt", "tools/needs.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize(
    ("pretence", "words"),
    [
        ("import sys; sys.version_info = (3, 10, 9)", "Python 3.11 or newer is needed"),
        ("import sys; sys.modules['ensurepip'] = None", "apt-get install python3-venv"),
    ],
)
def test_a_python_that_will_not_do_is_named_in_one_line(
    tmp_path: Path, pretence: str, words: str
) -> None:
    copy = bare_copy(tmp_path)
    python = copy / "python"
    program = f"{pretence}; import runpy; sys.argv = sys.argv[1:]; runpy.run_path(sys.argv[0], run_name='__main__')"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -c "{program}" "$@"\n')
    python.chmod(0o755)
    done = run("make", "html", f"PYTHON={python}", cwd=copy)
    assert done.returncode != 0
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 2  # ours, and make's own
    assert not (copy / ".venv").exists()


def test_a_missing_tex_is_named_in_one_line(tmp_path: Path) -> None:
    for name in ("make", "sh", "env"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    done = run("make", "latexpdf", "-o", ".venv/installed.txt", PATH=str(tmp_path))
    assert done.returncode != 0
    assert "no PDF without latexmk, xelatex" in done.stderr
    assert needs.TEX_PACKAGES in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(needs, "fonts", lambda: False)
    assert "FreeSerif" in needs.tex()
    monkeypatch.setattr(needs, "fonts", lambda: True)
    assert needs.tex() == ""


def test_a_browser_whose_driver_cannot_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not needs.loads("libnothing.so.1")
    monkeypatch.setattr(needs, "chromium", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(needs, "loads", lambda _library: False)
    assert "libatomic1" in needs.browser()
    monkeypatch.setattr(needs, "loads", lambda _library: True)
    assert needs.browser() == ""


@pytest.mark.parametrize("piece", ["browser", "java", "poppler", "tex"])
def test_a_missing_piece_skips_here_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, piece: str
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="apt-get install"):
        require(piece)
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="apt-get install"):
        require(piece)


def test_an_unknown_piece_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert needs.main(["pencil"]) == 1
    assert "unknown piece pencil" in capsys.readouterr().err
    assert needs.main(["python"]) == 0


def test_the_packages_are_the_same_wherever_they_are_named() -> None:
    """The list is in files that no build can generate for each other."""
    package = needs.TEX_PACKAGES.split()[1]
    naming = run("git", "grep", "-lI", package).stdout.split()
    assert {"tools/needs.py", ".ci/run", ".github/workflows/ci.yml"} <= set(naming)
    for name in naming:
        assert needs.TEX_PACKAGES in (ROOT / name).read_text(), name


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_guides_name_only_targets_that_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = re.findall(r"(?m)(?:^|`)make ([a-z-]+)", (ROOT / name).read_text())
    assert named
    assert set(named) <= targets
