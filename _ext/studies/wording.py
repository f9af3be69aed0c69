"""A study record in words, as its readers see it on the page, in a table and in a feed."""

from common.text import capital, day_in_words, sentence, today
from studies.record import Record
from studies.vocabulary import NOT_KNOWN, STATUSES, Vocabulary

NOT_A_GUIDE = "a reported fact, not a dosing guide"


def in_words(record: Record, option: str, vocabulary: Vocabulary) -> str:
    """Return *option* of *record* as its reader sees it, in Markdown; empty when it was left out."""
    if not (value := record[option]):
        return ""
    first = capital(value)
    if option == "design" and record["method"]:
        first = f"{first}: {record['method']}"
    elif option == "people":
        first = people_in_words(record)
    elif option == "dose":
        first = f"{first} ({NOT_A_GUIDE})"
    elif option == "direction":
        first = f"{first}: {vocabulary.directions[value]}"
    elif option == "status" and status_warning(record):
        first = f"{first}; see the note above the reference"
    elif option == "status":
        first = f"{first}. {status_source(record)}"
    elif option == "reviewed":
        late = " This review is overdue." if record.overdue(today()) else ""
        by = f", {vocabulary.review_note}" if vocabulary.review_note else ""
        first = f"Last reviewed on {day_in_words(value)}{by}.{late}"
    elif option == "added":
        first = day_in_words(value)
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
    return "Date not known" if date == NOT_KNOWN else day_in_words(date)
