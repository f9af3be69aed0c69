"""The TeX of a BibTeX field, rendered as pybtex does it, and in most cases much faster."""

import functools
import re

from pybtex.richtext import Text

#: What needs a TeX parser: commands, mathematics, comments, ties, quotation marks, white space.
TEX = re.compile(r"[\\$%&#_^~`\n\t]|''|  |[!?]`")
#: An accent or a letter in braces, and a letter in mathematics: most of the TeX in bibliographies.
PIECE = re.compile(r"\{\\(?:[^\w\s]\{?\w\}?|\w+(?:\{\w\})?)\}|(?<![\\$])\$\\\w+\$(?!\$)")


@functools.lru_cache(maxsize=10_000)
def parsed(tex: str) -> Text:
    """Return *tex* as pybtex's parser renders it; slow, and names and words come again."""
    return Text.from_latex(tex)


def spelled(tex: str) -> str:
    """Return *tex* with the characters that its pieces stand for: few of them, in many names."""
    return PIECE.sub(lambda piece: str(parsed(piece[0])), tex) if "\\" in tex else tex


def rendered(tex: str) -> Text:
    """Return *tex* as rich text, the same as `Text.from_latex` but for what protects letter case."""
    return parsed(tex) if TEX.search(spelled(tex)) else Text(plain(tex))


def plain(tex: str) -> str:
    """Return *tex* as plain text; most fields hold no more TeX than braces and dashes."""
    if TEX.search(short := spelled(tex)):
        return str(parsed(tex))
    return re.sub("[{}]", "", short).replace("---", "—").replace("--", "–")
