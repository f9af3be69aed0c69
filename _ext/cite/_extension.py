"""The link at each reference, the page that it leads to, and the files with all references."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from docutils import nodes
from docutils.frontend import get_default_settings
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util.docutils import SphinxDirective, new_document
from sphinx.util.osutil import relative_uri
from sphinx.util.typing import ExtensionMetadata, OptionSpec
from sphinx.writers.html import HTMLWriter

from bibcheck.domain import BibCheckDomain
from cite.coins import as_coins
from cite.csl import item_of
from cite.ris import as_ris
from common.scripts import add_script
from common.store import EXTENSION, warn_here
from common.text import sentence
from imprint.site import home
from incremental import digest, is_written, keep_pieces, page_of, pieces_before
from references.domain import ReferencesDomain, anchor
from references.nlm_style import caveat
from studies.domain import StudiesDomain

#: The builders of sites with pages that have no source: not that of a single page.
SITES = frozenset({"html", "dirhtml"})
#: The name of the page, with which its anchors begin; no page of a site may be called so.
PAGE = "cite"
#: The files with all references by the name of their format, at the root of the site.
FILES = {"BibTeX": "references.bib", "RIS": "references.ris", "CSL-JSON": "references.json"}


class citation_files(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """Where a page offers the files, below the words that it holds."""


class CitationFilesDirective(SphinxDirective):
    """Offer the files with all references below the words that it holds; in books nothing is shown."""

    has_content = True
    option_spec: ClassVar[OptionSpec] = {}

    def run(self) -> list[nodes.Node]:
        return [citation_files("", *self.parse_content_to_nodes())]


def place_links(app: Sphinx, document: nodes.document, docname: str) -> None:
    """Put the link "Cite" at each reference on *docname*, and the files where they are offered."""
    places = list(document.findall(citation_files))
    if app.builder.name not in SITES:
        for place in places:
            place.parent.remove(place)
        return
    page, here = app.builder.get_relative_uri(docname, PAGE), app.builder.get_target_uri(docname)
    for place in places:
        offered = [link(name, relative_uri(here, file)) for name, file in FILES.items()]
        offered.append(link("Each of them to copy", page))
        items = [nodes.list_item("", nodes.paragraph("", "", found)) for found in offered]
        place.replace_self([*place.children, nodes.bullet_list("", *items)])
    for paragraph in document.findall(nodes.paragraph):
        if key := paragraph.get("key"):
            cite = link("Cite", f"{page}#{anchor(key, PAGE)}")
            cite["classes"].append("cite")
            paragraph += [nodes.Text(" "), cite]


def link(words: str, uri: str) -> nodes.reference:
    """Return a link with *words* to *uri*, inside the site."""
    return nodes.reference("", words, refuri=uri, internal=True)


def page_of_references(app: Sphinx) -> list[tuple[str, dict[str, Any], str]]:
    """Return the page with each reference and write the files, unless they are there and the same."""
    builder, domain = app.builder, ReferencesDomain.of(app.env)
    if not isinstance(builder, StandaloneHTMLBuilder) or builder.name not in SITES:
        return []
    paths = [Path(app.confdir, name) for name in app.config.bibtex_bibfiles]
    source = b"\n".join(path.read_bytes() for path in paths)
    told = {key: known.status for key, known in domain.notices.items()}
    records = [study.record for study in StudiesDomain.of(app.env).all]
    told |= {record.key: record.notice for record in records if record.notice}
    remarks = {key: f"Publication status: {status}." for key, status in told.items()}
    places = {key: domain.place_of(key) for key in domain.labels}
    compared = {key: domain.compared(key) for key in places}
    files = [page_of(builder, PAGE), *FILES.values()]
    if is_written(app, PAGE, source, remarks, places, compared, files=files):
        return []
    references = in_each_form(app, builder, remarks)
    ris = "\n".join(one["ris"] for one in references).replace("\n", "\r\n")
    data = ",\n".join(one["csl"] for one in references).join(("[\n", "\n]\n"))
    contents = (source, ris.encode(), data.encode())
    for name, content in zip(FILES.values(), contents, strict=True):
        Path(app.outdir, name).write_bytes(content)
    description = "Each reference of this site to copy: as text, as BibTeX and as RIS; and all of them as files."
    context = {
        "title": "Cite a reference",
        "metatags": f'<meta content="{description}" name="description">',
        "references": references,
        "files": FILES,
    }
    return [(PAGE, context, "cite.html")]


def in_each_form(
    app: Sphinx, builder: StandaloneHTMLBuilder, remarks: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Return what the page shows of each reference; those that show the same as before are not made anew."""
    domain, sources = ReferencesDomain.of(app.env), BibCheckDomain.of(app.env).data["sources"]
    # One for all of them: to make it takes longer than to write a reference.
    visitor: Any = builder.create_translator(
        new_document("", get_default_settings(HTMLWriter)), builder
    )
    before, now = pieces_before(app, PAGE), {}
    for key in domain.in_order:
        remark, place = remarks.get(key, ""), domain.place_of(key)
        doubt = caveat(domain.entries[key])
        doubt = sentence(f"Not yet verified: {doubt}") if doubt else ""
        shown = {
            "anchor": anchor(key, PAGE),
            "label": domain.labels[key],
            "remarks": [remark, doubt, domain.compared(key)],
            "source": sources[key],
            "address": address_of(builder, *place) if place else "",
        }
        name = digest(domain.digests[key], shown)
        if name not in before:
            start = len(visitor.body)
            nodes.inline("", "", *domain.text_of(key)).walkabout(visitor)
            item = item_of(domain.entries[key], remark)
            before[name] = shown | {
                "text": "".join(visitor.body[start:]),
                "ris": as_ris([item]).replace("\r\n", "\n"),
                "csl": json.dumps(item, ensure_ascii=False, indent=1),
                "coins": as_coins(item),
            }
        now[name] = before[name]
    keep_pieces(app, PAGE, now)
    return [*now.values()]


def address_of(builder: Builder, docname: str, place: str) -> str:
    """Return where the anchor *place* of *docname* is: absolute when the site has an address, else from the page."""
    base = home(builder.config)
    page = builder.get_target_uri(docname) if base else builder.get_relative_uri(PAGE, docname)
    return f"{base}{page}#{place}"


def check_name(app: Sphinx, docname: str, _source: list[str]) -> None:
    """Report a page of the site that has the name of the page with all references."""
    if docname == PAGE:
        message = "the build makes a page of this name; give this one another name"
        warn_here(app.env, 1, message, PAGE, "name")


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive, its node and the handlers."""
    for room in ("incremental", "references", "studies"):
        app.setup_extension(room)
    # From the folder of the settings, so that it is the same everywhere.
    templates = os.path.relpath(Path(__file__).parent / "templates", app.confdir)
    app.config.templates_path = [*app.config.templates_path, templates]
    app.add_node(citation_files)
    app.add_directive("citation-files", CitationFilesDirective)
    app.connect("source-read", check_name)
    app.connect("doctree-resolved", place_links)
    # Before `incremental` deletes what is left.
    app.connect("html-collect-pages", page_of_references, priority=400)
    add_script(app, __file__, "cite.js", lambda _app, pagename: pagename == PAGE)
    return EXTENSION | {"env_version": 1}
