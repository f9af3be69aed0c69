"""Signs that the fonts of the book lack: they are named at their line, before LaTeX stops."""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

#: Letters of Latin, Greek and Cyrillic, marks, and the signs that ``book.sty`` takes from other fonts.
MISSING = re.compile("[^\x00-\u052f\u1e00-\u27ff\ufb00-\ufb06]")


class Signs(SphinxPostTransform):
    """Warn of each sign that cannot be printed."""

    default_priority = 900  # when all words are there
    formats = ("latex",)

    def run(self, **_kwargs: object) -> None:
        for text in self.document.findall(nodes.Text):
            for sign in dict.fromkeys(MISSING.findall(text)):
                problem = "no font of the book has the sign %s (U+%04X); write it in words"
                node = text.parent
                logger.warning(problem, sign, ord(sign), location=node, type="book", subtype="sign")
