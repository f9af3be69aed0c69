"""What was compared with databases, and when: the file that says so, and what pages say of it.

A command writes the file; a build asks nobody. What was edited since counts as not compared.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from verified.ledger import FILE, Ledger, read_ledger

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


def ledger_of(env: BuildEnvironment) -> Ledger:
    """Return what was compared of the references of *env*; nothing when the file cannot be read."""
    path = Path(env.srcdir, FILE)
    return read_once(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=1)
def read_once(path: Path, _time: int) -> Ledger:
    """Return the ledger at *path*, as it is at a time."""
    try:
        return read_ledger(path)
    except ValueError:
        return Ledger()  # the build has said so


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the check of the file, and offer it beside the pages."""
    from verified._extension import register  # noqa: PLC0415  a command uses the file without Sphinx

    return register(app)
