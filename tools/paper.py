"""A paper as a saved citation describes it, before the rules of this bibliography are applied.

All texts are plain Unicode: the readers of the formats take TeX and markup out, `paper_entry` puts
TeX back in.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from bibcheck.people import (
    DEGREES,
    ORGANISATION,
    PARTICLES,
    SHORT_DEGREES,
    TITLE,
    ends_in_initials,
    is_generation,
)
from bibtex.reader import UNPRINTABLE
from common.characters import INVISIBLE

#: How this bibliography writes a generation; NLM writes it as an ordinal.
HOUSE_GENERATIONS = {"jr": "Jr.", "sr": "Sr.", "2nd": "II", "3rd": "III", "4th": "IV"}
#: Degrees that could be initials also behind a given name, beside those of `bibcheck.people`.
MORE_DEGREES = frozenset({"BA", "BS", "MA", "MB", "MBBS", "MHS", "MS", "DPH", "ScD", "DrPH"})
#: Words of organisations, beside those of `bibcheck.people`, where they are no names of people.
MORE_ORGANISATIONS = re.compile(
    r"\b(academy|administration|authority|cent(er|re) of|collaborat(ion|ive|ors)|consortia|faculty"
    r"|federation|hospital|initiative|laborator(y|ies)|network|nhs|programme|research group|school of"
    r"|service|trial group|union|team)\b",
    re.IGNORECASE,
)
#: What ends the name of an organisation and is not initials.
COUNTRIES = frozenset({"UK", "US", "USA", "EU", "UN", "NZ", "UAE"})
#: A family name and initials, as "van der Doe JA".
VANCOUVER = re.compile(r"(.+?)\s+([^\W\d_](?:[.-]{0,2}[^\W\d_]){0,2}\.?)")
#: Markup that publishers leave in titles.
MARKUP = re.compile(
    r"</?(?:jats:)?(?:i|b|u|em|strong|italic|bold|sub|sup|sc|scp|span)\b[^<>]*>", re.IGNORECASE
)
HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011", "-"))


class CitationError(Exception):
    """A saved citation that cannot be used, and why; the line is 0 where none is known."""

    def __init__(self, message: str, line: int = 0) -> None:
        """Keep *message*, which says what is wrong and how to fix it, and the *line*, from 1."""
        super().__init__(message)
        self.line = line


class Name(NamedTuple):
    """An author or editor."""

    #: The family name with its particle, or the whole name of an organisation.
    family: str
    given: str = ""
    #: Jr., Sr., II, III or IV.
    generation: str = ""
    #: Whether it is an organisation.
    is_group: bool = False


@dataclass
class Paper:
    """What a citation says of one paper."""

    #: The type of BibTeX.
    type: str = "article"
    #: Plain texts by the name of the BibTeX field.
    fields: dict[str, str] = field(default_factory=dict)
    authors: list[Name] = field(default_factory=list)
    editors: list[Name] = field(default_factory=list)
    #: The publication types of PubMed, in lower case.
    kinds: set[str] = field(default_factory=set)
    #: One of `studies.vocabulary.STATUSES`; empty when the citation does not tell.
    status: str = ""
    #: Words of titles whose capitals the source protects.
    protected: set[str] = field(default_factory=set)
    #: What a person has to look at.
    remarks: list[str] = field(default_factory=list)


def clean(text: str) -> str:
    """Return *text* on one line, without markup, HTML entities and invisible characters."""
    text = MARKUP.sub("", html.unescape(MARKUP.sub("", text))).translate(HYPHENS)
    return " ".join(UNPRINTABLE.sub(" ", INVISIBLE.sub("", text)).split())


def person(text: str) -> Name:
    """Return the name in *text*: ``Family, Given``, ``Family, Given, Suffix`` or ``Family GM``.

    The RIS specification asks for the first form, MEDLINE writes the suffix behind the given name.
    Degrees are left out; a name without a comma, initials and degrees is that of an organisation.
    """
    text = clean(text).strip(", ")
    if re.fullmatch(r"(and\s+)?(et\s+al\.?|others)", text, re.IGNORECASE):
        return Name("others")
    if is_organisation(text):
        return Name(text, is_group=True)
    short, has_degree = without_degrees(text)
    parts = [part.strip() for part in short.split(",")]
    if len(parts) > 1 and parts[0] and parts[1]:
        return named(*parts[:2], *(part for part in parts[2:] if not is_degree(part)))
    words = short.split()
    generation = words.pop() if len(words) > 1 and is_generation(words[-1]) else ""
    short = " ".join(words)
    match = VANCOUVER.fullmatch(short) if ends_in_initials(short) else None
    if match and match[2] not in COUNTRIES:
        return named(match[1], match[2], generation)
    if (has_degree or generation) and len(words) > 1:
        family = next(
            (n for n, word in enumerate(words) if n and word in PARTICLES), len(words) - 1
        )
        return named(" ".join(words[family:]), " ".join(words[:family]), generation)
    return Name(text, is_group=True)


def is_organisation(name: str) -> bool:
    """Return whether *name* has a word of organisations, not alone before a comma as a family name."""
    family, comma, _ = name.partition(",")
    found = ORGANISATION.search(name) or MORE_ORGANISATIONS.search(name)
    several = not comma and re.search(r"&|\band\b", name)
    return bool(several or (found and (not comma or " " in family.strip())))


def is_degree(word: str) -> bool:
    """Return whether *word*, which stands behind a whole name, is a degree."""
    plain = word.replace(".", "")
    return plain.lower() in DEGREES or plain in SHORT_DEGREES | MORE_DEGREES


def without_degrees(name: str) -> tuple[str, bool]:
    """Return *name* without a title before it and the degrees behind it, and whether there were any.

    Two capitals are a degree only behind a given name that is written out: Doe, MD has initials.
    """
    short = re.sub(rf"^{TITLE.pattern}(?=.)", "", name, flags=re.IGNORECASE)
    while match := re.fullmatch(r"(.+?)(\s*,\s*|\s+)([A-Za-z][A-Za-z.]*)", short):
        before, plain = match[1], match[3].replace(".", "")
        sure = plain.lower() in DEGREES and not plain.istitle()
        family, comma, given = before.partition("," if "," in before else " ")
        behind_given = bool(re.search("[a-z]{2}", given)) and family.lower() not in PARTICLES
        at_end = comma == "," and "," in match[2] and is_degree(plain)
        if not (sure or at_end or (plain in SHORT_DEGREES and behind_given)):
            break
        short = before
    return short, short != name


def named(family: str, *given: str) -> Name:
    """Return the name of a person; a generation is taken from wherever it stands."""
    family_words, given_words = family.split(), " , ".join(given).split()
    generation = ""
    for words in (given_words, family_words[1:] and family_words):
        found = [word for word in words if is_generation(word)]
        if found and not generation:
            generation = found[-1].rstrip(".")
            words.remove(found[-1])
            generation = HOUSE_GENERATIONS.get(generation.lower(), generation.upper())
    first = re.sub(r"(\s*,)+\s*$|^\s*,\s*", "", " ".join(given_words)).replace(" ,", ",")
    shouted = len(family) > 2 and family.isupper()  # noqa: PLR2004  then JO may be a name, too
    return Name(" ".join(family_words), first if shouted else initials(first), generation)


def initials(given: str) -> str:
    """Return *given* with a full stop behind each initial, as references.bib has it.

    Only so every initial is printed: the reference list takes the first letter of each word.
    """
    spaced = re.sub(r"\.(?=[^\W\d_])", ". ", given)
    return " ".join(
        ". ".join(word) + "."
        if word.isalpha() and word.isupper() and len(word) <= 3  # noqa: PLR2004  A, AB, ABC
        else re.sub(r"(?<![^\W\d_])([^\W\d_])(?=-|$)", r"\1.", word)
        for word in spaced.split()
    )
