"""Asking an address for its content: the only module that speaks HTTP, and the only one that imports httpx.

It brings bytes and tells what kind of failure there was. It does not read the bytes, decide when to ask again, or
remember anything but whose turn it is: no cookies, no passwords, no connections kept, no proxy from the environment.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import certifi
import httpcore
import httpx
import stamina

from aggregator import answers, robots
from aggregator.address import OPEN, Address, Policy, check_address
from aggregator.answers import Fetched, NotModified
from aggregator.errors import BadAnswer, FetchError, Unreachable
from aggregator.failures import FAILURES, failure
from aggregator.guard import Guard, NoName, Refusal, Resolver, TooMuch, resolve
from aggregator.hosts import Reserve, Turns
from aggregator.redirects import REDIRECTS, Trail

__all__ = ["FEEDS", "Asks", "Fetched", "Fetcher", "Limits", "NotModified", "agent_name"]

MEGABYTE = 1_000_000
MOST_ROBOTS = 1000  # files kept
FEEDS = "text/calendar, application/rss+xml, application/atom+xml, application/ld+json, text/html;q=0.8, */*;q=0.5"


class Asks(Protocol):
    """Whatever asks addresses for us: a `Fetcher`, or one that is held to a ration."""

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        validated: str | None = None,
        interval: timedelta = timedelta(0),
        limit: int | None = None,
        accept: str = FEEDS,
    ) -> Fetched | NotModified:
        """See `Fetcher.fetch`."""

    async def allowed(self, url: str) -> bool:
        """See `Fetcher.allowed`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds for all hops of a fetch together and for one connection, and bytes of a decoded body."""

    total: float = 30.0
    connect: float = 5.0
    size: int = 5 * MEGABYTE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """What is asked at each hop of one fetch; `validated` is the address that the validators belong to."""

    accept: str
    size: int
    interval: timedelta
    etag: str | None
    last_modified: str | None
    validated: str | None

    def headers(self, address: Address, agent: str) -> dict[str, str]:
        """The headers for one hop."""
        headers = {"User-Agent": agent, "Accept": self.accept, "Accept-Encoding": "gzip", "Connection": "close"}
        if self.validated in (None, address.url):
            headers |= {"If-None-Match": self.etag} if self.etag else {}
            headers |= {"If-Modified-Since": self.last_modified} if self.last_modified else {}
        return headers


@dataclass(frozen=True, slots=True)
class _Redirect:
    status: int
    location: str | None


class Fetcher:
    """Asks addresses, politely. One for the process, used on one event loop at a time.

    `now` tells the time, for dates in headers only; all deadlines run on the loop's clock. `network` and `look_up`
    are what lies below the guard.
    """

    def __init__(
        self,
        *,
        agent: str,
        now: Callable[[], datetime],
        policy: Policy = OPEN,
        spacing: float = 2.0,
        reserve: Reserve | None = None,
        limits: Limits = Limits(),
        tls: ssl.SSLContext | None = None,
        look_up: Resolver = resolve,
        network: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._agent = agent
        self._now = now
        self._policy = policy
        self._turns = Turns(spacing, reserve)
        self._limits = limits
        self._tls = tls
        self._look_up = look_up
        self._network = network
        self._robots: dict[str, tuple[float, robots.Rules]] = {}

    async def fetch(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        validated: str | None = None,
        interval: timedelta = timedelta(0),
        limit: int | None = None,
        accept: str = FEEDS,
    ) -> Fetched | NotModified:
        """Ask `url`, following at most five redirects, each judged anew; raises `FetchError`.

        `etag` and `last_modified` are those of the last answer, `validated` the `url` it came from. `interval` is
        the shortest that a `Retry-After` can mean, `limit` the largest body in bytes. The wait for the host's turn is
        not part of the deadline.
        """
        question = _Question(
            accept=accept,
            size=self._limits.size if limit is None else limit,
            interval=interval,
            etag=etag,
            last_modified=last_modified,
            validated=validated,
        )
        trail = Trail(check_address(url, self._policy))
        left = self._limits.total
        while True:
            host = trail.at.turn
            async with self._turns.turn(host, spaced=not trail.at.exempt):
                while trail.at.turn == host:  # a redirect within the host is part of its turn
                    result, left = await self._timed(trail.at, question, left)
                    if not isinstance(result, _Redirect):
                        return replace(result, moved=trail.moved)
                    trail = trail.follow(result.status, result.location, self._policy)

    async def allowed(self, url: str) -> bool:
        """Whether the host's robots.txt lets us crawl a page; False too where it can't be learned just now.

        Raises `RefusedAddress`. The file is kept for a day, and its `Crawl-delay` becomes the host's spacing.
        """
        address = check_address(url, self._policy)
        where = robots.address(address.url)
        now = asyncio.get_running_loop().time()
        until, rules = self._robots.pop(where, (now, None))
        if rules is None or until <= now:
            rules = await self._rules(where)
            until = now + rules.kept
        self._robots[where] = until, rules
        if len(self._robots) > MOST_ROBOTS:
            del self._robots[next(iter(self._robots))]
        self._turns.slow(address.turn, rules.delay)
        return rules.allows(address.url)

    async def _rules(self, where: str) -> robots.Rules:
        try:
            answer = await self.fetch(where, limit=robots.MOST_BYTES, accept="text/plain, */*;q=0.5")
        except FetchError as error:
            return robots.without(error)
        return robots.read(answer.body if isinstance(answer, Fetched) else b"")

    async def _timed(
        self, address: Address, question: _Question, left: float
    ) -> tuple[Fetched | NotModified | _Redirect, float]:
        """One hop within what is `left` of the deadline, and what is left after it."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout(left):
                result = await self._persistent(address, question)
        except TimeoutError as error:
            raise failure(error, address, self._limits.total) from error
        return result, left - (clock() - begun)

    async def _persistent(self, address: Address, question: _Question) -> Fetched | NotModified | _Redirect:
        """One hop, tried once more where no connection came about."""
        async for attempt in stamina.retry_context(on=_worth_another, attempts=2, wait_initial=0.2, wait_jitter=0.3):
            with attempt:
                return await self._hop(address, question)
        raise AssertionError("stamina gives a result or raises")

    async def _hop(self, address: Address, question: _Question) -> Fetched | NotModified | _Redirect:
        guard = Guard(self._policy, exempt=address.exempt, look_up=self._look_up, network=self._network)
        request = httpx.Request("GET", address.url, headers=question.headers(address, self._agent))
        try:
            async with _OneRequest(guard, self._trusted(address), self._limits.connect) as transport:
                response = await transport.handle_async_request(request)
                return await self._judge(response, address, question, guard)
        except (*FAILURES, Refusal, TooMuch, NoName) as error:
            raise failure(error, address, self._limits.connect) from error

    def _trusted(self, address: Address) -> ssl.SSLContext | None:
        """Whom we trust; loaded once, when the first secure address is asked."""
        if address.scheme == "https" and self._tls is None:
            self._tls = _trust()
        return self._tls

    async def _judge(
        self, response: httpx.Response, address: Address, question: _Question, guard: Guard
    ) -> Fetched | NotModified | _Redirect:
        headers, status = response.headers, response.status_code
        if status in REDIRECTS:
            return _Redirect(status, headers.get("location"))
        if status == 304:
            return _not_modified(address, response.request.headers)
        if status != 200:
            wait = answers.retry_after(headers, self._now(), question.interval)
            raise answers.refusal(status, url=address.url, host=address.host, retry_after=wait)
        return Fetched(
            url=address.url,
            body=await _body(response, address, question.size, guard),
            content_type=answers.content_type(headers),
            etag=answers.kept_etag(headers),
            last_modified=answers.kept_last_modified(headers, self._now()),
        )


async def _body(response: httpx.Response, address: Address, size: int, guard: Guard) -> bytes:
    body = answers.Body(response.headers, limit=size, url=address.url)
    guard.grant(2 * size)  # what is sent may be a little more than what it holds: chunk lengths, trailers
    async for chunk in response.aiter_raw():
        body.feed(chunk)
    return body.finish()


class _OneRequest(httpx.AsyncBaseTransport):
    """A connection of its own for one request. A shared pool costs many times the CPU of what it would save here."""

    def __init__(self, guard: Guard, tls: ssl.SSLContext | None, connect: float) -> None:
        self._guard = guard
        self._tls = tls
        self._connect = connect
        self._connection: httpcore.AsyncHTTPConnection | None = None

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        self._connection = httpcore.AsyncHTTPConnection(
            httpcore.Origin(url.raw_scheme, url.raw_host, port), ssl_context=self._tls, network_backend=self._guard
        )
        response = await self._connection.handle_async_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions={"timeout": {"connect": self._connect}},
            )
        )
        return httpx.Response(response.status, headers=response.headers, stream=_Stream(response), request=request)

    async def aclose(self) -> None:
        if self._connection is not None:
            await self._connection.aclose()


class _Stream(httpx.AsyncByteStream):
    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._response.aiter_stream():
            yield part


def _not_modified(address: Address, asked: httpx.Headers) -> NotModified:
    if "if-none-match" not in asked and "if-modified-since" not in asked:
        sentence = f"{address.host} says that nothing changed, which we did not ask."
        raise BadAnswer(sentence, url=address.url, code="unasked", status=304)
    return NotModified(url=address.url)


def _worth_another(error: Exception) -> bool:
    return isinstance(error, Unreachable) and error.code == "connect"


def _trust() -> ssl.SSLContext:
    """Whom we trust: the system's list (and OpenSSL's SSL_CERT_FILE, for an own authority), and Mozilla's."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def agent_name(version: str, contact: str) -> str:
    """The User-Agent: who asks, and where to complain. Only printable ASCII can stand in a header."""
    told = "".join(c for c in contact if " " <= c <= "~")
    return f"Evenemang/{version} (+{told})" if told else f"Evenemang/{version}"
