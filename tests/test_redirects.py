"""Every hop of a redirect is a new address, judged like the first."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator

import pytest
import trustme

from aggregator.errors import BadAnswer, RefusedAddress
from tests.fetching import fetched, fetcher, refused
from tests.hosts_not_public import SPELLED
from tests.loopback import Asked, Loopback, answer

pytestmark = pytest.mark.anyio


@pytest.fixture
def canary() -> Iterator[Loopback]:
    """A server that must never be asked."""
    with Loopback() as server:
        server.file("/secret", b"secret")
        yield server


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_B31_redirect_to_a_private_address_is_refused(status: int, site: Loopback, canary: Loopback) -> None:
    site.redirect("/a", canary.url("/secret"), status=status)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (RefusedAddress, "private-address")
    assert canary.connections == 0


@pytest.mark.parametrize("host", SPELLED.values(), ids=[f"B31-{name}" for name in SPELLED])
async def test_redirect_to_a_private_spelling_is_refused(host: str, site: Loopback) -> None:
    site.redirect("/a", f"http://{host}/")
    assert isinstance(await refused(fetcher(site), site.url("/a")), RefusedAddress)


@pytest.mark.parametrize("hops", [1, 2, 3, 4, 5])
async def test_B31_redirect_is_judged_at_every_hop(hops: int, site: Loopback, canary: Loopback) -> None:
    for n in range(1, hops):
        site.redirect(f"/{n}", f"/{n + 1}")
    site.redirect(f"/{hops}", canary.url("/secret"))
    assert isinstance(await refused(fetcher(site), site.url("/1")), RefusedAddress)
    assert (site.connections, canary.connections) == (hops, 0)


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("file:///etc/passwd", "scheme"),
        ("gopher://feeds.example.se/", "scheme"),
        ("data:text/calendar,BEGIN:VCALENDAR", "scheme"),
        ("http://feeds.example.se:22/", "port"),
        ("http://feeds.example.se:25/", "port"),
        ("http://feeds.example.se:6379/", "port"),
        ("http://user:pw@feeds.example.se/", "address"),
        ("//127.0.0.1/", "private-address"),
    ],
)
async def test_B31_redirect_out_of_the_web_is_refused(location: str, code: str, site: Loopback) -> None:
    site.redirect("/a", location)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (RefusedAddress, code)


async def test_B32_redirect_in_a_circle_is_told(site: Loopback) -> None:
    site.redirect("/a", "/b")
    site.redirect("/b", "/a")
    assert (await refused(fetcher(site), site.url("/a"))).code == "redirect-loop"
    assert site.connections == 2


async def test_B32_five_hops_are_followed_and_six_are_not(site: Loopback) -> None:
    for n in range(1, 21):
        site.redirect(f"/{n}", f"/{n + 1}")
    site.file("/21", b"BEGIN")
    assert (await fetched(fetcher(site), site.url("/16"))).url == site.url("/21")
    assert (await refused(fetcher(site), site.url("/15"))).code == "redirects"
    assert site.hits("/21") == 1


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 302 Found\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation:\r\n\r\n",
        b"HTTP/1.1 301 Moved\r\nLocation: http://[\r\n\r\n",
    ],
    ids=["missing", "empty", "no-address"],
)
async def test_B32_redirect_to_nowhere_is_told(head: bytes, site: Loopback) -> None:
    site.raw("/a", head)
    error = await refused(fetcher(site), site.url("/a"))
    assert (type(error), error.code) == (BadAnswer, "bad-redirect")


async def test_B32_endless_location_is_refused(site: Loopback) -> None:
    site.redirect("/a", "/" + "a" * 1_000_000)
    assert (await refused(fetcher(site), site.url("/a"))).code == "protocol"
    site.redirect("/b", "/" + "a" * 10_000)
    assert (await refused(fetcher(site), site.url("/b"))).code == "address"


@pytest.mark.parametrize(
    "location", ["b.ics", "/å b.ics", "//{authority}/b.ics", "?b", "http://{authority}/b.ics#part"]
)
async def test_B32_relative_and_careless_locations_are_followed(location: str, site: Loopback) -> None:
    async def either(asked: Asked, writer: asyncio.StreamWriter) -> None:
        target = location.format(authority=site.authority)
        writer.write(answer(200, b"BEGIN") if asked.target != "/a" else answer(302, b"", [("Location", target)]))

    for path in ("/a", "/b.ics", "/%C3%A5%20b.ics"):
        site.script(path, either)
    assert (await fetched(fetcher(site), site.url("/a"))).body == b"BEGIN"


async def test_B33_redirect_from_https_to_http_is_refused(site: Loopback) -> None:
    authority = trustme.CA()
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(served)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    site.file("/b", b"BEGIN")
    with Loopback(tls=served) as secure:
        secure.redirect("/a", site.url("/b"))
        error = await refused(fetcher(site, secure, tls=trusted), secure.url("/a"))
        assert (type(error), error.code, site.connections) == (RefusedAddress, "downgrade", 0)
        site.redirect("/up", secure.url("/c"))
        secure.file("/c", b"BEGIN")
        assert (await fetched(fetcher(site, secure, tls=trusted), site.url("/up"))).body == b"BEGIN"


async def test_B34_body_of_a_redirect_is_not_read(site: Loopback) -> None:
    sent = 0

    async def heavy(asked: Asked, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nContent-Length: 300000000\r\n\r\n")
        for _ in range(300):
            writer.write(b"x" * 1_000_000)
            await writer.drain()
            sent += 1

    site.script("/a", heavy)
    site.file("/b", b"BEGIN")
    assert (await fetched(fetcher(site), site.url("/a"))).body == b"BEGIN"
    assert sent < 30


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((), None),
        ((302,), None),
        ((301,), "/1"),
        ((308, 301), "/2"),
        ((301, 302), "/1"),
        ((302, 301), None),
        ((301, 307, 301), "/1"),
    ],
    ids=lambda value: f"B49-{value}",
)
async def test_only_permanent_redirects_move_an_address(
    statuses: tuple[int, ...], moved: str | None, site: Loopback
) -> None:
    for n, status in enumerate(statuses):
        site.redirect(f"/{n}", f"/{n + 1}", status=status)
    site.file(f"/{len(statuses)}", b"BEGIN")
    answered = await fetched(fetcher(site), site.url("/0"))
    assert answered.moved == (moved and site.url(moved))
    again = await fetcher(site).fetch(site.url("/0"), etag=answered.etag)
    assert (again.url, again.moved) == (answered.url, answered.moved)


async def test_B51_validators_go_only_to_the_address_that_gave_them(site: Loopback) -> None:
    site.redirect("/a", "/b")
    site.file("/b", b"BEGIN")
    first = await fetched(fetcher(site), site.url("/a"))
    await fetcher(site).fetch(site.url("/a"), etag=first.etag, last_modified=first.last_modified, validated=first.url)
    assert "if-none-match" not in site.last("/a").headers
    assert site.last("/b").headers["if-none-match"] == first.etag
    site.redirect("/a", "/c")
    site.file("/c", b"OTHER")
    other = await fetched(
        fetcher(site), site.url("/a"), etag=first.etag, last_modified=first.last_modified, validated=first.url
    )
    assert other.body == b"OTHER"
