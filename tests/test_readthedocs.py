"""Read the Docs: its settings, and what its own commands build from a clean copy of the source.

The fixtures `built` and `pdf` run these commands, for all tests of the site.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

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


def test_html_is_built_for_its_address(built: Callable[..., Path]) -> None:
    address = "https://research-citations.readthedocs.io/en/stable/"
    out = built("html", address)
    assert f'rel="canonical" href="{address}safety.html"' in (out / "safety.html").read_text()
    assert f'property="og:url" content="{address}safety.html"' in (out / "safety.html").read_text()
    assert 'href="/en/stable/safety.html"' in (out / "404.html").read_text()


def test_one_pdf_is_built(pdf: Path) -> None:
    # Read the Docs keeps the PDF of this name and deletes the others.
    assert pdf.is_file()
    assert [path.stem for path in pdf.parent.glob("*.tex")] == [pdf.stem]


def test_one_epub_is_built(built: Callable[..., Path]) -> None:
    out = built("epub")
    assert [path.name for path in out.glob("*.epub")] == ["research-citations.epub"]
