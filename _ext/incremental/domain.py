"""What each page shows beside its own source, as a digest, and what each builder has written of that."""

import contextlib
import hashlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from common.store import PageStore

#: What was written for each page: a digest of what it shows, and its files in the output folder.
Written = dict[str, tuple[str, list[str]]]
#: What a link says of its target.
LINK = ("refdomain", "reftype", "reftarget", "reftargetid")


class IncrementalDomain(PageStore):
    """The cross-references of each page, remembered while it is read."""

    name = "incremental"
    by_page = ("links", "content", "warned")
    #: The links of each page, but citations: domain, type, target and anchor.
    links: dict[str, list[tuple[str, ...]]]
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
        #: The pages with a source that are written in this build.
        self.fresh: set[str] = set()
        self.listener = Listener(self)

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        links = document.findall(addnodes.pending_xref)
        self.links[docname] = sorted(
            {
                tuple(str(link.get(name)) for name in LINK)
                for link in links
                if link.get("refdomain") != "cite"  # of which `references` says what they show
            }
        )
        self.content[docname] = digest(document.pformat())

    @property
    def is_all_new(self) -> bool:
        """Return whether this build writes every page, as after a change of settings or of the theme."""
        return self.fresh >= self.env.found_docs


class Listener(logging.Handler):
    """Notes in *domain* of which page something is said while it is read."""

    def __init__(self, domain: IncrementalDomain) -> None:
        super().__init__(logging.WARNING)
        self.domain = domain

    def emit(self, record: logging.LogRecord) -> None:
        if docname := self.domain.env.current_document.docname:
            self.domain.warned[docname] = True


def digest(*parts: object) -> str:
    """Return a short digest of *parts*."""
    return hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()


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


def pieces_before(app: Sphinx, page: str) -> dict[str, Any]:
    """Return what `keep_pieces` kept of *page*, which has no source; nothing when every page is written."""
    with contextlib.suppress(OSError, ValueError, TypeError):
        if not IncrementalDomain.of(app.env).is_all_new:
            return dict(json.loads(Path(app.doctreedir, f"{page}.json").read_text("utf-8")))
    return {}


def keep_pieces(app: Sphinx, page: str, pieces: dict[str, Any]) -> None:
    """Keep *pieces* of *page* for the next build, by the digests of what they show."""
    Path(app.doctreedir, f"{page}.json").write_text(json.dumps(pieces), "utf-8")


def forget(app: Sphinx) -> None:
    """Have every page of this builder written again, and checked again, by the next build."""
    remember(app, {name: ("", files) for name, (_, files) in remembered(app).items()})
