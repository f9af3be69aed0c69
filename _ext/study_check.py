"""Compare the study records in the pages with the papers in the BibTeX files."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from bib_finding import Finding
from study_record import Problem, Record, read

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from bib_entry import Entry

#: The word among the `keywords` of an entry that says: this paper has a record.
ANNOTATED = "annotated"
DIRECTIVE = re.compile(r"\{study\}\s+(\S+)\s*")
#: A line that looks like the beginning of a record.
BEGIN = re.compile(r"\s*(`{3,}|~{3,}|:{3,})\s*\{study\}", re.IGNORECASE)
#: How publishers and PubMed mark the title of a paper that was withdrawn.
RETRACTED = re.compile(
    r"\W*(notice of )?(retracted|retraction|withdrawn)( \w+){0,2}\W*[:\]]\W*", re.IGNORECASE
)


def records(text: str) -> list[Record]:
    """Return the study records in *text*, a page in Markdown."""
    found = []
    for token in MarkdownIt().parse(text) if "{study}" in text else []:
        match = DIRECTIVE.fullmatch(token.info.strip()) if token.type == "fence" else None
        if match and token.map:
            record = read(match[1], token.map[0] + 1, token.content.split("\n"))
            end = text.split("\n")[token.map[1] - 1] if text else ""
            if not end.strip().startswith(token.markup):
                problem = Problem(
                    record.line, f"the record is not closed; write {token.markup} below it"
                )
                record = replace(record, problems=(problem, *record.problems))
            found.append(record)
    return found


def not_read(text: str, lines: Iterable[int]) -> Iterator[int]:
    """Yield the lines of *text* that look like records, and are none of *lines* and no example."""
    code = [
        range(token.map[0] + 2, token.map[1] + 1)
        for token in MarkdownIt().parse(text)
        if token.type == "fence" and token.map and not token.info.strip().startswith("{")
    ]
    for number, line in enumerate(text.split("\n"), 1):
        if BEGIN.match(line) and number not in lines and not any(number in part for part in code):
            yield number


def study_findings(entries: Iterable[Entry], pages: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the records in *pages*, texts by name, and what they lack.

    An entry with the keyword ``annotated`` is a paper and needs one record; nothing else has one.
    """
    first: dict[str, str] = {}
    papers = {entry.key: entry for entry in entries}
    for name, text in pages.items():
        found = records(text) if "{study}" in text.lower() else []
        for record in found:
            entry = papers.get(record.key)
            place = f"{name}:{record.line}"
            beside = misplaced(record, entry, first.get(record.key))
            for line, message in [*record.problems, *beside]:
                yield Finding(name, line, record.key, "study-record", message)
            first.setdefault(record.key, place)
        lines = [record.line for record in found]
        for line in not_read(text, lines) if "{study}" in text.lower() else ():
            message = "this record is not read; write ```{study} key, in no other block"
            yield Finding(name, line, "", "study-record", message)
    for entry in papers.values():
        if is_annotated(entry) and entry.key not in first:
            message = (
                f"the entry is marked as {ANNOTATED}, and no page has a record for it; "
                f"write ```{{study}} {entry.key} in citations.md"
            )
            yield entry.finding("study-missing", message, "keywords")
        if is_withdrawn(entry) and entry.key not in first:
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
    if record["full-text"] == "free in PubMed Central" and "pmcid" not in entry.fields:
        yield (
            record.line,
            "full-text says PubMed Central, and the .bib file gives no pmcid; mend one",
        )
    if not re.fullmatch(r"[12][0-9]{3}", entry.value("year")):
        yield record.line, f"{entry.file}:{entry.line} has no year of four digits; add it there"
    if is_withdrawn(entry) and record["status"] != "retracted":
        yield (
            record.line,
            "the title in the .bib file says that it is withdrawn; write :status: retracted",
        )


def is_withdrawn(entry: Entry) -> bool:
    """Return whether the title of *entry* says that the paper is withdrawn."""
    return bool(RETRACTED.match(re.sub(r"[{}]", "", entry.value("title"))))


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
