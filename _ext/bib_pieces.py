"""Pieces of BibTeX files, each read once by the check and once by pybtex, and never again.

A piece is what stands between two lines that begin with ``@type{``. Where pybtex, which the site
is built with, reports nothing in a piece, it stands outside of entries at its end; so it reads the
same in the piece as in the whole file, and only strings (``@string``) reach from one piece into
another. That is why a piece is known by its text and the strings before it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, NamedTuple

import pybtex.errors
from pybtex.database import BibliographyData
from pybtex.database.input.bibtex import Parser, month_names
from pybtex.exceptions import PybtexError
from pybtex.utils import CaseInsensitiveDict

from bib_database import Read, stored
from bib_finding import STRUCTURE, Finding
from bib_scanner import EntryScanner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bib_entry import Entry

#: Where a string may be defined.
STRING = re.compile(r"@\s*string", re.IGNORECASE)


class Piece(NamedTuple):
    """A piece of a file, wherever it stands: no file is named, and lines count from 0."""

    #: A digest of its text and of the strings before it; empty when it may define one.
    name: bytes
    #: Its entries, as a rule one.
    entries: list[Entry]
    #: What is wrong with their structure.
    findings: list[Finding]
    #: What pybtex reads, the same entries; None where it reports something.
    read: Read | None

    def placed(self, file: str, line: int) -> tuple[list[Entry], list[Finding]]:
        """Return entries and findings as they are when the piece begins at *line* of *file*."""
        return (
            [entry._replace(file=file, line=line + entry.line) for entry in self.entries],
            [found._replace(file=file, line=line + found.line) for found in self.findings],
        )


class Pieces:
    """Reads pieces one after the other; strings hold from there on, in the next file too."""

    def __init__(self, known: Mapping[bytes, Piece] | None = None) -> None:
        """Prepare to read; *known* are pieces that were read before, by name."""
        self.known = known or {}
        self.strings = CaseInsensitiveDict(month_names)
        self.parser = Parser()
        #: A digest of the strings.
        self.state = b""

    def read(self, text: str) -> Piece:
        """Return the piece that *text* is; nothing is raised, whatever it holds."""
        content = text.encode(errors="surrogatepass")
        name = hashlib.blake2b(content, digest_size=16, key=self.state).digest()
        return self.known.get(name) or self.scanned(name, text)

    def scanned(self, name: bytes, text: str) -> Piece:
        """Return the piece that *text* is, which is not known; it gets this *name*."""
        scanner = EntryScanner(text, self.strings)
        scanner.scan()
        read = None
        if not any(finding.kind in STRUCTURE for finding in scanner.findings):
            read = self.parsed(text, [entry.key for entry in scanner.entries])
        if STRING.search(text):
            name = b""
            strings = [sorted(defined.items()) for defined in (self.strings, self.parser.macros)]
            self.state = hashlib.blake2b(repr(strings).encode(), digest_size=16).digest()
        return Piece(name, scanner.entries, scanner.findings, read)

    def parsed(self, text: str, keys: list[str]) -> Read | None:
        """Return what pybtex reads from *text*; None unless it is the entries with these *keys*."""
        self.parser.data = data = BibliographyData()
        with pybtex.errors.capture() as errors:
            try:
                self.parser.parse_string(text)
            except PybtexError as error:
                errors.append(error)
        if errors or list(data.entries) != keys:
            return None
        entries = {key: stored(entry) for key, entry in data.entries.items()}
        return Read(entries, data.preamble_list)
