"""The parsed bibliography, kept so that a build unpickles only the entries that it needs.

Nothing here knows this site: it would fit into sphinxcontrib-bibtex, which pickles its database
with the environment and so loads all of it again in every build.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pybtex.database import BibliographyData, Entry


class StoredEntry(NamedTuple):
    """An entry, pickled: a few thousand of them as objects would slow the garbage collector."""

    #: A digest of its content.
    digest: str
    pickled: bytes

    @property
    def entry(self) -> Entry:
        """Return the entry, a new object each time."""
        return pickle.loads(self.pickled)  # noqa: S301  our own, from the doctrees


def stored(entry: Entry) -> StoredEntry:
    """Return *entry*, pickled."""
    return StoredEntry(digest(entry), pickle.dumps(entry, pickle.HIGHEST_PROTOCOL))


class StoredEntries(Mapping[str, "Entry"]):
    """Stands in for the dictionary of entries of pybtex; keys ignore letter case."""

    def __init__(self, entries: Mapping[str, StoredEntry]) -> None:
        """Keep *entries*, by key."""
        self.stored = dict(entries)
        self._keys = {key.lower(): key for key in entries}

    def __getitem__(self, key: str) -> Entry:
        """Return the entry with *key*; raise `KeyError` when there is none."""
        return self.stored[self._keys[key.lower()]].entry

    def __contains__(self, key: object) -> bool:
        """Return whether there is an entry with *key*."""
        return isinstance(key, str) and key.lower() in self._keys

    def __iter__(self) -> Iterator[str]:
        """Iterate over the keys as they are written."""
        return iter(self.stored)

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self.stored)

    @property
    def digests(self) -> dict[str, str]:
        """Return a digest of the content of each entry, by its key."""
        return {key: found.digest for key, found in self.stored.items()}


class Read(NamedTuple):
    """What pybtex reads from a file or from a piece of one."""

    entries: dict[str, StoredEntry]
    preamble: list[str]


def joined(parts: Iterable[Read | None]) -> Read | None:
    """Return what is read from all *parts*, one after the other; None if that of one is None."""
    whole = Read({}, [])
    for part in parts:
        if part is None:
            return None
        whole.entries.update(part.entries)
        whole.preamble.extend(part.preamble)
    return whole


def stored_entries(data: BibliographyData) -> StoredEntries:
    """Return the entries of *data*, which from now on keeps them pickled."""
    if not isinstance(data.entries, StoredEntries):
        data.entries = StoredEntries({key: stored(entry) for key, entry in data.entries.items()})
    return data.entries


def digest(entry: Entry) -> str:
    """Return what changes with the type, the fields or the people of *entry*, and only then."""
    people = [(role, list(map(str, persons))) for role, persons in entry.persons.items()]
    content = repr((entry.type, list(entry.fields.items()), people))
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
