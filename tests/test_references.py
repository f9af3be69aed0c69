"""References in their right place, once, with labels that match the citations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from helpers import edit, soup, warnings
from references.nlm_style import NLMStyle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pybtex.database import Entry
    from pybtex.style import FormattedEntry
    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]

TESTROOT = "references"


@pytest.mark.sphinx("html", testroot="references", freshenv=True)
def test_each_reference_is_shown_once_in_its_place(app: SphinxTestApp) -> None:
    app.build()
    assert not app.warning.getvalue()
    shown = {
        page: [tag.text.split(".")[0] for tag in soup(app, page).select("p.reference")]
        for page in ("index", "list")
    }
    assert shown == {
        "index": ["FDA 2016b FDA"],
        "list": [
            "Case report 2022 [Authors not yet verified; see the DOI",
            "FDA 2016a FDA",
            "FDA 2016c FDA",
        ],
    }


@pytest.mark.sphinx("html", testroot="references")
def test_citations_carry_the_label_and_lead_to_the_reference(app: SphinxTestApp) -> None:
    app.build()
    page = soup(app, "index")
    assert [tag.text for tag in page.select(".bibtex-citation")] == [
        "(FDA 2016b; FDA 2016c)",
        "(FDA 2016a)",
        "Case report 2022",
    ]
    assert [tag["href"] for tag in page.select(".bibtex-citation a")] == [
        "#ref-placed",
        "list.html#ref-fda-b",
        "list.html#ref-fda-a",
        "list.html#ref-case",
    ]
    assert [tag["href"] for tag in soup(app, "list").select(".bibtex-citation a")] == [
        "index.html#ref-placed"
    ]
    anchors = {tag["id"] for name in ("index", "list") for tag in soup(app, name).select(".target")}
    assert anchors >= {"ref-placed", "ref-fda-a", "ref-fda-b", "ref-case"}


@pytest.mark.sphinx("latex", testroot="references")
def test_the_pdf_keeps_references_where_they_stand(app: SphinxTestApp) -> None:
    app.build()
    text = next(app.outdir.glob("*.tex")).read_text()
    assert "thebibliography" not in text
    order = ["In its Section", "Text behind it", "First", "Second", "Text behind the list"]
    assert [text.count(words) for words in order] == [1] * len(order)
    assert [text.index(words) for words in order] == sorted(text.index(words) for words in order)
    anchors = re.findall(r"\\hypertarget\{(.*?)\}", text)
    assert sorted(anchors) == sorted(set(anchors))
    assert set(re.findall(r"\\hyperlink\{(.*?)\}", text)) == set(anchors)


def test_an_unknown_key_is_reported_where_it_stands(source: Path, build: MakeApp) -> None:
    edit(source / "index.rst", ".. reference:: placed", ".. reference:: plcaed")
    for _ in range(2):
        app = build()
        (warning,) = warnings(app)
        assert warning.startswith(
            "index.rst:9: WARNING: plcaed: no entry has this key; did you mean"
        )
        assert warning.endswith("[bib.unknown-key]")
        assert "In its Section" in soup(app, "list").text  # nothing is lost


def test_a_reference_that_is_printed_twice_is_reported(source: Path, build: MakeApp) -> None:
    edit(source / "list.rst", ".. bibliography::", ".. reference:: placed\n\n.. bibliography::")
    (warning,) = warnings(build())
    assert warning.startswith("list.rst:4: WARNING: the reference 'placed' is printed a second")


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("p", "(Doe and Roe 2001b)"),
        ("t", "Doe and Roe (2001b)"),
        ("year", "2001b"),
        ("author", "Doe and Roe"),
        ("label", "Doe and Roe 2001b"),
        ("empty", ""),
    ],
)
def test_each_role_prints_what_its_name_says(
    role: str, shown: str, source: Path, build: MakeApp
) -> None:
    entry = "@misc{{{0}, author = {{Doe, A and Roe, B}}, title = {{{0}}}, howpublished = {{Web}}, year = {{2001}}}}\n"
    with (source / "references.bib").open("a") as bib:
        bib.write(entry.format("aaa") + entry.format("bbb"))
    edit(source / "list.rst", ":cite:p:`placed`", f":cite:p:`placed,aaa` :cite:{role}:`bbb`")
    citation = soup(build(), "list").select(".bibtex-citation")[-1]
    assert citation.text == shown
    assert [str(link["href"]) for link in citation.select("a")] == ["#ref-bbb"] * bool(shown)


def counted_build(
    make_app: MakeApp, root: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[str]]:
    """Build *root*; return the entries that were formatted and the pages that were read and written."""
    counts: dict[str, list[str]] = {"formatted": [], "read": [], "written": []}
    format_entry = NLMStyle.format_entry

    def counting(style: NLMStyle, label: str, entry: Entry) -> FormattedEntry:
        counts["formatted"].append(entry.key)
        return format_entry(style, label, entry)

    monkeypatch.setattr(NLMStyle, "format_entry", counting)
    app = make_app("html", srcdir=root)
    app.connect("env-before-read-docs", lambda *args: counts["read"].extend(args[2]))
    app.connect("doctree-resolved", lambda *args: counts["written"].append(args[2]))
    app.build()
    monkeypatch.undo()
    return {name: sorted(found) for name, found in counts.items()}


def test_the_cost_follows_the_edit(
    source: Path, make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "plain.rst").write_text(":orphan:\n\nPlain\n=====\n\nCites :cite:p:`case`.\n")
    first = counted_build(make_app, source, monkeypatch)
    assert first["written"] == ["index", "list", "plain"]
    assert first["formatted"] == ["case", "fda-a", "fda-b", "placed"]

    nothing: dict[str, list[str]] = {"formatted": [], "read": [], "written": []}
    assert counted_build(make_app, source, monkeypatch) == nothing

    bib = source / "references.bib"
    edit(bib, "{First}", "{First, Edited}")  # its label stays the same
    edited = counted_build(make_app, source, monkeypatch)
    assert (edited["read"], edited["written"]) == ([], ["list"])

    edit(bib, "year = {2022}", "year = {2023}")  # its label changes
    edited = counted_build(make_app, source, monkeypatch)
    assert (edited["read"], edited["written"]) == ([], ["index", "list", "plain"])


@pytest.mark.sphinx("html", testroot="references")
def test_each_reference_says_where_it_is_cited(app: SphinxTestApp) -> None:
    app.build()
    texts = [
        tag.text.partition(" Cited in: ")[::2] for tag in soup(app, "list").select("p.reference")
    ]
    assert [(text.split(" [")[0].split(" FDA.")[0], places) for text, places in texts] == [
        ("Case report 2022", "Papers."),
        ("FDA 2016a", "Papers."),
        ("FDA 2016c", "Papers."),
    ]
    (placed,) = soup(app, "index").select("p.reference")
    assert placed.text.endswith("Cited in: Papers; References.")
    assert [str(link["href"]) for link in placed.select("a")] == ["#papers", "list.html#references"]
