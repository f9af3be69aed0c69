"""Add a paper: its entry in references.bib and an empty study record in citations.md.

``make new-paper FILE=citation.nbib`` reads a citation that PubMed, a publisher or a reference
manager saved, ``DOI=...`` or ``PMID=...`` asks Crossref and PubMed for it. It writes both, and prints
what changed and what a person still has to fill in: what the check reports for the new key, and what
was not seen. When anything is wrong nothing is written, and the exit code is 1; it is 3 when a
database that may know of a retraction does not answer.
"""

from __future__ import annotations

import argparse
import difflib
import io
import sys
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

from bibcheck.check import FATAL, FILE_RULES
from bibcheck.fields import key_style
from bibtex.entry import ANNOTATED, SourceEntry, has_keyword
from bibtex.reader import ParsedFile, parse_bib, parse_bib_file
from check import check_folder, read_vocabulary
from common.text import today
from files import replace_all
from paper import CitationError, Paper
from paper_entry import entry_text, key_of
from paper_file import read_citation
from paper_record import inserted, insertion, sections, skeleton
from verify.fetch import fetched
from verify.here import NOBODY, STOPPED, retractions_of, services_of
from verify.net import NotAnsweredError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from common.findings import Finding
    from verify.retraction_watch import RetractionWatch

BIBFILE, PAGE = Path("references.bib"), Path("citations.md")
UNDO = f"git restore {BIBFILE} {PAGE}"


class Plan:
    """What is to be written; made before anything is written."""

    def __init__(self, paper: Paper, key: str, section: str) -> None:
        """Plan the addition of *paper* under *key*, or one made for it, to *section* of the page.

        An entry that lacks only its record, as a run that was killed leaves it, gets that.
        Raise `CitationError` when references.bib is broken, or holds the key or the paper already,
        when the key is none, and when there is no such section.
        """
        self.paper = paper
        bib = parse_bib_file(BIBFILE)
        if broken := structure(bib):
            message = f"fix this first: {broken[0]}"
            raise CitationError(message)
        try:
            self.old = {path: path.read_text("utf-8") for path in (BIBFILE, PAGE)}
        except UnicodeDecodeError as error:
            message = f"{PAGE} is not in UTF-8; fix this first"
            raise CitationError(message) from error
        old, page = self.old[BIBFILE].rstrip("\n"), self.old[PAGE]
        self.texts: dict[Path, str] = {}
        there = lacks_record(paper, key, bib.entries)
        self.is_new = there is None
        if there:
            self.key, self.entry, self.entry_line = there.key, "", there.line
        else:
            self.key = key or free_key(paper, bib.entries)
            refuse_key(self.key, bib.entries)
            self.entry = entry_text(self.key, paper, bib.entries)
            self.entry_line = old.count("\n") + 3
            self.texts[BIBFILE] = f"{old}\n\n{self.entry}"
        self.record = skeleton(self.key, paper, today(), read_vocabulary(Path()))
        self.sections = [] if section else sections(page)
        line, self.section = insertion(page, section)
        self.texts[PAGE] = inserted(page, self.record, line)
        before = self.texts[PAGE][: self.texts[PAGE].index(self.record)]
        self.record_line = before.count("\n") + 1

    def difference(self) -> list[str]:
        """Return the lines that it adds, as a unified diff."""
        return [
            line
            for path, text in self.texts.items()
            for line in difflib.unified_diff(
                self.old[path].splitlines(),
                text.splitlines(),
                str(path),
                str(path),
                lineterm="",
                n=1,
            )
        ]


def structure(source: ParsedFile) -> list[Finding]:
    """Return what would lose an entry of *source*."""
    return [finding for finding in source.findings if finding.kind in FATAL]


def free_key(paper: Paper, entries: Sequence[SourceEntry]) -> str:
    """Return a key made for *paper*; with a letter behind it where another DOI of *entries* has it."""
    key = key_of(paper)
    taken = {entry.key.lower(): entry for entry in entries}
    if key in taken and "doi" in paper.fields and taken[key].value("doi"):
        return next(key + letter for letter in ascii_lowercase[1:] if key + letter not in taken)
    return key


def refuse_key(key: str, entries: Sequence[SourceEntry]) -> None:
    """Raise `CitationError` when *key* is none, or one of *entries* has it."""
    for finding in key_style(SourceEntry(str(BIBFILE), "article", key, 1)):
        message = f"KEY={key}: {finding.message}"
        raise CitationError(message)
    for entry in entries:
        if entry.key.lower() == key:
            message = (
                f"{entry.file}:{entry.line} has the key {key} already; "
                "if that is another paper, add KEY=... to the command"
            )
            raise CitationError(message)


def lacks_record(paper: Paper, key: str, entries: Sequence[SourceEntry]) -> SourceEntry | None:
    """Return which of *entries* is *paper* and lacks only its record; None when none is *paper*.

    Raise `CitationError` when *paper* gives no entry, when it is there with its record or under
    another *key*, and when its entry is not marked as a paper.
    """
    source = parse_bib(entry_text("new", paper, entries), ParsedFile(str(BIBFILE)))
    if broken := structure(source):
        message = f"the entry would not be read: {broken[0].message}"
        raise CitationError(message)
    (new,) = source.entries
    new.key = ""  # whichever key it gets, the paper is the same
    for entry in entries:
        for finding in (finding for rule in FILE_RULES for finding in rule([entry, new])):
            lacks = has_keyword(entry, ANNOTATED) and any(
                other.key == entry.key and other.kind == "missing"
                for other in check_folder(Path()).findings
            )
            if lacks and key in {"", entry.key}:
                return entry
            message = (
                f"{BIBFILE} has the paper already: {finding.message}; if it has no study "
                "record, add keywords = {annotated} there and run this again without KEY="
            )
            raise CitationError(message)
    return None


def left_to_do(key: str) -> list[str]:
    """Return what the check reports for *key*, and what its entry declares unverified."""
    report = check_folder(Path())
    found = [str(finding) for finding in report.findings if finding.key == key]
    return found + [str(item) for item in report.unverified if item.key == key]


def summary(plan: Plan, *, written: bool) -> str:
    """Return what *plan* wrote, or would write, and what the citation says that needs a look."""
    paper = plan.paper
    where = f' in the section "{plan.section}"' if plan.section else ""
    entry = "the entry" if written else "would get the entry"
    if not plan.is_new:
        entry = "lacks only the record, so nothing else is written for the entry"
    lines = [
        f"{BIBFILE}:{plan.entry_line}: {entry} {plan.key}",
        f"{PAGE}:{plan.record_line}: {'its record' if written else 'would get its record'}{where}",
    ]
    if plan.section and plan.sections:
        names = ", ".join(f'"{name}"' for name in plan.sections)
        again = "undo this and add" if written else "add"
        lines.append(
            f'look: "{plan.section}" is where the record goes; for another section {again} '
            f"SECTION= with one of: {names}"
        )
    if claims := [
        name for name in ("design", "method", "status", "full-text") if f":{name}: " in plan.record
    ]:
        lines.append(
            f"look: {', '.join(claims)} of the record is what the citation says; compare it"
        )
    if paper.status:
        lines.append(f"ATTENTION: the citation says: {paper.status.upper()}; find the notice")
    lines += [f"look: {remark}" for remark in paper.remarks]
    if written:
        lines.append(f"to undo this, with all else in these files that is not committed: {UNDO}")
    return "\n".join(lines)


def asked_for(options: argparse.Namespace) -> Paper:
    """Return the paper with the DOI or PMID in *options*.

    Raise `CitationError` when no database has it or it was retracted, `NotAnsweredError` when one did
    not answer, and `ValueError` for a fault in the settings or in the file of Retraction Watch.
    """
    services = services_of(Path())

    def retractions(doi: str, pmid: str) -> RetractionWatch | None:
        entry = SourceEntry(str(BIBFILE), "article", "new", 1)
        for name, value in (("doi", doi), ("pmid", pmid)):
            entry.fields[name], entry.lines[name] = value, 1
        return retractions_of(services.settings, [entry])

    with services:
        return fetched(options.doi, options.pmid, services, retractions)


def tell(plan: Plan, *, written: bool, difference: bool) -> int:
    """Print what *plan* wrote, or would write, and what is left to do; return the exit code."""
    code, lines = 0, [summary(plan, written=written), ""]
    if written:
        lines += [*plan.difference(), ""] if difference else []
        lines += ["Still to do, and what `make check` says until it is done:", ""]
        try:
            lines += left_to_do(plan.key)
        except KeyboardInterrupt:
            lines.append("Stopped; the paper is written, and `make check` says the rest.")
            code = STOPPED
    else:
        lines += [plan.entry, plan.record]
    sys.stdout.write("\n".join(lines).rstrip("\n") + "\n")
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the paper named in *arguments*, or show what would be added; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="make new-paper",
        usage="make new-paper FILE=citation.nbib [KEY=name2024word] "
        '[SECTION="Case Reports"] [DRY=1], with DOI=10.1234/abc or PMID=12345678 instead of FILE',
        description="Add a paper from a saved citation: RIS, NBIB, BibTeX or CSL-JSON, or from databases.",
    )
    parser.add_argument("file", nargs="?", default="")
    parser.add_argument("--doi", default="")
    parser.add_argument("--pmid", default="")
    parser.add_argument("--key", default="")
    parser.add_argument("--section", default="")
    parser.add_argument("--dry", default="")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if bool(options.file) == bool(options.doi or options.pmid):
        parser.error(
            "name the file or a DOI or PMID, and not both"
            if options.file
            else "name the file, or a DOI or PMID"
        )
    path = Path(options.file).expanduser()
    try:
        paper = read_citation(path.read_bytes()) if options.file else asked_for(options)
        plan = Plan(paper, options.key.strip(), options.section.strip())
        if not options.dry:
            replace_all(plan.texts)
    except NotAnsweredError as error:
        sys.stderr.write(f"{error}; nothing was written\n")
        return NOBODY
    except ValueError as error:  # the settings
        sys.stderr.write(f"{error}; nothing was written\n")
        return 1
    except CitationError as error:
        place = path.name if options.file else options.doi.strip() or f"PMID={options.pmid.strip()}"
        place += f":{error.line}" if error.line else ""
        sys.stderr.write(f"{place}: {error}; nothing was written\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}; nothing was written\n")
        return 1
    except KeyboardInterrupt:  # what was begun is undone
        sys.stderr.write("\n" * sys.stderr.isatty() + "Stopped; nothing was written\n")
        return STOPPED
    return tell(plan, written=not options.dry, difference=not options.file)


if __name__ == "__main__":
    sys.exit(main())
