"""What the tests share: small sites, the real site built once, and the rule that CI skips nothing."""

from __future__ import annotations

import contextlib
import fcntl
import io
import logging
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any
from warnings import catch_warnings, simplefilter

import pytest
from jinja2 import Environment
from playwright.sync_api import Browser, Playwright, sync_playwright
from sphinx.cmd.build import build_main
from sphinx.cmd.make_mode import run_make_mode

import needs
from served import PREFIX, served

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp

pytest_plugins = ["pytester", "sphinx.testing.fixtures"]

#: The name of the PDF.
BOOK = "research-citations"
ROOT = Path(__file__).resolve().parent.parent


def require(*pieces: str) -> None:
    """Skip the test when a piece of the machine is missing; fail it in CI, where nothing is skipped."""
    problems = {piece: problem for piece in pieces if (problem := needs.problem(piece))}
    if not problems:
        return
    if os.environ.get("CI"):
        pytest.fail("\n".join([*problems.values(), needs.remedy(problems)]))
    pytest.skip("; ".join(problems.values()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests were skipped, each reason once, and which command installs all that is missing."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    for reason, number in reasons.most_common():
        terminalreporter.write_line(f"SKIPPED [{number}] {reason}")
    told = "; ".join(reasons).split("; ")
    missing = [
        piece for piece in needs.PIECES if (problem := needs.problem(piece)) and problem in told
    ]
    if remedy := needs.remedy(missing):
        terminalreporter.write_line(remedy)


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


def sphinx_build(*options: str | Path) -> tuple[int, str]:
    """Run ``sphinx-build`` with *options* in this process; return its exit code and what it warned of.

    As in a process of its own, Python says nothing of what is deprecated.
    """
    path = sys.path.copy()
    with catch_warnings(), contextlib.redirect_stderr(io.StringIO()) as said:
        for category in (DeprecationWarning, PendingDeprecationWarning):
            simplefilter("ignore", category)
        first, *rest = map(str, options)
        code = run_make_mode(rest) if first == "-M" else build_main([first, *rest])
    sys.path[:] = path  # to which conf.py adds
    return code, said.getvalue()


@pytest.fixture(scope="session", autouse=True)
def _one_process_builds_many_sites() -> Iterator[None]:
    """Compile each template once in a process, and leave out what Sphinx says of each event.

    For each site Sphinx would compile the templates of its theme anew.
    """
    compiled: dict[object, Any] = {}
    compile_template = Environment.compile

    def compile_once(self: Environment, *template: Any, **options: Any) -> Any:  # noqa: ANN401  of Jinja
        settings = (type(self), self.lexer, tuple(self.extensions), self.autoescape)
        key = (settings, template, tuple(options.items()))
        if key not in compiled:
            compiled[key] = compile_template(self, *template, **options)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compile_once)
        logging.disable(logging.DEBUG)
        yield


def sources() -> list[str]:
    """Return the names of the files of the project, also of those that are not committed yet.

    Without git, or where the files came as an archive, these are all that no command has written.
    """
    if (ROOT / ".git").exists() and shutil.which("git"):
        listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
        if names := [name for name in listed.split("\0") if (ROOT / name).is_file()]:
            return names
    written = [".git", *(ROOT / ".gitignore").read_text().replace("/", "").split()]
    names = []
    for folder, inside, files in os.walk(ROOT):
        inside[:] = [
            name for name in inside if not any(fnmatch(name, pattern) for pattern in written)
        ]
        names += [Path(folder, name).relative_to(ROOT).as_posix() for name in files]
    return [name for name in names if (ROOT / name).is_file()]


# -- Small sites -----------------------------------------------------------------------------------
@pytest.fixture(scope="session")
def rootdir() -> Path:
    """Return where ``pytest.mark.sphinx(testroot=...)`` finds its roots."""
    return Path(__file__).resolve().parent / "roots"


@pytest.fixture
def source(rootdir: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """Return a copy of the root that the constant ``TESTROOT`` of a test file names, to be edited."""
    return shutil.copytree(rootdir / f"test-{request.module.TESTROOT}", tmp_path / "source")


@pytest.fixture
def build(source: Path, make_app: Callable[..., SphinxTestApp]) -> Callable[..., SphinxTestApp]:
    """Return a function that builds *source*, once more with each call, and returns the app.

    All builders share their doctrees.
    """

    def build_with(builder: str = "html", **options: Any) -> SphinxTestApp:  # noqa: ANN401  of Sphinx
        app = make_app(builder, **{"srcdir": source, **options})
        app.build()
        return app

    return build_with


# -- The real site ---------------------------------------------------------------------------------
@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until no other process that runs tests is in here; *path* is the file that says so."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the files of the project, as they are now; all processes share it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    copy = folder / "checkout"
    with alone(folder / "checkout.lock"):
        if not copy.exists():
            for name in sources():
                (copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture(scope="session")
def built(checkout: Path) -> Callable[..., Path]:
    """Return a function that builds the real site with a builder, once, and returns the folder.

    The commands are those in the build log of Read the Docs (docs.readthedocs.com, "Build process"),
    on a clean copy of the source, where all builders share their doctrees as they do for ``make``.
    HTML is built in a process of its own, with the extensions of the copy; and so is what is built
    for an *address*, by default as Read the Docs tells it.
    """

    def build(builder: str, address: str = "", variable: str = "READTHEDOCS_CANONICAL_URL") -> Path:
        name = re.sub(r"\W+", "-", f"{builder} {variable} {address}") if address else builder
        where = {"READTHEDOCS_CANONICAL_URL": "", "SITE_URL": "", variable: address}
        out, log = checkout / "_readthedocs" / name, checkout / f"_{name}.log"
        with alone(checkout / "_built.lock"):
            if not log.exists():
                options = [*("-T", "-W", "--keep-going", "-b", builder), "-D", "language=en"]
                # Sphinx reads pages for translators in another way than for readers.
                trees = "for-translators" if builder == "gettext" else "doctrees"
                options += ["-d", str(checkout / "_build" / trees)]
                if builder == "html" or address:
                    command = [sys.executable, "-m", "sphinx", *options, ".", str(out)]
                    done = run(*command, cwd=checkout, **where)
                    code, said = done.returncode, done.stderr
                else:
                    code, said = sphinx_build(*options, checkout, out)
                log.write_text(said or "failed" if code else "")
        if problems := log.read_text():
            pytest.fail(f"sphinx-build -b {builder} failed:\n{problems}")
        return out

    return build


@pytest.fixture(scope="session")
def pdf(built: Callable[..., Path]) -> Path:
    """Return the PDF of the real site, made from LaTeX with the command of Read the Docs."""
    require("tex", "poppler")
    out = built("latex")
    with alone(out / "pdf.lock"):
        typeset(out)
    return out / f"{BOOK}.pdf"


def typeset(folder: Path) -> None:
    """Make the PDF of the LaTeX in *folder*, once, and as on a day of which nothing else depends."""
    log = folder / "latexmk.log"
    if not log.exists():
        options = ("-pdf", "-f", "-dvi-", "-ps-", f"-jobname={BOOK}", "-interaction=nonstopmode")
        epoch = {"SOURCE_DATE_EPOCH": "1800000000", "FORCE_SOURCE_DATE": "1"}
        done = run("latexmk", "-r", "latexmkrc", *options, cwd=folder, **epoch)
        log.write_text(done.stdout + done.stderr if done.returncode else "")
    if problems := log.read_text():
        pytest.fail(f"latexmk failed:\n{problems[-4000:]}")


@pytest.fixture(scope="module")
def site(built: Callable[..., Path]) -> Iterator[str]:
    """Serve the real site; yield its address."""
    require("browser")
    with served(built("html", f"https://site.invalid{PREFIX}")) as address:
        yield address


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Yield what drives a browser."""
    require("browser")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Yield the system's Chromium.

    Who clicks asks for reduced motion: a click would miss what still scrolls.
    """
    options: dict[str, Any] = {"executable_path": needs.headless(), "args": ["--no-sandbox"]}
    with playwright.chromium.launch(**options) as chromium:
        yield chromium
