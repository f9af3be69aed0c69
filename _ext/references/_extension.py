"""The directives that print references, the transform that fills their places, and the handlers."""

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import ClassVar

import pybtex.plugin
import sphinxcontrib.bibtex.plugin
from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from bibcheck.check import Citation, citation_findings
from bibcheck.domain import BibCheckDomain
from bibtex.entry import ANNOTATED, has_keyword
from common.findings import Finding
from common.scripts import WEB
from common.store import EXTENSION, warn_of
from common.text import IDENTIFIERS, today
from references._citation_style import AuthorYearLabelStyle
from references.domain import (
    COMPARED,
    LISTS,
    UNVERIFIED,
    CitingRole,
    ReferencesDomain,
    anchor,
    reference_placeholder,
)
from references.labels import names_of
from references.nlm_style import NLMStyle, caveat, in_short
from verified import FILE, SCHEMA


class ReferenceDirective(SphinxDirective):
    """Print the full reference of one key; citations of that key lead here.

    ```` ```{reference} smith2020trial ````
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        key = self.arguments[0] if self.arguments else LISTS[self.name.lower()]
        node = reference_placeholder(key=key)
        self.set_source_info(node)
        return [node]


class ListDirective(ReferenceDirective):
    """Print what concerns all references.

    ``bibliography`` lists every one that no `reference` directive prints, ``unverified`` what is not
    verified of each, to which its mark leads, and ``compared`` says how many were compared with
    databases, and of how many that is due again.
    """

    required_arguments = 0


class PlaceReferences(SphinxPostTransform):
    """Print the references at their places."""

    # Before ReferencesResolver (10), which resolves the links to the citing sections.
    default_priority = 6

    def run(self, **_kwargs: object) -> None:
        domain = ReferencesDomain.of(self.env)
        for place in list(self.document.findall(reference_placeholder)):
            place.replace_self([*self.shown_at(domain, place["key"])])

    def shown_at(self, domain: ReferencesDomain, place: str) -> Sequence[nodes.Element]:
        """Return what is printed at *place*, a key or the name of a list."""
        if place == COMPARED:
            return [nodes.paragraph("", compared_in_words(domain))]
        if place == UNVERIFIED:
            keys = [key for key in domain.in_order if caveat(domain.entries[key])]
            if not keys:
                return [nodes.paragraph("", "There is nothing.")]
            found = [self.open_points(domain, key) for key in keys]
        else:
            found = [self.paragraph(domain, key) for key in domain.keys_at(place)]
        if not found or place not in LISTS.values():
            return found
        items = [nodes.list_item("", paragraph) for paragraph in found]
        return [nodes.bullet_list("", *items, classes=["references"])]

    def open_points(self, domain: ReferencesDomain, key: str) -> nodes.paragraph:
        """Return what is not verified of *key*, behind its label."""
        label = nodes.strong("", domain.labels[key])
        words = nodes.Text(f": {caveat(domain.entries[key])}.")
        page = domain.page_of(key)
        name = place_xref(f"{page}#{anchor(key)}", label) if page else label
        return nodes.paragraph("", "", nodes.target("", "", ids=[anchor(key, "open")]), name, words)

    def caveat(self, domain: ReferencesDomain, key: str) -> list[nodes.Node]:
        """Return the mark of what is not verified of *key*, or all of it where no page lists it."""
        if not (words := caveat(domain.entries[key])):
            return []
        mark: nodes.Element = nodes.emphasis("", f"Not yet verified: {words}")
        if page := domain.pages.get(UNVERIFIED):
            short = nodes.emphasis("", "Not fully verified")
            mark = place_xref(f"{page}#{anchor(key, 'open')}", short)
        return [nodes.Text(" "), mark, nodes.Text(".")]

    def paragraph(self, domain: ReferencesDomain, key: str) -> nodes.paragraph:
        """Return the reference of *key*: anchor, label, text, and where it is cited."""
        # The name that citations of sphinxcontrib-bibtex lead to in LaTeX.
        name = f"{domain.page_of(key)}:{anchor(key)}"
        target = rf"\hypertarget{{cite.{name}}}{{}}"
        found = nodes.paragraph(
            "",
            "",
            nodes.raw("", target, format="latex", trusted=True),
            nodes.target("", "", ids=[anchor(key)]),
            nodes.strong("", domain.labels[key]),
            classes=["reference"],
            key=key,
        )
        # A record tells by itself what databases know of the paper.
        is_told = has_keyword(domain.entries[key], ANNOTATED)
        if key in domain.notices and not is_told:
            words = f"[{domain.notices[key].status}]"
            found += [nodes.Text(" "), nodes.strong("", words, classes=["retraction"])]
        found += [nodes.Text(" "), *domain.text_of(key), *self.caveat(domain, key)]
        if (words := domain.compared(key)) and not is_told:
            found += nodes.Text(f" {words}")
        places = cited_in(domain.backrefs.get(key, {}))
        found += nodes.inline("", "", *places, classes=["cited-in"], target=name)
        return found


def compared_in_words(domain: ReferencesDomain) -> str:
    """Return how many references were compared with databases, and what is due."""
    asked_for = {*IDENTIFIERS}
    known = [key for key, entry in domain.entries.items() if asked_for & {*entry.fields}]
    states = Counter(domain.ledger.state(key, domain.digests[key], "", today()) for key in known)
    number, others = len(known), len(domain.entries) - len(known)
    compared = states["compared"] + states["due"]
    told = [
        f"Of {number} references with a DOI or PMID, {compared or 'none'} were compared so far."
    ]
    told += [f"For {states['due']} of these that is due again."] * bool(states["due"])
    told += [f"Edited since they were compared: {states['changed']}."] * bool(states["changed"])
    told += [f"Without such a number, and so not compared: {others}."] * bool(others)
    return " ".join(told)


def cited_in(sections: Mapping[str, str]) -> list[nodes.Node]:
    """Return the words "Cited in" and a link to each of *sections*; nothing when there are none."""
    found: list[nodes.Node] = []
    for target, words in sections.items():
        found.append(nodes.Text("; " if found else " Cited in: "))
        found.append(place_xref(target, nodes.inline("", words)))
    return [*found, nodes.Text(".")] if found else []


def place_xref(target: str, words: nodes.Element) -> addnodes.pending_xref:
    """Return a link with *words* to *target*, a page and an anchor."""
    link = {"refdomain": "cite", "reftype": "place", "refexplicit": True}
    return addnodes.pending_xref("", words, reftarget=target, **link)


def check_citations(app: Sphinx, env: BuildEnvironment) -> None:
    """Report citations without an entry, entries without a citation, and what is printed twice.

    In every build, also when no page was read, so that no warning is lost with the second build.
    """
    domain = ReferencesDomain.of(env)
    cited: list[Citation] = []
    twice: list[Finding] = []
    seen: set[str] = set()
    lists = LISTS.values()
    for docname, printed in sorted(domain.printed.items()):
        path = str(env.doc2path(docname, base=False))
        cited += (Citation(path, line, key) for key, line, *_ in domain.cited[docname])
        cited += (Citation(path, line, key) for key, line in printed if key not in lists)
        for key, line in printed:
            if key in seen and key != COMPARED:
                what = key if key in lists else f"the reference {key!r}"
                message = f"{what} is printed a second time: delete one"
                twice.append(Finding(path, line, "", "twice", message))
            seen.add(key)
    written = BibCheckDomain.of(env).data
    found = citation_findings(written["places"], cited, written["wholes"])
    warn_of(sorted(set(found)), "bib")
    warn_of(twice, "references")


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return what *docname* shows of the references that it cites or prints."""
    domain = ReferencesDomain.of(env)
    places = [place for place, _ in domain.printed[docname]]
    keys = [key for place in places for key in domain.keys_at(place)]
    shown: list[object] = [domain.pages.get(UNVERIFIED)] if keys else []
    for key in keys:
        shown.append((domain.digests[key], domain.backrefs.get(key)))
        shown.append((domain.compared(key), domain.notices.get(key)))
    if COMPARED in places:
        shown.append(compared_in_words(domain))
    if UNVERIFIED in places:
        keys += domain.labels
        shown += map(caveat, domain.entries.values())
    keys += [found.key for found in domain.cited[docname]]
    return repr((shown, [(key, domain.labels.get(key), domain.page_of(key)) for key in keys]))


def what_links_mean(app: Sphinx, env: BuildEnvironment) -> dict[str, list[str]]:
    """Return what the references are, by their anchors."""
    domain = ReferencesDomain.of(env)
    return {
        anchor(key): [label, in_short(domain.entries[key])] for key, label in domain.labels.items()
    }


def entries_for_the_search(app: Sphinx, docname: str) -> Iterator[tuple[str, str]]:
    """Yield the names of each reference that *docname* prints, with the anchor where they lead."""
    domain = ReferencesDomain.of(app.env)
    keys = [key for place, _ in domain.printed[docname] for key in domain.keys_at(place)]
    for key, place in ((key, domain.place_of(key)) for key in dict.fromkeys(keys)):
        if place and place[0] == docname:
            yield from ((place[1], name) for name in names_of(domain.entries[key]))


def offer_ledger(app: Sphinx, exception: Exception | None) -> None:
    """Copy the file with comparisons and its schema beside the pages of a web site."""
    if exception is not None or app.builder.name not in WEB:
        return
    ledger = app.srcdir / FILE
    for path in (ledger, SCHEMA):
        if ledger.exists():
            shutil.copyfile(path, app.outdir / path.name)
        else:
            Path(app.outdir, path.name).unlink(missing_ok=True)


def register(app: Sphinx) -> ExtensionMetadata:
    for room in ("bibcheck", "incremental", "preview", "lookup"):
        app.setup_extension(room)
    # sphinxcontrib-bibtex and pybtex ask the metadata of all installed packages for what is not registered.
    pybtex.plugin.register_plugin("pybtex.style.formatting", "nlm", NLMStyle, force=True)
    sphinxcontrib.bibtex.plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing",
        "author_year_label",
        AuthorYearLabelStyle,
        force=True,
    )
    app.add_node(reference_placeholder)
    app.add_domain(ReferencesDomain, override=True)
    app.add_role("cite", CitingRole(), override=True)
    app.add_directive("reference", ReferenceDirective)
    for name in LISTS:
        app.add_directive(name, ListDirective, override=True)
    app.add_post_transform(PlaceReferences)
    # Before `incremental` (900) ends the reading.
    app.connect("env-updated", check_citations)
    app.connect(
        "builder-inited", lambda app: ReferencesDomain.of(app.env).ledger
    )  # warns in each build
    app.connect("build-finished", offer_ledger)
    app.connect("page-fingerprint", what_a_page_shows)
    app.connect("preview-texts", what_links_mean)
    app.connect("search-entries", entries_for_the_search)
    return EXTENSION | {"env_version": 6}
