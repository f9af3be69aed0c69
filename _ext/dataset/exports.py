"""The download of all papers as a table, and how the data are cited."""

import csv
import io
import unicodedata
from collections.abc import Iterable

from common.text import IDENTIFIERS, day_in_words
from dataset.papers import Paper, Site
from studies.vocabulary import Vocabulary
from studies.wording import in_words

#: The name of the file, at the root of the site.
CSV = "evidence.csv"
BYTE_ORDER_MARK = "\ufeff"  #: Spreadsheets look for it; other programs take it for a letter.


def as_csv(site: Site) -> str:
    """Return one line for each paper, with all that its record and reference say, and the notice.

    A file is passed on without its page, so nothing that a reader has to know is left out.
    """
    lines = [csv_line(paper, site) for paper in site.papers]
    return BYTE_ORDER_MARK + csv_of(lines[0], (line.values() for line in lines))


def csv_of(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return *rows* as a table with *columns* (RFC 4180) that no spreadsheet computes."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows(map(no_formula, row) for row in (columns, *rows))
    return out.getvalue()


def column_of(option: str, vocabulary: Vocabulary) -> str:
    """Return the heading of *option*."""
    if option == "people":
        return "people; number of people"
    note = f" ({vocabulary.review_note})" if vocabulary.review_note else ""
    return option.replace("-", " ") + (note if option == "reviewed" else "")


def csv_line(paper: Paper, site: Site) -> dict[str, str]:
    """Return the cells of *paper* by the headings of their columns."""
    record, fields, vocabulary = paper.record, paper.entry.fields, site.vocabulary
    options = {name: record[name] for name in vocabulary.options}
    options["dose"] = in_words(record, "dose", vocabulary).rstrip(".")
    terms = vocabulary.terms
    others = [f"{term}: {text}" for term, text in paper.prose.items() if term not in terms]
    return {
        "key": record.key,
        "citation": paper.label,
        "title": paper.title,
        "year": paper.year,
        **{name: fields.get(name, "") for name in IDENTIFIERS},
        **{column_of(name, vocabulary).partition(";")[0]: value for name, value in options.items()},
        "number of people": str(record.number or ""),
        "depends on": "; ".join(
            f"{kind}: {', '.join(labels)}" for kind, labels in paper.overlaps.items()
        ),
        "theme": paper.theme,
        "address": site.address(paper.docname, paper.anchor),
        **{term: paper.prose.get(term, "") for term in terms},
        "further remarks": " ".join(others),
        "medication safety": site.notice,
        "version": site.env.config.release,
        "date": site.date,
        "licence": site.licence,
    }


def cite_as(site: Site) -> str:
    """Return how to cite the data: who, what, which version and of which day, where."""
    config = site.env.config
    words = f"version {config.release}, data of {day_in_words(site.date)}"
    return f"{config.author}. {config.project}, {words}. {site.home}".rstrip()


def no_formula(text: str) -> str:
    """Return *text* as a cell that no spreadsheet computes (OWASP, *CSV Injection*), wide signs included."""
    first = unicodedata.normalize("NFKC", text[:99]).lstrip(" ")[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n" else text
