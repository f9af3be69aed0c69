"""References in their right place, once, with labels that match the citations."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from bs4 import BeautifulSoup

if TYPE_CHECKING:
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp


def soup(app: SphinxTestApp, page: str) -> BeautifulSoup:
    """Return *page* of *app*, parsed."""
    return BeautifulSoup((app.outdir / f"{page}.html").read_text(), "html.parser")


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


def test_an_unknown_key_is_reported_where_it_stands(
    rootdir: Path, tmp_path: Path, make_app: type
) -> None:
    source = rootdir / "test-references"
    for path in source.iterdir():
        (tmp_path / path.name).write_text(
            path.read_text().replace(".. reference:: placed", ".. reference:: plcaed")
        )
    app = make_app("html", srcdir=tmp_path)
    app.build()
    assert "index.rst:9: WARNING: no reference has the key 'plcaed'" in app.warning.getvalue()
    assert "In its Section" in (app.outdir / "list.html").read_text()  # nothing is lost
