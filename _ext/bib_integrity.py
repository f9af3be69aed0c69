"""Stop a build whose bibliography is wrong, before pybtex reads it.

`bib_check` finds what is wrong; this extension hands each finding to Sphinx as a warning of type
``bib`` and subtype ``<kind>``, at its file and line. After a build without findings nothing is
looked at again until a .bib file, a page or a rule changes, and then only what has changed.
sphinxcontrib-bibtex gets what was read and need not parse it again.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pybtex.database import BibliographyData
from sphinx.project import Project
from sphinx.util import logging
from sphinxcontrib.bibtex.bibfile import BibData, BibFile, get_mtime, is_bibdata_outdated

from bib_check import check
from bib_database import StoredEntries, joined
from bib_finding import STRUCTURE
from bib_memory import Memory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from bib_database import Read

logger = logging.getLogger(__name__)

STAMP = "bib-integrity"
#: The code of the check: a new rule is applied to files that were clean before it.
RULES = sorted(Path(__file__).parent.glob("*.py"))
#: The libraries that it rests on.
LIBRARIES = ("docutils", "latexcodec", "pybtex")
#: The encoding that the check expects, in the words of sphinxcontrib-bibtex.
ENCODING = "utf-8-sig"


def report_findings(app: Sphinx) -> None:
    """Warn of every finding, and stop when pybtex would lose something.

    Raises `SystemExit` after the warnings, with one line. A `SphinxError` would bury them: Sphinx
    9.0 prints its versions, a traceback and a request to report a bug of Sphinx behind each.
    """
    bibfiles = [Path(app.confdir, name).resolve() for name in app.config.bibtex_bibfiles or []]
    pages = page_files(app)
    stamp = Path(app.doctreedir) / STAMP
    rules = fingerprint(RULES) + "".join(map(version, LIBRARIES))
    state = rules + fingerprint([*bibfiles, *pages])
    if stamp.is_file() and stamp.read_text() == state and not is_outdated(app, bibfiles):
        return
    stamp.unlink(missing_ok=True)
    memory = Memory(stamp.with_suffix(".pickle"), rules)
    mtimes = {path: get_mtime(path) for path in bibfiles}
    root = Path(app.srcdir)
    report = check(named(mtimes, root), named(pages, root), memory)
    memory.keep(report.clean)
    for finding in report.findings:
        key = f"{finding.key}: " if finding.key else ""
        logger.warning(
            "%s%s",
            key,
            finding.message,
            location=f"{finding.file}:{finding.line}",
            type="bib",
            subtype=finding.kind,
        )
    if broken := [finding for finding in report.findings if finding.kind in STRUCTURE]:
        message = f"Not built, because references would be lost. Mend first: {broken[0]}"
        raise SystemExit(message)
    if app.config.bibtex_encoding == ENCODING and (bibdata := parsed(mtimes, report.read)):
        app.env.domaindata["cite"]["bibdata"] = bibdata
    if not report.findings:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(state)


def is_outdated(app: Sphinx, bibfiles: list[Path]) -> bool:
    """Return whether sphinxcontrib-bibtex would parse *bibfiles* again."""
    bibdata = app.env.domaindata["cite"]["bibdata"]
    return is_bibdata_outdated(bibdata, bibfiles, app.config.bibtex_encoding)


def parsed(mtimes: Mapping[Path, float], read: list[Read | None]) -> BibData | None:
    """Return what sphinxcontrib-bibtex would parse from files in which all keys differ.

    *mtimes* says when each file was last changed, and *read* what it holds; None if that is not
    certain of one of them.
    """
    if (whole := joined(read)) is None:
        return None
    data = BibliographyData(preamble=whole.preamble)
    data.entries = StoredEntries(whole.entries)
    bibfiles = {
        path: BibFile(mtime, dict.fromkeys(part.entries if part else ()))
        for (path, mtime), part in zip(mtimes.items(), read, strict=True)
    }
    return BibData(ENCODING, bibfiles, data)


def page_files(app: Sphinx) -> list[Path]:
    """Return the pages that this build will read; Sphinx itself looks for them only later."""
    project = Project(app.srcdir, app.config.source_suffix)
    excluded = [*app.config.exclude_patterns, *app.config.templates_path]
    excluded += app.builder.get_asset_paths()
    names = project.discover(excluded, app.config.include_patterns)
    return [Path(project.doc2path(name, absolute=True)) for name in sorted(names)]


def named(paths: Iterable[Path], root: Path) -> dict[str, Path]:
    """Return *paths* by the name that a finding shows: relative to *root*, where they lie in it."""
    return {
        str(path.relative_to(root) if path.is_relative_to(root) else path): path for path in paths
    }


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a hash of the names and the contents of *paths*; a missing file counts as empty."""
    digest = hashlib.sha256()
    for path in paths:
        content = path.read_bytes() if path.is_file() else b""
        digest.update(f"{path}\n{len(content)}\n".encode(errors="surrogateescape"))
        digest.update(content)
    return digest.hexdigest()


def setup(app: Sphinx) -> ExtensionMetadata:
    """Connect the check."""
    app.setup_extension("sphinxcontrib.bibtex")  # it defines bibtex_bibfiles
    # Before 500, when sphinxcontrib.bibtex parses the files.
    app.connect("builder-inited", report_findings, priority=400)
    return {
        "version": "1.0.0",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
