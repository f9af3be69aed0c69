"""Write the address of a link behind its words, where nobody can follow it: on paper and in plain text.

Not where the words have it, not twice in a section, not in a heading, and not in the reference of an
entry, which has a DOI, a number or the address itself.
"""

import re
from urllib.parse import unquote

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.nodes import traverse_parent
from sphinx.util.typing import ExtensionMetadata

from common.store import EXTENSION


def missing_in(words: str, uri: str) -> str:
    """Return the address *uri*, without what nobody types, or nothing when *words* have it.

    A DOI is one without its resolver (DOI Handbook, 3.6), and the digits of a number are enough.
    """
    scheme, _, address = uri.partition(":")
    if scheme == "tel":
        digits, shown = (re.sub(r"\D", "", text) for text in (address, words))
        return "" if digits in shown else address
    if scheme == "mailto":
        address = uri = unquote(address).partition("?")[0]
    elif scheme not in {"http", "https", "ftp"}:
        return ""
    needed = unquote(address).strip("/").removeprefix("doi.org/")
    return "" if needed.casefold() in unquote(words).casefold() else uri


def on_paper(address: str) -> str:
    """Return *address* as readers type it into a browser.

    That adds "https://", and "/" to a host alone (RFC 3986, 6.2.3); elsewhere a "/" may matter.
    """
    typed = address.removeprefix("https://")
    return typed.removesuffix("/") if typed.count("/") == 1 else typed


class Addresses(SphinxPostTransform):
    """Let each link say where it leads.

    Sphinx writes each address, also of a number, as a footnote in Texinfo: the words of a link are left.
    """

    default_priority = 400  # that of Sphinx's ShowUrlsTransform
    formats: tuple[str, ...] = ("text", "texinfo")
    #: Of links within the text only the words are kept, too.
    words_only = False

    def run(self, **_kwargs: object) -> None:
        """Add what the words of each link lack."""
        said: set[tuple[object, ...]] = set()
        for link in list(self.document.findall(nodes.reference)):
            words, uri = link.astext(), link.get("refuri", "")
            address = missing_in(words, uri)
            place = (*traverse_parent(link, nodes.section), address)
            complete = isinstance(link.parent, nodes.title) or "reference" in link.parent["classes"]
            if address and place not in said and not complete:
                said.add(place)
                link.extend(self.in_brackets(address))
            self.finish(link, words)

    def in_brackets(self, address: str) -> list[nodes.Node]:
        """Return *address* in brackets, behind a space."""
        return [nodes.Text(f" ({address})")]

    def finish(self, link: nodes.reference, words: str) -> None:
        """Keep a number to call on one line, and only the words of *link*, which were *words*."""
        if link.get("refuri", "").startswith("tel:"):
            for text in list(link.findall(nodes.Text)):
                text.parent.replace(text, nodes.Text(text.replace(" ", "\N{NO-BREAK SPACE}")))
        if self.words_only or (link.get("refuri") and not link.get("internal")):
            link.replace_self(nodes.inline("", "", *link.children))


class AddressesOnPaper(Addresses):
    """The same for LaTeX: short, and a part of the link that may be broken anywhere."""

    formats = ("latex",)

    def in_brackets(self, address: str) -> list[nodes.Node]:
        """Return what is typed of *address*."""
        typed = on_paper(address)
        shown = nodes.reference("", typed, refuri=typed, nolinkurl=True)
        return [nodes.Text(" ("), shown, nodes.Text(")")]

    def finish(self, link: nodes.reference, words: str) -> None:
        """Leave it as it is: the style of a book tells how a number is printed."""


class AddressesInManualPages(Addresses):
    """The same for a manual page, where Sphinx shows every target, also an anchor, since docutils 0.22.

    https://github.com/sphinx-doc/sphinx/issues/14427
    """

    formats = ("man",)
    words_only = True

    def in_brackets(self, address: str) -> list[nodes.Node]:
        """Return *address* for groff."""
        return [nodes.Text(" "), unbroken(), nodes.Text(f"({address})")]

    def finish(self, link: nodes.reference, words: str) -> None:
        """Keep an address among *words* whole."""
        if "://" in words:
            link.insert(0, unbroken())
        super().finish(link, words)


def unbroken() -> nodes.raw:
    """Return what keeps groff from breaking the word behind it, with a hyphen."""
    return nodes.raw("", r"\%", format="manpage", trusted=True)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the transforms."""
    for transform in (Addresses, AddressesOnPaper, AddressesInManualPages):
        app.add_post_transform(transform)
    return EXTENSION
