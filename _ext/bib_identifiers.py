"""Rules for what leads to a paper: DOI, PubMed, PMC, ISSN, ISBN, ORCID and web addresses.

Nothing is asked of the network: these rules find what cannot be right in itself.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bib_rules import declared, repeats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bib_entry import Entry
    from bib_finding import Finding

DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/\S*[^\s.,;]")
#: Sites that answer to https only or send readers there.
SECURE_SITES = re.compile(
    r"http://([\w.-]+\.)?(doi\.org|orcid\.org|gov|gov\.uk|nhs\.uk|nice\.org\.uk|who\.int|europa\.eu)"
    r"([/:?#]|$)",
    re.IGNORECASE,
)


def doi(entry: Entry) -> Iterator[Finding]:
    """Yield what is no DOI name: ``10.``, a registrant, a slash, a suffix (DOI Handbook, 2.2)."""
    value = entry.value("doi")
    if value and not DOI.fullmatch(value):
        bare = re.sub(r"^(https?://)?((dx\.)?doi\.org/|doi:\s*)", "", value, flags=re.IGNORECASE)
        mend = "write it without https://doi.org/" if bare != value else "write it as 10.NNNN/..."
        yield entry.finding("doi", f"doi {value} is not a DOI; {mend}", "doi")


def pmid(entry: Entry) -> Iterator[Finding]:
    """Yield what is no PubMed number: one to eight digits (NLM, MEDLINE/PubMed Data Elements)."""
    value = entry.value("pmid")
    if value and not re.fullmatch(r"[1-9]\d{0,7}", value, re.ASCII):
        message = f"pmid {value} is not a PubMed number; write its digits only"
        yield entry.finding("pmid", message, "pmid")


def pmcid(entry: Entry) -> Iterator[Finding]:
    """Yield what is no number of PubMed Central: ``PMC`` and digits (NLM, PMCID)."""
    value = entry.value("pmcid")
    if value and not re.fullmatch(r"PMC[1-9]\d*", value, re.ASCII):
        message = f"pmcid {value} is not a PMC number; write PMC and its digits"
        yield entry.finding("pmcid", message, "pmcid")


def issn(entry: Entry) -> Iterator[Finding]:
    """Yield an ISSN whose check digit is wrong (ISO 3297)."""
    for value in re.split(r"[\s,;]+", entry.value("issn")):
        if value and not (re.fullmatch(r"\d{4}-\d{3}[\dX]", value) and issn_is_valid(value)):
            message = f"issn {value} has a wrong form or check digit; compare it with the journal"
            yield entry.finding("issn", message, "issn")


def issn_is_valid(value: str) -> bool:
    """Return whether the check digit of the ISSN *value* is right (ISO 3297, modulus 11)."""
    return weighted(value.replace("-", ""), range(8, 0, -1)) % 11 == 0


def isbn(entry: Entry) -> Iterator[Finding]:
    """Yield an ISBN whose check digit is wrong (ISO 2108)."""
    for value in re.split(r"[,;]\s*", entry.value("isbn")):
        if value and not isbn_is_valid(value):
            message = f"isbn {value} has a wrong form or check digit; compare it with the book"
            yield entry.finding("isbn", message, "isbn")


def isbn_is_valid(value: str) -> bool:
    """Return whether the ISBN *value*, of 10 or 13 digits, has the right check digit (ISO 2108)."""
    digits = re.sub(r"[\s-]", "", value)
    if re.fullmatch(r"\d{9}[\dX]", digits, re.ASCII):
        return weighted(digits, range(10, 0, -1)) % 11 == 0
    if re.fullmatch(r"97[89]\d{10}", digits, re.ASCII):
        return weighted(digits, [1, 3] * 6 + [1]) % 10 == 0
    return False


def weighted(digits: str, weights: range | list[int]) -> int:
    """Return the sum of *digits* times *weights*; X counts ten."""
    return sum(
        weight * (10 if digit == "X" else int(digit))
        for digit, weight in zip(digits, weights, strict=True)
    )


def orcid(entry: Entry) -> Iterator[Finding]:
    """Yield an ORCID whose check digit is wrong (ISO 7064, MOD 11-2)."""
    for value in re.split(r"\s+and\s+|[\s,;]+", entry.value("orcid")):
        if value and not orcid_is_valid(value):
            message = f"orcid {value} has a wrong form or check digit; write 0000-0000-0000-0000"
            yield entry.finding("orcid", message, "orcid")


def orcid_is_valid(value: str) -> bool:
    """Return whether the check digit of the ORCID *value* is right (ISO 7064, MOD 11-2)."""
    if not re.fullmatch(r"(\d{4}-){3}\d{3}[\dX]", value, re.ASCII):
        return False
    total = 0
    for digit in value.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == value[-1]


def url(entry: Entry) -> Iterator[Finding]:
    """Yield what is no web address, and http where the site is known to use https."""
    value = entry.value("url")
    if value and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", value):
        yield entry.finding("url", f"url {value} is no web address; write https://...", "url")
    elif SECURE_SITES.match(value):
        yield entry.finding(
            "insecure-url", f"url {value}: write https:// instead of http://", "url"
        )


def missing_urldate(entry: Entry) -> Iterator[Finding]:
    """Yield a web source without the day on which it was read (NLM, *Citing Medicine*, 26)."""
    cited_by_url = "url" in entry.fields and "doi" not in entry.fields
    if cited_by_url and "urldate" not in entry.fields and "url" not in declared(entry):
        message = "url without urldate; add the day, or 'url: not opened' to unverified"
        yield entry.finding("missing-urldate", message, "url")


def duplicate_identifier(entries: list[Entry]) -> Iterator[Finding]:
    """Yield entries with the DOI, PMID or PMCID of an earlier one under another key."""
    for name in ("doi", "pmid", "pmcid"):
        for earlier, entry in repeats(entries, [entry.value(name).lower() for entry in entries]):
            message = f"the same {name} as {earlier.key}; keep one entry, or mend the {name}"
            yield entry.finding("duplicate-identifier", message, name)


ENTRY_RULES: tuple[Callable[[Entry], Iterator[Finding]], ...] = (
    doi,
    pmid,
    pmcid,
    issn,
    isbn,
    orcid,
    url,
    missing_urldate,
)
FILE_RULES: tuple[Callable[[list[Entry]], Iterator[Finding]], ...] = (duplicate_identifier,)
