"""Answers on disk: a run that was stopped asks only for what is missing.

Only whole answers with HTTP 200 come here, each in a file of its own that is there whole or not at all.
A file that was changed or cut short is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

#: What may go back to a service in the head of a request.
VALIDATOR = re.compile(r"[ -~]{1,200}")


class Kept(NamedTuple):
    """An answer that was kept."""

    data: bytes
    when: float  #: Seconds since 1970: when the service gave it, or last said that it still holds.
    etag: str = ""
    modified: str = ""  #: The value of ``Last-Modified``.

    def conditions(self) -> dict[str, str]:
        """Return the headers that ask only for what has changed since (RFC 9110, section 13.1)."""
        wanted = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in wanted.items() if VALIDATOR.fullmatch(value)}


class Cache:
    """Answers by their address in *folder*, which is made when the first is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, address: str) -> Path:
        """Return the file of the answer from *address*."""
        return self.folder / hashlib.sha256(address.encode()).hexdigest()

    def read(self, address: str) -> Kept | None:
        """Return the answer from *address*; None when none was kept, or it is not what was kept."""
        try:
            head, _newline, data = self.file(address).read_bytes().partition(b"\n")
            values = json.loads(head)
            if values.pop("digest") != digest(address, data):
                return None
            kept = Kept(data, **values)
            if not (kept.when >= 0 and {type(kept.etag), type(kept.modified)} == {str}):
                return None
        except (OSError, ValueError, TypeError, AttributeError, KeyError, RecursionError):
            return None
        return kept

    def keep(self, address: str, kept: Kept) -> None:
        """Keep the answer from *address*; where nothing can be written, nothing is kept."""
        values = kept._asdict() | {"digest": digest(address, kept.data)}
        del values["data"]
        with contextlib.suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, prefix="new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(json.dumps(values).encode() + b"\n" + kept.data)
                Path(name).replace(self.file(address))
            finally:
                Path(name).unlink(missing_ok=True)

    def forget(self, address: str) -> None:
        """Forget the answer from *address*."""
        with contextlib.suppress(OSError):
            self.file(address).unlink(missing_ok=True)


def digest(address: str, data: bytes) -> str:
    """Return what tells *data* from *address* from anything else."""
    return hashlib.sha256(address.encode() + b"\n" + data).hexdigest()
