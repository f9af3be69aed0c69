"""A small site whose commands ask a server on this machine, and its papers as databases have them."""

from __future__ import annotations

import functools
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

import services
from services import Fault, Link, Paper, Server, Update
from verify import __main__ as verify
from verify import here
from verify.services import Services

CORRECTION = Update("correction", "10.5555/erratum", (2021, 5, 1))
RETRACTION = Update("retraction", "10.5555/notice", (2022, 2, 3))
#: The figures of the record in other words and signs.
ABSTRACT = (
    "For four weeks, adults had 3 mg or, 4 patients, placebo; 30 people left early. Any event: "
    "67·5 per cent against 53.8%; serious in two patients; nausea 27.6 %."
)
#: The papers of the site as databases have them.
TRIAL = Paper(
    title="A Sound Trial of OPRK1",
    doi="10.1234/sound",
    pmid="20",
    pmcid="PMC1234567",
    authors=(("Sound", "Ann"), ("Roe", "Bob")),
    journal="Journal",
    short_journal="J",
    print=(2020,),
    volume="",
    issue="",
    pages="",
    abstract=ABSTRACT,
    updated_by=(CORRECTION,),
    links=(Link("ErratumIn"),),
)
REPORT = Paper(
    title="A False Report",
    doi="10.1234/false",
    pmid="21",
    authors=(("False", "Cal"),),
    journal="Journal",
    short_journal="J",
    print=(2021,),
    volume="",
    issue="",
    pages="",
    abstract="One man.",
    types=("Case Reports", "Retracted Publication"),
    updated_by=(RETRACTION,),
    links=(Link("RetractionIn"),),
)


class Site:
    """A site whose commands ask a server on this machine."""

    def __init__(
        self,
        folder: Path,
        stack: ExitStack,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.folder, self._stack, self._monkeypatch, self._capsys = (
            folder,
            stack,
            monkeypatch,
            capsys,
        )

    def serve(
        self, papers: Sequence[Paper] = (TRIAL, REPORT), **faults: Fault | Sequence[Fault]
    ) -> Server:
        """Let all services be a new server with *papers*; *faults* by a part of the path."""
        named = {f"/{name}": fault for name, fault in faults.items()}
        server = self._stack.enter_context(services.serving(papers, named))
        for name in ("CROSSREF_URL", "EUTILS_URL", "IDCONV_URL", "UNPAYWALL_URL"):
            self._monkeypatch.setenv(name, server.url)
        return server

    def run(self, main: Callable[[Sequence[str]], int], *arguments: str) -> tuple[int, str, str]:
        """Return the exit code of a command, and what it prints as result and beside."""
        self._capsys.readouterr()
        code = main(arguments)
        out, err = self._capsys.readouterr()
        assert "Traceback" not in out + err
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", out)
        return code, out, err

    def verify(self, *arguments: str) -> tuple[int, str]:
        """Return the exit code of the comparison and its lines; answers that were kept are forgotten."""
        shutil.rmtree(self.folder / "_build/verify", ignore_errors=True)
        code, out, _ = self.run(verify.main, *arguments)
        return code, out


@pytest.fixture
def site(
    source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Site]:
    """Yield the site in a folder of its own; nobody waits for anything."""
    monkeypatch.chdir(source)
    for name in ("PMID", "VERIFY_CONTACT", "RETRACTION_WATCH_CSV"):
        monkeypatch.delenv(name, raising=False)
    quick = functools.partial(Services, sleep=lambda _seconds: None)
    monkeypatch.setattr(here, "Services", quick)
    with ExitStack() as stack:
        yield Site(source, stack, monkeypatch, capsys)
