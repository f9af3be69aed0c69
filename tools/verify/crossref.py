"""Papers as Crossref describes them (Crossref REST API, ``GET /works/{doi}`` and ``GET /works?query...``).

The fields: Crossref, "Metadata API JSON Format". Updates: Crossref, "Get Retraction Watch metadata
from Crossref's API": ``updated-by`` is on the paper, ``update-to`` on the notice.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from verify import notices, shape
from verify.text import bare_doi, clean
from verify.work import CROSSREF, Name, Notice, UnreadableError, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: The kinds of years, and the fields that have them, the best first.
YEARS = {
    "print": ("published-print",),
    "online": ("published-online",),
    "issued": ("issued", "published"),
}
EARLIEST, LATEST = 1500, 2999
MAX_ABSTRACT = 60_000
#: An abstract tells that it is one.
OWN_TITLE = re.compile(r"^(?:abstract|summary)\s*:\s+", re.IGNORECASE)
#: A notice appears with the update that it tells of; a paper that is this much older is none.
MONTHS_APART = 2
#: Kinds beside which the mark in a title says nothing new.
SERIOUS = {notices.RETRACTION, notices.PARTIAL, notices.REPUBLICATION, notices.REINSTATEMENT}
BY_TITLE = f"{CROSSREF}, by the title alone"


class Update(NamedTuple):
    """An entry of ``updated-by`` or ``update-to``."""

    doi: str
    kind: str  #: As in `Notice`; empty for one without harm.
    source: str
    date: str


def read_work(data: bytes, doi: str) -> Work:
    """Return the paper *doi* in *data*; raise `UnreadableError` for any other shape or paper.

    DOIs are compared without case. Where two DOIs were given to one paper, Crossref may answer with
    the other one: that is believed only when the record names *doi* among its ``aliases``.
    """
    item = _message(data, "work")
    found = _work(item)
    names = {found.doi.lower(), *map(bare_doi, shape.texts(item, "aliases"))}
    if bare_doi(doi) not in names or not bare_doi(doi):
        message = f"the answer is about {found.doi} and not about {clean(doi, 100)}"
        raise UnreadableError(message)
    return found


def read_works(data: bytes) -> list[Work]:
    """Return the papers that a search found, the best first, without those that cannot be read.

    Raise `UnreadableError` for any other shape.
    """
    message = _message(data, "work-list")
    if "items" not in message:
        reason = "a search without items"
        raise UnreadableError(reason)
    found = []
    for item in shape.objects(message, "items"):
        with contextlib.suppress(UnreadableError):  # the others can still be looked at
            found.append(_work(item))
    return found


def _message(data: bytes, kind: str) -> dict[str, Any]:
    """Return the message of an answer of *kind*."""
    answer = shape.load(data)
    status = shape.text(answer, "status")
    if status not in {"ok", ""}:
        reason = f"status {status!r} in the place of an answer"
        raise UnreadableError(reason)
    if shape.text(answer, "message-type") not in {kind, ""}:
        reason = f"message-type {shape.text(answer, 'message-type')!r} and not {kind!r}"
        raise UnreadableError(reason)
    message = shape.member(answer, "message")
    if not message:
        reason = "an answer without a message"
        raise UnreadableError(reason)
    return message


def _work(item: dict[str, Any]) -> Work:
    """Return the paper that *item* describes."""
    if not (doi := bare_doi(_string(item, "DOI"))):
        message = "a record without a DOI"
        raise UnreadableError(message)
    titles = shape.texts(item, "title")
    title = titles[0] if titles else ""
    authors, complete = _authors(item)
    abstract = OWN_TITLE.sub("", clean(_string(item, "abstract"), MAX_ABSTRACT), count=1)
    found, is_notice, notice_of = _updates(item, doi, title, abstract)
    return Work(
        source=CROSSREF,
        title=title,
        other_titles=tuple(_other_titles(item, titles)),
        authors=authors,
        complete=complete,
        journals=tuple(
            dict.fromkeys(
                [*shape.texts(item, "container-title"), *shape.texts(item, "short-container-title")]
            )
        ),
        years=_years(item),
        volume=shape.text(item, "volume"),
        issue=shape.text(item, "issue"),
        pages=shape.text(item, "page"),
        article_number=shape.text(item, "article-number"),
        doi=doi,
        abstract=abstract,
        types=tuple(filter(None, [shape.text(item, "type"), shape.text(item, "subtype")])),
        notices=found,
        is_notice=is_notice,
        notice_of=notice_of,
    )


def _string(item: dict[str, Any], key: str) -> str:
    """Return the text under *key* as it is."""
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        shape.refuse(key, value, "a text")
    return value or ""


def _other_titles(item: dict[str, Any], titles: list[str]) -> Iterator[str]:
    """Yield the other names of the paper, each once: with the subtitle first."""
    subtitles = shape.texts(item, "subtitle")
    found = [
        *(f"{titles[0]}: {subtitle}" for subtitle in subtitles if titles),
        *titles[1:],
        *shape.texts(item, "original-title"),
        *shape.texts(item, "short-title"),
    ]
    found += [plain for title in [*titles[:1], *found] if (plain := notices.without_mark(title))]
    yield from (title for title in dict.fromkeys(found) if title not in titles[:1])


def _authors(item: dict[str, Any]) -> tuple[tuple[Name, ...], bool]:
    """Return the authors in the order of the deposit, and whether each has a name.

    ``sequence`` says who is first; where it contradicts the order, the order is what is printed.
    """
    found = []
    people = shape.objects(item, "author")
    for person in people:
        family, given = shape.text(person, "family"), shape.text(person, "given")
        suffix, group = shape.text(person, "suffix"), shape.text(person, "name")
        if family:
            found.append(Name(family, given, suffix))
        elif group or given:
            found.append(Name(group or given, is_group=True))
    return tuple(found), len(found) == len(people)


def _date(item: dict[str, Any], key: str) -> list[int]:
    """Return year, month and day of the date under *key*, as far as they are given and can be."""
    dates = shape.entries(shape.member(item, key), "date-parts")
    parts = dates[0] if dates else []
    if parts is None:
        return []
    if not isinstance(parts, list):
        shape.refuse(f"date-parts of {key}", parts, "a list")
    found: list[int] = []
    for part, (least, most) in zip(parts, ((EARLIEST, LATEST), (1, 12), (1, 31)), strict=False):
        digits = shape.text({key: part}, key)
        if not re.fullmatch(r"[0-9]{1,4}", digits) or not least <= int(digits) <= most:
            break
        found.append(int(digits))
    return found


def _years(item: dict[str, Any]) -> dict[str, int]:
    """Return the years of *item* by their kind; the issue may have its own date."""
    found = {}
    issue = shape.member(item, "journal-issue")
    for kind, keys in YEARS.items():
        dates = [_date(item, key) for key in keys]
        if kind != "issued":
            dates += [_date(issue, key) for key in keys]
        if years := [date[0] for date in dates if date]:
            found[kind] = years[0]
    return found


def _list_of_updates(item: dict[str, Any], key: str) -> list[Update]:
    """Return the updates under *key*, the earliest first; those without a date keep their place before."""
    found = []
    for update in shape.objects(item, key):
        word = shape.text(update, "type") or shape.text(update, "label")
        doi = bare_doi(_string(update, "DOI"))
        source = shape.text(update, "source").lower()
        record = shape.text(update, "record-id")
        words = {"retraction-watch": "from Retraction Watch", "publisher": "from the publisher"}
        who = ", ".join(
            filter(None, [CROSSREF, words.get(source, ""), record and f"record {record}"])
        )
        date = "-".join(f"{part:02}" for part in _date(update, "updated"))
        found.append(Update(doi, notices.meaning(word), who, date))
    return sorted(found, key=lambda update: update.date)


def _updates(
    item: dict[str, Any], doi: str, title: str, abstract: str
) -> tuple[tuple[Notice, ...], bool, tuple[str, ...]]:
    """Return what was said of the paper, whether it is a notice itself, and of which papers.

    ``updated-by`` speaks of this paper, ``update-to`` of another one, and of this one when it has
    its own DOI: then the publisher changed the paper in its place ("in-situ update"). Publishers
    err: some deposit the link on the paper and on the notice, so that each has both fields, and some
    notices name themselves. Then the title decides, and next the dates: a notice is as old as the
    update that it tells of, a paper is older. Where nothing decides, it counts as a notice: an entry
    is looked at in either case, and no notice is called retracted.
    """
    by = [update for update in _list_of_updates(item, "updated-by") if update.kind]
    to = [update for update in _list_of_updates(item, "update-to") if update.kind]
    others = [update for update in to if update.doi != doi]
    itself = [update for update in to if update.doi == doi]
    marked = notices.is_marked(title)
    if notices.is_title_of_notice(title, abstract):
        is_notice = True
    elif marked or itself or {update.doi for update in by} & {update.doi for update in others}:
        is_notice = not all(_is_older(item, update.date) for update in others)
    else:
        is_notice = bool(others)
    if is_notice:
        about = tuple(dict.fromkeys(update.doi for update in others if update.doi))
        return _notices(update for update in by if update.doi not in {doi, *about}), True, about
    found = _notices([*by, *itself, *others])
    if marked and not SERIOUS & {notice.kind for notice in found}:
        found = (*found, Notice(notices.RETRACTION, BY_TITLE))
    return found, False, ()


def _notices(updates: Iterable[Update]) -> tuple[Notice, ...]:
    """Return the notices in *updates*, each once, the earliest first."""
    found = (Notice(update.kind, update.source, update.date, update.doi) for update in updates)
    return tuple(sorted(dict.fromkeys(found), key=lambda notice: notice.date))


def _is_older(item: dict[str, Any], date: str) -> bool:
    """Return whether *item* appeared long before *date*."""
    own = [parts for keys in YEARS.values() for key in keys if (parts := _date(item, key))]
    then = [int(part) for part in date.split("-") if part]
    if not own or not then:
        return False
    first = min(own)
    if len(first) == 1 or len(then) == 1:
        return first[0] + 1 < then[0]
    return 12 * first[0] + first[1] + MONTHS_APART < 12 * then[0] + then[1]
