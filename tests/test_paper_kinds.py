"""What a citation is of: a notice is refused, a preprint is called one; its year and its DOI are found."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest
from pybtex.database import parse_string

from bibcheck.check import check
from paper import CitationError, Paper
from paper_entry import entry_text, fields_of
from paper_file import read_citation
from paper_record import skeleton
from references.nlm_style import reference
from samples import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

TITLE = "One Study"


def ris(*lines: str, title: str = TITLE, type_: str = "JOUR") -> str:
    """Return a paper in RIS with *lines*."""
    middle = "".join(f"{line}\n" for line in lines)
    return f"TY  - {type_}\nAU  - Doe, Jane\nTI  - {title}\n{middle}ER  - \n"


def nbib(*lines: str, title: str = TITLE, source: str = "J Stud") -> str:
    """Return a paper in NBIB with *lines*."""
    middle = "".join(f"{line}\n" for line in lines)
    return f"PMID- 123\nTI  - {title}.\nFAU - Doe, Jane\nJT  - J Stud\n{middle}SO  - {source}\n"


def csl(**fields: Any) -> str:  # noqa: ANN401
    """Return a paper in CSL-JSON with *fields*."""
    item = {"type": "article-journal", "title": TITLE, "author": [{"literal": "Doe"}]}
    return json.dumps({**item, **fields})


def bib(*fields: str, title: str = TITLE, type_: str = "article") -> str:
    """Return a paper in BibTeX with *fields*."""
    return f"@{type_}{{a, author = {{Doe, Jane}}, title = {{{title}}}, {', '.join(fields)}}}"


def paper(text: str) -> Paper:
    """Return the paper in *text*."""
    return read_citation(text.encode())


def entry(text: str) -> Mapping[str, str]:
    """Return the fields of the entry of the paper in *text*."""
    return fields_of(paper(text), [])


FORMATS = [ris, nbib, csl, bib]


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("Retraction notice to \u201cOne Study\u201d [J Stud 1 (2001) 1\u20139]", "retracted"),
        ("Retraction of: One Study", "retracted"),
        ("Retraction: One Study", "retracted"),
        ("RETRACTION: One Study", "retracted"),
        ("Notice of Retraction. Doe J. One Study", "retracted"),
        ("Retraction for Doe et al., One Study", "retracted"),
        ("Retracted: One Study", "retracted"),
        ("[Retracted] One Study", "retracted"),
        ("Withdrawn: One Study", "retracted"),
        ("Withdrawal notice to: One Study", "retracted"),
        ("Corrigendum to: One Study", "corrected"),
        ("Erratum", "corrected"),
        ("Erratum to: One Study", "corrected"),
        ("Correction to One Study", "corrected"),
        ("Correction: One Study", "corrected"),
        ("Author Correction: One Study", "corrected"),
        ("Publisher\u2019s Correction: One Study", "corrected"),
        ("Expression of concern: One Study", "expression of concern"),
        ("Editorial Expression of Concern: One Study", "expression of concern"),
    ],
)
def test_the_title_of_a_notice_is_refused(written: Any, title: str, status: str) -> None:  # noqa: ANN401
    with pytest.raises(CitationError, match="import the paper itself") as caught:
        paper(written(title=title))
    assert f"set the status of its record to {status}" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (nbib("PT  - Published Erratum"), "corrected"),
        (nbib("PT  - Retraction of Publication"), "retracted"),
        (nbib("PT  - Retraction Notice"), "retracted"),
        (nbib("PT  - Expression of Concern"), "expression of concern"),
        (nbib("ROF - Doe J. J Stud. 2001;1(1):1"), "retracted"),
        (nbib("EFR - Doe J. J Stud. 2001;1(1):1"), "corrected"),
        (csl(**{"update-to": [{"type": "retraction", "DOI": "10.1234/a"}]}), "retracted"),
        (csl(**{"update-to": [{"type": "expression_of_concern"}]}), "expression of concern"),
        (csl(type="retraction"), "retracted"),
        (csl(genre="Published Erratum"), "corrected"),
        (ris("M3  - Erratum"), "corrected"),
        (ris("M3  - Retraction"), "retracted"),
        (ris("N1  - Publication type: Correction"), "corrected"),
        (ris("N1  - Erratum for: J Stud 2001"), "corrected"),
        (ris("N1  - 1234-5679 Doe, Jane Retraction of Publication England"), "retracted"),
        (ris(type_="ERRATUM"), "corrected"),
        (bib("type = {Erratum}"), "corrected"),
        (bib("note = {Retraction of One Study}"), "retracted"),
        (bib(type_="retraction"), "retracted"),
    ],
)
def test_the_type_of_a_notice_is_refused(text: str, status: str) -> None:
    with pytest.raises(CitationError, match=f"this is a notice .* its record to {status}$"):
        paper(text)


@pytest.mark.parametrize("written", FORMATS)
@pytest.mark.parametrize(
    ("title", "status"),
    [
        ("RETRACTED: One Study", "retracted"),
        ("RETRACTED ARTICLE: One Study", "retracted"),
        ("Retracted article: One Study", "retracted"),
        ("WITHDRAWN: One Study", "retracted"),
        ("Withdrawal: A Study", ""),
        ("Withdrawn from a Trial of Nothing: A Study", ""),
        ("Correction of Sleep: A Study of Many Years", ""),
        ("Correction for Multiple Testing", ""),
        ("Retraction Notices in Journals", ""),
        ("Expressions of Concern in Families", ""),
    ],
)
def test_a_paper_is_no_notice(written: Any, title: str, status: str) -> None:  # noqa: ANN401
    assert paper(written(title=title)).status == status


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (nbib("PT  - Retracted Publication", title="Retracted: One Study"), "retracted"),
        (ris("M3  - Retracted"), "retracted"),
        (ris("N1  - Erratum in: J Stud 2002"), ""),
        (
            csl(DOI="10.1234/A", **{"update-to": [{"type": "removal", "DOI": "10.1234/a"}]}),
            "retracted",
        ),
        (csl(**{"update-to": [{"type": "new_version"}]}), ""),
    ],
)
def test_a_paper_on_which_there_is_a_notice_is_none(text: str, status: str) -> None:
    assert paper(text).status == status


DOI = "10.1234/Ab_c(1)"


@pytest.mark.parametrize(
    "text",
    [
        *(ris(f"{tag}  - {DOI}") for tag in ("DO", "M3", "L3", "UR", "N1", "AN", "LK")),
        *(ris(f"{tag}  - https://doi.org/{DOI}.") for tag in ("DO", "M3", "L3", "UR", "LK")),
        *(ris(f"{tag}  - doi: {DOI};") for tag in ("DO", "M3", "L3", "N1", "AN")),
        ris(f"UR  - https://example.org/doi/full/{DOI}?mode=1#top"),
        ris("UR  - https://dx.doi.org/10.1234%2FAb_c%281%29"),
        ris("UR  - https://example.org/1", f"UR  - http://dx.doi.org/{DOI}"),
        ris("N1  - Comment on: doi: 10.1234/other", f"N1  - (doi:{DOI})"),
        ris("DO  - ", f"M3  - DOI:{DOI}"),
        nbib(f"LID - {DOI} [doi]"),
        nbib("LID - 10.1234/pii [pii]", f"AID - doi:{DOI}. [doi]"),
        nbib(source=f"J Stud. 2001;1(1):1. doi: {DOI}. Epub 2001 May 1."),
        csl(DOI=f"doi:{DOI}."),
        csl(URL=f"https://doi.org/{DOI}"),
        bib(f"doi = {{https://doi.org/{DOI}}}"),
        bib("doi = {10.1234/Ab\\_c(1)}"),
        bib(f"url = {{https://www.doi.org/{DOI},}}"),
        bib(f"note = {{doi: {DOI}.}}"),
        bib(f"note = {{\\url{{https://doi.org/{DOI}}}}}"),
        bib(f"ee = {{https://doi.org/{DOI}}}"),
        bib(f"eprint = {{{DOI}}}"),
        bib(f"eprint = {{https://example.org/doi/pdf/{DOI}}}"),
    ],
)
def test_the_doi_is_found_where_publishers_put_it(text: str) -> None:
    found = entry(text)
    assert found["doi"] == DOI
    assert found.keys() & {"url", "note", "eprint"} == set()


@pytest.mark.parametrize(
    "text",
    [
        ris("N1  - Erratum in: J Stud, doi: 10.1234/other"),
        ris("UR  - https://example.org/10.1234"),
        nbib("EIN - J Stud. 2002. doi: 10.1234/other"),
        csl(URL="https://example.org/"),
        bib("note = {Comment on: 10.1234/other}"),
    ],
)
def test_the_doi_of_another_paper_is_not_taken(text: str) -> None:
    assert "doi" not in entry(text)


def dates(**years: int) -> dict[str, object]:
    """Return *years* as dates of CSL."""
    return {name.replace("_", "-"): {"date-parts": [[year, 1]]} for name, year in years.items()}


PLACE = ("VL  - 7", "SP  - 1")
BOTH = "print 2014, online 2013: 2014 is used"
AHEAD = "print 2014, online 2013: 2013 is used"


@pytest.mark.parametrize(
    ("text", "year", "remark"),
    [
        (csl(volume=7, **dates(issued=2013, published_print=2014)), "2014", BOTH),
        (csl(volume=7, **dates(issued=2014, published_online=2013)), "2014", BOTH),
        (csl(page="1", **dates(published_print=2014, published_online=2013)), "2014", BOTH),
        (csl(**dates(published_print=2014, published_online=2013)), "2013", AHEAD),
        (
            csl(volume=7, **{"journal-issue": dates(published_print=2014)}, **dates(issued=2013)),
            "2014",
            BOTH,
        ),
        (csl(volume=7, **dates(issued=2014, published_print=2014)), "2014", ""),
        (csl(**dates(published_online=2013)), "2013", ""),
        (nbib("DP  - 2014 Aug", "DEP - 20131001", "VI  - 7"), "2014", BOTH),
        (nbib("DP  - 2014 Aug", "DEP - 20131001"), "2013", AHEAD),
        (nbib("DP  - 2014 Aug", "DEP - 20140101", "VI  - 7"), "2014", ""),
        (ris("PY  - 2014", "Y1  - 2013/10/01", "DA  - 2014/08/01", *PLACE), "2014", BOTH),
        (ris("PY  - 2014///", "ET  - 2013/10/01", *PLACE), "2014", BOTH),
        (ris("Y1  - 2013/10/01", "DA  - 2014/08/01", *PLACE), "2014", BOTH),
        (ris("PY  - 2014", "DA  - 2013/10/01"), "2013", AHEAD),
        (ris("PY  - 2014", "DA  - 2014/10/01", *PLACE), "2014", ""),
        (ris("PY  - 2014", "ET  - 2nd", type_="BOOK"), "2014", ""),
    ],
)
def test_the_year_is_that_of_the_issue(text: str, year: str, remark: str) -> None:
    found = paper(text)
    assert fields_of(found, [])["year"] == year
    assert [line for line in found.remarks if line.startswith("print")] == [remark][: len(remark)]


@pytest.mark.parametrize(
    ("text", "server", "doi"),
    [
        (
            csl(type="posted-content", DOI="10.1101/2020.01", institution=[{"name": "medRxiv"}]),
            "medRxiv",
            "10.1101/2020.01",
        ),
        (
            csl(type="article", genre="preprint", publisher="PsyArXiv", DOI="10.31234/a"),
            "PsyArXiv",
            "10.31234/a",
        ),
        (csl(type="article", DOI="10.21203/rs.1"), "Research Square", "10.21203/rs.1"),
        (
            csl(type="posted-content", publisher="Server of Nothing", DOI="10.1234/a"),
            "Server of Nothing",
            "10.1234/a",
        ),
        (ris("DO  - 10.31234/a", type_="UNPB"), "PsyArXiv", "10.31234/a"),
        (ris("PB  - medRxiv", "DO  - 10.1101/2020.01", type_="GEN"), "medRxiv", "10.1101/2020.01"),
        (
            ris("T2  - bioRxiv", "DO  - 10.1101/2020.01", "SP  - 2020.01"),
            "bioRxiv",
            "10.1101/2020.01",
        ),
        (ris("M3  - Preprint", "T2  - SSRN", "DO  - 10.2139/ssrn.1"), "SSRN", "10.2139/ssrn.1"),
        (
            bib("eprint = {2001.00001}", "archiveprefix = {arXiv}", type_="misc"),
            "arXiv",
            "10.48550/arXiv.2001.00001",
        ),
        (
            bib("eprint = {2001.00001v2}", "note = {Draft}", type_="unpublished"),
            "arXiv",
            "10.48550/arXiv.2001.00001",
        ),
        (bib("journal = {arXiv preprint arXiv:2001.00001}"), "arXiv", "10.48550/arXiv.2001.00001"),
        (
            bib("eprint = {a}", "eprinttype = {PsyArXiv}", "doi = {10.31234/a}", type_="online"),
            "PsyArXiv",
            "10.31234/a",
        ),
        (
            nbib("PT  - Preprint", "LID - 10.1101/2020.01 [doi]").replace(
                "J Stud\n", "medRxiv : the server\n", 1
            ),
            "medRxiv",
            "10.1101/2020.01",
        ),
    ],
)
def test_a_preprint_says_which_server_has_it(
    tmp_path: Path, text: str, server: str, doi: str
) -> None:
    found = paper(text)
    found.fields["year"] = "2020"
    written = entry_text("doe2020one", found, [])
    assert written.startswith("@misc{doe2020one,\n")
    read = parse_string(written, "bibtex").entries["doe2020one"]
    assert (read.fields["howpublished"], read.fields["doi"]) == (f"{server} [Preprint]", doi)
    assert f"One Study. {server} [Preprint]. 2020. " in str(reference(read)) + " "
    assert found.remarks[0].startswith(f"this is a preprint, not peer-reviewed ({server})")
    record = skeleton("doe2020one", found, dt.date(2020, 1, 2), VOCABULARY)
    assert "\n:method: preprint, not peer-reviewed\n" in record
    (tmp_path / "a.bib").write_text(written)
    assert check({"a.bib": tmp_path / "a.bib"}).findings == []


def test_a_preprint_without_server_and_doi_says_what_is_missing() -> None:
    found = paper(bib("year = 2020", "url = {https://example.org/}", type_="preprint"))
    assert "add the server to howpublished" in found.remarks[0]
    assert fields_of(found, [])["unverified"] == "doi: not seen; url: not opened"


@pytest.mark.parametrize(
    "text",
    [
        csl(DOI="10.31234/a", **{"container-title": "Journal of Nothing"}),
        ris("PB  - Nobody", "UR  - https://example.org/", type_="GEN"),
        bib("eprint = {123}", "eprinttype = {pubmed}", type_="misc"),
        bib("journal = {Journal of Nothing}", "eprint = {2001.00001}", "archiveprefix = {arXiv}"),
        nbib("PT  - Journal Article", "LID - 10.1101/2020.01 [doi]"),
    ],
)
def test_a_paper_in_a_journal_and_a_web_page_are_no_preprints(text: str) -> None:
    found = paper(text)
    assert "howpublished" not in found.fields
    assert not any("preprint" in remark for remark in found.remarks)


def test_a_later_version_of_a_preprint_is_named() -> None:
    found = paper(nbib("PT  - Preprint", "UIN - J Stud. 2021;1(1):1"))
    assert "a later version is in J Stud. 2021;1(1):1" in found.remarks
