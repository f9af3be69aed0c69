"""The section of a study record: title and reference from the ``.bib`` file, facts, prose, status."""

from typing import cast
from urllib.parse import quote

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.parsing import nested_parse_to_nodes

from bibtex.tex import plain
from common.tables import field_list
from common.text import capital, day_in_words, sentence, today
from folded import folded
from references.domain import ReferencesDomain, reference_placeholder
from references.nlm_style import full_text_address
from studies.domain import prose_of, study_overlaps, study_record, vocabulary_of
from studies.record import Record, parse_record, with_notice
from studies.vocabulary import DOUBTFUL, HARMS_TERM, IN_PMC, NOT_KNOWN, STATUSES
from studies.wording import first_sentence, headline, in_words

#: The facts below the prose: the word that readers see, and the option behind it.
FACTS = {
    "Method": "method",
    "People": "people",
    "Left early": "left-early",
    "Population": "population",
    "Treatment": "intervention",
    "Dose reported": "dose",
    "Compared with": "comparator",
    "Duration": "duration",
    "Main outcome": "primary-outcome",
    "Registration": "registration",
    "Overlap": "overlaps",
    "Figures from elsewhere": "figures",
    "Funding and interests": "funding",
    "Publication status": "status",
    "Full text": "full-text",
    "Read for this page": "read",
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
        earlier = cast("set[str]", self.env.temp_data.setdefault("records", set()))
        reference = reference_placeholder(key=key)
        self.set_source_info(reference)
        if key not in bibliography.labels:
            return [study_record(record=record), reference]  # a citation without an entry
        if key in earlier:
            return [study_record(record=record)]
        earlier.add(key)
        entry = bibliography.entries[key]
        ledger = bibliography.ledger
        self.compared = ledger.words(key, bibliography.digests[key], record.digest, today())
        known = ledger.notice(key, entry.fields)
        record = with_notice(record, known)
        notice = known.notice if known and record["status"] == known.status else ""
        told = banner(record, notice)
        section = nodes.section(names=[nodes.fully_normalize_name(key)])
        self.set_source_info(section)
        title, messages = self.state.inline_text(record["plain-title"] or key, self.lineno)
        section += nodes.title("", "", *title)
        self.state.document.note_explicit_target(section, section)
        # The address that the section had while its heading was the title of the paper.
        section["ids"].append(nodes.make_id(plain(entry.fields.get("title", key))))
        doubtful = record["status"] in DOUBTFUL
        section += [study_record(record=record), *messages, *(told if doubtful else [])]
        words = headline(record, str(entry.fields.get("year", "")), self.vocabulary)
        section += self.paragraph(words, record.line, "study-line")
        begin = record.body_line - self.lineno - 1
        prose = nested_parse_to_nodes(
            self.state, self.content[begin:], offset=begin, allow_section_headings=False
        )
        all_of_it = folded("", *prose, classes=["study-details"])
        texts = prose_of(all_of_it)
        short = [(term, first_sentence(texts.get(term, ""))) for term in self.vocabulary.terms]
        all_of_it["summary"] = [*short, ("", "All of it: harms, numbers and source")]
        if not doubtful:  # a correction is named in the headline
            all_of_it.insert(0, told)
        section += all_of_it
        self.add_harms(section, record)
        all_of_it += self.facts(record)
        all_of_it += reference
        return [section]

    def paragraph(self, text: str, line: int, *classes: str) -> nodes.paragraph:
        """Return *text*, Markdown of the *line*."""
        inline, messages = self.state.inline_text(text, line - 1)  # MyST counts from 0
        paragraph = nodes.paragraph("", "", *inline, *messages, classes=[*classes])
        paragraph.line = line
        return paragraph

    def facts(self, record: Record) -> nodes.field_list:
        """Return those of `FACTS` that *record* has, in words, and what a command compared."""
        told: dict[str, nodes.Element] = {}
        for word, option in FACTS.items():
            text = in_words(record, option, self.vocabulary)
            if option == "full-text" and text:
                entry = ReferencesDomain.of(self.env).entries[record.key]
                if address := full_text_address(entry, in_pmc=record[option] == IN_PMC):
                    text = f"[{text.removesuffix('.')}]({address})."
            if option == "figures":  # the name of the source may end with a full stop
                text = text.removesuffix(".")
            if option == "overlaps":  # which papers depend on it is known when all records are
                told[word] = study_overlaps(key=record.key)
            elif text:
                told[word] = self.paragraph(text, record.lines.get(option, record.line))
        told["Databases"] = nodes.paragraph("", sentence(self.compared))
        return field_list(told, "study-facts")

    def add_harms(self, section: nodes.section, record: Record) -> None:
        """Put the harms before what the paper does not show, and mark that for the eye."""
        for item in list(section.findall(nodes.definition_list_item)):
            if item[0].astext() == self.vocabulary.limit:
                for part in item.children:
                    cast("nodes.Element", part)["classes"].append("not-shown")
                if text := in_words(record, "harms", self.vocabulary):
                    words = self.paragraph(text, record.lines.get("harms", record.line))
                    harms = nodes.definition_list_item(
                        "", nodes.term("", HARMS_TERM), nodes.definition("", words)
                    )
                    item.parent.insert(item.parent.index(item), harms)


def banner(record: Record, notice: str) -> list[nodes.Node]:
    """Return what is above a paper that was corrected, doubted or retracted; *notice* is a DOI."""
    status, when = record.notice, record["status-date"]
    if not status:
        return []
    title = "Corrected article" if status == "corrected" else capital(status)
    classes = ["study-status", "danger" if status in DOUBTFUL else "attention"]
    date = "Date not known" if when == NOT_KNOWN else f"Date: {day_in_words(when)}"
    told = [capital(STATUSES[status]), sentence(capital(record["acknowledged"]))]
    told.append(f"{date}; source: {sentence(record['status-source'])}")
    words = nodes.paragraph("", " ".join(filter(None, told)))
    if notice:
        address = f"https://doi.org/{quote(notice, safe='/')}"
        link = nodes.reference("", "The notice", refuri=address)
        words += [nodes.Text(" "), link, nodes.Text(".")]
    return [nodes.admonition("", nodes.title("", title), words, classes=classes)]
