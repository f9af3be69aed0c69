"""The numerals in a text, each with its sign, and with its unit where that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from common.text import NUMBERS
from studies.vocabulary import plain_figures

SMALL = (
    *("zero", *NUMBERS[1:], "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
IN_WORDS = {
    **{word: number for number, word in enumerate(SMALL)},
    **{word: number * 10 for number, word in enumerate(TENS, 2)},
}
#: What each unit measures, how many of the smallest it is, and its words.
#: Points and what stands behind "p =" measure nothing else.
UNITS = {
    "%": ("share", 1, "percent"),
    "p": ("probability", 1, ""),
    "points": ("points", 1, "points point"),
    "µg": ("mass", 1, "µg μg ug mcg micrograms microgram"),
    "mg": ("mass", 1_000, "mg milligrams milligram"),
    "g": ("mass", 1_000_000, "g grams gram"),
    "minutes": ("time", 1, "minutes minute mins min"),
    "hours": ("time", 60, "hours hour hrs hr h"),
    "days": ("time", 1_440, "days day d"),
    "weeks": ("time", 10_080, "weeks week wks wk"),
    "months": ("long time", 1, "months month mo"),
    "years": ("long time", 12, "years year yrs yr y"),
    "people": (
        "people",
        1,
        (
            "people persons person patients patient participants participant adults adult women woman men man "
            "females males subjects subject individuals individual volunteers volunteer veterans veteran "
            "inpatients inpatient outpatients outpatient children child adolescents adolescent controls "
            "respondents respondent"
        ),
    ),
}
UNIT_OF = {word: unit for unit, (_, _, words) in UNITS.items() for word in words.split()}
#: What may stand between a number and the people that it counts.
ADJECTIVES = (
    "healthy ill older elderly old younger young adult male female unmedicated medicated untreated treated "
    "randomised randomized enrolled eligible consecutive depressed suicidal human normal hospitalised "
    "hospitalized psychiatric such other more different"
)
#: What has a number for its name.
NAMED = "stage phase study trial experiment part period step table figure type arm cohort grade"
#: What makes a number in words a part of something, or a place in a row.
PARTS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth thirds fourths fifths tenths half "
    "halves quarters quarter"
)
#: Words that say that the number behind them was lost.
FALL = re.compile(
    r"\b(?:fell|falls?|fallen|drop(?:s|ped)?|decreas\w+|reduc\w+|declin\w+|lowered|improve\w*)\b",
    re.IGNORECASE,
)
#: More digits than any figure of a paper has.
MOST = 15
#: A number behind capitals has more digits than this when it is a name: "ALKS 5461", not "BPD 161".
CODE = 3
#: As far back from a number a sentence is looked at, and the word before it.
NEAR, NEXT = 80, 16


def one_of(words: Iterable[str] | str) -> str:
    """Return the pattern of one of *words*, the long ones first."""
    words = words.split() if isinstance(words, str) else words
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


BELOW_100 = rf"(?:{one_of(TENS)}(?:[-\s]{one_of(SMALL[1:10])}\b)?|{one_of(SMALL)})\b"
BELOW_1000 = rf"{BELOW_100}(?:[-\s]hundred\b(?:(?:\sand)?[-\s]{BELOW_100})?)?"
SPELLED = rf"\b{BELOW_1000}(?:[-\s]thousand\b(?:,?(?:\sand)?\s{BELOW_1000})?)?"
#: Words that end before a hyphen with a number, so that both are no name: "mg-1.6".
APART = one_of([*UNIT_OF, "to", "or", "and", "of"])
#: A number with what is glued to it, or a word, which may hold digits, or digits as in "1.5.1".
TOKEN = re.compile(
    rf"""(?P<sign>(?<![\d%)\]])[-+])?
      (?:(?<![\w.])(?P<digits>[0-9]++(?:\.[0-9]++)?+)(?!\.[0-9])|(?P<spelled>{SPELLED}))
      (?:%|(?P<tail>-?(?!to-)[^\W\d_]\w*+(?:-[^\W\d_]\w*+)*+))?
    |(?P<word>(?:{APART}|ci|p)(?=-[0-9])|to(?=-)|[^\W\d_]\w*+(?:-(?![0-9]++\.[0-9])\w++)*+
      |[0-9]++(?:\.[0-9]++)*+)""",
    re.VERBOSE | re.IGNORECASE,
)
BEHIND = re.compile(
    rf"%|[-\s]?(?P<unit>{one_of(UNIT_OF)})\b"
    rf"|(?:[-\s]{one_of(ADJECTIVES)}){{1,3}}[-\s](?P<people>{one_of(UNITS['people'][2])})\b"
)
BEFORE = re.compile(
    rf"\b(?:(?P<unit>{one_of('minute hours hour days day weeks week months month years year')})[-\s]"
    r"|(?P<people>n)\s?=\s?|(?P<p>p)\s?[=<>\u2264\u2265]{1,2}\s?)\Z",
    re.IGNORECASE,
)
#: What is before a number that is a name: of a stage, of a medicine, or the year of a citation.
CALLED = re.compile(rf"\b(?:(?i:{one_of(NAMED)})|(?P<code>[A-Z]{{2,}}|al[.,]{{0,2}}))\s\(?\Z")
#: The second one of "FORWARD-4 and -5".
SERIES = re.compile(r"[^\W\d_]-\d(?:, -\d)*(?:,|,? and)\s\Z")
#: A unit or a word that a hyphen joins with the number behind: no minus.
TOUCHING = re.compile(rf"(?<![^\W\d_]){APART}\Z")
SENTENCE = re.compile(r"[.;!?]\s")
BY = (" by ", " of ", " was ", " were ")
PART = re.compile(rf"[-\s]{one_of(PARTS)}\b", re.IGNORECASE)
#: What stands between numbers of one unit, the ends of an interval, and a part and its whole.
RANGE = re.compile(r"\s?[-\u2013/]\s?|[-\s](?:to|or|through)[-\s]?")
INTERVAL = re.compile(r"\s?[-\u2013,;]\s?|\sto\s")
SHARE = re.compile(r"\s?/\s?|\s(?:out\s)?of\s")
#: What stands between is no longer.
LONGEST_GAP = 8
OPENING = re.compile(r"(?:[(\[]|\b(?:ci|interval)[\s,:=]{0,3})\Z", re.IGNORECASE)


class Numeral(NamedTuple):
    """A number in a text, or a name with digits."""

    value: str  #: As "0.5", without what does not change it; empty for a name, as COVID-19.
    sign: str  #: A hyphen, a plus, or nothing.
    unit: str  #: One of `UNITS`, or nothing when it is not sure.
    written: str  #: As `plain_figures` has it.
    is_word: bool = False  #: Whether it is spelled out.
    falls: bool = False  #: Whether words say that this much was lost: "fell by 4".
    begins: bool = False  #: Whether it is the lower end of an interval, and the next one the upper.

    @property
    def canonical(self) -> str:
        """Return it as a text that is other when value, sign or unit are other."""
        return f"{self.sign}{self.value} {self.unit}".rstrip() if self.value else self.written

    @property
    def size(self) -> tuple[str, Decimal]:
        """Return what it measures, and how much of it."""
        measure, factor, _ = UNITS.get(self.unit, ("", 1, ""))
        return measure, Decimal(self.value or 0) * factor


def number_in_words(words: str) -> str:
    """Return the number *words* in digits: "twenty-one" as "21"."""
    thousands = number = 0
    for word in re.split(r"\W+", words.lower()):
        if word == "thousand":
            thousands, number = number * 1_000, 0
        else:
            number = number * 100 if word == "hundred" else number + IN_WORDS.get(word, 0)
    return str(thousands + number)


def plain_value(digits: str) -> str:
    """Return *digits* without the zeros that do not change the value."""
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return re.sub(r"\A0+(?=[0-9])", "", digits)


def numerals_in(text: str) -> list[Numeral]:
    """Return the numbers in *text*, and the names with digits, in their order; raise nothing.

    A part in words, as "one-third", and a place in a row are none. The time is linear.
    """
    text = plain_figures(text)
    matches = [match for match in TOKEN.finditer(text) if is_numeral(text, match)]
    found = [numeral(text, match) for match in matches]
    for i, (one, two) in reversed([*enumerate(pairwise(matches))]):
        gap = text[one.end() : two.start()]
        if len(gap) <= LONGEST_GAP and found[i].value and found[i + 1].value:
            before = text[max(0, one.start() - NEAR) : one.start()]
            found[i : i + 2] = joined(before, found[i], gap, found[i + 1])
    return found


def is_numeral(text: str, match: re.Match[str]) -> bool:
    """Return whether *match* in *text* has a number or is a name with digits."""
    if match["word"]:
        return any("0" <= character <= "9" for character in match["word"])
    return bool(match["digits"]) or not PART.match(text, match.end("spelled"))


def numeral(text: str, match: re.Match[str]) -> Numeral:
    """Return what *match* in *text* is."""
    if match["word"]:
        return Numeral("", "", "", match["word"])
    end = max(match.end("digits"), match.end("spelled"))
    before = text[max(0, match.start() - NEAR) : match.start()]
    sign = match["sign"] or ""
    if sign and TOUCHING.search(before):
        sign = ""
    digits = match["digits"] or number_in_words(match["spelled"])
    unit = unit_of(BEHIND.match(text, end)) or unit_of(BEFORE.search(before[-NEXT:]))
    if len(digits) > MOST or is_name(before, sign, digits, match["tail"] or "", unit):
        return Numeral("", "", "", match[0])
    return Numeral(
        plain_value(digits),
        sign,
        unit,
        sign + text[max(match.start("digits"), match.start("spelled")) : end] + "%" * (unit == "%"),
        is_word=not match["digits"],
        falls=bool(before.endswith(BY) and FALL.search(SENTENCE.split(before)[-1])),
    )


def unit_of(match: re.Match[str] | None) -> str:
    """Return the unit that *match* of `BEHIND` or `BEFORE` tells."""
    if not match:
        return ""
    kinds = {name: word for name, word in match.groupdict().items() if word}
    return UNIT_OF[kinds["unit"].lower()] if "unit" in kinds else next(iter(kinds), "%")


def is_name(before: str, sign: str, digits: str, tail: str, unit: str) -> bool:
    """Return whether the number *digits* with *tail* glued to it is no figure: 5-HT2A, stage 2."""
    if unit:
        return False
    called = CALLED.search(before[-NEXT:])
    return (
        bool(tail and not re.fullmatch(r"-[a-z-]+", tail))
        or bool(
            called and not sign and digits.isdigit() and (not called["code"] or len(digits) > CODE)
        )
        or bool(sign == "-" and len(digits) == 1 and SERIES.search(before))
    )


def joined(before: str, one: Numeral, gap: str, two: Numeral) -> tuple[Numeral, Numeral]:
    """Return *one* and *two* with what they tell of each other: one has *before*, and *gap* is between."""
    whole = f"{one.value}{two.value}".isdigit() and {one.unit, two.unit} <= {"", "people"}
    if SHARE.fullmatch(gap) and whole and not (one.sign or two.sign):
        one, two = (number._replace(unit="people", falls=False) for number in (one, two))
        return one, two
    if RANGE.fullmatch(gap) and two.unit not in {"", "p"} and not one.unit:
        return one._replace(unit=two.unit), two
    in_digits = not (one.is_word or two.is_word)
    if INTERVAL.fullmatch(gap) and in_digits and one.unit == two.unit and OPENING.search(before):
        return one._replace(begins=True), two
    return one, two
