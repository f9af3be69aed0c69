"""How the services are asked: with manners, within limits, and never twice for what is there."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from email.utils import format_datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import httpx
import pytest

import services as server
from common.settings import read_settings
from conftest import ROOT
from services import Paper, Server, serving
from verify.cache import Cache, Kept
from verify.net import Limits, NotAnsweredError, NotFoundError, redirected
from verify.services import FRESH, Services, articles, in_path
from verify.settings import ADDRESSES, TOOL, Settings, bases, in_environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: Nobody listens at this port.
DEAD = "http://127.0.0.1:9"
CONTACT = "reader@bibliography.test"
#: The limits with a size that a test can send, and with times that it can wait for.
USUAL = Limits(size=500_000)
QUICK = Limits(connect=0.2, read=0.2, total=0.4, tries=2)
LANTERN = Paper(abstract="Of 40 lanterns 12 went out.", pmcid="PMC7", free_at="https://free.test/7")
KITE = Paper("Kites, in 3 colours", "10.5555/kite", "102", online=(2019, 11, 5))


class Clock:
    """A clock that stands still but for pauses."""

    def __init__(self) -> None:
        self.time = 1_000_000.0
        self.pauses: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.time += seconds

    def now(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "127.0.0.1")


@pytest.fixture
def there() -> Iterator[Server]:
    with serving([LANTERN, KITE]) as found:
        yield found


@pytest.fixture
def asking(clock: Clock, tmp_path: Path) -> Iterator[Callable[..., Services]]:
    """Return what makes services that ask a server, or the address of one."""
    made = []

    def make(address: Server | str, contact: str = CONTACT, **more: object) -> Services:
        url = address if isinstance(address, str) else address.url
        settings = in_environment(Settings(contact), {name.upper(): url for name in ADDRESSES})
        options: dict[str, object] = {"limits": USUAL, "sleep": clock.sleep}
        options |= {"clock": clock.now, "now": clock.now, **more}
        made.append(Services(settings, tmp_path / "cache", **options))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for services in made:
        with services:
            pass


def reason(ask: Callable[[], object]) -> str:
    """Return why *ask* was not answered."""
    with pytest.raises(NotAnsweredError) as caught:
        ask()
    text = str(caught.value)
    assert text.isprintable() and len(text) < 120  # noqa: PT018  one line for people
    return text


# -- Settings --------------------------------------------------------------------------------------


def test_each_address_can_be_replaced_through_the_environment() -> None:
    given = {name.upper(): f"http://127.0.0.1:{port}" for port, name in enumerate(ADDRESSES, 8000)}
    settings = in_environment(Settings(), {**given, "EUTILS_URL": "  "})
    assert settings.crossref_url == given["CROSSREF_URL"]
    assert settings.eutils_url == Settings.eutils_url
    assert {*given} == {"CROSSREF_URL", "EUTILS_URL", "IDCONV_URL", "UNPAYWALL_URL"}


@pytest.mark.parametrize(
    "address",
    [
        *("ftp://host", "host", "file:///etc/passwd", "http://", "http://u:p@host", "http://[::1"),
        *("http://host:99999", "http://ho st", "http://host?x=1", "http://host#x", "http://h\x1b"),
    ],
)
def test_what_is_no_address_is_named_in_one_line(address: str) -> None:
    with pytest.raises(ValueError, match=r"^CROSSREF_URL holds [ -~]+; [ \w?#]+$"):
        in_environment(Settings(), {"CROSSREF_URL": address})
    with pytest.raises(ValueError, match=r"^conf\.py: verify_crossref_url holds [ -~]+$"):
        read_settings(Settings, "verify", {"verify_crossref_url": address})


@pytest.mark.parametrize("contact", ["me", "me@host", "a@b.c\r\nX: y", "a@b.c)", "me <a@b.c>"])
def test_a_contact_is_a_mail_address(contact: str) -> None:
    with pytest.raises(ValueError, match=r"^conf\.py: verify_contact holds"):
        read_settings(Settings, "verify", {"verify_contact": contact})


def test_no_setting_turns_a_limit_off() -> None:
    names = {*vars(Settings())} - {*ADDRESSES}
    assert names == {"contact", "retraction_watch"}


@pytest.mark.parametrize(
    ("service", "address", "asked"),
    [
        ("crossref", "http://h:1", ("http://h:1",)),
        ("crossref", "http://h:1/v1/", ("http://h:1/v1",)),
        ("eutils", "http://h:1", ("http://h:1/entrez/eutils", "http://h:1")),
        ("eutils", "http://h:1/", ("http://h:1/entrez/eutils", "http://h:1")),
        ("eutils", "http://h:1/mine", ("http://h:1/mine",)),
        ("unpaywall", "http://h:1", ("http://h:1/v2", "http://h:1")),
    ],
)
def test_a_base_without_a_path_stands_for_the_host(
    service: str, address: str, asked: tuple[str, ...]
) -> None:
    settings = in_environment(Settings(), {f"{service.upper()}_URL": address})
    assert bases(settings, service) == asked


# -- Questions and their answers -------------------------------------------------------------------


def test_each_question_is_answered_in_the_documented_shape(
    there: Server, asking: Callable[..., Services]
) -> None:
    services = asking(there)
    work = json.loads(services.crossref(LANTERN.doi))["message"]
    assert (work["DOI"], work["title"]) == (LANTERN.doi, [LANTERN.title])
    works = json.loads(services.crossref_search("the quiet lanterns"))["message"]
    assert [item["DOI"] for item in works["items"]] == [LANTERN.doi]
    found = ET.fromstring(services.pubmed([LANTERN.pmid, KITE.pmid, "999"]))  # noqa: S314  a test wrote it
    assert [pmid.text for pmid in found.iter("PMID")] == [LANTERN.pmid, KITE.pmid]
    result = json.loads(services.pubmed_search("kites[ti] AND colours"))["esearchresult"]
    assert result["idlist"] == [KITE.pmid]
    (record,) = json.loads(services.idconv([LANTERN.doi], "doi"))["records"]
    assert (record["pmcid"], str(record["pmid"])) == (LANTERN.pmcid, LANTERN.pmid)
    free = json.loads(services.unpaywall(LANTERN.doi))["best_oa_location"]
    assert free["url_for_landing_page"] == LANTERN.free_at
    assert services.reached


def test_the_contact_is_named_as_each_service_wants_it(
    there: Server, asking: Callable[..., Services]
) -> None:
    services = asking(there, home="https://site.test")
    services.crossref(KITE.doi)
    services.pubmed([KITE.pmid])
    services.unpaywall(KITE.doi)
    crossref, pubmed, unpaywall = there.requests
    for request in there.requests:
        assert request.headers["User-Agent"] == f"{TOOL} (https://site.test; mailto:{CONTACT})"
    assert crossref.query == {"mailto": CONTACT}
    assert (pubmed.query["tool"], pubmed.query["email"]) == (TOOL, CONTACT)
    assert unpaywall.query == {"email": CONTACT}


def test_without_a_contact_nobody_is_named_and_unpaywall_is_not_asked(
    there: Server, asking: Callable[..., Services]
) -> None:
    services = asking(there, contact="")
    assert "verify_contact" in reason(lambda: services.unpaywall(KITE.doi))
    services.crossref(KITE.doi)
    services.pubmed([KITE.pmid])
    crossref, pubmed = there.requests
    assert crossref.headers["User-Agent"] == TOOL
    assert not crossref.query
    assert "email" not in pubmed.query


ODD = [
    *(
        "10.1000/a,b",
        "10.1000/(SICI)1097(1999)2:3<4::AID-X5>3.0.CO;2-#",
        "10.1000/a?b=c&d",
        "10.1000/50%",
    ),
    *(
        "10.1000/a%2Fb",
        "10.1000/é+ü",
        "10.1000/../../efetch.fcgi",
        "10.1000/a//b",
        "10.1000/./a",
        "10.1000/a/",
    ),
]


@pytest.mark.parametrize("doi", ODD)
def test_a_doi_with_any_sign_arrives_as_it_is(doi: str, asking: Callable[..., Services]) -> None:
    with serving([Paper(doi=doi)]) as there:
        services = asking(there)
        assert json.loads(services.crossref(doi))["message"]["DOI"] == doi.lower()
        assert json.loads(services.unpaywall(doi))["doi"] == doi.lower()
    assert all(re.fullmatch(r"[\w./%~-]+", request.path, re.ASCII) for request in there.requests)
    assert len(there.requests) == 2


def test_a_slash_is_encoded_only_where_it_would_be_lost() -> None:
    assert in_path("10.1000/a/b,c") == "10.1000/a/b%2Cc"
    assert in_path("10.1000/../b") == "10.1000%2F..%2Fb"


@pytest.mark.parametrize(
    "doi", ["", "10.1000", "doi:10.1000/a", "10.1000/a b", "works", "10.1000/a\n"]
)
def test_what_is_no_identifier_is_not_asked_for(
    doi: str, there: Server, asking: Callable[..., Services]
) -> None:
    services = asking(there)
    questions: list[Callable[[], object]] = [
        lambda: services.crossref(doi),
        lambda: services.unpaywall(doi),
        lambda: services.pubmed([doi]),
        lambda: services.pubmed(["0"]),
        lambda: services.pubmed([]),
        lambda: services.pubmed(["1,2"]),
        lambda: services.pubmed([str(number) for number in range(1, 300)]),
        lambda: services.idconv(["10.1000/a,b", ""], "doi"),
    ]
    assert all(map(reason, questions))
    assert not there.requests


def test_an_identifier_with_a_comma_is_left_out_of_a_list(
    there: Server, asking: Callable[..., Services]
) -> None:
    asking(there).idconv([LANTERN.doi, "10.1000/a,b"], "doi")
    assert there.requests[0].query["ids"] == LANTERN.doi


def test_a_server_with_the_short_paths_is_found(asking: Callable[..., Services]) -> None:
    routes = {path: server.status(404) for path in ("/entrez/eutils/", "/v2/")}
    with serving([KITE], routes) as there:
        services = asking(there)
        for pmid in (KITE.pmid, "999"):
            articles(services.pubmed([pmid]))
        assert isinstance(reason(lambda: services.unpaywall(KITE.doi)), str)  # it knows only /v2
    paths = [request.path for request in there.requests]
    assert paths[:3] == ["/entrez/eutils/efetch.fcgi", "/efetch.fcgi", "/efetch.fcgi"]
    assert paths[3:] == [f"/v2/{KITE.doi}", f"/{KITE.doi}"]


def test_not_found_is_an_answer_and_nothing_else_is(asking: Callable[..., Services]) -> None:
    faults = {"/works/10.5555/bad": server.status(400), "/works/10.5555/gone": server.status(410)}
    with serving([KITE], faults) as there:
        services = asking(there)
        with pytest.raises(NotFoundError, match="HTTP 404"):
            services.crossref("10.5555/unknown")
        for doi, code in (("10.5555/bad", 400), ("10.5555/gone", 410)):
            with pytest.raises(NotAnsweredError, match=f"HTTP {code}") as caught:
                services.crossref(doi)
            assert not isinstance(caught.value, NotFoundError)
            assert not caught.value.unreachable
    assert len(there.requests) == 3


# -- Rates and tries -------------------------------------------------------------------------------


def test_ncbi_is_asked_three_times_a_second_at_most_and_all_of_it_together(
    there: Server, asking: Callable[..., Services], clock: Clock
) -> None:
    services, times = asking(there), []
    for number in range(1, 9):
        services.pubmed([str(number)])
        times.append(clock.time)
    gaps = [later - earlier for earlier, later in zip(times, times[3:], strict=False)]
    assert min(gaps) > 1
    assert not [pause for pause in clock.pauses if pause > 0.5]


def test_a_pause_is_kept_only_where_none_has_passed(
    there: Server, asking: Callable[..., Services], clock: Clock
) -> None:
    services = asking(there)
    for pmid in ("1", "2"):
        services.pubmed([pmid])
        clock.time += 1
    assert not clock.pauses


@pytest.mark.parametrize(
    ("limit", "interval", "pause"),
    [
        *(("1", "1s", 1), ("3", "6s", 2), ("1", "9999s", USUAL.wait)),
        # Neither faster than at first, nor what makes no sense.
        *(("5000", "1s", 0.25), ("0", "1s", 0.25), ("-1", "1s", 0.25), ("1e9", "ten", 0.25)),
    ],
)
def test_the_rate_in_the_headers_is_kept(
    limit: str, interval: str, pause: float, asking: Callable[..., Services], clock: Clock
) -> None:
    headers = {"X-Rate-Limit-Limit": limit, "X-Rate-Limit-Interval": interval}
    with serving([LANTERN, KITE], headers=headers) as there:
        services = asking(there)
        services.crossref(LANTERN.doi)
        services.crossref(KITE.doi)
    assert clock.pauses == [pytest.approx(pause)]


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_what_may_get_better_is_asked_again_with_longer_and_longer_pauses(
    code: int, asking: Callable[..., Services], clock: Clock
) -> None:
    faults = {"/works/": [server.status(code), server.reset, server.status(code)]}
    with serving([KITE], faults) as there:
        assert asking(there).crossref(KITE.doi)
    assert len(there.requests) == 4
    backoff = [pause for pause in clock.pauses if pause > 0.25]
    assert [0.5 <= pause / 2**turn <= 1 for turn, pause in enumerate(backoff)] == [True] * 3


def test_pauses_differ_from_run_to_run(asking: Callable[..., Services], clock: Clock) -> None:
    with serving(faults={"/works/": server.status(503)}) as there:
        for _run in range(2):
            assert reason(partial(asking(there).crossref, KITE.doi)) == "HTTP 503 after 4 tries"
    assert len({*clock.pauses}) == len(clock.pauses)
    assert sum(clock.pauses) < 20


@pytest.mark.parametrize("code", [400, 401, 403, 410, 418, 451])
def test_what_does_not_get_better_is_asked_once(code: int, asking: Callable[..., Services]) -> None:
    with serving(faults={"/works/": server.status(code)}) as there:
        assert reason(lambda: asking(there).crossref(KITE.doi)) == f"HTTP {code}"
    assert len(there.requests) == 1


def in_seconds(seconds: int) -> str:
    """Return the date of HTTP *seconds* from now."""
    return format_datetime(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        *(("7", 7, 7), (20, 18, 21)),
        # What lies behind, or is none, is a pause as without it.
        *(
            (-20, 0.5, 1),
            ("soon", 0.5, 1),
            ("-5", 0.5, 1),
            ("", 0.5, 1),
            ("9" * 5000, 0.5, 1),
        ),
    ],
)
def test_retry_after_is_heeded_as_seconds_and_as_a_date(
    header: str | int, least: float, most: float, asking: Callable[..., Services], clock: Clock
) -> None:
    header = in_seconds(header) if isinstance(header, int) else header
    faults = {"/works/": [server.status(429, Retry_After=header)]}
    with serving([KITE], faults) as there:
        assert asking(there).crossref(KITE.doi)
    assert least <= max(clock.pauses) <= most


@pytest.mark.parametrize("is_date", [False, True])
def test_a_day_is_not_waited_for_and_nobody_asks_again_before(
    is_date: bool, asking: Callable[..., Services], clock: Clock
) -> None:
    header = in_seconds(86_400) if is_date else "86400"
    with serving([KITE], {"/works/": server.status(503, Retry_After=header)}) as there:
        services = asking(there)
        for doi in (LANTERN.doi, KITE.doi):
            assert re.fullmatch(
                r"HTTP 503, .* 86\d{3} seconds", reason(partial(services.crossref, doi))
            )
        assert services.pubmed([KITE.pmid])
    assert len([request for request in there.requests if "/works/" in request.path]) == 1
    assert sum(clock.pauses) < 1


def test_a_service_that_keeps_failing_is_tried_once_for_each_until_it_answers(
    asking: Callable[..., Services],
) -> None:
    with serving([KITE], {"/works/": server.status(503)}) as there:
        services = asking(there)
        for number in range(5):
            assert "503" in reason(partial(services.crossref, f"10.5555/{number}"))
        assert len(there.requests) == 3 * USUAL.tries + 2
        there.faults.clear()
        assert services.crossref(KITE.doi)
        there.faults["/works/"] = server.status(503)
        assert "after 4 tries" in reason(lambda: services.crossref(LANTERN.doi))


# -- Hostile and broken answers --------------------------------------------------------------------

BROKEN = {
    "reset": (server.reset, "the connection broke after 4 tries"),
    "broken off": (server.broken_off, "the connection broke after 4 tries"),
    "silence": (server.silence, "nothing came for 0.2 seconds after 2 tries"),
    "slow body": (server.drip, "no whole answer in 0.4 seconds"),
    "slow head": (server.drip_head, "no whole answer in 0.4 seconds"),
    "1 GB": (server.huge, "an answer of more than 0.5 MB"),
    "no end": (server.endless, "an answer of more than 0.5 MB"),
    "gzip bomb": (server.gzip_bomb, "an answer of more than 0.5 MB"),
    "bomb in a bomb": (server.packed_twice, "an answer packed in a way that was not asked for"),
    "not packed": (
        server.status(200, b"{}", server.JSON, Content_Encoding="gzip"),
        "an answer that cannot be unpacked",
    ),
    "another host": (server.redirect("http://localhost:9/works/x"), "a redirect to another host"),
    "another port": (server.redirect(f"{DEAD}/works/x"), "a redirect to another host"),
    "a file": (server.redirect("file:///etc/passwd"), "a redirect to another host"),
    "hostile redirect": (server.redirect("http://\x1b[2J/"), "the connection broke after 4 tries"),
    "redirect in a circle": (server.redirect("/works/again"), "more than 3 redirects"),
    "page for people": (server.web_page, "an answer that is no JSON object"),
    "cut short": (server.cut, "an answer that is no JSON object"),
    "deep": (server.DEEP_JSON, "an answer that is no JSON object"),
    "a list": (server.body("[]"), "an answer that is no JSON object"),
    "a long number": (
        server.body('{"a": ' + "9" * 90_000 + "}"),
        "an answer that is no JSON object",
    ),
    "nothing": (server.body(""), "an answer that is no JSON object"),
    "no bytes of text": (server.body(b'{"a": "\xff\xfe"}'), "an answer that is no JSON object"),
    "no content": (server.status(204), "HTTP 204"),
    "a part": (server.status(206, b"{}"), "HTTP 206"),
    "not changed": (server.status(304), "HTTP 304 to a question without a condition"),
    "words in an error": (server.status(403, server.HOSTILE.encode()), "HTTP 403"),
}
#: Those for which only time runs out.
SLOW = {"silence", "slow body", "slow head"}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_answer_is_named_and_neither_believed_nor_kept(
    name: str, asking: Callable[..., Services], tmp_path: Path
) -> None:
    fault, words = BROKEN[name]
    begin = time.monotonic()
    with serving([KITE], {"/works/": fault}) as there:
        services = asking(there, limits=QUICK if name in SLOW else USUAL)
        assert reason(lambda: services.crossref(KITE.doi)) == words
        assert services.reached
        assert time.monotonic() - begin < 5
        assert not [*tmp_path.rglob("cache/*")]
        there.faults.clear()
        assert asking(there).crossref(KITE.doi)


def test_a_packed_answer_is_unpacked(asking: Callable[..., Services]) -> None:
    paper = Paper(abstract="lantern " * 9000)
    with serving([paper], {"/works/": server.packed}) as there:
        data = asking(there).crossref(paper.doi)
    assert data == server.answer([paper], f"/works/{paper.doi}", {})[2]
    assert len(data) > 65_536


def test_a_packed_answer_that_is_cut_short_is_none(asking: Callable[..., Services]) -> None:
    half = gzip.compress(b"{}" + b" " * 999)[:-9]
    fault = server.status(200, half, server.JSON, Content_Encoding="gzip")
    with serving(faults={"/works/": fault}) as there:
        assert reason(lambda: asking(there).crossref(KITE.doi)) == "an answer that was cut short"


def test_a_circle_of_redirects_is_left_after_three(asking: Callable[..., Services]) -> None:
    with serving(faults={"/works/": server.redirect("/works/again")}) as there:
        reason(lambda: asking(there).crossref(KITE.doi))
    assert len(there.requests) == 4


def test_a_redirect_on_the_same_host_is_followed(asking: Callable[..., Services]) -> None:
    with serving(
        [KITE], {"/works/10.5555/old": server.redirect(f"/works/{KITE.doi}", 301)}
    ) as there:
        data = asking(there).crossref("10.5555/old")
    assert json.loads(data)["message"]["DOI"] == KITE.doi


@pytest.mark.parametrize(
    ("asked", "location", "followed"),
    [
        ("http://host/a", "https://host/b", True),
        ("https://host/a", "/b", True),
        ("https://host/a", "http://host/b", False),
        ("http://host:8000/a", "https://host/b", False),
        ("https://host/a", "https://host:444/b", False),
        ("https://host/a", "https://host.evil.test/b", False),
        ("https://host/a", "//evil.test/b", False),
        ("https://host/a", "https://user:secret@host/b", False),
        ("https://host/a", "https://host@evil.test/b", False),
    ],
)
def test_no_redirect_leads_to_another_host_or_out_of_https(
    asked: str, location: str, followed: bool
) -> None:
    try:
        redirected(httpx.URL(asked), location)
    except NotAnsweredError:
        assert not followed
    else:
        assert followed


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (server.web_page, "an answer that is no set of articles, or not all of it"),
        (server.cut, "an answer that is no set of articles, or not all of it"),
        (
            server.body('{"error":"API rate limit exceeded"}'),
            "an answer that is no set of articles, or not all of it",
        ),
    ],
)
def test_what_is_no_set_of_articles_is_no_answer(
    fault: server.Fault, words: str, asking: Callable[..., Services]
) -> None:
    with serving([KITE], {"efetch": fault}) as there:
        assert reason(lambda: asking(there).pubmed([KITE.pmid])) == words


@pytest.mark.parametrize(
    "result",
    ['{"ERROR": "Search Backend failed"}', '{"ERROR": "failed", "idlist": []}', "{}", "[]"],
)
def test_a_search_that_failed_did_not_find_nothing(
    result: str, asking: Callable[..., Services]
) -> None:
    fault = server.body(f'{{"header": {{}}, "esearchresult": {result}}}')
    with serving([KITE], {"esearch": fault}) as there:
        services = asking(there)
        assert "no result of a search" in reason(lambda: services.pubmed_search("kites"))
        there.faults.clear()
        found = json.loads(services.pubmed_search("whales"))["esearchresult"]
    assert found["idlist"] == []


def test_a_search_between_two_days_names_both(
    there: Server, asking: Callable[..., Services]
) -> None:
    days = (dt.date(2026, 1, 2), dt.date(2026, 3, 4))
    asking(there).pubmed_search("kites", days, number=10)
    query = there.requests[0].query
    assert (query["mindate"], query["maxdate"], query["datetype"]) == (
        "2026/01/02",
        "2026/03/04",
        "edat",
    )
    assert query["retmax"] == "10"


# -- Without a network -----------------------------------------------------------------------------


def no_name(*_host: object, **_more: object) -> None:
    """Find no name, as without a network."""
    raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")


def no_end(*_host: object, **_more: object) -> None:
    """Look for a name as long as a resolver may."""
    time.sleep(2)


@pytest.mark.parametrize(("address", "resolve"), [(DEAD, None), ("", no_name), ("", no_end)])
def test_without_a_network_each_service_is_given_up_quickly_and_once(
    address: str,
    resolve: Callable[..., None] | None,
    asking: Callable[..., Services],
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if resolve:
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
    begin = time.monotonic()
    services = asking(address or "http://host.test", limits=QUICK)
    for doi in (KITE.doi, LANTERN.doi):
        with pytest.raises(NotAnsweredError, match="no connection") as caught:
            services.crossref(doi)
        assert caught.value.unreachable
    assert not services.reached
    assert len(clock.pauses) == QUICK.connects - 1
    assert sum(clock.pauses) < 2
    assert time.monotonic() - begin < 1.5


def test_a_host_that_answered_before_is_tried_again(asking: Callable[..., Services]) -> None:
    with serving([KITE]) as there:
        services = asking(there)
        services.crossref(KITE.doi)
    for _turn in range(2):
        assert reason(lambda: services.crossref(LANTERN.doi)) == "no connection after 4 tries"
    assert services.reached


# -- What is kept ----------------------------------------------------------------------------------


def test_what_is_fresh_is_not_asked_again_whoever_asks(
    there: Server, asking: Callable[..., Services], clock: Clock
) -> None:
    first = asking(there).crossref(KITE.doi)
    clock.time += FRESH - 1
    second = asking(there, contact="").crossref(KITE.doi)
    assert first == second
    assert len(there.requests) == 1


def test_what_is_not_fresh_is_asked_for_if_it_has_changed(
    there: Server, asking: Callable[..., Services], clock: Clock
) -> None:
    there.headers["Last-Modified"] = "Thu, 01 Jan 2026 00:00:00 GMT"
    services = asking(there)
    first = services.crossref(KITE.doi)
    for turn in range(2, 4):
        clock.time += FRESH
        assert services.crossref(KITE.doi) == first
        clock.time += FRESH - 1  # what has not changed is fresh again
        assert services.crossref(KITE.doi) == first
        assert len(there.requests) == turn
    assert there.requests[1].headers["If-None-Match"].startswith('"')
    assert there.requests[1].headers["If-Modified-Since"] == there.headers["Last-Modified"]
    there.papers = [Paper("Another title", KITE.doi)]
    clock.time += FRESH
    assert json.loads(services.crossref(KITE.doi))["message"]["title"] == ["Another title"]


def test_an_old_answer_is_never_given_for_a_new_one(
    there: Server, asking: Callable[..., Services], clock: Clock
) -> None:
    services = asking(there)
    services.crossref(KITE.doi)
    clock.time += FRESH
    there.faults["/works/"] = server.status(500)
    assert "HTTP 500" in reason(lambda: services.crossref(KITE.doi))


def test_a_clock_that_was_put_back_makes_nothing_fresh(
    there: Server, asking: Callable[..., Services], clock: Clock
) -> None:
    asking(there).crossref(KITE.doi)
    clock.time -= 100
    asking(there).crossref(KITE.doi)
    assert len(there.requests) == 2


def test_not_changed_is_no_answer_where_nothing_was_compared(
    there: Server, asking: Callable[..., Services], clock: Clock, tmp_path: Path
) -> None:
    services = asking(there)
    services.crossref(KITE.doi)
    (file,) = tmp_path.glob("cache/*")
    file.write_bytes(re.sub(rb'"etag": "[^,]*"', b'"etag": ""', file.read_bytes()))
    clock.time += FRESH
    there.faults["/works/"] = server.status(304)
    assert "HTTP 304" in reason(lambda: services.crossref(KITE.doi))


def test_a_list_in_another_order_is_the_same_question(
    there: Server, asking: Callable[..., Services]
) -> None:
    services = asking(there)
    numbers = [str(number) for number in range(1, 21)]
    assert services.pubmed(numbers) == services.pubmed([*numbers[::-1], "1"])
    assert there.requests[0].query["id"].split(",") == numbers
    assert len(there.requests) == 1


def test_each_question_and_each_server_has_its_own_answer(
    there: Server, asking: Callable[..., Services]
) -> None:
    services = asking(there)
    assert services.crossref(KITE.doi) != services.crossref(LANTERN.doi)
    with serving([Paper("Elsewhere", KITE.doi)]) as other:
        assert asking(other).crossref(KITE.doi) != services.crossref(KITE.doi)


def test_what_is_forgotten_is_asked_again(there: Server, asking: Callable[..., Services]) -> None:
    services = asking(there)
    for _turn in range(2):
        services.forget(services.crossref(KITE.doi))
    assert len(there.requests) == 2


CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "cut short": lambda data: data[:-5],
    "without an end of the first line": lambda data: data[:20],
    "empty": lambda _data: b"",
    "another byte": lambda data: data.replace(b"Kites", b"Mites"),
    "no JSON": lambda data: b"x" + data,
    "a list": lambda data: b"[]\n" + data.partition(b"\n")[2],
    "another time": lambda data: re.sub(rb'"when": [\d.]+', b'"when": "now"', data),
    "a field more": lambda data: data.replace(b'{"', b'{"more": 1, "', 1),
    "an ETag that is no text": lambda data: re.sub(rb'"etag": "[^,]*"', b'"etag": 5', data),
    "a day that is no text": lambda data: data.replace(b'"modified": ""', b'"modified": 5', 1),
    "deep": lambda data: b"[" * 100_000 + b"\n" + data,
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_file_that_is_not_what_was_kept_is_none(
    name: str, there: Server, asking: Callable[..., Services], tmp_path: Path
) -> None:
    first = asking(there).crossref(KITE.doi)
    (file,) = tmp_path.glob("cache/*")
    data = file.read_bytes()
    assert CHANGES[name](data) != data
    file.write_bytes(CHANGES[name](data))
    assert asking(there).crossref(KITE.doi) == first
    assert len(there.requests) == 2
    assert "If-None-Match" not in there.requests[1].headers


def test_the_file_of_another_answer_is_none(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.keep("http://a", Kept(b"{}", 1.0))
    cache.file("http://a").rename(cache.file("http://b"))
    assert cache.read("http://b") is None


def test_hostile_conditions_are_not_sent_back() -> None:
    assert Kept(b"", 1.0, "a\r\nX: y", "\x1b[2J").conditions() == {}


def test_where_nothing_can_be_written_answers_are_given_all_the_same(
    there: Server, asking: Callable[..., Services], tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file in place of the folder")
    services = asking(there)
    for _turn in range(2):
        assert services.crossref(KITE.doi)
    assert len(there.requests) == 2


SCRIPT = """\
import os, signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets what is in its background ignore it
from verify.services import Services
from verify.settings import Settings, in_environment
with Services(in_environment(Settings(), os.environ), Path(sys.argv[1])) as services:
    for number in range(1, 5):
        services.crossref(f"10.5555/{number}")
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_was_stopped_asks_only_for_what_is_missing(
    how: signal.Signals, tmp_path: Path
) -> None:
    papers = [Paper(doi=f"10.5555/{number}") for number in range(1, 5)]
    with serving(papers, {"10.5555/3": [server.silence]}) as there:
        variables = {**os.environ, **there.environment, "PYTHONPATH": f"{ROOT}/_ext:{ROOT}/tools"}
        command = [sys.executable, "-c", SCRIPT, str(tmp_path / "cache")]
        with subprocess.Popen(command, env=variables, stderr=subprocess.DEVNULL) as run:
            while len(there.requests) < 3:
                time.sleep(0.01)
            run.send_signal(how)
        assert len([*tmp_path.glob("cache/*")]) == 2
        subprocess.run(command, env=variables, check=True, capture_output=True)
    asked = [request.path.rpartition("/")[2] for request in there.requests]
    assert asked == ["1", "2", "3", "3", "4"]


# -- The server of the tests -----------------------------------------------------------------------


def test_the_server_answers_only_what_the_services_document(there: Server) -> None:
    for path in ("/", "/anything", "/works/10.5555/none", "/efetch"):
        assert httpx.get(there.url + path).status_code == 404
    assert httpx.get(f"{there.url}/v2/{KITE.doi}").status_code == 422
    mixed = {"ids": f"{KITE.doi},102", "idtype": "doi"}
    assert httpx.get(f"{there.url}/tools/idconv/api/v1/articles/", params=mixed).status_code == 400
