"""Records and papers are compared, and what is overdue is said."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from bib_check import main
from bib_source import read
from study_check import overdue, study_findings
from test_study_record import LINE, PAGE

if TYPE_CHECKING:
    from pathlib import Path

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


@pytest.fixture
def found(tmp_path: Path, request: pytest.FixtureRequest) -> list[str]:
    """Return what is wrong with the papers and the page that a test asks for."""
    bib, page = request.param
    path = tmp_path / "a.bib"
    path.write_text(bib)
    entries = read(path, "a.bib").entries
    return [str(finding) for finding in sorted(study_findings(entries, {"page.md": page}))]


@pytest.mark.parametrize("found", [(BIB, PAGE)], indirect=True)
def test_papers_with_their_records_are_right(found: list[str]) -> None:
    assert found == []


@pytest.mark.parametrize("found", [(BIB, "# No record\n")], indirect=True)
def test_a_paper_without_a_record_is_found(found: list[str]) -> None:
    assert found == [
        f"a.bib:{line}: {key}: the entry is marked as annotated, and no page has a record for it; "
        f"write ```{{study}} {key} in citations.md"
        for line, key in ((7, "sound2020trial"), (14, "false2021report"))
    ]


@pytest.mark.parametrize(
    "found", [(BIB.replace("  keywords = {annotated},\n", ""), PAGE)], indirect=True
)
def test_a_record_without_a_paper_is_found(found: list[str]) -> None:
    message = "a.bib:1 is not marked as a paper; add keywords = {annotated} there"
    assert found == [f"page.md:{LINE}: sound2020trial: {message}"]


@pytest.mark.parametrize("found", [(BIB, PAGE + PAGE)], indirect=True)
def test_a_second_record_is_found(found: list[str]) -> None:
    line = LINE + PAGE.count("\n")
    message = f"a record for this paper stands in page.md:{LINE} already; delete one"
    assert found[0] == f"page.md:{line}: sound2020trial: {message}"
    assert len(found) == 2


@pytest.mark.parametrize(
    "title", ["RETRACTED: A Trial", "Retracted Article: A Trial", "[Withdrawn]: A"]
)
def test_a_title_that_says_it_is_withdrawn_is_believed(tmp_path: Path, title: str) -> None:
    path = tmp_path / "a.bib"
    path.write_text(BIB.replace("A Trial", title))
    entries = read(path, "a.bib").entries
    (with_record,) = study_findings(entries, {"page.md": PAGE})
    assert with_record.message.startswith("the title in the .bib file says that it is withdrawn")
    assert with_record.line == LINE
    messages = [finding.message for finding in study_findings(entries, {"page.md": ""})]
    assert any(
        message.startswith("the title says that the paper is withdrawn") for message in messages
    )


def test_records_that_are_overdue_are_listed() -> None:
    (first, second) = overdue({"page.md": PAGE}, dt.date(2026, 1, 1))
    assert str(first) == (
        f"page.md:{LINE}: sound2020trial: last reviewed on 2024-03-04; "
        "compare it with its source and renew the day"
    )
    assert second.key == "false2021report"
    assert list(overdue({"page.md": PAGE}, dt.date(2024, 3, 5))) == []


def test_the_command_names_faults_of_records_and_warns_of_what_is_overdue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    bib = BIB.replace("  year", "  unverified = {pmid: not seen},\n  year")
    (tmp_path / "a.bib").write_text(bib)
    (tmp_path / "page.md").write_text(PAGE)
    assert main(["a.bib", "page.md"]) == 0
    late = [line for line in capsys.readouterr().out.splitlines() if line.startswith("warning: ")]
    assert len(late) == 2
    (tmp_path / "page.md").write_text(PAGE.replace(":direction: against", ":direction: bad"))
    assert main(["a.bib", "page.md"]) == 1
    assert (
        "sound2020trial: direction: 'bad' is not allowed; write one of" in capsys.readouterr().out
    )
