"""The papers of a site in the words of schema.org, for the head of the pages that list them."""

from pybtex.database import Person

from bibtex.entry import unverified
from bibtex.tex import plain
from common.text import IDENTIFIERS
from dataset.codebook import FILES
from dataset.data import SCHEMA
from dataset.papers import Paper, Site
from imprint.site import imprint_of
from imprint.tags import Thing, thing
from references.labels import is_others, surname
from references.nlm_style import identifier_address, web_address


def as_dataset(site: Site) -> Thing:
    """Return the records of *site* as data, with the files that hold them."""
    config, imprint = site.env.config, imprint_of(site.env.config)
    kinds = {name: "application/json" if name.endswith("json") else "text/csv" for name in FILES}
    files = [
        thing("DataDownload", contentUrl=site.home + name, encodingFormat=kind)
        for name, kind in kinds.items()
        if site.home and name != SCHEMA
    ]
    return thing(
        "Dataset",
        name=imprint.title or config.project,
        description=f"{imprint.about} One record for each of {len(site.papers)} papers.".strip(),
        url=site.home,
        license=imprint.licence,
        creator=thing("Organization", name=config.author),
        version=config.release,
        dateModified=site.date,
        creativeWorkStatus=imprint.status,
        isAccessibleForFree=True,
        distribution=files,
    )


def as_thing(paper: Paper, site: Site) -> Thing:
    """Return *paper*, and where its record is.

    What its entry declares unverified is not told to those who cannot read why.
    """
    entry, record = paper.entry, paper.record
    doubted = unverified(entry)
    fields = {name: text for name, text in entry.fields.items() if name not in doubted}
    people = [] if "author" in doubted else entry.persons.get("author", [])
    same = [identifier_address(entry, name) for name in IDENTIFIERS if name in fields]
    return thing(
        imprint_of(site.env.config).article_type if "journal" in fields else "CreativeWork",
        name=plain(fields.get("title", "")),
        author=[person_or_group(person) for person in people if not is_others(person)],
        datePublished=fields.get("year", ""),
        isPartOf=thing("Periodical", name=plain(fields["journal"])) if "journal" in fields else "",
        identifier=[
            thing("PropertyValue", propertyID=name, value=fields[name])
            for name in IDENTIFIERS
            if name in fields
        ],
        url=web_address(entry) if "url" in fields and not same else "",
        sameAs=same,
        creativeWorkStatus=paper.record.notice,
        subjectOf=thing(
            "WebPage",
            url=site.home and site.address(paper.docname, paper.anchor),
            name=record["plain-title"],
            lastReviewed=record["reviewed"],
        ),
    )


def person_or_group(person: Person) -> Thing:
    """Return an author: a name without given names, as of a ministry, is that of an organisation."""
    given = plain(" ".join([*person.first_names, *person.middle_names]))
    generation = " ".join(person.lineage_names)
    name = " ".join(filter(None, [given, surname(person), generation]))
    return thing("Person" if given else "Organization", name=name)
