"""What records say together: how many a sentence counts, and which depend on each other."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from common.text import NUMBERS, capital, did_you_mean
from studies.record import Record
from studies.vocabulary import INCLUDED, NOT_SEEN, OVERLAPS, Vocabulary, keyed, pairs

#: The options that can be counted.
COUNTED = ("design", "medicine", "comparator", "direction", "conditions", "peer-reviewed")


class Selection(NamedTuple):
    """Papers that a sentence counts."""

    nouns: tuple[str, str]  #: What they are called, one of them and several.
    wanted: Mapping[str, frozenset[str]]  #: The values of which an option has to have one.

    def matches(self, record: Record) -> bool:
        """Return whether *record* is counted; one that was retracted never is."""
        return record["status"] != "retracted" and all(
            values & ({record.comparator} if name == "comparator" else {*record[name].split("; ")})
            for name, values in self.wanted.items()
        )

    def number_in_words(self, number: int) -> str:
        """Return *number* with the noun for it, with a capital when the noun has one."""
        noun = self.nouns[number > 1]
        word = NUMBERS[number] if number < len(NUMBERS) else str(number)
        if re.match("[A-Z](?![A-Z])", noun):  # and not an acronym
            return f"{capital(word)} {noun[0].lower()}{noun[1:]}"
        return f"{word} {noun}"


def parse_selection(text: str, vocabulary: Vocabulary) -> Selection | str:
    """Return the selection that *text* means, "trial|trials: medicine: a, b", or what is wrong with it."""
    nouns, _, rest = text.partition(":")
    one, _, several = (noun.strip() for noun in nouns.partition("|"))
    allowed = {name: vocabulary.options[name].words.keys() for name in COUNTED}
    if not one or not several or "|" in several or not rest.strip():
        return f'{text!r} counts nothing; write "trial|trials: medicine: a, b; comparator: c"'
    wanted = {}
    for name, values in pairs(rest):
        if name not in allowed:
            guess = did_you_mean(name, allowed) or f"; the options are: {', '.join(allowed)}"
            return f"no option {name!r} can be counted{guess}"
        if name in wanted:
            return f"{name} is here a second time; write its values behind one, with commas"
        wanted[name] = frozenset(value.strip() for value in values.split(","))
        if unknown := sorted(wanted[name] - allowed[name]):
            those, known = ", ".join(map(repr, unknown)), ", ".join(sorted(allowed[name]))
            return f"{name} is never {those}; write of these: {known}"
    return Selection((one, several), wanted)


def overlaps_of(record: Record) -> Iterator[tuple[str, str]]:
    """Yield how *record* says that its paper depends on another, and the key of that."""
    for kind, keys in keyed(record["overlaps"]):
        yield from ((kind, key) for key in keys if key)


def overlaps_between(records: Iterable[Record]) -> dict[str, dict[str, list[str]]]:
    """Return on which others each paper depends, by its key and by how: written at one, seen at both."""
    known = list(records)
    found: dict[str, dict[str, list[str]]] = {record.key: {} for record in known}
    for record in known:
        for kind, other in overlaps_of(record):
            for one, two, words in ((record.key, other, kind), (other, record.key, OVERLAPS[kind])):
                if {one, two} <= found.keys() and two not in found[one].setdefault(words, []):
                    found[one][words].append(two)
    return found


def inclusions(records: Iterable[Record]) -> dict[str, dict[str, str]]:
    """Return whether each study is in each review, "yes", "probably" or "not seen", by both keys.

    There are all studies of which a record says so, and all reviews that it names, in their order.
    """
    known = list(records)
    within = {
        record.key: {other: INCLUDED[how] for how, other in overlaps_of(record) if how in INCLUDED}
        for record in known
    }
    named = {review for others in within.values() for review in others}
    reviews = [record.key for record in known if record.key in named]
    return {
        key: {review: others.get(review, NOT_SEEN) for review in reviews}
        for key, others in within.items()
        if others
    }
