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
            named: set[str] = set()
            for link in list(paragraph.findall(nodes.reference)):
                target = link.get("refuri") or f"#{link.get('refid', '')}"
                if target[0] not in "%#" or target in named or is_term(link):
                    continue
                named.add(target)
                before = words_before(paragraph, link)
                number = on_page(refuri=target, inside=before.count("(") > before.count(")"))
                link.parent.insert(link.parent.index(link) + 1, number)


def is_term(link: nodes.reference) -> bool:
    """Return whether *link* leads to a term of a glossary, whose place a reader knows."""
    return any("std-term" in part["classes"] for part in link.findall(nodes.inline))


def words_before(paragraph: nodes.paragraph, link: nodes.reference) -> str:
    """Return the words of *paragraph* before *link*."""
    parts = list(paragraph.findall())
    return "".join(part for part in parts[: parts.index(link)] if isinstance(part, nodes.Text))
