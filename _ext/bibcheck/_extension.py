"""Stop a build whose bibliography is wrong, and give it what was read when it is right.

After a build without findings nothing is looked at again until a ``.bib`` file or a rule changes.
"""

import hashlib
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinxcontrib.bibtex.bibfile import BibData, BibFile

from bibcheck.check import check
from bibcheck.domain import BibCheckDomain
from bibtex.entry import SourceEntry, as_bibliography
from common.store import EXTENSION, warn_of

#: The code that the check runs: a new rule is applied to files that were clean before it.
RULES = sorted(Path(__file__).parent.parent.rglob("*.py"))
#: The libraries that it rests on.
LIBRARIES = ("docutils", "latexcodec", "pybtex", "python-stdnum")


def check_bibfiles(app: Sphinx) -> None:
    """Warn of every finding, and stop when pybtex would lose something.

    Raises `SystemExit` after the warnings, with one line. A `SphinxError` would bury them: Sphinx
    prints its versions, a traceback and a request to report a bug of Sphinx behind each.
    """
    domain = BibCheckDomain.of(app.env)
    paths = [Path(app.confdir, name).resolve() for name in app.config.bibtex_bibfiles or []]
    times = [str(path.lstat().st_mtime_ns) for path in paths if path.exists()]
    state = "".join([fingerprint([*RULES, *paths]), *map(version, LIBRARIES), *times])
    if domain.data["clean"] == state:
        return
    root = Path(app.srcdir)
    bibfiles = {
        str(path.relative_to(root) if path.is_relative_to(root) else path): path for path in paths
    }
    report = check(bibfiles)
    warn_of(report.findings, "bib")
    if report.fatal:
        message = f"Not built, because references would be lost. Fix first: {report.fatal[0]}"
        raise SystemExit(message)
    domain.data["places"] = {entry.key: (entry.file, entry.line) for entry in report.entries}
    written = {entry.key: entry.source for entry in report.entries}
    domain.data["sources"] = {
        entry.key: "\n\n".join(filter(None, [entry.source, written.get(entry.whole)]))
        for entry in report.entries
    }
    domain.data["wholes"] = report.wholes
    domain.data["clean"] = "" if report.findings else state
    hand_over(app, report.entries, bibfiles)


def hand_over(app: Sphinx, entries: list[SourceEntry], bibfiles: Mapping[str, Path]) -> None:
    """Give sphinxcontrib-bibtex *entries*, read from *bibfiles*, as what it would read there.

    What was checked is what readers see, and no file is read twice.
    """
    files = {
        path: BibFile(path.lstat().st_mtime, {e.key: None for e in entries if e.file == name})
        for name, path in bibfiles.items()
    }
    data = BibData(app.config.bibtex_encoding, files, as_bibliography(entries))
    app.env.get_domain("cite").data["bibdata"] = data


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a hash of the names and the contents of *paths*; a missing file counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path}\n{len(content)}\n".encode(errors="surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def register(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinxcontrib.bibtex")  # it defines bibtex_bibfiles
    app.add_domain(BibCheckDomain)
    app.connect("builder-inited", check_bibfiles, priority=400)
    return EXTENSION | {"env_version": 3}
