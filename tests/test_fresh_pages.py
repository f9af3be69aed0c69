"""After any edit a build equals a clean one, and writes no page that stays the same.

Hypothesis edits a small site at random: pages, links, citations, references, records, terms, notice.
Now and then it is built with one of five builders, which share their doctrees; some of the builds
break off half-way first.
"""

from __future__ import annotations

import contextlib
import difflib
import re
import shutil
import sys
import tempfile
from collections import Counter
from io import StringIO
from pathlib import Path
from typing import ClassVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from conftest import ROOT, run

CONF = f"""
extensions = ["myst_parser", "medication_safety", "references", "evidence", "glossary_links"]
myst_enable_extensions = ["deflist"]
bibtex_bibfiles = ["references.bib"]
templates_path = [{str(ROOT / "_templates")!r}]
html_theme = "furo"
html_use_index = False
html_copy_source = False
project, copyright, version, release = "Root", "2026", "1", "1"
"""
#: What a build says of itself, and what Sphinx leaves of vanished words.
BUILD_METADATA = {".buildinfo", "searchindex.js"}
BUILDERS = ["html", "dirhtml", "epub", "text", "latex"]
KEYS = [f"key{number}" for number in range(6)]
NAMES = [f"page{number}" for number in range(12)]
WORDS = st.sampled_from(["alpha", "beta", "gamma", "delta"])
RECORD = """\
```{{study}} {key}
:plain-title: Plain {word}
:design: case report
:people: 1 man
:population: a man
:conditions: other
:intervention: none
:comparator: none
:duration: none
:direction: no effect tested
:funding: not checked
:status: {status}
:status-date: not known
:status-source: {word}
:acknowledged: {word}
:full-text: not checked
:read: abstract
:added: 2026-01-02
:reviewed: 2026-01-02

What was found
: Found {word}.

What this does not show
: Not {word} {{cite:p}}`key1,key4`.
```"""


def build(  # noqa: PLR0913, PLR0917  what sphinx-build takes
    source: Path, out: Path, doctrees: Path, builder: str, processes: int, pages: int | None = None
) -> None:
    """Build *source* in this process; break off after so many *pages*."""
    with patch_docutils(str(source)), docutils_namespace():
        app = Sphinx(
            source,
            source,
            out,
            doctrees,
            builder,
            status=None,
            warning=StringIO(),
            parallel=processes,
        )
        if pages is not None:
            left = iter(range(pages))

            def break_off(*_args: object) -> None:
                if next(left, None) is None:
                    raise KeyboardInterrupt  # as a kill: Sphinx does not clean up after it

            app.connect("doctree-resolved", break_off)
        app.build()


def output(folder: Path) -> dict[str, bytes]:
    """Return the files of a build without its metadata."""
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and path.name not in BUILD_METADATA and path.suffix != ".epub":
            files[name] = re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"", path.read_bytes())
    return files


def difference(found: dict[str, bytes], expected: dict[str, bytes], name: str) -> str:
    """Return the lines in which the file *name* differs."""
    old, new = (files.get(name, b"").decode().splitlines() for files in (found, expected))
    return "\n".join(difflib.unified_diff(old, new, "incremental", "clean", n=0, lineterm=""))


class EditedSite(RuleBasedStateMachine):
    """A site under edit: pages with a title, a section, links and citations; entries; the notice."""

    steps = 0
    builds: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        """Start in an empty folder."""
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.source = self.folder / "source"
        self.source.mkdir()
        (self.source / "conf.py").write_text(CONF)
        self.pages: dict[str, dict[str, str]] = {}
        self.entries: dict[str, str] = {}
        self.homes: dict[str, str] = {}
        self.records: dict[str, dict[str, str]] = {}
        self.notice = "alpha"
        self.terms: list[str] = []
        self.step = 0
        self.edited: dict[str, set[str]] = {builder: set() for builder in BUILDERS}

    def teardown(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder)

    @initialize()
    def fill(self) -> None:
        """Begin with a few pages, entries and records."""
        for name in NAMES[:5]:
            self.pages[name] = {
                "title": name,
                "section": "alpha",
                "prose": "alpha",
                "link": "",
                "cites": "",
            }
        self.entries = dict.fromkeys(KEYS[:4], "alpha")
        for key, name in zip(KEYS[:3], NAMES[1:4], strict=True):
            self.pages[NAMES[0]]["cites"] = ",".join(KEYS[:3])
            self.homes[key] = name
            self.records[key] = {"status": "as published", "word": "alpha"}

    @rule(
        name=st.sampled_from(NAMES), part=st.sampled_from(["title", "section", "prose"]), word=WORDS
    )
    def edit_page(self, name: str, part: str, word: str) -> None:
        """Change the words of a page, adding it if it is new."""
        new = {"title": name, "section": "alpha", "prose": "alpha", "link": "", "cites": ""}
        self.pages.setdefault(name, new)[part] = word

    @precondition(lambda self: len(self.pages) > 2)
    @rule(data=st.data())
    def remove_page(self, data: st.DataObject) -> None:
        """Remove a page; links to it are left as they are."""
        self.pages.pop(data.draw(st.sampled_from(sorted(self.pages))))

    @rule(data=st.data(), new=st.sampled_from(NAMES))
    def rename_page(self, data: st.DataObject, new: str) -> None:
        """Give a page another name."""
        old = data.draw(st.sampled_from(sorted(self.pages)))
        if new not in self.pages:
            self.pages[new] = self.pages.pop(old)

    @rule(data=st.data(), other=st.sampled_from([*NAMES, ""]))
    def link_pages(self, data: st.DataObject, other: str) -> None:
        """Link a page to another one by its title, or remove the link."""
        self.pages[data.draw(st.sampled_from(sorted(self.pages)))]["link"] = other

    @rule(data=st.data(), keys=st.lists(st.sampled_from(KEYS), max_size=3, unique=True))
    def cite(self, data: st.DataObject, keys: list[str]) -> None:
        """Change what a page cites."""
        self.pages[data.draw(st.sampled_from(sorted(self.pages)))]["cites"] = ",".join(keys)

    @rule(key=st.sampled_from(KEYS), word=WORDS)
    def edit_entry(self, key: str, word: str) -> None:
        """Change the author and title of an entry, adding it if it is new."""
        self.entries[key] = word

    @precondition(lambda self: len(self.entries) > 1)
    @rule(data=st.data())
    def remove_entry(self, data: st.DataObject) -> None:
        """Remove an entry; citations of it are left as they are."""
        self.entries.pop(data.draw(st.sampled_from(sorted(self.entries))))

    @rule(data=st.data(), key=st.sampled_from(KEYS), there=st.booleans())
    def place_reference(self, data: st.DataObject, key: str, *, there: bool) -> None:
        """Print a reference on a page, or give it back to the list."""
        self.homes.pop(key, None)
        if there:
            self.homes[key] = data.draw(st.sampled_from(sorted(self.pages)))

    @rule(
        data=st.data(),
        key=st.sampled_from(KEYS),
        status=st.sampled_from(["as published", "corrected", "retracted", ""]),
        word=WORDS,
    )
    def edit_record(self, data: st.DataObject, key: str, status: str, word: str) -> None:
        """Give a paper a record, change it, or take it away."""
        self.records.pop(key, None)
        if status:
            self.homes[key] = data.draw(st.sampled_from(sorted(self.pages)))
            self.records[key] = {"status": status, "word": word}

    @rule(word=WORDS)
    def edit_notice(self, word: str) -> None:
        """Change the notice."""
        self.notice = word

    @rule(word=WORDS)
    def edit_glossary(self, word: str) -> None:
        """Add a term to the only entry of the glossary, or remove it."""
        self.terms = [*self.terms, word] if word not in self.terms else []

    def sources(self) -> dict[str, str]:
        """Return the files of the site as it is now."""
        entries = [
            f"@misc{{{key}, author = {{Smith, {word}}}, title = {{Title {word}}}, year = {{2020}},"
            " howpublished = {Web page}}"
            for key, word in self.entries.items()
        ]
        notice = f"```{{medication-safety}}\nNotice {self.notice}.\n[Index](index.md)\n```"
        files = {
            "references.bib": "\n".join(entries),
            "index.md": f"# Index\n\n{notice}\n\n```{{toctree}}\nlist\nwords\n"
            + "\n".join(sorted(self.pages))
            + "\n```\n",
            "list.md": "# List\n\n```{bibliography}\n```\n\n```{evidence} table\n```\n",
            "words.md": "\n".join(
                ["# Words\n\n```{glossary}", *(self.terms or ["none"]), "  Meaning.", "```\n"]
            ),
        }
        for name, page in self.pages.items():
            placed = [
                key
                for key, home in sorted(self.homes.items())
                if home == name and key in self.entries | self.records
            ]
            blocks = [f"# {page['title']}", f"{page['prose']}, delta", f"## {page['section']}"]
            blocks += [f"{{cite:p}}`{page['cites']}`"] if page["cites"] else []
            blocks += [f"[]({page['link']}.md)"] if page["link"] else []
            blocks += [
                RECORD.format(key=key, **self.records[key])
                if key in self.records
                else f"```{{reference}} {key}\n```"
                for key in placed
            ]
            files[f"{name}.md"] = "\n\n".join(blocks) + "\n"
        return files

    def save(self) -> set[str]:
        """Write the files that have changed; return their names without suffix."""
        files, changed = self.sources(), set()
        for path in self.source.glob("*.md"):
            if path.name not in files:
                path.unlink()
        for name, text in files.items():
            path = self.source / name
            if not path.is_file() or path.read_text() != text:
                path.write_text(text)
                changed.add(path.stem)
        return changed

    @invariant()
    def build_after_a_few_edits(self) -> None:
        """Build after every third edit, with each builder in turn, serially and in parallel."""
        EditedSite.steps += 1
        self.step += 1
        number, rest = divmod(self.step, 3)
        if rest == 0 and self.pages:
            self.build_and_compare(BUILDERS[number % len(BUILDERS)], processes=number % 2 * 2)

    def build_and_compare(self, builder: str, processes: int) -> None:
        """Build the site as it is and compare with a clean build."""
        EditedSite.builds[builder] += 1
        changed = self.save()
        self.edited = {name: edited | changed for name, edited in self.edited.items()}
        out, clean = self.folder / "out" / builder, self.folder / "clean" / builder
        before = {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in out.rglob("*")
            if path.is_file()
        }
        if self.step % 4 == 0:
            with contextlib.suppress(KeyboardInterrupt):
                build(self.source, out, self.folder / "doctrees", builder, processes, pages=2)
        build(self.source, out, self.folder / "doctrees", builder, processes)
        build(self.source, clean, self.folder / "clean-doctrees", builder, 0)
        found, expected = output(out), output(clean)
        different = [
            name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
        ]
        assert not different, (builder, different, difference(found, expected, different[0]))
        if builder in {"html", "text"} and self.step % 4:
            written = {
                path.stem
                for path, (content, time) in before.items()
                if path.suffix in {".html", ".txt"} and path.is_file()
                if path.stat().st_mtime_ns != time and path.read_bytes() == content
            }
            assert written <= self.edited[builder] | {"search"}
        self.edited[builder].clear()
        shutil.rmtree(clean)
        shutil.rmtree(self.folder / "clean-doctrees")


def test_an_edited_site_equals_a_clean_one() -> None:
    run_state_machine_as_test(
        EditedSite,
        settings=settings(
            max_examples=6,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
    assert EditedSite.steps >= 100
    assert set(EditedSite.builds) == set(BUILDERS)
    assert sum(EditedSite.builds.values()) >= 20


def test_a_build_that_a_warning_failed_fails_again_until_it_is_mended(tmp_path: Path) -> None:
    site = EditedSite()
    site.fill()
    site.records.clear()
    site.homes.clear()
    site.entries = {"key1": "alpha"}
    site.pages["page0"]["cites"] = "key1"

    def build_strictly() -> int:
        command = (sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html")
        done = run(
            *command,
            *("-d", tmp_path / "doctrees", site.source, tmp_path / "out"),
            PYTHONPATH=str(ROOT / "_ext"),
        )
        return done.returncode

    site.pages["page1"]["link"] = "nowhere"
    site.save()
    assert [build_strictly(), build_strictly()] == [1, 1]
    site.pages["page1"]["link"] = ""
    site.save()
    assert build_strictly() == 0
    site.teardown()
