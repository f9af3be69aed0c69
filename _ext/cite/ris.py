"""References as RIS, written by rispy.

Tags: Research Information Systems, *RIS Format Specifications*; types also those of 2011. The PubMed
number stands where PubMed puts it (``AN``, with ``DB``), the PMC number where EndNote does (``C2``).
"""

from collections.abc import Iterable

import rispy
from rispy.writer import RisWriter

from cite.csl import Item

#: The types of RIS by those of CSL.
TYPES = {
    "article": "UNPB",
    "article-journal": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "manuscript": "UNPB",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "report": "RPRT",
    "software": "COMP",
    "thesis": "THES",
    "webpage": "ELEC",
}
#: What rispy calls the tags, by the variables of CSL.
TAGS = {
    "title": "title",
    "container-title": "secondary_title",
    "collection-title": "tertiary_title",
    "volume": "volume",
    "issue": "number",
    "number": "number",
    "edition": "edition",
    "chapter-number": "section",
    "publisher": "publisher",
    "publisher-place": "place_published",
    "medium": "type_of_work",
    "genre": "type_of_work",
    "language": "language",
    "ISSN": "issn",
    "ISBN": "issn",
    "DOI": "doi",
    "PMID": "accession_number",
    "PMCID": "custom2",
}


class Writer(RisWriter):  # type: ignore[misc]  # rispy ships no types
    """Ends lines as the specification asks, and writes no numbers between the references."""

    NEWLINE = "\r\n"

    def set_header(self, count: int) -> str:
        """Return nothing."""
        return ""


def as_ris(items: Iterable[Item]) -> str:
    """Return *items*, of which each value is on one line, as RIS."""
    return str(rispy.dumps([record(item) for item in items], implementation=Writer))


def record(item: Item) -> dict[str, object]:
    """Return *item* by the names that rispy gives to tags."""
    year, date = dates(item.get("issued", {}))
    first, pages = item.get("page-first", ""), item.get("page", "")
    found: dict[str, object] = {
        "type_of_reference": TYPES.get(item["type"], "GEN"),
        "id": item["id"],
        "authors": [name(person) for person in item.get("author", ())],
        "secondary_authors": [name(person) for person in item.get("editor", ())],
        "year": year,
        "date": date,
        "access_date": dates(item.get("accessed", {}))[1],
        **{tag: item[variable] for variable, tag in TAGS.items() if variable in item},
        "start_page": first or pages,
        "end_page": pages.removeprefix(f"{first}-") if first else "",
        "name_of_database": "PubMed" if "PMID" in item else "",
        "urls": [*filter(None, [item.get("URL")])],
        "notes": [*filter(None, [item.get("note")])],
    }
    return {label: value for label, value in found.items() if value}


def name(person: dict[str, str]) -> str:
    """Return *person* as ``Family, Given, Suffix``, and an institution as it is."""
    family = " ".join(filter(None, [person.get("non-dropping-particle"), person.get("family")]))
    parts = [family, person.get("given", ""), person.get("suffix", "")]
    return person.get("literal") or ", ".join(parts).rstrip(", ")


def dates(date: Item) -> tuple[str, str]:
    """Return the year of *date*, and what else it says as ``YYYY/MM/DD/other``; both may be empty."""
    if "literal" in date:
        return "", f"///{date['literal']}"
    parts = [f"{part:02}" for part in next(iter(date.get("date-parts", ())), ())]
    year, more = "".join(parts[:1]), "/".join([*parts, "", "", ""][:3])
    return year, f"{more}/" if len(parts) > 1 else ""
