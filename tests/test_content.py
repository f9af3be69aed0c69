"""The rules of `make check` on the pages: what each finds, and what it leaves alone.

No rule is tried on today's text of a page: `make check` does that, and its result is a test.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest

from check import check_folder, main
from conftest import ROOT, run, sphinx_build
from content import INSTEAD, content_findings, grade
from helpers import CHANGES, VOCABULARY
from markup import Source, markup_findings
from pages import read_page

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
HELP = "[Help](safety.md#crisis-help)"
NOTICE = "```{medication-safety}\nIt can stop your breath. See [safety](safety.md).\n```"
DESCRIBED = (
    "---\nmyst:\n  html_meta:\n    description: A page of an invented site, for the tests of the rules."
    "\n---\n\n"
)
#: A small site that is right.
SITE = {
    "index.md": (
        "---\nmyst:\n  html_meta:\n    description: A site.\n---\n\n# Start\n\n"
        "No clinician has reviewed it. Call [988](tel:988) now.\n\n"
        "```{toctree}\ncitations\nsafety\nglossary\nmethods\n```\n"
    ),
    "safety.md": (
        f"# Safety\n\n{NOTICE}\n\n(emergency)=\n## Now\n\nCall [911](tel:911).\n\n"
        "(crisis-help)=\n## Help\n\n- Call us {cite:p}`key`.\n\n"
        "```{list-table} Lines\n:header-rows: 1\n\n* - Where\n  - Number\n* - Here {cite:p}`key`\n"
        "  - [1 23](tel:123456)\n```\n\nLast reviewed: 2026-01-01.\nNext review due: 2099-07-01.\n"
        "Not reviewed by a clinician.\n"
    ).replace("[1 23](tel:123456)", "[123 456](tel:123456)"),
    "citations.md": (
        f"# Papers\n\n[Back](index.md)\n\n{HELP}\n\n## Trials in suicidality\n\n{HELP}\n\n"
        "```{study} key\n:dose: 2 mg\n\nWhat was found\n: It fell.\n```\n\n"
        "They took 2 mg (a reported fact, not a dosing guide).\n\n"
        "| a | b |\n| - | - |\n| 1 | 2 |\n\n## Full text\n\nWords.\n\n"
        "(in-short)=\n## In short\n\nIt fell.\n"
    ),
    "glossary.md": "# Words\n\n```{glossary}\n:sorted:\n\npain\nache\n  It hurts.\n  It ends.\n```\n",
    "methods.md": (
        "# Methods\n\nNo clinician has reviewed it.\n\n"
        + "".join(
            f"## {words}\n\nYes.\n\n"
            for words in (
                *("How papers were chosen", "What was left out", "What was checked"),
                *("Corrections", "Disclosure", "Privacy", "Licence", "Report a mistake"),
            )
        )
    ),
}


class Case(NamedTuple):
    """A change that makes the small site wrong, and what is found."""

    kind: str
    page: str
    old: str
    new: str
    line: int


WRONG = [
    Case("title", "index.md", "# Start", "Start", 1),
    Case("heading", "safety.md", "## Now", "### Now", 8),
    Case("heading", "safety.md", "## Now", "# Now", 8),
    Case("heading", "methods.md", "## Privacy", "Privacy\n-------", 25),
    Case("directive", "safety.md", "{list-table}", "{list-tabel}", 17),
    Case("role", "safety.md", "{cite:p}`key`.", "{cit:p}`key`. {cite:p}`key`", 15),
    Case("fence", "index.md", "methods\n```", "methods\n", 11),
    Case("fence", "index.md", "```{toctree}", "```{note}\nWords.\n\n```{toctree}", 11),
    Case("option", "safety.md", ":header-rows:", ":header-row:", 18),
    Case("option", "glossary.md", ":sorted:", ":sort:", 4),
    Case("glossary", "glossary.md", "  It hurts.", "  It hurts.\n\npain\n  It hurts.", 10),
    Case("mark", "methods.md", "Yes.", "**Yes.", 7),
    Case("link", "methods.md", "Yes.", "[Yes][no].", 7),
    Case("footnote", "methods.md", "Yes.", "Yes[^1].", 7),
    Case("picture", "methods.md", "Yes.", "![a](gone.png)", 7),
    Case("role", "methods.md", "Yes.", "{term}`gone`", 7),
    Case("role", "methods.md", "Yes.", "{doc}`gone`", 7),
    Case("role", "methods.md", "Yes.", "{ref}`gone`", 7),
    Case("role", "methods.md", "Yes.", "{cite:x}`key`", 7),
    Case("role", "methods.md", "Yes.", "[@key]", 7),
    Case("directive", "methods.md", "Yes.", "```{evidence} harm\n```", 7),
    Case("notice", "safety.md", "your breath", "{studies}`a|b: medicine: c`", 3),
    Case("role", "methods.md", "Yes.", "{cite:p}``", 7),
    Case("table", "citations.md", "| 1 | 2 |", "| 1 |", 22),
    Case("table", "citations.md", "| - | - |", "| - |", 21),
    Case("table", "safety.md", "* - Where\n  - Number\n", "* - Where\n", 21),
    Case("table", "safety.md", "  - Number\n", " - Number\n", 21),
    Case("mojibake", "index.md", "Call [988]", "MÃ¼ller [988]", 9),
    Case("invisible-character", "index.md", "Call [988]", "Call\u202e [988]", 9),
    Case("target", "safety.md", "(crisis-help)=", "(emergency)=\n\n(crisis-help)=", 12),
    Case("link", "citations.md", "(index.md)", "(home.md)", 3),
    Case("link", "citations.md", "safety.md#crisis-help", "safety.md#crisis", 5),
    Case("toctree", "index.md", "glossary\n", "glosary\n", 14),
    Case("toctree", "index.md", "glossary\n", "", 1),
    Case("words", "methods.md", "Yes.", "He committed suicide.", 7),
    Case("number", "index.md", "[988](tel:988)", "[998](tel:998)", 9),
    Case("number", "index.md", "[988](tel:988)", "[988](tel:911)", 9),
    Case("help", "methods.md", "No clinician has", "On self-harm. No clinician has", 3),
    Case(
        "help", "citations.md", f"## Trials in suicidality\n\n{HELP}", "## Trials in suicidality", 7
    ),
    Case("dose", "citations.md", " (a reported fact, not a dosing guide)", "", 18),
    Case("dose", "safety.md", "Call us", "Take 2 mg", 15),
    Case("link", "methods.md", "Yes.", "[a](https://sci-hub.se/x)", 7),
    Case("record", "citations.md", "## Trials in suicidality", "## Full text", 11),
    Case("record", "glossary.md", "# Words\n", "# Words\n\n## More\n\n```{study} a\n```\n", 5),
    Case("notice", "safety.md", "your breath", "your breath in 5 minutes", 3),
    Case("notice", "safety.md", "It can stop", "It can stop" + " and stop" * 70, 3),
    Case("grade", "index.md", "Call [988]", "Concomitant administration necessitates caution", 1),
    Case("review", "methods.md", "No clinician has reviewed it.", "", 1),
    Case("review", "safety.md", "2026-01-01", "1 January", 26),
    Case("review", "safety.md", "2099-07-01", "2025-07-01", 27),
    Case("safety", "safety.md", "(emergency)=\n", "", 7),
    Case("source", "safety.md", " {cite:p}`key`.", ".", 15),
    Case("source", "safety.md", "Here {cite:p}`key`", "Here", 22),
    Case("link", "citations.md", "[Back](index.md)", "Back", 1),
    Case("glossary", "glossary.md", "It hurts.", "it hurts", 6),
    Case("glossary", "glossary.md", "It hurts.", "It hurts 2 people.", 6),
    Case("glossary", "glossary.md", "It hurts.", "It hurts" + " and so on" * 10 + ".", 6),
    Case("methods", "methods.md", "## Privacy", "## Data", 1),
    Case("summary", "citations.md", "(in-short)=\n", "", 1),
    Case(
        "grade",
        "citations.md",
        "\nIt fell.",
        "\nConcomitant administration necessitates caution",
        28,
    ),
    Case("grade", "citations.md", ": It fell", ": Concomitant administration necessitates care", 1),
    Case("record", "citations.md", "\n: It fell", "\n: It" + " fell and rose" * 120, 11),
    Case(
        "grade",
        "methods.md",
        "Yes.",
        "```{questions}\n"
        + "- Does concomitant administration necessitate precaution?\n" * 9
        + "```",
        1,
    ),
    Case("sentence", "methods.md", "Yes.", "And" + " so on" * 13 + ".", 7),
    Case("repeated", "methods.md", "Yes.", "No clinician has reviewed this. " * 3, 1),
]


def found(site: dict[str, str], spared: str = "description") -> list[tuple[str, str, int]]:
    """Return what is found in *site*: page, kind and line; but for the kind that is *spared*."""
    sources = {name: Source(name, text, read_page(text)) for name, text in site.items()}
    findings = [*markup_findings(sources, frozenset({"key"})), *content_findings(sources)]
    places = {(finding.file, finding.kind, finding.line) for finding in findings}
    return sorted(place for place in places if place[1] != spared)


def test_a_right_site_has_no_finding() -> None:
    assert found(SITE) == []


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.kind}-{case.new[:20]!r}")
def test_a_fault_is_found_at_its_line(case: Case) -> None:
    assert case.old in SITE[case.page]
    site = SITE | {case.page: SITE[case.page].replace(case.old, case.new, 1)}
    file = "glossary.md" if (case.kind, case.line) == ("toctree", 1) else case.page
    assert (file, case.kind, case.line) in found(site)


def test_a_page_describes_itself() -> None:
    site = {name: text if name == "index.md" else DESCRIBED + text for name, text in SITE.items()}
    assert found(site, "") == [("index.md", "description", 1)]


@pytest.mark.parametrize("page", sorted(SITE.keys() - {"glossary.md"}))
def test_a_page_that_is_gone_is_named(page: str) -> None:
    assert (page, "page", 1) in found({name: SITE[name] for name in SITE if name != page})


@pytest.mark.parametrize("text", re.split(r" / |\n", BAD.strip()))
def test_words_that_hurt_are_found(text: str) -> None:
    site = SITE | {"methods.md": SITE["methods.md"].replace("Yes.", text, 1)}
    assert ("methods.md", "words", 7) in found(site)


def test_each_rule_on_words_finds_some_and_spares_others() -> None:
    assert [pattern for pattern in INSTEAD if not re.search("(?im)" + pattern, BAD)] == []
    assert [pattern for pattern in INSTEAD if re.search("(?im)" + pattern, GOOD)] == []


def test_the_grade_tells_an_easy_text_from_a_hard_one() -> None:
    assert grade(["Ask your doctor first.", "Do not mix it with beer.", "Call for help."]) < 4
    assert grade(["Concomitant administration of sedatives necessitates particular caution."]) > 12
    assert grade(["The odds fell by 2.92 and 1.78."]) == grade(["The odds fell by 292 and 178."])


def test_the_site_is_right() -> None:
    assert [str(finding) for finding in check_folder(ROOT).findings] == []


# -- A maintainer's week: what is done right passes, and what is done wrong is told ----------------


@pytest.fixture
def copy(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the pages and settings of the real site, the current folder."""
    for path in [*checkout.glob("[a-z]*.md"), checkout / "references.bib", checkout / "conf.py"]:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_page_is_added_renamed_and_taken_away(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index = copy / "index.md"
    (copy / "a-new-page.md").write_text(DESCRIBED + "# News\n\nA page with one heading.\n")
    assert main([]) == 1
    assert "a-new-page.md:1: no table of contents has this page" in capsys.readouterr().out
    index.write_text(index.read_text().replace("\nsafety\n", "\nsafety\na-new-page\n"))
    assert main([]) == 0
    (copy / "a-new-page.md").rename(copy / "a-newer-page.md")
    assert main([]) == 1
    assert re.search(r"index\.md:\d+: no page is called a-new-page", capsys.readouterr().out)
    index.write_text(index.read_text().replace("\na-new-page\n", "\na-newer-page\n"))
    assert main([]) == 0


def test_a_paper_is_retracted_and_corrected(copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = copy / "citations.md"
    text = page.read_text()
    page.write_text(text.replace("\n:read:", "\n:status: retracted\n:read:", 1))
    assert main([]) == 1
    printed = capsys.readouterr().out
    assert "say in the option acknowledged" in printed
    assert "the option status-source is missing" in printed


def test_a_help_line_is_taken_out_and_the_site_renamed(copy: Path) -> None:
    safety = copy / "safety.md"
    text = safety.read_text()
    row = re.search(r"(?m)^\* - Ireland\n(?:  - .*\n)+", text)
    safety.write_text(text.replace(row[0], "", 1) if row else text)
    settings = copy / "conf.py"
    settings.write_text(settings.read_text().replace('project = "', 'project = "Another '))
    assert "no page cites" in " ".join(map(str, check_folder(copy).findings)) or not (
        check_folder(copy).findings
    )


def test_one_open_block_and_one_tab_are_one_line_each(
    copy: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = copy / "citations.md"
    text = page.read_text()
    page.write_text(text.replace("\n:design:", "\n\t:design:", 1))
    assert main([]) == 1
    (line, _) = capsys.readouterr().out.splitlines()
    assert "white space before :design:" in line
    begin = text.rindex("```{study}")
    end = text.index("\n```\n", begin)
    page.write_text(text[:end] + text[end + 4 :])
    assert main([]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "not closed" in lines[0]
    assert len(lines) <= 3  # what is behind it may be a fault of its own


def test_the_command_is_quick_and_starts_no_sphinx() -> None:
    done = run("make", "check", "-o", ".venv/installed.txt", MAKEFLAGS="", MAKELEVEL="")
    assert done.returncode == 0
    code = "import sys, check; sys.exit('sphinx' in sys.modules)"
    command = (ROOT / ".venv/bin/python", "-c", code)
    assert run(*command, PYTHONPATH=f"{ROOT / '_ext'}:{ROOT / 'tools'}").returncode == 0


RECORD = """\
## A new theme

```{study} new2020trial
:plain-title: A trial that was invented for a test
:design: DESIGN
:people: 20 on the medicine; 21 on placebo
:population: adults
:conditions: CONDITION
:medicine: MEDICINE
:dose: 2 mg a day
:comparator: COMPARATOR
:direction: DIRECTION
:harms: not read
:read: abstract
:added: 2026-01-01
:reviewed: 2026-01-01

What was found
: Scores fell in both groups.

What this does not show
: It does not show what happens later.
```

"""
ENTRY = """
@article{new2020trial,
  author = {Doe, Jane and Roe, Richard},
  title = {A Trial for a Test},
  journal = {Journal of Studies},
  year = {2020},
  keywords = {annotated},
  unverified = {doi: not seen; pmid: not seen},
}
"""


def test_a_week_of_ordinary_work_passes_the_check_and_builds(
    checkout: Path, tmp_path: Path
) -> None:
    site = shutil.copytree(
        checkout,
        tmp_path / "site",
        ignore=shutil.ignore_patterns("_build", "_readthedocs", "_*.log"),
    )
    first = {
        "DESIGN": VOCABULARY.randomised[0],
        "CONDITION": VOCABULARY.conditions[0],
        "DIRECTION": next(iter(VOCABULARY.directions)),
        "MEDICINE": VOCABULARY.medicines[0],
        "COMPARATOR": VOCABULARY.comparators[0],
    }
    record = re.sub("|".join(first), lambda found: first[found[0]], RECORD)
    papers, index = site / "citations.md", site / "index.md"
    text = papers.read_text("utf-8")
    # A paper in a section of its own, and one that is retracted.
    place = text.index("\n## ") + 1
    begin = text.index(":read:", text.index("```{study}"))
    retracted = (
        ":status: retracted\n:status-source: the publisher\n:acknowledged: it stays as a warning\n"
    )
    papers.write_text(text[:place] + record + text[place:begin] + retracted + text[begin:], "utf-8")
    with (site / "references.bib").open("a", encoding="utf-8") as bib:
        bib.write(ENTRY)
    # A page that is added, one that is renamed, and another title of the site.
    (site / "a-new-page.md").write_text(DESCRIBED + "# News\n\nA page with one heading.\n", "utf-8")
    (site / f"{CHANGES}.md").rename(site / "renamed.md")
    for page in site.glob("[a-z]*.md"):
        page.write_text(page.read_text("utf-8").replace(f"({CHANGES}.md", "(renamed.md"), "utf-8")
    toctree = index.read_text("utf-8").replace(f"\n{CHANGES}\n", "\nrenamed\na-new-page\n")
    index.write_text(toctree, "utf-8")
    settings = (site / "conf.py").read_text("utf-8")
    (site / "conf.py").write_text(settings.replace('project = "', 'project = "Another '), "utf-8")
    assert [str(finding) for finding in check_folder(site).findings] == []
    assert sphinx_build("-b", "html", "-n", "-W", "--keep-going", site, tmp_path / "out") == (0, "")
