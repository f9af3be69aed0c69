"""Remember what each page shows, compare it before writing, and fail again after a warning."""

import contextlib
import hashlib
import json
import logging
import posixpath
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, TypeGuard, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION, PageStore
from incremental import disk
from incremental.search_index import WholeIndex

#: The file in which Sphinx keeps the settings of the last build when they were others.
OTHER_SETTINGS = ".buildinfo.bak"
#: The name under which the pages without a source are remembered; no page is called so.
GENERATED = ""
#: What was written for each page: a digest of what it shows, and its files in the output folder.
Written = dict[str, tuple[str, list[str]]]
#: What a link says of its target.
LINK = ("refdomain", "reftype", "reftarget", "reftargetid")


class IncrementalDomain(PageStore):
    """The cross-references of each page, remembered while it is read."""

    name = "incremental"
    label = "Cross-references of each page"
    initial_data: ClassVar[dict[str, Any]] = {"links": {}, "content": {}, "warned": {}}
    by_page = ("links", "content", "warned")
    #: The links of each page: domain, type, target and anchor.
    links: dict[str, list[tuple[str, str, str, str]]]
    #: A digest of what was read: a page may be read again though its source is the same.
    content: dict[str, str]
    #: The pages of which something was said while they were read.
    warned: dict[str, bool]

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        #: What the pages show now.
        self.now: dict[str, str] = {}
        #: What was written in an earlier build, and of that and this one what is there now.
        self.before: Written = {}
        self.written: Written = {}
        self.listener = Listener()

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        links = document.findall(addnodes.pending_xref)
        found = {tuple(str(xref.get(name)) for name in LINK) for xref in links}
        self.links[docname] = sorted(cast("set[tuple[str, str, str, str]]", found))
        self.content[docname] = digest(document.pformat())


def digest(*parts: object) -> str:
    """Return a short digest of *parts*."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


def stamp(app: Sphinx) -> Path:
    """Return the file that remembers what the pages of this builder show.

    One for each output folder, because builders share doctrees and not pages; beside the
    doctrees, because EPUB packs whatever lies in its output folder.
    """
    return Path(app.doctreedir) / f"pages-{digest(app.builder.name, str(app.outdir))}.json"


def remember(app: Sphinx, written: Written) -> None:
    """Remember for the next build what this builder has *written*."""
    stamp(app).write_text(json.dumps(written), "utf-8")


def remembered(app: Sphinx) -> Written:
    """Return what this builder has written; nothing when that cannot be read."""
    try:
        found = json.loads(stamp(app).read_text("utf-8"))
        return {name: (str(what), list(map(str, files))) for name, (what, files) in found.items()}
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def forget(app: Sphinx) -> None:
    """Have every page of this builder written again, and checked again, by the next build."""
    remember(app, {name: ("", files) for name, (_, files) in remembered(app).items()})


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
        domain, _, target, anchor = link
        if domain == "cite":
            continue
        page = env.titles.get(target.lstrip("/"))
        # What MyST-Parser makes of headings (myst_heading_anchors); it has no other way to ask for it.
        slugs = env.metadata.get(target, {}).get("myst_slugs", {})
        yield link, page.astext() if page else None, dict(slugs or {}).get(anchor)
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
            IncrementalDomain.of(env).content.get(docname),
            contents(env, docname),
            list(targets(env, docname)),
            app.emit("page-fingerprint", env, docname),
        )
        for docname in env.found_docs
    }


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
    path = target.partition("#")[0]
    stem, suffix = posixpath.splitext(path)
    return posixpath.normpath(posixpath.join(posixpath.dirname(docname), stem)) if suffix else path


class Listener(logging.Handler):
    """Hears whether a warning is given."""

    heard = False

    def emit(self, record: logging.LogRecord) -> None:
        self.heard = True


def listen(app: Sphinx, _docname: str, _source: list[str]) -> None:
    """Listen to what is said while a page is read."""
    domain = IncrementalDomain.of(app.env)
    domain.listener = Listener(logging.WARNING)
    logging.getLogger("sphinx").addHandler(domain.listener)


def note_warnings(app: Sphinx, _doctree: nodes.document) -> None:
    """Note that the page that was read has a warning."""
    domain = IncrementalDomain.of(app.env)
    logging.getLogger("sphinx").removeHandler(domain.listener)
    if domain.listener.heard:
        domain.warned[app.env.docname] = True


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
    if writes_index(builder):
        builder.indexer_format = index = WholeIndex(builder)
        if not index.old:
            domain.before = {name: ("", files) for name, (_, files) in domain.before.items()}
    domain.written = {
        name: domain.before.get(name, ("", files_of(app, name))) for name in domain.now
    }
    remember(app, domain.before | domain.written)
    forget(app)
    return sorted(name for name, what in domain.now.items() if domain.written[name][0] != what)


def writes_index(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Return whether *builder* writes an index for the search."""
    return isinstance(builder, StandaloneHTMLBuilder) and builder.search


def files_of(app: Sphinx, docname: str, doctree: nodes.document | None = None) -> list[str]:
    """Return the files of *docname*: page and source, and the images and downloads in *doctree*."""
    builder, env = app.builder, app.env
    source = f"_sources/{env.doc2path(docname, base=False)}"
    found = {page_of(builder, docname), source, source + app.config.html_sourcelink_suffix}
    for image in doctree.findall(nodes.image) if doctree else ():
        for uri in {image["uri"], *image.get("candidates", {}).values()} & env.images.keys():
            found.add(posixpath.join(builder.imagedir, env.images[uri][1]))
    for download in doctree.findall(addnodes.download_reference) if doctree else ():
        found.add(f"_downloads/{download.get('filename')}")
    return sorted(found)


def page_of(builder: Builder, docname: str) -> str:
    """Return where *builder* writes the page *docname* in its folder, if it writes one."""
    if isinstance(builder, StandaloneHTMLBuilder):
        return builder.get_output_path(docname).relative_to(builder.outdir).as_posix()
    return docname + getattr(builder, "out_suffix", "")


def delete_what_is_left(app: Sphinx, *_exception: object) -> tuple[()]:
    """Delete the files of earlier builds that no page has any more.

    Sphinx leaves them, and EPUB packs them. A page that is written without a source may be deleted
    here before it is written again.
    """
    domain, folder = IncrementalDomain.of(app.env), Path(app.outdir)
    kept = {name for _, files in domain.written.values() for name in files}
    for name in {name for _, files in domain.before.values() for name in files} - kept:
        (folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something else is there
            (folder / name).parent.rmdir()
    return ()


def drop_other_settings(app: Sphinx, _builder: Builder) -> None:
    """Delete what Sphinx keeps of other settings, and the static files of them: EPUB packs both."""
    if (kept := Path(app.outdir, OTHER_SETTINGS)).is_file():
        shutil.rmtree(Path(app.outdir, "_static"), ignore_errors=True)
        kept.unlink()


def leave_the_rest_alone(app: Sphinx, env: BuildEnvironment) -> None:
    """Forget, for this build only, that Sphinx writes a toctree's page with each page below it.

    `contents` knows better; the environment has been saved by now.
    """
    env.files_to_rebuild = {}


def note_written(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Note that *docname* is written in this build, and what belongs to it."""
    domain = IncrementalDomain.of(app.env)
    if not doctree.get("source"):
        return  # a part of a page without a source
    domain.written[docname] = (domain.now.get(docname, ""), files_of(app, docname, doctree))
    if writes_index(app.builder):
        app.builder.indexer_format.written.add(docname)


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
        if has_failed(app):
            forget(app)


def has_failed(app: Sphinx) -> bool:
    """Return whether a warning fails this build: Sphinx 9.0 to 9.2 set the exit code only later."""
    return bool(app._fail_on_warnings and app._warncount)  # noqa: SLF001


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the domain, the event and the handlers."""
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
    # After the handlers of other extensions, which may warn.
    app.connect("doctree-read", note_warnings, priority=900)
    app.connect("doctree-resolved", note_written)
    app.connect("html-page-context", note_generated)
    # EPUB is packed after this event, and before the build is finished.
    app.connect("html-collect-pages", delete_what_is_left)
    # Before others look at what was written, and may `forget` it.
    app.connect("build-finished", keep_what_was_written, priority=100)
    return EXTENSION | {"env_version": 4}
