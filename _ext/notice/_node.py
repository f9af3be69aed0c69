"""The node of the medication safety notice, and what HTML, LaTeX and plain text make of it.

It is a warning with another name, so every other writer shows it as its strongest admonition.
"""

from typing import Any

from docutils import nodes
from sphinx.locale import admonitionlabels
from sphinx.util.texescape import escape
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.latex import LaTeXTranslator
from sphinx.writers.text import MAXWIDTH, TextTranslator

TITLE_ID = "medication-safety-title"
#: Where LaTeX shows the notice: at the foot of the title page, and one line on each sheet.
LATEX = r"""
\newcommand{\medicationsafetynotice}{%%
%(notice)s}
\newcommand{\medicationsafetyline}{%(line)s}
\AddToHook{env/titlepage/end}{\medicationsafetynotice}
\AddToHook{shipout/foreground}{%%
  \put(0pt,\dimexpr 9mm-\paperheight\relax){%%
    \makebox[\paperwidth]{\normalfont\sffamily\bfseries\footnotesize\color{black}\medicationsafetyline}}}
"""


class medication_safety_notice(nodes.warning):  # noqa: N801  docutils names nodes in lower case
    """The notice: a warning, so that every writer already knows it; three need more."""

    tagname = "warning"


def visit_html(self: HTML5Translator, node: medication_safety_notice) -> None:
    """Open a note region named by its visible title.

    Not an ``aside`` or ``alert``: the notice is part of the page and there from the start
    (WAI-ARIA 1.2, role ``note``).
    """
    role = {"CLASS": "admonition warning", "role": "note", "aria-labelledby": TITLE_ID}
    self.body.append(self.starttag(node, "div", "\n", False, **role))
    title = self.starttag(nodes.title(), "p", "", CLASS="admonition-title", ids=[TITLE_ID])
    self.body.append(f"{title}{admonitionlabels['warning']}</p>\n")


def depart_html(self: HTML5Translator, node: medication_safety_notice) -> None:
    self.body.append("</div>\n")


def visit_latex(self: LaTeXTranslator, node: medication_safety_notice) -> None:
    """Collect the box apart from the text around it."""
    self.pushbody([])
    self.visit_warning(node)


def depart_latex(self: LaTeXTranslator, node: medication_safety_notice) -> None:
    """Move the box to the title page, and its first paragraph to the foot of every sheet."""
    self.depart_warning(node)
    line = f"{admonitionlabels['warning']}: {node[0].astext()}".replace("\n", " ")
    self.elements["preamble"] += LATEX % {
        "notice": "".join(self.popbody()),
        "line": escape(line, self.config.latex_engine),
    }


def visit_text(self: TextTranslator, node: medication_safety_notice) -> None:
    """Keep the paragraphs apart, which Sphinx's text writer joins in an admonition, between two lines."""
    node.children = [nodes.compound("", *node.children)]
    line(self)
    self.visit_warning(node)


def depart_text(self: TextTranslator, node: medication_safety_notice) -> None:
    self.depart_warning(node)
    line(self)


def line(self: TextTranslator) -> None:
    """Draw a line from edge to edge."""
    self.new_state(0)
    self.add_text("=" * MAXWIDTH)
    self.end_state(wrap=False)


VISITORS: Any = {
    "html": (visit_html, depart_html),
    "latex": (visit_latex, depart_latex),
    "text": (visit_text, depart_text),
}
