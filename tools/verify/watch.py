"""What appeared since the last search of the literature: ``make watch``.

PubMed is asked with the search words of ``conf.py``, which the site shows. Nothing is written but, with
``--done``, the days of this search and of the next one.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from bibcheck.check import check
from check import read_conf
from common.settings import read_settings
from common.text import parse_day, today
from studies.search import Search
from verify import pubmed, shape
from verify.here import CACHE, FINDINGS, NOBODY, settings_of
from verify.net import NotAnsweredError
from verify.services import Services
from verify.text import bare_doi
from verify.work import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from verify.work import Work

CONF, BIB = Path("conf.py"), Path("references.bib")
#: The most papers of one search that are listed; more are counted.
MOST = 200
#: Publication types of PubMed that tell nothing of a design.
NO_DESIGN = frozenset({"Journal Article", "English Abstract"})


class Found:
    """What the searches found."""

    def __init__(self) -> None:
        self.works: dict[str, Work] = {}  #: By their PMID.
        self.failed: list[str] = []  #: Why a search has no answer.
        self.left_out = 0  #: How many papers are more than are listed.


def search(words: Iterable[str], since: dt.date, services: Services) -> Found:
    """Return what PubMed has for each of *words* that came into it on the day *since* or later."""
    found = Found()
    for text in words:
        try:
            answer = services.pubmed_search(text, (since, today()), number=MOST)
            result = shape.member(shape.load(answer), "esearchresult")
            pmids = [pmid for pmid in shape.texts(result, "idlist") if pmid.isdecimal()]
            new = [pmid for pmid in pmids if pmid not in found.works][:MOST]
            found.left_out += max(0, int(shape.text(result, "count") or 0) - len(pmids))
            found.works |= pubmed.read_works(services.pubmed(new), new) if new else {}
        except (NotAnsweredError, UnreadableError, ValueError) as error:
            found.failed.append(f"{text!r}: {error}")
    return found


def new_papers(works: Iterable[Work]) -> Iterator[Work]:
    """Yield those of *works* that references.bib has under none of their identifiers."""
    entries = check({str(BIB): BIB}).entries
    known = {bare_doi(entry.value("doi")) for entry in entries}
    known |= {entry.value("pmid") for entry in entries}
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


def main(arguments: Sequence[str] | None = None) -> int:
    """List what is new, or note that it was looked at; return the exit code."""
    parser = argparse.ArgumentParser(prog="make watch", usage="make watch [DONE=1]")
    parser.add_argument(
        "--done",
        nargs="?",
        const="1",
        default="",
        help="the list was read: write the day into conf.py",
    )
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        settings = settings_of(Path())
        last, since = last_search()
        if options.done:
            CONF.write_text(renewed(CONF.read_text("utf-8"), last, today()), "utf-8")
            sys.stdout.write(f"conf.py: the literature was searched on {today()}\n")
            return 0
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return FINDINGS
    with Services(settings, CACHE) as services:
        found = search(last.words, since, services)
        silent = found.failed and not (services.reached or found.works)
    if silent:
        sys.stderr.write("Nothing is searched: there is no network, or PubMed does not answer.\n")
        return NOBODY
    lines = sorted(map(line_of, new_papers(found.works.values())))
    lines += [f"not searched: {reason}" for reason in found.failed]
    lines += [f"more than is listed: {found.left_out}"] * bool(found.left_out)
    number = len([*new_papers(found.works.values())])
    lines.append(
        f"{number} papers since {since} that are not in {BIB}; make watch DONE=1 notes that you read this"
    )
    sys.stdout.write("\n".join(lines) + "\n")
    return NOBODY if found.failed else 0


if __name__ == "__main__":
    sys.exit(main())
