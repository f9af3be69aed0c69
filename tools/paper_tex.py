"""Plain texts of a paper as TeX, by the rules of references.bib: titles, names and pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bibcheck.text import is_acronym
from paper import Name

if TYPE_CHECKING:
    from collections.abc import Iterable

TEX = {"&": "\\&", "%": "\\%", "_": "\\_", "#": "\\#", "~": "{\\textasciitilde}"}
#: A page: letters before or after the digits, or a Roman number.
PAGE = r"[A-Za-z]{0,3}\d+[A-Za-z]?|[ivxlcdm]+|[IVXLCDM]+"
RANGE = re.compile(rf"(?<![\w.-])({PAGE})\s*(?:--?|–)\s*({PAGE})(?![\w.-])")
#: What joins two pages and cannot be a hyphen in an article number.
DASH = re.compile(r"\s*(?:--+|[–—−])\s*")


def printable(text: str) -> str:
    """Return plain *text* with USD for a dollar before a figure, as the check asks, without braces."""
    text = re.sub(r"(?:US ?)?\$\s?(?=\d)", "USD ", text.replace("{", "").replace("}", ""))
    return text.replace("``", "“").replace("''", "”")


def escaped(text: str) -> str:
    """Return plain *text* as TeX."""
    return "".join(TEX.get(char, char) for char in printable(text))


def verbatim(text: str) -> str:
    """Return *text*, an address or an identifier, without bare braces."""
    return text.replace("{", "%7B").replace("}", "%7D")


def title_tex(title: str, protected: Iterable[str] = ()) -> str:
    """Return *title* as TeX, with braces round what another style would write in lower case.

    These are acronyms and gene names (`bibcheck.text.is_acronym`), the capitals behind a colon, and the
    words *protected*.
    """
    title = re.sub(r"((?:^|\s)[^\s.]+)\.$", r"\1", printable(title))  # MEDLINE ends each title so
    keep = {word for text in protected for word in re.findall(r"\w+", text)}
    pieces = re.split(r"(\w+)", title)
    for place in range(1, len(pieces), 2):
        word = pieces[place]
        behind_colon = pieces[place - 1].startswith(": ") and word[0].isupper()
        if is_acronym(word) or word in keep or behind_colon:
            pieces[place] = f"{{{escaped(word)}}}"
        else:
            pieces[place] = escaped(word)
    pieces[::2] = map(escaped, pieces[::2])
    return "".join(pieces)


def name_tex(name: Name) -> str:
    """Return *name* as TeX: ``Family, Jr., Given``, and an organisation in braces."""
    if name == Name("others"):
        return "others"
    if name.is_group or not name.given:
        return f"{{{escaped(name.family)}}}"
    parts = (part for part in (name.family, name.generation, name.given) if part)
    return ", ".join(
        f"{{{escaped(part)}}}"
        if re.search(r"[,;&]|\band\b", part, re.IGNORECASE)
        else escaped(part)
        for part in parts
    )


def pages_tex(pages: str) -> str:
    """Return *pages* with two hyphens and the whole last page: 491-8 as 491--498.

    MEDLINE leaves out the digits that both pages share. A hyphen in an article number goes into
    braces, which print nothing and tell it from a range.
    """

    def whole(match: re.Match[str]) -> str:
        begin, end = match.groups()
        prefix, digits = re.findall(r"^([A-Za-z]*)(\d*)", begin)[0]
        if digits and end.isdigit():
            end = prefix + digits[: max(0, len(digits) - len(end))] + end
        return begin if begin == end else f"{begin}--{end}"

    parts = [DASH.sub("--", RANGE.sub(whole, part)) for part in escaped(pages).split(",")]
    return ",".join(part if "--" in part else part.replace("-", "{-}") for part in parts)
