"""Give the first page its own chapter in the PDF.

Sphinx takes the root document's title as the title of the book and leaves its text without a
heading; its sections become chapters of their own (`LaTeXTranslator.visit_title`).
Here that text and its sections are moved into a chapter with the title of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from docutils import nodes
from sphinx import addnodes
from sphinx.transforms.post_transforms import SphinxPostTransform

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata


class RootChapter(SphinxPostTransform):
    """Wrap what stands before the first other document into a section."""

    # Before ReferencesResolver (10), while the tree still shows where documents begin.
    default_priority = 3
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        """Move the root document's own nodes; the documents it includes stay where they are."""
        root = self.document.next_node(nodes.section)
        if root is None or not self.document.get("docname"):
            return
        title, *rest = root.children
        own = [node for node in rest if not any(node.findall(addnodes.start_of_file))]
        chapter = nodes.section("", title.deepcopy(), *own, ids=root["ids"], names=root["names"])
        root["ids"], root["names"] = [], []
        root.children = [title]
        root += [chapter, *(node for node in rest if node not in own)]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform."""
    app.add_post_transform(RootChapter)
    return {"version": "1.0.0", "parallel_read_safe": True, "parallel_write_safe": True}
