"""The commands that ask databases, from the question to the page, against a server on this machine."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sphinx.testing.util import SphinxTestApp

import new_paper
import services
import verify_site
from check import check_folder
from conftest import ROOT
from helpers import edit
from services import Fault, Link, Paper, Update
from verified import FILE, read_ledger
from verify import __main__ as verify
from verify import asking, watch
from verify.net import Limits
from verify.services import Services
from verify.settings import TOOL, Settings
from verify.status import Failed
from verify.work import CROSSREF, PUBMED
from verify_site import ABSTRACT, CORRECTION, REPORT, RETRACTION, TRIAL, Site

TESTROOT = "studies"
site = verify_site.site
SOUND, FALSE = "sound2020trial", "false2021report"
Build = Callable[..., SphinxTestApp]


def line_of(path: Path, text: str) -> int:
    """Return the line of *path*, from 1, that begins with *text*."""
    lines = path.read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(text))


# -- Fields ----------------------------------------------------------------------------------------
def test_what_agrees_is_kept_and_said_on_the_page(site: Site, source: Path, build: Build) -> None:
    site.serve()
    code, out = site.verify()
    assert (code, out.splitlines()[-1]) == (0, "2 references compared; 0 to fix")
    assert [*read_ledger(source / FILE).references] == [FALSE, SOUND]
    page = BeautifulSoup((build().outdir / "index.html").read_text("utf-8"), "html.parser").text
    assert "Reference, status and figures compared with Crossref and PubMed on" in " ".join(
        page.split()
    )
    # The same answers, the same file, and one line for what was compared.
    before = (source / FILE).read_bytes()
    assert site.verify() == (code, out)
    assert (source / FILE).read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("year = {2020}", "year = {2018}", "  year", "year: ours 2018, theirs 2020"),
        ("Sound, Ann", "Sonnd, Ann", "  author", "author: ours"),
        ("A Sound Trial", "No Sound Trial", "  title", "title: ours"),
        ("pmcid = {PMC1234567}", "pmcid = {PMC1234568}", "  pmcid", "pmcid: ours PMC1234568"),
    ],
)
def test_a_wrong_field_is_one_line_with_its_place(  # noqa: PLR0913, PLR0917  one row of a table
    site: Site, source: Path, old: str, new: str, line: str, message: str
) -> None:
    bib = source / "references.bib"
    edit(bib, old, new)
    site.serve()
    code, out = site.verify()
    (found,) = [text for text in out.splitlines() if f"{SOUND}: {line.strip()}: " in text]
    assert code == 1
    assert found.startswith(f"references.bib:{line_of(bib, line)}: {SOUND}: {message}")
    assert re.search(r"\((Crossref, )?PubMed\)$|\(Crossref\)$", found)
    assert line.strip() in read_ledger(source / FILE).references[SOUND].differs


def test_a_doi_that_is_of_another_paper_is_said_also_on_the_page(
    site: Site, source: Path, build: Build
) -> None:
    site.serve()
    site.verify()
    edit(source / "references.bib", "doi = {10.1234/sound}", "doi = {10.5555/lantern}")
    site.serve((TRIAL, REPORT, Paper()))
    code, out = site.verify()
    assert code == 1
    assert "doi: ours 10.5555/lantern, theirs another paper" in out
    page = BeautifulSoup((build().outdir / "index.html").read_text("utf-8"), "html.parser")
    assert "they differ in doi" in " ".join(page.select(f"#{SOUND}")[0].text.split())
    assert "figures occur" not in page.select(f"#{SOUND}")[0].text
    # The figures that were compared before are not forgotten.
    figures = read_ledger(source / FILE).references[SOUND].figures
    assert figures
    assert figures.read


def test_one_reference_can_be_asked_for(site: Site, source: Path) -> None:
    server = site.serve()
    code, out = site.verify("--key", SOUND)
    assert (code, out.splitlines()[-1]) == (0, "1 references compared; 0 to fix")
    assert not any("false" in request.path for request in server.requests)
    assert site.run(verify.main, "--key", "nobody2020")[0] == 1


# -- Fix -------------------------------------------------------------------------------------------
def test_what_is_missing_is_offered_and_written_and_nothing_else(
    site: Site, source: Path, build: Build
) -> None:
    bib = source / "references.bib"
    text = "% a comment\n\n" + bib.read_text().replace("  author = {False, Cal},\n", "").replace(
        "pmid: not seen; pmcid", "author: cut off; pmid: not seen; pmcid"
    )
    bib.write_text(text)
    site.serve()
    code, out = site.verify()
    assert code == 0
    assert (
        f"{FALSE}: author: Crossref, PubMed has {{False, Cal}}; make verify FIX=1 writes it" in out
    )
    assert bib.read_text() == text
    code, out = site.verify("--fix", "1")
    assert code == 0
    assert f"references.bib: {FALSE}: wrote author, pmid" in out
    expected = (
        text.replace("  title = {A False", "  author = {False, Cal},\n  title = {A False")
        .replace("  doi = {10.1234/false},\n", "  doi = {10.1234/false},\n  pmid = {21},\n")
        .replace("author: cut off; pmid: not seen; pmcid: not seen", "pmcid: not seen")
        .replace("  pmcid = {PMC1", "  pmid = {20},\n  pmcid = {PMC1")
        .replace("  unverified = {pmid: not seen},\n", "")
    )
    assert bib.read_text() == expected
    # What was written is what the databases have, so it counts as compared.
    assert "not yet compared" not in (build().outdir / "index.html").read_text().lower()
    assert site.verify("--fix", "1")[0] == 0
    assert bib.read_text() == expected


def test_what_differs_is_replaced_only_by_force(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    right = bib.read_text()
    edit(bib, "year = {2020}", "year = {2018}")
    wrong = bib.read_text()
    site.serve()
    assert site.verify("--fix", "1")[0] == 1
    assert "year = {2018}" in bib.read_text()
    bib.write_text(wrong)
    site.verify("--fix", "--force")
    assert "year = {2020}" in bib.read_text()
    assert bib.read_text().splitlines()[:5] == right.splitlines()[:5]
    assert site.verify()[0] == 0


def test_an_entry_on_one_line_is_left_alone_and_told_and_the_others_are_written(
    site: Site, source: Path
) -> None:
    bib = source / "references.bib"
    one, two = bib.read_text().split("\n\n")
    one = " ".join(one.split())
    bib.write_text(f"{one}\n\n{two}")
    site.serve()
    code, out = site.verify("--fix", "1")
    assert code == 1
    assert f"references.bib:1: {SOUND}: not written: pmcid does not begin its line; " in out
    assert f"references.bib: {FALSE}: wrote pmid" in out
    assert out.splitlines()[-1] == "2 references compared; 1 to fix"
    assert bib.read_text().startswith(f"{one}\n\n")
    assert "pmid = {21}" in bib.read_text()


def test_a_declaration_in_several_texts_is_told_and_left(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    edit(bib, "{pmid: not seen},", '"p" # {mid: not seen},')
    before = bib.read_text()
    site.serve()
    code, out = site.verify("--fix", "1", "--key", SOUND)
    assert code == 1
    line = line_of(bib, "  unverified")
    assert f"references.bib:{line}: {SOUND}: not written: unverified is made of several" in out
    assert "wrote" not in out
    assert bib.read_text() == before


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_line_ends_stay_when_fields_are_written(site: Site, source: Path, end: str) -> None:
    bib = source / "references.bib"
    bib.write_bytes(bib.read_bytes().rstrip().replace(b"\n", end.encode()))
    before = bib.read_bytes().decode().split(end)
    site.serve()
    assert f"{SOUND}: wrote pmid" in site.verify("--fix", "1")[1]
    after = bib.read_bytes().decode().split(end)
    assert not any("\r" in line or "\n" in line for line in after)
    assert [line for line in after if "pmid" not in line and "pmcid: " not in line] == [
        line for line in before if "pmid" not in line
    ]


def test_what_both_databases_confirm_is_no_longer_declared_and_not_changed(
    site: Site, source: Path
) -> None:
    bib = source / "references.bib"
    edit(bib, "{pmid: not seen}", "{year: from the DOI; wording: read in a copy; pmid: not seen}")
    before = bib.read_text()
    site.serve((replace(TRIAL, online=(2019,)), REPORT))  # without a place in an issue
    code, out = site.verify("--fix", "1", "--key", SOUND)
    assert code == 0
    assert f"references.bib: {SOUND}: no longer unverified: year" in out
    assert bib.read_text() == before.replace(
        "  pmcid = {PMC1", "  pmid = {20},\n  pmcid = {PMC1"
    ).replace("year: from the DOI; ", "").replace("; pmid: not seen}", "}", 1)
    assert site.verify("--fix", "1", "--key", SOUND)[0] == 0


def test_a_list_with_others_is_kept_where_no_database_has_a_longer_one(
    site: Site, source: Path
) -> None:
    bib = source / "references.bib"
    edit(bib, "{Sound, Ann and Roe, Bob}", "{Sound, Ann and others}")
    edit(bib, "{pmid: not seen}", "{author: only the first was seen}")
    site.serve((replace(TRIAL, authors=(("Sound", "Ann"),)), REPORT))
    assert site.verify("--fix", "1")[0] == 0
    assert "author = {Sound, Ann and others}" in bib.read_text()
    assert "{author: only the first was seen}" in bib.read_text()
    site.serve()
    assert site.verify("--fix", "1")[0] == 0
    assert "author = {Sound, Ann and Roe, Bob}" in bib.read_text()
    assert "only the first" not in bib.read_text()


def test_a_file_that_is_read_only_is_told_and_stays(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    before = bib.read_bytes()
    bib.chmod(0o444)
    site.serve()
    code, out = site.verify("--fix", "1")
    assert code == 1
    assert "references.bib:1: nothing was written: the file is read-only" in out.splitlines()
    assert (bib.read_bytes(), bib.stat().st_mode & 0o777) == (before, 0o444)


def test_what_a_link_leads_to_is_written(site: Site, source: Path, tmp_path: Path) -> None:
    bib, kept = source / "references.bib", tmp_path / "kept.bib"
    bib.rename(kept)
    bib.symlink_to(kept)
    site.serve()
    assert site.verify("--fix", "1")[0] == 0
    assert bib.is_symlink()
    assert "pmid = {20}" in kept.read_text()


def test_what_was_written_is_no_longer_to_fix(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    edit(bib, "year = {2020}", "year = {2018}")
    edit(bib, "Sound, Ann", "Sonnd, Ann")
    edit(bib, "A False Report", "A False Retort")
    site.serve()
    code, out = site.verify("--fix", "--force")
    assert (code, out.splitlines()[-1]) == (0, "2 references compared; 0 to fix")
    assert "theirs" not in out
    assert not any(one.differs for one in read_ledger(source / FILE).references.values())
    assert site.verify()[0] == 0


def test_an_identifier_of_another_paper_is_still_to_fix_after_force(
    site: Site, source: Path
) -> None:
    bib = source / "references.bib"
    edit(bib, "doi = {10.1234/sound}", "doi = {10.5555/lantern}")
    edit(bib, "{pmid: not seen},", "{doi: recalled; pmid: not seen},")
    site.serve((TRIAL, REPORT, Paper()))
    before = bib.read_text()
    code, out = site.verify("--fix", "--force", "--key", SOUND)
    assert code == 1
    assert "theirs another paper" in out
    assert bib.read_text() == before


# -- Status ----------------------------------------------------------------------------------------
CONCERN = Update("expression_of_concern", "10.5555/concern", (2021, 6, 1))


@pytest.mark.parametrize(
    ("paper", "code", "words"),
    [
        (replace(TRIAL, updated_by=(CORRECTION, RETRACTION)), 1, "write status: retracted"),
        (replace(TRIAL, links=(Link("RetractionIn"),)), 1, "write status: retracted"),
        (replace(TRIAL, types=("Retracted Publication",)), 1, "write status: retracted"),
        (
            replace(TRIAL, updated_by=(CORRECTION, CONCERN)),
            1,
            "write status: expression of concern",
        ),
        # The record says that it was corrected, and names who says so.
        (replace(TRIAL, updated_by=(), links=()), 0, "no notice by"),
    ],
)
def test_a_status_that_disagrees_fails_and_is_shown_with_the_next_build(  # noqa: PLR0913, PLR0917
    site: Site, source: Path, build: Build, paper: Paper, code: int, words: str
) -> None:
    site.serve((paper, REPORT))
    found, out = site.verify()
    assert found == code
    line = line_of(source / "index.md", ":status: corrected")
    assert re.search(rf"(?m)^index\.md:{line}: {SOUND}: .*{words}", out)
    status = words.partition("write status: ")[2] or "corrected"
    data = json.loads((build().outdir / "evidence.json").read_text("utf-8"))
    assert data["papers"][0]["status"] == status


def test_the_check_without_a_network_tells_it_until_the_record_does(
    site: Site, source: Path, build: Build
) -> None:
    def told() -> list[str]:
        return [str(one) for one in check_folder(source).findings if one.kind in {"status", "file"}]

    site.serve((replace(TRIAL, updated_by=(RETRACTION,), links=()), REPORT))
    site.verify()
    line = line_of(source / "index.md", ":status: corrected")
    (found,) = told()
    assert found.startswith(
        f"index.md:{line}: {SOUND}: status is 'corrected', and Crossref, asked on "
    )
    build()  # without a warning: readers see it already
    written = ":status: retracted\n:status-date: 2022-02-03\n:acknowledged: it stays as a warning"
    edit(source / "index.md", ":status: corrected\n:status-date: 2021-05", written)
    assert told() == []
    (source / FILE).write_text("{")
    (found,) = told()
    assert found.startswith(f"{FILE}:1: is not as make verify writes it")


def test_a_notice_is_never_called_retracted(site: Site, source: Path, build: Build) -> None:
    notice = replace(
        TRIAL,
        types=("Retraction Notice",),
        links=(Link("RetractionOf"),),
        updated_by=(),
        update_to=(Update(),),
    )
    site.serve((notice, REPORT))
    code, out = site.verify()
    assert code == 1
    assert "this is the notice" in out
    assert "write status: retracted" not in out
    data = json.loads((build().outdir / "evidence.json").read_text("utf-8"))
    assert data["papers"][0]["status"] == "corrected"


@pytest.mark.parametrize(
    "fault",
    [
        services.status(503),
        services.status(400),
        services.web_page,
        services.cut,
        services.body("{"),
    ],
)
@pytest.mark.parametrize("service", ["works/10.1234/sound", "entrez/eutils/efetch.fcgi"])
def test_who_did_not_answer_is_named_and_nothing_is_called_clean(
    site: Site, source: Path, fault: Fault, service: str
) -> None:
    site.serve((replace(TRIAL, updated_by=(), links=()), REPORT), **{service: fault})
    code, out = site.verify()
    assert code in {1, 3}
    assert re.search(rf"{SOUND}: (Crossref|PubMed) gave no answer: ", out)
    ledger = read_ledger(source / FILE).references
    assert ledger[SOUND].known.status == "unknown"


def test_a_retraction_is_not_forgotten_while_nobody_answers(site: Site, source: Path) -> None:
    retracted = replace(TRIAL, updated_by=(RETRACTION,), links=())
    site.serve((retracted, REPORT))
    site.verify()
    site.serve((replace(retracted, updated_by=()), REPORT), works=services.status(500))
    site.verify()
    assert read_ledger(source / FILE).references[SOUND].known.status == "retracted"


def test_retraction_watch_is_a_third_voice(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = (
        "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
        "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,"
        "RetractionNature,Reason,Paywalled,Notes,\n"
    )
    row = "7,A,,,,,,,,,3/4/2022 0:00,10.5555/n,0,1/1/2020 0:00,10.1234/SOUND,0,Retraction,,No,,\n"
    (source / "watch.csv").write_text(head + row)
    with (source / "conf.py").open("a") as conf:
        conf.write('\nverify_retraction_watch = "watch.csv"\n')
    site.serve()
    code, out = site.verify()
    assert code == 1
    assert "write status: retracted, status-date: 2022-03-04" in out
    (source / "watch.csv").write_text("a,b\n1,2\n")
    code, _, err = site.run(verify.main)
    assert code == 1
    assert err.startswith("conf.py: verify_retraction_watch: watch.csv: ")


@pytest.mark.parametrize(
    ("papers", "message"),
    [
        ((replace(TRIAL, doi="10.1234/elsewhere"), REPORT), "doi: Crossref knows no such DOI"),
        ((replace(TRIAL, known_to=("pubmed",)), REPORT), "doi: Crossref knows no such DOI"),
    ],
)
def test_an_identifier_that_nobody_knows_is_a_finding_and_can_be_accepted(
    site: Site, source: Path, papers: tuple[Paper, ...], message: str
) -> None:
    bib = source / "references.bib"
    site.serve(papers)
    code, out = site.verify()
    assert code == 1
    assert f"references.bib:{line_of(bib, '  doi')}: {SOUND}: {message}" in out
    assert "gave no answer" not in out
    edit(
        bib,
        "  doi = {10.1234/sound}",
        "  accepted = {verify-doi: another agency has it},\n  doi = {10.1234/sound}",
    )
    code, out = site.verify()
    assert code == 0
    assert f"look: {message}" in out
    assert [one for one in check_folder(source).findings if one.kind == "accepted"] == []


@pytest.mark.parametrize("pmid", ["0", "999"])
def test_a_pmid_that_is_none_or_nobody_knows_is_a_finding(
    site: Site, source: Path, pmid: str
) -> None:
    edit(source / "references.bib", "pmcid = {PMC1234567}", f"pmid = {{{pmid}}}")
    site.serve()
    code, out = site.verify()
    assert code == 1
    assert f"{SOUND}: pmid: PubMed knows no such PMID" in out


def test_a_retraction_in_a_record_without_a_doi_is_seen(site: Site) -> None:
    retracted = replace(TRIAL, doi="", types=("Retracted Publication",), pmcid="PMC1234567")
    answer = {
        "status": "ok",
        "records": [{"doi": "10.1234/sound", "pmid": "20", "requested-id": "10.1234/sound"}],
    }
    site.serve(
        (replace(TRIAL, known_to=("crossref",)), replace(retracted, known_to=("pubmed",)), REPORT),
        **{"tools/idconv/api/v1/articles": services.body(json.dumps(answer))},
    )
    code, out = site.verify("--key", SOUND)
    assert code == 1
    assert "write status: retracted" in out


def test_a_notice_that_nobody_names_any_more_is_told_until_somebody_looked(
    site: Site, source: Path
) -> None:
    retracted = replace(TRIAL, updated_by=(RETRACTION,), links=())
    site.serve((retracted, REPORT))
    site.verify()
    site.serve()
    for _ in range(2):
        code, out = site.verify()
        assert code == 1
        assert f"{SOUND}: status: retracted was known (Crossref, asked on " in out
        assert read_ledger(source / FILE).references[SOUND].known.status == "retracted"
    assert site.verify("--accept", SOUND)[0] == 0
    assert read_ledger(source / FILE).references[SOUND].known.status == "corrected"


@pytest.mark.parametrize("fault", [services.status(503), services.web_page])
def test_who_cannot_be_asked_for_a_pmcid_or_a_title_is_told(
    site: Site, source: Path, fault: Fault
) -> None:
    bib = source / "references.bib"
    edit(bib, "  doi = {10.1234/sound},\n", "")
    edit(bib, "  doi = {10.1234/false},\n", "")
    edit(bib, "unverified = {pmid: not seen}", "unverified = {pmid: not seen; doi: not seen}")
    edit(
        bib,
        "unverified = {pmid: not seen; pmcid",
        "unverified = {doi: not seen; pmid: not seen; pmcid",
    )
    site.serve((TRIAL, REPORT), **{"tools/idconv": fault, "articles": fault, "works": fault})
    code, out = site.verify()
    assert code == 3
    assert f"{SOUND}: PubMed gave no answer: " in out
    assert f"{FALSE}: nobody was asked for its title: " in out
    site.serve()
    assert site.verify()[0] == 0


def test_a_record_that_is_gone_or_cannot_be_read_keeps_its_figures(
    site: Site, source: Path
) -> None:
    site.serve()
    site.verify()
    figures = read_ledger(source / FILE).references[SOUND].figures
    assert figures
    text = (source / "index.md").read_text()
    edit(source / "index.md", ":people: 1200 on the medicine", ":people: on the medicine 1200")
    code, out = site.verify()
    assert code == 1
    assert f"{SOUND}: people: " in out
    assert read_ledger(source / FILE).references[SOUND].figures == figures
    (source / "index.md").write_text("# Nothing\n")
    code, out = site.verify()
    assert code == 1
    assert f"{SOUND}: the entry is marked as annotated" in out
    assert read_ledger(source / FILE).references[SOUND].figures == figures
    (source / "index.md").write_text(text.replace(":dose: 3 mg", ":dose: 4 weeks"))
    assert "the figures were changed" in site.verify()[1]


def test_a_paper_that_was_reinstated_says_so_where_its_record_does(
    site: Site, source: Path, build: Build
) -> None:
    edit(source / "index.md", ":status: corrected\n:status-date: 2021-05\n", "")
    edit(
        source / "index.md",
        ":status-source: the page of the publisher",
        ":status-source: retracted and reinstated in 2023, says the publisher",
    )
    back = Update("reinstatement", "10.5555/back", (2023, 1, 1))
    site.serve((replace(TRIAL, updated_by=(RETRACTION, back), links=()), REPORT))
    assert site.verify()[0] == 0
    page = BeautifulSoup((build().outdir / "index.html").read_text("utf-8"), "html.parser")
    told = " ".join(page.select(f"#{SOUND}")[0].text.split())
    assert "As published; retracted and reinstated in 2023, says the publisher." in told


def test_the_page_leads_to_the_notice_and_names_who_knows_it(
    site: Site, source: Path, build: Build
) -> None:
    site.serve((replace(TRIAL, updated_by=(RETRACTION,), links=()), REPORT))
    site.verify()
    page = BeautifulSoup((build().outdir / "index.html").read_text("utf-8"), "html.parser")
    banner = page.select(f"#{SOUND} .study-status")[0]
    assert [link["href"] for link in banner.select("a")] == ["https://doi.org/10.5555/notice"]
    assert "source: Crossref, asked on" in " ".join(banner.text.split())


def test_of_several_papers_with_one_doi_none_is_chosen(site: Site) -> None:
    twin = replace(TRIAL, pmid="22", types=("Retracted Publication",))
    answer = {"esearchresult": {"count": "2", "idlist": ["20", "22"]}}
    fault = services.body(json.dumps(answer))
    site.serve(
        (replace(TRIAL, known_to=("crossref", "pubmed")), twin, REPORT),
        **{
            "entrez/eutils/esearch.fcgi": fault,
            "tools/idconv/api/v1/articles": services.status(404),
        },
    )
    code, out = site.verify("--key", SOUND)
    assert code == 3
    assert "2 papers have this DOI (20, 22); write the right pmid into the entry" in out


def test_among_other_papers_that_a_search_finds_the_right_one_is_taken(site: Site) -> None:
    others = [replace(REPORT, doi=f"10.1234/other{pmid}", pmid=pmid) for pmid in ("30", "31")]
    answer = {"esearchresult": {"count": "3", "idlist": ["30", "20", "31"]}}
    faults = {"entrez/eutils/esearch.fcgi": services.body(json.dumps(answer))}
    faults["tools/idconv/api/v1/articles"] = services.status(404)
    site.serve((replace(TRIAL, types=("Retracted Publication",)), REPORT, *others), **faults)
    code, out = site.verify("--key", SOUND)
    assert code == 1
    assert "write status: retracted" in out


def test_a_service_without_a_search_is_an_answer(site: Site, source: Path) -> None:
    nowhere = services.status(404)
    site.serve(
        (TRIAL, REPORT),
        **{"esearch.fcgi": nowhere, "entrez/eutils/esearch.fcgi": nowhere, "articles": nowhere},
    )
    assert site.verify()[0] == 0


def test_what_could_not_be_read_is_asked_for_again(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    for key in ("sound", "false"):
        edit(bib, f"  doi = {{10.1234/{key}}},\n", "")
    edit(bib, "  pmcid = {PMC1234567},\n", "")
    edit(source / "index.md", ":full-text: free in PubMed Central\n", "")
    wrong = services.body('{"status": "failed", "message-type": "work-list", "message": {}}')
    site.serve((TRIAL, REPORT), works=wrong)
    assert site.run(verify.main)[0] == 3
    site.serve()
    assert site.run(verify.main)[0] == 0


def test_a_notice_on_a_paper_without_a_record_can_be_accepted(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    bib.write_text(
        bib.read_text() + "\n@article{some2020paper,\n  title = {Lanterns for quiet rivers},\n"
        "  author = {Bell, Ada Q. and Stone, Max},\n"
        "  journal = {Journal of Invented Things},\n  year = {2020},\n  doi = {10.5555/lantern},\n"
        "  unverified = {pmid: not seen; pmcid: not seen},\n}\n"
    )
    site.serve((TRIAL, REPORT, Paper(updated_by=(RETRACTION,))))
    code, out = site.verify()
    assert code == 1
    assert re.search(
        r"(?m)^references\.bib:22: some2020paper: status: retracted: .*verify-status", out
    )
    edit(
        bib,
        "  title = {Lanterns",
        "  accepted = {verify-status: cited as a warning},\n  title = {Lanterns",
    )
    assert site.verify()[0] == 0


def test_figures_of_a_record_without_an_identifier_are_watched_too(
    site: Site, source: Path, build: Build
) -> None:
    bib = source / "references.bib"
    edit(bib, "  doi = {10.1234/sound},\n", "")
    edit(bib, "  pmcid = {PMC1234567},\n", "")
    edit(source / "index.md", ":full-text: free in PubMed Central\n", "")
    site.serve()
    assert site.verify()[0] == 0
    page = BeautifulSoup(
        (build(warningiserror=False).outdir / "index.html").read_text("utf-8"), "html.parser"
    )
    assert "Not yet compared with databases." in page.select(f"#{SOUND}")[0].text
    edit(source / "index.md", ":dose: 3 mg", ":dose: 8 mg")
    code, out = site.verify()
    assert code == 1
    assert "(dose: 3 mg is 8 mg now)" in out


def test_an_outage_is_told_once(site: Site, source: Path) -> None:
    bib = source / "references.bib"
    for number in range(4):
        bib.write_text(
            bib.read_text()
            + f"\n@article{{extra{number},\n  title = {{Extra {number}}},\n  doi = {{10.1234/x{number}}},\n}}\n"
        )
    site.serve((TRIAL, REPORT), works=services.status(503))
    code, out = site.verify()
    assert code in {1, 3}
    (line,) = [line for line in out.splitlines() if "Crossref gave no answer: HTTP 503" in line]
    assert line.startswith("references.bib: 6 references: ")


def test_what_verify_asks_for_is_no_change_of_a_figure(site: Site, source: Path) -> None:
    site.serve((replace(TRIAL, updated_by=(RETRACTION,), links=()), REPORT))
    assert site.verify()[0] == 1
    edit(
        source / "index.md",
        ":status: corrected\n:status-date: 2021-05",
        ":status: retracted\n:status-date: 2022-02-03\n:acknowledged: it stays as a warning of 2022",
    )
    assert "the figures were changed" not in site.verify()[1]


# -- Figures ---------------------------------------------------------------------------------------
def test_a_figure_that_the_abstract_lacks_is_told_with_its_line(site: Site, source: Path) -> None:
    edit(source / "index.md", "most frequent: nausea 27.6%", "most frequent: nausea 26.7%")
    site.serve()
    code, out = site.verify()
    assert code == 1
    line = line_of(source / "index.md", ":harms:")
    assert re.search(rf"(?m)^index\.md:{line}: {SOUND}: 26\.7% is not in the abstract", out)
    figures = read_ledger(source / FILE).references[SOUND].figures
    assert figures
    assert figures.found == figures.number - 1


def test_a_figure_that_was_changed_is_told_though_the_abstract_has_it(
    site: Site, source: Path
) -> None:
    site.serve()
    assert site.verify()[0] == 0
    edit(source / "index.md", ":dose: 3 mg", ":dose: 4 mg")
    edit(source / "index.md", ":duration: 4 weeks", ":duration: 4 weeks")
    site.serve((replace(TRIAL, abstract=ABSTRACT + " Some had 4 mg."), REPORT))
    for _ in range(2):  # until somebody looks
        code, out = site.verify()
        assert code == 1
        assert f"{SOUND}: the figures were changed since they were compared on " in out
    assert site.verify("--accept", SOUND)[0] == 0
    assert site.verify()[0] == 0


def test_a_changed_figure_with_a_new_review_is_taken(site: Site, source: Path) -> None:
    site.serve()
    site.verify()
    edit(source / "index.md", ":dose: 3 mg", ":dose: 4 mg")
    edit(source / "index.md", ":reviewed: 2024-03-04", ":reviewed: 2024-03-05")
    site.serve((replace(TRIAL, abstract=ABSTRACT + " Some had 4 mg."), REPORT))
    assert site.verify()[0] == 0


def test_without_an_abstract_no_figure_is_called_compared(
    site: Site, source: Path, build: Build
) -> None:
    site.serve((replace(TRIAL, abstract=""), REPORT))
    code, out = site.verify()
    assert code == 0
    assert "no abstract is given" in out
    page = BeautifulSoup((build().outdir / "index.html").read_text("utf-8"), "html.parser").text
    assert "Reference and status compared with" in " ".join(page.split())


# -- Manners ---------------------------------------------------------------------------------------
def test_without_a_network_there_is_one_line_and_nothing_changes(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve()
    site.verify()
    before = (source / FILE).read_bytes()
    for name in ("CROSSREF_URL", "EUTILS_URL", "IDCONV_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    shutil.rmtree("_build/verify")
    for main, arguments in (
        (verify.main, ()),
        (watch.main, ()),
        (new_paper.main, ("--doi", "10.5555/lantern")),
    ):
        code, out, err = site.run(main, *arguments)
        assert code == 3, main
        assert out == ""
        lines = [line for line in err.splitlines() if not line.startswith("asking: ")]
        assert len(lines) == 1, lines
    assert (source / FILE).read_bytes() == before


def test_a_run_that_was_stopped_goes_on_where_it_was(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = site.serve()
    real = asking.ask
    done: list[int] = []

    def stopped(*arguments: object) -> object:
        if done:
            raise KeyboardInterrupt
        done.append(1)
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(verify, "ask", stopped)
    code, out, err = site.run(verify.main)
    assert code == 130
    assert out.splitlines()[-1] == "1 references compared; 0 to fix"  # what is known is not lost
    assert "Run it again" in err
    assert [*read_ledger(source / FILE).references] == [SOUND]
    monkeypatch.setattr(verify, "ask", real)
    asked = len(server.requests)
    assert site.run(verify.main)[0] == 0
    assert not any("sound" in request.path for request in server.requests[asked:])
    assert {*read_ledger(source / FILE).references} == {FALSE, SOUND}
    asked = len(server.requests)
    assert site.run(verify.main)[0] == 0
    assert len(server.requests) == asked


def test_without_a_network_no_file_is_made(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve()
    for name in ("CROSSREF_URL", "EUTILS_URL", "IDCONV_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert site.run(verify.main)[0] == 3
    assert [path.name for path in source.glob(f"{FILE}*")] == []


HOSTILE = "</script><b>\x1b[31m\u202e{{ 7*7 }} =cmd() \\input{x} \x07"


def test_hostile_words_reach_no_page_and_no_terminal(
    site: Site, source: Path, build: Build
) -> None:
    bad = Update("retraction", f"10.5555/{HOSTILE}", (2021, 1, 1), HOSTILE)
    paper = replace(
        TRIAL, title=f"A Sound Trial of OPRK1 {HOSTILE}", volume=HOSTILE, updated_by=(bad,)
    )
    site.serve((paper, REPORT))
    code, out = site.verify("--fix", "1")
    assert code == 1
    assert SOUND in out
    page = (build().outdir / "index.html").read_text("utf-8")
    assert "</script><b>" not in page
    kept = (source / FILE).read_text("utf-8")
    assert "\x1b" not in kept
    assert "\\u001b" not in kept


@pytest.mark.parametrize(
    "setting", ["CROSSREF_URL=ftp://x", "EUTILS_URL=http://a b", "IDCONV_URL=file:///etc"]
)
def test_a_wrong_address_is_told_in_one_line(
    site: Site, monkeypatch: pytest.MonkeyPatch, setting: str
) -> None:
    name, _, value = setting.partition("=")
    site.serve()
    monkeypatch.setenv(name, value)
    code, out, err = site.run(verify.main)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert name in err


@pytest.mark.parametrize(
    "arguments", [("--force", "1"), ("--accept", "nobody2020"), ("--key", "nobody2020")]
)
def test_wrong_options_are_told(site: Site, arguments: tuple[str, str]) -> None:
    site.serve()
    if arguments[0] == "--force":
        with pytest.raises(SystemExit):
            verify.main(arguments)
    else:
        code, out, err = site.run(verify.main, *arguments)
        assert (code, out, len(err.splitlines())) == (1, "", 1)
        assert "nobody2020" in err


@pytest.mark.parametrize("off", ["0", "", "no"])
def test_a_switch_that_is_off_is_off(site: Site, source: Path, off: str) -> None:
    before = (source / "references.bib").read_bytes()
    site.serve()
    assert site.verify("--fix", off)[0] == 0
    assert (source / "references.bib").read_bytes() == before


def test_a_file_that_cannot_be_written_is_told_before_anybody_is_asked(
    site: Site, source: Path
) -> None:
    (source / f"{FILE}.new").mkdir()
    server = site.serve()
    code, out, err = site.run(verify.main)
    assert (code, out) == (1, "")
    assert err == f"{FILE}.new: Is a directory; nothing was written\n"
    assert not server.requests


def test_a_free_copy_is_told_to_those_who_name_an_address(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(source / "index.md", ":full-text: free in PubMed Central\n", "")
    with (source / "conf.py").open("a") as conf:
        conf.write('\nverify_contact = "someone@example.org"\n')
    place = {
        "url_for_landing_page": "https://example.org/free",
        "host_type": "publisher",
        "url": None,
    }
    server = site.serve(
        (TRIAL, REPORT),
        **{"v2/10.1234/sound": services.body(json.dumps({"best_oa_location": place}))},
    )
    _, out = site.verify()
    assert (
        f"{SOUND}: look: full-text: Unpaywall has a free copy (publisher, https://example.org/free)"
        in out
    )
    assert all(
        "someone@example.org" in request.headers.get("User-Agent", "")
        for request in server.requests
    )
    bad = {"url": "javascript:alert(1)", "host_type": "publisher"}
    site.serve(
        (TRIAL, REPORT),
        **{"v2/10.1234/sound": services.body(json.dumps({"best_oa_location": bad}))},
    )
    assert "Unpaywall" not in site.verify()[1]


@pytest.mark.parametrize(
    ("address", "about"),
    [
        ("https://user:token@github.com/owner/name.git", " (https://github.com/owner/name)"),
        *(("", ""), ("https://token@host.test/owner/name", ""), ("https://gitlab.é.test/o/n", "")),
    ],
)
def test_each_command_tells_where_the_source_of_the_site_is_and_no_token(
    site: Site, source: Path, address: str, about: str
) -> None:
    with (source / "conf.py").open("a") as conf:
        conf.write(f"\nimprint_repository = {address!r}\n")
    for main, *arguments in ((verify.main,), (watch.main,), (new_paper.main, "--doi", TRIAL.doi)):
        shutil.rmtree(source / "_build/verify", ignore_errors=True)
        server = site.serve()
        site.run(main, *arguments)
        assert {request.headers["User-Agent"] for request in server.requests} == {TOOL + about}


# -- The real services -----------------------------------------------------------------------------
def test_the_real_services_answer_in_the_shapes_that_are_read(tmp_path: Path) -> None:
    """Two papers of this site, asked for in the web; without an answer the test is skipped, and says so."""
    entries = [
        entry
        for entry in check_folder(ROOT).entries
        if entry.value("doi") and entry.value("pmid") and not entry.value("unverified")
    ]
    with Services(Settings(), tmp_path, limits=Limits(tries=1, connect=3)) as real:
        for entry in entries[:2]:
            asked = asking.ask(entry, real, None)
            failed = [one.reason for one in asked.answers.values() if isinstance(one, Failed)]
            if not real.reached or any("HTTP" in reason for reason in failed):
                pytest.skip("without the web nobody asks Crossref and PubMed for two real papers")
            assert failed == []
            assert {work.source for work in asked.own} == {CROSSREF, PUBMED}
            assert all(work.title and work.authors and work.years for work in asked.own)
