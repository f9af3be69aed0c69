"""Compare references, status and figures with Crossref and PubMed: ``make verify``.

One line for each difference, and exit code 1; 0 when nothing was found; 3 when nobody, or not
everybody, could be asked. What was compared, and when, is written to ``verification.json``, from which
the pages say so.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from bibcheck.check import FATAL
from bibtex.entry import as_bibliography, digest
from check import SiteReport, check_folder, read_vocabulary
from common.findings import Finding
from common.text import IDENTIFIERS, today
from files import replace_all
from verified import FILE, Ledger, read_ledger
from verify.asking import ask
from verify.fix import UnsafeError, agreed, fixed
from verify.here import (
    add_switch,
    finished,
    retractions_of,
    services_of,
)
from verify.net import NoNetworkError
from verify.report import Report, add

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bibtex.entry import SourceEntry
    from verify.compare import Offer
    from verify.retraction_watch import RetractionWatch
    from verify.services import Services

BIB = Path("references.bib")
#: From more references than these on one reason is told once for all of them.
MANY = 3
#: What the check finds when a record is not there or cannot be read.
UNREAD = frozenset({"encoding", "missing", "missing-file", "record"})


def compare_all(  # noqa: PLR0913, PLR0917  a run has these parts
    site: SiteReport,
    entries: Sequence[SourceEntry],
    ledger: Ledger,
    services: Services,
    retractions: RetractionWatch | None,
    accepted: Iterable[str],
    report: Report,
) -> None:
    """Add to *report* what the databases say of *entries* of *site*, and keep it in *ledger*.

    Raise `NoNetworkError` when nobody answers at all; a `KeyboardInterrupt` leaves what is done.
    """
    vocabulary = read_vocabulary(Path())
    # Figures of a record that cannot be read are not compared, so what is wrong with it is told, too.
    keys = {entry.key for entry in entries} | {""}
    report.findings += (one for one in site.findings if one.kind in UNREAD and one.key in keys)
    records = {found.record.key: found for found in reversed(site.records)}
    for entry in progress(entries):
        asked = ask(entry, services, retractions)
        if asked.is_silent and not (services.reached or report.compared):
            message = "Nothing is compared: there is no network, or no database answers."
            raise NoNetworkError(message)
        add(
            report,
            ledger,
            asked,
            records.get(entry.key),
            known=site.entries,
            vocabulary=vocabulary,
            today=today(),
            accepted=entry.key in accepted,
        )


def progress(entries: Sequence[SourceEntry]) -> Iterable[SourceEntry]:
    """Yield *entries* under a bar on a terminal, and elsewhere with a line for every twenty."""
    if sys.stderr.isatty():
        yield from tqdm(entries, unit=" references", leave=False)
        return
    for number, entry in enumerate(entries):
        if number % 20 == 0 and number:
            sys.stderr.write(f"asking: {number} of {len(entries)} references\n")
            sys.stderr.flush()
        yield entry


def text_of(report: Report, written: Iterable[str]) -> str:
    """Return *report* as lines: findings, what to look at, what is offered, and one that counts."""
    lines = [str(finding) for finding in sorted({*report.findings})]
    lines += once(report.unanswered)
    lines += (str(finding) for finding in sorted({*report.remarks}))
    lines += (offered(entry, offer) for entry, offer in report.offers)
    lines += written
    counted = [f"{report.compared} references compared", f"{len(report.findings)} to fix"]
    counted += [f"{len(report.unanswered)} questions not answered"] * bool(report.unanswered)
    counted += [f"{report.searched} without an identifier"] * bool(report.searched)
    return "\n".join([*lines, "; ".join(counted)])


def once(unanswered: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each question without an answer; of an outage, one with all of its references."""
    by_reason: dict[str, list[Finding]] = {}
    for finding in sorted({*unanswered}):
        reason = re.sub(r" after \d+ tries$", "", finding.message)
        by_reason.setdefault(reason, []).append(finding)
    for reason, found in by_reason.items():
        if len(found) > MANY:
            yield f"{BIB}: {len(found)} references: {reason} ({', '.join(one.key for one in found)})"
        else:
            yield from map(str, found)


def offered(entry: SourceEntry, offer: Offer) -> str:
    """Return the line that offers a field which *entry* lacks, or declares unverified."""
    name, value, source = offer
    same = value == entry.value(name)
    what = "has the same; make verify FIX=1 takes it out of unverified"
    what = what if same else f"has {{{value}}}; make verify FIX=1 writes it"
    return str(entry.finding(name, f"{name}: {source} {what}", name))


def chosen(site: SiteReport, keys: Sequence[str]) -> list[SourceEntry]:
    """Return the entries with *keys*, or all; those that lead to a record come first.

    Raise `ValueError` for a key that no entry has.
    """
    unknown = {*keys} - {entry.key for entry in site.entries}
    if unknown:
        message = f"references.bib has no entry {', '.join(sorted(unknown))}"
        raise ValueError(message)
    entries = [entry for entry in site.entries if not keys or entry.key in keys]
    return sorted(entries, key=lambda entry: not any(entry.value(name) for name in IDENTIFIERS))


def write(ledger: Ledger, keys: Iterable[str]) -> None:
    """Write *ledger* as a whole or not at all, without what is no longer in *keys*; raise `OSError`."""
    names = {*keys}
    ledger.references = {key: one for key, one in ledger.references.items() if key in names}
    if ledger.references or Path(FILE).exists():
        drafted(ledger).replace(FILE)


def drafted(ledger: Ledger) -> Path:
    """Return the file with *ledger* that is to take the place of the old one; raise `OSError`."""
    draft = Path(f"{FILE}.new")
    draft.write_text(ledger.as_json(), "utf-8", newline="\n")
    return draft


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare the site in the present folder with the databases; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="make verify", usage="make verify [KEY=key] [FIX=1 [FORCE=1]] [ACCEPT=key]"
    )
    parser.add_argument("--key", default="", help="only these references, with commas between them")
    add_switch(parser, "--fix", "write what is missing into references.bib")
    add_switch(parser, "--force", "and replace what differs")
    parser.add_argument("--accept", default="", help="what was changed today and is right")
    options = parser.parse_args(arguments)
    if options.force and not options.fix:
        parser.error("FORCE=1 needs FIX=1")
    return finished(lambda: run(options), "Stopped. Run it again: it goes on where it was.")


def run(options: argparse.Namespace) -> int:
    """Compare as *options* say, and print what was found; return the exit code.

    Raise `ValueError` in one line for what has to be mended first, `OSError` for a file that cannot be
    written, and `NoNetworkError`.
    """
    services, ledger, site = services_of(Path()), read_ledger(Path(FILE)), check_folder(Path())
    if broken := [finding for finding in site.findings if finding.kind in FATAL]:
        message = f"Nothing is compared. Fix first: {broken[0]}"
        raise ValueError(message)
    entries, right = chosen(site, names(options.key)), names(options.accept)
    if left_out := {*right} - {entry.key for entry in entries}:
        message = (
            f"ACCEPT: not among the references that are compared: {', '.join(sorted(left_out))}"
        )
        raise ValueError(message)
    retractions, keys = (
        retractions_of(services.settings, entries),
        [entry.key for entry in site.entries],
    )
    drafted(ledger).unlink()  # before anybody is asked it is known that it can be kept
    report = Report()
    with services:
        try:
            compare_all(site, entries, ledger, services, retractions, right, report)
        except KeyboardInterrupt:
            write(ledger, keys)
            if report.compared or report.findings:
                sys.stdout.write(text_of(report, []) + "\n")
            raise
    written: list[str] = []
    if options.fix:
        written = fix(report, ledger, force=options.force)
    write(ledger, keys)
    sys.stdout.write(text_of(report, written) + "\n")
    return report.code


def fix(report: Report, ledger: Ledger, *, force: bool) -> list[str]:
    """Write what is offered into the file, with *force* also what differs; return what was written.

    What was written is no longer a finding of *report*, and what could not be written is one.
    """
    offers = list(report.offers)
    if force:
        offered_fields = {(entry.key, offer.field) for entry, offer in offers}
        offers += (
            (entry, offer)
            for entry, offer in report.replacements
            if (entry.key, offer.field) not in offered_fields
            and offer.value.lower() != entry.value(offer.field).lower()
        )
    try:
        raw = BIB.read_bytes().decode()
        compared = {entry.key: entry for entry, _ in offers}
        done = fixed(raw, str(BIB), agreed(offers), compared)
        if done.text != raw:
            replace_all({BIB: done.text})
    except (UnsafeError, UnicodeDecodeError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        message = f"nothing was written: {reason}"
        report.findings.append(Finding(str(BIB), 1, "", "fix", message))
        return []
    entries = as_bibliography(done.entries).entries
    settled = {
        key: {*done.written.get(key, ()), *done.confirmed.get(key, ())}
        for key in done.written.keys() | done.confirmed.keys()
    }
    for key in settled.keys() & ledger.references.keys():  # it is now what the databases have
        one = ledger.references[key]
        differs = tuple(name for name in one.differs if name not in settled[key])
        ledger.references[key] = one._replace(entry=digest(entries[key]), differs=differs)
    for found in (report.findings, report.remarks):
        found[:] = [one for one in found if one.kind not in settled.get(one.key, ())]
    report.findings += done.refused
    report.offers = [
        offer for offer in report.offers if offer[1].field not in settled.get(offer[0].key, ())
    ]
    lines = [f"{BIB}: {key}: wrote {', '.join(fields)}" for key, fields in done.written.items()]
    for key, fields in done.confirmed.items():
        lines.append(f"{BIB}: {key}: no longer unverified: {', '.join(fields)}")
    return lines


def names(text: str) -> list[str]:
    """Return the names in *text*, which has commas or spaces between them."""
    return text.replace(",", " ").split()


if __name__ == "__main__":
    sys.exit(main())
