"""Texts of services made harmless: no markup, nothing that a terminal or a reader does not see."""

from __future__ import annotations

import html
import re
import unicodedata

#: A tag, a comment or an instruction of XML or HTML.
TAG = re.compile(
    r"<(/?)(?:[a-z][\w.-]*:)?([a-z][\w.-]*|[!?][^<>\s]*)([\s/][^<>]*)?>", re.IGNORECASE
)
#: Tags that end a line or a part of a text; the others stand within a word or a number.
BLOCK = frozenset(
    (
        *(
            "abstract",
            "abstracttext",
            "article",
            "blockquote",
            "br",
            "break",
            "caption",
            "dd",
            "def-item",
        ),
        *(
            "div",
            "dl",
            "dt",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "label",
            "li",
            "list",
            "list-item",
            "ol",
        ),
        *("p", "sec", "section", "table", "tbody", "td", "th", "thead", "title", "tr", "ul"),
    )
)
#: Tags that change only how letters look: a number goes on behind them.
LOOKS = frozenset(
    (
        *(
            "b",
            "bold",
            "em",
            "font",
            "i",
            "italic",
            "roman",
            "sans-serif",
            "sc",
            "scp",
            "small",
            "span",
        ),
        *("strong", "tt", "u", "underline"),
    )
)
#: What sets the colour of a terminal or its title, or gives it another order (ECMA-48).
ESCAPE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]?"
    r"|(?:\x1b[\]PX^_]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c)?"
    r"|\x1b(?:[()*+][0-2A-Z]|[@-_])?"
)
#: The sign that begins it, as HTML writes it; HTML forbids it, so `html.unescape` leaves nothing of it.
WRITTEN_ESCAPE = re.compile(r"&#(?:0*27|x0*1b)(?:;|(?![0-9a-f]))", re.IGNORECASE)
#: Spaces that hold the parts of a number together.
HOLDING = "\u2007\u2009\u00a0\u202f"
#: Letters that show nothing although they count as letters (Unicode Technical Report 36).
BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
#: No text is read further than so many times the length that is asked for.
EXCESS = 4
DOI_PREFIX = re.compile(r"(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|doi:\s*)", re.IGNORECASE)
MAX_DOI = 300


def clean(text: str, limit: int = 20_000) -> str:
    """Return *text* on one line and in NFC, at most *limit* characters, without markup and what is unseen.

    Tags are taken out and entities decoded once, as JATS in a JSON text needs it. The signs of a
    number stay, numbers that tags hold apart stay apart, and a thin or no-break space within a
    number stays. The title of a part of an abstract gets a colon.
    """
    text = WRITTEN_ESCAPE.sub("\x1b", _without_tags(text[: EXCESS * limit]))
    text = _seen(ESCAPE.sub(" ", html.unescape(text)))
    text = unicodedata.normalize("NFC", _without_tags(text))
    return re.sub(r"\s+", _space, text[:limit]).strip()


def without_escapes(text: str) -> str:
    """Return *text* without orders to a terminal, which are whole: ``[31m`` does not stay."""
    return ESCAPE.sub(" ", WRITTEN_ESCAPE.sub("\x1b", text))


def _without_tags(text: str) -> str:
    """Return *text* without tags, with a space where one ends a line or stands between two numbers."""
    if "<" not in text:
        return text
    found: list[str] = []
    last = between = ""
    at = 0
    for tag in TAG.finditer(text):
        if tag[3] and "=" not in tag[3] and tag[3].strip(" /") and tag[2][0] not in "!?":
            continue  # "a<b and c>d" compares
        last, between, at = _append(found, text[at : tag.start()], last, between), "", tag.end()
        name = tag[2].lower()
        if name == "title" and tag[1] and last and last not in ".:?!":
            found.append(":")
            last = ":"
        if name in BLOCK:
            found.append(" ")
        elif name not in LOOKS:
            between = name
    _append(found, text[at:], last, between)
    return "".join(found)


def _append(found: list[str], piece: str, last: str, between: str) -> str:
    """Append *piece* to *found*, apart from a number before it; return the last character of all."""
    if between and last.isdigit() and re.match(r"[-+\u2212\u2010\u2013]?\d", piece):
        found.append(" ")
    found.append(piece)
    return piece[-1:] or last


def _seen(text: str) -> str:
    """Return *text* without characters that control, turn or hide others, and without half characters."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        " " if character in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029" else character
        for character in text
        if character in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85"
        or (
            unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co", "Cn"}
            and character not in BLANK
        )
    )


def _space(match: re.Match[str]) -> str:
    """Return what the white space becomes: itself within a number, else a space."""
    start, end = match.span()
    text = match.string
    holds = (
        match[0] in HOLDING and text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()
    )
    return match[0] if holds else " "


def bare_doi(text: str) -> str:
    """Return the DOI in *text* in small letters, without address or "doi:"; empty when there is none.

    DOI names are the same in small letters and in capitals (DOI Handbook, 2.4). Tags are left alone:
    old names hold ``<`` and ``>``.
    """
    text = DOI_PREFIX.sub("", "".join(_seen(html.unescape(text[:MAX_DOI])).split()), count=1)
    return text.lower() if re.match(r"10\.\d{4,9}(?:\.\d+)*/\S", text) else ""
