"""What the cover of a book says: the settings ``book_...`` in ``conf.py``."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cover:
    """The words of the cover, and which section comes before the contents."""

    about: str = ""  #: What the book is, in a sentence,
    readers: str = ""  #: for whom,
    reviewed: str = ""  #: and by whom it was reviewed, or that it was not.
    #: The labels of sections that a reader may need at once: the cover names their pages.
    urgent: list[str] = field(default_factory=list)
    summary: str = ""  #: The label of the section that stands before the contents.
