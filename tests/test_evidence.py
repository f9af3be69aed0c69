"""All papers at a glance: the table, the map, the drawing, the download and the feed."""

from __future__ import annotations

import csv
import functools
import io
import re
from typing import TYPE_CHECKING

import feedparser
import pytest
from bs4 import BeautifulSoup, Tag

import markup
from bibtex.entry import ANNOTATED, has_keyword
from bibtex.reader import parse_bib_file
from common.text import capital
from conftest import ROOT
from evidence import views
from evidence.tables import COLUMNS
from helpers import EVIDENCE, RECORDS, SETTINGS, VOCABULARY, edit, notice, soup, warnings, words
from studies.together import overlaps_of
from studies.vocabulary import INCLUDED, NO_HARMS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]

TESTROOT = "studies"


@functools.cache
def read(path: Path) -> BeautifulSoup:
    """Return the page at *path* of the real site."""
    return BeautifulSoup(path.read_text("utf-8"), "html.parser")


def cells(table: Tag) -> list[list[str]]:
    """Return the words in the cells of *table*, row by row."""
    return [[words(cell.text) for cell in row.select("th, td")] for row in table.select("tr")]


# -- The real site ---------------------------------------------------------------------------------
def test_every_annotated_paper_of_the_site_has_its_record() -> None:
    entries = parse_bib_file(ROOT / "references.bib").entries
    assert sorted(RECORDS) == sorted(
        entry.key for entry in entries if has_keyword(entry, ANNOTATED)
    )


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_table_has_one_row_for_each_paper_and_leads_to_it(built: Built, builder: str) -> None:
    out = built(builder)
    path = out / (f"{EVIDENCE}.html" if builder == "html" else f"{EVIDENCE}/index.html")
    table = read(path).select("table.evidence-table")[0]
    head, *rows = cells(table)
    assert head == list(COLUMNS)
    data = [row for row in rows if len(row) == len(COLUMNS)]
    assert [row[2:6] for row in data] == [
        [
            *(capital(record[option]) for option in ("design", "medicine")),
            capital(record.comparator),
            capital(record["direction"]),
        ]
        for record in RECORDS.values()
    ]
    for row, record in zip(data, RECORDS.values(), strict=True):
        marked = record["status"] != "as published"
        assert (f"[{record['status']}]" in row[0]) == marked
    links = [str(link["href"]) for link in table.select("tbody a")]
    assert [link.partition("#")[2] for link in links] == list(RECORDS)
    download = read(path).select('a[href$="evidence.csv"]')[0]
    assert (path.parent / str(download["href"])).resolve() == out / "evidence.csv"


@pytest.mark.parametrize("name", ["index", EVIDENCE])
def test_trials_of_the_first_medicine_stand_side_by_side(built: Built, name: str) -> None:
    (table,) = read(built("html") / f"{name}.html").select("table.compared-table")
    _, *rows = cells(table)
    records = [
        record
        for record in RECORDS.values()
        if (record["medicine"], record.comparator) == (VOCABULARY.medicines[0], "placebo")
        and record["design"] in VOCABULARY.randomised
        and record["status"] != "retracted"  # which nobody counts any more
    ]
    assert len(rows) == len(records) > 0
    for record, (title, size, found) in zip(records, rows, strict=True):
        assert record["plain-title"] in title
        assert size == f"{record.number:,} people, {record['duration']}"
        assert found.startswith(f"{capital(record['direction'])}. ")
        assert " Harms: " in found


def test_the_drawings_are_part_of_the_page_and_follow_its_theme(built: Built) -> None:
    drawings = read(built("html") / f"{EVIDENCE}.html").select("figure svg")
    # What holds links is a group; an image would hide them.
    assert [drawing["role"] for drawing in drawings] == ["group", "img"]
    for drawing in drawings:
        names = str(drawing["aria-labelledby"]).split()
        assert all(drawing.select_one(f"#{name}") for name in names)
        assert "currentColor" in str(drawing)
        assert not re.search(r"#[0-9a-f]{6}(?![^(]*\))", str(drawing)), "a colour of its own"
        assert not re.search(r"url\((?!#)|href=\"(?!citations\.html#)", str(drawing))
    ids = re.findall(r'\bid="([^"]+)"', "".join(map(str, drawings)))
    assert len(ids) == len(set(ids))


def test_the_map_says_the_same_in_words(built: Built) -> None:
    page = read(built("html") / f"{EVIDENCE}.html")
    described = page.select("#evidence-map-words")[0].text
    drawn = [text.text for text in page.select("figure svg text")]
    for medicine in {record["medicine"] for record in RECORDS.values()}:
        title = "No treatment tested" if medicine == "none" else capital(medicine)
        assert f"{title}." in described
        assert title in drawn
    labels = [text.text for text in page.select("table.evidence-table tbody a")]
    for label, record in zip(labels, RECORDS.values(), strict=True):
        (beside,) = [text for text in drawn if text.startswith(f"{label}: ")]
        number = f"{record.number:,}" if record.number else "n(o one|umber)"
        assert re.match(rf"{number}\b", beside.removeprefix(f"{label}: "))
        (facts,) = re.findall(
            rf"{re.escape(label)}: [^.]*?; ({record['direction']}[^;.]*)\.", described
        )
        assert ("made by chance" in facts) == (record["design"] in VOCABULARY.randomised)
        for words_of_status in (beside, facts):
            assert (record["status"] in words_of_status) == (record["status"] != "as published")


def test_marks_of_the_map_lead_to_the_records_in_a_page_and_only_there(built: Built) -> None:
    page = read(built("html") / f"{EVIDENCE}.html")
    rows = {row["href"]: row.text for row in page.select("table.evidence-table tbody a")}
    marks = {mark["href"]: words(mark.text) for mark in page.select("figure svg a")}
    assert marks.keys() == rows.keys()
    assert all(text.startswith(f"{rows[place]}: ") for place, text in marks.items())
    assert "<a " not in next(built("epub").glob("_images/evidence-map.svg")).read_text("utf-8")


def test_links_without_a_paper_say_so_in_the_drawing_and_in_the_list(built: Built) -> None:
    page = read(built("html") / f"{EVIDENCE}.html")
    listed = [words(item.strong.text) for item in page.select("ol li") if item.strong]
    unsupported = [number for number, text in enumerate(listed, 1) if "(no paper)" in text]
    drawn = [text.text for text in page.select("figure svg text")]
    assert unsupported
    assert [text for text in drawn if text.endswith("no paper")] == [
        f"{number} no paper" for number in unsupported
    ]
    assert drawn.count("?") == len(unsupported), "the open question stands out"


def test_the_book_to_read_on_a_screen_carries_the_drawings_as_files(built: Built) -> None:
    names = {path.stem for path in built("epub").glob("_images/*.svg")}
    assert names == {"evidence-map", "mechanism"}


def test_the_pdf_carries_the_words_of_the_drawings_as_text(built: Built) -> None:
    drawings = (built("latex") / "research-citations.tex").read_text("utf-8")
    drawn = re.findall(r"\\selectfont ?(.*?)\};", drawings)
    page = read(built("html") / f"{EVIDENCE}.html")
    assert drawings.count(r"\begin{tikzpicture}") >= 2  # long ones are in parts
    assert len({*drawn}) == len({text.text for text in page.select("figure svg text")})


def test_plain_text_carries_the_drawings_in_words(built: Built) -> None:
    text = "".join(
        (built("text") / f"{EVIDENCE}.txt").read_text("utf-8").split()
    )  # lines end at hyphens, too
    described = read(built("html") / f"{EVIDENCE}.html").select("figure svg desc")
    assert described
    assert [found.text for found in described if "".join(found.text.split()) not in text] == []


def test_the_download_has_a_line_for_each_paper(built: Built) -> None:
    data = (built("html") / "evidence.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf"), "spreadsheets take it for another encoding"
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row["key"] for row in rows] == list(RECORDS)
    for row, record in zip(rows, RECORDS.values(), strict=True):
        assert all(row[term] for term in VOCABULARY.terms)
        for name in VOCABULARY.options.keys() - {"dose", "reviewed", "method"}:
            assert row[name.replace("-", " ")] == record[name]
        assert row[f"reviewed ({VOCABULARY.review_note})"] == record["reviewed"]
        assert "*" not in row["method"]
        assert row["dose"].endswith("not a dosing guide)") == bool(record["dose"])
        assert all(paragraph in row["medication safety"] for paragraph in notice())
        assert row["number of people"] == (str(record.number) if record.number else "")


def test_the_feed_is_valid_and_carries_the_warning(built: Built) -> None:
    out = built("html")
    feed = feedparser.parse((out / "feed.xml").read_bytes())
    assert not feed.bozo
    assert feed.version == "atom10"
    assert all(paragraph in feed.feed.subtitle for paragraph in notice())
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) >= len(RECORDS)
    for entry in feed.entries:
        assert all(
            paragraph in BeautifulSoup(entry.summary, "html.parser").text for paragraph in notice()
        )
        assert VOCABULARY.limit in entry.summary
        assert "No clinician has reviewed" in entry.summary
        assert 'href="safety.html"' in entry.summary
        name, _, anchor = entry.link.partition("#")
        assert read(out / name).select(f"#{anchor}")
    days = [entry.updated for entry in feed.entries]
    assert days == sorted(days, reverse=True)
    for name in ("index.html", "search.html"):
        link = read(out / name).select('link[type="application/atom+xml"]')
        assert [str(found["href"]) for found in link] == ["feed.xml"]


def test_the_counts_on_the_page_are_those_of_the_records(built: Built) -> None:
    """The first bullet of the summary counts trials of buprenorphine alone against placebo."""
    page = read(built("html") / "citations.html")
    summary = page.select("#in-short")[0].find_parent("section") or page
    shown = words(summary.select("ul")[0].text).lower()
    labels = {
        str(link["href"]).partition("#")[2]: link.text
        for link in read(built("html") / f"{EVIDENCE}.html").select("table.evidence-table tbody a")
    }
    for condition, direction in (
        ("suicidal thoughts", "better than comparison"),
        ("depression", "no clear difference"),
    ):
        keys = [
            key
            for key, record in RECORDS.items()
            if record["medicine"] == "buprenorphine alone"
            and record.comparator == "placebo"
            and condition in record["conditions"].split("; ")
            and record["design"] == "randomised controlled trial"
            and (record["direction"], record["status"] != "retracted") == (direction, True)
        ]
        number = ["no", "one", "two", "three", "four", "five"][len(keys)]
        names = "; ".join(labels[key] for key in keys)
        assert f"{number} trial{'s' * (len(keys) > 1)} ({names})".lower() in shown


def test_the_harms_of_each_treatment_stand_side_by_side(built: Built) -> None:
    table = read(built("html") / f"{EVIDENCE}.html").select("table.harms-table")[0]
    _, *rows = cells(table)
    treated = [record for record in RECORDS.values() if record["medicine"] != "none"]
    treated = [record for record in treated if record["people"] != "none"]
    assert len(rows) == len(treated)
    for record, (_, medicine, people, *told) in zip(treated, rows, strict=True):
        assert medicine == capital(record["medicine"])
        assert people == (f"{record.number:,}" if record.number else "Not given")
        if not record.harms:
            assert told == [f"{capital(NO_HARMS[record['harms']])}."]
            continue
        event, stopped, frequent, serious = told
        shown = {"any event": event, "stopped because of one": stopped, "serious": serious}
        for name, text in shown.items():
            assert text == capital(record.harms.get(name, "not reported")), record.key
        for name in ("most frequent", "also"):
            assert record.harms.get(name, "") in f"{frequent[:1].lower()}{frequent[1:]}"


def test_a_study_and_the_review_that_holds_it_meet_in_a_table(built: Built) -> None:
    table = read(built("html") / f"{EVIDENCE}.html").select("table.reviews-table")[0]
    (_, *reviews), *rows = cells(table)
    shown = {
        (row[0], name)
        for row in rows
        for name, cell in zip(reviews, row[1:], strict=True)
        if cell != "not seen"
    }
    written = [
        (record.key, other)
        for record in RECORDS.values()
        for kind, other in overlaps_of(record)
        if kind in INCLUDED
    ]
    assert len(shown) == len(written) > 0


def test_a_day_that_has_passed_needs_a_script_and_no_build(built: Built) -> None:
    page = read(built("html") / f"{EVIDENCE}.html")
    (day,) = page.select(".last-search .due")
    assert f"due-{SETTINGS['search_next']}" in day["class"]
    assert page.select('script[src*="due.js"]')


# -- A small site ----------------------------------------------------------------------------------
def test_changes_are_listed_newest_first_and_undated_ones_last(build: Build) -> None:
    other = soup(build(), "other")
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
        *("Compared with its source", "Added", "Added", "Corrected by the publisher", "Retracted"),
    ]


def test_the_feed_tells_what_has_a_date(build: Build) -> None:
    feed = feedparser.parse((build().outdir / "feed.xml").read_bytes())
    assert [entry.title for entry in feed.entries] == [
        "Compared with its source: A trial in words (Sound and Roe 2020, corrected)",
        "Added: A report in words (False 2021, retracted)",
        "Added: A trial in words (Sound and Roe 2020, corrected)",
        "Corrected by the publisher: A trial in words (Sound and Roe 2020, corrected)",
    ]
    assert feed.feed.updated == "2024-03-04T00:00:00+00:00"


@pytest.mark.parametrize("builder", ["html", "dirhtml", "singlehtml"])
def test_every_link_of_the_feed_leads_somewhere(builder: str, build: Build) -> None:
    out = build(builder).outdir
    feed = feedparser.parse((out / "feed.xml").read_bytes())
    texts = [BeautifulSoup(entry.summary, "html.parser") for entry in feed.entries]
    links = {str(link["href"]) for text in texts for link in text.select("a")}
    for link in {entry.link for entry in feed.entries} | links:
        page, _, place = link.partition("#")
        path = out / page
        found = read(path if path.is_file() else path / "index.html")
        assert not place or found.find(id=place), link


def test_the_table_follows_an_edited_record(source: Path, build: Build) -> None:
    assert "No clear" in soup(build(), "other").select("table.evidence-table")[0].text
    edit(source / "index.md", ":direction: no clear difference", ":direction: mixed results")
    app = build()
    assert "Mixed" in soup(app, "other").select("table.evidence-table")[0].text
    assert "mixed" in (app.outdir / "evidence.csv").read_text("utf-8")


def test_a_text_of_several_paragraphs_is_whole_wherever_it_is_shown(
    source: Path, build: Build
) -> None:
    edit(
        source / "index.md",
        ": It does not show **much**.",
        ": It shows **one** thing {cite:p}`false2021report`.\n\n  It has more.\n: And a second.\n\n"
        "Another term\n: A remark.",
    )
    app = build()
    whole = "It shows one thing (False 2021). It has more. And a second."
    shown = soup(app).select("#sound2020trial dd.not-shown")
    marks = re.compile(r" \[False 2021: retracted\]")
    assert marks.sub("", words(" ".join(part.text for part in shown))) == whole
    rows = list(csv.DictReader(io.StringIO((app.outdir / "evidence.csv").read_text("utf-8-sig"))))
    assert rows[0]["What this does not show"] == whole
    assert rows[0]["further remarks"] == "Another term: A remark."
    feed = feedparser.parse((app.outdir / "feed.xml").read_bytes())
    assert f"What this does not show: {whole}<" in feed.entries[0].summary


def test_a_day_that_is_none_is_named(source: Path, build: Build) -> None:
    edit(source / "other.md", "See {cite:t}", "Until {due}`2026-02-30`, see {cite:t}")
    (found,) = warnings(build())
    assert found == "other.md:3: WARNING: '2026-02-30' is no day; write 2026-01-31 [due.day]"


def test_words_that_no_view_shows_are_named(source: Path, build: Build) -> None:
    edit(source / "other.md", "```{evidence} harms\n", "```{evidence} harms\nWords.\n")
    (found,) = warnings(build())
    assert "words in the block of 'harms' are not shown; write them above or below it" in found


def test_a_view_with_nothing_to_show_says_so_at_its_anchor(source: Path, build: Build) -> None:
    edit(source / "other.md", "```{evidence} reviews", "(held)=\n```{evidence} reviews")
    assert soup(build(), "other").select_one("#held") is not None


def test_a_setting_that_a_view_shows_reaches_each_format(source: Path, build: Build) -> None:
    def shown(builder: str) -> str:
        out = build(builder).outdir
        return "".join(path.read_text("utf-8") for path in sorted(out.glob("other.*")))

    assert ["1 September 2024" in shown(builder) for builder in ("html", "text")] == [True, True]
    edit(source / "conf.py", '"2024-09-01"', '"2024-10-01"')
    assert ["1 October 2024" in shown(builder) for builder in ("html", "text")] == [True, True]


def test_the_command_knows_all_views() -> None:
    assert set(markup.VIEWS) == {*views.VIEWS, views.COMPARED}


def test_what_a_view_selects_is_checked(source: Path, build: Build) -> None:
    edit(source / "other.md", "trials: comparator: placebo\n", "trials: comparator: tea\n")
    (found,) = warnings(build())
    assert found.startswith("other.md:8: WARNING: comparator is never 'tea'; write of these")


def test_the_same_records_give_the_same_bytes(build: Build, make_app: Build, source: Path) -> None:
    out = build().outdir
    first = {name: (out / name).read_bytes() for name in ("feed.xml", "evidence.csv", "other.html")}
    again = make_app("html", srcdir=source, builddir=source.parent / "again")
    again.build(force_all=True)
    assert {name: (again.outdir / name).read_bytes() for name in first} == first


def test_designs_are_counted_with_their_meaning(build: Build) -> None:
    app = build()
    terms = soup(app, "other").select("dl.evidence-terms dt")
    counted = [words(term.text) for term in terms]
    assert "Randomised controlled trial: one paper" in counted
    assert len(counted) == len(app.config.study_designs)


def test_an_unknown_view_is_named_with_what_is_allowed(source: Path, build: Build) -> None:
    edit(source / "other.md", "{evidence} harms", "{evidence} harm")
    (warning,) = warnings(build())
    assert "evidence cannot show 'harm'; write one of: table, designs" in warning


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            "**Buprenorphine →",
            "**Buprenorphin →",
            "no box is called 'Buprenorphin'; the boxes are: Buprenorphine, μ receptor",
        ),
        (
            "(proposed):",
            "(likely):",
            "cannot rest on 'likely'; write one of: associated",
        ),
        (
            "**Buprenorphine → μ receptor (proposed):**",
            "**Buprenorphine and so on**",
            "is not a link; write in bold",
        ),
        ("  μ receptor 72 125", "  Other 1 1\n  μ receptor", "is not a box; write its name"),
    ],
)
def test_a_part_of_the_hypothesis_that_cannot_be_drawn_is_named(
    source: Path, build: Build, right: str, wrong: str, message: str
) -> None:
    edit(source / "other.md", right, wrong)
    app = build()
    assert message in warnings(app)[0]
    assert "[mechanism.link]" in warnings(app)[0]
    assert "κ receptor to Severe distress: no paper" in soup(app, "other").text


def test_words_of_a_drawing_are_escaped_for_tex_though_another_builder_read_the_page(
    source: Path, build: Build
) -> None:
    edit(source / "other.md", "  μ receptor 72 125", "  50% & \\x 72 125\n  μ receptor 72 125")
    assert r"50% &amp; \x" in (build().outdir / "other.html").read_text("utf-8")
    tex = next(build("latex").outdir.glob("*.tex")).read_text("utf-8")
    assert r"50\% \& \textbackslash{}x};" in tex


def test_a_drawing_without_boxes_is_missed_and_its_list_stays(source: Path, build: Build) -> None:
    text = (source / "other.md").read_text("utf-8")
    edit(source / "other.md", text[text.index("---\nboxes") : text.index("1. **")], "")
    app = build()
    assert any("nothing can be drawn" in warning for warning in warnings(app))
    assert "κ receptor → Severe distress (no paper):" in soup(app, "other").text
