"""The transforms of study records, and what connects their domain with a build."""

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from bibcheck.domain import BibCheckDomain
from common.settings import add_settings
from common.store import EXTENSION, warn_of
from common.tables import table_of
from references.domain import ReferencesDomain, cited_keys
from studies._directive import StudyDirective
from studies.consistency import FoundRecord, study_findings
from studies.domain import StudiesDomain, study_record
from studies.record import STUDY
from studies.vocabulary import DOUBTFUL, Vocabulary


class MarkDoubtfulCitations(SphinxPostTransform):
    """Say after each citation of a retracted or doubted paper what it is."""

    # Before PlaceReferences (6) and ReferencesResolver (10), which turn citations into links.
    default_priority = 3

    def run(self, **_kwargs: object) -> None:
        marks = marks_of(self.env)
        for xref in list(self.document.findall(addnodes.pending_xref)) if marks else ():
            place = xref.parent.index(xref) + 1
            for word in [marks[key] for key in reversed(cited_keys(xref)) if key in marks]:
                mark = nodes.strong("", f"[{word}]", classes=["retraction"])
                xref.parent.insert(place, [nodes.Text(" "), mark])


class FactsOnPaper(SphinxPostTransform):
    """Print the facts as a table: LaTeX would give each of them two lines."""

    default_priority = 3
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        for fields in list(self.document.findall(nodes.field_list)):
            if "study-facts" in fields["classes"]:
                rows = [
                    (field[0].astext(), next(field.findall(nodes.paragraph)).children)
                    for field in fields.findall(nodes.field)
                ]
                fields.replace_self(table_of({"": 22, " ": 78}, rows, ["study-facts"]))


def marks_of(env: BuildEnvironment) -> dict[str, str]:
    """Return the words behind citations of doubtful papers, by key."""
    labels = ReferencesDomain.of(env).labels
    return {
        study.record.key: f"{labels[study.record.key]}: {study.record['status']}"
        for study in StudiesDomain.of(env).all()
        if study.record["status"] in DOUBTFUL
    }


def check_records(app: Sphinx, env: BuildEnvironment) -> None:
    """Report what is wrong with the records and what they lack, in every build."""
    found = (
        FoundRecord(str(env.doc2path(docname, base=False)), study.record)
        for docname, studies in sorted(StudiesDomain.of(env).studies.items())
        for study in studies
    )
    entries = ReferencesDomain.of(env).entries
    places = BibCheckDomain.of(env).data["places"]
    warn_of(sorted(study_findings(found, entries, places)), STUDY)


def outdated_pages(app: Sphinx, env: BuildEnvironment, *_changes: object) -> Iterable[str]:
    """Return the pages with a record whose entry was edited, or whose review became overdue."""
    domain = StudiesDomain.of(env)
    return [
        docname
        for docname, studies in domain.studies.items()
        if any(domain.state(study.record) != study.state for study in studies)
    ]


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return which papers that *docname* cites are doubtful."""
    cited = {found.key for found in ReferencesDomain.of(env).cited[docname]}
    return repr([mark for key, mark in marks_of(env).items() if key in cited])


def register(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("references")
    add_settings(app, Vocabulary, STUDY)
    app.add_node(study_record)
    app.add_domain(StudiesDomain)
    app.add_directive(STUDY, StudyDirective)
    app.add_post_transform(MarkDoubtfulCitations)
    app.add_post_transform(FactsOnPaper)
    app.connect("env-get-outdated", outdated_pages)
    app.connect("env-updated", check_records)
    app.connect("page-fingerprint", what_a_page_shows)
    return EXTENSION | {"env_version": 3}
