"""Refuse in a build what a page may not hold, whatever it came through."""

import re
from collections.abc import Callable
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.nodes import traverse_parent
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION, warn_here
from untrusted import rules

#: The type and the subtype of all warnings.
KIND = ("untrusted", "refused")
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


def read_source(app: Sphinx, _docname: str, source: list[str]) -> None:
    """Take out of *source* what MyST-Parser would act on while it reads."""
    text = source[0]
    if faults := list(rules.settings_faults(text)):
        for line, message in faults:
            warn_here(app.env, line, message, *KIND)
        text = rules.FRONT_MATTER.sub(lambda found: "\n" * found[0].count("\n"), text)
    for found in EMBEDDED.finditer(text):
        line = text.count("\n", 0, found.start()) + 1
        warn_here(app.env, line, rules.REFUSED["eval-rst"], *KIND)
    source[0] = EMBEDDED.sub(r"\1text", text)


def read_page(app: Sphinx, document: nodes.document) -> None:
    """Take out of *document* what no reader may get; what an extension has made is *trusted*."""
    for node in list(document.findall()):
        found = (fault(node) for kinds, fault in FAULTS.items() if isinstance(node, kinds))
        if message := next(found, ""):
            around = traverse_parent(node)  # type: ignore[arg-type]  # which takes a text, too
            line = next((part.line for part in around if part.line), None)
            warn_here(app.env, line, message, *KIND)
            if not isinstance(node, nodes.Text):  # which is shown as it is typed and harms nobody
                node.parent.remove(node)


def switch_off(app: Sphinx) -> None:
    """Let docutils refuse raw text and other files (docutils, *Deploying Docutils Securely*)."""
    app.env.settings |= {"raw_enabled": False, "file_insertion_enabled": False}


def register(app: Sphinx) -> ExtensionMetadata:
    app.connect("builder-inited", switch_off)
    app.connect("source-read", read_source, priority=100)
    app.connect("doctree-read", read_page, priority=100)
    return EXTENSION
