"""Ask the web whether the links still lead somewhere: ``make linkcheck``.

Sphinx follows them and shows its progress; at the end each broken link has one line with the place
where it is written. Sphinx knows only the page that prints a reference, and not the line of its entry.
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from bibtex.entry import SourceEntry
from bibtex.reader import parse_bib_file

BIB = "references.bib"
RESULTS = Path("_build/linkcheck/output.json")
#: The fields of an entry that become links.
LINKED = ("url", "doi", "pmid", "pmcid")
#: How many hosts are asked whether there is a network, and how many seconds each has to answer.
ASKED, PATIENCE = 3, 5
HOST = re.compile(r"https?://[\w.-]+\w")


def main(folder: Path) -> int:
    """Check the links of the site in *folder*; return 1 if one is broken, or nobody can be asked."""
    asked = hosts(folder)
    if asked and not any(map(answers, asked)):
        names = ", ".join(asked)
        sys.stderr.write(f"No link is checked: there is no network, or none of {names} answers.\n")
        return 1
    results = folder / RESULTS
    results.unlink(missing_ok=True)
    command = (sys.executable, "-m", "sphinx", "-M", "linkcheck", ".", "_build")
    status = subprocess.run(command, cwd=folder, check=False).returncode
    if results.is_file():
        lines = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
        entries = parse_bib_file(folder / BIB, BIB).entries
        sys.stderr.writelines(f"{line}\n" for line in sorted(broken(lines, entries)))
    return 1 if status else 0


def hosts(folder: Path) -> list[str]:
    """Return the addresses of the hosts that the sources of the site name most often."""
    texts = [path.read_text("utf-8") for path in [*folder.glob("[a-z]*.md"), folder / BIB]]
    named = Counter(host for text in texts for host in HOST.findall(text))
    return [host for host, _number in named.most_common(ASKED)]


def answers(address: str) -> bool:
    """Return whether somebody answers at *address*, whatever the answer is."""
    request = urllib.request.Request(address, method="HEAD")  # noqa: S310  HOST allows the web only
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE):  # noqa: S310  the same
            return True
    except urllib.error.HTTPError:
        return True
    except (OSError, http.client.HTTPException):
        return False


def broken(results: list[dict[str, Any]], entries: list[SourceEntry]) -> Iterator[str]:
    """Yield a line for each link in *results*, as Sphinx wrote them, that leads nowhere."""
    for result in results:
        if result["status"] in {"broken", "timeout"}:
            place = f"{result['filename']}:{result['lineno']}"
            place = place_in_entries(result["uri"], entries) or place
            yield f"{place}: {result['status']}: {result['uri']} ({' '.join(result['info'].split())})"


def place_in_entries(uri: str, entries: list[SourceEntry]) -> str:
    """Return the file, the line and the key of the entry that *uri* is made from; empty without one."""
    address = unquote(uri).rstrip("/").casefold()
    for entry in entries:
        for name in LINKED:
            value = entry.value(name).rstrip("/").casefold()
            if value and (address == value or address.endswith(f"/{value}")):
                return f"{entry.file}:{entry.line_of(name)}: {entry.key}"
    return ""


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
