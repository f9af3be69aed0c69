"""All records as data, ``evidence.json``, and its JSON Schema; both follow the options of a record.

What an option says is a number, a list or an object there. The schema is of draft 2020-12
(json-schema.org) and made of the vocabulary, which also checks records.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from bibtex.entry import unverified
from common.text import IDENTIFIERS
from dataset.formats import column_of
from dataset.papers import Paper, Site
from studies.together import inclusions
from studies.vocabulary import (
    HARMS,
    INCLUDED,
    NOT_SEEN,
    OVERLAPS,
    REGISTRY,
    Option,
    Vocabulary,
    groups,
    keyed,
    pairs,
)
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
#: What an unwanted effect says that the paper does not report.
NOT_REPORTED = "not reported"

Schema = dict[str, Any]
ANY: Schema = {"type": "string"}
TEXT: Schema = {"type": "string", "pattern": r"\S"}
KEY: Schema = {"type": "string", "pattern": r"^[^\s,]+$"}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
COUNT: Schema = {"type": "integer", "minimum": 0}


class Type(NamedTuple):
    """The kind of value that a field has."""

    name: str  #: As a reader knows it.
    schema: Schema
    value: Callable[[str], Any] = str  #: Returns the value of an option as it is written.


def a_list(items: Schema, least: int = 1) -> Schema:
    """Return the schema of a list of *items*, at *least* so many."""
    return {"type": "array", "items": items, "minItems": least}


def an_object(properties: Mapping[str, Schema], **more: object) -> Schema:
    """Return the schema of an object with *properties*, all of them and no others but for *more*."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": [*properties],
        "additionalProperties": False,
        **more,
    }


def by_kind(kinds: list[str]) -> Schema:
    """Return the schema of lists of keys by some of *kinds*."""
    return {"type": "object", "propertyNames": {"enum": kinds}, "additionalProperties": a_list(KEY)}


def people(text: str) -> dict[str, object]:
    """Return the people in *text*: in all, and by group."""
    found = groups(text)
    numbered = [{"number": number, "who": who} for number, who in found]
    return {"total": sum(number for number, _ in found), "groups": numbered}


def harms(text: str) -> dict[str, str]:
    """Return the unwanted effects in *text* by each kind."""
    return dict.fromkeys(HARMS, NOT_REPORTED) | dict(pairs(text))


def registration(text: str) -> list[dict[str, str]]:
    """Return the numbers of registries in *text*, with the words behind each."""
    halves = (number.partition(", ") for number in text.split("; "))
    return [{"number": number, "words": words} for number, _, words in halves]


def figures(text: str) -> list[dict[str, list[str]]]:
    """Return the figures in *text* that come from elsewhere, with the keys of their sources."""
    return [
        {"figures": re.split(r", +", numbers), "sources": keys} for numbers, keys in keyed(text)
    ]


def comparator(text: str) -> dict[str, str]:
    """Return the comparison in *text*: the word, and more words, which may be none."""
    what, _, words = text.partition(";")
    return {"what": what, "words": words.strip()}


#: The types of the options that are more than text or a word.
TYPES = {
    "people": Type(
        "an object with total, and with groups of number and who, in people",
        an_object({"total": COUNT, "groups": a_list(an_object({"number": COUNT, "who": TEXT}), 0)}),
        people,
    ),
    "harms": Type(
        f"an object of texts by kind, some of which are “{NOT_REPORTED}”",
        an_object(dict.fromkeys(HARMS, TEXT)),
        harms,
    ),
    "registration": Type(
        "a list of objects with number and words, which may be empty",
        a_list(an_object({"number": {"pattern": f"^{REGISTRY}$"}, "words": {"type": "string"}})),
        registration,
    ),
    "overlaps": Type(
        "an object of lists of keys, by how the paper depends on them",
        by_kind([*OVERLAPS]),
        lambda text: dict(keyed(text)),
    ),
    "figures": Type(
        "a list of objects with figures, as they are written, and the keys of their sources",
        a_list(an_object({"figures": a_list(TEXT), "sources": a_list(KEY)})),
        figures,
    ),
    "status-date": Type(
        "a day, a month or a year, as 2026-01-31", {"pattern": r"^\d{4}(-\d\d){0,2}$"}
    ),
    **dict.fromkeys(("added", "reviewed"), Type("a day, as 2026-01-31", DAY)),
}


def type_of(name: str, option: Option) -> Type:
    """Return the type of the *option* with *name*."""
    words: Schema = {"enum": [*option.words]}
    if name == "conditions":
        return Type("a list of some of these words", a_list(words), lambda text: text.split("; "))
    if name == "comparator":
        schema = an_object({"what": words, "words": {"type": "string"}})
        name = "an object with what, a word of these, and words, which may be empty"
        return Type(name, schema, comparator)
    plain = Type("one of these words", words) if option.words else Type("text", TEXT)
    return TYPES.get(name, plain)


def why_unknown(text: str, option: Option) -> str:
    """Return why *option*, which says *text*, is not known; empty when it is."""
    if not option.unknown:
        return ""
    return option.unknown[-1] if not text else text if text in option.unknown else ""


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
    number = Type("a number, in calendar years", {"type": "integer"})
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
