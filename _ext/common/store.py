"""What an extension remembers of each page, and how a build reports findings."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any

from sphinx.domains import Domain
from sphinx.util import logging

if TYPE_CHECKING:
    from docutils import nodes

    from common.findings import Finding

logger = logging.getLogger(__name__)


class PageStore(Domain):
    """A domain whose data are dictionaries by the name of a page; nothing links to it."""

    data_version = 1

    def clear_doc(self, docname: str) -> None:
        """Forget *docname*, which is about to be read again or is gone."""
        for name in self.initial_data:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read of *docnames*."""
        for name in self.initial_data:
            self.data[name] |= {
                docname: kept for docname, kept in otherdata[name].items() if docname in docnames
            }

    def resolve_any_xref(self, *_args: object) -> list[tuple[str, nodes.reference]]:
        """Return nothing: there is nothing to link to."""
        return []


def warn_of(findings: Iterable[Finding], kind: str) -> None:
    """Warn of each of *findings* at its line, as type *kind* and the subtype that it names."""
    for finding in findings:
        logger.warning(
            "%s",
            finding.text,
            location=f"{finding.file}:{finding.line}",
            type=kind,
            subtype=finding.kind,
        )
