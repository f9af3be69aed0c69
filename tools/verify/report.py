"""What a maintainer is told of a comparison, and what of it is kept for the pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bibcheck.check import DATABASE
from bibtex.entry import ANNOTATED, as_bibliography, declarations, digest, has_keyword
from common.findings import Finding
from common.text import day_in_words
from paper_entry import fields_of
from studies.vocabulary import AS_PUBLISHED
from verified import FOUND, NOTICES, REINSTATED, UNKNOWN, Compared, Figures, Known, Ledger
from verify.asking import Asked, identifiers
from verify.compare import Offer, compare, paper_of
from verify.figures import FigureReport, compare_figures
from verify.status import MEANT, Failed, Status, disagreement, union
from verify.work import CROSSREF, PUBMED, Work

if TYPE_CHECKING:
    import datetime as dt

    from bibtex.entry import SourceEntry
    from studies.consistency import FoundRecord
    from studies.vocabulary import Vocabulary

LOOK = "look: "
WITHOUT_RECORD = "take its citations out, or accept it: accepted = {verify-status: why}"


@dataclass
class Report:
    """What was found of all entries that were asked for."""

    findings: list[Finding] = field(default_factory=list)  #: What is wrong.
    remarks: list[Finding] = field(default_factory=list)  #: What to look at, and what was left out.
    unanswered: list[Finding] = field(default_factory=list)  #: What nobody can say.
    offers: list[tuple[SourceEntry, Offer]] = field(default_factory=list)
    #: What a database has in the place of what differs.
    replacements: list[tuple[SourceEntry, Offer]] = field(default_factory=list)
    compared: int = 0  #: References that a database has.
    searched: int = 0  #: References without an identifier.

    @property
    def code(self) -> int:
        """Return the exit code: 1 with findings, 3 when something could not be asked, else 0."""
        return 1 if self.findings else 3 if self.unanswered else 0


def add(  # noqa: PLR0913  all that is known of an entry
    report: Report,
    ledger: Ledger,
    asked: Asked,
    record: FoundRecord | None,
    *,
    known: Sequence[SourceEntry],
    vocabulary: Vocabulary,
    today: dt.date,
    accepted: bool = False,
) -> None:
    """Add to *report* and to *ledger* what the databases say of an entry and of its *record*.

    *known* are all entries of the file. *accepted*: figures that were changed since are right.
    """
    entry = asked.entry
    add_unanswered(report, asked)
    report.searched += not asked.answers
    report.remarks += similar(asked)
    differs = add_fields(report, asked, known)
    status = union(asked.said)
    if asked.answers:
        add_status(report, entry, record, status)
    earlier = ledger.references.get(entry.key)
    figures = earlier.figures if earlier else None
    if record and not record.record.problems:
        add_free_copy(report, asked, record, vocabulary)
        figures = add_figures(report, record, asked.own, vocabulary, earlier, accepted=accepted)
    report.compared += bool(asked.own)
    # Without an identifier nothing is compared, and yet a figure that is changed later has to be seen.
    if asked.works or (record and not asked.answers):
        ledger.references[entry.key] = Compared(
            today.isoformat(),
            tuple(work.source for work in asked.works),
            identifiers(entry),
            digest(as_bibliography([entry]).entries[entry.key]),
            differs,
            known_of(report, entry, status, earlier, today, accepted=accepted),
            figures if has_keyword(entry, ANNOTATED) else None,
        )


def add_unanswered(report: Report, asked: Asked) -> None:
    """Add who did not answer."""
    reasons = [
        f"{name} gave no answer: {answer.reason}"
        for name, answer in asked.answers.items()
        if isinstance(answer, Failed)
    ]
    if asked.failed:
        reasons.append(f"nobody was asked for its title: {asked.failed}")
    report.unanswered += (asked.entry.finding("unanswered", reason) for reason in reasons)


def add_free_copy(report: Report, asked: Asked, found: FoundRecord, vocabulary: Vocabulary) -> None:
    """Add where the paper of the record *found* is free, when the record says that nobody looked."""
    record = found.record
    if asked.free and record["full-text"] == vocabulary.options["full-text"].default:
        message = f"{LOOK}full-text: Unpaywall has a free copy ({asked.free}); open it, and say so"
        line = record.lines.get("full-text", record.line)
        report.remarks.append(Finding(found.file, line, record.key, "full-text", message))


def add_fields(report: Report, asked: Asked, known: Sequence[SourceEntry]) -> tuple[str, ...]:
    """Add how the fields of an entry differ from what was answered, and return which do."""
    entry = asked.entry
    result = compare(entry, asked.works, known)
    for name, what in asked.unknown.items():
        message = f"{name}: {what}; compare it with the paper"
        add_difference(report, entry, name, entry.line_of(name), message)
    for one in result.differences:
        add_difference(report, entry, one.field, one.line, str(one))
    for one in result.disputes:
        message = f"{LOOK}{one}; another database has what the entry has"
        report.remarks.append(Finding(entry.file, one.line, entry.key, one.field, message))
    report.offers += ((entry, offer) for offer in result.offers)
    sure = [one for one in result.differences if one.field not in result.agreed]
    for one, work in ((one, work) for one in sure for work in asked.own):
        value = fields_of(paper_of(work), known).get(one.field, "")
        if value and work.source in one.source:
            report.replacements.append((entry, Offer(one.field, value, work.source)))
    return tuple(dict.fromkeys([*asked.unknown, *(one.field for one in result.differences)]))


def add_difference(report: Report, entry: SourceEntry, name: str, line: int, message: str) -> None:
    """Add what is wrong with the field *name* of *entry*; what the entry accepts is only told."""
    accepted = dict(declarations(entry.value("accepted"))).get(DATABASE + name)
    if accepted:
        text = f"{LOOK}{message}; accepted: {accepted}"
        report.remarks.append(Finding(entry.file, line, entry.key, name, text))
    else:
        report.findings.append(Finding(entry.file, line, entry.key, name, message))


def similar(asked: Asked) -> Iterator[Finding]:
    """Yield the papers with nearly the title of an entry without an identifier."""
    for work in asked.similar:
        year = next(iter(work.years.values()), "")
        message = f"{LOOK}no identifier; Crossref has doi {work.doi}, “{work.title}”, {year}; is it this paper?"
        yield asked.entry.finding("similar", message, "title")


def add_status(
    report: Report, entry: SourceEntry, record: FoundRecord | None, status: Status
) -> None:
    """Add how *status* disagrees with the *record* of *entry*."""
    file, line, said, source = entry.file, entry.line, AS_PUBLISHED, ""
    if record:
        lines = record.record.lines
        file, line = record.file, lines.get("status", record.record.line)
        said = record.record["status"]
        source = record.record["status-source"] if "status-source" in lines else ""
    wrong = disagreement(status, said, source)
    if wrong is None:
        return
    if wrong.is_fault and record:
        report.findings.append(Finding(file, line, entry.key, "status", wrong.message))
    elif wrong.is_fault:  # an entry alone has no status that could be written
        what = status.fault or f"status: {status}"
        add_difference(report, entry, "status", line, f"{what}; {WITHOUT_RECORD}")
    elif status.word != UNKNOWN:  # why it is unknown is told with those who did not answer
        message = f"{LOOK}{wrong.message}"
        report.remarks.append(Finding(file, line, entry.key, "status", message))


def add_figures(  # noqa: PLR0913  all that is known of them
    report: Report,
    found: FoundRecord,
    own: list[Work],
    vocabulary: Vocabulary,
    earlier: Compared | None,
    *,
    accepted: bool,
) -> Figures:
    """Add the figures of the record *found* that its abstract lacks, and return what to keep of them.

    What was changed since it was compared is told even where the abstract has the new figure, too,
    until the day of the last comparison with the source is another one.
    """
    record = found.record
    with_abstract = [
        work for name in (PUBMED, CROSSREF) for work in own if work.source == name and work.abstract
    ]
    work = with_abstract[0] if with_abstract else Work("")
    result = compare_figures(record, work.abstract, vocabulary, work.source)
    report.findings += result.findings(found.file)
    by_source: dict[tuple[str, ...], list[str]] = {}
    for figure, sources in result.exempt:
        by_source.setdefault(sources, []).append(figure)
    for sources, elsewhere in by_source.items():
        message = f"{LOOK}not looked for, because the record has it from {', '.join(sources)}: "
        line, text = record.lines.get("figures", record.line), message + ", ".join(elsewhere)
        report.remarks.append(Finding(found.file, line, record.key, "elsewhere", text))
    if not work.source and own:
        message = f"{LOOK}no abstract is given, so no figure was compared"
        report.remarks.append(Finding(found.file, record.line, record.key, "figures", message))
    old = earlier.figures if earlier else None
    if old and old.read != result.canonical and old.reviewed == record["reviewed"] and not accepted:
        message = (
            f"the figures were changed since they were compared on {earlier.date if earlier else ''}"
            f"{changed(old.read, result.canonical)}; compare them with the paper, and renew reviewed "
            f"(on the same day: make verify ACCEPT={record.key})"
        )
        line = record.lines.get("reviewed", record.line)
        report.findings.append(Finding(found.file, line, record.key, "changed", message))
        return old
    return kept(result, record.digest, record["reviewed"])


def changed(before: tuple[str, ...], after: tuple[str, ...]) -> str:
    """Return what differs between *before* and *after*, lists by field, in brackets."""
    then, now = (dict(one.partition(": ")[::2] for one in texts) for texts in (before, after))
    told = [
        f"{name}: {then.get(name) or 'nothing'} is {now.get(name) or 'nothing'} now"
        for name in {**then, **now}
        if then.get(name) != now.get(name)
    ]
    return f" ({'; '.join(told)})"


def kept(result: FigureReport, record: str, reviewed: str) -> Figures:
    """Return what is kept of *result*, for the digest of a *record* that was *reviewed* on that day."""
    return Figures(
        record,
        reviewed,
        result.source if result.is_given else "",
        result.count,
        result.found,
        result.canonical,
        tuple(one.written for one in result.missing),
        tuple(figure for figure, _ in result.exempt),
    )


def known_of(  # noqa: PLR0913  all that is known of it
    report: Report,
    entry: SourceEntry,
    status: Status,
    earlier: Compared | None,
    today: dt.date,
    *,
    accepted: bool,
) -> Known:
    """Return what to keep of *status*: a notice that was known stays until somebody has looked.

    A database can lose what it knew, or have nobody who answers. That a paper was reinstated is told.
    """
    worse = FOUND.index(status.word) < FOUND.index(earlier.known.status) if earlier else False
    if earlier and worse and earlier.known.status in NOTICES and status.word != REINSTATED:
        if status.word != UNKNOWN and not accepted:
            message = (
                f"status: {earlier.known.status} was known ({earlier.known.source}), and "
                f"{status} now; look who is right, then: make verify ACCEPT={entry.key}"
            )
            report.findings.append(entry.finding("lost", message))
        if status.word == UNKNOWN or not accepted:
            return earlier.known
    meant = [one for one in status.notices if MEANT.get(one.kind) == status.word]
    last = meant[-1] if meant else None
    who = dict.fromkeys(one.source.split(",")[0] for one in meant) or status.answered
    source = f"{' and '.join(who)}, asked on {day_in_words(today.isoformat())}"
    return Known(status.word, last.date if last else "", last.doi if last else "", source)
