"""Where each reference is printed and cited, what it is called, and what pages show of it."""

from collections.abc import Callable, Iterator
from functools import cache, cached_property
from typing import Any, ClassVar, NamedTuple, cast

import pybtex.plugin
from docutils import nodes
from pybtex.database import Entry
from pybtex.richtext import BaseText
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle
from sphinx import addnodes
from sphinx.builders import Builder
from sphinx.domains import ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import make_refnode, traverse_parent
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames
from sphinxcontrib.bibtex.roles import CiteRole
from sphinxcontrib.bibtex.style.referencing import format_references
from sphinxcontrib.bibtex.style.template import SphinxReferenceInfo

from bibcheck.check import malformed_citation
from bibtex.entry import digest
from common.store import PageStore, read_or_warn, warn_here
from common.text import sentence, today
from references.labels import labels, sort_key, title_of
from verified import FILE, Known, Ledger, read_ledger


class Cited(NamedTuple):
    """A citation of a key, and the innermost section around it."""

    key: str
    line: int
    section_id: str  #: Anchor of the section; empty on a page without sections.
    title: str  #: Title of the section; empty when it is the title of the page.


class CitingRole(CiteRole):
    """A citing role that warns of what is no list of keys: the one that it replaces stops the build."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if wrong := malformed_citation(self.text):
            warn_here(self.env, self.lineno, wrong, "bib", "citation")
            return [nodes.Text(self.text)], []
        return super().run()


#: What a page shows of all references: those that it does not print singly, and two that directives explain.
OTHERS, UNVERIFIED = "the list of references", "the list of what is not verified"
COMPARED = "the number of those compared"
LISTS = {"bibliography": OTHERS, "unverified": UNVERIFIED, "compared": COMPARED}


class reference_placeholder(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of the reference with the key *key*, or of one of `LISTS`, whose names no key can have."""


class ReferencesDomain(PageStore, BibtexDomain):  # type: ignore[misc]  # of two overrides the first
    """The domain of sphinxcontrib-bibtex; it knows where each reference is printed and cited.

    A key is looked up in a dictionary, labels are made once for the whole site, and an entry is
    formatted only when the page that prints it is written.
    """

    data_version = BibtexDomain.data_version * 100 + 7
    by_page = ("cited", "printed")
    roles: ClassVar[dict[str, Any]] = {name: CitingRole() for name in BibtexDomain.roles}
    object_types: ClassVar[dict[str, ObjType]] = {
        **BibtexDomain.object_types,
        "reference": ObjType("reference"),
    }
    #: The citations of each page in their order.
    cited: dict[str, list[Cited]]
    #: What each page prints: keys and names of lists, with the line.
    printed: dict[str, list[tuple[str, int]]]

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

    @cached_property
    def ledger(self) -> Ledger:
        """Return what was compared with databases; nothing, with a warning, when the file cannot be read."""
        return read_or_warn(self.env, FILE, read_ledger, "verified") or Ledger()

    @cached_property
    def notices(self) -> dict[str, Known]:
        """Return what databases know of papers that were corrected, doubted or retracted, by key."""
        found = {key: self.ledger.notice(key, entry.fields) for key, entry in self.entries.items()}
        return {key: known for key, known in found.items() if known}

    def compared(self, key: str) -> str:
        """Return what was compared of the reference with *key*, as a sentence; empty when nothing was."""
        compared = key, self.digests[key], "", today()
        return sentence(self.ledger.words(*compared)) if self.ledger.state(*compared) else ""

    @cached_property
    def formatted(self) -> Callable[[str], BaseText]:
        """Return what formats the reference with a key, once for all that show it."""
        name = self.env.config.bibtex_default_style
        style: BaseStyle = pybtex.plugin.find_plugin("pybtex.style.formatting", name)()
        return cache(lambda key: style.format_entry(self.labels[key], self.entries[key]).text)

    def text_of(self, key: str) -> list[nodes.Node]:
        """Return the text of the reference with *key*, without its label."""
        return list(self.formatted(key).render(self.backend))

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        self.citation_refs.clear()  # the role notes them a second time
        self.cited[docname] = list(citations_in(document))
        places = document.findall(reference_placeholder)
        self.printed[docname] = [(node["key"], node.line or 0) for node in places]

    def env_updated(self) -> list[str]:
        return []

    @cached_property
    def pages(self) -> dict[str, str]:
        """Return the page that prints each key or list, once all pages have been read."""
        placed = [(key, name) for name in sorted(self.printed) for key, _ in self.printed[name]]
        return dict(reversed(placed))  # the first one counts

    def page_of(self, key: str) -> str | None:
        """Return the page that prints the reference with *key*."""
        return self.pages.get(key, self.pages.get(OTHERS)) if key in self.labels else None

    @cached_property
    def backrefs(self) -> dict[str, dict[str, str]]:
        """Return where each key is cited: pages with anchors, in the order of the toctree, in words."""
        found: dict[str, dict[str, str]] = {}
        for docname in get_docnames(self.env):  # type: ignore[no-untyped-call]
            for key, _, section_id, title in self.cited.get(docname, ()):
                page = self.env.titles[docname].astext()
                words = f"{page}, {title}" if title else page
                found.setdefault(key, {})[f"{docname}#{section_id}"] = words
        return found

    def place_of(self, key: str) -> tuple[str, str] | None:
        """Return where *key* is told of: page and anchor of the section named so, or of its reference."""
        if not (page := self.page_of(key)):
            return None
        section = self.env.domains.standard_domain.anonlabels.get(key.lower())
        return section if section and section[0] == page else (page, anchor(key))

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield each reference without a section of its own, for the search and for other sites."""
        for key, label in self.labels.items():
            place = self.place_of(key)
            if place and place[1] == anchor(key):
                yield key, f"{title_of(self.entries[key])} ({label})", "reference", *place, 1

    @cached_property
    def in_order(self) -> list[str]:
        """Return all keys in the order of the list of references."""
        return sorted(self.labels, key=lambda key: sort_key(self.entries[key]))

    def keys_at(self, key: str) -> list[str]:
        """Return the known keys whose references are printed at the place of *key* or of `OTHERS`."""
        if key == OTHERS:
            return [other for other in self.in_order if other not in self.pages]
        return [key] if key in self.labels else []

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


def anchor(key: str, what: str = "ref") -> str:
    """Return the anchor of *what* of *key*, its reference or another; it stays, because others link to it."""
    return nodes.make_id(f"{what}-{key}")


def cited_keys(xref: addnodes.pending_xref) -> list[str]:
    """Return the keys that *xref* cites; none when it is no citation."""
    if xref.get("refdomain") != "cite" or xref.get("reftype") == "place":
        return []
    return [target.key for target in parse_citation_targets(xref["reftarget"])]


def citations_in(document: nodes.document) -> Iterator[Cited]:
    """Yield each key that *document* cites."""
    for xref in document.findall(addnodes.pending_xref):
        line = next((node.line for node in traverse_parent(xref) if node.line), 0)
        yield from (Cited(key, line, *section_around(xref)) for key in cited_keys(xref))


def section_around(node: nodes.Element) -> tuple[str, str]:
    """Return the anchor and the title of the innermost section around *node*, as in `Cited`."""
    for section in traverse_parent(node, nodes.section):
        title = "" if isinstance(section.parent, nodes.document) else section[0].astext()
        return section["ids"][0], title
    return "", ""
