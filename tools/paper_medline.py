"""Papers in NBIB, the MEDLINE format that PubMed saves.

Its fields: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions". What they say of corrections:
NLM, fact sheet "Errata, Retractions, Partial Retractions, ...", which counts partial retractions
as errata.
"""

from __future__ import annotations

import re
from typing import ClassVar

from rispy.parser import RisParser

from bibcheck.people import ORGANISATION
from paper import CitationError, Name, Paper, clean, person
from paper_doi import find_doi
from paper_kind import settle_year
from paper_tags import Tags, first, refuse_cut_off, refuse_several, tags, unfolded

LINE = re.compile(r"([A-Z]{2,4}) *-(?: (.*)|$)")
#: Publication types and fields of MEDLINE that tell of a notice, by the status; the worst last.
NOTICES = {
    "corrected": {"EIN", "CRI", "CRF", "PRIN"}
    | {"published erratum", "corrected and republished article"},
    "expression of concern": {"ECI", "expression of concern"},
    "retracted": {"RIN", "RRI", "retracted publication"},
}
#: Fields of a notice itself: the paper that it speaks of is another one.
NOTICE_ITSELF = {
    "EFR": "published erratum",
    "ECF": "expression of concern",
    "ROF": "retraction of publication",
    "PROF": "partial retraction",
}
#: The place, the years or the edition with which NLM tells journals of one name apart.
PLACE = re.compile(r"\s+\((?:[^().]+(?:, [^()]+)(?: : \d{4})?|\d{4}|[^()]+ ed\.|[A-Z][a-z]+)\)$")


class MedlineParser(RisParser):  # type: ignore[misc]  # rispy ships no types
    """Reads MEDLINE lines, ``FAU - Yovell, Yoram``; an organisation (CN) keeps its place among authors."""

    START_TAG: ClassVar[str] = "TY"

    def parse_line(self, line: str) -> tuple[str | None, str]:
        """Return the tag and the text of *line*."""
        match = LINE.fullmatch(line)
        tag, text = (match[1], match[2] or "") if match else (None, line)
        return ("FAU", f"{{{text}}}") if tag == "CN" else (tag, text.strip())


def read_medline(text: str) -> Paper:
    """Return the paper in *text*; raise `CitationError` when there is not one whole record."""
    for tag in ("PMID", "TI  "):
        refuse_several(text, f"{tag}-")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip() and not LINE.match(line) and not line.startswith("  "):
            message = f"{line.strip()[:40]!r} is no line of an NBIB file"
            raise CitationError(message, number)
    lines = unfolded(text, LINE)
    refuse_cut_off(text, lines, "SO")
    found = tags(MedlineParser, ["TY  - ", *lines, "ER  - "])
    paper = Paper("article" if found.keys() & {"JT", "TA"} else "book")
    paper.kinds = {clean(kind).lower() for kind in found.get("PT", ())}
    paper.kinds |= {NOTICE_ITSELF[tag] for tag in NOTICE_ITSELF.keys() & found.keys()}
    paper.fields = {
        "title": first(found, "TI", "BTI"),
        "journal": journal(first(found, "JT", "TA")),
        "year": first(found, "DP"),
        "volume": first(found, "VI"),
        "number": first(found, "IP"),
        "pages": first(found, "PG"),
        "doi": doi(found),
        "pmid": first(found, "PMID"),
        "pmcid": first(found, "PMC"),
        "publisher": first(found, "PB"),
        "address": first(found, "PL") if paper.type == "book" else "",
        "isbn": first(found, "ISBN").partition(" ")[0],
    }
    settle_year(paper, first(found, "DP"), first(found, "DEP"))
    if later := first(found, "UIN"):
        paper.remarks.append(f"a later version is in {later}")
    names = found.get("FAU") or [
        re.sub(r" (?=[^\W\d_]{1,4}( \w+)?$)", ", ", name) for name in found.get("AU", ())
    ]
    paper.authors = [
        Name(clean(name.strip("{}")), is_group=True) if name.startswith("{") else person(name)
        for name in names
    ]
    paper.editors = [person(name) for name in found.get("FED", ())] if not names else []
    for status, signs in NOTICES.items():
        if signs & (paper.kinds | found.keys()):
            paper.status = status
    return paper


def doi(found: Tags) -> str:
    """Return the DOI among the identifiers, ``10.1234/abc [doi]``, or in the source."""
    texts = [clean(text) for name in ("LID", "AID") for text in found.get(name, ())]
    texts.sort(key=lambda text: not text.endswith("[doi]"))
    return find_doi([*texts, *map(clean, found["SO"])])


def journal(name: str) -> str:
    """Return the *name* of a journal without the place that NLM adds, but with an organisation."""
    place = PLACE.search(name)
    return name if place is None or ORGANISATION.search(place[0]) else name[: place.start()]
