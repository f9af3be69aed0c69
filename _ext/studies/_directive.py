"""The section of a study record: title and reference from the ``.bib`` file, facts, prose, status."""

from typing import cast

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.parsing import nested_parse_to_nodes

from bibtex.tex import plain, rendered
from common.text import capital
from references.domain import ReferencesDomain, reference_placeholder
from references.nlm_style import doi_address, pmc_address, web_address
from studies.domain import study_record, vocabulary_of
from studies.record import Record, parse_record
from studies.vocabulary import DOUBTFUL
from studies.wording import in_words, status_warning

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
#: The fields that are below the prose.
PROVENANCE = {
    "Funding and interests": "funding",
    "Publication status": "status",
    "Full text": "full-text",
    "Read for this page": "read",
    "Added": "added",
    "Review": "reviewed",
}


class StudyDirective(SphinxDirective):
    """The record of one paper."""

    required_arguments = 1
    has_content = True
    option_spec = None  # `parse_record` reads the options: it names each fault, and knows its line

    def run(self) -> list[nodes.Node]:
        key = self.arguments[0]
        self.vocabulary = vocabulary_of(self.config)
        record = parse_record(key, self.lineno, list(self.content), self.vocabulary)
        bibliography = ReferencesDomain.of(self.env)
        earlier = (node["record"].key for node in self.state.document.findall(study_record))
        reference = reference_placeholder(docname=self.env.docname, key=key)
        self.set_source_info(reference)
        if key not in bibliography.labels:
            return [study_record(record=record), reference]  # a citation without an entry
        if key in earlier:
            return [study_record(record=record)]
        section = nodes.section(names=[nodes.fully_normalize_name(key)])
        self.set_source_info(section)
        title = bibliography.entries[key].fields.get("title", key)
        section += nodes.title("", "", *rendered(title).render(bibliography.backend))
        self.state.document.note_explicit_target(section, section)
        section["ids"].append(nodes.make_id(plain(title)))  # as a heading in Markdown has it
        section += study_record(record=record)
        section += banner(record)
        section += reference
        section += self.facts(record, FACTS)
        begin = record.body_line - self.lineno - 1
        section += nested_parse_to_nodes(
            self.state, self.content[begin:], offset=begin, allow_section_headings=False
        )
        self.emphasise(section)
        section += self.facts(record, PROVENANCE)
        # On paper, no heading is at the foot of a page without its reference.
        return [
            nodes.raw("", r"\needspace{12\baselineskip}", format="latex", trusted=True),
            section,
        ]

    def facts(self, record: Record, fields: dict[str, str]) -> nodes.field_list:
        """Return those of *fields* that *record* has, in words."""
        found = nodes.field_list(classes=["study-facts"])
        for word, option in fields.items():
            if text := in_words(record, option, self.vocabulary):
                if option == "full-text" and (address := self.address(record)):
                    text = f"[{text}]({address})"
                inline, messages = self.state.inline_text(text, record.line)
                body = nodes.field_body("", nodes.paragraph("", "", *inline), *messages)
                found += nodes.field("", nodes.field_name(word, word), body)
        return found

    def emphasise(self, section: nodes.section) -> None:
        """Mark what the paper does not show, for the eye."""
        for item in section.findall(nodes.definition_list_item):
            if item[0].astext() == self.vocabulary.limit:
                for part in item.children:
                    cast("nodes.Element", part)["classes"].append("not-shown")

    def address(self, record: Record) -> str:
        """Return where the full text of the paper of *record* can be looked for."""
        entry = ReferencesDomain.of(self.env).entries[record.key]
        in_pmc = record["full-text"] == "free in PubMed Central"
        return (in_pmc and pmc_address(entry)) or doi_address(entry) or web_address(entry)


def banner(record: Record) -> list[nodes.Node]:
    """Return what is above a paper that was corrected, doubted or retracted."""
    status, warning = record["status"], status_warning(record)
    if not warning:
        return []
    title = "Corrected article" if status == "corrected" else capital(status)
    classes = ["study-status", "danger" if status in DOUBTFUL else "attention"]
    words = nodes.paragraph("", warning)
    return [nodes.admonition("", nodes.title("", title), words, classes=classes)]
