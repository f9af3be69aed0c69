"""Rules for BibTeX entries: keys, types, fields, and what is declared unverified.

Each rule is a function that takes one entry (`ENTRY_RULES`) or all of them (`FILE_RULES`) and
yields findings. Required fields and types: Patashnik, *BibTeXing* (btxdoc), 1988, section 3.
BibLaTeX names: the manual of the package biblatex, sections 2.1 and 2.2.
"""

import re
from collections.abc import Iterator

from bibtex.entry import SourceEntry, declarations, unverified
from bibtex.scanner import FIELD_START
from common.findings import Finding
from common.text import did_you_mean


def by_name(names: dict[str, str]) -> dict[str, str]:
    """Return the key of *names* for each of the words in its value."""
    return {name: key for key, words in names.items() for name in words.split()}


#: What each type needs beside author and title; of ``a/b`` one is enough.
REQUIRED_FIELDS = {
    "article": "journal year",
    "book": "publisher year",
    "booklet": "",
    "conference": "booktitle year",
    "inbook": "chapter/pages publisher year",
    "incollection": "booktitle publisher year",
    "inproceedings": "booktitle year",
    "manual": "",
    "mastersthesis": "school year",
    "misc": "url/doi/howpublished",
    "phdthesis": "school year",
    "proceedings": "year",
    "techreport": "institution year",
    "unpublished": "note",
}
#: The BibTeX type to write for a type of BibLaTeX.
BIBTEX_TYPES = by_name(
    {
        "book": "collection mvbook reference",
        "misc": "dataset electronic online patent periodical preprint software webpage website www",
        "techreport": "report",
        "phdthesis (or mastersthesis)": "thesis",
    }
)
#: Fields that are printed as text.
PRINTED_FIELDS = frozenset(
    {"address", "author", "booktitle", "chapter", "edition", "editor", "howpublished"}
    | {"institution", "journal", "note", "number", "organization", "pages", "publisher", "school"}
    | {"series", "shortauthor", "title", "type", "volume", "year"}
)
IDENTIFIERS = frozenset({"doi", "isbn", "issn", "pmcid", "pmid"})
#: Fields of BibTeX, of this site, and of reference managers that harm nobody.
KNOWN_FIELDS = (
    PRINTED_FIELDS
    | IDENTIFIERS
    | {"abstract", "accepted", "annote", "archiveprefix", "crossref", "eprint", "key", "keywords"}
    | {"language", "month", "orcid", "primaryclass", "unverified", "url", "urldate"}
)
#: The BibTeX field to write for a field of BibLaTeX.
BIBTEX_FIELDS = by_name(
    {
        "address": "location",
        "archiveprefix": "eprinttype",
        "booktitle": "booksubtitle eventtitle",
        "journal": "journaltitle journalsubtitle shortjournal",
        "language": "langid",
        "number": "issue",
        "pages": "pagetotal",
        "primaryclass": "eprintclass",
        "series": "maintitle",
        "title": "subtitle",
        "year": "date",
    }
)
#: What may be unverified beside the fields of an entry.
UNVERIFIED_TOPICS = frozenset({"correction", "identification", "retraction", "wording"})


def key_style(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a key that is not an anchor of a web page as it is: what `docutils` makes of it is the same."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", entry.key):
        message = (
            "write the key in lower-case letters and digits, a letter first, single hyphens between"
        )
        yield entry.finding("key-style", message)


def unknown_type(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a type that BibTeX does not know."""
    if entry.type in BIBTEX_TYPES:
        message = f"@{entry.type} is a type of BibLaTeX; write @{BIBTEX_TYPES[entry.type]}"
        yield entry.finding("unknown-type", message)
    elif entry.type not in REQUIRED_FIELDS:
        guess = did_you_mean(entry.type, REQUIRED_FIELDS) or "; write @misc for a web page"
        yield entry.finding("unknown-type", f"@{entry.type} is not a type of BibTeX{guess}")


def missing_field(entry: SourceEntry) -> Iterator[Finding]:
    """Yield what the type needs and what is neither there nor declared unverified.

    Of a ``crossref`` to no other entry, or to one that needs another one itself, only that is told.
    """
    if "crossref" in entry.lines and not entry.whole:
        message = (
            f"no other entry is called {entry.value('crossref')}, or it has a crossref itself; "
            "fix the key, add the entry, or write its fields here"
        )
        yield entry.finding("crossref", message, "crossref")
        return  # the other entry may hold the rest
    excused = unverified(entry).keys() - {"title"}
    given = entry.lines.keys() | entry.inherited.keys()
    for needed in ("author/editor", "title", *REQUIRED_FIELDS.get(entry.type, "").split()):
        names = needed.split("/")
        if not excused.intersection(names) and not given & set(names):
            message = f"@{entry.type} needs {' or '.join(names)}; add it, never guess it"
            if names != ["title"]:
                message += f" (not seen: unverified = {{{names[0]}: why}})"
            yield entry.finding("missing-field", message)


def unknown_field(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a field that nothing reads: a slip of the pen, or a name of BibLaTeX."""
    for name in entry.lines:
        if name in BIBTEX_FIELDS:
            message = f"{name} is a field of BibLaTeX; write {BIBTEX_FIELDS[name]}"
            yield entry.finding("biblatex-field", message, name)
        elif name not in KNOWN_FIELDS:
            guess = did_you_mean(name, KNOWN_FIELDS) or "; delete it or use note"
            yield entry.finding("unknown-field", f"nothing reads the field {name}{guess}", name)


def field_value(entry: SourceEntry) -> Iterator[Finding]:
    """Yield an empty field, and one in which another begins: a brace is missing here and one too many there."""
    for name in entry.lines:
        if not entry.fields[name].strip("{} \t\n~"):
            message = f"{name} is empty; fill it in, or delete it and name it in unverified"
            yield entry.finding("empty-field", message, name)
        begun = (found[1].lower() for found in FIELD_START.finditer(entry.fields[name]))
        inner = next((other for other in begun if other in KNOWN_FIELDS), "")
        if inner and name not in {"abstract", "annote"}:
            message = f"{name} holds the field {inner}; close the brace of {name} before it"
            yield entry.finding("swallowed-field", message, name)


def declared_unverified(entry: SourceEntry) -> Iterator[Finding]:
    """Yield what of ``unverified`` does not say ``field: why``, names nothing known, or was seen after all."""
    known = KNOWN_FIELDS | UNVERIFIED_TOPICS
    for name, why in declarations(entry.value("unverified")):
        if not name or not why:
            message = f"{name or why!r} is not a pair 'field: why'; say which field, and why"
            yield entry.finding("unverified-form", message, "unverified")
        elif name not in known:
            topics = ", ".join(sorted(UNVERIFIED_TOPICS))
            guess = did_you_mean(name, known) or f"; write a field, or one of {topics}"
            message = f"unverified names {name!r}, which is not a field{guess}"
            yield entry.finding("unverified-field", message, "unverified")
        elif name in IDENTIFIERS & entry.lines.keys() and why.lower().startswith("not seen"):
            message = f"{name} is given and declared 'not seen'; delete one, or say how it is known"
            yield entry.finding("unverified-present", message, name)


def duplicate_key(entries: list[SourceEntry]) -> Iterator[Finding]:
    """Yield entries whose key came before: pybtex ignores letter case and keeps the first."""
    keys = [entry.key.lower() for entry in entries]
    for earlier, entry in repeats(entries, keys, same_key=True):
        place = f"{earlier.file}:{earlier.line}"
        message = f"the key is in {place} already; delete one entry or give it another key"
        yield entry.finding("duplicate-key", message)


def duplicate_title(entries: list[SourceEntry]) -> Iterator[Finding]:
    """Yield entries with the title of an earlier one, unless both have DOIs, which differ.

    Only letters and digits of titles are compared.
    """
    titles = [re.sub(r"[\W_]+", "", entry.value("title").casefold()) for entry in entries]
    for earlier, entry in repeats(entries, titles):
        dois = {earlier.value("doi").lower(), entry.value("doi").lower()}
        if len(dois - {""}) < len((earlier, entry)):
            message = f"the same title as {earlier.key}; keep one entry and cite that"
            yield entry.finding("duplicate-title", message, "title")


def repeats(
    entries: list[SourceEntry], values: list[str], *, same_key: bool = False
) -> Iterator[tuple[SourceEntry, SourceEntry]]:
    """Yield the first entry with a value that is not empty, and each later one, under another key."""
    first: dict[str, SourceEntry] = {}
    for entry, value in zip(entries, values, strict=True):
        earlier = first.setdefault(value, entry)
        keys_agree = earlier.key.lower() == entry.key.lower()
        if value and earlier is not entry and keys_agree == same_key:
            yield earlier, entry
