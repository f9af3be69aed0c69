"""The words of the pages: careful, readable, and true to what was read.

No program can tell whether a summary is fair: these tests hold structure, numbers and word choice.
"""

from __future__ import annotations

import datetime as dt
import re
import warnings
from typing import TYPE_CHECKING

import pytest
import textstat
from bs4 import BeautifulSoup
from myst_parser.config.main import read_topmatter

from conftest import ROOT
from helpers import PAGES, RECORDS, VOCABULARY, words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Built = Callable[..., Path]

TEMPLATES = {path.name: path.read_text("utf-8") for path in sorted(ROOT.glob("_templates/*.html"))}
CITATIONS, SAFETY = PAGES["citations.md"], PAGES["safety.md"]

# -- Words -----------------------------------------------------------------------------------------
#: Behind words that may be quoted: an even number of quotation marks follows, so they are not.
UNQUOTED = r'(?=(?:[^"\n]*"[^"\n]*")*[^"\n]*$)'
#: Before words: the rest of a sentence that names no product and no other group of medicines.
NAMED = "suboxone|subutex|zubsolv|sublocade|brixadi|benzodiazepine|fentanyl"
UNNAMED = rf"(?:^|(?<=[.!?] ))(?![^.!?\n]*(?:{NAMED}))[^.!?\n]*"
#: What to say instead, by what hurts or misleads.
INSTEAD = {
    r"\bcommit(s|ted|ting)?\s+suicide": "died by suicide",
    r"\b((un)?successful|failed|completed)\s+(suicides?|(suicide\s+)?attempts?)\b": "suicide attempt",
    r"\b(cutters?|self-(injur|harm)ers?)\b": "people who self-injure",
    r"\b(addicts?|junk(ies?|y))\b": "people with opioid use disorder",
    r"\b(opioid|drug|substance|alcohol)\s+abus(e|ers?)\b" + UNQUOTED: "misuse, use disorder",
    r"\b(maladaptive|attention[- ]seeking)\b": "what the person does, and in which distress",
    r"\bsuffer(s|ed|ing)?\s+from\b": "have, live with",
    r"\btrigger\s+warning": "content note",
    r"\b((stay|get|got)(s|ed|ting|ing)?|been)\s+clean\b": "no longer use",
    r"\b(clean|dirty)\s+(urine|(drug\s+)?(test|screen))": "a negative or positive test",
    UNNAMED + r"\bboxed\s+warning": "whose: not every product with buprenorphine has one",
    r"\bwaiver\b[^.!?\n]*\b2023|\b2023[^.!?\n]*\bwaiver\b": "the waiver ended in December 2022",
    r"\bstrongest\s+available\s+signal": "one small trial",
    r"\bdemonstrat(es?|ed|ing)\b" + UNQUOTED: "reports, found",
    r"\brapid(ly)?\b" + UNQUOTED: "after how long",
}
BAD = """\
He committed suicide / After a failed suicide attempt / An unsuccessful attempt / A completed suicide
For cutters / Most self-injurers / A self-harmer / An addict / Two junkies / Opioid abusers
It is maladaptive / Attention seeking / She suffers from it / Trigger warning: pain / He stayed clean
Dirty urine / Suboxone is a film. It has a boxed warning / The X-waiver ended in 2023 / A rapid effect
It is the strongest available signal / The paper demonstrates relief, "a lot"
"""
GOOD = """\
She died by suicide after an attempt; self-cutting, addiction, a junction, sensation seeking.
The abstract says "without substance abuse". A word such as "demonstrates" or "a rapid effect".
It comes from pain; loss as a trigger. Rinse with clean water.
The Zubsolv label has no boxed warning. The waiver ended in December 2022 {cite:p}`caa2023`.
"""


def hurtful(name: str, text: str) -> list[str]:
    """Return each use of words that hurt in *text*."""
    return [
        f"{name}:{len(text[: found.end()].splitlines())}: {found[0]}: say instead {instead}"
        for pattern, instead in INSTEAD.items()
        for found in re.finditer("(?im)" + pattern, text)
    ]


@pytest.mark.parametrize("text", re.split(r" / |\n", BAD.strip()))
def test_words_that_hurt_are_found(text: str) -> None:
    assert len(hurtful("page.md", text)) == 1


def test_each_rule_on_words_finds_some_and_spares_others() -> None:
    assert [pattern for pattern in INSTEAD if not re.search("(?im)" + pattern, BAD)] == []
    assert hurtful("page.md", GOOD) == []
    text = "# A\n\nOn substance abuse.\n"
    assert hurtful("a.md", text) == ["a.md:3: substance abuse: say instead misuse, use disorder"]


@pytest.mark.parametrize(("name", "text"), [*PAGES.items(), *TEMPLATES.items()])
def test_no_page_uses_words_that_hurt(name: str, text: str) -> None:
    assert hurtful(name, text) == []


def leads_to_help(text: str) -> bool:
    """Return whether *text* speaks of no self-injury and no suicide, or first links to help."""
    top = re.split(r"(?m)^## ", text)[0]
    subject = re.search(r"(?i)self-(injur|harm|cut)|suicid", text)
    return not subject or bool(re.search(r"\]\((safety\.md)?#(crisis-help|help-now)\)", top))


def test_help_counts_only_before_the_first_section() -> None:
    assert leads_to_help("# Pain\n\n## Dose\n")
    assert leads_to_help("# Suicide\n\n[Help](safety.md#crisis-help)\n\n## Trials\n")
    assert not leads_to_help("# Pain\n\n## Suicide\n\n[Help](safety.md#crisis-help)\n")
    assert not leads_to_help("# Self-injury\n\nSee [safety](safety.md).\n")


@pytest.mark.parametrize("name", PAGES)
def test_each_page_on_self_injury_or_suicide_leads_to_help(name: str) -> None:
    assert leads_to_help(PAGES[name])


def test_sections_of_papers_on_suicidality_lead_to_help_before_their_first_paper() -> None:
    sections = [part for part in re.split(r"(?m)^## ", CITATIONS) if "\n```{study} " in part]
    on_suicidality = [part for part in sections if re.match("(?i).*suicid", part)]
    assert on_suicidality
    for section in on_suicidality:
        assert "(safety.md#crisis-help)" in section.split("\n```{study} ")[0]


# -- Reading level ---------------------------------------------------------------------------------
#: What is not prose of the page: citations, titles, numbers to call, what the theme adds.
NOT_PROSE = (
    ".bibtex-citation, .medication-safety, .headerlink, .toctree-wrapper, thead, script, "
    "a[href^='tel:'], a[href*='citations.html#']"
)


def sentences(html: str, part: str = "#furo-main-content", without: str = NOT_PROSE) -> list[str]:
    """Return the blocks of *part* of a page, each ended like a sentence."""
    root = BeautifulSoup(html, "html.parser").select_one(part)
    assert root, f"the page has no {part}"
    for element in root.select(without):
        element.decompose()
    blocks = root.select("h1, h2, h3, caption, p, :is(li, td, dt, dd):not(:has(p))")
    texts = [words(block.get_text()).rstrip(" :;,") for block in blocks]
    return [re.sub(r"(?<![.!?])$", ".", text) for text in texts if re.search(r"\w", text)]


def grade(texts: list[str]) -> float:
    """Return the school grade (Flesch-Kincaid) that is enough to read *texts*."""
    # The point in "2.92" ends no sentence.
    return float(textstat.flesch_kincaid_grade(re.sub(r"(?<=\d)\.(?=\d)", "", "\n".join(texts))))


def hardest(texts: list[str]) -> list[str]:
    """Return those of *texts* that do most to make the grade high."""
    return sorted(texts, key=lambda text: grade([text]) * len(text))[-3:]


def test_the_grade_tells_an_easy_text_from_a_hard_one() -> None:
    assert grade(["Ask your doctor first.", "Do not mix it with beer.", "Call for help."]) < 4
    assert grade(["Concomitant administration of sedatives necessitates particular caution."]) > 12
    assert grade(["The odds fell by 2.92 and 1.78."]) == grade(["The odds fell by 292 and 178."])


def test_only_prose_is_graded() -> None:
    html = """<nav>Menu</nav><article id="furo-main-content"><h1>Help<a class="headerlink">#</a></h1>
      <div class="medication-safety"><p>Warning</p></div><ul><li><p>Call <a href="tel:911">911</a>
      <span class="bibtex-citation">(ASAM 2025)</span></p></li></ul>
      <table><thead><tr><th>Head</th></tr></thead><tbody><tr><td>Is it?</td></tr></tbody></table>
      <p><a href="citations.html#key">Title of a paper</a></p></article>"""
    assert sentences(html) == ["Help.", "Call.", "Is it?"]


@pytest.mark.parametrize("page", ["index", "safety"])
def test_the_pages_for_patients_are_easy_to_read(page: str, built: Built) -> None:
    texts = sentences((built("html") / f"{page}.html").read_text("utf-8"))
    assert len(texts) > 20
    assert grade(texts) <= 8, f"{page}.md; begin with {hardest(texts)}"


def test_the_notice_is_short_and_easy_and_names_no_quantity(built: Built) -> None:
    html = (built("html") / "index.html").read_text("utf-8")
    texts = sentences(html, "div.medication-safety", ".admonition-title")
    assert len(BeautifulSoup(html, "html.parser").select(".medication-safety a")) == 1
    assert not re.search(r"\d", " ".join(texts))
    assert len(" ".join(texts).split()) <= 75
    assert grade(texts) <= 8


# -- Review ----------------------------------------------------------------------------------------


def review_problems(last: str, due: str, today: dt.date) -> list[str]:
    """Return what is wrong with the dates of a review, as seen on *today*."""
    try:
        reviewed, next_due = map(dt.date.fromisoformat, (last, due))
    except ValueError:
        return [f"malformed: {last}, {due}"]
    early = ["reviewed in the future"] if reviewed > today else []
    return early + (["due before reviewed"] if next_due <= reviewed else [])


def warn_if_overdue(due: str, today: dt.date) -> None:
    """Warn, and do not fail: an overdue review must not stop a correction."""
    if dt.date.fromisoformat(due) < today:
        warnings.warn(f"safety.md: the review was due on {due}", UserWarning, stacklevel=2)


DATES = (read_topmatter(SAFETY) or {}).get("myst", {}).get("substitutions", {})
LAST, DUE = (str(DATES.get(name)) for name in ("last_reviewed", "next_review_due"))
#: Where the day is furthest ahead: a review by someone there is not in the future.
TODAY = dt.datetime.now(dt.timezone(dt.timedelta(hours=14))).date()
SOME_DAY = dt.date(2026, 6, 1)


@pytest.mark.parametrize(
    ("last", "due", "problems"),
    [
        ("2026-06-01", "2026-12-01", []),
        ("2020-01-01", "2020-07-01", []),  # overdue, which is no mistake in the dates
        ("1 June 2026", "2026-12-01", ["malformed: 1 June 2026, 2026-12-01"]),
        ("2026-06-01", "None", ["malformed: 2026-06-01, None"]),
        ("2026-06-02", "2026-12-01", ["reviewed in the future"]),
        ("2026-06-01", "2026-05-01", ["due before reviewed"]),
    ],
)
def test_wrong_dates_of_a_review_are_found(last: str, due: str, problems: list[str]) -> None:
    assert review_problems(last, due, SOME_DAY) == problems


def test_an_overdue_review_is_a_warning() -> None:
    with pytest.warns(UserWarning, match=r"safety\.md: the review was due on 2026-05-31"):
        warn_if_overdue("2026-05-31", SOME_DAY)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_overdue("2026-06-01", SOME_DAY)


def test_the_safety_page_was_reviewed_and_the_next_review_is_planned() -> None:
    assert review_problems(LAST, DUE, TODAY) == []
    warn_if_overdue(DUE, TODAY)


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("safety", f"Last reviewed: {LAST}.* Next review due: {DUE}.* Not reviewed by a clinician"),
        ("index", "No (doctor|clinician)[^.]* reviewed"),
        ("methods", "No (doctor|clinician)[^.]* reviewed"),
    ],
)
def test_readers_see_that_no_clinician_reviewed_it(page: str, said: str, built: Built) -> None:
    texts = sentences((built("html") / f"{page}.html").read_text("utf-8"))
    assert re.search(said, " ".join(texts))


# -- Papers ----------------------------------------------------------------------------------------
def definitions(body: str) -> dict[str, str]:
    """Return the terms of a definition list with their text."""
    found = re.findall(r"(?m)^(\S.*)\n: ((?:.+\n)+)", body)
    return {term: words(text) for term, text in found}


def test_the_page_of_papers_leads_back() -> None:
    top = CITATIONS.split("\n## ")[0]
    assert re.search(r"(?m)^\[Back [^\]]*\]\(index\.md\)$", top)


@pytest.mark.parametrize("key", RECORDS)
def test_each_paper_says_what_was_found_before_what_it_does_not_show(key: str) -> None:
    terms = list(definitions("\n".join(RECORDS[key].body) + "\n"))
    assert [term for term in terms if term in VOCABULARY.terms] == VOCABULARY.terms


def test_each_dose_is_called_a_fact_and_not_a_guide(built: Built) -> None:
    page = BeautifulSoup((built("html") / "citations.html").read_text("utf-8"), "html.parser")
    doses = [block.text for block in page.select("p, dd:not(:has(p))") if "mg" in block.text]
    assert len(doses) >= sum("mg" in record["dose"] for record in RECORDS.values())
    assert [text for text in doses if "not a dosing guide" not in text] == []


def test_no_page_links_to_a_shadow_library() -> None:
    assert not re.search(r"(?i)annas?-archive|sci-hub\.|libgen\.", "".join(PAGES.values()))
    for line in re.findall(r"(?m)^.*Anna's Archive.*$", "".join(PAGES.values())):
        assert not re.search(r"\]\(|\]\[|<|://|www\.", line)


# -- Safety page -----------------------------------------------------------------------------------


def uncited(text: str) -> list[str]:
    """Return the first line of each list item and table row without a source.

    Head rows need none, and neither does the table of what goes stale: it is a plan, not a fact.
    """
    text = re.sub(r"(?m)^```\{list-table\} What goes stale(.*\n)*?```$", "", text)
    text = re.sub(r"(?m)^(```\{list-table\}.*\n(:.*\n)*\n)\* - .*\n( .*\n)*", r"\1", text)
    items = re.findall(r"(?m)^(?:[*-] |\d+\. ).*(?:\n +\S.*)*", text)
    return [item.splitlines()[0] for item in items if "{cite:p}`" not in item]


def test_items_and_rows_without_a_source_are_found() -> None:
    head = "```{list-table} Help\n:header-rows: 1\n\n* - Where\n  - Number\n"
    assert uncited("- A fact\n  goes on {cite:p}`key`.\n1. Call {cite:p}`key`.\n") == []
    assert uncited("- A fact.\n- Another {cite:p}`key`.\n2. Call.\n") == ["- A fact.", "2. Call."]
    assert uncited(head + "* - Here\n  - 1 {cite:p}`key`\n* - There\n  - 2\n```\n") == ["* - There"]
    assert uncited("```{list-table} What goes stale\n\n* - Labels\n```\n- Cold.\n") == ["- Cold."]


def test_each_fact_on_the_safety_page_has_a_source() -> None:
    assert "{list-table}" in SAFETY
    assert uncited(SAFETY) == []


def test_the_safety_page_has_its_sections_in_their_order() -> None:
    assert re.findall(r"(?m)^(?:\((.+)\)=\n)?## ", SAFETY) == [
        *("emergency", "crisis-help", "what-this-site-is", "do-not-combine", "opioid-naive"),
        *("naloxone", "starting-and-stopping", "other-warnings", "children-and-storage"),
        *("approval-and-law", "report-and-review"),
    ]


def test_the_safety_page_names_no_dose() -> None:
    assert not re.search(r"(?i)(\b|\d)(mg|mcg|µg)\b|microgram|milligram", SAFETY)


def test_the_numbers_to_call_can_be_called(built: Built) -> None:
    html = (built("html") / "safety.html").read_text("utf-8")
    assert 'href="#tel:' not in html, "conf.py: myst_url_schemes lacks tel"
    page = BeautifulSoup(html, "html.parser")
    cells = page.select("#emergency td:nth-child(2), #crisis-help td:nth-child(2)")
    assert [cell.text for cell in cells if re.search(r"\d", cell.text) and not cell.a] == []
    links = {str(link["href"]) for cell in cells for link in cell.select("a")}
    numbers = ("911", "999", "112", "988", "116123", "+18002221222")
    assert links >= {f"tel:{number}" for number in numbers}


# -- Glossary --------------------------------------------------------------------------------------


def glossary(text: str) -> dict[str, tuple[list[str], list[str]]]:
    """Return the other terms and the sentences of each entry, by its first term."""
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text.partition("{glossary}\n:sorted:\n\n")[2])
    entries = [entry.split("\n  ") for entry in text.removesuffix("\n```\n").split("\n\n")]
    return {
        first: (others, sentences)
        for terms, *sentences in entries
        for first, *others in [terms.split("\n")]
    }


GLOSSARY = glossary(PAGES["glossary.md"])
#: What has to be there, whatever the pages say today.
NEEDED = (
    "opioid receptor, mu receptor, kappa receptor, partial agonist, antagonist, endogenous, NSSI"
)
NEEDED += ", BPD, PET, binding potential, methylation, open-label, randomised, placebo, tolerance"
NEEDED += ", confidence interval, effect size, off-label, opioid-naive, withdrawal, naloxone"


def test_the_entries_of_a_glossary_are_found() -> None:
    text = (
        "# A\n\n```{glossary}\n:sorted:\n\nPET\nscan\n  A [scan](a.md).\n  Yes.\n\nb\n  B.\n```\n"
    )
    assert glossary(text) == {"PET": (["scan"], ["A scan.", "Yes."]), "b": ([], ["B."])}


def test_the_glossary_has_the_terms_that_readers_need() -> None:
    assert set(NEEDED.split(", ")) - GLOSSARY.keys() == set()


@pytest.mark.parametrize(
    ("term", "others", "texts"), [(t, *found) for t, found in GLOSSARY.items()]
)
def test_each_entry_is_short_and_easy_to_read(
    term: str, others: list[str], texts: list[str]
) -> None:
    assert 1 <= len(texts) <= 3
    assert all(re.fullmatch(r"[A-Z][^.!?]*\.", text) for text in texts), "one sentence on each line"
    assert len(texts[0].split()) <= 25, "the first sentence is the preview"
    assert not re.search(r"\d", " ".join(texts))
    assert grade([f"{', '.join([term, *others])}.", *texts]) <= 9
    assert grade(texts) <= 9
    assert grade(texts[:1]) <= 9


def test_the_glossary_keeps_self_injury_apart_from_suicide_and_names_help() -> None:
    _, texts = GLOSSARY["NSSI"]
    assert any("not the same as a suicide attempt" in text for text in texts)
    assert "and there is [help](safety.md#crisis-help)" in PAGES["glossary.md"]


# -- Methods, and every page -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "subject",
    [
        *("chosen", "left out", "checked", "corrections"),
        *("disclosure", "privacy", "licence", "report a mistake"),
    ],
)
def test_the_methods_page_tells_what_readers_need_to_judge_the_site(subject: str) -> None:
    assert re.search(rf"(?im)^## .*\b{subject}\b", PAGES["methods.md"])


def markup_problems(text: str) -> list[str]:
    """Return where *text* leaves the house rules: no raw HTML, ATX headings, one title."""
    text = re.sub(r"(?m)(\A|^```\{.*\n)---\n(.*\n)*?---\n", r"\1", text)  # settings in YAML
    html = re.findall(r"<(?!\w+:|[^<>\s]+@)[/!]?[a-zA-Z-][^<>]*>", text)  # not <https://...>
    setext = re.findall(r"(?m)^\S.*\n(?:=+|-+) *$", text)
    titles = len(re.findall(r"(?m)^# .", text))
    return html + setext + [f"{titles} titles"] * (titles != 1)


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("---\nmyst: 1\n---\n# Title\n", "# Title\n\nTitle\n=====\n"),
        ("# Title\n\n## Part\n\n---\n", "# Title\n\nPart\n----\n"),
        ("# Title\n\n### Deep\n", "# Title\n\n# Second\n"),
        ("# Title\n\nText\n", "Text\n"),
        ("# Title\n\n```{name} Text\n---\na: 1\n---\n```\n", "# Title\n\nText\n---\na: 1\n"),
        ("# Title\n\n<https://example.org>\n", "# Title\n\nOne<br>two\n"),
        ("# Title\n\n1 < 2 > 1\n", '# Title\n\n<a href="https://example.org">y</a>\n'),
    ],
)
def test_markup_problems_are_found(good: str, bad: str) -> None:
    assert markup_problems(good) == []
    assert markup_problems(bad) != []


@pytest.mark.parametrize("name", PAGES)
def test_the_markdown_follows_the_house_rules(name: str) -> None:
    assert markup_problems(PAGES[name]) == []
