"""All study records at a glance: a table, a map, what is new, a download and a feed.

```` ```{evidence} table ```` and its kin leave a placeholder, which is filled when the page is
written: the records stand on other pages, and each builder needs another form. Only built-in nodes
are used, so every builder prints them. `evidence_data`, `evidence_views` and `evidence_map` hold the logic.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

import medication_safety
import references
import study_domain
from evidence_data import Paper, Site, as_atom, as_csv
from evidence_views import CSV, FEED, VIEWS, WEB, Context

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

logger = logging.getLogger(__name__)


#: Which views a page shows, among its metadata; no front matter is called so.
SHOWN = "evidence views"


class evidence_view(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of a view of the records; ``kind`` is one of `VIEWS`."""


class EvidenceDirective(SphinxDirective):
    """A view of all study records."""

    required_arguments = 1
    has_content = True  # the caption of the map

    def run(self) -> list[nodes.Node]:
        """Leave the place of the view in the page."""
        kind = self.arguments[0]
        if kind not in VIEWS:
            problem = f"evidence cannot show {kind!r}; write one of: {', '.join(VIEWS)}"
            logger.warning(problem, location=self.get_location(), type="evidence", subtype="view")
            return []
        self.env.metadata[self.env.docname].setdefault(SHOWN, []).append(kind)
        return [evidence_view("", *self.parse_content_to_nodes(), kind=kind)]


class ShowEvidence(SphinxPostTransform):
    """Fill in the views."""

    default_priority = 20  # after links are resolved (10), and before Furo wraps tables (500)

    def run(self, **_kwargs: object) -> None:
        """Replace each place by what it shows."""
        for place in list(self.document.findall(evidence_view)):
            caption = [part for paragraph in place.findall(nodes.paragraph) for part in paragraph]
            site = context_of(self.env, self.env.docname, caption)
            place.replace_self(VIEWS[place["kind"]](site))


def context_of(
    env: BuildEnvironment, docname: str = "", caption: Sequence[nodes.Node] = ()
) -> Context:
    """Return what a view with *caption* on *docname* is made of, papers in the order of the toctree."""
    domain, records = references.domain_of(env), study_domain.domain_of(env)
    entries = domain.bibdata.data.entries
    papers = [
        Paper(
            study.record,
            entries[study.key],
            domain.labels[study.key],
            study.docname,
            study.theme,
            study.text(domain.labels),
        )
        for study in records.all()
        if study.key in domain.labels
    ]
    return Context(env, records.builder, docname, papers, list(caption))


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return all that the records and references say, for a page with a view of them."""
    del app
    if SHOWN not in env.metadata.get(docname, {}):
        return "feed" if any(study_domain.domain_of(env).studies.values()) else ""
    digests = references.domain_of(env).data["digests"]
    papers = context_of(env).papers
    return repr([(paper.record, digests[paper.record.key], paper[2:]) for paper in papers])


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the download and the feed beside the pages; without papers there are none."""
    context = context_of(app.env) if exception is None else None
    if context is None or not context.is_web:
        return
    if not context.papers:
        for name in (CSV, FEED):
            Path(app.outdir, name).unlink(missing_ok=True)
        return
    base = app.config.html_baseurl
    base = f"{base.rstrip('/')}/" if base else ""
    pages = {name: base + app.builder.get_target_uri(name) for name in app.env.found_docs}
    notice, linked = medication_safety.domain_of(app.env).words
    site = Site(app.config.project, app.config.author, base, pages, notice, pages.get(linked, ""))
    # Spreadsheets look for the byte-order mark.
    files = {
        CSV: as_csv(context.papers, notice).encode("utf-8-sig"),
        FEED: as_atom(context.papers, site).encode(),
    }
    for name, content in files.items():
        path = Path(app.outdir, name)
        if not path.is_file() or path.read_bytes() != content:
            path.write_bytes(content)


def add_to_page(
    app: Sphinx,
    pagename: str,
    templatename: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Name the feed in the head of each page, and give the table of all papers its script."""
    del templatename, doctree
    if any(study_domain.domain_of(app.env).studies.values()) and app.builder.name in WEB:
        href = context["pathto"](FEED, 1)
        kind = 'rel="alternate" type="application/atom+xml" title="New and changed"'
        context["metatags"] = f'{context.get("metatags", "")}<link {kind} href="{href}">'
        if "table" in app.env.metadata.get(pagename, {}).get(SHOWN, ()):
            app.add_js_file("evidence-table.js", loading_method="defer")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node, the transform and the handlers."""
    app.setup_extension("studies")
    app.setup_extension("medication_safety")
    app.add_node(evidence_view)
    app.add_directive("evidence", EvidenceDirective)
    app.add_post_transform(ShowEvidence)
    app.connect("page-shows", what_a_page_shows)
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", write_files)
    return {
        "version": "1.0.0",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
