"""What is completed in the package document and the table of contents of an EPUB, and how it is packed.

The rules are those of EPUB 3.3 (https://www.w3.org/TR/epub-33/).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from xml.dom.minidom import Document, Element, parseString
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

#: What Sphinx writes where nobody is named.
NOBODY = "unknown"
#: The file that opens the archive, as it is.
MIMETYPE = "mimetype"
#: The style of the table of contents, to which Sphinx gives none: nested lists fit a narrow screen.
NARROW = "ol { padding-left: 1.2em; overflow-wrap: anywhere; }"


def complete_package(package: bytes, properties: Mapping[str, Iterable[str]]) -> bytes:
    """Return the *package* document with each value of *properties*, and with its picture of the cover.

    A contributor whom nobody named is left out, and so is the guide of EPUB 2, which landmarks replace.
    """
    document = parseString(package)  # noqa: S318  our own build
    (root,) = document.getElementsByTagName("package")
    (metadata,) = document.getElementsByTagName("metadata")
    for name, values in properties.items():
        for value in values:
            metadata.appendChild(element(document, "meta", value, property=name))
    for person in document.getElementsByTagName("dc:contributor"):
        if person.firstChild is None or person.firstChild.nodeValue == NOBODY:
            metadata.removeChild(person)
    covers = [
        meta.getAttribute("content")
        for meta in metadata.getElementsByTagName("meta")
        if meta.getAttribute("name") == "cover"
    ]
    for item in document.getElementsByTagName("item"):
        if item.getAttribute("id") in covers:
            item.setAttribute("properties", "cover-image")
    for guide in document.getElementsByTagName("guide"):
        root.removeChild(guide)
    return document.toxml("utf-8")


def complete_contents(contents: bytes, landmarks: Iterable[tuple[str, str, str]]) -> bytes:
    """Return the navigation document *contents* with *landmarks*, which reading systems show in their own way.

    Each has a kind of ``epub:type``, an address and a title.
    """
    document = parseString(contents)  # noqa: S318  our own build
    (toc,) = document.getElementsByTagName("nav")
    (body,) = document.getElementsByTagName("body")
    toc.setAttribute("role", "doc-toc")
    for head in document.getElementsByTagName("head"):
        head.appendChild(element(document, "style", NARROW))
    places = element(document, "ol")
    for kind, address, title in landmarks:
        place = element(document, "li")
        place.appendChild(element(document, "a", title, **{"epub:type": kind, "href": address}))
        places.appendChild(place)
    navigation = element(document, "nav", **{"epub:type": "landmarks", "hidden": "hidden"})
    navigation.appendChild(places)
    body.appendChild(navigation)
    return document.toxml("utf-8")


def element(document: Document, name: str, words: str = "", **attributes: str) -> Element:
    """Return an element *name* of *document*, with *words* and *attributes*."""
    made = document.createElement(name)
    for attribute, value in attributes.items():
        made.setAttribute(attribute, value)
    made.appendChild(document.createTextNode(words))
    return made


def pack(folder: Path, names: Iterable[str], path: Path) -> None:
    """Write the files *names* of *folder* into the archive *path*, as if no time had passed."""
    with ZipFile(path, "w") as archive:
        for name in names:
            entry = ZipInfo(name)
            entry.compress_type = ZIP_STORED if name == MIMETYPE else ZIP_DEFLATED
            archive.writestr(entry, (folder / name).read_bytes())
