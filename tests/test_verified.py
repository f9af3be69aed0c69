"""What pages say of the comparison with databases: true, dated, and worse news before better."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from sphinx.testing.util import SphinxTestApp

from bibtex.entry import as_bibliography, digest
from check import check_folder
from conftest import ROOT
from helpers import edit
from samples import fuzz
from studies.vocabulary import AS_PUBLISHED, STATUSES
from verified import (
    DUE_DAYS,
    FILE,
    FOUND,
    NO_NOTICE,
    NOTICES,
    SCHEMA,
    Compared,
    Figures,
    Known,
    Ledger,
    read_ledger,
)

TESTROOT = "studies"
DAY = "2026-01-31"
SOUND, FALSE = "sound2020trial", "false2021report"
Build = Callable[..., SphinxTestApp]


def compared(folder: Path, key: str, known: Known) -> Compared:
    """Return that the reference with *key* in *folder* was compared as it is now."""
    report = check_folder(folder)
    entry = as_bibliography(report.entries).entries[key]
    (record,) = (found.record for found in report.records if found.record.key == key)
    figures = Figures(record.digest, record["reviewed"], "PubMed", 2, 2, ("1200", "4"))
    databases, doi = ("PubMed", "Crossref"), {"doi": entry.fields["doi"]}
    return Compared(DAY, databases, doi, digest(entry), (), known, figures)


def keep(folder: Path, **references: Compared) -> None:
    """Write that *references* were compared."""
    (folder / FILE).write_text(Ledger(references).as_json(), "utf-8")


def told(out: Path, key: str) -> str:
    """Return what the record of *key* says of the comparison."""
    page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    record = page.select_one(f"#{key}")
    assert record
    names = [name.text.strip(":") for name in record.select("dl.study-facts > dt")]
    texts = [text.get_text(" ", strip=True) for text in record.select("dl.study-facts > dd")]
    return dict(zip(names, texts, strict=True))["Databases"]


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that sets the day of the build."""

    def set_day(day: str) -> None:
        moment = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(moment.timestamp())))

    return set_day


# -- What a page says ------------------------------------------------------------------------------
def test_a_record_says_what_was_compared_with_whom_and_when(
    source: Path, build: Build, today: Callable[[str], None]
) -> None:
    today("2026-02-01")
    assert told(build().outdir, SOUND) == "Not yet compared with databases."
    assert not (build().outdir / FILE).exists()
    clean = compared(source, SOUND, Known(NO_NOTICE, source="PubMed and Crossref"))
    keep(source, **{SOUND: clean})
    out = build().outdir
    assert told(out, SOUND) == (
        "Reference, status and figures compared with PubMed and Crossref on 31 January 2026; "
        "all 2 figures occur in the abstract."
    )
    assert told(out, FALSE) == "Not yet compared with databases."
    assert (out / FILE).read_bytes() == (source / FILE).read_bytes()
    # The same source, read later.
    today((dt.date.fromisoformat(DAY) + dt.timedelta(days=DUE_DAYS + 1)).isoformat())
    assert "on 31 January 2026, due again;" in told(build().outdir, SOUND)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"known": Known("unknown")}, "Reference and figures compared"),
        ({"differs": ("year", "pages")}, "; they differ in year, pages; all"),
        ({"databases": ("Crossref",)}, "compared with Crossref on"),
    ],
)
def test_what_was_not_compared_or_differs_is_not_hidden(
    source: Path, build: Build, change: dict[str, object], expected: str
) -> None:
    one = compared(source, SOUND, Known(NO_NOTICE))._replace(**change)  # type: ignore[arg-type]
    keep(source, **{SOUND: one})
    assert expected in told(build().outdir, SOUND)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"abstract": ""}, "Reference and status compared"),
        ({"found": 1, "missing": ("88",)}, "1 of 2 figures occur in the abstract"),
        ({"number": 1, "found": 1}, "its one figure occurs in the abstract"),
        ({"number": 0, "found": 0}, "Reference and status compared"),
    ],
)
def test_figures_are_told_as_they_were_found(
    source: Path, build: Build, figures: dict[str, object], expected: str
) -> None:
    one = compared(source, SOUND, Known(NO_NOTICE))
    assert one.figures
    keep(source, **{SOUND: one._replace(figures=one.figures._replace(**figures))})  # type: ignore[arg-type]
    found = told(build().outdir, SOUND)
    assert expected in found
    assert "support" not in found


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("references.bib", "year = {2020}", "year = {2019}"),
        ("index.md", ":people: 1200 on the medicine", ":people: 1201 on the medicine"),
        ("index.md", ": No clear difference from", ": Ten fell, not unlike"),
    ],
)
def test_what_was_edited_since_counts_as_not_compared(  # noqa: PLR0913, PLR0917  one row of a table
    source: Path, build: Build, file: str, old: str, new: str, today: Callable[[str], None]
) -> None:
    today("2026-02-01")
    keep(source, **{SOUND: compared(source, SOUND, Known(NO_NOTICE))})
    edit(source / file, old, new)
    edited = "Edited since it was compared with PubMed and Crossref on 31 January 2026"
    assert told(build(warningiserror=False).outdir, SOUND).startswith(edited)


# -- A status that is worse than the record says ---------------------------------------------------
@pytest.mark.parametrize("builder", ["html", "text", "epub", "latex"])
def test_a_retraction_that_databases_know_is_shown_wherever_the_paper_is(
    source: Path, build: Build, builder: str
) -> None:
    def page(app: SphinxTestApp) -> str:
        name = {"text": "index.txt", "epub": "index.xhtml", "latex": "*.tex"}.get(
            builder, "index.html"
        )
        (path,) = app.outdir.glob(name)
        words = path.read_text("utf-8").replace("{]}", "]")
        plain = words if builder in {"text", "latex"} else BeautifulSoup(words, "html.parser").text
        return " ".join(plain.split())

    build(builder)
    known = Known(
        "retracted", "2026-01", "10.1/notice", "PubMed and Crossref, asked on 31 January 2026"
    )
    keep(source, **{SOUND: compared(source, SOUND, known)})
    app = build(builder)  # without a warning: the site is published with the news
    shown = page(app)
    assert "Retracted" in shown
    assert known.source in shown
    assert shown.count("Sound and Roe 2020: retracted]") >= 1  # at its citation
    if builder == "html":
        (table,) = json.loads((app.outdir / "evidence.json").read_text("utf-8"))["papers"][:1]
        assert (table["key"], table["status"]) == (SOUND, "retracted")
        assert "retracted)" in (app.outdir / "feed.xml").read_text("utf-8")
        assert "retracted" in (app.outdir / "evidence.csv").read_text("utf-8").split("\n")[1]


@pytest.mark.parametrize("status", ["corrected", *(word for word in FOUND[:3])])
def test_a_status_that_is_no_worse_leaves_the_record(
    source: Path, build: Build, status: str
) -> None:
    before = (build().outdir / "evidence.json").read_bytes()
    keep(source, **{key: compared(source, key, Known(status)) for key in (SOUND, FALSE)})
    assert (build().outdir / "evidence.json").read_bytes() == before


def test_what_was_found_for_another_identifier_is_of_another_paper(
    source: Path, build: Build
) -> None:
    one = compared(source, SOUND, Known("retracted"))
    keep(source, **{SOUND: one._replace(identifiers={"doi": "10.1234/other"})})
    data = json.loads((build().outdir / "evidence.json").read_text("utf-8"))
    assert data["papers"][0]["status"] == "corrected"


# -- References without a record -------------------------------------------------------------------
def test_a_reference_without_a_record_says_so_in_its_list(
    source: Path, build: Build, today: Callable[[str], None]
) -> None:
    def words() -> str:
        page = (build().outdir / "index.html").read_text("utf-8")
        return " ".join(BeautifulSoup(page, "html.parser").text.split())

    today("2026-02-01")
    with (source / "references.bib").open("a") as bib:
        bib.write(
            "@article{some2020paper, title = {A Paper}, author = {{An Office}}, year = {2020}, "
            "journal = {Journal}, doi = {10.1234/some}, unverified = {pmid: not seen}}\n"
            "@misc{some2020page, title = {A Page}, author = {{An Office}}, year = {2020}, "
            "url = {https://example.org/a}, urldate = {2024-01-01}}\n"
        )
    with (source / "index.md").open("a") as page:
        page.write("\n## List\n\nSee {cite:p}`some2020page,some2020paper`.\n\n")
        page.write("```{compared}\n```\n\n```{bibliography}\n```\n")
    assert (
        "Of 3 references with a DOI or PMID, none were compared so far. "
        "Without such a number, and so not compared: 1."
    ) in words()
    entry = as_bibliography(check_folder(source).entries).entries["some2020paper"]
    known, doi = Known("expression of concern", "2026", "", "Crossref"), {"doi": "10.1234/some"}
    keep(source, some2020paper=Compared(DAY, ("Crossref",), doi, digest(entry), (), known))
    shown = words()
    assert "2020b [expression of concern] An Office" in shown
    assert "Reference and status compared with Crossref on 31 January 2026." in shown
    assert "An Office 2020b: expression of concern]" in shown
    assert "Of 3 references with a DOI or PMID, 1 were compared so far." in shown
    today((dt.date.fromisoformat(DAY) + dt.timedelta(days=DUE_DAYS + 1)).isoformat())
    assert "For 1 of these that is due again." in words()
    edit(source / "references.bib", "title = {A Paper}", "title = {The Paper}")
    shown = words()
    assert "Edited since they were compared: 1." in shown
    assert "Edited since it was compared with Crossref on 31 January 2026" in shown


def test_the_notices_of_databases_are_the_worse_statuses_of_a_record() -> None:
    assert [AS_PUBLISHED, *NOTICES] == [*STATUSES]


# -- The file --------------------------------------------------------------------------------------
WORDS = st.text(max_size=9)
COMPARED = st.builds(
    Compared,
    st.dates().map(str),
    st.tuples(WORDS),
    st.dictionaries(st.sampled_from(["doi", "pmid", "pmcid"]), WORDS),
    st.from_regex("[0-9a-f]{16}", fullmatch=True),
    st.lists(WORDS).map(tuple),
    st.builds(
        Known, st.sampled_from(FOUND), st.sampled_from(["", "2020", "2020-01"]), WORDS, WORDS
    ),
    st.none()
    | st.builds(
        Figures,
        st.from_regex("[0-9a-f]{16}", fullmatch=True),
        st.just(DAY),
        WORDS,
        *(st.integers(0, 99),) * 2,
        *(st.lists(WORDS).map(tuple) for _ in range(3)),
    ),
)


@fuzz
@given(references=st.dictionaries(WORDS, COMPARED, max_size=3))
def test_the_file_comes_back_as_it_was_and_fits_its_schema(
    tmp_path_factory: pytest.TempPathFactory, references: dict[str, Compared]
) -> None:
    path = tmp_path_factory.getbasetemp() / FILE
    text = Ledger(references).as_json()
    path.write_text(text, "utf-8")
    assert read_ledger(path).references == references
    assert read_ledger(path).as_json() == text
    schema = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(json.loads(text))


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "[]", "[" * 9999, '{"schema_version": "9"}'),
        '{"schema_version": "1.0", "references": {"a": {}}}',
        '{"schema_version": "1.0", "references": {"a": 1}}',
    ],
)
def test_another_file_is_told_in_one_line(source: Path, build: Build, content: str) -> None:
    (source / FILE).write_text(content)
    app = build(warningiserror=False)
    assert f"{FILE}:1: WARNING: is not as make verify writes it" in app.warning.getvalue()
    assert "Traceback" not in app.warning.getvalue()
    assert told(app.outdir, SOUND) == "Not yet compared with databases."


def test_the_file_of_this_site_can_be_read() -> None:
    path = ROOT / FILE
    if path.exists():
        assert read_ledger(path).as_json() == path.read_text("utf-8")
