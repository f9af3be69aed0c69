"""What a citation is of: a paper, a notice on another paper, or a preprint; and the year of its issue."""

from __future__ import annotations

import re

from paper import CitationError, Paper

#: What a format or a database calls a notice, in lower case, with spaces.
KIND = (
    r"(?:published |author |publisher )?(?:erratum|errata|corrigend(?:um|a)|correction|addendum)"
    r"|(?:partial )?retraction(?: notice| note| statement| of publication)?"
    r"|(?:editorial )?expression of concern|withdrawal(?: notice)?|removal"
)
#: A note that begins with that, and one that names a publication type of PubMed.
NOTE = re.compile(
    rf"(?:(?:publication|document) type:?\s*)?({KIND})\s*(?:[.;]|$|(?:for|of|to)\b)", re.IGNORECASE
)
TYPE_IN_NOTE = re.compile(r"\b(Published Erratum|Retraction Notice|Retraction of Publication)\b")
#: How the title of a notice begins.
TITLE = re.compile(
    r"\W*(?:(?:authors?|publishers?|editorial|editors?)\W{0,2}\s?(?:s\W?\s)?)?(?:"
    r"(?:erratum|errata|corrigend(?:um|a))\b"
    r"|(?:correction|addendum|retraction|expressions? of concern)(?:\s+(?:notice|note|statement))?"
    r"(?:\s+(?:to|regarding)\b|\s+for\b.+\bet al\b|\s*(?:\(?\d+\)?\s*)?:|\s*[.\]]|\s+[–—-]\s|\s*$)"
    r"|(?:notice|statement) of (?:retraction|withdrawal|concern|correction)\b"
    r"|(?:retraction|withdrawal) (?:notice|note|statement)\b|retraction of\b)",
    re.IGNORECASE,
)
#: Titles of notices by some publishers; others print these words in capitals above the paper itself.
MARKED = re.compile(
    r"\W*(?!RETRACTED|WITHDRAWN)(?i:retracted|withdrawn)(?!\s+(?i:article|paper|chapter))\s*[:\]]"
)


#: A year, also that of 20131001.
YEAR = re.compile(r"(?<!\d)[12]\d{3}(?=(?:\d{4})?(?!\d))")


def year_in(date: str) -> str:
    """Return the year in *date*, or nothing."""
    match = YEAR.search(date)
    return match[0] if match else ""


def settle_year(paper: Paper, printed: str, online: str) -> None:
    """Give *paper* the year of its issue, *printed*, unless it has no place in one; say so if they differ."""
    printed, online = year_in(printed), year_in(online)
    in_issue = any(paper.fields.get(name) for name in ("volume", "number", "pages"))
    if year := (printed if in_issue else online) or printed or online:
        paper.fields["year"] = year
    if printed and online and printed != online:
        paper.remarks.append(f"print {printed}, online {online}: {year} is used")


def status_after(notice: str) -> str:
    """Return the status of a paper on which there is the *notice*."""
    if "concern" in notice.lower():
        return "expression of concern"
    withdrawn = re.search(r"(?<!partial )retract|withdraw|removal", notice, re.IGNORECASE)
    return "retracted" if withdrawn else "corrected"


def notice_in(note: str) -> str:
    """Return which notice *note*, a free text of a citation, says that this is; empty for none."""
    match = NOTE.match(note.strip()) or TYPE_IN_NOTE.search(note)
    return match[1].lower() if match else ""


def refuse_notice(paper: Paper) -> None:
    """Raise `CitationError` when the title or the type of *paper* is that of a notice on another paper."""
    kinds = {re.sub(r"[_-]", " ", kind) for kind in paper.kinds}
    signs = sorted(kind for kind in kinds if re.fullmatch(KIND, kind))
    title, hint = paper.fields["title"], ""
    if match := TITLE.match(title):
        signs.append(match[0].strip(" .:[]–—-").lower())
    elif not signs and paper.status != "retracted" and (match := MARKED.match(title)):
        signs.append(match[0].strip(" :[]").lower())
        hint = f"; if it is the paper, write {signs[0].upper()} in capitals in the file"
    if signs:
        message = (
            f"this is a notice ({signs[0]}) and not the paper; import the paper itself, "
            f"and set the status of its record to {status_after(signs[0])}{hint}"
        )
        raise CitationError(message)
