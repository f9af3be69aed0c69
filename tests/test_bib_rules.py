"""What the check of the bibliography finds: for each kind an example, and one that is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from bibcheck.check import ENTRY_RULES, FATAL, EntryRule, check
from bibtex.entry import as_bibliography
from bibtex.reader import ParsedFile, parse_bib
from check import citations
from common.text import today
from pages import read_page
from samples import GOOD, OTHER, checked

if TYPE_CHECKING:
    from pathlib import Path

    from common.findings import Finding


class Case(NamedTuple):
    """A change that makes the good file wrong, or one that leaves it right."""

    kind: str
    #: What is replaced in ``GOOD``, and by what.
    old: str
    new: str
    #: The line of the finding, and a word of how to fix it.
    line: int
    fix: str


WRONG = [
    Case("encoding", "One Study", "One\x00 Study", 3, "delete"),
    Case("encoding", "One Study", "One\ufffd Study", 3, "delete"),
    Case("byte-order-mark", "@article", "\ufeff@article", 1, "without it"),
    Case("line-ending", "2001},\n", "2001},\r\n", 5, "LF"),
    Case("missing-brace", "{Journal of Studies}", "{Journal of Studies", 4, "put }"),
    Case("missing-brace", "site},\n}", "site},\n", 1, "put }"),
    Case("missing-brace", "{2001},\n  pages", "{2001, pages", 5, "before the field pages"),
    Case("missing-brace", "{2001}", "{{2001}", 5, "put }"),
    Case("missing-brace", "site},\n}", "site}\n", 1, "behind its last field"),
    Case("missing-brace", "site},\n}", "site,\n", 8, "at its end"),
    Case("extra-brace", "{2001}", "{2001}}", 5, "delete"),
    Case("extra-brace", "site},\n}", "site},\n}}", 9, "delete"),
    Case("missing-comma", "doe2001one,", "doe2001one", 1, "put one at the end"),
    Case("missing-comma", "{2001},", "{2001}", 5, "before pages"),
    Case("missing-key", "doe2001one,", "", 2, "behind the brace"),
    Case("missing-key", "doe2001one,", ",", 1, "behind the brace"),
    Case("unterminated-quote", "{2001}", '"2001', 5, "put one"),
    Case("unterminated-quote", "{2001},\n", '"2001,\n  volume = "7",\n', 5, "before the field"),
    Case("undefined-string", "{2001}", "MMI", 5, "{MMI}"),
    Case("repeated-field", "year =", "doi =", 7, "keep one"),
    Case("stray-text", "@article", "My list\n@article", 1, "put it into one"),
    Case("stray-text", "@article", "% mail me@example.org\n@article", 1, "delete the @"),
    Case("syntax", "year = {2001}", "year {2001}", 5, "fix"),
    Case("syntax", "year = {2001}", "year = ", 5, "fix"),
    Case("key-style", "doe2001one", "Doe2001One", 1, "lower-case"),
    Case("key-style", "doe2001one", "2001doe", 1, "a letter first"),
    Case("key-style", "doe2001one", "doe_2001", 1, "hyphens"),
    Case("unknown-type", "@article", "@report", 1, "@techreport"),
    Case("unknown-type", "@article", "@thesis", 1, "@phdthesis"),
    Case("unknown-type", "@article", "@online", 1, "@misc"),
    Case("unknown-type", "@article", "@artcle", 1, "did you mean article"),
    Case("unknown-field", "pages", "pagse", 6, "did you mean pages"),
    Case("biblatex-field", "journal", "journaltitle", 4, "write journal"),
    Case("biblatex-field", "year", "date", 5, "write year"),
    Case("missing-field", "  title = {One Study of {OPRK1} \\& Co},\n", "", 1, "title"),
    Case("missing-field", "  year = {2001},\n", "", 1, "{year: why}"),
    Case("empty-field", "{2001}", "{ }", 5, "fill it in"),
    Case("author-separator", "Jane and Roe, III, R", "Jane, Roe, R", 2, "'and'"),
    Case("author-separator", "Doe, Jane and", "Doe, Jane, Roe, Rita, Poe, Ann and", 2, "'and'"),
    Case("author-separator", "Doe, Jane and", "Doe, J.; Poe, A. and", 2, "'and'"),
    *(
        Case("author-separator", "Doe, Jane and Roe, III, Richard and others", name, 2, fix)
        for name, fix in (
            ("Doe J, Roe R", "'and'"),
            ("Doe JM, Roe R, Poe AB", "'and'"),
            ("Doe J, Roe R and Poe, Ann", "'and'"),
            ("Doe J. M., Roe R. B.", "'and'"),
            ("Jane Doe, Richard Roe", "'and'"),
            ("Jane Doe, Richard Roe and Ann Poe", "'and'"),
            ("Doe, J., Roe, R.", "'and'"),
            ("Doe, Jane and and Roe, Richard", "too many"),
            ("and Doe, Jane", "too many"),
            ("Doe, Jane and", "too many"),
            ("Jane Doe, and Richard Roe", "comma too many"),
        )
    ),
    *(
        Case("author-form", "Doe, Jane and Roe, III, Richard and others", name, 2, fix)
        for name, fix in (
            ("Doe J", "'Doe, J.'"),
            ("Doe JM and Roe, R", "'Doe, J. M.'"),
            ("Doe J.", "'Doe, J.'"),
            ("Fulton, James E., Jr.", "'Fulton, Jr., James E.'"),
            ("Writer, Laura, III", "'Writer, III, Laura'"),
            ("Merle, J., C.", "'Merle, J. C.'"),
            ("Martin Luther King, Jr.", "'King, Jr., Martin Luther'"),
            ("John Smith III", "'Smith, III, John'"),
            ("Smith, John MD", "MD"),
            ("Smith, John, MD", "MD"),
            ("Smith, John, M.D., PhD", "M.D."),
            ("Jones, PhD", "PhD"),
            ("Dr. Jane Doe", "Dr."),
            ("Doe1, Jane", "1"),
            ("Doe, Jane*", "*"),
            ("World Health Organization", "braces"),
            ("Department of Health, England", "braces"),
            ("given={Jane}, family={Doe}", "Family, Given"),
        )
    ),
    Case("et-al", "others", "et al.", 2, "and others"),
    Case("special-character", "\\&", "&", 3, "\\&"),
    Case("special-character", "One Study", "One% Study", 3, "\\%"),
    Case("special-character", "One Study", "One_Study", 3, "\\_"),
    Case("raw-tex", "One Study", "\\emph{One} Study", 3, "\\emph"),
    Case("raw-tex", "One Study", "One $x_1$ Study", 3, "write the characters"),
    Case("raw-tex", "another site", "another \\emph{site}", 8, "\\emph"),
    Case("tex-error", "One Study", "{One% Study}", 3, "fix its braces"),
    Case("tex-error", "Co}", "Co\\}", 3, "fix its braces"),
    Case("unbalanced-math", "One Study", "One 5$ Study", 3, "USD"),
    Case("unprotected-capitals", "{OPRK1}", "OPRK1", 3, "{OPRK1}"),
    Case("unprotected-capitals", "One Study", "LiverTox and mRNA", 3, "{LiverTox}, {mRNA}"),
    Case("pages", "1--9", "1-9", 6, "two hyphens"),
    Case("pages", "1--9", "1–9", 6, "two hyphens"),
    Case("pages", "1--9", "498--491", 6, "backward"),
    Case("pages", "1--9", "e12--e9", 6, "backward"),
    Case("volume", "pages = {1--9}", "volume = {173(5)}", 6, "number = {5}"),
    Case("markup", "One Study", "H<sub>2</sub>O", 3, "<sub>"),
    Case("markup", "One Study", "One \\&amp;lt; Study", 3, "&amp;"),
    Case("markup", "One Study", "One &#x3b1; Study", 3, "&#x3b1;"),
    Case(
        "markup", "Journal of Studies", "<mml:math><mml:mi>a</mml:mi></mml:math>", 4, "<mml:math>"
    ),
    Case("mojibake", "One Study", "A MÃ¼ller Study", 3, "write ü"),
    Case("mojibake", "One Study", "Oneâ€™s Study", 3, "write \u2019"),
    Case("invisible-character", "One Study", "One\u200b Study", 3, "U+200B"),
    Case("invisible-character", "Journal", "\u202eJournal", 4, "U+202E"),
    Case(
        "swallowed-field",
        "Co},\n  journal = {Journal of Studies}",
        "Co,\n  journal = {J}}",
        3,
        "journal",
    ),
    Case("crossref", "pages = {1--9}", "crossref = {gone}", 6, "called gone"),
    Case("crossref", "pages = {1--9}", "crossref = {doe2001one}", 6, "no other entry"),
    Case("accepted", "pages = {1--9}", "accepted = {pages: as printed}", 6, "delete it"),
    Case("accepted", "pages = {1--9}", "pages = {1-9}, accepted = {pages}", 6, "say what is right"),
    Case("year", "2001}", "in press}", 5, "four digits"),
    Case("year", "2001}", "2999}", 5, "future"),
    Case("year", "2001}", "1016}", 5, "look it up"),
    Case("date", "pages = {1--9}", "urldate = {1 May 2020}", 6, "2026-01-31"),
    Case("date", "pages = {1--9}", "urldate = {2020-02-30}", 6, "2026-01-31"),
    Case("date", "pages = {1--9}", "urldate = {2999-01-01}", 6, "future"),
    Case("doi", "10.1234", "https://doi.org/10.1234", 7, "without https://doi.org/"),
    Case("doi", "10.1234/abc.1", "10.1234/abc 1", 7, "10.NNNN/"),
    Case("doi", "10.1234/abc.1", "10.1234/abc.1.", 7, "write 10.1234/abc.1"),
    Case("doi", "10.1234/abc.1", "10.1234/abc.1)", 7, "write 10.1234/abc.1"),
    Case("doi", "10.1234/abc.1", "10.1234/a%3Cb%3E1", 7, "write 10.1234/a<b>1"),
    Case("doi", "10.1234/abc.1", "10.1234/a&lt;b&gt;1", 7, "write 10.1234/a<b>1"),
    Case("doi", "10.1234/abc.1", "10.1234/abc\\_1", 7, "write 10.1234/abc_1"),
    Case("doi", "10.1234/abc.1", "10.1234/abc–1", 7, "10.NNNN/"),
    Case("doi", "10.1234/abc.1", "abc.1", 7, "10.NNNN/"),
    Case("pmid", "pages = {1--9}", "pmid = {PMID 123}", 6, "digits only"),
    Case("pmcid", "pages = {1--9}", "pmcid = {123}", 6, "write PMC"),
    Case("issn", "pages = {1--9}", "issn = {0378-5954}", 6, "compare"),
    Case("isbn", "pages = {1--9}", "isbn = {978-0-306-40615-8}", 6, "compare"),
    Case("orcid", "pages = {1--9}", "orcid = {0000-0002-1825-0098}", 6, "compare"),
    Case("url", "pages = {1--9}", "url = {www.example.org/a}", 6, "https://"),
    Case("insecure-url", "pages = {1--9}", "url = {http://www.nih.gov/a}", 6, "https://"),
    Case("missing-urldate", "doi = {10.1234/abc.1}", "url = {https://a.org}", 7, "url: not opened"),
    Case("unverified-form", "pmid: not seen", "pmid", 8, "which field, and why"),
    Case("unverified-form", "pmid: not seen", ": not seen", 8, "which field, and why"),
    Case("unverified-field", "pmid: not", "pimd: not", 8, "did you mean pmid"),
    Case("unverified-present", "pages = {1--9}", "pmid = {123}", 6, "delete one"),
]
RIGHT = [
    ("year = {2001}", 'year = "2001"'),
    ("year = {2001}", "year = 2001"),
    ("journal = {Journal of Studies}", 'journal = "Journal of " # "Studies", month = jan'),
    ("@article", "% A comment, and an address without the sign\n@article"),
    ("@article", "@comment{anything (at all}\n@article"),
    ("@article", '@string{jos = "Journal of Studies"}\n@article'),
    ("{2001},\n", "{2001}, volume = {1},\n"),
    ("  pages = {1--9},\n", ""),
    ("1--9", "e12--e19, 21--29"),
    ("1--9", "A-1--A-9"),
    ("1--9", "2410"),
    ("One Study", '$\\alpha$ and M{\\"u}ller'),
    ("One Study", "A Case of Covid-19 in Two {Mice}"),
    ("  year = {2001},\n  pages = {1--9}", "  pages = {1--9}, unverified = {year: no date}"),
    ("10.1234/abc.1", "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"),
    ("pages = {1--9}", "issn = {0378-5955}, isbn = {978-0-306-40615-7}"),
    ("pages = {1--9}", "isbn = {0-8044-2957-X}, orcid = {0000-0002-1825-0097}"),
    ("pages = {1--9}", "pmcid = {PMC123}, url = {http://example.org/}, urldate = {2020-02-29}"),
    ("doi = {10.1234/abc.1}", "url = {https://www.nih.gov/a}, urldate = {2020-01-31}"),
    ("pmid: not seen", "url: not opened; pmid: not seen"),
    *(
        ("Doe, Jane and Roe, III, Richard", name)
        for name in (
            "King, Jr., Martin Luther",
            "von der Heydt, Hans Peter",
            "Garc{\\'i}a M{\\'a}rquez, Gabriel",
            "{Garcia Marquez}, Gabriel Jose",
            "Lopez Garcia, Maria Jose and Poe, Ann",
            "{World Health Organization}",
            "J. K. Rowling",
            "Plato",
            "Smith, MA and Jones, MD",
            "Smith III, J",
            "{Malcolm X}",
            "Do, Van Minh",
            "Service, Robert",
        )
    ),
    ("pages = {1--9}", "pages = {1234--41}"),
    ("pages = {1--9}", "pages = {1-9}, accepted = {pages: an article number}"),
    ("{2001}", "{1016}, accepted = {year: a manuscript}"),
    ("Doe, Jane and Roe, III, Richard", "Doe J, Roe R}, accepted = {author-separator: one name"),
    ("pages = {1--9}", "keywords = {a_b & 5%}, abstract = {\\emph{x} <i>y</i> 5%}"),
    ("pages = {1--9}", "isbn = {978-0-306-40615-7 (paperback)}"),
    ("One Study", "Pain and coping, coping = {Bewältigung}: a study"),
    ("One Study", "Pain and\n coping = {Bewältigung}: a study"),
    ("10.1234/abc.1", "10.1016/S0140-6736(04)16770-6"),
    ("One Study", "Zoë Müller\u2019s Study – 5 µg at 37 °C"),
]


def findings(folder: Path, bib: str, **pages: str) -> list[Finding]:
    """Return what is found in the file *bib*, or in it and in *pages*, by name."""
    report = checked(folder, bib, **pages)
    return report.findings if pages else check({"a.bib": folder / "a.bib"}).findings


def test_a_good_file_has_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, GOOD + OTHER) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.kind}-{case.new[:20]}")
def test_a_fault_is_found_at_its_line_with_how_to_fix_it(tmp_path: Path, case: Case) -> None:
    assert case.old in GOOD
    found = [
        finding
        for finding in findings(tmp_path, GOOD.replace(case.old, case.new, 1) + OTHER)
        if finding.kind == case.kind
    ]
    assert [finding.line for finding in found] == [case.line]
    assert case.fix in found[0].message
    assert str(found[0]).startswith(f"a.bib:{case.line}: ")


@pytest.mark.parametrize(("old", "new"), RIGHT)
def test_what_is_right_is_left_alone(tmp_path: Path, old: str, new: str) -> None:
    assert old in GOOD
    text = GOOD.replace(old, new, 1)
    if text.count("unverified =") > 1:
        text = text.replace("  unverified = {pmid: not seen; wording: read on another site},\n", "")
    assert findings(tmp_path, text + OTHER) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.kind}-{case.new[:20]}")
def test_a_broken_entry_hides_no_other(tmp_path: Path, case: Case) -> None:
    """What is wrong in the second entry is found, however broken the first is."""
    text = GOOD.replace(case.old, case.new, 1) + OTHER.replace("year = {2002}", "year = {02}")
    found = [finding for finding in findings(tmp_path, text) if finding.key == "roe2002two"]
    assert [finding.kind for finding in found] == ["year"]


@pytest.mark.parametrize("rule", ENTRY_RULES, ids=lambda rule: rule.__name__)
def test_each_rule_for_an_entry_has_an_example(rule: EntryRule) -> None:
    files = (parse_bib(GOOD.replace(case.old, case.new, 1), ParsedFile("a.bib")) for case in WRONG)
    assert any(list(rule(entry)) for file in files for entry in file.entries)


def test_each_fault_that_loses_something_has_an_example() -> None:
    elsewhere = {"duplicate-key", "missing-file"}
    assert {case.kind for case in WRONG} | elsewhere >= FATAL


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("roe2002two", "DOE2001one", {"duplicate-key", "key-style"}),
        ("roe2002two", "doe2001-one", set()),
        ("year =", "doi = {10.1234/ABC.1}, year =", {"duplicate-identifier"}),
        ("{A Book}", "{One study of {OPRK1} \\& co.}", {"duplicate-title"}),
        ("{A Book}", "{One study of {OPRK1} \\& co.}, doi = {10.1234/2}", set()),
    ],
)
def test_what_stands_under_two_keys_is_found(
    tmp_path: Path, old: str, new: str, kinds: set[str]
) -> None:
    found = findings(tmp_path, GOOD + OTHER.replace(old, new))
    assert {finding.kind for finding in found} == kinds
    assert all(finding.line >= 10 for finding in found)


def test_a_key_that_could_share_its_anchor_with_another_is_found(tmp_path: Path) -> None:
    text = GOOD.replace("doe2001one", "doe--2001") + OTHER.replace("roe2002two", "doe-2001")
    found = findings(tmp_path, text)
    assert [(finding.kind, finding.line) for finding in found] == [("key-style", 1)]


def test_a_commented_entry_that_pybtex_would_read_is_found(tmp_path: Path) -> None:
    commented = "".join(f"% {line}\n" for line in OTHER.splitlines())
    found = findings(tmp_path, GOOD + commented)
    assert (found[0].kind, found[0].line) == ("stray-text", 10)


def test_today_is_not_in_the_future(tmp_path: Path) -> None:
    text = GOOD.replace("1--9}", f"1--9}}, urldate = {{{today()}}}")
    assert findings(tmp_path, text) == []


def test_the_day_of_the_build_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = GOOD.replace("1--9}", "1--9}, urldate = {2000-02-28}").replace("{2001}", "{2000}")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "951696000")  # 28 February 2000
    assert findings(tmp_path, text) == []
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "946598400")  # 31 December 1999
    assert [finding.kind for finding in findings(tmp_path, text)] == ["year", "date"]


def test_unknown_and_unused_keys_are_found(tmp_path: Path) -> None:
    page = "Read {cite:p}`doe2001one`.\n\n```{reference} roe2002tow\n```\n"
    found = findings(tmp_path, GOOD + OTHER, page=page)
    assert [(finding.file, finding.line, finding.kind) for finding in found] == [
        ("a.bib", 10, "unused-entry"),
        ("page.md", 3, "unknown-key"),
    ]
    assert "cite it or delete it" in found[0].message
    assert "did you mean roe2002two?" in found[1].message


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{cite:p}`a,b` and {cite:t}`c`", [(1, "a"), (1, "b"), (1, "c")]),
        ("x\n\n{cite}`a,\nb`", [(3, "a"), (3, "b")]),
        ("{cite:p}`{see}a{p. 3}`", [(1, "a")]),
        ("`` {cite:p}`a` `` and `{cite:p}` and {cite:p}`b`", [(1, "b")]),
        ("a ` alone\n\n{cite:p}`b`", [(3, "b")]),
        ("% {cite:p}`a`\n{cite:p}`b`", [(2, "b")]),
        ("```\n{cite:p}`a`\n```\n{cite:p}`b`", [(4, "b")]),
        ("```md\n```{reference} a\n```\n{cite:p}`b`", [(4, "b")]),
        ("````{note}\n```{code-block} md\n{cite:p}`a`\n```\n{cite:p}`b`\n````", [(5, "b")]),
        (":::{note}\n{cite:p}`a`\n:::\n```{reference} b\n```", [(2, "a"), (4, "b")]),
        (":::{reference} a\n:::\n\n- x\n\n  ```{Reference} b\n  ```", [(1, "a"), (6, "b")]),
        (
            "````{note}\n:::{tip}\n```{reference} a\n```\n{cite:t}`b`\n:::\n````",
            [(3, "a"), (5, "b")],
        ),
        ("---\ntitle: x\n---\n\nTerm {cite:p}`a`\n: words\n  {cite:p}`b`", [(5, "a"), (7, "b")]),
        ("| a |\n|---|\n| {cite:p}`a` |\n| {cite:t}`b` |", [(3, "a"), (4, "b")]),
        ("```{study} a\n:people: none\n\nWords {cite:p}`b`.\n```", [(1, "a"), (4, "b")]),
        ("> {cite:p}`a`\n\n{doc}`b` and {cite:p}`\n", [(1, "a")]),
        ("```{reference}\n```", [(1, "")]),
    ],
)
def test_citations_are_those_that_a_build_reads(text: str, keys: list[tuple[int, str]]) -> None:
    found = citations("page.md", read_page(text))
    assert sorted((citation.line, citation.key) for citation in found) == keys


def test_a_directive_without_its_key_is_found(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, GOOD, page="{cite:p}`doe2001one`\n\n```{reference}\n```\n")
    assert (found.file, found.line, found.kind) == ("page.md", 3, "unknown-key")


@pytest.mark.parametrize(
    ("value", "kinds"),
    [
        ("issn = {2434-561X}", []),
        ("issn = {2434-5611}", ["issn"]),
        ("issn = {2434-561X, 0378-5955}", []),
        ("issn = {2434-561X, 0378-5954}", ["issn"]),
        ("isbn = {9780306406157}", []),
        ("isbn = {0306406153}", ["isbn"]),
        ("isbn = {978-0-306-40615}", ["isbn"]),
        ("orcid = {0000-0002-1694-233X}", []),
        ("orcid = {0000-0002-1694-233X and 0000-0002-1825-0097}", []),
        ("orcid = {0000-0002-1694-2330}", ["orcid"]),
        ("orcid = {https://orcid.org/0000-0002-1694-233X}", ["orcid"]),
    ],
)
def test_check_digits(tmp_path: Path, value: str, kinds: list[str]) -> None:
    found = findings(tmp_path, GOOD.replace("pages = {1--9}", value))
    assert [finding.kind for finding in found] == kinds


WHOLE = """
@proceedings{whole2003,
  title = {Proceedings of a Day},
  editor = {Poe, Ann},
  publisher = {House},
  year = {2003},
}
@incollection{part2003,
  author = {Doe, Jane},
  title = {A Part},
  crossref = {WHOLE2003},
}
"""


def test_a_part_takes_from_the_whole_what_it_does_not_say_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.bib"
    path.write_text(WHOLE)
    report = check({"a.bib": path})
    assert report.findings == []
    assert report.wholes == {"whole2003"}
    part = as_bibliography(report.entries).entries["part2003"]
    assert (part.fields["booktitle"], part.fields["year"]) == ("Proceedings of a Day", "2003")
    assert [str(person) for person in part.persons["editor"]] == ["Poe, Ann"]
    assert part.fields["title"] == "A Part"
    assert (
        findings(tmp_path, WHOLE, page="{cite:p}`part2003`\n") == []
    )  # the whole needs no citation
