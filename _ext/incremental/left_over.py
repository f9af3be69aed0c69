"""Files in the output folder that no page has any more: Sphinx leaves them, and EPUB packs them."""

import contextlib
import posixpath
import shutil
from collections.abc import Iterable
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.builders import Builder
from sphinx.builders.html import StandaloneHTMLBuilder

from incremental.domain import IncrementalDomain, digest


def files_of(app: Sphinx, docname: str, doctree: nodes.document | None = None) -> list[str]:
    """Return the files of *docname*: page and source, and the images and downloads in *doctree*."""
    builder, env = app.builder, app.env
    source = f"_sources/{env.doc2path(docname, base=False)}"
    found = {page_of(builder, docname), source, source + app.config.html_sourcelink_suffix}
    for image in doctree.findall(nodes.image) if doctree else ():
        for uri in {image["uri"], *image.get("candidates", {}).values()} & env.images.keys():
            found.add(posixpath.join(builder.imagedir, env.images[uri][1]))
    for download in doctree.findall(addnodes.download_reference) if doctree else ():
        found.add(f"_downloads/{download.get('filename')}")
    return sorted(found)


def page_of(builder: Builder, docname: str) -> str:
    """Return where *builder* writes the page *docname* in its folder, if it writes one."""
    if isinstance(builder, StandaloneHTMLBuilder):
        return builder.get_output_path(docname).relative_to(builder.outdir).as_posix()
    return docname + getattr(builder, "out_suffix", "")


def is_written(app: Sphinx, name: str, *shown: object, files: Iterable[str]) -> bool:
    """Return whether *files* that have no source, together called *name*, are there and show *shown* already.

    They are kept. Files that show something else than *shown*, as titles or the theme, show what every
    page does: then all pages are written, and so are they.
    To be asked before what is left is deleted, for ``html-collect-pages`` at the latest.
    """
    domain = IncrementalDomain.of(app.env)
    now, found = digest(*shown), [*files]
    before, _ = domain.before.get(name, ("", []))
    domain.written[name] = (now, found)
    there = all(Path(app.outdir, file).is_file() for file in found)
    return there and before == now and not domain.is_all_new


def delete_what_is_left(app: Sphinx, *_exception: object) -> tuple[()]:
    """Delete the files of earlier builds that no page has any more.

    A page that is written without a source may be deleted here before it is written again.
    """
    domain, folder = IncrementalDomain.of(app.env), Path(app.outdir)
    kept = {name for _, files in domain.written.values() for name in files}
    for name in {name for _, files in domain.before.values() for name in files} - kept:
        (folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something else is there
            (folder / name).parent.rmdir()
    return ()


def drop_other_settings(app: Sphinx, _builder: Builder) -> None:
    """Delete what Sphinx keeps of other settings, and the static files of them: EPUB packs both."""
    if (kept := Path(app.outdir, ".buildinfo.bak")).is_file():
        shutil.rmtree(Path(app.outdir, "_static"), ignore_errors=True)
        kept.unlink()
