"""Requests with manners, and answers that are kept within limits.

No text of a service reaches a message: all words here are our own.
"""

from __future__ import annotations

import datetime as dt
import functools
import random
import re
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import httpx

if TYPE_CHECKING:
    import ssl

MEGABYTE = 1_000_000
#: How much of a packed answer is unpacked at once.
STEP = 65_536
NUMBER = re.compile(r"[0-9]{1,9}")


class NotAnsweredError(Exception):
    """A question that was not answered, with the reason in one line.

    *unreachable*: nobody was there to ask, as without a network.
    """

    def __init__(self, reason: str, *, unreachable: bool = False) -> None:
        super().__init__(reason)
        self.unreachable = unreachable


class NotFoundError(NotAnsweredError):
    """The service says that it knows nothing of this (HTTP 404)."""


class NoNetworkError(Exception):
    """None of the services could be reached."""


class _BrokenError(NotAnsweredError):
    """Something that may be better at the next try."""


@dataclass(frozen=True)
class Limits:
    """What a service may take; only tests have others."""

    size: int = 20 * MEGABYTE  #: Bytes of an answer, unpacked.
    connect: float = 5  #: Seconds until there is a connection,
    read: float = 15  #: until the next bytes come,
    total: float = 30  #: and until the whole answer is there.
    tries: int = 4
    #: How often a host that has not answered yet is tried to connect to.
    connects: int = 2
    #: After so many questions in a row without an answer, each further one is tried once.
    failures: int = 3
    wait: float = 60  #: Seconds of a pause; who asks for a longer one is not asked again.
    redirects: int = 3


LIMITS = Limits()


class Reply(NamedTuple):
    """What came back; *data* is empty unless the status is 200."""

    status: int
    data: bytes
    headers: httpx.Headers


class Host:
    """How a service wants to be asked, as far as it is known."""

    def __init__(self, pause: float) -> None:
        self.slowest = self.pause = pause  #: Seconds from one request to the next.
        self.last = float("-inf")  #: When it was last asked.
        self.reached = False  #: Whether anything came back, whatever it was.
        self.failures = 0  #: Questions in a row without an answer.
        #: Why it is not asked any more.
        self.closed: NotAnsweredError | None = None

    def heed(self, headers: httpx.Headers, longest: float) -> None:
        """Follow the rate that *headers* name, never faster than at first.

        The headers: Crossref, REST API, "Access and authentication"; the interval is "1s".
        """
        number = headers.get("x-rate-limit-limit", "")
        seconds = headers.get("x-rate-limit-interval", "").removesuffix("s")
        if NUMBER.fullmatch(number) and NUMBER.fullmatch(seconds) and int(number):
            self.pause = min(max(self.slowest, int(seconds) / int(number)), longest)


@functools.cache
def certificates() -> ssl.SSLContext:
    """Return the certificates that are trusted; reading them takes longer than a question."""
    return httpx.create_ssl_context()


class Client:
    """A client that asks slowly, tries again, and stops at limits.

    *agent* is the ``User-Agent``. Proxies and certificates of the environment are used as httpx does.
    """

    def __init__(
        self,
        agent: str,
        limits: Limits = LIMITS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits
        self._sleep, self._clock = sleep, clock
        self._http = httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(limits.read, connect=limits.connect),
            verify=certificates(),
        )

    def close(self) -> None:
        """Close all connections."""
        self._http.close()

    def ask(self, host: Host, address: str, headers: Mapping[str, str]) -> Reply:
        """Return what *host* answers at *address*, with the status 200 or 304.

        Raise `NotAnsweredError` for every other answer, and for one of more than `Limits.size` bytes;
        `NotFoundError` for 404.
        """
        if host.closed:
            raise host.closed
        tries = self.limits.tries if host.failures < self.limits.failures else 1
        for done in range(1, tries + 1):
            self._keep_pace(host)
            asked = 0.0
            fault: NotAnsweredError
            try:
                reply = self._within(address, headers)
            except NotAnsweredError as error:
                host.reached |= not error.unreachable
                if not isinstance(error, _BrokenError):
                    raise
                fault = error
                if not host.reached:
                    tries = min(tries, self.limits.connects)
            else:
                host.reached = True
                host.heed(reply.headers, self.limits.wait)
                if not may_get_better(reply.status):
                    host.failures = 0
                    return answered(reply)
                fault = NotAnsweredError(f"HTTP {reply.status}")
                asked = seconds_to_wait(reply.headers)
            pause = max(asked, 2 ** (done - 1) * random.uniform(0.5, 1))  # noqa: S311  no secret
            if asked > self.limits.wait:
                host.closed = NotAnsweredError(f"{fault}, to be asked again in {asked:.0f} seconds")
                raise host.closed
            if done >= tries:
                break
            self._sleep(pause)
        raise self._given_up(host, fault, done)

    def _keep_pace(self, host: Host) -> None:
        """Wait until *host* may be asked."""
        if (pause := host.last + host.pause - self._clock()) > 0:
            self._sleep(pause)
        host.last = self._clock()

    def _given_up(self, host: Host, fault: NotAnsweredError, tries: int) -> NotAnsweredError:
        """Return the error for *fault* after *tries*; a *host* that was never reached is closed."""
        host.failures += 1
        words = f"{fault} after {tries} tries" if tries > 1 else str(fault)
        error = NotAnsweredError(words, unreachable=fault.unreachable)
        if fault.unreachable and not host.reached:
            host.closed = error
        return error

    def _within(self, address: str, headers: Mapping[str, str]) -> Reply:
        """Return the answer from *address*, which is there after `Limits.total` seconds, or never.

        A thread waits for it: no time limit of httpx ends the search for a name, or a head that comes
        byte by byte.
        """
        future: Future[Reply] = Future()
        connected, given_up = threading.Event(), threading.Event()

        def trace(step: str, _details: object) -> None:
            if step.endswith("send_request_headers.started"):
                connected.set()

        def exchange() -> None:
            try:
                future.set_result(self._exchange(address, headers, trace, given_up))
            except Exception as error:  # noqa: BLE001  it is raised again where the answer is awaited
                future.set_exception(error)
            connected.set()

        threading.Thread(target=exchange, daemon=True).start()
        try:
            if not connected.wait(2 * self.limits.connect):  # a name, and an address
                reason = "no connection"
                raise _BrokenError(reason, unreachable=True)
            return future.result(self.limits.total)
        except TimeoutError:
            reason = f"no whole answer in {self.limits.total:g} seconds"
            raise NotAnsweredError(reason) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise in_words(error, self.limits) from None
        finally:
            given_up.set()

    def _exchange(
        self,
        address: str,
        headers: Mapping[str, str],
        trace: Callable[[str, object], None],
        given_up: threading.Event,
    ) -> Reply:
        """Return the answer from *address*, or from where its host leads to on itself."""
        for _turn in range(self.limits.redirects + 1):
            request = self._http.build_request(
                "GET", address, headers=headers, extensions={"trace": trace}
            )
            response = self._http.send(request, stream=True)
            try:
                if response.has_redirect_location:
                    address = redirected(request.url, response.headers["location"])
                    continue
                data = b""
                if response.status_code == HTTPStatus.OK:
                    data = read(response, self.limits.size, given_up)
                return Reply(response.status_code, data, response.headers)
            finally:
                response.close()
        reason = f"more than {self.limits.redirects} redirects"
        raise NotAnsweredError(reason)


def in_words(error: httpx.HTTPError | httpx.InvalidURL, limits: Limits) -> NotAnsweredError:
    """Return the error for *error*, which says in its own words what a service may have said."""
    match error:
        case httpx.InvalidURL() | httpx.UnsupportedProtocol():
            return NotAnsweredError("an address that cannot be asked")
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.ProxyError():
            return _BrokenError("no connection", unreachable=True)
        case httpx.TimeoutException():
            return _BrokenError(f"nothing came for {limits.read:g} seconds")
    return _BrokenError("the connection broke")


def may_get_better(status: int) -> bool:
    """Return whether another try may have another answer than *status*."""
    return status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def answered(reply: Reply) -> Reply:
    """Return *reply* if it answers the question; raise `NotAnsweredError` if not."""
    if reply.status in {HTTPStatus.OK, HTTPStatus.NOT_MODIFIED}:
        return reply
    kind = NotFoundError if reply.status == HTTPStatus.NOT_FOUND else NotAnsweredError
    reason = f"HTTP {reply.status}"
    raise kind(reason)


def seconds_to_wait(headers: httpx.Headers) -> float:
    """Return what ``Retry-After`` asks for, as seconds or as a date (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if NUMBER.fullmatch(value):
        return int(value)
    try:
        when = parsedate_to_datetime(value)
        now = (
            parsedate_to_datetime(headers["date"]) if "date" in headers else dt.datetime.now(dt.UTC)
        )
        return max(0.0, (when - now).total_seconds())
    except (ValueError, TypeError, OverflowError):
        return 0.0


def redirected(asked: httpx.URL, location: str) -> str:
    """Return the address that *location* names; raise `NotAnsweredError` unless it is on the host *asked*."""
    try:
        to = asked.join(location)
    except (httpx.InvalidURL, ValueError):
        to = httpx.URL()
    same = (to.scheme, to.host, to.port) == (asked.scheme, asked.host, asked.port)
    safer = (asked.scheme, to.scheme, asked.port, to.port) == ("http", "https", None, None)
    if not (same or (safer and to.host == asked.host)) or to.userinfo:
        reason = "a redirect to another host"
        raise NotAnsweredError(reason)
    return str(to)


def read(response: httpx.Response, size: int, given_up: threading.Event) -> bytes:
    """Return the body of *response*; raise `NotAnsweredError` when it has more than *size* bytes."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in {"identity", "gzip"}:
        reason = "an answer packed in a way that was not asked for"
        raise NotAnsweredError(reason)
    data = bytearray()
    parts = response.iter_raw()
    for part in unpacked(parts) if packing == "gzip" else parts:
        data += part
        if len(data) > size or given_up.is_set():
            reason = f"an answer of more than {size / MEGABYTE:g} MB"
            raise NotAnsweredError(reason)
    return bytes(data)


def unpacked(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what is packed in *parts* with gzip, a little at a time."""
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for part in parts:
            rest = part
            while rest:
                yield unpacker.decompress(rest, STEP)
                rest = unpacker.unconsumed_tail
        yield unpacker.flush()
    except zlib.error:
        reason = "an answer that cannot be unpacked"
        raise NotAnsweredError(reason) from None
    if not unpacker.eof:
        reason = "an answer that was cut short"
        raise NotAnsweredError(reason)
