"""All papers at a glance: the table, the map, the drawing, the download and the feed."""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

import feedparser
import pytest
from bs4 import BeautifulSoup, Tag

from bib_source import read
from conftest import ROOT
from evidence_data import COLUMNS
from study_check import is_annotated, records
from study_options import DESIGNS, OPTIONS
from study_record import TERMS
from study_words import capital
from test_studies import build, page, source, words  # noqa: F401  fixtures

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]
    Built = Callable[[str], Path]

RECORDS = records((ROOT / "citations.md").read_text("utf-8"))
KEYS = [record.key for record in RECORDS]


def soup(path: Path) -> BeautifulSoup:
    """Return the page at *path*."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def cells(table: Tag) -> list[list[str]]:
    """Return the words in the cells of *table*, row by row."""
    return [[words(cell.text) for cell in row.select("th, td")] for row in table.select("tr")]


# -- The real site ---------------------------------------------------------------------------------
def test_every_annotated_paper_of_the_site_has_its_record() -> None:
    entries = read(ROOT / "references.bib").entries
    assert sorted(KEYS) == sorted(entry.key for entry in entries if is_annotated(entry))


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_table_has_one_row_for_each_paper_and_leads_to_it(built: Built, builder: str) -> None:
    out = built(builder)
    name = "evidence.html" if builder == "html" else "evidence/index.html"
    table = soup(out / name).select("table.evidence-table")[0]
    head, *rows = cells(table)
    assert head == list(COLUMNS)
    data = [row for row in rows if len(row) == len(COLUMNS)]
    assert len(data) == len(KEYS)
    assert [row[2] for row in data] == [capital(record["design"]) for record in RECORDS]
    assert [row[3] for row in data] == [capital(record["direction"]) for record in RECORDS]
    assert [row[4] for row in data] == [capital(record["status"]) for record in RECORDS]
    links = [str(link["href"]) for link in table.select("tbody a")]
    assert [link.partition("#")[2] for link in links] == KEYS
    target = soup(out / name).select('a[href$="evidence.csv"]')[0]
    assert (out / name).parent.joinpath(str(target["href"])).resolve() == out / "evidence.csv"


def test_the_first_page_lists_the_same_papers(built: Built) -> None:
    table = soup(built("html") / "index.html").select("table.evidence-list")[0]
    _, *rows = cells(table)
    assert [row[1] for row in rows] == [capital(record["design"]) for record in RECORDS]
    for record, (title, _, people) in zip(RECORDS, rows, strict=True):
        assert title.startswith(f"{record['plain-title']} (")
        assert re.findall(r"\d+", record["people"]) == [
            number
            for number in re.findall(r"\d+", people)
            if number != str(record.number) or len(record.people) < 2
        ]


def test_the_drawings_are_part_of_the_page_and_follow_its_theme(built: Built) -> None:
    drawings = soup(built("html") / "evidence.html").select("figure svg[role=img]")
    assert len(drawings) == 2
    for drawing in drawings:
        names = str(drawing["aria-labelledby"]).split()
        assert all(drawing.select_one(f"#{name}") for name in names)
        assert "currentColor" in str(drawing)
        assert not re.search(r"#[0-9a-f]{6}(?![^(]*\))", str(drawing)), "a colour of its own"
        assert not re.search(r"url\((?!#)|href=\"(?!#)", str(drawing))
    ids = re.findall(r'\bid="([^"]+)"', "".join(map(str, drawings)))
    assert len(ids) == len(set(ids))


def test_the_map_says_the_same_in_words(built: Built) -> None:
    described = soup(built("html") / "evidence.html").select("#evidence-map-words")[0].text
    drawn = [text.text for text in soup(built("html") / "evidence.html").select("figure svg text")]
    for design in {record["design"] for record in RECORDS}:
        assert f"{capital(design)}." in described
        assert capital(design) in drawn
    for record in RECORDS:
        assert record["direction"] in described
    assert described.count(";") >= len(RECORDS)
    assert any(text.startswith("Yovell et al. 2016: 62") for text in drawn)
    assert "Case report 2022: 1" in drawn


def test_links_without_a_paper_say_so_in_the_drawing_and_in_the_list(built: Built) -> None:
    site = soup(built("html") / "evidence.html")
    listed = [words(item.strong.text) for item in site.select("ol li") if item.strong]
    unsupported = [number for number, text in enumerate(listed, 1) if "(no paper)" in text]
    assert len(unsupported) >= 3
    drawn = [text.text for text in site.select("figure svg text")]
    assert [text for text in drawn if text.endswith("no paper")] == [
        f"{number} no paper" for number in unsupported
    ]


@pytest.mark.parametrize(("builder", "pattern"), [("latex", "*.pdf"), ("epub", "_images/*.svg")])
def test_books_carry_the_drawings_as_files(built: Built, builder: str, pattern: str) -> None:
    names = sorted(
        path.stem for path in built(builder).glob(pattern) if "citations" not in path.stem
    )
    assert names == ["evidence-map", "mechanism"]


def test_plain_text_carries_the_drawings_in_words(built: Built) -> None:
    text = words((built("text") / "evidence.txt").read_text("utf-8"))
    assert (
        "Yovell et al. 2016: 40 analysed on buprenorphine; 22 analysed on placebo (62 in all);"
        in text
    )
    assert "supports, randomised, corrected." in text
    assert "5: κ receptor to Overactive κ signalling: no paper." in text


def test_the_download_has_a_line_for_each_paper(built: Built) -> None:
    data = (built("html") / "evidence.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for another encoding"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["key"] for row in rows] == KEYS
    for row, record in zip(rows, RECORDS, strict=True):
        assert all(row[term] for term in TERMS)
        for name in OPTIONS.keys() - {"dose", "reviewed", "method"}:
            assert row[name.replace("-", " ")] == record[name]
        assert row["reviewed (by a maintainer and not by a clinician)"] == record["reviewed"]
        assert "*" not in row["method"]
        assert row["dose"].endswith("not a dosing guide)") == bool(record["dose"])
        assert "breathing" in row["medication safety"]
        assert row["number of people"] == (str(record.number) if record.number else "")
    by_key = {row["key"]: row for row in rows}
    assert "(Lin et al. 2019)" in by_key["karp2014safety"][TERMS[-1]]
    assert (
        "dangerous for someone who is not used to it" in by_key["casereport2022"]["further remarks"]
    )


def test_the_feed_is_valid_and_carries_the_warning(built: Built) -> None:
    out = built("html")
    feed = feedparser.parse((out / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "atom10"
    notice = "it can make breathing slow down or stop"
    assert notice in feed.feed.subtitle
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) >= len(KEYS)
    for entry in feed.entries:
        assert notice in entry.summary
        assert TERMS[-1] in entry.summary
        assert "No clinician has reviewed" in entry.summary
        assert 'href="safety.html"' in entry.summary
        name, _, anchor = entry.link.partition("#")
        assert soup(out / name).select(f"#{anchor}")
    days = [entry.updated for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    for name in ("index.html", "search.html"):
        link = soup(out / name).select('link[type="application/atom+xml"]')
        assert [str(found["href"]) for found in link] == ["feed.xml"]


# -- A small site ----------------------------------------------------------------------------------
def test_changes_are_listed_newest_first_and_undated_ones_last(build: Build) -> None:  # noqa: F811
    other = page(build(), "other")
    titles = [rubric.text for rubric in other.select("p.rubric")]
    assert titles == [
        "4 March 2024",
        "3 February 2024",
        "2 January 2024",
        "May 2021",
        "Date not known",
    ]
    items = [words(item.text) for item in other.select("p.rubric + ul li")]
    assert [item.partition(":")[0] for item in items] == [
        *("Reviewed", "Added", "Added", "Corrected by the publisher", "Retracted"),
    ]


def test_the_feed_tells_what_has_a_date(build: Build) -> None:  # noqa: F811
    feed = feedparser.parse((build().outdir / "feed.xml").read_bytes())
    assert [entry.title for entry in feed.entries] == [
        "Reviewed: A trial in words (Sound and Roe 2020, corrected)",
        "Added: A report in words (False 2021, retracted)",
        "Added: A trial in words (Sound and Roe 2020, corrected)",
        "Corrected by the publisher: A trial in words (Sound and Roe 2020, corrected)",
    ]
    assert feed.feed.updated == "2024-03-04T00:00:00+00:00"


def test_the_table_follows_an_edited_record(source: Path, build: Build) -> None:  # noqa: F811
    first = build()
    assert "Against" in page(first, "other").select("table.evidence-table")[0].text
    index = source / "index.md"
    index.write_text(index.read_text().replace(":direction: against", ":direction: mixed"))
    second = build()
    assert "Mixed" in page(second, "other").select("table.evidence-table")[0].text
    assert "mixed" in (second.outdir / "evidence.csv").read_text("utf-8")


def test_the_same_records_give_the_same_bytes(build: Build, make_app: Build, source: Path) -> None:  # noqa: F811
    first = {
        name: (build().outdir / name).read_bytes()
        for name in ("feed.xml", "evidence.csv", "other.html")
    }
    again = make_app("html", srcdir=source, builddir=source.parent / "again")
    again.build(force_all=True)
    assert {name: (again.outdir / name).read_bytes() for name in first} == first


def test_designs_are_counted_with_their_meaning(build: Build) -> None:  # noqa: F811
    terms = page(build(), "other").select("dl.simple dt")
    counted = [words(term.text) for term in terms]
    assert "Randomised controlled trial: one paper" in counted
    assert len(counted) == len(DESIGNS)


def test_an_unknown_view_is_named_with_what_is_allowed(source: Path, build: Build) -> None:  # noqa: F811
    other = source / "other.md"
    other.write_text(other.read_text().replace("{evidence} list", "{evidence} lists"))
    warning = build().warning.getvalue()
    assert "evidence cannot show 'lists'; write one of: table, list, designs" in warning


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("Buprenorphin → μ receptor (proposed):", "no box is called 'Buprenorphin'; the boxes are"),
        (
            "Buprenorphine → μ receptor (likely):",
            "cannot rest on 'likely'; write one of: associated",
        ),
        ("Buprenorphine and so on", "is no link; write in bold"),
    ],
)
def test_a_link_that_cannot_be_drawn_is_named(
    source: Path,  # noqa: F811
    build: Build,  # noqa: F811
    wrong: str,
    message: str,
) -> None:
    other = source / "other.md"
    other.write_text(other.read_text().replace("Buprenorphine → μ receptor (proposed):", wrong))
    app = build()
    assert message in app.warning.getvalue()
    assert "κ receptor to Severe distress: no paper" in page(app, "other").text
