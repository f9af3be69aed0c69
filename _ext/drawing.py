"""Drawings as SVG that follows the theme of the page, and as PDF for print.

matplotlib draws; this module gives it fixed settings, so that the same data give the same bytes, and
turns the colours of the SVG into those of the page.
"""

from __future__ import annotations

import io
import re
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib as mpl

mpl.use("svg")  # no window; before pyplot would choose one

from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Callable

#: The width of a drawing in points: that of a phone, so that words are not smaller there.
WIDTH = 350
INK, ACCENT, FAINT = "#14171c", "#1f5fbf", "#9aa3ad"
#: The background of a drawing in a file; a page shows its own.
PAPER = "#fffffe"
#: What the page has for each colour; the theme decides.
THEME = {
    INK: "currentColor",
    ACCENT: "var(--color-brand-primary, #1f5fbf)",
    FAINT: "var(--color-foreground-muted, #6b7280)",
}
SETTINGS: Any = {  # the type of matplotlib is a list of all its settings
    "figure.facecolor": PAPER,
    "savefig.facecolor": PAPER,
    "axes.facecolor": "none",
    "svg.fonttype": "none",  # words stay words: they can be searched, copied and enlarged
    "svg.hashsalt": "research-citations",
    "pdf.fonttype": 42,
    "font.family": "sans-serif",
    "font.size": 11,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is a dollar sign
}


def draw(height: float, paint: Callable[[Figure], None], file_format: str) -> bytes:
    """Return what *paint* draws on a figure of *height* points, as ``svg`` or ``pdf``."""
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(WIDTH / 72, height / 72))
        paint(figure)
        out = io.BytesIO()
        dates = {"Date": None} if file_format == "svg" else {"CreationDate": None}
        figure.savefig(out, format=file_format, metadata=dates)
    return out.getvalue()


def themed(svg: bytes, name: str, title: str, words: str) -> str:
    """Return *svg* for a page: with the colours of the theme, and *title* and *words* for who cannot see.

    *name* stands before each id, because a page may hold several drawings.
    """
    text = svg.decode()
    text = text[text.index("<svg") :].replace(PAPER, "none")
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = re.sub(r'\b(id=")|(="#)|(url\(#)', lambda found: f"{found[0]}{name}-", text)
    for colour, variable in THEME.items():
        text = text.replace(colour, variable)
    text = re.sub(r"font-family: [^;\"]*", "font-family: inherit", text)
    text = text.replace(">*{", ">.drawing *{")  # a style in a page holds for all of it
    head = (
        f'<svg class="drawing" role="img" aria-labelledby="{name}-title {name}-words"'
        ' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    )
    box = re.search(r'viewBox="[^"]*"', text)
    inner = text[text.index(">") + 1 :]
    return (
        f"{head} {box[0] if box else ''}>"
        f'<title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(words)}</desc>{inner}'
    )
