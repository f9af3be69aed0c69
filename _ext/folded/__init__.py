"""A part of a page that opens with a tap: ``details`` in a page for a browser, and shown in all else.

No script is needed: a browser opens it for a tap, for the keyboard, and for what it finds in the page.
The script opens it for a link to the section around it, on paper, and all of a page at once.
"""

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata
from sphinx.writers.html5 import HTML5Translator
from sphinx.writers.manpage import ManualPageTranslator

from common.scripts import WEB, add_script
from common.store import EXTENSION


class folded(nodes.General, nodes.Element):  # noqa: N801  docutils names nodes in lower case
    """What opens, and its *summary*, which is seen while it is closed.

    The summary is a list of pairs of a label, which may be empty, and words; the last pair says what
    opens and stays when the part is open, the others are hidden then.
    """


def visit_html(self: HTML5Translator, node: folded) -> None:
    """Open ``details`` with the summary, in a page for a browser."""
    if self.builder.name not in WEB:
        return
    self.body.append(self.starttag(node, "details", "\n"))
    self.body.append("<summary>")
    *lines, (_, opens) = node["summary"]
    for label, words in lines:
        name = f"<strong>{self.encode(label)}:</strong> " if label else ""
        self.body.append(f'<span class="in-short">{name}{self.encode(words)}</span>\n')
    self.body.append(f'<span class="opens">{self.encode(opens)}</span></summary>\n')


def depart_html(self: HTML5Translator, _node: folded) -> None:
    """Close what `visit_html` opened."""
    if self.builder.name in WEB:
        self.body.append("</details>\n")


def shown(_translator: object, _node: folded) -> None:
    """Add nothing: what is inside is shown."""


def visit_man(self: ManualPageTranslator, _node: folded) -> None:
    """Begin a paragraph, which docutils does not do for the first one in a node."""
    self.body.append("\n.sp\n")


#: Sphinx warns of a writer that is not named here.
VISITORS: Any = {
    "html": (visit_html, depart_html),
    "man": (visit_man, shown),
    **dict.fromkeys(("latex", "text", "texinfo"), (shown, shown)),
}


def setup(app: Sphinx) -> ExtensionMetadata:
    app.add_node(folded, **VISITORS)
    add_script(app, __file__, "folded.js")
    return EXTENSION | {"env_version": 1}  # what is stored of pages names the class above
