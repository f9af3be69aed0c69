"""Where each reference is printed and cited, what it is called, and what pages show of it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Any, ClassVar, NamedTuple, cast

from docutils import nodes
from pybtex.database import Entry
from pybtex.style import FormattedEntry
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames
from sphinxcontrib.bibtex.style.referencing import format_references
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from bibcheck.check import Citation
from bibtex.entry import digest
from common.store import PageStore
from references.labels import labels, sort_key


class CitingSection(NamedTuple):
    """A section in which a key is cited."""

    docname: str
    section_id: str  #: Anchor of the innermost section; empty on a page without sections.
    title: str  #: Title of that section; empty when it is the title of the page.


class reference_placeholder(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of the reference with the key *key*, or without one of all that are not placed."""


class ReferencesDomain(PageStore, BibtexDomain):  # type: ignore[misc]  # of two overrides the first
    """The domain of sphinxcontrib-bibtex; it knows where each reference is printed and cited.

    A key is looked up in a dictionary, labels are made once for the whole site, and an entry is
    formatted only when the page that prints it is written.
    """

    data_version = BibtexDomain.data_version * 100 + 3
    initial_data: ClassVar[dict[str, Any]] = {
        **BibtexDomain.initial_data,
        "cited": {},
        "printed": {},
    }
    by_page = ("cited", "printed")
    #: The citations of each page in their order: key, line and section.
    cited: dict[str, list[tuple[str, int, CitingSection]]]
    #: What each page prints: keys, or None for the list of all others; with the line.
    printed: dict[str, list[tuple[str | None, int]]]

    @property
    def entries(self) -> dict[str, Entry]:
        """Return the entries that sphinxcontrib-bibtex has parsed, by their keys."""
        return cast("dict[str, Entry]", self.bibdata.data.entries)

    @cached_property
    def labels(self) -> dict[str, str]:
        """Return the label of each key."""
        return labels(self.entries.values())

    @cached_property
    def digests(self) -> dict[str, str]:
        """Return what changes with each entry, by its key."""
        return {key: digest(entry) for key, entry in self.entries.items()}

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        self.citation_refs.clear()  # the role notes them a second time
        self.cited[docname] = list(citations_in(document, docname))
        places = document.findall(reference_placeholder)
        self.printed[docname] = [(node.get("key"), node.line or 0) for node in places]

    def env_updated(self) -> list[str]:
        return []

    @cached_property
    def pages(self) -> dict[str | None, str]:
        """Return the page that prints each key, once all pages have been read."""
        placed = [(key, name) for name in sorted(self.printed) for key, _ in self.printed[name]]
        return dict(reversed(placed))  # the first one counts

    def page_of(self, key: str) -> str | None:
        """Return the page that prints the reference with *key*."""
        return self.pages.get(key, self.pages.get(None)) if key in self.labels else None

    @cached_property
    def backrefs(self) -> dict[str, dict[CitingSection, None]]:
        """Return where each key is cited, each section once, in the order of the toctree."""
        found: dict[str, dict[CitingSection, None]] = {}
        for docname in get_docnames(self.env):  # type: ignore[no-untyped-call]
            for key, _, section in self.cited.get(docname, ()):
                found.setdefault(key, {})[section] = None
        return found

    def keys_at(self, key: str | None) -> list[str]:
        """Return the keys that are printed at the place of *key*; None is the list of all others."""
        if key is not None:
            return [key]
        others = (entry for entry in self.entries.values() if entry.key not in self.pages)
        return [entry.key for entry in sorted(others, key=sort_key)]

    def resolve_xref(  # type: ignore[override]  # noqa: PLR0913, PLR0917  the signature of Sphinx
        self,
        env: BuildEnvironment,
        fromdocname: str,
        builder: Builder,
        typ: str,
        target: str,
        node: addnodes.pending_xref,
        contnode: nodes.Element,
    ) -> nodes.Element:
        """Return the citation of the keys in *target*, or for ``place`` the link to a citing section.

        An unknown key is left out: `check_citations` has named it.
        """
        if typ == "place":
            docname, _, section_id = target.partition("#")
            return make_refnode(builder, fromdocname, docname, section_id, contnode)
        cited = [
            (
                self.entries[found.key],
                FormattedEntry(found.key, "", self.labels[found.key]),
                SphinxReferenceInfo(
                    builder, fromdocname, page, anchor(found.key), None, found.pre, found.post
                ),
            )
            for found in parse_citation_targets(target)
            if (page := self.page_of(found.key))
        ]
        text = format_references(self.reference_style, typ, cited)
        return nodes.inline("", "", *text.render(self.backend), classes=["bibtex-citation"])

    def all_citations(self) -> Iterator[Citation]:
        """Yield each citation, and each reference that is printed, with the path of its page."""
        for docname, cited in sorted(self.cited.items()):
            path = str(self.env.doc2path(docname, base=False))
            yield from (Citation(path, line, key) for key, line, _ in cited)
            yield from (Citation(path, line, key) for key, line in self.printed[docname] if key)

    def shown_on(self, docname: str) -> str:
        """Return what *docname* shows of references: labels and pages of those that it cites or prints."""
        cited = [
            (key, self.labels.get(key), self.page_of(key))
            for key, _, _ in self.cited.get(docname, ())
        ]
        printed = [
            (key, self.labels[key], self.digests[key], page_title(self.env, section), section)
            for at, _ in self.printed.get(docname, ())
            for key in ([at] if at else self.labels)
            if self.page_of(key) == docname
            for section in self.backrefs.get(key, [None])
        ]
        return repr((cited, printed)) if cited or printed else ""


def page_title(env: BuildEnvironment, section: CitingSection | None) -> str:
    """Return the title of the page of *section*, empty without one."""
    return env.titles[section.docname].astext() if section and section.docname in env.titles else ""


def anchor(key: str) -> str:
    """Return the anchor of the reference with *key*; it never changes, because others link to it."""
    return nodes.make_id(f"ref-{key}")


def cited_keys(xref: addnodes.pending_xref) -> list[str]:
    """Return the keys that *xref* cites; none when it is no citation."""
    if xref.get("refdomain") != "cite" or xref.get("reftype") == "place":
        return []
    return [target.key for target in parse_citation_targets(xref["reftarget"])]


def citations_in(
    document: nodes.document, docname: str
) -> Iterator[tuple[str, int, CitingSection]]:
    """Yield each key that *document* cites, with its line and its section."""
    for xref in document.findall(addnodes.pending_xref):
        line, around = 0, cast("nodes.Element", xref)
        while not isinstance(around, nodes.section | nodes.document):
            line, around = line or around.line or 0, around.parent
        section = CitingSection(docname, "", "")
        if isinstance(around, nodes.section):
            title = "" if isinstance(around.parent, nodes.document) else around[0].astext()
            section = CitingSection(docname, around["ids"][0], title)
        yield from ((key, line, section) for key in cited_keys(xref))
