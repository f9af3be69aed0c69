"""Where each reference is printed and cited, what it is called, and what pages show of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from pybtex.style import FormattedEntry
from sphinx import addnodes
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames
from sphinxcontrib.bibtex.style.referencing import format_references
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from bibcheck.check import Citation
from bibtex.entry import digest
from references.labels import labels, sort_key

if TYPE_CHECKING:
    from pybtex.database import Entry
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class CitingSection(NamedTuple):
    """A section in which a key is cited."""

    docname: str
    section_id: str  #: Anchor of the innermost section; empty on a page without sections.
    title: str  #: Title of that section; empty when it is the title of the page.


class reference_placeholder(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of the reference with the key *key*, or without one of all that are not placed."""


class ReferencesDomain(BibtexDomain):
    """The domain of sphinxcontrib-bibtex; it knows where each reference is printed and cited.

    A key is looked up in a dictionary, labels are made once for the whole site, and an entry is
    formatted only when the page that prints it is written.
    """

    data_version = BibtexDomain.data_version * 100 + 3
    initial_data: ClassVar[dict[str, Any]] = {
        **BibtexDomain.initial_data,
        "cited": {},  # docname -> [(key, line, CitingSection)]
        "printed": {},  # docname -> [(key, or None for the list of all others, line)]
    }
    _pages: dict[str | None, str] | None = None
    _backrefs: dict[str, dict[CitingSection, None]] | None = None

    @property
    def cited(self) -> dict[str, list[tuple[str, int, CitingSection]]]:
        """Return the citations of each page in their order."""
        return cast("dict[str, list[tuple[str, int, CitingSection]]]", self.data["cited"])

    @property
    def printed(self) -> dict[str, list[tuple[str | None, int]]]:
        """Return what each page prints: keys, or None for the list of all others; with the line."""
        return cast("dict[str, list[tuple[str | None, int]]]", self.data["printed"])

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

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* cites and prints."""
        self.cited.pop(docname, None)
        self.printed.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read of *docnames*."""
        for name in ("cited", "printed"):
            kept = otherdata[name]
            self.data[name] |= {docname: kept[docname] for docname in docnames & kept.keys()}

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Remember what *document* cites and prints."""
        del env
        self.citation_refs.clear()  # the role notes them a second time
        if cited := list(citations_in(document, docname)):
            self.cited[docname] = cited
        places = list(document.findall(reference_placeholder))
        if places:
            self.printed[docname] = [(node.get("key"), node.line or 0) for node in places]

    def env_updated(self) -> Iterable[str]:
        """Forget what was looked up before; the room `incremental` knows which pages to write again."""
        self._pages = self._backrefs = None
        return []

    def page_of(self, key: str) -> str | None:
        """Return the page that prints the reference with *key*."""
        if self._pages is None:
            placed = [(key, name) for name in sorted(self.printed) for key, _ in self.printed[name]]
            self._pages = dict(reversed(placed))  # the first one counts
        return self._pages.get(key, self._pages.get(None)) if key in self.labels else None

    def backrefs(self, key: str) -> list[CitingSection]:
        """Return where *key* is cited, each section once, in the order of the toctree."""
        if self._backrefs is None:
            self._backrefs = {}
            for docname in get_docnames(self.env):  # type: ignore[no-untyped-call]
                for cited, _, section in self.cited.get(docname, ()):
                    self._backrefs.setdefault(cited, {})[section] = None
        return list(self._backrefs.get(key, ()))

    def keys_at(self, key: str | None) -> list[str]:
        """Return the keys that are printed at the place of *key*; None is the list of all others."""
        if key is not None:
            return [key]
        placed = {key for printed in self.printed.values() for key, _ in printed}
        others = (entry for entry in self.entries.values() if entry.key not in placed)
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
        del env, node
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

    def resolve_any_xref(self, *_args: object) -> list[tuple[str, nodes.Element]]:  # type: ignore[override]
        """Return nothing: citations have roles of their own."""
        return []

    def all_citations(self) -> Iterator[Citation]:
        """Yield each citation with the path of its page and its line."""
        for docname, cited in sorted(self.cited.items()):
            path = str(self.env.doc2path(docname, base=False))
            yield from (Citation(path, line, key) for key, line, _ in cited)
        for docname, printed in sorted(self.printed.items()):
            path = str(self.env.doc2path(docname, base=False))
            yield from (Citation(path, line, key) for key, line in printed if key)

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
            for section in self.backrefs(key) or [None]
        ]
        return repr((cited, printed)) if cited or printed else ""


def domain_of(env: BuildEnvironment) -> ReferencesDomain:
    """Return the domain of this room in *env*."""
    return cast("ReferencesDomain", env.get_domain("cite"))


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
        if not (keys := cited_keys(xref)):
            continue
        around: nodes.Node | None = xref
        line = 0
        while around is not None and not isinstance(around, nodes.section):
            line = line or around.line or 0
            around = around.parent
        section = CitingSection(docname, "", "")
        if around is not None:
            is_page = isinstance(around.parent, nodes.document)
            title = "" if is_page else around[0].astext()
            section = CitingSection(docname, around["ids"][0], title)
        yield from ((key, line, section) for key in keys)
