"""A sheet for an appointment: questions, and all papers in one line each, with boxes to tick.

The boxes are characters, so that the sheet is ready in every format; a script makes them work.
"""

from itertools import groupby
from typing import ClassVar

from docutils import nodes
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import OptionSpec

from common.store import warn_here
from dataset.papers import Site
from studies.wording import result_in_short

#: Which pages have a sheet, among their metadata; no front matter is called so.
SHEET = "evidence sheet"
BOX = "\N{BALLOT BOX} "


class QuestionsDirective(SphinxDirective):
    """A list, each item with a box."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        """Return the content, with a box before each item of its lists."""
        self.assert_has_content()
        self.env.metadata[self.env.docname][SHEET] = True
        found = self.parse_content_to_nodes()
        for node in found:
            if not isinstance(node, nodes.bullet_list):
                problem = "questions are a list; begin each with a hyphen, and write the rest above or below"
                warn_here(self.env, node.line or self.lineno, problem, "evidence", "questions")
                continue
            node["classes"].append("sheet")
            for item in node:
                for words in list(item.findall(nodes.paragraph))[:1]:
                    words.insert(0, nodes.Text(BOX))
        return found


def papers(site: Site) -> list[nodes.Node]:
    """Return a list of all papers by theme: what each is, and its result in one line."""
    # Without "no-search", which Sphinx knows, a search would find each paper here a second time.
    found = nodes.container(classes=["sheet-papers", "no-search"])
    for theme, themed in groupby(site.papers, key=lambda paper: paper.theme):
        items = nodes.bullet_list(classes=["sheet"])
        for paper in themed:
            result = result_in_short(paper.record, site.vocabulary)
            words = nodes.paragraph("", f"{BOX}{paper.record['plain-title']} (")
            words += [site.link(paper, paper.label), nodes.Text(")")]
            if paper.record.notice:
                words += [nodes.Text(" "), nodes.strong("", f"[{paper.record.notice}]")]
            words += nodes.Text(f": {result}")
            items += nodes.list_item("", words)
        found += [*([nodes.rubric("", theme)] if theme else []), items]
    return [found] if site.papers else []
