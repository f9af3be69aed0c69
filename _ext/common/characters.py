"""Characters that do not belong into a text: nobody sees them, or they come from a wrong encoding."""

import re
from collections.abc import Iterator

#: Characters that show nothing, and those that turn the direction of what comes behind them
#: (Unicode Technical Report 36, *Unicode Security Considerations*).
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufff9-\ufffb]"
    "|[\U000e0000-\U000e007f]"
)
#: UTF-8 that was read as Windows-1252 or Latin-1.
MOJIBAKE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+"
)


def wrong_characters(text: str) -> Iterator[tuple[str, str]]:
    """Yield the kind of each fault in *text*, and what is wrong and how to fix it."""
    if text.isascii():
        return
    if found := INVISIBLE.search(text):
        yield "invisible-character", f"U+{ord(found[0]):04X}, which nobody sees; delete it"
    for found in MOJIBAKE.finditer(text):
        if (right := in_utf_8(found[0])).isprintable() and right:
            yield "mojibake", f"{found[0]} was read in a wrong encoding; write {right}"
            return


def in_utf_8(text: str) -> str:
    """Return what the bytes of *text* are in UTF-8, or nothing when they are no UTF-8."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode()
        except UnicodeError:
            continue
    return ""
