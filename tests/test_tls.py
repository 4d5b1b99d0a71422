"""A secure connection that is not secure is an error by its kind, never a connection without checks."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
import trustme

from aggregator.errors import Unreachable
from aggregator.fetch import Fetcher, Limits
from tests.fetching import Names, fetched, fetcher, refused
from tests.loopback import Loopback

pytestmark = pytest.mark.anyio

AUTHORITY = trustme.CA()


def server_side(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


def trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    AUTHORITY.configure_trust(context)
    return context


@contextmanager
def secure(context: ssl.SSLContext) -> Iterator[tuple[Loopback, Fetcher]]:
    with Loopback(tls=context) as site:
        site.file("/a.ics", b"BEGIN")
        yield site, fetcher(site, tls=trusting())


@contextmanager
def plain_spoken(context: ssl.SSLContext) -> Iterator[str]:
    """A server that tells in the handshake what it misses, as real ones do; asyncio's hangs up without a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection.dup() as line:  # stays open after a failed handshake, so that the alert arrives
                with suppress(OSError), context.wrap_socket(connection, server_side=True) as stream:
                    stream.recv(1000)
                while line.recv(1000):
                    pass

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


async def kind(context: ssl.SSLContext) -> str:
    """The code of the error that a server with this side of TLS gives."""
    with secure(context) as (site, asker):
        error = await refused(asker, site.url("/a.ics"))
        assert isinstance(error, Unreachable)
        assert site.hits("/a.ics") == 0
        return error.code


async def test_trusted_server_is_read() -> None:
    with secure(server_side(AUTHORITY.issue_cert("127.0.0.1"))) as (site, asker):
        assert (await fetched(asker, site.url("/a.ics"))).body == b"BEGIN"


async def test_B46_expired_certificate() -> None:
    old = AUTHORITY.issue_cert(
        "127.0.0.1", not_before=datetime(2020, 1, 1, tzinfo=UTC), not_after=datetime(2021, 1, 1, tzinfo=UTC)
    )
    assert await kind(server_side(old)) == "tls-expired"


async def test_B46_certificate_of_an_unknown_authority() -> None:
    assert await kind(server_side(trustme.CA().issue_cert("127.0.0.1"))) == "tls-untrusted"


async def test_B46_certificate_for_another_name() -> None:
    assert await kind(server_side(AUTHORITY.issue_cert("other.example.se"))) == "tls-wrong-name"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
async def test_B46_old_version_of_tls() -> None:
    context = server_side(AUTHORITY.issue_cert("127.0.0.1"))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with plain_spoken(context) as authority:
        error = await refused(fetcher(authority, tls=trusting()), f"https://{authority}/")
    assert (type(error), error.code) == (Unreachable, "tls-version")


async def test_B46_server_that_asks_for_a_certificate_of_ours() -> None:
    context = server_side(AUTHORITY.issue_cert("127.0.0.1"))
    context.verify_mode = ssl.CERT_REQUIRED
    AUTHORITY.configure_trust(context)
    with plain_spoken(context) as authority:
        error = await refused(fetcher(authority, tls=trusting()), f"https://{authority}/")
    assert (type(error), error.code) == (Unreachable, "tls-client")


async def test_B46_server_without_tls(site: Loopback) -> None:
    site.file("/a.ics", b"BEGIN")
    error = await refused(fetcher(site), site.url("/a.ics").replace("http:", "https:"))
    assert error.code in ("tls-failed", "timeout")


async def test_B46_handshake_that_never_ends() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    error = await refused(fetcher(f"127.0.0.1:{port}", limits=Limits(connect=0.1)), f"https://127.0.0.1:{port}/")
    server.close()
    assert (type(error), error.code) == (Unreachable, "timeout")


async def test_B46_name_is_told_in_the_handshake() -> None:
    told: list[str | None] = []
    context = server_side(AUTHORITY.issue_cert("feeds.example.se"))
    context.sni_callback = lambda _socket, name, _context: told.append(name)
    with secure(context) as (site, _):
        name = f"feeds.example.se:{site.port}"
        asker = fetcher(name, tls=trusting(), look_up=Names(feeds_example_se=["127.0.0.1"]))
        assert (await fetched(asker, f"https://{name}/a.ics")).body == b"BEGIN"
    assert told == ["feeds.example.se"]


async def test_B46_default_trust_knows_no_test_authority() -> None:
    with secure(server_side(AUTHORITY.issue_cert("127.0.0.1"))) as (site, _):
        assert (await refused(fetcher(site), site.url("/a.ics"))).code == "tls-untrusted"
