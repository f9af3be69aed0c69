"""Rules for what leads to a paper: DOI, PubMed, PMC, ISSN, ISBN, ORCID and web addresses.

Nothing is asked of the network: these rules find what cannot be right in itself.
"""

import html
import re
import urllib.parse
from collections.abc import Iterator

import stdnum.isbn
import stdnum.isni
import stdnum.issn

from bibcheck.fields import repeats
from bibtex.entry import SourceEntry
from common.findings import Finding
from common.text import IDENTIFIERS

DOI = re.compile(r"10\.\d{4,9}(\.\d+)*/[!-~]*[^\s.,;:\"']", re.ASCII)
#: What each number is called, its form, and how to write it.
NUMBERS = {
    "pmid": ("PubMed", r"[1-9]\d{0,7}", "its digits only"),
    "pmcid": ("PMC", r"PMC[1-9]\d*", "PMC and its digits"),
}
#: The form of numbers with a check digit, and what checks it; an ORCID is an ISNI with hyphens.
CHECKED = {
    "issn": (r"\d{4}-\d{3}[\dX]", stdnum.issn.is_valid),
    "isbn": (r"[\dX -]+", stdnum.isbn.is_valid),
    "orcid": (r"(\d{4}-){3}\d{3}[\dX]", stdnum.isni.is_valid),
}
#: Sites that answer to https only or send readers there.
SECURE_SITES = re.compile(
    r"http://([\w.-]+\.)?(doi\.org|orcid\.org|gov|gov\.uk|nhs\.uk|nice\.org\.uk|who\.int|europa\.eu)"
    r"([/:?#]|$)",
    re.IGNORECASE,
)


def doi(entry: SourceEntry) -> Iterator[Finding]:
    """Yield what is no DOI name, or one that leads nowhere.

    A name is ``10.``, a registrant, a slash and a suffix (DOI Handbook, 2.2), in ASCII characters
    (Crossref, *Constructing your identifiers*).
    """
    if not (value := entry.value("doi")):
        return
    bare = re.sub(r"^(https?://)?((dx\.|www\.)?doi\.org/|doi:\s*)", "", value, flags=re.IGNORECASE)
    plain = re.sub(r"[\\{}]", "", html.unescape(urllib.parse.unquote(bare)))
    while plain[-1:] in set(".,;:)]>\"'") and not is_doi(plain):
        plain = plain[:-1]
    if bare != value:
        fix = "write it without https://doi.org/"
    elif plain != value and is_doi(plain):
        fix = f"write {plain}"
    elif not is_doi(value):
        fix = "write it as 10.NNNN/..."
    else:
        return
    yield entry.finding("doi", f"doi {value} is not a DOI; {fix}", "doi")


def is_doi(value: str) -> bool:
    """Return whether *value* has the form of a DOI name, and no bracket at its end that opens nowhere."""
    opening = dict(zip(")]>", "([<", strict=True)).get(value[-1:], "")
    alone = opening and value.count(value[-1]) > value.count(opening)
    return DOI.fullmatch(value) is not None and not alone


def numbers(entry: SourceEntry) -> Iterator[Finding]:
    """Yield what is not a number of PubMed or of PubMed Central (NLM, MEDLINE/PubMed Data Elements)."""
    for name, (what, form, fix) in NUMBERS.items():
        value = entry.value(name)
        if value and not re.fullmatch(form, value, re.ASCII):
            yield entry.finding(name, f"{name} {value} is not a {what} number; write {fix}", name)


def check_digits(entry: SourceEntry) -> Iterator[Finding]:
    """Yield an ISSN (ISO 3297), ISBN (ISO 2108) or ORCID (ISO 7064) whose form or check digit is wrong."""
    for name, (form, is_valid) in CHECKED.items():
        given = re.sub(r"\([^()]*\)", "", entry.value(name)).strip()  # "(paperback)"
        for value in re.split(r"\s+and\s+|[\s,;]+(?=[\dX-]{9})|[,;]\s*", given):
            if value and not (re.fullmatch(form, value, re.ASCII) and is_valid(value.strip())):
                message = f"{name} {value} has a wrong form or check digit; compare it"
                yield entry.finding(name, message, name)


def url(entry: SourceEntry) -> Iterator[Finding]:
    """Yield what is not a web address, and http where the site is known to use https."""
    value = entry.value("url")
    if value and not re.fullmatch(r"https?://[^\s/<>\"\\{}]+\.[^\s<>\"\\{}]+", value):
        yield entry.finding("url", f"url {value} is not a web address; write https://...", "url")
    elif SECURE_SITES.match(value):
        message = f"url {value}: write https:// instead of http://"
        yield entry.finding("insecure-url", message, "url")


def duplicate_identifier(entries: list[SourceEntry]) -> Iterator[Finding]:
    """Yield entries with the DOI, PMID or PMCID of an earlier one under another key."""
    for name in IDENTIFIERS:
        for earlier, entry in repeats(entries, [entry.value(name).lower() for entry in entries]):
            message = f"the same {name} as {earlier.key}; keep one entry, or fix the {name}"
            yield entry.finding("duplicate-identifier", message, name)
