"""Names for ``book.sty``: what Sphinx writes to LaTeX without its class gets a container with one.

Tables get columns in which no word is broken, and signs that no font has are named before LaTeX stops.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from book._front import latex, put_before
from common.tables import columns_of, longest_in_columns, share_out

logger = logging.getLogger(__name__)

#: How lists with a class look; those of short things are in two columns, as glossaries are.
LISTS = {"references": "columns", "changes": "columns", "sheet": "sheet"}
#: Numbered lists of fewer letters are not broken across pages.
FEW = 800
#: A term with more letters is in a box that a page may end in.
MUCH = 2000
#: Where a line of a narrow column ends, and where it may do so too.
BREAKS = re.compile(r"[\s\u200b-]")
SLASH = re.compile(r"(?<=\w)/(?=\w)")
#: How wide a letter is in a table, and the gap beside a column, in percent of the width of the page.
LETTER, GAP = 1.35, 2.5
#: What is no letter of Latin, Greek or Cyrillic, no mark, and no sign of another font of ``book.sty``.
MISSING = re.compile("[^\x00-\u052f\u1e00-\u27ff\ufb00-\ufb06]")


class Looks(SphinxPostTransform):
    """Prepare facts, lists, references, leading lines, terms with a class, numbers to call and tables."""

    default_priority = 31  # after the facts are complete, and their links
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        for node in list(self.document.findall(nodes.Element)):
            if look := look_of(node):
                container = nodes.container(classes=[look])
                node.replace_self(container)
                container += node
            prepare(node)


class Signs(SphinxPostTransform):
    """Warn of each sign that the fonts of the book lack."""

    default_priority = 900  # when all words are there
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        for text in self.document.findall(nodes.Text):
            for sign in dict.fromkeys(MISSING.findall(text)):
                problem = "no font of the book has the sign %s (U+%04X); write it in words"
                node = text.parent
                logger.warning(problem, sign, ord(sign), location=node, type="book", subtype="sign")


def look_of(node: nodes.Element) -> str:
    """Return the name of the look of *node*; empty when it has none of its own."""
    look, listed = "", isinstance(node.parent, nodes.list_item)
    match node:
        case nodes.field_list():
            look = "facts"
        case addnodes.glossary():
            look = "columns"
        case nodes.bullet_list():
            look = LISTS.get(" ".join(node["classes"]), "")
        case nodes.enumerated_list() if len(node.astext()) < FEW and not listed:
            look = "steps"
        case nodes.paragraph() if leads(node):
            look = "lead"
        case nodes.paragraph() if "reference" in node["classes"] and not listed:
            look = "reference"
    return look


def prepare(node: nodes.Element) -> None:
    """Put in the place of *node* what LaTeX prints well, if it does not print *node* so."""
    match node:
        case nodes.field_list():  # a quotation in LaTeX
            items = map(as_item, node.findall(nodes.field))
            node.replace_self(nodes.definition_list("", *items))
        case nodes.definition_list_item() if next(node.findall(nodes.term))["classes"]:
            set_apart(node)
        case nodes.inline() if "cited-in" in node["classes"]:
            own = "" if isinstance(node.parent.parent, nodes.list_item) else r"\ownplace"
            target = f"{{{node['target']}}}"
            node.replace_self(latex(rf"\citedon{target}{own}{target if own else ''}"))
        case nodes.reference() if node.get("refuri", "").startswith("tel:"):
            # A number to call is not broken.
            node.children = [nodes.inline("", "", *node.children, classes=["number"])]
        case nodes.table():
            lay_out(next(node.findall(nodes.tgroup)))
        case nodes.section() if node[1:] and isinstance(node[1], nodes.table | nodes.figure):
            put_before(node, latex(r"\shownsection"))  # its title leads to what it shows


def leads(paragraph: nodes.Element) -> bool:
    """Return whether *paragraph* is in bold as a whole, and leads to what follows in its section."""
    bold = "".join(part.astext() for part in paragraph if isinstance(part, nodes.strong))
    last = paragraph.next_node(descend=False, siblings=True) is None
    return isinstance(paragraph.parent, nodes.section) and not last and paragraph.astext() == bold


def as_item(field: nodes.field) -> nodes.definition_list_item:
    """Return *field* as an item of a list of definitions."""
    name, body = field.children
    term = nodes.term("", "", *name.children)
    return nodes.definition_list_item("", term, nodes.definition("", *body.children))


def set_apart(item: nodes.definition_list_item) -> None:
    """Put *item* into a list of its own, in a container with the classes of its term."""
    whole = item.parent
    place = whole.index(item)
    classes = next(item.findall(nodes.term))["classes"]
    if len(item.astext()) > MUCH:
        classes = [f"{name}-long" for name in classes]
    parts = [
        nodes.definition_list("", *whole[:place]),
        nodes.container("", nodes.definition_list("", item), classes=classes),
        nodes.definition_list("", *whole[place + 1 :]),
    ]
    whole.replace_self([part for part in parts if part.children])


def lay_out(table: nodes.tgroup) -> None:
    """Let no word of *table* be wider than its column, and print in bold only what leads."""
    for row in table.findall(nodes.row):
        if "group" in row["classes"]:
            words = next(row.findall(nodes.paragraph))
            words.children = [nodes.strong("", "", *words.children)]
        for text in list(row.findall(nodes.Text)):
            text.parent.replace(text, nodes.Text(SLASH.sub("/\u200b", text)))
    columns = columns_of(table)
    least = [LETTER * letters + GAP for letters in longest_in_columns(table, longest_part)]
    widths = share_out(100, [column["colwidth"] for column in columns], least)
    if sum(widths) > 101:  # noqa: PLR2004  less is not seen
        problem = "the table is wider than paper; write shorter words, or fewer columns"
        logger.warning(problem, location=table, type="book", subtype="table")
    for column, width in zip(columns, widths, strict=True):
        column["colwidth"] = round(width)
        column.attributes.pop("stub", None)


def longest_part(cell: nodes.entry) -> int:
    """Return the length of what is not broken in *cell*."""
    return max(map(len, BREAKS.split(cell.astext())))
