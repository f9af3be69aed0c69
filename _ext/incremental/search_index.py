"""The search index, equal to that of a clean build.

Sphinx reads the index of the last build and feeds the written pages to it. `IndexBuilder.load` takes
no ``indexentries`` over, so those of all other pages are lost, and `IndexBuilder.prune` keeps words
that are on no page any more. An index can be read and written in any format, so one stands between.
"""

from pathlib import Path
from typing import Any

from sphinx.builders.html import StandaloneHTMLBuilder


class WholeIndex:
    """The format of the index of *builder*, completed but for the pages *written* from that of the last build."""

    def __init__(self, builder: StandaloneHTMLBuilder, written: set[str]) -> None:
        self.format: Any = builder.indexer_format
        self.written = written
        self.old: dict[str, Any] = {}
        try:
            raw = Path(builder.outdir, builder.searchindex_filename).read_bytes()
            old = self.format.loads(raw.decode() if builder.indexer_dumps_unicode else raw)
            self.old = {name: old[name] for name in (*old, "docnames", "indexentries")}
        except Exception:  # noqa: BLE001  what a damaged file raises depends on its format
            return  # it is made anew

    def load(self, _stream: object) -> dict[str, Any]:
        """Return the index of the last build, which is read already."""
        return self.old

    def dump(self, data: dict[str, Any], stream: object) -> None:
        """Write *data*, completed, to *stream*."""
        for name in ("terms", "titleterms"):
            data[name] = {word: pages for word, pages in data[name].items() if pages != []}
        numbers = {docname: number for number, docname in enumerate(data["docnames"])}
        entries: dict[str, list[Any]] = data["indexentries"]
        for text, found in self.old.get("indexentries", {}).items():
            for number, *entry in found:
                docname = self.old["docnames"][number]
                if docname in numbers and docname not in self.written:
                    entries.setdefault(text, []).append((numbers[docname], *entry))
        for found in entries.values():
            found.sort(key=lambda entry: entry[0])  # stable, as the entries of a page are
        self.format.dump(data, stream)
