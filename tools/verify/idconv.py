"""Identifiers that belong to one paper (NLM, "PMC ID Converter API"); it knows only papers in PMC."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from verify import shape
from verify.text import bare_doi
from verify.work import UnreadableError


class Identifiers(NamedTuple):
    """The identifiers of a paper; what is not known is empty."""

    doi: str
    pmid: str
    pmcid: str


def read_identifiers(data: bytes) -> list[Identifiers]:
    """Return the identifiers of each paper that PMC has; raise `UnreadableError` for any other shape."""
    answer = shape.load(data)
    status = shape.text(answer, "status")
    if status not in {"ok", ""} or "records" not in answer:
        said = shape.text(answer, "message", 100) if isinstance(answer.get("message"), str) else ""
        message = f"status {status!r} in the place of identifiers{said and f': {said}'}"
        raise UnreadableError(message)
    records = shape.objects(answer, "records")
    return [_identifiers(record) for record in records if not _is_error(record)]


def _is_error(record: dict[str, Any]) -> bool:
    """Return whether *record* says why there are none, as "Identifier not found in PMC"."""
    return shape.text(record, "status") == "error" or bool(shape.text(record, "errmsg", 200))


def _identifiers(record: dict[str, Any]) -> Identifiers:
    """Return what *record* says."""
    doi, pmcid = bare_doi(shape.text(record, "doi")), shape.text(record, "pmcid").upper()
    pmid = shape.text(record, "pmid")
    number = re.fullmatch(r"(PMC[1-9][0-9]{0,8})(?:\.[0-9]+)?", pmcid, re.ASCII)
    if (pmcid and number is None) or not re.fullmatch(r"(?:[1-9][0-9]{0,8})?", pmid, re.ASCII):
        asked = shape.text(record, "requested-id") or doi or pmcid or pmid
        message = f"the identifiers of {asked[:60]!r} are none"
        raise UnreadableError(message)
    return Identifiers(doi, pmid, number[1] if number else "")
