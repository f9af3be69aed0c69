"""Build sites in turns and compare what the builds cost.

`python benchmarks/run.py` prints Markdown tables; benchmarks/README.md says how to read them.
Every number is that of a whole process, from its start to its end. Needs Linux or macOS.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import platform
import re
import runpy
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

import generate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

#: How often the sites are built; the median counts. The largest site is built once.
TURNS = 5
LARGE = 1000
PLAIN_THEME = 100  #: From this size on the theme is Sphinx's own.
SIZES = (10, 100, LARGE)
#: The row that compares the real site with one page.
THIS_SITE = "this-site"

#: What is measured: a build of everything, one more, and one after an edit; and memory of the first.
ROWS = {
    "clean": "clean, s",
    "none": "nothing changed, s",
    "edit": "one edit, s",
    "memory": "peak memory, MiB",
}
#: A column that compares a site with one of a tenth of its size.
TENTH = "a tenth of it"
#: How many times more than another site a site may cost, by what is measured, pages and the other.
AT_MOST = {
    ("clean", 1, "one page"): 3.5,
    ("none", 1, "one page"): 1.5,
    ("edit", 1, "one page"): 2.0,
    ("edit", 100, "typed"): 2.0,
    ("clean", LARGE, "mkdocs"): 1.0,
    ("clean", LARGE, TENTH): 11.0,
    ("none", LARGE, TENTH): 11.0,
    ("edit", LARGE, TENTH): 11.0,
}

#: As `make html` builds.
SPHINX_OPTIONS = ["_build", "-q", "-n", "-W", "--keep-going"]
#: The settings of conf.py that a site without our extensions has too.
PLAIN = ("html_copy_source", "html_domain_indices", "html_use_index", "myst_", "project")
MKDOCS = """\
site_name: Benchmark
docs_dir: src
site_dir: _build
theme:
  name: material
  font: false
markdown_extensions:
  - admonition
  - footnotes
plugins:
  - search
  - bibtex:
      bib_file: src/references.bib
"""
ONE_PAGE = {
    "conf.py": "extensions = ['myst_parser']\nhtml_theme = 'furo'\n",
    "index.md": "# One page\n\nThis sentence is the text.\n",
}


@dataclass(frozen=True)
class Site:
    """A folder with sources, and how it is built and edited."""

    name: str
    folder: Path
    command: list[str]
    #: The file that is edited, what it says before and what after.
    edit: tuple[Path, str, str]


#: What processes cost, by the name of the site, its pages and one of `ROWS`.
Costs = defaultdict[tuple[str, int, str], list[float]]


# -- Invented sites --------------------------------------------------------------------------------


def settings(variant: str, pages: int) -> str:
    """Return the conf.py of *variant*: for ours all settings of the real one, with its templates."""
    values: dict[str, Any] = {
        name: value
        for name, value in runpy.run_path(str(ROOT / "conf.py")).items()
        if isinstance(value, int | str | list | dict) and not name.startswith("_")
    }
    if variant == "ours":
        for name in ("html_static_path", "templates_path"):
            values[name] = [str(ROOT / folder) for folder in values[name]]
        values["html_favicon"] = str(ROOT / values["html_favicon"])
        values["lookup_words"] = {}  # whose labels these pages have not
        values["handout_places"] = {}  # of which they say nothing
        values["evidence_edition"] = ""  # they have no history
    else:
        values = {name: value for name, value in values.items() if name.startswith(PLAIN)}
        values["extensions"] = ["myst_parser"]
    # Furo's navigation is quadratic: in a large site it would hide everything else.
    values["html_theme"] = "furo" if pages < PLAIN_THEME else "basic"
    lines = [f"{name} = {value!r}\n" for name, value in values.items()]
    return f"import sys\nsys.path.insert(0, {str(ROOT / '_ext')!r})\n{''.join(lines)}"


def invented(folder: Path, variant: str, cited: generate.References, mkdocs: Path) -> Site:
    """Write a site of *variant* that cites *cited* to *folder*; *mkdocs* is the Python that has it."""
    files = generate.site(variant, cited)
    path, text = generate.edited(files)
    edit = (folder / "src" / path, files[path], text)
    if variant == "mkdocs":
        write(folder, {"mkdocs.yml": MKDOCS})
        command = [str(mkdocs), "-m", "mkdocs", "build", "-q"]
    else:
        files["conf.py"] = settings(variant, len(cited.keys) // generate.ENTRIES_PER_PAGE)
        command = sphinx("src")
    write(folder / "src", files)
    return Site(variant, folder, command, edit)


def mkdocs_python(folder: Path) -> Path:
    """Return the Python of a new environment in *folder*, with the peers installed."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    install = ["-m", "pip", "-qq", "--disable-pip-version-check", "install", "--require-hashes"]
    subprocess.run([python, *install, "-r", HERE / "requirements.txt"], check=True)
    return python


# -- This site -------------------------------------------------------------------------------------


def this_site(folder: Path) -> Site:
    """Copy what git tracks of the real site to *folder*, beside the environment that builds it."""
    listing = ["git", "ls-files", "-z"]
    tracked = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, tracked.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_file():  # not deleted since
            shutil.copyfile(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(sys.prefix)
    return Site("this site", folder, sphinx("."), longer_sentence(folder / "citations.md"))


def one_page(folder: Path) -> Site:
    """Write a site of one page to *folder*, with the theme and the parser of the real one."""
    write(folder, ONE_PAGE)
    return Site("one page", folder, sphinx("."), longer_sentence(folder / "index.md"))


def longer_sentence(page: Path) -> tuple[Path, str, str]:
    """Return *page*, its text, and the text with a word more in the first sentence on a line."""
    text = page.read_text(encoding="utf-8")
    return page, text, re.sub(r"(?m)^([A-Z][a-z]+ .*)\.$", r"\1 Afterword.", text, count=1)


# -- Measuring -------------------------------------------------------------------------------------


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Write *files* to *folder*."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def sphinx(source: str) -> list[str]:
    """Return the command that builds *source* as HTML."""
    return [sys.executable, "-m", "sphinx", "-M", "html", source, *SPHINX_OPTIONS]


def build(site: Site) -> tuple[float, float]:
    """Build *site*; return wall seconds and peak MiB. Stop when it fails or Sphinx says anything."""
    environment = dict(os.environ)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # it would time the compiler
    with tempfile.TemporaryFile("w+") as messages:
        start = time.perf_counter()
        process = subprocess.Popen(
            site.command, cwd=site.folder, env=environment, stdout=messages, stderr=messages
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        messages.seek(0)
        said = messages.read().strip()
    if process.returncode or (said and "sphinx" in site.command):
        sys.exit(f"{site.name}: {' '.join(site.command)} said:\n{said}")
    return seconds, usage.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def turn(sites: Iterable[Site], pages: int, costs: Costs) -> None:
    """Build *sites* in each phase side by side, so that a busy machine is busy for all of them."""
    for phase in ("clean", "none", "edit"):
        for site in sites:
            if site.name == "mkdocs" and phase != "clean":
                continue  # it always builds everything
            path, before, after = site.edit
            if phase == "clean":
                shutil.rmtree(site.folder / "_build", ignore_errors=True)
                path.write_text(before, encoding="utf-8")
            elif phase == "edit":
                path.write_text(after, encoding="utf-8")
            seconds, memory = build(site)
            sys.stderr.write(f"{pages} pages, {site.name}, {phase}: {seconds:.2f} s\n")
            costs[site.name, pages, phase].append(seconds)
            if phase == "clean":
                costs[site.name, pages, "memory"].append(memory)


# -- Checks: comparing sites that say different things is worth nothing ----------------------------


def main_part(page: Path) -> tuple[str, list[str]]:
    """Return the text of the main part of *page*, without white space, and its links.

    The link "Cite" is left out: it leads to a page that nobody types by hand.
    """
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    found = soup.select_one("[role=main]")
    if found is None:
        sys.exit(f"{page} has no main part")
    for link in found.select("a.cite"):
        link.decompose()
    return "".join(found.get_text().split()), [str(link["href"]) for link in found.select("a")]


def check_same(folder: Path, page: str) -> None:
    """Stop unless *page* has the same text and links when typed by hand and when made by us."""
    (typed, links), (ours, our_links) = (
        main_part(folder / variant / "_build" / "html" / page) for variant in ("typed", "ours")
    )
    if typed != ours:
        at = next(at for at, _ in enumerate(typed + ours) if typed[: at + 1] != ours[: at + 1])
        excerpts = (text[max(at - 60, 0) :][:120] for text in (typed, ours))
        sys.exit(f"{page} reads differently:\n" + "\n".join(excerpts))
    if links != our_links:
        sys.exit(f"{page} links differently: {set(links) ^ set(our_links)}")


def check_edit(page: Path, words: str) -> None:
    """Stop unless *page* says *words*."""
    if "".join(words.split()) not in main_part(page)[0]:
        sys.exit(f"{page}: the edit did not arrive")


# -- Reports ---------------------------------------------------------------------------------------


def table(costs: Costs, names: list[str]) -> str:
    """Return what the first of *names* cost at each size, and how many times more than the others."""
    sizes = sorted({pages for _, pages, _ in costs})
    bases = [*names[1:], *([TENTH] if len(sizes) > 1 else [])]
    heads = ["pages", "build", *names, *(f"{names[0]} ÷ {base}" for base in bases)]
    lines = [heads, ["---", "---", *["---:"] * (len(heads) - 2)]]
    for pages in sizes:
        for row, label in ROWS.items():
            found = {name: median(costs, name, pages, row) for name in names}
            digits = 0 if row == "memory" else 2
            bare = [f"{cost:.{digits}f}" if cost else "–" for cost in found.values()]
            found[TENTH] = median(costs, names[0], pages // 10, row)
            cost = found[names[0]]
            ratios = [ratio(cost, found[base], AT_MOST.get((row, pages, base))) for base in bases]
            lines.append([f"{pages:,}", label, *bare, *ratios])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def median(costs: Costs, name: str, pages: int, row: str) -> float:
    """Return the median of a measurement, or 0 when nothing was measured."""
    found = costs.get((name, pages, row))
    return statistics.median(found) if found else 0


def ratio(cost: float, base: float, limit: float | None) -> str:
    """Return how many times *base* goes into *cost*, and the *limit* that it keeps or not."""
    if not cost or not base:
        return "–"
    against = f" {'>' if cost / base > limit else '≤'} {limit:g}" if limit else ""
    return f"{cost / base:.2f}{against}"


def machine() -> str:
    """Return what the numbers depend on."""
    names = ("sphinx", "sphinxcontrib-bibtex", "pybtex", "docutils", "myst-parser", "furo")
    system = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    python = f"Python {platform.python_version()}"
    libraries = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}, {system}, {python}, {libraries}."


# -- Command line ----------------------------------------------------------------------------------


def compare_this_site(folder: Path, turns: int) -> str:
    """Return the table of the real site and one page."""
    costs = Costs(list)
    sites = [this_site(folder / "site"), one_page(folder / "page")]
    for site in sites:
        build(site)  # compiles the modules of the copy
    for _ in range(turns):
        turn(sites, 1, costs)
    for site in sites:
        check_edit(site.folder / "_build/html" / f"{site.edit[0].stem}.html", "Afterword")
    return table(costs, [site.name for site in sites])


def compare_invented(folder: Path, sizes: list[int], names: list[str], turns: int) -> str:
    """Return the table of the invented sites of these *sizes*."""
    costs = Costs(list)
    mkdocs = mkdocs_python(folder / "mkdocs-environment") if "mkdocs" in names else Path()
    for pages in sizes:
        cited, here = generate.references(pages), folder / str(pages)
        sites = [invented(here / name, name, cited, mkdocs) for name in names]
        for _ in range(1 if pages >= LARGE else turns):
            turn(sites, pages, costs)
        check_edit(here / "ours/_build/html/page-0001.html", generate.NEW_TITLE)
        check_same(here, f"page-{pages:04}.html")
        shutil.rmtree(here)
    return table(costs, names)


def main() -> None:
    """Measure, and print what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    choices = [THIS_SITE, *map(str, SIZES)]
    parser.add_argument("what", nargs="*", help=f"{', '.join(choices)} (pages); all by default")
    parser.add_argument("--turns", type=int, default=TURNS)
    parser.add_argument("--without-mkdocs", action="store_true", help="needs no network")
    options = parser.parse_args()
    what = options.what or choices
    if unknown := set(what) - set(choices):
        parser.error(f"unknown: {', '.join(unknown)}")
    names = [name for name in generate.VARIANTS if name != "mkdocs" or not options.without_mkdocs]
    sizes = [size for size in SIZES if str(size) in what]
    sys.stdout.write(f"{machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        if THIS_SITE in what:
            sys.stdout.write(f"\n{compare_this_site(Path(folder), options.turns)}\n")
        if sizes:
            found = compare_invented(Path(folder), sizes, names, options.turns)
            sys.stdout.write(f"\n{found}\n")


if __name__ == "__main__":
    main()
