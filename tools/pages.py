"""A page in Markdown as a command reads it, without Sphinx: its directives and its roles.

markdown-it-py reads it with the plug-ins of MyST-Parser, so blocks begin and end where they do in
a build. The content of a directive is read as a page in its turn, unless it is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from untrusted.rules import (
    HTML,
    REFUSED,
    Fault,
    address_fault,
    picture_fault,
    settings_faults,
    text_fault,
)

if TYPE_CHECKING:
    from markdown_it.token import Token

#: Directives whose content is shown as it is.
CODE = frozenset(
    {"toctree", "code", "code-block", "literalinclude", "math", "parsed-literal", "sourcecode"}
)
#: Blocks in more blocks than these are not read, as markdown-it has it for lists and quotations.
DEEPEST = 20
OPTION = re.compile(r"\s*:[\w-]+:")
DIRECTIVE = re.compile(r"\{([^\s}]+)\}\s*(.*)", re.DOTALL)

PARSER = (
    MarkdownIt("commonmark")
    .enable("table")
    .use(front_matter_plugin)
    .use(myst_block_plugin)
    .use(myst_role_plugin)
    .use(colon_fence_plugin)
    .use(deflist_plugin)
)


class Directive(NamedTuple):
    """A directive of a page."""

    name: str  #: In lower case, as docutils looks it up.
    argument: str
    line: int  #: From 1.
    content: tuple[str, ...]
    end: int  #: The line of its end.
    fence: str  #: What it opens with; empty when it ends where it should.
    nested: bool  #: Whether it is in another directive, a list or a quotation.


class Role(NamedTuple):
    """A role of a page, as ``{cite:p}`` with a key."""

    name: str
    content: str
    line: int  #: From 1.


class Block(NamedTuple):
    """A paragraph, a heading or a cell."""

    kind: str  #: ``h1`` to ``h6``, or ``p``, ``td``, ``th``, ``dt``.
    line: int  #: From 1.
    text: str  #: Its words, without citations.
    prose: str  #: Its words, without citations, numbers to call and titles of papers.
    source: str  #: As it is written.
    directive: str  #: The name of the directive that it is in, or nothing.


class Link(NamedTuple):
    """A link in a page."""

    address: str
    words: str
    line: int  #: From 1.


@dataclass
class Page:
    """What a page holds, in its order."""

    directives: list[Directive] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)  #: Of level 2, with their lines.
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[tuple[int, str]] = field(default_factory=list)  #: Lines and addresses.
    texts: list[tuple[int, str]] = field(default_factory=list)  #: What is shown as it is, by line.
    targets: list[tuple[int, str]] = field(default_factory=list)  #: ``(name)=``, with their lines.
    #: What it may not hold (`untrusted`).
    faults: list[Fault] = field(default_factory=list)


def read_page(text: str) -> Page:
    """Return what *text*, a page in Markdown, holds; nothing is raised."""
    page = Page()
    page.faults += settings_faults(text)
    # Lines as markdown-it counts them; a form feed and the like end none.
    lines = re.split(r"\r\n|\r|\n", text)
    _read(page, lines, 0, 0, "")
    return page


def _read(page: Page, lines: list[str], above: int, depth: int, directive: str) -> None:
    """Add what *lines* hold to *page*; *above* lines are before them, and *depth* blocks around them.

    *directive* is the name of the one that they are in.
    """
    tokens = PARSER.parse("\n".join(lines))
    for place, token in enumerate(tokens):
        line = above + token.map[0] + 1 if token.map else 0
        if token.type == "inline" and token.map:
            source = "\n".join(lines[slice(*token.map)])
            page.roles += _roles(token, source, line)
            page.faults += _inline_faults(token, source, line)
            page.links += _links(token, source, line)
            _read_pieces(page, token, source, line)
            kind = tokens[place - 1].tag
            text, prose = _words(token, prose=False), _words(token, prose=True)
            page.blocks.append(Block(kind, line, text, prose, source, directive))
        elif token.type == "myst_target":
            page.targets.append((line, token.content))
        elif token.type == "html_block":
            page.faults.append(Fault(line, HTML))
        elif token.type == "heading_open" and token.markup == "##" and not depth:
            page.headings.append((line, tokens[place + 1].content))
        elif token.type in {"fence", "colon_fence"} and token.map:
            _read_block(page, token, lines[token.map[1] - 1], line, depth + token.level)


def _read_block(page: Page, token: Token, last: str, line: int, depth: int) -> None:
    """Add the directive that *token* is, and what it holds; *last* is its last line."""
    match = DIRECTIVE.fullmatch(token.info.strip())
    if not match or not token.map:
        return
    name, argument = match[1].lower(), match[2].strip()
    if name in REFUSED:
        page.faults.append(Fault(line, REFUSED[name]))
        return
    content = token.content.removesuffix("\n").split("\n") if token.content else []
    written = list(content)
    for number, text in enumerate(content):
        if not OPTION.match(text):
            break
        written[number] = ""
    fence = "" if last.strip().startswith(token.markup) else token.markup
    end = line + token.map[1] - token.map[0] - 1
    directive = Directive(name, argument, line, tuple(content), end, fence, depth > 0)
    page.directives.append(directive)
    if name in {"image", "figure"} and argument:
        page.pictures.append((line, argument))
    if name not in CODE and depth < DEEPEST:
        _read(page, written, line, depth + 1, name)


def _roles(inline: Token, source: str, line: int) -> Iterator[Role]:
    """Yield the roles in *inline*, which was read from *source* and begins at *line*."""
    found = 0
    for token in inline.children or ():
        if token.type == "myst_role":
            name = token.meta["name"]
            found = max(found, source.find(f"{{{name}}}`", found))
            yield Role(name, token.content, line + source.count("\n", 0, found))
            found += 1


def _inline_faults(inline: Token, source: str, line: int) -> Iterator[Fault]:
    """Yield what *inline* may not hold; it was read from *source* and begins at *line*."""
    for token in inline.children or ():
        text, message = token.content, ""
        if token.type == "html_inline":
            message = HTML
        elif token.type == "myst_role" and token.meta["name"] in REFUSED:
            text, message = token.meta["name"], REFUSED[token.meta["name"]]
        elif token.type in {"link_open", "image"}:
            text = str(token.attrGet("href") or token.attrGet("src") or "")
            message = (address_fault if token.type == "link_open" else picture_fault)(text)
        elif token.type == "text":
            message = text_fault(text)
        if message:
            yield Fault(line + source.count("\n", 0, max(source.find(text), 0)), message)


def _read_pieces(page: Page, inline: Token, source: str, line: int) -> None:
    """Add the pictures and the texts of *inline* to *page*."""
    for token in inline.children or ():
        address = str(token.attrGet("src") or "")
        place = line + source.count("\n", 0, max(source.find(address or token.content), 0))
        if token.type == "image":
            page.pictures.append((place, address))
        elif token.type == "text":
            page.texts.append((place, token.content))


def _links(inline: Token, source: str, line: int) -> Iterator[Link]:
    """Yield the links in *inline*, which was read from *source* and begins at *line*."""
    address, words = "", ""
    for token in inline.children or ():
        if token.type == "link_open":
            address, words = str(token.attrGet("href") or ""), ""
        elif token.type == "link_close":
            place = max(source.find(f"]({address}"), 0)
            yield Link(address, words, line + source.count("\n", 0, place))
        else:
            words += token.content


def _words(inline: Token, *, prose: bool) -> str:
    """Return the words of *inline* without citations, or only what is *prose*."""
    words, hidden = "", False
    for token in inline.children or ():
        if token.type == "link_open" and prose:
            hidden = str(token.attrGet("href")).startswith(("tel:", "citations.md#"))
        elif token.type == "link_close":
            hidden = False
        elif token.type in {"softbreak", "hardbreak"}:
            words += " "
        elif not hidden and not (
            token.type == "myst_role" and token.meta["name"].startswith("cite")
        ):
            words += counted(token)
    return " ".join(words.split())


def counted(token: Token) -> str:
    """Return the words of *token*; those of a role that counts papers are a number and a noun."""
    if token.type != "myst_role" or token.meta["name"] != "studies":
        return token.content
    noun = token.content.partition(":")[0].rpartition("|")[2]
    return f"Two {noun.lower()}" if noun[:1].isupper() else f"two {noun}"
