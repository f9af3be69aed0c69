"""Read the Docs: its settings, and its own commands on a clean copy of the source.

The commands are those of the build log of the service (docs.readthedocs.com, "Build process").
"""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from conftest import ROOT, require, run

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text())


def test_the_settings_ask_for_every_format_and_fail_on_warnings() -> None:
    assert set(SETTINGS["formats"]) == {"pdf", "epub"}
    assert SETTINGS["sphinx"] == {"configuration": "conf.py", "fail_on_warning": True}
    assert SETTINGS["python"]["install"] == [{"requirements": "requirements.txt"}]


def test_the_lock_file_has_a_hash_for_each_package_and_names_no_index() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    packages = [
        line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))
    ]
    assert len(packages) > 30
    assert all(line.endswith("\\") for line in packages)
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock
    assert "index" not in lock


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the files under version control, as they are now."""
    folder = tmp_path_factory.mktemp("checkout")
    listed = run(
        "git", "ls-files", "--cached", "--others", "--exclude-standard"
    ).stdout.splitlines()
    for name in listed:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


def build(checkout: Path, builder: str, folder: str) -> Path:
    """Run the command of Read the Docs for *builder* and return its output folder."""
    out = checkout / "_readthedocs" / folder
    command = (sys.executable, "-m", "sphinx", "-T", "-W", "--keep-going", "-b", builder)
    done = run(
        *(*command, "-d", "_build/doctrees", "-D", "language=en", ".", out),
        cwd=checkout,
        READTHEDOCS="True",
        READTHEDOCS_CANONICAL_URL="https://research-citations.readthedocs.io/en/stable/",
        READTHEDOCS_OUTPUT=str(out.parent),
    )
    assert done.returncode == 0, done.stderr
    return out


def test_html_is_built_for_its_address(checkout: Path) -> None:
    out = build(checkout, "html", "html")
    canonical = (
        'rel="canonical" href="https://research-citations.readthedocs.io/en/stable/safety.html"'
    )
    assert canonical in (out / "safety.html").read_text()
    assert 'href="/en/stable/safety.html"' in (out / "404.html").read_text()


def test_one_pdf_is_built(checkout: Path) -> None:
    require("tex")
    out = build(checkout, "latex", "pdf")
    options = (
        "-pdf",
        "-f",
        "-dvi-",
        "-ps-",
        "-jobname=research-citations",
        "-interaction=nonstopmode",
    )
    done = run("latexmk", "-r", "latexmkrc", *options, cwd=out)
    assert done.returncode == 0, done.stdout[-3000:]
    # Read the Docs keeps the PDF of this name and deletes the others, which are the drawings.
    assert (out / "research-citations.pdf").is_file()
    assert [path.name for path in out.glob("*.tex")] == ["research-citations.tex"]


def test_one_epub_is_built(checkout: Path) -> None:
    out = build(checkout, "epub", "epub")
    assert [path.name for path in out.glob("*.epub")] == ["research-citations.epub"]
