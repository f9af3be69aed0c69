"""What the tests share: the built site, and the rule that CI skips nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import needs

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["sphinx.testing.fixtures"]

ROOT = Path(__file__).resolve().parent.parent


def require(*pieces: str) -> None:
    """Skip the test when a piece of the machine is missing; fail it in CI, where nothing is skipped."""
    problems = [problem for piece in pieces if (problem := needs.PIECES[piece]())]
    if problems and os.environ.get("CI"):
        pytest.fail("; ".join(problems))
    if problems:
        pytest.skip("; ".join(problems))


def run(
    *command: str | Path, cwd: Path = ROOT, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run *command* in *cwd*, with *variables* added to the environment; return what it printed.

    Without colours, which Sphinx uses in CI even where nobody sees them.
    """
    variables = {"NO_COLOR": "1", **variables}
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **variables},
        text=True,
        capture_output=True,
        check=False,
    )


@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Return where ``pytest.mark.sphinx(testroot=...)`` finds its roots."""
    return Path(__file__).resolve().parent / "roots"


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Return a function that builds the real site with a builder, once, and returns the folder.

    All builders share their doctrees, as they do for ``make`` and on Read the Docs.
    """
    folder = tmp_path_factory.mktemp("site")
    outcomes: dict[str, subprocess.CompletedProcess[str]] = {}

    def build(builder: str) -> Path:
        out = folder / builder
        if builder not in outcomes:
            command = (
                sys.executable,
                "-m",
                "sphinx",
                "-n",
                "-W",
                "--keep-going",
                "-q",
                "-b",
                builder,
            )
            outcomes[builder] = run(*command, "-d", folder / "doctrees", ROOT, out)
        if outcomes[builder].returncode:
            pytest.fail(f"sphinx-build -b {builder} failed:\n{outcomes[builder].stderr}")
        return out

    return build


@pytest.fixture(scope="session")
def pdf(built: Callable[[str], Path]) -> Path:
    """Return the PDF of the real site, made from the LaTeX builder's output as ``make`` does."""
    require("tex", "poppler")
    out = built("latex")
    done = run("latexmk", "-pdf", "-dvi-", "-ps-", "-quiet", "-interaction=nonstopmode", cwd=out)
    if done.returncode:
        pytest.fail(f"latexmk failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return out / "research-citations.pdf"
