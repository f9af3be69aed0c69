"""`make linkcheck`: what it says without a network, and where a broken link is written."""

from __future__ import annotations

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

import links
from bibtex.reader import parse_bib_file

if TYPE_CHECKING:
    from pathlib import Path

#: Nobody listens at this port.
DEAD = "http://127.0.0.1:9"
BIB = """\
@article{doe2001one,
  title = {One},
  doi = {10.1000/One(2)},
  pmid = {123},
  pmcid = {PMC45},
}
@misc{roe2002two,
  url = {https://example.org/two/},
}
"""


class NotFound(BaseHTTPRequestHandler):
    """Answer that nothing is there."""

    def do_HEAD(self) -> None:
        """Answer the question whether there is a network."""
        self.send_error(404)

    def log_message(self, *_message: object) -> None:
        """Keep quiet."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Return a site with one link to nowhere, which the reference of an entry could print."""
    (tmp_path / "conf.py").write_text("extensions = ['myst_parser']\n")
    (tmp_path / "index.md").write_text(f"# Page\n\n[A link]({DEAD}/10.1000/one%282%29)\n")
    (tmp_path / "references.bib").write_text(BIB)
    return tmp_path


def test_without_a_network_one_line_says_so(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(links, "hosts", lambda _folder: [DEAD])
    assert links.main(site) == 1
    (line,) = capfd.readouterr().err.splitlines()
    assert "there is no network" in line
    assert not (site / "_build").exists()


def test_a_host_that_answers_anything_is_a_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")
    with ThreadingHTTPServer(("127.0.0.1", 0), NotFound) as server:
        Thread(target=server.serve_forever).start()
        assert links.answers(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert not links.answers(DEAD)


def test_the_hosts_that_are_asked_are_those_of_the_sources(site: Path) -> None:
    assert links.hosts(site) == ["http://127.0.0.1", "https://example.org"]


def test_a_broken_link_of_an_entry_is_named_with_its_line(
    site: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(links, "answers", lambda _address: True)
    monkeypatch.setenv("no_proxy", "*")
    assert links.main(site) == 1
    last = capfd.readouterr().err.splitlines()[-1]
    assert last.startswith(f"references.bib:3: doe2001one: broken: {DEAD}/10.1000/one%282%29 ("), (
        last
    )


@pytest.mark.parametrize(
    ("uri", "place"),
    [
        ("https://doi.org/10.1000/one(2)", "references.bib:3: doe2001one"),
        ("https://pubmed.ncbi.nlm.nih.gov/123/", "references.bib:4: doe2001one"),
        ("https://pmc.ncbi.nlm.nih.gov/articles/PMC45/", "references.bib:5: doe2001one"),
        ("https://example.org/two", "references.bib:8: roe2002two"),
        ("https://pubmed.ncbi.nlm.nih.gov/9123/", ""),
    ],
)
def test_each_link_of_an_entry_leads_back_to_its_field(site: Path, uri: str, place: str) -> None:
    entries = parse_bib_file(site / "references.bib", "references.bib").entries
    assert links.place_in_entries(uri, entries) == place
    result = {"filename": "page.md", "lineno": 7, "status": "broken", "uri": uri, "info": "why\n"}
    expected = f"{place or 'page.md:7'}: broken: {uri} (why)"
    assert list(links.broken([result, {**result, "status": "working"}], entries)) == [expected]
