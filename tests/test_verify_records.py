"""What databases say of a paper: read by the documented shapes, and never believed beyond them.

The answers are made here, in words of our own. Their shapes are those of: Crossref, "Metadata API
JSON Format" and "Get Retraction Watch metadata from Crossref's API" (``GET /works``); NLM, "PubMed
DTD" (pubmed_190101.dtd) and "MEDLINE/PubMed XML Element Descriptions" (efetch); NLM, "PMC ID
Converter API"; Crossref, "Retraction Watch" (the columns of the CSV file).
"""

from __future__ import annotations

import contextlib
import copy
import csv
import io
import json
import time
import unicodedata
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

import pytest
from defusedxml import ElementTree
from hypothesis import given
from hypothesis import strategies as st

from samples import fuzz
from studies.vocabulary import STATUSES
from verify import crossref, idconv, notices, pubmed
from verify.retraction_watch import RetractionWatch
from verify.status import MEANT, WORDS, Disagreement, Failed, NotAsked, disagreement, union
from verify.text import bare_doi, clean
from verify.work import (
    CROSSREF,
    PUBMED,
    RETRACTION_WATCH,
    Name,
    Notice,
    UnreadableError,
    Work,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from verify.status import Answer

DOI, NOTICE_DOI, OTHER = "10.1234/paper.1", "10.1234/notice.2", "10.1234/other.3"
PMID = "123"
TITLE = "One Study of a Tablet"
BIDI, ESCAPE = "\u202e", "\x1b[31m"


# Texts


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  One\n\tStudy ", "One Study"),
        ("One <i>Study</i> of <jats:italic>it</jats:italic>", "One Study of it"),
        ("One &lt;i&gt;Study&lt;/i&gt; &amp; more", "One Study & more"),
        ("decoded &amp;amp; once", "decoded &amp; once"),
        ("H<sub>2</sub>O and <sup>11</sup>C", "H2O and 11C"),
        ("10<sup>6</sup>, 10<sup>\u22123</sup>", "10 6, 10 \u22123"),
        ("4<b>2</b> of 50", "42 of 50"),
        ("<jats:p>n = 4</jats:p><jats:p>2 left</jats:p>", "n = 4 2 left"),
        ("a<b and c>d, p < 0.05, p &lt; .01", "a<b and c>d, p < 0.05, p < .01"),
        ("<jats:title>Results</jats:title><jats:p>One</jats:p>", "Results: One"),
        ("1\u2009200 people, a\u2009b, 3\u00a0mg", "1\u2009200 people, a b, 3 mg"),
        ("Caf" + "e\u0301", "Caf\u00e9"),
        (
            f"{ESCAPE}red{BIDI} \x1b]0;title\x07and\x00 \x9b2J\u200b&#27;bold&#x202e;",
            "red and bold",
        ),
        ("half \ud800 a pair\ufdd0\ue000", "half a pair"),
        ("<!-- not shown --><script src='x'>one</script>", "one"),
        ("\u22121.5 \u2212 2", "\u22121.5 \u2212 2"),
    ],
)
def test_a_text_loses_its_markup_and_what_nobody_sees(text: str, wanted: str) -> None:
    assert clean(text) == wanted


@given(st.text(max_size=400), st.integers(1, 50))
@fuzz
def test_no_text_is_longer_or_holds_what_controls_a_terminal(text: str, limit: int) -> None:
    found = clean(text, limit)
    assert len(found) <= limit
    assert not {unicodedata.category(sign) for sign in found} & {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    found.encode()


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "&lt;", "\x1b]", "\u1160", "e\u0301", " ", "<b>1"]
)
def test_a_long_text_is_clean_in_time(piece: str) -> None:
    start = time.perf_counter()
    clean(piece * (2_000_000 // len(piece)))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("https://doi.org/10.1234/ABC", "10.1234/abc"),
        ("doi: 10.1234/a,b(c)", "10.1234/a,b(c)"),
        ("10.1002/(sici)1&lt;1::aid-x9&gt;3.0.co;2-2", "10.1002/(sici)1<1::aid-x9>3.0.co;2-2"),
        ("unavailable", ""),
        ("", ""),
    ],
)
def test_a_doi_is_compared_without_case_and_address(text: str, wanted: str) -> None:
    assert bare_doi(text) == wanted


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("retraction", "retraction"),
        ("Retraction", "retraction"),
        ("removal", "retraction"),
        ("Withdrawal", "retraction"),
        ("partial_retraction", "partial retraction"),
        ("Partial-Retraction", "partial retraction"),
        ("expression_of_concern", "concern"),
        ("Expression of concern", "concern"),
        ("EXPRESSION-OF-CONCERN", "concern"),
        ("correction", "correction"),
        ("corrigendum", "correction"),
        ("erratum", "correction"),
        ("Reinstatement", "reinstatement"),
        ("retraction_and_replacement", "republication"),
        ("new_version", ""),
        ("New-Version", ""),
        ("addendum", "correction"),
        ("a word of next year", "correction"),
    ],
)
def test_each_word_for_an_update_has_its_meaning(word: str, kind: str) -> None:
    assert notices.meaning(word) == kind


# Crossref


def item(**fields: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a paper as Crossref has it, with *fields*; ``_`` stands for ``-``."""
    found = {
        "DOI": DOI,
        "type": "journal-article",
        "title": [TITLE],
        "author": [{"given": "Jane", "family": "Doe", "sequence": "first", "affiliation": []}],
        "container-title": ["Journal of Studies"],
        "short-container-title": ["J Stud"],
        "issued": {"date-parts": [[2010, 3]]},
    }
    return found | {key.replace("_", "-"): value for key, value in fields.items()}


def answer(**fields: Any) -> bytes:  # noqa: ANN401
    """Return the answer of Crossref with that paper."""
    message = item(**fields)
    whole = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message}
    return json.dumps(whole).encode()


def update(kind: str, doi: str = NOTICE_DOI, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return an update of *kind* as Crossref has it."""
    found = {"DOI": doi, "type": kind, "label": kind.title(), "source": "publisher"}
    updated = {"updated": {"date-parts": [[2015, 6, 1]]}}
    return found | updated | {key.replace("_", "-"): value for key, value in more.items()}


def of_crossref(**fields: Any) -> Work:  # noqa: ANN401
    """Return that paper as it was read."""
    doi = fields.get("DOI", DOI)
    return crossref.read_work(answer(**fields), doi)


def kinds(work: Work) -> list[str]:
    """Return what was said of *work*, in its order."""
    return [notice.kind for notice in work.notices]


def test_a_paper_of_crossref_has_each_field() -> None:
    work = of_crossref(
        subtitle=["a trial"],
        original_title=["Une \u00e9tude"],
        short_title=["Study"],
        author=[
            {"given": "Jane", "family": "van der Doe", "suffix": "Jr.", "sequence": "first"},
            {"name": "Group of Studies", "sequence": "additional"},
            {"family": "Roe", "sequence": "additional"},
        ],
        volume="12",
        issue="3-4",
        page="134-140",
        article_number="e12",
        published_print={"date-parts": [[2011, 1]]},
        published_online={"date-parts": [[2010, 3, 9]]},
        abstract="<jats:title>Abstract</jats:title><jats:sec><jats:title>Results</jats:title>"
        "<jats:p>Of 20, 10<jats:sup>6</jats:sup> &lt; \u22121.5</jats:p></jats:sec>",
    )
    assert work.source == CROSSREF
    assert work.title == TITLE
    assert work.other_titles == (f"{TITLE}: a trial", "Une \u00e9tude", "Study")
    assert work.authors == (
        Name("van der Doe", "Jane", "Jr."),
        Name("Group of Studies", is_group=True),
        Name("Roe"),
    )
    assert work.complete
    assert work.journals == ("Journal of Studies", "J Stud")
    assert work.years == {"print": 2011, "online": 2010, "issued": 2010}
    assert (work.volume, work.issue, work.pages, work.article_number) == (
        "12",
        "3-4",
        "134-140",
        "e12",
    )
    assert work.abstract == "Results: Of 20, 10 6 < \u22121.5"
    assert work.types == ("journal-article",)
    assert not work.notices
    assert not work.is_notice


@pytest.mark.parametrize(
    ("fields", "years"),
    [
        ({"issued": {"date-parts": [[None]]}}, {}),
        ({"issued": {"date-parts": [None]}}, {}),
        ({"issued": {"date-parts": []}}, {}),
        ({"issued": {}}, {}),
        ({"issued": None}, {}),
        ({"issued": {"date-parts": [[20100]]}}, {}),
        ({"issued": None, "published": {"date-parts": [["2010"]]}}, {"issued": 2010}),
        (
            {"issued": None, "journal_issue": {"published-print": {"date-parts": [[2011, 2]]}}},
            {"print": 2011},
        ),
    ],
)
def test_a_date_may_be_empty(fields: dict[str, Any], years: dict[str, int]) -> None:
    assert of_crossref(**fields).years == years


def test_an_author_without_a_name_leaves_the_list_incomplete() -> None:
    work = of_crossref(author=[{"affiliation": [], "sequence": "first"}, {"family": "Roe"}])
    assert work.authors == (Name("Roe"),)
    assert not work.complete


@pytest.mark.parametrize("asked", [DOI.upper(), f"https://doi.org/{DOI}"])
def test_a_doi_is_the_same_in_capitals(asked: str) -> None:
    assert crossref.read_work(answer(DOI=DOI.title()), asked).doi == DOI


def test_a_doi_with_a_comma_is_one_doi() -> None:
    assert of_crossref(DOI="10.1234/a,b").doi == "10.1234/a,b"


def test_an_alias_is_believed_only_when_the_record_names_it() -> None:
    assert crossref.read_work(answer(aliases=[OTHER]), OTHER).doi == DOI
    with pytest.raises(UnreadableError, match=DOI):
        crossref.read_work(answer(), OTHER)


def test_a_search_brings_its_papers_in_order() -> None:
    items = [item(), item(DOI=OTHER, title=[])]
    whole = {
        "status": "ok",
        "message-type": "work-list",
        "message": {"items": items, "total-results": 2},
    }
    assert [work.doi for work in crossref.read_works(json.dumps(whole).encode())] == [DOI, OTHER]


PAPER_AND_NOTICE = [
    pytest.param(
        {"title": [f"RETRACTED: {TITLE}"], "update_to": [update("retraction")]},
        ["retraction"],
        False,
        id="only the wrong field on the paper",
    ),
    pytest.param(
        {
            "issued": {"date-parts": [[2014]]},
            "update_to": [update("retraction", OTHER)],
            "updated_by": [update("retraction", OTHER)],
        },
        [],
        True,
        id="both fields on what may be as old",
    ),
    pytest.param({"updated_by": [update("retraction")]}, ["retraction"], False, id="retracted"),
    pytest.param({"update_to": [update("retraction", OTHER)]}, [], True, id="the notice"),
    pytest.param(
        {"title": [f"Retraction: {TITLE}"], "update_to": [update("retraction", OTHER)]},
        [],
        True,
        id="titled notice",
    ),
    pytest.param(
        {"title": [f"Correction to: {TITLE}"]}, [], True, id="a notice by its title alone"
    ),
    pytest.param(
        {"title": [f"Erratum: {TITLE}"], "update_to": [update("erratum", DOI)]},
        [],
        True,
        id="names itself",
    ),
    pytest.param(
        {"title": [f"Retraction: {TITLE}"], "updated_by": [update("retraction", DOI)]},
        [],
        True,
        id="and is updated",
    ),
    pytest.param(
        {"update_to": [update("retraction", DOI)]}, ["retraction"], False, id="changed in its place"
    ),
    pytest.param(
        {"update_to": [update("retraction", DOI)], "updated_by": [update("retraction", DOI)]},
        ["retraction"],
        False,
        id="changed in its place, both fields",
    ),
    pytest.param(
        {"update_to": [update("retraction")], "updated_by": [update("retraction")]},
        ["retraction"],
        False,
        id="both fields on the paper",
    ),
    pytest.param(
        {
            "DOI": NOTICE_DOI,
            "issued": {"date-parts": [[2015, 6]]},
            "update_to": [update("retraction", DOI)],
            "updated_by": [update("retraction", DOI)],
        },
        [],
        True,
        id="both fields on the notice",
    ),
    pytest.param(
        {"issued": None, "update_to": [update("retraction")], "updated_by": [update("retraction")]},
        [],
        True,
        id="both fields, and nothing decides",
    ),
    pytest.param(
        {
            "title": [f"RETRACTED: {TITLE}"],
            "update_to": [update("retraction", DOI)],
            "updated_by": [update("erratum"), update("retraction", source="retraction-watch")],
        },
        ["correction", "retraction", "retraction"],
        False,
        id="twice",
    ),
    pytest.param(
        {"update_to": [update("retraction", OTHER)], "updated_by": [update("erratum")]},
        ["correction"],
        True,
        id="a notice that was corrected",
    ),
    pytest.param({"update_to": [update("new_version", OTHER)]}, [], False, id="a new version"),
    pytest.param(
        {"updated_by": [update("new_version"), update("new_edition")]}, [], False, id="harmless"
    ),
    pytest.param(
        {"updated_by": [update("partial_retraction")]}, ["partial retraction"], False, id="partial"
    ),
    pytest.param(
        {"updated_by": [update("expression_of_concern")]}, ["concern"], False, id="concern"
    ),
    pytest.param(
        {"updated_by": [update("", label="Retraction")]}, ["retraction"], False, id="a label only"
    ),
    pytest.param({"title": [f"RETRACTED: {TITLE}"]}, ["retraction"], False, id="marked"),
    pytest.param(
        {"title": [f"RETRACTED ARTICLE: {TITLE}"]}, ["retraction"], False, id="marked as an article"
    ),
    pytest.param({"title": [f"WITHDRAWN: {TITLE}"]}, ["retraction"], False, id="withdrawn"),
    pytest.param({"title": [f"[Retracted] {TITLE}"]}, ["retraction"], False, id="in brackets"),
    pytest.param(
        {"title": [f"{TITLE} (Retracted article. See vol. 3, p. 9)"]},
        ["retraction"],
        False,
        id="behind",
    ),
    pytest.param(
        {
            "title": [f"Retracted: {TITLE}"],
            "issued": {"date-parts": [[2015, 6]]},
            "update_to": [update("retraction", OTHER)],
        },
        [],
        True,
        id="a notice with the mark of a paper",
    ),
    pytest.param(
        {"title": [f"RETRACTED: {TITLE}"], "updated_by": [update("retraction")]},
        ["retraction"],
        False,
        id="once",
    ),
    pytest.param({"title": ["RETRACTED"]}, ["retraction"], False, id="nothing but the mark"),
    pytest.param(
        {"title": [f"RETRACTED - {TITLE}"]}, ["retraction"], False, id="marked with a dash"
    ),
    pytest.param({"title": ["Retracted jaws in one study"]}, [], False, id="a word in a title"),
    pytest.param({"title": ["Withdrawn: how people leave"]}, [], False, id="a word of its own"),
    pytest.param({"title": ["Correction of doses in one study"]}, [], False, id="no notice"),
    pytest.param(
        {"title": ["Retraction of the eyelid"], "abstract": "Words. " * 99},
        [],
        False,
        id="no notice either",
    ),
]


@pytest.mark.parametrize(("fields", "said", "is_notice"), PAPER_AND_NOTICE)
def test_paper_and_notice_are_told_apart(
    fields: dict[str, Any], said: list[str], is_notice: bool
) -> None:
    work = of_crossref(**fields)
    assert (kinds(work), work.is_notice) == (said, is_notice)


def test_a_notice_of_crossref_says_who_knows_of_it() -> None:
    watch = update("retraction", source="retraction-watch", record_id=4036)
    (notice,) = of_crossref(updated_by=[watch]).notices
    assert notice == Notice(
        "retraction", "Crossref, from Retraction Watch, record 4036", "2015-06-01", NOTICE_DOI
    )
    assert of_crossref(update_to=[update("retraction", OTHER)]).notice_of == (OTHER,)


def test_the_title_without_its_mark_is_another_title() -> None:
    assert TITLE in of_crossref(title=[f"RETRACTED: {TITLE}"]).other_titles


# PubMed


def article(  # noqa: PLR0913
    inside: str = "",
    *,
    pmid: str = PMID,
    title: str = f"{TITLE}.",
    types: tuple[str, ...] = ("Journal Article",),
    links: tuple[tuple[str, str], ...] = (),
    ids: str = "",
    issue: str = "<Volume>12</Volume><Issue>3</Issue><PubDate><Year>2010</Year></PubDate>",
    model: str = "Print",
) -> str:
    """Return a paper as efetch has it; *links* are types and sources of CommentsCorrections."""
    listed = "".join(f"<PublicationType UI='D1'>{name}</PublicationType>" for name in types)
    linked = "".join(
        f"<CommentsCorrections RefType='{name}'><RefSource>{escape(source)}</RefSource>"
        "<PMID Version='1'>456</PMID></CommentsCorrections>"
        for name, source in links
    )
    return (
        f"<PubmedArticle><MedlineCitation Status='MEDLINE'><PMID Version='1'>{pmid}</PMID>"
        f"<Article PubModel='{model}'><Journal><JournalIssue CitedMedium='Print'>{issue}</JournalIssue>"
        "<Title>Journal of studies</Title><ISOAbbreviation>J Stud</ISOAbbreviation></Journal>"
        f"<ArticleTitle>{title}</ArticleTitle>{inside}"
        f"<PublicationTypeList>{listed}</PublicationTypeList></Article>"
        "<MedlineJournalInfo><MedlineTA>J Stud (Oxf)</MedlineTA></MedlineJournalInfo>"
        f"<CommentsCorrectionsList>{linked}</CommentsCorrectionsList></MedlineCitation>"
        f"<PubmedData><ArticleIdList><ArticleId IdType='pubmed'>{pmid}</ArticleId>{ids}</ArticleIdList>"
        "<ReferenceList><Reference><ArticleIdList><ArticleId IdType='doi'>10.9999/cited</ArticleId>"
        "<ArticleId IdType='pmc'>PMC99</ArticleId></ArticleIdList></Reference></ReferenceList>"
        "</PubmedData></PubmedArticle>"
    )


HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January '
    '2019//EN" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_190101.dtd">\n'
)


def articles(*records: str) -> bytes:
    """Return the answer of efetch with *records*."""
    return f"{HEAD}<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>".encode()


def of_pubmed(inside: str = "", **given: Any) -> Work:  # noqa: ANN401
    """Return that paper as it was read."""
    return pubmed.read_works(articles(article(inside, **given)), {PMID})[PMID]


def test_a_paper_of_pubmed_has_each_field() -> None:
    work = of_pubmed(
        "<Pagination><StartPage>134</StartPage><EndPage>140</EndPage><MedlinePgn>134-40</MedlinePgn></Pagination>"
        "<ELocationID EIdType='pii' ValidYN='Y'>e12</ELocationID>"
        "<ELocationID EIdType='doi' ValidYN='Y'>10.1234/PAPER.1</ELocationID>"
        "<Abstract><AbstractText Label='METHODS'>Of 10<sup>6</sup>, p &lt; .05.</AbstractText>"
        "<AbstractText Label='RESULTS' NlmCategory='RESULTS'>88\u00b75 <i>left</i></AbstractText>"
        "<CopyrightInformation>Copyright</CopyrightInformation></Abstract>"
        "<AuthorList CompleteYN='N'><Author ValidYN='Y'><LastName>Doe</LastName><ForeName>Jane A</ForeName>"
        "<Initials>JA</Initials><Suffix>3rd</Suffix></Author>"
        "<Author ValidYN='N'><LastName>Do</LastName><Initials>J</Initials></Author>"
        "<Author><CollectiveName>Group of Studies</CollectiveName></Author>"
        "<Author><LastName>Roe</LastName><Initials>R</Initials></Author></AuthorList>"
        "<AuthorList Type='editors'><Author><LastName>Poe</LastName></Author></AuthorList>"
        "<Language>eng</Language><ArticleDate DateType='Electronic'><Year>2009</Year><Month>11</Month>"
        "<Day>2</Day></ArticleDate>",
        title="One <i>Study</i> of H<sub>2</sub>O.",
        ids="<ArticleId IdType='doi'>10.1234/paper.1</ArticleId><ArticleId IdType='pmc'>PMC77</ArticleId>",
    )
    assert work.source == PUBMED
    assert work.title == "One Study of H2O"
    assert work.authors == (
        Name("Doe", "Jane A", "3rd"),
        Name("Group of Studies", is_group=True),
        Name("Roe", "R"),
    )
    assert not work.complete
    assert work.journals == ("Journal of studies", "J Stud", "J Stud (Oxf)")
    assert work.years == {"print": 2010, "online": 2009}
    assert (work.volume, work.issue, work.pages, work.article_number) == (
        "12",
        "3",
        "134-140",
        "e12",
    )
    assert (work.doi, work.pmid, work.pmcid) == (DOI, PMID, "PMC77")
    assert work.abstract == "METHODS: Of 10 6, p < .05. RESULTS: 88\u00b75 left"
    assert not work.notices
    assert not work.is_notice


def test_identifiers_of_references_are_those_of_other_papers() -> None:
    work = of_pubmed()
    assert (work.doi, work.pmcid) == ("", "")


def test_an_identifier_that_nlm_calls_wrong_is_left_out() -> None:
    assert of_pubmed("<ELocationID EIdType='doi' ValidYN='N'>10.1234/wrong</ELocationID>").doi == ""


def test_another_abstract_and_a_pii_are_not_those_of_the_paper() -> None:
    work = of_pubmed(
        "<ELocationID EIdType='pii'>S0140-6736(20)30183-5</ELocationID>"
        "<OtherAbstract Language='fre'><AbstractText>Un</AbstractText></OtherAbstract>"
    )
    assert (work.abstract, work.article_number) == ("", "")


@pytest.mark.parametrize(
    ("title", "original", "wanted", "others"),
    [
        ("[One study].", "Une \u00e9tude.", "One study", ("Une \u00e9tude",)),
        ("[One study [corrected]].", "", "One study [corrected]", ()),
        ("[One] and [two].", "", "[One] and [two]", ()),
        ("Does it help?", "", "Does it help?", ()),
        ("Studies in the U.S.", "", "Studies in the U.S.", ()),
        ("And so on...", "", "And so on...", ()),
    ],
)
def test_a_title_of_pubmed_loses_full_stop_and_brackets(
    title: str, original: str, wanted: str, others: tuple[str, ...]
) -> None:
    work = of_pubmed(original and f"<VernacularTitle>{original}</VernacularTitle>", title=title)
    assert (work.title, work.other_titles) == (wanted, others)


@pytest.mark.parametrize(
    ("date", "model", "years"),
    [
        ("<Year>2010</Year><Season>Fall</Season>", "Print", {"print": 2010}),
        ("<MedlineDate>2009 Nov-Dec</MedlineDate>", "Print", {"print": 2009}),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", "Print", {"print": 1998}),
        ("<MedlineDate>Spring 2001</MedlineDate>", "Print-Electronic", {"print": 2001}),
        ("<Year>2010</Year>", "Electronic-eCollection", {"issued": 2010}),
        ("<MedlineDate>undated</MedlineDate>", "Print", {}),
    ],
)
def test_the_year_of_an_issue_is_found(date: str, model: str, years: dict[str, int]) -> None:
    assert of_pubmed(issue=f"<PubDate>{date}</PubDate>", model=model).years == years


@pytest.mark.parametrize(
    ("pages", "wanted"),
    [
        ("134-40", "134-140"),
        ("1199-201", "1199-1201"),
        ("12-9", "12-19"),
        ("304- 10", "304-310"),
        ("e12", "e12"),
        ("e101-6", "e101-e106"),
        ("S12-9", "S12-S19"),
        ("115.e1-9", "115.e1-115.e9"),
        ("134-40.e2", "134-140.e2"),
        ("1-9; quiz 10", "1-9"),
        ("24-32, 64", "24-32, 64"),
        ("34, 72, 84 passim", "34, 72, 84"),
        ("31-7 cntd", "31-37"),
        ("iv-x", "iv-x"),
        ("134-140", "134-140"),
        ("140-134", "140-134"),
    ],
)
def test_pages_are_written_whole(pages: str, wanted: str) -> None:
    assert of_pubmed(f"<Pagination><MedlinePgn>{pages}</MedlinePgn></Pagination>").pages == wanted


SOURCE = "J Stud. 2015 Jun 1;3(2):9. doi: 10.1234/notice.2."
ABSTRACT = "<Abstract><AbstractText>Words.</AbstractText></Abstract>"
LINKS = [
    pytest.param(
        {"types": ("Retracted Publication",), "links": (("RetractionOf", SOURCE),)},
        [],
        True,
        id="the type of the paper on the notice",
    ),
    pytest.param(
        {
            "types": ("Retracted Publication",),
            "links": (("RetractionIn", SOURCE), ("RetractionOf", SOURCE)),
        },
        ["retraction"],
        False,
        id="a paper that retracts another",
    ),
    pytest.param(
        {"links": (("RetractionOf", SOURCE), ("ErratumFor", SOURCE)), "inside": ABSTRACT},
        [],
        True,
        id="a notice with an abstract",
    ),
    pytest.param({"links": (("RetractionIn", SOURCE),)}, ["retraction"], False, id="retracted"),
    pytest.param(
        {"links": (("RetractionIn", SOURCE),), "types": ("Retracted Publication",)},
        ["retraction"],
        False,
        id="retracted by type and link",
    ),
    pytest.param(
        {"types": ("Retracted Publication",)}, ["retraction"], False, id="retracted by type"
    ),
    pytest.param({"types": ("Retraction of Publication",)}, [], True, id="old type of a notice"),
    pytest.param({"types": ("Retraction Notice",)}, [], True, id="new type of a notice"),
    pytest.param({"links": (("RetractionOf", SOURCE),)}, [], True, id="a notice by its link"),
    pytest.param(
        {
            "types": ("Retracted Publication", "Retraction Notice"),
            "links": (("RetractionOf", SOURCE),),
        },
        [],
        True,
        id="both types on the notice",
    ),
    pytest.param(
        {
            "types": ("Retracted Publication", "Retraction of Publication"),
            "links": (("RetractionIn", SOURCE),),
        },
        ["retraction"],
        False,
        id="both types on the paper",
    ),
    pytest.param(
        {
            "types": ("Retracted Publication", "Retraction Notice"),
            "title": "Retraction: One study.",
            "links": (("RetractionIn", SOURCE),),
        },
        ["retraction"],
        True,
        id="a notice that was retracted",
    ),
    pytest.param(
        {"links": (("PartialRetractionIn", SOURCE),)}, ["partial retraction"], False, id="partial"
    ),
    pytest.param({"links": (("PartialRetractionOf", SOURCE),)}, [], True, id="a partial notice"),
    pytest.param(
        {"links": (("RetractedandRepublishedIn", SOURCE),)},
        ["republication"],
        False,
        id="old version",
    ),
    pytest.param(
        {"links": (("RetractedandRepublishedFrom", SOURCE),)}, [], False, id="published again"
    ),
    pytest.param({"links": (("ExpressionOfConcernIn", SOURCE),)}, ["concern"], False, id="concern"),
    pytest.param(
        {"links": (("ExpressionOfConcernFor", SOURCE),)}, [], True, id="a notice of concern"
    ),
    pytest.param({"types": ("Expression of Concern",)}, [], True, id="a notice of concern by type"),
    pytest.param({"links": (("ErratumIn", SOURCE),)}, ["correction"], False, id="corrected"),
    pytest.param({"links": (("ErratumFor", SOURCE),)}, [], True, id="an erratum by its link"),
    pytest.param({"types": ("Published Erratum",)}, [], True, id="an erratum by its type"),
    pytest.param(
        {"links": (("ErratumFor", SOURCE),), "inside": ABSTRACT}, [], False, id="in passing"
    ),
    pytest.param(
        {"links": (("CorrectedandRepublishedIn", SOURCE),)},
        ["correction"],
        False,
        id="once corrected",
    ),
    pytest.param(
        {"types": ("Corrected and Republished Article",)}, ["correction"], False, id="the corrected"
    ),
    pytest.param(
        {
            "links": (
                ("CommentIn", SOURCE),
                ("UpdateIn", SOURCE),
                ("Cites", SOURCE),
                ("RepublishedIn", SOURCE),
            )
        },
        [],
        False,
        id="no notices",
    ),
    pytest.param(
        {"title": "Retraction notice to one study."}, [], True, id="a notice by its title"
    ),
    pytest.param(
        {
            "title": "Retraction of the eyelid.",
            "inside": f"<Abstract><AbstractText>{'Words. ' * 99}</AbstractText></Abstract>",
        },
        [],
        False,
        id="no notice",
    ),
    pytest.param({"title": "WITHDRAWN: One study."}, ["retraction"], False, id="marked"),
    pytest.param(
        {"title": "RETRACTED: One study.", "links": (("RetractionIn", SOURCE),)},
        ["retraction"],
        False,
        id="once",
    ),
]


@pytest.mark.parametrize(("given", "said", "is_notice"), LINKS)
def test_links_and_types_of_pubmed_are_those_of_paper_or_notice(
    given: dict[str, Any],
    said: list[str],
    is_notice: bool,
) -> None:
    work = of_pubmed(**given)
    assert (kinds(work), work.is_notice) == (said, is_notice)


@pytest.mark.parametrize(
    ("source", "date", "doi"),
    [
        (SOURCE, "2015-06-01", NOTICE_DOI),
        ("J Infect Dis 1998 Aug;178(2):601", "1998-08", ""),
        ("Lancet. 2010;375(9713):445", "2010", ""),
        ("no date", "", ""),
    ],
)
def test_the_source_of_a_notice_has_date_and_doi(source: str, date: str, doi: str) -> None:
    (notice,) = of_pubmed(links=(("RetractionIn", source),)).notices
    assert (notice.source, notice.date, notice.doi) == (PUBMED, date, doi)


def test_a_notice_of_pubmed_says_of_which_paper() -> None:
    assert of_pubmed(links=(("RetractionOf", SOURCE),)).notice_of == ("PMID 456",)


def test_books_are_read_and_unknown_records_passed_over() -> None:
    book = (
        "<PubmedBookArticle><BookDocument><PMID Version='1'>9</PMID><ArticleIdList>"
        "<ArticleId IdType='bookaccession'>NBK1</ArticleId></ArticleIdList><Book><Publisher>"
        "<PublisherName>House</PublisherName></Publisher><BookTitle book='x'>A Book</BookTitle>"
        "<PubDate><Year>2012</Year></PubDate><AuthorList Type='editors'><Author><LastName>Roe</LastName>"
        "</Author></AuthorList></Book><ArticleTitle>A Chapter</ArticleTitle><AuthorList Type='authors'>"
        "<Author><LastName>Doe</LastName></Author></AuthorList></BookDocument></PubmedBookArticle>"
    )
    works = pubmed.read_works(articles(book, "<Unknown/>", article()))
    assert list(works) == ["9", PMID]
    assert (works["9"].title, works["9"].journals) == ("A Chapter", ("A Book",))
    assert (works["9"].authors, works["9"].years) == ((Name("Doe"),), {"issued": 2012})


def test_a_pmid_that_pubmed_does_not_know_is_missing() -> None:
    assert pubmed.read_works(articles(), {PMID}) == {}


# Identifiers


def test_identifiers_come_without_versions_and_errors_have_none() -> None:
    records = [
        {"doi": DOI, "pmcid": "PMC77", "pmid": 123, "requested-id": "PMC77"},
        {
            "doi": DOI,
            "pmcid": "PMC77.2",
            "pmid": "123",
            "versions": [{"pmcid": "PMC77.1"}],
        },
        {"requested-id": OTHER, "status": "error", "errmsg": "Identifier not found in PMC"},
        {"requested-id": OTHER, "pmid": "5", "errmsg": "not found"},
    ]
    found = idconv.read_identifiers(json.dumps({"status": "ok", "records": records}).encode())
    assert found == [(DOI, "123", "PMC77")] * 2


# Retraction Watch

HEADER = (
    *(
        "Record ID",
        "Title",
        "Subject",
        "Institution",
        "Journal",
        "Publisher",
        "Country",
        "Author",
        "URLS",
    ),
    *("ArticleType", "RetractionDate", "RetractionDOI", "RetractionPubMedID", "OriginalPaperDate"),
    *(
        "OriginalPaperDOI",
        "OriginalPaperPubMedID",
        "RetractionNature",
        "Reason",
        "Paywalled",
        "Notes",
        "",
    ),
)


def row(**fields: str) -> list[str]:
    """Return a row of the file about the paper, with *fields*."""
    values = {
        "Record ID": "7",
        "Title": TITLE,
        "RetractionDate": "6/1/2015 0:00",
        "RetractionDOI": NOTICE_DOI,
        "RetractionPubMedID": "456",
        "OriginalPaperDate": "3/9/2010 0:00",
        "OriginalPaperDOI": DOI,
        "OriginalPaperPubMedID": PMID,
        "RetractionNature": "Retraction",
    }
    values |= {("Record ID" if key == "Record" else key): value for key, value in fields.items()}
    return [values.get(name, "x") if name else "" for name in HEADER]


def table(
    *rows: list[str], header: tuple[str, ...] = HEADER, encoding: str = "utf-8"
) -> io.BytesIO:
    """Return the file with *rows*."""
    text = io.StringIO()
    csv.writer(text).writerows([list(header), *rows])
    return io.BytesIO(text.getvalue().encode(encoding))


def watch(*rows: list[str], **given: Any) -> RetractionWatch:  # noqa: ANN401
    """Return what the file with *rows* says of the paper and of the notice."""
    return RetractionWatch(table(*rows, **given), [DOI, NOTICE_DOI], [PMID, "456"])


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, [("retraction", "2015-06-01")]),
        ({"RetractionDate": "12/31/2015"}, [("retraction", "2015-12-31")]),
        ({"RetractionDate": "31/12/2015"}, [("retraction", "")]),
        ({"RetractionNature": "Expression of concern"}, [("concern", "2015-06-01")]),
        ({"RetractionNature": "Correction"}, [("correction", "2015-06-01")]),
        ({"RetractionNature": "Reinstatement"}, [("reinstatement", "2015-06-01")]),
        ({"OriginalPaperDOI": "unavailable"}, [("retraction", "2015-06-01")]),
        ({"OriginalPaperDOI": ""}, [("retraction", "2015-06-01")]),
        (
            {"OriginalPaperDOI": DOI.upper(), "OriginalPaperPubMedID": "0"},
            [("retraction", "2015-06-01")],
        ),
        ({"OriginalPaperDOI": OTHER, "OriginalPaperPubMedID": "0"}, []),
        ({"OriginalPaperDOI": "unavailable", "OriginalPaperPubMedID": "0"}, []),
        ({"RetractionDOI": DOI}, [("retraction", "2015-06-01")]),
        ({"RetractionDOI": "unavailable"}, [("retraction", "2015-06-01")]),
    ],
)
def test_a_row_is_found_by_doi_or_pmid(fields: dict[str, str], said: list[tuple[str, str]]) -> None:
    work = watch(row(**fields)).work(DOI, PMID)
    assert [(notice.kind, notice.date) for notice in work.notices] == said
    assert not work.is_notice


def test_pmid_0_is_no_pmid() -> None:
    database = RetractionWatch(table(row(OriginalPaperPubMedID="0")), [], ["0", "5"])
    assert not database.work(pmid="5").notices
    with pytest.raises(UnreadableError):
        database.work(pmid="0")


def test_rows_without_an_identifier_are_not_those_of_each_paper_without_it() -> None:
    work = watch(row(OriginalPaperDOI=OTHER, OriginalPaperPubMedID="0")).work(DOI)
    assert (work.notices, work.is_notice) == ((), False)


def test_a_paper_that_was_not_looked_for_is_not_clean() -> None:
    with pytest.raises(UnreadableError, match="looked for"):
        watch().work(OTHER)


def test_the_notice_is_not_the_paper() -> None:
    work = watch(row()).work(NOTICE_DOI, "456")
    assert (work.is_notice, work.notice_of, work.notices) == (True, (DOI,), ())


def test_rows_of_a_paper_come_in_the_order_of_time() -> None:
    rows = [
        row(Record="10", RetractionNature="Reinstatement", RetractionDate="1/2/2020 0:00"),
        row(Record="9", RetractionDate="1/2/2020 0:00"),
        row(Record="11", RetractionNature="Correction", RetractionDate="11/2/2012 0:00"),
    ]
    assert kinds(watch(*rows).work(DOI)) == ["correction", "retraction", "reinstatement"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_file_is_read_in_each_encoding(encoding: str) -> None:
    work = watch(row(Title="\u00c9tude"), encoding=encoding).work(DOI)
    assert kinds(work) == ["retraction"]
    work.title.encode()


def test_a_file_without_the_columns_is_refused() -> None:
    with pytest.raises(UnreadableError, match="OriginalPaperDOI"):
        watch(header=tuple(name for name in HEADER if name != "OriginalPaperDOI"))
    for data in (b"", b"<!DOCTYPE html><html>", b"\xff\xfeab\x00", b'"' * 9 + b"\x00" * 200_000):
        with pytest.raises(UnreadableError):
            RetractionWatch(io.BytesIO(data), [DOI], [])


def test_a_damaged_row_is_counted_and_its_paper_is_not_clean() -> None:
    database = watch(row(OriginalPaperDOI=OTHER, OriginalPaperPubMedID="0"), ["1", DOI], ["2"])
    assert (database.rows, database.bad, database.first_bad) == (3, 2, 3)
    with pytest.raises(UnreadableError, match="cannot be read"):
        database.work(DOI)
    assert not database.work(pmid=PMID).notices


@pytest.mark.parametrize("size", [10, 300_000])
def test_a_quote_that_stays_open_hides_no_paper(size: int) -> None:
    data = table().getvalue() + b'1,"open' + b"x" * size + b"\r\n" + table(row()).getvalue()
    database = RetractionWatch(io.BytesIO(data), [DOI], [])
    assert database.bad
    with contextlib.suppress(UnreadableError):
        assert kinds(database.work(DOI)) == ["retraction"]


def test_the_limit_of_the_csv_module_is_left_as_it_was() -> None:
    before = csv.field_size_limit(99)
    try:
        assert kinds(watch(row(Notes="x" * 9_000)).work(DOI)) == ["retraction"]
        assert csv.field_size_limit() == 99
    finally:
        csv.field_size_limit(before)


def test_the_whole_database_is_searched_in_time() -> None:
    filler = row(
        OriginalPaperDOI=OTHER, OriginalPaperPubMedID="9", RetractionDOI=OTHER, Reason="+" * 700
    )
    data = table(*[filler] * 72_000, row(RetractionDate="6/1/2016 0:00"))
    start = time.perf_counter()
    database = RetractionWatch(data, [DOI], [])
    assert time.perf_counter() - start < 20
    assert (database.rows, database.bad, database.latest) == (72_001, 0, "2016-06-01")
    assert kinds(database.work(DOI)) == ["retraction"]


# The status


def said_by(source: str, *said: tuple[str, str], **more: Any) -> Work:  # noqa: ANN401
    """Return the paper with notices of kind and date, as *source* has it."""
    return Work(source, notices=tuple(Notice(kind, source, date) for kind, date in said), **more)


CLEAN: dict[str, Answer] = {CROSSREF: Work(CROSSREF), PUBMED: Work(PUBMED)}
OUTAGE = Failed("HTTP 503 after 4 tries")
UNIONS: list[tuple[dict[str, Answer], str]] = [
    (CLEAN, "no notice found"),
    ({CROSSREF: Work(CROSSREF), PUBMED: NotAsked("no PMID")}, "no notice found"),
    ({CROSSREF: Work(CROSSREF), PUBMED: OUTAGE}, "unknown"),
    ({CROSSREF: Failed("HTTP 400"), PUBMED: Work(PUBMED)}, "unknown"),
    ({CROSSREF: NotAsked("no DOI"), PUBMED: NotAsked("no PMID")}, "unknown"),
    ({}, "unknown"),
    (CLEAN | {RETRACTION_WATCH: said_by(RETRACTION_WATCH, ("retraction", ""))}, "retracted"),
    ({CROSSREF: said_by(CROSSREF, ("retraction", "2015")), PUBMED: OUTAGE}, "retracted"),
    ({CROSSREF: said_by(CROSSREF, ("republication", "2015"))}, "retracted"),
    ({CROSSREF: said_by(CROSSREF, ("partial retraction", "2015"))}, "corrected"),
    (
        {CROSSREF: said_by(CROSSREF, ("correction", "2015"), ("concern", "2014"))},
        "expression of concern",
    ),
    (
        {
            CROSSREF: said_by(CROSSREF, ("concern", "2015")),
            PUBMED: said_by(PUBMED, ("retraction", "")),
        },
        "retracted",
    ),
    ({CROSSREF: said_by(CROSSREF, ("correction", "")), PUBMED: OUTAGE}, "corrected"),
    (
        {CROSSREF: said_by(CROSSREF, ("retraction", "2015-06"), ("reinstatement", "2016-01-01"))},
        "reinstated",
    ),
    ({CROSSREF: said_by(CROSSREF, ("reinstatement", "2014"), ("retraction", "2015"))}, "retracted"),
    (
        {CROSSREF: said_by(CROSSREF, ("retraction", "2015"), ("reinstatement", "2015-07"))},
        "reinstated",
    ),
    (
        {CROSSREF: said_by(CROSSREF, ("reinstatement", "2015-07"), ("retraction", "2015"))},
        "retracted",
    ),
    (
        {
            PUBMED: said_by(PUBMED, ("retraction", "2015")),
            RETRACTION_WATCH: said_by(RETRACTION_WATCH, ("reinstatement", "2015-07-01")),
        },
        "retracted",
    ),
    (
        {
            PUBMED: said_by(PUBMED, ("retraction", "")),
            RETRACTION_WATCH: said_by(RETRACTION_WATCH, ("reinstatement", "2015-07-01")),
        },
        "retracted",
    ),
    (
        {
            PUBMED: said_by(PUBMED, ("retraction", "2014")),
            RETRACTION_WATCH: said_by(RETRACTION_WATCH, ("reinstatement", "2015-07-01")),
        },
        "reinstated",
    ),
    (
        {
            CROSSREF: said_by(
                CROSSREF, ("retraction", "2014"), ("reinstatement", "2015"), ("retraction", "2016")
            )
        },
        "retracted",
    ),
    (
        {
            CROSSREF: said_by(
                CROSSREF, ("retraction", "2014"), ("reinstatement", "2015"), ("concern", "2013")
            )
        },
        "expression of concern",
    ),
    (
        {
            CROSSREF: said_by(CROSSREF, ("retraction", "2014"), ("reinstatement", "2015")),
            PUBMED: OUTAGE,
        },
        "unknown",
    ),
]


@pytest.mark.parametrize(("answers", "word"), UNIONS)
def test_the_worst_that_is_known_is_the_status(answers: dict[str, Answer], word: str) -> None:
    status = union(answers)
    assert status.word == word
    assert word != "unknown" or status.why_unknown
    assert str(status)


def test_the_same_notice_gets_the_best_date_that_anyone_gives() -> None:
    of_link = Work(PUBMED, notices=(Notice("retraction", PUBMED, "2015", NOTICE_DOI),))
    of_rows = Work(
        RETRACTION_WATCH,
        notices=(
            Notice("retraction", RETRACTION_WATCH, "2015-06-01", NOTICE_DOI),
            Notice("reinstatement", RETRACTION_WATCH, "2015-11-02", OTHER),
        ),
    )
    assert union({PUBMED: of_link, RETRACTION_WATCH: of_rows}).word == "reinstated"


@pytest.mark.parametrize(
    "answers",
    [
        CLEAN | {CROSSREF: Work(CROSSREF, is_notice=True, notice_of=(DOI,))},
        CLEAN | {PUBMED: Work(PUBMED, is_notice=True, notice_of=(DOI,))},
        {
            CROSSREF: Work(CROSSREF),
            RETRACTION_WATCH: Work(RETRACTION_WATCH, is_notice=True, notice_of=(DOI,)),
        },
        {
            CROSSREF: said_by(CROSSREF, ("retraction", "2015")),
            PUBMED: Work(PUBMED, is_notice=True, notice_of=(DOI,)),
        },
    ],
)
def test_a_notice_is_never_called_retracted_and_never_clean(answers: dict[str, Answer]) -> None:
    status = union(answers)
    assert status.word == "unknown"
    assert f"this is the notice of {DOI} and not the paper" in status.fault
    assert disagreement(status, "retracted", "PubMed") == Disagreement(status.fault, is_fault=True)


def test_pubmed_knows_a_paper_from_its_notice() -> None:
    notice = said_by(CROSSREF, ("correction", ""), is_notice=True, notice_of=(OTHER,))
    status = union({CROSSREF: notice, PUBMED: said_by(PUBMED, ("retraction", ""))})
    assert status.word == "retracted"
    assert [it.kind for it in status.notices] == ["retraction"]
    for weak in (
        Work(RETRACTION_WATCH, is_notice=True, notice_of=(DOI,)),
        Work(CROSSREF, is_notice=True),
    ):
        assert union(CLEAN | {weak.source: weak}).word == "no notice found"


@pytest.mark.parametrize("asked", [CROSSREF, PUBMED, RETRACTION_WATCH])
@pytest.mark.parametrize("kind", ["", *MEANT, "reinstatement"])
def test_a_question_without_an_answer_is_never_clean(asked: str, kind: str) -> None:
    answers: dict[str, Answer] = {name: Work(name) for name in (CROSSREF, PUBMED, RETRACTION_WATCH)}
    if kind:
        other = next(name for name in answers if name != asked)
        answers[other] = said_by(other, (kind, "2015"))
    answers[asked] = OUTAGE
    status = union(answers)
    assert status.word == MEANT.get(kind, "unknown")
    assert OUTAGE.reason in str(status)
    told = disagreement(status, status.word if status.word in STATUSES else "as published")
    assert told is not None
    assert OUTAGE.reason in told.message


def test_a_partial_retraction_is_told_as_partial() -> None:
    status = union({CROSSREF: said_by(CROSSREF, ("partial retraction", "2015"))})
    assert status.is_partial
    assert "partial retraction" in str(status)
    found = disagreement(status, "as published")
    assert found is not None
    assert "a part of it was retracted" in found.message


FOUND: dict[str, dict[str, Answer]] = {
    "no notice found": CLEAN,
    "corrected": {CROSSREF: said_by(CROSSREF, ("correction", "2015-06"))},
    "expression of concern": {CROSSREF: said_by(CROSSREF, ("concern", "2015-06"))},
    "retracted": {CROSSREF: said_by(CROSSREF, ("retraction", "2015-06"))},
}


@pytest.mark.parametrize("said", STATUSES)
@pytest.mark.parametrize("word", FOUND)
@pytest.mark.parametrize("source", ["", "the page of the publisher"])
def test_a_record_that_says_less_than_is_known_is_wrong(said: str, word: str, source: str) -> None:
    found = disagreement(union(FOUND[word]), said, source)
    here, there = [*STATUSES].index(said), [*FOUND].index(word)
    if here == there:
        assert found is None
    elif here < there:
        assert found is not None
        assert found.is_fault
        assert f"write status: {word}, status-date: 2015-06" in found.message
    else:
        assert found is not None
        assert found.is_fault is not bool(source)
        assert "status-source" in found.message


@pytest.mark.parametrize(
    ("said", "source", "is_fault"),
    [
        ("as published", "", True),
        ("as published", "PubMed; retracted in 2015, reinstated in 2016", None),
        ("corrected", "reinstated, says Retraction Watch", None),
        ("retracted", "", True),
        ("retracted", "PubMed", False),
    ],
)
def test_a_record_tells_of_a_reinstatement(said: str, source: str, is_fault: bool | None) -> None:
    answers = {CROSSREF: said_by(CROSSREF, ("retraction", "2015"), ("reinstatement", "2016"))}
    found = disagreement(union(answers), said, source)
    assert (found and found.is_fault) == is_fault


def test_each_kind_of_notice_and_each_status_has_a_word() -> None:
    assert {*MEANT.values()} == {*STATUSES} - {"as published"}
    assert {*MEANT.values()} < {*WORDS}


# Hostile answers


def read_crossref(data: bytes) -> object:
    return crossref.read_work(data, DOI)


def read_pubmed(data: bytes) -> object:
    return pubmed.read_works(data, {PMID})


READERS: list[Callable[[bytes], object]] = [
    read_crossref,
    crossref.read_works,
    read_pubmed,
    idconv.read_identifiers,
]
BOMB = b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><PubmedArticleSet>&b;</PubmedArticleSet>'
EXTERNAL = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><PubmedArticleSet>&a;</PubmedArticleSet>'
PARAMETER = b'<!DOCTYPE a [<!ENTITY % a SYSTEM "http://127.0.0.1:1/a">%a;]><PubmedArticleSet/>'
HOSTILE = {
    "nothing": b"",
    "a page": b"<!DOCTYPE html><html><title>Bad Gateway</title></html>",
    "a page that is XML": b"<html><body>Sorry</body></html>",
    "deep JSON": b"[" * 200_000 + b"]" * 200_000,
    "deep JSON inside": b'{"status":"ok","message":'
    + b'{"a":' * 100_000
    + b"1"
    + b"}" * 100_000
    + b"}",
    "cut": answer()[:-9],
    "no object": b"[]",
    "null": b"null",
    "NaN": b'{"status":"ok","message":{"DOI":"10.1234/paper.1","volume":NaN}}',
    "infinity": b'{"status":"ok","message":{"DOI":"10.1234/paper.1","volume":1e999}}',
    "a huge number": b'{"status":"ok","message":{"DOI":"10.1234/paper.1","volume":1'
    + b"0" * 9_999
    + b"}}",
    "a large number": b'{"status":"ok","message":{"DOI":"10.1234/paper.1","volume":1'
    + b"0" * 99
    + b"}}",
    "no UTF-8": b'{"status":"ok","message":{"DOI":"\xff"}}',
    "no message": b'{"status":"ok"}',
    "an empty message": b'{"status":"ok","message":{}}',
    "a failure": b'{"status":"failed","message-type":"validation-failure","message":[{"type":"x"}]}',
    "a failure with a paper": b'{"status":"failed","message":{"DOI":"10.1234/paper.1"}}',
    "NaN where nobody looks": b'{"status":"ok","message":{"DOI":"10.1234/paper.1","score":NaN}}',
    "true for a volume": answer(volume=True),
    "another message": b'{"status":"ok","message-type":"member","message":{"DOI":"10.1234/paper.1"}}',
    "another paper": answer(DOI=OTHER),
    "a part of the DOI": answer(DOI=f"{DOI}x"),
    "updates that are a text": answer(updated_by="retraction"),
    "updates that are an object": answer(updated_by={"type": "retraction"}),
    "an update that is a text": answer(updated_by=["retraction"]),
    "a title that is a text": answer(title=TITLE),
    "an abstract that is a list": answer(abstract=["Words"]),
    "an error of NCBI": b'{"error":"API rate limit exceeded","count":"11"}',
    "an error of efetch": b"<eFetchResult><ERROR>UID is bad</ERROR></eFetchResult>",
    "an entity bomb": BOMB,
    "an external entity": EXTERNAL,
    "a parameter entity": PARAMETER,
    "deep XML": b"<PubmedArticleSet>" + b"<a>" * 100_000 + b"</a>" * 100_000,
    "XML in no encoding": b'<?xml version="1.0" encoding="x-none"?><PubmedArticleSet/>',
    "an undefined entity": b"<PubmedArticleSet>&nbsp;</PubmedArticleSet>",
    "another PMID": articles(article(pmid="124")),
    "no PMID": articles(article(pmid="")),
    "a PMID of words": articles(article(pmid=f"12{ESCAPE}"))
    if False
    else articles(article(pmid="12x")),
    "no article": articles(
        "<PubmedArticle><MedlineCitation><PMID>123</PMID></MedlineCitation></PubmedArticle>"
    ),
    "no citation": articles("<PubmedArticle/>"),
    "an empty book": articles("<PubmedBookArticle/>"),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_whatever_has_another_shape_is_unreadable_in_one_line(
    reader: Callable[[bytes], object], data: bytes
) -> None:
    with pytest.raises(UnreadableError) as caught:
        reader(data)
    message = str(caught.value)
    assert message
    assert message.isprintable()
    assert len(message) < 300


def test_no_answer_brings_what_controls_a_terminal() -> None:
    bad = f"a{ESCAPE}b{BIDI}c\x00<script>d"
    works = [
        of_crossref(
            title=[bad],
            author=[{"family": bad, "given": bad}],
            abstract=bad,
            volume=bad,
            updated_by=[update(bad, source=bad, record_id=bad)],
        ),
        of_pubmed(
            f"<Abstract><AbstractText Label='{BIDI}A'>a{BIDI}b\x85</AbstractText></Abstract>",
            title=f"a{BIDI}&lt;script&gt;",
            types=(f"a{BIDI}b",),
        ),
    ]
    for work in works:
        assert "<script" not in repr(work)
        for sign in (*ESCAPE[:1], BIDI, "\x00", "\x85"):
            assert ascii(sign)[1:-1] not in ascii(work)


#: Everything that can stand in the place of a value.
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(10**20, 10**22),
    st.floats(allow_nan=True),
    st.text(max_size=9),
    st.sampled_from(
        [[], {}, [[]], [None], [{}], {"a": []}, "retraction", "10.1/a", [["x"]], -1, 10**400]
    ).map(copy.deepcopy),  # what stands in one answer is changed again
)
RICH = item(
    subtitle=["a"],
    volume="1",
    issue="2",
    page="3-4",
    article_number="5",
    abstract="<p>One</p>",
    aliases=[OTHER],
    published_print={"date-parts": [[2011, 1, 2]]},
    journal_issue={"published-online": {"date-parts": [[2011]]}},
    updated_by=[update("retraction"), update("erratum")],
    update_to=[update("correction", DOI)],
)
CONVERTED = {
    "status": "ok",
    "records": [{"doi": DOI, "pmcid": "PMC7", "pmid": 1, "requested-id": DOI}],
}


def places(value: object) -> list[tuple[Any, Any]]:
    """Return each place in *value*: the object or the list, and the key in it."""
    if isinstance(value, dict):
        inside = list(value.items())
    else:
        inside = list(enumerate(value)) if isinstance(value, list) else []
    return [(value, key) for key, _ in inside] + [
        place for _, one in inside for place in places(one)
    ]


@given(st.data())
@fuzz
@pytest.mark.parametrize(
    ("reader", "whole"),
    [
        (read_crossref, {"status": "ok", "message-type": "work", "message": RICH}),
        (crossref.read_works, {"status": "ok", "message": {"items": [RICH, item()]}}),
        (idconv.read_identifiers, CONVERTED),
    ],
)
def test_json_with_anything_anywhere_is_read_or_unreadable(
    reader: Callable[[bytes], object], whole: dict[str, Any], data: st.DataObject
) -> None:
    whole = json.loads(json.dumps(whole))
    for _ in range(data.draw(st.integers(1, 3))):
        parent, key = data.draw(st.sampled_from(places(whole)))
        parent[key] = data.draw(VALUES)
    with contextlib.suppress(UnreadableError):
        reader(json.dumps(whole).encode())


WHOLE = articles(
    article(
        f"{ABSTRACT}<Pagination><MedlinePgn>1-9</MedlinePgn></Pagination><AuthorList><Author><LastName>Doe"
        "</LastName></Author></AuthorList><ArticleDate DateType='Electronic'><Year>2009</Year></ArticleDate>",
        links=(("RetractionIn", SOURCE), ("ErratumFor", SOURCE)),
        ids="<ArticleId IdType='doi'>10.1234/paper.1</ArticleId><ArticleId IdType='pmc'>PMC7</ArticleId>",
    )
)


@given(st.data())
@fuzz
@pytest.mark.parametrize(
    ("reader", "whole"),
    [(read_pubmed, WHOLE), (read_crossref, answer(**RICH)), (crossref.read_works, answer())],
)
def test_bytes_that_change_anywhere_are_read_or_unreadable(
    reader: Callable[[bytes], object], whole: bytes, data: st.DataObject
) -> None:
    changed = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed)))
        changed[place : place + data.draw(st.integers(0, 40))] = data.draw(
            st.binary(max_size=9)
            | st.sampled_from([b"<", b"</a>", b"<a>", b"&#0;", b"&a;", b"]]>", b'"', b"0" * 9])
        )
    with contextlib.suppress(UnreadableError):
        reader(bytes(changed))


@given(st.data())
@fuzz
def test_xml_without_anything_or_with_other_words_is_read_or_unreadable(
    data: st.DataObject,
) -> None:
    root = ElementTree.fromstring(WHOLE)
    for _ in range(data.draw(st.integers(1, 3))):
        element = data.draw(st.sampled_from(list(root.iter())))
        kind = data.draw(st.sampled_from(["words", "no children", "no attributes", "doubled"]))
        if kind == "words":
            element.text = data.draw(
                st.text(st.characters(categories=("L", "N", "P", "Z")), max_size=9)
            )
        elif kind == "no children":
            element[:] = []
        elif kind == "no attributes":
            element.attrib.clear()
        else:
            element[:] = [*element, *element]
    with contextlib.suppress(UnreadableError):
        works = read_pubmed(ElementTree.tostring(root))
        assert isinstance(works, dict)


@given(st.data())
@fuzz
def test_a_file_that_changes_anywhere_is_read_or_unreadable(data: st.DataObject) -> None:
    changed = bytearray(table(row(), row(Record="8", OriginalPaperDOI=OTHER)).getvalue())
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(changed)))
        changed[place : place + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=9))
    with contextlib.suppress(UnreadableError):
        RetractionWatch(io.BytesIO(bytes(changed)), [DOI], [PMID]).work(DOI, PMID)


def test_what_cannot_be_read_of_a_search_hides_nothing_else() -> None:
    items = [{"title": ["A kite"]}, {"DOI": "10.5555/kite", "title": ["A kite"]}, {"DOI": 7}]
    answer = {"status": "ok", "message-type": "work-list", "message": {"items": items}}
    found = crossref.read_works(json.dumps(answer).encode())
    assert [work.doi for work in found] == ["10.5555/kite"]
