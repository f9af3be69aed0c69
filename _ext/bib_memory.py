"""Pieces of BibTeX files in which nothing was found, remembered from one build to the next."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from bib_pieces import Piece

#: The length of the digest with which the file begins.
SEAL = 16


class Memory(Mapping[bytes, "Piece"]):
    """The pieces that a file holds, by name; each is unpickled when it is asked for.

    A file that is broken, foreign, or from other rules holds nothing: it begins with a digest of
    the rules and of all that follows.
    """

    def __init__(self, path: Path, rules: str) -> None:
        """Open the file at *path*; *rules* change when its pieces might not be found clean again."""
        self.path = path
        self.rules = rules.encode()
        content = path.read_bytes() if path.is_file() else b""
        intact = content[:SEAL] == self.seal(content[SEAL:])
        self.pickled: dict[bytes, bytes] = pickle.loads(content[SEAL:]) if intact else {}  # noqa: S301  our own

    def __getitem__(self, name: bytes) -> Piece:
        """Return the piece with this *name*; raise `KeyError` when it is not known."""
        piece: Piece = pickle.loads(self.pickled[name])  # noqa: S301  our own, from the doctrees
        return piece

    def __contains__(self, name: object) -> bool:
        """Return whether the piece with this *name* is known."""
        return name in self.pickled

    def __iter__(self) -> Iterator[bytes]:
        """Iterate over the names."""
        return iter(self.pickled)

    def __len__(self) -> int:
        """Return the number of pieces."""
        return len(self.pickled)

    def keep(self, pieces: Mapping[bytes, Piece]) -> None:
        """Remember these *pieces* and no others."""
        if pieces.keys() != self.pickled.keys():
            self.pickled = {
                name: self.pickled.get(name) or pickle.dumps(piece, pickle.HIGHEST_PROTOCOL)
                for name, piece in pieces.items()
            }
            content = pickle.dumps(self.pickled, pickle.HIGHEST_PROTOCOL)
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(self.seal(content) + content)

    def seal(self, content: bytes) -> bytes:
        """Return a digest of the rules and *content*."""
        return hashlib.blake2b(self.rules + content, digest_size=SEAL).digest()
