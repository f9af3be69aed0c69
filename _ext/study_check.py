"""Compare the study records in the pages with the papers in the BibTeX files."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from bib_finding import Finding
from study_record import Record, read

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from bib_entry import Entry

#: The word among the `keywords` of an entry that says: this paper has a record.
ANNOTATED = "annotated"
DIRECTIVE = re.compile(r"\{study\}\s*(\S*)\s*")
#: How publishers and PubMed mark the title of a paper that was withdrawn.
RETRACTED = re.compile(r"\W*(retracted|retraction|withdrawn)\b.{0,10}:", re.IGNORECASE)


def records(text: str) -> list[Record]:
    """Return the study records in *text*, a page in Markdown."""
    tokens = MarkdownIt().parse(text) if "{study}" in text else []
    found = ((token, DIRECTIVE.fullmatch(token.info.strip())) for token in tokens)
    return [
        read(match[1], token.map[0] + 1, token.content.split("\n"))
        for token, match in found
        if match and token.type == "fence" and token.map
    ]


def study_findings(entries: Iterable[Entry], pages: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the records in *pages*, texts by name, and what they lack.

    An entry with the keyword ``annotated`` is a paper and needs one record; nothing else has one.
    """
    first: dict[str, str] = {}
    papers = {entry.key: entry for entry in entries}
    for name, text in pages.items():
        for record in records(text):
            entry = papers.get(record.key)
            place = f"{name}:{record.line}"
            beside = misplaced(record, entry, first.get(record.key))
            for line, message in [*record.problems, *beside]:
                yield Finding(name, line, record.key, "study-record", message)
            first.setdefault(record.key, place)
    for entry in papers.values():
        if is_annotated(entry) and entry.key not in first:
            message = (
                f"the entry is marked as {ANNOTATED}, and no page has a record for it; "
                f"write ```{{study}} {entry.key} in citations.md"
            )
            yield entry.finding("study-missing", message, "keywords")
        if RETRACTED.match(entry.value("title")) and entry.key not in first:
            message = (
                "the title says that the paper is withdrawn; delete it, or write a study record "
                "that says so"
            )
            yield entry.finding("study-missing", message, "title")


def misplaced(
    record: Record, entry: Entry | None, earlier: str | None
) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with *record* beside *entry*, its paper; *earlier* is where it stood before."""
    if earlier:
        yield record.line, f"a record for this paper stands in {earlier} already; delete one"
    if entry is None:
        return  # the key is unknown, which is a finding of its own
    if not is_annotated(entry):
        yield (
            record.line,
            f"{entry.file}:{entry.line} is not marked as a paper; add keywords = {{{ANNOTATED}}} there",
        )
    if RETRACTED.match(entry.value("title")) and record["status"] != "retracted":
        yield (
            record.line,
            "the title in the .bib file says that it is withdrawn; write :status: retracted",
        )


def is_annotated(entry: Entry) -> bool:
    """Return whether *entry* is a paper with a record."""
    return ANNOTATED in re.split(r"[,;\s]+", entry.value("keywords"))


def overdue(pages: Mapping[str, str], today: dt.date) -> Iterator[Finding]:
    """Yield a finding for each record in *pages* that was not reviewed for twelve months on *today*."""
    for name, text in pages.items():
        for record in records(text):
            if record.overdue(today):
                day = record["reviewed"]
                message = f"last reviewed on {day}; compare it with its source and renew the day"
                yield Finding(name, record.line, record.key, "study-review", message)
