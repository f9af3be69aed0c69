"""The papers in the formats of programs for reviews; what was not assessed is said, and never made up."""

from collections.abc import Iterator

from dataset.exports import BYTE_ORDER_MARK, csv_of
from dataset.papers import Paper, Site
from references.labels import is_others, surname
from references.nlm_style import reference
from studies.together import inclusions
from studies.vocabulary import NONE

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
