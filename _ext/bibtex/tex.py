"""The TeX of a BibTeX field, rendered as pybtex does it, and in most cases much faster."""

import functools
import re

from pybtex.richtext import Text

#: What needs a TeX parser: commands, mathematics, comments, ties, quotation marks, white space.
TEX = re.compile(r"[\\$%&#_^~`\n\t]|''|  |[!?]`")
NO_BRACES = str.maketrans("", "", "{}")


@functools.lru_cache(maxsize=10_000)
def parsed(tex: str) -> Text:
    """Return *tex* as pybtex's parser renders it; slow, and names and words come again."""
    return Text.from_latex(tex)


def rendered(tex: str) -> Text:
    """Return *tex* as rich text, the same as `Text.from_latex` but for what protects letter case."""
    return parsed(tex) if TEX.search(tex) else Text(plain(tex))


def plain(tex: str) -> str:
    """Return *tex* as plain text; most fields hold no more TeX than braces and dashes."""
    if TEX.search(tex):
        return str(parsed(tex))
    return tex.translate(NO_BRACES).replace("---", "—").replace("--", "–")
