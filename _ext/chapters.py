"""Where all pages become one document: the first page is a chapter beside the others, and links lead somewhere.

Sphinx puts the other pages where the toctree is: inside the last section of the first page. That page
has no heading of its own there, because its title is taken for that of the whole.
Here its text and its sections are moved into a chapter with its title, and the other pages behind it.

In ``singlehtml`` Sphinx 9.0 writes links between pages as ``#document-page#anchor``, which is no address
(https://github.com/sphinx-doc/sphinx/issues/14221); themes offer a search there, which has no page.
"""

import re
from collections import Counter
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION

#: Two anchors in an attribute, or the page alone; in text the quotation mark is escaped.
ADDRESS = re.compile(r'(?<= href="#)(document-[^"#]*)(?:#([^"#]*))?(?=")')


class Chapters(SphinxPostTransform):
    """Wrap the root document's own text into a section, and put the other documents behind it."""

    # Before ReferencesResolver (10), while the tree still shows where documents begin.
    default_priority = 3
    builders = ("latex", "man", "texinfo", "singlehtml")

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
        # To which Sphinx links in HTML, where a heading needs an anchor.
        root["ids"], root["names"] = [f"document-{self.config.root_doc}"], []
        root.children = []
        root += [nodes.title("", self.config.html_title), chapter, *documents]


def mend(
    app: Sphinx, _pagename: str, _template: str, context: dict[str, Any], _document: object
) -> None:
    """Leave of two anchors that of the place, or that of its page where several have one of this name."""
    if app.builder.name != "singlehtml":
        return
    times = Counter(re.findall(r' id="([^"]*)"', context.get("body", "")))
    root = f"document-{app.config.root_doc}"  # which begins the page

    def address(match: re.Match[str]) -> str:
        page, anchor = match.groups()
        return anchor if times[anchor] == 1 else page.removeprefix(root)

    for name, part in context.items():
        if isinstance(part, str):
            context[name] = ADDRESS.sub(address, part)
    context["sidebars"] = [part for part in context.get("sidebars", ()) if "search" not in part]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transform, and the handler."""
    app.add_post_transform(Chapters)
    app.connect("html-page-context", mend, priority=900)  # after themes, which add parts of pages
    return EXTENSION
