"""What the words of databases and publishers for a notice mean, and which titles tell of one."""

from __future__ import annotations

import re

from paper_kind import TITLE

CORRECTION, CONCERN, RETRACTION = "correction", "concern", "retraction"
PARTIAL, REPUBLICATION, REINSTATEMENT = "partial retraction", "republication", "reinstatement"
#: Updates that say nothing against a paper: a new version is another text.
HARMLESS = re.compile(r"new (?:version|edition)|clarification", re.IGNORECASE)
#: What a word means, the first that fits.
MEANINGS = (
    (re.compile(r"reinstate"), REINSTATEMENT),
    (re.compile(r"partial(?:ly)? (?:retract|withdr|remov)"), PARTIAL),
    (re.compile(r"(?:retract|withdr)\w* and (?:republi|replace)"), REPUBLICATION),
    (re.compile(r"retract|withdr|remov"), RETRACTION),
    (re.compile(r"concern"), CONCERN),
)
_WORDS = r"(?:retracted|withdrawn)"
#: How publishers mark the title of a paper that they have withdrawn.
MARK = re.compile(
    rf"\W*(?:(?:{_WORDS}\s+(?:article|paper|chapter|review|publication)|retracted|temporary\s+removal"
    r"|(?-i:WITHDRAWN|REMOVED))\s*(?:[:\]]|\)\s*:?|$)"
    rf"|(?-i:RETRACTED|WITHDRAWN)(?:\.|\s+[\u2013\u2014-])\s|[\[(]\s*{_WORDS}\s*[\])]:?)\s*",
    re.IGNORECASE,
)
#: The same behind the title: "(Retracted article. See vol. 3, p. 9)".
MARK_BEHIND = re.compile(rf"\s*[\[(]\s*{_WORDS}\b[^\[\]()]*[\])]\W*$", re.IGNORECASE)
#: An abstract of so many characters is not the few words of a notice.
WHOLE = 500


def meaning(word: str) -> str:
    """Return what a *word* for an update means: a kind of `Notice`; empty for one without harm.

    Words are compared without case, hyphens and underscores. Whatever is not known is a correction:
    something was said of the paper, and a person has to look.
    """
    plain = " ".join(re.sub(r"[_-]", " ", word).lower().split())
    if HARMLESS.fullmatch(plain):
        return ""
    return next((kind for pattern, kind in MEANINGS if pattern.search(plain)), CORRECTION)


def is_title_of_notice(title: str, abstract: str) -> bool:
    """Return whether *title* is that of a notice: "Retraction: ...", "Correction to ...".

    A paper with a whole *abstract* is none: "Retraction of the eyelid after ...".
    """
    return TITLE.match(title) is not None and len(abstract) < WHOLE


def is_marked(title: str) -> bool:
    """Return whether *title* has the mark that the paper is withdrawn."""
    return bool(MARK.match(title) or MARK_BEHIND.search(title))


def without_mark(title: str) -> str:
    """Return *title* without that mark; empty when it has none, or nothing else."""
    match = MARK.match(title) or MARK_BEHIND.search(title)
    return title[: match.start()] + title[match.end() :] if match else ""
