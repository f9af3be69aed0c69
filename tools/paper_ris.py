"""Papers in RIS: "RIS Format Specifications", Research Information Systems."""

from __future__ import annotations

import re

from rispy.parser import RisParser

from paper import Paper, clean, is_organisation, person
from paper_doi import find_doi
from paper_kind import notice_in, settle_year, year_in
from paper_tags import Tags, first, longest, refuse_cut_off, refuse_several, tags, unfolded

LINE = re.compile(r"([A-Z][A-Z0-9])  -(?: (.*)|$)")
TYPES = {
    **dict.fromkeys(("JOUR", "EJOUR", "JFULL", "MGZN", "NEWS", "INPR", "ABST"), "article"),
    **dict.fromkeys(("BOOK", "EBOOK", "EDBOOK"), "book"),
    **dict.fromkeys(("CHAP", "ECHAP"), "incollection"),
    **dict.fromkeys(("CONF", "CPAPER"), "inproceedings"),
    **dict.fromkeys(("RPRT", "GOVDOC"), "techreport"),
    "THES": "phdthesis",
}
#: Where publishers and databases put the DOI, the best first.
DOI_TAGS = ("DO", "M3", "L3", "UR", "LK", "AN", "N1")
#: What databases call a paper that was retracted, and not its notice.
RETRACTED = {"retracted", "retracted article", "retracted publication"}


def read_ris(text: str) -> Paper:
    """Return the paper in *text*; raise `CitationError` when there is not one whole record."""
    refuse_several(text, "TY  -")
    lines = unfolded(text, LINE)
    refuse_cut_off(text, lines, "ER")
    found = tags(RisParser, lines)
    kind = TYPES.get(first(found, "TY"), "misc")
    periodical = longest(found, "T2", "JF", "JO", "JA", "J2")
    paper = Paper(kind)
    paper.fields = {
        "title": first(found, "TI", "T1", "CT", *(["BT"] if kind == "book" else [])),
        "journal" if kind in {"article", "misc"} else "booktitle": periodical or first(found, "BT"),
        "year": first(found, "PY", "Y1", "DA"),
        "volume": first(found, "VL"),
        "number": first(found, "IS"),
        "pages": "--".join(dict.fromkeys(filter(None, [first(found, "SP"), first(found, "EP")])))
        or first(found, "C7"),
        "doi": find_doi(texts(found, *DOI_TAGS)) or first(found, "DO"),
        "publisher": first(found, "PB"),
        "address": first(found, "CY"),
        "isbn": first(found, "SN") if kind != "article" else "",
        "url": first(found, "UR"),
    }
    years = {tag: year_in(first(found, tag)) for tag in ("PY", "ET", "Y1", "DA")}
    printed = years.pop("PY") or max(years["Y1"], years["DA"])
    if kind == "article":
        others = (year for year in years.values() if year not in {printed, ""})
        settle_year(paper, printed, next(others, ""))
    if kind == "book":
        paper.fields["series"] = paper.fields.pop("booktitle")
    paper.fields |= identifiers(found)
    paper.kinds = {text.lower() for text in texts(found, "TY", "M3")}
    paper.kinds |= {notice for text in texts(found, "N1") if (notice := notice_in(text))}
    if paper.kinds & RETRACTED:
        paper.status = "retracted"
    paper.authors = [person(name) for name in people(found, "AU", "A1")]
    if kind != "article":
        paper.editors = [person(name) for name in people(found, "ED", "A2")]
    paper.remarks += [
        f"author {name.family!r} has no comma, so it became an organisation; look"
        for name in paper.authors
        if name.is_group and not is_organisation(name.family)
    ]
    return paper


def texts(found: Tags, *names: str) -> list[str]:
    """Return all texts under the tags *names*."""
    return [clean(text) for name in names for text in found.get(name, ())]


def people(found: Tags, *names: str) -> list[str]:
    """Return the names under the first of the tags *names* that is there; ``;`` parts them, too."""
    lines = next((found[name] for name in names if name in found), [])
    return [name for text in lines for name in text.split(";") if name.strip()]


def identifiers(found: Tags) -> dict[str, str]:
    """Return what RIS has no tags for, PubMed and PMC, from the tags that databases use instead.

    Zotero gives addresses in L2, EndNote the PMCID in C2, Cochrane ``PUBMED 123`` in C3, and
    PubMed, Scopus and Embase the bare PubMed number in AN, C2 and C5.
    """
    names = ("UR", "L1", "L2", "N1", "C2", "C3", "AN")
    found_texts = texts(found, *names)
    databases = " ".join(found.get("DB", ())).lower()
    places = (("AN", "pubmed"), ("C2", "scopus"), ("C5", "medline"), ("C5", "embase"))
    for name, database in places:
        if database in databases:
            found_texts += [f"PMID: {text}" for text in texts(found, name)]
    patterns = {
        "pmid": r"(?:https?://)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|www\.ncbi\.nlm\.nih\.gov/pubmed/)"
        r"(\d{1,8})/?|(?:PMID:\s*|PUBMED )(\d{1,8})(?:,.*)?",
        "pmcid": r"https?://[\w./]*/(PMC\d+)/?|(?:PMCID:\s*)?(PMC\d+)",
    }
    matches = {
        name: [match for text in found_texts if (match := re.fullmatch(pattern, text))]
        for name, pattern in patterns.items()
    }
    return {name: next(filter(None, match[0].groups())) for name, match in matches.items() if match}
