"""References in the style of the U.S. National Library of Medicine (Vancouver).

`NLMStyle` is the pybtex style ``nlm`` (``bibtex_default_style``). It has one layout for every entry
type, because a reference must degrade, never vanish: a missing field leaves a gap, an unknown type
is printed like a web page. What the entry declares unverified is no part of it: see `caveat`.
Layout: NLM, *Citing Medicine*, on journals and on web sites.
"""

import re
from urllib.parse import quote

from pybtex.database import BibliographyData, Entry, Person
from pybtex.richtext import HRef, String, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle

from bibtex.entry import unverified
from bibtex.tex import plain, rendered
from common.text import day_in_words
from references.labels import is_others, people_of, surname

#: What a part of a reference is when its fields are missing.
NOTHING = Text()
#: Words for fields whose BibTeX name means nothing to a reader.
FIELD_WORDS = {
    "author": "authors",
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "number": "issue",
    "pmcid": "PMC number",
    "pmid": "PubMed number",
    "url": "web address",
    "urldate": "date of access",
}
#: Where an identifier leads to, and how a reference names it.
LINKS = {
    "doi": ("https://doi.org/{}", "doi:{}"),
    "pmid": ("https://pubmed.ncbi.nlm.nih.gov/{}/", "PubMed {}"),
    "pmcid": ("https://pmc.ncbi.nlm.nih.gov/articles/{}/", "Free full text ({})"),
}
#: How many authors a preview names.
NAMED = 3
#: NLM writes the generation as an ordinal.
GENERATIONS = {"II": "2nd", "III": "3rd", "IV": "4th", "Jr.": "Jr", "Sr.": "Sr"}


class NLMStyle(BaseStyle):  # type: ignore[misc]  # pybtex ships no types
    """The text of a reference; labels and order are those of `references.labels`."""

    def format_entry(
        self, label: str, entry: Entry, bib_data: BibliographyData | None = None
    ) -> FormattedEntry:
        """Return *entry* as pybtex rich text under *label*; *bib_data* is not used."""
        return FormattedEntry(entry.key, reference(entry), label)


def reference(entry: Entry) -> Text:
    """Return the whole reference of *entry*, as pybtex rich text."""
    parts = (authors(entry), title(entry), source(entry), words(entry, "note"), links(entry))
    return joined(" ", *map(ended, parts))


def joined(separator: str, *parts: Text) -> Text:
    """Return those of *parts* that are not empty, with *separator* between them."""
    return String(separator).join([part for part in parts if part])


def ended(sentence: Text) -> Text:
    """Return *sentence* with a full stop, unless it ends with a mark of its own or is empty."""
    has_mark = str(sentence).rstrip("]").endswith((".", "?", "!"))
    return sentence if has_mark or not sentence else sentence + "."


def words(entry: Entry, field: str) -> Text:
    """Return *field* of *entry*, its TeX rendered; empty when it is missing."""
    tex = entry.fields.get(field)
    return rendered(tex) if tex else NOTHING


def authors(entry: Entry) -> Text:
    """Return the authors (or editors), all of them, in the form "Smith J, Roe B"."""
    people = people_of(entry)
    if not people and "author" in unverified(entry):
        return Text("[Authors not yet verified; see the DOI.]")
    return Text(", ".join(map(name, people)))


def name(person: Person) -> str:
    """Return *person* as NLM writes it: family name, initials without stops, generation."""
    if is_others(person):
        return "et al."
    given = plain(" ".join([*person.first_names, *person.middle_names]))
    initials = "".join(word[0].upper() for word in re.split(r"[\s.-]+", given) if word)
    generation = [GENERATIONS.get(word, word) for word in person.lineage_names]
    return " ".join(filter(None, [surname(person), initials, *generation]))


def in_short(entry: Entry) -> str:
    """Return the first authors and the title of *entry*, without markup; its label has the year."""
    people = people_of(entry)
    who = Text(", ".join(map(name, people[:NAMED])) + ", et al." * (len(people) > NAMED))
    return " ".join(str(joined(" ", ended(who), ended(words(entry, "title")))).split())


def title(entry: Entry) -> Text:
    """Return the title in its own letter case; italic when it is not part of a journal."""
    text = words(entry, "title")
    return text if "journal" in entry.fields else Tag("em", text)


def source(entry: Entry) -> Text:
    """Return where and when it appeared: journal or publisher, year, volume, issue and pages."""
    where = [
        Tag("em", words(entry, "journal")),
        words(entry, "booktitle"),
        words(entry, "howpublished"),
    ]
    if not is_periodical(entry):
        where += [joined(" ", words(entry, "type"), words(entry, "number"))]
    return joined(". ", *where, joined("; ", house(entry), published(entry)))


def is_periodical(entry: Entry) -> bool:
    """Return whether the number of *entry* is that of an issue, and not of a report."""
    return "journal" in entry.fields or "volume" in entry.fields


def house(entry: Entry) -> Text:
    """Return place and publisher, unless it is a journal or the author is the publisher."""
    if "journal" in entry.fields:
        return NOTHING
    written_by = {surname(person) for person in entry.persons.get("author", [])}
    fields = ("address", "publisher", "institution", "school", "organization")
    houses = (words(entry, field) for field in fields)
    return joined(": ", *(house for house in houses if str(house) not in written_by))


def published(entry: Entry) -> Text:
    """Return year, volume, issue and pages in the form "2016;173(5):491–498"."""
    names = ("year", "volume", "number", "pages")
    year, volume, issue, pages = (words(entry, field) for field in names)
    return Text(
        year,
        *([";", volume] if volume else []),
        *(["(", issue, ")"] if issue and is_periodical(entry) else []),
        *([":", pages] if pages else []),
    )


def links(entry: Entry) -> Text:
    """Return DOI, PubMed and PMC as links, each once; the address only where there is no DOI."""
    fields = entry.fields
    found = [
        HRef(address, LINKS[field][1].format(fields[field]))
        for field in LINKS
        if (address := identifier_address(entry, field))
    ]
    if not fields.get("doi") and (url := fields.get("url")):
        web = HRef(address, url) if (address := web_address(entry)) else Text(url)
        accessed = fields.get("urldate")
        checked = f" (checked {day_in_words(accessed)})" if accessed else ""
        found.append(Text("Available from: ", web, checked))
    return joined(". ", *found)


def web_address(entry: Entry) -> str:
    """Return the address in the field ``url`` of *entry*; nothing when it is none of the web."""
    url = entry.fields.get("url", "")
    web = re.match(r"https?://", url, re.IGNORECASE)
    return quote(url, safe="%/:;()?=&+,~@!$*'#[]") if web else ""


def identifier_address(entry: Entry, field: str) -> str:
    """Return where *field* of *entry*, one of `LINKS`, leads to; empty without one."""
    value = entry.fields.get(field, "")
    return value and LINKS[field][0].format(quote(value, safe="/:;()"))


def full_text_address(entry: Entry, *, in_pmc: bool) -> str:
    """Return where the full text of *entry* is, or can be looked for; empty without any address."""
    in_pubmed_central = in_pmc and identifier_address(entry, "pmcid")
    return in_pubmed_central or identifier_address(entry, "doi") or web_address(entry)


def caveat(entry: Entry) -> str:
    """Return which fields of *entry* are not verified, and why; empty when all are."""
    fields_by_reason: dict[str, list[str]] = {}
    for field, why in unverified(entry).items():
        fields_by_reason.setdefault(why, []).append(FIELD_WORDS.get(field, field))
    reasons = [f"{', '.join(fields)} ({why})" for why, fields in fields_by_reason.items()]
    return "; ".join(reasons)
