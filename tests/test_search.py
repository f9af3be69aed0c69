"""The search: what readers type leads first to the place that it names, in a browser and in the index.

The queries are made from the entries and records, chosen at random and the same in each run.
"""

from __future__ import annotations

import json
import random
import re
import shutil
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sphinx.util.inventory import InventoryFile

import needs
from bibtex.entry import as_bibliography
from bibtex.tex import plain
from check import check_folder
from conftest import ROOT, sphinx_build
from helpers import PAGES, RECORDS, REFERENCES, edit, page_with, warnings
from lookup._extension import EnglishWithNumbers
from references.labels import surname
from served import served

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.testing.util import SphinxTestApp

TESTROOT = "studies"
PAPERS = page_with("```{study}")
#: Where words of emergency lead.
EMERGENCY = {
    "overdose": "overdose",
    "cannot wake": "overdose",
    "what to do if he does not wake up": "overdose",
    "poison": "overdose",
    "emergency": "emergency",
    "suicide": "crisis-help",
    "I feel suicidal": "crisis-help",
    "self-harm": "crisis-help",
    "self harm": "crisis-help",
    "crisis": "crisis-help",
    "988": "crisis-help",
    "naloxone": "naloxone",
    "he cant breathe": "emergency",
    "they dont breathe": "emergency",
    "took too many pills": "emergency",
    "over dose": "overdose",
    "9-8-8": "crisis-help",
}
#: Words with a slip, and where they lead.
SLIPS = {
    "overdsoe": "safety.html#overdose",
    "suicde": "safety.html#crisis-help",
    "naloxon": "safety.html#naloxone",
    "poision": "safety.html#overdose",
}
MARKUP = "<img src=nowhere onerror=document.title='run'>"


def place(key: str) -> str:
    """Return where a search for the paper or source *key* leads."""
    return f"{PAPERS}.html#{key}" if key in RECORDS else f"{REFERENCES}.html#ref-{key}"


def queries() -> dict[str, set[str]]:
    """Return what readers may type, with the places that are right: one, or those that share a name."""
    entries = as_bibliography(check_folder(ROOT).entries).entries
    found: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for key, entry in entries.items():
        fields = {name: plain(text) for name, text in entry.fields.items()}
        names = [
            (kind, fields[kind]) for kind in ("title", "doi", "pmid", "pmcid") if kind in fields
        ]
        names += [("address", f"https://doi.org/{fields['doi']}")] if "doi" in fields else []
        if key in RECORDS:
            people = [surname(person) for person in entry.persons.get("author", [])]
            authors = [("first author", name) for name in people[:1]]
            authors += [("author", name) for name in people]
            names += [("key", key), ("plain title", RECORDS[key]["plain-title"]), *authors]
            names += [(f"{kind} and year", f"{name} {fields['year']}") for kind, name in authors]
        for kind, text in names:
            found[kind][text].add(place(key))
    chosen = random.Random(2026)  # noqa: S311  no secret
    return {
        text: places[text]
        for _, places in sorted(found.items())
        for text in chosen.sample(sorted(places), min(4, len(places)))
    }


@pytest.fixture(scope="module")
def page(browser: Browser) -> Page:
    """Return a tab."""
    return browser.new_page()


def search(page: Page, site: str, asked: str) -> list[str]:
    """Return the places to which a search for *asked* leads, in their order."""
    page.goto(f"{site}search.html?q={quote(asked)}")
    page.get_by_role("heading", name="Search Results").wait_for()
    links = page.locator("ul.search a").evaluate_all(
        "links => links.map(link => link.getAttribute('href'))"
    )
    return list(links)


def test_a_paper_is_found_first_by_its_people_titles_and_identifiers(page: Page, site: str) -> None:
    asked = queries()
    assert len(asked) >= 20
    wrong = {
        text: (first, places)
        for text, places in asked.items()
        if (first := (search(page, site, text) or [""])[0]) not in places
    }
    assert len(wrong) <= len(asked) // 20, wrong


@pytest.mark.parametrize("asked", EMERGENCY)
def test_words_of_emergency_lead_first_to_help(page: Page, site: str, asked: str) -> None:
    assert search(page, site, asked)[0] == f"safety.html#{EMERGENCY[asked]}"


@pytest.mark.parametrize("asked", SLIPS)
def test_a_slip_of_spelling_is_forgiven(page: Page, site: str, asked: str) -> None:
    assert search(page, site, asked)[0] == SLIPS[asked]


def test_a_slip_in_the_name_of_an_author_is_forgiven(page: Page, site: str) -> None:
    entries = as_bibliography(check_folder(ROOT).entries).entries
    people = {
        key: [surname(one) for one in entries[key].persons.get("author", [])] for key in RECORDS
    }
    times = Counter(name for names in people.values() for name in {*names})
    alone = {
        names[0]: place(key)
        for key, names in people.items()
        if names and times[names[0]] == 1 and re.fullmatch("[A-Z][a-z]{6,}", names[0])
    }
    chosen = random.Random(2026).sample(sorted(alone), 4)  # noqa: S311  no secret
    for name in chosen:
        for slip in (name[:-1], f"{name[:3]}{name[4]}{name[3]}{name[5:]}"):
            assert search(page, site, slip)[0] == alone[name], slip


def test_a_search_says_what_it_took_a_word_for(page: Page, site: str) -> None:
    assert search(page, site, "buprenorfine")
    expect(page.get_by_text("Did you mean “buprenorphine”?")).to_be_visible()


def test_a_year_finds_the_papers_of_that_year(page: Page, site: str) -> None:
    year = "2016"
    found = search(page, site, year)
    entries = as_bibliography(check_folder(ROOT).entries).entries
    places = {place(key) for key in RECORDS if entries[key].fields["year"] == year}
    assert set(found[: len(places)]) == places


def test_a_number_is_not_taken_for_another_one(page: Page, site: str) -> None:
    assert search(page, site, "19952076") == []
    expect(page.get_by_text("did not match any documents")).to_be_visible()
    expect(page.get_by_text("Did you mean")).to_have_count(0)


def test_what_a_reader_looks_for_is_kept_nowhere(page: Page, site: str) -> None:
    assert search(page, site, "overdose")
    assert page.evaluate(
        "[JSON.stringify({...localStorage, ...sessionStorage}), document.cookie]"
    ) == [
        "{}",
        "",
    ]


def test_the_search_works_where_the_browser_keeps_nothing(
    playwright: Playwright, site: str, tmp_path: Path
) -> None:
    (tmp_path / "Default").mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked))
    with playwright.chromium.launch_persistent_context(
        tmp_path, executable_path=needs.chromium(), args=["--no-sandbox"]
    ) as context:
        page = context.new_page()
        page.goto(site + "index.html")
        with pytest.raises(Exception, match="Access is denied"):
            page.evaluate("localStorage.length")
        assert search(page, site, (key := next(iter(RECORDS))))[0] == place(key)
        assert search(page, site, "overdose")[0] == "safety.html#overdose"


def test_the_search_works_in_a_folder_without_errors(
    page: Page, built: Callable[..., Path]
) -> None:
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    assert search(page, f"{built('html').as_uri()}/", "overdose")[0] == "safety.html#overdose"
    assert said == []


def test_without_script_the_page_says_so(browser: Browser, site: str) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(site + "search.html?q=overdose")
    said = page.locator("article noscript p").last  # which locators by text pass over
    expect(said).to_be_visible()
    expect(said).to_contain_text("activate JavaScript")
    page.close()


# -- On a small site -------------------------------------------------------------------------------
def test_a_browser_shortens_words_as_the_index_does(page: Page, site: str) -> None:
    page.goto(f"{site}search.html")
    words = sorted(set(re.findall(r"[^\W\d_]{2,}", " ".join(PAGES.values()).lower())))
    shortened = page.evaluate("words => words.map(word => new Stemmer().stemWord(word))", words)
    index = EnglishWithNumbers({})
    apart = [word for word, stem in zip(words, shortened, strict=True) if index.stem(word) != stem]
    assert len(words) > len(PAGES)
    assert not apart, "the packages sphinx and snowballstemmer must use one version of Snowball"


def index_of(folder: Path) -> dict[str, Any]:
    """Return the search index in *folder*."""
    text = (folder / "searchindex.js").read_text("utf-8")
    found: dict[str, Any] = json.loads(text.removeprefix("Search.setIndex(").removesuffix(")"))
    return found


def test_markup_in_names_is_shown_as_it_is_written(
    page: Page, source: Path, build: Callable[..., SphinxTestApp]
) -> None:
    with (source / "references.bib").open("a") as file:
        file.write(
            f"@misc{{hostile, author = {{{{O'{MARKUP}}}}}, title = {{Beware {MARKUP} & more}}, "
            "year = {2020}, howpublished = {Web page}}\n"
        )
    edit(source / "other.md", "See ", "See {cite:p}`hostile`.\n\n```{bibliography}\n```\n\nAlso ")
    with (source / "other.md").open("a") as file:  # a name that JavaScript keeps for itself
        file.write("\n## `__proto__`\n\nWords.\n")
    with served(Path(build().outdir)) as address:
        for asked in ("beware", "bewarre", "hostile", f"bewarre {MARKUP}"):
            assert search(page, address, asked)[0] == "other.html#ref-hostile"
            assert MARKUP in page.locator("ul.search a").first.inner_text()
            assert page.locator("#search-results img").count() == 0
            assert page.title() != "run"


def test_records_and_other_references_are_objects(build: Callable[..., SphinxTestApp]) -> None:
    app = build()
    index = index_of(app.outdir)
    objects = {
        (index["docnames"][file], anchor, f"{prefix}.{name}" if prefix else name)
        for prefix, found in index["objects"].items()
        for file, _, _, anchor, name in found
    }
    assert {(page, anchor) for page, anchor, _ in objects} >= {
        ("index", "sound2020trial"),
        ("index", "false2021report"),
    }
    assert {name for _, anchor, name in objects if anchor == "sound2020trial"} == {
        "A trial in words (Sound and Roe 2020)"
    }
    assert {kind for _, _, kind in index["objnames"].values()} <= {"study record", "reference"}
    inventory = InventoryFile.loads((app.outdir / "objects.inv").read_bytes(), uri="")
    assert inventory["study:record", "study.sound2020trial"].uri == "index.html#sound2020trial"


def test_an_edit_leaves_objects_entries_and_numbers_in_the_index(
    source: Path, build: Callable[..., SphinxTestApp]
) -> None:
    edit(source / "conf.py", "search_date", 'lookup_words = {"here": "nearby; 4711"}\nsearch_date')
    with (source / "other.md").open("a") as file:
        file.write("\n(here)=\n## Here\n\nCall 0815.\n")
    build()
    for name, old, new in (
        ("other.md", "Call", "Ring"),
        ("index.md", "A trial in words", "Another trial"),
        ("references.bib", "Sound", "Loud"),
    ):
        text = (source / name).read_text("utf-8").replace(old, new)
        (source / name).write_text(text, "utf-8")
        app = build()
        clean = shutil.copytree(
            source, source.parent / f"clean-{name}", ignore=shutil.ignore_patterns("_build")
        )
        assert sphinx_build("-q", "-b", "html", clean, clean / "_build")[0] == 0
        found = index_of(app.outdir)
        assert found == index_of(clean / "_build")
        assert found["indexentries"]["4711"] == [[found["docnames"].index("other"), "here", True]]
        assert "0815" in found["terms"]
        assert found["objects"]


def test_words_that_lead_nowhere_are_reported_in_every_check_and_build(
    source: Path, build: Callable[..., SphinxTestApp]
) -> None:
    with (source / "conf.py").open("a") as file:
        file.write('lookup_words = {"nowhere": "word", "sound2020trial": "sound"}\n')
    message = "lookup_words: no section has the label 'nowhere'; write (nowhere)= above one"
    assert f"conf.py:1: {message}" in map(str, check_folder(source).findings)
    for _ in range(2):
        assert f"conf.py:1: WARNING: {message} [lookup.label]" in warnings(build())


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"a": "word", "b": "Word"}, "lookup_words: 'word' leads to 'a' and to 'b'; delete one"),
        ({"a": "word;"}, "lookup_words: 'a' has an empty word; delete a semicolon"),
        (["word"], "lookup_words is a list; write a dict"),
        ({"a": 1}, "lookup_words holds 1; write words"),
    ],
)
def test_a_fault_in_the_words_is_one_line(source: Path, words: object, message: str) -> None:
    with (source / "conf.py").open("a") as file:
        file.write(f"lookup_words = {words!r}\n")
    with pytest.raises(SystemExit, match=re.escape(message)):
        sphinx_build("-q", "-b", "html", source, source / "_build")
