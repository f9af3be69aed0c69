"""A build looks only at the entries that changed, and finds and reads what a full check does."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database.input.bibtex import Parser
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinxcontrib.bibtex.bibfile import parse_bibdata

import bib_check
import bib_integrity
from bib_check import check
from bib_database import StoredEntries
from bib_finding import STRUCTURE
from bib_memory import Memory
from bib_pieces import Pieces
from nlm_style import NLMStyle
from test_bib_fuzz import VALID, fuzz, mutations
from test_bib_rules import GOOD, OTHER

if TYPE_CHECKING:
    from collections.abc import Callable

    from pybtex.database import BibliographyData
    from sphinx.testing.util import SphinxTestApp

    Build = Callable[[], SphinxTestApp]

#: Files in which strings and repetition reach from one entry into another.
ENTANGLED = [
    f'@string{{j = "Journal"}}\n@preamble{{"x" # j}}\n{GOOD}{OTHER}'.replace("{House}", "j"),
    GOOD + OTHER.replace("{House}", "jan") + '@string{jan = "Jänner"}\n' + GOOD.replace("one", "1"),
    GOOD + OTHER.replace("roe2002two", "DOE2001one"),
    f"@comment{{\n{OTHER}}}\n{GOOD}",
    f"@misc{{a, title = {{\n{OTHER}}}}}\n{GOOD}",
]
TEXTS = [*ENTANGLED, GOOD + OTHER]


def content(data: BibliographyData) -> list[object]:
    """Return all that *data* holds, in its order."""
    entries = [
        (key, entry.key, entry.original_type, list(entry.fields.items()), dict(entry.persons))
        for key, entry in data.entries.items()
    ]
    return [entries, data.preamble_list]


def assert_remembered_is_right(folder: Path, texts: tuple[str, ...]) -> None:
    """Check files with these *texts* with what `folder` remembers: the same as without."""
    paths = {f"{number}.bib": folder / f"{number}.bib" for number in range(len(texts))}
    for path, text in zip(paths.values(), texts, strict=True):
        path.write_text(text, newline="")
    full = check(paths, {})
    memory = Memory(folder / "memory", "rules")
    report = check(paths, {}, memory)
    memory.keep(report.clean)
    assert (report.entries, report.findings) == (full.entries, full.findings)
    if STRUCTURE.isdisjoint(finding.kind for finding in full.findings):
        found = bib_integrity.parsed(dict.fromkeys(paths.values(), 0.0), report.read)
        if found:
            parsed = parse_bibdata(list(paths.values()), bib_integrity.ENCODING)
            assert content(found.data) == content(parsed.data)
            keys = [list(file.keys) for file in parsed.bibfiles.values()]
            assert [list(file.keys) for file in found.bibfiles.values()] == keys


@settings(fuzz, max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(TEXTS), mutations(TEXTS)), min_size=2, max_size=4))
def test_after_any_edits_the_findings_and_the_entries_are_those_of_a_full_check(
    states: list[tuple[str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for texts in states:
            assert_remembered_is_right(Path(folder), texts)
            assert_remembered_is_right(Path(folder), texts[::-1])


@pytest.mark.parametrize("text", VALID)
def test_a_valid_file_is_read_as_pybtex_reads_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.bib").write_text(text)
    (read,) = check({"a.bib": tmp_path / "a.bib"}, {}).read
    assert read is not None
    parsed = Parser("utf-8").parse_string(text)
    assert list(read.entries) == list(parsed.entries)
    assert all(read.entries[key].entry == entry for key, entry in parsed.entries.items())


def test_a_string_is_never_stale(tmp_path: Path) -> None:
    uses = OTHER.replace("{House}", "house")
    for publisher in ("One", "Two"):
        (tmp_path / "a.bib").write_text(f"@string{{house = {{{publisher}}}}}\n{uses}")
        memory = Memory(tmp_path / "memory", "rules")
        report = check({"a.bib": tmp_path / "a.bib"}, {}, memory)
        memory.keep(report.clean)
        assert report.entries[0].value("publisher") == publisher
        assert report.read[0] is not None
        assert report.read[0].entries["roe2002two"].entry.fields["publisher"] == publisher


def test_what_was_found_is_found_again(tmp_path: Path) -> None:
    (tmp_path / "a.bib").write_text(GOOD.replace("1--9", "1-9") + OTHER)
    for _ in range(2):
        memory = Memory(tmp_path / "memory", "rules")
        report = check({"a.bib": tmp_path / "a.bib"}, {}, memory)
        memory.keep(report.clean)
        assert [finding.kind for finding in report.findings] == ["pages"]
    assert [entry.key for piece in memory.values() for entry in piece.entries] == ["roe2002two"]


@pytest.mark.parametrize("change", [b"", b"foreign", None, 20, -1])
def test_a_broken_or_foreign_memory_is_empty(tmp_path: Path, change: bytes | int | None) -> None:
    (tmp_path / "a.bib").write_text(GOOD)
    path = tmp_path / "memory"
    Memory(path, "rules").keep(check({"a.bib": tmp_path / "a.bib"}, {}).clean)
    assert len(Memory(path, "rules")) == 2  # what stands before the entry is a piece too
    if change is None:
        assert len(Memory(path, "other rules")) == 0
        return
    path.write_bytes(change if isinstance(change, bytes) else path.read_bytes()[:change])
    assert len(Memory(path, "rules")) == 0


# -- Builds ----------------------------------------------------------------------------------------

PAGES = 4
CONF = """\
extensions = ["references", "bib_integrity"]
bibtex_bibfiles = ["references.bib"]
"""


def entry(number: int) -> str:
    """Return an entry that differs from the others."""
    text = GOOD.replace("doe2001one", f"doe2001n{number}").replace("One Study", f"Study {number}")
    return text.replace("abc.1", f"abc.{number}").replace("Doe, Jane", f"Doe{number}, Jane")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Return a site of some pages that print one reference each."""
    (tmp_path / "conf.py").write_text(CONF)
    names = "\n".join(f"   page{number}" for number in range(PAGES))
    (tmp_path / "index.rst").write_text(f"Index\n=====\n\n.. toctree::\n\n{names}\n")
    for number in range(PAGES):
        key = f"doe2001n{number}"
        text = f"Page {number}\n======\n\n:cite:p:`{key}`\n\n.. reference:: {key}\n"
        (tmp_path / f"page{number}.rst").write_text(text)
    (tmp_path / "references.bib").write_text("".join(map(entry, range(PAGES))))
    return tmp_path


@pytest.fixture
def build(source: Path, make_app: Callable[..., SphinxTestApp]) -> Build:
    """Return a function that builds *source*, once more with each call."""

    def build_once() -> SphinxTestApp:
        app = make_app("html", srcdir=source)
        app.build()
        assert "[bib" not in app.warning.getvalue()
        return app

    return build_once


def counted(build: Build, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Build; return the keys of the entries that went through each step, and the pages written."""
    steps: dict[str, list[str]] = {}

    def count(step: str, owner: object, name: str, keys: Callable[..., list[str]]) -> None:
        steps[step], function = [], getattr(owner, name)

        def counting(*args: Any) -> Any:  # noqa: ANN401  whatever it takes and returns
            steps[step] += keys(*args)
            return function(*args)

        monkeypatch.setattr(owner, name, counting)

    count("scanned", Pieces, "scanned", lambda _, __, text: re.findall(r"@article{(.*),", text))
    count("checked", bib_check, "entry_findings", lambda entries: [e.key for e in entries])
    count("parsed", Parser, "process_entry", lambda _, __, key, ___: [key])
    count("needed", StoredEntries, "__getitem__", lambda _, key: [key])
    count("formatted", NLMStyle, "format_entry", lambda _, __, entry: [entry.key])
    count("written", StandaloneHTMLBuilder, "write_doc", lambda _, name, __: [name])
    build()
    monkeypatch.undo()
    return steps


def test_each_step_sees_the_edited_entry_only(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = [f"doe2001n{number}" for number in range(PAGES)]
    first = counted(build, monkeypatch)
    assert [first[step] for step in ("scanned", "checked", "parsed")] == [keys] * 3
    assert sorted(first["formatted"]) == keys
    assert set(first["needed"]) == set(keys)

    nothing: dict[str, list[str]] = {step: [] for step in first}
    assert counted(build, monkeypatch) == nothing

    bib = source / "references.bib"
    bib.write_text(bib.read_text().replace("Study 2", "Study Two"))
    edited = counted(build, monkeypatch)
    assert set(edited.pop("needed")) == {"doe2001n2"}
    assert edited.pop("written") == ["page2"]
    assert edited.keys() == {"scanned", "checked", "parsed", "formatted"}
    assert list(edited.values()) == [["doe2001n2"]] * len(edited)
    assert "Study Two" in (source / "_build" / "html" / "page2.html").read_text()

    bib.write_text("% A line more, so that every entry stands elsewhere.\n\n" + bib.read_text())
    assert counted(build, monkeypatch) == nothing


def test_a_new_rule_is_applied_to_every_entry(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    (source / "rule.py").write_text("")
    monkeypatch.setattr(bib_integrity, "RULES", [source / "rule.py"])
    assert len(counted(build, monkeypatch)["scanned"]) == PAGES


def test_a_broken_memory_does_no_harm(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    build()
    memory = source / "_build" / "doctrees" / "bib-integrity.pickle"
    memory.write_bytes(memory.read_bytes()[:-1])
    bib = source / "references.bib"
    bib.write_text(bib.read_text().replace("Study 2", "Study Two"))
    steps = counted(build, monkeypatch)
    assert (len(steps["scanned"]), steps["written"]) == (PAGES, ["page2"])


def test_without_the_check_the_same_pages_are_written(
    source: Path, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source / "conf.py").write_text(CONF.replace(', "bib_integrity"', ""))
    build()
    bib = source / "references.bib"
    bib.write_text(bib.read_text().replace("Study 2", "Study Two"))
    steps = counted(build, monkeypatch)
    assert (len(steps["parsed"]), steps["written"]) == (PAGES, ["page2"])
