"""References in their right place, in HTML and in PDF, each of them once.

`reference` prints the full reference of one key where the annotation of the paper stands;
`bibliography` of sphinxcontrib-bibtex lists all the others.
Both become ordinary paragraphs and lists: LaTeX moves citation nodes to the end of the book
(sphinx-doc/sphinx#5893), and screen readers get a list that is a list.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, cast

import pybtex.plugin
import sphinxcontrib.bibtex.plugin
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.directives import BibliographyKey, BibliographyValue
from sphinxcontrib.bibtex.domain import BibtexDomain
from sphinxcontrib.bibtex.nodes import bibliography
from sphinxcontrib.bibtex.style.referencing import BracketStyle, GroupReferenceStyle
from sphinxcontrib.bibtex.style.referencing.basic_label import BasicLabelParentheticalReferenceStyle
from sphinxcontrib.bibtex.style.referencing.extra_label import ExtraLabelReferenceStyle

from author_year import labels
from nlm_style import NLMStyle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pybtex.database import Entry
    from pybtex.style import FormattedEntry
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata, OptionSpec

logger = logging.getLogger(__name__)


@dataclass
class AuthorYearReferenceStyle(GroupReferenceStyle):
    """Cite by the label of the reference list: ``{cite:p}`` as (Yovell et al. 2016)."""

    styles: list[BasicLabelParentheticalReferenceStyle | ExtraLabelReferenceStyle] = field(  # type: ignore[assignment]
        default_factory=lambda: [
            BasicLabelParentheticalReferenceStyle(bracket=BracketStyle("(", ")", sep="; ")),
            ExtraLabelReferenceStyle(bracket=BracketStyle("(", ")", sep="; ")),
        ]
    )


class ReferenceDirective(SphinxDirective):
    """Print the full reference of one key; citations of that key lead here.

    ```` ```{reference} yovell2016ultra ````
    """

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Register a bibliography of one entry and leave its place in the page."""
        domain = cast("ReferencesDomain", self.env.get_domain("cite"))
        key = self.arguments[0]
        if key not in domain.bibdata.data.entries:
            logger.warning(
                "no reference has the key %r: add it to the .bib file or mend the key",
                key,
                location=self.get_location(),
                type="references",
                subtype="unknown_key",
            )
            return []
        bibfiles = list(domain.bibdata.bibfiles)
        for bibfile in bibfiles:
            self.env.note_dependency(str(bibfile))
        node = bibliography("", docname=self.env.docname, ids=[nodes.make_id(f"reference-{key}")])
        self.state.document.note_explicit_target(node, node)
        domain.bibliographies[BibliographyKey(self.env.docname, node["ids"][0])] = (
            BibliographyValue(
                line=self.lineno,
                bibfiles=bibfiles,
                style=self.config.bibtex_default_style,
                list_="citation",
                enumtype="arabic",
                start=1,
                labelprefix="",
                keyprefix="",
                filter_=ast.parse("False"),
                citation_nodes={
                    key: nodes.citation(
                        ids=[nodes.make_id(self.config.bibtex_cite_id.format(key=key))]
                    )
                },
                keys=[key],
            )
        )
        return [node]


class ReferencesDomain(BibtexDomain):
    """The domain of sphinxcontrib-bibtex, with each reference listed once and labelled as a whole."""

    def env_updated(self) -> Iterable[str]:
        """Label every reference of the site before any list is made: a/b must hold across lists."""
        self.labels = labels(self.bibdata.data.entries.values())
        return super().env_updated()

    def get_formatted_entries(
        self,
        bibliography_key: BibliographyKey,
        docnames: list[str],
        tooltips: bool,  # noqa: FBT001  the base class names it so
        tooltips_style: str,
    ) -> Iterable[tuple[Entry, FormattedEntry, FormattedEntry | None]]:
        """Give each entry of a list the label it has on the whole site."""
        for entry, formatted, tooltip in super().get_formatted_entries(
            bibliography_key, docnames, tooltips, tooltips_style
        ):
            formatted.label = self.labels[entry.key]
            yield entry, formatted, tooltip

    def get_filtered_entries(
        self, bibliography_key: BibliographyKey
    ) -> Iterable[tuple[str, Entry]]:
        """Leave out of a list what a `reference` directive prints elsewhere."""
        placed = {key for value in self.bibliographies.values() for key in value.keys}
        own = self.bibliographies[bibliography_key].keys
        return (
            (key, entry)
            for key, entry in super().get_filtered_entries(bibliography_key)
            if key in own or key not in placed
        )


class PlaceReferences(SphinxPostTransform):
    """Turn the citation nodes of sphinxcontrib-bibtex into a paragraph, or a list of them."""

    # After BibliographyTransform (5) made the citation nodes, before ReferencesResolver (10).
    default_priority = 6

    def run(self, **_kwargs: object) -> None:
        """Replace each container of citations."""
        for container in list(self.document.findall(nodes.container)):
            citations = [child for child in container if isinstance(child, nodes.citation)]
            if not citations or len(citations) != len(container):
                continue
            paragraphs = [self.paragraph(citation) for citation in citations]
            if len(paragraphs) == 1:
                container.replace_self(paragraphs)
                continue
            items = [nodes.list_item("", paragraph) for paragraph in paragraphs]
            container.replace_self(nodes.bullet_list("", *items, classes=["references"]))

    def paragraph(self, citation: nodes.citation) -> nodes.paragraph:
        """Return the reference of *citation*, led by its label and carrying its anchor.

        In LaTeX sphinxcontrib-bibtex links to the name that a citation node would define
        (`SphinxReferenceText.render`), so that name is defined here.
        """
        label, text = citation
        name = f"cite.{citation['docname']}:{citation['ids'][0]}"
        return nodes.paragraph(
            "",
            "",
            nodes.raw("", rf"\hypertarget{{{name}}}{{}}", format="latex"),
            nodes.target("", "", ids=citation["ids"]),
            nodes.strong("", label.astext()),
            nodes.Text(" "),
            *text.children,
            classes=["reference"],
        )


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the styles, the directive and the transform."""
    pybtex.plugin.register_plugin("pybtex.style.formatting", "nlm", NLMStyle)
    sphinxcontrib.bibtex.plugin.register_plugin(
        "sphinxcontrib.bibtex.style.referencing", "author_year_label", AuthorYearReferenceStyle
    )
    app.setup_extension("sphinxcontrib.bibtex")
    app.add_domain(ReferencesDomain, override=True)
    app.add_directive("reference", ReferenceDirective)
    app.add_post_transform(PlaceReferences)
    return {
        "version": "1.0.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
