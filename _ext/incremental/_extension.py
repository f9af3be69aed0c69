"""Remember what each page shows, compare it before writing, and fail again after a warning."""

import hashlib
import json
import posixpath
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION, PageStore

#: The file that says that a warning failed the last build with these doctrees.
WARNED = "warned"
#: What a link says of its target.
LINK = ("refdomain", "reftype", "reftarget", "reftargetid")


class IncrementalDomain(PageStore):
    """The cross-references of each page, remembered while it is read."""

    name = "incremental"
    label = "Cross-references of each page"
    initial_data: ClassVar[dict[str, Any]] = {"links": {}}
    by_page = ("links",)
    #: The links of each page, but citations: domain, type, target and anchor.
    links: dict[str, list[tuple[str, ...]]]

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: What the pages show now, and what they showed when they were written.
        self.now: dict[str, str] = {}
        self.written: dict[str, str] = {}

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        self.links[docname] = sorted(
            {
                tuple(str(xref.get(name)) for name in LINK)
                for xref in document.findall(addnodes.pending_xref)
                if xref.get("refdomain") != "cite"
            }
        )


def digest(*parts: object) -> str:
    """Return a short digest of *parts*."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def stamp(app: Sphinx) -> Path:
    """Return the file that remembers what the pages of this builder show.

    One for each output folder, because builders share doctrees and not pages; beside the
    doctrees, because EPUB packs whatever lies in its output folder.
    """
    return Path(app.doctreedir) / f"pages-{digest(app.builder.name, str(app.outdir))}.json"


def forget(app: Sphinx) -> None:
    """Have every page of this builder written again, and checked again, by the next build."""
    stamp(app).unlink(missing_ok=True)


def contents(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """Return what the toctrees on *docname* show: the headings of the pages below it."""
    below: dict[str, str] = {}
    waiting = list(env.toctree_includes.get(docname, ()))
    while waiting:
        name = waiting.pop()
        if name not in below and name in env.tocs:
            below[name] = str(env.tocs[name])
            waiting += env.toctree_includes.get(name, ())
    return below


def targets(env: BuildEnvironment, docname: str) -> Iterator[object]:
    """Yield what the links of *docname* lead to, as far as their text and address depend on it.

    Followed are links to pages and to labels, of Sphinx and of MyST-Parser; a site that documents
    code would have to add the objects of its domains.
    """
    standard = env.domains.standard_domain
    for link in IncrementalDomain.of(env).links.get(docname, ()):
        _, _, target, anchor = link
        page = env.titles.get(target.lstrip("/"))
        # What MyST-Parser makes of headings (myst_heading_anchors); it has no other way to ask for it.
        slugs = env.metadata.get(target, {}).get("myst_slugs", {})
        yield link, page.astext() if page else None, slugs.get(anchor)
        for name in (target.lower(), anchor):
            yield standard.labels.get(name), standard.anonlabels.get(name)


def shown(app: Sphinx, env: BuildEnvironment) -> dict[str, str]:
    """Return a digest of what each page shows beside its own source."""
    navigation, relations = "", {}
    if app.builder.format == "html":
        titles = sorted((docname, title.astext()) for docname, title in env.titles.items())
        navigation = digest(titles, sorted(env.toctree_includes.items()), env.config.root_doc)
        relations = env.collect_relations()
    return {
        docname: digest(
            navigation,
            relations.get(docname),
            contents(env, docname),
            list(targets(env, docname)),
            app.emit("page-fingerprint", env, docname),
        )
        for docname in env.found_docs
    }


def pages_to_read(
    app: Sphinx, env: BuildEnvironment, added: set[str], changed: set[str], removed: set[str]
) -> Iterable[str]:
    """Return the pages that link to one that has come or gone; all of them after a failure.

    MyST-Parser looks for the file while it reads a link, so writing the page again is not enough.
    """
    if (Path(app.doctreedir) / WARNED).is_file():
        return env.found_docs
    moved = added | removed
    return [
        docname
        for docname, links in IncrementalDomain.of(env).links.items()
        if moved.intersection(linked_document(docname, target) for _, _, target, _ in links)
    ]


def linked_document(docname: str, target: str) -> str:
    """Return the document that *target*, a name or a path with a suffix, means on *docname*."""
    stem, suffix = posixpath.splitext(target.partition("#")[0])
    return docname_join(docname, stem) if suffix else stem


def forget_before_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget what was on all pages that are about to be read.

    Sphinx forgets each page just before it is read again, and takes a label that has moved to an
    earlier page for a second one.
    """
    for docname in docnames:
        env.clear_doc(docname)


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Return the pages that show something else than when this builder wrote them."""
    domain, path = IncrementalDomain.of(env), stamp(app)
    domain.now = shown(app, env)
    domain.written = json.loads(path.read_text()) if path.is_file() else {}
    for docname in domain.written.keys() - domain.now.keys():
        delete_page(app, docname)
        del domain.written[docname]
    changed = sorted(name for name, what in domain.now.items() if domain.written.get(name) != what)
    if changed:
        path.unlink(missing_ok=True)  # until all of them are written
    return changed


def delete_page(app: Sphinx, docname: str) -> None:
    """Delete the page of *docname*, which has no source any more."""
    builder = app.builder
    if isinstance(builder, StandaloneHTMLBuilder):
        Path(builder.get_output_path(docname)).unlink(missing_ok=True)
    elif suffix := getattr(builder, "out_suffix", ""):
        Path(app.outdir, docname + suffix).unlink(missing_ok=True)


def leave_the_rest_alone(app: Sphinx, env: BuildEnvironment) -> None:
    """Forget, for this build only, that Sphinx writes a toctree's page with each page below it.

    `contents` knows better; the environment has been saved by now.
    """
    env.files_to_rebuild = {}


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that *docname* is written in this build."""
    domain = IncrementalDomain.of(app.env)
    domain.written[docname] = domain.now[docname]


def keep_what_was_written(app: Sphinx, exception: Exception | None) -> None:
    """Remember what the pages show; one that was left out keeps what it showed before.

    After a build that failed by a warning nothing is remembered: the next one reads and writes
    every page, and fails again until the fault is fixed.
    """
    marker = Path(app.doctreedir) / WARNED
    # Sphinx 9.0 to 9.2 set the exit code only later.
    if app._fail_on_warnings and app._warncount:  # noqa: SLF001
        forget(app)
        marker.touch()
    elif exception is None:
        marker.unlink(missing_ok=True)
        stamp(app).write_text(json.dumps(IncrementalDomain.of(app.env).written))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, the event and the handlers."""
    app.add_event("page-fingerprint")
    app.add_domain(IncrementalDomain)
    app.connect("env-get-outdated", pages_to_read)
    app.connect("env-before-read-docs", forget_before_reading)
    # After the handlers of other extensions, which may compute what they show.
    app.connect("env-updated", pages_to_write, priority=900)
    app.connect("env-check-consistency", leave_the_rest_alone)
    app.connect("doctree-resolved", note_written)
    # Before others look at what was written, and may `forget` it.
    app.connect("build-finished", keep_what_was_written, priority=100)
    return EXTENSION | {"env_version": 4}
