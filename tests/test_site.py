"""The built site, page by page: the notice, the links, the references and the HTML itself."""

from __future__ import annotations

import copy
import functools
import itertools
import json
import pickle
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin, urlsplit

import html5lib
import pytest
from bs4 import BeautifulSoup, PageElement, Tag
from pybtex.database import parse_file
from sphinx.search.en import SearchEnglish

from bibtex.entry import unverified
from conftest import ROOT
from helpers import GLOSSARY, RECORDS, REFERENCES, notice, words
from helpers import PAGES as SOURCES

Built = Callable[..., Path]
Pages = Callable[[str], dict[str, BeautifulSoup]]

SITES = ("html", "dirhtml")
#: Sphinx repeats anchors and descriptions on its single page, and its links between parts are dead.
WHOLE = (*SITES, "singlehtml", "epub")
OTHERS = (
    *("latex", "text", "man", "texinfo", "htmlhelp", "json", "pickle", "xml", "pseudoxml"),
    *("gettext", "changes", "dummy", "coverage", "doctest"),
)
#: The cover says first what the book is.
COVER = "epub-cover.xhtml"
#: Each reference to copy: it links to all of them, cites none, and is no running text.
CITE = "cite.html"
#: A site without an address is the root of its host; the 404 page relies on it.
PREFIX = "/"
HEADINGS = "h1, h2, h3, h4, h5, h6"
#: What a style sheet loads from another site.
FOREIGN_STYLE = re.compile(r"""(?:url\(|@import)\s*(?:url\()?\s*["']?\s*(?:https?:)?//""")
ADDRESS = re.compile(r"(?:[\w.~:/?#@!$&'()*+,;=\[\]-]|%[0-9A-F]{2})+", re.ASCII)

ENTRIES = parse_file(str(ROOT / "references.bib")).entries
PAPERS = list(RECORDS)


def plain(text: str) -> str:
    """Return *text* on one line, with the straight apostrophes of the sources."""
    return words(text).replace("’", "'")  # noqa: RUF001  the apostrophe of the output


NOTICE = notice()
UNLINKED = notice(unlinked=True)


@pytest.fixture(scope="session")
def pages(built: Built) -> Pages:
    """Return a function that gives the parsed pages of a builder, by their address."""

    @functools.cache
    def parse(builder: str) -> dict[str, BeautifulSoup]:
        folder = built(builder)
        return {
            path.relative_to(folder).as_posix(): BeautifulSoup(path.read_bytes(), "html5lib")
            for path in sorted(folder.rglob("*.*html"))
            if "_static" not in path.parts and path.name != "nav.xhtml"
        }

    return parse


# -- Formats and the notice ------------------------------------------------------------------------


@pytest.mark.parametrize("builder", [*WHOLE, *OTHERS])
def test_each_format_builds_without_a_warning(built: Built, builder: str) -> None:
    assert built(builder).is_dir()


@pytest.mark.parametrize(("builder", "suffix"), [("html", ".html"), ("dirhtml", "/index.html")])
def test_every_source_and_the_pages_without_one_are_written(
    pages: Pages, builder: str, suffix: str
) -> None:
    names = {path.stem for path in ROOT.glob("[a-z]*.md")} | {"search", "404", "cite"}
    expected = {name + suffix for name in names - {"index"}} | {"index.html"}
    assert pages(builder).keys() == expected


@pytest.mark.parametrize("builder", WHOLE)
def test_every_page_shows_the_whole_notice_once(pages: Pages, builder: str) -> None:
    for name, page in pages(builder).items():
        shown = [
            [plain(paragraph.text) for paragraph in element.select("p")]
            for element in page.select(".medication-safety")
        ]
        assert shown == [["Warning", *NOTICE]], name


@pytest.mark.parametrize("builder", WHOLE)
def test_the_notice_stands_between_the_title_and_the_next_heading(
    pages: Pages, builder: str
) -> None:
    for name, page in pages(builder).items():
        place = "h1 ~ div" if name == COVER else "h1 + div"
        assert page.select(f"{place}.medication-safety"), f"{name}: not directly below the title"
        below = ".medication-safety ~ h2, .medication-safety ~ * h2"
        headings = page.select("article h2, main h2, [role=main] h2, .body h2")
        assert page.select(below) or not headings, f"{name}: no heading is below the notice"


@pytest.mark.parametrize("builder", WHOLE)
def test_the_notice_is_a_note_named_warning_and_nothing_hides_it(
    pages: Pages, builder: str
) -> None:
    for name, page in pages(builder).items():
        notes = page.select("div.medication-safety[role=note][aria-labelledby]")
        assert len(notes) == 1, name
        note = notes[0]
        titles = page.select(f"#{note['aria-labelledby']}")
        assert [title.text for title in titles] == ["Warning"], name
        for tag in [note, *note.parents, *note.select("*")]:
            assert tag.name not in {"aside", "noscript", "script", "template"}, name
            assert not tag.attrs.keys() & {"hidden", "aria-hidden", "aria-live", "style"}, name


#: The numbers to call of the notice, before what opens with a tap.
SHOWN = SOURCES["safety.md"].partition("```{medication-safety}")[2].partition("\n> ")[0]
NUMBERS = set(re.findall(r"\((tel:\d+)\)", SHOWN))


@pytest.mark.parametrize("builder", WHOLE)
def test_what_a_reader_in_danger_needs_does_not_have_to_be_opened(
    pages: Pages, builder: str
) -> None:
    for name, page in pages(builder).items():
        (note,) = page.select(".medication-safety")
        assert not note.find_parents("details"), name
        shown = [part for part in note.select("p, a") if not part.find_parents("details")]
        text = plain(" ".join(part.text for part in shown)).lower()
        for word in ("opioid", "breathing", "alcohol", "benzodiazepines", "depressants"):
            assert word in text, (name, word)
        calls = {str(part["href"]) for part in shown if part.name == "a"}
        assert calls >= NUMBERS != set(), name


@pytest.mark.parametrize("builder", WHOLE)
def test_the_notice_links_to_the_safety_page(pages: Pages, built: Built, builder: str) -> None:
    for name, page in pages(builder).items():
        (link,) = page.select(".medication-safety a[href]:not([href^='tel:'])")
        path, anchor = target(name, str(link["href"])) or ("", "")
        assert "safety" in path + anchor, name
        assert (built(builder) / path).is_file(), f"{name}: {link['href']}"
        assert not anchor or pages(builder)[path].select(f"#{anchor}"), f"{name}: {link['href']}"


def test_each_text_page_and_the_manual_page_show_the_notice_once(built: Built) -> None:
    written = [*built("text").glob("*.txt"), *built("man").glob("*.1")]
    assert len(written) == len(list(ROOT.glob("[a-z]*.md"))) + 1
    for path in written:
        text = plain(path.read_text("utf-8"))
        assert {text.count(paragraph) for paragraph in UNLINKED} == {1}, path.name


@pytest.mark.parametrize(("builder", "load"), [("json", json.loads), ("pickle", pickle.loads)])
def test_each_page_for_other_programs_shows_the_whole_notice_once(
    built: Built, builder: str, load: Callable[[bytes], dict[str, str]]
) -> None:
    folder = built(builder)
    pages = [path for path in folder.iterdir() if path.suffix in {".fjson", ".fpickle"}]
    assert {f"{path.stem}.md" for path in pages} == {*SOURCES, "search.md", "404.md"}
    for path in pages:
        page = BeautifulSoup(load(path.read_bytes())["body"], "html5lib")
        (shown,) = page.select(".medication-safety")
        assert plain(shown.text) == plain(" ".join(["Warning", *NOTICE])), path.name
        (link,) = shown.select("a:not([href^='tel:'])")
        # As Sphinx links these pages: each is a folder.
        leads = target("" if path.stem == "index" else f"{path.stem}/", str(link["href"]))
        assert leads
        name = leads[0].removesuffix("/index.html")
        assert (folder / f"{name}{path.suffix}").is_file(), path.name


def test_latex_holds_the_notice_once_in_the_preamble(built: Built) -> None:
    tex = (built("latex") / "research-citations.tex").read_text("utf-8")
    preamble, body = tex.split(r"\begin{document}")
    _, definition = preamble.split(r"\newcommand{\medicationsafetynotice}")  # defined once
    box, _ = definition.split(r"\newcommand{\medicationsafetyline}")
    assert box.count(r"\begin{sphinxadmonition}{warning}") == 1
    assert {plain(box).count(paragraph) for paragraph in UNLINKED} == {1}
    assert NOTICE[0] not in plain(body)


# -- Links -----------------------------------------------------------------------------------------


def target(page: str, link: str) -> tuple[str, str] | None:
    """Return the file and anchor that *link* on *page* leads to; None when it leaves the site."""
    url = urlsplit(urljoin(f"https://site.invalid{PREFIX}{page}", link))
    if url.netloc != "site.invalid":
        return None
    path = unquote(url.path).removeprefix(PREFIX)
    return path + "index.html" * (path == "" or path.endswith("/")), unquote(url.fragment)


def links(page: Tag) -> list[str]:
    """Return every address that *page* names."""
    found = page.select("[href], [src], [action]")
    return [str(tag.get("href") or tag.get("src") or tag.get("action") or "") for tag in found]


@pytest.mark.parametrize("builder", SITES)
def test_every_link_inside_the_site_leads_somewhere(
    pages: Pages, built: Built, builder: str
) -> None:
    anchors = {
        name: {tag["id"] for tag in page.select("[id]")} for name, page in pages(builder).items()
    }
    inside = [
        (name, link, *found)
        for name, page in pages(builder).items()
        for link in links(page)
        if (found := target(name, link))
    ]
    assert len(inside) > 100
    dead = [
        (name, link)
        for name, link, path, anchor in inside
        if not (built(builder) / path).is_file() or (anchor and anchor not in anchors.get(path, ()))
    ]
    assert dead == []


@pytest.mark.parametrize(("builder", "name"), [("html", "404.html"), ("dirhtml", "404/index.html")])
def test_links_of_the_404_page_work_at_any_address(pages: Pages, builder: str, name: str) -> None:
    inside = [link for link in links(pages(builder)[name]) if target(name, link)]
    assert len(inside) > 10
    assert [link for link in inside if not link.startswith((PREFIX, "#"))] == []
    assert [link for link in inside if link.startswith("//")] == []


@pytest.mark.parametrize("name", ["index.html", "safety.html"])
def test_help_numbers_can_be_called(pages: Pages, name: str) -> None:
    numbers = pages("html")[name].select('a[href^="tel:"]')
    assert numbers
    for link in numbers:
        digits = re.sub(r"\D", "", link.text)
        assert re.fullmatch(rf"tel:(\+1)?{digits}|tel:\+{digits}", str(link["href"])), link


# -- Glossary --------------------------------------------------------------------------------------
#: What is no running text in a built page, or made from the records; a link to a term is a part of it.
NOT_LINKED = (
    "h1, h2, h3, h4, caption, dt, th, cite, code, svg, script, .medication-safety, .reference:is(p), "
    "summary, .contents-of-papers, .evidence-table, .compared-table, .harms-table, .reviews-table, "
    ".evidence-terms, .last-search, .sheet-papers, .codebook, .full-texts, .site-citation, "
    ".rubric + ul, .toctree-wrapper, a:not(:has(> .std-term))"
)


def spelled(forms: Iterable[str]) -> str:
    """Return a regular expression for each of *forms*, plain or plural, as words of their own."""
    found = []
    for form in forms:
        spelling = re.sub(r"[ -]", r"[\\s-]", re.escape(form).replace("\\", ""))
        found.append(spelling if re.search("[A-Z]", form) else f"(?i:{spelling})")
    return rf"(?<![\w-])(?:{'|'.join(found)})s?(?![\w-])"


def running_text(page: BeautifulSoup) -> str:
    """Return the running text of *page*, with the anchor of each linked term in place of its words."""
    article = copy.copy(page.select("article")[0])
    for element in article.select(NOT_LINKED):
        element.replace_with("|")
    for link in article.select("a:has(> .std-term)"):
        link.replace_with(f"<{str(link['href']).partition('#')[2]}>")
    return "|".join(article.find_all(string=True))


@pytest.fixture(scope="session")
def glossary(pages: Pages) -> dict[str, list[str]]:
    """Return the terms of each entry of the glossary by the anchor of the first."""
    entries: dict[str, list[str]] = {}
    for definition in pages("html")[f"{GLOSSARY}.html"].select("dl.glossary > dd"):
        terms: list[Tag] = []
        before = definition.find_previous_sibling()
        while before and before.name == "dt":
            terms.insert(0, before)
            before = before.find_previous_sibling()
        entries[str(terms[0]["id"])] = [str(next(term.stripped_strings)) for term in terms]
    return entries


def test_the_anchors_of_the_glossary_are_made_of_its_words(glossary: dict[str, list[str]]) -> None:
    assert glossary
    assert [anchor for anchor in glossary if not re.search("[a-zA-Z]{2}", anchor[5:])] == []


def test_terms_are_linked_at_their_first_use_on_each_page_and_only_there(
    pages: Pages, glossary: dict[str, list[str]]
) -> None:
    linked = set()
    texts = {name: running_text(page) for name, page in pages("html").items()}
    del texts[f"{GLOSSARY}.html"], texts[CITE]
    for anchor, terms in glossary.items():
        longer = spelled(
            form
            for other, forms in glossary.items()
            for form in forms
            if other != anchor and any(len(form) > len(term) for term in terms)
        )
        used = spelled(terms)
        for name, text in texts.items():
            before, link, after = re.sub(longer, "", text).partition(f"<{anchor}>")
            assert not re.search(used, before), (name, anchor)
            assert f"<{anchor}>" not in after, (name, anchor)
            linked |= {anchor} if link else set()
    assert linked


@pytest.mark.parametrize("builder", WHOLE)
def test_no_heading_link_reference_or_notice_holds_a_link_to_a_term(
    pages: Pages, builder: str
) -> None:
    places = "h1, h2, h3, h4, a a, dt, th, cite, caption, .medication-safety, p.reference, .bibtex-citation"
    for name, page in pages(builder).items():
        assert [
            tag for place in page.select(places) for tag in place.select("a .std-term")
        ] == [], name


# -- References ------------------------------------------------------------------------------------


class Reference(NamedTuple):
    """One reference as a page shows it."""

    page: str
    key: str
    paragraph: Tag

    @property
    def label(self) -> str:
        """Return the bold words that lead the reference."""
        return self.paragraph.select("strong")[0].text

    def addresses(self, host: str) -> list[str]:
        """Return what its links to *host* name there, decoded."""
        found = [urlsplit(link) for link in links(self.paragraph)]
        return [
            unquote(url._replace(scheme="", netloc="").geturl())
            for url in found
            if url.netloc == host
        ]


@pytest.fixture(scope="session")
def references(pages: Pages) -> list[Reference]:
    """Return the references that the site shows, in its order."""
    return [
        Reference(name, str(anchor["id"]).removeprefix("ref-"), anchor.parent)
        for name, page in pages("html").items()
        for anchor in page.select('[id^="ref-"]')
        if anchor.parent
    ]


def test_every_reference_is_shown_once(references: list[Reference]) -> None:
    assert sorted(reference.key for reference in references) == sorted(ENTRIES)


def test_the_papers_stand_with_their_records(references: list[Reference]) -> None:
    assert [
        reference.key for reference in references if reference.page == "citations.html"
    ] == PAPERS


def test_all_other_references_are_listed_by_label(references: list[Reference]) -> None:
    labels = [reference.label for reference in references if reference.page == f"{REFERENCES}.html"]
    assert len(labels) == len(ENTRIES) - len(PAPERS)
    # No date stands behind the years.
    assert labels == sorted(labels, key=lambda label: label.replace(" n.d.", " 9999").casefold())
    assert len(set(labels)) == len(labels)


def test_every_citation_reads_like_the_reference_it_leads_to(
    pages: Pages, references: list[Reference]
) -> None:
    labels = {(reference.page, f"ref-{reference.key}"): reference.label for reference in references}
    citations = [
        (link.text, target(name, str(link["href"])))
        for name, page in pages("html").items()
        for link in page.select('a[href*="#ref-"]')
        if name != CITE
    ]
    assert citations
    assert [(text, to) for text, to in citations if to is None or labels.get(to) != text] == []


def test_every_reference_is_cited(pages: Pages) -> None:
    citing = [page for name, page in pages("html").items() if name != CITE]
    cited = {link.partition("#ref-")[2] for page in citing for link in links(page)}
    assert ENTRIES.keys() - PAPERS - cited == set()


def test_links_of_a_reference_are_those_of_the_bib_file(references: list[Reference]) -> None:
    for reference in references:
        fields = ENTRIES[reference.key].fields
        for host, field, path in (
            ("doi.org", "doi", "/{}"),
            ("pubmed.ncbi.nlm.nih.gov", "pmid", "/{}/"),
            ("pmc.ncbi.nlm.nih.gov", "pmcid", "/articles/{}/"),
        ):
            expected = [path.format(fields[field])] if field in fields else []
            assert reference.addresses(host) == expected, reference.key
        assert all(map(ADDRESS.fullmatch, links(reference.paragraph))), reference.key


def test_references_lead_to_what_is_not_verified(pages: Pages, references: list[Reference]) -> None:
    for reference in references:
        text, declared = reference.paragraph.text, unverified(ENTRIES[reference.key])
        marks = [link for link in reference.paragraph.select("a") if "Not fully" in link.text]
        assert len(marks) == bool(declared), reference.key
        for mark in marks:
            page, _, place = str(mark["href"]).partition("#")
            (found,) = pages("html")[page or reference.page].select(f"#{place}")
            assert found.parent
            assert all(why in found.parent.text for why in declared.values()), reference.key
        no_author = "author" in declared and not ENTRIES[reference.key].persons
        assert ("Authors not yet verified" in text) == no_author, reference.key


# -- HTML ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("builder", [*SITES, "singlehtml"])
def test_html_is_valid(pages: Pages, built: Built, builder: str) -> None:
    for name in pages(builder):
        parser = html5lib.HTMLParser()
        parser.parse((built(builder) / name).read_bytes())
        assert parser.errors == [], name


@pytest.mark.parametrize("builder", [*SITES, "epub"])
def test_no_anchor_is_used_twice_on_a_page(pages: Pages, builder: str) -> None:
    for name, page in pages(builder).items():
        # Furo 2025.12 wraps each table and copies its id to the wrapper (furo/__init__.py, line 56).
        times = Counter(str(tag["id"]) for tag in page.select("[id]:not(div.table-wrapper)"))
        assert [anchor for anchor, number in times.items() if number > 1] == [], name


def test_links_on_the_single_page_lead_somewhere(pages: Pages) -> None:
    for name, page in pages("singlehtml").items():
        times = Counter(str(tag["id"]) for tag in page.select("[id]:not(div.table-wrapper)"))
        # A heading or a table links to itself.
        links = {str(tag["href"])[1:] for tag in page.select('a[href^="#"]:not(.headerlink)')}
        assert len(links) > 100, name
        assert [anchor for anchor in links if anchor and times[anchor] != 1] == [], name
        assert page.select("[role=search]") == [], name


@pytest.mark.parametrize("builder", [*SITES, "singlehtml"])
def test_every_page_has_a_language_a_title_and_headings_in_order(
    pages: Pages, builder: str
) -> None:
    for name, page in pages(builder).items():
        levels = [int(heading.name[1]) for heading in page.select(HEADINGS)]
        assert page.select('html[lang="en"]'), name
        assert [title.text.strip() for title in page.select("head > title")] != [""], name
        assert levels[:1] == [1], name
        assert levels.count(1) == 1, name
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels)), name


@pytest.mark.parametrize("builder", SITES)
def test_every_page_describes_itself_without_the_notice(pages: Pages, builder: str) -> None:
    sentences = re.split(r"(?<=[.!?]) ", " ".join(NOTICE))
    for name, page in pages(builder).items():
        for kind in ('name="description"', 'property="og:description"'):
            found = [plain(str(tag["content"])) for tag in page.select(f"meta[{kind}]")]
            assert len(found) == 1, f"{name}: {kind}"
            assert not [sentence for sentence in sentences if sentence in found[0]], name
        assert (
            len(
                {
                    str(tag["content"])
                    for tag in page.select(
                        'meta[content][name="description"], meta[property="og:description"]'
                    )
                }
            )
            == 1
        ), name
        (description,) = page.select('meta[name="description"]')
        assert 50 <= len(description["content"]) <= 160, name


@pytest.mark.parametrize("builder", WHOLE)
def test_nothing_is_loaded_from_another_site(pages: Pages, built: Built, builder: str) -> None:
    for name, page in pages(builder).items():
        loading = page.select(":not(a, link[rel=canonical]):is([href], [src], [srcset], [action])")
        assert loading, name
        for tag in loading:
            for attribute in ("href", "src", "srcset", "action"):
                assert not re.search(r"(?<![^\s,])(https?:)?//", str(tag.get(attribute, ""))), tag
        styles = [str(tag.string) for tag in page.select("style")]
        styles += [str(tag["style"]) for tag in page.select("[style]")]
        assert not any(map(FOREIGN_STYLE.search, styles)), name
    for path in built(builder).rglob("*.css"):
        assert not FOREIGN_STYLE.search(path.read_text("utf-8")), path.name


def test_tables_have_header_cells(pages: Pages) -> None:
    tables = [table for page in pages("html").values() for table in page.select("table")]
    assert tables
    for table in tables:
        assert all(cell.text.strip() for cell in table.select("thead th")), table
        last = table.select("tbody tr:last-child > *")
        assert len(table.select("thead th")) == sum(
            int(str(cell.get("colspan", 1))) for cell in last
        )


def in_notice(text: PageElement) -> bool:
    """Return whether *text* is a part of the notice."""
    return text.find_parent(class_="medication-safety") is not None


def pages_with(term: int | list[int]) -> list[int]:
    """Return the numbers of the pages of *term*: the index stores a single one bare."""
    return [term] if isinstance(term, int) else term


def test_a_search_for_a_word_of_the_notice_finds_only_pages_that_say_it_themselves(
    built: Built, pages: Pages
) -> None:
    script = (built("html") / "searchindex.js").read_text("utf-8")
    index = json.loads(script.removeprefix("Search.setIndex(").removesuffix(")"))
    stem = functools.cache(SearchEnglish({}).stem)
    said = {stem(word) for word in re.findall(r"\w+", " ".join(NOTICE))} & index["terms"].keys()
    assert said
    for number, name in enumerate(index["docnames"]):
        (article,) = pages("html")[f"{name}.html"].select("article")
        own = "".join(text for text in article.find_all(string=True) if not in_notice(text))
        found = {word for word in said if number in pages_with(index["terms"][word])}
        assert found <= {stem(word) for word in re.findall(r"\w+", own)}, name
