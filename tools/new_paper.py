"""Add a paper: its entry in references.bib and an empty study record in citations.md.

``make new-paper FILE=citation.nbib`` reads a citation that PubMed, a publisher or a reference
manager saved, writes both, and prints what a person still has to fill in: what the check reports
for the new key, and what was not seen. When anything is wrong nothing is written, and the exit
code is 1.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from bibcheck.check import FATAL, FILE_RULES
from bibcheck.fields import key_style
from bibtex.entry import SourceEntry
from bibtex.reader import ParsedFile, parse_bib, parse_bib_file
from check import check_folder, read_vocabulary
from common.text import today
from paper import CitationError, Paper
from paper_entry import entry_text, key_of
from paper_file import read_citation
from paper_record import inserted, insertion, skeleton

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from common.findings import Finding

BIBFILE, PAGE = Path("references.bib"), Path("citations.md")


class Plan:
    """What is to be written; made before anything is written."""

    def __init__(self, paper: Paper, key: str, section: str) -> None:
        """Plan the addition of *paper* under *key*, or one made for it, to *section* of the page.

        Raise `CitationError` when references.bib is broken, or holds the key or the paper already,
        when the key is none, and when there is no such section.
        """
        self.paper = paper
        bib = parse_bib_file(BIBFILE)
        if broken := structure(bib):
            message = f"fix this first: {broken[0]}"
            raise CitationError(message)
        self.key = key or key_of(paper)
        refuse_key(self.key, bib.entries)
        self.entry = entry_text(self.key, paper, bib.entries)
        try:
            old, page = BIBFILE.read_text("utf-8").rstrip("\n"), PAGE.read_text("utf-8")
        except UnicodeDecodeError as error:
            message = f"{PAGE} is not in UTF-8; fix this first"
            raise CitationError(message) from error
        self.bib = f"{old}\n\n{self.entry}"
        self.entry_line = old.count("\n") + 3
        refuse_paper(self.bib, self.key)
        self.record = skeleton(self.key, paper, today(), read_vocabulary(Path()))
        line, self.section = insertion(page, section)
        self.page = inserted(page, self.record, line)
        self.record_line = self.page[: self.page.index(self.record)].count("\n") + 1


def structure(source: ParsedFile) -> list[Finding]:
    """Return what would lose an entry of *source*."""
    return [finding for finding in source.findings if finding.kind in FATAL]


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


def refuse_paper(bib: str, key: str) -> None:
    """Raise `CitationError` when the last entry of *bib*, *key*, breaks it or is there twice."""
    source = parse_bib(bib, ParsedFile(str(BIBFILE)))
    if broken := structure(source):
        message = f"the entry would not be read: {broken[0].message}"
        raise CitationError(message)
    for rule in FILE_RULES:
        for finding in rule(source.entries):
            if finding.key == key:
                message = (
                    f"{BIBFILE} has the paper already: {finding.message}; if it has no study "
                    "record, add keywords = {annotated} there and write one"
                )
                raise CitationError(message)


def replace_all(texts: Mapping[Path, str]) -> None:
    """Write *texts* by path, all or none; raise `OSError` when that fails."""
    with contextlib.ExitStack() as stack:
        drafts = {}
        for path, text in texts.items():
            folder = stack.enter_context(tempfile.TemporaryDirectory(dir=path.parent))
            drafts[path] = Path(folder, path.name)
            drafts[path].write_text(text, "utf-8", newline="\n")
            drafts[path].chmod(path.stat().st_mode)
        old = {path: path.read_bytes() for path in texts}
        done = []
        try:
            for path, draft in drafts.items():
                draft.replace(path)
                done.append(path)
        except OSError:
            for path in done:
                path.write_bytes(old[path])
            raise


def left_to_do(key: str) -> list[str]:
    """Return what the check reports for *key*, and what its entry declares unverified."""
    report = check_folder(Path())
    found = [str(finding) for finding in report.findings if finding.key == key]
    return found + [str(item) for item in report.unverified if item.key == key]


def summary(plan: Plan, *, written: bool) -> str:
    """Return what *plan* wrote, or would write, and what the citation says that needs a look."""
    paper = plan.paper
    where = f' in the section "{plan.section}"' if plan.section else ""
    lines = [
        f"{BIBFILE}:{plan.entry_line}: {'the entry' if written else 'would get the entry'} {plan.key}",
        f"{PAGE}:{plan.record_line}: {'its record' if written else 'would get its record'}{where}",
    ]
    if claims := [
        name for name in ("design", "status", "full-text") if f":{name}: " in plan.record
    ]:
        lines.append(
            f"look: {', '.join(claims)} of the record is what the citation says; compare it"
        )
    if paper.status:
        lines.append(f"ATTENTION: the citation says: {paper.status.upper()}; find the notice")
    lines += [f"look: {remark}" for remark in paper.remarks]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Add the paper named in *arguments*, or show what would be added; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="make new-paper",
        usage='make new-paper FILE=citation.nbib [KEY=name2024word] [SECTION="Case Reports"] [DRY=1]',
        description="Add a paper from a saved citation: RIS, NBIB, BibTeX or CSL-JSON.",
    )
    parser.add_argument("file")
    parser.add_argument("--key", default="")
    parser.add_argument("--section", default="")
    parser.add_argument("--dry", default="")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    if not options.file:
        parser.error("name the file")
    path = Path(options.file).expanduser()
    try:
        plan = Plan(read_citation(path.read_bytes()), options.key.strip(), options.section.strip())
        if not options.dry:
            replace_all({BIBFILE: plan.bib, PAGE: plan.page})
    except ValueError as error:  # the settings
        sys.stderr.write(f"{error}; nothing was written\n")
        return 1
    except CitationError as error:
        place = f"{path.name}:{error.line}" if error.line else path.name
        sys.stderr.write(f"{place}: {error}; nothing was written\n")
        return 1
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}; nothing was written\n")
        return 1
    lines = [summary(plan, written=not options.dry), ""]
    if options.dry:
        lines += [plan.entry, plan.record]
    else:
        lines += ["Still to do, and what `make check` says until it is done:", ""]
        lines += left_to_do(plan.key)
    sys.stdout.write("\n".join(lines).rstrip("\n") + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
