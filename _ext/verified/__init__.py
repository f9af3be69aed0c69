"""What was compared with databases, and when: the file that says so, and what pages say of it.

``make verify`` writes ``verification.json``, whose schema is beside this file; a build asks nobody.
What was edited since counts as not compared.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from common.kept import as_json, read_kept, shaped
from common.text import capital, day_in_words, lies_ahead, parse_day

#: The name of the file, in the folder of the pages.
FILE = "verification.json"
SCHEMA = Path(__file__).parent / "verification.schema.json"
SCHEMA_VERSION = "1.0"
#: After this many days, half a year, a comparison is due again.
DUE_DAYS = 183
#: What databases say of a paper since it appeared; the worst last. Of the last three a reader is told.
NO_NOTICE, UNKNOWN, REINSTATED = "no notice found", "unknown", "reinstated"
NOTICES = ("corrected", "expression of concern", "retracted")
FOUND = (NO_NOTICE, UNKNOWN, REINSTATED, *NOTICES)


class Known(NamedTuple):
    """What databases say of a paper."""

    status: str  #: One of `FOUND`.
    date: str = ""  #: Of the notice, as 2026-01-31, 2026-01 or 2026.
    notice: str = ""  #: Its DOI.
    source: str = ""  #: Who says so.


class Figures(NamedTuple):
    """What was found of the figures of a record in the abstract of its paper."""

    record: str  #: The digest of the record, as it was.
    reviewed: str  #: The day on which the record had last been compared with its source.
    abstract: str  #: Whose abstract it was; empty when there was none.
    number: int  #: How many figures were looked for, and how many of them occur.
    found: int
    read: tuple[str, ...]  #: All figures of the record in their order, as they are compared.
    missing: tuple[str, ...] = ()  #: Those that the abstract lacks, as they are written.
    elsewhere: tuple[str, ...] = ()  #: Those that come from other sources, which the record names.

    @property
    def in_words(self) -> str:
        """Return how many of them occur in the abstract; never that it supports them."""
        if self.found < self.number:
            return f"{self.found} of {self.number} figures occur in the abstract"
        what = "its one figure occurs" if self.number == 1 else f"all {self.number} figures occur"
        return f"{what} in the abstract"


class Compared(NamedTuple):
    """What was compared of a reference."""

    date: str  #: As 2026-01-31.
    #: Those that had the paper; none had one without an identifier, of which only the figures are kept.
    databases: tuple[str, ...]
    identifiers: Mapping[str, str]  #: By which it was looked up.
    entry: str  #: The digest of its entry, as it was.
    differs: tuple[str, ...]  #: The fields in which a database says something else.
    known: Known
    figures: Figures | None = None  #: Of its record, if it has one.


@dataclass
class Ledger:
    """What was compared of each reference, by its key."""

    references: dict[str, Compared] = field(default_factory=dict)

    def notice(self, key: str, fields: Mapping[str, str]) -> Known | None:
        """Return the notice that databases found on the paper of *key*; None when they found none.

        *fields* are those of its entry: what was found for other identifiers is of another paper.
        """
        compared = self.references.get(key)
        if compared is None or compared.known.status not in NOTICES:
            return None
        told = compared.identifiers.items()
        same = all(fields.get(name, text).lower() == text.lower() for name, text in told)
        return compared.known if same else None

    def state(self, key: str, entry: str, record: str, today: dt.date) -> str:
        """Return "compared", "due", "changed" or "" of *key*, for the digests of its entry and *record*."""
        compared = self.references.get(key)
        day = parse_day(compared.date) if compared else None
        if compared is None or not compared.databases or day is None or lies_ahead(day):
            return ""
        figures = compared.figures
        if compared.entry != entry or (record and (figures is None or figures.record != record)):
            return "changed"
        return "due" if (today - day).days > DUE_DAYS else "compared"

    def words(self, key: str, entry: str, record: str, today: dt.date) -> str:
        """Return what a page says of the comparison of *key*, without a full stop."""
        state = self.state(key, entry, record, today)
        if not state:
            return "Not yet compared with databases"
        compared = self.references[key]
        with_whom = f"with {' and '.join(compared.databases)} on {day_in_words(compared.date)}"
        if state == "changed":
            return f"Edited since it was compared {with_whom}, and not yet compared again"
        figures = compared.figures
        parts = ["reference"]
        parts += ["status"] * (compared.known.status != UNKNOWN)
        parts += ["figures"] * bool(figures and figures.abstract and figures.number)
        what = " and ".join(filter(None, [", ".join(parts[:-1]), parts[-1]]))
        due = ", due again" * (state == "due")
        told = [f"{capital(what)} compared {with_whom}{due}"]
        if compared.differs:
            told.append(f"they differ in {', '.join(compared.differs)}")
        if figures and "figures" in parts:
            told.append(figures.in_words)
        return "; ".join(told)

    def as_json(self) -> str:
        """Return the file: keys and names in one order, each value on its own line."""
        references = dict(sorted(self.references.items()))
        data = {"$schema": SCHEMA.name, "schema_version": SCHEMA_VERSION, "references": references}
        return as_json(data)


def read_ledger(path: Path) -> Ledger:
    """Return the ledger in the file at *path*, an empty one without it.

    Raise `ValueError` in one line when it is another kind of file.
    """
    return read_kept(path, "make verify", ledger_in) if path.exists() else Ledger()


def ledger_in(data: Mapping[str, Any]) -> Ledger:
    """Return the ledger in the JSON *data*; raise `ValueError`, `KeyError` or `TypeError` for another shape."""
    found: dict[str, Compared] = shaped(dict[str, Compared], data["references"])
    days = (parse_day(one.date) for one in found.values())
    known = {one.known.status for one in found.values()} <= {*FOUND}
    if data["schema_version"] != SCHEMA_VERSION or not (known and all(days)):
        raise ValueError
    return Ledger(found)


def record_digest(parts: Iterable[str]) -> str:
    """Return what changes with the *parts* of a record that are compared, and not with their line ends."""
    content = repr([" ".join(part.split()) for part in parts])
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
