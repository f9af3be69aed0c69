"""What databases have and references.bib lacks, written into the file; all else there stays as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibtex.entry import SourceEntry, declarations
from bibtex.reader import ParsedFile, parse_bib
from paper_entry import ORDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from verify.compare import Offer

UNVERIFIED = "unverified"


class UnsafeError(ValueError):
    """A change that would touch more than it should; the reason is one line."""


def agreed(offers: Iterable[tuple[SourceEntry, Offer]]) -> dict[str, dict[str, str]]:
    """Return the values in *offers* by key and field; those on which databases disagree are left out."""
    values: dict[str, dict[str, set[str]]] = {}
    for entry, offer in offers:
        values.setdefault(entry.key, {}).setdefault(offer.field, set()).add(offer.value)
    return {
        key: sure
        for key, fields in values.items()
        if (sure := {name: found.pop() for name, found in fields.items() if len(found) == 1})
    }


def fixed(text: str, file: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """Return the BibTeX *text* with *values* by key and field; what they settle is no longer unverified.

    Raise `UnsafeError` when anything else would change with it.
    """
    for key, fields in values.items():
        (entry,) = (
            entry for entry in parse_bib(text, ParsedFile(file)).entries if entry.key == key
        )
        begin = text.index(entry.source, offset(text, entry.line))
        new = with_fields(entry, fields)
        changed = text[:begin] + new + text[begin + len(entry.source) :]
        refuse_other_changes(text, changed, entry, fields)
        text = changed
    return text


def with_fields(entry: SourceEntry, fields: Mapping[str, str]) -> str:
    """Return the source of *entry* with *fields*, each on its own line in the order of the file."""
    source = entry.source
    if len(set(entry.lines.values()) | {entry.line}) <= len(entry.lines):
        message = f"{entry.file}:{entry.line}: {entry.key}: two fields are on one line; write each on its own"
        raise UnsafeError(message)
    declared = [pair for pair in declarations(entry.value(UNVERIFIED)) if pair[0] not in fields]
    left = "; ".join(f"{name}: {why}" for name, why in declared)
    todo = {**fields, **({UNVERIFIED: left} if UNVERIFIED in entry.lines else {})}
    for name, value in todo.items():
        place = place_of(source, name) if name in entry.lines else None
        if place and value:
            source = f"{source[: place[0]]}{{{value}}}{source[place[1] :]}"
        elif place:
            begin = source.rindex("\n", 0, place[0])
            end = source.index("\n", place[1]) if "\n" in source[place[1] :] else place[1]
            source = source[:begin] + source[end:]
        elif value:
            source = inserted(source, name, value)
    return source


def place_of(source: str, name: str) -> tuple[int, int]:
    """Return where the value of the field *name* begins and ends in *source*, with what encloses it."""
    match = re.search(rf"(?im)^[ \t]*{re.escape(name)}[ \t]*=[ \t\n]*", source)
    if match is None:
        message = f"the field {name} is not at the start of a line"
        raise UnsafeError(message)
    depth, quoted = 0, source[match.end()] == '"'
    for place in range(match.end(), len(source)):
        char = source[place]
        depth += {"{": 1, "}": -1}.get(char, 0)
        closes = depth == 0 and (char == '"' and place > match.end() if quoted else char == "}")
        if closes:
            return match.end(), place + 1
        if depth == 0 and not quoted and char in ",\n":
            return match.end(), place
    message = f"the field {name} has no end"
    raise UnsafeError(message)


def inserted(source: str, name: str, value: str) -> str:
    """Return *source* with the new field *name* before the first that stands behind it in `ORDER`."""
    later = ORDER[ORDER.index(name) + 1 :] if name in ORDER else ()
    pattern = rf"(?im)^([ \t]*)(?:{'|'.join(map(re.escape, later))})[ \t]*=" if later else r"(?!)"
    if match := re.search(pattern, source):
        return (
            f"{source[: match.start()]}{match[1]}{name} = {{{value}}},\n{source[match.start() :]}"
        )
    body = source.rstrip().removesuffix("}").rstrip()
    comma = "" if body.endswith(",") else ","
    return f"{body}{comma}\n  {name} = {{{value}}},\n}}"


def offset(text: str, line: int) -> int:
    """Return where the *line*, from 1, begins in *text*."""
    return sum(len(one) for one in text.splitlines(keepends=True)[: line - 1])


def refuse_other_changes(
    before: str, after: str, entry: SourceEntry, fields: Mapping[str, str]
) -> None:
    """Raise `UnsafeError` when *after* differs from *before* in more than *fields* of *entry*."""
    old, new = (parse_bib(text, ParsedFile(entry.file)) for text in (before, after))
    right = [one.key for one in old.entries] == [one.key for one in new.entries]
    right = right and len(new.findings) <= len(old.findings)
    for one, two in zip(old.entries, new.entries, strict=False):
        if one.key != entry.key:
            right = right and one.source == two.source
            continue
        names = {*one.lines, *two.lines} - {*fields, UNVERIFIED}
        right = right and all(one.fields.get(name) == two.fields.get(name) for name in names)
        right = right and all(two.value(name) == " ".join(v.split()) for name, v in fields.items())
    if not right:
        message = f"{entry.file}:{entry.line}: {entry.key}: cannot be changed without touching more; do it by hand"
        raise UnsafeError(message)
