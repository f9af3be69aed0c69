"""Preprints: papers that nobody has reviewed, and the server that has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from paper import Paper

#: The servers, and the DOIs that are theirs alone.
SERVERS = {
    "arXiv": r"10\.48550/",
    "Authorea": r"10\.22541/",
    "bioRxiv": "",  # shares its DOIs with medRxiv
    "ChemRxiv": r"10\.26434/",
    "JMIR Preprints": r"10\.2196/preprints\.",
    "medRxiv": "",
    "OSF Preprints": r"10\.31219/",
    "Preprints.org": r"10\.20944/",
    "PsyArXiv": r"10\.31234/",
    "Research Square": r"10\.21203/",
    "SocArXiv": r"10\.31235/",
    "SSRN": r"10\.2139/ssrn",
}
ARXIV = re.compile(
    r"(?:arxiv:\s*)?(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?", re.IGNORECASE
)
#: Where a citation may name the server, the best first.
NAMED_IN = (
    "journal",
    "howpublished",
    "archiveprefix",
    "booktitle",
    "institution",
    "publisher",
    "url",
)
#: What an entry of a preprint does not have: it says no more than server and DOI do.
LEFT_OUT = (
    *NAMED_IN[:-1],
    "address",
    "volume",
    "number",
    "pages",
    "isbn",
    "eprint",
    "primaryclass",
)
UNREVIEWED = "preprint, not peer-reviewed"


def take_preprint(paper: Paper) -> None:
    """Make *paper* the preprint that it is: an entry that names the server; others stay as they are."""
    number = arxiv_number(paper)
    server = server_of(paper) or ("arXiv" if number else "")
    declared = any(re.search("preprint|posted.content", kind) for kind in paper.kinds)
    if not declared and not (server and is_nowhere_else(paper)):
        return
    if number:
        paper.fields.setdefault("doi", f"10.48550/arXiv.{number}")
    places = (paper.fields.get(name, "") for name in ("journal", "institution", "publisher"))
    server = server or re.split(r"\s[:=]\s", next(filter(None, places), ""))[0]
    for name in LEFT_OUT:
        paper.fields.pop(name, None)
    paper.type = "misc"
    paper.kinds.add("preprint")
    paper.fields["howpublished"] = f"{server} [Preprint]".strip()
    where = server or "add the server to howpublished"
    paper.remarks.insert(0, f"this is a {UNREVIEWED} ({where}); if a journal has it, cite that")


def server_of(paper: Paper) -> str:
    """Return the server that *paper* names, or whose DOI it has; empty when there is none."""
    doi = paper.fields.get("doi", "")
    for text in (paper.fields.get(name, "") for name in NAMED_IN):
        for server in SERVERS:
            if re.search(rf"(?<!\w){re.escape(server)}(?!\w)", text, re.IGNORECASE):
                return server
    return next((server for server, form in SERVERS.items() if form and re.match(form, doi)), "")


def is_nowhere_else(paper: Paper) -> bool:
    """Return whether no journal and no book has *paper*; the name of a server is not that of a journal."""
    journal = paper.fields.get("journal") or paper.fields.get("booktitle", "")
    return not journal or any(journal.lower().startswith(server.lower()) for server in SERVERS)


def arxiv_number(paper: Paper) -> str:
    """Return the number that arXiv gave *paper*, without a version, or nothing."""
    if paper.fields.get("archiveprefix", "arxiv").lower() != "arxiv":
        return ""
    if match := ARXIV.fullmatch(paper.fields.get("eprint", "")):
        return match[1]
    match = re.search(r"arxiv:\s*(\d{4}\.\d{4,5})", paper.fields.get("journal", ""), re.IGNORECASE)
    return match[1] if match else ""
