"""All that is wrong with BibTeX files, and with citations of their entries, in one run."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from bibcheck import fields, identifiers, text
from bibcheck.people import people
from bibtex.entry import SourceEntry, declarations, inherit, unverified
from bibtex.reader import parse_bib_file, strings
from common.findings import Finding
from common.text import did_you_mean

#: Findings after which pybtex stops, or gives fewer entries, fields or names than were written.
FATAL = frozenset(
    {"missing-file", "encoding", "missing-brace", "extra-brace", "missing-comma", "missing-key"}
    | {"unterminated-quote", "undefined-string", "repeated-field", "syntax"}
    | {"duplicate-key", "author-separator", "tex-error"}
)
#: Findings of rules that stay whatever an entry says: the reference could not be built.
NEVER_ACCEPTED = frozenset({"duplicate-key", "tex-error"})
EntryRule = Callable[[SourceEntry], Iterator[Finding]]
ENTRY_RULES: tuple[EntryRule, ...] = (
    *(fields.key_style, fields.unknown_type, fields.missing_field, fields.unknown_field),
    *(fields.field_value, fields.declared_unverified, people),
    *(text.characters, text.signs, text.raw_tex, text.unprotected_capitals),
    *(text.pages, text.volume, text.year, text.urldate),
    *(identifiers.doi, identifiers.numbers, identifiers.check_digits, identifiers.url),
)
FILE_RULES = (fields.duplicate_key, fields.duplicate_title, identifiers.duplicate_identifier)


class Citation(NamedTuple):
    """A key in a page."""

    file: str  #: The path of the page, as it was given.
    line: int  #: From 1.
    key: str  #: As written.


@dataclass
class Report:
    """What was found in BibTeX files."""

    entries: list[SourceEntry] = field(default_factory=list)  #: In the order of the files.
    findings: list[Finding] = field(
        default_factory=list
    )  #: What has to be fixed, by file and line.

    @property
    def fatal(self) -> list[Finding]:
        """Return the findings after which a reference would be lost."""
        return [finding for finding in self.findings if finding.kind in FATAL]

    @property
    def wholes(self) -> set[str]:
        """Return the keys of entries that others inherit from."""
        return {entry.whole for entry in self.entries} - {""}

    @property
    def unverified(self) -> list[Finding]:
        """Return each field that an entry declares unverified: no fault, but work that is left."""
        return [
            entry.finding("unverified", f"not verified: {name} ({why})", "unverified")
            for entry in self.entries
            for name, why in unverified(entry).items()
        ]


def check(bibfiles: Mapping[str, Path]) -> Report:
    """Return everything that is wrong with *bibfiles*, paths by the name that findings show.

    Nothing is raised, whatever the files hold.
    """
    report, known = Report(), strings()
    for name, path in bibfiles.items():
        parsed = parse_bib_file(path, name, known)
        report.entries += parsed.entries
        report.findings += parsed.findings
    inherit(report.entries)
    broken = {(finding.file, finding.key) for finding in report.fatal}
    findings = [
        finding
        for entry in report.entries
        for rule in ENTRY_RULES
        for finding in rule(entry)
        # What a broken entry lacks is in the file and could not be read.
        if not (finding.kind == "missing-field" and (finding.file, finding.key) in broken)
    ]
    for file_rule in FILE_RULES:
        findings += file_rule(report.entries)
    report.findings = sorted({*report.findings, *without_accepted(findings, report.entries)})
    return report


#: How what is accepted begins that only a database can say, as "verify-year".
DATABASE = "verify-"


def without_accepted(
    findings: Iterable[Finding], entries: Iterable[SourceEntry]
) -> Iterator[Finding]:
    """Yield *findings* but for those that their entry accepts, and what is accepted for nothing."""
    accepted = {
        (entry.file, entry.key, kind): (entry, why)
        for entry in entries
        for kind, why in declarations(entry.value("accepted"))
    }
    used = set()
    for finding in findings:
        place = (finding.file, finding.key, finding.kind)
        if place in accepted and finding.kind not in NEVER_ACCEPTED:
            used.add(place)
        else:
            yield finding
    for place, (entry, why) in accepted.items():
        if not why:
            message = f"{place[-1]!r} is not a pair 'kind: why'; say what is right, and why"
            yield entry.finding("accepted", message, "accepted")
        elif place not in used and not place[-1].startswith(DATABASE):
            message = f"nothing of the kind {place[-1]} is there to accept; delete it"
            yield entry.finding("accepted", message, "accepted")


#: What a citing role may hold: keys with commas between them, each with words around it in braces.
CITED = re.compile(r"{0}(,{0})*".format(r"\s*(\{[^{}]+\}\s*)?[^{}\s,]+\s*(\{[^{}]+\}\s*)?"))


def malformed_citation(text: str) -> str:
    """Return what is wrong with *text*, the content of a citing role; empty when nothing is."""
    if CITED.fullmatch(text):
        return ""
    return f'{text!r} is no list of keys; write "key", or "key,other" with one comma between two'


def citation_findings(
    places: Mapping[str, tuple[str, int]], cited: Iterable[Citation], wholes: AbstractSet[str]
) -> Iterator[Finding]:
    """Yield citations of a key that is not in *places*, and entries that nothing cites.

    *places* are the file and line of each entry by its key; letter case counts, as in a build.
    *wholes* are the keys that other entries inherit from.
    """
    cited = list(cited)
    for citation in cited:
        if citation.key not in places:
            guess = did_you_mean(citation.key, places) or "; add the entry or fix the key"
            message = f"no entry has this key{guess}"
            yield Finding(citation.file, citation.line, citation.key, "unknown-key", message)
    for key in places.keys() - wholes - {citation.key for citation in cited}:
        message = "no page cites this entry; cite it or delete it"
        yield Finding(*places[key], key, "unused-entry", message)
