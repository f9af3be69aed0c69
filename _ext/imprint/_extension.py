"""The head and the foot of pages, the files beside them, and the directive that says how to cite."""

import re
from html import escape, unescape
from pathlib import Path
from typing import Any

from docutils import nodes
from jinja2.filters import do_striptags
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from common.scripts import WEB, add_script
from common.settings import add_settings
from common.store import EXTENSION
from imprint.repository import links, repository
from imprint.site import Imprint, citation, home, imprint_of
from imprint.tags import ROBOTS, metas, script, sitemap, thing

#: Which pages say how to cite, among their metadata; no front matter is called so.
CITED = "how to cite"
#: docutils and themes write it, each; one is enough.
VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\s*')
#: How docutils writes what the front matter of a page says of it.
DESCRIPTION = re.compile(r'<meta content="([^"]*)" name="description"')
#: What a page says to its readers of the day on which the whole of it was reviewed.
REVIEWED = re.compile(r"\bLast reviewed: (\d{4}-\d\d-\d\d)\b")


# -- How to cite the site --------------------------------------------------------------------------
class site_citation(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """The place of the words by which the site is cited."""


class HowToCite(SphinxDirective):
    """How the site is cited, with its version and the day of the build."""

    def run(self) -> list[nodes.Node]:
        self.env.metadata[self.env.docname][CITED] = True
        return [site_citation()]


class ShowCitation(SphinxPostTransform):
    """Fill in how the site is cited: the day is that of the build, and not of the reading."""

    default_priority = 20

    def run(self, **_kwargs: object) -> None:
        for place in list(self.document.findall(site_citation)):
            before, title, after, address = citation(self.config)
            words = nodes.paragraph("", before, nodes.emphasis("", title), nodes.Text(after))
            if address:
                words += nodes.reference("", address, refuri=address)
            place.replace_self(nodes.block_quote("", words, classes=["site-citation"]))


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return how the site is cited, where a page says it."""
    return repr(citation(env.config)) if CITED in env.metadata.get(docname, {}) else ""


# -- The head and the foot of a page ---------------------------------------------------------------
def describe(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    document: nodes.document | None,
) -> None:
    """Say in the head of a page what it is, and at its foot where its source is."""
    if app.builder.name not in WEB:
        return
    config, site = app.config, imprint_of(app.config)
    whole = context["docstitle"] or config.project
    title = do_striptags(context.get("title", ""))  # the page of the search has none here
    title = whole if pagename == config.root_doc or not title else title
    about = unescape("".join(DESCRIPTION.findall(context.get("metatags") or "")[:1]))
    address = context.get("pageurl") or ""
    card = home(config) + site.card if site.card and address else ""
    size = {"og:image:width": 1200, "og:image:height": 630, "og:image:alt": site.card_words(whole)}
    shared = {
        "og:title": title,
        "og:type": "website",
        "og:site_name": whole,
        "og:description": about,
        "og:url": address,
        "og:image": card,
        **(size if card else {}),
    }
    # No other site is told which page a reader came from.
    named = {"referrer": "no-referrer", "twitter:card": "summary_large_image" if card else ""}
    context["metatags"] = VIEWPORT.sub("", context.get("metatags") or "")
    context["metatags"] += metas(shared, "property") + metas(named)
    if document:
        page = thing(
            site.page_type,
            name=title,
            description=about,
            url=address,
            inLanguage=config.language,
            lastReviewed="".join(REVIEWED.findall(document.astext())[:1]),
            creativeWorkStatus=site.status,
            license=site.licence,
            isPartOf=thing(
                "WebSite",
                name=site.title or config.project,
                url=home(config),
                version=config.release,
                author=thing("Organization", name=config.author),
            ),
        )
        added = [one for found in app.emit("linked-data", pagename) for one in found]
        context["metatags"] += script([page, *added])
        file = app.env.doc2path(pagename, base=False).as_posix()
        found = links(site.repository, site.revision, file, title, address or file)
        words = " · ".join(f'<a href="{escape(link)}">{word}</a>' for word, link in found.items())
        context["body"] += f'<p class="source-links">{words}</p>' * bool(words)


def can_report(app: Sphinx, pagename: str) -> bool:
    """Return whether *pagename* has a report to fill in."""
    known = repository(imprint_of(app.config).repository)
    return known is not None and bool(known[1][0]) and pagename in app.env.found_docs


def write_files(app: Sphinx, exception: Exception | None) -> None:
    """Write the list of pages for search engines, and what leads to it; without an address there is none."""
    if exception is not None or app.builder.name not in WEB:
        return
    base, out = home(app.config), Path(app.outdir)
    pages = {app.builder.get_target_uri(name).partition("#")[0] for name in app.env.found_docs}
    written = sitemap(base + page for page in sorted(pages))
    for name, text in (("sitemap.xml", written), ("robots.txt", ROBOTS.format(base))):
        if base:
            (out / name).write_text(text, "utf-8")
        else:
            (out / name).unlink(missing_ok=True)


def register(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("incremental")
    add_settings(app, Imprint, "imprint")
    app.add_event("linked-data")
    app.add_node(site_citation)
    app.add_directive("how-to-cite", HowToCite)
    app.add_post_transform(ShowCitation)
    app.connect("page-fingerprint", what_a_page_shows)
    # After handlers that add to the head, and before `chapters` (900) mends links.
    app.connect("html-page-context", describe, priority=600)
    app.connect("build-finished", write_files)
    add_script(app, __file__, "report.js", can_report)
    return EXTENSION | {"env_version": 1}
