"""Feeds on a real server, octet by octet: what no client library would send."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from aggregator.web.gate import Gate
from tests.web.memory import World
from tests.web.served import served, town


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with served(*town()) as made:
        yield made


def raw(world: World, *lines: str) -> tuple[int, dict[str, str], bytes]:
    """The answer to a request of exactly these lines."""
    parts = urlsplit(world.base)
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as connection:
        connection.sendall(("\r\n".join([*lines, "", ""])).encode("latin-1"))
        data = b""
        while part := connection.recv(65536):
            data += part
    head, _, body = data.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    return int(first.split()[1]), headers, body


CLOSE = "Connection: close"


def test_E09_old_client_without_host_gets_the_feed(world: World) -> None:
    status, headers, body = raw(world, "GET /events.ics HTTP/1.0")
    assert status == 200
    assert body.startswith(b"BEGIN:VCALENDAR")
    assert int(headers["content-length"]) == len(body)


@pytest.mark.parametrize(
    "hosts",
    [[], ["Host: 127.0.0.1", "Host: evil.example"], ["Host: evil.example"], ["Host: 127.0.0.1", "Host: 127.0.0.1"]],
)
def test_E09_no_host_or_two_are_refused(world: World, hosts: list[str]) -> None:
    for path in ("/events.ics", "/"):
        status, headers, _ = raw(world, f"GET {path} HTTP/1.1", *hosts, CLOSE)
        assert status == 400
        assert headers.get("etag") is None


def test_E05_head_and_304_have_no_body(world: World) -> None:
    _, plain, body = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    status, headers, nothing = raw(world, "HEAD /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    assert (status, nothing) == (200, b"")
    assert int(headers["content-length"]) == len(body)
    tag = plain["etag"]
    status, headers, nothing = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", f"If-None-Match: {tag}", CLOSE)
    assert (status, nothing) == (304, b"")
    assert headers["etag"] == tag


def test_E09_packed_feed_is_whole(world: World) -> None:
    _, _, plain = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    _, headers, packed = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip", CLOSE)
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(packed) == plain


def test_E04_two_lines_of_if_none_match_are_one_list(world: World) -> None:
    _, plain, _ = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    lines = ('If-None-Match: "other"', f"If-None-Match: {plain['etag']}")
    assert raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", *lines, CLOSE)[0] == 304


@pytest.mark.parametrize("value", ['"' * 5000, ",".join(['W/"x"'] * 2000), '"' + "a" * 20000, "W/" * 9000])
def test_F24_endless_if_none_match_is_read_in_time(world: World, value: str) -> None:
    assert raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", f"If-None-Match: {value}", CLOSE)[0] == 200


@pytest.mark.parametrize("value", ["gzip" * 5000, "gzip;q=" + "0" * 20000, " ," * 20000, "gzip" + " " * 30000 + ";"])
def test_F24_endless_accept_encoding_is_read_in_time(world: World, value: str) -> None:
    assert raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", f"Accept-Encoding: {value}", CLOSE)[0] == 200


def test_pipelined_polls_are_answered_in_order(world: World) -> None:
    _, plain, _ = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    parts = urlsplit(world.base)
    poll = f"GET /events.ics HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: {plain['etag']}\r\n\r\n"
    last = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as connection:
        connection.sendall((poll * 20 + last).encode())
        data = b""
        while part := connection.recv(65536):
            data += part
    assert data.count(b"HTTP/1.1 304") == 20
    assert data.index(b"HTTP/1.1 200") > data.rindex(b"HTTP/1.1 304")


def test_poll_is_answered_by_the_protocol_alone(world: World) -> None:
    raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    gate = world.app.middleware_stack
    assert isinstance(gate, Gate)
    scope = {"path": "/events.ics", "method": "GET", "query_string": b"", "http_version": "1.1"}
    found = gate.instant({**scope, "headers": [(b"host", b"127.0.0.1")]})
    assert found is not None
    assert found[0] == 200
    for headers in ([(b"host", b"evil.example")], [], [(b"host", b"127.0.0.1"), (b"content-length", b"5")]):
        assert gate.instant({**scope, "headers": headers}) is None
    assert gate.instant({**scope, "headers": [(b"host", b"127.0.0.1")], "query_string": b"limit=99"}) is None


def test_both_ways_give_the_same_answer(world: World) -> None:
    cold = raw(world, "GET /events.rss?limit=7 HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip", CLOSE)
    warm = raw(world, "GET /events.rss?limit=7 HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip", CLOSE)
    assert cold[0] == warm[0] == 200
    assert {**cold[1], "date": ""} == {**warm[1], "date": ""}
    assert cold[2] == warm[2]


def test_kept_connection_serves_poll_after_poll(world: World) -> None:
    _, plain, _ = raw(world, "GET /events.ics HTTP/1.1", "Host: 127.0.0.1", CLOSE)
    parts = urlsplit(world.base)
    poll = f"GET /events.ics HTTP/1.1\r\nHost: 127.0.0.1\r\nIf-None-Match: {plain['etag']}\r\n\r\n".encode()
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as connection:
        for _ in range(50):
            connection.sendall(poll)
            assert connection.recv(65536).startswith(b"HTTP/1.1 304 Not Modified\r\n")


def test_many_pipelined_requests_behind_a_slow_one_do_no_harm(world: World) -> None:
    parts = urlsplit(world.base)
    slow = "GET /manad?q=langsam HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    poll = "HEAD /events.ics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    last = "GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=30) as connection:
        connection.sendall((slow + poll * 1200 + last).encode())
        data = b""
        while part := connection.recv(65536):
            data += part
    assert data.count(b"HTTP/1.1 200") == 1202


@pytest.mark.parametrize("path", ["/events.csv", "/api/v1/events", "/", "/embed.html"])
def test_raw_letters_in_an_address_mean_their_utf_8(world: World, path: str) -> None:
    """As people type them into scripts: no client library sends them."""
    asked = [f"GET {path}?q={q} HTTP/1.1" for q in ("trädgård".encode().decode("latin-1"), "tr%C3%A4dg%C3%A5rd", "zz")]
    (status, _, body), (_, _, same), (_, _, none) = (raw(world, line, "Host: 127.0.0.1", CLOSE) for line in asked)
    assert status == 200
    assert body == same != none
    assert "Föreläsning om trädgård".encode() in body


def test_raw_letters_in_a_body_stay_as_they_are(world: World) -> None:
    """A body that begins like a request is none, whatever it holds."""
    body = "GET /å?q=å HTTP/1.1\r\n\r\n".encode()
    parts = urlsplit(world.base)
    head = f"POST /events.ics HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with socket.create_connection((str(parts.hostname), int(parts.port or 0)), timeout=10) as connection:
        connection.sendall(head)
        connection.sendall(body)
        connection.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        data = b""
        while part := connection.recv(65536):
            data += part
    assert data.count(b"HTTP/1.1 ") == 2
    assert data.startswith(b"HTTP/1.1 405 ")
    assert b"HTTP/1.1 200 " in data
