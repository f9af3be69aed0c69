"""References in the style of the U.S. National Library of Medicine (Vancouver).

`NLMStyle` is the pybtex style ``nlm`` (``bibtex_default_style``). It has one layout for every entry
type, because a reference must degrade, never vanish: a missing field leaves a gap, an unknown type
is printed like a web page. Fields that the entry declares unverified are named at its end.
Layout: NLM, *Citing Medicine*, on journals and on web sites.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from pybtex.database import BibliographyData, Entry, Person
from pybtex.richtext import BaseText, HRef, Tag, Text
from pybtex.style import FormattedEntry
from pybtex.style.formatting import BaseStyle

from bibtex.entry import unverified
from bibtex.tex import plain, rendered
from common.text import day_in_words
from references.labels import is_others, surname

#: What a part of a reference is made of, in order.
Pieces = list[str | BaseText]
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
    """The text of a reference; labels and order are those of `references.labels`."""

    def format_entry(
        self, label: str, entry: Entry, bib_data: BibliographyData | None = None
    ) -> FormattedEntry:
        """Return *entry* as pybtex rich text under *label*; *bib_data* is not used."""
        return FormattedEntry(entry.key, reference(entry), label)


def reference(entry: Entry) -> Text:
    """Return the whole reference of *entry*, as pybtex rich text."""
    sentences = (part(entry) for part in (authors, title, source, note, links, caveat))
    return Text(*joined(" ", (ended(sentence) for sentence in sentences if sentence)))


def joined(separator: str, parts: Iterable[Pieces]) -> Pieces:
    """Return the pieces of all *parts* that are not empty, with *separator* between them."""
    pieces: Pieces = []
    for part in parts:
        if part:
            pieces += [separator, *part] if pieces else part
    return pieces


def ended(sentence: Pieces) -> Pieces:
    """Return *sentence* with a full stop, unless it ends with a mark of its own."""
    end = str(sentence[-1]).rstrip("]")
    return sentence if end.endswith((".", "?", "!")) else [*sentence, "."]


def words(entry: Entry, field: str) -> Pieces:
    """Return *field* of *entry*, its TeX rendered; nothing when it is missing or empty."""
    tex = entry.fields.get(field, "")
    return [rendered(tex)] if tex else []


def note(entry: Entry) -> Pieces:
    """Return the note."""
    return words(entry, "note")


def authors(entry: Entry) -> Pieces:
    """Return the authors (or editors), all of them, in the form "Smith J, Roe B"."""
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    if not people and "author" in unverified(entry):
        return ["[Authors not yet verified; see the DOI.]"]
    names = ", ".join("et al." if is_others(person) else name(person) for person in people)
    return [names] if names else []


def name(person: Person) -> str:
    """Return *person* as NLM writes it: family name, initials without stops, generation."""
    given = plain(" ".join([*person.first_names, *person.middle_names]))
    initials = "".join(word[0].upper() for word in re.split(r"[\s.-]+", given) if word)
    generation = [GENERATIONS.get(word, word) for word in person.lineage_names]
    return " ".join(filter(None, [surname(person), initials, *generation]))


def title(entry: Entry) -> Pieces:
    """Return the title in its own letter case; italic when it is not part of a journal."""
    text = words(entry, "title")
    return text if "journal" in entry.fields or not text else [Tag("em", *text)]


def source(entry: Entry) -> Pieces:
    """Return where and when it appeared: journal or publisher, year, volume, issue and pages."""
    journal = words(entry, "journal")
    report: Pieces = []
    if not is_periodical(entry):
        report = joined(" ", [words(entry, "type"), words(entry, "number")])
    where = [
        [Tag("em", *journal)] if journal else [],
        words(entry, "booktitle"),
        words(entry, "howpublished"),
        report,
        joined("; ", [house(entry), words(entry, "year") + locator(entry)]),
    ]
    return joined(". ", where)


def is_periodical(entry: Entry) -> bool:
    """Return whether the number of *entry* is that of an issue, and not of a report."""
    return "journal" in entry.fields or "volume" in entry.fields


def house(entry: Entry) -> Pieces:
    """Return place and publisher, unless it is a journal or the author is the publisher."""
    if "journal" in entry.fields:
        return []
    written_by = {surname(person) for person in entry.persons.get("author", [])}
    names = ("address", "publisher", "institution", "school", "organization")
    fields = [entry.fields[name] for name in names if name in entry.fields]
    return joined(": ", [[rendered(tex)] for tex in fields if plain(tex) not in written_by])


def locator(entry: Entry) -> Pieces:
    """Return volume, issue and pages in the form ";173(5):491–498"."""
    volume, issue, pages = (words(entry, field) for field in ("volume", "number", "pages"))
    found: Pieces = [";", *volume] if volume else []
    if issue and is_periodical(entry):
        found += ["(", *issue, ")"]
    return [*found, ":", *pages] if pages else found


def links(entry: Entry) -> Pieces:
    """Return DOI, PubMed and PMC as links, each once; the address only where there is no DOI."""
    fields = entry.fields
    found: list[Pieces] = []
    if doi := fields.get("doi"):
        found.append([HRef(doi_address(entry), "doi:" + doi)])
    if pmid := fields.get("pmid"):
        found.append([HRef(f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid)}/", "PubMed " + pmid)])
    if "pmcid" in fields:
        found.append([HRef(pmc_address(entry), "Free full text (PMC)")])
    if not doi and (url := fields.get("url")):
        web = HRef(quote(url, safe="%/:;()?=&+,~@!$*'#[]"), url)
        accessed = fields.get("urldate")
        checked = [f" (checked {day_in_words(accessed)})"] if accessed else []
        found.append(["Available from: ", web, *checked])
    return joined(". ", found)


def doi_address(entry: Entry) -> str:
    """Return where the DOI of *entry* leads to; empty without one."""
    doi = entry.fields.get("doi", "")
    return doi and "https://doi.org/" + quote(doi, safe="/:;()")


def pmc_address(entry: Entry) -> str:
    """Return the address of *entry* in PubMed Central; empty when it is not there."""
    pmcid = entry.fields.get("pmcid", "")
    return pmcid and f"https://pmc.ncbi.nlm.nih.gov/articles/{quote(pmcid)}/"


def caveat(entry: Entry) -> Pieces:
    """Return which fields of *entry* are not verified, and why."""
    fields_by_reason: dict[str, list[str]] = {}
    for field, why in unverified(entry).items():
        fields_by_reason.setdefault(why, []).append(FIELD_WORDS.get(field, field))
    reasons = [f"{', '.join(fields)} ({why})" for why, fields in fields_by_reason.items()]
    return [Tag("em", "Not yet verified: " + "; ".join(reasons))] if reasons else []
