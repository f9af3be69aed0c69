"""New papers by their DOI or PMID, and what appeared since, against a server on this machine."""

from __future__ import annotations

import datetime as dt
import errno
import json
import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest

import new_paper
import services
import verify_site
from conftest import ROOT
from helpers import edit
from services import Link, Paper
from verify import watch
from verify.text import clean, without_escapes
from verify_site import REPORT, RETRACTION, TRIAL, Site

TESTROOT = "studies"
site = verify_site.site


# -- Texts -----------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "order", ["\x1b[31m", "&#27;[1;31m", "&#x1b;]0;owned\x07", "\x1bPq#1\x1b\\", "\x1b(B", "\x9b2J"]
)
def test_an_order_to_a_terminal_goes_as_a_whole(order: str) -> None:
    assert clean(f"Lanterns {order}for rivers") == "Lanterns for rivers"
    assert without_escapes(f"Lanterns {order}&amp; rivers").split() == [
        "Lanterns",
        "&amp;",
        "rivers",
    ]


@pytest.mark.parametrize("text", ["&#270;", "&#x1b5;", "a [31m b"])
def test_what_is_no_order_stays(text: str) -> None:
    assert without_escapes(text) == text


def written(site: Site) -> list[str]:
    """Return the texts of the files that a new paper changes."""
    return [(site.folder / name).read_text() for name in ("references.bib", "citations.md")]


def stopped(*_arguments: object) -> NoReturn:
    """Stop, as by Ctrl-C."""
    raise KeyboardInterrupt


# -- New papers ------------------------------------------------------------------------------------
@pytest.fixture
def new_site(site: Site) -> Site:
    """Return the site with the page to which papers are added."""
    (site.folder / "citations.md").write_text("# Citations\n\n## A theme\n")
    shutil.copy(ROOT / "conf.py", site.folder / "conf.py")
    edit(
        site.folder / "conf.py",
        'Path(__file__).resolve().parent / "_ext"',
        f'Path("{ROOT}") / "_ext"',
    )
    return site


@pytest.mark.parametrize(
    "option",
    [
        ("--doi", "10.5555/lantern"),
        ("--doi", "https://doi.org/10.5555/LANTERN"),
        ("--doi", "doi:10.5555/lantern"),
        ("--doi", " DOI: 10.5555/lantern "),
        ("--pmid", "101"),
        ("--pmid", "PMID: 101"),
        ("--pmid", "pmid:101 "),
        ("--pmid", "https://pubmed.ncbi.nlm.nih.gov/101/"),
        ("--pmid", "pubmed.ncbi.nlm.nih.gov/101/?from=shared"),
        ("--pmid", "https://www.ncbi.nlm.nih.gov/pubmed/101"),
    ],
)
def test_a_paper_is_added_as_the_databases_have_it(new_site: Site, option: tuple[str, str]) -> None:
    new_site.serve((Paper(),))
    code, out, err = new_site.run(new_paper.main, *option)
    assert (code, err) == (0, "")
    entry = (new_site.folder / "references.bib").read_text().split("\n\n")[-1]
    for line in (
        "@article{bell2020lanterns,",
        "  author = {Bell, Ada Q. and Stone, Max},",
        "  title = {Lanterns for Quiet Rivers},",
        "  doi = {10.5555/lantern},",
        "  pmid = {101},",
        "  pages = {45--51},",
    ):
        assert line.lower() in entry.lower()
        assert f"+{line}".lower() in out.lower()
    assert "```{study} bell2020lanterns" in (new_site.folder / "citations.md").read_text()
    code, _, err = new_site.run(new_paper.main, *option)
    assert code == 1
    assert "already" in err


@pytest.mark.parametrize(
    ("paper", "words"),
    [
        (Paper(updated_by=(RETRACTION,)), "the paper was retracted"),
        (Paper(types=("Retracted Publication",)), "the paper was retracted"),
        (Paper(types=("Retraction of Publication",), links=(Link("RetractionOf"),)), "notice"),
        (Paper(doi="10.5555/other"), "no database gives this paper"),
    ],
)
def test_a_paper_that_nobody_may_add_is_refused(new_site: Site, paper: Paper, words: str) -> None:
    before = written(new_site)
    new_site.serve((paper,))
    code, out, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert (code, out) == (1, "")
    assert words in err
    assert len(err.splitlines()) == 1
    assert written(new_site) == before


@pytest.mark.parametrize(
    "options",
    [
        ("--doi", "lantern", "--pmid", "101"),
        ("--doi", "10.5555/lantern", "--pmid", "0"),
        ("--pmid", "https://pubmed.ncbi.nlm.nih.gov.example.org/101/"),
        ("--pmid", "101 102"),
    ],
)
def test_an_identifier_that_is_none_is_never_left_out(new_site: Site, options: list[str]) -> None:
    before = written(new_site)
    new_site.serve((Paper(),))
    code, out, err = new_site.run(new_paper.main, *options)
    assert (code, out) == (1, "")
    assert "write DOI=10.1234/abc or PMID=12345678" in err
    assert len(err.splitlines()) == 1
    assert written(new_site) == before


FAULTS = {
    "503": services.status(503),
    "400": services.status(400),
    "page": services.web_page,
    "cut": services.cut,
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("service", ["works/10.5555/lantern", "entrez/eutils/e", "e"])
@pytest.mark.parametrize("option", [("--doi", "10.5555/lantern"), ("--pmid", "101")])
def test_while_a_database_is_silent_no_paper_is_added(
    new_site: Site, option: tuple[str, str], service: str, fault: str
) -> None:
    before = written(new_site)
    paths = ("efetch.fcgi", "esearch.fcgi") if service == "e" else (service,)
    new_site.serve((Paper(),), **dict.fromkeys(paths, FAULTS[fault]))
    code, out, err = new_site.run(new_paper.main, *option)
    assert (code, out) == (3, "")
    assert f"no answer from {'Crossref' if 'works' in service else 'PubMed'}: " in err
    assert len(err.splitlines()) == 1
    assert written(new_site) == before
    new_site.serve((Paper(),))
    assert new_site.run(new_paper.main, *option)[0] == 0


def test_while_both_are_silent_no_paper_is_added(new_site: Site) -> None:
    new_site.serve((Paper(),), works=services.status(503), entrez=services.status(503))
    code, out, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert (code, out, len(err.splitlines())) == (3, "", 1)
    assert "no answer from PubMed: " in err
    assert "; Crossref: " in err


def test_that_nothing_is_at_the_address_of_pubmed_is_no_answer(new_site: Site) -> None:
    """The E-utilities answer with HTTP 200 for a paper that they do not have."""
    new_site.serve((Paper(),), **{"efetch.fcgi": services.status(404)})
    code, out, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert (code, out, len(err.splitlines())) == (3, "", 1)
    assert "no answer from PubMed: HTTP 404" in err


def test_a_retraction_that_one_knows_is_told_while_another_is_silent(new_site: Site) -> None:
    new_site.serve((Paper(updated_by=(RETRACTION,)),), entrez=services.status(503))
    code, _, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert code == 1
    assert "the paper was retracted" in err


@pytest.mark.parametrize(
    ("options", "known", "words"),
    [
        (
            ("--doi", "10.5555/lantern"),
            "crossref",
            "PubMed says nothing of its notices: it has no paper",
        ),
        (
            ("--doi", "10.5555/lantern", "--pmid", "7"),
            "crossref",
            "PubMed says nothing of its notices: PubMed has no such PMID",
        ),
        (
            ("--pmid", "101"),
            "pubmed",
            "Crossref says nothing of its notices: Crossref has no such DOI",
        ),
    ],
)
def test_that_one_database_has_no_such_paper_is_an_answer(
    new_site: Site, options: tuple[str, ...], known: str, words: str
) -> None:
    new_site.serve((Paper(known_to=(known,)),))
    code, out, err = new_site.run(new_paper.main, *options)
    assert (code, err) == (0, "")
    assert "@article{bell2020lanterns," in out
    assert f"look: {words}" in out


HEAD = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,"
    "RetractionNature,Reason,Paywalled,Notes,\n"
)


@pytest.mark.parametrize("option", [("--doi", "10.5555/lantern"), ("--pmid", "101")])
@pytest.mark.parametrize(("doi", "pmid"), [("10.5555/LANTERN", "0"), ("unavailable", "101")])
def test_retraction_watch_is_asked_for_a_new_paper(
    new_site: Site,
    monkeypatch: pytest.MonkeyPatch,
    option: tuple[str, str],
    doi: str,
    pmid: str,
) -> None:
    before = written(new_site)
    row = f"7,A,,,,,,,,,3/4/2022 0:00,10.5555/n,0,1/1/2020 0:00,{doi},{pmid},Retraction,,No,,\n"
    (new_site.folder / "watch.csv").write_text(HEAD + row)
    monkeypatch.setenv("RETRACTION_WATCH_CSV", "watch.csv")
    new_site.serve((Paper(),))
    code, out, err = new_site.run(new_paper.main, *option)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert "the paper was retracted: retraction, 2022-03-04 (Retraction Watch, record 7" in err
    assert written(new_site) == before
    (new_site.folder / "watch.csv").write_text(HEAD)
    assert new_site.run(new_paper.main, *option)[0] == 0


@pytest.mark.parametrize("content", [None, "a,b\n1,2\n"])
def test_a_wrong_file_of_retraction_watch_is_one_line(
    new_site: Site, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    before = written(new_site)
    if content:
        (new_site.folder / "watch.csv").write_text(content)
    monkeypatch.setenv("RETRACTION_WATCH_CSV", "watch.csv")
    new_site.serve((Paper(),))
    code, out, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith("conf.py: verify_retraction_watch: watch.csv: ")
    assert written(new_site) == before


@pytest.mark.parametrize("known", ["crossref", "pubmed"])
def test_no_part_of_an_order_to_a_terminal_comes_into_the_files(new_site: Site, known: str) -> None:
    colour, end = ("\x1b[31m", "&#27;[0m") if known == "crossref" else ("\x9b31m", "\x9b0m")
    paper = Paper(
        title=f"{colour}Lanterns{end} for quiet rivers",
        authors=((f"{colour}Bell{end}", "Ada Q"),),
        journal=f"Journal of {colour}Things",
        known_to=(known,),
    )
    new_site.serve((paper,))
    code, out, _ = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert code == 0
    assert "@article{bell2020lanterns," in out
    for text in (out, *written(new_site)):
        assert not re.search(r"\[?(31|0)m", text)


def test_a_run_that_is_stopped_writes_nothing(
    new_site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = written(new_site)
    new_site.serve((Paper(),))
    for name in ("fetched", "replace_all"):
        with monkeypatch.context() as patch:
            patch.setattr(new_paper, name, stopped)
            code, out, err = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
        assert (code, out, err) == (130, "", "Stopped; nothing was written\n")
        assert written(new_site) == before
    monkeypatch.setattr(new_paper, "left_to_do", stopped)
    code, out, _ = new_site.run(new_paper.main, "--doi", "10.5555/lantern")
    assert code == 130
    assert "Stopped; the paper is written" in out
    assert written(new_site) != before


def test_a_file_and_an_identifier_are_not_taken_together(
    new_site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    before = written(new_site)
    server = new_site.serve((Paper(),))
    for option in (("--doi", "10.5555/lantern"), ("--pmid", "101")):
        with pytest.raises(SystemExit) as error:
            new_paper.main(["citation.nbib", *option])
        assert error.value.code == 2
        err = capsys.readouterr().err
        assert err.startswith("usage: make new-paper FILE=")
        assert "name the file or a DOI or PMID, and not both" in err
    assert server.requests == []
    assert written(new_site) == before


# -- What appeared since ---------------------------------------------------------------------------
NEW = Paper(
    title="A sound trial on a shelf",
    doi="10.5555/new",
    pmid="300",
    types=("Journal Article", "Randomized Controlled Trial"),
)


def on(day: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be noon on *day*."""
    noon = dt.datetime.fromisoformat(f"{day}T12:00:00+00:00")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", f"{noon.timestamp():.0f}")


def refused(site: Site) -> str:
    """Return why the day of the last list is not noted; nothing changes."""
    before = (site.folder / "conf.py").read_bytes()
    code, out, err = site.run(watch.main, "--done", "1")
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert (site.folder / "conf.py").read_bytes() == before
    return err


def test_what_is_new_is_listed_and_only_the_days_are_written(site: Site, source: Path) -> None:
    server = site.serve((TRIAL, replace(REPORT, title="A sound trial that is here"), NEW))
    before = {path: path.read_bytes() for path in source.glob("*.*")}
    code, out, _ = site.run(watch.main)
    assert code == 0
    first, *searches, last = out.splitlines()
    assert first.startswith("PMID 300 · doi 10.5555/new · A sound trial on a shelf · 2020 · ")
    assert "Randomized Controlled Trial" in first
    assert searches == [
        f'searched "{word}": 3 papers since 2024-03-01, 3 in all years'
        for word in ("sound", "trial")
    ]
    assert last.startswith("1 paper since 2024-03-01 that is not in references.bib; ")
    asked = [request.query for request in server.requests if "esearch" in request.path]
    assert [(query["term"], query.get("mindate"), query["retmax"]) for query in asked] == [
        (word, *rest)
        for word in ("sound", "trial")
        for rest in (("2024/03/01", "200"), (None, "0"))
    ]
    assert {path: path.read_bytes() for path in source.glob("*.*")} == before
    code, out, _ = site.run(watch.main, "--done", "1")
    assert code == 0
    changed = {path.name for path in source.glob("*.*") if path.read_bytes() != before.get(path)}
    assert changed == {"conf.py"}
    old, now = (
        before[source / "conf.py"].decode().splitlines(),
        (source / "conf.py").read_text().splitlines(),
    )
    differing = [line for line, other in zip(old, now, strict=True) if line != other]
    assert [line.split()[0] for line in differing] == ["search_date", "search_next"]
    _, look = out.splitlines()
    for name in ("search_where", "search_words", "search_conclusion"):
        (line,) = (number for number, text in enumerate(now, 1) if text.startswith(name))
        assert f"{name} (conf.py:{line})" in look


def test_the_day_of_the_list_is_written_and_not_that_of_reading(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve((TRIAL, NEW))
    on("2026-06-01", monkeypatch)
    site.run(watch.main)
    on("2026-06-05", monkeypatch)
    for _again in range(2):
        code, out, _ = site.run(watch.main, "--done", "1")
        assert code == 0
        assert out.startswith("conf.py: the literature was searched on 2026-06-01\n")
        conf = (source / "conf.py").read_text()
        assert 'search_date = "2026-06-01"' in conf
        assert 'search_next = "2026-12-02"' in conf  # 184 days later, as before


def test_without_a_whole_list_no_day_is_written(site: Site, source: Path) -> None:
    assert "run make watch first" in refused(site)
    site.serve((), **{"entrez/eutils/esearch.fcgi": [services.status(400)]})
    code, out, _ = site.run(watch.main)
    assert code == 3
    assert "DONE=1" not in out
    assert "a search had no answer" in refused(site)
    site.serve()
    assert site.run(watch.main)[0] == 0
    (source / "_build/verify/watch.json").write_text('{"day": "2026-13-01"')
    assert "run make watch first" in refused(site)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('["sound", "trial"]', '["sound", "trials"]', "search_words have changed"),
        ('["sound", "trial"]', '["sound", "trial", "cohort"]', "search_words have changed"),
        ('["sound", "trial"]', '["sound"]', "search_words have changed"),
        ('search_date = "2024-03-01"', 'search_date = "2024-02-01"', "search_date has changed"),
    ],
)
def test_a_list_for_another_search_is_not_noted(
    site: Site, source: Path, old: str, new: str, reason: str
) -> None:
    site.serve()
    assert site.run(watch.main)[0] == 0
    edit(source / "conf.py", old, new)
    assert reason in refused(site)


def test_a_list_that_leaves_papers_out_is_not_noted(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "MOST", 1)
    site.serve((TRIAL, NEW))
    code, out, _ = site.run(watch.main)
    assert code == 0
    assert "more than is listed: 2" in out
    assert "leaves out 2" in refused(site)


@pytest.mark.parametrize("done", ["0", "", "no", " False "])
def test_done_that_says_no_lists(site: Site, source: Path, done: str) -> None:
    site.serve((NEW,))
    before = (source / "conf.py").read_bytes()
    code, out, _ = site.run(watch.main, "--done", done)
    assert code == 0
    assert "PMID 300" in out
    assert (source / "conf.py").read_bytes() == before


def test_the_settings_keep_their_line_ends_and_their_rights(site: Site, source: Path) -> None:
    conf = source / "conf.py"
    conf.write_bytes(conf.read_bytes().replace(b"\n", b"\r\n"))
    conf.chmod(0o640)
    before = conf.read_bytes()
    site.serve()
    site.run(watch.main)
    assert site.run(watch.main, "--done", "1")[0] == 0
    now = conf.read_bytes()
    assert now != before
    assert now.count(b"\r\n") == now.count(b"\n") == before.count(b"\n")
    assert conf.stat().st_mode & 0o777 == 0o640
    assert not (source / "conf.py.new").exists()


def test_settings_that_cannot_be_written_are_one_line(
    site: Site, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.serve()
    site.run(watch.main)
    (source / "conf.py").chmod(0o444)
    assert refused(site) == "conf.py: the file is read-only; nothing was written\n"
    (source / "conf.py").chmod(0o644)

    def refuse(path: Path, *_: object, **__: object) -> NoReturn:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    for name in ("write_text", "replace"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, refuse)
            assert refused(site) == "conf.py: Permission denied; nothing was written\n"
    assert not (source / "conf.py.new").exists()


def test_a_list_that_cannot_be_kept_says_so(site: Site, source: Path) -> None:
    site.serve((NEW,))
    (source / "_build").write_text("a file in the place of the folder")
    code, out, err = site.run(watch.main)
    assert code == 1
    assert "PMID 300" in out
    assert err.startswith("_build/verify/watch.json: ")
    assert len(err.splitlines()) == 1


def test_words_that_find_nothing_at_all_are_told(site: Site, source: Path) -> None:
    edit(source / "conf.py", '["sound", "trial"]', '["sound", "a trial of what nobody knows"]')
    site.serve((TRIAL,))
    code, out, _ = site.run(watch.main)
    assert code == 0
    *searches, last = out.splitlines()
    assert searches == [
        'searched "sound": 1 paper since 2024-03-01, 1 in all years',
        'searched "a trial of what nobody knows": 0 papers since 2024-03-01, 0 in all years',
        "look: these words find nothing in PubMed at all; shorten them",
    ]
    assert last.startswith(
        "0 papers since 2024-03-01 that are not in references.bib; make watch DONE=1"
    )


def test_words_that_are_old_are_not_called_wrong(site: Site) -> None:
    def no_new(data: bytes) -> bytes:
        answer = json.loads(data)
        answer["esearchresult"] |= {"count": "0", "idlist": []}
        return json.dumps(answer).encode()

    site.serve(
        (TRIAL,),
        **{"esearch.fcgi?db=pubmed&term=sound&retmode=json&retmax=200": services.changed(no_new)},
    )
    _, out, _ = site.run(watch.main)
    assert 'searched "sound": 0 papers since 2024-03-01, 1 in all years' in out
    assert "look:" not in out


def test_what_pubmed_says_of_the_words_is_told(site: Site) -> None:
    lists = {
        "errorlist": {"phrasesnotfound": ["sound\x1b[31m of a lantern"], "fieldsnotfound": ["xx"]},
        "warninglist": {
            "phrasesignored": ["of"],
            "quotedphrasesnotfound": [],
            "outputmessages": ["No items found."],
        },
    }

    def warned(data: bytes) -> bytes:
        answer = json.loads(data)
        answer["esearchresult"] |= lists
        return json.dumps(answer).encode()

    site.serve((TRIAL,), **{"entrez/eutils/esearch.fcgi": services.changed(warned)})
    code, out, _ = site.run(watch.main)
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith("look: ")] == 2 * [
        'look: PubMed does not know "sound of a lantern"',
        'look: PubMed has no field "xx"',
        'look: PubMed left out "of"',
    ]


@pytest.mark.parametrize("count", [None, "", "many", -1])
def test_a_result_without_a_number_is_no_answer(site: Site, count: object) -> None:
    def uncounted(data: bytes) -> bytes:
        answer = json.loads(data)
        answer["esearchresult"]["count"] = count
        return json.dumps(answer).encode()

    server = site.serve((TRIAL,), **{"entrez/eutils/esearch.fcgi": services.changed(uncounted)})
    code, out, _ = site.run(watch.main)
    assert code == 3
    assert out.count("not searched: ") == 2
    assert "look:" not in out
    server.faults.clear()  # and it is not kept
    assert site.run(watch.main)[0] == 0


def test_a_paper_that_pubmed_names_and_does_not_give_is_listed(site: Site) -> None:
    site.serve(
        (TRIAL, NEW),
        **{"entrez/eutils/efetch": services.body(services.pubmed_xml([TRIAL]), services.XML)},
    )
    code, out, _ = site.run(watch.main)
    assert code == 0
    assert out.startswith("PMID 300 · PubMed gives no record of it; look it up")


@pytest.mark.parametrize("content", [None, b"@article{broken,\n", b"\xff\xfe"])
def test_without_references_nothing_is_called_new(
    site: Site, source: Path, content: bytes | None
) -> None:
    (source / "references.bib").unlink()
    if content:
        (source / "references.bib").write_bytes(content)
    server = site.serve((TRIAL, NEW))
    code, out, err = site.run(watch.main)
    assert (code, out, len(err.splitlines())) == (1, "", 1)
    assert err.startswith("Nothing is searched. Fix first: references.bib:1: ")
    assert server.requests == []


def test_a_watch_that_is_stopped_is_one_line(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.serve()
    site.run(watch.main)
    for name, arguments in (("search", ()), ("replace_all", ("--done", "1"))):
        with monkeypatch.context() as patch:
            patch.setattr(watch, name, stopped)
            code, out, err = site.run(watch.main, *arguments)
        assert (code, out, err) == (130, "", "Stopped; nothing was written.\n")
    assert site.run(watch.main, "--done", "1")[0] == 0  # of the list before


def test_a_search_without_an_answer_is_told(site: Site) -> None:
    site.serve((), **{"entrez/eutils/esearch.fcgi": [services.status(400), services.status(400)]})
    code, out, _ = site.run(watch.main)
    assert code == 3
    assert out.count("not searched: ") == 2
