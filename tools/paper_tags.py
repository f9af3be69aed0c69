"""Records of tagged lines, as RIS and MEDLINE have them: one tag, its texts, and what continues it.

The lines are read by rispy, whose parser is made to be subclassed for another look of the line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from paper import CitationError, clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rispy.parser import RisParser

#: The texts of a record by their tags, in the order of the file.
Tags = dict[str, list[str]]


class AnyTag(dict[str, str]):
    """Names each tag as it is."""

    def __missing__(self, tag: str) -> str:
        """Return *tag*."""
        return tag


def unfolded(text: str, pattern: re.Pattern[str]) -> list[str]:
    """Return the tagged lines of *text*, each with the lines that continue it, from the first one on."""
    lines: list[str] = []
    for line in text.split("\n"):
        if pattern.match(line):
            lines.append(line.rstrip())
        elif lines and line.strip():
            lines[-1] += " " + line.strip()
    return lines


def tags(parser: type[RisParser], lines: Iterable[str]) -> Tags:
    """Return the texts of one record by their tags; none is left out, however often a tag stands."""
    reader = parser(
        mapping=AnyTag(), list_tags=[], delimiter_tags_mapping={}, enforce_list_tags=False
    )
    (record,) = reader.parse("\n".join(lines))
    return {tag: text if isinstance(text, list) else [text] for tag, text in record.items()}


def first(found: Tags, *names: str) -> str:
    """Return the first text that is not empty under the tags *names*, or nothing."""
    return next((clean(text) for name in names for text in found.get(name, ()) if text.strip()), "")


def longest(found: Tags, *names: str) -> str:
    """Return the longest text under *names*: a name in full, and not its abbreviation."""
    return max((clean(text) for name in names for text in found.get(name, ())), key=len, default="")


def refuse_several(text: str, pattern: str) -> None:
    """Raise `CitationError` when more than one line of *text* matches *pattern*, a record's own."""
    lines = [number for number, line in enumerate(text.split("\n"), 1) if re.match(pattern, line)]
    if len(lines) > 1:
        message = f"{len(lines)} papers in one file; save the citation of one paper only"
        raise CitationError(message, lines[1])


def refuse_cut_off(text: str, lines: list[str], tag: str) -> None:
    """Raise `CitationError` when none of *lines*, those of *text*, has the *tag* that comes last."""
    if not any(line.startswith(f"{tag}  -") for line in lines):
        message = f"no line {tag} ends the record, so a part may be lost; save the citation again"
        raise CitationError(message, text.rstrip().count("\n") + 1)
