"""Which keys the pages cite, and where: read from Markdown and reStructuredText as it stands.

Citations are the roles of sphinxcontrib-bibtex, ``{cite:p}`a,b` `` or ``:cite:p:`a,b` ``, and the
directives `reference` and `study`. Code, literals and comments are left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from bib_finding import Finding
from bib_rules import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from bib_entry import Entry

FENCE = re.compile(r"\s*(`{3,}|~{3,}|:{3,})\s*(?:\{([\w:-]+)\})?\s*(.*)")
RST_DIRECTIVE = re.compile(r"\s*\.\. ([\w:-]+)::\s*(.*)")
#: Directives whose content is shown as it is.
CODE = frozenset(
    {"code", "code-block", "code-cell", "literalinclude", "math", "parsed-literal"} | {"sourcecode"}
)
#: Directives that print the reference of a key.
PRINTING = frozenset({"reference", "study"})
#: A citation in Markdown or in reStructuredText, or a literal that may hold an example of one.
CITATION = re.compile(
    r"\{(?:foot)?cite(?::\w+)?\}`(?P<myst>[^`]+)`|:(?:foot)?cite(?::\w+)?:`(?P<rst>[^`]+)`"
    r"|(?<!`)(?P<ticks>`++)(?:(?!\n\s*\n).)*?(?<!`)(?P=ticks)(?!`)",
    re.DOTALL,
)


class Citation(NamedTuple):
    """A key in a page."""

    #: The path of the page, as it was given.
    file: str
    #: The line, from 1.
    line: int
    #: The key, as written.
    key: str


def citations(file: str, text: str) -> Iterator[Citation]:
    """Yield the citations in *text*, the content of the page *file*."""
    is_rst = file.endswith(".rst")
    lines = text.split("\n")
    prose, references = rst_prose(lines) if is_rst else markdown_prose(lines)
    yield from (Citation(file, line, key) for line, key in references)
    joined = "\n".join(prose)
    line, counted_to = 1, 0
    for match in CITATION.finditer(joined):
        targets = match["myst"] or match["rst"] or ""
        line += joined.count("\n", counted_to, match.start())
        counted_to = match.start()
        # sphinxcontrib-bibtex lets words stand around a key: {see}key{p. 3}
        for target in re.sub(r"\{[^}]*\}", "", targets).split(","):
            if key := target.strip():
                yield Citation(file, line, key)


def markdown_prose(lines: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return *lines* with those of code and comments emptied, and what `PRINTING` directives name."""
    prose, references = [], []
    opened: list[tuple[str, bool]] = []  # the open fences, each with whether it holds code
    for number, line in enumerate(lines, 1):
        in_code = bool(opened) and opened[-1][1]
        match = FENCE.match(line)
        prose.append("" if match or in_code or line.startswith("%") else line)
        if not match:
            continue
        fence, directive, argument = match.groups()
        if opened and fence.startswith(opened[-1][0]) and not directive and not argument:
            opened.pop()
        elif not in_code:
            opened.append((fence, directive in CODE or (not directive and fence[0] != ":")))
            if directive in PRINTING and argument:
                references.append((number, argument.strip()))
    return prose, references


def rst_prose(lines: list[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return *lines* with those of literal blocks emptied, and what `PRINTING` directives name."""
    prose, references = [], []
    literal_indent: int | None = None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if literal_indent is not None and line.strip() and indent <= literal_indent:
            literal_indent = None
        keep = literal_indent is None
        if keep and (match := RST_DIRECTIVE.match(line)):
            if match[1] in PRINTING and match[2]:
                references.append((number, match[2].strip()))
            elif match[1] in CODE:
                literal_indent = indent
        elif keep and line.rstrip().endswith("::"):
            literal_indent = indent
        prose.append(line if keep else "")
    return prose, references


def unknown_keys(entries: list[Entry], cited: Iterable[Citation]) -> Iterator[Finding]:
    """Yield citations of a key that no entry has; letter case counts, as in the build."""
    known = dict.fromkeys(entry.key for entry in entries)
    for citation in cited:
        if citation.key not in known:
            guess = did_you_mean(citation.key, known) or "; add the entry or mend the key"
            message = f"no entry has this key{guess}"
            yield Finding(citation.file, citation.line, citation.key, "unknown-key", message)


def unused_entries(entries: list[Entry], cited: Iterable[Citation]) -> Iterator[Finding]:
    """Yield entries that no page cites."""
    used = {citation.key for citation in cited}
    for entry in entries:
        if entry.key not in used:
            yield entry.finding("unused-entry", "no page cites this entry; cite it or delete it")
