"""A handout as LaTeX: the notice, the marked parts, what holds for its place, and the foot."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from string import Template
from typing import NamedTuple

from docutils import nodes
from docutils.frontend import get_default_settings
from docutils.utils import new_document
from docutils.writers.xetex import Writer, XeLaTeXTranslator
from sphinx.environment import BuildEnvironment
from sphinx.locale import admonitionlabels

from common.settings import read_settings
from handout.domain import HandoutDomain, Part, calls, printed
from handout.places import PAPERS, Places
from notice.domain import MedicationSafetyDomain

TEMPLATE = Template(Path(__file__).with_name("sheet.tex").read_text("utf-8"))
#: The class of a number to call in the notice, for which the template has a macro.
CALL = "call"
#: Those of docutils; without two of them it warns that their defaults will change.
SETTINGS = get_default_settings(Writer)
SETTINGS.use_latex_citations, SETTINGS.legacy_column_widths = True, False


class Sheet(NamedTuple):
    """One handout."""

    name: str  #: That of its file, without a suffix.
    docname: str  #: The page that it is made of.
    place: str
    paper: str  #: The size of its paper, in words.
    tex: str


def sheets(env: BuildEnvironment) -> Iterator[Sheet]:
    """Yield all handouts: one for each place and size of paper, if a page is marked."""
    places = read_settings(Places, "handout", env.config)
    for docname in sorted(HandoutDomain.of(env).marked)[:1]:
        for key in places.places:
            names = places.names_of(key)
            words = words_of(env, docname, names)
            for size, (paper, option) in PAPERS.items():
                tex = TEMPLATE.substitute(words, paper=option)
                yield Sheet(f"{key}-{size}", docname, names[0], paper, tex)


def words_of(env: BuildEnvironment, docname: str, names: list[str]) -> dict[str, str]:
    """Return what the template asks for, of the page *docname* and the place with *names*."""
    marked, config = HandoutDomain.of(env).marked[docname], env.config
    unsure = read_settings(Places, "handout", config).is_unsure
    lines = [
        line if name == names[0] else within(name, line)
        for name in names
        for line in marked.lines[name]
        if not unsure(line.astext())
    ]
    return {
        "language": config.language,
        "author": plain(config.author),
        "title": plain(env.titles[docname].astext()),
        "place": plain(names[0]),
        "label": plain(str(admonitionlabels["warning"])),
        "notice": as_tex(*flowing(notice(env, lines))),
        "parts": "\n".join(section(part) for part in marked.parts if not part.is_foot),
        "lines": as_tex(nodes.bullet_list("", *(nodes.list_item("", line) for line in lines))),
        "site": plain(f"{config.project} {config.html_baseurl}".strip()),
        "foot": as_tex(*(node for part in marked.parts if part.is_foot for node in part.content)),
    }


def within(name: str, line: nodes.paragraph) -> nodes.paragraph:
    """Return *line* with the *name* of the place within another for which it holds."""
    found = line.deepcopy()
    found.insert(1, nodes.Text(f" ({name})"))
    return found


def section(part: Part) -> str:
    """Return *part* in LaTeX, with its title; lists stand side by side, below the words that open them."""
    opening: list[nodes.Node] = []
    words: list[nodes.Node] = []
    columns = ""
    for node in part.content:
        if isinstance(node, nodes.Sequential):
            *before, head = words or [nodes.paragraph()]
            opening += before
            columns += f"\\sheetcolumn{{{as_tex(head)}}}{{{as_tex(node)}}}"
            words = []
        else:
            words.append(node)
    rest = as_tex(*flowing(words))
    if columns:
        return f"\\sheetlists{{{plain(part.title)}}}{{{as_tex(*opening)}}}{{{columns}}}{{{rest}}}"
    return f"\\sheetwords{{{plain(part.title)}}}{{{rest}}}"


def notice(env: BuildEnvironment, lines: Sequence[nodes.Element]) -> Iterator[nodes.Element]:
    """Yield the paragraphs of the notice.

    One with numbers to call keeps the words before them, and then has those that are in *lines*, or, if
    none is, the first of *lines* that the notice has not named yet.
    """
    known, named = calls(lines), set[str]()
    for original in MedicationSafetyDomain.of(env).all[:1]:
        for paragraph in printed(original):
            if not isinstance(paragraph, nodes.paragraph):
                continue  # of which the notice has told
            numbers = calls([paragraph])
            if not numbers:
                yield paragraph
                continue
            here = [number for address, number in known.items() if address in numbers]
            named |= {*here}
            others = [line[0].astext() for line in lines if not named & {*calls([line]).values()}]
            before = takewhile(lambda one: not [*one.findall(nodes.reference)], paragraph.children)
            found = nodes.paragraph("", "", *before)
            for number, word in enumerate(here or others[:1]):
                found += [nodes.Text(" or ")] * bool(number)
                found += nodes.inline("", word, classes=[CALL])
            yield found


def flowing(paragraphs: Iterable[nodes.Node]) -> list[nodes.Node]:
    """Return *paragraphs* without breaks between them; one with a large number stands alone."""
    found: list[nodes.Node] = []
    for node in paragraphs:
        last = found[-1] if found else None
        if isinstance(last, nodes.Element) and not has_call(last) and not has_call(node):
            last.extend([nodes.Text(" "), *(child.deepcopy() for child in node.children)])
        else:
            found.append(node.deepcopy())
    return found


def has_call(node: nodes.Node) -> bool:
    """Return whether *node* shows a number large."""
    return any(node.findall(nodes.inline))


def plain(text: str) -> str:
    """Return *text* in LaTeX."""
    return as_tex(nodes.Text(text))


def as_tex(*content: nodes.Node) -> str:
    """Return *content* in LaTeX, as docutils writes it."""
    document = new_document("", SETTINGS)
    document.extend(node.deepcopy() for node in content)
    visitor = XeLaTeXTranslator(document)
    document.walkabout(visitor)
    return "".join(visitor.body).strip()
