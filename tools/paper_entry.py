"""The BibTeX entry of a paper by the rules of references.bib: what `bibcheck` asks, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docutils.nodes import make_id

from bibcheck.fields import PRINTED_FIELDS
from bibcheck.identifiers import DOI
from bibcheck.people import mixed_up
from bibtex.entry import ANNOTATED, declarations
from bibtex.tex import plain
from paper import CitationError, Paper
from paper_tex import escaped, name_tex, pages_tex, title_tex, verbatim
from studies.consistency import RETRACTED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bibtex.entry import SourceEntry

#: The fields in the order of the file; others stand before the last two.
ORDER = (
    *("author", "editor", "title", "journal", "booktitle", "howpublished", "institution"),
    *("school", "type", "year"),
    *("volume", "number", "pages", "doi", "pmid", "pmcid", "isbn", "publisher", "address", "note"),
    *("url", "urldate", "shortauthor", "unverified", "keywords"),
)
#: What leads to a paper of each type: where it is missing, the entry says that it was not seen.
WANTED = {
    "article": ("doi", "pmid", "pmcid"),
    "book": ("isbn",),
    "incollection": ("isbn",),
    "preprint": ("doi",),
}
#: What is called otherwise where the publisher is no publishing house.
PUBLISHERS = {"techreport": "institution", "phdthesis": "school"}
YEAR = re.compile(r"[12]\d{3}")
#: Words that tell no title from another.
SMALL_WORDS = frozenset(
    {"a", "an", "and", "are", "as", "at", "by", "can", "do", "does", "for", "from", "how", "in"}
    | {"is", "of", "on", "or", "the", "to", "what", "when", "why", "with"}
)
#: Words that a journal writes without a capital.
JOURNAL_SMALL = SMALL_WORDS | frozenset(
    {"da", "das", "de", "del", "der", "di", "dos", "du", "e", "et", "la", "le", "les", "und", "y"}
)


def journal_of(name: str, entries: Iterable[SourceEntry]) -> str:
    """Return the journal *name* as *entries* have it already, letter case and "The" ignored.

    Library catalogues, PubMed's among them, write a new one as a sentence, with a subtitle behind
    a colon or a second language behind an equals sign, but for those in brackets; journals write it with capitals.
    """
    name = re.split(r"\s[:=]\s(?![^(]*\))", name)[0]
    known = {letters(journal): journal for entry in entries if (journal := entry.value("journal"))}
    if letters(name) in known:
        return plain(known[letters(name)])
    words = re.sub(r"^The (?=.*Journal)", "", name, flags=re.IGNORECASE).split(" ")
    if all(word == word.lower() for word in words[1:]):
        words[1:] = [word if word in JOURNAL_SMALL else capital(word) for word in words[1:]]
    return " ".join([capital(words[0]), *words[1:]])


def capital(word: str) -> str:
    """Return *word* with a capital at its start; one that has capitals elsewhere stays, as eLife.

    So does one whose first letter has no capital of its own, as the dotless i of Turkish.
    """
    first = word[:1].upper()
    return word if word != word.lower() or first.lower() != word[:1] else first + word[1:]


def letters(name: str) -> str:
    """Return *name* without article, spaces and punctuation, in lower case."""
    return re.sub(r"\W", "", re.sub(r"^the ", "", plain(name).casefold()))


def key_of(paper: Paper) -> str:
    """Return the key of *paper*: first author, year, and the first word of the title that says something.

    A word with one hyphen is taken whole (``lowdose``), of one with more the first part (``ultra``).
    Raise `CitationError` when one of the three is missing.
    """
    people = paper.authors or paper.editors
    family = people[0].family if people else ""
    if people and people[0].is_group:
        family = next((word for word in family.split() if word.lower() not in SMALL_WORDS), "")
    title = RETRACTED.sub("", paper.fields["title"])
    candidates = (word for word in re.findall(r"[\w-]+", title) if ascii_of(word))
    word = next((word for word in candidates if word.lower() not in SMALL_WORDS), "")
    if word.strip("-").count("-") > 1:
        word = word.strip("-").partition("-")[0]
    year = YEAR.search(paper.fields.get("year", ""))
    if not (year and ascii_of(family) and ascii_of(word)):
        message = "author, year or title give no key; add KEY=name2024word to the command"
        raise CitationError(message)
    return ascii_of(family) + year.group() + ascii_of(word)


def ascii_of(text: str) -> str:
    """Return *text* in the letters and digits of a key."""
    return make_id(text.replace("'", "").replace("\u2019", "")).replace("-", "")


def fields_of(paper: Paper, entries: Iterable[SourceEntry]) -> dict[str, str]:
    """Return the fields of *paper* in TeX; of a journal in *entries* the name there is taken."""
    fields = identified(paper.fields)
    if year := YEAR.search(fields.get("year", "")):
        fields["year"] = year.group()
    if "journal" in fields:
        fields["journal"] = journal_of(fields["journal"], entries)
    if paper.type in PUBLISHERS and "publisher" in fields:
        fields.setdefault(PUBLISHERS[paper.type], fields.pop("publisher"))
    tex = {name: field_tex(name, text, paper) for name, text in fields.items()}
    for name, people in (("author", paper.authors), ("editor", paper.editors)):
        if people:
            names = [name_tex(person) for person in people]
            if mixed_up(names[0], names):  # one person, and not two who are separated by a comma
                names[0] = "{{{}}}, {}".format(*names[0].split(", "))
            tex[name] = " and ".join(names)
    kind = "preprint" if "howpublished" in fields and "preprint" in paper.kinds else paper.type
    return tex | {"unverified": declaration(kind, fields), "keywords": ANNOTATED}


def field_tex(name: str, text: str, paper: Paper) -> str:
    """Return *text*, the field *name* of *paper*, as TeX."""
    if name not in PRINTED_FIELDS:
        return verbatim(text)
    if name in {"title", "booktitle"}:
        return title_tex(text, paper.protected)
    if name in {"volume", "number"}:
        return re.sub(r"(?<=\d)\s*[-–]\s*(?=\d)", "--", escaped(text))
    return pages_tex(text) if name == "pages" else escaped(text)


def identified(fields: dict[str, str]) -> dict[str, str]:
    """Return a copy of *fields* with bare identifiers, and an address only where none of them leads on."""
    fields = dict(fields)
    if fields.get("pmcid", "").isdigit():
        fields["pmcid"] = f"PMC{fields['pmcid']}"
    at_ncbi = "ncbi.nlm.nih.gov/" in fields.get("url", "") and fields.keys() & {"pmid", "pmcid"}
    if DOI.fullmatch(fields.get("doi", "")) or at_ncbi:
        fields.pop("url", None)
    if "url" not in fields:
        fields.pop("urldate", None)
    return fields


def declaration(kind: str, fields: dict[str, str]) -> str:
    """Return what an entry of *kind* with *fields* declares unverified, added to what they declare."""
    declared = declarations(fields.get("unverified", ""))
    missing = [(name, "not seen") for name in WANTED.get(kind, ()) if name not in fields]
    if "url" in fields and "urldate" not in fields:
        missing.append(("url", "not opened"))
    names = {name for name, _ in declared}
    declared += [(name, why) for name, why in missing if name not in names]
    return "; ".join(f"{name}: {why}" for name, why in declared)


def entry_text(key: str, paper: Paper, entries: Iterable[SourceEntry]) -> str:
    """Return the BibTeX entry of *paper* under *key*, in the look of the file that holds *entries*."""
    fields = {name: text for name, text in fields_of(paper, entries).items() if text}
    others = [name for name in fields if name not in ORDER]
    names = [name for name in (*ORDER[:-3], *others, *ORDER[-3:]) if name in fields]
    lines = [f"  {name} = {{{fields[name]}}},\n" for name in names]
    return f"@{paper.type}{{{key},\n{''.join(lines)}}}\n"
