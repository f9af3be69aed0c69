"""What changed since a reader last read: kept in the browser and only when asked, and true to the last field."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser, Page, ViewportSize, expect

import edition
from barriers import barriers
from conftest import ROOT
from dataset import data, history
from helpers import CHANGES, edit
from samples import fuzz

if TYPE_CHECKING:
    from collections.abc import Callable

    from sphinx.testing.util import SphinxTestApp

    Build = Callable[..., SphinxTestApp]
    Built = Callable[..., Path]
    Json = dict[str, Any]

TESTROOT = "studies"
REMEMBER, FORGET = "Remember what I have read today", "Forget"
HOSTILE = "<img src=x onerror=document.title=1></dd></script> \u202e\u2028 javascript:alert(1)"
#: What the page of the changes keeps.
KEPT = "() => Object.entries(localStorage).filter(([name]) => name.startsWith('evidence-read:'))"


@pytest.fixture(scope="module")
def evidence(built: Built) -> Json:
    """Return the data of the real site."""
    found: Json = json.loads((built("html") / data.DATA).read_text("utf-8"))
    return found


@pytest.fixture(scope="module")
def few(evidence: Json) -> dict[str, Json]:
    """Return some of its papers by their keys: what Hypothesis shows stays short."""
    return {paper["key"]: paper for paper in evidence["papers"][::8]}


@pytest.fixture(scope="module")
def address(built: Built) -> str:
    """Return the address of the page of the changes as a file."""
    return (built("html") / f"{CHANGES}.html").as_uri()


@pytest.fixture(scope="module")
def phone(browser: Browser, address: str) -> Page:
    """Return a tab on a phone that reaches no server."""
    context = browser.new_context(
        viewport=ViewportSize(width=390, height=844), reduced_motion="reduce"
    )
    context.route(re.compile("^(?!file:)"), lambda route: route.abort())
    tab = context.new_page()
    tab.goto(address)
    return tab


@pytest.fixture
def page(phone: Page, address: str) -> Page:
    """Return that page on the phone of a reader who was never there."""
    phone.evaluate("localStorage.clear()")
    phone.emulate_media(media="null", color_scheme="light")
    phone.goto(address)
    return phone


def remember(page: Page, evidence: Json, day: str = "2026-01-02T10:00:00Z") -> None:
    """Let the browser have kept *evidence* on *day*, and open *page* again."""
    page.get_by_role("button", name=REMEMBER).click()
    expect(page.get_by_role("status")).to_contain_text("Remembered")
    ((name, _),) = page.evaluate(KEPT)
    page.evaluate(
        "([name, text]) => localStorage.setItem(name, text)",
        [name, json.dumps({**evidence, "read": day})],
    )
    page.reload()


# -- The differences -------------------------------------------------------------------------------
VALUES = st.recursive(
    st.text() | st.integers(-(2**40), 2**40) | st.just(HOSTILE),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=5,
)


@pytest.fixture(scope="module")
def tab(browser: Browser, address: str) -> Page:
    """Return a page that many examples use."""
    tab = browser.new_page()
    tab.goto(address)
    return tab


def field_names(paper: Json) -> list[str]:
    """Return the names of the fields of *paper*, and its terms."""
    return sorted([*(paper.keys() - {"key", "unknown", "prose", "address"}), *paper["prose"]])


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[tuple[int, int, object]], set[int], set[str]]:
    """Return edits, each of a paper, a field and a value or (None, its reason); who goes, who comes."""
    value = VALUES | st.tuples(st.none(), st.text(min_size=1))
    number = st.integers(0, 99)
    several = st.lists(st.tuples(number, number, value), max_size=8)
    return draw(several), draw(st.sets(number, max_size=2)), draw(st.sets(st.text(), max_size=2))


@fuzz
@given(edits=edits(), turned=st.booleans())
def test_a_hundred_edits_give_their_differences_and_no_others(
    tab: Page,
    few: dict[str, Json],
    edits: tuple[list[tuple[int, int, Any]], set[int], set[str]],
    turned: bool,
) -> None:
    before, after, keys = few, copy.deepcopy(few), list(few)
    for paper_number, field_number, value in edits[0]:
        put(after[keys[paper_number % len(keys)]], field_number, value)
    expected = {key: ("changed", true_changes(before[key], paper)) for key, paper in after.items()}
    expected = {key: told for key, told in expected.items() if told[1]}
    for key in {keys[number % len(keys)] for number in edits[1]}:
        del after[key]
        expected[key] = ("removed", {})
    for key in edits[2] - before.keys():
        after[key] = {"key": key, "label": key, "unknown": {}}
        expected[key] = ("added", {})
    papers = [*after.values()]
    sides = [{"papers": [*before.values()]}, {"papers": papers[::-1] if turned else papers}]
    compare = "both => evidenceDifference(...both.map(side => JSON.parse(side)))"
    found = tab.evaluate(compare, [json.dumps(side) for side in sides])
    told = [
        (change["key"], change["what"], [tuple(field.values()) for field in change["fields"]])
        for change in found
    ]
    # The page of changes and the feed are told by another program: no script, and editions in files.
    kept = history.differences(sides[0]["papers"], papers, "2026-01-02")
    in_editions = [(change.key, change.what.lower(), [*change.fields]) for change in kept]
    for differences in (told, in_editions):
        named = {
            key: (what, {name: pair for name, *pair in fields}) for key, what, fields in differences
        }
        assert len(named) == len(differences)
        assert {key: (what, {*fields}) for key, (what, fields) in named.items()} == {
            key: (what, {*fields}) for key, (what, fields) in expected.items()
        }
        for key, (_, fields) in expected.items():
            for name, pair in fields.items():
                for shown, value in zip(named[key][1][name], pair, strict=True):
                    assert not isinstance(value, str | int) or shown == str(value)


def put(paper: Json, number: int, value: Any) -> None:  # noqa: ANN401  any JSON
    """Let the field of *paper* with that *number* be *value*, or null with the reason beside None."""
    names = field_names(paper)
    name = names[number % len(names)]
    if name in paper["prose"]:
        paper["prose"][name] = value[1] if isinstance(value, tuple) else value
        return
    paper["unknown"].pop(name, None)
    paper[name] = value
    if isinstance(value, tuple):
        paper[name], paper["unknown"][name] = value


def true_changes(before: Json, after: Json) -> dict[str, tuple[Any, Any]]:
    """Return what each field and term said *before* and says *after* by its name in words, where that differs."""
    found = {}
    for name in field_names(before):
        one, two = said(before, name), said(after, name)
        if one != two:
            shown = name if name in before["prose"] else name.replace("_", " ")
            found[shown] = tuple(why if value is None else value for value, why in (one, two))
    return found


def said(paper: Json, name: str) -> tuple[Any, Any]:
    """Return what *paper* says in the field or term *name*, and why it says nothing."""
    if name in paper["prose"]:
        return paper["prose"][name], None
    return paper[name], paper["unknown"].get(name)


def test_the_order_of_names_is_no_difference(tab: Page, evidence: Json) -> None:
    turned = copy.deepcopy(evidence)
    turned["papers"] = [dict(reversed(paper.items())) for paper in reversed(turned["papers"])]
    for paper in turned["papers"]:
        paper["depends_on"] = dict(reversed(paper["depends_on"].items()))
    assert tab.evaluate("both => evidenceDifference(...both)", [evidence, turned]) == []
    assert [*history.differences(evidence["papers"], turned["papers"], "2026-01-02")] == []


# -- The page --------------------------------------------------------------------------------------
def test_nothing_is_kept_before_a_click_and_nothing_after_forget(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    assert page.evaluate(KEPT) == []
    expect(page.get_by_role("status")).to_have_text("Nothing is remembered.")
    expect(page.get_by_role("button", name=FORGET)).to_be_hidden()
    assert page.locator("script[src*='evidence-data']").count() == 0
    page.get_by_role("button", name=REMEMBER).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Remembered. No papers changed since")
    assert len(page.evaluate(KEPT)) == 1
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("No papers changed since what you read on")
    page.get_by_role("button", name=FORGET).press("Space")
    expect(page.get_by_role("status")).to_have_text("Forgotten.")
    assert page.evaluate(KEPT) == []
    expect(page.get_by_role("button", name=REMEMBER)).to_be_focused()
    assert [url for url in asked if not url.startswith("file:")] == []


def test_each_change_is_told_with_before_and_now(page: Page, evidence: Json) -> None:
    old = copy.deepcopy(evidence)
    first, second, third = old["papers"][:3]
    first["year"] = 1999
    second["people"] = None
    second["unknown"]["people"] = "not given"
    old["papers"].remove(third)
    old["papers"].append({"key": "gone", "label": "Gone 1990", "unknown": {}})
    remember(page, old)
    expect(page.get_by_role("status")).to_contain_text(
        "4 papers changed since what you read on 2 January 2026"
    )
    now = evidence["papers"][:3]
    lines = page.locator(".since-list > li").all_inner_texts()
    told = [" ".join(line.split()) for line in lines]
    assert told[0] == f"{now[0]['label']}: year Before: 1999 Now: {now[0]['year']}"
    assert told[1].startswith(f"{now[1]['label']}: people Before: not given Now: total: ")
    assert told[2:] == [f"{now[2]['label']} was added.", "Gone 1990 is no longer here."]
    page.locator(".since-list a").first.click()
    page.wait_for_url(f"**/{now[0]['address']}")


def test_hostile_words_are_shown_as_words(page: Page, evidence: Json) -> None:
    old = copy.deepcopy(evidence)
    old["papers"][0] |= {"label": HOSTILE, "funding": HOSTILE * 400, "__proto__": HOSTILE}
    old["papers"].append({"key": "x", "label": HOSTILE, "address": HOSTILE, "unknown": None})
    remember(page, old)
    expect(page.locator(".since-list > li")).to_have_count(2)
    assert page.locator(".since-list").inner_text().count("<img src=x onerror") > 400
    assert page.locator(".since-list :is(img, script)").count() == 0
    assert page.title() != "1"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize(
    "kept", ["{", "null", "7", '{"papers": 1}', '{"papers": [null]}', '{"papers": [{"key": 1}]}']
)
def test_what_cannot_be_read_counts_as_nothing(page: Page, evidence: Json, kept: str) -> None:
    remember(page, evidence)
    ((name, _),) = page.evaluate(KEPT)
    page.evaluate("([name, text]) => localStorage.setItem(name, text)", [name, kept])
    page.reload()
    expect(page.get_by_role("status")).to_have_text("Nothing is remembered.")


def test_data_of_another_form_are_not_compared(page: Page, evidence: Json) -> None:
    remember(page, {**evidence, "schema_version": "0.1"})
    expect(page.get_by_role("status")).to_contain_text("another form")
    expect(page.locator(".since-list > li")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_list_is_accessible_and_fits_a_phone(page: Page, evidence: Json, scheme: Any) -> None:  # noqa: ANN401  a literal
    page.emulate_media(color_scheme=scheme)
    old = copy.deepcopy(evidence)
    for paper in old["papers"]:
        paper["prose"] = dict.fromkeys(paper["prose"], "Other words.")
    remember(page, old)
    expect(page.locator(".since-list > li")).to_have_count(len(old["papers"]))
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.get_by_role("status").get_attribute("aria-live") == "polite"
    page.emulate_media(media="print")
    expect(page.locator(".since")).to_be_hidden()


def test_without_the_script_or_a_place_to_keep_it_the_page_is_as_ever(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(address)
    shown = plain.locator("ul.changes > li").count()
    assert shown > 0
    assert plain.get_by_role("button", name=REMEMBER).count() == 0
    context.close()
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })"
    )
    page = context.new_page()
    page.goto(address)
    assert page.locator("ul.changes > li").count() == shown
    assert page.get_by_role("button", name=REMEMBER).count() == 0
    context.close()


def test_a_full_browser_and_missing_data_are_told(page: Page) -> None:
    page.evaluate("() => { Storage.prototype.setItem = () => { throw new Error('full'); }; }")
    page.get_by_role("button", name=REMEMBER).click()
    expect(page.get_by_role("status")).to_have_text("Your browser did not keep it.")
    assert page.evaluate(KEPT) == []


def test_only_the_page_of_the_changes_loads_the_script(built: Built) -> None:
    loading = [
        path.stem
        for path in built("html").glob("*.html")
        if "changes.js" in path.read_text("utf-8")
    ]
    assert loading == [CHANGES]


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_an_edit_of_a_record_is_the_change_that_is_told(
    source: Path, build: Build, browser: Browser, builder: str
) -> None:
    def address() -> str:
        out = build(builder).outdir
        return (out / ("other.html" if builder == "html" else "other/index.html")).as_uri()

    context = browser.new_context()
    page = context.new_page()
    page.goto(address())
    page.get_by_role("button", name=REMEMBER).click()
    expect(page.locator(".since")).to_contain_text("Remembered")
    edit(source / "index.md", ":population: adults", ":population: older adults")
    edit(source / "index.md", ":funding: a maker\n", "")
    page.goto(address())
    expect(page.locator(".since-list > li")).to_have_count(2)
    told = " ".join(page.locator(".since-list").inner_text().split())
    assert "population Before: adults Now: older adults" in told
    assert "funding Before: a maker Now: not checked" in told
    context.close()


# -- Editions --------------------------------------------------------------------------------------
@pytest.fixture
def edited(source: Path, build: Build) -> Path:
    """Return a site after an edition was closed and its records were edited."""
    with (source / "conf.py").open("a") as conf:
        conf.write('\nevidence_edition = "edition.json"\n')
    (source / "edition.json").write_text(history.History().as_json())
    close_edition(source, build)
    edit(source / "index.md", ":population: adults", ":population: adults & others")
    edit(source / "index.md", ":funding: a maker\n", "")
    return source


def close_edition(source: Path, build: Build) -> history.History:
    """Keep the edition that *source* is, as the command does, and return it."""
    path = source / "edition.json"
    found = json.loads((build().outdir / data.DATA).read_text("utf-8"))
    path.write_text(edition.renewed(history.read_history(path), found).as_json(), "utf-8")
    return history.read_history(path)


def changes_in_feed(out: Path) -> dict[str, list[str]]:
    """Return the texts of the fields in each entry of the feed that tells of a change, by its identifier."""
    feed = feedparser.parse((out / "feed.xml").read_bytes())
    assert not feed.bozo
    soups = {entry.id: BeautifulSoup(entry.summary, "html.parser") for entry in feed.entries}
    assert len(soups) == len(feed.entries)
    found = {name: [tag.text for tag in soup.select("dl > *")] for name, soup in soups.items()}
    return {name: texts for name, texts in found.items() if texts}


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_the_feed_and_the_page_tell_each_field_before_and_after(
    edited: Path, build: Build, builder: str
) -> None:
    told = [
        *("funding", "Before: a maker", "Now: not checked"),
        *("population", "Before: adults", "Now: adults & others"),
    ]
    out = build(builder).outdir
    found = changes_in_feed(out)
    assert [text for texts in found.values() for text in texts] == told
    page = (out / ("other.html" if builder == "html" else "other/index.html")).read_text("utf-8")
    lines = BeautifulSoup(page, "html.parser").select("ul.changes > li li")
    assert [line.text for line in lines] == [
        f"{name}: before “{before[8:]}”, now “{now[5:]}”"
        for name, before, now in zip(told[::3], told[1::3], told[2::3], strict=True)
    ]
    if builder == "html":
        # What a later edition changes comes before it, and the entries of readers stay as they were.
        kept = close_edition(edited, build)
        assert [change.what for change in kept.changes] == ["Changed"] * 2
        assert changes_in_feed(build().outdir) == found
        edit(edited / "index.md", "adults & others", "adults")
        assert {*found} < {*changes_in_feed(build().outdir)}


def test_a_record_that_is_gone_is_told_and_one_that_was_compared_is_told_once(
    edited: Path, build: Build
) -> None:
    path = edited / "edition.json"
    kept = json.loads(path.read_text("utf-8"))
    gone = {**kept["papers"][0], "key": "gone1990", "label": "Gone 1990"}
    for paper in kept["papers"]:
        paper["reviewed"] = "2001-01-01"
    kept["papers"].append(gone)
    path.write_text(json.dumps(kept), "utf-8")
    entries = feedparser.parse((build().outdir / "feed.xml").read_bytes()).entries
    titles = [entry.title for entry in entries]
    assert titles.count("Removed: Gone 1990") == 1
    changed = {change["label"] for change in kept["papers"]} - {"Gone 1990"}
    assert 0 < sum(title.startswith("Changed: ") for title in titles) <= len(changed)
    texts = changes_in_feed(build().outdir).values()
    assert all({*fields[::3]} != {"reviewed"} for fields in texts)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "cannot be read"),
        *(
            (text, "is not as make edition writes it")
            for text in ("", "{", "[]", '{"papers": 1}', "[" * 9999, '{"papers": [{"key": 1}]}')
        ),
    ],
)
def test_an_edition_that_cannot_be_read_is_told_in_one_line(
    edited: Path, build: Build, content: str | None, expected: str
) -> None:
    path = edited / "edition.json"
    path.unlink()
    if content is not None:
        path.write_text(content)
    app = build(warningiserror=False)
    assert "Traceback" not in app.warning.getvalue()
    assert f"edition.json:1: WARNING: {expected}" in app.warning.getvalue()
    assert changes_in_feed(app.outdir) == {}


def test_the_edition_that_is_kept_has_the_papers_of_this_site() -> None:
    kept = history.read_history(ROOT / "edition.json")
    assert kept.as_json() == (ROOT / "edition.json").read_text("utf-8")
    assert kept.papers
    assert all("address" not in paper for paper in kept.papers)


def test_the_command_keeps_an_edition_and_says_in_a_line_why_it_cannot(
    edited: Path, build: Build, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def says(code: int) -> str:
        assert edition.main() == code
        out, err = capsys.readouterr()
        (line,) = (out + err).splitlines()
        return str(line)

    monkeypatch.chdir(edited)
    edition.BUILT.unlink()
    assert "evidence.json is missing" in says(1)
    assert build().outdir == Path.cwd() / edition.BUILT.parent
    assert "papers that changed: 2" in says(0)
    before = Path("edition.json").read_bytes()
    assert "papers that changed: 0" in says(0)
    assert Path("edition.json").read_bytes() == before
    Path("edition.json").write_text("{")
    assert says(1).startswith("edition.json: is not as make edition writes it")
    assert Path("edition.json").read_text() == "{"
    edit(edited / "conf.py", 'evidence_edition = "edition.json"', "")
    assert says(1).startswith("conf.py: evidence_edition names no file")
