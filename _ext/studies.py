"""Study records on the page: what a paper is, what it shows, and what it does not.

```` ```{study} key ```` becomes a section: the title and the reference from the ``.bib`` file, the
facts in words, the prose, the publication status, and when the record was compared with its source.
Built-in nodes carry all of it, so every builder prints it. `study_record` reads the options and
`bib_integrity` reports what is wrong with them, in every build.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, cast

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.domains import Domain
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.citation_target import parse_citation_targets
from sphinxcontrib.bibtex.domain import get_docnames

import references
from bib_tex import plain, rendered
from nlm_style import doi_address, pmc_address
from study_record import TERMS, Record, read
from study_words import capital, in_words, status_warning, today
from tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)

#: The fields of the strip of facts: the word that readers see, and the option behind it.
FACTS = {
    "Study design": "design",
    "People": "people",
    "Population": "population",
    "Treatment": "intervention",
    "Dose reported": "dose",
    "Compared with": "comparator",
    "Duration": "duration",
    "Direction": "direction",
}
#: The fields that stand below the prose.
PROVENANCE = {
    "Funding and interests": "funding",
    "Publication status": "status",
    "Full text": "full-text",
    "Read for this page": "read",
    "Added": "added",
    "Review": "reviewed",
}
#: A citation in a stored text: its label may change with an entry.
CITED = re.compile("\ue000(.*?)\ue000")
#: Statuses that a reader has to see wherever the paper is cited.
DOUBTFUL = ("expression of concern", "retracted")


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


class StudyDirective(SphinxDirective):
    """The record of one paper."""

    required_arguments = 1
    has_content = True
    option_spec = None  # the options are read by `study_record`, which knows the line of each

    def run(self) -> list[nodes.Node]:
        """Return the section; a key without an entry is left to the check of the bibliography."""
        key = self.arguments[0]
        record = read(key, self.lineno, list(self.content))
        domain = domain_of(self.env)
        title = domain.title(key)
        seen = (title, record.overdue(today()))
        domain.seen.setdefault(self.env.docname, []).append((record, seen))
        records = domain.studies.setdefault(self.env.docname, [])
        if title is None or any(study.key == key for study in records):
            return []  # the check has named it
        section = nodes.section(names=[nodes.fully_normalize_name(key)], study=key)
        self.set_source_info(section)
        heading = rendered(
            references.domain_of(self.env).bibdata.data.entries[key].fields.get("title", key)
        )
        section += nodes.title("", "", *heading.render(references.ReferencesDomain.backend))
        self.state.document.note_explicit_target(section, section)
        section["ids"].append(nodes.make_id(title))  # as a heading in Markdown would have it
        section += banner(record)
        reference = references.reference_list(docname=self.env.docname, key=key)
        self.set_source_info(reference)
        section += reference
        section += self.facts(record, FACTS)
        prose = nodes.Element()
        lines = StringList(list(record.body), self.get_source_info()[0])
        self.state.nested_parse(lines, record.body_line - self.lineno - 1, prose)
        self.emphasise(prose)
        section += prose.children
        section += self.facts(record, PROVENANCE)
        texts = self.texts(prose)
        for term, text in zip(TERMS, texts, strict=False):
            if not text and not record.problems:
                problem = f'{key}: the prose has no "{term}"; write it outside of other blocks'
                logger.warning(problem, location=section, type="study", subtype="prose")
        records.append(Study(self.env.docname, "", record, texts))
        # On paper, no heading stands at the foot of a page without its reference.
        return [nodes.raw("", r"\needspace{12\baselineskip}", format="latex"), section]

    def facts(self, record: Record, fields: dict[str, str]) -> nodes.field_list:
        """Return those of *fields* that *record* has, in words."""
        found = nodes.field_list(classes=["study-facts"])
        for word, option in fields.items():
            if text := in_words(record, option):
                if option == "full-text" and (address := self.address(record)):
                    text = f"[{text}]({address})"
                inline, messages = self.state.inline_text(text, record.line)
                body = nodes.field_body("", nodes.paragraph("", "", *inline), *messages)
                found += nodes.field("", nodes.field_name(word, word), body)
        return found

    def emphasise(self, prose: nodes.Element) -> None:
        """Mark what the paper does not show, for the eye."""
        for item in prose.findall(nodes.definition_list_item):
            if item[0].astext() == TERMS[-1]:
                for part in item.children:
                    cast("nodes.Element", part)["classes"].append("not-shown")

    def address(self, record: Record) -> str:
        """Return where the full text of the paper of *record* can be looked for."""
        entry = references.domain_of(self.env).bibdata.data.entries[record.key]
        in_pmc = record["full-text"] == "free in PubMed Central"
        return (in_pmc and pmc_address(entry)) or doi_address(entry) or entry.fields.get("url", "")

    def texts(self, prose: nodes.Element) -> tuple[str, ...]:
        """Return the text of each of `TERMS` in *prose*, and then that of all other terms."""
        found = {
            item[0].astext(): text_of(item[-1].deepcopy())
            for item in prose.findall(nodes.definition_list_item)
        }
        others = [f"{term}: {text}" for term, text in found.items() if term not in TERMS]
        return (*(found.get(term, "") for term in TERMS), " ".join(others))


class StudiesDomain(Domain):
    """All study records, by the page on which they stand."""

    name = "study"
    label = "Study records"
    data_version = 1
    #: The builder of this build; transforms are not told which it is.
    builder: Builder
    initial_data: ClassVar[dict[str, Any]] = {
        "studies": {},  # docname -> [Study]
        "seen": {},  # docname -> [(record, (its title, whether it was overdue) when it was read)]
    }

    @property
    def studies(self) -> dict[str, list[Study]]:
        """Return the studies of each page, in their order."""
        return cast("dict[str, list[Study]]", self.data["studies"])

    @property
    def seen(self) -> dict[str, list[tuple[Record, tuple[str | None, bool]]]]:
        """Return what each page shows that an edit elsewhere, or a new day, can change."""
        return cast("dict[str, list[tuple[Record, tuple[str | None, bool]]]]", self.data["seen"])

    def title(self, key: str) -> str | None:
        """Return the title of the paper with *key* as it is now, None without an entry."""
        entries = references.domain_of(self.env).bibdata.data.entries
        known = references.domain_of(self.env).labels  # other than entries, it minds letter case
        return plain(entries[key].fields.get("title", key)) if key in known else None

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


def text_of(definition: nodes.Node) -> str:
    """Return *definition* as plain text, citations as `CITED` finds them; it is changed for that."""
    for xref in list(definition.findall(addnodes.pending_xref)):
        if xref.get("refdomain") == "cite":
            keys = [target.key for target in parse_citation_targets(xref["reftarget"])]
            xref.parent.replace(xref, nodes.Text(f"\ue000{','.join(keys)}\ue000"))
    return " ".join(definition.astext().split())


def banner(record: Record) -> list[nodes.Node]:
    """Return what stands above a paper that was corrected, doubted or retracted."""
    status, warning = record["status"], status_warning(record)
    if not warning:
        return []
    title = "Corrected article" if status == "corrected" else capital(status)
    classes = ["study-status", "danger" if status in DOUBTFUL else "attention"]
    words = nodes.paragraph("", warning)
    return [nodes.admonition("", nodes.title("", title), words, classes=classes)]


def domain_of(env: BuildEnvironment) -> StudiesDomain:
    """Return the domain of this extension in *env*."""
    return cast("StudiesDomain", env.get_domain(StudiesDomain.name))


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
    """Return the pages whose headings are other titles now, or on which a review became overdue."""
    del app
    domain, day = domain_of(env), today()
    return [
        docname
        for docname, records in domain.seen.items()
        if any((domain.title(record.key), record.overdue(day)) != seen for record, seen in records)
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
