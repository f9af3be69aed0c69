"""Ways in which a right entry differs from the records of its paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from random import Random

from invented_papers import (
    Case,
    change,
    initials,
    misread,
    renamed,
    short_pages,
    without_marks,
)

#: What changes an entry or a record; False when it cannot in this case.
Change = Callable[[Case, Random], bool]


def journal_short(case: Case, rng: Random) -> bool:
    """Abbreviate the journal, with full stops (ISO 4) or without (NLM)."""
    short = case.paper.journal[2]
    dots = re.sub(r"(?<=[a-z])(?=\s|$)", ".", short) if rng.random() < 0.5 else short  # noqa: PLR2004
    case.fields["journal"] = dots if len(short.split()) > 1 else short
    return len(short.split()) > 1


def journal_and(case: Case, rng: Random) -> bool:
    """Write and as a sign, or the sign as a word."""
    old, name = case.fields["journal"], case.fields["journal"]
    name = name.replace(" & ", " and ") if "&" in name else name.replace(" and ", " & ")
    case.fields["journal"] = name
    return name != old


def journal_the(case: Case, rng: Random) -> bool:
    """Put the article before the journal."""
    case.fields["journal"] = "The " + case.fields["journal"]
    return not re.match("The The|The (Le|Die|Act)", case.fields["journal"])


def tex_accents(case: Case, rng: Random) -> bool:
    """Write letters with marks as TeX."""
    case.tex_accents = True
    return not "".join(person.family + person.given for person in case.people).isascii()


def marks_lost(case: Case, rng: Random) -> bool:
    """Leave the marks of letters out of names."""
    old = list(case.people)
    case.people = [
        p._replace(family=without_marks(p.family), given=without_marks(p.given)) for p in old
    ]
    return case.people != old


def umlauts(case: Case, rng: Random) -> bool:
    """Write umlauts as two letters."""
    table = str.maketrans(
        {
            "ä": "ae",
            "ö": "oe",
            "ü": "ue",
            "ø": "oe",
            "å": "aa",
            "Å": "Aa",
            "Ö": "Oe",
            "Ø": "Oe",
            "Ü": "Ue",
        }
    )
    old = list(case.people)
    case.people = [
        p._replace(family=p.family.translate(table), given=p.given.translate(table)) for p in old
    ]
    return case.people != old


def only_initials(case: Case, rng: Random) -> bool:
    """Write given names as initials."""
    case.people = [
        p if p.is_group else p._replace(given=". ".join(initials(p.given)) + ".")
        for p in case.people
    ]
    return True


def middle_left_out(case: Case, rng: Random) -> bool:
    """Leave out second given names."""
    old = list(case.people)
    case.people = [p if p.is_group else p._replace(given=p.given.split(" ")[0]) for p in old]
    return case.people != old


def and_others(case: Case, rng: Random) -> bool:
    """Name the first authors only."""
    case.people, case.others = case.people[: rng.randint(1, 2)], True
    return len(case.paper.people) > len(case.people)


def online_year(case: Case, rng: Random) -> bool:
    """Give the year in which the paper was online."""
    case.fields["year"] = str(case.paper.online_year)
    return case.paper.online_year not in {0, case.paper.print_year}


def first_page(case: Case, rng: Random) -> bool:
    """Leave out the last page."""
    case.fields["pages"] = case.paper.pages.partition("--")[0]
    return "--" in case.paper.pages


def pages_short(case: Case, rng: Random) -> bool:
    """Cut the last page as MEDLINE does."""
    case.fields["pages"] = short_pages(case.paper.pages).replace("-", "–")
    return "--" in case.paper.pages


def issue_left_out(case: Case, rng: Random) -> bool:
    """Leave out the issue."""
    case.fields["number"] = ""
    return bool(case.paper.issue)


def issue_written(case: Case, rng: Random) -> bool:
    """Write the issue in another way."""
    old = case.fields["number"]
    new = re.sub("^Suppl ", "S", old.replace("--", "/").replace("10 Suppl", "10S"))
    case.fields["number"] = new if new != old or not old.isdigit() else f"0{old}"
    return case.fields["number"] != old


def subtitle_left_out(case: Case, rng: Random) -> bool:
    """Leave out the subtitle."""
    found = re.match(r"(.+?)(: |—|\?\s)", case.fields["title"])
    case.fields["title"] = found[1] if found else ""
    return found is not None and len(found[1].split()) > 2  # noqa: PLR2004


def subtitle_joined(case: Case, rng: Random) -> bool:
    """Put another sign before the subtitle."""
    old = case.fields["title"]
    case.fields["title"] = re.sub(r": |—", rng.choice([" – ", ". ", " - "]), old, count=1)
    return case.fields["title"] != old


def title_case(case: Case, rng: Random) -> bool:
    """Write the title with capitals."""
    title = case.fields["title"]
    case.fields["title"] = re.sub(r"\b[a-z](?=[a-z]{3})", lambda char: char[0].upper(), title)
    return True


def title_stop(case: Case, rng: Random) -> bool:
    """End the title with a full stop, or put it in brackets."""
    case.fields["title"] = (
        f"[{case.fields['title']}]" if case.paper.vernacular else case.fields["title"] + "."
    )
    return not case.fields["title"].endswith("?.")


def title_own_language(case: Case, rng: Random) -> bool:
    """Give the title in the language of the paper."""
    case.fields["title"] = case.paper.vernacular
    return bool(case.paper.vernacular)


GREEK = {"β": "beta", "μ": "mu", "\u03b1": "alpha", "Γ": "gamma"}


def greek_names(case: Case, rng: Random) -> bool:
    """Write Greek letters by their names, on one side or the other."""
    old = case.fields["title"]
    new = "".join(GREEK.get(char, char) for char in old)
    if rng.random() < 0.5 or case.pubmed is None:  # noqa: PLR2004
        case.fields["title"] = new
    else:
        case.pubmed = replace(
            case.pubmed, title="".join(GREEK.get(char, char) for char in case.pubmed.title)
        )
    return new != old


def hyphens(case: Case, rng: Random) -> bool:
    """Write a hyphen in the title as a space or a dash."""
    old = case.fields["title"]
    case.fields["title"] = re.sub(r"(?<=[a-z])-(?=[a-z])", rng.choice([" ", "–"]), old)
    return case.fields["title"] != old


def quotes(case: Case, rng: Random) -> bool:
    """Use typographic quotation marks and apostrophes."""
    for name in ("title", "journal"):
        case.fields[name] = re.sub(r'"(.+?)"', "“\\1”", case.fields[name]).replace("'", "\u2019")
    old = list(case.people)
    case.people = [p._replace(family=p.family.replace("'", "\u2019")) for p in old]
    return case.people != old or "“" in case.fields["title"]


def doi_capitals(case: Case, rng: Random) -> bool:
    """Write the DOI in capitals."""
    case.fields["doi"] = case.fields["doi"].upper()
    return True


def given_hyphens(case: Case, rng: Random) -> bool:
    """Write a given name of two parts in another way."""
    old = list(case.people)
    join = rng.choice([" ", ""])
    case.people = [
        p._replace(
            given=re.sub(
                r"-(\w)",
                lambda m: join + m[1].lower() if not join else join + m[1].upper(),
                p.given,
            )
        )
        for p in old
    ]
    return case.people != old


def group_left_out(case: Case, rng: Random) -> bool:
    """Leave the group out of one database and, perhaps, of the entry."""
    groups = [n for n, person in enumerate(case.paper.people) if person.is_group]
    if not groups or len(case.paper.people) == 1 or len(case.works) == 1:
        return False
    name = rng.choice(["crossref", "pubmed"])
    work = getattr(case, name)
    setattr(case, name, replace(work, authors=tuple(a for a in work.authors if not a.is_group)))
    if rng.random() < 0.5:  # noqa: PLR2004
        case.people = [person for person in case.people if not person.is_group]
    return True


def group_words(case: Case, rng: Random) -> bool:
    """Call the group a little otherwise."""
    changed = False
    for name in ("crossref", "pubmed"):
        work = getattr(case, name)
        for place, author in enumerate(work.authors if work else ()):
            if author.is_group:
                other = f"on behalf of the {author.family}".replace("investigators", "Study Group")
                setattr(case, name, renamed(work, place, family=other))
                changed = True
        if changed:
            break
    return changed


def mojibake(case: Case, rng: Random) -> bool:
    """Read the names of a database in a wrong encoding."""
    work = case.crossref
    places = [n for n, a in enumerate(work.authors if work else ()) if not a.family.isascii()]
    for place in places:
        name = case.paper.people[place]
        family = misread(name.family, rng.choice(["cp1252", "cp1252", "cp1250"]))
        case.crossref = renamed(case.crossref, place, family=family, given=misread(name.given))
    return bool(places)


def letter_lost(case: Case, rng: Random) -> bool:
    """Lose a letter of a name in a database."""
    work = case.pubmed
    places = [
        n
        for n, a in enumerate(work.authors if work else ())
        if not a.family.isascii() and not a.is_group
    ]
    if work is None or not places:
        return False
    place = rng.choice(places)
    case.pubmed = renamed(
        work, place, family=re.sub(r"[^\x00-\x7f]", "?", work.authors[place].family, count=1)
    )
    return sum(char > "\x7f" for char in work.authors[place].family) == 1


def plain_record(case: Case, rng: Random) -> bool:
    """Leave the marks of letters out of a database."""
    name = rng.choice(["crossref", "pubmed"])
    work = getattr(case, name)
    if work is None:
        return False
    people = [
        a._replace(family=without_marks(a.family), given=without_marks(a.given))
        for a in work.authors
    ]
    setattr(case, name, replace(work, authors=tuple(people)))
    return people != list(work.authors)


PARTICLE = re.compile(r"(van der|van|von|de|ten|Le|De|dos|al|El)[ -](?=[A-Z])")


def particle_moved(case: Case, rng: Random) -> bool:
    """Put the particle behind the given name in a database."""
    work = case.crossref
    for place, author in enumerate(work.authors if work else ()):
        found = re.match("(van der|van|von|de|Le|De) ", author.family)
        if found:
            family, given = author.family[found.end() :], f"{author.given} {found[1]}"
            case.crossref = renamed(work, place, family=family, given=given)
            return True
    return False


def suffix_moved(case: Case, rng: Random) -> bool:
    """Put the suffix into the family name in a database, or leave it out, or add degrees."""
    work = case.crossref
    for place, author in enumerate(work.authors if work else ()):
        if author.suffix:
            how = rng.randrange(3)
            family = f"{author.family} {author.suffix}" if how == 0 else author.family
            suffix = ["", "", f"{author.suffix}, MD, PhD"][how]
            case.crossref = renamed(work, place, family=family, suffix=suffix)
            return True
    return False


TURNED = re.compile(
    r"(Nagy|Bartók|Kiss|Lőrincz|Huang|Nguyễn|Trần|Vũ|Chen|Zhao|Ito|Kim|Xu|Lin|Szőke|Tanaka)\b"
)


def turned(case: Case, rng: Random) -> bool:
    """Turn the names of Hungarian and Asian authors round in a database."""
    work = case.crossref
    places = [n for n, a in enumerate(work.authors if work else ()) if TURNED.match(a.family)]
    for place in places:
        author = work.authors[place]  # type: ignore[union-attr]
        case.crossref = renamed(case.crossref, place, family=author.given, given=author.family)
    return bool(places)


def surname_split(case: Case, rng: Random) -> bool:
    """Make the first of two family names a given name in a database."""
    work = case.crossref
    for place, author in enumerate(work.authors if work else ()):
        first, _, rest = author.family.partition(" ")
        if (
            rest
            and not PARTICLE.match(author.family)
            and not author.is_group
            and first not in {"St.", "Mac", "Ní"}
        ):
            case.crossref = renamed(work, place, family=rest, given=f"{author.given} {first}")
            return True
    return False


def record_initials(case: Case, rng: Random) -> bool:
    """Keep only initials in a database."""
    name = rng.choice(["crossref", "pubmed"])
    work = getattr(case, name)
    if work is None:
        return False
    people = [a if a.is_group else a._replace(given=initials(a.given)) for a in work.authors]
    setattr(case, name, replace(work, authors=tuple(people)))
    return True


def other_hyphens(case: Case, rng: Random) -> bool:
    """Use typographic hyphens in a database."""
    work = case.crossref
    if work is None:
        return False
    people = [
        a._replace(family=a.family.replace("-", "\u2010"), given=a.given.replace("-", "\u2010"))
        for a in work.authors
    ]
    case.crossref = replace(
        work, authors=tuple(people), title=re.sub(r"(?<=\w)-(?=\w)", "\u2010", work.title)
    )
    return case.crossref != work


def record_main_title(case: Case, rng: Random) -> bool:
    """Keep only the main title in Crossref."""
    work = case.crossref
    found = re.match(r"(.+?): ", work.title) if work else None
    case.crossref = change(work, title=found[1]) if found else work
    return found is not None and len(found[1].split()) > 2 and case.paper.place % 2 == 0  # noqa: PLR2004


def markup(case: Case, rng: Random) -> bool:
    """Put markup and entities into a title in a database."""
    work = case.crossref
    if work is None:
        return False
    title = re.sub(
        r"\b(arendolin|zelantrexone)\b", r"<i>\1</i>", work.title, count=1, flags=re.IGNORECASE
    )
    title = title.replace("5-HT1A", "5-HT<sub>1A</sub>").replace(" >", " &amp;gt;")
    case.crossref = replace(
        work, title=title, journals=tuple(j.replace("&", "&amp;") for j in work.journals)
    )
    return title != work.title


def title_shouted(case: Case, rng: Random) -> bool:
    """Write a title in capitals in a database."""
    case.crossref = change(
        case.crossref, title=case.crossref.title.upper() if case.crossref else ""
    )
    return case.crossref is not None and "μ" not in case.paper.title


def withdrawn_title(case: Case, rng: Random) -> bool:
    """Say in the title of a database that the paper was retracted."""
    case.crossref = change(
        case.crossref, title=f"RETRACTED: {case.crossref.title if case.crossref else ''}"
    )
    return case.crossref is not None


def record_first_page(case: Case, rng: Random) -> bool:
    """Keep only the first page in Crossref."""
    case.crossref = change(case.crossref, pages=case.paper.pages.partition("--")[0])
    return case.crossref is not None and "--" in case.paper.pages


def record_no_pages(case: Case, rng: Random) -> bool:
    """Put into Crossref what publishers deposit for no pages."""
    case.crossref = change(
        case.crossref, pages=rng.choice(["n/a-n/a", "no-no", "000-000"]), article_number=""
    )
    return case.crossref is not None


def record_lacks(case: Case, rng: Random) -> bool:
    """Leave issue and short name of the journal out of Crossref."""
    case.crossref = change(case.crossref, issue="", journals=case.paper.journal[:1])
    return case.crossref is not None


def catalogue_name(case: Case, rng: Random) -> bool:
    """Put a subtitle or a place into the name of the journal in PubMed."""
    more = rng.choice(
        [" : official journal of an invented society", " (Chicago, Ill.)", " = Revue inventée"]
    )
    if case.pubmed is None or "(" in case.paper.journal[1]:
        return False
    case.pubmed = replace(
        case.pubmed, journals=(case.paper.journal[1] + more, case.paper.journal[2])
    )
    return True


def list_cut(case: Case, rng: Random) -> bool:
    """Keep only the first authors in PubMed, which says so."""
    case.pubmed = change(
        case.pubmed, authors=case.pubmed.authors[:2] if case.pubmed else (), complete=False
    )
    return case.pubmed is not None and len(case.paper.people) > 2  # noqa: PLR2004


def other_pages(case: Case, rng: Random) -> bool:
    """Put a discussion behind the pages in PubMed."""
    case.pubmed = change(case.pubmed, pages=f"{short_pages(case.paper.pages)}; discussion 20-1")
    return case.pubmed is not None


def years_apart(case: Case, rng: Random) -> bool:
    """Give the databases different years, and the entry one of them."""
    year = case.paper.print_year
    case.pubmed = change(case.pubmed, years={"print": year + 1})
    case.crossref = change(case.crossref, years={"online": year, "issued": year})
    case.fields["year"] = str(
        rng.choice([year, year + 1]) if len(case.works) > 1 else year + (case.crossref is None)
    )
    return True


#: Each way with the field that it touches, and whether a database or the entry says less by it.
WAYS: list[tuple[Change, str, bool]] = [
    *((way, "journal", False) for way in (journal_short, journal_and, journal_the, catalogue_name)),
    *((way, "author", False) for way in (tex_accents, marks_lost, umlauts, quotes, given_hyphens)),
    *((way, "author", False) for way in (group_words, mojibake, plain_record, particle_moved)),
    *((way, "author", False) for way in (surname_split, other_hyphens)),
    *(
        (way, "author", True)
        for way in (only_initials, middle_left_out, and_others, group_left_out)
    ),
    *(
        (way, "author", True)
        for way in (letter_lost, suffix_moved, turned, record_initials, list_cut)
    ),
    *((way, "title", False) for way in (title_case, title_stop, greek_names, hyphens, markup)),
    *((way, "title", False) for way in (title_shouted, withdrawn_title, subtitle_joined)),
    *((way, "title", True) for way in (subtitle_left_out, title_own_language, record_main_title)),
    *((way, "year", True) for way in (online_year, years_apart)),
    *((way, "pages", False) for way in (pages_short, other_pages)),
    *((way, "pages", True) for way in (first_page, record_first_page, record_no_pages)),
    *((way, "number", True) for way in (issue_left_out, issue_written, record_lacks)),
    (doi_capitals, "doi", False),
]
