"""Check the bibliography, the citations and the study records: all that is wrong, in one run.

``make check`` prints each finding as ``references.bib:LINE: key: what is wrong; how to fix it`` and
exits with 1; with nothing found it says so in one line and exits with 0. ``make unverified`` lists
what the entries declare unverified.
It reads ``conf.py`` and the pages without Sphinx, with the functions that a build uses.
"""

from __future__ import annotations

import argparse
import io
import json
import re
import runpy
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bibcheck.check import Citation, Report, check, citation_findings, malformed_citation
from bibtex.reader import ParsedFile, read_text
from common.findings import Finding
from common.settings import read_settings
from common.text import parse_day, today
from content import SAFETY, content_findings, overdue_page
from lookup.words import Lookup
from markup import Source, markup_findings
from pages import Directive, Page, read_page
from studies.consistency import FoundRecord, study_findings
from studies.record import NESTED, STUDY, Record, parse_record, with_notice, with_problem
from studies.search import Search
from studies.together import parse_selection
from studies.vocabulary import Vocabulary, keyed
from verified import FILE, read_ledger

#: Directives that print the reference of a key.
PRINTING = frozenset({"reference", STUDY})
#: The beginnings of the names of citing roles.
CITING = frozenset({"cite", "footcite"})


@dataclass
class SiteReport(Report):
    """What was found in BibTeX files and in the pages that cite them."""

    #: What nobody has compared with its source for long: a warning, which stops no correction.
    overdue: list[Finding] = field(default_factory=list)
    #: The pages.
    sources: dict[str, Source] = field(default_factory=dict)
    #: The study records in them.
    records: list[FoundRecord] = field(default_factory=list)


def read_sources(pages: Mapping[str, Path], report: SiteReport) -> dict[str, Source]:
    """Return *pages* as they are written and read, and add to *report* what cannot be read."""
    sources = {}
    for name, path in pages.items():
        file = ParsedFile(name)
        text = read_text(path, file)
        folder = path.parents[len(Path(name).parts) - 1] if path.parents else Path()
        sources[name] = Source(name, text, read_page(text), folder)
        # What would make Sphinx stop, and characters that end a line for some and not for all.
        report.findings += [
            item for item in file.findings if item.kind in {"encoding", "missing-file"}
        ]
    return sources


def check_site(
    bibfiles: Mapping[str, Path], pages: Mapping[str, Path], vocabulary: Vocabulary
) -> SiteReport:
    """Return everything that is wrong with *bibfiles* and *pages*, paths by the name that findings show.

    Nothing is raised, whatever the files hold.
    """
    report = SiteReport(**vars(check(bibfiles)))
    report.sources = read_sources(pages, report)
    findings = [*report.findings]
    cited: list[Citation] = []
    for name, source in report.sources.items():
        page = source.page
        findings += [Finding(name, line, "", "refused", text) for line, text in page.faults]
        cited += citations(name, page)
        found = list(records(name, page, vocabulary))
        cited += figure_sources(found)
        findings += malformed(name, page)
        findings += counted(name, page, vocabulary)
        report.records += found
    broken = {finding.key for finding in report.fatal}
    entries = {entry.key: entry for entry in reversed(report.entries)}
    places = {key: (entry.file, entry.line) for key, entry in entries.items()}
    findings += (
        finding
        for finding in citation_findings(places, cited, report.wholes)
        if not (finding.kind == "unused-entry" and finding.key in broken)
    )
    findings += study_findings(report.records, entries, places)
    report.findings = sorted(set(findings))
    report.overdue = sorted(overdue(report.records))
    return report


def citations(file: str, page: Page) -> Iterator[Citation]:
    """Yield the citations in *page*, which is called *file*: roles, and directives that print references."""
    for directive in page.directives:
        if directive.name in PRINTING:
            yield Citation(file, directive.line, directive.argument)
    for role in page.roles:
        if role.name.partition(":")[0] in CITING and not malformed_citation(role.content):
            # sphinxcontrib-bibtex lets words be around a key: {see}key{p. 3}
            keys = re.sub(r"\{[^}]*\}", "", role.content)
            yield from (
                Citation(file, role.line, key.strip()) for key in keys.split(",") if key.strip()
            )


def figure_sources(found: Iterable[FoundRecord]) -> Iterator[Citation]:
    """Yield the sources that records name for their figures."""
    for file, record in found:
        for _, keys in keyed(record["figures"]):
            yield from (Citation(file, record.lines["figures"], key) for key in keys if key)


def malformed(file: str, page: Page) -> Iterator[Finding]:
    """Yield the citing roles of *page*, which is called *file*, that hold no list of keys."""
    for role in page.roles:
        wrong = malformed_citation(role.content) if role.name.partition(":")[0] in CITING else ""
        if wrong:
            yield Finding(file, role.line, "", "citation", wrong)


def counted(file: str, page: Page, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Yield roles that count papers and cannot, and days that are none."""
    for role in page.roles:
        if role.name == "due" and not parse_day(role.content):
            message = f"{role.content!r} is no day; write 2026-01-31"
            yield Finding(file, role.line, "", "day", message)
        found = parse_selection(role.content, vocabulary) if role.name == "studies" else None
        if isinstance(found, str):
            yield Finding(file, role.line, "", "selection", found)
    for directive in page.directives:
        if (directive.name, directive.argument) == ("evidence", "compared"):
            found = parse_selection(" ".join(directive.content), vocabulary)
            if isinstance(found, str):
                yield Finding(file, directive.line, "", "selection", found)
    for block in page.blocks:
        if "{studies}`" in block.source and block.kind.startswith("h"):
            message = "a heading cannot count papers; move the sentence out of it"
            yield Finding(file, block.line, "", "selection", message)


def records(file: str, page: Page, vocabulary: Vocabulary) -> Iterator[FoundRecord]:
    """Yield the study records of *page*, which is called *file*.

    One that another block has swallowed is left out: that block is what has to be closed.
    """
    open_blocks = [directive for directive in page.directives if directive.fence]
    for directive in page.directives:
        swallowed = any(block.line < directive.line <= block.end for block in open_blocks)
        if directive.name == STUDY and not swallowed:
            yield FoundRecord(file, record_of(directive, vocabulary))


def record_of(directive: Directive, vocabulary: Vocabulary) -> Record:
    """Return the record that *directive* holds."""
    record = parse_record(directive.argument, directive.line, directive.content, vocabulary)
    if directive.fence and not directive.nested:
        message = f"the record is not closed; write {directive.fence} below it"
        return with_problem(replace(record, problems=()), message)
    return with_problem(record, NESTED) if directive.nested else record


def overdue(found: Iterable[FoundRecord]) -> Iterator[Finding]:
    """Yield a finding for each record that was not reviewed for twelve months."""
    for file, record in found:
        if record.overdue(today()):
            day = record["reviewed"]
            message = f"last reviewed on {day}; compare it with its source and renew the day"
            yield Finding(file, record.line, record.key, "review", message)


def read_conf(folder: Path) -> dict[str, Any]:
    """Return the names in the ``conf.py`` of *folder*; raise `ValueError` when it cannot be run."""
    try:
        return runpy.run_path(str(folder / "conf.py"))
    except Exception as error:
        message = f"conf.py: {type(error).__name__}: {error}"
        raise ValueError(message) from error


def read_vocabulary(folder: Path) -> Vocabulary:
    """Return the settings of study records in *folder*; raise `ValueError` with one line for a fault."""
    return read_settings(Vocabulary, STUDY, read_conf(folder))


def check_folder(folder: Path) -> SiteReport:
    """Return what is wrong with the site in *folder*; raise `ValueError` for a fault in ``conf.py``."""
    settings = read_conf(folder)
    vocabulary = read_settings(Vocabulary, STUDY, settings)
    patterns = settings.get("include_patterns", ["**/*.md"])
    pages = sorted({path for pattern in patterns for path in folder.glob(pattern)})
    hidden = [
        path for path in pages if {part[0] for part in path.relative_to(folder).parts} & {".", "_"}
    ]
    report = check_site(
        {name: folder / name for name in settings.get("bibtex_bibfiles", [])},
        {str(path.relative_to(folder)): path for path in pages if path not in hidden},
        vocabulary,
    )
    keys = frozenset(found.record.key for found in report.records)
    if "index.md" in report.sources:
        report.findings += markup_findings(report.sources, keys)
        named = [name for source in report.sources.values() for _, name in source.page.targets]
        labels = {name.lower() for name in (*keys, *named)}
        report.findings += (
            Finding("conf.py", 1, "", "lookup", message)
            for message in read_settings(Lookup, "lookup", settings).leading_nowhere(labels)
        )
    report.findings += status_findings(report, folder)
    if settings.get("content_rules"):
        report.findings += content_findings(report.sources)
    report.findings = sorted(set(report.findings))
    search = read_settings(Search, "search", settings)
    if search.overdue(today()):
        message = f"the literature was to be searched again on {search.next}; search it, and renew the days"
        report.overdue.append(Finding("conf.py", 1, "", "search", message))
    if SAFETY in report.sources:
        report.overdue += overdue_page(report.sources[SAFETY])
    return report


def status_findings(report: SiteReport, folder: Path) -> Iterator[Finding]:
    """Yield the records that do not tell the notice that databases knew when they were last asked.

    A build shows it all the same, and goes on: a warning would keep it from readers.
    """
    try:
        ledger = read_ledger(folder / FILE)
    except ValueError as error:
        yield Finding(FILE, 1, "", "file", str(error).removeprefix(f"{FILE}: "))
        return
    fields = {entry.key: entry.fields for entry in report.entries}
    for file, record in report.records:
        known = ledger.notice(record.key, fields.get(record.key, {}))
        if with_notice(record, known) is not record and known:
            message = (
                f"status is {record['status']!r}, and {known.source}, knows: {known.status}; "
                f"write :status: {known.status}, and who said so in :status-source:"
            )
            yield Finding(
                file, record.lines.get("status", record.line), record.key, "status", message
            )


def as_json(report: SiteReport) -> str:
    """Return the findings, then what is overdue and unverified, as a JSON list of objects."""
    found = [*report.findings, *report.overdue, *report.unverified]
    return json.dumps([finding._asdict() for finding in found], indent=1)


def as_text(report: SiteReport) -> str:
    """Return one line for each finding, and one that counts; what is overdue stops nothing."""
    lines = [f"warning: {finding}" for finding in report.overdue]
    lines += map(str, report.findings)
    counted = f"{len(report.entries)} entries, {len(report.findings)} to fix"
    if not report.findings:
        counted = f"{len(report.entries)} entries, nothing found"
        if waiting := len(report.unverified):
            counted += f"; {waiting} facts are not verified (make unverified lists them)"
    return "\n".join([*lines, counted])


def main(arguments: Sequence[str] | None = None) -> int:
    """Check the site in the present folder and print the result; return the exit code."""
    parser = argparse.ArgumentParser(prog="make check", description="Check the site.")
    parser.add_argument("--format", choices=("text", "json", "unverified"), default="text")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        report = check_folder(Path())
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if options.format == "unverified":
        sys.stdout.writelines(f"{item}\n" for item in report.unverified)
        return 0
    sys.stdout.write((as_json(report) if options.format == "json" else as_text(report)) + "\n")
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
