"""Records and papers are compared, and what is overdue is said."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest

from check import check_site, main
from conftest import ROOT
from samples import LINE, PAGE, VOCABULARY, checked, warnings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    from common.findings import Finding

BIB = """\
@article{sound2020trial,
  author = {Sound, Ann},
  title = {A Trial},
  journal = {J},
  year = {2020},
  pmcid = {PMC1234567},
  keywords = {annotated},
}
@article{false2021report,
  author = {False, Cal},
  title = {A Report},
  journal = {J},
  year = {2021},
  keywords = {annotated, other},
}
"""


def compared(folder: Path, bib: str, page: str) -> list[Finding]:
    """Return what is wrong with the records in *page* and with their papers in *bib*."""
    found = checked(folder, bib, page=page).findings
    return [finding for finding in found if finding.kind in {"record", "missing"}]


def test_papers_with_their_records_are_right(tmp_path: Path) -> None:
    assert compared(tmp_path, BIB, PAGE) == []


def test_a_paper_without_a_record_is_found(tmp_path: Path) -> None:
    found = compared(tmp_path, BIB, "# No record\n")
    assert [finding.kind for finding in found] == ["missing", "missing"]
    assert [str(finding) for finding in found] == [
        f"a.bib:{line}: {key}: the entry is marked as annotated, and no page has a record for it; "
        f"write ```{{study}} {key} in a page"
        for line, key in ((1, "sound2020trial"), (9, "false2021report"))
    ]


def test_a_record_without_a_paper_is_found(tmp_path: Path) -> None:
    found = compared(tmp_path, BIB.replace("  keywords = {annotated},\n", ""), PAGE)
    message = "a.bib:1 is not marked as a paper; add keywords = {annotated} there"
    assert [str(finding) for finding in found] == [f"page.md:{LINE}: sound2020trial: {message}"]


def test_a_record_whose_key_is_unknown_is_found(tmp_path: Path) -> None:
    found = checked(tmp_path, BIB, page=PAGE.replace("{study} sound", "{study} snd")).findings
    kinds = {(finding.file, finding.line): finding.kind for finding in found}
    assert kinds["page.md", LINE] == "unknown-key"
    assert kinds["a.bib", 1] == "missing"


def test_a_second_record_is_found(tmp_path: Path) -> None:
    found = compared(tmp_path, BIB, PAGE + PAGE)
    line = LINE + PAGE.count("\n")
    message = f"a record for this paper is in page.md:{LINE} already; delete one"
    assert str(found[0]) == f"page.md:{line}: sound2020trial: {message}"
    assert len(found) == 2


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "  pmcid = {PMC1234567},\n",
            "",
            "full-text says PubMed Central, and the .bib file gives no",
        ),
        ("  year = {2020},\n", "", "a.bib:1 has no year of four digits; add it there"),
    ],
)
def test_a_record_and_an_entry_that_do_not_fit_are_found(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in BIB
    (finding,) = compared(tmp_path, BIB.replace(old, new), PAGE)
    assert (finding.file, finding.line) == ("page.md", LINE)
    assert finding.message.startswith(message)


@pytest.mark.parametrize(
    "title",
    ["RETRACTED: A Trial", "Retracted Article: A Trial", "[Withdrawn]: A", "{RETRACTED}: A"],
)
def test_a_title_that_says_it_is_withdrawn_is_believed(tmp_path: Path, title: str) -> None:
    bib = BIB.replace("A Trial", title)
    (with_record,) = compared(tmp_path, bib, PAGE)
    assert with_record.message.startswith("the title in the .bib file says that it is withdrawn")
    assert with_record.line == LINE
    assert (
        compared(
            tmp_path,
            bib,
            PAGE.replace(":status: corrected", ":status: retracted\n:acknowledged: yes"),
        )
        == []
    )
    messages = [finding.message for finding in compared(tmp_path, bib, "")]
    assert any(
        message.startswith("the title says that the paper is withdrawn") for message in messages
    )


def test_records_that_are_overdue_are_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")  # 1 January 2026
    report = checked(tmp_path, BIB, page=PAGE)
    (first, second) = report.overdue
    assert str(first) == (
        f"page.md:{LINE}: sound2020trial: last reviewed on 2024-03-04; "
        "compare it with its source and renew the day"
    )
    assert (first.kind, second.key) == ("review", "false2021report")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1709596800")  # 5 March 2024
    pages = {"page.md": tmp_path / "page.md"}
    assert check_site({"a.bib": tmp_path / "a.bib"}, pages, VOCABULARY).overdue == []


def test_the_command_names_faults_of_records_and_warns_of_what_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    settings = (ROOT / "conf.py").read_text("utf-8").replace("references.bib", "a.bib")
    settings = settings.replace("content_rules = True", "content_rules = False")
    (tmp_path / "conf.py").write_text(settings)
    bib = BIB.replace("  year", "  unverified = {pmid: not seen},\n  year")
    (tmp_path / "a.bib").write_text(bib)
    (tmp_path / "page.md").write_text(PAGE)
    assert main([]) == 0
    late = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: ")]
    assert len(late) == 2
    (tmp_path / "page.md").write_text(
        PAGE.replace(":direction: no clear difference", ":direction: bad")
    )
    assert main([]) == 1
    assert (
        "sound2020trial: direction: 'bad' is not allowed; write one of" in capsys.readouterr().out
    )


#: Pages that a build and the command must judge alike: what is replaced in a right one, and by what.
CHANGES: dict[str, dict[str, str]] = {
    "nothing": {},
    "citations": {
        "{cite:p}`false2021report`.": "{cite:p}`nobody` and {cite:t}`false`.",
        "{cite:p}`sound2020trial,false2021report`": "{cite:p}`no, {see}sound2020trial{p. 3}`",
        "## Second theme\n": (
            "`{cite:p}` ``{cite:p}`a` ``\n\n```text\n{cite:p}`b`\n```\n\n% {cite:p}`c`\n\n"
            "<!-- {cite:p}`d` -->\n\n## Second {cite:p}`e`\n\n| a |\n|---|\n| {cite:p}`f` |\n\n"
            "1. {cite}`g`\n\n   > {cite:p}`h`\n\n"
        ),
    },
    "options": {
        "```{study} sound": ":::{Study} sound",
        "```\n\n## Second": ":::\n\n## Second",
        ":direction: no clear difference": ":direction: bad\n:durration: long",
        "What was found\n: No": "Found\n: No",
    },
    "an unknown key": {"{study} sound2020trial": "{study} sound2020tiral"},
    "an overlap with nobody": {
        "shares authors: false2021report": "shares authors: x2021y, sound2020trial"
    },
    "a source of figures that is not there": {"1200: false2021report": "1200: x2021y"},
    "a list of keys that is none": {
        "{cite:p}`false2021report`.": "{cite:p}`false2021report,` and {cite:t}`a,,b`."
    },
    "a count in a heading": {"## Second": "## {studies}`a|b: design: case report` Second"},
    "what cannot be counted": {
        "Words that": "Of {studies}`a|b: medicine: tea`.\n\nOf {studies}`a: design: x` that"
    },
    "a second record": {"{study} false2021report": "{study} sound2020trial"},
    "records in other blocks": {
        "```{study} false2021report": (
            "- item\n\n  ```{study} false2021report\n  ```\n\n"
            "> ```{study} false2021report\n> ```\n\n"
            "````{note}\n```{study} false2021report\n```\n````\n\n```text"
        )
    },
}


@pytest.mark.parametrize("changes", CHANGES.values(), ids=CHANGES)
def test_the_command_finds_what_a_build_finds(
    tmp_path: Path, make_app: Callable[..., SphinxTestApp], changes: dict[str, str]
) -> None:
    page = f"# Papers\n\n{PAGE[PAGE.index('## First theme') : PAGE.index('```{toctree}')]}"
    for old, new in changes.items():
        assert old in page
        page = page.replace(old, new, 1)
    findings = checked(tmp_path, BIB, index=page).findings
    types = {
        "record": "study",
        "missing": "study",
        "selection": "study",
        "day": "due",
        "refused": "untrusted",
    }
    expected = {
        f"{found.file}:{found.line}: WARNING: {found.text} [{types.get(found.kind, 'bib')}.{found.kind}]"
        for found in findings
    }
    settings = "".join(
        f"study_{field.name} = {getattr(VOCABULARY, field.name)!r}\n"
        for field in dataclasses.fields(VOCABULARY)
    )
    (tmp_path / "conf.py").write_text(
        'extensions = ["myst_parser", "studies", "untrusted"]\nbibtex_bibfiles = ["a.bib"]\n'
        f'myst_enable_extensions = ["colon_fence", "deflist"]\n{settings}'
    )
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert {*warnings(app), *warnings(app, "study"), *warnings(app, "untrusted")} == expected
    assert bool(expected) == bool(changes)
