"""Small tools of several tests: edit a file, read a built page, and the texts of the real site."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from bs4 import BeautifulSoup

import check
from conftest import ROOT
from pages import read_page

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp

#: The pages of the real site as they are written, by the name of the file.
PAGES = {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("[a-z]*.md"))}
SETTINGS = check.read_conf(ROOT)
VOCABULARY = check.read_vocabulary(ROOT)


def page_with(words: str) -> str:
    """Return the name, without suffix, of the first page of the real site that holds *words*."""
    return next(Path(name).stem for name, text in PAGES.items() if words in text)


#: Pages that may have another name one day.
EVIDENCE, CHANGES = page_with("{evidence} table"), page_with("{evidence} changes")
GLOSSARY, REFERENCES = page_with("```{glossary}"), page_with("```{bibliography}")
#: The study records of the real site by their key, in the order of the page that holds them.
RECORDS = {
    found.record.key: found.record
    for found in check.records("citations.md", read_page(PAGES["citations.md"]), VOCABULARY)
}


def only_on_screen() -> list[str]:
    """Return the lines of the pages that books leave out, without markup."""
    blocks = re.compile(r"(?ms)^```\{only\} html and not epub\n(.*?)^```$")
    lines = "\n".join("".join(blocks.findall(page)) for page in PAGES.values()).splitlines()
    return [re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", line) for line in lines if line]


def edit(path: Path, old: str, new: str) -> None:
    """Replace *old*, which must be there, by *new* in the file at *path*."""
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def soup(app: SphinxTestApp, name: str = "index") -> BeautifulSoup:
    """Return the page *name* that *app* built."""
    return BeautifulSoup((app.outdir / f"{name}.html").read_text("utf-8"), "html.parser")


def warnings(app: SphinxTestApp) -> list[str]:
    """Return what *app* warned of, line by line: without colours, and with paths in its source.

    What Sphinx says of the second app in a process is left out.
    """
    text = re.sub(r"\x1b\[[\d;]*m", "", app.warning.getvalue()).replace(f"{app.srcdir}/", "")
    return [line for line in text.splitlines() if "already registered" not in line]


def words(text: str) -> str:
    """Return *text* on one line."""
    return " ".join(text.split())


def notice(*, unlinked: bool = False) -> list[str]:
    """Return the paragraphs of the safety notice of the real site, without markup.

    Those that open with a tap are among them, and what opens them is not; *unlinked*: only those
    without a link, which plain text and TeX write in their own way.
    """
    (body,) = re.findall(
        r"^```\{medication-safety\}\n(.*?)^```$", PAGES["safety.md"], re.MULTILINE | re.DOTALL
    )
    shown, _, detail = body.partition("\n> ")
    paragraphs = shown.strip().split("\n\n") + re.sub(r"(?m)^>? ?", "", detail).split("\n\n")[1:]
    plain = re.compile(r"\[([^]]*)\]\([^)]*\)|\*\*")
    return [
        words(plain.sub(r"\1", paragraph))
        for paragraph in paragraphs
        if not (unlinked and "](" in paragraph)
    ]
