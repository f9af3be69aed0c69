"""Draw the picture that networks show of a link to the site: ``make card``.

Its words are those of ``conf.py``, and stand in the file as its description: a test compares them.
Networks take no SVG, and a build needs no browser: the picture is drawn when its words change.
"""

from __future__ import annotations

import runpy
import struct
import sys
import zlib
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from playwright.sync_api import sync_playwright

import needs
from common.settings import read_settings
from imprint.site import Imprint

WIDTH, HEIGHT = 1200, 630
SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Begins a description in UTF-8 that is not compressed (PNG, third edition, 11.3.3.4).
DESCRIPTION = b"Description\0\0\0\0\0"
TEMPLATE = Path(__file__).with_suffix(".html")


def chunks(png: bytes) -> list[tuple[bytes, bytes]]:
    """Return the chunks of *png*: their types and data."""
    found, at = [], len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        found.append((png[at + 4 : at + 8], png[at + 8 : at + 8 + length]))
        at += length + 12
    return found


def described(png: bytes, words: str) -> bytes:
    """Return *png* with *words* as its description."""
    first, *rest = [one for one in chunks(png) if one[0] != b"iTXt"]
    parts = [first, (b"iTXt", DESCRIPTION + words.encode()), *rest]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def words_in(png: bytes) -> str:
    """Return the description of *png*; empty without one."""
    texts = [data for kind, data in chunks(png) if kind == b"iTXt"]
    return next((data.removeprefix(DESCRIPTION).decode() for data in texts), "")


def words_of(settings: dict[str, Any]) -> str:
    """Return what the card says by the *settings* of ``conf.py``."""
    return read_settings(Imprint, "imprint", settings).card_words(settings["html_title"])


def draw(settings: dict[str, Any]) -> bytes:
    """Return the card that says what *settings* say."""
    imprint = read_settings(Imprint, "imprint", settings)
    said = {"name": settings["html_title"], "about": imprint.about, "status": imprint.status}
    page = Template(TEMPLATE.read_text("utf-8")).substitute(
        {name: escape(text) for name, text in said.items()}
    )
    options: dict[str, Any] = {"executable_path": needs.chromium(), "args": ["--no-sandbox"]}
    with sync_playwright() as driver, driver.chromium.launch(**options) as browser:
        tab = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        tab.set_content(page)
        return described(tab.screenshot(), words_of(settings))


def main(folder: Path) -> int:
    """Draw the card of the site in *folder*; return 1 when there is no browser for it."""
    if problem := needs.problem("browser"):
        sys.stderr.write(f"{problem}\n")
        return 1
    settings = runpy.run_path(str(folder / "conf.py"))
    (folder / settings["imprint_card"]).write_bytes(draw(settings))
    return 0


if __name__ == "__main__":
    sys.exit(main(Path.cwd()))
