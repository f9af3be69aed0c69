"""The directive that shows the records."""

from collections.abc import Callable, Sequence
from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from common.scripts import add_script
from common.settings import add_settings, read_settings
from common.store import EXTENSION, warn_here
from dataset.feed import history_of
from dataset.linked import as_dataset, as_thing
from dataset.papers import site_of
from evidence import mechanism, tables
from evidence.drawings import Drawing
from evidence.views import BOX, COMPARED, VIEWS, evidence_view, figure
from imprint.tags import Thing
from references.domain import ReferencesDomain
from studies.domain import StudiesDomain, selection_of
from studies.search import Search

#: Which views a page shows, and whether it has boxes, among its metadata; no front matter is called so.
SHOWN, SHEET = "evidence views", "evidence sheet"


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
            known = ", ".join([*VIEWS, COMPARED])
            problem = f"evidence cannot show {kind!r}; write one of: {known}"
            warn_here(self.env, self.lineno, problem, "evidence", "view")
            return []
        if self.content and kind != "map":
            problem = f"words in the block of {kind!r} are not shown; write them above or below it"
            warn_here(self.env, self.lineno, problem, "evidence", "view")
        return [evidence_view("", *self.parse_content_to_nodes(), kind=kind)]


class QuestionsDirective(SphinxDirective):
    """A list, each item with a box before it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
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
            elif "links" in place:
                found = [mechanism.drawing_of(place["boxes"], place["links"])]
            else:
                found = VIEWS[place["kind"]](site)
            shown = [figure(site, it, place) if isinstance(it, Drawing) else it for it in found]
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
    edition = (env.config.release, site.date, site.licence, history_of(env))
    return feed + repr((papers, search, site.vocabulary, edition))


def for_machines(app: Sphinx, pagename: str) -> list[Thing]:
    """Return the papers for the page with the table of them, and the data for the page that offers them."""
    site = site_of(app.env, app.builder)
    papers = site.papers if shows("table")(app, pagename) else []
    data = [as_dataset(site)] * shows("downloads")(app, pagename)
    return [*(as_thing(paper, site) for paper in papers), *data]


def note_builder(app: Sphinx) -> None:
    """Tell the transform which builder is at work."""
    ShowEvidence.builder = app.builder


def shows(kind: str) -> Callable[[Sphinx, str], bool]:
    """Return a function that says whether a page shows the view *kind*."""
    return lambda app, pagename: kind in app.env.metadata.get(pagename, {}).get(SHOWN, ())


def has_sheet(app: Sphinx, pagename: str) -> bool:
    """Return whether *pagename* has boxes to tick."""
    return SHEET in app.env.metadata.get(pagename, {}) or shows("sheet")(app, pagename)


def setup(app: Sphinx) -> ExtensionMetadata:
    for room in ("studies", "notice", "due", "dataset"):
        app.setup_extension(room)
    add_settings(app, Search, "search")
    app.add_node(evidence_view)
    app.add_directive("evidence", EvidenceDirective)
    app.add_directive("mechanism", mechanism.MechanismDirective)
    app.add_directive("questions", QuestionsDirective)
    app.add_post_transform(ShowEvidence)
    app.add_latex_package("tikz")
    app.add_latex_package("accsupp")  # what a drawing says, for a reader that speaks
    app.connect("builder-inited", note_builder)
    app.connect("page-fingerprint", what_a_page_shows)
    app.connect("linked-data", for_machines)
    add_script(app, __file__, "evidence-table.js", shows("table"))
    add_script(app, __file__, "changes.js", shows("changes"))
    add_script(app, __file__, "sheet.js", has_sheet)
    return EXTENSION | {"env_version": 4}
