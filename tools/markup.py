"""Rules for the Markdown of the pages: what a build would refuse, and what it would show wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils.nodes import fully_normalize_name, make_id

from common.characters import wrong_characters
from common.findings import Finding
from common.text import did_you_mean

if TYPE_CHECKING:
    from pages import Page

#: The directives and roles that pages use: those of docutils and Sphinx that suit prose, and ours.
DIRECTIVES = frozenset(
    {"admonition", "attention", "caution", "danger", "error", "hint", "important", "note", "tip"}
    | {"warning", "seealso", "topic", "sidebar", "epigraph", "highlights", "pull-quote", "rubric"}
    | {"code", "code-block", "sourcecode", "figure", "image", "list-table", "table", "container"}
    | {
        "class",
        "glossary",
        "toctree",
        "contents",
        "only",
        "index",
        "hlist",
        "centered",
        "versionadded",
    }
    | {
        "bibliography",
        "reference",
        "study",
        "evidence",
        "mechanism",
        "questions",
        "medication-safety",
        "unverified",
        "compared",
        "handout",
        "handouts",
        "citation-files",
        "how-to-cite",
    }
    | {"versionchanged", "deprecated", "compound", "parsed-literal", "line-block", "tabularcolumns"}
)
ROLES = frozenset(
    {"abbr", "doc", "download", "emphasis", "literal", "numref", "ref", "strong", "sub", "sup"}
    | {"subscript", "superscript", "term", "kbd", "menuselection", "guilabel", "footcite", "any"}
    | {
        "cite",
        "pep",
        "rfc",
        "index",
        "title-reference",
        "samp",
        "code",
        "command",
        "dfn",
        "file",
        "studies",
        "due",
    }
)
#: The options of the directives of docutils and Sphinx.
OPTIONS = frozenset(
    {
        "align",
        "alt",
        "backlinks",
        "caption",
        "class",
        "columns",
        "dedent",
        "depth",
        "emphasize-lines",
    }
    | {"figclass", "figwidth", "force", "glob", "header-rows", "height", "hidden", "includehidden"}
    | {"lineno-start", "linenos", "loading", "local", "maxdepth", "name", "numbered", "reversed"}
    | {"scale", "sorted", "stub-columns", "subtitle", "target", "titlesonly", "width", "widths"}
)
#: Directives with options of their own, which their rooms check.
OWN_OPTIONS = frozenset(
    {
        "study",
        "evidence",
        "mechanism",
        "questions",
        "bibliography",
        "reference",
        "unverified",
        "compared",
    }
)
#: What `evidence` can show.
VIEWS = (
    "table",
    "contents",
    "designs",
    "directions",
    "map",
    "harms",
    "reviews",
    "sheet",
    "free-texts",
    "other-texts",
    "search",
    "changes",
    "downloads",
    "codebook",
    "compared",
)
#: The citing roles of sphinxcontrib-bibtex: their forms, with a star or s for all authors.
CITATION = re.compile(
    r"cite:(alp|p|t|ct|author|authorpar|cauthor)s?|cite:(empty|label|labelpar|year|yearpar)"
)
#: The line of hyphens in a table with pipes.
SEPARATOR = re.compile(r"\s*\|?(\s*:?-+:?\s*\|)+\s*(:?-+:?\s*)?")


class Source(NamedTuple):
    """A page as it is written, and as it is read."""

    name: str  #: As findings call it: its path in the folder.
    text: str
    page: Page
    folder: Path = Path()

    def finding(self, line: int, kind: str, message: str) -> Finding:
        """Return a finding in *line*."""
        return Finding(self.name, line, "", kind, message)


def markup_findings(sources: Mapping[str, Source], keys: frozenset[str]) -> Iterator[Finding]:
    """Yield what is wrong with the Markdown of *sources*; *keys* are the papers with a record."""
    anchors = {name: anchors_of(source) | keys for name, source in sources.items()}
    for source in sources.values():
        for rule in RULES:
            yield from rule(source)
        yield from role_targets(source, sources)
        yield from links(source, sources, anchors)
        yield from toctrees(source, sources)


def headings(source: Source) -> Iterator[Finding]:
    """Yield headings that skip a level, a second title, none, and headings that are underlined."""
    above = 0
    found = [block for block in source.page.blocks if re.fullmatch("h[1-6]", block.kind)]
    outside = [block for block in found if not block.directive]
    if not outside or outside[0].kind != "h1":
        line = outside[0].line if outside else 1
        yield source.finding(line, "title", "a page begins with its title; write # and the title")
    for block in outside:
        level = int(block.kind[1])
        if not source.text.split("\n")[block.line - 1].lstrip().startswith("#"):
            message = f"the line below makes a heading of this; write {'#' * level} before it, or an empty line between"
            yield source.finding(block.line, "heading", message)
        elif level == 1 and above:
            message = "a second title; write ## before a section"
            yield source.finding(block.line, "heading", message)
        elif level > above + 1 and above:
            message = f"a heading skips a level; write {'#' * (above + 1)} before it"
            yield source.finding(block.line, "heading", message)
        above = level


def names(source: Source) -> Iterator[Finding]:
    """Yield directives and roles that do not exist."""
    for directive in source.page.directives:
        if directive.name not in DIRECTIVES:
            guess = did_you_mean(directive.name, DIRECTIVES) or "; see CONTRIBUTING.md"
            message = f"no directive is called {directive.name}{guess}"
            yield source.finding(directive.line, "directive", message)
        elif directive.name == "evidence" and directive.argument not in VIEWS:
            message = (
                f"evidence cannot show {directive.argument!r}; write one of: {', '.join(VIEWS)}"
            )
            yield source.finding(directive.line, "directive", message)
    for role in source.page.roles:
        if role.name.partition(":")[0] not in ROLES:
            guess = did_you_mean(role.name, ROLES) or "; see CONTRIBUTING.md"
            yield source.finding(role.line, "role", f"no role is called {role.name}{guess}")


def options(source: Source) -> Iterator[Finding]:
    """Yield options of directives that do not exist."""
    for directive in source.page.directives:
        if directive.name in OWN_OPTIONS or directive.name not in DIRECTIVES:
            continue
        for number, text in enumerate(directive.content, directive.line + 1):
            if not (found := re.match(r":([\w-]+):(\s|$)", text)):
                break
            if found[1] not in OPTIONS:
                message = f"no option is called {found[1]}{did_you_mean(found[1], OPTIONS)}"
                yield source.finding(number, "option", message)


def terms_twice(source: Source) -> Iterator[Finding]:
    """Yield terms of a glossary that are there twice."""
    first: dict[str, int] = {}
    for directive in source.page.directives:
        for number, text in enumerate(directive.content, directive.line + 1):
            if directive.name != "glossary" or not re.match(r"[^\s:]", text):
                continue
            if (term := text.strip().lower()) in first:
                message = f"{text.strip()} is in line {first[term]} already; keep one entry"
                yield source.finding(number, "glossary", message)
            first.setdefault(term, number)


def fences(source: Source) -> Iterator[Finding]:
    """Yield blocks that are not closed: they swallow what is behind them."""
    lines = source.text.split("\n")
    for directive in source.page.directives:
        if directive.fence and directive.name != "study":  # of records the record says it
            message = f"the block is not closed; write {directive.fence} below it"
            yield source.finding(directive.line, "fence", message)
        elif inner := fence_in(directive.content, lines[directive.line - 1]):
            message = (
                f"the block is not closed before line {directive.line + inner}, where another one "
                "begins; close it, or write a longer fence around both"
            )
            yield source.finding(directive.line, "fence", message)


def fence_in(content: Sequence[str], opening: str) -> int:
    """Return the line of *content* in which another block begins with the fence of *opening*, or 0."""
    found = re.match(r"[\s>*-]*(`{3,}|~{3,}|:{3,})", opening)
    if not found:
        return 0
    fence = rf"\s*{re.escape(found[1])}+\s*\{{"
    return next((number for number, text in enumerate(content, 1) if re.match(fence, text)), 0)


def tables(source: Source) -> Iterator[Finding]:
    """Yield rows of a table with pipes that have another number of cells than its head."""
    lines = source.text.split("\n")
    for number, line in enumerate(lines[1:], 2):
        if not (SEPARATOR.fullmatch(line) and "|" in line and "|" in lines[number - 2]):
            continue
        head, rule = cells(lines[number - 2]), cells(line)
        if head != rule:
            message = f"the head has {head} cells and the line of hyphens {rule}; make them equal"
            yield source.finding(number, "table", message)
            continue
        for row, text in enumerate(lines[number:], number + 1):
            if "|" not in text:
                break
            if cells(text) != head:
                message = f"the row has {cells(text)} cells and the head {head}; make them equal"
                yield source.finding(row, "table", message)


def cells(row: str) -> int:
    """Return how many cells a *row* with pipes has."""
    bare = re.sub(r"`[^`]*`|\\\|", "", row.strip())
    return bare.removeprefix("|").removesuffix("|").count("|") + 1


def list_tables(source: Source) -> Iterator[Finding]:
    """Yield rows of a list-table with another number of cells than the first, and what is no row."""
    for directive in source.page.directives:
        if directive.name != "list-table":
            continue
        count, row_line, first = 0, 0, 0
        for number, text in enumerate([*directive.content, "* -"], directive.line + 1):
            if re.match(r"\* -(\s|$)", text):
                if row_line and first and count != first:
                    message = f"the row has {count} cells and the first {first}; make them equal"
                    yield source.finding(row_line, "table", message)
                first, count, row_line = first or count, 1, number
            elif re.match(r"  -(\s|$)", text):
                count += 1
            elif text.strip() and not text.startswith("    ") and not re.match(r":[\w-]+:", text):
                message = "neither a row (* - first cell) nor a cell (  - next cell); indent it so"
                yield source.finding(number, "table", message)


def characters(source: Source) -> Iterator[Finding]:
    """Yield characters that nobody sees, and those of a file that was read in a wrong encoding."""
    for number, line in enumerate(source.text.split("\n"), 1):
        for kind, message in wrong_characters(line):
            yield source.finding(number, kind, message)


def targets(source: Source) -> Iterator[Finding]:
    """Yield names for links that are there twice."""
    first: dict[str, int] = {}
    for line, name in source.page.targets:
        if name in first:
            message = f"({name})= is in line {first[name]} already; give it another name"
            yield source.finding(line, "target", message)
        first.setdefault(name, line)


def left_over(source: Source) -> Iterator[Finding]:
    """Yield marks of Markdown that are shown as they are typed."""
    defined = set(re.findall(r"(?m)^\[\^([^\]]+)\]:", source.text))
    for line, text in source.page.texts:
        if "**" in text or re.search(r"(?<!\w)__\w", text):
            message = (
                "bold letters do not begin or end here; put two stars before and behind the words"
            )
            yield source.finding(line, "mark", message)
        if found := re.search(r"\]\[([^\]]*)\]", text):
            message = f"no link is called {found[1]}; write [words](https://...)"
            yield source.finding(line, "link", message)
        if found := re.search(r"\{[\w:-]+\}(?=$|`)", text):
            yield source.finding(
                line, "role", f"{found[0]} without words; write them in `...` behind it"
            )
        if found := re.search(r"\[@([\w-]+)", text):
            message = f"write {{cite:p}}`{found[1]}` for a citation"
            yield source.finding(line, "role", message)
        for found in re.finditer(r"\[\^([^\]]+)\](?!:)", text):
            if found[1] not in defined:
                message = (
                    f"the footnote {found[1]} is not there; write [^{found[1]}]: and its text below"
                )
                yield source.finding(line, "footnote", message)


def pictures(source: Source) -> Iterator[Finding]:
    """Yield pictures that are not there."""
    for line, address in source.page.pictures:
        path = Path(source.folder, Path(source.name).parent, address.lstrip("/"))
        if not re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", address) and not path.is_file():
            yield source.finding(line, "picture", f"no file is called {address}; fix the name")


def role_targets(source: Source, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """Yield roles that lead to no term, page or label."""
    terms, labels = set(), set()
    for other in sources.values():
        labels |= {name.lower() for _, name in other.page.targets}
        for directive in other.page.directives:
            if directive.name == "glossary":
                rows = [text for text in directive.content if re.match(r"[^\s:]", text)]
                terms |= {row.split(" : ")[0].strip().lower() for row in rows}
            labels |= {
                text.split(":")[2].strip().lower()
                for text in directive.content
                if text.startswith(":name:")
            }
    known = {
        "term": terms,
        "ref": labels,
        "doc": {name.removesuffix(".md").lower() for name in sources},
    }
    for role in source.page.roles:
        wanted = re.sub(r"^.*<([^<>]*)>$", r"\1", role.content.strip()).strip().lower()
        if role.name in known and wanted.lstrip("/!") not in known[role.name]:
            guess = did_you_mean(wanted, known[role.name]) or "; fix the name"
            yield source.finding(role.line, "role", f"no {role.name} is called {wanted}{guess}")
        elif role.name.startswith("cite:") and not CITATION.fullmatch(role.name):
            message = f"no role is called {role.name}; write {{cite:p}}`key`, or {{cite:t}}`key` in a sentence"
            yield source.finding(role.line, "role", message)


def anchors_of(source: Source) -> set[str]:
    """Return where links into a page can lead."""
    found = {make_id(name) for _, name in source.page.targets} | {
        name for _, name in source.page.targets
    }
    for block in source.page.blocks:
        if block.kind.startswith("h"):
            slug = re.sub(
                r"[^\w\u4e00-\u9fff\- ]", "", block.text.strip().lower().replace(" ", "-")
            )
            found |= {slug, make_id(fully_normalize_name(block.text))}
    for directive in source.page.directives:
        found |= {
            match[1] for text in directive.content if (match := re.match(r":name:\s*(\S+)", text))
        }
    return found


def links(
    source: Source, sources: Mapping[str, Source], anchors: Mapping[str, set[str]]
) -> Iterator[Finding]:
    """Yield links inside the site that lead nowhere."""
    for link in source.page.links:
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:|//", link.address):
            continue
        path, _, anchor = link.address.partition("#")
        name = str(Path(Path(source.name).parent, path)) if path else source.name
        if path and name not in sources and not Path(source.folder, name).is_file():
            guess = did_you_mean(name, sources) or "; fix the name or delete the link"
            yield source.finding(link.line, "link", f"no page is called {name}{guess}")
        elif anchor and name in sources and anchor not in anchors[name]:
            guess = (
                did_you_mean(anchor, anchors[name]) or "; fix it, or write (name)= above a heading"
            )
            yield source.finding(link.line, "link", f"{name} has no place called #{anchor}{guess}")


def toctrees(source: Source, sources: Mapping[str, Source]) -> Iterator[Finding]:
    """Yield names in a table of contents that are no pages, and a page that is in none."""
    for directive in source.page.directives:
        for number, text in enumerate(directive.content, directive.line + 1):
            entry = re.sub(r"^.*<(.*)>$", r"\1", text.strip())
            if directive.name == "toctree" and entry and not entry.startswith(":"):
                name = entry.removesuffix(".md") + ".md"
                if name not in sources and entry != "self" and "://" not in entry:
                    message = f"no page is called {entry}{did_you_mean(name, sources)}"
                    yield source.finding(number, "toctree", message)
    listed = {
        re.sub(r"^.*<(.*)>$", r"\1", text.strip()).removesuffix(".md") + ".md"
        for other in sources.values()
        for directive in other.page.directives
        if directive.name == "toctree"
        for text in directive.content
    }
    orphan = re.match(r"---\n(.*\n)*?orphan:\s*true", source.text)
    if source.name not in listed | {"index.md"} and not orphan:
        entry = source.name.removesuffix(".md")
        message = f"no table of contents has this page; add {entry} to the toctree in index.md"
        yield source.finding(1, "toctree", message)


RULES = (
    *(headings, names, options, terms_twice, fences, tables, list_tables),
    *(characters, targets, left_over, pictures),
)
