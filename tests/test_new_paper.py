"""The command that adds a paper: what it writes, what it prints, and what it refuses."""

from __future__ import annotations

import datetime as dt
import errno
import re
import shutil
import signal
import sys
from pathlib import Path

import pytest

from check import check_folder, records
from conftest import ROOT, run
from files import replace_all
from new_paper import main
from pages import read_page
from paper import Paper
from paper_record import ASKED, inserted, insertion, skeleton
from samples import GOOD, OTHER, VOCABULARY
from studies.vocabulary import Vocabulary

CITATIONS = Path(__file__).parent / "citations"
BIB = "% Comment\n\n" + GOOD + "\n" + OTHER
PAGE = """\
---
title: Papers
---

# Papers

Read {cite:p}`doe2001one,roe2002two`.

## First

```{note}
## No heading
```

(second)=
## Second

Text.

## Accessing Full Text

1. Ask.
"""
RECORD = "```{study} roe2002two\n:people: none\n\nText.\n```\n"
MADE_UP = """\
TY  - JOUR
AU  - Madeup, Ann
TI  - A Paper that Nobody Wrote
T2  - Journal of Nothing
PY  - 2019
VL  - 1
SP  - 10
EP  - 19
DO  - 10.1234/madeup
ER  -
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with settings, a bibliography, a page and citations, the current one."""
    monkeypatch.chdir(tmp_path)
    settings = (ROOT / "conf.py").read_text("utf-8")
    (tmp_path / "conf.py").write_text(settings.replace("content_rules = True", ""))
    (tmp_path / "references.bib").write_text(BIB)
    (tmp_path / "citations.md").write_text(PAGE)
    (tmp_path / "made-up.ris").write_text(MADE_UP)
    for path in CITATIONS.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files in *folder*."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("suffix", ["nbib", "ris", "bib", "json"])
def test_a_paper_touches_two_files_and_lacks_only_what_a_person_must_write(
    folder: Path, capsys: pytest.CaptureFixture[str], suffix: str
) -> None:
    before = contents(folder)
    assert main([f"karp.{suffix}"]) == 0
    printed = capsys.readouterr().out
    after = contents(folder)
    assert {name for name in after if after[name] != before.get(name)} == {
        "references.bib",
        "citations.md",
    }
    assert after["references.bib"].decode().startswith(f"{BIB}\n@article{{karp2014safety,\n")
    report = check_folder(Path())
    assert {(found.kind, found.key) for found in report.findings} == {("record", "karp2014safety")}
    assert printed.split("\n\n", 1)[0].splitlines()[:2] == [
        "references.bib:20: the entry karp2014safety",
        'citations.md:20: its record in the section "Second"',
    ]
    shown = [line for line in printed.splitlines() if line.startswith("citations.md:")][1:]
    assert shown == [str(found) for found in report.findings]
    empty = {line.split(": ")[2].split()[0] for line in shown if " is empty; " in line}
    required = {name for name, option in VOCABULARY.options.items() if option.required}
    assert empty - {'"What'} == required - {"added"} | {*ASKED}
    assert '"What was found" is empty; write what was found behind the colon below it' in printed


def test_what_was_not_seen_is_printed(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "made-up.ris")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("madeup2019paper: ")[2] for line in lines[-2:]] == [
        "not verified: pmid (not seen)",
        "not verified: pmcid (not seen)",
    ]


def test_a_paper_from_start_to_finish(tmp_path: Path) -> None:
    """As CONTRIBUTING.md describes it, in a copy of the project."""
    for name in (
        "Makefile",
        "conf.py",
        "references.bib",
        *(path.name for path in ROOT.glob("[a-z]*.md")),
    ):
        shutil.copy(ROOT / name, tmp_path / name)
    for folder in ("_ext", "tools"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    (tmp_path / "A file (1) 'of mine'.ris").write_text(MADE_UP)
    make = ("make", "-o", ".venv/installed.txt", "MAKEFLAGS=", "MAKELEVEL=")
    done = run(*make, "new-paper", "FILE=A file (1) 'of mine'.ris", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "the entry madeup2019paper" in done.stdout
    assert run(*make, "check", cwd=tmp_path).returncode != 0
    page = tmp_path / "citations.md"
    text = page.read_text()
    today = dt.datetime.now(dt.UTC).date().isoformat()
    words = {
        "design": "open-label study",
        "people": "9 adults",
        "conditions": "depression",
        "medicine": "none",
        "comparator": "other people",
        "direction": "no treatment tested",
        "read": "abstract",
        "reviewed": today,
    }
    # Nobody was treated.
    text = re.sub(r"(?m)^:(dose|harms|left-early|registration):\n", "", text)
    text = re.sub(r"(?m)^:([\w-]+):$", lambda match: f"{match[0]} {words.get(match[1], 'x')}", text)
    page.write_text(re.sub(r"(?m)^(What .+\n:)$", r"\1 A sentence.", text))
    done = run(*make, "check", cwd=tmp_path)
    assert done.returncode == 0, done.stdout
    assert done.stdout.count("\n") == 1


def test_without_a_file_make_says_how_to_use_it() -> None:
    make = ("make", "-o", ".venv/installed.txt", "MAKEFLAGS=", "MAKELEVEL=")
    done = run(*make, "new-paper", FILE="")
    assert done.returncode != 0
    assert "usage: make new-paper FILE=citation.nbib" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_dry_run_shows_both_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    assert main(["made-up.ris", "--dry", "1"]) == 0
    printed = capsys.readouterr().out
    assert "@article{madeup2019paper,\n" in printed
    assert "```{study} madeup2019paper\n:plain-title:\n" in printed
    assert contents(folder) == before


def test_a_retraction_is_loud(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "made-up.ris").write_text(MADE_UP.replace("A Paper", "RETRACTED: A Paper"))
    assert main(["made-up.ris"]) == 0
    printed = capsys.readouterr().out
    assert "ATTENTION: the citation says: RETRACTED" in printed
    assert "acknowledged is empty" in printed
    assert "status-source is empty" in printed
    assert "title = {{RETRACTED}: {A} Paper that" in (folder / "references.bib").read_text()
    page = read_page((folder / "citations.md").read_text())
    (found,) = records("citations.md", page, VOCABULARY)
    assert found.record["status"] == "retracted"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.ris"], "nowhere.ris: No such file or directory"),
        (["."], ".: Is a directory"),
        (["citations.md"], "citations.md:1: this is no citation in RIS"),
        (["references.bib"], "references.bib:13: 2 papers in one file"),
        (["made-up.ris", "--key", "doe2001one"], "references.bib:3 has the key doe2001one already"),
        (["made-up.ris", "--key", "DOE2001one"], "lower-case letters"),
        (["made-up.ris", "--key", "A b"], "lower-case letters"),
        (["made-up.ris", "--key", "x}"], "lower-case letters"),
        (["made-up.ris", "--section", "Secnd"], "no section 'Secnd'; did you mean Second?"),
        (["made-up.ris", "--section", "?"], "the sections are: First, Second, Accessing"),
    ],
)
def test_what_cannot_be_added_is_one_line_and_writes_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    before = contents(folder)
    assert main(arguments) == 1
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.err.endswith("; nothing was written\n")
    assert printed.err.count("\n") == 1
    assert printed.out == ""
    assert contents(folder) == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10.1234/abc.1", "10.1234/MADEUP", "the same doi as doe2001one"),
        ("A Book", "A paper that nobody wrote", "the same title as roe2002two"),
        ("year = {2001},\n", "year = {2001\n", "fix this first: references.bib:7: "),
    ],
)
def test_a_paper_that_is_there_or_a_broken_file_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    (folder / "references.bib").write_text(BIB.replace(old, new))
    before = contents(folder)
    assert main(["made-up.ris"]) == 1
    assert message in capsys.readouterr().err
    assert contents(folder) == before


def test_a_page_that_is_no_text_is_refused(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "citations.md").write_bytes(PAGE.encode() + b"\xff")
    before = contents(folder)
    assert main(["made-up.ris"]) == 1
    assert "citations.md is not in UTF-8" in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize("key", ["", "other2019key"])
def test_a_notice_is_refused_whatever_its_key(
    folder: Path, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    (folder / "made-up.ris").write_text(MADE_UP.replace("TI  - ", "TI  - Corrigendum to: "))
    before = contents(folder)
    assert main(["made-up.ris", "--key", key]) == 1
    assert capsys.readouterr().err == (
        "made-up.ris: this is a notice (corrigendum) and not the paper; import the paper itself, "
        "and set the status of its record to corrected; nothing was written\n"
    )
    assert contents(folder) == before


def test_a_preprint_and_two_years_are_one_line_each(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "made-up.ris").write_text(MADE_UP.replace("VL", "Y1  - 2018/12/01\nVL"))
    assert main(["made-up.ris", "--dry", "1"]) == 0
    printed = capsys.readouterr().out
    assert "look: print 2019, online 2018: 2019 is used\n" in printed
    (folder / "made-up.ris").write_text(MADE_UP.replace("Journal of Nothing", "medRxiv"))
    assert main(["made-up.ris"]) == 0
    printed = capsys.readouterr().out
    assert "look: this is a preprint, not peer-reviewed (medRxiv); " in printed
    assert {found.kind for found in check_folder(Path()).findings} == {"record"}


def test_what_the_citation_filled_in_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["karp.nbib"]) == 0
    assert "look: full-text of the record is what the citation says" in capsys.readouterr().out
    assert ":full-text: free in PubMed Central\n" in (folder / "citations.md").read_text()


def test_one_file_that_cannot_be_written_undoes_the_other(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(folder)
    replace = Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if target.name == "citations.md":
            raise PermissionError(13, "Permission denied", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        replace_all({Path("references.bib"): "a", Path("citations.md"): "b"})
    assert contents(folder) == before
    assert main(["made-up.ris"]) == 1
    assert contents(folder) == before


def killed(folder: Path) -> None:
    """Run the command in *folder*, and kill it between the two files."""
    script = """
import os, signal, sys
from pathlib import Path
from new_paper import main
replace = Path.replace
Path.replace = lambda path, target: (
    os.kill(os.getpid(), signal.SIGKILL) if target.name == "citations.md" else replace(path, target)
)
main(["made-up.ris"])
"""
    done = run(
        sys.executable,
        *("-X", "utf8", "-c", script),
        cwd=folder,
        PYTHONPATH=f"{ROOT / '_ext'}:{ROOT / 'tools'}",
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_second_run_after_a_kill_writes_the_record_only(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = set(contents(folder))
    killed(folder)
    bib = (folder / "references.bib").read_text()
    assert "@article{madeup2019paper,\n" in bib
    assert (folder / "citations.md").read_text() == PAGE
    assert [path for path in folder.iterdir() if path.is_dir()] == []
    assert main(["made-up.ris"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("references.bib:20: lacks only the record")
    assert lines[0].endswith(" madeup2019paper")
    assert (folder / "references.bib").read_text() == bib
    assert "```{study} madeup2019paper\n" in (folder / "citations.md").read_text()
    assert set(contents(folder)) == names
    before = contents(folder)
    assert main(["made-up.ris"]) == 1
    assert "references.bib has the paper already" in capsys.readouterr().err
    assert contents(folder) == before


def test_an_entry_without_record_keeps_its_key(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "references.bib").write_text(
        BIB.replace("10.1234/abc.1}", "10.1234/MadeUp},\n  keywords = {annotated}")
    )
    assert main(["made-up.ris", "--key", "other2000key"]) == 1
    assert "the same doi as doe2001one" in capsys.readouterr().err
    assert main(["made-up.ris"]) == 0
    assert "```{study} doe2001one\n" in (folder / "citations.md").read_text()


@pytest.mark.parametrize("name", ["references.bib", "citations.md"])
def test_a_full_disk_and_a_file_that_is_read_only_are_one_line(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    before = contents(folder)
    write = Path.write_text

    def full(path: Path, text: str, encoding: str = "", newline: str = "") -> int:
        if path.name.startswith(name):
            write(path, text[:9], encoding, newline=newline)
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(path, text, encoding, newline=newline)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        assert main(["made-up.ris"]) == 1
    message = f"{name}: No space left on device; nothing was written\n"
    assert capsys.readouterr().err == message
    assert contents(folder) == before
    (folder / name).chmod(0o444)
    assert main(["made-up.ris"]) == 1
    assert capsys.readouterr().err == f"{name}: the file is read-only; nothing was written\n"
    assert contents(folder) == before


def test_a_folder_that_is_read_only_is_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path, *_: str, **__: str) -> int:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "write_text", refuse)
    assert main(["made-up.ris"]) == 1
    message = "references.bib: Permission denied; nothing was written\n"
    assert capsys.readouterr().err == message


def test_two_papers_with_one_title_and_two_dois_are_both_taken(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in ("", ".2", ".3"):
        text = MADE_UP.replace("10.1234/madeup", f"10.1234/madeup{number}")
        (folder / "made-up.ris").write_text(text)
        assert main(["made-up.ris"]) == 0
        capsys.readouterr()
        before = contents(folder)
        for doi in (f"10.1234/madeup{number}", f"https://doi.org/10.1234/MADEUP{number}"):
            again = MADE_UP.replace("10.1234/madeup", doi).replace("A Paper", "Another Paper")
            (folder / "made-up.ris").write_text(again)
            assert main(["made-up.ris"]) == 1
            assert "the same doi as madeup2019paper" in capsys.readouterr().err
        assert {**contents(folder), "made-up.ris": b""} == {**before, "made-up.ris": b""}
    keys = re.findall(r"@article\{(madeup.*),", (folder / "references.bib").read_text())
    assert keys == ["madeup2019paper", "madeup2019paperb", "madeup2019paperc"]
    assert {found.kind for found in check_folder(Path()).findings} == {"record"}


def test_the_section_that_was_chosen_and_the_others_are_named(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["made-up.ris", "--dry", "1"]) == 0
    printed = capsys.readouterr().out
    assert (
        'look: "Second" is where the record goes; for another section add SECTION= with one of: '
        '"First", "Second", "Accessing Full Text"\n' in printed
    )
    assert "to undo" not in printed
    assert main(["made-up.ris", "--section", "First"]) == 0
    assert "SECTION=" not in capsys.readouterr().out


def test_how_to_undo_is_one_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("git", "init", "-q", cwd=folder)
    run("git", "add", "references.bib", "citations.md", cwd=folder)
    assert main(["made-up.ris"]) == 0
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("to undo"))
    assert run(*line.partition(": ")[2].split(), cwd=folder).returncode == 0
    assert (folder / "references.bib").read_text() == BIB
    assert (folder / "citations.md").read_text() == PAGE


@pytest.mark.parametrize(
    ("page", "section", "after"),
    [
        (PAGE, "", "Text.\n\n"),
        (PAGE, "first", "## No heading\n```\n\n"),
        (PAGE, "Accessing Full Text", "1. Ask.\n\n"),
        (PAGE.replace("Text.\n", f"{RECORD}\n### Later\n\nText.\n"), "", RECORD + "\n"),
        (PAGE.replace("Text.\n", f"{RECORD}\n### Later\n\nText.\n"), "First", "heading\n```\n\n"),
        ("Text.\n", "", "Text.\n\n"),
        ("# One\n\nText.", "", "Text.\n\n"),
    ],
)
def test_a_record_goes_behind_the_last_one_of_its_section(
    page: str, section: str, after: str
) -> None:
    line, _ = insertion(page, section)
    found = inserted(page, "RECORD\n", line)
    assert after + "RECORD\n" in found
    assert found.replace("RECORD\n\n", "").replace("\n\nRECORD", "").rstrip() == page.rstrip()
    assert found.endswith("\n")
    assert not found.endswith("\n\n")


@pytest.mark.parametrize(
    ("kinds", "design"),
    [
        ({"randomized controlled trial", "journal article"}, "randomised controlled trial"),
        ({"case reports"}, "case report"),
        ({"editorial", "comment"}, "editorial"),
        ({"systematic review", "meta-analysis"}, "systematic review"),
        ({"systematic review", "editorial"}, ""),
        ({"review"}, ""),
    ],
)
def test_a_design_is_taken_from_pubmed_only_without_doubt(kinds: set[str], design: str) -> None:
    text = skeleton("a", Paper(kinds=kinds), dt.date(2020, 1, 2), VOCABULARY)
    options = dict(re.findall(r"(?m)^:([\w-]+):(?: (.*))?$", text))
    assert options["design"] == design
    assert (options["added"], options["reviewed"]) == ("2020-01-02", "")
    assert [name for name in VOCABULARY.options if name in options] == list(options)


def test_a_record_has_the_terms_of_the_site_and_no_design_that_it_lacks() -> None:
    other = Vocabulary(designs={"survey": ""}, terms=["In short", "Limits"])
    text = skeleton("a", Paper(kinds={"case reports"}), dt.date(2020, 1, 2), other)
    assert ":design:\n" in text
    assert text.endswith("\nIn short\n:\n\nLimits\n:\n```\n")


def test_settings_that_are_wrong_are_one_line_and_write_nothing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "conf.py").write_text("study_terms = []\n")
    before = contents(folder)
    assert main(["made-up.ris"]) == 1
    assert capsys.readouterr().err == (
        "conf.py: study_terms is empty; name at least what a paper does not show; "
        "nothing was written\n"
    )
    assert contents(folder) == before
