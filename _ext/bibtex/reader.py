"""A BibTeX file as it is written: its entries, and what is wrong with the file as a whole.

Each entry is read alone, from one line that begins with ``@type{`` to the next: a fault cannot
spread to another entry, the time is linear, and text outside entries is seen.
"""

import re
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

from pybtex.database.input.bibtex import month_names
from pybtex.utils import CaseInsensitiveDict

from bibtex.entry import SourceEntry
from bibtex.scanner import EntryScanner
from common.findings import Finding

#: Where an entry begins: at the start of a line.
ENTRY_START = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", re.MULTILINE)
#: Findings in text that is not as its author meant it.
UNREADABLE = frozenset({"extra-brace", "missing-brace", "syntax", "unterminated-quote"})
#: Characters that no editor shows, and the one that stands for what could not be decoded.
UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffd]")


@dataclass
class ParsedFile:
    """A file that was read."""

    file: str  #: The path of the file, as it was given.
    entries: list[SourceEntry] = field(default_factory=list)  #: Its entries, in their order.
    findings: list[Finding] = field(default_factory=list)  #: What is wrong with its structure.

    def note(self, line: int, kind: str, message: str) -> None:
        """Add a finding that concerns the file."""
        self.findings.append(Finding(self.file, line, "", kind, message))


def strings() -> MutableMapping[str, str]:
    """Return the strings that every file knows, the names of the months; `parse_bib` adds to them."""
    names: MutableMapping[str, str] = CaseInsensitiveDict(month_names)
    return names


def parse_bib_file(
    path: Path, name: str = "", known: MutableMapping[str, str] | None = None
) -> ParsedFile:
    """Return what the BibTeX file at *path* holds; findings call it *name*, or as *path* reads.

    *known* are the strings of the files before it. Nothing is raised: a file that is missing or
    that is no text is a finding.
    """
    parsed = ParsedFile(name or str(path))
    return parse_bib(read_text(path, parsed), parsed, known)


def read_text(path: Path, parsed: ParsedFile) -> str:
    """Return the text of the file at *path*, with plain line ends; note in *parsed* what is not plain."""
    try:
        data = path.read_bytes()
    except OSError as error:
        message = f"cannot be read ({error.strerror}); fix the name or the rights"
        parsed.note(1, "missing-file", message)
        return ""
    try:
        text, decoded = data.decode(), True
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {data[error.start]:#x} is not UTF-8; save the file as UTF-8"
        parsed.note(line, "encoding", message)
        text, decoded = data.decode("latin-1"), False
    if text.startswith("\ufeff"):
        parsed.note(1, "byte-order-mark", "a byte-order mark; save the file as UTF-8 without it")
        text = text[1:]
    if "\r" in text:
        line = text[: text.index("\r")].count("\n") + 1
        message = "a line ends as on Windows; save the file with LF line ends"
        parsed.note(line, "line-ending", message)
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        parsed.note(1, "empty-file", "the file is empty; is it the right one?")
    for number, line_text in enumerate(text.split("\n") if decoded else (), 1):
        if found := UNPRINTABLE.search(line_text):
            parsed.note(number, "encoding", f"the character {found.group()!a}; delete it")
    return text


def parse_bib(
    text: str, parsed: ParsedFile, known: MutableMapping[str, str] | None = None
) -> ParsedFile:
    """Return *parsed* with what *text* holds; *known* are the strings before it."""
    known = strings() if known is None else known
    begins = [match.start() for match in ENTRY_START.finditer(text)]
    line = 1
    for begin, end in pairwise([0, *begins, len(text)]):
        scanner = EntryScanner(text[begin:end], known, parsed.file, line)
        scanner.scan()
        if any(finding.kind in UNREADABLE for finding in scanner.findings):
            scanner = EntryScanner(text[begin:end], known, parsed.file, line)
            scanner.scan(suspicious=True)
        parsed.entries += scanner.entries
        parsed.findings += scanner.findings
        line += text.count("\n", begin, end)
    return parsed
