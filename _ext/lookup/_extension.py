"""Index entries for the search, numbers in the index, and the script of the search page."""

import functools
from collections.abc import Iterator

from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.search.en import SearchEnglish
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util.typing import ExtensionMetadata

from common.findings import Finding
from common.scripts import add_script
from common.settings import add_settings, read_settings
from common.store import EXTENSION, warn_of
from lookup.words import Lookup

#: Shorter numbers are in every list and table.
DIGITS = 3


class EnglishWithNumbers(SearchEnglish):
    """English, where a number can be searched for: a telephone number, a year, an identifier.

    Sphinx shortens a word anew on each page.
    """

    def __init__(self, options: dict[str, str]) -> None:
        super().__init__(options)
        self.stem_lower = functools.cache(super().stem)

    def stem(self, word: str) -> str:
        return self.stem_lower(word.lower())

    def word_filter(self, word: str) -> bool:
        return super().word_filter(word) or (word.isdecimal() and len(word) >= DIGITS)


class AddSearchEntries(SphinxPostTransform):
    """Add the index entries of a page, for the search only: an index has been made of the others."""

    default_priority = 5  # any, because nothing else looks at them
    formats = ("html",)

    def run(self, **_kwargs: object) -> None:
        found = self.env.events.emit("search-entries", self.env.docname)
        entries = [
            ("single", words, anchor, "main", None) for part in found for anchor, words in part
        ]
        if entries:
            self.document += addnodes.index(entries=entries)


def sections_looked_up(app: Sphinx, docname: str) -> Iterator[tuple[str, str]]:
    """Yield the anchors of sections of *docname*, and words of ``lookup_words`` that lead there."""
    labels = app.env.domains.standard_domain.labels
    for label, word in read_settings(Lookup, "lookup", app.config):
        if label in labels and labels[label][0] == docname:
            yield labels[label][1], word


def check_labels(app: Sphinx, env: BuildEnvironment) -> None:
    """Report words that lead nowhere, in every build."""
    words = read_settings(Lookup, "lookup", app.config)
    known = env.domains.standard_domain.labels.items()
    # Labels of Sphinx itself, as "search", are on no page.
    labels = {label for label, (docname, *_) in known if docname in env.found_docs}
    warn_of(
        (Finding("conf.py", 1, "", "label", text) for text in words.leading_nowhere(labels)),
        "lookup",
    )


def what_a_page_shows(app: Sphinx, env: BuildEnvironment, docname: str) -> str:
    """Return which words lead to *docname*; rooms that add entries tell of theirs."""
    return repr(list(sections_looked_up(app, docname)))


def register(app: Sphinx) -> ExtensionMetadata:
    app.setup_extension("incremental")
    add_settings(app, Lookup, "lookup")
    app.add_event("search-entries")
    app.add_search_language(EnglishWithNumbers)
    app.add_post_transform(AddSearchEntries)
    app.connect("search-entries", sections_looked_up)
    app.connect("env-updated", check_labels)  # which every build emits
    app.connect("page-fingerprint", what_a_page_shows)
    add_script(app, __file__, "lookup.js", lambda _app, pagename: pagename == "search")
    return EXTENSION | {"env_version": 1}
