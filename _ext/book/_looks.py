"""Names for ``book.sty``: what Sphinx writes to LaTeX without its class gets a container with one."""

from collections.abc import Callable, Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

from book._front import latex, put_before
from book._tables import lay_out

#: How lists with a class look; those of short things are in two columns, as glossaries are.
LISTS = {"references": "columns", "changes": "columns", "sheet": "sheet"}
#: Numbered lists of fewer letters are not broken across pages.
FEW = 800
#: A term with more letters is in a box that a page may end in.
MUCH = 2000


class Looks(SphinxPostTransform):
    """Prepare facts, lists, references, leading lines, terms with a class, numbers to call and tables."""

    default_priority = 31  # after the facts are complete, and their links
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        for node, look in list(looks(self.document)):
            container = nodes.container(classes=[look])
            node.replace_self(container)
            container += node
        for fields in list(self.document.findall(nodes.field_list)):
            fields.replace_self(
                nodes.definition_list("", *map(as_item, fields.findall(nodes.field)))
            )
        for item in list(self.document.findall(nodes.definition_list_item)):
            if next(item.findall(nodes.term))["classes"]:
                set_apart(item)
        for words in lists_of_pages(self.document):
            own = "" if isinstance(words.parent.parent, nodes.list_item) else r"\ownplace"
            target = f"{{{words['target']}}}"
            words.replace_self(latex(rf"\citedon{target}{own}{target if own else ''}"))
        for link in numbers(self.document):
            link.children = [nodes.inline("", "", *link.children, classes=["number"])]
        for table in list(self.document.findall(nodes.table)):
            lay_out(next(table.findall(nodes.tgroup)))
        for section in list(self.document.findall(nodes.section)):
            if len(section) > 1 and isinstance(section[1], nodes.table | nodes.figure):
                put_before(section, latex(r"\shownsection"))  # its title leads to what it shows


def lists_of_pages(document: nodes.document) -> list[nodes.inline]:
    """Return what says in *document* where a reference is cited."""
    return [words for words in document.findall(nodes.inline) if "cited-in" in words["classes"]]


def numbers(document: nodes.document) -> list[nodes.reference]:
    """Return the numbers to call in *document*, which are not broken."""
    links = document.findall(nodes.reference)
    return [link for link in links if link.get("refuri", "").startswith("tel:")]


def looks(document: nodes.document) -> Iterator[tuple[nodes.Element, str]]:
    """Yield the parts of *document* that have a look of their own, and its name."""
    for node in document.findall(nodes.Element):
        tell = LOOKS.get(type(node))
        if look := tell(node) if tell else "":
            yield node, look


def look_of_paragraph(paragraph: nodes.Element) -> str:
    """Return the name of the look of *paragraph*; empty when it has none of its own."""
    if leads(paragraph):
        return "lead"
    listed = isinstance(paragraph.parent, nodes.list_item)
    return "reference" if "reference" in paragraph["classes"] and not listed else ""


def is_short(steps: nodes.Element) -> bool:
    """Return whether *steps* are few, and not inside others."""
    return len(steps.astext()) < FEW and not isinstance(steps.parent, nodes.list_item)


def leads(paragraph: nodes.Element) -> bool:
    """Return whether *paragraph* is in bold as a whole, and leads to what follows in its section."""
    bold = "".join(part.astext() for part in paragraph if isinstance(part, nodes.strong))
    last = paragraph.next_node(descend=False, siblings=True) is None
    return isinstance(paragraph.parent, nodes.section) and not last and paragraph.astext() == bold


def as_item(field: nodes.field) -> nodes.definition_list_item:
    """Return *field* as an item of a list of definitions: a list of fields is a quotation in LaTeX."""
    name, body = field.children
    term = nodes.term("", "", *name.children)
    return nodes.definition_list_item("", term, nodes.definition("", *body.children))


def set_apart(item: nodes.definition_list_item) -> None:
    """Put *item* into a list of its own, in a container with the classes of its term."""
    whole = item.parent
    place = whole.index(item)
    before, after = whole.children[:place], whole.children[place + 1 :]
    classes = next(item.findall(nodes.term))["classes"]
    if len(item.astext()) > MUCH:
        classes = [f"{name}-long" for name in classes]
    parts: list[nodes.Node] = [nodes.definition_list("", *before)] if before else []
    parts.append(nodes.container("", nodes.definition_list("", item), classes=classes))
    if after:
        parts.append(nodes.definition_list("", *after))
    whole.replace_self(parts)


#: Each kind of node that may have a look, and what tells which.
LOOKS: dict[type[nodes.Element], Callable[[nodes.Element], str]] = {
    nodes.field_list: lambda _fields: "facts",
    addnodes.glossary: lambda _terms: "columns",
    nodes.bullet_list: lambda items: LISTS.get(" ".join(items["classes"]), ""),
    nodes.enumerated_list: lambda steps: "steps" * is_short(steps),
    nodes.paragraph: look_of_paragraph,
}
