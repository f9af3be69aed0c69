"""Papers in CSL-JSON, the format of citation processors, PubMed and Crossref (citationstyles.org)."""

from __future__ import annotations

import json
import re
from typing import Any

from paper import CitationError, Name, Paper, clean, is_degree, named, person, without_degrees
from paper_doi import find_doi
from paper_kind import settle_year

#: BibTeX types by the types of CSL and, in the second lines, the names that Crossref gives them.
TYPES = {
    **dict.fromkeys(("article-journal", "article-magazine", "article-newspaper"), "article"),
    **dict.fromkeys(("article", "review", "journal-article"), "article"),
    **dict.fromkeys(("book", "monograph", "edited-book", "reference-book"), "book"),
    **dict.fromkeys(("chapter", "book-chapter", "book-section"), "incollection"),
    **dict.fromkeys(("paper-conference", "proceedings-article"), "inproceedings"),
    "report": "techreport",
    **dict.fromkeys(("thesis", "dissertation"), "phdthesis"),
}
#: What Crossref calls an update, and the status that it means; the worst last.
UPDATES = {
    **dict.fromkeys(("correction", "corrigendum", "erratum", "addendum"), "corrected"),
    "partial_retraction": "corrected",  # as NLM sees it
    **dict.fromkeys(("expression_of_concern", "concern"), "expression of concern"),
    **dict.fromkeys(("retraction", "withdrawal", "removal"), "retracted"),
}


def read_csl(text: str) -> Paper:
    """Return the paper in *text*; raise `CitationError` when it is no JSON, or not of one paper."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        message = f"this is no JSON: {error.msg}"
        raise CitationError(message, error.lineno) from error
    except RecursionError as error:
        message = "this is no CSL-JSON: it is nested too deeply"
        raise CitationError(message, 1) from error
    items = data if isinstance(data, list) else [data]
    if len(items) != 1:
        message = f"{len(items)} papers in one file; save the citation of one paper only"
        raise CitationError(message)
    (item,) = items
    if not isinstance(item, dict) or not item.keys() & {"title", "author", "DOI"}:
        message = "this JSON is no CSL-JSON: it has neither title nor author nor DOI"
        raise CitationError(message)
    return paper(item)


def paper(item: dict[str, Any]) -> Paper:
    """Return the paper that the CSL *item* describes; raise `CitationError` for what is no CSL."""
    kind = TYPES.get(words(item, "type"), "misc")
    container = words(item, "container-title") or words(item, "container-title-short")
    title, subtitle = words(item, "title"), words(item, "subtitle")
    if subtitle and subtitle not in title:
        title = f"{title}: {subtitle}"
    found = Paper(kind)
    found.fields = {
        "title": title,
        "journal" if kind in {"article", "misc"} else "booktitle": container,
        "year": year(item.get("issued")) or year(item.get("published")),
        "volume": words(item, "volume"),
        "number": words(item, "issue") or words(item, "number"),
        "pages": words(item, "page") or words(item, "article-number"),
        "doi": find_doi([words(item, "DOI"), words(item, "URL")]) or words(item, "DOI"),
        "pmid": words(item, "PMID"),
        "pmcid": words(item, "PMCID"),
        "publisher": words(item, "publisher"),
        "address": words(item, "publisher-place"),
        "isbn": words(item, "ISBN") if kind != "article" else "",
        "url": words(item, "URL"),
        "urldate": day(item.get("accessed")),
    }
    issue = item.get("journal-issue")
    issue = issue.get("published-print") if isinstance(issue, dict) else None
    printed, online = year(item.get("published-print") or issue), year(item.get("published-online"))
    issued = found.fields["year"]  # of Crossref the earlier one
    settle_year(found, printed or issued, online or (issued if printed else ""))
    if listed(item, "institution"):
        found.fields["institution"] = words(listed(item, "institution")[0], "name")
    found.authors = [name(author) for author in listed(item, "author")]
    found.editors = [name(editor) for editor in listed(item, "editor")]
    found.kinds = {words(item, key).lower() for key in ("type", "genre", "subtype")}
    kinds = {words(update, "type") for update in listed(item, "updated-by")}
    for update in listed(item, "update-to"):  # of itself when the publisher changed the page
        itself = words(update, "DOI").lower() in {found.fields["doi"].lower(), ""} - {""}
        (kinds if itself else found.kinds).add(words(update, "type").lower())
    for update, status in UPDATES.items():
        if update in kinds:
            found.status = status
    return found


def words(item: Any, key: str) -> str:  # noqa: ANN401  whatever the JSON holds
    """Return the text or the number under *key*, of a list the first; raise `CitationError` else."""
    value = item.get(key) if isinstance(item, dict) else None
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None or (isinstance(value, (str, int)) and not isinstance(value, bool)):
        return "" if value is None else clean(str(value))
    message = f"{key} is neither a text nor a number; save the citation again"
    raise CitationError(message)


def listed(item: dict[str, Any], key: str) -> list[Any]:
    """Return the list under *key*, empty when there is none; raise `CitationError` for anything else."""
    value = item.get(key) or []
    if not isinstance(value, list):
        message = f"{key} is no list; save the citation again"
        raise CitationError(message)
    return value


def name(author: Any) -> Name:  # noqa: ANN401  whatever the JSON holds
    """Return the name of *author*: its particles before the family name, its suffix as generation."""
    family = " ".join(
        filter(
            None,
            [
                words(author, "dropping-particle"),
                words(author, "non-dropping-particle"),
                words(author, "family"),
            ],
        )
    )
    given = words(author, "given")
    if family and given:
        suffixes = [
            part for part in words(author, "suffix").split(",") if not is_degree(part.strip())
        ]
        return named(family, without_degrees(f"{family}, {given}")[0].partition(", ")[2], *suffixes)
    group = words(author, "literal") or words(author, "name") or family or given
    if group and group == words(author, "literal") and "," not in group:
        return person(group)
    if not group:
        message = "an author has no name; save the citation again"
        raise CitationError(message)
    return person(group) if person(group) == Name("others") else Name(group, is_group=True)


def dated(date: Any) -> list[str]:  # noqa: ANN401  whatever the JSON holds
    """Return year, month and day of a CSL *date*, as far as it gives them."""
    if not isinstance(date, dict):
        return []
    parts = date.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return [str(part) for part in parts[0]]
    return re.findall(r"\d+", words(date, "raw") or words(date, "literal"))


def year(date: Any) -> str:  # noqa: ANN401  whatever the JSON holds
    """Return the year of a CSL *date*, or nothing."""
    return next((part for part in dated(date) if re.fullmatch(r"\d{4}", part)), "")


def day(date: Any) -> str:  # noqa: ANN401  whatever the JSON holds
    """Return a CSL *date* that has a day as 2026-01-31, or nothing."""
    parts = [part.zfill(2) for part in dated(date)]
    return "-".join(parts) if [len(part) for part in parts] == [4, 2, 2] else ""
