"""What a database says of a paper, whichever database it is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping


class UnreadableError(ValueError):
    """An answer without the documented shape, or about another paper; the reason is one line."""


CROSSREF, PUBMED, RETRACTION_WATCH = "Crossref", "PubMed", "Retraction Watch"


class Name(NamedTuple):
    """An author: a person, or a group, which has its whole name as *family*."""

    family: str
    given: str = ""  #: Given names or initials, as the database has them.
    suffix: str = ""
    is_group: bool = False


class Notice(NamedTuple):
    """What was said of a paper after it had appeared."""

    #: One of "correction", "concern", "retraction", "partial retraction", "republication" (retracted
    #: and published again), "reinstatement".
    kind: str
    source: str  #: Who says so: one of the databases, with words behind it where more is known.
    date: str = ""  #: As 2026-01-31, 2026-01 or 2026; empty when it is not given.
    doi: str = ""  #: Of the notice.


@dataclass(frozen=True)
class Work:
    """A paper as a database has it; what is not given is empty. All texts are without markup."""

    source: str  #: The name of the database.
    title: str = ""
    #: Other titles: with its subtitle, in the language of the paper, short.
    other_titles: tuple[str, ...] = ()
    authors: tuple[Name, ...] = ()
    #: Whether all authors are named.
    complete: bool = True
    #: The names of the journal or book, whole and short.
    journals: tuple[str, ...] = ()
    #: The year by its kind: "print", "online", "issued".
    years: Mapping[str, int] = field(default_factory=dict)
    volume: str = ""
    issue: str = ""
    pages: str = ""
    article_number: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    abstract: str = ""
    #: What kind of text it is, in the words of the database.
    types: tuple[str, ...] = ()
    #: What was said of this paper; never what this paper says of another.
    notices: tuple[Notice, ...] = ()
    #: Whether this is itself a notice of a retraction, a correction or a concern.
    is_notice: bool = False
    #: The papers that the notice speaks of: DOIs, or "PMID 123".
    notice_of: tuple[str, ...] = ()
