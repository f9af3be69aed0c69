"""The site in the present folder, as the commands that ask databases need it."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from check import read_conf
from common.settings import read_settings
from imprint.repository import repository
from imprint.site import Imprint
from verify.net import NoNetworkError
from verify.retraction_watch import RetractionWatch
from verify.services import Services
from verify.settings import Settings, in_environment, wrong_address
from verify.work import UnreadableError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from bibtex.entry import SourceEntry

#: Where answers are kept, so that a run that was stopped goes on where it was.
CACHE = Path("_build/verify")
#: Exit codes: something to fix, somebody could not be asked, and stopped by Ctrl-C.
FINDINGS, NOBODY, STOPPED = 1, 3, 130


def services_of(folder: Path) -> Services:
    """Return what asks the databases for the site in *folder*; raise `ValueError` in one line for a fault.

    They are told where its source is, as the foot of a page says it: without users and tokens.
    """
    conf = read_conf(folder)
    settings = in_environment(read_settings(Settings, "verify", conf), os.environ)
    known = repository(read_settings(Imprint, "imprint", conf).repository)
    home = known[0] if known and not wrong_address(known[0]) else ""
    return Services(settings, folder / CACHE, home=home)


def retractions_of(settings: Settings, entries: Sequence[SourceEntry]) -> RetractionWatch | None:
    """Return what the file of Retraction Watch has on *entries*; None without a file.

    Raise `ValueError` in one line when it is no such file.
    """
    if not settings.retraction_watch:
        return None
    path = Path(settings.retraction_watch)
    try:
        with path.open("rb") as file:
            dois = [entry.value("doi") for entry in entries]
            return RetractionWatch(file, dois, [entry.value("pmid") for entry in entries])
    except (OSError, UnreadableError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"conf.py: verify_retraction_watch: {path}: {reason}"
        raise ValueError(message) from error


def add_switch(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    """Add the option *name*, which is on unless its value is empty, 0 or no, as make hands it over."""

    def is_on(value: str) -> bool:
        return value.strip().lower() not in {"", "0", "no", "false"}

    parser.add_argument(name, nargs="?", const=True, default=False, type=is_on, help=what)


def finished(work: Callable[[], int], stopped: str) -> int:
    """Return the exit code of *work*; what stops it is one line, and for Ctrl-C that is *stopped*.

    What a terminal cannot show is printed as an escape: no answer of a database stops a command.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        return work()
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
    except OSError as error:
        sys.stderr.write(f"{error.filename}: {error.strerror}; nothing was written\n")
    except NoNetworkError as error:
        sys.stderr.write(f"{error}\n")
        return NOBODY
    except KeyboardInterrupt:
        sys.stderr.write("\n" * sys.stderr.isatty() + f"{stopped}\n")
        return STOPPED
    return FINDINGS
