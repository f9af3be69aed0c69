"""Whether two texts say the same, when a person wrote one of them and a database the other."""

from __future__ import annotations

import enum
import html
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from anyascii import anyascii
from rapidfuzz import fuzz

from bibtex.tex import plain
from common.characters import MOJIBAKE, in_utf_8
from paper_entry import JOURNAL_SMALL
from paper_tex import pages_tex

if TYPE_CHECKING:
    from collections.abc import Callable

#: Letters that are written as two where there is no mark for them.
TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "đ": "dj"})
TAG = re.compile(r"</?[a-z][^<>]*>", re.IGNORECASE)
#: What a database puts before the title of a paper that was withdrawn.
WITHDRAWN = re.compile(r"\W*(retracted|withdrawn)( article| paper)?\s*[:\]]+\s*", re.IGNORECASE)
#: What stands between a title and a subtitle.
BREAK = re.compile(r"[:;?!]\s+|\s[-–—]+\s|\s*—\s*|(?<=\w{4})\.\s+(?=[A-Z])")
#: What publishers deposit where a paper has no pages yet.
NO_PAGES = re.compile(r"(n/?a|no|nan|0+|\?+)([-–]+(n/?a|no|nan|0+|\?+))?", re.IGNORECASE)
#: More than any title has: what a database sends is not trusted to be short.
LIMIT = 1000
#: In which databases read UTF-8 by mistake.
ENCODINGS = ("cp1252", "latin-1", "cp1250", "mac_roman")


class Relation(enum.Enum):
    """What a value of ours is to that of a database."""

    SAME = "the same"
    SHORTER = "ours says less, and nothing else"
    #: Ours says more, or names a person in another order: believed of a source that stands alone.
    LOOSE = "theirs says less, and nothing else"
    OTHER = "another"


class Answer(NamedTuple):
    """How a value of ours compares with that of a database, and both as text."""

    relation: Relation
    ours: str
    theirs: str


def mended(text: str) -> str:
    """Return *text* without markup, without TeX and, where that is certain, as it was before it was misread."""
    text = TAG.sub("", html.unescape(html.unescape(text[:LIMIT]))).replace("\\", "")
    text = MOJIBAKE.sub(lambda found: in_utf_8(found[0]) or found[0], text)
    return " ".join(text.split())


def agree(ours: str, theirs: str, key: Callable[[str], set[str]]) -> bool:
    """Return whether *ours* and *theirs* have a *key* in common, or *theirs* is *ours* in a wrong encoding.

    So no guess is needed of what a spoilt name was: ftfy leaves words as short as names alone.
    """
    if key(ours) & key(theirs):
        return True
    if ours.isascii() or theirs.isascii():
        return False
    misread = (ours.encode().decode(encoding, "replace") for encoding in ENCODINGS)
    return any(key(text) & key(theirs) for text in misread)


def spellings(text: str) -> tuple[str, str]:
    """Return *text* in ASCII and lower case, with ö as o and as oe, Greek letters by their names."""
    text = re.sub("[®™©*†‡]", "", unicodedata.normalize("NFC", text))
    text = unicodedata.normalize("NFKC", re.sub("[·∙⋅](?=\\d)", ".", text)).casefold()
    text = "".join(greek(char) for char in text)
    return anyascii(text).lower(), anyascii(text.translate(TWO_LETTERS)).lower()


def greek(char: str) -> str:
    """Return the name of *char* if it is a Greek letter, else *char*."""
    words = unicodedata.name(char, "").split(" ")
    if words[:1] != ["GREEK"] or "LETTER" not in words:
        return char
    return (
        words[words.index("LETTER") + 1]
        .lower()
        .replace("lamda", "lambda")
        .replace("final", "sigma")
    )


def letters(text: str) -> set[str]:
    """Return the spellings of *text*, a name, without anything but letters and digits."""
    return {re.sub("[^a-z0-9]", "", spelling) for spelling in spellings(text)}


def words(text: str) -> str:
    """Return *text* as words in lower case with one space between them."""
    return " ".join(re.findall("[a-z0-9]+", spellings(text)[0]))


def keys(title: str) -> set[str]:
    """Return what counts in *title*: letters, numbers with what parts them, less and more."""
    found = set()
    for text in spellings(title.replace("&", " and ")):
        short = re.sub(r"(?<=\d)[,\s](?=\d{3}(?!\d))", "", text)  # 1,000 and 1 000
        short = re.sub(r"(?<=\d)[^a-z0-9<>.]+(?=\d)", ",", short)
        found.add(re.sub(r"[^a-z0-9<>.,]|(?<!\d)[.,]|[.,](?!\d)", "", short))
    return found


def titles(texts: list[str]) -> list[str]:
    """Return *texts*, titles of one paper in a database, as they are compared."""
    return [WITHDRAWN.sub("", mended(text), count=1) for text in texts if text.strip()]


def heads(title: str) -> set[str]:
    """Return the keys of what *title* says before a subtitle, if that is more than a catchword."""
    begins = (title[: found.start()] for found in BREAK.finditer(title))
    return {key for begin in begins if len(begin.split()) > 2 for key in keys(begin)}  # noqa: PLR2004


def title(tex: str, theirs: list[str]) -> Answer:
    """Return how the title *tex* compares with *theirs*, the titles of one paper."""
    ours, theirs = WITHDRAWN.sub("", plain(tex), count=1), titles(theirs)
    all_of_them = set().union(*map(keys, theirs))
    if any(agree(ours, text, keys) for text in theirs):
        relation = Relation.SAME
    elif keys(ours) & set().union(*map(heads, theirs)):
        relation = Relation.SHORTER
    else:
        relation = Relation.LOOSE if heads(ours) & all_of_them else Relation.OTHER
    return Answer(relation, ours, theirs[0])


def numbers(text: str) -> list[str]:
    """Return the numbers in *text*, Roman ones too, in their order."""
    return re.findall(r"\d+(?:\.\d+)?|\b[ivx]+\b", spellings(plain(text))[0])


def likeness(tex: str, theirs: list[str]) -> float:
    """Return how near the title *tex* is to the nearest of *theirs*, from 0 to 100."""
    ours = words(plain(tex))
    return max((fuzz.ratio(ours, words(text)) for text in titles(theirs)), default=0.0)


def journal(tex: str, theirs: list[str]) -> Answer:
    """Return how the journal *tex* compares with *theirs*, the names of one journal."""
    ours, theirs = plain(tex), [mended(name) for name in theirs]
    same = any(one_journal(ours, name) for name in theirs)
    return Answer(Relation.SAME if same else Relation.OTHER, ours, theirs[0])


def one_journal(one: str, other: str) -> bool:
    """Return whether *one* and *other* name one journal, whole or short, or with its initials before it."""
    for name, same in ((one, other), (other, one)):
        both = re.fullmatch(r"([A-Z]{2,})\s?: (.+)", name)
        if both and one_journal(both[1], both[2]) and one_journal(both[2], same):
            return True
    (a, short), (b, long) = sorted(
        (name_words(name) for name in (one, other)), key=lambda x: len(x[0])
    )
    if a == b:
        return True
    if len(short) == 1 and len(long) > 2 and one.isupper() | other.isupper():  # noqa: PLR2004  PNAS
        return "".join(word[0] for word in long).startswith(a)
    return len(short) == len(long) and all(map(abbreviates, short, long))


def name_words(journal: str) -> tuple[str, list[str]]:
    """Return the letters of a *journal* without article, place and subtitle, and its words that count.

    Library catalogues, PubMed's among them, write a subtitle behind a spaced colon; behind another
    one stands a part of the name, as in NeuroImage: Clinical.
    """
    name = re.split(r"\s[:=]\s", re.sub(r"\([^()]*\)|\[[^\[\]]*\]", "", journal))[0]
    found = words(name.replace("&", " and ").replace("'", "").replace("\u2019", "")).split()
    if found[:1] == ["the"]:
        del found[0]
    return "".join(found), [word for word in found if word not in JOURNAL_SMALL]


def abbreviates(one: str, other: str) -> bool:
    """Return whether two words are one, or one is the other without two letters or more (ISO 4)."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return True
    rest = iter(long)
    contracted = len(short) <= 5 and short[0] == long[0] and all(char in rest for char in short)  # noqa: PLR2004
    return len(long) - len(short) > 1 and (long.startswith(short) or contracted)


def number(tex: str, theirs: str) -> Answer:
    """Return how a volume or an issue compares with *theirs*."""
    ours, theirs = plain(tex), mended(theirs)
    one, other = number_key(ours), number_key(theirs)
    without_part = [re.sub(r"p(art|t)\d+$", "", key) for key in (one, other)]
    relation = Relation.OTHER
    if one == other or ("s" in (one, other) and one[-1:] == other[-1:] == "s"):
        relation = Relation.SAME
    elif one == without_part[1]:
        relation = Relation.SHORTER
    elif other == without_part[0]:
        relation = Relation.LOOSE
    return Answer(relation, ours, theirs)


def number_key(text: str) -> str:
    """Return what counts in a volume or an issue: Suppl 1 and S1, 1--2 and 1/2, 02 and 2 are the same."""
    key = re.sub(r"\b(vol(ume)?|no|nr|issue)\b", "", spellings(text)[0])
    key = re.sub(r"(?<=[a-z\d])\s*[-/&]+\s*(?=[a-z\d])", "-", key)
    key = re.sub(r"(?<!\d)0+(?=\d)", "", key.replace("_", " "))
    key, supplements = re.subn(r"suppl(ements?)?|s(?=-?\d*$)|(?<=\d)s\b", " ", key.strip())
    key = re.sub(r"[^a-z0-9-]|^-|(?<=\s)-", "", key)
    return key + "s" * bool(supplements)


def pages(tex: str, theirs: list[str]) -> Answer | None:
    """Return how pages or an article number compare with *theirs*, pages and the number of the article."""
    spans = {text: span for text in map(mended, theirs) if (span := page_span(text))}
    ours = page_span(plain(tex))
    if not spans or not ours:
        return None
    found = Relation.OTHER
    for first, last in spans.values():
        if ours == (first, last):
            found = Relation.SAME
        elif ours[0] == first and found is not Relation.SAME and first in (last, ours[1]):
            found = Relation.SHORTER if ours[1] == first else Relation.LOOSE
    return Answer(found, plain(tex), next(iter(spans)))


def page_span(text: str) -> tuple[str, str] | None:
    """Return the first and the last page in *text*, or None; what is read on, as a reply, does not count."""
    text = re.split(r"[;,]", text)[0].strip()
    if not text or NO_PAGES.fullmatch(text):
        return None
    text = re.sub(
        r"^\s*(article|art\b|pp?\b|no\b|id\b)[\s.:]*|\.e\d+$|\s", "", text, flags=re.IGNORECASE
    )
    text = pages_tex(text).lower().replace("{-}", "-")
    first, _, last = re.sub(r"(?<![a-z\d])([a-z]*)0+(?=\d)", r"\1", text).partition("--")
    return first, last or first
