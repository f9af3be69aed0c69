"""Compare a BibTeX file with records by bibaudit's own code, without network; run by verify_fields.py.

The records come as JSON on standard input, one for each entry, in the shapes of the services.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from bibaudit.adapters.bibtex import read_bibtex
from bibaudit.compare import compare
from bibaudit.registries.crossref import Crossref
from bibaudit.registries.http import Cache, Client
from bibaudit.registries.pubmed import _parse_medline_records, _record_from_medline

#: What bibaudit says of fields that an entry lacks, or that differ in nothing but their looks.
NO_REMARK = {"missing", "cosmetic", "alternate-date", "alternate-title", "not-asked", "alias"}


def main() -> None:
    """Print for each entry whether bibaudit fails it, and whether it remarks on a difference at all."""
    references = {ref.key: ref for ref in read_bibtex(Path(sys.argv[1]))}
    reader = Crossref(Client(Cache(Path(sys.argv[1]).parent / "cache"), offline=True))
    answers = []
    for number, given in enumerate(json.load(sys.stdin)):
        records = {}
        if given["crossref"]:
            records["crossref"] = reader._record_from_work(given["crossref"])  # noqa: SLF001
        if given["pubmed"]:
            (fields,) = _parse_medline_records(given["pubmed"])
            records["pubmed"] = _record_from_medline(fields)
        result = compare(references[f"case{number}"], records, asked={"crossref", "pubmed"})
        remarks = [issue for issue in result.issues if issue.kind not in NO_REMARK]
        remarks = [issue for issue in remarks if issue.severity != "info" or issue.kind == "drift"]
        answers.append({"fails": result.fails, "remarks": bool(remarks)})
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()
