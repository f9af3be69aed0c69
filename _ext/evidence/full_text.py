"""Where the papers can be read: those known to be free, and ways to look for the others.

The addresses are made of the entries; no site is asked before a reader follows a link.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote, quote_plus

from docutils import nodes
from pybtex.database import Entry

from dataset.papers import Paper, Site
from evidence import tables
from references.labels import title_of
from references.nlm_style import doi_address, full_text_address, pubmed_address, web_address
from studies.vocabulary import IN_PMC


def is_free(paper: Paper) -> bool:
    """Return whether the full text of *paper* was seen marked as free."""
    return paper.record["full-text"].startswith("free")


def ways(entry: Entry) -> dict[str, str]:
    """Return lawful ways to look for a copy of *entry* that is free or lent: names, and addresses."""
    doi, title = doi_address(entry), quote_plus(f'"{title_of(entry)}"')
    found = {"publisher": doi, "web page": "" if doi else web_address(entry)}
    if doi or "journal" in entry.fields:
        found |= {
            "Unpaywall": doi and f"https://unpaywall.org/{quote(entry.fields['doi'])}",
            "PubMed": pubmed_address(entry) or f"https://pubmed.ncbi.nlm.nih.gov/?term={title}",
            "Google Scholar": f"https://scholar.google.com/scholar?q={title}",
            "libraries": f"https://search.worldcat.org/search?q=ti%3A{title}",
        }
    return {name: address for name, address in found.items() if address}


def free(site: Site) -> list[nodes.Node]:
    """Return the papers that are known to be free to read, with a link to each."""
    found = []
    for paper in filter(is_free, site.papers):
        where = paper.record["full-text"]
        found.append((paper, {where: full_text_address(paper.entry, in_pmc=where == IN_PMC)}))
    return listed(site, found)


def others(site: Site) -> list[nodes.Node]:
    """Return the other papers, with ways to look for each."""
    found = [(paper, ways(paper.entry)) for paper in site.papers if not is_free(paper)]
    return listed(site, found, "searches")


def listed(
    site: Site, papers: Iterable[tuple[Paper, Mapping[str, str]]], *classes: str
) -> list[nodes.Node]:
    """Return a line for each of *papers*: its record, its plain title, and where to read it."""
    found = nodes.bullet_list(classes=["full-texts", *classes])
    for paper, places in papers:
        words = nodes.paragraph("", "", site.link(paper, paper.label))
        words += [nodes.Text(f", {paper.record['plain-title']}"), *tables.marks(paper)]
        for place, address in places.items():
            words += nodes.Text(": " if place == next(iter(places)) else ", ")
            words += nodes.reference("", place, refuri=address) if address else nodes.Text(place)
        found += nodes.list_item("", words)
    return [found] if found.children else []
