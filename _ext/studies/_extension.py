"""The transforms of study records, and what connects their domain with a build."""

from collections.abc import Iterable

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxRole
from sphinx.util.typing import ExtensionMetadata

from bibcheck.domain import BibCheckDomain
from common.settings import add_settings
from common.store import EXTENSION, warn_of
from common.text import capital
from references.domain import ReferencesDomain, anchor, cited_keys
from studies._directive import StudyDirective
from studies.consistency import FoundRecord, study_findings
from studies.domain import (
    StudiesDomain,
    selection_of,
    study_overlaps,
    study_record,
    study_selection,
    vocabulary_of,
)
from studies.record import STUDY
from studies.vocabulary import STATUSES, Vocabulary
from studies.wording import result_in_short


class MarkDoubtfulCitations(SphinxPostTransform):
    """Say after each citation of a retracted or doubted paper what it is."""

    # Before PlaceReferences (6) and ReferencesResolver (10), which turn citations into links.
    default_priority = 3

    def run(self, **_kwargs: object) -> None:
        labels, marks = ReferencesDomain.of(self.env).labels, StudiesDomain.of(self.env).marks
        for xref in list(self.document.findall(addnodes.pending_xref)) if marks else ():
            place = xref.parent.index(xref) + 1
            for key in reversed([key for key in cited_keys(xref) if key in marks]):
                words = f"[{labels[key]}: {marks[key]}]"
                mark = nodes.strong("", words, classes=["retraction"])
                xref.parent.insert(place, [nodes.Text(" "), mark])


class StudiesRole(SphinxRole):
    """The number of papers that match, and their names: ``trial|trials: medicine: a, b``."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        selection = selection_of(self.text, self.env, self.lineno)
        return [study_selection(selection=selection)] if selection else [], []


class ShowTogether(SphinxPostTransform):
    """Fill in what all records say together: numbers of papers, and which depend on which."""

    # After the notice is there (4), before facts become a table (7) and links are resolved (10).
    default_priority = 5

    def run(self, **_kwargs: object) -> None:
        domain = StudiesDomain.of(self.env)
        for counted in list(self.document.findall(study_selection)):
            keys = domain.selected(counted["selection"])
            number = counted["selection"].number_in_words(len(keys))
            listed = [nodes.Text(" ("), *self.names(keys, "; "), nodes.Text(")")] if keys else []
            counted.replace_self([nodes.Text(number), *listed])
        for place in list(self.document.findall(study_overlaps)):
            words = nodes.paragraph()
            for kind, keys in domain.overlaps.get(place["key"], {}).items():
                kind_of = nodes.Text(f"{capital(kind)}: ")
                words += [kind_of, *self.names(keys, ", "), nodes.Text(". ")]
            if words.children:
                place.replace_self(words)
            else:
                field = place.parent.parent
                field.parent.remove(field)

    def names(self, keys: Iterable[str], separator: str) -> list[nodes.Node]:
        """Return the labels of *keys* as links to their records."""
        labels, marks = ReferencesDomain.of(self.env).labels, StudiesDomain.of(self.env).marks
        found: list[nodes.Node] = []
        link = {"refdomain": "std", "reftype": "ref", "refexplicit": True, "refwarn": True}
        link["refdoc"] = self.env.docname
        for key in keys:
            found.append(nodes.Text(separator if found else ""))
            name = nodes.inline("", labels[key])
            found.append(addnodes.pending_xref("", name, reftarget=key.lower(), **link))
            if mark := marks.get(key):
                found += [nodes.Text(" "), nodes.strong("", f"[{mark}]", classes=["retraction"])]
        return found


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
    """Return what *docname* shows of other records: doubts, numbers of papers, and overlaps."""
    domain, bibliography = StudiesDomain.of(env), ReferencesDomain.of(env)
    marks, labels = domain.marks, bibliography.labels
    counted = [domain.selected(selection) for selection in domain.selections.get(docname, ())]
    studies = domain.studies.get(docname, ())
    overlaps = [domain.overlaps.get(study.record.key, {}) for study in studies]
    depending = [keys for kinds in overlaps for keys in kinds.values()]
    named = {key for keys in (*counted, *depending) for key in keys}
    doubted = marks.keys() & (named | {found.key for found in bibliography.cited[docname]})
    doubts = [(key, labels[key], marks[key]) for key in sorted(doubted)]
    names = [
        (study.record.key, study.docname, labels[study.record.key])
        for study in domain.all
        if study.record.key in named
    ]
    return repr((counted, overlaps, names, doubts))


def what_links_mean(app: Sphinx, env: BuildEnvironment) -> dict[str, list[str]]:
    """Return what the records say of their papers, by the anchors of the references."""
    vocabulary, told = vocabulary_of(env.config), {}
    for record in (study.record for study in StudiesDomain.of(env).all):
        notice = record.notice and f"{capital(record.notice)}: {STATUSES[record.notice]}"
        lines = [notice, result_in_short(record, vocabulary)]
        told[anchor(record.key)] = [*filter(None, lines)]
    return told


def register(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("references")
    app.setup_extension("folded")
    add_settings(app, Vocabulary, STUDY)
    app.add_node(study_record)
    app.add_domain(StudiesDomain)
    app.add_directive(STUDY, StudyDirective)
    app.add_role("studies", StudiesRole())
    app.add_node(study_overlaps)
    app.add_node(study_selection)
    app.add_post_transform(ShowTogether)
    app.add_post_transform(MarkDoubtfulCitations)
    app.connect("env-get-outdated", outdated_pages)
    app.connect("env-updated", check_records)
    app.connect("page-fingerprint", what_a_page_shows)
    # After the references, whose lines come first.
    app.connect("preview-texts", what_links_mean, priority=600)
    return EXTENSION | {"env_version": 11}
