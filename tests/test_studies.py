"""Study records on the page: every fact in words, in every builder, and right after any edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from helpers import edit, soup, warnings, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bs4 import Tag
    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]

TESTROOT = "studies"


def facts(section: Tag) -> dict[str, str]:
    """Return the facts in *section* by their name."""
    names = section.select(".study-facts > dt")
    values = section.select(".study-facts > dd")
    return {
        words(name.text).rstrip(":"): words(value.text)
        for name, value in zip(names, values, strict=True)
    }


def test_a_record_becomes_a_section_with_every_fact_in_words(build: Build) -> None:
    app = build()
    assert not app.warning.getvalue()
    section = soup(app).select("section#sound2020trial")[0]
    assert section.select("h3")[0].text.startswith("A trial in words")
    assert len(section.select("p.reference #ref-sound2020trial")) == 1
    assert words(section.select("p.study-line")[0].text) == (
        "No clear difference · corrected article · Randomised controlled trial · 1,204 people · 2020 · "
        "an opioid blocker · compared with placebo"
    )
    terms = [words(term.text) for term in section.select("dl:not(.study-facts) > dt")]
    assert terms == ["What was found", "Harms", "What this does not show"]
    assert words(section.select("dl:not(.study-facts) > dd")[1].text) == (
        "Any event: 67.5% against 53.8%. Serious: 2 people. Most frequent: nausea 27.6%."
    )
    assert facts(section) == {
        "Method": "With two arms.",
        "People": "1,200 on the medicine; 4 on placebo (1,204 in all).",
        "Left early": "30 of 1200 on the medicine.",
        "Population": "Adults.",
        "Treatment": "A medicine; at home.",
        "Dose reported": "3 mg (a reported fact, not a dosing guide).",
        "Compared with": "Placebo; at home, too.",
        "Duration": "4 weeks.",
        "Main outcome": "Mood.",
        "Registration": "NCT01234567.",
        "Overlap": "Shares authors: False 2021 [retracted].",
        "Figures from elsewhere": "1200: False 2021 [False 2021: retracted]",
        "Publication status": "Corrected; see the note above.",
        "Full text": "Free in PubMed Central.",
        "Read for this page": "Abstract. Added on 2 January 2024, compared on 4 March 2024. "
        "The comparison is overdue.",
        "Databases": "Not yet compared with databases.",
    }
    (link,) = section.select('.study-facts a[href*="pmc"]')
    assert link["href"] == "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/"
    assert words(section.select("dd.not-shown")[0].text) == "It does not show much."


def test_what_every_record_would_say_is_left_out(build: Build) -> None:
    (report,) = soup(build()).select("section#false2021report")
    assert facts(report) == {
        "People": "1 man.",
        "Population": "A man.",
        "Overlap": "Shares authors: Sound and Roe 2020.",
        "Funding and interests": "A maker.",
        "Publication status": "Retracted; see the note above.",
        "Read for this page": "Full text. Added and compared on 3 February 2024. "
        "The comparison is overdue.",
        "Databases": "Not yet compared with databases.",
    }
    assert "Harms" not in report.text


def test_an_overlap_is_written_once_and_seen_at_both(source: Path, build: Build) -> None:
    edit(
        source / "index.md",
        ":overlaps: shares authors: false2021report",
        ":overlaps: included in: false2021report",
    )
    page = soup(build())
    assert facts(page.select("section#sound2020trial")[0])["Overlap"] == (
        "Included in: False 2021 [retracted]."
    )
    other = facts(page.select("section#false2021report")[0])["Overlap"]
    assert other == "Includes: Sound and Roe 2020."
    edit(source / "index.md", ":overlaps: included in: false2021report\n", "")
    assert "Overlap" not in soup(build()).text


def test_papers_are_counted_without_those_that_were_retracted(source: Path, build: Build) -> None:
    def sentence(app: SphinxTestApp) -> str:
        (found,) = (
            words(p.text)
            for p in soup(app, "other").select("p")
            if "There is" in p.text and "eport" in p.text
        )
        return found

    app = build()
    assert sentence(app) == "There is one trial (Sound and Roe 2020) and No report."
    assert soup(app, "other").select('a[href="index.html#sound2020trial"]')
    edit(source / "index.md", ":status: retracted", ":status: corrected")
    assert sentence(build()).endswith("and One report (False 2021).")


@pytest.mark.parametrize("place", ["# Other", "See {cite:t}"])
def test_a_count_in_a_heading_is_named_and_stops_nothing(
    source: Path, build: Build, place: str
) -> None:
    heading = "## In {studies}`trial|trials: design: case report`\n\n"
    text = (source / "other.md").read_text()
    new = "# In {studies}`a|b: design: case report`" if place == "# Other" else heading + place
    (source / "other.md").write_text(text.replace(place, new, 1))
    (found,) = warnings(build())
    assert "a heading cannot count papers; move the sentence out of it" in found
    assert found.startswith("other.md:")


def test_a_doubt_is_told_wherever_a_paper_is_named(source: Path, build: Build) -> None:
    edit(source / "index.md", ":status: corrected", ":status: expression of concern")
    edit(source / "index.md", ":overlaps: shares authors", ":overlaps: included in")
    page = soup(build(), "other")
    for names in ("table.harms-table", "table.reviews-table", "p:-soup-contains('There is one')"):
        (shown,) = page.select(names)
        assert "[expression of concern]" in shown.text, names


def test_what_cannot_be_counted_is_named_at_its_line(source: Path, build: Build) -> None:
    edit(source / "other.md", "comparator: placebo`", "comparators: placebo`")
    (found,) = warnings(build())
    assert "no option 'comparators' can be counted; did you mean comparator?" in found
    assert found.startswith("other.md:")
    assert found.endswith("[study.selection]")


def test_old_addresses_of_a_section_stay(build: Build) -> None:
    assert soup(build()).select("#a-sound-trial-of-oprk1")


def test_a_retracted_paper_says_so_before_its_record_opens(build: Build) -> None:
    index = soup(build())
    (retracted,) = index.select("h3 + .study-status")
    assert words(retracted.text) == (
        "Retracted The article has been withdrawn, and its results must not be relied on. "
        "The report stays here as a warning. Date not known; source: the page of the publisher."
    )
    (corrected,) = index.select("details .study-status")
    assert words(corrected.text) == (
        "Corrected article The publisher has corrected the article. "
        "Date: May 2021; source: the page of the publisher."
    )


def test_a_closed_record_says_in_short_what_was_found_and_what_not(build: Build) -> None:
    (summary,) = soup(build()).select("#sound2020trial > details > summary")
    assert [words(line.text) for line in summary.select(".in-short")] == [
        "What was found: No clear difference from.",
        "What this does not show: It does not show much.",
    ]
    assert not summary.select("a, [id]")


@pytest.mark.parametrize("builder", ["text", "latex", "epub", "man"])
def test_a_book_shows_all_of_a_record(build: Build, builder: str) -> None:
    out = build(builder).outdir
    files = [*out.glob("*.txt"), *out.glob("*.tex"), *out.glob("*.xhtml"), *out.glob("*.1")]
    text = "".join(path.read_text("utf-8") for path in files)
    assert "All of it" not in text
    assert "<details" not in text
    assert "67.5" in text


@pytest.mark.parametrize("builder", ["html", "dirhtml", "text", "latex", "man", "texinfo", "xml"])
def test_each_citation_of_a_retracted_paper_says_so(build: Build, builder: str) -> None:
    app = build(builder)
    output = "".join(
        path.read_text("utf-8")
        for path in sorted(app.outdir.rglob("*"))
        if path.suffix in {".html", ".txt", ".tex", ".1", ".texi", ".xml"}
    )
    # Below the other paper and among its figures, before the second record, and on the other page.
    assert words(output).replace("\\sphinxhyphen{}", "-").count("False 2021: retracted") == 4


def test_a_citation_is_marked_and_its_neighbour_is_not(build: Build) -> None:
    app = build()
    marks = [words(mark.text) for mark in soup(app, "other").select("strong.retraction")]
    assert marks == ["[False 2021: retracted]"]


def test_a_page_follows_a_paper_that_is_retracted_later(source: Path, build: Build) -> None:
    edit(source / "index.md", ":status: retracted", ":status: as published")
    assert "retracted" not in soup(build(), "other").text
    edit(source / "index.md", ":status: as published", ":status: retracted")
    assert "[False 2021: retracted]" in soup(build(), "other").text


def test_a_heading_follows_an_edited_title(source: Path, build: Build) -> None:
    build()
    edit(source / "references.bib", "A Sound Trial of", "A Better Trial of")
    app = build()
    assert "A Better Trial of OPRK1" in soup(app).text
    assert "A Sound Trial" not in soup(app).text + soup(app, "other").text
    assert "A Better Trial of OPRK1" in soup(app, "other").text


def test_a_wrong_record_fails_in_every_build_until_it_is_fixed(source: Path, build: Build) -> None:
    edit(source / "index.md", ":direction: no clear", ":direction: good clear")
    expected = (
        "index.md:23: WARNING: sound2020trial: direction: 'good clear difference' is not allowed"
    )
    for _ in range(2):
        (found,) = warnings(build())
        assert expected in found
        assert found.endswith("[study.record]")
    edit(source / "index.md", ":direction: good clear", ":direction: no clear")
    assert not warnings(build())


def test_a_record_appears_with_its_entry(source: Path, build: Build) -> None:
    edit(source / "references.bib", "sound2020trial", "sound2020other")
    app = build()
    assert any("[bib.unknown-key]" in line for line in warnings(app))
    assert not soup(app).select("section#sound2020trial")
    edit(source / "references.bib", "sound2020other", "sound2020trial")
    assert soup(build()).select("section#sound2020trial")


def test_a_paper_without_its_record_is_reported_in_every_build(source: Path, build: Build) -> None:
    text = (source / "index.md").read_text("utf-8")
    record = text[text.index("```{study} false2021report") : text.index("```{toctree}")]
    edit(source / "index.md", record, "")
    for _ in range(2):
        overlap, found = warnings(build())
        assert "overlaps: no other paper with a record has the key 'false2021report'" in overlap
        assert found.startswith("references.bib:12: WARNING: false2021report: the entry is marked")
        assert found.endswith("[study.missing]")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("study_medicines = [['x']]", r"study_medicines holds \['x'\]; write words"),
        ("study_medicines = ['x', 'x']", "study_medicines holds something twice"),
        ("study_designs = {3: 'x'}", "study_designs holds 3; write words"),
        ("search_words = ['']", "search_words holds ''; write words"),
        ("search_next = '2024-01-01'", "search_next is before the last search"),
        ("search_date = 'May'", "search_date: 'May' is no day"),
        ("search_date = '2999-01-01'", "search_date: 2999-01-01 has not come yet"),
        ("search_where = ''", "search_where is empty"),
    ],
)
def test_each_wrong_setting_is_one_line(
    source: Path, make_app: Build, setting: str, message: str
) -> None:
    with (source / "conf.py").open("a") as file:
        file.write(f"{setting}\n")
    with pytest.raises(SystemExit, match=f"^conf\\.py: {message}") as stopped:
        make_app("html", srcdir=source)
    assert "\n" not in str(stopped.value)


def test_a_wrong_setting_stops_the_build_with_one_line(source: Path, make_app: Build) -> None:
    edit(source / "conf.py", 'study_randomised = ["randomised', 'study_randomised = ["unknown')
    with pytest.raises(SystemExit, match=r"^conf\.py: study_randomised names unknown"):
        make_app("html", srcdir=source)


def test_a_review_becomes_overdue_without_an_edit(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(builder: str) -> int:
        out = build(builder).outdir
        (page,) = [*out.glob("index.*html"), *out.glob("index.txt"), *out.glob("*.tex")]
        return words(page.read_text("utf-8")).count("The comparison is overdue.")

    builders = ("html", "epub", "text", "latex")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1710000000")  # 9 March 2024
    assert [shown(builder) for builder in builders] == [0] * len(builders)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1741200000")  # 5 March 2025
    assert [shown(builder) for builder in builders] == [2] * len(builders)
    assert source


def test_a_figure_from_the_body_of_the_paper_is_said_to_be_from_there(
    source: Path, build: Build
) -> None:
    edit(
        source / "index.md",
        ":figures: 1200: false2021report",
        ":figures: 1200: sound2020trial; 27.6: sound2020trial, false2021report",
    )
    (section,) = soup(build()).select("section#sound2020trial")
    assert facts(section)["Figures from elsewhere"] == (
        "1200: outside the abstract. 27.6: outside the abstract; False 2021 [False 2021: retracted]"
    )
