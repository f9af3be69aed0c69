"""The site in the present folder, as the commands that ask databases need it."""

from __future__ import annotations

import os
from pathlib import Path

from check import read_conf
from common.settings import read_settings
from verify.settings import Settings, in_environment

#: Where answers are kept, so that a run that was stopped goes on where it was.
CACHE = Path("_build/verify")
#: Exit codes: something to fix, somebody could not be asked, and stopped by Ctrl-C.
FINDINGS, NOBODY, STOPPED = 1, 3, 130


def settings_of(folder: Path) -> Settings:
    """Return the settings ``verify_...`` of the site in *folder*; raise `ValueError` in one line for a fault."""
    given = read_settings(Settings, "verify", read_conf(folder))
    return in_environment(given, os.environ)
