"""After any edit a build equals a clean one, and writes no page that stays the same.

Hypothesis edits a small site at random: pages, links, citations, references, records, terms, notice.
Every other time it is built with one of two builders, which share their doctrees; some of the
builds break off half-way first, and some use two processes.
"""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shutil
import sys
import tempfile
import zipfile
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import hypothesis.strategies as st
import pytest
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
from helpers import edit

if TYPE_CHECKING:
    from collections.abc import Callable

TESTROOT = "incremental"

CONF = f"""
extensions = ["myst_parser", "notice", "references", "evidence", "glossary", "cite"]
myst_enable_extensions = ["deflist"]
bibtex_bibfiles = ["references.bib"]
bibtex_default_style, bibtex_reference_style = "nlm", "author_year_label"
templates_path = [{str(ROOT / "_templates")!r}]
html_theme = "basic"
html_use_index = False
html_copy_source = False
project, copyright, version, release = "Root", "2026", "1", "1"
study_conditions = ["other"]
study_designs = {{"case report": "one person."}}
study_directions = {{"no effect tested": "nothing follows."}}
lookup_words = {{"at-page1": "one", "at-page2": "two; 222"}}
"""
#: What a build says of itself.
BUILD_METADATA = {".buildinfo"}
BUILDERS = ["html", "dirhtml", "epub", "text", "latex"]
KEYS = [f"key{number}" for number in range(4)]
NAMES = [f"page{number}" for number in range(6)]
STEPS = 10
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
: Not {word} {{cite:p}}`key1,key3`.
```"""


def build(  # noqa: PLR0913  what sphinx-build takes
    source: Path,
    out: Path,
    doctrees: Path,
    builder: str,
    processes: int = 0,
    *,
    pages: int | None = None,
    strict: bool = False,
    said: StringIO | None = None,
) -> int:
    """Build *source*, break off after so many *pages*, and return the exit code.

    *strict* turns warnings into errors; they are written to *said*.
    """
    with patch_docutils(str(source)), docutils_namespace():
        app = Sphinx(
            source,
            source,
            out,
            doctrees,
            builder,
            status=None,
            warning=said or StringIO(),
            parallel=processes,
            warningiserror=strict,
            confoverrides={"html_theme": "furo"} if builder == "html" else {},
        )
        if pages is not None:
            left = iter(range(pages))

            def break_off(*_args: object) -> None:
                if next(left, None) is None:
                    raise KeyboardInterrupt  # as a kill: Sphinx does not clean up after it

            app.connect("doctree-resolved", break_off)
        app.build()
        return app.statuscode


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

    #: How often a build was compared.
    compared: ClassVar[int] = 0

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
        self.plan: list[tuple[str, int, int | None]] = []
        self.step = 0
        self.edited: dict[str, set[str]] = {builder: set() for builder in BUILDERS}

    def teardown(self) -> None:
        """Delete the folder."""
        shutil.rmtree(self.folder)

    @initialize(
        builders=st.permutations(BUILDERS),
        plan=st.lists(
            st.tuples(
                st.integers(0, 1), st.sampled_from([0, 0, 2]), st.sampled_from([None, None, 1])
            ),
            min_size=STEPS // 2,
            max_size=STEPS // 2,
        ),
    )
    def begin(self, builders: list[str], plan: list[tuple[int, int, int | None]]) -> None:
        """Build a few pages with two builders; plan the next builds, their processes and breaks."""
        self.plan = [(builders[number], processes, pages) for number, processes, pages in plan]
        self.write_some_pages()
        self.save()
        for builder in {name for name, *_ in self.plan}:
            build(self.source, self.folder / "out" / builder, self.folder / "doctrees", builder)

    def write_some_pages(self) -> None:
        """Write a few pages, entries and records."""
        for name in NAMES[:4]:
            self.pages[name] = {
                "title": name,
                "section": "alpha",
                "prose": "alpha",
                "link": "",
                "cites": "",
            }
        self.entries = dict.fromkeys(KEYS[:3], "alpha")
        for key, name in zip(KEYS[:2], NAMES[1:3], strict=True):
            self.pages[NAMES[0]]["cites"] = ",".join(KEYS[:2])
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
            label = f"(at-{name})=\n"
            blocks = [
                f"# {page['title']}",
                f"{page['prose']}, delta, 1234",
                f"{label}## {page['section']}",
            ]
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
        """Build after every second edit, as planned."""
        number, rest = divmod(self.step, 2)
        self.step += 1
        if number and not rest:
            self.build_and_compare(*self.plan[number - 1])

    def build_and_compare(self, builder: str, processes: int, pages: int | None = None) -> None:
        """Build the site as it is and compare with a clean build; break off once after *pages*."""
        changed = self.save()
        self.edited = {name: edited | changed for name, edited in self.edited.items()}
        if not self.edited[builder]:
            return
        EditedSite.compared += 1
        out, clean = self.folder / "out" / builder, self.folder / "clean" / builder
        before = {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in out.rglob("*")
            if path.is_file()
        }
        if pages is not None:
            with contextlib.suppress(KeyboardInterrupt):
                build(self.source, out, self.folder / "doctrees", builder, processes, pages=pages)
        build(self.source, out, self.folder / "doctrees", builder, processes)
        build(self.source, clean, self.folder / "clean-doctrees", builder)
        found, expected = output(out), output(clean)
        different = [
            name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name)
        ]
        assert not different, (builder, different, difference(found, expected, different[0]))
        # Plain text shows no address of a link; a second word for a term may stand behind the first.
        if builder == "html" and pages is None and "words" not in self.edited[builder]:
            written = {
                path.stem
                for path, (content, time) in before.items()
                if path.suffix == ".html" and path.is_file()
                if path.stat().st_mtime_ns != time and path.read_bytes() == content
            }
            # A page with a dead link is read again, and its warning given again, by every build.
            dead = {
                name for name, page in self.pages.items() if page["link"] not in {"", *self.pages}
            }
            assert written <= self.edited[builder] | dead | {"search"}
        self.edited[builder].clear()
        shutil.rmtree(clean)
        shutil.rmtree(self.folder / "clean-doctrees")


def test_an_edited_site_equals_a_clean_one() -> None:
    run_state_machine_as_test(
        EditedSite,
        settings=settings(
            max_examples=3,  # of which the first is the simplest
            stateful_step_count=STEPS + 1,
            deadline=None,
            derandomize=False,  # also in CI: each run looks elsewhere
            print_blob=True,
            phases=[Phase.reuse, Phase.generate],  # to shrink an example would take minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert EditedSite.compared


def test_a_build_that_a_warning_failed_fails_again_until_it_is_fixed(tmp_path: Path) -> None:
    site = EditedSite()
    site.write_some_pages()
    site.records.clear()
    site.homes.clear()
    site.entries = {"key1": "alpha"}
    site.pages["page0"]["cites"] = "key1"

    def build_strictly() -> int:
        site.save()
        return build(site.source, tmp_path / "out", tmp_path / "trees", "text", strict=True)

    site.pages["page1"]["link"] = "nowhere"
    assert [build_strictly(), build_strictly()] == [1, 1]
    site.pages["page1"]["link"] = ""
    assert build_strictly() == 0
    site.teardown()


# -- On a small site -------------------------------------------------------------------------------
def edit_page(source: Path) -> None:
    edit(source / "page.rst", "A word that stays", "Another word")


def delete_page(source: Path) -> None:
    for name in ("gone.rst", "gone.png", "data.csv"):
        (source / name).unlink()
    edit(source / "index.rst", "   gone\n", "")


def delete_image(source: Path) -> None:
    edit(source / "page.rst", ".. image:: page.png", "")
    (source / "page.png").unlink()


def change_setting(source: Path) -> None:
    with (source / "conf.py").open("a") as file:
        file.write('html_short_title = epub_title = "Other"\nhtml_static_path = []\n')


def change_nothing(source: Path) -> None:
    assert source.is_dir()


def make(
    source: Path, builder: str = "html", *, strict: bool = True, processes: int = 0
) -> tuple[Path, int, str]:
    """Build *source* beside it; return the folder, the exit code and what was said."""
    said, folder = StringIO(), source.parent / "_build"
    out = folder / builder
    code = build(source, out, folder / "doctrees", builder, processes, strict=strict, said=said)
    return out, code, said.getvalue().replace(f"{source}/", "")


def book(folder: Path) -> dict[str, bytes]:
    """Return what is in the book in *folder*."""
    (path,) = folder.glob("*.epub")
    with zipfile.ZipFile(path) as file:
        found = {name: file.read(name) for name in file.namelist()}
    return {name: re.sub(rb"\d{4}-\d\d-\d\dT[\d:]+Z", b"", text) for name, text in found.items()}


@pytest.mark.parametrize("builder", ["html", "dirhtml", "epub"])
@pytest.mark.parametrize(
    "change", [edit_page, delete_page, delete_image, change_setting, change_nothing]
)
def test_nothing_is_left_of_what_has_changed(
    builder: str, change: Callable[[Path], None], source: Path
) -> None:
    (source / "static").mkdir()
    (source / "static" / "old.css").write_text("")
    with (source / "conf.py").open("a") as file:
        file.write('html_static_path = ["static"]\n')
    make(source, builder)
    change(source)
    assert make(source, builder)[1:] == (0, "")
    out, *result = make(source, builder)
    assert result == [0, ""]
    expected, *_ = make(shutil.copytree(source, source.parent / "clean" / "source"), builder)
    assert output(out) == output(expected)
    if builder == "epub":
        assert book(out) == book(expected)


def test_settings_of_the_last_build_do_not_get_into_the_book(source: Path) -> None:
    make(source, "epub")
    change_setting(source)
    out, *result = make(source, "epub")
    assert result == [0, ""]
    assert not (out / ".buildinfo.bak").exists()


def test_what_is_left_of_a_failed_build_is_deleted(source: Path) -> None:
    with (source / "page.rst").open("a") as file:
        file.write("\n:ref:`nowhere`\n")
    assert make(source)[1] == make(source)[1] == 1
    edit(source / "page.rst", ":ref:`nowhere`", "")
    delete_page(source)
    out, *result = make(source)
    assert result == [0, ""]
    assert not [path for path in out.rglob("*") if path.name.startswith("gone")]


@pytest.mark.parametrize("processes", [0, 2])
def test_what_is_said_while_a_page_is_read_is_said_by_every_builder(
    source: Path, processes: int
) -> None:
    (source / "page.rst").write_text("Page page\n====\n")
    said = [
        make(source, builder, strict=False, processes=processes)[2]
        for builder in ("html", "epub", "latex", "html")
    ]
    assert "Title underline too short" in said[0]
    assert said == [said[0]] * 4
    assert make(source, "text")[1:] == (1, said[0])
    (source / "page.rst").write_text("Page\n====\n")
    assert make(source)[1:] == (0, "")


@pytest.mark.parametrize("damage", [b"", b'{"index": 1}', b"\x80\x05.garbage"])
@pytest.mark.parametrize(
    "name", ["environment.pickle", "page.doctree", "pages-*.json", "searchindex.js"]
)
def test_damaged_files_are_made_anew(name: str, damage: bytes, source: Path) -> None:
    out, *_ = make(source)
    before = output(out)
    (path,) = out.parent.rglob(name)
    path.write_bytes(damage)
    assert make(source)[1:] == (0, "")
    assert output(out) == before
    assert path.read_bytes() != damage or not damage


@pytest.mark.parametrize("name", ["html/page.html", "doctrees/page.doctree", "html/objects.inv"])
def test_a_full_disk_is_one_line(name: str, source: Path) -> None:
    path = source / "_build" / name
    path.parent.mkdir(parents=True)
    path.symlink_to("/dev/full")
    command = (sys.executable, "-m", "sphinx", "-M", "html", ".", "_build", "-q")
    done = run(*command, cwd=source, PYTHONPATH=str(ROOT / "_ext"))
    line = f"_build/{name}: No space left on device; free some and build again\n"
    assert (done.returncode, done.stderr) == (1, line)


def test_a_folder_that_cannot_be_written_to_is_one_line(source: Path, tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    if os.geteuid() == 0:  # for whom no folder is closed but those of the kernel
        closed = Path("/sys")
    command = (sys.executable, "-m", "sphinx", "-b", "html", "-d", "doctrees", ".", closed / "html")
    done = run(*command, cwd=source, PYTHONPATH=str(ROOT / "_ext"))
    assert done.returncode == 1
    assert re.fullmatch(rf"\S*{closed.name}(/html)?: [\w -]+; [\w ]+\n", done.stderr)
