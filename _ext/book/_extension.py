"""The style of the book, and what its cover says."""

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.builders.latex import LaTeXBuilder
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.texescape import escape
from sphinx.util.typing import ExtensionMetadata

from book._front import Cover, FrontMatter, depart_within, section_of, visit_within, within
from book._looks import Looks, Signs
from book._pages import PageNumbers, on_page, visit_on_page
from common.settings import add_settings, read_settings
from common.store import EXTENSION
from imprint.site import citation

logger = logging.getLogger(__name__)

STYLE = Path(__file__).with_name("book.sty")
#: What the style does in place of Sphinx: it chooses the type, and the contents follow the summary.
REPLACED = {"fontpkg": "", "fncychap": "", "tableofcontents": ""}


def add_style(_app: Sphinx, config: Config) -> None:
    """Load ``book.sty`` after what Sphinx loads, and before the preamble of ``conf.py``."""
    elements = config.latex_elements
    preamble = rf"\usepackage{{{STYLE.stem}}}" + elements.get("preamble", "")
    config.latex_elements = {**REPLACED, **elements, "preamble": preamble}
    config.latex_additional_files = [*config.latex_additional_files, str(STYLE)]


def add_cover(app: Sphinx, env: BuildEnvironment) -> None:
    """Define what the cover says, with links to what is urgent, and how the book is cited."""
    if not isinstance(app.builder, LaTeXBuilder):
        return
    cover, engine = read_settings(Cover, "book", env.config), env.config.latex_engine
    for setting, label in (("summary", cover.summary), *(("urgent", one) for one in cover.urgent)):
        if label and not section_of(env, label)[0]:
            problem = "conf.py: book_%s: no section has the label %r; write one that a page has"
            logger.warning(problem, setting, label, type="book", subtype="label")
    said = {"about": cover.about, "readers": cover.readers, "reviewed": cover.reviewed}
    said["copyright"] = env.config.copyright
    texts = {name: escape(text, engine) for name, text in said.items()}
    texts["urgent"] = ""
    for label in cover.urgent:
        docname, anchor, title = section_of(env, label)
        place = rf"\detokenize{{{docname}:{anchor}}}"
        texts["urgent"] += rf"\urgent{{{escape(title, engine)}}}{{{place}}}" if docname else ""
    before, title, after, address = (escape(part, engine) for part in citation(env.config))
    linked = address.replace(r"\sphinxhyphen{}", "-").replace(r"\textasciitilde{}", "~")
    link = rf"\href{{{linked}}}{{{address}}}" if address else ""
    texts["citation"] = rf"{before}\emph{{{title}}}{after}{link}"
    app.builder.context["preamble"] += "".join(
        rf"\newcommand*{{\book{name}}}{{{text}}}" for name, text in texts.items()
    )


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("imprint")
    add_settings(app, Cover, "book")
    app.add_node(within, latex=(visit_within, depart_within))
    app.add_node(on_page, latex=(visit_on_page, None))
    for transform in (FrontMatter, PageNumbers, Looks, Signs):
        app.add_post_transform(transform)
    app.connect("config-inited", add_style)
    app.connect("env-updated", add_cover)  # in every build, also when no page was read
    return EXTENSION
