"""The file ``verification.json``: for each reference what was compared with which databases, and when.

Its schema is beside this file. It is written by ``make verify`` and read by a build.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

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
IDENTIFIERS = ("doi", "pmid", "pmcid")


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

    def known(self, key: str, fields: Mapping[str, str]) -> Known | None:
        """Return what databases know of the status of *key*; None when they were not asked.

        *fields* are those of its entry: what was found for other identifiers is of another paper.
        """
        if (compared := self.references.get(key)) is None:
            return None
        told = compared.identifiers.items()
        same = all(fields.get(name, text).lower() == text.lower() for name, text in told)
        return compared.known if same else None

    def notice(self, key: str, fields: Mapping[str, str]) -> Known | None:
        """Return the notice that databases found on the paper of *key*; None when they found none."""
        known = self.known(key, fields)
        return known if known and known.status in NOTICES else None

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
        references = {
            key: {
                **one._asdict(),
                "known": one.known._asdict(),
                "figures": one.figures and one.figures._asdict(),
            }
            for key, one in sorted(self.references.items())
        }
        data = {"$schema": SCHEMA.name, "schema_version": SCHEMA_VERSION, "references": references}
        return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def read_ledger(path: Path) -> Ledger:
    """Return the ledger in the file at *path*, an empty one without it.

    Raise `ValueError` in one line when it is another kind of file.
    """
    if not path.exists():
        return Ledger()
    try:
        data = json.loads(path.read_text("utf-8"))
        if data["schema_version"] != SCHEMA_VERSION:
            raise KeyError  # noqa: TRY301  the same remedy
        return Ledger({key: read_compared(one) for key, one in data["references"].items()})
    except OSError as error:
        message = f"{path.name}: cannot be read ({error.strerror}); mend the rights of the file"
        raise ValueError(message) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        message = (
            f"{path.name}: is not as make verify writes it; take it from git again, or delete it"
        )
        raise ValueError(message) from error


def read_compared(data: Mapping[str, Any]) -> Compared:
    """Return what *data*, a value of the file, says; raise `TypeError` or `ValueError` for another shape."""
    found = data["figures"]
    figures = None
    if found is not None:
        record, reviewed, abstract = (text(found[name]) for name in Figures._fields[:3])
        number, occur = (count(found[name]) for name in Figures._fields[3:5])
        lists = (texts(found[name]) for name in Figures._fields[5:])
        figures = Figures(record, reviewed, abstract, number, occur, *lists)
    known = Known(*(text(data["known"][name]) for name in Known._fields))
    if known.status not in FOUND or parse_day(text(data["date"])) is None:
        raise ValueError
    return Compared(
        data["date"],
        texts(data["databases"]),
        {text(name): text(value) for name, value in data["identifiers"].items()},
        text(data["entry"]),
        texts(data["differs"]),
        known,
        figures,
    )


def text(value: object) -> str:
    """Return *value*, which is text; raise `TypeError` else."""
    if not isinstance(value, str):
        raise TypeError
    return value


def count(value: object) -> int:
    """Return *value*, which is a number; raise `TypeError` else."""
    if not isinstance(value, int):
        raise TypeError
    return value


def texts(value: object) -> tuple[str, ...]:
    """Return *value*, a list of texts; raise `TypeError` else."""
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(text, value))


def record_digest(parts: Iterable[str]) -> str:
    """Return what changes with the *parts* of a record that are compared, and not with their line ends."""
    content = repr([" ".join(part.split()) for part in parts])
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
