"""Check BibTeX files, and citations and study records in pages: all that is wrong, in one run.

``python _ext/bib_check.py references.bib index.md ...`` prints each finding as
``references.bib:LINE: key: what is wrong; how to mend it`` and exits with 1; with nothing found
it lists what the entries declare unverified and exits with 0.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import bib_identifiers
import bib_rules
import bib_text
from bib_citations import citations, unknown_keys, unused_entries
from bib_finding import STRUCTURE, Finding
from bib_pieces import Pieces
from bib_source import Source, decode, read
from study_check import overdue, study_findings
from study_words import today

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bib_database import Read
    from bib_entry import Entry
    from bib_pieces import Piece

ENTRY_RULES = bib_rules.ENTRY_RULES + bib_text.ENTRY_RULES + bib_identifiers.ENTRY_RULES
FILE_RULES = bib_rules.FILE_RULES + bib_identifiers.FILE_RULES


class Unverified(NamedTuple):
    """A field that an entry declares unverified: no fault, but work that is left."""

    #: The path of the file, as it was given.
    file: str
    #: The line of the declaration.
    line: int
    #: The key of the entry.
    key: str
    #: The field, and why it is not verified.
    field: str
    why: str

    def __str__(self) -> str:
        """Return the declaration as one line."""
        return f"{self.file}:{self.line}: {self.key}: not verified: {self.field} ({self.why})"


@dataclass
class Report:
    """What was found in the files that were checked."""

    #: All entries, in the order of the files.
    entries: list[Entry]
    #: What has to be mended, by file and line.
    findings: list[Finding]
    #: What nobody has compared with its source for long: a warning, which stops no correction.
    overdue: list[Finding]
    #: The pieces of the files in which nothing has to be mended, by name.
    clean: dict[bytes, Piece]
    #: What pybtex reads from each file; None where that is not certain.
    read: list[Read | None]

    @property
    def unverified(self) -> list[Unverified]:
        """Return what the entries declare unverified."""
        return [
            Unverified(entry.file, entry.line_of("unverified"), entry.key, name, why)
            for entry in self.entries
            for name, why in bib_rules.unverified(entry)
        ]


def check(
    bibfiles: Mapping[str, Path],
    pages: Mapping[str, Path],
    known: Mapping[bytes, Piece] | None = None,
) -> Report:
    """Return everything that is wrong with *bibfiles* and with the citations in *pages*.

    Both give the path by the name that findings show. Without pages nothing is said about
    citations. *known* are the clean pieces of an earlier report, which are not looked at again.
    Nothing is raised, whatever the files hold.
    """
    known = known or {}
    pieces = Pieces(known)
    sources = [read(path, name, pieces) for name, path in bibfiles.items()]
    entries = [entry for source in sources for entry in source.entries]
    findings = [finding for source in sources for finding in source.findings]
    broken = {(finding.file, finding.key) for finding in findings if finding.kind in STRUCTURE}
    clean: dict[bytes, Piece] = {}
    for piece, placed in (part for source in sources for part in source.pieces):
        found = [] if piece.name in known else entry_findings(placed)
        if piece.name and piece.read and not piece.findings and not found:
            clean[piece.name] = piece
        # What a broken entry lacks stands in the file and could not be read.
        findings += (
            finding
            for finding in found
            if not (finding.kind == "missing-field" and (finding.file, finding.key) in broken)
        )
    for file_rule in FILE_RULES:
        findings += file_rule(entries)
    texts: dict[str, str] = {}
    if pages:
        for name, path in pages.items():
            try:
                page = Source(name)
                texts[name] = decode(page, path.read_bytes())
                # What would make Sphinx stop, and characters that end a line for some and not for all.
                findings += [finding for finding in page.findings if finding.kind == "encoding"]
            except OSError as error:
                message = f"cannot be read ({error.strerror}); mend the name or the rights"
                findings.append(Finding(name, 1, "", "missing-file", message))
        cited = [citation for name, text in texts.items() for citation in citations(name, text)]
        findings += unknown_keys(entries, cited)
        findings += unused_entries(entries, cited)
        findings += study_findings(entries, texts)
    reviews = sorted(overdue(texts, today()))
    read_by_pybtex = [source.read for source in sources]
    return Report(entries, sorted(set(findings)), reviews, clean, read_by_pybtex)


def entry_findings(entries: Iterable[Entry]) -> list[Finding]:
    """Return what is wrong with each of *entries* in itself."""
    return [finding for entry in entries for rule in ENTRY_RULES for finding in rule(entry)]


def as_json(report: Report) -> str:
    """Return the findings, then what is overdue and unverified, as a JSON list of objects."""
    objects = [finding._asdict() for finding in [*report.findings, *report.overdue]]
    objects += [
        {
            "file": item.file,
            "line": item.line,
            "key": item.key,
            "kind": "unverified",
            "message": f"not verified: {item.field} ({item.why})",
        }
        for item in report.unverified
    ]
    return json.dumps(objects, indent=1)


def as_text(report: Report) -> str:
    """Return one line for each finding, or a summary and what is unverified; and what is overdue."""
    late = [f"warning: {finding}" for finding in report.overdue]
    if report.findings:
        lines = [
            *late,
            *report.findings,
            f"{len(report.entries)} entries, {len(report.findings)} to mend",
        ]
    else:
        lines = [*report.unverified, *late, f"{len(report.entries)} entries, nothing found"]
    return "\n".join(map(str, lines))


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the files named in *arguments* and print the result; return the exit code."""
    parser = argparse.ArgumentParser(description="Check BibTeX files and citations of their keys.")
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="*.bib, and the *.md and *.rst pages that cite it"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    options = parser.parse_args(arguments)
    bibfiles = {name: Path(name) for name in options.files if name.endswith(".bib")}
    pages = {name: Path(name) for name in options.files if name not in bibfiles}
    if not bibfiles:
        parser.error("name at least one .bib file")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    report = check(bibfiles, pages)
    sys.stdout.write((as_json(report) if options.format == "json" else as_text(report)) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
