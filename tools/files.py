"""Files of the site, replaced as a whole or not at all; what marks and links them stays."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def replace_all(texts: Mapping[Path, str]) -> None:
    """Write *texts* by path, all or none, with the line ends that they have, and keep modes and links.

    Raise `OSError`, which names the file, when that fails. The drafts have names that do not change:
    what a killed run leaves, the next one removes.
    """
    targets = {path: path.resolve() for path in texts}
    drafts = {path: target.with_name(f"{target.name}.new") for path, target in targets.items()}
    done: dict[Path, bytes] = {}
    try:
        for path, draft in drafts.items():
            with naming(path):
                refuse_read_only(path)
                draft.unlink(missing_ok=True)
                draft.write_text(texts[path], "utf-8", newline="")
                draft.chmod(stat.S_IMODE(path.stat().st_mode))
        old = {path: path.read_bytes() for path in texts}
        for path, draft in drafts.items():
            with naming(path):
                draft.replace(targets[path])
            done[path] = old[path]
    except BaseException:
        for path, content in done.items():
            path.write_bytes(content)
        raise
    finally:
        for draft in drafts.values():
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Make each `OSError` inside name *path*, the file that is to be written, and not its draft."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


def refuse_read_only(path: Path) -> None:
    """Raise `PermissionError` when *path* is marked as read-only, which no replacement heeds."""
    if not (path.stat().st_mode & stat.S_IWUSR and os.access(path, os.W_OK)):
        raise PermissionError(errno.EACCES, "the file is read-only", str(path))
