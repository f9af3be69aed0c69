"""One entry of a BibTeX file as it is written: its fields, and on which lines they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bib_finding import Finding

if TYPE_CHECKING:
    from bib_finding import Kind


class Field(NamedTuple):
    """One field of an entry."""

    #: The name, in lower case.
    name: str
    #: The value without its delimiters, strings put in, white space as written.
    value: str
    #: The line of the name, counted from that of the entry, from 0.
    line: int


class Entry(NamedTuple):
    """One entry of a file."""

    #: The path of the file, as it was given.
    file: str
    #: The type, in lower case.
    type: str
    #: The key, as written.
    key: str
    #: The line of the ``@``, from 1.
    line: int
    #: The fields by name; of a repeated field the first, as pybtex takes it.
    fields: dict[str, Field]

    def value(self, name: str) -> str:
        """Return the value of the field *name*, white space normalised; empty if it is missing."""
        found = self.fields.get(name)
        return " ".join(found.value.split()) if found else ""

    def line_of(self, name: str) -> int:
        """Return the line of the field *name*, or of the entry if it is missing, from 1."""
        return self.line + (self.fields[name].line if name in self.fields else 0)

    def finding(self, kind: Kind, message: str, name: str = "") -> Finding:
        """Return a finding at the field *name*, or at the entry."""
        return Finding(self.file, self.line_of(name), self.key, kind, message)
