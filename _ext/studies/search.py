"""When and how the literature was last searched: the settings ``search_...`` in ``conf.py``."""

import datetime as dt
from dataclasses import dataclass, field

from common.text import lies_ahead, parse_day


@dataclass(frozen=True)
class Search:
    """The last search of the literature; a fault raises `ValueError`. Without a date there was none."""

    date: str = ""  #: The day, as 2026-01-31,
    next: str = ""  #: and the day on which the next one is due.
    where: str = ""  #: What was searched, in words.
    words: list[str] = field(default_factory=list)  #: With which words.
    conclusion: str = ""  #: Whether it changed the conclusion, as a sentence.

    def __post_init__(self) -> None:
        if not self.date and not self.next:
            return
        for name in ("date", "next"):
            if parse_day(getattr(self, name)) is None:
                message = f"{name}: {getattr(self, name)!r} is no day; write 2026-01-31"
                raise ValueError(message)
        if lies_ahead(dt.date.fromisoformat(self.date)):
            message = f"date: {self.date} has not come yet"
            raise ValueError(message)
        if self.next <= self.date:
            message = "next is before the last search; fix one of the days"
            raise ValueError(message)
        for name in ("where", "words", "conclusion"):
            if not getattr(self, name):
                message = f"{name} is empty; say it"
                raise ValueError(message)

    def overdue(self, today: dt.date) -> bool:
        """Return whether the next search was due before *today*."""
        following = parse_day(self.next)
        return following is not None and following < today
