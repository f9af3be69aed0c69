"""Find the pages that were written without the medication safety notice.

The last line of defence: it reads the files a reader gets, so that no theme, template or
extension can lose the notice, double it, or leave an old one behind.
"""

import html
import re
from collections.abc import Iterator
from pathlib import Path

NOTICE = re.compile(
    r'<div\b[^>]*\bclass="[^"]*(?<![\w-])medication-safety(?![\w-])[^"]*"[^>]*>(.*?)</div>',
    re.DOTALL,
)
TAG = re.compile(r"<[^>]*>")


def letters(text: str) -> str:
    """Return *text* without white space, so that line breaks and markup do not matter."""
    return "".join(text.split())


def fault(page: str, notice: str) -> str | None:
    """Return what is wrong with the notice on *page* (HTML), or None; *notice* is its text."""
    found = NOTICE.findall(page)
    if not found:
        return (
            "this page was written without the medication safety notice: "
            "its template has to print {{ medication_safety }} or the body of the page"
        )
    if len(found) > 1:
        return f"this page shows the medication safety notice {len(found)} times: once is right"
    if letters(html.unescape(TAG.sub("", found[0]))) != letters(notice):
        return "this page shows another medication safety notice: remove the page or build it anew"
    return None


def faults(
    folder: Path, suffix: str, notice: str, encoding: str = "utf-8"
) -> Iterator[tuple[Path, str]]:
    """Yield each page below *folder* that ends with *suffix*, with what is wrong with it.

    Static files are no pages, and an EPUB's ``nav.xhtml`` is its table of contents.
    """
    for path in sorted(folder.rglob(f"*{suffix}")):
        if "_static" in path.relative_to(folder).parts or path.name == "nav.xhtml":
            continue
        if problem := fault(path.read_text(encoding), notice):
            yield path, problem
