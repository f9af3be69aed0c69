"""What readers may type who look for a reference: people, the title, numbers, addresses."""

from collections.abc import Iterator

from pybtex.database import Entry

from bibtex.tex import plain
from references.labels import is_others, surname

#: How an identifier is written out in full; a search for a part of it finds it, too.
IDENTIFIERS = {"doi": "https://doi.org/{}", "pmid": "pmid {}", "pmcid": "{}"}


def title_of(entry: Entry) -> str:
    """Return the title of *entry* as plain text, or its key."""
    return plain(entry.fields.get("title", entry.key))


def names_of(entry: Entry) -> Iterator[str]:
    """Yield what *entry* may be looked for by, beside its label."""
    yield entry.key
    yield title_of(entry)
    people = entry.persons.get("author") or entry.persons.get("editor") or []
    yield from (surname(person) for person in people if not is_others(person))
    for field, written in IDENTIFIERS.items():
        if field in entry.fields:
            yield written.format(entry.fields[field])
