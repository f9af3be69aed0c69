"""The options of a study record, and what each may say.

What holds for every topic is here; `Vocabulary` has what a site decides in its ``conf.py``.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from common.text import NUMBERS, lies_ahead, parse_day

#: The publication status of a paper without a notice.
AS_PUBLISHED = "as published"
#: The publication status.
STATUSES = {
    AS_PUBLISHED: "no notice by the publisher is known.",
    "corrected": "the publisher has corrected the article.",
    "expression of concern": "the publisher or the editors doubt the article.",
    "retracted": "the article has been withdrawn, and its results must not be relied on.",
}
#: Statuses that a reader has to see wherever the paper is cited.
DOUBTFUL = ("expression of concern", "retracted")
#: How much of the paper was read for the summary.
READ = {
    "full text": "the whole paper.",
    "abstract and part of the body": "not the whole paper.",
    "part of the body": "not the whole paper.",
    "abstract": "the summary that the authors give, and not the paper.",
    "part of the abstract": "the copy that was read ends early.",
    "registry entry": "what the sponsor gave to a registry of trials.",
    "report by others": "news or another copy, and not the text itself.",
}
BY_OTHERS = "report by others"
IN_PMC = "free in PubMed Central"
#: Where the full text is.
FULL_TEXT = {
    "free at the publisher": "follow the DOI.",
    IN_PMC: "the entry needs a PMCID.",
    "behind a paywall as far as is known": "nobody tried.",
    "not checked": "nobody looked.",
}

#: What stands behind a text that readers may take for a paper in a journal.
PEER_REVIEWED = {
    "yes": "a paper in a journal.",
    "not known": "nobody looked.",
    "guideline": "advice of an institution.",
    "company announcement": "the maker told its own results.",
    "news": "a report by others.",
}
#: The kinds of unwanted effects that a record tells apart, in the order of the table.
HARMS = ("any event", "stopped because of one", "serious", "most frequent", "also")
#: Their term on the page.
HARMS_TERM = "Harms"
#: What a record says when it tells none of them.
NO_HARMS = {
    "none in the part that was read": "not mentioned in the part that was read",
    "not read": "not read",
}
#: How a paper depends on another, and the same seen from that one.
OVERLAPS = {
    "shares authors": "shares authors",
    "shares people": "shares people",
    "may share people": "may share people",
    "included in": "includes",
    "probably included in": "probably includes",
}
#: Those that say that a study is in a review, and the word for it in the table of both.
INCLUDED = {"included in": "yes", "probably included in": "probably"}
#: The numbers of registries: ClinicalTrials.gov, ISRCTN, Australia and New Zealand, Germany, Iran, the
#: European Union, and PROSPERO for reviews; words may follow behind a comma.
REGISTRY = (
    r"(NCT\d{8}|ISRCTN\d{8}|(EUCTR)?20\d\d-\d{6}-\d\d(-\w\w)?|CRD\d{8,14}"
    r"|(ACTRN|ChiCTR|CTRI|DRKS|IRCT|JPRN|KCT|NTR|PACTR|RBR|SLCTR|TCTR|UMIN|jRCT)[\w/-]{3,24})"
)
REGISTRATION = re.compile(rf"{REGISTRY}(, .+)?", re.ASCII)

#: A figure, which may be a word.
FIGURE = re.compile(rf"\d|\b({'|'.join(NUMBERS[2:])})\b", re.IGNORECASE)
GROUP = re.compile(r"([0-9]{1,7})\s+(\S.*)")
#: A number as `plain_figures` has it, and one of others: ``26 of 88``.
NUMBER = r"(?<![\d.,-])\d{1,9}(?![\d.,]*\d|%)"
SHARE = re.compile(rf"({NUMBER}) of ({NUMBER})")
#: Keys of entries, with commas between them.
KEYS = re.compile(r"[^\s,]+(, *[^\s,]+)*")
#: What an option may not hold: it also stands in tables, in the download and in the feed.
MARKUP = re.compile(r"[`<>{}\[\]*\\]|(?<!\w)_|_(?!\w)|&#?\w+;")
NOT_KNOWN, NOT_SEEN, NONE = "not known", "not seen", "none"
NOT_GIVEN, NOT_CHECKED, NOT_TOLD = "not given", "not checked", "the record does not say"
UNTREATED = "no one was treated"

#: What each option tells.
MEANINGS = {
    "plain-title": "what the paper is about, in plain words",
    "design": "how the study was made",
    "method": "more on how it was made",
    "people": "how many people were studied: in all, and in each group",
    "left-early": "how many people left the study early",
    "population": "who was studied",
    "conditions": "what the people had, or what the paper is about",
    "medicine": "what was tested",
    "intervention": "how it was given, or with what",
    "dose": "how much was given, a reported fact and not a dosing guide",
    "comparator": f"what it was compared with; “{NONE}” says that there was no comparison, or that none was seen",
    "duration": "how long it was given, or how long people were followed",
    "primary-outcome": "what the study set out to measure first",
    "direction": "what the main result says of a benefit",
    "harms": "unwanted effects as the paper reports them; the first figure is that of the medicine",
    "registration": "the numbers of the study in registries, with words on how sure that is",
    "peer-reviewed": "whether it appeared in a journal that is taken to review its papers",
    "overlaps": "how the paper depends on others, written at one of the two",
    "figures": "figures that stand outside the part that was read, and the keys of their sources",
    "funding": "who paid, and the interests of the authors",
    "status": "what the publisher says of the paper since",
    "status-date": "when the publisher said so",
    "status-source": "where that was seen",
    "acknowledged": "what a retraction means for this site",
    "full-text": "where the whole paper is",
    "read": "how much of the paper was read",
    "added": "the day on which the record was added",
    "reviewed": "the day on which the record was last compared with what was read of its paper",
}


def plain_figures(text: str) -> str:
    """Return *text* with its numbers as they are compared: "1,200", "0·5", "3 %" as "1200", "0.5", "3%".

    A minus of any kind is a hyphen, ".5" is "0.5", "3 per cent" is "3%", and numbers that were apart
    stay apart.
    """
    # Spaces that hold a number together.
    text = re.sub(r"[\u2004-\u200a\u202f\u00a0]", "\u2009", text)
    text = re.sub(
        r"(?<![\d.,])[1-9]\d{0,2}(?:[,\u2009]\d{3})+(?!\d)",
        lambda match: re.sub(r"\D", "", match[0]),
        text,
    )
    text = re.sub(r"(?<=\d)[\u00b7\u0387\u2027\u2219\u22c5](?=\d)", ".", text)
    text = re.sub(r"(?<![\w.])\.(?=\d)", "0.", text)
    text = re.sub(r"(?<=\d)[ \u2009]*(?:[%\uff05]|per[ \u2009-]?cent\b)", "%", text)
    text = re.sub(r"(?<![\d%])(?<![\d%]\s)\u2212\s(?=\d)", "-", text.replace("+/-", "\u00b1"))
    return re.sub(
        r"[\u2010-\u2012\u2212\ufe63\uff0d]|(?<![\d\s])\u2013(?=\d)|(?<=\s)\u2013(?=\d)", "-", text
    )


def groups(people: str) -> list[tuple[int, str]]:
    """Return the groups in *people*: ``40 on the medicine; 22 on placebo``."""
    found = (GROUP.fullmatch(group.strip()) for group in people.split(";"))
    return [(int(match[1]), match[2]) for match in found if match]


def pairs(value: str) -> list[tuple[str, str]]:
    """Return the pairs in *value*: ``name: text; name: text``; without a colon the text is empty."""
    pieces = (piece.partition(":") for piece in value.split(";"))
    return [(name.strip(), text.strip()) for name, _, text in pieces]


def keyed(value: str) -> list[tuple[str, list[str]]]:
    """Return the words in *value*, each with the keys behind it: ``words: key, key; words: key``."""
    return [(words, [key.strip() for key in keys.split(",")]) for words, keys in pairs(value)]


class Option(NamedTuple):
    """What an option may say."""

    check: Callable[[str], str]  #: Returns what is wrong with a value, empty when nothing is.
    required: bool = True  #: Whether it has to be there.
    default: str = ""  #: What it says when it is left out; no record shows that.
    #: Why it may be unknown, as records write it; the last also when they leave it out.
    unknown: tuple[str, ...] = ()
    #: The words that it chooses from, with what each means; empty when it is plain.
    words: Mapping[str, str] = {}
    meaning: str = ""  #: What it tells.


def one_of(allowed: Iterable[str]) -> Callable[[str], str]:
    """Return a check that a value is one of *allowed*."""

    def check(value: str) -> str:
        return "" if value in allowed else f"write one of: {', '.join(allowed)}"

    return check


def once(words: Sequence[str]) -> bool:
    """Return whether each of *words* is there once."""
    return len({*words}) == len(words)


def is_text(value: str) -> str:
    """Return nothing: any words will do."""
    return ""


def is_people(value: str) -> str:
    """Return what is wrong with the number of people in *value*."""
    apart = not re.search(r",\s*\d", value)  # a second group would be lost
    if value in {NONE, NOT_GIVEN} or (apart and len(groups(value)) == len(value.split(";"))):
        return ""
    return (
        'write each group as "1200 women on placebo", without a comma in the number, '
        'groups with ";" between them, or none, or not given'
    )


def is_share(value: str) -> str:
    """Return what is wrong with the numbers and shares in *value*."""
    value = plain_figures(value)
    for part, whole in SHARE.findall(value):
        if int(part) > int(whole):
            return f"{part} of {whole} is more than all"
    for share in re.findall(r"(\d{1,9}(?:\.\d+)?)%", value):
        if float(share) > 100:  # noqa: PLR2004
            return f"{share}% is more than all"
    return ""


def is_left_early(value: str) -> str:
    """Return what is wrong with *value* as how many people left early."""
    if value == NOT_SEEN or re.search(r"\d", value):
        return is_share(value)
    return f'write "19 of 152 on the medicine, 17 of 153 on placebo", or: {NOT_SEEN}'


def is_harms(value: str) -> str:
    """Return what is wrong with *value* as the unwanted effects."""
    told = pairs(value)
    right = all(name in HARMS and text for name, text in told) and once([name for name, _ in told])
    if right or value in NO_HARMS:
        return is_share(value)
    return (
        'write "any event: 67.5% against 53.8%; serious: 1.6% against 0.4%", each name once and with '
        f'";" between them; the names are: {", ".join(HARMS)}; or write: {", or: ".join(NO_HARMS)}; '
        "where no medicine was tested, delete the line"
    )


def is_registration(value: str) -> str:
    """Return what is wrong with the numbers of registries in *value*."""
    if value == NOT_SEEN or all(map(REGISTRATION.fullmatch, value.split("; "))):
        return ""
    return (
        'write a number as "NCT01234567", words behind a comma, '
        f'";" before the next number, or: {NOT_SEEN}'
    )


def is_figures(value: str) -> str:
    """Return what is wrong with *value* as figures that come from other sources."""
    if all(FIGURE.search(figures) and KEYS.fullmatch(text) for figures, text in pairs(value)):
        return ""
    return 'write "88, 57: key", the figures and the key of their source, with ";" between sources'


def is_overlaps(value: str) -> str:
    """Return what is wrong with *value* as the papers that this one depends on."""
    found = keyed(value)
    known = all(name in OVERLAPS and KEYS.fullmatch(text) for name, text in pairs(value))
    if known and all(map(once, [[name for name, _ in found], *(keys for _, keys in found)])):
        return ""
    return (
        'write "shares authors: key, key; included in: key", each once; '
        f"the words are: {', '.join(OVERLAPS)}"
    )


def is_day(value: str) -> str:
    """Return what is wrong with *value* as a day that has come."""
    if (day := parse_day(value)) is None:
        return "write a day as 2026-01-31"
    return "the day has not come yet" if lies_ahead(day) else ""


def is_known_day(value: str) -> str:
    """Return what is wrong with *value* as a day, a month or a year, or as not known."""
    first_day = value + "-01-01"[len(value) - 4 :] if len(value) in {4, 7, 10} else value
    wrong = "" if value == NOT_KNOWN else is_day(first_day)
    return wrong and f"{wrong}, or 2026-01, or 2026, or: {NOT_KNOWN}"


@dataclass(frozen=True)
class Vocabulary:
    """The settings ``study_...`` in ``conf.py``; a fault in them raises `ValueError`."""

    #: The conditions that papers are filtered by; a paper may have several.
    conditions: list[str] = field(default_factory=list)
    #: What was tested, in the order of the map; "none" is always among them.
    medicines: list[str] = field(default_factory=list)
    #: What it was compared with; "none" is always among them.
    comparators: list[str] = field(default_factory=list)
    #: The study designs, with what each can show.
    designs: dict[str, str] = field(default_factory=dict)
    #: The designs in which chance gives some people the treatment and others a comparison.
    randomised: list[str] = field(default_factory=list)
    #: The designs that test a treatment without chance.
    nonrandomised: list[str] = field(default_factory=list)
    #: What the result may say of a benefit of the treatment, with what that means.
    directions: dict[str, str] = field(default_factory=dict)
    #: Of these, the one of a paper that tested no treatment,
    untreated: str = ""
    #: those that need a comparison, and those that have none.
    compared: list[str] = field(default_factory=list)
    uncompared: list[str] = field(default_factory=list)
    #: Terms that the prose of a record must have; the last one says what the paper does not show.
    terms: list[str] = field(default_factory=lambda: ["What was found", "What this does not show"])
    #: What is said of every review of a record, as "not by a pharmacist"; empty when nothing is.
    review_note: str = ""

    def __post_init__(self) -> None:
        directions = {*self.compared, *self.uncompared, *filter(None, [self.untreated])}
        for name, used, known, setting in (
            ("randomised", self.randomised, self.designs, "designs"),
            ("nonrandomised", self.nonrandomised, self.designs, "designs"),
            ("compared, uncompared or untreated", directions, self.directions, "directions"),
        ):
            if unknown := ", ".join(sorted(set(used) - known.keys())):
                message = f"{name} names {unknown}, which is not in study_{setting}"
                raise ValueError(message)
        for name, names in (("medicines", self.medicines), ("comparators", self.comparators)):
            if wrong := [word for word in names if word == NONE or re.search("[,;:|]", word)]:
                message = f'{name}: {wrong[0]!r} is not allowed; "{NONE}" is added by itself, and , ; : | part values'
                raise ValueError(message)
        for one, two in (("compared", "uncompared"), ("randomised", "nonrandomised")):
            if both := ", ".join({*getattr(self, one)} & {*getattr(self, two)}):
                message = f"{one} and {two} both name {both}; take it out of one"
                raise ValueError(message)
        if not self.terms:
            message = "terms is empty; name at least what a paper does not show"
            raise ValueError(message)

    @property
    def limit(self) -> str:
        """Return the term for what the paper does not show."""
        return self.terms[-1]

    @cached_property
    def options(self) -> dict[str, Option]:
        """Return the options by their name, in the order in which a record has them."""
        medicines = dict.fromkeys([*self.medicines, NONE], "")
        comparators = dict.fromkeys([*self.comparators, NONE], "")
        conditions = dict.fromkeys(self.conditions, "")
        no_notice = "no notice was seen by the maintainers"
        options = {
            "plain-title": Option(is_text),
            "design": Option(one_of(self.designs), words=self.designs),
            "method": Option(is_text, False, unknown=(NOT_TOLD,)),
            "people": Option(is_people, unknown=(NOT_GIVEN,)),
            "left-early": Option(is_left_early, False, NOT_SEEN, (NOT_SEEN,)),
            "population": Option(is_text),
            "conditions": Option(self.is_conditions, words=conditions),
            "medicine": Option(one_of(medicines), words=medicines),
            "intervention": Option(is_text, False, unknown=(NOT_TOLD,)),
            "dose": Option(is_text, False, unknown=(NOT_TOLD,)),
            "comparator": Option(self.is_comparator, False, NONE, words=comparators),
            "duration": Option(is_text, False, unknown=(NOT_TOLD,)),
            "primary-outcome": Option(is_text, False, NOT_SEEN, (NOT_SEEN,)),
            "direction": Option(one_of(self.directions), words=self.directions),
            "harms": Option(is_harms, True, UNTREATED, (*NO_HARMS, UNTREATED)),
            "registration": Option(is_registration, False, NOT_SEEN, (NOT_SEEN,)),
            "peer-reviewed": Option(one_of(PEER_REVIEWED), False, "yes", words=PEER_REVIEWED),
            "overlaps": Option(is_overlaps, False, unknown=("none is known",)),
            "figures": Option(is_figures, False, unknown=("all stand in the part that was read",)),
            "funding": Option(is_text, False, NOT_CHECKED, (NOT_CHECKED,)),
            "status": Option(one_of(STATUSES), False, AS_PUBLISHED, words=STATUSES),
            "status-date": Option(is_known_day, False, NOT_KNOWN, (NOT_KNOWN,)),
            "status-source": Option(is_text, False, no_notice),
            "acknowledged": Option(is_text, False, unknown=("only a retraction needs it",)),
            "full-text": Option(one_of(FULL_TEXT), False, NOT_CHECKED, words=FULL_TEXT),
            "read": Option(one_of(READ), words=READ),
            "added": Option(is_day),
            "reviewed": Option(is_day),
        }
        return {name: option._replace(meaning=MEANINGS[name]) for name, option in options.items()}

    def is_conditions(self, value: str) -> str:
        """Return what is wrong with the conditions in *value*."""
        found = value.split("; ")
        if {*found} <= {*self.conditions} and once(found):
            return ""
        allowed = ", ".join(self.conditions)
        return f'write one or more of these, each once, with "; " between them: {allowed}'

    def is_comparator(self, value: str) -> str:
        """Return what is wrong with the comparison in *value*, words behind a semicolon."""
        if value.partition(";")[0] in {*self.comparators, NONE}:
            return ""
        allowed = ", ".join([*self.comparators, NONE])
        return f'begin with one of these, further words behind ";": {allowed}'
