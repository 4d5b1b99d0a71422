"""robots.txt is obeyed where pages are crawled."""

from __future__ import annotations

import pytest

from aggregator import robots
from aggregator.errors import RefusedAddress
from tests.fetching import fetcher
from tests.loopback import Loopback

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("body", "path", "allowed"),
    [
        (b"User-agent: *\nDisallow: /private", "/private/1", False),
        (b"User-agent: *\nDisallow: /private", "/events/1", True),
        (b"User-agent: Evenemang\nDisallow: /\nUser-agent: *\nDisallow:", "/events/1", False),
        (b"User-agent: *\nDisallow: /\nUser-agent: evenemang\nAllow: /events", "/events/1", True),
        (b"User-agent: *\nDisallow: /*?", "/events/1?page=2", False),
        (b"\xef\xbb\xbfUser-agent: *\nDisallow: /", "/events/1", False),
        (b"<!doctype html><title>Hej</title>", "/events/1", True),
        (b"\xff\xfe\x00", "/events/1", True),
        (b"", "/events/1", True),
    ],
)
async def test_B56_page_is_crawled_only_if_the_host_lets_us(
    body: bytes, path: str, allowed: bool, site: Loopback
) -> None:
    site.page("/robots.txt", body, content_type="text/plain")
    assert await fetcher(site).allowed(site.url(path)) is allowed


@pytest.mark.parametrize(
    ("status", "allowed"), [(404, True), (403, True), (410, True), (429, False), (500, False), (503, False)]
)
async def test_B56_missing_rules_allow_and_a_fault_forbids(status: int, allowed: bool, site: Loopback) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /", status=status)
    assert await fetcher(site).allowed(site.url("/events/1")) is allowed


async def test_B56_host_that_is_away_is_not_crawled() -> None:
    with Loopback() as gone:
        authority, url = gone.authority, gone.url("/events/1")
    assert await fetcher(authority).allowed(url) is False


async def test_rules_are_asked_once_for_all_pages_of_a_host(site: Loopback) -> None:
    site.page("/robots.txt", b"User-agent: *\nDisallow: /private")
    asker = fetcher(site)
    assert [await asker.allowed(site.url(path)) for path in ("/a", "/private", "/b?c")] == [True, False, True]
    assert site.hits("/robots.txt") == 1


async def test_address_that_is_never_asked_is_refused_before_its_rules() -> None:
    with pytest.raises(RefusedAddress):
        await fetcher().allowed("http://127.0.0.1/events")


def test_B56_delay_that_a_host_asks_for_is_bounded() -> None:
    assert robots.read(b"User-agent: *\nCrawl-delay: 10").delay == 10
    assert robots.read(b"User-agent: *\nCrawl-delay: 86400").delay == robots.LONGEST_DELAY
    assert robots.read(b"User-agent: *\nCrawl-delay: soon").delay == 0
