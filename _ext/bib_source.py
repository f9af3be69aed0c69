"""BibTeX files as they are written: their entries, and what is wrong with a file as a whole.

Each piece, from one line that begins with ``@type{`` to the next, is scanned alone: a fault cannot
spread to another entry, the time is linear, text outside entries is seen, and a piece that is known
from an earlier build is not scanned again.
pybtex, which the site is built with, then reads the same piece. Where it reports nothing, it stands
outside of entries at the end of the piece, so it would read the whole file likewise; only strings
(``@string``) reach from one piece into another. Where it stumbles, it reads the whole file too, and
what it loses is found.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import pybtex.errors
from pybtex.database import BibliographyData, BibliographyDataError
from pybtex.database.input.bibtex import Parser, month_names
from pybtex.exceptions import PybtexError
from pybtex.utils import CaseInsensitiveDict

from bib_database import Read, StoredEntry
from bib_finding import STRUCTURE, Finding
from bib_scanner import EntryScanner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from bib_entry import Entry
    from bib_finding import Kind

#: Where an entry begins: at the start of a line.
ENTRY_START = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
#: Where a string may be defined.
STRING = re.compile(r"@\s*string", re.IGNORECASE)
#: Characters that no editor shows, and the one that stands for what could not be decoded.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")


class Piece(NamedTuple):
    """A piece of a file, wherever it stands: no file is named, and lines count from 0."""

    #: A digest of its text and of the strings before it; empty when it may define one.
    name: bytes
    #: Its entries, as a rule one.
    entries: list[Entry]
    #: What is wrong with their structure.
    findings: list[Finding]
    #: What pybtex reads: the same entries. None where it reports something.
    read: Read | None


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


class Reader:
    """Reads files one after the other, as sphinxcontrib-bibtex does: strings are kept."""

    def __init__(self, known: Mapping[bytes, Piece]) -> None:
        """Prepare to read; *known* are the pieces that need not be scanned again, by name."""
        self.known = known
        self.strings = CaseInsensitiveDict(month_names)
        self.parser = Parser()
        #: A digest of the strings.
        self.state = b""

    def read(self, path: Path, name: str = "") -> Source:
        """Return what the BibTeX file at *path* holds; findings call it *name*, or as *path* reads.

        Nothing is raised: a file that is missing or that is no text is a finding.
        """
        source = Source(name or str(path))
        try:
            data = path.read_bytes()
        except OSError as error:
            message = f"cannot be read ({error.strerror}); mend the name or the rights"
            source.findings.append(Finding(source.file, 1, "", "missing-file", message))
            return source
        self.scan(source, decode(source, data))
        return source

    def scan(self, source: Source, text: str) -> None:
        """Add the entries and the faults of *text* to *source*."""
        before = dict(self.strings)
        read: Read | None = Read({}, [])
        begins = [match.start() for match in ENTRY_START.finditer(text)]
        line = 1
        for begin, end in pairwise([0, *begins, len(text)]):
            words = text[begin:end]
            name = hashlib.blake2b(
                words.encode(errors="surrogatepass"), digest_size=16, key=self.state
            ).digest()
            piece = self.known.get(name) or self.piece(name, words)
            entries = [
                entry._replace(file=source.file, line=line + entry.line) for entry in piece.entries
            ]
            source.entries += entries
            source.findings += (
                found._replace(file=source.file, line=line + found.line) for found in piece.findings
            )
            source.pieces.append((piece, entries))
            if piece.read and read:
                read.entries.update(piece.read.entries)
                read.preamble.extend(piece.read.preamble)
            else:
                read = None
            line += words.count("\n")
        source.read = read
        if read is None:
            source.findings += lost_entries(source, text, before)

    def piece(self, name: bytes, text: str) -> Piece:
        """Return what *text*, a piece with this *name*, holds."""
        scanner = EntryScanner(text, self.strings)
        scanner.scan()
        read = None
        if not any(finding.kind in STRUCTURE for finding in scanner.findings):
            read = self.parsed(text, [entry.key for entry in scanner.entries])
        if STRING.search(text):
            name = b""
            strings = [sorted(known.items()) for known in (self.strings, self.parser.macros)]
            self.state = hashlib.blake2b(repr(strings).encode(), digest_size=16).digest()
        return Piece(name, scanner.entries, scanner.findings, read)

    def parsed(self, text: str, keys: list[str]) -> Read | None:
        """Return what pybtex reads from *text*, or None if it is not the entries with these *keys*."""
        self.parser.data = data = BibliographyData()
        with pybtex.errors.capture() as errors:
            try:
                self.parser.parse_string(text)
            except PybtexError as error:
                errors.append(error)
        if errors or list(data.entries) != keys:
            return None
        entries = {key: StoredEntry(entry) for key, entry in data.entries.items()}
        return Read(entries, data.preamble_list)


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
