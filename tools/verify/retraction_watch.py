"""What Retraction Watch knows of papers: its database as a CSV file, as Crossref publishes it.

The columns: Crossref, "Retraction Watch"; natures and dates: "Retraction Watch Database User Guide".
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from verify import notices
from verify.text import bare_doi, clean
from verify.work import RETRACTION_WATCH, Notice, UnreadableError, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The columns that are needed, in the order of `Row`.
COLUMNS = (
    *("Record ID", "Title", "RetractionDate", "RetractionDOI", "RetractionPubMedID"),
    *("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature"),
)
DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s.*)?", re.ASCII)
#: The longest field in the file is much shorter; a quote that is never closed ends there.
MAX_FIELD = 131_072


class Row(NamedTuple):
    """A row about a paper, or a notice, that was asked for; an identifier that is not given is empty."""

    record: str
    title: str
    date: str  #: As in `Notice`.
    notice_doi: str
    notice_pmid: str
    paper_doi: str
    paper_pmid: str
    kind: str  #: As in `Notice`.


class RetractionWatch:
    """The rows about some papers; the others are passed over while the file is read."""

    def __init__(self, file: BinaryIO, dois: Iterable[str], pmids: Iterable[str]) -> None:
        """Read the rows of *file*, which can be read twice, about papers with *dois* or *pmids*.

        Raise `UnreadableError` when it is not the database. A row that cannot be read is counted;
        a paper that it names is not answered for.
        """
        self.dois = {doi for value in dois if (doi := bare_doi(value))}
        self.pmids = {pmid for value in pmids if (pmid := _pmid(value))}
        #: How many rows there are, and how many of them could not be read.
        self.rows = self.bad = 0
        #: The line of the first that could not be read.
        self.first_bad = 0
        #: The day of the latest notice: how old the file is at least.
        self.latest = ""
        self._rows: list[Row] = []
        self._damaged: set[str] = set()
        limit = csv.field_size_limit(MAX_FIELD)
        try:
            self._read(file)
        finally:
            csv.field_size_limit(limit)

    def work(self, doi: str = "", pmid: str = "") -> Work:
        """Return what is known of the paper with *doi* or *pmid*, which must have been asked for.

        Raise `UnreadableError` when a row about it cannot be read, or when it has no identifier. It
        is a notice when it is the notice in one row and the paper in none: many publishers change
        the paper in its place, and then it is both.
        """
        doi, pmid = bare_doi(doi), _pmid(pmid)
        if (
            not doi + pmid
            or not {doi, ""} <= self.dois | {""}
            or not {pmid, ""} <= self.pmids | {""}
        ):
            message = "neither DOI nor PMID was looked for"
            raise UnreadableError(message)
        if damaged := {doi, pmid} & self._damaged:
            message = (
                f"a row about {min(damaged)} cannot be read, line {self.first_bad} or behind it"
            )
            raise UnreadableError(message)
        about = [row for row in self._rows if _is(doi, row.paper_doi) or _is(pmid, row.paper_pmid)]
        as_notice = [
            row for row in self._rows if _is(doi, row.notice_doi) or _is(pmid, row.notice_pmid)
        ]
        papers = [
            row.paper_doi or (row.paper_pmid and f"PMID {row.paper_pmid}") for row in as_notice
        ]
        return Work(
            RETRACTION_WATCH,
            title=about[0].title if about else "",
            doi=doi,
            pmid=pmid,
            notices=tuple(
                Notice(
                    row.kind, f"{RETRACTION_WATCH}, record {row.record}", row.date, row.notice_doi
                )
                for row in about
                if row.kind
            ),
            is_notice=bool(as_notice) and not about,
            notice_of=() if about else tuple(dict.fromkeys(filter(None, papers))),
        )

    def _read(self, file: BinaryIO) -> None:
        """Read *file*: UTF-8, with a mark before it or without, or UTF-16."""
        start = file.read(2)
        file.seek(0)
        encoding = "utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        lines = io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="")
        try:
            self._read_rows(_Lines(lines))
        except UnicodeError as error:
            message = f"no text in {encoding}"
            raise UnreadableError(message) from error
        finally:
            lines.detach()

    def _read_rows(self, lines: _Lines) -> None:
        """Read the rows in *lines*."""
        reader = csv.reader(lines)
        try:
            header = [name.strip() for name in next(reader, [])]
        except csv.Error as error:
            message = f"no CSV: {error}"
            raise UnreadableError(message) from error
        if missing := [name for name in COLUMNS if name not in header]:
            message = f"not the file of Retraction Watch: no column {', '.join(missing)}"
            raise UnreadableError(message)
        places = [header.index(name) for name in COLUMNS]
        sizes = {len(header), len([name for name in header if name])}
        while True:
            lines.taken.clear()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error:
                self._spoilt("".join(lines.taken), reader.line_num)
                continue
            if len(cells) in sizes:
                self._keep(cells, places)
            elif any(map(str.strip, cells)):
                self._spoilt("\n".join(cells), reader.line_num)
        self._rows.sort(key=lambda row: (row.date, row.record.zfill(9)))

    def _spoilt(self, text: str, line: int) -> None:
        """Count a row that cannot be read, and remember what it names."""
        self.rows += 1
        self.bad += 1
        self.first_bad = self.first_bad or line
        text = text.lower()
        self._damaged |= {doi for doi in self.dois if doi in text}
        self._damaged |= {
            pmid for pmid in self.pmids if re.search(rf"(?<![0-9]){pmid}(?![0-9])", text)
        }

    def _keep(self, cells: list[str], places: list[int]) -> None:
        """Keep the row with *cells* when it is about a paper that was asked for."""
        self.rows += 1
        record, title, date, notice_doi, notice_pmid, paper_doi, paper_pmid, nature = (
            cells[place] for place in places
        )
        day = _day(date)
        self.latest = max(self.latest, day)
        ids = (bare_doi(notice_doi), _pmid(notice_pmid), bare_doi(paper_doi), _pmid(paper_pmid))
        if self.dois.isdisjoint(ids[::2]) and self.pmids.isdisjoint(ids[1::2]):
            return
        title = title.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        number = clean(record, 20)
        self._rows.append(Row(number, clean(title, 2_000), day, *ids, notices.meaning(nature)))


class _Lines:
    """Lines of a file, and those that were taken for the row at hand."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines, self.taken = iter(lines), list[str]()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        """Return the next line."""
        line = next(self.lines)
        self.taken.append(line)
        return line


def _is(asked: str, given: str) -> bool:
    """Return whether the identifier *given* is the one that was *asked* for."""
    return bool(asked) and asked == given


def _pmid(text: str) -> str:
    """Return the PMID in *text*; empty for ``0``, which means that there is none."""
    match = re.fullmatch(r"\s*0*([1-9][0-9]{0,8})(?:\.0)?\s*", text, re.ASCII)
    return match[1] if match else ""


def _day(text: str) -> str:
    """Return the American date in *text*, 1/31/2026 0:00, as 2026-01-31; empty when it is none."""
    match = DATE.fullmatch(text.strip())
    if match is None or not (1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 31):  # noqa: PLR2004
        return ""
    return f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}"
