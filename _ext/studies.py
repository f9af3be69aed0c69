"""Study records on the page: what a paper is, what it shows, and what it does not.

```` ```{study} key ```` becomes a section: the title and the reference from the ``.bib`` file, the
facts in words, the prose, the publication status, and when the record was compared with its source.
Built-in nodes carry all of it, so every builder prints it. `study_record` reads the options and
`bib_integrity` reports what is wrong with them, in every build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

import references
from study_directive import StudyDirective
from study_domain import StudiesDomain, domain_of
from study_options import DOUBTFUL
from tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata


class MarkDoubtfulCitations(SphinxPostTransform):
    """Say after each citation of a retracted or doubted paper what it is."""

    # Before PlaceReferences (6) and ReferencesResolver (10), which turn citations into links.
    default_priority = 3

    def run(self, **_kwargs: object) -> None:
        """Put the words behind the citations."""
        marks = marks_of(self.env)
        for xref in list(self.document.findall(addnodes.pending_xref)) if marks else ():
            if xref.get("refdomain") != "cite" or xref.get("reftype") == "place":
                continue
            words = [
                marks[target.key]
                for target in parse_citation_targets(xref["reftarget"])
                if target.key in marks
            ]
            place = xref.parent.index(xref) + 1
            for word in reversed(words):
                mark = nodes.strong("", f"[{word}]", classes=["retraction"])
                xref.parent.insert(place, [nodes.Text(" "), mark])


class FactsOnPaper(SphinxPostTransform):
    """Print the facts as a table: LaTeX would give each of them two lines."""

    default_priority = 3
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        """Replace the field lists of the records."""
        for fields in list(self.document.findall(nodes.field_list)):
            if "study-facts" in fields["classes"]:
                rows = [
                    (field[0].astext(), paragraph_of(field))
                    for field in fields.findall(nodes.field)
                ]
                fields.replace_self(table_of({"": 22, " ": 78}, rows, ["study-facts"]))


def paragraph_of(field: nodes.field) -> list[nodes.Node]:
    """Return the words of *field*."""
    return [node for paragraph in field.findall(nodes.paragraph) for node in paragraph]


def marks_of(env: BuildEnvironment) -> dict[str, str]:
    """Return the words behind citations of doubtful papers, by key."""
    labels = references.domain_of(env).labels
    return {
        study.key: f"{labels.get(study.key, study.key)}: {study.record['status']}"
        for study in domain_of(env).all()
        if study.record["status"] in DOUBTFUL
    }


def note_builder(app: Sphinx) -> None:
    """Tell the domain which builder is at work."""
    domain_of(app.env).builder = app.builder


def outdated_pages(app: Sphinx, env: BuildEnvironment, *_changes: object) -> Iterable[str]:
    """Return the pages with a record whose entry was edited, or whose review became overdue."""
    del app
    domain = domain_of(env)
    return [
        docname
        for docname, records in domain.seen.items()
        if any(domain.state(record) != seen for record, seen in records)
    ]


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return which papers that *docname* cites are doubtful."""
    del app
    cited = {key for key, _ in references.domain_of(env).cited.get(docname, ())}
    marks = [(key, mark) for key, mark in marks_of(env).items() if key in cited]
    return repr(marks) if marks else ""


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, the domain and the transform."""
    app.setup_extension("references")
    app.setup_extension("bib_integrity")  # reports what is wrong with a record
    app.add_domain(StudiesDomain)
    app.add_directive("study", StudyDirective)
    app.add_post_transform(MarkDoubtfulCitations)
    app.add_post_transform(FactsOnPaper)
    app.connect("builder-inited", note_builder)
    app.connect("env-get-outdated", outdated_pages)
    app.connect("page-shows", what_a_page_shows)
    return {
        "version": "1.0.0",
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
