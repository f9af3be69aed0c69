"""An entry of a BibTeX file: that of pybtex, with its place in the file."""

import hashlib
from collections.abc import Iterable

from pybtex.database import Entry

from common.findings import Finding


class SourceEntry(Entry):  # type: ignore[misc]  # pybtex ships no types
    """An entry as it is written: with its lines, and with names and white space untouched.

    Authors and editors are fields like the others; of a repeated field the first one counts.
    """

    type: str
    key: str

    def __init__(self, file: str, type_: str, key: str, line: int) -> None:
        super().__init__(type_)
        self.key = key
        #: The path of the file, as it was given.
        self.file = file
        #: The line of the ``@``, from 1.
        self.line = line
        self.lines: dict[str, int] = {}  #: The line of each field, by its name in lower case.

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


def first_of_each_key(entries: Iterable[SourceEntry]) -> list[SourceEntry]:
    """Return *entries* without those whose key came before, letter case ignored, as pybtex does."""
    by_key: dict[str, SourceEntry] = {}
    for entry in entries:
        by_key.setdefault(entry.key.lower(), entry)
    return list(by_key.values())
