"""HTML Help: no script, and every page in the contents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

from helpers import PAGES, SETTINGS, notice, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_each_page_has_a_title_and_the_notice_and_no_script(built: Callable[..., Path]) -> None:
    pages = sorted(built("htmlhelp").glob("*.html"))
    assert [path.with_suffix(".md").name for path in pages] == sorted(PAGES)
    for path in pages:
        page = BeautifulSoup(path.read_text("cp1252"), "html5lib")
        (shown,) = page.select(".medication-safety")
        plain = words(shown.text).replace("’", "'")  # noqa: RUF001  the apostrophe of the output
        assert plain == words(" ".join(["Warning", *notice()])), path.name
        assert page.title
        assert page.title.text in PAGES[path.with_suffix(".md").name]
        assert not page.select("script, svg, [onclick]"), path.name


def test_the_contents_name_every_page_and_the_project_packs_each_file(
    built: Callable[..., Path],
) -> None:
    folder = built("htmlhelp")
    (contents,) = folder.glob("*.hhc")
    (project,) = folder.glob("*.hhp")
    named = set(re.findall(r'name="Local" value="([^"#]+)', contents.read_text("cp1252")))
    assert named == {path.name for path in folder.glob("*.html")}
    settings, _, files = project.read_text("cp1252").partition("[FILES]")
    assert f"Title={SETTINGS['html_title']}" in settings
    packed = [name.replace("\\", "/") for name in files.split()]
    assert named <= set(packed)
    assert [name for name in packed if not (folder / name).is_file()] == []
    assert [name for name in packed if name.endswith((".js", ".map"))] == []
