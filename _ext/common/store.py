"""What an extension remembers of each page, and how a build reports findings."""

from collections.abc import Callable, Iterable
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any, ClassVar, Self, TypeVar, cast

from docutils import nodes
from sphinx.domains import Domain, ObjType
from sphinx.environment import BuildEnvironment
from sphinx.util import logging
from sphinx.util.typing import ExtensionMetadata

from common.findings import Finding

Kept = TypeVar("Kept")
logger = logging.getLogger(__name__)

#: What each extension tells Sphinx of itself.
EXTENSION: ExtensionMetadata = {
    "version": "2.0.0",
    "parallel_read_safe": True,
    "parallel_write_safe": True,
}


class PageStore(Domain):
    """A domain that remembers something of each page; nothing links to it."""

    data_version = 1
    #: The names of its dictionaries by the name of a page: they become attributes.
    by_page: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        cls.initial_data = {**cls.initial_data, **{name: {} for name in cls.by_page}}

    def __init__(self, env: BuildEnvironment) -> None:
        super().__init__(env)
        for name in self.by_page:
            setattr(self, name, self.data[name])

    @classmethod
    def of(cls, env: BuildEnvironment) -> Self:
        """Return this domain in *env*."""
        return cast("Self", env.get_domain(cls.name))

    def clear_doc(self, docname: str) -> None:
        """Forget *docname*, which is about to be read again or is gone."""
        for name in self.by_page:
            self.data[name].pop(docname, None)

    def merge_domaindata(self, docnames: AbstractSet[str], otherdata: dict[str, Any]) -> None:
        """Take over what another process read of *docnames*."""
        for name in self.by_page:
            kept = otherdata[name]
            self.data[name] |= {docname: kept[docname] for docname in docnames & kept.keys()}

    def get_type_name(self, type: ObjType, primary: bool = False) -> str:  # noqa: A002  of Sphinx
        """Return what the search calls an object of *type*: without the label of the domain."""
        return str(type.lname)

    def resolve_any_xref(self, *_args: object) -> list[tuple[str, nodes.reference]]:
        """Return nothing: there is nothing to link to."""
        return []


def warn_here(
    env: BuildEnvironment, line: int | None, problem: str, kind: str, subtype: str
) -> None:
    """Warn of *problem* on the *line* of the page that is read, as type *kind* and *subtype*."""
    page = str(env.doc2path(env.docname, base=False))
    warn_of([Finding(page, line or 1, "", subtype, problem)], kind)


def read_or_warn(
    env: BuildEnvironment, name: str, read: Callable[[Path], Kept], kind: str
) -> Kept | None:
    """Return what *read* makes of the file *name* beside the pages; warn, as type *kind*, when it cannot."""
    try:
        return read(Path(env.srcdir, name))
    except ValueError as error:
        message = str(error).removeprefix(f"{name}: ")
        warn_of([Finding(name, 1, "", "file", message)], kind)
        return None


def warn_of(findings: Iterable[Finding], kind: str) -> None:
    """Warn of each of *findings* at its line, as type *kind* and the subtype that it names."""
    for finding in findings:
        place = f"{finding.file}:{finding.line}"
        logger.warning("%s", finding.text, location=place, type=kind, subtype=finding.kind)
