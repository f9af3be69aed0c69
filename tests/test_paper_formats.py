"""A saved citation becomes the entry that this bibliography has, whatever its format."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bibtex.entry import SourceEntry
from bibtex.reader import parse_bib_file
from bibtex.tex import plain
from conftest import ROOT
from paper import CitationError, Name, Paper, initials, person
from paper_entry import entry_text, fields_of, journal_of, key_of
from paper_file import read_citation
from paper_tex import escaped, name_tex, pages_tex, title_tex

FILES = sorted((Path(__file__).parent / "citations").iterdir())
HOUSE = {entry.key: entry for entry in parse_bib_file(ROOT / "references.bib").entries}
PAPERS = [
    entry
    for entry in HOUSE.values()
    if entry.type == "article" and re.fullmatch(r"[a-z]+\d{4}[a-z]{3,}", entry.key)
    if re.match(r"[^{]+, ", entry.value("author"))
]
RIS = "TY  - JOUR\nAU  - Doe, Jane\nTI  - One Study\nPY  - 2001\n{}ER  - \n"
NBIB = (
    "PMID- 123\nTI  - One Study.\nFAU - Doe, Jane\nDP  - 2001 May\nTA  - J Stud\n{}SO  - J Stud\n"
)


def csl(**fields: object) -> Paper:
    """Return the paper of a CSL-JSON file with *fields*."""
    item = {"type": "article-journal", "title": "One Study", "author": [{"literal": "Doe"}]}
    return read_citation(json.dumps({**item, **fields}).encode())


def entry_of(paper: Paper) -> dict[str, str]:
    """Return the fields of the entry of *paper*."""
    return fields_of(paper, HOUSE.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_format_gives_the_entry_that_is_in_the_bibliography(path: Path) -> None:
    house = HOUSE["karp2014safety"]
    expected = {name: house.value(name) for name in house.fields if name != "unverified"}
    found = entry_of(read_citation(path.read_bytes()))
    if path.suffix == ".nbib":  # PubMed lowers titles and names no publisher
        del expected["publisher"]
        expected["title"] = expected["title"].capitalize()
    assert found.pop("unverified") == ""
    assert found == {**expected, "keywords": "annotated"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_holds_the_citation_tells_the_format(path: Path) -> None:
    for data in (path.read_bytes(), b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n")):
        assert key_of(read_citation(data)) == "karp2014safety"


@pytest.mark.parametrize("entry", PAPERS, ids=lambda entry: entry.key)
def test_keys_titles_and_names_are_made_as_the_bibliography_has_them(entry: SourceEntry) -> None:
    text = "\n".join(f"  {name} = {{{entry.fields[name]}}}," for name in entry.fields)
    paper = read_citation(f"@article{{any,\n{text}\n}}\n".encode())
    # Name, year and a word of the title; which word is for the maintainer to choose.
    made = re.match(r"(.*?\d{4})[a-z]+", key_of(paper))
    assert made
    assert entry.key.startswith(made[1])
    assert entry.key.removeprefix(made[1]) in re.sub(
        r"[^a-z]", "", plain(entry.value("title")).lower()
    )
    paper.protected.clear()  # the capitals are protected by the rule, not by the source
    found = fields_of(paper, [])
    assert found["author"] == entry.value("author")
    assert found["title"] == entry.value("title")
    assert found["unverified"].startswith(entry.value("unverified"))


def test_there_are_papers_to_compare_with() -> None:
    assert len(PAPERS) > 12


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Reynolds, Charles F 3rd", "Reynolds, III, Charles F."),
        ("Reynolds, Charles F., III", "Reynolds, III, Charles F."),
        ("Reynolds III, C.F.", "Reynolds, III, C. F."),
        ("King, Martin Luther, Jr.", "King, Jr., Martin Luther"),
        ("Mann, J John", "Mann, J. John"),
        ("Huang,Yung-yu", "Huang, Yung-yu"),
        ("Sartre, J-P", "Sartre, J.-P."),
        ("Karp, JF", "Karp, J. F."),
        ("LI, JO", "LI, JO".replace("JO", "J. O.")),
        ("SMITH, JO", "SMITH, JO"),
        ("van der Kolk, Bessel A", "van der Kolk, Bessel A."),
        ("O'Brien, É", "O'Brien, É."),
        ("World Health Organization", "{World Health Organization}"),
        ("Smith and Sons, Bob", "{Smith and Sons}, Bob"),
        ("Smith & Sons, Bob", "{Smith \\& Sons}, Bob"),
        ("et al.", "others"),
        ("Smith, Jane, MD, PhD", "Smith, Jane"),
        ("Smith, Jane, M.D., Ph.D.", "Smith, Jane"),
        ("Smith, Jane MD", "Smith, Jane"),
        ("Smith, JA, MS", "Smith, J. A."),
        ("Jane Smith MD", "Smith, Jane"),
        ("Jane Smith, MD, PhD", "Smith, Jane"),
        ("Ludwig van Smith, PhD", "van Smith, Ludwig"),
        ("Prof. Jane Smith, PhD", "Smith, Jane"),
        ("Smith, MD", "Smith, M. D."),
        ("Van Dam, MD", "Van Dam, M. D."),
        ("Smith, John, MD, III", "Smith, III, John"),
        ("Smith, John, Jr., MD", "Smith, Jr., John"),
        ("John Smith Jr.", "Smith, Jr., John"),
        ("Smith JA", "Smith, J. A."),
        ("Smith J.-P.", "Smith, J.-P."),
        ("van der Smith BA", "van der Smith, B. A."),
        ("Smith JA Jr", "Smith, Jr., J. A."),
        ("Smith J 3rd", "Smith, III, J."),
        ("Department of Health, England", "{Department of Health, England}"),
        ("Ministry of Health, Work and Welfare", "{Ministry of Health, Work and Welfare}"),
        ("The ABC Trial Group", "{The ABC Trial Group}"),
        ("Research of Nothing UK", "{Research of Nothing UK}"),
        ("Smith & Sons II", "{Smith \\& Sons II}"),
        ("Union, Mary Jane", "Union, Mary Jane"),
    ],
)
def test_names(written: str, expected: str) -> None:
    assert name_tex(person(written)) == expected


NAMES = [
    ("Smith, Jane, MD, PhD", "Smith, Jane"),
    ("Jane Smith MD", "Smith, Jane"),
    ("Smith JA", "Smith, J. A."),
    ("van der Smith, Jane", "van der Smith, Jane"),
    ("Smith, Jr., John", "Smith, Jr., John"),
    ("World Health Organization", "{World Health Organization}"),
    ("Department of Health, England", "{Department of Health, England}"),
]


@pytest.mark.parametrize(("written", "expected"), NAMES)
def test_names_in_each_format(written: str, expected: str) -> None:
    """In CSL and MEDLINE organisations are marked."""
    bib = f"@article{{a, author = {{{written}}}, title = {{One}}, year = 2001}}"
    assert entry_of(read_citation(bib.encode()))["author"] == expected
    if not written.startswith("Smith, Jr."):
        ris = read_citation(RIS.format("").replace("Doe, Jane", written).encode())
        assert entry_of(ris)["author"] == expected
        assert ris.remarks == []
    if expected.startswith("{") or "," not in written:
        assert entry_of(csl(author=[{"literal": written}]))["author"] == expected
        nbib = NBIB.format("").replace("FAU - Doe, Jane", f"CN  - {written}")
        braced = expected if expected.startswith("{") else f"{{{written}}}"
        assert entry_of(read_citation(nbib.encode()))["author"] == braced
    else:
        nbib = NBIB.format("").replace("Doe, Jane", written)
        assert entry_of(read_citation(nbib.encode()))["author"] == expected


def test_degrees_in_the_parts_of_a_name_are_left_out() -> None:
    people = [
        {"family": "Doe", "given": "Jane, MD, PhD"},
        {"family": "Roe", "given": "A MD", "suffix": "Jr., MD"},
        {"family": "Poe", "given": "Ann", "suffix": "PhD"},
    ]
    author = entry_of(csl(author=people))["author"]
    assert author == "Doe, Jane and Roe, Jr., A. M. D. and Poe, Ann"


def test_a_comma_in_an_organisation_parts_no_name() -> None:
    assert name_tex(Name("Tees, Esk and Wear", is_group=True)) == "{Tees, Esk and Wear}"
    assert initials("") == ""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("491-8", "491--498"),
        ("491-498", "491--498"),
        ("e785-93", "e785--e793"),
        ("S12-9", "S12--S19"),
        ("627-32; quiz 633-4", "627--632; quiz 633--634"),
        ("1–9, 21-9", "1--9, 21--29"),
        ("A-1--A-9", "A-1--A-9"),
        ("xii-xv", "xii--xv"),
        ("9-9", "9"),
        ("2410", "2410"),
        ("e20173652", "e20173652"),
        ("JCO-19-0123", "JCO{-}19{-}0123"),
    ],
)
def test_pages(written: str, expected: str) -> None:
    assert pages_tex(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("OPRK1 and mRNA: a Study.", "{OPRK1} and {mRNA}: a Study"),
        ("A Dose: Self-Care", "A Dose: {Self}-Care"),
        ("Care in the U.S.", "Care in the U.S."),
        ("Is it safe?", "Is it safe?"),
        ("5% of A&E, #1 at $5", "5\\% of A\\&E, \\#1 at {USD} 5"),
        ("A {braced} word", "A braced word"),
    ],
)
def test_titles(written: str, expected: str) -> None:
    assert title_tex(written) == expected


def test_words_that_the_source_protects_stay_protected() -> None:
    assert title_tex("A Scale of Beck", ["Beck"]) == "A Scale of {Beck}"
    paper = read_citation(b"@article{a, title = {A Scale of {Beck}}, year = 2001}")
    assert entry_of(paper)["title"] == "A Scale of {Beck}"


@pytest.mark.parametrize("text", ["a & b_c 5% #1 ~x", "it's “so”", "é μ κ <5>"])
def test_escaped_text_is_printed_as_it_was(text: str) -> None:
    assert plain(escaped(text)) == text


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("The American journal of psychiatry", "American Journal of Psychiatry"),
        ("Neuroimage. Clinical", "NeuroImage: Clinical"),
        ("The Lancet", "The Lancet"),
        ("The Journal of Nowhere", "Journal of Nowhere"),
        ("Addiction and health", "Addiction and Health"),
        ("Cladistics : the journal of a society", "Cladistics"),
        ("Una revista de psicología = A review", "Una Revista de Psicología"),
        ("eLife", "eLife"),
        ("PLOS ONE", "PLOS ONE"),
    ],
)
def test_a_journal_is_called_as_in_other_entries(written: str, expected: str) -> None:
    assert journal_of(written, HOUSE.values()) == expected


def test_a_journal_of_the_nlm_catalogue_loses_its_place() -> None:
    for place in ("Abingdon, England", "New York, N.Y. : 1991", "Clinical research ed.", "1939"):
        text = NBIB.format("").replace("J Stud\nSO", f"Addiction ({place})\nSO")
        assert read_citation(text.encode()).fields["journal"] == "Addiction"


@pytest.mark.parametrize(
    "name",
    [
        "Proceedings (Baylor University. Medical Center)",
        "Proceedings (Institute of Nothing, Nowhere)",
        "Proceedings (Nowhere (Pa. : Township))",
        "Proceedings (House of Nothing : Part Two)",
    ],
)
def test_a_journal_keeps_brackets_that_hold_no_place(name: str) -> None:
    text = NBIB.format("").replace("J Stud\nSO", f"{name}\nSO")
    assert entry_of(read_citation(text.encode()))["journal"] == name
    assert entry_of(csl(**{"container-title": name}))["journal"] == name


def test_identifiers_are_bare_and_an_address_is_kept_only_without_them() -> None:
    paper = csl(DOI="https://doi.org/10.1234/Ab.1.", PMCID="123", URL="https://example.org/")
    fields = entry_of(paper)
    assert (fields["doi"], fields["pmcid"]) == ("10.1234/Ab.1", "PMC123")
    assert "url" not in fields
    assert fields["unverified"] == "pmid: not seen"
    assert "url" in entry_of(csl(DOI="see the publisher", URL="https://example.org/"))
    fields = entry_of(csl(URL="https://example.org/"))
    assert fields["url"] == "https://example.org/"
    assert fields["unverified"].endswith("pmcid: not seen; url: not opened")
    assert "urldate" not in fields
    fields = entry_of(csl(URL="https://example.org/", accessed={"date-parts": [[2020, 2, 29]]}))
    assert fields["urldate"] == "2020-02-29"


def test_what_the_source_declares_unverified_stays() -> None:
    bib = (
        "@article{a, title = {A}, unverified = {wording: not read; pmid: lost}, doi = {10.1234/a}}"
    )
    fields = entry_of(read_citation(bib.encode()))
    assert fields["unverified"] == "wording: not read; pmid: lost; pmcid: not seen"


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("PT  - Retracted Publication\n", "retracted"),
        ("RIN - J Stud. 2002;1(1):1\nEIN - J Stud. 2001;1(1):9\n", "retracted"),
        ("ECI - J Stud. 2002;1(1):1\n", "expression of concern"),
        ("EIN - J Stud. 2002;1(1):1\n", "corrected"),
        ("PT  - Corrected and Republished Article\n", "corrected"),
        ("PT  - Journal Article\nCIN - J Stud. 2002;1(1):1\n", ""),
    ],
)
def test_what_pubmed_says_of_a_notice_is_the_status(lines: str, status: str) -> None:
    assert read_citation(NBIB.format(lines).encode()).status == status


@pytest.mark.parametrize(
    ("updates", "status"),
    [(["correction", "retraction"], "retracted"), (["corrigendum"], "corrected"), ([], "")],
)
def test_what_crossref_says_of_a_notice_is_the_status(updates: list[str], status: str) -> None:
    assert csl(**{"updated-by": [{"type": update} for update in updates]}).status == status


@pytest.mark.parametrize(
    "text",
    [
        RIS.format("").replace("One", "RETRACTED: One"),
        NBIB.format("").replace("One", "[WITHDRAWN] One"),
        "@article{a, title = {{RETRACTED ARTICLE}: One}, year = 2001}",
        json.dumps({"title": "WITHDRAWN: One"}),
    ],
)
def test_a_title_that_says_retracted_is_the_status(text: str) -> None:
    assert read_citation(text.encode()).status == "retracted"


def test_authors_keep_their_order_among_organisations() -> None:
    paper = read_citation(NBIB.format("CN  - A Group, B\nFAU - Roe, R\n").encode())
    assert entry_of(paper)["author"] == "Doe, Jane and {A Group, B} and Roe, R."


def test_short_names_are_taken_where_pubmed_has_no_others() -> None:
    text = NBIB.format("").replace("FAU - Doe, Jane", "AU  - De Doe JA 3rd")
    assert entry_of(read_citation(text.encode()))["author"] == "De Doe, III, J. A."


def test_biblatex_and_second_parts_become_bibtex() -> None:
    bib = "@online{a, title = {One}, subtitle = {Two}, date = {2001-02}, langid = {english}, file = {x}}"
    paper = read_citation(bib.encode())
    assert (paper.type, paper.fields) == ("misc", {"title": "One: Two", "year": "2001-02"})
    assert paper.remarks == ["left out of the entry: file, langid"]


@pytest.mark.parametrize(
    ("type_", "bibtex", "field"),
    [
        ("BOOK", "book", "publisher"),
        ("CHAP", "incollection", "publisher"),
        ("RPRT", "techreport", "institution"),
        ("THES", "phdthesis", "school"),
        ("ELEC", "misc", "publisher"),
    ],
)
def test_other_types(type_: str, bibtex: str, field: str) -> None:
    text = RIS.format("PB  - House\nT2  - In It\n").replace("JOUR", type_)
    paper = read_citation(text.encode())
    assert (paper.type, entry_of(paper)[field]) == (bibtex, "House")


def test_markup_and_entities_are_taken_out() -> None:
    text = "<i>OPRK1</i> &amp; H<sub>2</sub>O, p &lt; 0.05,\u00a0ultra\u2010low\u00ad"
    assert csl(title=text).fields["title"] == "OPRK1 & H2O, p < 0.05, ultra-low"


@pytest.mark.parametrize(
    "lines",
    [
        "UR  - https://example.org/\nL2  - http://www.ncbi.nlm.nih.gov/pubmed/123\n",
        "UR  - https://pubmed.ncbi.nlm.nih.gov/123/\n",
        "C3  - PUBMED 123,EMBASE 456\n",
        "C2  - 123\nDB  - Scopus\n",
        "C5  - 123\nDB  - Embase\nMedline\n",
        "N1  - PMID: 123\n",
    ],
)
def test_the_pubmed_number_is_found_where_databases_put_it(lines: str) -> None:
    paper = read_citation(RIS.format(f"{lines}L2  - https://example.org/articles/PMC45\n").encode())
    assert (paper.fields["pmid"], paper.fields["pmcid"]) == ("123", "PMC45")


def test_a_number_that_may_be_anything_is_no_pubmed_number() -> None:
    paper = read_citation(RIS.format("C2  - 123\nAN  - 123\nN1  - see PMID: 123\n").encode())
    assert "pmid" not in paper.fields


def test_several_authors_on_one_line_are_parted() -> None:
    paper = read_citation(RIS.format("").replace("Jane", "Jane; Roe, R.").encode())
    assert entry_of(paper)["author"] == "Doe, Jane and Roe, R."


def test_an_author_without_a_comma_and_capitals_are_told() -> None:
    text = RIS.format("").replace("Doe, Jane", "Jane Doe").replace("One Study", "ONE STUDY")
    remarks = read_citation(text.encode()).remarks
    assert "'Jane Doe' has no comma" in remarks[0]
    assert "title is in capitals" in remarks[1]


WRONG: list[tuple[bytes | str, int, str]] = [
    (b"", 1, "empty"),
    (b" \n\n", 1, "empty"),
    (b"\x89PNG\r\n\x1a\n\x00\xff", 1, "no text"),
    (RIS.format("").encode("utf-16"), 1, "no text"),
    (RIS.format("").replace("Doe", "Dö").encode("latin-1"), 2, "0xf6 is not UTF-8"),
    (RIS.format("").replace("Doe", "D\ufffd"), 2, "a character is lost"),
    ("<!doctype html><title>One</title>", 1, "a web page"),
    ("One Study. J Stud 2001.", 1, "no citation in RIS"),
    (RIS.format("") * 2, 6, "2 papers in one file"),
    (RIS.format("").partition("PY")[0], 3, "no line ER"),
    (RIS.format("").replace("TI  - One Study\n", ""), 0, "no title"),
    (NBIB.format("") + "\n" + NBIB.format(""), 8, "2 papers in one file"),
    (NBIB.format("").partition("DP")[0], 3, "no line SO"),
    (NBIB.format("<p>\n"), 6, "'<p>' is no line"),
    ("@article{a, title = {One}}\n@article{b, title = {Two}}", 2, "2 papers in one file"),
    ("@article{a,\n title = {One,\n year = {2001}}", 2, "brace of title is not closed"),
    ("@article{a,\n author = {Doe, Jane, Roe, Rick},\n title = {One}}", 2, "more than one person"),
    ("@comment{a}", 1, "0 papers"),
    ('{\n"title": One}', 2, "no JSON"),
    ("[" * 100_000, 1, "no"),
    ("[]", 0, "0 papers"),
    ('[{"title": "One"}, {"title": "Two"}]', 0, "2 papers in one file"),
    ('{"status": "ok"}', 0, "no CSL-JSON"),
    ('{"title": {"en": "One"}}', 0, "title is neither a text nor a number"),
    ('{"title": "One", "author": "Doe"}', 0, "author is no list"),
    ('{"title": "One", "author": [{"given": ""}]}', 0, "an author has no name"),
]


@pytest.mark.parametrize(("content", "line", "words"), WRONG)
def test_a_file_that_will_not_do_is_refused(content: bytes | str, line: int, words: str) -> None:
    data = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(CitationError, match=re.escape(words)) as caught:
        read_citation(data)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("change", [{"title": "On the"}, {"year": "soon"}, {"authors": []}])
def test_without_author_year_or_title_there_is_no_key(change: dict[str, Any]) -> None:
    paper = Paper(fields={"title": "One", "year": "2001"}, authors=[Name("Doe")])
    assert key_of(paper) == "doe2001one"
    paper.authors = change.pop("authors", paper.authors)
    paper.fields |= change
    with pytest.raises(CitationError, match="add KEY="):
        key_of(paper)


def test_the_entry_looks_like_the_others() -> None:
    paper = read_citation(FILES[0].read_bytes())
    text = (ROOT / "references.bib").read_text()
    house = text[text.index("@article{karp2014safety") :].partition("\n\n")[0]
    house = re.sub(r"  unverified = .*\n|  keywords = .*\n", "", house)
    found = entry_text("karp2014safety", paper, HOUSE.values())
    assert found == house.removesuffix("}") + "  keywords = {annotated},\n}\n"
