"""Refuse in a build what a page may not hold, whatever it came through."""

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from common.findings import Finding
from common.store import EXTENSION, warn_of
from untrusted import rules

CODE = (nodes.literal, nodes.literal_block, nodes.comment, nodes.raw)
EMBEDDED = re.compile(r"^([ \t>*-]*(?:`{3,}|~{3,}|:{3,})[ \t]*)\{eval-rst\}", re.MULTILINE)
#: Why a node of each kind is refused; empty when it is not.
FAULTS: dict[tuple[type[nodes.Node], ...], Callable[[Any], str]] = {
    (nodes.raw,): lambda node: "" if node.get("trusted") else rules.HTML,
    (nodes.math, nodes.math_block): lambda _: rules.REFUSED["math"],
    (addnodes.download_reference,): lambda _: rules.REFUSED["download"],
    (nodes.image,): lambda node: rules.picture_fault(node.get("uri", "")),
    (nodes.reference, nodes.target): lambda node: rules.address_fault(node.get("refuri", "")),
    (nodes.Text,): lambda t: "" if isinstance(t.parent, CODE) else rules.text_fault(str(t)),
}


def warn(app: Sphinx, docname: str, line: int, message: str) -> None:
    """Warn of what was refused in *line* of *docname*."""
    path = str(app.env.doc2path(docname, base=False))
    warn_of([Finding(path, line, "", "refused", message)], "untrusted")


def read_source(app: Sphinx, docname: str, source: list[str]) -> None:
    """Take out of *source* what MyST-Parser would act on while it reads."""
    text = source[0]
    if faults := list(rules.settings_faults(text)):
        for line, message in faults:
            warn(app, docname, line, message)
        text = rules.FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in EMBEDDED.finditer(text):
        warn(app, docname, text.count("\n", 0, found.start()) + 1, rules.REFUSED["eval-rst"])
    source[0] = EMBEDDED.sub(r"\1text", text)


def read_page(app: Sphinx, document: nodes.document) -> None:
    """Take out of *document* what no reader may get; what an extension has made is *trusted*."""
    for node in list(document.findall()):
        if message := fault_of(node):
            warn(app, app.env.current_document.docname, line_of(node), message)
            if not isinstance(node, nodes.Text):  # which is shown as it is typed and harms nobody
                node.parent.remove(node)


def line_of(node: nodes.Node | None) -> int:
    """Return the line of *node*, or that of the nearest node around it that has one."""
    while node is not None and not node.line:
        node = node.parent
    return node.line if node is not None and node.line else 1


def fault_of(node: nodes.Node) -> str:
    """Return why *node* is refused; empty when it is not."""
    return next((fault(node) for kinds, fault in FAULTS.items() if isinstance(node, kinds)), "")


def switch_off(app: Sphinx) -> None:
    """Let docutils refuse raw text and other files (docutils, *Deploying Docutils Securely*)."""
    app.env.settings |= {"raw_enabled": False, "file_insertion_enabled": False}


def register(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", switch_off)
    app.connect("source-read", read_source, priority=100)
    app.connect("doctree-read", read_page, priority=100)
    return EXTENSION
