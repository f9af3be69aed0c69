"""The text of a reference: NLM's layout, and nothing lost when something is missing."""

from __future__ import annotations

import pytest
from pybtex.backends.markdown import Backend
from pybtex.database import Entry, parse_string

from bibtex.entry import unverified
from common.text import day_in_words
from references.nlm_style import NLMStyle, caveat, reference

ARTICLE = r"""@article{key,
  author = {Reynolds, III, Charles F. and Zubieta, Jon-Kar and De Berardis, Domenico and Lud{\"a}scher, Petra},
  title = {{OPRK1} and BPD: {A} Case Report},
  journal = {Molecular Psychiatry}, year = {2024}, volume = {29}, number = {12}, pages = {37--41},
  doi = {10.1000/a<b>c#1}, pmid = {123}, pmcid = {PMC456}, url = {https://example.org/unused},
}"""


def entry(source: str) -> Entry:
    """Return the one entry of a BibTeX *source*."""
    return next(iter(parse_string(source, "bibtex").entries.values()))


def plain(source: str) -> str:
    """Return the text of the reference of *source*, without links and emphasis."""
    return str(reference(entry(source)))


def test_an_article_is_laid_out_as_nlm_does() -> None:
    assert plain(ARTICLE) == (
        "Reynolds CF 3rd, Zubieta JK, De Berardis D, Ludäscher P. OPRK1 and BPD: A Case Report. "
        "Molecular Psychiatry. 2024;29(12):37–41. "
        "doi:10.1000/a<b>c#1. PubMed 123. Free full text (PMC456)."
    )


def test_identifiers_are_links_each_once_and_encoded() -> None:
    text = reference(entry(ARTICLE)).render(Backend())
    for address in (
        "https://doi.org/10.1000/a%3Cb%3Ec%231",
        "https://pubmed.ncbi.nlm.nih.gov/123/",
        "https://pmc.ncbi.nlm.nih.gov/articles/PMC456/",
    ):
        assert text.count(address) == 1
    assert "example.org" not in text  # the DOI is the better address


@pytest.mark.parametrize(
    "field", ["author", "title", "journal", "year", "volume", "number", "pages", "doi"]
)
def test_a_missing_field_erases_nothing_else(field: str) -> None:
    whole = entry(ARTICLE)
    shown = {
        "author": "Zubieta",
        "title": "OPRK1",
        "journal": "Molecular",
        "year": "2024",
        "volume": "29",
    }
    shown |= {"number": "(12)", "pages": "37–41", "doi": "doi:10"}
    whole.persons.pop(field, None)
    whole.fields.pop(field, None)
    text = str(reference(whole))
    assert shown.pop(field) not in text
    assert [words for words in shown.values() if words not in text] == []


def test_a_missing_author_list_is_shown_as_such() -> None:
    text = plain("@article{key, title = {Report}, unverified = {author: could not be read}}")
    assert text == "[Authors not yet verified; see the DOI.] Report."


def test_a_web_page_has_its_address_and_the_day_it_was_checked() -> None:
    text = plain(
        "@misc{key, author = {{FDA}}, title = {Off Label?}, year = {2018}, note = {A note},"
        " url = {https://example.org/a?b=c&d=e}, urldate = {2026-11-23}}"
    )
    assert text == (
        "FDA. Off Label? 2018. A note. Available from: https://example.org/a?b=c&d=e (checked 23 November 2026)."
    )


def test_a_report_and_a_book_name_their_house_once() -> None:
    report = "@techreport{key, author = {{NICE}}, title = {Self-harm}, institution = {NICE}, type = {Guideline},"
    assert (
        plain(report + " number = {NG225}, year = {2022}}")
        == "NICE. Self-harm. Guideline NG225. 2022."
    )
    book = (
        "@book{key, author = {{IASP}}, title = {A Resource}, publisher = {WHO}, address = {Geneva},"
    )
    assert plain(book + " year = {2023}}") == "IASP. A Resource. Geneva: WHO; 2023."


@pytest.mark.parametrize("kind", ["report", "thesis", "online", "dataset", "nonsense"])
def test_no_entry_type_is_too_strange_to_print(kind: str) -> None:
    assert plain(f"@{kind}{{key, author = {{Smith, A.}}, title = {{Title}}, year = {{2020}}}}") == (
        "Smith A. Title. 2020."
    )


def test_an_empty_entry_is_no_error() -> None:
    assert plain("@misc{key, nothing = {}}") == ""


def test_doubts_are_grouped_by_their_reason() -> None:
    source = (
        "@misc{key, title = {T}, unverified = {doi: recalled; pmid: not seen; pmcid: not seen}}"
    )
    assert unverified(entry(source)) == {"doi": "recalled", "pmid": "not seen", "pmcid": "not seen"}
    assert caveat(entry(source)) == "DOI (recalled); PubMed number, PMC number (not seen)"


def test_a_date_that_is_none_is_printed_as_it_is() -> None:
    found = [day_in_words(date) for date in ("2026-11-03", "2026-11", "2026", "last week")]
    assert found == ["3 November 2026", "November 2026", "2026", "last week"]


def test_the_style_gives_the_reference_under_its_label() -> None:
    found = NLMStyle().format_entry("Reynolds et al. 2024", entry(ARTICLE))
    assert (found.key, found.label) == ("key", "Reynolds et al. 2024")
    assert str(found.text) == plain(ARTICLE)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x"])
def test_what_is_no_address_of_the_web_is_no_link(address: str) -> None:
    text = reference(entry(f"@misc{{key, title = {{T}}, url = {{{address}}}}}")).render(Backend())
    assert f"]({address.partition(':')[0]}" not in text
