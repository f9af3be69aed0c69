"""What the check of the bibliography reports: one finding, its kind and its place."""

from __future__ import annotations

from typing import Literal, NamedTuple

#: The name of each kind of finding, as ``suppress_warnings = ["bib.<kind>"]`` writes it.
Kind = Literal[
    # The file: pybtex would stop, or lose something without a word.
    "missing-file",
    "empty-file",
    "encoding",
    "byte-order-mark",
    "line-ending",
    "missing-brace",
    "extra-brace",
    "missing-comma",
    "missing-key",
    "unterminated-quote",
    "undefined-string",
    "repeated-field",
    "stray-text",
    "syntax",
    "lost-entry",
    # Keys.
    "duplicate-key",
    "key-style",
    "anchor-collision",
    "unused-entry",
    "unknown-key",
    # Types and fields.
    "unknown-type",
    "unknown-field",
    "biblatex-field",
    "missing-field",
    "empty-field",
    # Text.
    "author-separator",
    "et-al",
    "special-character",
    "raw-tex",
    "tex-error",
    "unbalanced-math",
    "unprotected-capitals",
    "pages",
    "year",
    "date",
    # Identifiers and addresses.
    "doi",
    "pmid",
    "pmcid",
    "issn",
    "isbn",
    "orcid",
    "url",
    "insecure-url",
    "missing-urldate",
    "duplicate-identifier",
    "duplicate-title",
    # What is declared unverified.
    "unverified-form",
    "unverified-field",
    "unverified-present",
    # Study records in the pages.
    "study-record",
    "study-missing",
    "study-review",
]

#: Findings after which pybtex stops, or gives fewer entries, fields or names than were written.
STRUCTURE: frozenset[Kind] = frozenset(
    {
        "missing-file",
        "encoding",
        "missing-brace",
        "extra-brace",
        "missing-comma",
        "missing-key",
        "unterminated-quote",
        "undefined-string",
        "repeated-field",
        "syntax",
        "lost-entry",
        "duplicate-key",
        "author-separator",
        "tex-error",
    }
)


class Finding(NamedTuple):
    """Something to mend; findings sort by file and line."""

    #: The path of the file, as it was given.
    file: str
    #: The line in it, from 1.
    line: int
    #: The key of the entry, or the key that was cited; empty when it concerns the file.
    key: str
    #: Its kind.
    kind: Kind
    #: What is wrong, and how to mend it.
    message: str

    def __str__(self) -> str:
        """Return the finding as one line: ``references.bib:41: yovell2016ultra: ...``."""
        key = f"{self.key}: " if self.key else ""
        return f"{self.file}:{self.line}: {key}{self.message}"
