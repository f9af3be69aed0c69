"""A finding: something in a file that a maintainer has to fix."""

from typing import NamedTuple


class Finding(NamedTuple):
    """Something to fix; findings sort by file and line."""

    file: str  #: The path of the file, as it was given.
    line: int  #: The line in it, from 1.
    key: str  #: The key of the entry, or the key that was cited; empty when it concerns the file.
    kind: str  #: Its kind: a build reports it as a warning of this subtype.
    message: str  #: What is wrong, and how to fix it.

    def __str__(self) -> str:
        """Return the finding as one line: ``references.bib:41: smith2020trial: ...``."""
        return f"{self.file}:{self.line}: {self.text}"

    @property
    def text(self) -> str:
        """Return the finding without its place."""
        return f"{self.key}: {self.message}" if self.key else self.message
