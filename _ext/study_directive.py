"""The section of a study record: title and reference from the ``.bib`` file, facts, prose, status."""

from __future__ import annotations

from typing import cast

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinxcontrib.bibtex.citation_target import parse_citation_targets

import references
from bib_tex import plain, rendered
from nlm_style import doi_address, pmc_address
from study_domain import Study, domain_of
from study_options import DOUBTFUL
from study_record import TERMS, Record, read
from study_words import capital, in_words, status_warning

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
        domain.seen.setdefault(self.env.docname, []).append((record, domain.state(record)))
        records = domain.studies.setdefault(self.env.docname, [])
        bibliography = references.domain_of(self.env)
        if key not in bibliography.labels or any(study.key == key for study in records):
            return []  # the check has named it
        section = nodes.section(names=[nodes.fully_normalize_name(key)], study=key)
        self.set_source_info(section)
        title = bibliography.bibdata.data.entries[key].fields.get("title", key)
        section += nodes.title("", "", *rendered(title).render(bibliography.backend))
        self.state.document.note_explicit_target(section, section)
        section["ids"].append(nodes.make_id(plain(title)))  # as a heading in Markdown has it
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
