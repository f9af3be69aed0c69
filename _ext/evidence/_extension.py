"""The directive that shows the records, and the files beside the pages."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from common.findings import Finding
from common.scripts import WEB, add_script
from common.settings import add_settings, read_settings
from common.store import EXTENSION, warn_here, warn_of
from evidence import tables
from evidence.codebook import FILES
from evidence.data import SCRIPT, as_script
from evidence.drawings import Drawing
from evidence.feed import FEED, as_atom, history_of
from evidence.history import read_history
from evidence.linked import as_dataset, papers_as_things
from evidence.mechanism import MechanismDirective
from evidence.papers import site_of
from evidence.sheet import SHEET, QuestionsDirective
from evidence.views import COMPARED, VIEWS, evidence_view, figure
from imprint.tags import Thing
from references.domain import ReferencesDomain
from studies.domain import StudiesDomain, selection_of
from studies.edition import edition_of
from studies.search import Search

#: Which views a page shows, among its metadata; no front matter is called so.
SHOWN = "evidence views"


class EvidenceDirective(SphinxDirective):
    """A view of all study records."""

    required_arguments = 1
    has_content = True  # the caption of the map

    def run(self) -> list[nodes.Node]:
        kind = self.arguments[0]
        self.env.metadata[self.env.docname].setdefault(SHOWN, []).append(kind)
        if kind == COMPARED:
            selection = selection_of(" ".join(self.content), self.env, self.lineno)
            return [evidence_view(kind=kind, selection=selection)] if selection else []
        if kind not in VIEWS:
            problem = (
                f"evidence cannot show {kind!r}; write one of: {', '.join([*VIEWS, COMPARED])}"
            )
            warn_here(self.env, self.lineno, problem, "evidence", "view")
            return []
        if self.content and kind != "map":
            problem = f"words in the block of {kind!r} are not shown; write them above or below it"
            warn_here(self.env, self.lineno, problem, "evidence", "view")
        return [evidence_view("", *self.parse_content_to_nodes(), kind=kind)]


class ShowEvidence(SphinxPostTransform):
    """Fill in the views and the drawings."""

    builder: ClassVar[Builder]  #: The builder at work: transforms are not told which it is.
    default_priority = 20  # after links are resolved (10), and before Furo wraps tables (500)

    def run(self, **_kwargs: object) -> None:
        for place in list(self.document.findall(evidence_view)):
            site = site_of(self.env, self.builder)
            found: Sequence[nodes.Node | Drawing]
            if "selection" in place:
                found = tables.compared(site, place["selection"])
            elif "drawing" in place:
                found = [place["drawing"]]
            else:
                found = VIEWS[place["kind"]](site)
            shown = [
                figure(site, part, place) if isinstance(part, Drawing) else part for part in found
            ]
            place.replace_self(shown or [nodes.paragraph("", "There is nothing yet.")])


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return whether there is a feed, and for a page with a view all that it may show."""
    feed = "feed" if StudiesDomain.of(env).studies else ""
    if SHOWN not in env.metadata.get(docname, {}):
        return feed
    digests = ReferencesDomain.of(env).digests
    site = site_of(env, app.builder)
    search = read_settings(Search, "search", env.config)
    papers = [(digests[paper.record.key], paper.record.options, paper[2:]) for paper in site.papers]
    edition = (edition_of(env), history_of(env), env.config.evidence_licence, env.config.copyright)
    return feed + repr((papers, search, site.vocabulary, edition))


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the data and the feed beside the pages; without papers there are none."""
    if exception is not None or app.builder.name not in WEB:
        return
    site = site_of(app.env, app.builder)
    written = {name: contents for name, (_, contents) in FILES.items()}
    for name, contents in (written | {SCRIPT: as_script, FEED: as_atom}).items():
        path = Path(app.outdir, name)
        if site.papers:
            path.write_text(contents(site), "utf-8", newline="")
        else:
            path.unlink(missing_ok=True)


def name_feed(
    app: Sphinx, _name: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Name the feed in the head of each page."""
    if StudiesDomain.of(app.env).studies and app.builder.name in WEB:
        href = context["pathto"](FEED, 1)
        kind = 'rel="alternate" type="application/atom+xml" title="New and changed"'
        context["metatags"] = f'{context.get("metatags", "")}<link {kind} href="{href}">'


def for_machines(app: Sphinx, pagename: str) -> list[Thing]:
    """Return the papers for the page with the table of them, and the data for the page that offers them."""
    site = site_of(app.env, app.builder)
    papers = papers_as_things(site) if shows("table")(app, pagename) else []
    return papers + [as_dataset(site)] * shows("downloads")(app, pagename)


def check_history(app: Sphinx) -> None:
    """Warn of a history that cannot be read."""
    name = app.config.evidence_edition
    try:
        if name:
            read_history(app.srcdir / name)
    except ValueError as error:
        message = str(error).removeprefix(f"{name}: ")
        warn_of([Finding(name, 1, "", "edition", message)], "evidence")


def note_builder(app: Sphinx) -> None:
    """Tell the transform which builder is at work."""
    ShowEvidence.builder = app.builder


def shows(kind: str) -> Callable[[Sphinx, str], bool]:
    """Return a function that says whether a page shows the view *kind*."""
    return lambda app, pagename: kind in app.env.metadata.get(pagename, {}).get(SHOWN, ())


def has_sheet(app: Sphinx, pagename: str) -> bool:
    """Return whether *pagename* has boxes to tick."""
    metadata = app.env.metadata.get(pagename, {})
    return SHEET in metadata or "sheet" in metadata.get(SHOWN, ())


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directives, their node, the transform and the handlers."""
    app.setup_extension("studies")
    app.setup_extension("notice")
    app.setup_extension("due")
    app.setup_extension("imprint")
    add_settings(app, Search, "search")
    # What the feed says of every summary; empty when nothing is said.
    app.add_config_value("evidence_remark", "", "env", str)
    # Under which licence the data are, if it is not that of the site.
    app.add_config_value("evidence_licence", "", "env", str)
    # The file with the last edition and what had changed up to it; without one no field is told.
    app.add_config_value("evidence_edition", "", "env", str)
    app.add_node(evidence_view)
    app.add_directive("evidence", EvidenceDirective)
    app.add_directive("mechanism", MechanismDirective)
    app.add_directive("questions", QuestionsDirective)
    app.add_post_transform(ShowEvidence)
    app.add_latex_package("tikz")
    app.add_latex_package("accsupp")  # what a drawing says, for a reader that speaks
    app.connect("builder-inited", note_builder)
    app.connect("builder-inited", check_history)
    app.connect("page-fingerprint", what_a_page_shows)
    app.connect("html-page-context", name_feed)
    app.connect("linked-data", for_machines)
    app.connect("build-finished", write_files)
    folder = Path(__file__).parent / "static"
    add_script(app, folder, "evidence-table.js", shows("table"))
    add_script(app, folder, "changes.js", shows("changes"))
    add_script(app, folder, "sheet.js", has_sheet)
    return EXTENSION | {"env_version": 3}
