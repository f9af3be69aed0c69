"""Words that lead to a section of the site: the setting ``lookup_words`` in ``conf.py``."""

from collections.abc import Container, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Lookup:
    """Which words lead where; a fault raises `ValueError`."""

    #: The label of a section, and the words that lead to it, with ";" between them.
    words: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        seen: dict[str, str] = {}
        for label, word in self:
            if not word:
                message = f"words: {label!r} has an empty word; delete a semicolon"
                raise ValueError(message)
            if word in seen:
                message = f"words: {word!r} leads to {seen[word]!r} and to {label!r}; delete one"
                raise ValueError(message)
            seen[word] = label

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield each label with each of its words, in lower case."""
        for label, words in self.words.items():
            yield from ((label, word.strip().lower()) for word in words.split(";"))

    def leading_nowhere(self, labels: Container[str]) -> Iterator[str]:
        """Yield what is wrong with each label that is none of *labels*."""
        for label in self.words:
            if label not in labels:
                yield f"lookup_words: no section has the label {label!r}; write ({label})= above one"
