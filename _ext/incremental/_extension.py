"""Remember what each page shows, compare it before writing, and fail again after a warning."""

from __future__ import annotations

import hashlib
import json
import posixpath
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sphinx import addnodes
from sphinx.builders.html import StandaloneHTMLBuilder

from common.store import PageStore

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


#: The file that says that a warning failed the last build with these doctrees.
WARNED = "warned"


class IncrementalDomain(PageStore):
    """The cross-references of each page, remembered while it is read."""

    name = "incremental"
    label = "Cross-references of each page"
    initial_data: ClassVar[dict[str, Any]] = {
        "links": {},  # docname -> links
        "read": {},  # "" -> when any page was last read
    }
    #: Whether this build has read or lost a page.
    touched = False
    #: What the pages show now and what they showed when they were written; empty if all is well.
    now: dict[str, str]
    before: dict[str, str]
    inputs = ""

    def __init__(self, env: BuildEnvironment) -> None:
        """Start with nothing to remember."""
        super().__init__(env)
        self.now, self.before = {}, {}

    @property
    def links(self) -> dict[str, list[tuple[str, str, str, str]]]:
        """Return the links of each page: domain, type, target and anchor."""
        return cast("dict[str, list[tuple[str, str, str, str]]]", self.data["links"])

    def clear_doc(self, docname: str) -> None:
        """Forget the links of *docname*, which is about to be read again or is gone."""
        self.touched = True
        super().clear_doc(docname)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over the links of the pages that another process read."""
        self.touched = True
        super().merge_domaindata(docnames, otherdata)

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Remember where *document* links to."""
        del env
        self.touched = True
        links = {
            (
                str(xref.get("refdomain")),
                str(xref.get("reftype")),
                str(xref.get("reftarget")),
                str(xref.get("reftargetid")),
            )
            for xref in document.findall(addnodes.pending_xref)
        }
        if links:
            self.links[docname] = sorted(links)


def domain_of(env: BuildEnvironment) -> IncrementalDomain:
    """Return the domain of this extension in *env*."""
    return cast("IncrementalDomain", env.get_domain(IncrementalDomain.name))


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
    domain_of(app.env).touched = True
    stamp(app).unlink(missing_ok=True)


def structure(env: BuildEnvironment) -> str:
    """Return what the navigation shows: the titles of the pages and their order."""
    titles = sorted((docname, title.astext()) for docname, title in env.titles.items())
    return digest(titles, sorted(env.toctree_includes.items()), env.config.root_doc)


def contents(env: BuildEnvironment, docname: str) -> str:
    """Return what the toctrees on *docname* show: the headings of the pages below it."""
    below: dict[str, str] = {}
    waiting = list(env.toctree_includes.get(docname, ()))
    while waiting:
        name = waiting.pop()
        if name not in below and name in env.tocs:
            below[name] = str(env.tocs[name])
            waiting += env.toctree_includes.get(name, ())
    return digest(below) if below else ""


def targets(env: BuildEnvironment, docname: str) -> list[object]:
    """Return what the links of *docname* lead to, as far as their text and address depend on it.

    Followed are links to pages and to labels, of Sphinx and of MyST-Parser; a site that documents
    code would have to add the objects of its domains.
    """
    found: list[object] = []
    standard = env.domains.standard_domain
    for domain, kind, target, anchor in domain_of(env).links.get(docname, ()):
        if domain == "cite":
            continue
        name = target.lower()
        page = env.titles.get(target.lstrip("/"))
        found += [(domain, kind, target, anchor), page.astext() if page else None]
        found += [standard.labels.get(name), standard.anonlabels.get(name)]
        slugs = env.metadata.get(target, {}).get("myst_slugs", {})
        found.append(slugs.get(anchor) if isinstance(slugs, dict) else str(slugs))
        found.append(standard.labels.get(anchor) or standard.anonlabels.get(anchor))
    return found


def shown(app: Sphinx, env: BuildEnvironment) -> dict[str, str]:
    """Return a digest of what each page shows beside its own source."""
    navigation = structure(env) if app.builder.format == "html" else ""
    relations = env.collect_relations() if app.builder.format == "html" else {}
    return {
        docname: digest(
            navigation,
            relations.get(docname),
            contents(env, docname),
            targets(env, docname),
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
    del changed
    if (Path(app.doctreedir) / WARNED).is_file():
        return env.found_docs
    moved = added | removed
    return [
        docname
        for docname, links in domain_of(env).links.items()
        if moved.intersection(linked_document(docname, target) for _, _, target, _ in links)
    ]


def forget_before_reading(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Forget what stood on all pages that are about to be read.

    Sphinx forgets each page just before it is read again, and takes a label that has moved to an
    earlier page for a second one.
    """
    del app
    for docname in docnames:
        env.clear_doc(docname)


def linked_document(docname: str, target: str) -> str:
    """Return the document that *target*, a name or a path with a suffix, means on *docname*."""
    path = target.partition("#")[0]
    stem, suffix = posixpath.splitext(path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(docname), stem)) if suffix else path


def pages_to_write(app: Sphinx, env: BuildEnvironment) -> Iterable[str]:
    """Return the pages that show something else than when this builder wrote them."""
    domain = domain_of(env)
    if domain.touched:
        domain.data["read"][""] = (
            time.time_ns()
        )  # another builder may have read since this one wrote
    domain.now, domain.inputs = {}, digest(app.emit("site-inputs", env), domain.data["read"])
    path = stamp(app)
    written: dict[str, Any] = {"inputs": "", "pages": {}}
    if path.is_file():
        written = json.loads(path.read_text())
    if written["inputs"] == domain.inputs:
        return ()
    domain.now = shown(app, env)
    domain.before = {name: written["pages"].get(name, "") for name in domain.now}
    for docname in written["pages"].keys() - domain.now.keys():
        delete_page(app, docname)
    path.unlink(missing_ok=True)  # until all of them are written
    return sorted(name for name, what in domain.now.items() if domain.before[name] != what)


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
    del app
    env.files_to_rebuild = {}


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that *docname* is written in this build."""
    del doctree
    domain_of(app.env).before.pop(docname, None)


def keep_what_was_written(app: Sphinx, exception: Exception | None) -> None:
    """Remember what the pages show; one that was left out keeps what it showed before.

    After a build that failed by a warning nothing is remembered: the next one reads and writes
    every page, and fails again until the fault is mended.
    """
    domain = domain_of(app.env)
    # Sphinx 9.0 sets app.statuscode only after this event.
    warned = app._fail_on_warnings and app._warncount > 0  # noqa: SLF001
    marker = Path(app.doctreedir) / WARNED
    if warned:
        stamp(app).unlink(missing_ok=True)
        marker.touch()
    elif exception is None:
        marker.unlink(missing_ok=True)
    if exception is None and domain.now and not warned:
        pages = {**domain.now, **domain.before}
        stamp(app).write_text(json.dumps({"inputs": domain.inputs, "pages": pages}))


def register(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, the events and their handlers."""
    app.add_event("site-inputs")
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
    return {
        "version": "2.0.0",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
