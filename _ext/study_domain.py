"""All study records of a site, as pages, tables and feeds use them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from sphinx.domains import Domain
from sphinxcontrib.bibtex.domain import get_docnames

import references
from study_words import today

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment

    from study_record import Record

#: A citation in a stored text: its label may change with an entry.
CITED = re.compile("\ue000(.*?)\ue000")


class Study(NamedTuple):
    """A paper with its record, as other modules use it."""

    #: The page with the record, and the title of the section around it.
    docname: str
    theme: str
    record: Record
    #: The text of each of `TERMS` and of the other terms, citations as `CITED` finds them.
    prose: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return the key of the paper."""
        return self.record.key

    def text(self, labels: Mapping[str, str]) -> tuple[str, ...]:
        """Return the texts with *labels* for citations, as they are now."""
        return tuple(
            CITED.sub(
                lambda found: f"({'; '.join(labels.get(key, key) for key in found[1].split(','))})",
                text,
            )
            for text in self.prose
        )


class StudiesDomain(Domain):
    """All study records, by the page on which they stand."""

    name = "study"
    label = "Study records"
    data_version = 1
    #: The builder of this build; transforms are not told which it is.
    builder: Builder
    initial_data: ClassVar[dict[str, Any]] = {
        "studies": {},  # docname -> [Study]
        "seen": {},  # docname -> [(record, its `state` when the page was read)]
    }

    @property
    def studies(self) -> dict[str, list[Study]]:
        """Return the studies of each page, in their order."""
        return cast("dict[str, list[Study]]", self.data["studies"])

    @property
    def seen(self) -> dict[str, list[tuple[Record, tuple[str, bool]]]]:
        """Return what each page shows that an edit elsewhere, or a new day, can change."""
        return cast("dict[str, list[tuple[Record, tuple[str, bool]]]]", self.data["seen"])

    def state(self, record: Record) -> tuple[str, bool]:
        """Return what changes with the entry of *record*, empty without one, and with the day."""
        digests: Mapping[str, str] = references.domain_of(self.env).data["digests"]
        return digests.get(record.key, ""), record.overdue(today())

    def all(self) -> list[Study]:
        """Return all studies, in the order of the toctree."""
        order = get_docnames(self.env)  # type: ignore[no-untyped-call]
        return [study for docname in order for study in self.studies.get(docname, ())]

    def clear_doc(self, docname: str) -> None:
        """Forget the studies of *docname*."""
        self.studies.pop(docname, None)
        self.seen.pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read."""
        for name in self.initial_data:
            self.data[name] |= {
                doc: kept for doc, kept in otherdata[name].items() if doc in docnames
            }

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        """Note the theme of each study: the title of the section around it."""
        del env
        themes = {
            section["study"]: section.parent[0].astext()
            for section in document.findall(nodes.section)
            if "study" in section and isinstance(section.parent, nodes.section)
        }
        self.studies[docname] = [
            study._replace(theme=themes.get(study.key, ""))
            for study in self.studies.pop(docname, ())
        ]

    def resolve_any_xref(self, *_args: object) -> list[tuple[str, nodes.reference]]:
        """Return nothing: records are sections, and Sphinx knows how to link to those."""
        return []


def domain_of(env: BuildEnvironment) -> StudiesDomain:
    """Return the domain of this extension in *env*."""
    return cast("StudiesDomain", env.get_domain(StudiesDomain.name))
