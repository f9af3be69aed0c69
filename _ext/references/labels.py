"""Author-year labels that name one reference each, and by what else readers may look for one.

The text cites "Smith et al. 2020" and the reference list leads with the same words.
Two references that would share a label are told apart by a, b, c after the year,
in the order in which the list shows them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pybtex.database import Entry, Person

from bibtex.tex import plain

#: What stands for the year of an undated reference.
NO_DATE = "n.d."
#: How an identifier is written out in full; a search for a part of it finds it, too.
IDENTIFIERS = {"doi": "https://doi.org/{}", "pmid": "pmid {}", "pmcid": "{}"}


def surname(person: Person) -> str:
    """Return the family name of *person*, with its particle, as plain text."""
    return plain(" ".join([*person.prelast_names, *person.last_names]))


def is_others(person: Person) -> bool:
    """Return whether *person* is BibTeX's ``and others``."""
    return bool(person.last_names == ["others"] and not person.first_names)


def people_of(entry: Entry) -> list[Person]:
    """Return the authors of *entry*, or else its editors; one of them may be ``and others``."""
    return list(entry.persons.get("author") or entry.persons.get("editor") or [])


def title_of(entry: Entry) -> str:
    """Return the title of *entry* as plain text, or its key."""
    return plain(entry.fields.get("title", entry.key))


def author_part(entry: Entry) -> str:
    """Return the authors of *entry* as a label shows them.

    The field ``shortauthor`` (BibLaTeX's name for it) wins, then one or two family names,
    then the first with "et al."; a reference with no author is called by its title.
    """
    if "shortauthor" in entry.fields:
        return plain(entry.fields["shortauthor"])
    people = people_of(entry)
    named = [person for person in people if not is_others(person)]
    if not named:
        return title_of(entry)
    if len(people) == 1:
        return surname(named[0])
    if len(people) == len(named) == 2:  # noqa: PLR2004  two names fit, three do not
        return f"{surname(named[0])} and {surname(named[1])}"
    return f"{surname(named[0])} et al."


def sort_key(entry: Entry) -> tuple[str, str, str, str]:
    """Return what orders the reference list: authors, year, title, key; letter case ignored."""
    fields = entry.fields
    return (
        author_part(entry).casefold(),
        fields.get("year", NO_DATE),
        plain(fields.get("title", "")).casefold(),
        entry.key,
    )


def labels(entries: Iterable[Entry]) -> dict[str, str]:
    """Return the label of each of *entries* by its key, no two alike."""
    groups: defaultdict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[f"{author_part(entry)} {entry.fields.get('year', NO_DATE)}"].append(entry)
    return {
        entry.key: label + (suffix(number) if len(group) > 1 else "")
        for label, group in groups.items()
        # Only labels that are shared need the titles, whose TeX takes long.
        for number, entry in enumerate(sorted(group, key=sort_key) if len(group) > 1 else group)
    }


def suffix(number: int) -> str:
    """Return the letters of the *number*-th reference of one label, from 0: a to z, then ba, bb."""
    rest, last = divmod(number, 26)
    return (suffix(rest) if rest else "") + chr(ord("a") + last)


def names_of(entry: Entry) -> Iterator[str]:
    """Yield what *entry* may be looked for by, beside its label: key, title, people, identifiers."""
    yield entry.key
    yield title_of(entry)
    yield from (surname(person) for person in people_of(entry) if not is_others(person))
    for field, written in IDENTIFIERS.items():
        if field in entry.fields:
            yield written.format(entry.fields[field])
