"""What of a page is printed: words, lists and addresses, without links within the site and citations."""

from collections.abc import Iterable, Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging

from addresses import missing_in, on_paper
from folded import folded

logger = logging.getLogger(__name__)

#: What is printed as it is, with the attributes that it keeps.
KEPT: dict[type[nodes.Node], tuple[str, ...]] = {
    **dict.fromkeys((nodes.paragraph, nodes.strong, nodes.emphasis), ()),
    **dict.fromkeys((nodes.bullet_list, nodes.list_item), ()),
    nodes.enumerated_list: ("enumtype", "prefix", "suffix"),
}
#: Of what only the words are printed.
OPENED = (nodes.inline, nodes.reference, addnodes.pending_xref, nodes.block_quote, folded)
#: What is a matter of the site.
LEFT_OUT = (nodes.comment, nodes.target, addnodes.index)


class handout_part(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """A part of a page that is printed, while the page is read."""


def printed(node: nodes.Element) -> list[nodes.Node]:
    """Return copies of the children of *node* as paper shows them, and warn of what it cannot show."""
    found: list[nodes.Node] = []
    for child in node.children:
        if isinstance(child, addnodes.pending_xref) and child["refdomain"] == "cite":
            if found and isinstance(found[-1], nodes.Text):
                found[-1] = nodes.Text(found[-1].rstrip())
        elif isinstance(child, nodes.Text):
            found.append(nodes.Text(str(child)))
        elif isinstance(child, nodes.reference) and "refuri" in child:
            found += link(child)
        elif isinstance(child, OPENED):
            found += printed(child)
        elif isinstance(child, nodes.Element) and type(child) in KEPT:
            kept = type(child)("", **{name: child[name] for name in KEPT[type(child)]})
            kept.extend(printed(child))
            found.append(kept)
        elif isinstance(child, nodes.Element) and not isinstance(child, LEFT_OUT):
            problem = f"a handout has no room for a {child.tagname}; mark paragraphs and lists only"
            logger.warning(problem, location=child, type="handout", subtype="part")
    return found


def link(node: nodes.reference) -> Iterator[nodes.Node]:
    """Yield the words of a link to elsewhere, and its address unless they tell it."""
    words, address = node.astext(), node["refuri"]
    yield nodes.reference("", words, refuri=address)
    if missing := missing_in(words, address):
        yield nodes.Text(f" ({on_paper(missing)})")


def calls(content: Iterable[nodes.Node]) -> dict[str, str]:
    """Return the numbers to call in *content*: how each is written, by its address."""
    return {
        found["refuri"]: found.astext()
        for node in content
        for found in node.findall(nodes.reference)
        if found["refuri"].startswith("tel:")
    }
