"""Compare the study records in the pages with the papers in the BibTeX files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pybtex.database import Entry

from bibtex.entry import ANNOTATED, has_keyword
from common.findings import Finding
from common.text import did_you_mean
from studies.record import Record
from studies.together import overlaps_of
from studies.vocabulary import IN_PMC

#: How publishers and PubMed mark the title of a paper that was withdrawn.
RETRACTED = re.compile(
    r"\W*(notice of )?(retracted|retraction|withdrawn)( \w+){0,2}\W*[:\]]\W*", re.IGNORECASE
)


class FoundRecord(NamedTuple):
    """A record, and the path of the page that holds it."""

    file: str
    record: Record


def study_findings(
    found: Iterable[FoundRecord],
    entries: Mapping[str, Entry],
    places: Mapping[str, tuple[str, int]],
) -> Iterator[Finding]:
    """Yield what is wrong with the records *found*, and which of *entries* lack one.

    An entry with the keyword ``annotated`` is a paper and needs one record; nothing else has one.
    *places* are the file and line of each entry by its key.
    """
    found = list(found)
    first: dict[str, str] = {}
    keys = {record.key for _, record in found}
    for file, record in found:
        key, faults = record.key, [*record.problems]
        for _, other in overlaps_of(record):
            if other == key or other not in keys:
                guess = did_you_mean(other, keys - {key})
                wrong = f"overlaps: no other paper with a record has the key {other!r}{guess}"
                faults.append((record.lines["overlaps"], wrong))
        if key in first:
            wrong = f"a record for this paper is in {first[key]} already; delete one"
            faults.append((record.line, wrong))
        if key in entries and key in places:  # an unknown key is a finding of its own
            place = "{}:{}".format(*places[key])
            faults += [(record.line, wrong) for wrong in misfits(record, entries[key], place)]
        yield from (Finding(file, line, key, "record", wrong) for line, wrong in faults)
        first.setdefault(key, f"{file}:{record.line}")
    for key, entry in entries.items():
        if key in places and key not in first:
            yield from (Finding(*places[key], key, "missing", words) for words in lacking(entry))


def misfits(record: Record, entry: Entry, place: str) -> Iterator[str]:
    """Yield what is wrong with *record* beside its *entry* at *place*."""
    if not has_keyword(entry, ANNOTATED):
        yield f"{place} is not marked as a paper; add keywords = {{{ANNOTATED}}} there"
    if record["full-text"] == IN_PMC and "pmcid" not in entry.fields:
        yield "full-text says PubMed Central, and the .bib file gives no pmcid; fix one"
    if not re.fullmatch(r"[12][0-9]{3}", entry.fields.get("year", "")):
        yield f"{place} has no year of four digits; add it there"
    if is_withdrawn(entry) and record["status"] != "retracted":
        yield "the title in the .bib file says that it is withdrawn; write :status: retracted"


def lacking(entry: Entry) -> Iterator[str]:
    """Yield why *entry*, which has no record, needs one."""
    if has_keyword(entry, ANNOTATED):
        yield (
            f"the entry is marked as {ANNOTATED}, and no page has a record for it; "
            f"write ```{{study}} {entry.key} in a page"
        )
    if is_withdrawn(entry):
        yield (
            "the title says that the paper is withdrawn; delete it, or write a study record "
            "that says so"
        )


def is_withdrawn(entry: Entry) -> bool:
    """Return whether the title of *entry* says that the paper is withdrawn."""
    return bool(RETRACTED.match(re.sub(r"[{}]", "", entry.fields.get("title", ""))))
