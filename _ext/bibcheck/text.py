"""Rules for what readers see of an entry: characters, TeX, titles, pages, years and dates."""

import re
from collections.abc import Iterator

from pybtex.bibtex.utils import split_name_list
from pybtex.exceptions import PybtexError

from bibcheck.fields import PRINTED_FIELDS
from bibcheck.people import outside_groups
from bibtex.entry import PEOPLE, SourceEntry, unverified
from bibtex.tex import parsed, spelled
from common.characters import wrong_characters
from common.findings import Finding
from common.text import lies_ahead, parse_day, today

FIRST_YEAR = 1450
SPECIAL_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*([%&_#])")
MATH = re.compile(r"(?<!\\)\$")
#: A tag of HTML or MathML, or a character written as in HTML, behind the \\& of TeX too.
MARKUP = re.compile(r"</?[A-Za-z][\w:.-]*(\s[^<>]*)?/?>|\\?&(\w+|#\d+|#x[\da-f]+);", re.IGNORECASE)


def signs(entry: SourceEntry) -> Iterator[Finding]:
    """Yield what means something else in TeX, as % behind which the rest is lost, and HTML, which is printed."""
    for name in entry.lines.keys() & PRINTED_FIELDS:
        value = entry.fields[name]
        if found := SPECIAL_CHARACTER.search(re.sub(r"\$[^$]*\$", "", value)):
            message = f"{found[1]} in {name}; write \\{found[1]}"
            yield entry.finding("special-character", message, name)
        if len(MATH.findall(value)) % 2:
            message = f"one $ in {name} has no partner; write USD, since \\$ would be printed"
            yield entry.finding("unbalanced-math", message, name)
        if found := MARKUP.search(value):
            message = f"{found[0]} in {name} would be printed; write the characters themselves"
            yield entry.finding("markup", message, name)


def raw_tex(entry: SourceEntry) -> Iterator[Finding]:
    r"""Yield TeX that readers would see, as ``\emph`` or ``$x$``, and TeX that pybtex cannot read."""
    for name in entry.lines.keys() & PRINTED_FIELDS:
        value = entry.value(name)
        try:
            if not set("\\$%").intersection(spelled(value)):
                continue
            people = split_name_list(value) if name in PEOPLE else [value]
            printed = " ".join(str(parsed(part)) for part in people if "\\" in part or "$" in part)
        except (PybtexError, ValueError):
            message = f"{name} is not TeX that can be read; fix its braces, % and \\"
            yield entry.finding("tex-error", message, name)
            continue
        if left := re.search(r"\\\w+|\\.?", printed) or re.search(r"\$[^$]+\$", printed):
            message = f"{left.group()} in {name} would be printed; write the characters themselves"
            yield entry.finding("raw-tex", message, name)
    if command := re.search(r"\\\w*", entry.value("unverified")):
        message = f"{command.group()} in unverified would be printed; write plain text"
        yield entry.finding("raw-tex", message, "unverified")


def unprotected_capitals(entry: SourceEntry) -> Iterator[Finding]:
    """Yield acronyms and gene names in titles that other styles would write in lower case."""
    for name in ("title", "booktitle"):
        no_tex = re.sub(r"\\[A-Za-z]+|\$[^$]*\$", "", entry.value(name))
        words = re.findall(r"\w+", outside_groups(no_tex))
        if fixed := ", ".join(f"{{{word}}}" for word in dict.fromkeys(filter(is_acronym, words))):
            message = f"capitals in {name} that other styles lower; write {fixed}"
            yield entry.finding("unprotected-capitals", message, name)


def is_acronym(word: str) -> bool:
    """Return whether *word* needs its capitals: FDA, LiverTox, OPRK1, mRNA."""
    if word.islower() or (word.isalpha() and word[1:].islower()):
        return False  # most words
    capitals = sum(char.isupper() for char in word)
    has_digit = any(char.isdigit() for char in word)
    return capitals > 1 or (capitals == 1 and (has_digit or not word[0].isupper()))


def characters(entry: SourceEntry) -> Iterator[Finding]:
    """Yield characters that nobody sees, and those of a file that was read in a wrong encoding."""
    for name in entry.lines:
        for kind, message in wrong_characters(entry.fields[name]):
            yield entry.finding(kind, f"{name}: {message}", name)


def pages(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a range of pages without the two hyphens that BibTeX wants, and one that runs backward."""
    value = entry.value("pages")
    for part in value.split(","):
        if re.search(r"[\u2010-\u2015\u2212]", part) or (
            "--" not in part and re.search(r"\w\s*-\s*\w", part)
        ):
            yield entry.finding("pages", f"pages {value}: write two hyphens, as in 12--34", "pages")
        elif found := re.fullmatch(r"\s*([A-Za-z]*)(\d+)\s*--\s*\1(\d+)\s*", part):
            letters, first, last = found.groups()
            # 1234--41 is short for 1234--1241
            whole = last if letters else first[: -len(last)] + last
            if int(whole) < int(first):
                message = f"pages {part.strip()} run backward; compare them with the paper"
                yield entry.finding("pages", message, "pages")


def volume(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a volume with its issue, which would be printed as a part of the volume."""
    if found := re.fullmatch(r"(\w+)\s*\(([^()]+)\)", entry.value("volume")):
        message = f"volume {found[0]}: write volume = {{{found[1]}}} and number = {{{found[2]}}}"
        yield entry.finding("volume", message, "volume")


def year(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a year that is not four digits, lies in the future, or before there were printed books."""
    value = entry.value("year")
    if value and not re.fullmatch(r"\d{4}", value, re.ASCII):
        yield entry.finding("year", f"year {value}: write four digits", "year")
    elif value and int(value) > today().year:
        yield entry.finding("year", f"year {value} lies in the future; look it up", "year")
    elif value and int(value) < FIRST_YEAR:
        yield entry.finding("year", f"year {value} is long ago; look it up", "year")


def urldate(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a web source without the day on which it was read (NLM, *Citing Medicine*, 26), and a wrong day."""
    value = entry.value("urldate")
    cited_by_url = "url" in entry.lines and not {"doi", "urldate"} & entry.lines.keys()
    if cited_by_url and "url" not in unverified(entry):
        message = "url without urldate; add the day, or 'url: not opened' to unverified"
        yield entry.finding("missing-urldate", message, "url")
    if value and (day := parse_day(value)) is None:
        yield entry.finding("date", f"urldate {value}: write a day as 2026-01-31", "urldate")
    elif value and day and lies_ahead(day):
        yield entry.finding("date", f"urldate {value} lies in the future; write the day", "urldate")
