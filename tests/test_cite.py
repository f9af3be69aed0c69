"""References to take away: the same words in every format, read by other programs than ours."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import rispy
from bs4 import BeautifulSoup
from playwright.sync_api import Browser, Page, expect
from pybtex.database import Entry, parse_string

from bibtex.entry import as_bibliography, unverified
from bibtex.reader import parse_bib_file
from bibtex.tex import plain
from cite.coins import as_coins
from cite.csl import Item, item_of
from cite.ris import as_ris
from conftest import ROOT, require, run
from helpers import RECORDS, REFERENCES, edit, soup, warnings, words
from paper_ris import read_ris
from references.nlm_style import reference

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sphinx.testing.util import SphinxTestApp

    MakeApp = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]

TESTROOT = "references"
VALID = jsonschema.validators.validator_for(
    SCHEMA := json.loads((ROOT / "tests/csl/csl-data.json").read_text())
)(SCHEMA).validate
BIB = ROOT / "references.bib"
ENTRIES: dict[str, Entry] = as_bibliography(parse_bib_file(BIB).entries).entries
ITEMS = {key: item_of(entry) for key, entry in ENTRIES.items()}
MODS = {"mods": "http://www.loc.gov/mods/v3"}
#: What a title may try.
HOSTILE = {
    "script": "</script><script>document.title=1</script><img src=x onerror=document.title=1>",
    "formula": "=1+1",
    "end": "A\n  ER  - \n  TY  - JOUR",
    "quote": "A \"quote\" and 'one' &amp; \\& \\textit{more}",
    "greek": "The $\\kappa$ and {\\'e} {\\\"u} {\\o} of {DNA}",
    "long": "letters" * 1500,
    "control": "A\x00 bell\x07 and\x1b[0m\x85end\u2028line",
    "right": "\u05db\u05d5\u05ea\u05e8\u05ea \u0639\u0646\u0648\u0627\u0646",
}


def made(fields: str, kind: str = "article") -> Item:
    """Return the CSL of an entry with *fields*."""
    (entry,) = parse_string(f"@{kind}{{key, {fields}}}", "bibtex").entries.values()
    return item_of(entry)


def hostile(key: str) -> Entry:
    """Return an entry whose texts are one of `HOSTILE`."""
    entry = Entry("article", {"title": HOSTILE[key], "journal": HOSTILE[key], "note": HOSTILE[key]})
    entry.key = key
    return entry


# -- CSL-JSON --------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ENTRIES)
def test_csl_has_the_fields_of_the_entry_and_nothing_else(key: str) -> None:
    item, fields, people = ITEMS[key], ENTRIES[key].fields, ENTRIES[key].persons
    for name, field in (("DOI", "doi"), ("PMID", "pmid"), ("PMCID", "pmcid")):
        assert item.get(name) == fields.get(field)
    for name in ("title", "volume"):
        assert item.get(name, "") == plain(fields.get(name, ""))
    assert item.get("container-title", "") == plain(fields.get("journal", ""))
    assert item.get("issue", item.get("number", "")) == plain(fields.get("number", ""))
    assert item.get("page", "").replace("-", "") == re.sub(
        "[–-]", "", plain(fields.get("pages", ""))
    )
    assert unquote(item.get("URL", "")) == unquote(fields.get("url", ""))
    year = [[int(fields["year"])]] if "year" in fields else []
    dates = item.get("issued", {}).get("date-parts", [])
    assert [date[:1] for date in dates] == year
    assert (len(dates) == 1 and len(dates[0]) > 1) == ("month" in fields)
    accessed = item.get("accessed", {}).get("date-parts", [[]])
    assert "-".join(f"{part:02}" for part in accessed[0]) == fields.get("urldate", "")
    for role in ("author", "editor"):
        assert len(item.get(role, [])) == len(people.get(role, []))
        for name, person in zip(item.get(role, []), people.get(role, []), strict=True):
            said = " ".join(name.values()).replace("et al.", "others").replace(",", "")
            assert sorted(said.split()) == sorted(plain(str(person)).replace(",", "").split())
    assert all(why in item["note"] for why in unverified(ENTRIES[key]).values())
    assert ("Not verified: " in item.get("note", "")) == bool(unverified(ENTRIES[key]))


def test_csl_is_valid_by_its_official_schema() -> None:
    VALID([*ITEMS.values(), *(item_of(hostile(key)) for key in HOSTILE)])
    with pytest.raises(jsonschema.ValidationError):
        VALID([{**ITEMS[next(iter(ITEMS))], "pages": "1"}])


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("de Somer, Marc", {"non-dropping-particle": "de", "family": "Somer", "given": "Marc"}),
        ("Roe, III, Ann B.", {"family": "Roe", "given": "Ann B.", "suffix": "III"}),
        ("{World Health Organization}", {"literal": "World Health Organization"}),
        ("{van der Berg}, Jan", {"family": "van der Berg", "given": "Jan"}),
        ("Doe", {"family": "Doe"}),
        (r"Lud{\"a}scher, Zo{\"e}", {"family": "Ludäscher", "given": "Zoë"}),
        ("others", {"literal": "et al."}),
    ],
)
def test_a_name_has_its_parts(name: str, parts: dict[str, str]) -> None:
    assert made(f"author = {{{name}}}")["author"] == [parts]


@pytest.mark.parametrize(
    ("fields", "date"),
    [
        ("year = {2016}", [[2016]]),
        ("year = {2016}, month = may", [[2016, 5]]),
        ('year = {2016}, month = "12~" # sep', [[2016, 9, 12]]),
        ("year = {2016}, month = {September 12}", [[2016, 9, 12]]),
        ("year = {2016}, month = {03}", [[2016, 3]]),
        ("year = {2016}, month = {13}", [[2016]]),
        ("year = {2016}, month = {May--June}", [[2016, 5], [2016, 6]]),
        ("year = {2016}, month = {Spring}", [[2016]]),
    ],
)
def test_a_date_says_what_the_entry_says(fields: str, date: list[list[int]]) -> None:
    assert made(fields)["issued"] == {"date-parts": date}


def test_words_in_place_of_a_year_stay_words_and_no_year_is_invented() -> None:
    assert made("year = {in press}")["issued"] == {"literal": "in press"}
    assert "PY  - " not in as_ris([made("year = {in press}")])
    assert made("title = {T}").keys() == {"id", "type", "title"}


@pytest.mark.parametrize(
    ("kind", "fields", "csl", "ris"),
    [
        ("article", "", "article-journal", "JOUR"),
        ("book", "", "book", "BOOK"),
        ("incollection", "", "chapter", "CHAP"),
        ("inproceedings", "", "paper-conference", "CPAPER"),
        ("phdthesis", "", "thesis", "THES"),
        ("techreport", "", "report", "RPRT"),
        ("unpublished", "", "manuscript", "UNPB"),
        ("misc", "type = {Dataset}", "dataset", "DATA"),
        ("dataset", "", "dataset", "DATA"),
        ("misc", "eprint = {2101.1}, url = {https://e.org}", "article", "UNPB"),
        ("misc", "url = {https://e.org}", "webpage", "ELEC"),
        ("misc", "url = {javascript:alert(1)}", "document", "GEN"),
    ],
)
def test_each_type_is_its_own(kind: str, fields: str, csl: str, ris: str) -> None:
    item = made(fields, kind)
    assert item["type"] == csl
    assert as_ris([item]).startswith(f"TY  - {ris}\r\n")
    assert "javascript" not in json.dumps(item)


# -- RIS -------------------------------------------------------------------------------------------
def test_ris_read_by_rispy_says_the_same() -> None:
    text = as_ris(ITEMS.values())
    assert re.findall(r"(?<!\r)\n", text) == []
    records = rispy.loads(text)
    assert [record["id"] for record in records] == list(ITEMS)
    for record, item in zip(records, ITEMS.values(), strict=True):
        for label, name in (
            *(("title", "title"), ("secondary_title", "container-title"), ("doi", "DOI")),
            *(("accession_number", "PMID"), ("custom2", "PMCID"), ("volume", "volume")),
        ):
            assert record.get(label) == item.get(name)
        assert record.get("number") == item.get("issue", item.get("number"))
        pages = [record[label] for label in ("start_page", "end_page") if label in record]
        assert "-".join(pages) == item.get("page", "")
        assert record.get("urls", []) == [item[name] for name in ("URL",) if name in item]
        assert record.get("notes", []) == [item[name] for name in ("note",) if name in item]
        assert len(record.get("authors", [])) == len(item.get("author", []))
        said = {word for name in item.get("author", []) for word in " ".join(name.values()).split()}
        assert {
            word for name in record.get("authors", []) for word in re.split(r"[\s,]+", name)
        } == {part for word in said for part in word.split(",") if part}


@pytest.mark.parametrize("key", [key for key, item in ITEMS.items() if "container-title" in item])
def test_a_paper_that_is_saved_as_ris_comes_back_as_it_was(key: str) -> None:
    paper, fields = read_ris(as_ris([ITEMS[key]]).replace("\r\n", "\n")), ENTRIES[key].fields
    assert paper.type == ENTRIES[key].type
    for name in ("title", "journal", "year", "volume", "number", "doi", "pmid", "pmcid"):
        assert paper.fields.get(name, "") == plain(fields.get(name, "")).replace("–", "-") or (
            paper.fields[name] == plain(fields[name])
        )
    assert paper.fields["pages"] == fields.get("pages", "")
    assert len(paper.authors) == len(ENTRIES[key].persons.get("author", []))


def test_ris_read_by_bibutils_says_the_same(tmp_path: Path) -> None:
    require("bibutils")
    (tmp_path / "all.ris").write_bytes(as_ris(ITEMS.values()).encode())
    people = [person for item in ITEMS.values() for person in item.get("author", [])]
    whole = [person["literal"] for person in people if "literal" in person]
    (tmp_path / "whole.txt").write_text("\n".join(whole))
    command = ["ris2xml", "-nt", "-nl", "-un", "-i", "utf8", "-as", "whole.txt", "all.ris"]
    found = ET.fromstring(run(*command, cwd=tmp_path).stdout)  # noqa: S314  of our own file
    assert [part.get("ID") for part in found] == list(ITEMS)
    for part, item in zip(found, ITEMS.values(), strict=True):

        def said(path: str, part: ET.Element = part) -> list[str]:
            return [element.text or "" for element in part.findall(path, MODS)]

        assert said("mods:titleInfo/mods:title") == [item["title"]]
        # It knows no DOI whose first number has more than four digits.
        doi = [item["DOI"]] if re.match(r"10\.[0-9]{4}/", item.get("DOI", "")) else []
        assert said("mods:identifier[@type='doi']") == doi
        assert said("mods:location/mods:url") == [item[n] for n in ("URL",) if n in item]
        year = str(item["issued"]["date-parts"][0][0]) if "issued" in item else ""
        dates = [*said("mods:originInfo/mods:dateIssued"), *said("mods:part/mods:date")]
        assert {date[:4] for date in dates if date} == {*filter(None, [year])}
        for volume in said("mods:part/mods:detail[@type='volume']/mods:number"):
            assert volume == item["volume"]
        found_names = [
            name.text
            for name in part.findall("mods:name/mods:namePart", MODS)
            if name.get("type") in {None, "family"}
        ]
        names = [
            " ".join(
                person[n] for n in ("non-dropping-particle", "family", "literal") if n in person
            )
            for person in item.get("author", [])
        ]
        if not re.search(r"\band\b", " ".join(names)):  # at which it parts an institution
            assert found_names == names


@pytest.mark.parametrize("key", HOSTILE)
def test_no_text_becomes_a_line_of_its_own_or_another_text(key: str) -> None:
    item = item_of(hostile(key))
    (record,) = rispy.loads(as_ris([item]))
    assert record["title"] == record["secondary_title"] == item["title"]
    assert record.keys() == {"type_of_reference", "id", "title", "secondary_title", "notes"}
    assert not re.search(r"[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028]", as_ris([item]))
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028]", item["title"])
    assert parse_qs(as_coins(item))["rft.atitle"] == [item["title"]]


def test_accents_and_greek_letters_are_unicode() -> None:
    assert item_of(hostile("greek"))["title"] == "The κ and é ü ø of DNA"


# -- COinS and BibTeX ------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ENTRIES)
def test_coins_names_the_reference(key: str) -> None:
    item, said = ITEMS[key], parse_qs(as_coins(ITEMS[key]), strict_parsing=True)
    assert said["ctx_ver"] == ["Z39.88-2004"]
    titles = {name: said.get(f"rft.{name}") for name in ("title", "atitle", "btitle")}
    assert [item["title"]] in titles.values()
    assert said.get("rft.jtitle", said.get("rft.source", [""])) == [item.get("container-title", "")]
    assert f"info:doi/{item.get('DOI')}" in said.get("rft_id", []) or "DOI" not in item
    people = said.get("rft.au", []) + said.get("rft.creator", [])
    assert len(people) == len(item.get("author", []))


def test_bibtex_itself_reads_the_source_of_each_entry(built: Built, tmp_path: Path) -> None:
    require("tex")
    page = BeautifulSoup((built("html") / "cite.html").read_bytes(), "html5lib")
    sources = [block.text for block in page.select("[data-copy=BibTeX]")]
    assert len(sources) == len(ENTRIES)
    (tmp_path / "copied.bib").write_text("\n".join(sources), "utf-8")
    (tmp_path / "x.aux").write_text("\\citation{*}\n\\bibstyle{plain}\n\\bibdata{copied}\n")
    done = run("bibtex", "x", cwd=tmp_path)
    assert done.returncode < 2, done.stdout
    listed = re.findall(r"\\bibitem\{(.*?)\}", (tmp_path / "x.bbl").read_text("utf-8"))
    assert sorted(listed) == sorted(ENTRIES)


# -- The site --------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def page(built: Built) -> BeautifulSoup:
    return BeautifulSoup((built("html") / "cite.html").read_bytes(), "html5lib")


def test_each_reference_leads_to_its_place_and_back(built: Built, page: BeautifulSoup) -> None:
    places = {str(place["id"]): place for place in page.select("section.to-cite")}
    assert len(places) == len(ENTRIES)
    for path in built("html").glob("*.html"):
        other = BeautifulSoup(path.read_bytes(), "html5lib")
        for paragraph in other.select("p.reference"):
            (link,) = paragraph.select("a.cite")
            assert link.text == "Cite"
            name, _, anchor = str(link["href"]).partition("#")
            assert name == "cite.html"
            place = places.pop(anchor)
            assert place.select("h2")[0].text == paragraph.select("strong")[0].text
            (back,) = place.select("a[data-copy=address]")
            name, _, anchor = str(back["href"]).partition("#")
            assert name == path.name
            (found,) = other.select(f"[id='{anchor}']")
            assert paragraph in [*found.select("p"), found.parent]
    assert places == {}


def test_each_block_is_what_the_sources_say(page: BeautifulSoup) -> None:
    whole = BIB.read_text("utf-8")
    for place in page.select("section.to-cite"):
        blocks = {str(block["data-copy"]): block for block in place.select("[data-copy]")}
        source = blocks["BibTeX"].text
        key = re.findall(r"@\w+\{(.*?),", source)[0]
        assert place["id"] == f"cite-{key}"
        assert source in whole
        assert source.startswith("@")
        assert source.endswith("}")
        assert words(blocks["text"].text) == words(str(reference(ENTRIES[key])))
        status = RECORDS[key]["status"] if key in RECORDS else "as published"
        remark = "" if status == "as published" else f"Publication status: {status}."
        assert (
            blocks["RIS"].text == as_ris([item_of(ENTRIES[key], remark)]).replace("\r", "").strip()
        )
        assert remark in place.text
        assert all(why in place.text for why in unverified(ENTRIES[key]).values())
        (coins,) = place.select("span.Z3988")
        assert coins["title"] == as_coins(ITEMS[key])


def test_all_references_are_in_three_files(built: Built) -> None:
    out = built("html")
    assert (out / "references.bib").read_bytes() == BIB.read_bytes()
    items = json.loads((out / "references.json").read_text("utf-8"))
    VALID(items)
    assert {item["id"] for item in items} == ENTRIES.keys()
    assert (out / "references.ris").read_bytes().decode() == as_ris(items)
    for record in RECORDS.values():
        if (status := record["status"]) != "as published":
            (note,) = (item["note"] for item in items if item["id"] == record.key)
            assert f"Publication status: {status}." in note
    offered = BeautifulSoup((out / f"{REFERENCES}.html").read_bytes(), "html5lib")
    links = {str(link["href"]) for link in offered.select("article a[href]")}
    assert {"references.bib", "references.ris", "references.json", "cite.html"} <= links


def test_the_page_is_not_in_the_menu_and_not_in_the_search(built: Built) -> None:
    out = built("html")
    menu = BeautifulSoup((out / "index.html").read_bytes(), "html5lib").select(".sidebar-tree a")
    assert menu
    assert not [link for link in menu if "cite.html" in str(link["href"])]
    index = (out / "searchindex.js").read_text("utf-8").partition('"docnames":')[2]
    assert "cite" not in json.loads(index.partition("]")[0] + "]")


def test_the_address_is_whole_when_the_site_has_one(built: Built) -> None:
    out = built("html", "https://example.org/bib", "SITE_URL")
    whole = BeautifulSoup((out / "cite.html").read_bytes(), "html5lib")
    addresses = [str(link["href"]) for link in whole.select("a[data-copy=address]")]
    assert len(addresses) == len(ENTRIES)
    for address in addresses:
        name, _, anchor = address.removeprefix("https://example.org/bib/").partition("#")
        assert f'id="{anchor}"' in (out / name).read_text("utf-8")


@pytest.mark.parametrize("builder", ["epub", "singlehtml", "latex"])
def test_books_and_the_single_page_have_none_of_it(built: Built, builder: str) -> None:
    out = built(builder)
    files = [path for path in out.rglob("*") if path.suffix in {".xhtml", ".html", ".tex"}]
    assert "cite" not in {path.stem for path in files}
    texts = [path.read_text("utf-8") for path in files]
    assert texts
    assert not [text for text in texts if 'class="cite ' in text or "CSL-JSON" in text]


# -- The site that says anything -------------------------------------------------------------------
HOSTILE_TITLE = r'</pre></script><img src=x onerror=alert(1)> =1+1 "q" $\kappa$'
HOSTILE_BIB = rf"""
@article{{bad, title = {{{HOSTILE_TITLE}}}, journal = {{J}}, author = {{{{A <b>B</b>}}}}, year = {{2020}}}}
@incollection{{part, title = {{A Part}}, author = {{Doe, Jo}}, crossref = {{whole}}}}
@book{{whole, title = {{The Whole}}, editor = {{Roe, Ro}}, publisher = {{P}}, year = {{2001}}}}
"""


@pytest.fixture
def small(source: Path, build: MakeApp) -> Callable[..., SphinxTestApp]:
    """Return a function that builds a site of three entries, as often as it is called."""
    edit(source / "conf.py", '["references"]', '["references", "cite"]')
    (source / "references.bib").write_text(HOSTILE_BIB)
    (source / "index.rst").write_text(
        "Papers\n======\n\n:cite:p:`bad,part`\n\n.. citation-files::\n\n   Take them.\n\n"
        ".. bibliography::\n\n.. toctree::\n\n   list\n"
    )
    (source / "list.rst").write_text("List\n====\n\nText.\n")
    return build


def test_nothing_of_an_entry_is_markup(small: MakeApp) -> None:
    page = soup(small(), "cite")
    assert page.select("script:not([src]), img, section b") == []
    assert "onerror=alert(1)>" in page.select("[data-copy=BibTeX]")[0].text
    assert page.select("[data-copy=BibTeX]")[0].text in HOSTILE_BIB


def test_a_part_brings_what_it_inherits_from(small: MakeApp) -> None:
    app = small()
    (source,) = (
        block.text
        for block in soup(app, "cite").select("[data-copy=BibTeX]")
        if "A Part" in block.text
    )
    assert source.index("@incollection{part") < source.index("@book{whole")
    items = json.loads((app.outdir / "references.json").read_text("utf-8"))
    (part,) = (item for item in items if item["id"] == "part")
    assert part["container-title"] == "The Whole"


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_page_is_written_again_only_when_it_changes(
    small: MakeApp, source: Path, builder: str
) -> None:
    def build() -> tuple[list[int], str]:
        app = small(builder)
        page = app.outdir / ("cite.html" if builder == "html" else "cite/index.html")
        files = [page, *sorted(app.outdir.glob("references.*"))]
        assert len(files) == 4
        return [path.stat().st_mtime_ns for path in files], page.read_text("utf-8")

    edit(source / "references.bib", HOSTILE_TITLE, "A Title")
    first = build()
    assert build() == first
    edit(source / "list.rst", "Text.", "Other text.")
    assert build() == first
    edit(source / "references.bib", "The Whole", "A Whole")
    times, text = build()
    assert not {*times} & {*first[0]}
    assert "A Whole" in text
    edit(source / "index.rst", "Papers\n======", "Studies\n=======")  # the menu of every page
    assert build()[0] != times


@pytest.mark.parametrize("kept", ["", "{", "[1]", "{}"])
def test_after_an_edit_all_is_as_in_a_clean_build(small: MakeApp, source: Path, kept: str) -> None:
    def build() -> list[bytes]:
        app = small()
        files = [app.outdir / "cite.html", *sorted(app.outdir.glob("references.*"))]
        return [path.read_bytes() for path in files]

    before = build()
    if kept:
        (path,) = source.rglob("cite.json")
        path.write_text(kept)
    edit(source / "references.bib", "The Whole", "Another Whole")
    after = build()
    assert all(now != then for now, then in zip(after, before, strict=True))
    shutil.rmtree(source / "_build")
    assert build() == after


def test_the_files_go_with_the_extension(small: MakeApp, source: Path) -> None:
    out = small().outdir
    assert (out / "references.ris").exists()
    edit(source / "conf.py", ', "cite"]', "]")
    edit(source / "index.rst", ".. citation-files::\n\n   Take them.\n", "")
    small()
    assert not [*out.glob("references.*"), *out.glob("cite.html")]


def test_a_page_with_the_name_of_the_page_is_refused(small: MakeApp, source: Path) -> None:
    (source / "cite.rst").write_text(":orphan:\n\nCite\n====\n")
    said = [line for line in warnings(small()) if line.startswith("cite.rst:1: WARNING: the build")]
    assert len(said) == 1


# -- The browser -----------------------------------------------------------------------------------
@pytest.fixture
def tab(browser: Browser, site: str) -> Iterator[Page]:
    """Yield the page, on a phone."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    tab = context.new_page()
    tab.goto(f"{site}cite.html")
    yield tab
    context.close()


def test_each_block_is_copied_as_it_is_and_the_answer_is_seen_and_spoken(tab: Page) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    place = tab.locator("section.to-cite").nth(5)
    for block in place.locator("[data-copy]").all():
        what = f"{block.get_attribute('data-copy')} of {place.locator('h2').text_content()}"
        button = place.get_by_role("button", name=f"Copy the {what}", exact=True)
        button.focus()
        tab.keyboard.press("Enter")
        expect(button).to_have_text("Copied")
        expect(tab.get_by_role("status")).to_have_text(f"Copied: the {what}.")
        expect(tab.get_by_role("status")).to_be_in_viewport()
        copied = tab.evaluate("navigator.clipboard.readText()")
        property_ = "href" if what.startswith("address") else "textContent"
        assert copied == block.evaluate(f"block => block.{property_}")


def test_without_leave_to_copy_the_text_is_selected(tab: Page) -> None:
    tab.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    place = tab.locator("section.to-cite").first
    place.locator("button.copy").nth(1).click()
    expect(tab.get_by_role("status")).to_contain_text("selected")
    selected: Any = tab.evaluate("getSelection().toString()")
    assert words(selected) == words(place.locator("pre").first.text_content() or "")


def test_without_scripts_the_texts_can_be_reached_and_nothing_offers_to_copy(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(f"{site}cite.html")
    assert tab.get_by_role("button", name="Copy").count() == 0
    block = tab.locator("pre").first
    block.focus()
    expect(block).to_be_focused()
    context.close()


def test_the_link_and_the_buttons_are_not_printed(tab: Page, site: str) -> None:
    tab.emulate_media(media="print")
    assert tab.locator("button.copy:visible").count() == 0
    tab.goto(f"{site}{REFERENCES}.html")
    assert tab.locator("a.cite").count() > 0
    assert tab.locator("a.cite:visible").count() == 0
