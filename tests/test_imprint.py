"""What the site says of itself: to machines, to those who cite it, and where its source is.

The readers are such as search engines and networks use: rdflib and linkpreview. Nothing is fetched.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import re
import runpy
import struct
import subprocess
import sys
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from linkpreview import Link, LinkPreview
from pybtex.database import parse_string
from rdflib import RDF, SDO, BNode, Graph, Literal, URIRef

import card
from bibtex.reader import parse_bib_file
from bibtex.tex import plain
from common.text import day_in_words
from conftest import ROOT, run
from evidence.full_text import ways
from helpers import EVIDENCE, PAGES, RECORDS, SETTINGS, page_with
from imprint.repository import links, repository
from imprint.tags import NAMESPACE, metas, script, sitemap, thing
from served import PREFIX, STRICT, headers, served

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    Built = Callable[..., Path]

HOME = f"https://site.invalid{PREFIX}"
#: schema.org's own context, as far as JSON-LD of a page needs it: words are its, and these are addresses.
CONTEXT = {"@vocab": str(SDO)} | {
    name: {"@type": "@id"} for name in ("url", "sameAs", "license", "contentUrl")
}
HOSTILE = '</script><script>alert(1)</script><!-- \u2028\u2029 &lt;b&gt; "it\'s" \\u003c'
REPOSITORY = "https://github.com/owner/name"
#: The words of schema.org, which rdflib knows.
SDO_WORDS = cast("Container[URIRef]", SDO)


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Yield a tab that reaches no other site."""
    tab = browser.new_page(reduced_motion="reduce")
    tab.route(lambda url: not url.startswith(site), lambda route: route.abort())
    yield tab
    tab.close()


# -- Linked data -----------------------------------------------------------------------------------
def graph_of(html: bytes | str, address: str = HOME) -> Graph:
    """Return the linked data of *html* at *address*, as rdflib reads it without asking schema.org."""
    scripts = BeautifulSoup(html, "html.parser").select('script[type="application/ld+json"]')
    (data,) = [json.loads(str(one.string)) for one in scripts]
    assert data.pop("@context") == "https://schema.org"
    data["@context"] = CONTEXT
    return Graph().parse(data=json.dumps(data), format="json-ld", publicID=address)


@functools.cache
def graphs(out: Path) -> dict[str, Graph]:
    """Return the linked data of each page in *out* that has a source, by its name."""
    pages = [name.replace(".md", ".html") for name in PAGES]
    return {name: graph_of((out / name).read_bytes(), HOME + name) for name in pages}


def test_every_page_says_what_it_is_in_words_that_schema_org_has(built: Built) -> None:
    for name, graph in graphs(built("html", HOME)).items():
        kinds = set(graph.objects(None, RDF.type))
        words = {word for word in graph.predicates() if word != RDF.type} | kinds
        assert sorted(str(word) for word in words if cast("URIRef", word) not in SDO_WORDS) == [], (
            name
        )
        page = graph.value(None, SDO.url, URIRef(HOME + name), any=False)
        assert graph.value(page, RDF.type) == SDO.MedicalWebPage, name
        assert graph.value(page, SDO.name)
        assert not any(graph.triples((None, SDO.reviewedBy, None))), name


def test_a_page_was_reviewed_on_a_day_only_where_its_readers_see_it(built: Built) -> None:
    told = {}
    for name, graph in graphs(built("html", HOME)).items():
        page = graph.value(None, SDO.url, URIRef(HOME + name))
        told[name] = [str(day) for day in graph.objects(page, SDO.lastReviewed)]
    seen = {
        name.replace(".md", ".html"): re.findall(r"Last reviewed: (\d{4}-\d\d-\d\d)", text)
        for name, text in PAGES.items()
    }
    assert any(seen.values())
    assert told == seen


def test_machines_are_told_each_paper_once_and_by_its_numbers(built: Built) -> None:
    graph = graphs(built("html", HOME))[f"{EVIDENCE}.html"]
    entries = {one.key: one for one in parse_bib_file(ROOT / "references.bib", "").entries}
    papers = list(graph.subjects(SDO.subjectOf))
    assert len(papers) == len(RECORDS)
    places = {}
    for paper in papers:
        place = graph.value(paper, SDO.subjectOf)
        places[urlsplit(str(graph.value(place, SDO.url))).fragment] = paper, place
    for key, record in RECORDS.items():
        entry, (paper, place) = entries[key], places[key]
        doubted = entry.value("unverified")
        article = "journal" in entry.fields and "journal:" not in doubted
        kind = SDO.MedicalScholarlyArticle if article else SDO.CreativeWork
        assert graph.value(paper, RDF.type) == kind
        assert str(graph.value(place, SDO.lastReviewed)) == record["reviewed"]
        status = graph.value(paper, SDO.creativeWorkStatus)
        assert str(status or "as published") == record["status"]
        numbers = {
            (str(graph.value(one, SDO.propertyID)), str(graph.value(one, SDO.value)))
            for one in graph.objects(paper, SDO.identifier)
        }
        fields = [name for name in ("doi", "pmid", "pmcid") if entry.value(name)]
        known = {name for name in fields if f"{name}:" not in doubted}
        assert numbers == {(name, entry.value(name)) for name in known}
        if "title:" not in doubted:
            assert str(graph.value(paper, SDO.name)) == plain(entry.value("title"))
        if "author:" in doubted:
            assert graph.value(paper, SDO.author) is None


def test_the_download_is_a_dataset_whose_files_are_there(built: Built) -> None:
    out = built("html", HOME)
    graph = graphs(out)[page_with("{evidence} downloads") + ".html"]
    (data,) = graph.subjects(RDF.type, SDO.Dataset)
    files = [str(graph.value(one, SDO.contentUrl)) for one in graph.objects(data, SDO.distribution)]
    assert files
    assert all((out / file.removeprefix(HOME)).is_file() for file in files)
    assert len(str(graph.value(data, SDO.description))) >= 50  # what search engines ask for
    assert graph.value(data, SDO.license) == URIRef(SETTINGS["imprint_licence"])


def test_without_an_address_no_page_names_one_of_its_own(built: Built) -> None:
    out = built("html")
    for name, graph in graphs(out).items():
        assert graph.value(None, RDF.type, SDO.MedicalWebPage) is not None, name
        assert list(graph.objects(None, SDO.contentUrl)) == [], name
        page = BeautifulSoup((out / name).read_bytes(), "html.parser")
        assert page.select('meta[property^="og:image"], meta[property="og:url"]') == [], name
    assert not (out / "sitemap.xml").exists()
    assert not (out / "robots.txt").exists()


def test_data_that_tries_to_leave_its_script_stays_in_it() -> None:
    page = script([thing("WebPage", name=HOSTILE, about="")])
    assert page.isascii()
    assert page.count("<") == 2
    graph = graph_of(f"<html><head>{page}</head></html>")
    assert list(graph.subject_objects(SDO.name)) == [
        (graph.value(None, RDF.type, SDO.WebPage), Literal(HOSTILE))
    ]
    assert isinstance(next(graph.subjects(SDO.name)), BNode)
    tag = metas({"og:title": HOSTILE, "og:url": ""}, "property")
    (meta,) = BeautifulSoup(tag, "html.parser").select("meta")
    assert meta["content"] == HOSTILE


# -- What networks show ----------------------------------------------------------------------------
def test_a_shared_link_has_a_title_words_and_a_picture(built: Built) -> None:
    out = built("html", HOME)
    for name in (path.name for path in out.glob("*.html")):
        text = (out / name).read_text()
        seen = LinkPreview(Link(HOME + name, text)).opengraph
        assert seen.title
        assert seen.site_name == SETTINGS["html_title"]
        assert seen.description
        tags = BeautifulSoup(text, "html.parser").select("meta[property]")
        said = {str(tag["property"]): str(tag["content"]) for tag in tags}
        assert len(said) == len(tags), f"{name} says something twice"
        assert said["og:type"] == "website"
        assert said["og:url"] == HOME + name
        picture = out / seen.image.removeprefix(HOME)
        size = struct.unpack(">II", picture.read_bytes()[16:24])
        assert size == (int(said["og:image:width"]), int(said["og:image:height"]))
        assert said["og:image:alt"]


def test_the_picture_says_what_the_settings_say() -> None:
    settings = runpy.run_path(str(ROOT / "conf.py"))
    picture = (ROOT / settings["imprint_card"]).read_bytes()
    assert card.words_in(picture) == card.words_of(settings), "run `make card`"


def test_a_picture_keeps_one_description() -> None:
    picture = (ROOT / SETTINGS["imprint_card"]).read_bytes()
    again = card.described(card.described(picture, "one"), "zwei \u03bc")
    assert card.words_in(again) == "zwei \u03bc"
    assert len(again) < len(picture) + 100


def test_no_title_names_the_site_twice_and_no_two_pages_have_one(built: Built) -> None:
    titles = {}
    for path in built("html").glob("*.html"):
        page = BeautifulSoup(path.read_bytes(), "html.parser")
        assert len(page.select('head > meta[name="viewport"]')) == 1, path.name
        (title,) = page.select("head > title")
        titles[path.name] = title.text
        words = title.text.split()
        pairs = list(itertools.pairwise(words))
        assert len(pairs) == len(set(pairs)), title.text
    assert len(set(titles.values())) == len(titles)


# -- Search engines --------------------------------------------------------------------------------
@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_list_of_pages_has_each_page_with_a_source_once(built: Built, builder: str) -> None:
    """By sitemaps.org, protocol 0.9: one namespace, whole addresses below the list itself."""
    out = built(builder, HOME)
    assert f"Sitemap: {HOME}sitemap.xml\n" in (out / "robots.txt").read_text()
    root = ET.fromstring((out / "sitemap.xml").read_text())  # noqa: S314  our own
    assert root.tag == f"{{{NAMESPACE}}}urlset"
    assert {part.tag for entry in root for part in entry} == {f"{{{NAMESPACE}}}loc"}
    found = [str(part.text) for entry in root for part in entry]
    assert len(found) == len(set(found)) == len(PAGES)
    for address in found:
        assert address.startswith(HOME)
        path = out / address.removeprefix(HOME)
        page = BeautifulSoup(
            (path / "index.html" if path.is_dir() else path).read_bytes(), "html.parser"
        )
        (canonical,) = page.select('link[rel="canonical"]')
        assert canonical["href"] == address


def test_an_odd_address_is_written_as_xml() -> None:
    root = ET.fromstring(sitemap(["https://a.example/?b=1&c=<d>"]))  # noqa: S314  our own
    assert [part.text for entry in root for part in entry] == ["https://a.example/?b=1&c=<d>"]


# -- Where the source is ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("address", "web"),
    [
        ("https://github.com/owner/name", REPOSITORY),
        ("https://github.com/owner/name.git", REPOSITORY),
        ("https://github.com/owner/name/", REPOSITORY),
        ("https://github.com/owner/name.git/", REPOSITORY),
        ("http://GitHub.com/owner/name?x=1#y", REPOSITORY),
        ("git@github.com:owner/name.git", REPOSITORY),
        ("ssh://git@github.com:22/owner/name.git", REPOSITORY),
        ("https://secret@github.com/owner/name", REPOSITORY),
        ("https://user:secret@github.com/owner/name.git", REPOSITORY),
        ("git@gitlab.com:group/sub/name.git", "https://gitlab.com/group/sub/name"),
        ("https://gitlab.example.org/group/name", "https://gitlab.example.org/group/name"),
        ("https://bitbucket.org/owner/name", "https://bitbucket.org/owner/name"),
    ],
)
def test_a_repository_is_known_however_git_writes_it(address: str, web: str) -> None:
    known = repository(address)
    assert known is not None
    assert known[0] == web
    found = links(address, "main", "page.md", "Title", "page.md")
    assert all(link.startswith(f"{web}/") for link in found.values())
    assert "See the source" in found
    assert "secret" not in "".join(found.values())


@pytest.mark.parametrize(
    "address",
    [
        "",
        "javascript:alert(1)//github.com/owner/name",
        "javascript://github.com/%0aalert(1)/x",
        "data:text/html,github.com/owner/name",
        "file:///github.com/owner/name",
        "https://github.com.evil.example/owner/name",
        "https://github.com@evil.example/owner/name",
        "https://evil.example/owner/name",
        "https://github.com/owner",
        "https://github.com/../name",
        'https://github.com/owner/na"me',
        "https://github.com/owner/<b>",
        "https://[github.com/owner/name",
        "/srv/git/name.git",
        "../name",
    ],
)
def test_what_is_no_known_repository_leads_nowhere(address: str) -> None:
    assert links(address, "main", "page.md", "Title", "page.md") == {}


def test_a_report_is_filled_in_whatever_the_page_is_called() -> None:
    file, title, page = "a b/c#d?.md", 'A & B = "C" </a> μ', "https://e.example/a%20b#c?d&e"
    for host, names in (
        ("github.com", ("title", "body")),
        ("gitlab.com", ("issue[title]", "issue[description]")),
    ):
        found = links(f"https://{host}/o/r", "fix/a b", file, title, page)
        report, source, history = (urlsplit(link) for link in found.values())
        asked = parse_qs(report.query, strict_parsing=True)
        assert sorted(asked) == sorted(names)
        assert asked[names[0]] == [f"Mistake on the page: {title}"]
        assert asked[names[1]][0].endswith(f"Page: {page}")
        for link in (source, history):
            assert unquote(link.path).endswith(f"/fix/a b/{file}")
        assert not re.search(r"[\s\"<>]", "".join(found.values()))


@pytest.fixture(scope="module")
def with_source(built: Built) -> Path:
    """Return the site, built where it is known where its source is."""
    return built("html", f"https://token:x@{REPOSITORY[8:]}.git", "REPOSITORY_URL")


def test_the_foot_of_each_page_leads_to_its_source_and_tells_no_token(with_source: Path) -> None:
    for path in with_source.glob("*.html"):
        text = path.read_text()
        assert "token" not in text
        feet = BeautifulSoup(text, "html.parser").select("article .source-links")
        source = f"{path.stem}.md"
        assert len(feet) == (source in PAGES), path.name
        for foot in feet:
            addresses = [str(link["href"]) for link in foot.select("a")]
            assert len(addresses) == 3
            assert all(source in address for address in addresses)


def test_no_page_leads_to_a_source_that_is_not_known(built: Built) -> None:
    for name in PAGES:
        text = (built("html") / name.replace(".md", ".html")).read_text()
        assert 'class="source-links"' not in text
        assert "report.js" not in text


def test_a_report_names_the_section_that_a_reader_came_for(
    browser: Browser, with_source: Path
) -> None:
    with served(with_source) as address:
        tab = browser.new_page(reduced_motion="reduce")
        tab.route("https://github.com/**", lambda route: route.fulfill(body="there"))
        for place in ("", "#crisis-help", "#how-to-read%20it"):
            tab.goto(f"{address}index.html{STRICT}{place}")
            tab.get_by_text("Report a mistake on this page").click()
            tab.wait_for_url("https://github.com/**")
            (body,) = parse_qs(urlsplit(tab.url).query)["body"]
            assert body.endswith(f"Page: index.md{place}")
        tab.close()


def test_paper_has_no_link_to_a_report(browser: Browser, with_source: Path) -> None:
    tab = browser.new_page(reduced_motion="reduce")
    tab.goto((with_source / "safety.html").as_uri())
    foot = tab.locator(".source-links")
    assert foot.is_visible()
    tab.emulate_media(media="print")
    assert not foot.is_visible()
    tab.close()


def test_the_place_of_the_source_comes_from_the_environment() -> None:
    code = "import conf; print(conf.imprint_repository, conf.imprint_revision)"
    told: list[dict[str, str]] = [
        {"REPOSITORY_URL": "https://a.example/o/r"},
        {"READTHEDOCS_GIT_CLONE_URL": "https://b.example/o/r", "READTHEDOCS_GIT_IDENTIFIER": "v1"},
        {},
    ]
    blank = {name: "" for variables in told for name in variables}
    said = []
    for variables in told:
        done = subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**os.environ, **blank, **variables},
            text=True,
            capture_output=True,
            check=True,
        )
        said.append(done.stdout.strip())
    assert said == ["https://a.example/o/r HEAD", "https://b.example/o/r v1", "HEAD"]


# -- In a browser ----------------------------------------------------------------------------------
def test_the_colour_around_a_page_is_that_of_the_page(page: Page, site: str) -> None:
    page.goto(site + "index.html")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=cast("Any", scheme))
        meta = page.locator(f'meta[name="theme-color"][media="(prefers-color-scheme: {scheme})"]')
        colour = str(meta.get_attribute("content"))
        shown = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert shown == f"rgb({', '.join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5))})"


def test_no_other_site_is_told_which_page_a_reader_came_from(page: Page, site: str) -> None:
    told: list[str] = []

    def note(route: Any) -> None:  # noqa: ANN401  of Playwright
        told.append(route.request.all_headers().get("referer", ""))
        route.fulfill(body="there")

    page.route("https://doi.org/**", note)
    page.goto(site + "references.html")
    page.locator('a[href^="https://doi.org/"]').first.click()
    page.wait_for_url("https://doi.org/**")
    assert told == [""]


def test_the_headers_that_the_guide_names_are_sent(page: Page, site: str) -> None:
    response = page.goto(site + f"{EVIDENCE}.html{STRICT}")
    assert response is not None
    assert "Content-Security-Policy" in headers()
    sent = response.all_headers()
    assert {name: sent.get(name.lower()) for name in headers()} == headers()


# -- Cite this site --------------------------------------------------------------------------------
def test_the_pages_and_the_book_say_how_the_site_is_cited(built: Built) -> None:
    citing = page_with("{how-to-cite}")
    out = built("html", HOME)
    page = BeautifulSoup((out / f"{citing}.html").read_bytes(), "html.parser")
    (cited,) = page.select(".site-citation")
    text = " ".join(cited.text.split())
    for part in (
        SETTINGS["author"],
        SETTINGS["imprint_title"],
        f"Version {SETTINGS['release']}",
        HOME,
    ):
        assert part in text
    latex = next(built("latex").glob("*.tex")).read_text()
    (line,) = re.findall(r"\\newcommand\*\{\\bookcitation\}.*", latex)
    assert SETTINGS["imprint_title"] in line


def test_the_day_of_a_citation_is_that_of_the_build(tmp_path: Path) -> None:
    """SOURCE_DATE_EPOCH sets it, and a later build writes the page again."""
    (tmp_path / "conf.py").write_text(
        "project, author, release = 'A', 'B', '1'\nextensions = ['myst_parser', 'incremental', 'imprint']\n"
    )
    (tmp_path / "index.md").write_text("# A\n\n```{how-to-cite}\n```\n")
    shown = []
    for seconds in ("1800000000", "1800000000", "1900000000"):
        variables = {"SOURCE_DATE_EPOCH": seconds, "PYTHONPATH": str(ROOT / "_ext")}
        command = ("-m", "sphinx", "-q", "-n", "-W", "-b", "text", ".", "out")
        done = run(sys.executable, *command, cwd=tmp_path, **variables)
        assert done.stderr == ""
        shown.append((tmp_path / "out" / "index.txt").read_text())
    assert day_in_words("2027-01-15") in shown[0]
    assert shown[0] == shown[1]
    assert day_in_words("2030-03-17") in shown[2]


# -- Where papers are read -------------------------------------------------------------------------
def test_each_paper_is_listed_once_with_a_place_to_read_it(built: Built) -> None:
    page = BeautifulSoup((built("html") / f"{EVIDENCE}.html").read_bytes(), "html.parser")
    found = {}
    for line in page.select(".full-texts > li"):
        record, *places = [str(link["href"]) for link in line.select("a")]
        found[urlsplit(record).fragment] = places
    assert sorted(found) == sorted(RECORDS)
    for key, places in found.items():
        assert len(places) <= 1 or not RECORDS[key]["full-text"].startswith("free"), key
        assert all(place.startswith(("https://", "http://")) for place in places), key


def test_ways_to_a_paper_are_made_of_its_entry_and_hold_whatever_it_is_called() -> None:
    text = (
        '@article{a, title = {{\\"U}ber "x" & <y> 50\\% #1?}, journal = {J}, doi = {10.1/a<b>"c}}'
    )
    (entry,) = read_entries(text)
    title = plain(entry.fields["title"])
    found = ways(entry)
    assert not re.search(r"[\s\"<>]", "".join(found.values()))
    asked = [
        parse_qs(urlsplit(found[name]).query) for name in ("PubMed", "Google Scholar", "libraries")
    ]
    assert [next(iter(one.values()))[0].removeprefix("ti:") for one in asked] == [f'"{title}"'] * 3
    assert unquote(urlsplit(found["Unpaywall"]).path) == '/10.1/a<b>"c'


def test_what_no_journal_printed_is_looked_for_where_it_is() -> None:
    (entry,) = read_entries("@misc{a, title = {News}, url = {https://e.example/a}}")
    assert ways(entry) == {"web page": "https://e.example/a"}


def read_entries(text: str) -> list[Any]:
    return list(parse_string(text, "bibtex").entries.values())


def test_books_list_only_what_a_link_leads_to(built: Built) -> None:
    text = (built("text") / f"{EVIDENCE}.txt").read_text()
    assert "scholar.google" not in text
