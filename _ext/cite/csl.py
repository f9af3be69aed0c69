"""An entry as CSL-JSON, the data that citation processors take.

Types, variables, names and dates: *CSL 1.0.2 Specification*, appendices III and IV, and its schema
``csl-data.json``. Nothing is invented: what an entry lacks is left out, and what it declares
unverified is said in ``note``.
"""

import re
from typing import Any

from pybtex.database import Entry, Person

from bibtex.entry import PEOPLE
from bibtex.tex import plain
from common.text import MONTHS, sentence
from references.labels import is_others
from references.nlm_style import caveat, is_periodical, web_address

#: A reference by the names of CSL.
Item = dict[str, Any]

#: The types of CSL by those of BibTeX and, in the last lines, of BibLaTeX.
TYPES = {
    "article": "article-journal",
    **dict.fromkeys(("book", "manual", "proceedings"), "book"),
    "booklet": "pamphlet",
    **dict.fromkeys(("inbook", "incollection"), "chapter"),
    **dict.fromkeys(("conference", "inproceedings"), "paper-conference"),
    **dict.fromkeys(("mastersthesis", "phdthesis", "thesis"), "thesis"),
    **dict.fromkeys(("techreport", "report"), "report"),
    "unpublished": "manuscript",
    **dict.fromkeys(("dataset", "software", "patent"), ""),  # called so in both
    **dict.fromkeys(("electronic", "online", "www"), "webpage"),
    "preprint": "article",
}
#: What a thesis is when its entry does not say it.
GENRES = {"mastersthesis": "Master's thesis", "phdthesis": "PhD thesis"}
#: The variables with words: of the fields with TeX the first that is there.
WORDS = {
    "title": ("title",),
    "container-title": ("journal", "booktitle"),
    "collection-title": ("series",),
    "volume": ("volume",),
    "edition": ("edition",),
    "chapter-number": ("chapter",),
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("address",),
    "genre": ("type",),
    "medium": ("howpublished",),
    "language": ("language",),
}
#: The variables with identifiers, which hold no TeX.
IDENTIFIERS = {"DOI": "doi", "PMID": "pmid", "PMCID": "pmcid", "ISBN": "isbn", "ISSN": "issn"}
#: A day as an entry writes when it was looked at (ISO 8601), or its month or year.
ISO_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
DECEMBER, LAST_DAY = 12, 31
#: The months by the first letters of their names.
NUMBERS = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
#: The control characters of Unicode.
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def item_of(entry: Entry, remark: str = "") -> Item:
    """Return *entry* as CSL; *remark* is what its note says besides."""
    fields = entry.fields
    words = {
        name: next(filter(None, (text_of(entry, field) for field in given)), "")
        for name, given in WORDS.items()
    }
    words["genre"] = words["genre"] or GENRES.get(entry.type, "")
    number = "issue" if is_periodical(entry) else "number"
    pages = text_of(entry, "pages")
    first, dash, last = re.sub(r"\s*–\s*", "–", pages).partition("–")
    doubt = caveat(entry)
    notes = [text_of(entry, "note"), remark, f"Not verified: {doubt}" if doubt else ""]
    item: Item = {
        "id": entry.key,
        "type": type_of(entry),
        **{role: [*filter(None, map(name_of, entry.persons.get(role, ())))] for role in PEOPLE},
        "issued": issued(text_of(entry, "year"), text_of(entry, "month")),
        "accessed": day(text_of(entry, "urldate")),
        **words,
        number: text_of(entry, "number"),
        "page": f"{first}-{last}".replace("–", "-") if dash else pages,
        "page-first": first if dash else "",
        "URL": web_address(entry),
        **{name: one_line(fields.get(field, "")) for name, field in IDENTIFIERS.items()},
        "note": " ".join(map(sentence, filter(None, notes))),
    }
    return {name: value for name, value in item.items() if value}


def text_of(entry: Entry, field: str) -> str:
    """Return *field* of *entry* as plain text on one line, its TeX as Unicode; empty when it is missing."""
    return one_line(plain(entry.fields.get(field, "")))


def one_line(text: str) -> str:
    """Return *text* on one line, without control characters."""
    return CONTROL.sub("", " ".join(text.split())).strip()


def type_of(entry: Entry) -> str:
    """Return the type of *entry*; what BibTeX calls ``misc`` is what its fields tell."""
    if entry.type in TYPES:
        return TYPES[entry.type] or str(entry.type)
    fields = entry.fields
    kind = f"{fields.get('type', '')} {fields.get('howpublished', '')}"
    if re.search(r"\bdata\s?set\b", kind, re.IGNORECASE):
        return "dataset"
    if "eprint" in fields or re.search(r"\bpreprint\b", kind, re.IGNORECASE):
        return "article"
    return "webpage" if web_address(entry) else "document"


def name_of(person: Person) -> dict[str, str]:
    """Return *person* by its parts; what is whole in braces is an institution."""
    if is_others(person):
        return {"literal": "et al."}  # CSL has no word for more people than are named
    last = " ".join(person.last_names)
    words = {
        "family": last,
        "given": " ".join([*person.first_names, *person.middle_names]),
        "non-dropping-particle": " ".join(person.prelast_names),
        "suffix": " ".join(person.lineage_names),
    }
    parts = {part: text for part, tex in words.items() if (text := one_line(plain(tex)))}
    if parts.keys() == {"family"} and last.startswith("{") and last.endswith("}"):
        return {"literal": parts["family"]}
    return parts


def issued(year: str, month: str) -> Item:
    """Return the date of *year* and *month*, which may hold a day; words that are no year as they are."""
    if not re.fullmatch("[0-9]{4}", year):
        return {"literal": year} if year else {}
    words = re.findall(r"[a-z]{3,}", month.lower())
    names = [NUMBERS[word[:3]] for word in words if word[:3] in NUMBERS]
    numbers = [int(digits) for digits in re.findall(r"(?<![0-9])[0-9]{1,2}(?![0-9])", month)]
    if not names:
        names, numbers = [number for number in numbers[:1] if 1 <= number <= DECEMBER], []
    if len(names) > 1:
        return {"date-parts": [[int(year), names[0]], [int(year), names[-1]]]}
    days = [number for number in numbers[:1] if names and 1 <= number <= LAST_DAY]
    return {"date-parts": [[int(year), *names, *days]]}


def day(date: str) -> Item:
    """Return the day, month or year *date* of ISO 8601; other words as they are."""
    if found := ISO_DAY.fullmatch(date):
        return {"date-parts": [[int(part) for part in found.groups() if part]]}
    return {"literal": date} if date else {}
