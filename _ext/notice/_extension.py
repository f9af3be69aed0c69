"""The directive of the notice, its domain, its place on each page, and the checks."""

from pathlib import Path
from typing import Any, TypeGuard, cast

from docutils import nodes
from docutils.frontend import get_default_settings
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.locale import admonitionlabels
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, new_document
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html import HTMLWriter
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.serializinghtml import SerializingHTMLBuilder

from common.scripts import WEB, add_script
from common.store import EXTENSION
from folded import folded
from incremental import forget
from notice._node import VISITORS, medication_safety_notice
from notice.domain import MedicationSafetyDomain
from notice.written import faults

logger = logging.getLogger(__name__)

NAME = "medication-safety"


class MedicationSafetyDirective(SphinxDirective):
    """Hold the text of the notice, in paragraphs; the first one is the line on each PDF page.

    A quotation at its end is detail that opens with a tap on its first paragraph.
    """

    has_content = True

    def run(self) -> list[nodes.Node]:
        self.assert_has_content()
        # Without "no-search", which Sphinx knows, a search for its words would find every page.
        node = medication_safety_notice(classes=[NAME, "no-search"])
        self.set_source_info(node)
        node += self.parse_content_to_nodes()
        parts = list(node)
        if len(node) > 1 and isinstance(detail := node[-1], nodes.block_quote):
            parts[-1:] = opens, *rest = detail.children
            detail.replace_self(folded("", *rest, summary=[("", opens.astext())]))
        for part in parts:
            if not isinstance(part, nodes.paragraph):  # a handout would not have it
                report("the medication safety notice is made of paragraphs only", part)
        return [node]


class PlaceNotice(SphinxPostTransform):
    """Put the notice below the title of the document that is about to be written."""

    # Before the resolvers of links (MyST 9, Sphinx 10): each copy gets its own relative link.
    default_priority = 4

    def run(self, **_kwargs: object) -> None:
        document = self.document
        for original in list(document.findall(medication_safety_notice)):
            original.parent.remove(original)
        unseen = (nodes.Invisible, nodes.PreBibliographic, nodes.docinfo)  # comments, metadata
        first = next((child for child in document if not isinstance(child, unseen)), None)
        for notice in MedicationSafetyDomain.of(self.env).all[:1]:
            copy = notice.deepcopy()
            for xref in copy.findall(addnodes.pending_xref):
                xref["refdoc"] = self.env.docname
            if isinstance(first, nodes.section):
                first.insert(1, copy)  # a section opens with its title
            else:
                document.insert(0, copy)


def report(problem: str, location: nodes.Node | str | None = None) -> None:
    """Warn of *problem* at *location*, a node or a docname; with ``-W`` the build fails."""
    logger.warning(problem, location=location, type=NAME, subtype="notice")


def place_notice_in_what_is_read(app: Sphinx) -> None:
    """Use `PlaceNotice`, but not for translators: they see the notice once, where it was written."""
    if app.builder.name != "gettext":
        app.add_post_transform(PlaceNotice)


def what_every_page_shows(app: Sphinx, env: BuildEnvironment, *_docname: str) -> str:
    """Return the notice with its links, which every page shows."""
    return "".join(node.pformat() for node in MedicationSafetyDomain.of(env).all)


def check_notice(app: Sphinx, env: BuildEnvironment) -> None:
    """Report no notice, more than one, and a notice whose link leads nowhere."""
    domain = MedicationSafetyDomain.of(env)
    domain.sound = len(domain.all) == 1
    if not domain.all:
        problem = "no page holds the notice: write it in a medication-safety directive"
        report(problem, env.config.root_doc)
    for extra in domain.all[1:]:
        report("a second medication safety notice: keep one, delete this", extra)
    if domain.all and not (domain.pages and env.found_docs.issuperset(domain.pages)):
        report("the notice needs a link to a page, and the page has to exist", domain.all[0])
        domain.sound = False
        # In this build the copies carry its words without it, so that nothing reports it again.
        for xref in list(domain.all[0].findall(addnodes.pending_xref)):
            xref.replace_self(xref.children)


def writes_pages(builder: Builder) -> TypeGuard[StandaloneHTMLBuilder]:
    """Return whether *builder* writes pages as a reader gets them, and not as JSON or pickled."""
    is_html = isinstance(builder, StandaloneHTMLBuilder)
    return is_html and not isinstance(builder, SerializingHTMLBuilder)


def give_notice_to_template(
    app: Sphinx, name: str, _template: str, context: dict[str, Any], doctree: object
) -> None:
    """Set ``medication_safety`` for a page without a document, its links as `pathto` makes them.

    Where no template is used, as for JSON, the body of the page gets the notice below its title.
    Not with `StandaloneHTMLBuilder.render_partial`: docutils' transform ``Admonitions`` runs in it
    and knows no other warnings than its own.
    """
    notices, builder = MedicationSafetyDomain.of(app.env).all, app.builder
    if doctree is not None or not notices or not isinstance(builder, StandaloneHTMLBuilder):
        return
    document = new_document("", get_default_settings(HTMLWriter))
    app.env.resolve_references(document, app.config.root_doc, builder)  # runs PlaceNotice
    has_template = writes_pages(builder)
    for link in document.findall(nodes.reference):
        if link.get("internal"):
            to, here = link["refuri"], builder.get_target_uri(name)
            link["refuri"] = context["pathto"](to, 1) if has_template else relative_uri(here, to)
    visitor = cast("HTML5Translator", builder.create_translator(document, builder))
    document.walkabout(visitor)
    context["medication_safety"] = "".join(visitor.fragment)
    if not has_template:
        title, end, text = context.get("body", "").partition("</h1>")
        context["body"] = title + end + context["medication_safety"] + text


def check_written_pages(app: Sphinx, exception: Exception | None) -> None:
    """Count the notice on each page that an HTML or EPUB builder wrote.

    After a fault the next build writes and checks every page again, whether or not it was fixed.
    """
    domain = MedicationSafetyDomain.of(app.env)
    if exception is None and domain.all and writes_pages(app.builder):
        text = str(admonitionlabels["warning"])
        for part in domain.all[0].children:
            if isinstance(part, folded) and app.builder.name in WEB:  # what opens is told before it
                text += "".join(words for _, words in part["summary"])
            text += part.astext()
        encoding = getattr(app.builder, "encoding", "utf-8")  # HTML Help has one for each language
        for page, problem in faults(Path(app.outdir), app.builder.out_suffix, text, encoding):
            domain.sound = False
            report(f"{page}: {problem}")
    if not domain.sound:
        forget(app)


def setup(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("incremental")
    app.setup_extension("folded")
    app.add_node(medication_safety_notice, **VISITORS)
    app.add_directive(NAME, MedicationSafetyDirective)
    app.add_domain(MedicationSafetyDomain)
    app.connect("builder-inited", place_notice_in_what_is_read)
    app.connect("page-fingerprint", what_every_page_shows)
    app.connect("env-check-consistency", check_notice)
    app.connect("html-page-context", give_notice_to_template)
    app.connect("build-finished", check_written_pages)
    # A search result shows a piece of its page: not the notice, which opens every page.
    add_script(app, __file__, "search-summary.js", lambda _app, pagename: pagename == "search")
    return EXTENSION | {"env_version": 3}
