"""Give the first page its own chapter in the PDF.

Sphinx takes the root document's title as the title of the book and leaves its text without a
heading; its sections become chapters of their own (`LaTeXTranslator.visit_title`).
Here that text and its sections are moved into a chapter with the title of the page.
"""

from collections.abc import Iterator

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION


class RootChapter(SphinxPostTransform):
    """Wrap the root document's own text into a section, and put the other documents behind it."""

    # Before ReferencesResolver (10), while the tree still shows where documents begin.
    default_priority = 3
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        """Split the assembled tree; a toctree stands inside the root document's last section."""
        root = self.document.next_node(nodes.section)
        documents = list(outermost_documents(self.document))
        if root is None or not documents:
            return
        for document in documents:
            document.parent.remove(document)
        title, *own = root.children
        chapter = nodes.section("", title.deepcopy(), *own, ids=root["ids"], names=root["names"])
        root["ids"], root["names"] = [], []
        root.children = [title]
        root += [chapter, *documents]


def outermost_documents(node: nodes.Element) -> Iterator[addnodes.start_of_file]:
    """Yield where other documents begin below *node*, but not what those include in their turn.

    From the top down, because Sphinx does not tell the nodes of a nested document their parent.
    """
    for child in node.children:
        if isinstance(child, addnodes.start_of_file):
            yield child
        elif isinstance(child, nodes.Element):
            yield from outermost_documents(child)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_post_transform(RootChapter)
    return EXTENSION
