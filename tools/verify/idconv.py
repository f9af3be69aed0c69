"""Identifiers that belong to one paper (NLM, "PMC ID Converter API"); it knows only papers in PMC."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from verify import shape
from verify.text import bare_doi
from verify.work import UnreadableError


class Identifiers(NamedTuple):
    """The identifiers of a paper; what is not known is empty."""

    asked: str  #: The identifier that was asked about.
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    #: Whether PMC shows the paper already: not while its publisher holds it back.
    live: bool = True
    #: Why there are none: "Identifier not found in PMC".
    error: str = ""


def read_identifiers(data: bytes) -> list[Identifiers]:
    """Return the answer to each identifier; raise `UnreadableError` for any other shape.

    The answer to one that has none has an `error`, and its other fields are empty.
    """
    answer = shape.load(data)
    status = shape.text(answer, "status")
    if status not in {"ok", ""} or "records" not in answer:
        said = shape.text(answer, "message", 100) if isinstance(answer.get("message"), str) else ""
        message = f"status {status!r} in the place of identifiers{said and f': {said}'}"
        raise UnreadableError(message)
    return [_identifiers(record) for record in shape.objects(answer, "records")]


def _identifiers(record: dict[str, Any]) -> Identifiers:
    """Return what *record* says."""
    doi, pmcid = bare_doi(shape.text(record, "doi")), shape.text(record, "pmcid").upper()
    pmid = shape.text(record, "pmid")
    asked = shape.text(record, "requested-id") or doi or pmcid or pmid
    error = shape.text(record, "errmsg", 200)
    if shape.text(record, "status") == "error" or error:
        return Identifiers(asked, live=False, error=error or "no reason is given")
    number = re.fullmatch(r"(PMC[1-9][0-9]{0,8})(?:\.[0-9]+)?", pmcid, re.ASCII)
    if (pmcid and number is None) or not re.fullmatch(r"(?:[1-9][0-9]{0,8})?", pmid, re.ASCII):
        message = f"the identifiers of {asked[:60]!r} are none"
        raise UnreadableError(message)
    live = record.get("live", True)
    if not isinstance(live, (bool, str)):
        shape.refuse("live", live, "true or false")
    return Identifiers(asked, doi, pmid, number[1] if number else "", str(live).lower() != "false")
