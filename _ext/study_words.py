"""A study record in words, as its readers see it on the page, in a table and in a feed."""

from __future__ import annotations

import datetime as dt
import os
from typing import TYPE_CHECKING

from nlm_style import day
from study_options import DIRECTIONS, NOT_KNOWN, STATUSES

if TYPE_CHECKING:
    from study_record import Record

NOT_A_GUIDE = "a reported fact, not a dosing guide"


def in_words(record: Record, option: str) -> str:
    """Return *option* of *record* as its reader sees it, in Markdown; empty when it was left out."""
    value = record[option]
    first = capital(value)
    if option == "design" and record["method"]:
        first = f"{first}: {record['method']}"
    elif option == "people":
        first = people_in_words(record)
    elif option == "dose" and value:
        first = f"{first} ({NOT_A_GUIDE})"
    elif option == "direction" and value:
        first = f"{first}: {DIRECTIONS[value]}"
    elif option == "status" and value:
        above = "see the note above the reference" if status_warning(record) else ""
        first = f"{first}; {above}" if above else f"{first}. {status_source(record)}"
    elif option == "reviewed" and value:
        late = " This review is overdue." if record.overdue(today()) else ""
        first = f"Last reviewed on {day(value)}, not by a clinician.{late}"
    elif option == "added" and value:
        first = day(value)
    return sentence(first)


def people_in_words(record: Record) -> str:
    """Return how many people there were in each group, and in all."""
    groups = [f"{number:,} {name}" for number, name in record.people]
    if not groups:
        return {"none": "No one was studied", "not given": "Number not given"}.get(
            record["people"], ""
        )
    total = f" ({record.number:,} in all)" if len(groups) > 1 else ""
    return "; ".join(groups) + total


def status_warning(record: Record) -> str:
    """Return what a reader must know of the publication status; empty for one without a notice."""
    status = record["status"]
    if status not in STATUSES or status == "as published":
        return ""
    parts = [
        capital(STATUSES[status]),
        sentence(capital(record["acknowledged"])),
        status_source(record),
    ]
    return " ".join(filter(None, parts))


def status_source(record: Record) -> str:
    """Return the date and the source of the publication status, as a sentence."""
    when = record["status-date"]
    date = "Date not known" if when == NOT_KNOWN else f"Date: {date_in_words(when)}"
    return f"{date}; source: {sentence(record['status-source'])}"


def date_in_words(date: str) -> str:
    """Return the day, month or year *date* as its reader sees it."""
    if date == NOT_KNOWN:
        return "Date not known"
    month = dt.date.fromisoformat(f"{date}-01") if len(date) == len("2026-01") else None
    return f"{month:%B %Y}" if month else day(date)


def capital(words: str) -> str:
    """Return *words* with a capital letter at their start; the others stay as they are."""
    return words[:1].upper() + words[1:]


def sentence(words: str) -> str:
    """Return *words* with a full stop, unless they have one or are empty."""
    return words if words.endswith((".", "!", "?")) or not words else f"{words}."


def today() -> dt.date:
    """Return the day of the build, which ``SOURCE_DATE_EPOCH`` can set (reproducible-builds.org)."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = dt.datetime.now(dt.UTC)
    return (dt.datetime.fromtimestamp(int(epoch), dt.UTC) if epoch else now).date()
