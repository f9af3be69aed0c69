"""All study records of a site, as pages, tables and feeds use them."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, NamedTuple

from docutils import nodes
from sphinx import addnodes
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinxcontrib.bibtex.domain import get_docnames

from common.settings import read_settings
from common.store import PageStore
from common.text import today
from references.domain import ReferencesDomain, cited_keys
from studies.consistency import FoundRecord
from studies.record import NESTED, Record, with_problem
from studies.vocabulary import Vocabulary


class Cited(NamedTuple):
    """A citation in a stored text: its label may change with an entry."""

    keys: tuple[str, ...]


class Study(NamedTuple):
    """A paper with its record, as other rooms use it."""

    docname: str  #: The page with the record, and the title of the section around it.
    theme: str
    record: Record
    #: What an edit elsewhere, or a new day, can change: see `StudiesDomain.state`.
    state: tuple[str, bool]
    prose: dict[str, tuple[str | Cited, ...]]  #: The text under each term of the prose.

    def texts(self, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the text under each term, with *labels* for citations, as they are now."""
        return {
            term: " ".join("".join(in_words(part, labels) for part in parts).split())
            for term, parts in self.prose.items()
        }


class study_record(nodes.Invisible, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """Carries the *record* of the section around it to `StudiesDomain.process_doc`, and no further."""


class StudiesDomain(PageStore):
    """All study records, by the page that holds them."""

    name = "study"
    label = "Study records"
    initial_data: ClassVar[dict[str, Any]] = {"studies": {}}
    by_page = ("studies",)
    #: The studies of each page, in their order, also those that are wrong.
    studies: dict[str, list[Study]]

    def state(self, record: Record) -> tuple[str, bool]:
        """Return what changes with the entry of *record*, empty without one, and with the day."""
        digests = ReferencesDomain.of(self.env).digests
        return digests.get(record.key, ""), record.overdue(today())

    def all(self) -> list[Study]:
        """Return the study of each paper, in the order of the toctree."""
        order = get_docnames(self.env)  # type: ignore[no-untyped-call]
        found: dict[str, Study] = {}
        for docname in order:
            for study in self.studies.get(docname, ()):
                if study.state[0]:  # there is such a paper
                    found.setdefault(study.record.key, study)
        return list(found.values())

    def found_records(self) -> Iterator[FoundRecord]:
        """Yield all records with the path of their page."""
        for docname, studies in sorted(self.studies.items()):
            path = str(self.env.doc2path(docname, base=False))
            yield from (FoundRecord(path, study.record) for study in studies)

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


def vocabulary_of(config: Config) -> Vocabulary:
    """Return the settings of this room."""
    return read_settings(Vocabulary, "study", config)


def prose_of(section: nodes.Element) -> dict[str, tuple[str | Cited, ...]]:
    """Return the text under each term of the definition lists in *section*, whole."""
    return {
        item[0].astext(): tuple(
            part
            for definition in item.findall(nodes.definition)
            for part in (" ", *parts_of(definition))
        )
        for item in section.findall(nodes.definition_list_item)
    }


def parts_of(node: nodes.Element) -> Iterator[str | Cited]:
    """Yield the text of *node* in pieces: words, and citations."""
    for child in node.children:
        if isinstance(child, addnodes.pending_xref) and (keys := cited_keys(child)):
            yield Cited(tuple(keys))
        elif isinstance(child, nodes.Element):
            yield "" if isinstance(child, nodes.Inline) else " "
            yield from parts_of(child)
        else:
            yield child.astext()


def in_words(part: str | Cited, labels: Mapping[str, str]) -> str:
    """Return *part* of a text, with *labels* for citations."""
    if isinstance(part, Cited):
        return f"({'; '.join(labels.get(key, key) for key in part.keys)})"
    return part
