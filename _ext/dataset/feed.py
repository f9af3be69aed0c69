"""The changes of the site, newest first, and the Atom feed of them."""

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape

from docutils.nodes import make_id
from feedgenerator import Atom1Feed
from sphinx.environment import BuildEnvironment

from common.store import read_or_warn
from common.text import capital, sentence
from dataset.data import paper_of
from dataset.history import ADDED, Difference, FieldChange, History, read_history
from dataset.papers import Paper, Site
from references.nlm_style import identifier_address
from studies.vocabulary import NOT_KNOWN
from studies.wording import not_reviewed, people_in_words

#: The name of the file, at the root of the site.
FEED = "feed.xml"
NOTHING = "nothing"  #: What a field says that is not there.


@lru_cache(maxsize=1)
def history_of(env: BuildEnvironment) -> History:
    """Return the history that the setting names; an empty one without, and, with a warning, when it is none."""
    name = env.config.evidence_edition
    return (read_or_warn(env, name, read_history, "evidence") if name else None) or History()


def changes(site: Site) -> list[Difference]:
    """Return what happened to the papers, newest first; then what has no date.

    Records tell when they were added and last compared with their source, so of the differences
    between editions those that say no more are left out.
    """
    history = history_of(site.env)
    new = history.since([paper_of(paper, site) for paper in site.papers], site.date)
    told = (
        change
        for change in (*new, *history.changes)
        if change.what != ADDED and {field.name for field in change.fields} != {"reviewed"}
    )
    found = [*dated(site.papers), *told]
    found.sort(key=lambda change: (change.what, change.key))
    return sorted(found, key=lambda change: change.date.replace(NOT_KNOWN, ""), reverse=True)


def dated(papers: Iterable[Paper]) -> Iterator[Difference]:
    """Yield the additions, reviews and notices that records tell."""
    for paper in papers:
        record = paper.record
        days = [(record["added"], "Added")]
        if record["reviewed"] > record["added"]:
            days.append((record["reviewed"], "Compared with its source"))
        if paper.record.notice:
            by = " by the publisher" if record["status"] == "corrected" else ""
            days.append((record["status-date"], capital(record["status"]) + by))
        for date, what in days:
            if date:
                yield Difference(date, record.key, paper.label, what)


def as_atom(site: Site) -> str:
    """Return the dated changes as an Atom feed (RFC 4287).

    Without an address its links are relative to where it was found, which the RFC allows; the
    identifiers, which must not be relative, are URNs and the same at every address.
    """
    config, papers = site.env.config, site.by_key
    closing = f"<p>{escape(f'{site.notice} {config.evidence_remark}'.strip())}</p>"
    if site.notice_page in site.env.found_docs:
        address = escape(site.address(site.notice_page))
        closing += f'<p><a href="{address}">{address}</a></p>'
    feed = Atom1Feed(
        title=f"{config.project}: new and changed",
        link=site.home or "./",
        description=site.notice,
        language="en",
        author_name=config.author,
        feed_url=site.home + FEED,
        feed_guid=identifier(config.project, config.project),
    )
    for change in changes(site):
        if change.date == NOT_KNOWN:
            continue
        paper, told = papers.get(change.key), told_fields(change.fields)
        what = (change.key, change.what, change.date, *filter(None, [told]))
        name, link, known = change.label, site.home or "./", ""
        if paper is not None:
            label = f"{paper.label}, {paper.record.notice}" if paper.record.notice else paper.label
            name = f"{paper.record['plain-title']} ({label})"
            link = site.address(paper.docname, paper.anchor)
            known = summary(paper, site.vocabulary.limit)
        feed.add_item(
            title=f"{change.what}: {name}",
            link=link,
            description=told + known + closing,
            pubdate=first_moment(change.date),
            updateddate=first_moment(change.date),
            unique_id=identifier(config.project, *what),
        )
    return str(feed.writeString("utf-8"))


def told_fields(fields: Iterable[FieldChange]) -> str:
    """Return *fields* in HTML for an entry of the feed."""
    told = (
        f"<dt>{escape(name)}</dt>"
        f"<dd>Before: {escape(before or NOTHING)}</dd><dd>Now: {escape(after or NOTHING)}</dd>"
        for name, before, after in fields
    )
    return f"<dl>{lines}</dl>" if (lines := "".join(told)) else ""


def summary(paper: Paper, limit: str) -> str:
    """Return *paper* in HTML for an entry of the feed, with its text under the term *limit*."""
    record = paper.record
    parts = [paper.title, capital(record["direction"]), capital(record["design"])]
    parts += [people_in_words(record), capital(not_reviewed(record))]
    parts += [f"Publication status: {record['status']}"]
    what = " ".join([*map(sentence, filter(None, parts)), identifier_address(paper.entry, "doi")])
    known = f"{limit}: {paper.prose.get(limit, '')}"
    return f"<p>{escape(what)}</p><p>{escape(known)}</p>"


def identifier(title: str, *parts: str) -> str:
    """Return an identifier that is the same for the same *parts* (RFC 4122, version 5)."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"{make_id(title)}:{'/'.join(parts)}").urn


def first_moment(date: str) -> dt.datetime:
    """Return the first moment of the day, month or year *date*, in universal time."""
    whole = date + "-01-01"[len(date) - 4 :]
    return dt.datetime.fromisoformat(whole).replace(tzinfo=dt.UTC)
