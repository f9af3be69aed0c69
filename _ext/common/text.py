"""Words and dates, the same on every machine and in every locale."""

import datetime as dt
import difflib
import os
import time
from collections.abc import Iterable

#: What leads to a paper, by the names of the fields.
IDENTIFIERS = ("doi", "pmid", "pmcid")
#: Numbers as words, by what they are.
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July", "August", "September"),
    *("October", "November", "December"),
)


def capital(words: str) -> str:
    """Return *words* with a capital letter at their start; the others stay as they are."""
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """Return *words* with a full stop, unless they have one or are empty."""
    return words if words.endswith((".", "!", "?")) or not words else f"{words}."


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return ``; did you mean ...?`` with the closest of *words*, or nothing when none is close."""
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.75)
    return f"; did you mean {close[0]}?" if close else ""


def today() -> dt.date:
    """Return the day of the build, which ``SOURCE_DATE_EPOCH`` can set (reproducible-builds.org)."""
    seconds = os.environ.get("SOURCE_DATE_EPOCH") or time.time()
    return dt.datetime.fromtimestamp(int(seconds), dt.UTC).date()


def parse_day(value: str) -> dt.date | None:
    """Return the day that *value* names as ``2026-01-31`` (ISO 8601), or None."""
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return None
    return day if day.isoformat() == value else None  # not 20260131, nor 2026-W05-6


def lies_ahead(day: dt.date) -> bool:
    """Return whether *day* has not begun anywhere on Earth: where the date changes first, it is ahead."""
    return day > today() + dt.timedelta(days=1)


def day_in_words(date: str) -> str:
    """Return the day, month or year *date* as "23 November 2026"; what is none stays as it is."""
    if (day := parse_day(date)) is not None:
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    if (month := parse_day(f"{date}-01")) is not None:
        return f"{MONTHS[month.month - 1]} {month.year}"
    return date
