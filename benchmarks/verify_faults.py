"""Faults that an entry can have, one at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from invented_papers import Case, Paper, in_crossref, in_pubmed, initials, misread, papers, pick
from paper import Name

if TYPE_CHECKING:
    from random import Random

    from verify_ways import Change


def digit(text: str, rng: Random, places: Iterable[int]) -> str:
    """Return *text* with another digit at one of *places*."""
    place = rng.choice([n for n in places if text[n].isdigit()])
    other = rng.choice([d for d in "123456789" if d != text[place]])
    return text[:place] + other + text[place + 1 :]


def wrong_digit(name: str) -> Change:
    """Return the fault of another digit in the field *name*."""

    def fault(case: Case, rng: Random) -> bool:
        old = case.fields[name]
        if not re.search(r"\d", old):
            return False
        case.fields[name] = digit(old, rng, range(len(old)))
        return True

    return fault


def wrong_year(case: Case, rng: Random) -> bool:
    """Give a year that is none of those of the paper."""
    old = case.paper.print_year
    known = {year for work in case.works for year in work.years.values()}
    case.fields["year"] = str(
        rng.choice(
            [year for year in (old - 10, old - 3, old - 2, old + 1, old + 2) if year not in known]
        )
    )
    return True


def wrong_page(last: bool) -> Change:
    """Return the fault of another digit in the first or the last page."""

    def fault(case: Case, rng: Random) -> bool:
        first, _, end = case.paper.pages.partition("--")
        if not end or len(end) < 2:  # noqa: PLR2004
            return False
        new = digit(end if last else first, rng, range(-2, 0) if last else range(len(first)))
        case.fields["pages"] = f"{first}--{new}" if last else f"{new}--{end}"
        return True

    return fault


def digits_swapped(case: Case, rng: Random) -> bool:
    """Let two digits of the first page change places."""
    first, _, end = case.paper.pages.partition("--")
    new = re.sub(r"(\d)(\d)(?=\D*$)", r"\2\1", first)
    case.fields["pages"] = f"{new}--{end}" if end else new
    return new != first


def wrong_article_number(case: Case, rng: Random) -> bool:
    """Put another digit into the number of the article."""
    return case.paper.is_article_number and wrong_digit("pages")(case, rng)


def people_of(case: Case) -> list[int]:
    """Return the places of the authors who are persons."""
    return [n for n, person in enumerate(case.people) if not person.is_group]


def author_lost(case: Case, rng: Random) -> bool:
    """Leave out an author."""
    if len(people_of(case)) < 2:  # noqa: PLR2004
        return False
    del case.people[rng.choice(people_of(case))]
    return True


def author_extra(case: Case, rng: Random) -> bool:
    """Add an author who did not write the paper."""
    stranger = rng.choice(
        [Name("Marlowe", "Edith"), Name("Castellani", "Bruno"), Name("Iwu", "Chidi P.")]
    )
    case.people.insert(rng.randint(0, len(case.people)), stranger)
    return True


def authors_swapped(case: Case, rng: Random) -> bool:
    """Let two authors change places."""
    places = people_of(case)
    if len(places) < 2:  # noqa: PLR2004
        return False
    one, other = rng.sample(places, 2)
    case.people[one], case.people[other] = case.people[other], case.people[one]
    return True


def renamed_author(case: Case, rng: Random, new: Callable[[Name], Name | None]) -> bool:
    """Give one author the name that *new* makes of his or hers."""
    names = {
        n: name for n in people_of(case) if (name := new(case.people[n])) and name != case.people[n]
    }
    place = pick(rng, list(names))
    if place is None:
        return False
    case.people[place] = names[place]
    return True


def misspelt(case: Case, rng: Random) -> bool:
    """Misspell a family name."""

    def new(name: Name) -> Name | None:
        places = [
            n
            for n in range(1, len(name.family) - 1)
            if name.family[n - 1 : n + 2].isalpha() and name.family.isascii()
        ]
        if not places:
            return None
        n = rng.choice(places)
        how = rng.randrange(4)
        middle = name.family[n]
        changed = [
            "",
            rng.choice("aeioumnrtl".replace(middle, "")),
            middle * 2,
            name.family[n + 1] + middle,
        ][how]
        behind = name.family[n + 1 + (len(changed) > 1 and how > 2) :]  # noqa: PLR2004
        return name._replace(family=name.family[:n] + changed + behind)

    return renamed_author(case, rng, new)


def wrong_initial(case: Case, rng: Random) -> bool:
    """Begin a given name with another letter."""

    def new(name: Name) -> Name:
        letter = rng.choice(
            [
                char
                for char in "BCDFGHKPRTVW"
                if char not in initials(name.given) and char != name.family[0]
            ]
        )
        return name._replace(given=f"{letter}." + "".join(re.findall(r" .+", name.given)))

    return renamed_author(case, rng, new)


def wrong_given(case: Case, rng: Random) -> bool:
    """Replace a given name by another one with the same letter."""
    names = {
        "A": "Agatha",
        "B": "Bertram",
        "C": "Cordula",
        "D": "Desmond",
        "E": "Edgar",
        "J": "Joachim",
        "K": "Klara",
        "M": "Mirabel",
        "R": "Rufus",
        "S": "Stella",
        "T": "Theodor",
        "L": "Leonie",
    }
    if not any(len(author.given) > 3 for work in case.works for author in work.authors):  # noqa: PLR2004  initials only
        return False
    return renamed_author(
        case, rng, lambda n: n._replace(given=names[n.given[0]]) if n.given[0] in names else None
    )


def wrong_middle(case: Case, rng: Random) -> bool:
    """Replace a middle initial."""
    return renamed_author(
        case,
        rng,
        lambda n: n._replace(
            given=re.sub(r" ([A-Z])\.$", lambda m: f" {'QZ'[m[1] == 'Q']}.", n.given)
        ),
    )


def wrong_suffix(case: Case, rng: Random) -> bool:
    """Replace a generation."""
    return renamed_author(
        case,
        rng,
        lambda n: (
            n._replace(generation={"III": "Jr.", "Jr.": "II"}[n.generation])
            if n.generation
            else None
        ),
    )


def wrong_group(case: Case, rng: Random) -> bool:
    """Replace a group."""
    places = [n for n, person in enumerate(case.people) if person.is_group]
    for place in places:
        case.people[place] = Name("HERON Trial Consortium", is_group=True)
    return bool(places)


def turned_round(case: Case, rng: Random) -> bool:
    """Let family and given name change places where both databases tell."""
    if len(case.works) < 2:  # noqa: PLR2004
        return False
    return renamed_author(
        case, rng, lambda n: Name(n.given, n.family) if re.fullmatch(r"\w+", n.given) else None
    )


def misread_by_us(case: Case, rng: Random) -> bool:
    """Read a name of ours in a wrong encoding."""
    return renamed_author(
        case,
        rng,
        lambda n: (
            n._replace(family=misread(n.family, "latin-1"))
            if not n.family.isascii() and misread(n.family, "latin-1").isprintable()
            else None
        ),
    )


SYNONYMS = {
    "effect": "impact",
    "effects": "impact",
    "treatment": "therapy",
    "women": "patients",
    "adults": "adolescents",
    "depression": "anxiety",
    "trial": "study",
    "study": "trial",
    "arendolin": "zelantrexone",
    "zelantrexone": "arendolin",
    "trauma": "neglect",
    "patients": "women",
    "trials": "studies",
}


def words_of(case: Case) -> list[str]:
    """Return the words of the title, and what stands between them."""
    return re.split(r"(\W+)", case.fields["title"])


def word_changed(case: Case, rng: Random) -> bool:
    """Replace a word of the title."""
    found = words_of(case)
    place = pick(rng, [n for n, word in enumerate(found) if word.lower() in SYNONYMS])
    if place is None:
        return False
    found[place] = SYNONYMS[found[place].lower()]
    case.fields["title"] = "".join(found)
    return True


def word_lost(case: Case, rng: Random) -> bool:
    """Leave out a word of the title."""
    found = words_of(case)
    place = rng.choice([n for n in range(0, len(found), 2) if found[n].isalpha()])
    del found[place : place + 2]
    case.fields["title"] = "".join(found)
    return True


def word_added(case: Case, rng: Random) -> bool:
    """Add a word to the title."""
    found = words_of(case)
    found.insert(
        rng.choice(range(2, len(found) - 1, 2)), rng.choice(["clinical ", "possible ", "severe "])
    )
    case.fields["title"] = "".join(found)
    return True


def negated(case: Case, rng: Random) -> bool:
    """Let the title say the opposite."""
    old = case.fields["title"]
    if re.search(r"\b(not|no) ", old):
        case.fields["title"] = re.sub(r"\b(not|no) ", "", old, count=1)
    else:
        case.fields["title"] = re.sub(
            r"\b(of|in|and|for|during|under|after|with) ", r"\1 no ", old, count=1
        )
    return case.fields["title"] != old


def number_changed(case: Case, rng: Random) -> bool:
    """Replace a number in the title."""
    old = case.fields["title"]
    if "Part II" in old:
        case.fields["title"] = old.replace("Part II", "Part III")
        return True
    return wrong_digit("title")(case, rng)


def other_spelling(case: Case, rng: Random) -> bool:
    """Spell the title as in another country, not as it was printed."""
    old = case.fields["title"]
    for one, other in (
        ("randomized", "randomised"),
        ("Behavioral", "Behavioural"),
        ("controlled", "controled"),
        ("haviour", "havior"),
        ("meta-analysis", "meta-analyses"),
    ):
        case.fields["title"] = case.fields["title"].replace(one, other)
    return case.fields["title"] != old


def greek_changed(case: Case, rng: Random) -> bool:
    """Replace a Greek letter."""
    old = case.fields["title"]
    case.fields["title"] = old.translate(str.maketrans("βμαΓ", "ακβΔ"))
    return case.fields["title"] != old


def journal_other(case: Case, rng: Random) -> bool:
    """Replace the journal, by one of a similar name where there is one."""
    near = {
        "Journal of Personality Research": "Journal of Personality",
        "BrainImage: Clinical": "BrainImage",
        "JSMA": "JSMA Psychiatry",
        "Pain & Medicine": "Pain",
        "Molecular Mood": "Molecular Medicine",
    }
    name = case.fields["journal"]
    case.fields["journal"] = near.get(name) or rng.choice(
        [
            j
            for j in (
                "Journal of Affective States",
                "Acta Psychiatrica Borealis",
                "Biological Mood Science",
            )
            if j != name
        ]
    )
    return True


def another(case: Case, rng: Random) -> Paper:
    """Return another paper, one of the same journal where there is one."""
    others = [paper for paper in papers() if paper.place != case.paper.place]
    near = [paper for paper in others if paper.journal == case.paper.journal]
    return rng.choice(near or others)


def doi_of_another(case: Case, rng: Random) -> bool:
    """Take the DOI of another paper."""
    other = another(case, rng)
    case.fields |= {"doi": other.doi}
    case.crossref, case.by_doi = in_crossref(other), in_pubmed(other)
    return True


def pmid_of_another(case: Case, rng: Random) -> bool:
    """Take the number in PubMed of another paper."""
    other = another(case, rng)
    case.fields |= {"pmid": other.pmid}
    case.by_doi, case.pubmed = case.pubmed or in_pubmed(case.paper), in_pubmed(other)
    return True


def invented(case: Case, rng: Random) -> bool:
    """Cite what does not exist and looks right, with the DOI of another paper."""
    other = another(case, rng)
    case.fields |= {"doi": other.doi, "pmid": "", "pmcid": ""}
    case.crossref, case.pubmed = in_crossref(other), in_pubmed(other)
    return True


def doi_digit(case: Case, rng: Random) -> bool:
    """Put another digit into the DOI, which leads nowhere; PubMed has the right one."""
    old = case.fields["doi"]
    case.fields["doi"] = digit(old, rng, range(len(old) - 4, len(old)))
    case.pubmed, case.crossref = case.pubmed or in_pubmed(case.paper), None
    return True


def pmcid_digit(case: Case, rng: Random) -> bool:
    """Put another digit into the number in PubMed Central."""
    case.pubmed = case.pubmed or in_pubmed(case.paper)
    return wrong_digit("pmcid")(case, rng)


#: Each fault with its name and the field in which it is to be found.
FAULTS: list[tuple[str, str, Change]] = [
    ("year", "year", wrong_year),
    ("volume", "volume", wrong_digit("volume")),
    ("issue", "number", wrong_digit("number")),
    ("first page", "pages", wrong_page(last=False)),
    ("last page", "pages", wrong_page(last=True)),
    ("digits of a page swapped", "pages", digits_swapped),
    ("article number", "pages", wrong_article_number),
    ("author lost", "author", author_lost),
    ("author added", "author", author_extra),
    ("authors swapped", "author", authors_swapped),
    ("family name misspelt", "author", misspelt),
    ("first initial", "author", wrong_initial),
    ("given name, same initial", "author", wrong_given),
    ("middle initial", "author", wrong_middle),
    ("generation", "author", wrong_suffix),
    ("group", "author", wrong_group),
    ("family and given name turned", "author", turned_round),
    ("mojibake of ours", "author", misread_by_us),
    ("title, word changed", "title", word_changed),
    ("title, word lost", "title", word_lost),
    ("title, word added", "title", word_added),
    ("title, opposite", "title", negated),
    ("title, number", "title", number_changed),
    ("title, spelling", "title", other_spelling),
    ("title, Greek letter", "title", greek_changed),
    ("journal", "journal", journal_other),
    ("DOI of another paper", "doi", doi_of_another),
    ("DOI, digit", "doi", doi_digit),
    ("PMID of another paper", "pmid", pmid_of_another),
    ("PMCID, digit", "pmcid", pmcid_digit),
    ("invented citation", "doi", invented),
]
