"""The drawing of the site's hypothesis, made from the list of its links.

```` ```{mechanism} caption ```` holds a numbered list. Each item opens with a link in bold,
``**A → B (proposed):**``, and goes on with what it rests on; the drawing shows the same links.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from docutils import nodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

from figures import Drawing, figure

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


class mechanism_drawing(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of the drawing; ``links`` are the texts of the links."""


class MechanismDirective(SphinxDirective):
    """The drawing, and below it the list that it is made from."""

    required_arguments = 1
    final_argument_whitespace = True
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the place of the drawing and the list."""
        content = self.parse_content_to_nodes()
        caption, messages = self.parse_inline(self.arguments[0])
        lists = [node for node in content if isinstance(node, nodes.enumerated_list)]
        links = [
            (number, next(iter(item.findall(nodes.strong)), nodes.strong()).astext(), item.line)
            for found in lists
            for number, item in enumerate(found.children, found.get("start", 1))
        ]
        if not links:
            problem = "no link is listed; write a numbered list of them"
            logger.warning(problem, location=self.get_location(), type="mechanism", subtype="link")
        place = mechanism_drawing("", *caption, links=links)
        self.set_source_info(place)
        return [place, *content, *messages]


def draw_mechanism(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Draw the links on *docname*, which is about to be written; report those that cannot be drawn."""
    for place in list(doctree.findall(mechanism_drawing)):
        # Loading matplotlib takes longer than a build in which nothing changed.
        import mechanism_picture as picture  # noqa: PLC0415

        read = [picture.read_link(number, text) for number, text, _ in place["links"]]
        for (number, _, line), problem in zip(place["links"], read, strict=True):
            if isinstance(problem, str):
                where = (docname, line or place.line)
                message = f"link {number}: {problem}"
                logger.warning(message, location=where, type="mechanism", subtype="link")
        links = [link for link in read if isinstance(link, picture.Link)]
        drawing = Drawing(
            "mechanism",
            picture.HEIGHT,
            partial(picture.paint, links=links),
            "Drawing of the hypothesis",
            picture.in_words(links),
        )
        place.replace_self(figure(app.env, app.builder, docname, drawing, place.children))


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node and the handler."""
    app.add_node(mechanism_drawing)
    app.add_directive("mechanism", MechanismDirective)
    app.connect("doctree-resolved", draw_mechanism)
    return {
        "version": "1.0.0",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
