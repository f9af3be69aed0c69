"""Give the first page its own chapter in the PDF.

Sphinx takes the root document's title as the title of the book and leaves its text without a
heading; its sections become chapters of their own (`LaTeXTranslator.visit_title`).
Here that text and its sections are moved into a chapter with the title of the page.
"""

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
        documents = []
        while document := self.document.next_node(addnodes.start_of_file):  # an outermost one
            document.parent.remove(document)
            documents.append(document)
        if root is None or not documents:
            return
        title, *own = root.children
        chapter = nodes.section("", title.deepcopy(), *own, ids=root["ids"], names=root["names"])
        root["ids"], root["names"] = [], []
        root.children = [title]
        root += [chapter, *documents]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_post_transform(RootChapter)
    return EXTENSION
