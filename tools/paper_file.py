"""A saved citation, in whichever format: what it holds tells the format, not how it is called."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from paper import CitationError, Paper
from paper_bibtex import read_bibtex
from paper_csl import read_csl
from paper_kind import refuse_notice
from paper_medline import read_medline
from paper_preprint import take_preprint
from paper_ris import read_ris
from studies.consistency import RETRACTED
from verify.text import without_escapes

if TYPE_CHECKING:
    from collections.abc import Callable

#: What the first line of each format begins with; lines of other kinds may stand before it.
FORMATS: dict[str, Callable[[str], Paper]] = {
    r"[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]": read_bibtex,
    r"TY  -": read_ris,
    r"(?:PMID|PMC |OWN |STAT)-": read_medline,
}
UNKNOWN = (
    "no citation in RIS, NBIB, BibTeX or CSL-JSON; "
    "save one from PubMed (Cite, Download .nbib) or from the publisher"
)


def read_citation(data: bytes) -> Paper:
    """Return the paper that *data*, the content of a file, describes.

    Raise `CitationError` for what is no text, no known format, broken, or not of one paper.
    """
    text = decoded(data)
    begins = {
        match.start(): read
        for pattern, read in FORMATS.items()
        if (match := re.search(f"(?m)^{pattern}", text))
    }
    if text.lstrip().startswith("<"):
        message = f"this is a web page or XML, and {UNKNOWN}"
        raise CitationError(message, 1)
    if text.lstrip().startswith(("{", "[")):
        begins = {0: read_csl}
    if not begins:
        message = f"this is {UNKNOWN}"
        raise CitationError(message, 1)
    return settled(begins[min(begins)](text))


def settled(paper: Paper) -> Paper:
    """Return *paper* as it can be added; raise `CitationError` when it has no title, or is a notice."""
    paper.fields = {name: value for name, value in paper.fields.items() if value}
    if "title" not in paper.fields:
        message = "the citation has no title; save it again"
        raise CitationError(message)
    refuse_notice(paper)
    take_preprint(paper)
    for name in {"title", "journal"} & paper.fields.keys():
        if paper.fields[name].isupper() and " " in paper.fields[name]:
            paper.remarks.append(f"the {name} is in capitals; write it as the paper does")
    if RETRACTED.match(paper.fields["title"]):
        paper.status = "retracted"
    return paper


def decoded(data: bytes) -> str:
    """Return *data* as text with plain line ends; raise `CitationError` when it is no UTF-8."""
    if b"\0" in data:
        message = "the file is no text, or not in UTF-8; save it as UTF-8"
        raise CitationError(message, 1)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte {data[error.start]:#x} is not UTF-8; save the file as UTF-8"
        raise CitationError(message, line) from error
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\ufffd" in text:
        line = text.count("\n", 0, text.index("\ufffd")) + 1
        message = "a character is lost here (\ufffd); save the citation again"
        raise CitationError(message, line)
    text = without_escapes(text)
    if not text.strip():
        message = "the file is empty; save the citation again"
        raise CitationError(message, 1)
    return text
