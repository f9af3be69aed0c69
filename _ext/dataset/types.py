"""What the options of a record say, as data: numbers, lists and objects, each with its JSON Schema.

The schemas are of draft 2020-12 (json-schema.org) and made of the vocabulary, which also checks records.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from studies.vocabulary import HARMS, OVERLAPS, REGISTRY, Option, groups, keyed, pairs

#: What an unwanted effect says that the paper does not report.
NOT_REPORTED = "not reported"

Schema = dict[str, Any]
TEXT: Schema = {"type": "string", "pattern": r"\S"}
KEY: Schema = {"type": "string", "pattern": r"^[^\s,]+$"}
DAY: Schema = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"}
COUNT: Schema = {"type": "integer", "minimum": 0}


class Type(NamedTuple):
    """The kind of value that a field has."""

    name: str  #: As a reader knows it.
    schema: Schema
    value: Callable[[str], Any] = str  #: Returns the value of an option as it is written.
    unit: str = ""  #: What its numbers count.


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
        "an object with total, and with groups of number and who",
        an_object({"total": COUNT, "groups": a_list(an_object({"number": COUNT, "who": TEXT}), 0)}),
        people,
        "people",
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
