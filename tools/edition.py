"""Close an edition: keep its data, and what changed since the one before: ``make edition``.

The data are those of the site as it was just built. A change that is kept here stays on the page of
changes and in the feed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from check import read_conf
from dataset.history import History, read_history

SETTING = "evidence_edition"
BUILT = Path("_build/html/evidence.json")


def renewed(old: History, data: dict[str, Any]) -> History:
    """Return the history that ends with the edition in *data*, a file of all records."""
    version, date, papers = data["version"], data["date"], data["papers"]
    return History(version, date, tuple(papers), (*old.since(papers, date), *old.changes))


def main() -> int:
    """Renew the file in the present folder; return 1, with one line, when there is nothing to renew."""
    try:
        name = read_conf(Path()).get(SETTING, "")
        old = read_history(Path(name)) if name and Path(name).exists() else History()
        data = json.loads(BUILT.read_text("utf-8"))
    except OSError:
        sys.stderr.write(f"{BUILT} is missing: make html, and mend what it names\n")
        return 1
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if not name:
        sys.stderr.write(f"conf.py: {SETTING} names no file; write {SETTING} = 'edition.json'\n")
        return 1
    new = renewed(old, data)
    Path(name).write_text(new.as_json(), "utf-8")
    number = len(new.changes) - len(old.changes)
    sys.stdout.write(f"{name}: version {new.version}, {new.date}; papers that changed: {number}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
