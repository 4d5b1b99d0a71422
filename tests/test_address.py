"""Which addresses are asked at all, by their text alone."""

from __future__ import annotations

import ipaddress

import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.address import Policy, check_address, is_public
from aggregator.errors import RefusedAddress
from tests.hosts_not_public import ADDRESSES, PUBLIC, SPELLED


def code_of(url: str, policy: Policy | None = None) -> str:
    """The code with which an address is refused."""
    with pytest.raises(RefusedAddress) as caught:
        check_address(url, policy or Policy())
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize("host", SPELLED.values(), ids=SPELLED)
def test_private_host_is_refused_in_every_spelling(host: str) -> None:
    assert code_of(f"http://{host}/feed.ics") in ("private-address", "address")


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
def test_address_is_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_address_is_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://user:pw@feeds.example.se/", "address"),
        ("http://user@feeds.example.se/", "address"),
        ("http://a@b@feeds.example.se/", "address"),
        ("http://feeds.example.se\\@127.0.0.1/", "address"),
        ("http://feeds.example.se /", "address"),
        ("http://feeds.example.se/\r\nX: y", "address"),
        ("http://feeds.example.se/\x00", "address"),
        ("http://feeds.exa\u200bmple.se/", "address"),
        ("http://fe%65ds.example.se/", "address"),
        ("http:///feed.ics", "address"),
        ("http://feeds..example.se/", "address"),
        ("http://xn--/", "address"),
        ("http://xn--0.se/", "address"),
        ("http://[::1/", "address"),
        ("http://feeds.example.se:99999/", "address"),
        ("http://feeds.example.se:http/", "address"),
        ("http://feeds.example.se/" + "a" * 3000, "address"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://feeds.example.se/", "scheme"),
        ("data:text/calendar,BEGIN", "scheme"),
        ("webcal://feeds.example.se/", "scheme"),
        ("feeds.example.se/a.ics", "scheme"),
        ("/etc/passwd", "scheme"),
        ("", "scheme"),
    ],
)
def test_B35_address_that_readers_disagree_about_is_refused(url: str, code: str) -> None:
    assert code_of(url) == code


@pytest.mark.parametrize("port", [22, 25, 3306, 5432, 6379, 8080, 0])
def test_B31_only_the_ports_of_the_web_are_asked(port: int) -> None:
    assert code_of(f"http://feeds.example.se:{port}/") == "port"


def test_B28_own_hosts_are_refused() -> None:
    policy = Policy(deny=frozenset({"kalender.example.se", "93.184.216.34"}))
    assert code_of("https://Kalender.example.se/events.ics", policy) == "own-address"
    assert code_of("https://kalender.example.se./events.ics", policy) == "own-address"
    assert code_of("https://93.184.216.34/", policy) == "own-address"


@pytest.mark.parametrize(
    ("url", "asked", "host"),
    [
        ("https://Feeds.Example.SE/a.ics?x=1#top", "https://feeds.example.se/a.ics?x=1", "feeds.example.se"),
        ("https://feeds.example.se./a", "https://feeds.example.se/a", "feeds.example.se"),
        ("http://feeds.example.se:80", "http://feeds.example.se/", "feeds.example.se"),
        ("http://feeds.example.se:443/", "http://feeds.example.se:443/", "feeds.example.se"),
        ("https://räksmörgås.se/å", "https://xn--rksmrgs-5wao1o.se/å", "xn--rksmrgs-5wao1o.se"),
        ("https://my_feed.example.se/", "https://my_feed.example.se/", "my_feed.example.se"),
        ("http://[2606:2800::1]/", "http://[2606:2800::1]/", "2606:2800::1"),
        ("http://93.184.216.34/", "http://93.184.216.34/", "93.184.216.34"),
    ],
)
def test_ordinary_address_passes(url: str, asked: str, host: str) -> None:
    address = check_address(url)
    assert (address.url, address.host, address.exempt) == (asked, host, False)


def test_allowed_host_is_exempt_only_as_it_is_written() -> None:
    policy = Policy(allow=frozenset({"127.0.0.1:8001", "intranet:80", "[::1]:8001"}))
    assert check_address("http://127.0.0.1:8001/a", policy).exempt
    assert check_address("http://[::1]:8001/a", policy).exempt
    assert check_address("http://Intranet/a", policy).exempt
    for url in ("http://localhost:8001/", "http://127.1:8001/", "http://127.0.0.1:8002/", "http://127。0。0。1:8001/"):
        assert code_of(url, policy) == "private-address"


def test_allowed_host_may_be_our_own() -> None:
    policy = Policy(allow=frozenset({"127.0.0.1:8000"}), deny=frozenset({"127.0.0.1"}))
    assert check_address("http://127.0.0.1:8000/events.ics", policy).exempt


DELIMITERS = ("http", ":", "/", "//", "@", "\\", "?", "#", "%", "[", "]", ".", "。", "-", "_", "~", ";", "&")
WORDS = (
    "127",
    "0x7f",
    "::1",
    "feeds",
    "example",
    "se",
    "räk",
    "xn--",
    "ß",
    "80",
    "443",
    "65536",
    "å%C3",
    "\u200d",
    "\t",
)
PIECES = st.sampled_from(DELIMITERS) | st.sampled_from(WORDS) | st.characters(codec="utf-8")


@given(st.lists(PIECES, max_size=12).map("".join).map(lambda tail: f"http://{tail}"))
@example("http://example.com\\@127.0.0.1/")
@example("http://feeds.example.se:80\\@127.0.0.1:80/")
@example("http://feeds.example.se#@127.0.0.1/")
@example("http://xn--/")
def test_B35_who_asks_reads_an_address_as_it_was_judged(url: str) -> None:
    try:
        address = check_address(url)
    except RefusedAddress:
        return
    asked = httpx.Request("GET", address.url).url
    assert (asked.raw_host.decode(), asked.port or 80) == (address.host, address.port)
    assert not asked.userinfo
    assert check_address(address.url).url == address.url
