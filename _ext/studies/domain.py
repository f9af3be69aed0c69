"""All study records of a site, as pages, tables and feeds use them."""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.config import Config
from sphinx.domains import ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util.nodes import traverse_parent
from sphinxcontrib.bibtex.domain import get_docnames

from common.settings import read_settings
from common.store import PageStore, warn_here
from common.text import today
from references.domain import ReferencesDomain, cited_keys
from studies.record import NESTED, STUDY, Record, with_problem
from studies.together import Selection, overlaps_between, parse_selection
from studies.vocabulary import DOUBTFUL, HARMS_TERM, Vocabulary

#: A key in a stored text: the label that it becomes may change with an entry.
KEY = re.compile("\0(.*?)\0")


class Study(NamedTuple):
    """A paper with its record, as other rooms use it."""

    docname: str  #: The page with the record, and the title of the section around it.
    theme: str
    record: Record
    #: What an edit elsewhere, or a new day, can change: see `StudiesDomain.state`.
    state: tuple[str, ...]
    prose: dict[str, str]  #: The text under each term of the prose, with keys as `KEY` finds them.

    def texts(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the text under each term, with *labels* for citations, as they are now."""
        return {
            term: " ".join(KEY.sub(lambda key: labels.get(key[1], key[1]), text).split())
            for term, text in self.prose.items()
        }


class study_record(nodes.Invisible, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """Carries the *record* of the section around it to `StudiesDomain.process_doc`, and no further."""


class study_overlaps(nodes.General, nodes.Element):  # noqa: N801
    """The place of the papers that the one with *key* depends on, in a field."""


class study_selection(nodes.Inline, nodes.Element):  # noqa: N801
    """The place of the number and the names of the papers that match a *selection*."""


class StudiesDomain(PageStore):
    """All study records, by the page that holds them."""

    name = "study"
    label = "Study records"
    by_page = ("studies", "selections")
    object_types: ClassVar[dict[str, ObjType]] = {"record": ObjType("study record")}
    #: The studies of each page, in their order, also those that are wrong.
    studies: dict[str, list[Study]]
    #: What each page counts, in its order.
    selections: dict[str, list[Selection]]

    def state(self, record: Record) -> tuple[str, ...]:
        """Return what changes with the entry of *record*, empty without one, with the day, and with databases."""
        bibliography = ReferencesDomain.of(self.env)
        ledger = bibliography.ledger
        entry, key = bibliography.digests.get(record.key, ""), record.key
        known = entry and ledger.notice(key, bibliography.entries[key].fields)
        compared = ledger.words(key, entry, record.digest, today())
        return entry, str(record.overdue(today())), compared, str(known)

    @cached_property
    def all(self) -> list[Study]:
        """Return the study of each paper, in the order of the toctree, once all pages have been read."""
        found: dict[str, Study] = {}
        for docname in get_docnames(self.env):  # type: ignore[no-untyped-call]
            for study in self.studies.get(docname, ()):
                if study.state[0]:  # there is such a paper
                    found.setdefault(study.record.key, study)
        return list(found.values())

    @cached_property
    def marks(self) -> dict[str, str]:
        """Return the status of doubtful papers, which stands behind their names, by key."""
        notices = ReferencesDomain.of(self.env).notices
        found = {key: known.status for key, known in notices.items()}
        found |= {study.record.key: study.record["status"] for study in self.all}
        return {key: status for key, status in found.items() if status in DOUBTFUL}

    @cached_property
    def overlaps(self) -> dict[str, dict[str, list[str]]]:
        """Return on which others each paper depends, by its key and by how."""
        return overlaps_between(study.record for study in self.all)

    def selected(self, selection: Selection) -> list[str]:
        """Return the keys of the papers that *selection* counts, in the order of the toctree."""
        return [study.record.key for study in self.all if selection.matches(study.record)]

    def get_objects(self) -> Iterator[tuple[str, str, str, str, str, int]]:
        """Yield each record, for the search and for other sites.

        Where a name is an anchor, too, the search of Sphinx leads to what it shows as the name.
        """
        bibliography = ReferencesDomain.of(self.env)
        for study in self.all:
            key, label = study.record.key, bibliography.labels[study.record.key]
            if place := bibliography.place_of(key):
                name = f"{study.record['plain-title'] or key} ({label})"
                yield f"{STUDY}.{key}", name, "record", *place, 0

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        found = []
        for carrier in list(document.findall(study_record)):
            record: Record = carrier["record"]
            section = carrier.parent
            outer = section.parent if isinstance(section, nodes.section) else section
            theme = outer[0].astext() if isinstance(outer, nodes.section) else ""
            if not isinstance(outer, nodes.section | nodes.document):
                record = with_problem(record, NESTED)
            found.append(Study(docname, theme, record, self.state(record), prose_of(section)))
            section.remove(carrier)
        if found:
            self.studies[docname] = found
        places = list(document.findall(study_selection))
        for place in places:
            if any(traverse_parent(place, nodes.title)):  # which is copied before it is filled
                message = "a heading cannot count papers; move the sentence out of it"
                warn_here(env, place.parent.line, message, STUDY, "selection")
                place.replace_self(nodes.Text(place["selection"].nouns[1]))
        if selections := [place["selection"] for place in places]:
            self.selections[docname] = selections


def selection_of(text: str, env: BuildEnvironment, line: int) -> Selection | None:
    """Return the papers that *text* on the *line* of a page means; warn of what means none."""
    selection = parse_selection(text, vocabulary_of(env.config))
    if isinstance(selection, Selection):
        return selection
    warn_here(env, line, selection, STUDY, "selection")
    return None


def vocabulary_of(config: Config) -> Vocabulary:
    """Return the settings of this room."""
    return read_settings(Vocabulary, "study", config)


def prose_of(section: nodes.Element) -> dict[str, str]:
    """Return the text under each term of the definition lists in *section*."""
    return {
        item[0].astext(): "".join(map(text_of, item.findall(nodes.definition)))
        for item in section.findall(nodes.definition_list_item)
        if item[0].astext() != HARMS_TERM
    }


def text_of(node: nodes.Node) -> str:
    """Return the text of *node*, with blocks apart, and with keys for citations."""
    if isinstance(node, addnodes.pending_xref) and (keys := cited_keys(node)):
        return "(" + "; ".join(f"\0{key}\0" for key in keys) + ")"
    if not isinstance(node, nodes.Element):
        return node.astext()
    text = "".join(map(text_of, node.children))
    return text if isinstance(node, nodes.Inline) else f" {text}"
