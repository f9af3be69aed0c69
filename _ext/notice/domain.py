"""The notices that the pages hold, and the copy for each page."""

from typing import Any, ClassVar

from docutils import nodes
from sphinx import addnodes
from sphinx.environment import BuildEnvironment
from sphinx.util import docname_join

from common.store import PageStore
from notice._node import medication_safety_notice


class MedicationSafetyDomain(PageStore):
    """The notices that the pages hold: on a right site there is one."""

    name = "medication_safety"
    label = "Medication safety"
    initial_data: ClassVar[dict[str, Any]] = {"notices": {}}
    by_page = ("notices",)
    #: The notices by the name of the page that holds them.
    notices: dict[str, list[medication_safety_notice]]
    #: The link leads nowhere, which has been reported once: copies carry its words without it.
    dead_link = False
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
        """Return the pages that the notice links to."""
        return [linked_page(xref) for xref in self.all[0].findall(addnodes.pending_xref)]

    @property
    def words(self) -> tuple[str, str]:
        """Return the notice on one line, and the page that it links to; empty when there is none."""
        if not self.all:
            return "", ""
        return " ".join(self.all[0].astext().split()), next(iter(self.pages), "")

    def copy_for(self, docname: str) -> medication_safety_notice | None:
        """Return the notice with its links not yet resolved, to be put into *docname*."""
        if not self.all:
            return None
        node = copy_of(self.all[0])
        node["classes"].append("no-search")  # a search for its words finds the safety page only
        for xref in list(node.findall(addnodes.pending_xref)):
            if self.dead_link:
                xref.replace_self(xref.children)
            else:
                if xref["reftype"] == "doc":  # relative to the page where it was written
                    xref["reftarget"] = f"/{linked_page(xref)}"
                xref["refdoc"] = docname
        return node


def copy_of(node: medication_safety_notice) -> medication_safety_notice:
    """Return a copy of *node* that holds on to no document and repeats no anchor."""
    copy = node.deepcopy()
    for element in copy.findall(nodes.Element):
        element.document = None  # type: ignore[assignment]
        element["ids"], element["names"] = [], []
    return copy


def linked_page(xref: addnodes.pending_xref) -> str:
    """Return the document that *xref* leads to, from MyST or the role ``doc``; empty if to none.

    Read from the node and not resolved, because some builders resolve links only while they write.
    """
    if xref["reftype"] == "doc":
        return docname_join(xref["refdoc"], xref["reftarget"])
    return str(xref["reftarget"]) if xref["refdomain"] == "doc" else ""
