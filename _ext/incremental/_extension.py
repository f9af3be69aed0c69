"""Remember what each page shows, compare it before writing, and fail again after a warning."""

import atexit
import gc
import logging
import posixpath
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION
from incremental import disk
from incremental.domain import IncrementalDomain, forget, remember, remembered, shown
from incremental.left_over import delete_what_is_left, drop_other_settings, files_of, page_of
from incremental.search_index import WholeIndex

#: The name under which the pages without a source are remembered; no page is called so.
GENERATED = ""


def pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Return the pages that link to one that has come or gone, that are damaged, or have a warning.

    MyST-Parser looks for the file while it reads a link, so writing the page again is not enough.
    What is said while a page is read has to be said in every build, whichever the builder.
    """
    domain, moved = IncrementalDomain.of(env), added | removed
    return [
        docname
        for docname, links in domain.links.items()
        if docname in domain.warned
        or disk.is_damaged(Path(app.doctreedir, f"{docname}.doctree"))
        or moved.intersection(linked_document(docname, target) for _, _, target, _ in links)
    ]


def linked_document(docname: str, target: str) -> str:
    """Return the document that *target*, a name or a path with a suffix, means on *docname*."""
    stem, suffix = posixpath.splitext(target.partition("#")[0])
    return docname_join(docname, stem) if suffix else stem


def listen(app: Sphinx, _docname: str, _source: list[str]) -> None:
    """Listen to what is said while pages are read, also in a process of its own, which has other handlers."""
    logging.getLogger("sphinx").addHandler(IncrementalDomain.of(app.env).listener)


def forget_before_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget what was on all pages that are about to be read.

    Sphinx forgets each page just before it is read again, and takes a label that has moved to an
    earlier page for a second one.
    """
    for docname in docnames:
        env.clear_doc(docname)


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Return the pages that show something else than when this builder wrote them.

    Until all of them are written, none counts as written.
    """
    domain, builder = IncrementalDomain.of(env), app.builder
    domain.now, domain.before = shown(app, env), remembered(app)
    if isinstance(builder, StandaloneHTMLBuilder) and builder.search:
        builder.indexer_format = index = WholeIndex(builder, domain.fresh)
        if not index.old:
            domain.before = {name: ("", files) for name, (_, files) in domain.before.items()}
    domain.written = {
        name: domain.before.get(name, ("", files_of(app, name))) for name in domain.now
    }
    remember(app, domain.before | domain.written)
    forget(app)
    return sorted(name for name, what in domain.now.items() if domain.written[name][0] != what)


def leave_the_rest_alone(app: Sphinx, env: BuildEnvironment) -> None:
    """Forget, for this build only, that Sphinx writes a toctree's page with each page below it.

    `contents` knows better; the environment has been saved by now.
    """
    env.files_to_rebuild = {}


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that *docname* is written in this build, and what belongs to it."""
    domain = IncrementalDomain.of(app.env)
    if doctree.get("source"):  # else a part of a page without one
        domain.fresh.add(docname)
        domain.written[docname] = (domain.now.get(docname, ""), files_of(app, docname, doctree))


def note_generated(
    app: Sphinx, pagename: str, _template: str, _context: object, doctree: object
) -> None:
    """Note that *pagename*, which has no source, is written in this build."""
    if doctree is None:
        files = IncrementalDomain.of(app.env).written.setdefault(GENERATED, ("", []))[1]
        files.append(page_of(app.builder, pagename))


def keep_what_was_written(app: Sphinx, exception: Exception | None) -> None:
    """Remember what the pages show; one that was left out keeps what it showed before.

    After a build that failed by a warning the next one writes every page, and fails again until the
    fault is fixed.
    """
    if exception is None:
        delete_what_is_left(app)
        remember(app, IncrementalDomain.of(app.env).written)
        # Sphinx 9.0 to 9.2 set the exit code only later.
        if app._fail_on_warnings and app._warncount:  # noqa: SLF001
            forget(app)


def setup(app: Sphinx) -> ExtensionMetadata:
    # What a build makes lives until its end: looking for garbage among it again and again, and once more
    # when the process ends, takes a sixth of a clean build and a quarter of one that writes nothing.
    gc.set_threshold(500_000, 50, 50)
    atexit.register(gc.freeze)
    disk.register(app)
    app.add_event("page-fingerprint")
    app.add_domain(IncrementalDomain)
    app.connect("env-get-outdated", pages_to_read)
    app.connect("env-before-read-docs", forget_before_reading)
    # After the handlers of other extensions, which may compute what they show.
    app.connect("env-updated", pages_to_write, priority=900)
    app.connect("env-check-consistency", leave_the_rest_alone)
    app.connect("write-started", drop_other_settings)
    app.connect("source-read", listen)
    app.connect("doctree-resolved", note_written)
    app.connect("html-page-context", note_generated)
    # EPUB is packed after this event, and before the build is finished.
    app.connect("html-collect-pages", delete_what_is_left)
    # Before others look at what was written, and may `forget` it.
    app.connect("build-finished", keep_what_was_written, priority=100)
    return EXTENSION | {"env_version": 5}
