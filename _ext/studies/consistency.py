"""Compare the study records in the pages with the papers in the BibTeX files."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pybtex.database import Entry

from bibtex.entry import has_keyword
from common.findings import Finding
from studies.record import Record

#: The word among the `keywords` of an entry that says: this paper has a record.
ANNOTATED = "annotated"
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
    first: dict[str, str] = {}
    for file, record in found:
        beside = misplaced(record, entries, places, first.get(record.key))
        for line, message in [*record.problems, *beside]:
            yield Finding(file, line, record.key, "record", message)
        first.setdefault(record.key, f"{file}:{record.line}")
    for key, entry in entries.items():
        if key in first or key not in places:
            continue
        if has_keyword(entry, ANNOTATED):
            message = (
                f"the entry is marked as {ANNOTATED}, and no page has a record for it; "
                f"write ```{{study}} {key} in a page"
            )
            yield Finding(*places[key], key, "missing", message)
        if is_withdrawn(entry):
            message = (
                "the title says that the paper is withdrawn; delete it, or write a study record "
                "that says so"
            )
            yield Finding(*places[key], key, "missing", message)


def misplaced(
    record: Record,
    entries: Mapping[str, Entry],
    places: Mapping[str, tuple[str, int]],
    earlier: str | None,
) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with *record* beside its entry; *earlier* is where another record is."""
    if earlier:
        yield record.line, f"a record for this paper is in {earlier} already; delete one"
    if record.key not in entries or record.key not in places:
        return  # the key is unknown, which is a finding of its own
    entry, place = entries[record.key], "{}:{}".format(*places[record.key])
    if not has_keyword(entry, ANNOTATED):
        message = f"{place} is not marked as a paper; add keywords = {{{ANNOTATED}}} there"
        yield record.line, message
    if record["full-text"] == "free in PubMed Central" and "pmcid" not in entry.fields:
        message = "full-text says PubMed Central, and the .bib file gives no pmcid; fix one"
        yield record.line, message
    if not re.fullmatch(r"[12][0-9]{3}", entry.fields.get("year", "")):
        yield record.line, f"{place} has no year of four digits; add it there"
    if is_withdrawn(entry) and record["status"] != "retracted":
        message = "the title in the .bib file says that it is withdrawn; write :status: retracted"
        yield record.line, message


def is_withdrawn(entry: Entry) -> bool:
    """Return whether the title of *entry* says that the paper is withdrawn."""
    return bool(RETRACTED.match(re.sub(r"[{}]", "", entry.fields.get("title", ""))))
