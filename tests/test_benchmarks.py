"""The sources that the benchmarks build: the same each time, and right by the project's own rules."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

import generate
import run as benchmark
from check import check_site, read_vocabulary
from conftest import ROOT, require, run, sphinx_build

CITED = generate.references(2)
PRINT_SITE = "import sys, generate; print(generate.site(sys.argv[1], generate.references(2)))"


def page_of(words: str, address: str = "#there") -> str:
    return f'<p>menu</p><div role="main"><p>{words}</p><a href="{address}">a link</a></div>'


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Path, Path]:
    """Return one page, built when typed by hand and built by us, that says the same."""
    pages = [tmp_path / variant / "_build/html/page.html" for variant in ("typed", "ours")]
    for page in pages:
        benchmark.write(page.parent, {page.name: page_of("Some words.")})
    return pages[0], pages[1]


@pytest.mark.parametrize("variant", generate.VARIANTS)
def test_a_site_is_the_same_whatever_the_order_of_sets(variant: str) -> None:
    here = str(generate.site(variant, CITED))
    path = f"{ROOT / 'benchmarks'}"
    done = run(
        sys.executable,
        "-c",
        PRINT_SITE,
        variant,
        PYTHONPATH=path,
        PYTHONHASHSEED="7",
        PYTHONUTF8="1",
    )
    assert done.stdout.strip() == here, done.stderr


@pytest.mark.parametrize("variant", generate.VARIANTS)
def test_an_edit_changes_one_file_by_one_word(variant: str) -> None:
    files = generate.site(variant, CITED)
    path, text = generate.edited(files)
    assert len(text.split()) == len(files[path].split()) + 1


def test_every_page_cites_ten_entries_of_its_own_without_a_fault(tmp_path: Path) -> None:
    files = generate.site("ours", CITED)
    benchmark.write(tmp_path, files)
    pages = {name: tmp_path / name for name in files if name.endswith(".md")}
    bibfiles = {"references.bib": tmp_path / "references.bib"}
    report = check_site(bibfiles, pages, read_vocabulary(ROOT))
    assert (len(report.entries), report.findings) == (20, [])


def test_what_we_make_reads_as_what_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def build_here(site: benchmark.Site) -> tuple[float, float]:
        monkeypatch.chdir(site.folder)
        assert site.command[:3] == [sys.executable, "-m", "sphinx"]
        assert sphinx_build(*site.command[3:]) == (0, "")
        return 1.0, 1.0

    # Without a process for each build; the test of a build that says anything starts one.
    monkeypatch.setattr(benchmark, "build", build_here)
    costs = benchmark.Costs(list)
    names = ("ours", "typed")
    sites = [benchmark.invented(tmp_path / name, name, CITED, Path()) for name in names]
    for site in sites:
        benchmark.build(site)
    for page in ("page-0001.html", "page-0002.html", "safety.html", "index.html"):
        benchmark.check_same(tmp_path, page)
    benchmark.turn(sites, 2, costs)
    benchmark.check_edit(tmp_path / "ours/_build/html/page-0001.html", generate.NEW_TITLE)
    assert all(len(costs[name, 2, row]) == 1 for name in names for row in benchmark.ROWS)


def test_ours_has_the_extensions_of_the_site() -> None:
    found: dict[str, object] = {}
    exec(benchmark.settings("ours", 2), found)  # noqa: S102  a settings file
    site = runpy.run_path(str(ROOT / "conf.py"))
    names = ("extensions", "bibtex_default_style", "bibtex_reference_style", "study_designs")
    assert [found[name] for name in names] == [site[name] for name in names]


def test_what_reads_or_links_differently_stops_the_comparison(sides: tuple[Path, Path]) -> None:
    folder = sides[0].parents[3]
    benchmark.check_same(folder, "page.html")
    sides[1].write_text(page_of("Other words."))
    with pytest.raises(SystemExit, match="reads differently"):
        benchmark.check_same(folder, "page.html")
    sides[1].write_text(page_of("Some words.", "#elsewhere"))
    with pytest.raises(SystemExit, match="links differently"):
        benchmark.check_same(folder, "page.html")


def test_an_edit_that_does_not_arrive_stops_the_comparison(sides: tuple[Path, Path]) -> None:
    benchmark.check_edit(sides[0], "Some words")
    with pytest.raises(SystemExit, match="did not arrive"):
        benchmark.check_edit(sides[0], "menu")


def test_a_build_that_says_anything_stops_the_comparison(tmp_path: Path) -> None:
    site = benchmark.one_page(tmp_path)
    benchmark.build(site)
    benchmark.write(tmp_path, {"index.md": "# One page\n\n[A dead link](nowhere.md).\n"})
    with pytest.raises(SystemExit, match="nowhere"):
        benchmark.build(site)


def test_this_site_is_a_copy_of_what_is_tracked_beside_its_environment(tmp_path: Path) -> None:
    require("git", "clone")
    site = benchmark.this_site(tmp_path)
    path, before, after = site.edit
    assert (tmp_path / ".venv/bin").is_dir()
    assert path.read_text(encoding="utf-8") == before
    assert len(after.split()) == len(before.split()) + 1
    names = ("conf.py", "index.md", "references.bib", "_ext/references/labels.py")
    assert all((tmp_path / name).read_bytes() == (ROOT / name).read_bytes() for name in names)
    assert not (tmp_path / "_build").exists()


def test_the_table_shows_medians_and_what_is_over_its_limit() -> None:
    costs = benchmark.Costs(list)
    costs["this site", 1, "clean"] += [9.0, 4.0, 1.0]
    costs["one page", 1, "clean"] += [1.0]
    costs["this site", 1, "none"] += [3.0]
    costs["one page", 1, "none"] += [2.0]
    lines = benchmark.table(costs, ["this site", "one page"]).splitlines()
    assert lines[2:4] == [
        "| 1 | clean, s | 4.00 | 1.00 | 4.00 > 3.5 |",
        "| 1 | nothing changed, s | 3.00 | 2.00 | 1.50 ≤ 1.5 |",
    ]


def test_the_table_compares_with_a_tenth_of_the_size() -> None:
    costs = benchmark.Costs(list)
    costs["ours", 100, "clean"] += [2.0]
    costs["ours", 1000, "clean"] += [24.0]
    line = benchmark.table(costs, ["ours", "typed"]).splitlines()[-4]
    assert line == "| 1,000 | clean, s | 24.00 | – | – | 12.00 > 11 |"
