"""The directives, the builder of the handouts, and what a web site offers of them."""

import shutil
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata

from common.findings import Finding
from common.scripts import WEB
from common.settings import add_settings, read_settings
from common.store import EXTENSION, warn_here, warn_of
from handout.domain import HandoutDomain, handout_part
from handout.places import FOLDER, Places
from handout.sheet import Sheet, sheets
from handout.typeset import COMMAND, typeset

logger = logging.getLogger(__name__)

#: The builder, the type of its warnings, and the folder of the handouts in a web site.
NAME = "handout"
FOOT = "foot"
#: Whether a page offers the handouts, among its metadata; no front matter is called so.
OFFERED = "handouts offered"


class HandoutDirective(SphinxDirective):
    """Mark what it holds as a part of the handouts, or of their foot."""

    has_content = True
    optional_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        if wrong := {*self.arguments} - {FOOT}:
            problem = f"no part of a handout is called {wrong.pop()}; write {FOOT}, or nothing"
            warn_here(self.env, self.lineno, problem, NAME, "part")
        mark = handout_part("", *self.parse_content_to_nodes(), foot=FOOT in self.arguments)
        self.set_source_info(mark)
        return [mark]


class handouts(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """Where a web site offers the handouts, with the words that are shown if there are any."""


class HandoutsDirective(SphinxDirective):
    """Offer the handouts below the words that it holds; without handouts nothing is shown."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        self.env.metadata[self.env.docname][OFFERED] = True
        return [handouts("", *self.parse_content_to_nodes())]


def offer(app: Sphinx, document: nodes.document, docname: str) -> None:
    """List the handouts, in a web site that has them."""
    for place in list(document.findall(handouts)):
        here = app.builder.get_target_uri(docname).partition("#")[0]
        rows: dict[str, nodes.paragraph] = {}
        for sheet in at_hand(app.env) if app.builder.name in WEB else ():
            row = rows.setdefault(sheet.place, nodes.paragraph())
            row += [nodes.Text(" · ")] * bool(row.children)
            uri = relative_uri(here, f"{NAME}/{sheet.name}.pdf")
            words = f"{sheet.place}, {sheet.paper}"
            row += nodes.reference("", words, refuri=uri, internal=True)
        items = [nodes.list_item("", row) for row in rows.values()]
        shown = [*place.children, nodes.bullet_list("", *items)] if items else []
        place.parent.replace(place, shown)


class HandoutBuilder(Builder):
    """Write a PDF for each place and size of paper."""

    name = format = NAME
    epilog = "The handouts are in %(outdir)s."
    allow_parallel = True

    def init(self) -> None:
        if not shutil.which(COMMAND[0]):
            # Sphinx shows a traceback of other exceptions.
            message = f"no handout without {COMMAND[0]}; CONTRIBUTING.md says how to install it"
            raise SystemExit(message)

    def get_outdated_docs(self) -> str:
        return "all handouts"

    def get_target_uri(self, docname: str, typ: str | None = None) -> str:
        return ""

    def write_documents(self, _docnames: object) -> None:
        """Write all sheets; pages are not written."""
        folder = Path(self.outdir)
        made = {sheet.name: sheet for sheet in sheets(self.env)}
        for name, sheet in made.items():
            folder.joinpath(f"{name}.tex").write_text(sheet.tex, "utf-8")
        for name, fault in typeset(folder, list(made)).items():
            problem = f"the handout for {made[name].place} on {made[name].paper}: {fault}"
            warn_at_mark(self.env, made[name].docname, problem, "sheet")


def warn_at_mark(env: BuildEnvironment, docname: str, problem: str, subtype: str) -> None:
    """Warn of *problem* at the first mark of the page *docname*."""
    page, line = str(env.doc2path(docname, base=False)), HandoutDomain.of(env).marked[docname].line
    warn_of([Finding(page, line, "", subtype, problem)], NAME)


def at_hand(env: BuildEnvironment) -> Iterator[Sheet]:
    """Yield the handouts that have been made, of the words that the site shows."""
    folder = Path(env.srcdir, FOLDER)
    for sheet in sheets(env) if folder.is_dir() else ():
        pdf, tex = folder / f"{sheet.name}.pdf", folder / f"{sheet.name}.tex"
        if pdf.is_file() and tex.is_file() and tex.read_text("utf-8") == sheet.tex:
            yield sheet
        elif pdf.is_file():
            logger.info("%s was made of other words, and is left out; make it again", pdf)


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return which handouts *docname* offers."""
    offers = OFFERED in env.metadata.get(docname, {}) and app.builder.name in WEB
    return repr([sheet.name for sheet in at_hand(env)]) if offers else ""


def check_places(app: Sphinx, env: BuildEnvironment) -> None:
    """Report places of which no page says anything, and marks on a second page, in every build."""
    places = read_settings(Places, NAME, app.config)
    marked = HandoutDomain.of(env).marked
    first, *others = sorted(marked) or [""]
    for fault in places.without_lines(marked[first].lines if first else {}):
        warn_of([Finding("conf.py", 1, "", "place", f"handout_places: {fault}")], NAME)
    for name in others:
        problem = f"handouts are made of one page, and that is {first}; take the marks off here"
        warn_at_mark(env, name, problem, "part")


def publish(app: Sphinx, exception: Exception | None) -> None:
    """Put the handouts into a web site that offers them, and take out those of other words."""
    offers = any(OFFERED in metadata for metadata in app.env.metadata.values())
    if exception or app.builder.name not in WEB or not offers:
        return
    folder = Path(app.outdir, NAME)
    for old in folder.glob("*.pdf"):
        old.unlink()
    for sheet in at_hand(app.env):
        folder.mkdir(exist_ok=True)
        shutil.copy(Path(app.srcdir, FOLDER, f"{sheet.name}.pdf"), folder)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("incremental")
    app.setup_extension("notice")
    add_settings(app, Places, NAME)
    app.add_node(handouts)
    app.add_node(handout_part)
    app.add_directive(NAME, HandoutDirective)
    app.add_directive("handouts", HandoutsDirective)
    app.add_domain(HandoutDomain)
    app.add_builder(HandoutBuilder)
    app.connect("env-updated", check_places)
    app.connect("page-fingerprint", what_a_page_shows)
    app.connect("doctree-resolved", offer)
    app.connect("build-finished", publish)
    return EXTENSION | {"env_version": 1}
