"""What has been said of a paper, by all databases together, and whether a record agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from studies.vocabulary import AS_PUBLISHED, STATUSES
from verified import NO_NOTICE, REINSTATED, UNKNOWN
from verify import notices
from verify.work import PUBMED, RETRACTION_WATCH, Notice, Work

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_, CORRECTED, CONCERN, RETRACTED = STATUSES
#: The words for what was found, the worst last.
WORDS = (NO_NOTICE, CORRECTED, REINSTATED, CONCERN, RETRACTED)
#: The status that a notice means. A partial retraction is a correction (NLM, "Errata, Retractions, and
#: Other Linked Citations in PubMed"), and what was published again after a retraction was retracted:
#: NLM links two records, and the status here is that of the old one.
MEANT = {
    notices.CORRECTION: CORRECTED,
    notices.PARTIAL: CORRECTED,
    notices.CONCERN: CONCERN,
    notices.RETRACTION: RETRACTED,
    notices.REPUBLICATION: RETRACTED,
}


class Failed(NamedTuple):
    """A database that was asked and did not answer the question."""

    reason: str  #: In one line: an outage, HTTP 400, a page of HTML, another paper, no such paper.


class NotAsked(NamedTuple):
    """A database that was not asked."""

    reason: str  #: In one line: no DOI, no file.


Answer = Work | Failed | NotAsked


class Status(NamedTuple):
    """What the databases say of a paper together."""

    #: One of `WORDS`, or "unknown".
    word: str
    #: The databases that answered.
    answered: tuple[str, ...] = ()
    #: What was said of the paper, the earliest first.
    notices: tuple[Notice, ...] = ()
    #: Who was asked and did not answer, with the reason: "PubMed: HTTP 503".
    unanswered: tuple[str, ...] = ()
    #: Who was not asked, with the reason.
    not_asked: tuple[str, ...] = ()
    #: What is wrong with the entry itself: it is a notice; empty when it is a paper.
    fault: str = ""

    @property
    def why_unknown(self) -> str:
        """Why nobody can say that there is no notice; empty when somebody can."""
        missing = self.unanswered or (
            () if self.answered else self.not_asked or ("nobody was asked",)
        )
        return self.fault or "; ".join(missing)

    @property
    def is_partial(self) -> bool:
        """Whether part of the paper was retracted, and not the whole."""
        return self.word != RETRACTED and any(it.kind == notices.PARTIAL for it in self.notices)

    def __str__(self) -> str:
        """Return the status in words, with who says so and what nobody could say."""
        if self.fault:
            return self.fault
        words = [f"{self.word}{' (a partial retraction)' * self.is_partial}"]
        if self.notices:
            words.append(": " + "; ".join(map(told, self.notices)))
        elif self.answered:
            words.append(f" by {' and '.join(self.answered)}")
        if missing := self.why_unknown:
            words.append(f"; no answer from {missing}" if self.unanswered else f": {missing}")
        return "".join(words)


class Disagreement(NamedTuple):
    """What a maintainer has to know of the status of a record."""

    message: str
    #: Whether the record is wrong; else it may stand as it is.
    is_fault: bool


def told(notice: Notice) -> str:
    """Return *notice* in words: "retraction, 2020-05-01 (PubMed, doi 10.1234/abc)"."""
    when = f", {notice.date}" if notice.date else ""
    where = f", doi {notice.doi}" if notice.doi else ""
    return f"{notice.kind}{when} ({notice.source}{where})"


def union(answers: Mapping[str, Answer]) -> Status:
    """Return what *answers*, by the names of the databases, say together.

    The worst notice wins, whoever knows of it. A reinstatement undoes a retraction only when it came
    later, or at the same time in the order of one database. A database that was asked and did not
    answer leaves "unknown" in the place of "no notice found" and of "reinstated": the retraction or
    the second one could stand there. It takes away nothing that another one found. One that was not
    asked takes nothing away either, as long as another one answered.

    An entry that is a notice has no status: it is at fault. Where databases differ on that, PubMed
    is believed, whose people look at each link, when it knows of notices on the paper, against a
    title alone, and against Retraction Watch alone, which gives the DOI of a paper that was published
    again as its notice.
    """
    works = {name: answer for name, answer in answers.items() if isinstance(answer, Work)}
    unanswered = tuple(
        f"{name}: {answer.reason}" for name, answer in answers.items() if isinstance(answer, Failed)
    )
    not_asked = tuple(
        f"{name}: {answer.reason}"
        for name, answer in answers.items()
        if isinstance(answer, NotAsked)
    )
    if fault := _fault(works):
        return Status(UNKNOWN, tuple(works), (), unanswered, not_asked, fault)
    said = [notice for work in works.values() for notice in work.notices if not work.is_notice]
    found = _dated(said)
    words = {MEANT[notice.kind] for notice in found if notice.kind in MEANT}
    if any(notice.kind == notices.REINSTATEMENT for notice in found):
        words.add(REINSTATED)
        if not any(
            MEANT.get(notice.kind) == RETRACTED and _stands(notice, found) for notice in found
        ):
            words.discard(RETRACTED)
    word = max(words, key=WORDS.index, default=NO_NOTICE)
    if word in {NO_NOTICE, REINSTATED} and (unanswered or not works):
        word = UNKNOWN
    ordered = tuple(sorted(found, key=lambda notice: notice.date))
    return Status(word, tuple(works), ordered, unanswered, not_asked)


def _fault(works: Mapping[str, Work]) -> str:
    """Return what is wrong when the entry is a notice in *works*; empty when it is a paper."""
    who = [name for name, work in works.items() if work.is_notice]
    if not who:
        return ""
    pubmed = works.get(PUBMED)
    linked = [name for name in who if name != RETRACTION_WATCH and works[name].notice_of]
    if pubmed is not None and not pubmed.is_notice and (pubmed.notices or not linked):
        return ""
    about = list(dict.fromkeys(paper for work in works.values() for paper in work.notice_of))
    of = f" of {', '.join(about[:3])}{' and others' * (len(about) > 3)}" if about else ""  # noqa: PLR2004
    return f"this is the notice{of} and not the paper ({' and '.join(who)}); cite the paper"


def _dated(said: Sequence[Notice]) -> list[Notice]:
    """Return the notices in *said*, each once, with the best date that any of them gives for its DOI."""
    dates: dict[tuple[str, str], str] = {}
    for notice in said:
        key = notice.kind, notice.doi
        better = len(notice.date) > len(dates.get(key, "")) and notice.date.startswith(
            dates.get(key, "")
        )
        if notice.doi and better:
            dates[key] = notice.date
    return list(
        dict.fromkeys(
            notice._replace(date=best)
            if (best := dates.get((notice.kind, notice.doi), "")).startswith(notice.date)
            else notice
            for notice in said
        )
    )


def _stands(retraction: Notice, found: Sequence[Notice]) -> bool:
    """Return whether no reinstatement in *found* undoes the *retraction*."""
    return not any(
        _is_later(notice, place, retraction, found.index(retraction))
        for place, notice in enumerate(found)
        if notice.kind == notices.REINSTATEMENT
    )


def _is_later(notice: Notice, place: int, other: Notice, other_place: int) -> bool:
    """Return whether *notice* came later than *other*, by their dates, or by their order in one database."""
    length = min(len(notice.date), len(other.date))
    if notice.date[:length] != other.date[:length]:
        return notice.date > other.date
    is_one = notice.source.split(",")[0] == other.source.split(",")[0]
    return is_one and place > other_place


def disagreement(status: Status, said: str, source: str = "") -> Disagreement | None:
    """Return how *status* disagrees with a record whose option ``status`` is *said*; None when it does not.

    A record that says less than the databases is wrong. One that says more is told so: databases
    miss notices, and a ``status-source`` says where one was seen; without *source* it is wrong, too.
    "reinstated" is no status of a record: any will do whose source says that it was reinstated,
    unless the record still calls the paper retracted.
    """
    if status.fault:
        return Disagreement(status.fault, is_fault=True)
    levels = list(STATUSES)
    here = levels.index(said) if said in levels else 0
    missing = f"; no answer from {'; '.join(status.unanswered)}" if status.unanswered else ""
    if status.word == UNKNOWN:
        return Disagreement(f"status {said!r} could not be compared: {status}", is_fault=False)
    if status.word == REINSTATED:
        return _reinstated(status, said, source)
    there = levels.index(status.word) if status.word in levels else 0
    what = "; ".join(map(told, status.notices))
    if there > here:
        date = next(
            (
                it.date
                for it in reversed(status.notices)
                if MEANT.get(it.kind) == status.word and it.date
            ),
            "",
        )
        part = ", and say in status-source that a part of it was retracted" * status.is_partial
        day = f", status-date: {date}" if date else ""
        fix = f"write status: {status.word}{day}, and where that was seen in status-source"
        message = f"status is {said!r}, but there is a notice: {what}; {fix}{part}{missing}"
        return Disagreement(message, is_fault=True)
    if there < here:
        but = f"only {what}" if what else f"no notice by {' and '.join(status.answered)}"
        fix = (
            "compare it with status-source"
            if source
            else "say in status-source where the notice was seen"
        )
        return Disagreement(
            f"status is {said!r}, and there is {but}; {fix}{missing}", is_fault=not source
        )
    return Disagreement(f"status {said!r} was found{missing}", is_fault=False) if missing else None


def _reinstated(status: Status, said: str, source: str) -> Disagreement | None:
    """Return what a record has to say of a paper that was retracted and reinstated."""
    what = "; ".join(map(told, status.notices))
    if said != RETRACTED and "reinstate" in source.lower():
        return None
    better = said if said in STATUSES and said != RETRACTED else AS_PUBLISHED
    message = (
        f"status is {said!r}, and the paper was retracted and reinstated: {what}; "
        f"write status: {better}, and both in status-source"
    )
    return Disagreement(message, is_fault=said != RETRACTED or not source)
