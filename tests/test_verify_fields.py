"""The comparison of an entry with what databases say: what is a difference, what is none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bibcheck.check import check
from bibtex.entry import SourceEntry
from bibtex.reader import ParsedFile, parse_bib
from verify.compare import Comparison, agrees_by_title, compare
from verify.work import Name, Work
from verify_fields import AT_LEAST, AT_MOST, REPORTED, TUNED_ON, compared, seeded

ENTRY = {
    "author": "Doe, Jane M. and van der Roe, Jr., Richard and Poe, Ann",
    "title": "Mood and Pain After Nothing: {A} Trial of {XYZ1} in 24 Women",
    "journal": "Journal of Made-Up Disorders",
    "year": "2012",
    "volume": "27",
    "number": "1--2",
    "pages": "623--636",
    "doi": "10.5555/made.2012.5",
    "pmid": "31400017",
    "pmcid": "PMC7100023",
}
PEOPLE = (Name("Doe", "Jane M."), Name("van der Roe", "Richard", "Jr"), Name("Poe", "Ann"))
CROSSREF = Work(
    "Crossref",
    title="Mood and pain after nothing: a trial of XYZ1 in 24 women",
    authors=PEOPLE,
    journals=("Journal of Made-Up Disorders", "J. Made-Up Disord."),
    years={"print": 2012, "online": 2011},
    volume="27",
    issue="1-2",
    pages="623-636",
    doi="10.5555/MADE.2012.5",
)
PUBMED = replace(
    CROSSREF,
    source="PubMed",
    title="Mood and pain after nothing: a trial of XYZ1 in 24 women.",
    journals=("Journal of made-up disorders : the voice of a society", "J Made Up Disord"),
    years={"print": 2012},
    pages="623-36",
    pmid="31400017",
    pmcid="PMC7100023",
)


def entry_of(**fields: str) -> SourceEntry:
    lines = [f"  {name} = {{{text}}},\n" for name, text in {**ENTRY, **fields}.items() if text]
    (entry,) = parse_bib(f"@article{{k,\n{''.join(lines)}}}\n", ParsedFile("a.bib")).entries
    return entry


def told(name: str, ours: str, **theirs: Any) -> Comparison:  # noqa: ANN401  of each field its own type
    return compare(entry_of(**{name: ours}), [replace(CROSSREF, **theirs)])


def faulty(result: Comparison) -> list[str]:
    return [found.field for found in result.differences]


def test_a_right_entry_is_confirmed_in_all_fields_by_both() -> None:
    result = compare(entry_of(), [CROSSREF, PUBMED])
    assert (result.differences, result.offers, result.disputes) == ([], [], [])
    assert result.agreed == dict.fromkeys(ENTRY, "Crossref, PubMed") | {
        "pmid": "PubMed",
        "pmcid": "PubMed",
    }


def test_a_difference_has_its_line_and_all_who_say_so() -> None:
    result = compare(entry_of(volume="28"), [CROSSREF, PUBMED])
    (found,) = result.differences
    assert str(found) == "volume: ours 28, theirs 27 (Crossref, PubMed)"
    assert found.line == 6


SAME_TITLES = [
    ("β-{Endorphin} in Women", "Beta-endorphin in women."),
    ("$\\beta$-Endorphin in Women", "β-endorphin in women"),
    ("Effects in Women: A Trial", "Effects in women - a trial"),
    ("Effects in Women: A Trial", "Effects in women? A trial"),
    ("Effects in Women", "Effects in women: a randomised trial"),
    ("Effects in Women: A Trial", "Effects in women"),
    ("Women's ``Effects''", "Women\u2019s \u201ceffects\u201d"),
    ("Non-Suicidal Acts", "Non suicidal acts"),
    ("Non-Suicidal Acts", "Non\u2010suicidal acts*"),
    ("Effects of {H2O}", "Effects of H<sub>2</sub>O"),
    ("Levels Above 5 \\& Below 1,000", "Levels above 5 &amp;amp; below 1 000"),
    ("Effects in Women", "[Effects in women]."),
    ("Effects in Women", "RETRACTED: Effects in Women"),
    ("Effects in Women", "<jats:title>Effects  in\n <i>women</i></jats:title>"),
    ("Doses of 0.5 mg", "Doses of 0·5 mg"),
    ('Gr{\\"o}{\\ss}e und Wirkung', "GROSSE UND WIRKUNG"),
    ('Gr{\\"o}{\\ss}e und Wirkung', "GrÃ¶ÃŸe und Wirkung"),
]
OTHER_TITLES = [
    ("This Does Help Women", "This does not help women"),
    ("Doses of 0.5 mg", "Doses of 5 mg"),
    ("Doses of 0.5 mg", "Doses of 0.4 mg"),
    ("Ages 12 to 15", "Ages 12 to 16"),
    ("Levels of <5 in Women", "Levels of >5 in women"),
    ("Behaviour of Women", "Behavior of women"),
    ("Effects in Women: A Trial", "Effects in women: a review"),
    ("\u03b1-Agonists in Women", "β-agonists in women"),
    ("Effects in Woman", "Effects in women"),
    ("Dose Finding: Part {II}", "Dose finding: part III"),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME_TITLES)
def test_a_title_is_the_same_however_it_is_written(ours: str, theirs: str) -> None:
    assert "title" not in faulty(told("title", ours, title=theirs))


@pytest.mark.parametrize(("ours", "theirs"), OTHER_TITLES)
def test_a_title_with_another_word_or_number_is_found(ours: str, theirs: str) -> None:
    assert faulty(told("title", ours, title=theirs)) == ["title"]


def test_a_subtitle_that_no_database_has_is_found() -> None:
    short = {"title": "Mood and pain after nothing"}
    both = [replace(CROSSREF, **short), replace(PUBMED, **short)]  # type: ignore[arg-type]
    assert faulty(compare(entry_of(), both)) == ["title"]


def test_the_title_in_the_language_of_the_paper_is_right() -> None:
    theirs = {"title": "[Mood of women].", "other_titles": ("Stimmung bei Frauen",)}
    assert faulty(told("title", "Stimmung bei Frauen", **theirs)) == []


SAME_PEOPLE = [
    ("van der Roe, Richard", Name("Roe", "Richard van der")),
    ("van der Roe, Richard", Name("Van Der Roe", "R")),
    ("van der Roe, Richard", Name("Roe", "R. van der")),
    ("van der Roe, Richard", Name("Roe", "Richard")),
    ("De Berardis, Domenico", Name("DeBerardis", "D")),
    ("Reynolds, III, Charles F.", Name("Reynolds", "Charles F", "3rd")),
    ("Reynolds, III, Charles F.", Name("Reynolds III", "CF")),
    ("Reynolds, III, Charles F.", Name("Reynolds", "Charles F.", "III, MD, PhD")),
    ("Reynolds, III, Charles F.", Name("Reynolds", "Charles")),
    ("Huang, Yung-yu", Name("Huang", "YY")),
    ("Huang, Yung-yu", Name("Huang", "Yungyu")),
    ("Huang, Y.-Y.", Name("Huang", "Yung Yu")),
    ("Huang, Yung-yu", Name("Yung-yu", "Huang")),
    ("Mann, J. John", Name("Mann", "JJ")),
    ("Mann, J. John", Name("Mann", "John")),
    ('M{\\"u}ller, J{\\"o}rg', Name("Mueller", "Joerg")),
    ('M{\\"u}ller, J{\\"o}rg', Name("Muller", "J")),
    ("Müller, Jörg", Name("MÃ¼ller", "JÃ¶rg")),
    ("Müller, Jörg", Name("MĂĽller", "J")),
    ("Müller, Jörg", Name("M?ller", "J")),
    ("Mu\u0308ller, Jörg", Name("Müller", "J")),
    ("Szab{\\H o}, {\\'E}va", Name("Szabó", "Éva")),
    ("Weiß, Ida", Name("Weiss", "I")),
    ("S{\\o}rb{\\o}, K.", Name("Soerboe", "K")),
    ("{\\L}ukasik, Jan", Name("Lukasik", "J")),
    ("Đorđević, Ana", Name("Djordjevic", "A")),
    ("Nguyễn, Văn An", Name("Nguyen", "Van An")),
    ("Nguyễn, Văn An", Name("An", "Nguyễn Văn")),
    ("Nguyễn, Văn An", Name("Nguyá»…n", "VÄƒn An")),
    ("Nagy, Péter", Name("Péter", "Nagy")),
    ("García López, María", Name("López", "María García")),
    ("García López, María", Name("López", "MG")),
    ("Malcolm-Smith, Susan", Name("Malcolm\u2010Smith", "S")),
    ("Malcolm-Smith, Susan", Name("Smith", "S. Malcolm")),
    ("O'Dwyer, Ann", Name("O\u2019Dwyer", "A")),
    ("Li, Li", Name("Li", "L")),
    ("{REFINE Study Group}", Name("the REFINE Investigators", is_group=True)),
    ("{REFINE Study Group}", Name("REFINE Study Group")),
    ("Ipser", Name("Ipser", "Jonathan C.")),
    ("van Honk, Jack", Name("van Honk")),
    ("van Honk, Jack", Name("Van Honk")),
    ("Honk, Jack van", Name("van Honk")),
    ("García López, María", Name("García López")),
]
OTHER_PEOPLE = [
    ("Smith, John", Name("Smyth", "John")),
    ("Smith, John", Name("Smith", "Jane")),
    ("Smith, J.", Name("Smith", "K.")),
    ("Smith, John A.", Name("Smith", "John B")),
    ("Smith, J. A.", Name("Smith", "A. J.")),
    ("Smith, Jr., John", Name("Smith", "John", "III")),
    ("Roe, Richard", Name("van der Roe", "Richard")),
    ("MÃ¼ller, Jörg", Name("Müller", "Jörg")),
    ("MÃ¤dler, Jörg", Name("Mädler", "Jörg")),
    ("Chen, Wei", Name("Chen", "Wen")),
    ("{REFINE Study Group}", Name("HERON Study Group", is_group=True)),
    ("M?ller, Jörg", Name("Müller", "J")),
]


@pytest.mark.parametrize(("ours", "theirs"), SAME_PEOPLE)
def test_a_person_is_the_same_however_a_database_writes_the_name(ours: str, theirs: Name) -> None:
    assert faulty(told("author", ours, authors=(theirs,))) == []


@pytest.mark.parametrize(("ours", "theirs"), OTHER_PEOPLE)
def test_another_person_is_found(ours: str, theirs: Name) -> None:
    assert faulty(told("author", ours, authors=(theirs,))) == ["author"]


DOE, ROE, POE = PEOPLE
GROUP = Name("REFINE Study Group", is_group=True)


@pytest.mark.parametrize(
    ("authors", "said"),
    [
        ((DOE, ROE), "Poe, Ann as number 3 of 3, theirs 2 people"),
        ((ROE, POE), "Doe, Jane M. as number 1 of 3, theirs van der Roe, Jr., Richard as number 1"),
        ((ROE, DOE, POE), "Doe, Jane M. as number 1 of 3"),
        ((*PEOPLE, Name("New", "N.")), "3 people, theirs New, N. as number 4 of 4"),
        ((*PEOPLE, GROUP), "no group, theirs REFINE Study Group"),
    ],
)
def test_authors_who_are_missing_too_many_or_in_another_order_are_found(
    authors: tuple[Name, ...], said: str
) -> None:
    result = told("year", "2012", authors=authors)
    assert faulty(result) == ["author"]
    assert said in str(result.differences[0])


def test_a_list_that_ends_with_others_is_compared_as_far_as_it_goes() -> None:
    fine = compare(entry_of(author="Doe, Jane M. and others"), [CROSSREF, PUBMED])
    assert fine.differences == []
    assert faulty(compare(entry_of(author="Doe, Ann and others"), [CROSSREF])) == ["author"]


def test_a_list_that_a_database_cuts_is_compared_as_far_as_it_goes() -> None:
    cut = replace(PUBMED, authors=PEOPLE[:2], complete=False)
    assert compare(entry_of(), [cut]).differences == []
    assert faulty(compare(entry_of(author="Doe, Jane and Poe, Ann"), [cut])) == ["author"]


def test_a_group_that_one_database_leaves_out_is_right_either_way() -> None:
    works = [CROSSREF, replace(PUBMED, authors=(DOE, GROUP, ROE, POE))]
    with_group = ENTRY["author"] + " and {REFINE Study Group}"
    assert compare(entry_of(author=with_group), works).differences == []
    without = compare(entry_of(), works)
    assert without.differences == []
    assert [found.field for found in without.disputes] == ["author"]
    assert faulty(compare(entry_of(author=with_group), [CROSSREF, PUBMED])) == ["author"]


def test_groups_in_another_order_are_found_and_a_place_among_people_is_not() -> None:
    one, two = ("Committee on Made-Up Disorders", "Society of Invented Medicine")
    ours = f"{{{one}}} and {{{two}}}"
    groups = [Name(name, is_group=True) for name in (one, two)]
    for people in ((DOE, *groups), (groups[0], DOE, groups[1])):
        works = [replace(work, authors=people) for work in (CROSSREF, PUBMED)]
        assert faulty(compare(entry_of(author=f"Doe, Jane and {ours}"), works)) == []
    swapped = [replace(work, authors=tuple(groups[::-1])) for work in (CROSSREF, PUBMED)]
    (found,) = compare(entry_of(author=ours), swapped).differences
    assert str(found) == f"author: ours {one}; {two}, theirs {two}; {one} (Crossref, PubMed)"
    right_in_one = [swapped[0], replace(PUBMED, authors=tuple(groups))]
    assert faulty(compare(entry_of(author=ours), right_in_one)) == []


def test_a_group_for_which_the_authors_speak_may_be_left_out() -> None:
    spoken_for = Name("for the REFINE Study Group", is_group=True)
    assert faulty(told("year", "2012", authors=(*PEOPLE, spoken_for))) == []


def test_names_that_both_databases_turn_round_are_found() -> None:
    turned = tuple(Name(name.given, name.family) for name in (DOE, POE))
    works = [replace(work, authors=(turned[0], ROE, turned[1])) for work in (CROSSREF, PUBMED)]
    assert faulty(compare(entry_of(), works)) == ["author"]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("J. Affect. Disord.", ("Journal of Affective Disorders",)),
        ("J Affect Disord", ("Journal of Affective Disorders",)),
        ("Journal of Affective Disorders", ("J Affect Disord",)),
        ("American Journal of Psychiatry", ("The American journal of psychiatry",)),
        ("The Lancet", ("Lancet (London, England)", "Lancet")),
        ("JAMA Psychiatry", ("JAMA psychiatry : a journal", "JAMA Psychiatry")),
        ("Brain \\& Behavior", ("Brain and Behavior",)),
        ("Brain and Behavior", ("Brain &amp; Behavior",)),
        ("NeuroImage: Clinical", ("NeuroImage. Clinical", "Neuroimage Clin")),
        ("PNAS", ("Proceedings of the National Academy of Sciences",)),
        (
            "Journal of the National Cancer Institute",
            ("JNCI: Journal of the National Cancer Institute",),
        ),
        ("Actas Españolas", ("Actas espanolas",)),
    ],
)
def test_a_journal_is_the_same_whole_or_short(ours: str, theirs: tuple[str, ...]) -> None:
    assert faulty(told("journal", ours, journals=theirs)) == []


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("JAMA", "JAMA Psychiatry"),
        ("NeuroImage", "NeuroImage: Clinical"),
        ("Journal of Pain", "Journal of Pain Research"),
        ("Neurology", "Neurobiology"),
        ("American Journal of Addiction", "American Journal on Addictions"),
        ("Journal of Clinical Psychiatry", "Journal of Clinical Psychology"),
        ("Brain Research", "Brain"),
    ],
)
def test_another_journal_is_found(ours: str, theirs: str) -> None:
    assert faulty(told("journal", ours, journals=(theirs,))) == ["journal"]


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("pages", "623--636", {"pages": "623-36"}),
        ("pages", "623--36", {"pages": "623–636"}),
        ("pages", "623", {"pages": "623-636"}),
        ("pages", "623--636", {"pages": "623"}),
        ("pages", "e785--e793", {"pages": "e785-93"}),
        ("pages", "{E}12", {"pages": "e12"}),
        ("pages", "134--140", {"pages": "134-140.e2"}),
        ("pages", "134--140", {"pages": "134-40; discussion 141-3"}),
        ("pages", "2410", {"pages": "", "article_number": "2410"}),
        ("pages", "101679", {"pages": "1-12", "article_number": "101679"}),
        ("pages", "77", {"pages": "Article 077"}),
        ("pages", "623--636", {"pages": "n/a-n/a"}),
        ("pages", "S12--S18", {"pages": "S12-8"}),
        ("number", "1--2", {"issue": "1/2"}),
        ("number", "Suppl 1", {"issue": "S1"}),
        ("number", "4 Suppl 1", {"issue": "4_suppl_1"}),
        ("number", "Suppl", {"issue": "Suppl 1"}),
        ("number", "02", {"issue": "2"}),
        ("number", "4", {"issue": "4 Pt 1"}),
        ("number", "Suppl 1", {"volume": "27 Suppl 1", "issue": ""}),
        ("volume", "27", {"volume": "27 Suppl 1", "issue": ""}),
        ("volume", "27", {"volume": "Vol. 27"}),
        ("year", "2011", {}),
        ("doi", "10.5555/Made.2012.5", {}),
        ("pmcid", "PMC12", {"pmcid": "12"}),
    ],
)
def test_a_figure_is_the_same_however_it_is_written(
    name: str, ours: str, theirs: dict[str, str]
) -> None:
    assert name not in faulty(told(name, ours, **theirs))


@pytest.mark.parametrize(
    ("name", "ours", "theirs"),
    [
        ("pages", "623--637", {"pages": "623-36"}),
        ("pages", "623--63", {"pages": "632-63"}),
        ("pages", "785--793", {"pages": "e785-e793"}),
        ("pages", "S12", {"pages": "12"}),
        ("pages", "2401", {"pages": "", "article_number": "2410"}),
        ("number", "1--2", {"issue": "1"}),
        ("number", "Suppl 1", {"issue": "Suppl 2"}),
        ("number", "Suppl 1", {"issue": "1"}),
        ("number", "4 Pt 2", {"issue": "4 Pt 1"}),
        ("volume", "27", {"volume": "72"}),
        ("year", "2013", {}),
        ("doi", "10.5555/made.2012.6", {}),
        ("pmid", "31400018", {"pmid": "31400017"}),
        ("pmcid", "PMC13", {"pmcid": "12"}),
    ],
)
def test_another_figure_is_found(name: str, ours: str, theirs: dict[str, str]) -> None:
    assert faulty(told(name, ours, **theirs)) == [name]


def test_where_databases_disagree_the_entry_may_follow_one_and_it_is_noted() -> None:
    result = compare(entry_of(), [CROSSREF, replace(PUBMED, volume="28")])
    assert result.differences == []
    assert [str(found) for found in result.disputes] == ["volume: ours 27, theirs 28 (PubMed)"]
    assert result.agreed["volume"] == "Crossref"


def test_an_identifier_that_one_database_contradicts_is_found() -> None:
    result = compare(entry_of(), [CROSSREF, replace(PUBMED, doi="10.5555/made.2012.6")])
    assert faulty(result) == ["doi"]
    assert "doi" not in result.agreed


ANOTHER = Work(
    "Crossref",
    title="Sleep of pilots on long flights",
    authors=(Name("Other", "Olga"),),
    years={"print": 1999},
    volume="3",
    doi=ENTRY["doi"],
)


def test_an_identifier_of_another_paper_is_one_difference() -> None:
    (found,) = compare(entry_of(), [ANOTHER, PUBMED]).differences
    assert (found.field, found.line) == ("doi", 9)
    assert found.theirs == "another paper, “Sleep of pilots on long flights”, Other, 1999"
    wrong_number = replace(ANOTHER, source="PubMed", doi="", pmid=ENTRY["pmid"])
    assert faulty(compare(entry_of(), [CROSSREF, wrong_number])) == ["pmid"]


def test_another_title_of_the_same_paper_is_a_wrong_title_and_no_other_paper() -> None:
    assert faulty(told("title", "Summary Written by Hand")) == ["title"]


def offers(result: Comparison) -> dict[str, str]:
    return {offer.field: offer.value for offer in result.offers}


def test_what_is_missing_is_offered_as_it_would_be_written() -> None:
    group = (*PEOPLE, GROUP)
    works = [replace(CROSSREF, authors=group), replace(PUBMED, authors=group)]
    lacking = ("author", "volume", "number", "pages", "doi", "pmcid", "journal")
    result = compare(entry_of(**dict.fromkeys(lacking, "")), works)
    assert offers(result) == {name: ENTRY[name] for name in lacking} | {
        "author": ENTRY["author"] + " and {REFINE Study Group}",
        "doi": CROSSREF.doi,
    }
    sources = {offer.field: offer.source for offer in result.offers}
    only_one = {"pmcid": "PubMed", "journal": "Crossref"}  # which PubMed writes as a sentence
    assert sources == dict.fromkeys(lacking, "Crossref, PubMed") | only_one


def test_what_is_offered_has_no_fault_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> None:
    spoilt = (Name("MÃ¼ller", "Jörg"), Name("Smith & Sons", is_group=True))
    work = replace(CROSSREF, title="Doses of 5% <i>in</i> women_x {a}", authors=spoilt)
    found = offers(compare(entry_of(author="", title=""), [work]))
    assert found["author"] == "Müller, Jörg and {Smith \\& Sons}"
    path = tmp_path_factory.mktemp("offered") / "a.bib"
    path.write_text(entry_of(**found).source + "\n", "utf-8")
    kinds = {finding.kind for finding in check({"a.bib": path}).findings}
    assert kinds <= {"missing-field", "key-style"}


def test_what_is_declared_unverified_is_offered_and_what_is_verified_is_not() -> None:
    declared = "author: only the first was seen; pages: the last one was not seen"
    short = {"author": "Doe, Jane M. and others", "pages": "623"}
    result = compare(entry_of(unverified=declared, **short), [CROSSREF])
    assert result.differences == []
    assert offers(result) == {"author": ENTRY["author"], "pages": ENTRY["pages"]}
    assert offers(compare(entry_of(**short), [CROSSREF])) == {}


DECLARED = {name: f"{name}: not seen" for name in ("author", "year", "pages", "doi", "pmid")}


@pytest.mark.parametrize("name", DECLARED)
def test_what_is_declared_and_confirmed_is_offered_as_the_entry_has_it(name: str) -> None:
    result = compare(entry_of(unverified=DECLARED[name]), [CROSSREF, PUBMED])
    sources = "PubMed" if name == "pmid" else "Crossref, PubMed"
    assert result.offers == [(name, ENTRY[name], sources)]


@pytest.mark.parametrize(
    ("name", "ours", "crossref", "pubmed"),
    [
        # Online the year before, and without a place in an issue.
        ("year", "2012", {"volume": "", "issue": "", "pages": ""}, {"volume": "", "issue": ""}),
        ("pages", "623", {"pages": "623"}, {}),
        ("author", "Doe, J.", {"authors": PEOPLE[:1]}, {"authors": ()}),
    ],
)
def test_what_one_database_confirms_is_not_changed(
    name: str, ours: str, crossref: dict[str, Any], pubmed: dict[str, Any]
) -> None:
    entry = entry_of(**{name: ours, "unverified": f"{name}: not seen"})
    result = compare(entry, [replace(CROSSREF, **crossref), replace(PUBMED, **pubmed)])
    assert offers(result) == {name: ours}


@pytest.mark.parametrize(
    ("name", "theirs"), [("volume", {"volume": "28"}), ("doi", {"doi": "10.5555/made.2012.6"})]
)
def test_what_one_database_confirms_and_another_contradicts_stays_declared(
    name: str, theirs: dict[str, Any]
) -> None:
    entry = entry_of(unverified=f"{name}: not seen")
    assert offers(compare(entry, [CROSSREF, replace(PUBMED, **theirs)])) == {}


def test_an_identifier_that_leads_to_another_paper_stays_declared() -> None:
    assert offers(compare(entry_of(unverified="doi: not seen"), [ANOTHER, PUBMED])) == {}


@pytest.mark.parametrize(
    ("ours", "theirs", "better"),
    [
        ("Doe, Jane M. and others", PEOPLE[:1], ""),
        ("Doe, Jane M. and others", PEOPLE[1:], ""),
        ("Doe, Jane M. and Roe, Richard and others", PEOPLE[:2], ""),
        ("Doe, Jane M. and others", PEOPLE, ENTRY["author"]),
        ("Doe, J. and Poe, Ann", PEOPLE, ""),
        ("Doe, J.", PEOPLE, ENTRY["author"]),
        ("Smith, Ann and others", PEOPLE, ""),
        (ENTRY["author"], PEOPLE[:2], ""),
        ("Doe, Jane M. and Roe, Richard and Poe, Bob", PEOPLE, ""),
    ],
)
def test_authors_are_replaced_only_by_more_who_begin_with_ours(
    ours: str, theirs: tuple[Name, ...], better: str
) -> None:
    entry = entry_of(author=ours, unverified="author: the list was cut")
    works = [replace(work, authors=theirs) for work in (CROSSREF, PUBMED)]
    assert offers(compare(entry, works)).get("author", "") == better
    cut = [replace(work, complete=False) for work in works]
    assert "author" not in offers(compare(entry, cut))


def test_a_value_is_offered_as_one_database_has_it_and_names_only_those_that_have_it() -> None:
    works = [replace(CROSSREF, volume="", issue="", pages=""), PUBMED]
    found = compare(entry_of(year=""), works).offers
    assert found == [("year", "2011", "Crossref"), ("year", "2012", "PubMed")]
    works = [replace(CROSSREF, pages="623"), PUBMED]
    assert compare(entry_of(pages=""), works).offers == [("pages", "623--636", "PubMed")]
    initials = replace(PUBMED, authors=(Name("Doe", "JM"), *PEOPLE[1:]))
    found = compare(entry_of(author=""), [initials, CROSSREF]).offers
    assert found == [("author", ENTRY["author"], "Crossref")]
    cut = replace(
        PUBMED, authors=(Name("Doe", "Jane Margaret Annabella Elizabeth"),), complete=False
    )
    assert compare(entry_of(author=""), [cut, replace(CROSSREF, authors=PEOPLE[:2])]).offers == [
        ("author", "Doe, Jane M. and van der Roe, Jr., Richard", "Crossref")
    ]


def test_names_that_databases_turn_round_are_two_offers() -> None:
    works = [replace(CROSSREF, authors=(Name("Wei", "Chen"),))]
    works.append(replace(PUBMED, authors=(Name("Chen", "Wei"),)))
    found = compare(entry_of(author=""), works).offers
    assert [offer.value for offer in found] == ["Wei, Chen", "Chen, Wei"]


def test_what_stands_for_no_pages_is_not_offered() -> None:
    assert offers(compare(entry_of(pages=""), [replace(CROSSREF, pages="n/a-n/a")])) == {}


def test_two_databases_that_disagree_offer_both_values() -> None:
    result = compare(entry_of(volume=""), [CROSSREF, replace(PUBMED, volume="28")])
    assert [(found.value, found.source) for found in result.offers] == [
        ("27", "Crossref"),
        ("28", "PubMed"),
    ]


def test_a_journal_is_offered_as_the_file_has_it() -> None:
    work = replace(PUBMED, journals=("Journal of made-up disorders",))
    found = compare(
        entry_of(journal=""), [work], [entry_of(journal="Journal of Made-up Disorders")]
    )
    assert offers(found) == {"journal": "Journal of Made-up Disorders"}


def test_nothing_is_said_of_what_no_database_has() -> None:
    result = compare(entry_of(), [Work("Crossref", doi=ENTRY["doi"])])
    assert (result.differences, result.offers, result.agreed) == ([], [], {"doi": "Crossref"})
    assert compare(entry_of(), []) == Comparison()


@pytest.mark.parametrize(
    "hostile", ["?" * 20_000, "a: " * 6000, "\\" * 999, "{" * 999, " " * 20_000, "\ufffd"]
)
def test_an_answer_that_is_no_text_does_no_harm(hostile: str) -> None:
    names = (Name(hostile, hostile, hostile), Name(hostile, is_group=True))
    work = Work(
        "Crossref",
        hostile,
        (hostile,),
        names,
        journals=(hostile,),
        volume=hostile,
        issue=hostile,
        pages=hostile,
        doi=hostile,
    )
    for entry in (entry_of(), entry_of(author="", title="", pages="", volume="", journal="")):
        compare(entry, [work])
        agrees_by_title(entry, work)


@pytest.mark.parametrize(
    ("theirs", "is_worth_it"),
    [
        ({}, True),
        ({"title": "Mood and pain after nothing"}, True),
        ({"title": "Moods and pain after nothing: trial of XYZ1 in 24 women"}, True),
        ({"title": "Mood and pain after nothing: a trial of XYZ1 in 25 women"}, False),
        ({"title": "Sleep of pilots on long flights"}, False),
        ({"years": {"print": 2013}, "authors": ()}, True),
        ({"years": {"print": 2015}}, True),
        ({"years": {"print": 2015}, "authors": (Name("Other", "O"),)}, False),
        ({"title": ""}, False),
    ],
)
def test_a_paper_found_by_its_title_is_offered_only_if_it_can_be_it(
    theirs: dict[str, Any], is_worth_it: bool
) -> None:
    assert agrees_by_title(entry_of(), replace(CROSSREF, **theirs)) is is_worth_it


def test_of_a_short_title_year_and_author_are_asked() -> None:
    entry = entry_of(title="Borderline Disorder")
    found = replace(CROSSREF, title="Borderline disorder")
    assert agrees_by_title(entry, found)
    assert not agrees_by_title(entry, replace(found, years={"print": 2020}))
    assert not agrees_by_title(entry, replace(found, authors=()))


@pytest.mark.parametrize("seed", [TUNED_ON, REPORTED])
def test_nearly_all_faults_are_found_and_hardly_a_right_entry_is_called_wrong(seed: int) -> None:
    wrong, right = seeded(seed)
    found = [result.differences for result in compared(wrong)]
    alarms = [
        case.kind for case, result in zip(right, compared(right), strict=True) if result.differences
    ]
    assert sum(map(bool, found)) >= AT_LEAST * len(wrong)
    assert len(alarms) <= AT_MOST * len(right), alarms


def test_a_seed_makes_the_same_entries_each_time_and_another_seed_others() -> None:
    first, again, other = (
        [case.bibtex("k") for cases in seeded(seed) for case in cases] for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other
