"""Facts that are in more than one file, and rules of the repository that no tool knows."""

from __future__ import annotations

import re
import runpy
import sys
import tomllib
from typing import Any

import pytest
import yaml

from conftest import ROOT, require, run, sources

CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text())
WORKFLOWS: dict[str, dict[str, Any]] = {
    path.stem: yaml.safe_load(path.read_text()) for path in (ROOT / ".github/workflows").iterdir()
}
#: What the jobs that may do more than read the source need it for.
ALLOWED = {
    ("pages", "build"): {"contents": "read", "pages": "read"},  # which address the site has
    ("pages", "deploy"): {"pages": "write", "id-token": "write"},
    ("verify", "verify"): {"contents": "read", "issues": "write"},  # the one with the report
}


def test_every_file_names_the_same_version() -> None:
    version = runpy.run_path(str(ROOT / "conf.py"))["version"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.findall(r"^## (\S+) \((\S+)\)", CHANGELOG, re.MULTILINE)[0]
    assert (CITATION["version"], CITATION["date-released"]) == newest
    assert version == newest[0]
    assert project.startswith(f"{version}.")


def test_the_readme_is_short_and_opens_with_the_two_commands() -> None:
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 60
    commands = [line.split()[:2] for line in lines if line.startswith("make ")]
    assert commands[:2] == [["make", "html"], ["make", "test"]]


@pytest.mark.parametrize("name", WORKFLOWS)
def test_actions_are_pinned_and_get_no_more_than_they_need(name: str) -> None:
    workflow = WORKFLOWS[name]
    steps = [step for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert steps
    assert [step["uses"] for step in steps if not re.search(r"@[0-9a-f]{40}$", step["uses"])] == []
    assert workflow["permissions"] == {}
    for job, settings in workflow["jobs"].items():
        assert settings["permissions"] == ALLOWED.get((name, job), {"contents": "read"}), job


def test_every_workflow_uses_an_action_in_the_same_version() -> None:
    texts = [path.read_text() for path in (ROOT / ".github/workflows").iterdir()]
    used = {pin for text in texts for pin in re.findall(r"uses: (\S+)@(\w+)", text)}
    assert len({action for action, _ in used}) == len(used)


def test_the_citation_file_is_valid_and_says_what_the_settings_say() -> None:
    settings = runpy.run_path(str(ROOT / "conf.py"))
    schema = ("--builtin-schema", "vendor.citation-file-format")
    done = run(sys.executable, "-m", "check_jsonschema", *schema, "CITATION.cff")
    assert done.returncode == 0, done.stdout
    assert CITATION["title"] == settings["imprint_title"]
    assert [author["name"] for author in CITATION["authors"]] == [settings["author"]]
    assert CITATION["version"] == settings["release"]
    licence = re.fullmatch(r"CC-([A-Z-]+)-([\d.]+)", CITATION["license"])  # as SPDX calls it
    assert licence
    assert f"/licenses/{licence[1].lower()}/{licence[2]}/" in settings["imprint_licence"]


@pytest.mark.parametrize("name", ["LICENSE", "LICENSE-TEXT"])
def test_the_licences_are_there(name: str) -> None:
    words = {"LICENSE": "MIT License", "LICENSE-TEXT": "Attribution 4.0 International"}
    assert words[name] in (ROOT / name).read_text()


def test_no_file_names_a_package_index() -> None:
    hosts = ("py" + "pi.org", "python" + "hosted.org", "npm" + "js.org")
    texts = {name: (ROOT / name).read_bytes() for name in sources()}
    assert [
        (name, host) for name, text in texts.items() for host in hosts if host.encode() in text
    ] == []


def test_the_files_of_the_project_are_known_without_git(monkeypatch: pytest.MonkeyPatch) -> None:
    require("git", "clone")
    listed = sources()
    monkeypatch.setenv("PATH", "")
    assert "conf.py" in listed
    assert sorted(sources()) == sorted(listed)


def test_a_clone_has_the_same_line_ends_on_every_machine() -> None:
    require("git", "clone")
    found = run("git", "check-attr", "eol", "--", *sources()).stdout.splitlines()
    assert found
    assert [line for line in found if not line.endswith(": eol: lf")] == []
