"""The codebook: the files with the data, how to cite them, and what each field says."""

from collections.abc import Callable

from docutils import nodes

from common.kept import as_json
from common.scripts import WEB
from common.tables import field_list
from common.text import capital, day_in_words, sentence
from dataset import data
from dataset.formats import CSV, as_csv, metapsy, reviews, robvis
from dataset.papers import Site

#: What each file holds, and what writes it.
FILES: dict[str, tuple[str, Callable[[Site], str]]] = {
    data.DATA: (
        "all that the records say, with numbers as numbers",
        lambda site: as_json(data.data_of(site)),
    ),
    data.SCHEMA: ("the JSON Schema of that file", lambda site: as_json(data.schema_of(site))),
    CSV: ("the same as a table for spreadsheets, one row for each paper", as_csv),
    "reviews.csv": ("which study is in which review", reviews),
    "metapsy.csv": ("the randomised studies for Metapsy, without effects", metapsy),
    "robvis-rob2.csv": (
        "the randomised studies for RoB 2 in robvis",
        lambda site: robvis(site, site.vocabulary.randomised, 5),
    ),
    "robvis-robins-i.csv": (
        "other comparisons for ROBINS-I in robvis",
        lambda site: robvis(site, site.vocabulary.nonrandomised, 7),
    ),
}


def downloads(site: Site) -> list[nodes.Node]:
    """Return the edition, how to cite it and, on a website, the files."""
    if not site.papers:
        return []
    facts = {
        "Version": site.env.config.release,
        "Data of": day_in_words(site.date),
        "Licence": site.licence,
        "To cite": site.cite_as,
    }
    found = field_list({name: nodes.paragraph("", text) for name, text in facts.items()})
    files = nodes.bullet_list(classes=["codebook"])
    for name, (words, _) in FILES.items():
        link = site.file(name, name) if site.builder.name in WEB else nodes.literal("", name)
        files += nodes.list_item("", nodes.paragraph("", "", link, nodes.Text(f": {words}")))
    return [found, files]


def fields(site: Site) -> list[nodes.Node]:
    """Return what each field of a paper means: its type, its unit, its words, and why it may be unknown."""
    # Without "no-search", which Sphinx knows, a search for a word of a record would find it here first.
    found = nodes.definition_list(classes=["codebook", "no-search"])
    for field in data.fields_of(site.vocabulary):
        unit = f", in {field.type.unit}" if field.type.unit else ""
        facts = [capital(f"{field.type.name}{unit}")]
        if field.words and not any(field.words.values()):
            facts[0] += f": {'; '.join(field.words)}"
        if field.column not in {"", field.name}:
            facts.append(f"In the CSV: {field.column}")
        if field.unknown:
            facts.append(f"Null with the reason {' or '.join(f'“{why}”' for why in field.unknown)}")
        meaning = nodes.Text(f"{sentence(capital(field.meaning))} ")
        more = nodes.emphasis("", " ".join(map(sentence, facts)))
        definition = nodes.definition("", nodes.paragraph("", "", meaning, more))
        words = nodes.bullet_list()
        for word, what in field.words.items():
            if what:
                text = [nodes.strong("", word), nodes.Text(f": {what}")]
                words += nodes.list_item("", nodes.paragraph("", "", *text))
        definition += [words] if words.children else []
        term = nodes.term("", "", nodes.literal("", field.name))
        found += nodes.definition_list_item("", term, definition)
    return [found]
