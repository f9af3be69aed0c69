"""The parsed bibliography, kept so that a build that needs no entry does not load one.

Nothing here knows this site: it would fit into sphinxcontrib-bibtex, which pickles its database
with the environment and so loads it again in every build.
"""

from __future__ import annotations

import hashlib
import pickle
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pybtex.database import BibliographyData, Entry
    from sphinxcontrib.bibtex.bibfile import BibFile


class LazyBibData:
    """Stands in for `sphinxcontrib.bibtex.bibfile.BibData`; unpickles the entries on first use."""

    def __init__(
        self, encoding: str, bibfiles: dict[Path, BibFile], data: BibliographyData
    ) -> None:
        """Keep *data*, the entries of *bibfiles*, which were read with *encoding*."""
        self.encoding = encoding
        self.bibfiles = bibfiles
        self._data: BibliographyData | None = data
        self._pickled = pickle.dumps(data, pickle.HIGHEST_PROTOCOL)

    @property
    def data(self) -> BibliographyData:
        """Return the entries."""
        if self._data is None:
            self._data = pickle.loads(self._pickled)  # noqa: S301  our own, from the environment
        return self._data

    def __getstate__(self) -> dict[str, Any]:
        """Leave the entries out of the environment but for their pickled form."""
        return {**self.__dict__, "_data": None}


def digests(entries: Iterable[Entry]) -> dict[str, str]:
    """Return a digest of the content of each of *entries*, by its key."""
    return {entry.key: digest(entry) for entry in entries}


def digest(entry: Entry) -> str:
    """Return what changes with the type, the fields or the people of *entry*, and only then."""
    people = [(role, list(map(str, persons))) for role, persons in entry.persons.items()]
    content = repr((entry.type, list(entry.fields.items()), people))
    return hashlib.blake2b(content.encode(), digest_size=8).hexdigest()
