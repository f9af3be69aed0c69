"""The files beside the pages of a web site: the download of all papers, and the feed of changes."""

import csv
import datetime as dt
import io
import uuid
from html import escape

from docutils.nodes import make_id
from feedgenerator import Atom1Feed

from common.text import capital, sentence
from evidence.papers import Paper, Site, changes
from notice.domain import MedicationSafetyDomain
from references.nlm_style import doi_address
from studies.vocabulary import NOT_KNOWN
from studies.wording import in_words, not_reviewed, people_in_words

#: The names of the files, at the root of the site.
CSV, FEED = "evidence.csv", "feed.xml"
#: What leads to a paper.
IDENTIFIERS = ("doi", "pmid", "pmcid")


def as_csv(site: Site) -> str:
    """Return one line for each paper, with all that its record and reference say, and the notice.

    A file is passed on without its page, so nothing that a reader has to know is left out.
    """
    lines = [
        {name: no_formula(text) for name, text in csv_line(paper, site).items()}
        for paper in site.papers
    ]
    out = io.StringIO()
    writer = csv.DictWriter(out, lines[0], lineterminator="\r\n")  # RFC 4180
    writer.writeheader()
    writer.writerows(lines)
    return "\ufeff" + out.getvalue()  # spreadsheets look for the byte-order mark


def csv_line(paper: Paper, site: Site) -> dict[str, str]:
    """Return the cells of *paper* by the headings of their columns."""
    record, fields, vocabulary = paper.record, paper.entry.fields, site.vocabulary
    options = {name: record[name] for name in vocabulary.options}
    options["dose"] = in_words(record, "dose", vocabulary).rstrip(".")
    note = f" ({vocabulary.review_note})" if vocabulary.review_note else ""
    terms = vocabulary.terms
    others = [f"{term}: {text}" for term, text in paper.prose.items() if term not in terms]
    return {
        "key": record.key,
        "citation": paper.label,
        "title": paper.title,
        "year": paper.year,
        **{name: fields.get(name, "") for name in IDENTIFIERS},
        **{
            name.replace("-", " ") + (note if name == "reviewed" else ""): value
            for name, value in options.items()
        },
        "number of people": str(record.number or ""),
        "depends on": "; ".join(
            f"{kind}: {', '.join(labels)}" for kind, labels in paper.overlaps.items()
        ),
        "theme": paper.theme,
        **{term: paper.prose.get(term, "") for term in terms},
        "further remarks": " ".join(others),
        "medication safety": MedicationSafetyDomain.of(site.env).words[0],
    }


def no_formula(text: str) -> str:
    """Return *text* as a cell that no spreadsheet computes (OWASP, *CSV Injection*)."""
    return (
        f"'{text}" if text.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n")) else text
    )


def as_atom(site: Site) -> str:
    """Return the dated changes as an Atom feed (RFC 4287).

    Without an address its links are relative to where it was found, which the RFC allows; the
    identifiers, which must not be relative, are URNs and the same at every address.
    """
    config = site.env.config
    base = f"{config.html_baseurl.rstrip('/')}/" if config.html_baseurl else ""
    notice, page = MedicationSafetyDomain.of(site.env).words
    closing = f"<p>{escape(f'{notice} {config.evidence_remark}'.strip())}</p>"
    if page in site.env.found_docs:
        address = escape(base + address_of(site, page))
        closing += f'<p><a href="{address}">{address}</a></p>'
    feed = Atom1Feed(
        title=f"{config.project}: new and changed",
        link=base or "./",
        description=notice,
        language="en",
        author_name=config.author,
        feed_url=base + FEED,
        feed_guid=identifier(config.project, config.project),
    )
    for change in changes(site.papers):
        if change.date == NOT_KNOWN:
            continue
        paper = change.paper
        label = f"{paper.label}, {paper.notice}" if paper.notice else paper.label
        feed.add_item(
            title=f"{change.what}: {paper.record['plain-title']} ({label})",
            link=f"{base}{address_of(site, paper.docname, paper.anchor)}",
            description=summary(paper, site.vocabulary.limit) + closing,
            pubdate=first_moment(change.date),
            updateddate=first_moment(change.date),
            unique_id=identifier(config.project, paper.record.key, change.what, change.date),
        )
    return str(feed.writeString("utf-8"))


def address_of(site: Site, docname: str, anchor: str = "") -> str:
    """Return where *anchor* of *docname* is, from the root of the site; a single page has all."""
    page, _, place = site.builder.get_target_uri(docname).partition("#")
    root = site.env.config.root_doc
    if place:  # there is one page, which has no place for itself
        page = root + getattr(site.builder, "out_suffix", "")
        place = "" if docname == root else place
    return f"{page}#{anchor or place}".rstrip("#")


def summary(paper: Paper, limit: str) -> str:
    """Return *paper* in HTML for an entry of the feed, with its text under the term *limit*."""
    record = paper.record
    parts = [paper.title, capital(record["direction"]), capital(record["design"])]
    parts += [people_in_words(record), capital(not_reviewed(record))]
    parts += [f"Publication status: {record['status']}"]
    what = " ".join([*map(sentence, filter(None, parts)), doi_address(paper.entry)])
    known = f"{limit}: {paper.prose.get(limit, '')}"
    return f"<p>{escape(what)}</p><p>{escape(known)}</p>"


def identifier(title: str, *parts: str) -> str:
    """Return an identifier that is the same for the same *parts* (RFC 4122, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{make_id(title)}:{'/'.join(parts)}").urn


def first_moment(date: str) -> dt.datetime:
    """Return the first moment of the day, month or year *date*, in universal time."""
    whole = date + "-01-01"[len(date) - 4 :]
    return dt.datetime.fromisoformat(whole).replace(tzinfo=dt.UTC)
