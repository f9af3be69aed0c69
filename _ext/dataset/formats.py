"""The papers as CSV: the table of all, and the formats of programs for reviews.

What was not assessed is said, and never made up.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Iterator

from common.text import IDENTIFIERS
from dataset.papers import Paper, Site
from references.labels import is_others, surname
from references.nlm_style import reference
from studies.together import inclusions
from studies.vocabulary import NONE, Vocabulary
from studies.wording import in_words

#: The name of the table of all, at the root of the site.
CSV = "evidence.csv"
BYTE_ORDER_MARK = "\ufeff"  #: Spreadsheets look for it; other programs take it for a letter.
#: What robvis takes for a domain that nobody assessed (its function ``get_judgements``).
NOT_ASSESSED = "No information"
#: The data standard of Metapsy (docs.metapsy.org/data-preparation/format): study design, and effect sizes.
METAPSY = (
    *("study", "condition_arm1", "condition_arm2", "multi_arm1", "multi_arm2", "outcome_type"),
    *("instrument", "time", "time_weeks", "rating", "full_ref"),
    *("mean_arm1", "mean_arm2", "sd_arm1", "sd_arm2", "n_arm1", "n_arm2"),
    *("mean_change_arm1", "mean_change_arm2", "sd_change_arm1", "sd_change_arm2"),
    *("n_change_arm1", "n_change_arm2", "event_arm1", "event_arm2", "totaln_arm1", "totaln_arm2"),
    *("precalc_g", "precalc_g_se", "precalc_log_rr", "precalc_log_rr_se"),
)
#: What it lets a database add.
ADDED = ("year", "evidence_key", "status", "read", "data_version", "data_date", "medication_safety")


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
    by_key = site.by_key
    return {
        "key": record.key,
        "citation": paper.label,
        "title": paper.title,
        "year": paper.year,
        **{name: fields.get(name, "") for name in IDENTIFIERS},
        **{column_of(name, vocabulary).partition(";")[0]: value for name, value in options.items()},
        "number of people": str(record.number or ""),
        "depends on": "; ".join(
            f"{kind}: {', '.join(by_key[key].label for key in keys)}"
            for kind, keys in paper.overlaps.items()
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


def no_formula(text: str) -> str:
    """Return *text* as a cell that no spreadsheet computes (OWASP, *CSV Injection*), wide signs included."""
    first = unicodedata.normalize("NFKC", text[:99]).lstrip(" ")[:1]
    return f"'{text}" if first and first in "=+-@\t\r\n" else text


def tested(site: Site, designs: list[str]) -> Iterator[Paper]:
    """Yield the papers of *designs* that compare a medicine; one that was retracted is left out."""
    for paper in site.papers:
        record = paper.record
        compares = NONE not in {record["medicine"], record.comparator}
        if record["design"] in designs and compares and record["status"] != "retracted":
            yield paper


def robvis(site: Site, designs: list[str], domains: int) -> str:
    """Return a line for each paper of *designs*, with as many *domains* of its tool for the risk of bias.

    The columns are those of the example data ``data_rob2`` and ``data_robins_i`` of robvis
    (github.com/mcguinlu/robvis), which from 0.3.0.900 on refuses weights that nobody asks for; they
    come from a meta-analysis, and here is none.
    """
    columns = ["Study", *(f"D{number}" for number in range(1, domains + 1)), "Overall"]
    judgements = [NOT_ASSESSED] * (domains + 1)
    return csv_of(columns, ([paper.marked_label, *judgements] for paper in tested(site, designs)))


def metapsy(site: Site) -> str:
    """Return a line for each randomised study in the data standard of Metapsy, NA for what is not known.

    Outcomes are told in words here, so no line has an effect. The sizes of the groups are there when
    there are two and the second alone bears the name of the comparison. A cell may hold no semicolon.
    """
    lines = []
    for paper in tested(site, site.vocabulary.randomised):
        record, entry, groups = paper.record, paper.entry, paper.record.people
        people = [one for one in entry.persons.get("author", []) if not is_others(one)]
        first = surname(people[0]) if people else paper.label.removesuffix(f" {paper.year}")
        known = {
            "study": f"{first}, {paper.year}",
            "condition_arm1": record["medicine"],
            "condition_arm2": record.comparator,
            "full_ref": str(reference(entry)),
            "year": paper.year,
            "evidence_key": record.key,
            "status": record["status"],
            "read": record["read"],
            "data_version": site.env.config.release,
            "data_date": site.date,
            "medication_safety": site.notice,
        }
        named = [record.comparator in who for _, who in groups]
        if named == [False, True]:
            known |= {"n_arm1": str(groups[0][0]), "n_arm2": str(groups[1][0])}
        line = dict.fromkeys([*METAPSY, *ADDED], "NA") | known
        lines.append([text.replace(";", ",") for text in line.values()])
    return csv_of([*METAPSY, *ADDED], lines)


def reviews(site: Site) -> str:
    """Return whether each study is in each review, a line for both."""
    facts = {key: (key, paper.label, paper.record["status"]) for key, paper in site.by_key.items()}
    names = [f"{one}{what}" for one in ("study", "review") for what in ("", " citation", " status")]
    rows = (
        [*facts[study], *facts[review], word]
        for study, held in inclusions(paper.record for paper in site.papers).items()
        for review, word in held.items()
    )
    return BYTE_ORDER_MARK + csv_of([*names, "included"], rows)
