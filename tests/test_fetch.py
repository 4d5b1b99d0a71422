"""Asking an address: what is sent, what counts as an answer, and how every failure is told."""

from __future__ import annotations

import asyncio
import gzip
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import BadAnswer, FetchError, Gone, Unreachable
from aggregator.fetch import Fetcher, Limits, NotModified, agent_name
from tests.fetching import Wire, fetched, fetcher, refused
from tests.loopback import Asked, Loopback, answer

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def fuzzed() -> Iterator[tuple[Loopback, Fetcher]]:
    with Loopback() as server:
        yield server, fetcher(server)


HEAD = b"HTTP/1.1 200 OK\r\n"


async def test_answer_comes_with_what_is_needed_next_time(site: Loopback) -> None:
    site.file("/a.ics", b"BEGIN:VCALENDAR", content_type="text/calendar; charset=utf-8")
    got = await fetched(fetcher(site), site.url("/a.ics"))
    assert (got.body, got.content_type, got.url) == (
        b"BEGIN:VCALENDAR",
        "text/calendar; charset=utf-8",
        site.url("/a.ics"),
    )
    again = await fetcher(site).fetch(site.url("/a.ics"), etag=got.etag, last_modified=got.last_modified)
    assert isinstance(again, NotModified)
    assert isinstance(await fetcher(site).fetch(site.url("/a.ics"), last_modified=got.last_modified), NotModified)


async def test_request_says_who_asks_and_asks_only_for_gzip(site: Loopback) -> None:
    site.file("/a.ics", b"BEGIN")
    await fetched(fetcher(site), site.url("/a.ics"))
    headers = site.last("/a.ics").headers
    assert headers["user-agent"] == "Test/1"
    assert headers["accept-encoding"] == "gzip"
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "connection"}


def test_agent_name_is_one_that_fits_a_header() -> None:
    assert agent_name("1.2", "") == "Evenemang/1.2"
    assert agent_name("1.2", "https://kalender.example.se") == "Evenemang/1.2 (+https://kalender.example.se)"
    assert agent_name("1.2", "å\r\nX: y") == "Evenemang/1.2 (+X: y)"


async def test_B36_no_cookie_is_kept_or_sent(site: Loopback) -> None:
    site.page("/a", b"", status=302, location="/b", set_cookie="id=1; Path=/")
    site.page("/b", b"BEGIN", set_cookie="id=2; Path=/")
    asker = fetcher(site)
    for _ in range(2):
        await fetched(asker, site.url("/a"))
    assert not any("cookie" in asked.headers or "authorization" in asked.headers for asked in site.asked)


async def test_B37_slow_server_is_under_the_deadline(site: Loopback) -> None:
    async def drip(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"\r\n" if asked.path == "/body" else b"")
        while True:
            writer.write(b"X")
            await writer.drain()
            await asyncio.sleep(0.02)

    for path in ("/body", "/head"):
        site.script(path, drip)
        error = await refused(fetcher(site, limits=Limits(total=0.2)), site.url(path))
        assert (type(error), error.code) == (Unreachable, "timeout")
        assert "0.2 seconds" in str(error)


async def test_B37_deadline_is_for_all_hops_together(site: Loopback) -> None:
    async def late(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.15)
        writer.write(answer(302, b"", [("Location", asked.path + "a")]))

    for n in range(1, 7):
        site.script("/" + "a" * n, late)
    assert (await refused(fetcher(site, limits=Limits(total=0.4)), site.url("/a"))).code == "timeout"
    assert len(site.asked) <= 3


async def test_B38_server_that_never_answers(site: Loopback) -> None:
    async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    site.script("/a", silent)
    assert (await refused(fetcher(site, limits=Limits(total=0.1)), site.url("/a"))).code == "timeout"


async def test_B38_host_that_swallows_connections() -> None:
    class Hole(Wire):
        async def connect_tcp(self, *where: object, **how: object) -> httpcore.AsyncNetworkStream:
            await asyncio.Event().wait()
            raise AssertionError

    error = await refused(fetcher(network=Hole(), limits=Limits(connect=0.1)), "http://93.184.216.34/")
    assert (type(error), error.code) == (Unreachable, "timeout")
    assert "within 0.1 seconds" in str(error)


async def test_B38_host_that_refuses_connections_is_asked_twice() -> None:
    wire = Wire()
    error = await refused(fetcher(network=wire), "http://93.184.216.34/")
    assert (type(error), error.code) == (Unreachable, "connect")
    assert len(wire.connected) == 2


async def test_B38_connection_reset_in_the_middle(site: Loopback) -> None:
    async def reset(asked: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(HEAD + b"Content-Length: 1000\r\n\r\nBEGIN")
        await writer.drain()
        writer.transport.abort()

    site.script("/a", reset)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (BadAnswer, "cut")
    assert site.hits("/a") == 1


@pytest.mark.parametrize(
    ("head", "part"),
    [(b"\r\n", b"x" * 65536), (b"Transfer-Encoding: chunked\r\n\r\n", b"10000\r\n" + b"x" * 65536 + b"\r\n")],
    ids=["no-length", "chunked"],
)
async def test_B39_endless_body_is_cut_off(head: bytes, part: bytes, site: Loopback) -> None:
    sent = 0

    async def endless(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(HEAD + head)
        while True:
            writer.write(part)
            await writer.drain()
            sent += len(part)

    site.script("/a", endless)
    error = await refused(fetcher(site, limits=Limits(size=1_000_000)), site.url("/a"))
    assert (type(error), error.code) == (BadAnswer, "too-large")
    assert sent < 20_000_000


async def test_B39_stated_length_over_the_limit_is_not_read(site: Loopback) -> None:
    site.raw("/a", HEAD + b"Content-Length: 10000000000\r\n\r\nBEGIN")
    assert (await refused(fetcher(site), site.url("/a"))).code == "too-large"


async def test_size_limit_is_exact_and_an_argument(site: Loopback) -> None:
    site.file("/a", b"x" * 1000)
    assert len((await fetched(fetcher(site), site.url("/a"), limit=1000)).body) == 1000
    assert (await refused(fetcher(site), site.url("/a"), limit=999)).code == "too-large"


async def test_B41_endless_headers_are_refused(site: Loopback) -> None:
    site.raw("/long", HEAD + b"X: " + b"a" * 10_000_000 + b"\r\n\r\n")
    site.raw("/many", HEAD + b"X: a\r\n" * 100_000 + b"\r\n")
    for path in ("/long", "/many"):
        assert (await refused(fetcher(site), site.url(path))).code in ("protocol", "too-large")


@pytest.mark.parametrize(
    ("etag", "kept"),
    [
        (b'"abc"', '"abc"'),
        (b'W/"abc"', 'W/"abc"'),
        (b"unquoted", "unquoted"),
        (b'"' + b"a" * 65_536 + b'"', None),
        (b'"' + b"a" * 1023 + b'"', None),
        ('"å"'.encode(), None),
        (b'"a\tb"', None),
    ],
    ids=["plain", "B51-weak", "unquoted", "B41-64-KB", "B41-just-over", "B41-letters", "B41-control"],
)
async def test_only_a_harmless_etag_is_kept(etag: bytes, kept: str | None, site: Loopback) -> None:
    site.raw("/a", HEAD + b"ETag: " + etag + b"\r\nContent-Length: 5\r\n\r\nBEGIN")
    assert (await fetched(fetcher(site), site.url("/a"))).etag == kept


async def test_B41_line_break_in_an_etag_is_refused_or_dropped(site: Loopback) -> None:
    site.raw("/a", HEAD + b'ETag: "a\rX: y"\r\nContent-Length: 5\r\n\r\nBEGIN')
    site.raw("/b", HEAD + b'ETag: "a\r\n b"\r\nContent-Length: 5\r\n\r\nBEGIN')
    assert (await refused(fetcher(site), site.url("/a"))).code == "protocol"
    assert (await fetched(fetcher(site), site.url("/b"))).etag in (None, '"a b"')


async def test_B42_body_shorter_than_its_length_is_no_answer(site: Loopback) -> None:
    site.raw("/a", HEAD + b"Content-Length: 1000\r\n\r\nBEG")
    site.raw("/b", HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nBEGIN\r\n")
    for path in ("/a", "/b"):
        assert (await refused(fetcher(site), site.url(path))).code == "cut"


async def test_B43_body_without_length_is_passed_on_as_it_came(site: Loopback) -> None:
    site.raw("/a", b"HTTP/1.0 200 OK\r\n\r\nBEGIN:VCALENDAR\r\nBEGIN:VEV")
    assert (await fetched(fetcher(site), site.url("/a"))).body == b"BEGIN:VCALENDAR\r\nBEGIN:VEV"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("120", 3600),
        ("7200", 7200),
        ("Tue, 24 Nov 2026 15:00:00 GMT", 3 * 3600),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 3600),
        ("1000000000000", 7 * 86400),
        ("9" * 5000, 7 * 86400),
        ("-5", 3600),
        ("soon", None),
        ("Tue, 99 Nov 2026", None),
        ("", None),
    ],
    ids=lambda value: f"B47-{str(value)[:30]}",
)
async def test_retry_after_is_obeyed_within_bounds(told: str, seconds: float | None, site: Loopback) -> None:
    site.page("/a", b"slow down", status=429, retry_after=told)
    error = await refused(fetcher(site), site.url("/a"), interval=timedelta(hours=1))
    assert (error.code, error.status, error.retry_after) == ("asked-too-often", 429, seconds)


async def test_B47_date_of_retry_after_is_on_the_servers_own_clock(site: Loopback) -> None:
    site.page("/a", b"", status=503, retry_after="Fri, 01 Jan 2016 02:00:00 GMT", date="Fri, 01 Jan 2016 00:00:00 GMT")
    assert (await refused(fetcher(site), site.url("/a"))).retry_after == 7200


@pytest.mark.parametrize(
    ("status", "code"),
    [(500, "server-error"), (502, "server-error"), (503, "server-error"), (520, "server-error")],
    ids=lambda value: f"B48-{value}",
)
async def test_fault_of_the_server_is_told(status: int, code: str, site: Loopback) -> None:
    site.page("/a", b"BEGIN:VCALENDAR", status=status, retry_after="60")
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code, error.status, error.retry_after) == (BadAnswer, code, status, 60)


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (410, Gone, "gone"),
        (404, BadAnswer, "not-found"),
        (401, BadAnswer, "forbidden"),
        (403, BadAnswer, "forbidden"),
        (451, BadAnswer, "forbidden"),
    ],
    ids=lambda value: f"B50-{value}",
)
async def test_refusal_is_told_by_kind(status: int, kind: type, code: str, site: Loopback) -> None:
    site.page("/a", b"BEGIN:VCALENDAR", status=status)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code, error.status) == (kind, code, status)


async def test_B51_not_modified_that_was_not_asked_is_an_error(site: Loopback) -> None:
    site.raw("/a", b"HTTP/1.1 304 Not Modified\r\n\r\n")
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (BadAnswer, "unasked")


async def test_B51_not_modified_with_a_body_is_not_modified(site: Loopback) -> None:
    site.raw("/a", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nBEGIN")
    assert isinstance(await fetcher(site).fetch(site.url("/a"), etag='"a"'), NotModified)


async def test_B51_body_under_an_equal_etag_is_still_read(site: Loopback) -> None:
    site.raw("/a", answer(200, b"ONE", [("ETag", '"a"')]), answer(200, b"TWO", [("ETag", '"a"')]))
    first = await fetched(fetcher(site), site.url("/a"))
    second = await fetched(fetcher(site), site.url("/a"), etag=first.etag)
    assert (first.body, second.body) == (b"ONE", b"TWO")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Tue, 24 Nov 2026 10:00:00 GMT", True),
        ("Thu, 01 Jan 2099 00:00:00 GMT", False),
        ("yesterday", False),
        ("", False),
    ],
    ids=lambda value: f"B51-{value}",
)
async def test_last_modified_in_the_future_is_dropped(told: str, kept: bool, site: Loopback) -> None:
    site.page("/a", b"BEGIN", last_modified=told)
    assert (await fetched(fetcher(site), site.url("/a"))).last_modified == (told if kept else None)


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206, 300, 305, 400, 418], ids=lambda value: f"B53-{value}")
async def test_only_200_and_304_are_success(status: int, site: Loopback) -> None:
    site.page("/a", b"" if status == 204 else b"BEGIN:VCALENDAR", status=status)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code, error.status) == (BadAnswer, "status", status)


@pytest.mark.parametrize(
    "raw",
    [
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"HTTP/1.1 200\x00 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nBEGIN",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nBEGIN",
        b"",
    ],
    ids=["B53-http-0.9", "B53-http-2", "null", "two-lengths", "negative-length", "nothing"],
)
async def test_what_is_not_http_is_an_error(raw: bytes, site: Loopback) -> None:
    site.raw("/a", raw)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (BadAnswer, "protocol")


async def test_B53_flood_of_interim_answers_has_an_end(site: Loopback) -> None:
    sent = 0

    async def flood(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        while True:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)
            await writer.drain()
            sent += 1000

    site.script("/a", flood)
    assert (await refused(fetcher(site, limits=Limits(total=20)), site.url("/a"))).code == "too-large"
    assert sent < 300_000


async def test_B53_one_interim_answer_is_passed_over(site: Loopback) -> None:
    site.raw("/a", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + answer(200, b"BEGIN"))
    assert (await fetched(fetcher(site), site.url("/a"))).body == b"BEGIN"


async def test_B57_proxy_of_the_environment_is_ignored(site: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    site.file("/a", b"BEGIN")
    with Loopback() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert (await fetched(fetcher(site), site.url("/a"))).body == b"BEGIN"
        assert proxy.connections == 0


async def test_D03_fetch_ends_at_once_when_it_is_cancelled(site: Loopback) -> None:
    arrived = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def silent(asked: Asked, writer: asyncio.StreamWriter) -> None:
        loop.call_soon_threadsafe(arrived.set)
        await asyncio.Event().wait()

    site.script("/a", silent)
    site.file("/b", b"BEGIN")
    asker = fetcher(site)
    task = asyncio.create_task(asker.fetch(site.url("/a")))
    await arrived.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(task, 1)
    assert (await fetched(asker, site.url("/b"))).body == b"BEGIN"


HEADS = [
    b"HTTP/1.1 200 OK",
    b"HTTP/1.1 302 Found",
    b"HTTP/1.0 304 X",
    b"HTTP/1.1 429 X",
    b"\r\n",
    b"\r\n\r\n",
    b"BEGIN",
]
FIELDS = [
    b"Location: ",
    b"ETag: ",
    b"Last-Modified: ",
    b"Date: ",
    b"Retry-After: ",
    b"Content-Encoding: gzip",
    b"http://",
]
LENGTHS = [
    b"Content-Length: 5",
    b"Transfer-Encoding: chunked",
    b"5\r\n",
    b"0\r\n\r\n",
    gzip.compress(b"BEGIN"),
    b"[::1",
    b"//",
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(HEADS + FIELDS + LENGTHS) | st.binary(max_size=20), max_size=12).map(b"".join))
def test_whatever_a_server_sends_is_an_answer_or_a_sentence(fuzzed: tuple[Loopback, Fetcher], raw: bytes) -> None:
    server, asker = fuzzed
    server.raw("/a", raw)
    with suppress(FetchError):
        assert asyncio.run(asker.fetch(server.url("/a"), etag='"a"')).url == server.url("/a")


async def test_D19_fetches_good_and_bad_leave_no_descriptor_open(site: Loopback) -> None:
    site.file("/good", b"BEGIN")
    site.raw("/cut", HEAD + b"Content-Length: 1000\r\n\r\nBEG")
    site.page("/large", b"x" * 10_000)
    site.redirect("/private", "http://10.0.0.1/")
    asker = fetcher(site, limits=Limits(size=1000))

    async def all_once() -> int:
        await fetched(asker, site.url("/good"))
        for path in ("/cut", "/large", "/private"):
            await refused(asker, site.url(path))
        await asyncio.sleep(0)
        return len(os.listdir("/proc/self/fd"))

    await all_once()
    counts = [await all_once() for _ in range(30)]
    assert max(counts) - min(counts) <= 2  # the server's own sockets come and go
