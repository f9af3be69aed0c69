"""The files beside the pages of a web site: the download of all papers, and the feed of changes."""

import csv
import datetime as dt
import io
import unicodedata
import uuid
from collections.abc import Iterable
from html import escape

from docutils.nodes import make_id
from feedgenerator import Atom1Feed

from common.text import capital, day_in_words, sentence
from evidence.papers import Paper, Site, changes
from imprint.site import home
from notice.domain import MedicationSafetyDomain
from references.nlm_style import doi_address
from studies.edition import edition_of
from studies.vocabulary import NOT_KNOWN, Vocabulary
from studies.wording import in_words, not_reviewed, people_in_words

#: The names of the files, at the root of the site.
CSV, FEED = "evidence.csv", "feed.xml"
BYTE_ORDER_MARK = "\ufeff"  #: Spreadsheets look for it; other programs take it for a letter.
#: What leads to a paper.
IDENTIFIERS = ("doi", "pmid", "pmcid")


def as_csv(site: Site) -> str:
    """Return one line for each paper, with all that its record and reference say, and the notice.

    A file is passed on without its page, so nothing that a reader has to know is left out.
    """
    lines = [csv_line(paper, site) for paper in site.papers]
    return BYTE_ORDER_MARK + csv_of(lines[0], (line.values() for line in lines))


def csv_of(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return *rows* as a table with *columns* (RFC 4180) that no spreadsheet computes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(map(no_formula, row) for row in (columns, *rows))
    return out.getvalue()


def column_of(option: str, vocabulary: Vocabulary) -> str:
    """Return the heading of *option*."""
    if option == "people":
        return "people; number of people"
    note = f" ({vocabulary.review_note})" if vocabulary.review_note else ""
    return option.replace("-", " ") + (note if option == "reviewed" else "")


def csv_line(paper: Paper, site: Site) -> dict[str, str]:
    """Return the cells of *paper* by the headings of their columns."""
    record, fields, vocabulary = paper.record, paper.entry.fields, site.vocabulary
    edition = edition_of(site.env)
    options = {name: record[name] for name in vocabulary.options}
    options["dose"] = in_words(record, "dose", vocabulary).rstrip(".")
    terms = vocabulary.terms
    others = [f"{term}: {text}" for term, text in paper.prose.items() if term not in terms]
    return {
        "key": record.key,
        "citation": paper.label,
        "title": paper.title,
        "year": paper.year,
        **{name: fields.get(name, "") for name in IDENTIFIERS},
        **{column_of(name, vocabulary).partition(";")[0]: value for name, value in options.items()},
        "number of people": str(record.number or ""),
        "depends on": "; ".join(
            f"{kind}: {', '.join(labels)}" for kind, labels in paper.overlaps.items()
        ),
        "theme": paper.theme,
        "address": base_of(site) + address_of(site, paper.docname, paper.anchor),
        **{term: paper.prose.get(term, "") for term in terms},
        "further remarks": " ".join(others),
        "medication safety": MedicationSafetyDomain.of(site.env).words[0],
        "version": edition.version,
        "date": edition.date,
        "licence": site.env.config.evidence_licence or site.env.config.copyright,
    }


def base_of(site: Site) -> str:
    """Return the address of the site, with a slash at its end; empty when it has none."""
    return home(site.env.config)


def cite_as(site: Site) -> str:
    """Return how to cite the data: who, what, which version and of which day, where."""
    config, edition = site.env.config, edition_of(site.env)
    words = f"version {edition.version}, data of {day_in_words(edition.date)}"
    return " ".join(filter(None, [f"{config.author}. {config.project}, {words}.", base_of(site)]))


def no_formula(text: str) -> str:
    """Return *text* as a cell that no spreadsheet computes (OWASP, *CSV Injection*), wide signs included."""
    first = unicodedata.normalize("NFKC", text[:99]).lstrip(" ")[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n" else text


def as_atom(site: Site) -> str:
    """Return the dated changes as an Atom feed (RFC 4287).

    Without an address its links are relative to where it was found, which the RFC allows; the
    identifiers, which must not be relative, are URNs and the same at every address.
    """
    config, base = site.env.config, base_of(site)
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
