"""Read the Docs: its settings, and what its own commands build from a clean copy of the source.

The fixtures `built` and `pdf` run these commands, for all tests of the site.
"""

from __future__ import annotations

import runpy
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit

import feedparser
import pytest
import yaml
from bs4 import BeautifulSoup

from conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SETTINGS = yaml.safe_load((ROOT / ".readthedocs.yaml").read_text())


def test_the_settings_ask_for_every_format_and_fail_on_warnings() -> None:
    assert set(SETTINGS["formats"]) == {"pdf", "epub"}
    assert SETTINGS["sphinx"] == {"configuration": "conf.py", "fail_on_warning": True}
    assert SETTINGS["python"]["install"] == [{"requirements": "requirements.txt"}]


def test_the_lock_file_has_a_hash_for_each_package_and_names_no_index() -> None:
    lock = (ROOT / "requirements.txt").read_text()
    packages = [
        line for line in lock.splitlines() if "==" in line and not line.startswith((" ", "#"))
    ]
    assert packages
    assert all(line.endswith("\\") for line in packages)
    assert lock.count("--hash=sha256:") >= len(packages)
    assert "://" not in lock
    assert "index" not in lock


@pytest.mark.parametrize(
    ("variable", "address"),
    [
        ("READTHEDOCS_CANONICAL_URL", "https://research-citations.readthedocs.io/en/stable/"),
        ("SITE_URL", "https://example.org/bib"),
        ("SITE_URL", ""),
    ],
)
class TestAddress:
    """The address of the site is one setting, which works in a folder and at the root of a host."""

    def test_each_link_of_the_404_page_leads_somewhere(
        self, built: Callable[..., Path], variable: str, address: str
    ) -> None:
        out = built("html", address, variable)
        page = BeautifulSoup((out / "404.html").read_bytes(), "html.parser")
        home = f"{address.rstrip('/') or 'https://site.invalid'}/"
        tags = page.select("[href], [src], [action]")
        named = [str(tag.get("href") or tag.get("src") or tag.get("action")) for tag in tags]
        whole = [urldefrag(urljoin(f"{home}no/such/page.html", link)).url for link in named]
        host = urljoin(home, "/")
        inside = {link for link in whole if link.startswith(host)} - {f"{home}no/such/page.html"}
        assert f"{home}safety.html" in inside
        assert [link for link in inside if not link.startswith(home)] == []
        files = [urlsplit(link.removeprefix(home)).path or "index.html" for link in inside]
        assert [name for name in files if not (out / name).is_file()] == []

    def test_a_page_names_its_address_if_it_has_one(
        self, built: Callable[..., Path], variable: str, address: str
    ) -> None:
        out = built("html", address, variable)
        page = BeautifulSoup((out / "safety.html").read_bytes(), "html.parser")
        named = [link["href"] for link in page.select('link[rel="canonical"]')]
        named += [meta["content"] for meta in page.select('meta[property="og:url"]')]
        assert named == ([f"{address.rstrip('/')}/safety.html"] * 2 if address else [])

    def test_the_feed_is_valid_with_and_without_an_address(
        self, built: Callable[..., Path], variable: str, address: str
    ) -> None:
        """RFC 4287 lets a link be relative to where the feed was found, and an identifier never."""
        out = built("html", address, variable)
        feed = feedparser.parse((out / "feed.xml").read_bytes())
        home = address and f"{address.rstrip('/')}/"
        assert not feed.bozo
        assert all(item.id.startswith("urn:uuid:") for item in [feed.feed, *feed.entries])
        assert {link.href for link in feed.feed.links} == {home or "./", f"{home}feed.xml"}
        assert all(item.link.startswith(f"{home}citations.html#") for item in feed.entries)
        assert all(f'href="{home}safety.html"' in item.summary for item in feed.entries)


def test_an_address_without_https_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "example.org/bib")
    settings = runpy.run_path(str(ROOT / "conf.py"))
    assert settings["html_baseurl"] == "https://example.org/bib"
    assert settings["notfound_urls_prefix"] == "/bib/"


def test_one_pdf_is_built(pdf: Path) -> None:
    # Read the Docs keeps the PDF of this name and deletes the others.
    assert pdf.is_file()
    assert [path.stem for path in pdf.parent.glob("*.tex")] == [pdf.stem]


def test_one_epub_is_built(built: Callable[..., Path]) -> None:
    out = built("epub")
    assert [path.name for path in out.glob("*.epub")] == ["research-citations.epub"]
