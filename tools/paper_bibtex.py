"""Papers in BibTeX, also with the names of BibLaTeX: read as references.bib is, TeX taken out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pybtex.errors
from pybtex.bibtex.utils import split_name_list
from pybtex.database import Person
from pybtex.exceptions import PybtexError
from pybtex.richtext import Protected, Text

from bibcheck.check import FATAL
from bibcheck.fields import BIBTEX_FIELDS, BIBTEX_TYPES, KNOWN_FIELDS, PRINTED_FIELDS
from bibcheck.people import ends_in_initials
from bibtex.reader import ParsedFile, parse_bib
from paper import (
    HOUSE_GENERATIONS,
    CitationError,
    Name,
    Paper,
    clean,
    initials,
    is_organisation,
    without_degrees,
)
from paper import person as named_in
from paper_doi import find_doi
from paper_kind import notice_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bibtex.entry import SourceEntry

#: Fields that say nothing of a paper, or what this bibliography leaves out.
LEFT_OUT = frozenset({"abstract", "annote", "issn", "key", "keywords", "language", "month"})
#: Where databases put the DOI, the best first.
DOI_FIELDS = ("doi", "url", "ee", "eprint", "note")
#: The second parts of titles, which BibTeX does not part.
PARTS = {"subtitle": "title", "booksubtitle": "booktitle", "journalsubtitle": "journal"}


def read_bibtex(text: str) -> Paper:
    """Return the paper in *text*; raise `CitationError` when there is not one entry that is whole."""
    source = parse_bib(text, ParsedFile(""))
    if broken := [finding for finding in source.findings if finding.kind in FATAL]:
        raise CitationError(broken[0].message, broken[0].line)
    if len(source.entries) != 1:
        message = f"{len(source.entries)} papers in one file; save the citation of one paper only"
        raise CitationError(message, source.entries[1].line if source.entries else 1)
    (entry,) = source.entries
    paper = Paper(BIBTEX_TYPES.get(entry.type, entry.type).partition(" ")[0])
    left_out = take_fields(paper, entry)
    take_doi(paper, entry)
    paper.kinds = {entry.type, *(plain(entry, name).lower() for name in ("type", "entrysubtype"))}
    paper.kinds |= {notice_in(plain(entry, "note"))} - {""}
    for name in ("title", "booktitle", "subtitle"):
        paper.protected |= set(protected(rich(entry, name)))
    paper.authors = [person(entry, "author", name) for name in people(entry, "author")]
    paper.editors = [person(entry, "editor", name) for name in people(entry, "editor")]
    if left_out:
        paper.remarks.append(f"left out of the entry: {', '.join(left_out)}")
    return paper


def take_fields(paper: Paper, entry: SourceEntry) -> list[str]:
    """Put the fields of *entry*, but for people, into *paper*; return the names of those left out."""
    left_out = []
    for name in entry.lines.keys() - {"author", "editor", *PARTS}:
        target = BIBTEX_FIELDS.get(name, name)
        if target not in KNOWN_FIELDS - LEFT_OUT or name == "pagetotal":
            left_out.append(name)
        elif len(value := plain(entry, name)) > len(paper.fields.get(target, "")):
            paper.fields[target] = value  # of journal and shortjournal the longer
    for name, target in PARTS.items():
        if name in entry.fields:
            paper.fields[target] = f"{paper.fields.get(target, '')}: {plain(entry, name)}"
    return sorted(left_out)


def take_doi(paper: Paper, entry: SourceEntry) -> None:
    """Put the DOI of *entry* into *paper*, and take it out of the fields that have no other words."""
    if not (doi := find_doi(entry.value(name) for name in DOI_FIELDS)):
        return
    paper.fields["doi"] = doi
    for name in ("note", "eprint"):
        value = paper.fields.get(name, "")
        if find_doi([value]) and re.fullmatch(r"(\W*\b(doi|url)\W+)?\S+", value, re.IGNORECASE):
            del paper.fields[name]


def rich(entry: SourceEntry, name: str, tex: str | None = None) -> Text:
    """Return the field *name* of *entry*, or *tex* out of it, as rich text; raise `CitationError`."""
    try:
        return Text.from_latex(entry.value(name) if tex is None else tex)
    except (PybtexError, ValueError) as error:
        message = f"{name} is not TeX that can be read; fix its braces"
        raise CitationError(message, entry.line_of(name)) from error


def plain(entry: SourceEntry, name: str) -> str:
    """Return the field *name* of *entry* without TeX; raise `CitationError` when it is none."""
    return clean(
        entry.value(name)
        if BIBTEX_FIELDS.get(name, name) not in PRINTED_FIELDS
        else str(rich(entry, name))
    )


def protected(text: Text) -> Iterator[str]:
    """Yield the words in braces of *text*; braces around the whole of it say nothing."""
    if len(text.parts) == 1 and isinstance(text.parts[0], Protected):
        return
    for part in text.parts:
        if isinstance(part, Protected):
            yield from str(part).split()
        elif hasattr(part, "parts"):
            yield from protected(part)


def people(entry: SourceEntry, role: str) -> list[str]:
    """Return the names of *role* in *entry*, as written."""
    return list(split_name_list(entry.value(role)))


def person(entry: SourceEntry, role: str, name: str) -> Name:
    """Return the *name* of *role* in *entry*; raise `CitationError` when it cannot be read."""
    if name.startswith("{") and name.endswith("}"):
        return Name(clean(str(rich(entry, role, name))), is_group=True)
    name, _ = without_degrees(name)
    if not set("{}\\").intersection(name) and (is_organisation(name) or ends_in_initials(name)):
        return named_in(name)
    with pybtex.errors.capture() as errors:
        read = Person(name)
    if errors:
        message = f"{name!r} is more than one person; write 'and' between them"
        raise CitationError(message, entry.line_of(role))

    def text(words: list[str]) -> str:
        return clean(str(rich(entry, role, " ".join(words))))

    generation = text(read.lineage_names)
    return Name(
        text(read.prelast_names + read.last_names),
        initials(text(read.first_names + read.middle_names)),
        HOUSE_GENERATIONS.get(generation.lower().rstrip("."), generation),
    )
