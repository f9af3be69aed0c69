"""Nothing in a page runs: the check refuses it at its line, and so does a build, which leaves it out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from check import check_site
from conftest import ROOT
from samples import VOCABULARY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

#: What is refused, by its first line: each stands on line 3 of a page.
EVIL = [
    "<script>alert(1)</script>",
    "Words <img src=x onerror=alert(1)> and more",
    "<!-- a comment -->",
    "```{raw} html\n<script>alert(1)</script>\n```",
    "~~~{eval-rst}\n.. raw:: html\n\n   <script>alert(1)</script>\n~~~",
    "```{include} conf.py\n```",
    "```{literalinclude} conf.py\n```",
    "```{csv-table}\n:url: https://example.org/a.csv\n```",
    "{math}`x^2`",
    "```{math}\nx^2\n```",
    "[a](javascript:alert(1))",
    "[a](JaVaScript:alert(1))",
    "<javascript:alert(1)>",
    "[a](data:text/html,x)",
    "[a](vbscript:x)",
    "![a](https://example.org/a.png)",
    "![a](data:image/png;base64,AA)",
    "[988](tel: 988)",
    "[988](tel:98x)",
    "[Find help] (https://example.org)",
    "{{ 7*7 }}",
]
SETTINGS = [
    "myst:\n  enable_extensions: [substitution]",
    "myst:\n  substitutions:\n    a: b",
    'myst:\n  html_meta:\n    "http-equiv=refresh": "0;url=https://example.org"',
    "myst:\n  url_schemes: [javascript]",
]
HARMFUL = re.compile(
    r"<script>alert|onerror|href=.(?:javascript|data|vbscript)|http-equiv=.refresh|mathjax"
    r"|src=.(?:https?:|data:)|name = \"Research",
    re.IGNORECASE,
)


def pages() -> dict[str, tuple[str, int]]:
    """Return each page that is refused, with the line of what is."""
    found = {f"evil{n}": (f"# T\n\n{text}\n", 3) for n, text in enumerate(EVIL)}
    lines = {n: text.count("\n") + 2 for n, text in enumerate(SETTINGS)}
    lines[1] = 3
    for number, text in enumerate(SETTINGS):
        found[f"set{number}"] = (f"---\n{text}\n---\n\n# T\n", lines[number])
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a site of pages that are refused."""
    for name, (text, _) in pages().items():
        (tmp_path / f"{name}.md").write_text(text)
    names = "\n".join(pages())
    (tmp_path / "index.md").write_text(f"# T\n\n```{{toctree}}\n{names}\n```\n")
    (tmp_path / "conf.py").write_text("extensions = ['untrusted', 'myst_parser']\n")
    return tmp_path


def test_the_check_refuses_each_at_its_line(folder: Path) -> None:
    paths = {path.name: path for path in folder.glob("*.md")}
    found = {(item.file, item.line) for item in check_site({}, paths, VOCABULARY).findings}
    assert {(f"{name}.md", line) for name, (_, line) in pages().items()} <= found
    assert "index.md" not in {file for file, _ in found}


def test_a_build_refuses_each_at_its_line_and_leaves_it_out(
    folder: Path, make_app: Callable[..., SphinxTestApp]
) -> None:
    app = make_app("html", srcdir=folder)
    app.build()
    said = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue())
    warned = set(re.findall(r"(\w+)\.md:(\d+): WARNING", said))
    assert {(name, str(line)) for name, (_, line) in pages().items()} <= warned
    assert "index" not in {name for name, _ in warned}
    for path in app.outdir.glob("*.html"):
        assert HARMFUL.search(path.read_text("utf-8")) is None, path.name
    assert "49" not in (app.outdir / f"evil{EVIL.index('{{ 7*7 }}')}.html").read_text("utf-8")


def test_a_record_is_a_part_of_a_page(folder: Path) -> None:
    text = (ROOT / "tests/roots/test-studies/index.md").read_text("utf-8")
    (folder / "index.md").write_text(text.replace("\n: ", "\n: <script>alert(1)</script> ", 1))
    found = check_site({}, {"index.md": folder / "index.md"}, VOCABULARY).findings
    assert [item for item in found if "raw HTML" in item.message]
