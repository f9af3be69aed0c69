"""Build sites that differ in how their references are made, and compare time and memory.

`python benchmarks/run.py` prints Markdown tables; benchmarks/README.md says how to read them.
Every number is that of a whole process, from its start to its end. Needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import cProfile
import datetime as dt
import json
import os
import platform
import pstats
import runpy
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from dataclasses import asdict, dataclass
from html.parser import HTMLParser
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from sphinx.cmd.build import main as sphinx_build

import generate

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

#: From this number of pages on, one run is enough and furo's navigation, which is quadratic,
#: would hide everything else.
LARGE = 1000
#: How often a smaller site is built; the fastest run counts, the others had to share the machine.
RUNS = 3

#: What is measured: the phase of the build, and what of it.
ROWS = {
    ("clean", "seconds"): "clean build, s",
    ("none", "seconds"): "nothing changed, s",
    ("edit", "seconds"): "one reference edited, s (typed: one page touched)",
    ("list", "seconds"): "one reference edited, s (typed: the same edit)",
    ("clean", "peak_mib"): "peak memory, MiB",
}
#: How much more than the typed list we may cost, by number of pages.
AT_MOST = {
    ("clean", "seconds"): {10: 1.15, 100: 1.2, 1000: 1.5},
    ("none", "seconds"): {10: 1.1, 100: 1.25, 1000: 1.5},
    ("edit", "seconds"): {10: 1.2, 100: 1.5, 1000: 2.0},
    ("clean", "peak_mib"): {10: 1.1, 100: 1.2, 1000: 1.5},
}

#: Extensions of the site that have nothing to do with references.
UNRELATED = {
    "evidence",
    "glossary_links",
    "latex_root_chapter",
    "mechanism",
    "medication_safety",
    "notfound.extension",
    "sphinxext.opengraph",
    "studies",
}
SPHINX = ["-q", "-b", "html", "-d", "doctrees", "src", "out"]
CONF = """\
import sys
sys.path.insert(0, {path!r})
project = "Benchmark"
html_copy_source = False
nitpicky = True
html_theme = {theme!r}
extensions = {extensions!r}
"""
MKDOCS = """\
site_name: Benchmark
docs_dir: src
site_dir: out
theme:
  name: material
  font: false
markdown_extensions:
  - footnotes
plugins:
  - search
  - bibtex:
      bib_file: src/references.bib
"""
#: Our modules, and those of the libraries that they rest on, for the second half of a profile.
OURS = (
    r"^(author_year|bib_\w+|fresh_pages|nlm_style|references"  # this project
    r"|domain|directives|roles|transforms|bibfile|codec|richtext|plugin).*\.py:"  # bibtex, pybtex
)


@dataclass(frozen=True)
class Build:
    """What one process cost."""

    variant: str
    pages: int
    phase: str
    seconds: float
    cpu_seconds: float
    peak_mib: float


# -- Sites -----------------------------------------------------------------------------------------


def settings(variant: str, pages: int) -> str:
    """Return the conf.py of *variant*; references and Markdown are set as they are on the site."""
    site = runpy.run_path(str(ROOT / "conf.py"))
    extensions, prefixes = ["myst_parser"], ["myst_"]
    if variant == "stock":
        extensions = ["sphinxcontrib.bibtex", "myst_parser"]
        prefixes += ["bibtex_bibfiles"]
    if variant == "ours":
        extensions = [name for name in site["extensions"] if name not in UNRELATED]
        prefixes += ["bibtex_", *(f"{name}_" for name in extensions)]
    theme = "furo" if pages < LARGE else "basic"
    lines = CONF.format(path=str(ROOT / "_ext"), theme=theme, extensions=extensions)
    settings = {name: site[name] for name in site if name.startswith(tuple(prefixes))}
    return lines + "".join(f"{name} = {value!r}\n" for name, value in settings.items())


def write(folder: Path, variant: str, pages: int, layout: str) -> dict[str, str]:
    """Write the sources of *variant* into the folder src of an empty *folder*; return them."""
    shutil.rmtree(folder, ignore_errors=True)
    source = folder / "src"
    source.mkdir(parents=True)
    files = generate.site(variant, pages, layout)
    if variant == "mkdocs":
        (folder / "mkdocs.yml").write_text(MKDOCS, encoding="utf-8")
    else:
        files["conf.py"] = settings(variant, pages)
    for name, text in files.items():
        (source / name).write_text(text, encoding="utf-8")
    return files


def mkdocs_python(folder: Path) -> Path:
    """Return the Python of a new environment in *folder*, with the peers installed."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = ["-m", "pip", "-qq", "--disable-pip-version-check", "install", "--require-hashes"]
    subprocess.run([python, *install, "-r", HERE / "requirements.txt"], check=True)
    return python


# -- Measuring -------------------------------------------------------------------------------------


def measured(command: list[str], folder: Path) -> tuple[float, float, float]:
    """Return wall seconds, processor seconds and peak MiB of *command*, run in *folder*."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # it would time the compiler
    with (folder / "messages.txt").open("w+") as messages:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=messages, stderr=messages
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        messages.seek(0)
        said = messages.read().strip()
    if process.returncode or (said and "sphinx" in command):
        sys.exit(f"{' '.join(command)} said:\n{said}")
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / unit


def measure(
    folder: Path, variants: list[str], pages: int, layout: str, mkdocs: Path
) -> Iterator[Build]:
    """Build *variants* in each phase, in turns, so that a busy machine is busy for all of them."""
    files = {variant: write(folder / variant, variant, pages, layout) for variant in variants}
    for phase in ("clean", "none", "edit", "list"):
        for variant in variants:
            if variant == "mkdocs" and phase != "clean":
                continue  # it always builds everything
            if variant != "typed" and phase == "list":
                continue  # that was their edit
            edit(folder / variant / "src", files[variant], variant, phase)
            command = [str(mkdocs), "-m", "mkdocs", "build", "-q"]
            if variant != "mkdocs":
                command = [sys.executable, "-m", "sphinx", *SPHINX]
            cost = measured(command, folder / variant)
            sys.stderr.write(f"{pages} pages, {variant}, {phase}: {cost[0]:.2f} s\n")
            yield Build(variant, pages, phase, *cost)
        if phase == "clean":
            check_words(folder, variants, pages, layout)
    check_edits(folder, variants, layout)


def edit(source: Path, files: dict[str, str], variant: str, phase: str) -> None:
    """Change what *phase* changes in the *source* folder, which holds *files*."""
    if phase in {"edit", "list"}:
        touch = variant == "typed" and phase == "edit"
        path, text = generate.touched(files) if touch else generate.edited(files)
        (source / path).write_text(text, encoding="utf-8")


# -- Checks: comparing sites that say different things is worth nothing ----------------------------


class MainPart(HTMLParser):
    """The text and the links of the main part of a page."""

    def __init__(self, page: Path) -> None:
        """Read *page*."""
        super().__init__()
        self.element = ""
        self.depth = 0
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.feed(page.read_text(encoding="utf-8"))
        self.text = "".join("".join(self.pieces).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter the main part, or go deeper into it."""
        attributes = dict(attrs)
        if not self.depth and attributes.get("role") == "main":
            self.element, self.depth = tag, 1
        elif self.depth:
            self.depth += tag == self.element
            self.links += [attributes.get("href") or ""] if tag == "a" else []

    def handle_endtag(self, tag: str) -> None:
        """Come nearer to the end of the main part."""
        self.depth -= self.depth > 0 and tag == self.element

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.pieces += [data] if self.depth else []


def check_words(folder: Path, variants: list[str], pages: int, layout: str) -> None:
    """Stop unless every variant says what it should."""
    for page in {"page-0001.html", f"page-{pages:04}.html", listing(layout)}:
        check_same(folder, page)
    if "mkdocs" in variants:
        cited = folder / "mkdocs/out/page-0001/index.html"
        found = cited.read_text(encoding="utf-8").count('class="footnote-ref"')
        if found != generate.ENTRIES_PER_PAGE:
            sys.exit(f"mkdocs-bibtex made {found} citations of {generate.ENTRIES_PER_PAGE}")


def listing(layout: str) -> str:
    """Return the page where the first reference stands."""
    return "page-0001.html" if layout == "pages" else "references.html"


def check_same(folder: Path, page: str) -> None:
    """Stop unless *page* has the same text and links when typed by hand and when made by us."""
    typed, ours = (MainPart(folder / variant / "out" / page) for variant in ("typed", "ours"))
    if not typed.text or typed.text != ours.text:
        pairs = zip(typed.text, ours.text, strict=False)
        at = next((at for at, (one, other) in enumerate(pairs) if one != other), 0)
        excerpts = (part.text[max(at - 60, 0) : at + 60] for part in (typed, ours))
        sys.exit(f"{page} reads differently:\n" + "\n".join(excerpts))
    if typed.links != ours.links:
        sys.exit(f"{page} links differently: {set(typed.links) ^ set(ours.links)}")


def check_edits(folder: Path, variants: list[str], layout: str) -> None:
    """Stop unless the edits have arrived; only the stock extension may leave its list stale."""
    new = "".join(generate.NEW_TITLE.split())
    page = listing(layout)
    if new not in MainPart(folder / "ours/out" / page).text:
        sys.exit("the edited reference is not on our page")
    check_same(folder, page)
    stock = folder / "stock/out/references.html"
    if "stock" in variants and new.casefold() not in MainPart(stock).text.casefold():
        sys.stderr.write("stock: the edited reference is not on the page\n")


# -- Reports ---------------------------------------------------------------------------------------


class Report:
    """Tables of the best measurements."""

    def __init__(self, builds: list[Build]) -> None:
        """Keep *builds*."""
        self.builds = builds
        self.sizes = sorted({build.pages for build in builds})

    def best(self, variant: str, pages: int, row: tuple[str, str]) -> float | None:
        """Return the least measurement of *row*, or nothing when there is none."""
        phase, what = row
        if phase == "list" and variant != "typed":
            phase = "edit"
        found = (
            float(getattr(build, what))
            for build in self.builds
            if (build.variant, build.pages, build.phase) == (variant, pages, phase)
        )
        return min(found, default=None)

    def comparison(self) -> str:
        """Return what each variant cost at each size, and the ratios."""
        lines = [
            (
                "| pages / entries | phase | typed | ours | stock | mkdocs"
                " | ours ÷ typed | at most | stock ÷ typed | ours ÷ mkdocs |"
            ),
            "|---|---|" + "---:|" * 8,
        ]
        for pages in self.sizes:
            size = f"{pages:,} / {pages * generate.ENTRIES_PER_PAGE:,}"
            for row, label in ROWS.items():
                costs = {name: self.best(name, pages, row) for name in generate.VARIANTS}
                digits = 0 if row[1] == "peak_mib" else 2
                cells = [
                    *(shown(cost, digits) for cost in costs.values()),
                    f"**{ratio(costs['ours'], costs['typed'])}**",
                    shown(AT_MOST.get(row, {}).get(pages), 2),
                    ratio(costs["stock"], costs["typed"]),
                    ratio(costs["ours"], costs["mkdocs"]),
                ]
                lines.append(f"| {size} | {label} | {' | '.join(cells)} |")
        return "\n".join(lines)

    def scaling(self) -> str:
        """Return what ten times the pages and entries cost."""
        lines = ["| pages | phase | typed | ours | stock | mkdocs |", "|---|---|" + "---:|" * 4]
        pairs = [(small, small * 10) for small in self.sizes if small * 10 in self.sizes]
        for small, large in pairs:
            for row, label in ROWS.items():
                cells = (
                    ratio(self.best(name, large, row), self.best(name, small, row))
                    for name in generate.VARIANTS
                )
                phase = label.replace(", s", "").replace(", MiB", "")
                lines.append(f"| {small:,} → {large:,} | {phase} | {' | '.join(cells)} |")
        return "\n".join(lines) if pairs else ""


def ratio(cost: float | None, base: float | None) -> str:
    """Return how many times *base* goes into *cost*."""
    return shown(cost / base if cost and base else None, 2)


def shown(number: float | None, digits: int) -> str:
    """Return *number* with as many *digits*, or a dash for what was not measured."""
    return "–" if number is None else f"{number:.{digits}f}"


def machine() -> str:
    """Return what the numbers depend on."""
    names = ("sphinx", "sphinxcontrib-bibtex", "pybtex", "docutils", "myst-parser", "furo")
    parts = [
        f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}",
        f"{os.cpu_count()} cores",
        f"{platform.system()} {platform.machine()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in names),
    ]
    return ", ".join(parts) + "."


def profile(folder: Path, pages: int, layout: str, phase: str) -> None:
    """Print the functions of one build of ours that take most time: of all, then of references."""
    files = write(folder, "ours", pages, layout)
    if phase != "clean":
        measured([sys.executable, "-m", "sphinx", *SPHINX], folder)
    edit(folder / "src", files, "ours", phase)
    os.chdir(folder)
    profiler = cProfile.Profile()
    profiler.runcall(sphinx_build, SPHINX)
    statistics = pstats.Stats(profiler).strip_dirs()
    statistics.sort_stats("tottime").print_stats(25)
    statistics.sort_stats("cumtime").print_stats(OURS, 25)


# -- Command line ----------------------------------------------------------------------------------


def main() -> None:
    """Measure, and print what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sizes", default="10,100,1000", help="numbers of pages")
    parser.add_argument(
        "--variants", default=",".join(generate.VARIANTS), help="typed and ours are needed"
    )
    parser.add_argument("--layout", default="pages", choices=generate.LAYOUTS)
    parser.add_argument("--all", action="store_true", help="build the large stock site as well")
    parser.add_argument("--json", type=Path, help="write every single measurement to this file")
    parser.add_argument(
        "--profile",
        nargs="?",
        const="clean",
        choices=("clean", "none", "edit"),
        help="print where one of our builds spends its time, the clean one if not told otherwise",
    )
    options = parser.parse_args()
    variants = options.variants.split(",")
    builds: list[Build] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        mkdocs = mkdocs_python(folder / "venv") if "mkdocs" in variants else Path()
        for pages in map(int, options.sizes.split(",")):
            if options.profile:
                profile(folder / "profile", pages, options.layout, options.profile)
                continue
            large = pages >= LARGE
            skipped = {"stock"} if large and not options.all else set()
            chosen = [variant for variant in variants if variant not in skipped]
            for _ in range(1 if large else RUNS):
                builds += measure(folder / "site", chosen, pages, options.layout, mkdocs)
            shutil.rmtree(folder / "site")
    if builds:
        report = Report(builds)
        sys.stdout.write(f"{machine()}\n\n{report.comparison()}\n\n{report.scaling()}\n")
    if options.json:
        options.json.write_text(json.dumps([asdict(build) for build in builds], indent=1))


if __name__ == "__main__":
    main()
