"""One entry of a BibTeX file as it is written: its fields, and on which lines they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bib_finding import Finding

if TYPE_CHECKING:
    from bib_finding import Kind


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an entry."""

    #: The name, in lower case.
    name: str
    #: The value without its delimiters, strings put in, white space as written.
    value: str
    #: The value as written, with braces, quotes and ``#``.
    raw: str
    #: The line of the name, from 1.
    line: int


@dataclass(frozen=True)
class Entry:
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

    def finding(self, kind: Kind, message: str, name: str = "") -> Finding:
        """Return a finding at the field *name*, or at the entry."""
        line = self.fields[name].line if name in self.fields else self.line
        return Finding(self.file, line, self.key, kind, message)
