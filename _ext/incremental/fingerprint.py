"""What each page shows beside its own source, as one digest."""

from collections.abc import Iterator

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from incremental.domain import IncrementalDomain, digest


def contents(env: BuildEnvironment, docname: str) -> dict[str, str]:
    """Return what the toctrees on *docname* show: the headings of the pages below it."""
    below: dict[str, str] = {}
    waiting = list(env.toctree_includes.get(docname, ()))
    while waiting:
        name = waiting.pop()
        if name not in below and name in env.tocs:
            below[name] = str(env.tocs[name])
            waiting += env.toctree_includes.get(name, ())
    return below


def targets(env: BuildEnvironment, docname: str) -> Iterator[object]:
    """Yield what the links of *docname* lead to, as far as their text and address depend on it.

    Followed are links to pages and to labels, of Sphinx and of MyST-Parser; a site that documents
    code would have to add the objects of its domains.
    """
    standard = env.domains.standard_domain
    for link in IncrementalDomain.of(env).links.get(docname, ()):
        _, _, target, anchor = link
        page = env.titles.get(target.lstrip("/"))
        # What MyST-Parser makes of headings (myst_heading_anchors); it has no other way to ask for it.
        slugs = env.metadata.get(target, {}).get("myst_slugs", {})
        yield link, page.astext() if page else None, dict(slugs or {}).get(anchor)
        for name in (target.lower(), anchor):
            yield standard.labels.get(name), standard.anonlabels.get(name)


def shown(app: Sphinx, env: BuildEnvironment) -> dict[str, str]:
    """Return a digest of what each page shows beside its own source."""
    navigation, relations = "", {}
    if app.builder.format == "html":
        titles = sorted((docname, title.astext()) for docname, title in env.titles.items())
        navigation = digest(titles, sorted(env.toctree_includes.items()), env.config.root_doc)
        relations = env.collect_relations()
    return {
        docname: digest(
            navigation,
            relations.get(docname),
            IncrementalDomain.of(env).content.get(docname),
            contents(env, docname),
            list(targets(env, docname)),
            app.emit("page-fingerprint", env, docname),
        )
        for docname in env.found_docs
    }
