"""Papers that nobody wrote, as two databases have them, and as a careful person cites them.

The shapes are real: particles, groups, suffixes, names of several scripts and orders, print and
online years, article numbers, supplements, translated titles.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from paper import Name
from paper_tex import name_tex, pages_tex, title_tex
from verify.work import Name as TheirName
from verify.work import Work

if TYPE_CHECKING:
    import random

TABLE = Path(__file__).with_suffix(".txt")
#: The name that publishers deposit, that of the catalogue of the NLM, and the short one.
JOURNALS = {
    "accident": (
        "Accident Research & Prevention",
        "Accident; research and prevention",
        "Accid Res Prev",
    ),
    "acta": ("Acta Psychiatrica Borealis", "Acta psychiatrica Borealis", "Acta Psychiatr Boreal"),
    "actesp": (
        "Actas Hispanas de Psiquiatría",
        "Actas hispanas de psiquiatria",
        "Actas Hisp Psiquiatr",
    ),
    "addict": (
        "The Northern Journal on Addictions",
        "The Northern journal on addictions",
        "North J Addict",
    ),
    "affect": ("Journal of Affective States", "Journal of affective states", "J Affect States"),
    "amj": (
        "Columbian Journal of Psychiatry",
        "The Columbian journal of psychiatry",
        "Columb J Psychiatry",
    ),
    "anaesth": ("Anaesthesia and Breathing", "Anaesthesia and breathing", "Anaesth Breath"),
    "biolpsy": ("Biological Mood Science", "Biological mood science", "Biol Mood Sci"),
    "bmcborder": (
        "Personality Disorder and Emotion Regulation",
        "Personality disorder and emotion regulation",
        "Personal Disord Emot Regul",
    ),
    "bmcpsy": ("OMC Psychiatry", "OMC psychiatry", "OMC Psychiatry"),
    "bmj": ("BMR", "BMR (Clinical review ed.)", "BMR"),
    "child": (
        "Journal of the Society of Adolescent Psychiatry",
        "Journal of the Society of Adolescent Psychiatry",
        "J Soc Adolesc Psychiatry",
    ),
    "clinpsy": (
        "The Clinical Psychiatrist's Journal",
        "The Clinical psychiatrist's journal",
        "Clin Psychiatr J",
    ),
    "encephale": ("Le Cerveau", "Le Cerveau", "Cerveau"),
    "epid": ("Journal of Trial Methodology", "Journal of trial methodology", "J Trial Methodol"),
    "health": (
        "Value in Mental Health",
        "Value in mental health : journal of an invented society",
        "Value Ment Health",
    ),
    "jama": ("JSMA", "JSMA", "JSMA"),
    "lancet": ("The Scalpel", "Scalpel (London, England)", "Scalpel"),
    "medopen": ("JSMA Network Free", "JSMA network free", "JSMA Netw Free"),
    "molpsy": ("Molecular Mood", "Molecular mood", "Mol Mood"),
    "nerven": ("Die Nervenheilkunst", "Die Nervenheilkunst", "Nervenheilkunst"),
    "neuro": ("Psychohormones", "Psychohormones", "Psychohormones"),
    "neuroclin": ("BrainImage: Clinical", "BrainImage. Clinical", "Brainimage Clin"),
    "paed": ("JSMA Paediatrics", "JSMA paediatrics", "JSMA Paediatr"),
    "painmed": ("Pain & Medicine", "Pain & medicine (Malden, Mass.)", "Pain Med (Malden)"),
    "perspsy": ("Journal of Personality Research", "Journal of personality research", "J Pers Res"),
    "psypharm": (
        "Psychopharmacological Letters",
        "Psychopharmacological letters",
        "Psychopharmacol Lett",
    ),
    "review": (
        "Neuroscience and Behavioral Overviews",
        "Neuroscience and behavioral overviews",
        "Neurosci Behav Overv",
    ),
    "sleep": ("Sleep Science Letters", "Sleep science letters", "Sleep Sci Lett"),
    "trials": ("Trial Protocols", "Trial protocols", "Trial Protoc"),
}
ENGLISH_ORDINALS = {"III": "3rd", "Jr.": "Jr"}


@dataclass
class Paper:
    """An invented paper, with nothing wrong."""

    place: int
    title: str
    vernacular: str
    journal: tuple[str, str, str]
    print_year: int
    online_year: int
    volume: str
    issue: str
    pages: str
    people: list[Name]

    @property
    def doi(self) -> str:
        """Return the DOI, of a prefix that is kept for examples."""
        return f"10.5555/{self.journal[2].split()[0].lower()}.{self.print_year}.{7919 * (self.place + 3)}"

    @property
    def pmid(self) -> str:
        """Return the number in PubMed."""
        return str(31400017 + 100003 * self.place)

    @property
    def pmcid(self) -> str:
        """Return the number in PubMed Central."""
        return f"PMC{7100023 + 10007 * self.place}"

    @property
    def is_article_number(self) -> bool:
        """Return whether the pages are the number of an article."""
        return "--" not in self.pages


def papers() -> list[Paper]:
    """Return all invented papers."""
    rows = [row for row in TABLE.read_text("utf-8").splitlines() if not row.startswith("#")]
    return [paper(place, row) for place, row in enumerate(rows)]


def paper(place: int, row: str) -> Paper:
    """Return the paper in a *row* of the table."""
    title, vernacular, journal, printed, online, volume, issue, pages, people = (
        part.strip() for part in row.split("|")
    )
    years = int(printed), int(online or 0)
    names = [person(text.strip()) for text in people.split(";")]
    return Paper(place, title, vernacular, JOURNALS[journal], *years, volume, issue, pages, names)


def person(text: str) -> Name:
    """Return the author in *text*."""
    if text.startswith("["):
        return Name(text.strip("[]"), is_group=True)
    family, *rest = text.split(", ")
    return Name(family, rest[-1], rest[0] if len(rest) > 1 else "")


def short_pages(pages: str) -> str:
    """Return *pages* as MEDLINE has them, without the digits that both share."""
    first, _, last = pages.partition("--")
    letters = "".join(char for char in first if char.isalpha())
    digits, last = first[len(letters) :], last[len(letters) :]
    same = 0
    while same < len(last) - 1 and len(digits) == len(last) and digits[same] == last[same]:
        same += 1
    return f"{first}-{last[same:]}" if last else first


def in_crossref(paper: Paper) -> Work:
    """Return *paper* as its publisher deposited it."""
    years = {"print": paper.print_year} | (
        {"online": paper.online_year} if paper.online_year else {}
    )
    number = paper.is_article_number
    return Work(
        "Crossref",
        title=paper.vernacular or paper.title,
        other_titles=(paper.title,) if paper.vernacular else (),
        authors=tuple(
            TheirName(n.family, n.given, n.generation.rstrip("."), n.is_group) for n in paper.people
        ),
        journals=(paper.journal[0], paper.journal[2]),
        years=years | {"issued": min(years.values())},
        volume=paper.volume,
        issue=paper.issue.replace("--", "-").replace("Suppl ", "S"),
        pages="" if number else paper.pages.replace("--", "-"),
        article_number=paper.pages if number else "",
        doi=paper.doi,
    )


def in_pubmed(paper: Paper) -> Work:
    """Return *paper* as PubMed has it: initials in the last century, a title in English."""
    stop = "" if paper.title.endswith("?") else "."
    old = paper.print_year < 2003  # noqa: PLR2004  then whole given names came in
    people = [
        TheirName(
            n.family,
            initials(n.given) if old else n.given.replace(".", ""),
            ENGLISH_ORDINALS.get(n.generation, ""),
            n.is_group,
        )
        for n in paper.people
    ]
    supplement = paper.issue.startswith("Suppl")
    return Work(
        "PubMed",
        title=f"[{paper.title}]{stop}" if paper.vernacular else paper.title + stop,
        other_titles=(paper.vernacular,) if paper.vernacular else (),
        authors=tuple(people),
        journals=paper.journal[1:],
        years={"print": paper.print_year}
        | ({"online": paper.online_year} if paper.online_year else {}),
        volume=f"{paper.volume} {paper.issue}" if supplement else paper.volume,
        issue="" if supplement else paper.issue.replace("--", "-"),
        pages=short_pages(paper.pages),
        doi=paper.doi,
        pmid=paper.pmid,
        pmcid=paper.pmcid,
    )


def initials(given: str) -> str:
    """Return the initials of *given* as PubMed writes them."""
    return "".join(word[0].upper() for word in re.findall(r"\w+", given))


@dataclass
class Case:
    """An entry, and what the databases have under its identifiers."""

    kind: str
    paper: Paper
    fields: dict[str, str]  #: Plain texts.
    people: list[Name]
    crossref: Work | None
    pubmed: Work | None
    #: What PubMed has under the DOI, if that is another record.
    by_doi: Work | None = None
    tex_accents: bool = False
    others: bool = False
    faulty: str = ""  #: The field in which the fault is.

    @property
    def works(self) -> list[Work]:
        """Return what the databases have."""
        return [work for work in (self.crossref, self.pubmed) if work is not None]

    def bibtex(self, key: str) -> str:
        """Return the entry under *key*."""
        names = [name_tex(person) for person in self.people] + ["others"] * self.others
        fields = {"author": " and ".join(names), **self.fields}
        fields["title"] = title_tex(fields["title"])
        fields["pages"] = (
            pages_tex(fields["pages"]) if len(fields["pages"]) > 1 else fields["pages"]
        )
        fields["journal"] = fields["journal"].replace("&", "\\&")
        if self.tex_accents:
            fields = {name: in_tex(text) for name, text in fields.items()}
        lines = [f"  {name} = {{{text}}},\n" for name, text in fields.items() if text]
        return f"@article{{{key},\n{''.join(lines)}}}\n"


def right(paper: Paper) -> Case:
    """Return *paper* as this bibliography cites it."""
    fields = {
        "title": paper.title,
        "journal": paper.journal[0].removeprefix("The "),
        "year": str(paper.print_year),
        "volume": paper.volume,
        "number": paper.issue,
        "pages": paper.pages,
        "doi": paper.doi,
        "pmid": paper.pmid,
        "pmcid": paper.pmcid,
    }
    return Case("right", paper, fields, list(paper.people), in_crossref(paper), in_pubmed(paper))


ACCENTS = {
    "\u0301": "'",
    "\u0300": "`",
    "\u0308": '"',
    "\u0302": "^",
    "\u0303": "~",
    "\u030b": "H",
    "\u030c": "v",
    "\u0327": "c",
    "\u030a": "r",
    "\u0328": "k",
}
LETTERS = {
    "ø": "{\\o}",
    "Ø": "{\\O}",
    "ß": "{\\ss}",
    "ł": "{\\l}",
    "Ł": "{\\L}",
    "æ": "{\\ae}",
    "\u0131": "{\\i}",
}


def in_tex(text: str) -> str:
    """Return *text* with its accents as TeX."""
    out = []
    for char in text:
        base, *marks = list(unicodedata.normalize("NFD", char))
        if len(marks) == 1 and marks[0] in ACCENTS:
            accent = ACCENTS[marks[0]]
            out.append(f"{{\\{accent} {base}}}" if accent.isalpha() else f"{{\\{accent}{base}}}")
        else:
            out.append(LETTERS.get(char, char))
    return "".join(out)


def without_marks(text: str) -> str:
    """Return *text* with the letters of ASCII alone, as a typewriter has them."""
    text = text.replace("ß", "ss").translate(str.maketrans("øØłŁ\u0131đĐ", "oOlLidD"))
    return "".join(
        char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char)
    )


def misread(text: str, encoding: str = "cp1252") -> str:
    """Return *text*, which is UTF-8, as it looks when it is read in another encoding."""
    try:
        return text.encode().decode(encoding)
    except UnicodeDecodeError:
        return text.encode().decode("latin-1")


def crossref_json(work: Work) -> dict[str, Any]:
    """Return *work* in the shape of Crossref's REST interface."""
    people = [
        {"name": n.family}
        if n.is_group
        else {"family": n.family, "given": n.given} | ({"suffix": n.suffix} if n.suffix else {})
        for n in work.authors
    ]
    names = {"print": "published-print", "online": "published-online", "issued": "issued"}
    dates = {names[kind]: {"date-parts": [[year]]} for kind, year in work.years.items()}
    titles = [work.title, *work.other_titles]
    texts = {
        "DOI": work.doi,
        "volume": work.volume,
        "issue": work.issue,
        "page": work.pages,
        "article-number": work.article_number,
        "type": "journal-article",
    }
    return {
        **{key: text for key, text in texts.items() if text},
        **dates,
        "title": titles[:1],
        "original-title": titles[1:],
        "author": people,
        "container-title": list(work.journals[:1]),
        "short-container-title": list(work.journals[1:]),
    }


def medline(work: Work) -> str:
    """Return *work* in the MEDLINE format of PubMed."""
    lines = [("PMID", work.pmid), ("TI", work.title), *(("TT", text) for text in work.other_titles)]
    for name in work.authors:
        if name.is_group:
            lines.append(("CN", name.family))
            continue
        given = " ".join(filter(None, (name.given, name.suffix)))
        lines.append(("FAU", f"{name.family}, {given}"))
        lines.append(
            ("AU", " ".join(filter(None, (name.family, initials(name.given), name.suffix))))
        )
    journals = [("JT", work.journals[0]), ("TA", work.journals[-1])]
    years = [("DP", str(work.years.get("print", "")))]
    if "online" in work.years:
        years.append(("DEP", f"{work.years['online']}1101"))
    lines += [*journals, *years, ("VI", work.volume), ("IP", work.issue), ("PG", work.pages)]
    lines += [("PT", "Journal Article"), ("AID", f"{work.doi} [doi]"), ("PMC", work.pmcid)]
    return "".join(f"{tag:<4}- {text}\n" for tag, text in lines if text)


def change(work: Work | None, **values: Any) -> Work | None:  # noqa: ANN401  of each field its own type
    """Return *work* with other *values*; None stays None."""
    return replace(work, **values) if work else None


def renamed(work: Work | None, place: int, **values: Any) -> Work | None:  # noqa: ANN401  as above
    """Return *work* with other *values* of the author at *place*."""
    if work is None or place >= len(work.authors):
        return work
    people = list(work.authors)
    people[place] = people[place]._replace(**values)
    return replace(work, authors=tuple(people))


def pick(rng: random.Random, places: list[int]) -> int | None:
    """Return one of *places*, or None when there is none."""
    return rng.choice(places) if places else None
