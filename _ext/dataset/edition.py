"""Which edition of the data a build holds."""

from typing import NamedTuple

from sphinx.environment import BuildEnvironment

from common.settings import read_settings
from common.text import parse_day
from studies.domain import StudiesDomain
from studies.search import Search


class Edition(NamedTuple):
    """The version of the site, and the newest day in its data."""

    version: str  #: The ``release`` of ``conf.py``.
    date: str  #: As 2026-01-31; empty when nothing has a date.


def edition_of(env: BuildEnvironment) -> Edition:
    """Return the edition of the data in *env*, once all pages have been read.

    The day comes from the records and the last search and never from the clock, so the same source
    gives the same edition.
    """
    records = [study.record for study in StudiesDomain.of(env).all]
    days = {record[name] for record in records for name in ("added", "reviewed", "status-date")}
    days.add(read_settings(Search, "search", env.config).date)
    return Edition(env.config.release, max(filter(parse_day, days), default=""))
