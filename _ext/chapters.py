"""Make the first page a chapter beside the others, where all pages become one document.

Sphinx puts the other pages where the toctree is: inside the last section of the first page. That page
has no heading of its own there, because its title is taken for that of the whole.
Here its text and its sections are moved into a chapter with its title, and the other pages behind it.
"""

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION


class Chapters(SphinxPostTransform):
    """Wrap the root document's own text into a section, and put the other documents behind it."""

    # Before ReferencesResolver (10), while the tree still shows where documents begin.
    default_priority = 3
    builders: tuple[str, ...] = ("latex", "man", "texinfo")

    @property
    def anchors(self) -> list[str]:
        """Return those of the title of the whole, which these builders write in a way of their own."""
        return []

    def run(self, **_kwargs: object) -> None:
        """Split the assembled tree; a toctree stands inside the root document's last section."""
        root = self.document.next_node(nodes.section)
        documents = []
        while document := self.document.next_node(addnodes.start_of_file):  # an outermost one
            document.parent.remove(document)
            documents.append(document)
        if root is None or not documents:
            return
        chapter = nodes.section("", *root.children, ids=root["ids"], names=root["names"])
        root["ids"], root["names"] = self.anchors, []
        root.children = []
        root += [nodes.title("", self.config.html_title), chapter, *documents]


class ChaptersOnOnePage(Chapters):
    """The same for HTML, where a heading needs an anchor."""

    builders = ("singlehtml",)

    @property
    def anchors(self) -> list[str]:
        """Return the anchor to which Sphinx links for the first page."""
        return [f"document-{self.config.root_doc}"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transforms."""
    app.add_post_transform(Chapters)
    app.add_post_transform(ChaptersOnOnePage)
    return EXTENSION
