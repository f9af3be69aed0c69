"""The DOI of a paper, wherever a citation has it: bare, as an address, or in a sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from bibcheck.identifiers import is_doi

if TYPE_CHECKING:
    from collections.abc import Iterable

#: A DOI at the start of a text, behind "doi", or in an address of doi.org or of a publisher.
STATED = re.compile(
    r"(?:^|\bdoi(?:\.org)?\s*[:/=]?\s*|/doi/(?:[a-z]+/)?)(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE
)
#: A text on another paper: "Erratum in: ...", "Comment on: ...".
ON_ANOTHER = re.compile(r"\b(in|on|of|for|to|from)\s*:", re.IGNORECASE)
#: What may stand behind a DOI and is no part of it, unless it closes a bracket of its own.
BEHIND = ".,;:)]>}\"'\u201d\u2019\u00bb"


def find_doi(texts: Iterable[str]) -> str:
    """Return the first DOI in *texts*, without what stands around it; empty when none has one."""
    for text in texts:
        is_address = "://" in text
        whole = unquote(re.split(r"[?#]", text)[0]) if is_address else text
        match = None if ON_ANOTHER.search(whole) else STATED.search(whole.strip())
        if match and (doi := bare(match[1], is_address=is_address)):
            return doi
    return ""


def bare(doi: str, *, is_address: bool) -> str:
    """Return *doi* without what stands behind it, and without the rest of an address; empty for none."""
    if is_address:
        doi = re.sub(r"/(full|abstract|e?pdf|meta)?/?$", "", doi)
    doi = doi.replace("\\", "").rstrip("}")
    while doi[-1:] and doi[-1] in BEHIND and not is_doi(doi):
        doi = doi[:-1]
    return doi if is_doi(doi) else ""
