"""What databases have and references.bib lacks, written into the file; all else there stays as it is.

Each entry stands alone: one that cannot be changed safely is told, and the others are written.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bibtex.entry import SourceEntry, declarations
from bibtex.reader import ParsedFile, parse_bib, strings
from bibtex.scanner import EntryScanner
from common.findings import Finding
from paper_entry import ORDER
from verify.compare import value_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, MutableMapping

    from verify.compare import Offer

UNVERIFIED = "unverified"
LINE_END = re.compile("\r\n|\r|\n")
MORE = "it cannot be changed without touching more; do it by hand"


class UnsafeError(ValueError):
    """A change that would touch more than it should; the reason is one line."""

    def __init__(self, message: str, name: str = "") -> None:
        super().__init__(message)
        self.name = name  #: The field that stands in the way.


class Place(NamedTuple):
    """Where a field stands in the source of its entry."""

    begin: int  #: Of its name.
    value: int  #: Of its value, with what encloses it.
    end: int  #: Behind its value.
    parts: int  #: How many texts the value is made of, with # between them.


@dataclass
class Fixed:
    """What came of writing values into a file."""

    text: str  #: The whole file.
    entries: list[SourceEntry] = field(default_factory=list)  #: Its entries.
    #: The fields that were written, by the key of the entry.
    written: dict[str, list[str]] = field(default_factory=dict)
    #: The fields that are as they were, and no longer unverified, by the key of the entry.
    confirmed: dict[str, list[str]] = field(default_factory=dict)
    #: Why an entry was left alone.
    refused: list[Finding] = field(default_factory=list)


class Places(EntryScanner):
    """The places of the fields of one entry, of a repeated field the first one."""

    def __init__(self, source: str, known: MutableMapping[str, str]) -> None:
        super().__init__(source, known, "", 1)
        self.found: dict[str, Place] = {}
        self.scan()

    def parse_named_field(self, name: str) -> int:
        """Read the value of the field *name*, and return the line of its end."""
        begin = self.pos - len(name)
        line = super().parse_named_field(name)
        equals = self.text.index("=", begin)
        value = equals + len(self.text[equals:]) - len(self.text[equals + 1 :].lstrip())
        end = len(self.text[: self.pos].rstrip())
        self.found.setdefault(name.lower(), Place(begin, value, end, len(self.current_value)))
        return line


def places_in(source: str, known: MutableMapping[str, str]) -> dict[str, Place]:
    """Return the places of the fields in the *source* of an entry; raise `UnsafeError` when it is broken."""
    places = Places(source, known)
    if places.findings:
        raise UnsafeError(MORE)
    return places.found


def agreed(offers: Iterable[tuple[SourceEntry, Offer]]) -> dict[str, dict[str, str]]:
    """Return the values in *offers* by key and field; those on which databases disagree are left out.

    So is what an entry has from elsewhere: from its whole, or as the title of a book.
    """
    values: dict[str, dict[str, set[str]]] = {}
    for entry, offer in offers:
        if offer.field in entry.lines or not value_of(entry, offer.field):
            values.setdefault(entry.key, {}).setdefault(offer.field, set()).add(offer.value)
    return {
        key: sure
        for key, fields in values.items()
        if (sure := {name: found.pop() for name, found in fields.items() if len(found) == 1})
    }


def fixed(
    raw: str,
    file: str,
    values: Mapping[str, Mapping[str, str]],
    compared: Mapping[str, SourceEntry],
) -> Fixed:
    """Return what comes of writing *values*, by key and field, into *raw*, the text of *file*.

    What they settle is no longer unverified; line ends and a byte-order mark stay. *compared* are the
    entries for which the values are. Raise `UnsafeError` when other entries would change, too.
    """
    mark = "\ufeff" * raw.startswith("\ufeff")
    body = raw.removeprefix(mark)
    text = LINE_END.sub("\n", body)
    known = strings()
    entries = parse_bib(text, ParsedFile(file), known).entries
    result = Fixed(raw)
    pieces, begin = [mark], 0
    for entry in entries:
        given = values.get(entry.key, {})
        fields = {name: " ".join(value.split()) for name, value in given.items()}
        if not fields:
            continue
        try:
            refuse_another(entry, entries, compared[entry.key])
            start, end = span(text, body, entry)
            source = rewritten(body[start:end], entry, fields, known)
        except UnsafeError as error:
            result.refused.append(entry.finding("fix", f"not written: {error}", error.name))
            continue
        if source == body[start:end]:
            continue
        pieces += [body[begin:start], source]
        begin = end
        declared = {name for name, _ in declarations(entry.value(UNVERIFIED))}
        for name, value in fields.items():
            if entry.value(name) != value:
                result.written.setdefault(entry.key, []).append(name)
            elif name in declared:
                result.confirmed.setdefault(entry.key, []).append(name)
    gone = values.keys() - {entry.key for entry in entries}
    result.refused += (
        compared[key].finding("fix", "not written: it is gone; run it again")
        for key in sorted(gone)
    )
    result.text = "".join([*pieces, body[begin:]])
    result.entries = entries_in(result.text, file)
    refuse_other_changes(entries, result)
    return result


def refuse_another(
    entry: SourceEntry, entries: Iterable[SourceEntry], compared: SourceEntry
) -> None:
    """Raise `UnsafeError` when *entry*, one of *entries*, is not the only one that can be *compared*."""
    if [one.key for one in entries].count(entry.key) > 1:
        message = "two entries have this key; give one of them another"
        raise UnsafeError(message)
    if compared.source != entry.source:
        message = "it was changed while databases were asked; run it again"
        raise UnsafeError(message)


def entries_in(raw: str, file: str) -> list[SourceEntry]:
    """Return the entries in *raw*, the text of *file* with the line ends that it has."""
    text = LINE_END.sub("\n", raw.removeprefix("\ufeff"))
    return parse_bib(text, ParsedFile(file)).entries


def span(text: str, body: str, entry: SourceEntry) -> tuple[int, int]:
    """Return where *entry* begins and ends in *body*, which is *text* with other line ends.

    Raise `UnsafeError` when its line begins with something else.
    """
    line = [0, *(found.end() for found in re.finditer("\n", text))][entry.line - 1]
    begin = text.index(entry.source, line)
    if text[line:begin].strip():
        message = "it does not begin its line; write each entry on lines of its own"
        raise UnsafeError(message)
    longer = [found.start() - n for n, found in enumerate(re.finditer("\r\n", body))]
    end = begin + len(entry.source)
    return begin + bisect_left(longer, begin), end + bisect_left(longer, end)


def rewritten(
    source: str, entry: SourceEntry, fields: Mapping[str, str], known: MutableMapping[str, str]
) -> str:
    """Return the *source* of *entry* with *fields*, which are then no longer declared unverified.

    Raise `UnsafeError` when that cannot be done without touching more.
    """
    new = source
    for name in sorted(fields, key=ORDER.index):
        if entry.value(name) != fields[name]:
            new = with_field(new, name, fields[name], places_in(new, known))
    if fields.keys() & {name for name, _ in declarations(entry.value(UNVERIFIED))}:
        new = without_declarations(new, fields.keys(), places_in(new, known))
    refuse_more_than(fields, source, new, known)
    return new


def with_field(source: str, name: str, value: str, places: Mapping[str, Place]) -> str:
    """Return *source* with the field *name*; a new one before the first that stands behind it in `ORDER`."""
    if name in places:
        refuse_joined(name, places[name])
        return f"{source[: places[name].value]}{{{value}}}{source[places[name].end :]}"
    if not places:
        message = "it has no field; write one on a line of its own"
        raise UnsafeError(message)
    later = ORDER[ORDER.index(name) + 1 :]
    neighbour = next((one for one in places if one in later), [*places][-1])
    line = begin_of_line(source, neighbour, places)
    place = places[neighbour]
    indent = source[line : place.begin]
    ends = LINE_END.findall(source[:line])
    if neighbour in later:
        return f"{source[:line]}{indent}{name} = {{{value}}},{ends[-1]}{source[line:]}"
    comma = re.match(r"\s*,", source[place.end :])
    at = place.end + (comma.end() if comma else 0)
    before, behind = ("", ",") if comma else (",", "")
    return f"{source[:at]}{before}{ends[-1]}{indent}{name} = {{{value}}}{behind}{source[at:]}"


def without_declarations(source: str, names: Iterable[str], places: Mapping[str, Place]) -> str:
    """Return *source*, which no longer declares the fields *names* unverified; all else stays as it is."""
    place = places[UNVERIFIED]
    refuse_joined(UNVERIFIED, place)
    inner = source[place.value + 1 : place.end - 1]
    left = [pair for pair in inner.split(";") if pair.partition(":")[0].strip() not in names]
    if any(pair.strip() for pair in left):
        before = inner[: len(inner) - len(inner.lstrip())]
        behind = inner[len(inner.rstrip()) :]
        text = f"{before}{';'.join(left).strip()}{behind}"
        return source[: place.value + 1] + text + source[place.end - 1 :]
    begin = begin_of_line(source, UNVERIFIED, places)
    comma = re.match(r"(?:\s*,)?[ \t]*", source[place.end :])
    end = place.end + (comma.end() if comma else 0)
    line_end = LINE_END.match(source, end)
    return (
        source[:begin] + source[line_end.end() :]
        if line_end
        else source[: place.begin] + source[end:]
    )


def refuse_joined(name: str, place: Place) -> None:
    """Raise `UnsafeError` when the value of the field *name* is made of several texts."""
    if place.parts > 1:
        message = f"{name} is made of several texts with # between them; write it as one in braces"
        raise UnsafeError(message, name)


def begin_of_line(source: str, name: str, places: Mapping[str, Place]) -> int:
    """Return where the line of the field *name* begins; raise `UnsafeError` when it begins otherwise."""
    begin = places[name].begin
    line = max(source.rfind("\n", 0, begin), source.rfind("\r", 0, begin)) + 1
    if source[line:begin].strip():
        message = f"{name} does not begin its line; write each field on its own line"
        raise UnsafeError(message, name)
    return line


def refuse_more_than(
    fields: Mapping[str, str], before: str, after: str, known: MutableMapping[str, str]
) -> None:
    """Raise `UnsafeError` when the entry *after* differs from the one *before* in more than *fields*.

    What it declares unverified is what it declared, without *fields*.
    """
    old, new = (
        parse_bib(LINE_END.sub("\n", text), ParsedFile(""), known) for text in (before, after)
    )
    right = len(old.entries) == len(new.entries) == 1 and not (old.findings or new.findings)
    if right:
        (one,), (two,) = old.entries, new.entries
        declared = [pair for pair in declarations(one.value(UNVERIFIED)) if pair[0] not in fields]
        kept = [name for name in one.lines if name != UNVERIFIED or declared]
        right = (
            (one.type, one.key) == (two.type, two.key)
            and [name for name in two.lines if name in one.lines] == kept
            and two.lines.keys() - one.lines.keys() <= fields.keys()
            and declarations(two.value(UNVERIFIED)) == declared
            and all(two.value(name) == text for name, text in fields.items())
            and all(
                one.fields[name] == two.fields[name]
                for name in kept
                if name not in {*fields, UNVERIFIED}
            )
        )
    if not right:
        raise UnsafeError(MORE)


def refuse_other_changes(before: Iterable[SourceEntry], result: Fixed) -> None:
    """Raise `UnsafeError` when *result* differs from the entries *before* in others than it says."""
    changed = result.written.keys() | result.confirmed.keys()
    old, new = (
        [(one.key, "" if one.key in changed else one.source) for one in entries]
        for entries in (before, result.entries)
    )
    if old != new:
        message = "other entries would change; do it by hand"
        raise UnsafeError(message)
