"""Install what requirements.txt names into a new environment: ``python tools/install.py .venv``.

A stamp is written last, so an install that was interrupted is repaired by the next run.
What goes wrong is said in one line where that is possible: pip's own words lead nowhere without a network.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

LOCK = "requirements.txt"
#: What pip says when it reaches nobody; its last line then is that there is no such package.
UNREACHED = re.compile(
    r"connection broken by|Max retries exceeded|Failed to connect|ConnectionError|timed out"
)
NO_NETWORK = (
    "Nothing is installed: the first run needs a network, and no package index can be reached.\n"
)


def main(folder: Path) -> int:
    """Install into *folder*, after saying so; return the exit status."""
    sys.stdout.write(
        f"Installing Sphinx and its extensions into {folder} (once, about a minute) ...\n"
    )
    sys.stdout.flush()
    try:
        problem = install(folder)
    except KeyboardInterrupt:
        problem = "Interrupted: the next run installs it all.\n"
    except (OSError, subprocess.CalledProcessError) as error:
        problem = f"Nothing is installed: {error}\n"
    if not problem:
        shutil.copyfile(LOCK, folder / "installed.txt")
    sys.stderr.write(problem)
    return 1 if problem else 0


def install(folder: Path) -> str:
    """Make the environment *folder* anew; return what went wrong, or an empty string."""
    if folder.is_symlink():  # what it leads to may be another's, and would be emptied
        return f"{folder} is a link to {folder.resolve()}: remove the link\n"
    venv.create(folder, clear=True, symlinks=True, with_pip=True)
    pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet"]
    done = subprocess.run(
        [*pip, "--disable-pip-version-check", "--require-hashes", "-r", LOCK],
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode == 0:
        return ""
    return NO_NETWORK if UNREACHED.search(done.stderr) else done.stderr or "pip failed.\n"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
