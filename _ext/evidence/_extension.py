"""The directive that shows the records, and the files beside the pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB, add_script
from common.settings import add_settings
from common.store import EXTENSION
from evidence import mechanism
from evidence.exports import Paper, Site, as_atom, as_csv
from evidence.views import CSV, FEED, VIEWS, Context
from notice.domain import MedicationSafetyDomain
from references.domain import ReferencesDomain
from studies.domain import StudiesDomain, vocabulary_of

logger = logging.getLogger(__name__)

#: Which views a page shows, among its metadata; no front matter is called so.
SHOWN = "evidence views"


@dataclass(frozen=True)
class Settings:
    """The settings ``evidence_...`` in ``conf.py``."""

    remark: str = ""  #: What the feed says of every summary; empty when nothing is said.


class evidence_view(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of a view of the records; ``kind`` is one of `VIEWS`."""


class EvidenceDirective(SphinxDirective):
    """A view of all study records."""

    required_arguments = 1
    has_content = True  # the caption of the map

    def run(self) -> list[nodes.Node]:
        kind = self.arguments[0]
        if kind not in VIEWS:
            problem = f"evidence cannot show {kind!r}; write one of: {', '.join(VIEWS)}"
            logger.warning(problem, location=self.get_location(), type="evidence", subtype="view")
            return []
        self.env.metadata[self.env.docname].setdefault(SHOWN, []).append(kind)
        return [evidence_view("", *self.parse_content_to_nodes(), kind=kind)]


class ShowEvidence(SphinxPostTransform):
    """Fill in the views."""

    builder: ClassVar[Builder]  #: The builder at work: transforms are not told which it is.
    default_priority = 20  # after links are resolved (10), and before Furo wraps tables (500)

    def run(self, **_kwargs: object) -> None:
        for place in list(self.document.findall(evidence_view)):
            caption = [part for paragraph in place.findall(nodes.paragraph) for part in paragraph]
            site = context_of(self.env, self.builder, self.env.docname, caption)
            place.replace_self(VIEWS[place["kind"]](site))


def context_of(
    env: BuildEnvironment, builder: Builder, docname: str = "", caption: Sequence[nodes.Node] = ()
) -> Context:
    """Return what a view with *caption* on *docname* is made of, papers in the order of the toctree."""
    bibliography, records = ReferencesDomain.of(env), StudiesDomain.of(env)
    papers = [
        Paper(
            study.record,
            bibliography.entries[study.record.key],
            bibliography.labels[study.record.key],
            study.docname,
            study.theme,
            study.texts(bibliography.labels),
        )
        for study in records.all()
    ]
    vocabulary = vocabulary_of(env.config)
    return Context(env, builder, docname, papers, list(caption), vocabulary)


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return all that the records and references say, for a page with a view of them."""
    if SHOWN not in env.metadata.get(docname, {}):
        return "feed" if any(StudiesDomain.of(env).studies.values()) else ""
    digests = ReferencesDomain.of(env).digests
    papers = context_of(env, app.builder).papers
    return repr([(digests[paper.record.key], paper.record.options, paper[2:]) for paper in papers])


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the download and the feed beside the pages; without papers there are none."""
    context = context_of(app.env, app.builder) if exception is None else None
    if context is None or not context.is_web:
        return
    if not context.papers:
        for name in (CSV, FEED):
            Path(app.outdir, name).unlink(missing_ok=True)
        return
    base = app.config.html_baseurl
    base = f"{base.rstrip('/')}/" if base else ""
    pages = {name: base + app.builder.get_target_uri(name) for name in app.env.found_docs}
    warning, linked = MedicationSafetyDomain.of(app.env).words
    more = pages.get(linked, "")
    site = Site(
        *(app.config.project, app.config.author, base, pages, warning, more),
        *(app.config.evidence_remark, context.vocabulary),
    )
    # Spreadsheets look for the byte-order mark.
    files = {
        CSV: as_csv(context.papers, warning, context.vocabulary).encode("utf-8-sig"),
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
    """Name the feed in the head of each page."""
    if any(StudiesDomain.of(app.env).studies.values()) and app.builder.name in WEB:
        href = context["pathto"](FEED, 1)
        kind = 'rel="alternate" type="application/atom+xml" title="New and changed"'
        context["metatags"] = f'{context.get("metatags", "")}<link {kind} href="{href}">'


def note_builder(app: Sphinx) -> None:
    """Tell the transform which builder is at work."""
    ShowEvidence.builder = app.builder
    if app.builder.format == "latex":
        app.add_latex_package("tikz")


def has_table(app: Sphinx, pagename: str) -> bool:
    """Return whether *pagename* shows the table of all papers."""
    return "table" in app.env.metadata.get(pagename, {}).get(SHOWN, ())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node, the transform and the handlers."""
    app.setup_extension("studies")
    app.setup_extension("notice")
    add_settings(app, Settings, "evidence")
    app.add_node(evidence_view)
    app.add_directive("evidence", EvidenceDirective)
    app.add_post_transform(ShowEvidence)
    app.connect("builder-inited", note_builder)
    app.connect("page-fingerprint", what_a_page_shows)
    app.connect("html-page-context", add_to_page)
    app.connect("build-finished", write_files)
    add_script(app, Path(__file__).parent / "static", "evidence-table.js", has_table)
    mechanism.register(app)
    return EXTENSION
