"""References in their right place, in HTML and in PDF, each of them once.

sphinxcontrib-bibtex reads the ``.bib`` files and the citations in the text. This module prints them:
`reference` puts one full reference where the annotation of the paper stands, `bibliography` lists
all the others, and citations lead to either. Under each reference stands where it is cited.
They become ordinary paragraphs and lists, because LaTeX moves citation nodes to the end of the book
(sphinx-doc/sphinx#5893), and screen readers get a list that is a list.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

import pybtex_docutils
from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames

from author_year import Name, labels_of, naming, sort_key
from bib_database import stored_entries
from nlm_style import NLMStyle

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

logger = logging.getLogger(__name__)

BRACKETED = {"p", "ps", "labelpar"}
"""Roles that print brackets around the labels; the others, as ``label``, print none."""


class Place(NamedTuple):
    """Where a key is cited."""

    docname: str
    section_id: str  #: Anchor of the innermost section; empty on a page without sections.
    title: str  #: Title of that section; empty when it is the title of the page.


NOWHERE = Place("", "", "")


class reference_list(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of the reference with the key *key*, or without one of all that are not placed."""


class ReferenceDirective(SphinxDirective):
    """Print the full reference of one key; citations of that key lead here.

    ```` ```{reference} yovell2016ultra ````
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Leave the place of the reference in the page."""
        key = self.arguments[0]
        if key not in domain_of(self.env).bibdata.data.entries:
            problem = f"no reference has the key {key!r}: add it to the .bib file or mend the key"
            report(problem, self.get_location())
            return []
        return [self.place(key=key)]

    def place(self, **attributes: str) -> reference_list:
        """Return the node that holds the place, with *attributes*."""
        node = reference_list(docname=self.env.docname, **attributes)
        self.set_source_info(node)
        return node


class BibliographyDirective(ReferenceDirective):
    """List every reference that no `reference` directive prints."""

    required_arguments = 0

    def run(self) -> list[nodes.Node]:
        """Leave the place of the list in the page."""
        return [self.place()]


class ReferencesDomain(BibtexDomain):
    """The domain of sphinxcontrib-bibtex; it knows where each reference is printed and cited.

    A key is looked up in a dictionary, labels are made once for the whole site, and an entry is
    formatted only when the page that prints it is written.
    """

    data_version = BibtexDomain.data_version * 100 + 2
    initial_data: ClassVar[dict[str, Any]] = {
        **BibtexDomain.initial_data,
        "cited": {},  # docname -> [(key, Place)]
        "homes": {},  # docname -> [(key, or None for the list of all others, line)]
        "labels": {},  # key -> label
        "digests": {},  # key -> digest of the entry
        "names": {},  # key -> what the label is made of
    }
    backend = pybtex_docutils.Backend()
    _home: dict[str | None, str] | None = None
    _places: dict[str, dict[Place, None]] | None = None

    @property
    def cited(self) -> dict[str, list[tuple[str, Place]]]:
        """Return the citations of each page in their order."""
        return cast("dict[str, list[tuple[str, Place]]]", self.data["cited"])

    @property
    def homes(self) -> dict[str, list[tuple[str | None, int]]]:
        """Return what each page prints: keys, or None for the list of all others; with the line."""
        return cast("dict[str, list[tuple[str | None, int]]]", self.data["homes"])

    @property
    def labels(self) -> dict[str, str]:
        """Return the label of each key."""
        return cast("dict[str, str]", self.data["labels"])

    def take_database(self) -> None:
        """Label the entries anew when the files were parsed anew; look at those that changed."""
        entries = stored_entries(self.bibdata.data)
        digests, before = entries.digests, self.data["digests"]
        if digests == before:
            return
        names: dict[str, Name] = self.data["names"]
        self.data["names"] = {
            key: names[key] if before.get(key) == digest else naming(entries[key])
            for key, digest in digests.items()
        }
        self.data["labels"] = labels_of(self.data["names"])
        self.data["digests"] = digests

    def clear_doc(self, docname: str) -> None:
        """Forget what *docname* cites and prints."""
        self.cited.pop(docname, None)
        self.homes.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for name in ("cited", "homes"):
            self.data[name] |= {
                doc: kept for doc, kept in otherdata[name].items() if doc in docnames
            }

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Remember what *document* cites and prints."""
        del env
        self.citation_refs.clear()  # the role notes them a second time
        if cited := list(citations_in(document, docname)):
            self.cited[docname] = cited
        if homes := [
            (node.get("key"), node.line or 0) for node in document.findall(reference_list)
        ]:
            self.homes[docname] = homes

    def check_consistency(self) -> None:
        """Report a reference that is printed twice, and a second list."""
        seen: set[str | None] = set()
        for docname in sorted(self.homes):
            for key, line in self.homes[docname]:
                if key in seen:
                    what = f"the reference {key!r}" if key else "the list of references"
                    report(f"{what} is printed a second time: delete one", (docname, line))
                seen.add(key)

    def env_updated(self) -> Iterable[str]:
        """Forget what was looked up before; `fresh_pages` knows which pages to write again."""
        self._home = self._places = None
        return []

    def home(self, key: str) -> str | None:
        """Return the page that prints the reference with *key*."""
        if self._home is None:
            placed = [(key, name) for name in sorted(self.homes) for key, _ in self.homes[name]]
            self._home = dict(reversed(placed))  # the first one counts
        return self._home.get(key, self._home.get(None)) if key in self.labels else None

    def places(self, key: str) -> list[Place]:
        """Return where *key* is cited, each section once, in the order of the toctree."""
        if self._places is None:
            self._places = {}
            for docname in get_docnames(self.env):  # type: ignore[no-untyped-call]
                for cited, place in self.cited.get(docname, ()):
                    self._places.setdefault(cited, {})[place] = None
        return list(self._places.get(key, ()))

    def keys_at(self, key: str | None) -> list[str]:
        """Return the keys that are printed at the place of *key*; None is the list of all others."""
        if key is not None:
            return [key]
        placed = {key for homes in self.homes.values() for key, _ in homes}
        entries = self.bibdata.data.entries
        return sorted(
            (key for key in self.labels if key not in placed),
            key=lambda key: sort_key(entries[key]),
        )

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
        """Return the citation of the keys in *target*, or for ``place`` the link to a citing section."""
        del env
        if typ == "place":
            docname, _, section_id = target.partition("#")
            return make_refnode(builder, fromdocname, docname, section_id, contnode)
        parts: list[nodes.Node] = []
        for cited in parse_citation_targets(target):
            if (home := self.home(cited.key)) is None:
                report(
                    f"no reference has the key {cited.key!r}: mend the key or add the entry", node
                )
                continue
            before = f"{cited.pre} " if cited.pre else ""
            link = self.link(cited.key, builder, fromdocname, home)
            after = f", {cited.post}" if cited.post else ""
            parts += [nodes.Text(("; " if parts else "") + before), *link, nodes.Text(after)]
        if typ in BRACKETED:
            parts = [nodes.Text("("), *parts, nodes.Text(")")]
        return nodes.inline("", "", *parts, classes=["bibtex-citation"])

    def link(self, key: str, builder: Builder, fromdocname: str, home: str) -> list[nodes.Node]:
        """Return the label of *key* as a link to its reference on the page *home*.

        LaTeX links to the name itself, without the page number that Sphinx would add each time.
        """
        label = nodes.Text(self.labels[key])
        if builder.format == "latex":
            start, end = rf"\hyperlink{{{latex_name(home, key)}}}{{", "}"
            return [nodes.raw("", start, format="latex"), label, nodes.raw("", end, format="latex")]
        return [make_refnode(builder, fromdocname, home, anchor(key), [label])]

    def resolve_any_xref(self, *_args: object) -> list[tuple[str, nodes.Element]]:  # type: ignore[override]
        """Return nothing: citations have roles of their own."""
        return []


class PlaceReferences(SphinxPostTransform):
    """Print the references at their places."""

    # Before ReferencesResolver (10), which resolves the links to the citing sections.
    default_priority = 6
    style = NLMStyle()

    def run(self, **_kwargs: object) -> None:
        """Replace each place by one paragraph or by a list."""
        domain = domain_of(self.env)
        for place in list(self.document.findall(reference_list)):
            paragraphs = [
                self.paragraph(domain, key, place["docname"])
                for key in domain.keys_at(place.get("key"))
            ]
            if "key" in place:
                place.replace_self(paragraphs)
                continue
            items = [nodes.list_item("", paragraph) for paragraph in paragraphs]
            place.replace_self(
                nodes.bullet_list("", *items, classes=["references"]) if items else []
            )

    def paragraph(self, domain: ReferencesDomain, key: str, docname: str) -> nodes.paragraph:
        """Return the reference of *key*: anchor, label, text, and where it is cited."""
        entry = domain.bibdata.data.entries[key]
        text = self.style.format_entry(domain.labels[key], entry).text.render(domain.backend)
        return nodes.paragraph(
            "",
            "",
            nodes.raw("", rf"\hypertarget{{{latex_name(docname, key)}}}{{}}", format="latex"),
            nodes.target("", "", ids=[anchor(key)]),
            nodes.strong("", domain.labels[key]),
            nodes.Text(" "),
            *text,
            *self.cited_in(domain.places(key)),
            classes=["reference"],
        )

    def cited_in(self, places: list[Place]) -> Iterator[nodes.Node]:
        """Yield the words "Cited in" and a link to each of *places*."""
        if not places:
            return
        yield nodes.Text(" Cited in: ")
        for number, place in enumerate(places):
            page = page_title(self.env, place)
            words = nodes.inline("", f"{page}, {place.title}" if place.title else page)
            target = f"{place.docname}#{place.section_id}"
            yield nodes.Text("; " if number else "")
            yield addnodes.pending_xref(
                "", words, refdomain="cite", reftype="place", reftarget=target, refexplicit=True
            )
        yield nodes.Text(".")


def domain_of(env: BuildEnvironment) -> ReferencesDomain:
    """Return the domain of this extension in *env*."""
    return cast("ReferencesDomain", env.get_domain("cite"))


def page_title(env: BuildEnvironment, place: Place) -> str:
    """Return the title of the page of *place*, empty for `NOWHERE`."""
    return env.titles[place.docname].astext() if place.docname in env.titles else ""


def anchor(key: str) -> str:
    """Return the anchor of the reference with *key*; it never changes, because others link to it."""
    return nodes.make_id(f"ref-{key}")


def latex_name(docname: str, key: str) -> str:
    """Return the name of the reference in LaTeX."""
    return f"cite.{docname}:{anchor(key)}"


def citations_in(document: nodes.document, docname: str) -> Iterator[tuple[str, Place]]:
    """Yield each key that *document* cites, with its section."""
    for xref in document.findall(addnodes.pending_xref):
        if xref.get("refdomain") != "cite":
            continue
        section: nodes.Node | None = xref
        while section is not None and not isinstance(section, nodes.section):
            section = section.parent
        section_id, title = "", ""
        if section is not None:
            section_id = section["ids"][0]
            if not isinstance(section.parent, nodes.document):
                title = section[0].astext()
        for cited in parse_citation_targets(xref["reftarget"]):
            yield cited.key, Place(docname, section_id, title)


def report(problem: str, location: nodes.Node | tuple[str, int] | str) -> None:
    """Warn of *problem* at *location*: a node, a docname with a line, or both as a directive has it."""
    logger.warning(problem, location=location, type="references", subtype="reference")


def take_database(app: Sphinx) -> None:
    """Label what sphinxcontrib-bibtex has parsed."""
    domain_of(app.env).take_database()


def what_pages_share(app: Sphinx, env: BuildEnvironment) -> str:
    """Return what changes when an entry changes: the labels and digests of all of them."""
    del app
    domain = domain_of(env)
    return repr((domain.labels, domain.data["digests"]))


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return what *docname* shows of references: labels and pages of those that it cites or prints."""
    del app
    domain = domain_of(env)
    cited = [
        (key, domain.labels.get(key), domain.home(key)) for key, _ in domain.cited.get(docname, ())
    ]
    printed = [
        (key, domain.labels[key], domain.data["digests"][key], place, page_title(env, place))
        for home, _ in domain.homes.get(docname, ())
        for key in ([home] if home else domain.labels)
        if key in domain.labels and domain.home(key) == docname
        for place in domain.places(key) or [NOWHERE]
    ]
    return repr((cited, printed)) if cited or printed else ""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, the domain and the transform."""
    app.setup_extension("sphinxcontrib.bibtex")
    app.setup_extension("fresh_pages")
    app.add_node(reference_list)
    app.add_domain(ReferencesDomain, override=True)
    app.add_directive("reference", ReferenceDirective)
    app.add_directive("bibliography", BibliographyDirective, override=True)
    app.add_post_transform(PlaceReferences)
    app.connect("builder-inited", take_database, priority=501)  # after sphinxcontrib.bibtex parsed
    app.connect("site-inputs", what_pages_share)
    app.connect("page-shows", what_a_page_shows)
    return {
        "version": "1.0.0",
        "env_version": 2,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
