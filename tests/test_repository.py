"""Facts that are in more than one file, and rules of the repository that no tool knows."""

from __future__ import annotations

import re
import runpy
import tomllib
from typing import Any

import pytest
import yaml

from conftest import ROOT, require, run, sources

CHANGELOG = (ROOT / "CHANGELOG.md").read_text()
CITATION: dict[str, Any] = yaml.safe_load((ROOT / "CITATION.cff").read_text())
WORKFLOW: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())


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


def test_actions_are_pinned_and_get_no_more_than_they_need() -> None:
    steps = [step for job in WORKFLOW["jobs"].values() for step in job["steps"] if "uses" in step]
    assert steps
    assert [step["uses"] for step in steps if not re.search(r"@[0-9a-f]{40}$", step["uses"])] == []
    assert WORKFLOW["permissions"] == {}
    assert all(job["permissions"] == {"contents": "read"} for job in WORKFLOW["jobs"].values())


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
