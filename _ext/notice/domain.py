"""The notices that the pages hold."""

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from common.store import PageStore
from notice._node import medication_safety_notice


class MedicationSafetyDomain(PageStore):
    """The notices that the pages hold: on a right site there is one."""

    name = "medication_safety"
    by_page = ("notices",)
    #: The notices by the name of the page that holds them.
    notices: dict[str, list[medication_safety_notice]]
    #: Nothing is wrong with the notice, as far as this build has looked.
    sound = True

    def process_doc(self, env: BuildEnvironment, docname: str, document: nodes.document) -> None:
        if found := [copy_of(node) for node in document.findall(medication_safety_notice)]:
            self.notices[docname] = found

    @property
    def all(self) -> list[medication_safety_notice]:
        """Return every notice, in the order of the names of the pages."""
        return [node for name in sorted(self.notices) for node in self.notices[name]]

    @property
    def pages(self) -> list[str]:
        """Return the pages that the notice links to; an empty name for a link to something else.

        Read from the node and not resolved: some builders resolve links only while they write.
        """
        return [
            xref["reftarget"].lstrip("/") if "doc" in (xref["refdomain"], xref["reftype"]) else ""
            for notice in self.all[:1]
            for xref in notice.findall(addnodes.pending_xref)
        ]

    @property
    def words(self) -> tuple[str, str]:
        """Return the notice on one line, and the page that it links to; empty when there is none."""
        text = " ".join(notice.astext() for notice in self.all[:1])
        return " ".join(text.split()), next(iter(self.pages), "")


def copy_of(node: medication_safety_notice) -> medication_safety_notice:
    """Return a copy of *node* for any page: no document, no anchors, links from the root."""
    copy = node.deepcopy()
    for element in copy.findall(nodes.Element):
        element.document = None  # type: ignore[assignment]
        element["ids"], element["names"] = [], []
        if isinstance(element, addnodes.pending_xref) and element["reftype"] == "doc":
            element["reftarget"] = f"/{docname_join(element['refdoc'], element['reftarget'])}"
    return copy
