"""What this project uses of other packages beyond their documentation, so that a release that moves it fails here.

Each has a reason beside its use: `incremental` (Sphinx), `bibtex.scanner` (pybtex), `references.domain`
(sphinxcontrib-bibtex), `epub_book` (Sphinx's EPUB), `plain_text` (Sphinx's text), the scripts of `notice`
and `lookup` (Sphinx's search).
"""

from __future__ import annotations

import inspect
import re
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from pybtex.database.input.bibtex import LowLevelParser, Parser
from sphinx.builders.epub3 import Epub3Builder
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors.asset import DownloadFileCollector
from sphinx.search import IndexBuilder, js_index
from sphinx.writers import text
from sphinxcontrib.bibtex.domain import BibtexDomain, get_docnames

from conftest import ROOT

if TYPE_CHECKING:
    from sphinx.testing.util import SphinxTestApp

#: The private attributes of others that the code may use, and where.
PRIVATE = {
    "_fail_on_warnings": "incremental/_extension.py",
    "_warncount": "incremental/_extension.py",
    "files_to_rebuild": "incremental/_extension.py",
    "myst_slugs": "incremental/domain.py",
}


@pytest.mark.sphinx("html", testroot="chapters", freshenv=True)
def test_sphinx_counts_its_warnings_and_knows_whether_they_fail(app: SphinxTestApp) -> None:
    assert vars(app)["_warncount"] == 0
    assert vars(app)["_fail_on_warnings"] is False
    assert app.env.files_to_rebuild == {}
    assert "files_to_rebuild" in inspect.getsource(BuildEnvironment)


def test_sphinx_reads_and_writes_its_search_index_in_a_format_that_can_be_replaced() -> None:
    source = inspect.getsource(StandaloneHTMLBuilder)
    for step in ("load(ft, self.indexer_format)", "dump(ft, self.indexer_format)"):
        assert f"self.indexer.{step}" in source
    for name in ("docnames", "terms", "titleterms", "indexentries"):
        assert f"'{name}': " in inspect.getsource(IndexBuilder.freeze)
    assert callable(js_index.loads)


@pytest.mark.sphinx("html", testroot="chapters", freshenv=True)
def test_sphinx_names_images_and_downloads_as_their_files_are_named(app: SphinxTestApp) -> None:
    assert app.env.images.add_file("index", "folder/image.png") == "image.png"
    assert app.env.images["folder/image.png"][1] == "image.png"
    assert "node['filename']" in inspect.getsource(DownloadFileCollector)


def test_sphinx_describes_a_book_before_it_is_packed() -> None:
    source = inspect.getsource(Epub3Builder.handle_finish)
    steps = ["build_content()", "build_navigation_doc()", "build_toc()", "build_epub()"]
    assert sorted(steps, key=source.index) == steps
    assert all(step in source for step in steps)
    assert "self.files.append" in inspect.getsource(Epub3Builder.build_content)
    assert {"coverpage_name", "guide_titles"} <= set(dir(Epub3Builder))


def test_each_private_attribute_is_used_in_one_place() -> None:
    for path in (ROOT / "_ext").rglob("*.py"):
        name = str(path.relative_to(ROOT / "_ext"))
        text = path.read_text()
        used = [word for word in PRIVATE if word in text]
        assert all(PRIVATE[word] == name for word in used), name
        foreign = re.findall(r"(?<!self)(?<!cls)\.(_[a-z]\w+)\b(?!\s+import)", text)
        own = {
            "_extension",
            "_node",
            "_citation_style",
            "_directive",
            "_asdict",
            "_fields",
            "_replace",
        }
        assert set(foreign) <= {*PRIVATE, *own}, name


def test_the_text_writer_of_sphinx_finds_its_classes_by_names_that_can_be_replaced() -> None:
    assert "TextWrapper(width=width, **kwargs)" in inspect.getsource(text.my_wrap)
    assert "= Table()" in inspect.getsource(text.TextTranslator.visit_table)
    assert "self.measured_widths" in inspect.getsource(text.Table.__str__)


def test_pybtex_reads_entries_in_the_steps_that_the_scanner_replaces() -> None:
    source = inspect.getsource(LowLevelParser)
    for step in ("parse_entry_fields()", "parse_value()", "handle_error(", "parse_command()"):
        assert step in source
    for state in ("current_entry_key", "current_field_name", "current_value", "command_start"):
        assert f"self.{state}" in source
    assert [*inspect.signature(Parser.process_entry).parameters][1:] == [
        "entry_type",
        "key",
        "fields",
    ]


def test_sphinxcontrib_bibtex_has_the_parts_that_the_domain_builds_on() -> None:
    assert {"bibdata", "citations"} <= BibtexDomain.initial_data.keys()
    assert list(inspect.signature(get_docnames).parameters) == ["env"]
    assert "reference_style" in BibtexDomain.__annotations__


def test_the_search_of_sphinx_makes_its_summaries_with_a_function_that_can_be_replaced() -> None:
    script = files("sphinx").joinpath("themes/basic/static/searchtools.js").read_text("utf-8")
    assert re.search(r"htmlToText: \(htmlString, anchor\) =>", script)
    assert "Search.htmlToText(" in script


@pytest.mark.parametrize(
    "part",
    [
        "query: (query) =>",
        "Search.query(query)",
        "_parseQuery: (query) =>",
        "return [query, searchTerms, excludedTerms, highlightTerms, objectTerms]",
        "_performSearch: (",
        "const [docName, title, anchor, descr, score, _filename, kind] = item",
        "const _orderResultsByScoreThenName =",
        "var splitQuery =",
        "partialTerm: ",
        "partialTitle: ",
        "Search.status = out.appendChild",
        "Search.output = out.appendChild",
        # The script takes back what the index escapes, because this escapes it.
        "linkEl.innerHTML = _escapeHTML(title)",
        "_escapeHTML(descr)",
    ],
)
def test_the_search_of_sphinx_has_the_parts_that_a_script_builds_on(part: str) -> None:
    script = files("sphinx").joinpath("themes/basic/static/searchtools.js").read_text("utf-8")
    assert part in script
    assert "_displayNextItem(results, results.length, searchTerms, highlightTerms)" in script
