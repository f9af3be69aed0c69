"""A paper as a saved citation describes it, before the rules of this bibliography are applied.

All texts are plain Unicode: the readers of the formats take TeX and markup out, `paper_entry` puts
TeX back in.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

from bibcheck.people import is_generation
from bibtex.reader import UNPRINTABLE

#: How this bibliography writes a generation; NLM writes it as an ordinal.
HOUSE_GENERATIONS = {"jr": "Jr.", "sr": "Sr.", "2nd": "II", "3rd": "III", "4th": "IV"}
#: Markup that publishers leave in titles.
MARKUP = re.compile(
    r"</?(?:jats:)?(?:i|b|u|em|strong|italic|bold|sub|sup|sc|scp|span)\b[^<>]*>", re.IGNORECASE
)
HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011", "-"))
#: Characters without width: the soft hyphen and the like.
INVISIBLE = re.compile("[\u00ad\u200b\u2060]")


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
    """Return the name in *text*: ``Family, Given`` or ``Family, Given, Suffix``, else a group.

    The RIS specification asks for the first form, MEDLINE writes the suffix behind the given name.
    """
    parts = [part.strip() for part in clean(text).split(",")]
    if re.fullmatch(r"(and\s+)?(et\s+al\.?|others)", text.strip(), re.IGNORECASE):
        return Name("others")
    if len(parts) == 1 or not all(parts[:2]):
        return Name(clean(text).strip(", "), is_group=True)
    return named(parts[0], *parts[1:])


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
