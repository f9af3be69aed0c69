"""All records as data, ``evidence.json``, and its JSON Schema; both follow the options of a record."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from bibtex.entry import unverified
from common.text import IDENTIFIERS
from dataset.formats import column_of
from dataset.papers import Paper, Site
from dataset.types import (
    DAY,
    KEY,
    TEXT,
    Schema,
    Type,
    a_list,
    an_object,
    by_kind,
    type_of,
    why_unknown,
)
from studies.together import inclusions
from studies.vocabulary import INCLUDED, NOT_SEEN, OVERLAPS, Vocabulary
from studies.wording import NOT_A_GUIDE

#: The names of the files at the root of the site, and of the script with the same data for pages.
DATA, SCHEMA, SCRIPT = "evidence.json", "evidence.schema.json", "_static/evidence-data.js"
#: The version of the shape of the data: another first number breaks programs that read it.
SCHEMA_VERSION = "1.0"
#: What nobody may take the data for.
CAUTION = (
    "The papers are a selection, and several tell of the same people or studies. "
    "To count rows or to add up numbers of people is not a meta-analysis. "
    f"A dose is {NOT_A_GUIDE}."
)
NO_YEAR, NO_NUMBER = "no year of four digits is given", "none is given"
ANY: Schema = {"type": "string"}


class Field(NamedTuple):
    """A field of a paper."""

    name: str
    meaning: str
    type: Type
    column: str = ""  #: Its headings in the CSV, where they are others.
    words: Mapping[str, str] = {}
    unknown: tuple[str, ...] = ()  #: Why its value may be null.
    reason: Schema = TEXT  #: The schema of that.

    @property
    def schema(self) -> Schema:
        """Return the schema of its value."""
        shape = self.type.schema
        if self.unknown:
            shape = {"anyOf": [shape, {"type": "null"}]}
        return {"description": self.meaning, **shape}


def fields_of(vocabulary: Vocabulary) -> list[Field]:
    """Return the fields of a paper, in their order: what identifies it, its options, and its prose."""
    number = Type("a number", {"type": "integer"}, unit="calendar years")
    no_number, text = (NO_NUMBER, "one of its own"), Type("text", ANY)
    kinds = Type("lists of keys", by_kind(list(dict.fromkeys([*OVERLAPS, *OVERLAPS.values()]))))
    texts = an_object(dict.fromkeys(vocabulary.terms, ANY), additionalProperties=ANY)
    prose = Type("an object of texts", texts)
    place = "where its record is; from the root of the site, when that has no address"
    columns = "; ".join([*vocabulary.terms, "further remarks"])
    return [
        Field("key", "the name of the paper in these data", Type("text without spaces", KEY)),
        Field("label", "how the site cites it", text, "citation"),
        Field("title", "its title, without markup", text),
        Field("year", "the year of publication", number, unknown=(NO_YEAR,)),
        *(
            Field(name, f"its {name.upper()}", Type("text", TEXT), unknown=no_number)
            for name in IDENTIFIERS
        ),
        Field("theme", "the section of the site that it stands in", text),
        Field("address", place, text),
        *(
            Field(
                *(name.replace("-", "_"), option.meaning, type_of(name, option)),
                *(column_of(name, vocabulary), option.words, option.unknown),
                {"enum": [*option.unknown]},
            )
            for name, option in vocabulary.options.items()
        ),
        Field("prose", "the texts of the record by their terms", prose, columns),
        Field("depends_on", "the same as in overlaps, seen from both papers", kinds, "depends on"),
    ]


def schema_of(site: Site) -> Schema:
    """Return the JSON Schema of `data_of`: null has a reason in "unknown", and nothing else has one."""
    fields = fields_of(site.vocabulary)
    unknown = {field.name: field.reason for field in fields if field.unknown}
    paper = an_object({field.name: field.schema for field in fields})
    paper["properties"]["unknown"] = {
        "description": "why a value is null, by the name of its field",
        **an_object(unknown, required=[]),
    }
    paper["required"].append("unknown")
    paper["allOf"] = [
        {
            "if": {"properties": {name: {"type": "null"}}},
            "then": {"properties": {"unknown": {"required": [name]}}},
            "else": {"properties": {"unknown": {"not": {"required": [name]}}}},
        }
        for name in unknown
    ]
    inclusion = an_object(
        {"study": KEY, "review": KEY, "included": {"enum": [*INCLUDED.values(), NOT_SEEN]}}
    )
    texts = ("name", "version", "address", "how_to_cite", "licence", "notice", "remark", "caution")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": site.home + SCHEMA,
        "title": f"{site.env.config.project}: evidence",
        **an_object(
            {
                "$schema": ANY,
                "schema_version": {"const": SCHEMA_VERSION},
                **dict.fromkeys(texts, ANY),
                "date": DAY,
                "papers": a_list(paper),
                "reviews": a_list(inclusion, 0),
            }
        ),
    }


def data_of(site: Site) -> dict[str, Any]:
    """Return all that the records say, with what a reader of the file alone has to know."""
    config = site.env.config
    matrix = inclusions(paper.record for paper in site.papers)
    return {
        "$schema": SCHEMA,
        "schema_version": SCHEMA_VERSION,
        "name": config.project,
        "version": config.release,
        "date": site.date,
        "address": site.home,
        "how_to_cite": site.cite_as,
        "licence": site.licence,
        "notice": site.notice,
        "remark": config.evidence_remark,
        "caution": CAUTION,
        "papers": [paper_of(paper, site) for paper in site.papers],
        "reviews": [
            {"study": study, "review": review, "included": word}
            for study, held in matrix.items()
            for review, word in held.items()
        ],
    }


def paper_of(paper: Paper, site: Site) -> dict[str, Any]:
    """Return the fields of *paper*."""
    record, entry, why = paper.record, paper.entry, unverified(paper.entry)
    found: dict[str, Any] = {
        "key": record.key,
        "label": paper.label,
        "title": paper.title,
        "year": int(paper.year) if paper.year.isdecimal() else None,
        **{name: entry.fields.get(name) or None for name in IDENTIFIERS},
        "theme": paper.theme,
        "address": site.address(paper.docname, paper.anchor),
    }
    unknown = {name: why.get(name) or NO_NUMBER for name in IDENTIFIERS if not found[name]}
    if found["year"] is None:
        unknown["year"] = NO_YEAR
    for option, rules in site.vocabulary.options.items():
        name, text = option.replace("-", "_"), record[option]
        reason = why_unknown(text, rules)
        found[name] = None if reason or not text else type_of(option, rules).value(text)
        unknown |= {name: reason} if reason else {}
    return found | {
        "prose": paper.prose,
        "depends_on": paper.overlaps,
        "unknown": unknown,
    }


def as_script(site: Site) -> str:
    """Return the data as a script, which a browser also loads from a folder; it runs none of them.

    `JSON.parse` makes ``__proto__`` a name like any other.
    """
    data = json.dumps(data_of(site), separators=(",", ":"))
    return f"globalThis.evidenceData = JSON.parse({json.dumps(data)});\n"
