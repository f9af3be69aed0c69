"""The front of a book: its settings, the summary before the table of contents, and how deep that goes."""

from dataclasses import dataclass, field

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.writers.latex import LaTeXTranslator

from common.settings import read_settings

#: A chapter with more sections is in the contents without them: those fit a page.
MANY = 12


@dataclass(frozen=True)
class Cover:
    """The words of the cover, and which section comes before the contents."""

    about: str = ""  #: What the book is, in a sentence,
    readers: str = ""  #: for whom,
    reviewed: str = ""  #: and by whom it was reviewed, or that it was not.
    #: The labels of sections that a reader may need at once: the cover names their pages.
    urgent: list[str] = field(default_factory=list)
    summary: str = ""  #: The label of the section that stands before the contents.


class within(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """What was moved out of the page *docname*: its anchors keep the name of that page."""


def visit_within(self: LaTeXTranslator, node: within) -> None:
    self.curfilestack.append(node["docname"])


def depart_within(self: LaTeXTranslator, _node: within) -> None:
    self.curfilestack.pop()


class FrontMatter(SphinxPostTransform):
    """Put the summary and the table of contents before the first chapter."""

    # After the first page is a chapter (3), and before links are resolved (10).
    default_priority = 5
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        root = self.document.next_node(nodes.section)
        if root is None:
            return
        cover = read_settings(Cover, "book", self.config)
        front: list[nodes.Node] = [latex(r"\sphinxtableofcontents")]
        docname, summary = self.section(cover.summary)
        if summary is not None:
            summary.parent.remove(summary)
            shown = nodes.container("", summary, classes=["summary"])
            front.insert(0, within("", shown, docname=docname))
        root[1:1] = front
        urgent = [section for _, section in map(self.section, cover.urgent) if section]
        for section in urgent:
            put_before(section, latex(r"\urgentsection"))
        for page in [root, *self.document.findall(addnodes.start_of_file)]:
            for chapter in [child for child in page.children if isinstance(child, nodes.section)]:
                put_before(chapter, latex(rf"\contentsdepth{{{depth_of(chapter, urgent)}}}"), page)

    def section(self, label: str) -> tuple[str, nodes.section | None]:
        """Return the section with *label*, and the name of its page."""
        docname, anchor, _ = section_of(self.env, label)
        sections = self.document.findall(nodes.section)
        return docname, next((one for one in sections if docname and anchor in one["ids"]), None)


def section_of(env: BuildEnvironment, label: str) -> tuple[str, str, str]:
    """Return page, anchor and title of the section with *label*; of one that no section has, nothing."""
    return env.domains.standard_domain.labels.get(label, ("", "", ""))


def depth_of(chapter: nodes.section, urgent: list[nodes.section]) -> int:
    """Return how deep the contents go in *chapter*: to its papers, its sections, or no section of many."""
    if any("study-facts" in fields["classes"] for fields in chapter.findall(nodes.field_list)):
        return 2
    sections = [child for child in chapter if isinstance(child, nodes.section)]
    return int(len(sections) <= MANY or any(section in sections for section in urgent))


def put_before(
    section: nodes.section, node: nodes.Node, parent: nodes.Element | None = None
) -> None:
    """Put *node* before *section* of *parent* and its labels, which Sphinx expects beside each other."""
    parent = section.parent if parent is None else parent
    place = parent.index(section)
    while place and isinstance(parent[place - 1], nodes.target):
        place -= 1
    parent.insert(place, node)


def latex(text: str) -> nodes.raw:
    """Return LaTeX of our own."""
    return nodes.raw("", text, format="latex", trusted=True)
