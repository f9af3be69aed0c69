"""References in the style of the U.S. National Library of Medicine (Vancouver).

`NLMStyle` is a pybtex style with one layout for every entry type, because a reference must
degrade, never vanish: a missing field leaves a gap, an unknown type is printed like a web page.
Fields that the entry declares unverified are named at its end.
Layout: NLM, *Citing Medicine*, chapters 1 (journal articles) and 26 (web documents).
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from pybtex.richtext import HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle

from author_year import is_others, labels, plain, rendered, sort_key, surname

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pybtex.database import BibliographyData, Entry, Person

#: Words for fields whose BibTeX name means nothing to a reader.
FIELD_WORDS = {
    "author": "authors",
    "doi": "DOI",
    "number": "issue",
    "pmcid": "PMC number",
    "pmid": "PubMed number",
    "url": "web address",
    "urldate": "date of access",
}
#: NLM writes the generation as an ordinal.
GENERATIONS = {"II": "2nd", "III": "3rd", "IV": "4th", "Jr.": "Jr", "Sr.": "Sr"}


class NLMStyle(BaseStyle):  # type: ignore[misc]  # pybtex ships no types
    """The pybtex style ``nlm``: labels, order and text of the reference list."""

    def __init__(self) -> None:
        """Leave out `BaseStyle.__init__`, which puts plugins in the place of the methods below."""

    def sort(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return *entries* in the order of the reference list."""
        return sorted(entries, key=sort_key)

    def format_labels(self, sorted_entries: Iterable[Entry]) -> list[str]:
        """Return one label for each of *sorted_entries*."""
        entries = list(sorted_entries)
        unambiguous = labels(entries)
        return [unambiguous[entry.key] for entry in entries]

    def format_entry(
        self, label: str, entry: Entry, bib_data: BibliographyData | None = None
    ) -> FormattedEntry:
        """Return *entry* as pybtex rich text under *label*; *bib_data* is not used."""
        del bib_data
        return FormattedEntry(entry.key, reference(entry), label)


def unverified(entry: Entry) -> dict[str, str]:
    """Return why each unverified field of *entry* is unverified, by the name of the field.

    The field ``unverified`` holds ``field: why`` pairs, separated by semicolons.
    """
    pairs = (pair.partition(":") for pair in entry.fields.get("unverified", "").split(";"))
    return {name.strip(): why.strip() for name, _, why in pairs if name.strip()}


def reference(entry: Entry) -> Text:
    """Return the whole reference of *entry*, as pybtex rich text."""
    parts = (
        authors(entry),
        title(entry),
        source(entry),
        latex(entry, "note"),
        links(entry),
        caveat(entry),
    )
    return Text(" ").join(sentence(part) for part in parts if part)


def sentence(part: Text) -> Text:
    """Return *part* with a full stop, unless it ends with one or with a link."""
    plain = str(part)
    return part if plain.rstrip("]").endswith((".", "?", "!")) else Text(part, ".")


def latex(entry: Entry, field: str) -> Text:
    """Return *field* of *entry*, its TeX rendered; empty text when it is missing."""
    return rendered(entry.fields.get(field, ""))


def authors(entry: Entry) -> Text:
    """Return the authors (or editors), all of them, in the form "Yovell Y, Bar G"."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people and "author" in unverified(entry):
        return Text("[Authors not yet verified; see the DOI.]")
    return Text(", ".join("et al." if is_others(person) else name(person) for person in people))


def name(person: Person) -> str:
    """Return *person* as NLM writes it: family name, initials without stops, generation."""
    given = plain(" ".join([*person.first_names, *person.middle_names]))
    initials = "".join(word[0].upper() for word in re.split(r"[\s.-]+", given) if word)
    generation = [GENERATIONS.get(word, word) for word in person.lineage_names]
    return " ".join(filter(None, [surname(person), initials, *generation]))


def title(entry: Entry) -> Text:
    """Return the title in the letter case of the source; italic when it is not part of a journal."""
    text = latex(entry, "title")
    return text if "journal" in entry.fields or not text else Text(Tag("em", text))


def source(entry: Entry) -> Text:
    """Return where and when *entry* appeared: journal or publisher, year, volume, issue and pages."""
    fields = entry.fields
    report = Text()
    if not is_periodical(entry):
        report = Text(" ").join(filter(None, [latex(entry, "type"), latex(entry, "number")]))
    year = Text(latex(entry, "year"), locator(entry))
    where = [
        Text(Tag("em", latex(entry, "journal"))) if "journal" in fields else Text(),
        latex(entry, "booktitle"),
        latex(entry, "howpublished"),
        report,
        Text("; ").join(filter(None, [house(entry), year])),
    ]
    return Text(". ").join(filter(None, where))


def is_periodical(entry: Entry) -> bool:
    """Return whether the number of *entry* is that of an issue, and not of a report."""
    return "journal" in entry.fields or "volume" in entry.fields


def house(entry: Entry) -> Text:
    """Return place and publisher, unless it is a journal or the author is the publisher."""
    if "journal" in entry.fields:
        return Text()
    written_by = {surname(person) for person in entry.persons.get("author", [])}
    names = ("address", "publisher", "institution", "school", "organization")
    parts = [latex(entry, name) for name in names if name in entry.fields]
    return Text(": ").join(part for part in parts if str(part) not in written_by)


def locator(entry: Entry) -> Text:
    """Return volume, issue and pages in the form ";173(5):491–498"."""
    volume, issue, pages = (latex(entry, field) for field in ("volume", "number", "pages"))
    text = Text(";", volume) if volume else Text()
    if issue and is_periodical(entry):
        text = Text(text, "(", issue, ")")
    return Text(text, ":", str(pages).replace("--", "–")) if pages else text


def links(entry: Entry) -> Text:
    """Return DOI, PubMed and PMC as links, each once; the address only where there is no DOI."""
    fields = entry.fields
    found = []
    if doi := fields.get("doi"):
        found.append(HRef("https://doi.org/" + quote(doi, safe="/:;()"), "doi:" + doi))
    if pmid := fields.get("pmid"):
        found.append(HRef(f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid)}/", "PubMed " + pmid))
    if pmcid := fields.get("pmcid"):
        address = f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(pmcid)}/"
        found.append(HRef(address, "Free full text (PMC)"))
    text = Text(". ").join(found)
    if not doi and (url := fields.get("url")):
        web = Text("Available from: ", HRef(quote(url, safe="%/:;()?=&+,~@!$*'#[]"), url))
        if accessed := fields.get("urldate"):
            web += Text(" (checked ", day(accessed), ")")
        text = Text(". ").join(filter(None, [text, web]))
    return text


def day(iso_date: str) -> str:
    """Return *iso_date* as "23 November 2026"; what is no ISO date is returned as it is."""
    try:
        date = dt.date.fromisoformat(iso_date)
    except ValueError:
        return iso_date
    return f"{date.day} {date:%B %Y}"


def caveat(entry: Entry) -> Text:
    """Return which fields of *entry* are not verified, and why."""
    fields_by_reason: dict[str, list[str]] = {}
    for field, why in unverified(entry).items():
        fields_by_reason.setdefault(why, []).append(FIELD_WORDS.get(field, field))
    reasons = [f"{', '.join(fields)} ({why})" for why, fields in fields_by_reason.items()]
    return Text(Tag("em", "Not yet verified: " + "; ".join(reasons))) if reasons else Text()
