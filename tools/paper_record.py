"""The skeleton of a paper's study record, and its place in a page."""

from __future__ import annotations

import datetime as dt
import re

from common.text import did_you_mean
from pages import read_page
from paper import CitationError, Paper
from paper_preprint import UNREVIEWED
from studies.record import STUDY
from studies.vocabulary import Vocabulary

#: Designs by the publication types of PubMed that leave no doubt about them.
DESIGNS_BY_KIND = {
    "randomized controlled trial": "randomised controlled trial",
    "systematic review": "systematic review",
    "case reports": "case report",
    "editorial": "editorial",
}
#: Options that a paper may lack and that are forgotten where no line asks for them.
ASKED = (
    *("method", "left-early", "intervention", "dose", "comparator", "duration", "primary-outcome"),
    *("registration", "funding"),
)
#: Before this section a record goes where no section holds one yet.
LAST_SECTION = "Accessing Full Text"


def skeleton(key: str, paper: Paper, today: dt.date, vocabulary: Vocabulary) -> str:
    """Return the record of *key* with what *paper* tells, and the rest empty, which the check refuses.

    Nothing of what a study found can be told, and ``reviewed`` only by whoever compared the summary.
    """
    designs = {DESIGNS_BY_KIND[kind] for kind in paper.kinds & DESIGNS_BY_KIND.keys()}
    values: dict[str, str] = {
        "design": designs.pop()
        if len(designs) == 1 and designs <= vocabulary.designs.keys()
        else "",
        "method": UNREVIEWED if "preprint" in paper.kinds else "",
        "status": paper.status if paper.status != vocabulary.options["status"].default else "",
        "full-text": "free in PubMed Central" if "pmcid" in paper.fields else "",
        "added": today.isoformat(),
    }
    needed = {name for name, option in vocabulary.options.items() if option.required}
    needed |= {*ASKED, *(name for name, value in values.items() if value)}
    if values["status"]:
        needed.add("status-source")  # without which the check refuses the status
    if paper.status == "retracted":
        needed.add("acknowledged")  # here, too
    options = [
        f":{name}: {values.get(name, '')}".rstrip() for name in vocabulary.options if name in needed
    ]
    terms = "".join(f"\n{term}\n:\n" for term in vocabulary.terms)
    return "```{study} " + key + "\n" + "\n".join(options) + "\n" + terms + "```\n"


def sections(text: str) -> list[str]:
    """Return the names of the sections of the page *text* that hold records; all when none does."""
    page = read_page(text)
    lines = [directive.line for directive in page.directives if directive.name == STUDY]
    begins = [*(line for line, _ in page.headings), len(text)]
    held = [
        name
        for (begin, name), end in zip(page.headings, begins[1:], strict=True)
        if any(begin < line < end for line in lines)
    ]
    return held or [name for _, name in page.headings]


def insertion(text: str, section: str = "") -> tuple[int, str]:
    """Return the line before which a record goes in the page *text*, from 1, and the section's name.

    It goes behind the last record of the *section*, or of the page when none is given; where the
    section has no record, to its end. Raise `CitationError` when there is no such section.
    """
    lines = text.rstrip("\n").split("\n")
    page = read_page(text)
    last_lines = [directive.end for directive in page.directives if directive.name == STUDY]
    begins = page.headings
    names = [name for _, name in begins]
    if section:
        wanted = section.strip("# ").casefold()
        chosen = next((n for n, name in enumerate(names) if name.casefold() == wanted), None)
        if chosen is None:
            hint = did_you_mean(section, names) or f"; the sections are: {', '.join(names)}"
            message = f"citations.md has no section {section!r}{hint}"
            raise CitationError(message)
    elif last_lines:
        chosen = sum(begin < last_lines[-1] for begin, _ in begins) - 1
    else:
        chosen = (names.index(LAST_SECTION) if LAST_SECTION in names else len(names)) - 1
    begin, name = begins[chosen] if chosen >= 0 else (0, "")
    end = begins[chosen + 1][0] if chosen + 1 < len(begins) else len(lines) + 1
    if inside := [line for line in last_lines if begin < line < end]:
        return inside[-1] + 1, name
    while end - 2 > begin and re.fullmatch(r"\s*|\(.+\)=", lines[end - 2]):
        end -= 1  # an anchor belongs to the heading below it
    return end, name


def inserted(text: str, record: str, line: int) -> str:
    """Return *text* with *record* before *line*, an empty line on each side."""
    lines = text.split("\n")
    before = "\n".join(lines[: line - 1]).rstrip("\n")
    after = "\n".join(lines[line - 1 :]).lstrip("\n")
    return "\n\n".join(part for part in (before, record.rstrip("\n"), after) if part) + (
        "" if after else "\n"
    )
