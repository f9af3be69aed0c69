"""The command that checks a bibliography: what it prints, and what it exits with."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING

import pytest

from bib_check import check, main
from conftest import ROOT, run
from test_bib_rules import GOOD, OTHER

if TYPE_CHECKING:
    from pathlib import Path

WRONG = (GOOD + OTHER).replace("10.1234", "doi:10.1234").replace("1--9", "1-9")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_everything_is_found_in_one_run_by_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(WRONG)
    (folder / "page.md").write_text("{cite:p}`doe2001one,nobody`")
    assert main(["a.bib", "page.md"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "a.bib:6: doe2001one: pages 1-9: write two hyphens, as in 12--34",
        "a.bib:7: doe2001one: doi doi:10.1234/abc.1 is not a DOI; write it without https://doi.org/",
        "a.bib:10: roe2002two: no page cites this entry; cite it or delete it",
        "page.md:1: nobody: no entry has this key; add the entry or mend the key",
        "2 entries, 4 to mend",
    ]


def test_without_findings_it_lists_what_is_not_verified(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(GOOD)
    assert main(["a.bib"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "a.bib:8: doe2001one: not verified: pmid (not seen)",
        "a.bib:8: doe2001one: not verified: wording (read on another site)",
        "1 entries, nothing found",
    ]


def test_json_holds_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.bib").write_text(WRONG)
    assert main(["a.bib", "--format", "json"]) == 1
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
    command = (sys.executable, ROOT / "_ext" / "bib_check.py", "a.bib")
    done = run(*command, cwd=folder, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert done.stdout.startswith("a.bib:1: ")
    assert words in done.stdout
    assert done.stderr == ""


def test_a_page_that_is_missing_or_no_text_is_no_traceback(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a.bib").write_text(GOOD)
    (folder / "page.md").write_bytes(b"{cite:p}`doe2001one`\xff\n")
    assert main(["a.bib", "page.md", "nowhere.md"]) == 1
    assert "nowhere.md:1: cannot be read" in capsys.readouterr().out


def test_without_a_bib_file_it_says_how_to_use_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["page.md"])
    assert "name at least one .bib file" in capsys.readouterr().err


def test_the_references_of_the_site_are_right() -> None:
    done = run("make", "check", "-o", ".venv/installed.txt", MAKEFLAGS="", MAKELEVEL="")
    assert done.returncode == 0, done.stdout + done.stderr
    entries = (ROOT / "references.bib").read_text().count("\n@")
    assert done.stdout.splitlines()[-1] == f"{entries} entries, nothing found"


def test_two_files_are_one_bibliography(folder: Path) -> None:
    for name in ("a.bib", "b.bib"):
        (folder / name).write_text(GOOD)
    paths = {name: folder / name for name in ("a.bib", "b.bib")}
    found = check(paths, {}).findings
    assert [(item.file, item.line, item.kind) for item in found] == [("b.bib", 1, "duplicate-key")]


def generated(count: int) -> str:
    """Return a file of *count* entries that are right."""
    return "".join(
        GOOD.replace("doe2001one", f"doe2001n{number}")
        .replace("One Study", f"Study {number}")
        .replace("abc.1", f"abc.{number}")
        for number in range(count)
    )


def test_the_time_grows_with_the_number_of_entries(folder: Path) -> None:
    times = {}
    for count in (500, 2000):
        path = folder / f"{count}.bib"
        path.write_text(generated(count))
        runs = []
        for _ in range(3):
            begin = time.process_time()
            report = check({path.name: path}, {})
            runs.append(time.process_time() - begin)
            assert len(report.entries) == count
            assert report.findings == []
        times[count] = min(runs)
    assert times[2000] / times[500] < 6  # 4 would be linear
