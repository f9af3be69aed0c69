"""The places that have a handout, and the sizes of paper."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

#: Where a build for the web looks for handouts, from the folder of ``conf.py``.
FOLDER = "_build/handout"
#: The sizes of paper, by the end of the name of a file: their name for readers, and for LaTeX.
PAPERS = {"a4": ("A4", "a4paper"), "letter": ("Letter", "letterpaper")}


@dataclass(frozen=True)
class Places:
    """For which places there are handouts; a fault raises `ValueError`."""

    #: The beginning of the name of a file, and the name of its place; behind ";" places within it.
    places: dict[str, str] = field(default_factory=dict)
    #: The word in a line that says that it is not certain: paper cannot be corrected, so it is not printed.
    unsure: str = ""

    def __post_init__(self) -> None:
        for key, names in self.places.items():
            if not all(self.names_of(key)):
                message = f"places: {key!r} has an empty name in {names!r}; delete a semicolon"
                raise ValueError(message)
            if not key.replace("-", "").isalnum() or not key.isascii():
                message = f"places: {key!r} becomes the name of a file; write letters and hyphens"
                raise ValueError(message)

    def names_of(self, key: str) -> list[str]:
        """Return the names of the place *key*: its own, and those of the places within it."""
        return [name.strip() for name in self.places[key].split(";")]

    @property
    def names(self) -> list[str]:
        """Return all names."""
        return [name for key in self.places for name in self.names_of(key)]

    def is_unsure(self, text: str) -> bool:
        """Return whether *text* says that it is not certain."""
        return self.unsure in re.findall(r"\w+", text.lower())

    def without_lines(self, lines: Mapping[str, Sequence[object]]) -> Iterator[str]:
        """Yield what is wrong with each name of which a page says nothing in *lines*."""
        if self.places and not lines:
            yield "handouts need words; mark some on a page with a handout block"
            return
        for name in self.names:
            if not lines.get(name):
                yield f"no section and no row of a table is called {name!r}; correct one or delete it"
