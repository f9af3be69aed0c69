"""What appeared since the last search of the literature: ``make watch``.

PubMed is asked with the search words of ``conf.py``, which the site shows. Nothing is written but, with
``--done``, the day of the list that was read and that of the next search.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import sys
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bibcheck.check import check
from check import read_conf
from common.settings import read_settings
from common.text import lies_ahead, parse_day, today
from files import replace_all
from studies.search import Search
from verify import pubmed, shape
from verify.here import (
    CACHE,
    FINDINGS,
    NOBODY,
    add_switch,
    finished,
    services_of,
)
from verify.net import NoNetworkError, NotAnsweredError
from verify.text import bare_doi
from verify.work import PUBMED, UnreadableError, Work

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtex.entry import SourceEntry
    from verify.services import Answer, Services

CONF, BIB = Path("conf.py"), Path("references.bib")
#: The last list, so that the day on which it was made is written when it was read.
LIST = CACHE / "watch.json"
#: The most papers of one search that are listed; more are counted.
MOST = 200
#: Publication types of PubMed that tell nothing of a design.
NO_DESIGN = frozenset({"Journal Article", "English Abstract"})


#: What PubMed says of words that it did not search for, by the names in ``errorlist`` and ``warninglist``
#: (NLM, "The E-utilities In-Depth", esearch).
WARNINGS = {
    "phrasesnotfound": "does not know",
    "quotedphrasesnotfound": "does not know",
    "fieldsnotfound": "has no field",
    "phrasesignored": "left out",
    "outputmessages": "says",
}
NOTHING = "No items found."


class Numbers(NamedTuple):
    """How much one search found."""

    since: int  #: Papers since the last search,
    ever: int  #: and in all years.
    warnings: tuple[str, ...] = ()


class Found:
    """What the searches found."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}  #: By their PMID.
        self.numbers: dict[str, Numbers] = {}  #: By the words of the search.
        self.failed: list[str] = []  #: Why a search has no answer.
        self.left_out = 0  #: How many papers are more than are listed.

    @property
    def gap(self) -> str:
        """Why the list is not whole; empty when it is."""
        if self.failed:
            return "a search had no answer; run make watch again"
        if self.left_out:
            return f"it leaves out {self.left_out}; make search_words narrower and run make watch"
        return ""


class Kept(NamedTuple):
    """A list that was made."""

    day: dt.date  #: When,
    since: dt.date  #: of what came into PubMed since then,
    numbers: dict[str, int]  #: how many papers, by the words of each search.
    gap: str  #: As `Found.gap`.


def search(words: Iterable[str], since: dt.date, services: Services) -> Found:
    """Return what PubMed has for each of *words* that came into it on the day *since* or later."""
    found = Found()
    for text in dict.fromkeys(words):
        try:
            result = result_of(
                services.pubmed_search(text, (since, today()), number=MOST), services
            )
            pmids = [pmid for pmid in shape.texts(result, "idlist") if pmid.isdecimal()]
            number = count(result)
            new = [pmid for pmid in pmids if pmid not in found.works][:MOST]
            works = records(new, services) if new else {}
            ever = result_of(services.pubmed_search(text, number=0), services)
            found.numbers[text] = Numbers(number, count(ever), tuple(warnings(ever)))
        except (NotAnsweredError, UnreadableError) as error:
            found.failed.append(f"{text!r}: {error}")
        else:
            found.left_out += max(0, number - len(pmids))
            found.works |= works
    return found


def result_of(answer: Answer, services: Services) -> dict[str, object]:
    """Return the result of a search in *answer*, which is forgotten when it cannot be read."""
    try:
        result = shape.member(shape.load(answer), "esearchresult")
        shape.texts(result, "idlist")
        count(result)
    except UnreadableError:
        services.forget(answer)
        raise
    return result


def count(result: dict[str, object]) -> int:
    """Return how many papers the *result* of a search counts; raise `UnreadableError` when it does not."""
    number = shape.text(result, "count")
    if not re.fullmatch(r"[0-9]{1,9}", number):
        message = "a result without its number of papers"
        raise UnreadableError(message)
    return int(number)


def warnings(result: dict[str, object]) -> Iterator[str]:
    """Yield in words what PubMed says in *result* of words that it did not search for."""
    for name in ("errorlist", "warninglist"):
        given = shape.member(result, name)
        for kind, words in WARNINGS.items():
            if said := [text for text in shape.texts(given, kind) if text != NOTHING]:
                yield f"PubMed {words} {'; '.join(map(quoted, said))}"


def records(pmids: Sequence[str], services: Services) -> dict[str, Work]:
    """Return what PubMed has of *pmids*; of one that it names and does not give, that it is so."""
    answer = services.pubmed(pmids)
    try:
        works = pubmed.read_works(answer, pmids)
    except UnreadableError:
        services.forget(answer)
        raise
    nothing = "PubMed gives no record of it; look it up"
    return {pmid: works.get(pmid) or Work(PUBMED, title=nothing, pmid=pmid) for pmid in pmids}


def new_papers(works: Iterable[Work], entries: Iterable[SourceEntry]) -> Iterator[Work]:
    """Yield those of *works* that *entries* have under none of their identifiers."""
    known = {value for one in entries for value in (bare_doi(one.value("doi")), one.value("pmid"))}
    for work in works:
        if not {bare_doi(work.doi), work.pmid} & known - {""}:
            yield work


def line_of(work: Work) -> str:
    """Return *work* in one line: PMID, DOI, title, year and, if PubMed names one, its design."""
    design = "; ".join(kind for kind in work.types if kind not in NO_DESIGN)
    year = next(iter(work.years.values()), "no year")
    parts = [f"PMID {work.pmid}", work.doi and f"doi {work.doi}", work.title, str(year), design]
    return " · ".join(filter(None, parts))


def renewed(text: str, search: Search, day: dt.date) -> str:
    """Return *text*, that of conf.py, with *day* as that of the *search*, and the next as much later as before.

    Raise `ValueError` when the days are not written there.
    """
    last, following = parse_day(search.date), parse_day(search.next)
    if last is None or following is None:
        message = "conf.py: search_date and search_next are no days"
        raise ValueError(message)
    for name, old, new in (
        ("search_date", search.date, day),
        ("search_next", search.next, day + (following - last)),
    ):
        pattern = rf'(?m)^({name} = (["\'])){old}(?=\2)'
        text, number = re.subn(pattern, rf"\g<1>{new}", text)
        if number != 1:
            message = f"conf.py: {name} is not written as a line; renew it by hand"
            raise ValueError(message)
    return text


def last_search() -> tuple[Search, dt.date]:
    """Return the last search of the site in the present folder, and its day; raise `ValueError` without one."""
    last = read_settings(Search, "search", read_conf(Path()))
    if (since := parse_day(last.date)) is None:
        message = "conf.py: search_date is no day; write that of the last search"
        raise ValueError(message)
    return last, since


def quoted(text: str) -> str:
    """Return *text* in quotation marks."""
    return f'"{text}"'


def papers(number: int) -> str:
    """Return *number* with its noun."""
    return f"{number} paper{'s' * (number != 1)}"


def told(found: Found, since: dt.date) -> Iterator[str]:
    """Yield a line for each search of *found*, and what to look at."""
    for text, numbers in found.numbers.items():
        yield f"searched {quoted(text)}: {papers(numbers.since)} since {since}, {numbers.ever} in all years"
        if not numbers.ever:
            yield "look: these words find nothing in PubMed at all; shorten them"
        yield from (f"look: {warning}" for warning in numbers.warnings)
    yield from (f"not searched: {reason}" for reason in found.failed)
    if found.left_out:
        yield f"more than is listed: {found.left_out}"


def keep(found: Found, since: dt.date) -> None:
    """Keep when the list of what was *found* was made, and of what; raise `OSError` when that fails."""
    kept = Kept(today(), since, {text: one.since for text, one in found.numbers.items()}, found.gap)
    LIST.parent.mkdir(parents=True, exist_ok=True)
    draft = LIST.with_name(f"{LIST.name}.new")
    draft.write_text(json.dumps(kept._asdict(), default=str, indent=2) + "\n", "utf-8")
    draft.replace(LIST)


def last_list() -> Kept:
    """Return the last list; raise `ValueError` when there is none."""
    try:
        given = json.loads(LIST.read_text("utf-8"))
        day, since = parse_day(given["day"]), parse_day(given["since"])
        kept = day and since and Kept(day, since, dict(given["numbers"]), str(given["gap"]))
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        kept = None
    if not kept or lies_ahead(kept.day):
        message = (
            f"there is no list that was read; run make watch first; nothing was written into {CONF}"
        )
        raise ValueError(message)
    return kept


def note(last: Search) -> str:
    """Write the day of the last list into conf.py, which has *last*; return what was written, and what was not.

    Raise `ValueError` in one line when there is no whole list for the words and the day in conf.py,
    and `OSError` when nothing can be written.
    """
    kept, since = last_list(), parse_day(last.date)
    gap = f"it is not whole: {kept.gap}" if kept.gap else ""
    if {*kept.numbers} != {*last.words} and not gap:
        gap = "search_words have changed since; run make watch again"
    if since is None or not kept.since <= since <= kept.day:
        gap = gap or "search_date has changed since; run make watch again"
    if gap:
        message = f"the list of {kept.day}: {gap}; nothing was written into {CONF}"
        raise ValueError(message)
    try:
        text = CONF.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"{CONF} is not in UTF-8; renew search_date and search_next by hand"
        raise ValueError(message) from error
    replace_all({CONF: renewed(text, last, kept.day)})
    *others, other = (
        f"search_{one.name}{place(text, one.name)}"
        for one in fields(Search)
        if one.name not in {"date", "next"}
    )
    return (
        f"{CONF}: the literature was searched on {kept.day}\n"
        f"look: only the days were written; bring {', '.join(others)} and {other} "
        "up to date with this search by hand\n"
    )


def place(text: str, name: str) -> str:
    """Return where *text*, that of conf.py, sets ``search_`` *name*; empty where it is not a line."""
    found = re.search(rf"(?m)^search_{name}\b", text)
    return f" ({CONF}:{text.count(chr(10), 0, found.start()) + 1})" if found else ""


def listed() -> int:
    """List what is new; return the exit code. Raise `ValueError` in one line for a fault of the site."""
    services = services_of(Path())
    last, since = last_search()
    report = check({str(BIB): BIB})
    if report.fatal:  # what is known would look new
        message = f"Nothing is searched. Fix first: {report.fatal[0]}"
        raise ValueError(message)
    with services:
        found = search(last.words, since, services)
        silent = found.failed and not (services.reached or found.works)
    if silent:
        message = "Nothing is searched: there is no network, or PubMed does not answer."
        raise NoNetworkError(message)
    new = [*new_papers(found.works.values(), report.entries)]
    verb = "is" if len(new) == 1 else "are"
    end = found.gap or "make watch DONE=1 notes that you read this"
    lines = [*sorted(map(line_of, new)), *told(found, since)]
    lines.append(f"{papers(len(new))} since {since} that {verb} not in {BIB}; {end}")
    sys.stdout.write("\n".join(lines) + "\n")
    try:
        keep(found, since)
    except OSError as error:
        sys.stderr.write(
            f"{LIST}: {error.strerror}; make watch DONE=1 will not know of this list\n"
        )
        return FINDINGS
    return NOBODY if found.failed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """List what is new, or note that it was looked at; return the exit code."""
    parser = argparse.ArgumentParser(prog="make watch", usage="make watch [DONE=1]")
    add_switch(parser, "--done", "the list was read: write its day into conf.py")
    options = parser.parse_args(arguments)
    work = noted if options.done else listed
    return finished(work, "Stopped; nothing was written.")


def noted() -> int:
    """Write the day of the last list into conf.py; return the exit code."""
    sys.stdout.write(note(last_search()[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
