"""Stop a build whose bibliography is wrong, before pybtex reads it.

After a build without findings nothing is looked at again until a ``.bib`` file or a rule changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bibcheck.check import check, unread
from bibcheck.domain import BibCheckDomain
from common.store import EXTENSION, warn_of

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata
    from sphinxcontrib.bibtex.domain import BibtexDomain

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
    state = fingerprint([*RULES, *paths]) + "".join(map(version, LIBRARIES))
    if domain.data["clean"] == state:
        return
    root = Path(app.srcdir)
    report = check(
        {str(path.relative_to(root) if path.is_relative_to(root) else path): path for path in paths}
    )
    warn_of(report.findings, "bib")
    if report.fatal:
        message = f"Not built, because references would be lost. Fix first: {report.fatal[0]}"
        raise SystemExit(message)
    domain.data["places"] = {entry.key: (entry.file, entry.line) for entry in report.entries}
    domain.data["clean"] = "" if report.findings else state
    domain.report = report


def check_what_was_read(app: Sphinx) -> None:
    """Stop when sphinxcontrib-bibtex has read fewer entries than are written."""
    report = BibCheckDomain.of(app.env).report
    bibdata = cast("BibtexDomain", app.env.get_domain("cite")).bibdata
    lost = list(unread(bibdata.data.entries, report.entries)) if report else []
    warn_of(lost, "bib")
    if lost:
        message = f"Not built, because references would be lost. Fix first: {lost[0]}"
        raise SystemExit(message)


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
    app.connect("builder-inited", check_what_was_read, priority=501)
    return EXTENSION | {"env_version": 1}
