"""A sheet for an appointment: questions, and all papers in one line each, with boxes to tick.

The boxes are characters, so that the sheet is ready in every format; a script makes them work.
"""

from itertools import groupby

from docutils import nodes

from dataset.papers import Site
from studies.wording import result_in_short

BOX = "\N{BALLOT BOX} "


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
