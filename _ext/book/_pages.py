"""The numbers of pages beside links, for a reader who cannot follow them."""

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator


class on_page(nodes.Inline, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The number of the page that the link before it leads to, *refuri*; *inside* round brackets."""


def visit_on_page(self: LaTeXTranslator, node: on_page) -> None:
    """Write the label as `LaTeXTranslator.visit_reference` does."""
    page, _, anchor = node["refuri"].removeprefix("%").partition("#")
    label = f"{page or self.curfilestack[-1]}:{anchor or ':doc'}"
    self.body.append(rf"\onpage{'*' if node['inside'] else ''}{{{self.idescape(label)}}}")
    raise nodes.SkipNode


class PageNumbers(SphinxPostTransform):
    """Print the page of what a link leads to, once in a paragraph.

    In place of ``latex_show_pagerefs``, which repeats it, and prints it on that very page.
    """

    default_priority = 30  # after the links are resolved (10) and the views are there (20)
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        for paragraph in self.document.findall(nodes.paragraph):
            before, named = "", set[str]()
            for part in list(paragraph.findall()):
                if isinstance(part, nodes.Text):
                    before += part
                elif isinstance(part, nodes.reference) and not is_term(part):
                    target = part.get("refuri") or f"#{part.get('refid', '')}"
                    if target[0] in "%#" and target not in named:
                        named.add(target)
                        inside = before.count("(") > before.count(")")
                        number = on_page(refuri=target, inside=inside)
                        part.parent.insert(part.parent.index(part) + 1, number)


def is_term(link: nodes.reference) -> bool:
    """Return whether *link* leads to a term of a glossary, whose place a reader knows."""
    return any("std-term" in part["classes"] for part in link.findall(nodes.inline))
