"""A study record in words, as its readers see it on the page, in a table and in a feed."""

import re

from common.text import capital, day_in_words, sentence, today
from studies.record import Record
from studies.vocabulary import (
    AS_PUBLISHED,
    BY_OTHERS,
    NO_HARMS,
    NONE,
    NOT_GIVEN,
    Vocabulary,
    keyed,
)

#: The end of a sentence: a mark, and what begins another one; a point in a figure has no space behind.
END = re.compile(r"(?<=[.!?])\s+(?=[\"\u201c(]?[A-Z0-9])")
NOT_A_GUIDE = "a reported fact, not a dosing guide"


def headline(record: Record, year: str, vocabulary: Vocabulary) -> str:
    """Return the result of *record* in one line of Markdown: direction, design, people, treatment."""
    corrected = "**corrected article** · " if record["status"] == "corrected" else ""
    what = size_and_treatment(record, year, vocabulary)
    return f"**{capital(record['direction'])}** · {corrected}{what}"


def result_in_short(record: Record, vocabulary: Vocabulary) -> str:
    """Return the same as `headline` without markup and year."""
    return f"{capital(record['direction'])} · {size_and_treatment(record, '', vocabulary)}"


def size_and_treatment(record: Record, year: str, vocabulary: Vocabulary) -> str:
    """Return design, people, year and treatment of *record*, and what readers might not expect."""
    medicine = record["medicine"]
    parts = [capital(record["design"]), total_in_words(record), year, not_reviewed(record)]
    if medicine != NONE:
        compared = f"compared with {record.comparator}" if record.comparator != NONE else ""
        alone = "no comparison" if record["direction"] in vocabulary.uncompared else ""
        parts += [medicine, compared or alone]
    return " · ".join(filter(None, parts))


def not_reviewed(record: Record) -> str:
    """Return what readers might take for a paper of a journal; nothing for such a paper."""
    kind = record["peer-reviewed"]
    if kind == "yes":
        return "known from a report by others" if record["read"] == BY_OTHERS else ""
    return "peer review not known" if kind == "not known" else f"{kind}, not a peer-reviewed paper"


def in_words(record: Record, option: str, vocabulary: Vocabulary) -> str:
    """Return *option* of *record* as its reader sees it, in Markdown; empty when it tells nothing.

    What is left out, and what every record says that leaves it out, is told once on another page.
    """
    value = record[option]
    if option == "status" and value == AS_PUBLISHED and "status-source" in record.lines:
        # As of a paper that was reinstated.
        return sentence(f"{capital(value)}; {record['status-source']}")
    if not value or value == vocabulary.options[option].default:
        return ""
    first = capital(value)
    if option == "people":
        same = value in {NONE, NOT_GIVEN, f"{record.number} people"}  # as the headline says
        first = "" if same else people_in_words(record)
    elif option == "dose":
        first = f"{first} ({NOT_A_GUIDE})"
    elif option in LONGER:
        first = LONGER[option](record)
    elif option == "status":
        first = f"{first}; see the note above"
    elif option == "read":
        late = " The comparison is overdue." if record.overdue(today()) else ""
        added, compared = day_in_words(record["added"]), day_in_words(record["reviewed"])
        days = f"on {added}, compared on" if added != compared else "and compared on"
        first = f"{first}. Added {days} {compared}.{late}"
    return sentence(first)


def comparison_in_words(record: Record) -> str:
    """Return the comparison, unless the headline has all of it."""
    _, _, more = record["comparator"].partition(";")
    if record.comparator == NONE:
        return capital(more.strip())
    return capital(record["comparator"]) if more else ""


def harms_in_words(record: Record) -> str:
    """Return the unwanted effects, each kind a sentence, or that none are told."""
    harms = record.harms
    if harms.keys() == {"also"}:
        return capital(harms["also"])
    told = (f"{capital(name)}: {text}" for name, text in harms.items())
    return ". ".join(told) or capital(NO_HARMS[record["harms"]])


def figures_in_words(record: Record) -> str:
    """Return the figures that come from elsewhere, with citations of their sources."""
    found = []
    for figures, keys in keyed(record["figures"]):
        others = ",".join(key for key in keys if key != record.key)
        cited = f"{{cite:alp}}`{others}`" if others else ""
        own = "outside the abstract" if record.key in keys else ""
        found.append(f"{figures}: {'; '.join(filter(None, [own, cited]))}")
    return ". ".join(found)


#: The options that are not shown as they are written.
LONGER = {"comparator": comparison_in_words, "harms": harms_in_words, "figures": figures_in_words}


def first_sentence(text: str) -> str:
    """Return the first sentence of *text*, without its citations, as `studies.domain.KEY` finds them."""
    words = " ".join(re.sub(r"\s*\(\0.*?\0\)", "", text).split())
    return END.split(words, maxsplit=1)[0]


def total_in_words(record: Record) -> str:
    """Return how many people there were in all."""
    if number := record.number:
        return f"{number:,} people" if number > 1 else "one person"
    return {NONE: "no one was studied"}.get(record["people"], "number of people not given")


def people_in_words(record: Record) -> str:
    """Return how many people there were in each group, and in all."""
    groups = [f"{number:,} {name}" for number, name in record.people]
    if not groups:
        return {NONE: "No one was studied", NOT_GIVEN: "Number not given"}.get(record["people"], "")
    total = f" ({record.number:,} in all)" if len(groups) > 1 else ""
    return "; ".join(groups) + total
