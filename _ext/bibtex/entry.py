"""An entry of a BibTeX file: that of pybtex, with its place in the file."""

import hashlib
from collections.abc import Iterable

import pybtex.errors
from pybtex.database import BibliographyData, Entry
from pybtex.database.input.bibtex import Parser

from common.findings import Finding

#: The word among the `keywords` of an entry that says: this paper has a record.
ANNOTATED = "annotated"
#: The fields that hold people.
PEOPLE = ("author", "editor")
#: What a part takes from the whole that its ``crossref`` names, unless it says so itself.
INHERITED = (
    *("address", "booktitle", "editor", "institution", "isbn", "issn", "journal", "month"),
    *("organization", "publisher", "school", "series", "volume", "year"),
)


class SourceEntry(Entry):  # type: ignore[misc]  # pybtex ships no types
    """An entry as it is written: with its lines, and with names and white space untouched.

    Authors and editors are fields like the others; of a repeated field the first one counts.
    """

    type: str
    key: str

    def __init__(self, file: str, type_: str, key: str, line: int) -> None:
        super().__init__(type_)
        self.key = key
        self.file = file  #: The path of the file, as it was given.
        self.line = line  #: The line of the ``@``, from 1.
        self.source = ""  #: The entry as it is written, from the ``@`` to its last brace.
        self.lines: dict[str, int] = {}  #: The line of each field, by its name in lower case.
        self.whole = ""  #: The key of the entry that its crossref names.
        self.inherited: dict[str, str] = {}  #: The fields that it takes from there.

    def value(self, name: str) -> str:
        """Return the value of the field *name*, white space normalised; empty if it is missing."""
        return " ".join(self.fields[name].split()) if name in self.lines else ""

    def line_of(self, name: str) -> int:
        """Return the line of the field *name*, or of the entry if it is missing, from 1."""
        return self.lines.get(name, self.line)

    def finding(self, kind: str, message: str, name: str = "") -> Finding:
        """Return a finding at the field *name*, or at the entry."""
        return Finding(self.file, self.line_of(name), self.key, kind, message)


def declarations(text: str) -> list[tuple[str, str]]:
    """Return the pairs in *text*, the field ``unverified``: ``field: why; field: why``."""
    split = (pair.partition(":") for pair in text.split(";") if pair.strip())
    return [(name.strip(), why.strip()) for name, _, why in split]


def unverified(entry: Entry) -> dict[str, str]:
    """Return why each field that *entry* declares unverified is unverified, by its name."""
    return dict(pair for pair in declarations(entry.fields.get("unverified", "")) if pair[0])


def has_keyword(entry: Entry, keyword: str) -> bool:
    """Return whether *keyword* is one of the keywords of *entry*."""
    return keyword in entry.fields.get("keywords", "").replace(",", " ").replace(";", " ").split()


def digest(entry: Entry) -> str:
    """Return what changes with the type, the fields or the people of *entry*, and only then."""
    people = [(role, list(map(str, persons))) for role, persons in entry.persons.items()]
    content = repr((entry.type, list(entry.fields.items()), people))
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()


def inherit(entries: list[SourceEntry]) -> None:
    """Fill in what the entries inherit from those that their ``crossref`` names.

    The title of a book is the booktitle of its parts (biblatex manual, section 2.4.1.1).
    """
    by_key = {entry.key.lower(): entry for entry in reversed(entries)}
    for entry in entries:
        whole = by_key.get(entry.value("crossref").lower(), entry)
        if whole is entry or "crossref" in whole.lines:
            continue
        fields = {name: whole.value(name) for name in INHERITED if name in whole.lines}
        if entry.type.startswith(("in", "conference")):
            fields.setdefault("booktitle", whole.value("title"))
        entry.whole = whole.key
        entry.inherited = {n: text for n, text in fields.items() if n not in entry.lines}


def as_bibliography(entries: Iterable[SourceEntry]) -> BibliographyData:
    """Return *entries* as pybtex's own parser gives them, with what they inherit and without lines.

    Of entries with one key, letter case ignored, the first one counts. A name that is none is taken
    as it comes.
    """
    parser = Parser()
    for entry in entries:
        if entry.key not in parser.data.entries:
            values = {name: entry.value(name) for name in entry.lines} | entry.inherited
            values.pop("crossref", None)
            with pybtex.errors.capture():
                parser.process_entry(entry.type, entry.key, [(n, [v]) for n, v in values.items()])
    bibliography: BibliographyData = parser.data
    return bibliography
