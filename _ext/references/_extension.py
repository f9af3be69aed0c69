"""The directives that print references, the transform that fills their places, and the handlers."""

import functools
from collections.abc import Collection, Iterator
from typing import ClassVar

import pybtex.plugin
import sphinxcontrib.bibtex.plugin
from docutils import nodes
from pybtex.style.formatting import BaseStyle
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from bibcheck.check import citation_findings
from bibcheck.domain import BibCheckDomain
from common.store import EXTENSION, warn_of
from references._citation_style import AuthorYearLabelStyle
from references.domain import (
    CitingSection,
    ReferencesDomain,
    anchor,
    page_title,
    reference_placeholder,
)
from references.nlm_style import NLMStyle

logger = logging.getLogger(__name__)


class ReferenceDirective(SphinxDirective):
    """Print the full reference of one key; citations of that key lead here.

    ```` ```{reference} smith2020trial ````
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        key = {"key": self.arguments[0]} if self.arguments else {}
        node = reference_placeholder(docname=self.env.docname, **key)
        self.set_source_info(node)
        return [node]


class BibliographyDirective(ReferenceDirective):
    """List every reference that no `reference` directive prints."""

    required_arguments = 0


class PlaceReferences(SphinxPostTransform):
    """Print the references at their places."""

    # Before ReferencesResolver (10), which resolves the links to the citing sections.
    default_priority = 6

    def run(self, **_kwargs: object) -> None:
        domain = ReferencesDomain.of(self.env)
        for place in list(self.document.findall(reference_placeholder)):
            paragraphs = [
                self.paragraph(domain, key, place["docname"])
                for key in domain.keys_at(place.get("key"))
                if key in domain.labels  # `check_citations` names the others
            ]
            if "key" in place:
                place.replace_self(paragraphs)
                continue
            items = [nodes.list_item("", paragraph) for paragraph in paragraphs]
            found = nodes.bullet_list("", *items, classes=["references"])
            place.replace_self(found if items else [])

    def paragraph(self, domain: ReferencesDomain, key: str, docname: str) -> nodes.paragraph:
        """Return the reference of *key*: anchor, label, text, and where it is cited."""
        style = style_named(self.config.bibtex_default_style)
        text = style.format_entry(domain.labels[key], domain.entries[key]).text
        # The name that citations of sphinxcontrib-bibtex lead to in LaTeX.
        target = rf"\hypertarget{{cite.{docname}:{anchor(key)}}}{{}}"
        return nodes.paragraph(
            "",
            "",
            nodes.raw("", target, format="latex", trusted=True),
            nodes.target("", "", ids=[anchor(key)]),
            nodes.strong("", domain.labels[key]),
            nodes.Text(" "),
            *text.render(domain.backend),
            *self.cited_in(domain.backrefs.get(key, ())),
            classes=["reference"],
        )

    def cited_in(self, sections: Collection[CitingSection]) -> Iterator[nodes.Node]:
        """Yield the words "Cited in" and a link to each of *sections*."""
        if not sections:
            return
        yield nodes.Text(" Cited in: ")
        for number, section in enumerate(sections):
            page = page_title(self.env, section)
            words = nodes.inline("", f"{page}, {section.title}" if section.title else page)
            target = f"{section.docname}#{section.section_id}"
            yield nodes.Text("; " if number else "")
            yield addnodes.pending_xref(
                "", words, refdomain="cite", reftype="place", reftarget=target, refexplicit=True
            )
        yield nodes.Text(".")


@functools.cache
def style_named(name: str) -> BaseStyle:
    """Return the formatting style of pybtex with this *name*; finding it takes longer than using it."""
    return pybtex.plugin.find_plugin("pybtex.style.formatting", name)()


def check_citations(app: Sphinx, env: BuildEnvironment) -> None:
    """Report citations without an entry, entries without a citation, and what is printed twice.

    In every build, also when no page was read, so that no warning is lost with the second build.
    """
    domain = ReferencesDomain.of(env)
    written = BibCheckDomain.of(env).data
    found = citation_findings(written["places"], domain.all_citations(), written["wholes"])
    warn_of(sorted(set(found)), "bib")
    seen: set[str | None] = set()
    for docname in sorted(domain.printed):
        for key, line in domain.printed[docname]:
            if key in seen:
                what = f"the reference {key!r}" if key else "the list of references"
                logger.warning(
                    "%s is printed a second time: delete one",
                    what,
                    location=(docname, line),
                    type="references",
                    subtype="twice",
                )
            seen.add(key)


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return what *docname* shows of references."""
    return ReferencesDomain.of(env).shown_on(docname)


def register(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("sphinxcontrib.bibtex")
    app.setup_extension("bibcheck")
    app.setup_extension("incremental")
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
    app.add_directive("reference", ReferenceDirective)
    app.add_directive("bibliography", BibliographyDirective, override=True)
    app.add_post_transform(PlaceReferences)
    # Before `incremental` (900) ends the reading.
    app.connect("env-updated", check_citations)
    app.connect("page-fingerprint", what_a_page_shows)
    return EXTENSION | {"env_version": 3}
