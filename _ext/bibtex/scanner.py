"""Scan a BibTeX entry, note what is broken in it, and read on.

The scanner is pybtex's own (`pybtex.database.input.bibtex.LowLevelParser`), because the site is
built with pybtex: what is read here is what the site reads. Tried on 22 broken files:

- bibtexparser 2.1 swallows a field after a missing comma without a word, drops a whole entry for
  a repeated field, lets undefined strings pass, and gives no reason for what it leaves out.
- tree-sitter-bibtex survives everything, but accepts repeated fields and undefined strings,
  loses the next entry after a missing brace, and says "ERROR" only. The last release that ships
  it (tree-sitter-language-pack 0.13) is superseded by one that downloads grammars as it runs.
- pybtex gives lines and goes on after an error, but loses the next entry after a missing brace,
  and says nothing of text between entries and of a missing comma behind the key.

So this class keeps pybtex's tokens, strings and values, reads on where it would lose something,
and says in other words what is wrong; `reader` gives it one entry at a time. It overrides
``parse_entry_fields`` and ``handle_error`` of pybtex and reads its ``current_*`` attributes, none of
which is documented: `tests/test_foundations.py` names them.
"""

import re
from collections.abc import MutableMapping

from pybtex.database.input.bibtex import LowLevelParser, SkipEntry, UndefinedMacro
from pybtex.scanner import PrematureEOF, PybtexSyntaxError

from bibtex.entry import SourceEntry
from common.findings import Finding

#: A field inside the value of another one: the brace or the quote between them is missing.
FIELD_START = re.compile(r"[\n,][ \t]*([A-Za-z]+)[ \t]*=[ \t]*[{\"]")
#: A name in front of an equals sign.
FIELD_NAME = re.compile(r"[^\s={},\"]+(?=\s*=)")
NO_KEY = "the entry has no key; write it behind the brace"


class EntryScanner(LowLevelParser):  # type: ignore[misc]  # pybtex ships no types
    """Scan a piece of a file that holds one entry as a rule, and note what is broken in it."""

    pos: int
    end_pos: int
    current_entry_key: str | None
    #: The entry that is being read, and the line and the first character of the value.
    entry: SourceEntry
    value_line: int
    delimiter: str
    #: The rest of this piece is not understood: what is noted in it follows from an earlier fault.
    broken = False

    def __init__(self, text: str, macros: MutableMapping[str, str], file: str, line: int) -> None:
        """Prepare to scan *text*, which begins at *line* of *file*, and to add its strings to *macros*."""
        super().__init__(text, macros=macros)
        self.file, self.lineno = file, line
        self.entries: list[SourceEntry] = []
        self.findings: list[Finding] = []

    def note(self, kind: str, message: str, line: int) -> None:
        """Add a fault in *line*, unless it follows from an earlier one."""
        if not self.broken:
            key = self.current_entry_key or ""
            self.findings.append(Finding(self.file, line, key, kind, message))

    def scan(self, *, suspicious: bool = False) -> None:
        """Collect the entries and the faults of this piece.

        A *suspicious* scanner takes a field inside a value for the place of a missing brace. It is for
        text that cannot be read as it is: elsewhere what looks like a field is the author's own.
        """
        self.suspicious, ignored = suspicious, False
        while True:
            begin, line = self.pos, self.lineno
            found = self.skip_to([self.AT])
            between = self.text[begin : self.pos - 1 if found else self.end_pos]
            if not ignored:
                self.check_outside(between, line)
            if not found:
                return
            if between.rpartition("\n")[2].lstrip().startswith("%"):
                message = "for other programs an @ begins an entry, also behind %; delete the @ or the line"
                self.note("stray-text", message, self.lineno)
                self.pos, ignored = self.text.find("\n", self.pos) % (self.end_pos + 1), False
                continue
            try:
                self.scan_entry()
                ignored = False
            except SkipEntry:  # a @comment: what follows is no text outside entries
                ignored = True

    def scan_entry(self) -> None:
        """Collect the entry behind the ``@``, as far as it can be read."""
        self.command_start = self.pos - 1
        self.entry, self.delimiter = SourceEntry(self.file, "", "", self.lineno), ""
        try:
            type_, _ = self.parse_command()
        except PybtexSyntaxError as error:
            self.handle_error(error)
            return
        if key := self.current_entry_key:
            self.entry.type, self.entry.key = type_.lower(), key
            self.entry.source = self.text[self.command_start : self.pos]
            self.entries.append(self.entry)

    def check_outside(self, text: str, line: int) -> None:
        """Note *text* outside entries, which begins at *line* and is no comment."""
        for number, content in enumerate(text.split("\n"), line):
            if content.strip() and not content.lstrip().startswith("%"):
                shown = content.strip()[:40]
                if self.current_entry_key and text.count("}") > text.count("{"):
                    message = f"the entry ends before {shown!r}; delete a closing brace too many"
                    self.note("extra-brace", message, number)
                    self.broken = True
                else:
                    self.current_entry_key = None
                    message = f"{shown!r} is in no entry; put it into one, or % before it"
                    self.note("stray-text", message, number)
                return

    def parse_entry_fields(self) -> None:
        """Read the fields, and go on after a missing comma."""
        end, comma = self.lineno, self.optional([self.COMMA])
        if not comma and self.text.startswith("=", self.pos):
            self.current_entry_key = None
            self.note("missing-key", NO_KEY, end)
            self.broken = True
        while FIELD_NAME.match(self.text, self.pos_of_token()):
            name = self.required([self.NAME]).value
            if not comma:
                message = f"no comma before {name}; put one at the end of this line"
                self.note("missing-comma", message, end)
            end = self.parse_named_field(name)
            comma = self.optional([self.COMMA])

    def pos_of_token(self) -> int:
        """Return where the next token begins."""
        self.eat_whitespace()
        return self.pos

    def parse_named_field(self, name: str) -> int:
        """Read the value of the field *name*, and return the line of its end."""
        line = self.lineno
        self.current_field_name = name
        self.required([self.EQUALS])
        begin = self.pos_of_token()
        self.value_line, self.delimiter = self.lineno, self.text[begin : begin + 1]
        try:
            self.parse_value()
            value = "".join(self.current_value)
        except PybtexSyntaxError:
            if self.delimiter not in {"{", '"'} or not self.swallowed_field(
                name, begin, self.end_pos
            ):
                raise
            self.pos = self.end_pos
        if swallowed := self.swallowed_field(name, begin, self.pos):
            self.note_unclosed(f"before the field {swallowed.group(1)}")
            value = self.text[begin + 1 : swallowed.start()].rstrip(", \t")
            self.pos = begin + 1 + len(value)  # and go on with the field that was swallowed
            self.lineno = self.value_line + value.count("\n")
        if name.lower() in self.entry.lines:
            message = f"a second {name}, which is not read; keep one of the two"
            self.note("repeated-field", message, line)
        else:
            self.entry.fields[name.lower()] = value
            self.entry.lines[name.lower()] = line
        self.delimiter = ""
        raw: str = self.text[begin : self.pos]
        return self.value_line + raw.strip().count("\n")

    def swallowed_field(self, name: str, begin: int, end: int) -> re.Match[str] | None:
        """Return where another field, not read yet, begins in the value of the field *name*."""
        read = {name.lower(), *self.entry.lines}
        found = FIELD_START.search(self.text, begin, end) if self.suspicious else None
        return found if found and found[1].lower() not in read else None

    def note_unclosed(self, where: str) -> None:
        """Note that the present value does not end *where* it should."""
        name = self.current_field_name
        if self.delimiter == '"':
            message = f"the quote of {name} is not closed; put one {where}"
            self.note("unterminated-quote", message, self.value_line)
        else:
            message = f"a brace of {name} is not closed; put }} {where}"
            self.note("missing-brace", message, self.value_line)

    def handle_error(self, error: PybtexSyntaxError) -> None:
        """Note *error* in the words of a maintainer; raise nothing, read the piece no further."""
        name, what = self.current_field_name, str(error.args[0])
        if isinstance(error, UndefinedMacro):
            message = f"no @string is called {what}; define it, or put braces around the text"
            if name:
                message = f"{name} = {what}: no @string is called so; write {name} = {{{what}}}"
            self.note("undefined-string", message, error.lineno)
            return
        rest = self.text[self.command_start :]
        if self.delimiter == '"' or (self.delimiter and rest.count("{") > rest.count("}") + 1):
            self.note_unclosed("at its end")
        elif isinstance(error, PrematureEOF):
            message = "the entry that begins here is not closed; put } behind its last field"
            self.note("missing-brace", message, self.entry.line)
        elif what.startswith("entry key"):
            self.note("missing-key", NO_KEY, error.lineno)
        else:
            shown = self.text[self.pos : self.pos + 40].strip().partition("\n")[0]
            message = f"{what} before {shown!r}; fix the braces, commas and quotes before it"
            self.note("syntax", message, error.lineno)
        self.pos, self.broken = self.end_pos, True
