"""A reference as COinS: an OpenURL ContextObject that a reference manager finds in a page.

Keys: ANSI/NISO Z39.88-2004, its matrices for journals and books, and Dublin Core for all else.
"""

from urllib.parse import urlencode

from cite.csl import Item

#: The matrix and the genre of each type of CSL; all others are told in Dublin Core.
GENRES = {
    "article-journal": ("journal", "article"),
    "article": ("journal", "preprint"),
    "book": ("book", "book"),
    "chapter": ("book", "bookitem"),
    "paper-conference": ("book", "proceeding"),
    "report": ("book", "report"),
}
#: The keys of the matrices by the variables of CSL.
KEYS = {
    "volume": "volume",
    "issue": "issue",
    "page": "pages",
    "publisher": "pub",
    "publisher-place": "place",
    "edition": "edition",
    "ISSN": "issn",
    "ISBN": "isbn",
}
URIS = {"DOI": "info:doi/", "PMID": "info:pmid/", "URL": ""}


def as_coins(item: Item) -> str:
    """Return *item* as a ContextObject, not yet escaped for HTML."""
    matrix, genre = GENRES.get(item["type"], ("dc", ""))
    within, title = item.get("container-title", ""), item.get("title", "")
    parts = next(iter(item.get("issued", {}).get("date-parts", ())), ())
    pairs = [("date", "-".join(f"{part:02}" for part in parts))]
    people = item.get("author", ())
    if matrix == "dc":
        pairs += [("type", item["type"]), ("title", title), ("source", within)]
        pairs += [("creator", person) for person in map(whole_name, people)]
        pairs += [("publisher", item.get("publisher", "")), ("identifier", item.get("URL", ""))]
    else:
        part = "jtitle" if matrix == "journal" else "btitle"
        whole = matrix != "journal" and not within
        titles = [(part, title)] if whole else [("atitle", title), (part, within)]
        pairs += [("genre", genre), *titles]
        pairs += [(key, item.get(variable, "")) for variable, key in KEYS.items()]
        pairs += [("au", person) for person in map(whole_name, people)]
    uris = [f"{scheme}{item[name]}" for name, scheme in URIS.items() if name in item]
    return urlencode(
        [
            ("ctx_ver", "Z39.88-2004"),
            ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{matrix}"),
            *((f"rft.{key}", value) for key, value in pairs if value),
            *(("rft_id", uri) for uri in uris),
        ]
    )


def whole_name(person: dict[str, str]) -> str:
    """Return *person* as it is spoken."""
    parts = ("given", "non-dropping-particle", "family", "suffix")
    return person.get("literal") or " ".join(person[part] for part in parts if part in person)
