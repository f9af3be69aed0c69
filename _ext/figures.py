"""A drawing on a page, as each builder can show it: SVG in the page, a file beside it, or words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from docutils import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.figure import Figure
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment


class Drawing(NamedTuple):
    """What is drawn, and the same in words."""

    #: The name of its file and of its parts.
    name: str
    #: Its height in points.
    height: float
    #: Draws it.
    paint: Callable[[Figure], None]
    #: What it is, and what it shows, for those who cannot see it.
    title: str
    words: str


def figure(
    env: BuildEnvironment,
    builder: Builder,
    docname: str,
    drawing: Drawing,
    caption: Sequence[nodes.Node],
) -> nodes.figure:
    """Return *drawing* with *caption* for the page *docname* that *builder* is about to write."""
    below = nodes.caption("", "", *caption)
    # Sphinx 9 warns of a figure without an anchor.
    return nodes.figure(
        "", shown(env, builder, docname, drawing), below, ids=[f"figure-{drawing.name}"]
    )


def shown(env: BuildEnvironment, builder: Builder, docname: str, drawing: Drawing) -> nodes.Element:
    """Return *drawing* in the form that *builder* can show."""
    # Loading matplotlib takes longer than a build in which nothing changed.
    from drawing import draw, themed  # noqa: PLC0415

    if builder.format == "html" and builder.name != "epub":
        svg = draw(drawing.height, drawing.paint, "svg")
        text = themed(svg, drawing.name, drawing.title, drawing.words)
        return nodes.raw("", text, format="html")
    if builder.format not in {"html", "latex"}:
        return nodes.paragraph("", f"{drawing.title}. {drawing.words}")
    file_format = "pdf" if builder.format == "latex" else "svg"
    path = Path(env.doctreedir, f"{drawing.name}.{file_format}")
    path.write_bytes(draw(drawing.height, drawing.paint, file_format))
    env.images.add_file(docname, str(path))
    alt = f"{drawing.title}. {drawing.words}"
    return nodes.image(uri=str(path), candidates={"*": str(path)}, alt=alt)
