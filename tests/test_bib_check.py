"""The command that checks a site: what it prints, and what it exits with."""

from __future__ import annotations

import json
import shutil
import sys
from typing import TYPE_CHECKING

import pytest

from bibcheck.check import check
from bibtex.tex import parsed
from check import check_site, main
from conftest import ROOT, run
from samples import GOOD, OTHER, VOCABULARY

if TYPE_CHECKING:
    from pathlib import Path

WRONG = (GOOD + OTHER).replace("10.1234", "doi:10.1234").replace("1--9", "1-9")
CONF = 'bibtex_bibfiles = ["a.bib"]\n'
CITING = "{cite:p}`doe2001one`\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with settings only, which is the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "conf.py").write_text(CONF)
    return tmp_path


def test_everything_is_found_in_one_run_by_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(WRONG)
    (folder / "page.md").write_text("{cite:p}`doe2001one,nobody`")
    assert main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a.bib:6: doe2001one: pages 1-9: write two hyphens, as in 12--34",
        "a.bib:7: doe2001one: doi doi:10.1234/abc.1 is not a DOI; write it without https://doi.org/",
        "a.bib:10: roe2002two: no page cites this entry; cite it or delete it",
        "page.md:1: nobody: no entry has this key; add the entry or fix the key",
        "2 entries, 4 to fix",
    ]


def test_without_findings_it_says_so_in_one_line_and_lists_what_is_not_verified_on_request(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(GOOD)
    (folder / "page.md").write_text(CITING)
    assert main([]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("1 entries, nothing found; 2 facts are not verified")
    assert main(["--format", "unverified"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a.bib:8: doe2001one: not verified: pmid (not seen)",
        "a.bib:8: doe2001one: not verified: wording (read on another site)",
    ]


def test_json_holds_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.bib").write_text(WRONG)
    (folder / "page.md").write_text(CITING + "{cite:p}`roe2002two`")
    assert main(["--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(item["line"], item["kind"]) for item in found] == [
        (6, "pages"),
        (7, "doi"),
        (8, "unverified"),
        (8, "unverified"),
    ]
    assert all(set(item) == {"file", "line", "key", "kind", "message"} for item in found)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "cannot be read (No such file or directory)"),
        (b"", "the file is empty"),
        (b"\x89PNG\r\n\x1a\n\x00\xff" * 99, "is not UTF-8"),
        (GOOD.encode("utf-16"), "is not UTF-8"),
        ("".join(map(chr, range(0xD000))).encode(), "delete it"),
    ],
)
def test_any_file_gives_a_finding_and_no_traceback(
    folder: Path, content: bytes | None, words: str
) -> None:
    if content is not None:
        (folder / "a.bib").write_bytes(content)
    command = (sys.executable, ROOT / "tools" / "check.py")
    done = run(*command, cwd=folder, PYTHONIOENCODING="ascii", PYTHONPATH=str(ROOT / "_ext"))
    assert done.returncode == 1
    assert done.stdout.startswith("a.bib:1: ")
    assert words in done.stdout
    assert done.stderr == ""


def test_a_page_that_is_missing_or_no_text_is_no_traceback(folder: Path) -> None:
    (folder / "a.bib").write_text(GOOD)
    (folder / "page.md").write_bytes(CITING.encode() + b"\xff\n")
    pages = {name: folder / name for name in ("page.md", "nowhere.md")}
    found = check_site({"a.bib": folder / "a.bib"}, pages, VOCABULARY).findings
    assert [(item.file, item.line, item.kind) for item in found] == [
        ("nowhere.md", 1, "missing-file"),
        ("page.md", 2, "encoding"),
    ]


@pytest.mark.parametrize(
    ("conf", "words"),
    [
        (None, "conf.py: FileNotFoundError"),
        ("1 / 0", "conf.py: ZeroDivisionError"),
        ("study_designs = []", "conf.py: study_designs is a list; write a dict"),
        ("study_terms = []", "conf.py: study_terms is empty"),
        ('study_randomised = ["trial"]', "conf.py: study_randomised names trial"),
    ],
)
def test_settings_that_are_wrong_are_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], conf: str | None, words: str
) -> None:
    (folder / "conf.py").unlink()
    if conf is not None:
        (folder / "conf.py").write_text(conf)
    assert main([]) == 1
    printed = capsys.readouterr()
    assert printed.err.startswith(words)
    assert printed.err.count("\n") == 1
    assert printed.out == ""


def test_the_pages_are_those_that_the_settings_include(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(GOOD)
    for name in ("deep/page.md", ".hidden/page.md", "_build/page.md"):
        (folder / name).parent.mkdir()
        (folder / name).write_text(CITING + "{cite:p}`nobody`")
    assert main([]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "deep/page.md:2: nobody: no entry has this key; add the entry or fix the key",
        "1 entries, 1 to fix",
    ]
    (folder / "conf.py").write_text(CONF + 'include_patterns = ["[a-z]*.md"]\n')
    (folder / "page.md").write_text(CITING)
    assert main([]) == 0


def test_the_references_of_the_site_are_right() -> None:
    done = run("make", "check", "-o", ".venv/installed.txt", MAKEFLAGS="", MAKELEVEL="")
    assert done.returncode == 0, done.stdout + done.stderr
    entries = (ROOT / "references.bib").read_text().count("\n@")
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"{entries} entries, nothing found")


def test_a_fault_in_a_copy_of_the_site_is_found(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (ROOT / "conf.py", ROOT / "references.bib", *ROOT.glob("[a-z]*.md")):
        shutil.copy(path, folder)
    assert main([]) == 0
    page = folder / "citations.md"
    page.write_text(page.read_text("utf-8").replace(":people: ", ":poeple: ", 1))
    assert main([]) == 1
    assert "; did you mean people?" in capsys.readouterr().out


def test_two_files_are_one_bibliography(folder: Path) -> None:
    for name in ("a.bib", "b.bib"):
        (folder / name).write_text(GOOD)
    found = check({name: folder / name for name in ("a.bib", "b.bib")}).findings
    assert [(item.file, item.line, item.kind) for item in found] == [("b.bib", 1, "duplicate-key")]


def test_a_string_of_one_file_is_known_in_the_next(folder: Path) -> None:
    (folder / "a.bib").write_text('@string{house = "House"}\n' + GOOD)
    (folder / "b.bib").write_text(OTHER.replace("{House}", "house"))
    (folder / "page.md").write_text(CITING + "{cite:p}`roe2002two`")
    paths = {name: folder / name for name in ("a.bib", "b.bib")}
    report = check_site(paths, {"page.md": folder / "page.md"}, VOCABULARY)
    assert report.findings == []
    assert report.entries[1].value("publisher") == "House"


def generated(count: int) -> str:
    """Return a file of *count* entries that are right."""
    return "".join(
        GOOD.replace("doe2001one", f"doe2001n{number}")
        .replace("One Study", f"Study {number}")
        .replace("abc.1", f"abc.{number}")
        for number in range(count)
    )


def test_the_work_grows_with_the_number_of_entries(folder: Path) -> None:
    def calls(count: int) -> int:
        """Return how many functions a check of *count* entries calls."""
        path = folder / f"{count}.bib"
        path.write_text(generated(count))
        parsed.cache_clear()
        number = 0

        def counting(_frame: object, event: str, _argument: object) -> None:
            nonlocal number
            number += event in {"call", "c_call"}

        sys.setprofile(counting)
        try:
            report = check({path.name: path})
        finally:
            sys.setprofile(None)
        assert (len(report.entries), report.findings) == (count, [])
        return number

    first = calls(10)
    assert calls(100) - first < 11 * (calls(20) - first)  # 9 would be linear


def test_what_a_build_is_given_does_not_depend_on_the_process(folder: Path) -> None:
    """An order that changes would have every page written again."""
    (folder / "a.bib").write_text(GOOD)
    code = (
        "from pathlib import Path; from bibcheck.check import check; from bibtex import entry;"
        "made = entry.as_bibliography(check({'a': Path('a.bib')}).entries);"
        "print(*map(entry.digest, made.entries.values()))"
    )
    seeds = [
        run(
            sys.executable,
            "-c",
            code,
            cwd=folder,
            PYTHONPATH=f"{ROOT / '_ext'}",
            PYTHONHASHSEED=seed,
        )
        for seed in ("1", "2", "3")
    ]
    assert len({done.stdout for done in seeds}) == 1
    assert seeds[0].stdout
