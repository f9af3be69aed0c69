"""Count the faults that the comparison with databases finds, and its false alarms.

`python benchmarks/verify_fields.py` prints a Markdown table; benchmarks/README.md says how to read
it. Each seed makes other entries of the invented papers; the rules were tuned on seed 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "_ext"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from bibtex.reader import ParsedFile, parse_bib
from invented_papers import Case, crossref_json, medline
from run import mkdocs_python
from verify.compare import Comparison, compare
from verify_cases import right_cases, wrong_cases
from verify_faults import FAULTS

HERE = Path(__file__).resolve().parent
TUNED_ON, REPORTED = 1, 2
#: How much of the faults has to be found, and how many right entries may raise an alarm.
AT_LEAST, AT_MOST = 0.97, 0.01


def seeded(seed: int) -> tuple[list[Case], list[Case]]:
    """Return entries with faults, and right ones; the same for the same *seed*."""
    return wrong_cases(Random(seed)), right_cases(Random(seed))  # noqa: S311  reproducible, not secret


def bib_of(cases: list[Case]) -> str:
    """Return a BibTeX file with the entries of *cases*."""
    return "".join(case.bibtex(f"case{number}") for number, case in enumerate(cases))


def compared(cases: list[Case]) -> list[Comparison]:
    """Return what the comparison says of each of *cases*."""
    entries = parse_bib(bib_of(cases), ParsedFile("cases.bib")).entries
    return [compare(entry, case.works) for entry, case in zip(entries, cases, strict=True)]


def by_bibaudit(cases: list[Case], python: str) -> list[dict[str, bool]]:
    """Return what bibaudit says of *cases*, run by *python*, an interpreter that has it.

    It asks PubMed for the DOI, and for the number only where there is no DOI.
    """
    records = []
    for case in cases:
        pubmed = case.by_doi or case.pubmed
        records.append(
            {
                "crossref": crossref_json(case.crossref) if case.crossref else None,
                "pubmed": medline(pubmed) if pubmed else None,
            }
        )
    with tempfile.TemporaryDirectory() as folder:
        bib = Path(folder) / "cases.bib"
        bib.write_text(bib_of(cases), "utf-8")
        command = [python, str(HERE / "verify_bibaudit.py"), str(bib)]
        done = subprocess.run(command, input=json.dumps(records).encode(), stdout=-1, check=True)
    answers: list[dict[str, bool]] = json.loads(done.stdout)
    return answers


def table(rows: Iterable[Iterable[object]]) -> str:
    """Return *rows* as a Markdown table, the first of them as its head."""
    head, *body = [[str(cell) for cell in row] for row in rows]
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def scores(
    wrong: list[Case], columns: dict[str, tuple[list[bool], list[bool]]]
) -> list[list[object]]:
    """Return the rows of the table: found faults by their kind, and alarms, for each of *columns*."""
    rows: list[list[object]] = [["fault", "of", *columns]]
    for kind, *_ in FAULTS:
        places = [number for number, case in enumerate(wrong) if case.kind == kind]
        found = (sum(hits[number] for number in places) for hits, _ in columns.values())
        rows.append([kind, len(places), *found])
    for name, which in (("**all that were found**", 0), ("**right entries called wrong**", 1)):
        parts = [column[which] for column in columns.values()]
        shares = (f"{sum(part)} ({sum(part) / len(part):.1%})" for part in parts)
        rows.append([name, len(parts[0]), *shares])
    return rows


def main() -> None:
    """Print how much is found."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    tuned = f"the rules were tuned on {TUNED_ON}"
    parser.add_argument("--seed", type=int, default=REPORTED, help=tuned)
    parser.add_argument("--with", dest="other", choices=["bibaudit"], help="a tool beside ours")
    parser.add_argument("--python", help="an interpreter that has it; else one is made, once a run")
    parser.add_argument("--list", action="store_true", help="print what is missed, and alarms")
    options = parser.parse_args()
    wrong, fine = seeded(options.seed)
    ours, alarms = compared(wrong), compared(fine)
    at_place = [
        any(found.field == case.faulty for found in result.differences)
        for case, result in zip(wrong, ours, strict=True)
    ]
    called = [bool(result.differences) for result in alarms]
    columns = {
        "ours": ([bool(result.differences) for result in ours], called),
        "ours, in its field": (at_place, called),
    }
    if options.other:
        with tempfile.TemporaryDirectory() as folder:
            python = options.python or str(mkdocs_python(Path(folder)))
            both = [by_bibaudit(cases, python) for cases in (wrong, fine)]
        for name, key in (("bibaudit, fails", "fails"), ("bibaudit, remarks", "remarks")):
            hits, other = ([answer[key] for answer in answers] for answers in both)
            columns[name] = (hits, other)
    sys.stdout.write(f"{table(scores(wrong, columns))}\n")
    if options.list:
        pairs = [*zip(wrong, ours, at_place, strict=True)]
        pairs += zip(fine, alarms, [not alarm for alarm in called], strict=True)
        for case, result, is_as_wanted in pairs:
            if not is_as_wanted:
                said = "\n".join(map(str, result.differences))
                sys.stdout.write(f"\n{case.kind}:\n{said}\n{case.bibtex('key')}{case.works}\n")


if __name__ == "__main__":
    main()
