"""Study records on the page: every fact in words, in every builder, and right after any edit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sphinx.errors import ConfigError

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
    assert section.select("h3")[0].text.startswith("A Sound Trial of OPRK1")
    assert len(section.select("p.reference #ref-sound2020trial")) == 1
    assert facts(section) == {
        "Study design": "Randomised controlled trial: with two arms.",
        "People": "1,200 on the medicine; 4 on placebo (1,204 in all).",
        "Population": "Adults.",
        "Treatment": "A medicine; at home.",
        "Dose reported": "3 mg (a reported fact, not a dosing guide).",
        "Compared with": "Placebo.",
        "Duration": "4 weeks.",
        "Direction": "Against: no clear difference.",
        "Funding and interests": "Not checked.",
        "Publication status": "Corrected; see the note above the reference.",
        "Full text": "Free in PubMed Central.",
        "Read for this page": "Abstract.",
        "Added": "2 January 2024.",
        "Review": "Last reviewed on 4 March 2024, not by a clinician. This review is overdue.",
    }
    link = section.select_one(".study-facts a")
    assert link
    assert link["href"] == "https://pmc.ncbi.nlm.nih.gov/articles/PMC1234567/"
    assert words(section.select("dd.not-shown")[0].text) == "It does not show much."


def test_old_addresses_of_a_section_stay(build: Build) -> None:
    assert soup(build()).select("#a-sound-trial-of-oprk1")


def test_a_corrected_and_a_retracted_paper_say_so_above_the_reference(build: Build) -> None:
    index = soup(build())
    corrected, retracted = index.select("h3 + .study-status")
    assert words(corrected.text) == (
        "Corrected article The publisher has corrected the article. "
        "Date: May 2021; source: the page of the publisher."
    )
    assert words(retracted.text) == (
        "Retracted The article has been withdrawn, and its results must not be relied on. "
        "The report stays here as a warning. Date not known; source: the page of the publisher."
    )
    assert len(index.select(".study-status + p.reference")) == 2


@pytest.mark.parametrize("builder", ["html", "dirhtml", "text", "latex", "man", "texinfo", "xml"])
def test_each_citation_of_a_retracted_paper_says_so(build: Build, builder: str) -> None:
    app = build(builder)
    output = "".join(
        path.read_text("utf-8")
        for path in sorted(app.outdir.rglob("*"))
        if path.suffix in {".html", ".txt", ".tex", ".1", ".texi", ".xml"}
    )
    # Below the other paper, before the second record, and on the other page.
    assert words(output).replace("\\sphinxhyphen{}", "-").count("False 2021: retracted") == 3


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
    edit(source / "index.md", ":direction: against", ":direction: good")
    expected = (
        "index.md:20: WARNING: sound2020trial: direction: 'good' is not allowed; write one of"
    )
    for _ in range(2):
        (found,) = warnings(build())
        assert expected in found
        assert found.endswith("[study.record]")
    edit(source / "index.md", ":direction: good", ":direction: against")
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
        (found,) = warnings(build())
        assert found.startswith("references.bib:12: WARNING: false2021report: the entry is marked")
        assert found.endswith("[study.missing]")


def test_a_wrong_setting_stops_the_build_with_one_line(source: Path, make_app: Build) -> None:
    edit(source / "conf.py", 'study_randomised = ["randomised', 'study_randomised = ["unknown')
    with pytest.raises(ConfigError, match=r"^conf\.py: study_randomised names unknown"):
        make_app("html", srcdir=source)


def test_a_review_becomes_overdue_without_an_edit(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shown(builder: str) -> int:
        out = build(builder).outdir
        (page,) = [*out.glob("index.*html"), *out.glob("index.txt"), *out.glob("*.tex")]
        return words(page.read_text("utf-8")).count("This review is overdue.")

    builders = ("html", "epub", "text", "latex")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1710000000")  # 9 March 2024
    assert [shown(builder) for builder in builders] == [0] * len(builders)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1741200000")  # 5 March 2025
    assert [shown(builder) for builder in builders] == [2] * len(builders)
    assert source


def test_on_paper_the_facts_stand_in_a_table(build: Build) -> None:
    (path,) = build("latex").outdir.glob("*.tex")
    text = path.read_text("utf-8")
    before, _, after = text.partition("Dose reported")
    assert r"\begin{tabular" in before.rpartition(r"\section")[2]
    assert "not a dosing guide" in after[:200]
