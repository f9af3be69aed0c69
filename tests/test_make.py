"""The commands of a maintainer: what they list, and what they say when a piece is missing."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from pathlib import Path

import pytest

import install
import needs
from conftest import ROOT, require, run, sources

MAKEFILE = (ROOT / "Makefile").read_text()
INSTALL = "tools/install.py"


def test_help_lists_every_target() -> None:
    targets = set(re.findall(r"^\.PHONY: (.*)", MAKEFILE, re.MULTILINE)[0].split())
    lines = run(
        "make", MAKEFLAGS="", MAKELEVEL=""
    ).stdout.splitlines()  # not as a part of `make test`
    assert {line.split()[1] for line in lines} == targets
    assert all(len(line.split()) > 3 for line in lines)


def test_a_second_run_installs_nothing() -> None:
    assert INSTALL not in run("make", "-n", "html", "-o", "requirements.txt").stdout


def test_a_changed_lock_file_is_installed(tmp_path: Path) -> None:
    copy = bare_copy(tmp_path)
    (copy / ".venv").mkdir()
    (copy / ".venv" / "installed.txt").touch()
    assert INSTALL not in run("make", "-n", "html", "-o", "requirements.txt", cwd=copy).stdout
    assert INSTALL in run("make", "-n", "html", "-W", "requirements.txt", cwd=copy).stdout


@pytest.fixture
def pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Return a function that makes pip run a shell command, and returns the new environment."""

    def pretend(command: str) -> Path:
        def create(folder: Path, **_options: object) -> None:
            (folder / "bin").mkdir(parents=True)
            python = folder / "bin" / "python"
            python.write_text(f"#!/bin/sh\n{command}\n")
            python.chmod(0o755)

        monkeypatch.setattr(venv, "create", create)
        return tmp_path / "environment"

    return pretend


def test_an_install_says_so_before_it_begins(
    pip: Callable[[str], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = pip("echo installing")
    assert install.main(folder) == 0
    first, second = capfd.readouterr().out.splitlines()
    assert first.startswith("Installing Sphinx and its extensions into ")
    assert first.endswith(" (once, about a minute) ...")
    assert second == "installing"
    assert (folder / "installed.txt").read_text() == (ROOT / "requirements.txt").read_text()


def test_a_link_in_the_place_of_the_environment_is_not_followed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "kept").touch()
    (tmp_path / "ours").symlink_to(theirs)
    assert install.main(tmp_path / "ours") == 1
    assert capsys.readouterr().err == f"{tmp_path}/ours is a link to {theirs}: remove the link\n"
    assert (theirs / "kept").exists()


def test_an_install_without_a_network_says_in_one_line_that_it_needs_one(
    pip: Callable[[str], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    words = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by NewConnectionError",
        "ERROR: No matching distribution found for sphinx==9.0",
    )
    folder = pip(f"echo '{words[0]}' >&2; echo '{words[1]}' >&2; exit 1")
    assert install.main(folder) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert "needs a network" in line
    assert not (folder / "installed.txt").exists()


def test_any_other_fault_of_an_install_is_told_in_the_words_of_pip(
    pip: Callable[[str], Path], capfd: pytest.CaptureFixture[str]
) -> None:
    folder = pip("echo 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2; exit 1")
    assert install.main(folder) == 1
    assert "DO NOT MATCH" in capfd.readouterr().err


def test_an_interrupted_install_has_no_stamp_and_is_made_anew(
    pip: Callable[[str], Path], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    folder = pip("")
    monkeypatch.setattr(subprocess, "run", interrupt)
    assert install.main(folder) == 1
    assert len(capfd.readouterr().err.splitlines()) == 1
    assert not (folder / "installed.txt").exists()


def test_no_target_needs_a_command_that_holds_the_path_of_the_checkout() -> None:
    """The commands in .venv/bin begin with the path at which they were installed."""
    files = (MAKEFILE, (ROOT / ".pre-commit-config.yaml").read_text())
    commands = {
        name for text in files for name in re.findall(r"(?:\.venv|\$\(BIN\))/bin/(\S+)", text)
    }
    assert commands == {"python"}


def test_a_folder_that_cannot_be_written_is_named_in_one_line() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = bare_copy(Path(name))
        folder.chmod(0o555)
        done = subprocess.run(
            (str(shutil.which("make")), "html", "-o", ".venv/installed.txt"),
            cwd=folder,
            user=65534 if os.geteuid() == 0 else None,  # root may write everywhere
            text=True,
            capture_output=True,
            check=False,
        )
        folder.chmod(0o755)
    assert done.returncode != 0
    assert "cannot be written" in done.stderr
    assert len(done.stderr.splitlines()) == 2  # ours, and make's own


def test_a_locale_that_is_not_installed_changes_nothing(tmp_path: Path) -> None:
    copy = bare_copy(tmp_path)
    program = copy / ".venv" / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(
        f'#!{sys.executable}\nimport locale; print(locale.setlocale(locale.LC_ALL, ""), "ä → κ")\n'
    )
    program.chmod(0o755)
    (copy / ".venv" / "installed.txt").touch()
    done = run("make", "html", cwd=copy, LC_ALL="xx_XX.UTF-8", MAKEFLAGS="", MAKELEVEL="")
    assert (done.returncode, done.stdout) == (0, "C ä → κ\n")


def bare_copy(folder: Path) -> Path:
    """Return a folder with what ``make`` needs and nothing installed."""
    for name in ("Makefile", "requirements.txt", "tools/needs.py", "tools/install.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.mark.parametrize(
    ("pretence", "words"),
    [
        ("import sys; sys.version_info = (3, 10, 9)", "Python 3.11 or newer is needed"),
        (
            "import sys; sys.modules['ensurepip'] = None",
            "apt-get install --no-install-recommends python3-venv",
        ),
    ],
)
def test_a_python_that_will_not_do_is_named_without_a_traceback(
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
    assert len(done.stderr.splitlines()) <= 3  # what is wrong, what helps, and make's own
    assert not (copy / ".venv").exists()


def test_a_missing_tex_is_named_with_the_command_that_installs_it(tmp_path: Path) -> None:
    for name in ("make", "sh", "env"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    done = run("make", "latexpdf", "-o", ".venv/installed.txt", PATH=str(tmp_path))
    assert done.returncode != 0
    assert "no PDF without latexmk, xelatex" in done.stderr
    assert needs.TEX_PACKAGES in done.stderr
    assert len(done.stderr.splitlines()) == 3  # what is wrong, what helps, and make's own


def test_missing_fonts_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(needs, "fonts", lambda: ["A-Regular.ttf", "B-Regular.ttf"])
    assert needs.tex() == "no PDF without A-Regular.ttf, B-Regular.ttf"
    monkeypatch.setattr(needs, "fonts", list)
    assert needs.tex() == ""


def test_fonts_are_looked_for_with_what_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert needs.fonts() == [*needs.FONTS]  # and no traceback
    on_the_system, beside_tex = needs.FONTS[:1], needs.FONTS[1:]
    for name, found in (("fc-list", on_the_system), ("kpsewhich", beside_tex)):
        assert needs.fonts()
        command = tmp_path / name
        command.write_text(f"#!/bin/sh\necho /fonts/{' /fonts/'.join(found)}\n")
        command.chmod(0o755)
    assert needs.fonts() == []


def test_the_fonts_of_the_book_are_those_that_are_asked_for() -> None:
    style = (ROOT / "_ext" / "book" / "book.sty").read_text()
    named = {f"{name}-Regular.ttf" for name in re.findall(r"(NotoSans\w*)-", style)}
    assert named == {*needs.FONTS}


def test_one_command_installs_all_that_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")
    assert needs.main(["tex", "poppler", "java"]) == 1
    *reasons, command = capsys.readouterr().err.splitlines()
    assert len(reasons) == 3
    assert f"apt-get install --no-install-recommends {needs.TEX_PACKAGES} poppler-utils" in command
    monkeypatch.setattr(sys, "platform", "darwin")
    assert needs.remedy(["tex", "poppler"]) == "On macOS: `brew install mactex-no-gui poppler`"
    assert needs.remedy(["clone", "python"]) == ""


def test_a_browser_of_macos_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(needs, "APPLICATIONS", (str(tmp_path),))
    monkeypatch.setattr(needs, "loads", lambda _library: False)
    monkeypatch.setattr(sys, "platform", "darwin")
    assert needs.browser() == "no browser tests without Chromium or Chrome"
    chrome = tmp_path / "Google Chrome.app/Contents/MacOS/Google Chrome"
    chrome.parent.mkdir(parents=True)
    chrome.touch(0o755)
    assert needs.chromium() == str(chrome)
    assert needs.browser() == ""


def test_each_reason_for_a_skip_is_told_once(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeconftest((ROOT / "tests/conftest.py").read_text())
    pytester.makepyfile(served=(ROOT / "tests/served.py").read_text())
    pytester.makepyfile(
        """
        import pytest
        from conftest import require

        @pytest.fixture
        def tool():
            require("java")

        def test_one(tool): pass
        def test_two(tool): pass
        """
    )
    pytester.makeini(f"[pytest]\npythonpath = {ROOT / 'tools'}\naddopts = -rfExX")
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    done = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    told = [line for line in done.outlines if "Java" in line or "apt-get" in line]
    assert told[0] == "SKIPPED [2] no EPUB validation without Java"
    assert "default-jre-headless" in told[1]
    assert len(told) == 2


def test_a_browser_whose_driver_cannot_start_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not needs.loads("libnothing.so.1")
    monkeypatch.setattr(needs, "chromium", lambda: "/usr/bin/chromium")
    monkeypatch.setattr(needs, "loads", lambda _library: False)
    assert "libatomic" in needs.browser()
    monkeypatch.setattr(needs, "loads", lambda _library: True)
    assert needs.browser() == ""


@pytest.mark.parametrize("piece", ["browser", "git", "java", "node", "poppler", "tex"])
def test_a_missing_piece_skips_here_and_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, piece: str
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="without"):
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
    naming = [name for name in sources() if package.encode() in (ROOT / name).read_bytes()]
    assert {"tools/needs.py", ".ci/run", ".github/workflows/ci.yml"} <= set(naming)
    for name in naming:
        assert needs.TEX_PACKAGES in (ROOT / name).read_text(), name


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_the_guides_name_only_targets_that_exist(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = re.findall(r"(?m)(?:^|`)make ([a-z-]+)", (ROOT / name).read_text())
    assert named
    assert set(named) <= targets
