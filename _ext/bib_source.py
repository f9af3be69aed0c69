"""A BibTeX file as it is written: its entries, and what is wrong with the file as a whole.

Each entry is read alone, from one line that begins with ``@type{`` to the next: a fault cannot
spread to another entry, the time is linear, and text outside entries is seen.
Where pybtex stumbles over one of them, what was found is compared with what it reads from the
whole file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import pybtex.errors
from pybtex.database import BibliographyDataError
from pybtex.database.input.bibtex import Parser, month_names

from bib_database import Read, joined
from bib_finding import STRUCTURE, Finding
from bib_pieces import Pieces

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bib_entry import Entry
    from bib_finding import Kind
    from bib_pieces import Piece

#: Where an entry begins: at the start of a line.
ENTRY_START = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
#: Characters that no editor shows, and the one that stands for what could not be decoded.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")


@dataclass
class Source:
    """A file that was read."""

    #: The path of the file, as it was given.
    file: str
    #: Its entries, in their order.
    entries: list[Entry] = field(default_factory=list)
    #: What is wrong with its structure.
    findings: list[Finding] = field(default_factory=list)
    #: Its pieces, each with its entries where they stand in the file.
    pieces: list[tuple[Piece, list[Entry]]] = field(default_factory=list)
    #: What pybtex reads from it; None where that is not certain.
    read: Read | None = None


def read(path: Path, name: str = "", pieces: Pieces | None = None) -> Source:
    """Return what the BibTeX file at *path* holds; findings call it *name*, or as *path* reads.

    *pieces* reads it, and remembers what it read before.

    Nothing is raised: a file that is missing or that is no text is a finding.
    """
    source = Source(name or str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); mend the name or the rights"
        source.findings.append(Finding(source.file, 1, "", "missing-file", message))
        return source
    scan(source, decode(source, data), pieces)
    return source


def decode(source: Source, data: bytes) -> str:
    """Return *data* as text with plain line ends; note in *source* what is not plain UTF-8."""

    def note(line: int, kind: Kind, message: str) -> None:
        source.findings.append(Finding(source.file, line, "", kind, message))

    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        note(line, "encoding", f"byte {data[error.start]:#x} is not UTF-8; save the file as UTF-8")
        text = data.decode("latin-1")
    if text.startswith("\ufeff"):
        note(1, "byte-order-mark", "a byte-order mark; save the file as UTF-8 without it")
        text = text[1:]
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        note(line, "line-ending", "a line ends as on Windows; save the file with LF line ends")
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        note(1, "empty-file", "the file is empty; is it the right one?")
    if not any(finding.kind == "encoding" for finding in source.findings):
        for number, line_text in enumerate(text.split("\n"), 1):
            if found := UNPRINTABLE.search(line_text):
                note(number, "encoding", f"the character {found.group()!a}; delete it")
    return text


def scan(source: Source, text: str, pieces: Pieces | None = None) -> None:
    """Add what *text* holds, read by *pieces*, to *source*."""
    pieces = pieces or Pieces()
    strings = dict(pieces.strings)
    parts: list[Read | None] = []
    begins = [match.start() for match in ENTRY_START.finditer(text)]
    line = 1
    for begin, end in pairwise([0, *begins, len(text)]):
        piece = pieces.read(text[begin:end])
        entries, findings = piece.placed(source.file, line)
        source.pieces.append((piece, entries))
        source.entries += entries
        source.findings += findings
        parts.append(piece.read)
        line += text.count("\n", begin, end)
    source.read = joined(parts)
    if source.read is None:
        source.findings += lost_entries(source, text, strings)


def lost_entries(
    source: Source, text: str, strings: Mapping[str, str] = month_names
) -> list[Finding]:
    """Return a finding for what pybtex does not get from the whole *text* and *source* has.

    *strings* were defined before it. What is explained by another finding is left out, and
    repeated keys and names with too many commas have rules of their own.
    """
    if any(finding.kind in STRUCTURE for finding in source.findings):
        return []
    parser = Parser(macros=strings, person_fields=())
    with pybtex.errors.capture() as errors:
        parser.parse_string(text)
    read_keys = set(parser.data.entries)
    findings = [
        entry.finding("lost-entry", "pybtex does not read this entry; mend what stands before it")
        for entry in first_of_each_key(source.entries)
        if entry.key not in read_keys
    ]
    for error in errors:
        if not isinstance(error, BibliographyDataError):
            line = getattr(error, "lineno", None) or 1
            message = f"pybtex stops with {str(error)!r}; mend the braces and quotes here"
            findings.append(Finding(source.file, line, "", "lost-entry", message))
    return findings


def first_of_each_key(entries: list[Entry]) -> list[Entry]:
    """Return *entries* without those whose key came before, letter case ignored."""
    by_key: dict[str, Entry] = {}
    for entry in entries:
        by_key.setdefault(entry.key.lower(), entry)
    return list(by_key.values())
