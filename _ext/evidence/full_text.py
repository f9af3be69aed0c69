"""Where the papers can be read: those known to be free, and ways to look for the others.

The addresses are made of the entries; no site is asked before a reader follows a link.
"""

from urllib.parse import quote, quote_plus

from docutils import nodes
from pybtex.database import Entry

from dataset.papers import Site
from evidence import tables
from references.labels import title_of
from references.nlm_style import full_text_address, identifier_address, web_address
from studies.vocabulary import IN_PMC


def ways(entry: Entry) -> dict[str, str]:
    """Return lawful ways to look for a copy of *entry* that is free or lent: names, and addresses."""
    doi, title = identifier_address(entry, "doi"), quote_plus(f'"{title_of(entry)}"')
    found = {"publisher": doi, "web page": "" if doi else web_address(entry)}
    if doi or "journal" in entry.fields:
        found |= {
            "Unpaywall": doi and f"https://unpaywall.org/{quote(entry.fields['doi'])}",
            "PubMed": identifier_address(entry, "pmid")
            or f"https://pubmed.ncbi.nlm.nih.gov/?term={title}",
            "Google Scholar": f"https://scholar.google.com/scholar?q={title}",
            "libraries": f"https://search.worldcat.org/search?q=ti%3A{title}",
        }
    return {name: address for name, address in found.items() if address}


def listed(site: Site, *, free: bool) -> list[nodes.Node]:
    """Return a line for each paper that was seen marked as *free*, or for each other one: what it is, and where.

    They lead to a free text, or to ways to look for one.
    """
    found = nodes.bullet_list(classes=["full-texts"] if free else ["full-texts", "searches"])
    for paper in site.papers:
        where = paper.record["full-text"]
        if where.startswith("free") != free:
            continue
        places = ways(paper.entry)
        if free:
            places = {where: full_text_address(paper.entry, in_pmc=where == IN_PMC)}
        words = nodes.paragraph("", "", site.link(paper, paper.label))
        words += [nodes.Text(f", {paper.record['plain-title']}"), *tables.marks(paper)]
        separator = ": "
        for place, address in places.items():
            words += nodes.Text(separator)
            words += nodes.reference("", place, refuri=address) if address else nodes.Text(place)
            separator = ", "
        found += nodes.list_item("", words)
    return [found] if found.children else []
