"""The records as data: they fit their schema, they say what the pages say, and nothing in them breaks a file."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from bs4 import BeautifulSoup, Tag
from jsonschema import Draft202012Validator

from common.text import capital
from dataset import codebook, data, formats
from dataset.types import NOT_REPORTED
from helpers import EVIDENCE, RECORDS, SETTINGS, VOCABULARY, edit, notice, page_with, soup, words
from studies.vocabulary import HARMS, NO_HARMS, Option, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]
    Json = dict[str, Any]

TESTROOT = "studies"
CODEBOOK = page_with("{evidence} codebook")
#: What may stand in an option, and what else in a title or in the prose.
NASTY = "=1+1 \"two\" 'three' $x^2$ %s # & ~ ^ \u202eright"
MARKUP = "</script><img src=x onerror=alert(1)> ]]> <!-- {{x}}"
LONG = "=long" * 2000


@pytest.fixture(scope="module")
def evidence(built: Built) -> Json:
    """Return the data of the real site."""
    return read(built("html") / data.DATA)


@pytest.fixture(scope="module")
def schema(built: Built) -> Json:
    """Return the schema of the real site."""
    return read(built("html") / data.SCHEMA)


def read(path: Path) -> Json:
    """Return the JSON at *path*, in which no name is there twice."""

    def once(pairs: list[tuple[str, Any]]) -> Json:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    found: Json = json.loads(path.read_text("utf-8"), object_pairs_hook=once)
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """Return the lines of the CSV at *path*, each as wide as the first (RFC 4180)."""
    text = path.read_bytes().decode("utf-8-sig")
    assert text.endswith("\r\n")
    lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(line) for line in lines} == {len(lines[0])}
    assert not [cell for line in lines for cell in line if re.match(r"\s*[=+\-@]", cell)]
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def faults(schema: Json, evidence: Json) -> list[str]:
    """Return what is wrong with *evidence*."""
    return [error.message for error in Draft202012Validator(schema).iter_errors(evidence)]


def page(path: Path) -> BeautifulSoup:
    """Return the page at *path*."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def cells(table: Tag) -> list[list[str]]:
    """Return the words in the cells of *table*, row by row."""
    return [[words(cell.text) for cell in row.select("th, td")] for row in table.select("tr")]


def listed(parts: Iterable[Iterable[str]], between: str) -> str:
    """Return *parts*, each of them joined by *between* where it is not empty, as options have them."""
    return "; ".join(between.join(filter(None, part)) for part in parts)


#: How a value is written as an option, where it is more than text.
WRITE: dict[str, Callable[[Any], str]] = {
    "people": lambda value: (
        listed(((str(one["number"]), one["who"]) for one in value["groups"]), " ") or "none"
    ),
    "comparator": lambda value: listed([value.values()], "; "),
    "registration": lambda value: listed((one.values() for one in value), ", "),
    "figures": lambda value: listed((map(", ".join, one.values()) for one in value), ": "),
    "conditions": "; ".join,
    "overlaps": lambda value: listed(((how, ", ".join(keys)) for how, keys in value.items()), ": "),
    "harms": lambda value: listed(
        (pair for pair in value.items() if pair[1] != NOT_REPORTED), ": "
    ),
}


def written(name: str, option: Option, paper: Json) -> str:
    """Return the *option* with *name* as a record would have it that says what *paper* says."""
    value = paper[name.replace("-", "_")]
    if value is None:
        reason: str = paper["unknown"][name.replace("-", "_")]
        return reason if option.default or option.required else ""
    return WRITE.get(name, str)(value)


def parts(text: str) -> list[str]:
    """Return the parts of *text*, in any order: that of harms is not told."""
    return sorted(re.split(r"; ?", text))


# -- The schema ------------------------------------------------------------------------------------
def test_the_data_fit_the_schema_and_the_schema_is_one(schema: Json, evidence: Json) -> None:
    Draft202012Validator.check_schema(schema)
    assert faults(schema, evidence) == []
    assert [paper["key"] for paper in evidence["papers"]] == list(RECORDS)


#: What is wrong: a field of a paper, one of its parts if any, and a value; MISSING takes it away.
MISSING = object()
WRONG: list[tuple[str, object, object]] = [
    *((name, None, MISSING) for name in ("key", "year", "dose", "people", "harms", "unknown")),
    *(
        (name.replace("-", "_"), None, "wrong")
        for name, option in VOCABULARY.options.items()
        if option.words or name in {"people", "harms", "registration", "overlaps", "figures"}
    ),
    *((name, None, 7) for name in ("title", "population", "added", "status_date")),
    *(("year", None, "2020"), ("reviewed", None, "28 November 2026"), ("more", None, "")),
    *(("population", None, None), ("harms", None, None)),
    *(("unknown", "harms", "not read"), ("unknown", "harms", "nobody knows")),
    *(("harms", HARMS[0], MISSING), ("harms", "other", "x"), ("harms", HARMS[0], 3)),
    *(("people", "total", "40"), ("people", "total", -1), ("people", "groups", [7])),
    *(("conditions", 0, "wrong"), ("prose", VOCABULARY.limit, MISSING)),
]


@pytest.mark.parametrize(("name", "part", "value"), WRONG)
def test_what_is_wrong_does_not_fit_the_schema(
    name: str,
    part: str,
    value: object,
    schema: Json,
    evidence: Json,
) -> None:
    changed = copy.deepcopy(evidence)
    paper = next(one for one in changed["papers"] if one["harms"] and one["people"])
    holder, place = (paper, name) if part is None else (paper[name], part)
    if value is MISSING:
        del holder[place]
    else:
        holder[place] = value
    assert changed != evidence
    assert faults(schema, changed)


def test_each_value_is_known_or_has_its_reason(evidence: Json) -> None:
    for paper in evidence["papers"]:
        assert paper["unknown"].keys() == {name for name, value in paper.items() if value is None}
        assert all(paper["unknown"].values())
        assert "" not in [value for name, value in paper.items() if name != "theme"]


def test_the_vocabulary_tells_what_each_option_means() -> None:
    options = Vocabulary().options
    assert [name for name, option in options.items() if not option.meaning] == []
    # What may be left out has a word for that, or a reason.
    left_out = [option for option in options.values() if not option.required]
    assert all(option.default or option.unknown for option in left_out)


# -- There and back --------------------------------------------------------------------------------
def test_each_option_of_each_record_comes_back_from_the_data(evidence: Json) -> None:
    for paper in evidence["papers"]:
        record = RECORDS[paper["key"]]
        for name, option in VOCABULARY.options.items():
            found, expected = written(name, option, paper), record[name]
            if name == "harms":
                found, expected = (
                    re.sub(r"\s+", " ", "; ".join(parts(text))) for text in (found, expected)
                )
            assert found == expected, (paper["key"], name)


def test_each_figure_of_the_tables_comes_back_from_the_data(built: Built, evidence: Json) -> None:
    shown = page(built("html") / f"{EVIDENCE}.html")
    papers = {paper["key"]: paper for paper in evidence["papers"]}
    _, *table = cells(shown.select("table.evidence-table")[0])
    expected = [
        [
            str(paper["year"]),
            *(capital(paper[name]) for name in ("design", "medicine")),
            capital(paper["comparator"]["what"]),
            capital(paper["direction"]),
            people_of(paper),
            capital("; ".join(paper["conditions"])),
            capital("; ".join(paper["depends_on"])) or "None known",
        ]
        for paper in papers.values()
    ]
    assert [row[1:] for row in table if len(row) > 1] == expected
    for option, meanings in (("design", VOCABULARY.designs), ("direction", VOCABULARY.directions)):
        counted = Counter(paper[option] for paper in papers.values())
        terms = [words(term.text) for term in shown.select("dl.evidence-terms dt")]
        for value in meanings:
            number = {0: "no paper", 1: "one paper"}.get(counted[value], f"{counted[value]} papers")
            assert f"{capital(value)}: {number}" in terms


def people_of(paper: Json) -> str:
    """Return the number of people of *paper* as a table shows it."""
    if paper["people"] is None:
        return capital(str(paper["unknown"]["people"]))
    return f"{paper['people']['total']:,}" if paper["people"]["total"] else "None"


def test_the_harms_and_reviews_on_the_page_come_back_from_the_data(
    built: Built, evidence: Json
) -> None:
    shown = page(built("html") / f"{EVIDENCE}.html")
    _, *table = cells(shown.select("table.harms-table")[0])
    papers = {paper["key"]: paper for paper in evidence["papers"]}
    treated = [
        paper
        for paper in papers.values()
        if paper["medicine"] != "none" and (paper["people"] is None or paper["people"]["total"])
    ]
    for paper, row in zip(treated, table, strict=True):
        assert row[1:3] == [capital(paper["medicine"]), people_of(paper)]
        if paper["harms"] is None:
            assert row[3:] == [f"{capital(NO_HARMS[paper['unknown']['harms']])}."]
            continue
        event, stopped, serious, frequent, also = (capital(paper["harms"][kind]) for kind in HARMS)
        more = "" if paper["harms"]["also"] == NOT_REPORTED else f". Also: {paper['harms']['also']}"
        assert row[3:] == [event, stopped, f"{frequent}{more}", serious], also
    (_, *names), *table = cells(shown.select("table.reviews-table")[0])
    labels = {key: paper["label"] for key, paper in papers.items()}
    held = {
        (row[0], name): word for row in table for name, word in zip(names, row[1:], strict=True)
    }
    found = {
        (labels[row["study"]], labels[row["review"]]): row["included"]
        for row in evidence["reviews"]
    }
    marks = re.compile(r" \[.*?\]")
    assert {
        tuple(marks.sub("", name) for name in pair): word for pair, word in held.items()
    } == found


def test_registrations_overlaps_and_prose_of_each_record_come_back(
    built: Built, evidence: Json
) -> None:
    shown = page(built("html") / "citations.html")
    labels = {paper["key"]: paper["label"] for paper in evidence["papers"]}
    for paper in evidence["papers"]:
        section = next(iter(shown.select(f"#{paper['address'].partition('#')[2]}")))
        facts = {
            words(term.text).rstrip(":"): words(term.find_next_sibling("dd").text)  # type: ignore[union-attr]
            for term in section.select(".study-facts dt")
        }
        numbers = [one["number"] for one in paper["registration"] or []]
        assert re.findall(r"(?:NCT|ISRCTN)\d+", facts.get("Registration", "")) == numbers
        overlaps = "".join(
            f"{capital(kind)}: {', '.join(labels[key] for key in keys)}. "
            for kind, keys in paper["depends_on"].items()
        )
        assert re.sub(r" \[.*?\]", "", facts.get("Overlap", "")) == overlaps.strip()
        text = words(section.get_text(" "))
        for prose in paper["prose"].values():
            assert re.sub(r"\W", "", re.sub(r"\[.*?\]", "", prose))[:80] in re.sub(r"\W", "", text)


def test_the_table_for_spreadsheets_says_the_same(built: Built, evidence: Json) -> None:
    lines = rows(built("html") / "evidence.csv")
    for paper, line in zip(evidence["papers"], lines, strict=True):
        assert [line[name] for name in ("key", "citation", "title", "theme", "address")] == [
            paper[name] for name in ("key", "label", "title", "theme", "address")
        ]
        for name in ("year", *("doi", "pmid", "pmcid")):
            assert line[name] == str(paper[name] or "")
        assert all(line[term] == text for term, text in paper["prose"].items())
        assert [line["version"], line["date"]] == [evidence["version"], evidence["date"]]
        assert evidence["notice"] == line["medication safety"]
        assert evidence["licence"] == line["licence"]


def test_the_edition_is_that_of_the_settings_and_of_the_newest_day(evidence: Json) -> None:
    days = [record[name] for record in RECORDS.values() for name in ("added", "reviewed")]
    assert evidence["version"] == SETTINGS["release"]
    assert evidence["date"] >= max([*days, SETTINGS["search_date"]])
    assert all(paragraph in evidence["notice"] for paragraph in notice())
    assert "reviewed" in evidence["remark"]


# -- The codebook ----------------------------------------------------------------------------------
def test_the_codebook_names_each_field_word_and_file(
    built: Built, schema: Json, evidence: Json
) -> None:
    shown = page(built("html") / f"{CODEBOOK}.html")
    listed = {words(term.text): term for term in shown.select("dl.codebook > dt")}
    fields = schema["properties"]["papers"]["items"]["properties"]
    assert list(listed) == [name for name in fields if name != "unknown"]
    for field in data.fields_of(VOCABULARY):
        text = words(listed[field.name].find_next_sibling("dd").text)  # type: ignore[union-attr]
        assert text.startswith(capital(field.meaning))
        for word, meaning in field.words.items():
            assert f"{word}: {meaning}" in text or (word in text and not meaning)
        assert all(f"“{reason}”" in text for reason in field.unknown)
    text = words(shown.text)
    columns = rows(built("html") / "evidence.csv")[0].keys()
    assert [name for name in columns if name not in text] == []
    for name in codebook.FILES:
        assert shown.select(f'a[href="{name}"]'), name
        assert (built("html") / name).is_file()
    assert evidence["how_to_cite"] in text
    assert "is not a meta-analysis" in text


@pytest.mark.parametrize("builder", ["epub", "latex", "text"])
def test_books_have_the_codebook_without_downloads(built: Built, builder: str) -> None:
    out = built(builder)
    names = {f"{CODEBOOK}.xhtml", f"{CODEBOOK}.txt", "research-citations.tex"}
    (text,) = [path.read_text("utf-8") for path in out.rglob("*") if path.name in names]
    meanings = [" ".join(option.meaning.split()[1:4]) for option in VOCABULARY.options.values()]
    assert [meaning for meaning in meanings if meaning not in words(text)] == []
    assert 'href="evidence.json"' not in text
    assert not (out / data.DATA).exists()


# -- Files for other programs ----------------------------------------------------------------------
def test_no_risk_of_bias_is_made_up(built: Built) -> None:
    columns = {"robvis-rob2.csv": 5, "robvis-robins-i.csv": 7}
    for name, domains in columns.items():
        lines = rows(built("html") / name)
        for line in lines:
            assert list(line) == ["Study", *(f"D{n}" for n in range(1, domains + 1)), "Overall"]
            assert {value for column, value in line.items() if column != "Study"} == {
                formats.NOT_ASSESSED
            }
    trials = [
        record
        for record in RECORDS.values()
        if record["design"] in VOCABULARY.randomised and record["status"] != "retracted"
    ]
    assert len(rows(built("html") / "robvis-rob2.csv")) == len(trials)


def test_the_file_for_metapsy_has_its_columns_and_no_effect(built: Built) -> None:
    for line in rows(built("html") / "metapsy.csv"):
        record = RECORDS[line["evidence_key"]]
        assert list(line)[: len(formats.METAPSY)] == list(formats.METAPSY)
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in line)
        assert ";" not in "".join(line.values())
        effects = [name for name in formats.METAPSY if re.match(r"(mean|sd|event|precalc)", name)]
        assert {line[name] for name in effects} == {"NA"}
        assert re.fullmatch(r".+, [12]\d{3}", line["study"])
        sizes = [line["n_arm1"], line["n_arm2"]]
        assert sizes in (["NA", "NA"], [str(number) for number, _ in record.people])
        if sizes != ["NA", "NA"]:
            assert record.comparator in record.people[1][1]


def test_a_retracted_study_is_in_no_file_for_other_programs(source: Path, build: Build) -> None:
    assert len(rows(build().outdir / "metapsy.csv")) == 1
    edit(source / "index.md", ":status: corrected", ":status: retracted\n:acknowledged: yes")
    app = build()
    assert rows(app.outdir / "metapsy.csv") == rows(app.outdir / "robvis-rob2.csv") == []
    assert [one["status"] for one in read(app.outdir / data.DATA)["papers"]] == ["retracted"] * 2


def test_the_sizes_of_groups_are_told_when_they_are_certain(source: Path, build: Build) -> None:
    (line,) = rows(build().outdir / "metapsy.csv")
    assert [line[name] for name in ("study", "n_arm1", "n_arm2")] == ["Sound, 2020", "1200", "4"]
    edit(source / "index.md", "4 on placebo", "4 others")
    (line,) = rows(build().outdir / "metapsy.csv")
    assert [line[name] for name in ("n_arm1", "n_arm2")] == ["NA", "NA"]


def test_a_design_cannot_be_with_and_without_chance(source: Path) -> None:
    with pytest.raises(ValueError, match="randomised and nonrandomised both name trial"):
        Vocabulary(designs={"trial": "x"}, randomised=["trial"], nonrandomised=["trial"])


# -- Small sites, and what may be in them ----------------------------------------------------------
def test_nothing_that_is_written_breaks_a_file(source: Path, build: Build) -> None:
    edit(source / "index.md", ":plain-title: A trial in words", f":plain-title: {NASTY}")
    edit(source / "index.md", ":funding: a maker", f":funding: {LONG}")
    edit(source / "index.md", ": Nothing.", f": {LONG} `{MARKUP}`\n\n  {NASTY}\n\n=Term\n: +more")
    edit(source / "references.bib", "{A False Report}", f"{{{MARKUP.replace('{{x}}', '')} {LONG}}}")
    edit(
        source / "conf.py",
        '"mixed results": ',
        f'{NASTY + MARKUP!r}: {MARKUP!r}, "mixed results": ',
    )
    (source / "other.md").write_text(
        (source / "other.md").read_text()
        + "\n```{evidence} downloads\n```\n\n```{evidence} codebook\n```\n"
    )
    app = build()
    found, shape = read(app.outdir / data.DATA), read(app.outdir / data.SCHEMA)
    assert faults(shape, found) == []
    trial, report = found["papers"]
    assert trial["plain_title"] == NASTY
    assert report["funding"] == LONG
    assert MARKUP in report["prose"]["What was found"]
    lines = rows(app.outdir / "evidence.csv")
    assert lines[0]["plain title"] == f"'{NASTY}"
    assert lines[1]["further remarks"].startswith("'=Term: +more")
    for name in codebook.FILES:
        if name.endswith(".csv"):
            rows(app.outdir / name)
    for name in ("index", "other"):
        html = BeautifulSoup((app.outdir / f"{name}.html").read_bytes(), "html5lib")
        assert html.select("[onerror]") == []
    assert MARKUP in soup(app, "other").select_one("dl.codebook").text  # type: ignore[union-attr]
    script = (app.outdir / data.SCRIPT).read_text("ascii")
    inside = script.removeprefix("globalThis.evidenceData = JSON.parse(").removesuffix(");\n")
    assert json.loads(json.loads(inside)) == found


@pytest.mark.parametrize("wide", ["\uff1d1+1", " \uff0b1", "\uff20x", "\uff0d1"])
def test_wide_signs_are_no_formula_either(wide: str, source: Path, build: Build) -> None:
    edit(source / "index.md", ":population: adults", f":population: x{wide}")
    edit(source / "references.bib", "{A False Report}", f"{{{wide}}}")
    lines = rows(build().outdir / "evidence.csv")
    assert lines[0]["population"] == f"x{wide}"
    assert lines[1]["title"].startswith("'")


def test_the_same_records_give_the_same_bytes_on_any_day(
    source: Path, build: Build, make_app: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [*codebook.FILES, data.SCRIPT]
    out = build().outdir
    first = {name: (out / name).read_bytes() for name in names}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    again = make_app("html", srcdir=source, builddir=source.parent / "again")
    again.build(force_all=True)
    assert {name: (again.outdir / name).read_bytes() for name in names} == first


def test_a_paper_without_a_year_or_a_number_says_so(source: Path, build: Build) -> None:
    edit(source / "references.bib", "  year = {2021},\n", "")
    app = build()
    report = read(app.outdir / data.DATA)["papers"][1]
    assert report["year"] is None
    assert report["unknown"]["pmid"] == "not seen"
    assert faults(read(app.outdir / data.SCHEMA), read(app.outdir / data.DATA)) == []


def test_a_site_without_papers_has_no_data(source: Path, build: Build) -> None:
    assert (build().outdir / data.DATA).is_file()
    text = (source / "index.md").read_text()
    notice_only = text[: text.index("## First theme")] + "```{toctree}\nother\n```\n"
    (source / "index.md").write_text(notice_only)
    (source / "other.md").write_text(
        "# Other\n\n```{evidence} downloads\n```\n\n```{evidence} codebook\n```\n"
    )
    out = build().outdir
    assert not [name for name in [*codebook.FILES, data.SCRIPT] if (out / name).exists()]


def test_the_data_name_their_address(source: Path, build: Build) -> None:
    app = build(confoverrides={"html_baseurl": "https://example.org/bib"})
    found = read(app.outdir / data.DATA)
    assert found["address"] == "https://example.org/bib/"
    assert found["papers"][0]["address"] == "https://example.org/bib/index.html#sound2020trial"
    assert read(app.outdir / data.SCHEMA)["$id"] == "https://example.org/bib/evidence.schema.json"
