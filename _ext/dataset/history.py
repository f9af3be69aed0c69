"""What changed in the records from edition to edition: each field, before and after.

A build knows no history. A file of the site keeps the data of the last edition and the changes up to
it; ``make edition`` renews it. What differs between that edition and the pages is the newest change.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from common.kept import as_json, of, read_kept, shaped

Json = Mapping[str, Any]
ADDED, CHANGED, REMOVED = "Added", "Changed", "Removed"
#: Not a field of a paper to compare: its name, what goes with other fields, and what the address of
#: the site decides.
NO_FIELDS = frozenset({"key", "unknown", "prose", "address"})


class FieldChange(NamedTuple):
    """What a field said, and says."""

    name: str
    before: str
    after: str


class Difference(NamedTuple):
    """Something that happened to a paper or to its record."""

    date: str  #: A day, month or year as an ISO date, or "not known"; of an edition, a day.
    key: str
    label: str  #: Of its citations.
    what: str  #: What happened, in front of the paper; between editions one of the words above.
    fields: tuple[FieldChange, ...] = ()  #: What its record said and says, where that is known.


class History(NamedTuple):
    """The last edition, and what had changed up to it."""

    version: str = ""
    date: str = ""
    papers: tuple[Json, ...] = ()  #: The data of that edition.
    changes: tuple[Difference, ...] = ()  #: Newest first.

    def since(self, papers: Iterable[Json], date: str) -> list[Difference]:
        """Return what differs in *papers*, of the edition of *date*; nothing without an earlier one."""
        return list(differences(self.papers, papers, date)) if self.papers else []

    def as_json(self) -> str:
        """Return the history as a file that shows each change in its own line."""
        papers = tuple({k: v for k, v in paper.items() if k != "address"} for paper in self.papers)
        return as_json(self._replace(papers=papers))


def read_history(path: Path) -> History:
    """Return the history in the file at *path*; raise `ValueError` in one line when it holds none."""
    return read_kept(path, "make edition", history_in)


def history_in(data: Any) -> History:  # noqa: ANN401  whatever the file holds
    """Return the history in the JSON *data*; raise `TypeError` or `KeyError` for another shape."""
    history: History = shaped(History, data)
    for paper in history.papers:
        of(str, paper["key"])
    return history


def differences(before: Iterable[Json], after: Iterable[Json], date: str) -> Iterator[Difference]:
    """Yield the papers of which *before* and *after* tell something else, as of *date*."""
    then, now = ({paper["key"]: paper for paper in papers} for papers in (before, after))
    for key in now | then:
        old, new = then.get(key), now.get(key)
        label = str((new or old or {}).get("label", key))
        if old is None or new is None:
            yield Difference(date, key, label, REMOVED if new is None else ADDED)
        elif changed := tuple(changed_fields(old, new)):
            yield Difference(date, key, label, CHANGED, changed)


def changed_fields(old: Json, new: Json) -> Iterator[FieldChange]:
    """Yield the fields of a paper that *old* and *new* tell differently."""
    left, right = fields_of(old), fields_of(new)
    for place in right | left:
        one, two = left.get(place), right.get(place)
        if one != two:
            yield FieldChange(place[1], said(one), said(two))


def fields_of(paper: Json) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Return the value of each field and term of *paper*, and why it has none; prose is no option."""
    why = paper.get("unknown") or {}
    options = {
        ("option", name.replace("_", " ")): (value, why.get(name) if value is None else None)
        for name, value in paper.items()
        if name not in NO_FIELDS
    }
    return options | {
        ("prose", term): (text, None) for term, text in paper.get("prose", {}).items()
    }


def said(field: tuple[Any, Any] | None) -> str:
    """Return *field* in words: its value, or why it has none."""
    value, why = field or ("", None)
    return str(why or "") if value is None else in_words(value)


def in_words(value: object) -> str:
    """Return the JSON *value* in words; names of an object belong to it."""
    if isinstance(value, list | tuple):
        return "; ".join(map(in_words, value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {in_words(part)}" for name, part in value.items())
    return str(value)
