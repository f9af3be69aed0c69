"""The site in the present folder, as the commands that ask databases need it."""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from check import read_conf
from common.settings import read_settings
from verify.settings import Settings, in_environment

if TYPE_CHECKING:
    import argparse

#: Where answers are kept, so that a run that was stopped goes on where it was.
CACHE = Path("_build/verify")
#: Exit codes: something to fix, somebody could not be asked, and stopped by Ctrl-C.
FINDINGS, NOBODY, STOPPED = 1, 3, 130


def settings_of(folder: Path) -> Settings:
    """Return the settings ``verify_...`` of the site in *folder*; raise `ValueError` in one line for a fault."""
    given = read_settings(Settings, "verify", read_conf(folder))
    return in_environment(given, os.environ)


def add_switch(parser: argparse.ArgumentParser, name: str, what: str) -> None:
    """Add the option *name*, which is on unless its value is empty, 0 or no, as make hands it over."""

    def is_on(value: str) -> bool:
        return value.strip().lower() not in {"", "0", "no", "false"}

    parser.add_argument(name, nargs="?", const=True, default=False, type=is_on, help=what)


def plain_output() -> None:
    """Print what a terminal cannot show as an escape, so that no answer of a database stops a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
