"""Rules for what readers see of an entry: names, titles, TeX, pages, years and dates."""

import re
from collections.abc import Iterator

from pybtex.bibtex.utils import split_name_list, split_tex_string
from pybtex.exceptions import PybtexError

from bibtex.entry import PEOPLE, SourceEntry
from bibtex.tex import parsed, spelled
from common.findings import Finding
from common.text import lies_ahead, parse_day, today

#: Fields that are printed as they are, not as TeX.
VERBATIM_FIELDS = frozenset(
    {"crossref", "doi", "eprint", "isbn", "issn", "key", "orcid", "pmcid", "pmid", "unverified"}
    | {"url", "urldate"}
)
GENERATIONS = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "2nd", "3rd", "4th"})
SPECIAL_CHARACTER = re.compile(r"(?<!\\)(?:\\\\)*([%&_#])")
MATH = re.compile(r"(?<!\\)\$")


def names(entry: SourceEntry) -> Iterator[tuple[str, str]]:
    """Yield each author and editor of *entry*, with the name of the field."""
    for role in PEOPLE:
        for name in split_name_list(entry.value(role)):
            yield role, name


def author_separator(entry: SourceEntry) -> Iterator[Finding]:
    """Yield people whom pybtex would take for one person: separated by anything but ``and``."""
    for role, name in names(entry):
        parts = split_tex_string(name, ",")
        jr_form, too_many = 3, len(parts) > 3  # noqa: PLR2004  von Last, Jr, First
        if too_many or (len(parts) == jr_form and parts[1].strip().lower() not in GENERATIONS):
            message = f"{name!r} is more than one person; write 'and' between them"
            yield entry.finding("author-separator", message, role)
        elif re.search(r";|\s&\s|\\&", re.sub(r"\{.*\}", "", name)):
            message = f"{name!r}: write 'and' between people, braces around an organisation"
            yield entry.finding("author-separator", message, role)


def et_al(entry: SourceEntry) -> Iterator[Finding]:
    """Yield ``et al.``, which BibTeX takes for a person."""
    for role, name in names(entry):
        if re.search(r"\bet\s+al\b", name, re.IGNORECASE):
            message = f"{name!r} would be a person; write 'and others' in its place"
            yield entry.finding("et-al", message, role)


def special_character(entry: SourceEntry) -> Iterator[Finding]:
    """Yield characters that mean something else in TeX; behind a bare % the rest is lost."""
    for name in entry.lines.keys() - VERBATIM_FIELDS:
        outside_math = re.sub(r"\$[^$]*\$", "", entry.fields[name])
        if found := SPECIAL_CHARACTER.search(outside_math):
            char = found.group(1)
            yield entry.finding("special-character", f"{char} in {name}; write \\{char}", name)


def raw_tex(entry: SourceEntry) -> Iterator[Finding]:
    r"""Yield TeX that readers would see, as ``\emph`` or ``$x$``, and TeX that pybtex cannot read."""
    for name in entry.lines.keys() - VERBATIM_FIELDS:
        value = entry.value(name)
        if not set("\\$%").intersection(value):
            continue
        people = split_name_list(value) if name in PEOPLE else [value]
        try:
            if not set("\\$%").intersection(spelled(value)):
                continue
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


def unbalanced_math(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a dollar sign without its partner."""
    for name in entry.lines.keys() - VERBATIM_FIELDS:
        if len(MATH.findall(entry.fields[name])) % 2:
            message = f"one $ in {name} has no partner; write USD, since \\$ would be printed"
            yield entry.finding("unbalanced-math", message, name)


def unprotected_capitals(entry: SourceEntry) -> Iterator[Finding]:
    """Yield acronyms and gene names in titles that other styles would write in lower case."""
    for name in ("title", "booktitle"):
        words = re.findall(r"\w+", outside_braces(entry.value(name)))
        if fixed := ", ".join(f"{{{word}}}" for word in dict.fromkeys(filter(is_acronym, words))):
            message = f"capitals in {name} that other styles lower; write {fixed}"
            yield entry.finding("unprotected-capitals", message, name)


def is_acronym(word: str) -> bool:
    """Return whether *word* needs its capitals: FDA, LiverTox, OPRK1, mRNA."""
    capitals = sum(char.isupper() for char in word)
    has_digit = any(char.isdigit() for char in word)
    return capitals > 1 or (capitals == 1 and (has_digit or not word[0].isupper()))


def outside_braces(value: str) -> str:
    """Return *value* without what stands in braces, and without TeX commands and math."""
    depth, kept = 0, []
    for char in re.sub(r"\\[A-Za-z]+|\$[^$]*\$", "", value):
        depth += (char == "{") - (char == "}")
        kept.append(char if depth == 0 and char != "}" else " " if depth == 0 else "")
    return "".join(kept)


def pages(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a range of pages without the two hyphens that BibTeX wants."""
    value = entry.value("pages")
    if any(
        re.search(r"[\u2010-\u2015\u2212]", part)
        or ("--" not in part and re.search(r"\w\s*-\s*\w", part))
        for part in value.split(",")
    ):
        yield entry.finding("pages", f"pages {value}: write two hyphens, as in 12--34", "pages")


def year(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a year that is not four digits or lies in the future."""
    value = entry.value("year")
    if value and not re.fullmatch(r"[12]\d{3}", value, re.ASCII):
        yield entry.finding("year", f"year {value}: write four digits", "year")
    elif value and int(value) > today().year:
        yield entry.finding("year", f"year {value} lies in the future; look it up", "year")


def date(entry: SourceEntry) -> Iterator[Finding]:
    """Yield a day of access that is no ISO 8601 date or lies in the future."""
    value = entry.value("urldate")
    if not value:
        return
    if (day := parse_day(value)) is None:
        yield entry.finding("date", f"urldate {value}: write a day as 2026-01-31", "urldate")
    elif lies_ahead(day):
        yield entry.finding("date", f"urldate {value} lies in the future; write the day", "urldate")
