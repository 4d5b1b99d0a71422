"""Nothing is sent to an address that is not public, whatever a name server says."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Sequence

import httpcore
import pytest

from aggregator.address import Policy
from aggregator.errors import RefusedAddress, Unreachable
from aggregator.fetch import Fetcher, Limits
from aggregator.guard import Guard, NoName, Refusal, is_own, resolve
from tests.fetching import NOW, QUICK, Names, Wire, fetched, fetcher, refused
from tests.hosts_not_public import ADDRESSES, PUBLIC, SPELLED
from tests.loopback import Loopback

pytestmark = pytest.mark.anyio

URL = "http://feeds.example.se/a.ics"


@pytest.mark.parametrize("host", SPELLED.values(), ids=SPELLED)
async def test_no_packet_reaches_a_private_host_by_spelling(host: str, site: Loopback) -> None:
    wire = Wire(site)
    error = await refused(fetcher(network=wire), f"http://{host}/a.ics")
    assert isinstance(error, RefusedAddress)
    assert (wire.connected, site.connections) == ([], 0)


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=ADDRESSES)
async def test_no_packet_reaches_a_private_host_by_name(address: str, site: Loopback) -> None:
    wire = Wire(site)
    error = await refused(fetcher(network=wire, look_up=Names(feeds_example_se=[address])), URL)
    assert (type(error), error.code) == (RefusedAddress, "private-address")
    assert (wire.connected, site.connections) == ([], 0)


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "0x7f.1", "017700000001"])
async def test_guard_judges_what_the_system_resolver_makes_of_a_host(host: str) -> None:
    with pytest.raises(Refusal):
        await Guard(Policy(), exempt=False).connect_tcp(host, 80, 1.0)


@pytest.mark.parametrize("address", PUBLIC)
async def test_connection_goes_to_the_judged_address(address: str, site: Loopback) -> None:
    site.file("/a.ics", b"BEGIN")
    wire = Wire(site)
    assert (await fetched(fetcher(network=wire, look_up=Names(feeds_example_se=[address])), URL)).body == b"BEGIN"
    assert wire.connected == [address]
    assert site.last("/a.ics").headers["host"] == "feeds.example.se"


async def test_B28_name_that_leads_to_our_own_server_is_refused(site: Loopback) -> None:
    wire = Wire(site)
    policy = Policy(deny=frozenset({"93.184.216.34"}))
    asker = Fetcher(
        agent="Test/1",
        now=lambda: NOW,
        policy=policy,
        limits=QUICK,
        network=wire,
        look_up=Names(feeds_example_se=["93.184.216.34"]),
    )
    assert (await refused(asker, URL)).code == "own-address"
    assert wire.connected == []


async def test_B28_name_that_leads_to_this_machine_is_refused(site: Loopback) -> None:
    wire = Wire(site)
    here = Guard(
        Policy(),
        exempt=False,
        look_up=Names(us=["93.184.216.34"]),
        network=wire,
        own=lambda a: str(a) == "93.184.216.34",
    )
    with pytest.raises(Refusal) as caught:
        await here.connect_tcp("us", 80, 1.0)
    assert (caught.value.code, wire.connected) == ("own-address", [])


def test_B28_a_machine_knows_its_own_addresses() -> None:
    assert is_own(ipaddress.ip_address("127.0.0.1"))
    assert not is_own(ipaddress.ip_address("93.184.216.34"))


@pytest.mark.parametrize("found", [["93.184.216.34", "10.0.0.1"], ["::1", "93.184.216.34"]])
async def test_B29_one_private_address_among_public_ones_refuses_the_name(found: list[str], site: Loopback) -> None:
    wire = Wire(site)
    assert (await refused(fetcher(network=wire, look_up=Names(feeds_example_se=found)), URL)).code == "private-address"
    assert wire.connected == []


async def test_B30_name_server_that_changes_its_mind_gains_nothing(
    site: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.file("/a.ics", b"BEGIN")
    answers = iter(["93.184.216.34"])
    real = socket.getaddrinfo

    def rebinding(host: str | bytes, port: int, *rest: object, **more: object) -> Sequence[object]:
        name = host.decode() if isinstance(host, bytes) else host
        if name != "feeds.example.se":
            return real(host, port, *rest, **more)  # type: ignore[arg-type]  # the signature of the real one
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers, "127.0.0.1"), port))]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    wire = Wire(site)
    await fetched(fetcher(network=wire), URL)
    assert wire.connected == ["93.184.216.34"]
    assert next(answers, None) is None
    assert (await refused(fetcher(network=wire), URL)).code == "private-address"


async def test_B54_unknown_name_is_told_as_such() -> None:
    async def none(host: str, port: int) -> Sequence[str]:
        raise NoName

    for look_up in (none, Names(feeds_example_se=[])):
        error = await refused(fetcher(look_up=look_up), URL)
        assert (type(error), error.code) == (Unreachable, "dns")


@pytest.mark.parametrize("number", [socket.EAI_NONAME, socket.EAI_AGAIN, socket.EAI_FAIL])
async def test_B54_failing_name_server_is_told_as_such(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*asked: object, **how: object) -> Sequence[object]:
        raise socket.gaierror(number, "no")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert (await refused(fetcher(), URL)).code == "dns"


async def test_B54_slow_name_server_is_under_the_deadline() -> None:
    async def never(host: str, port: int) -> Sequence[str]:
        await asyncio.Event().wait()
        return []

    assert (await refused(fetcher(look_up=never, limits=Limits(total=0.1)), URL)).code == "timeout"


async def test_B54_hanging_lookup_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def hang(*asked: object, **how: object) -> Sequence[object]:
        release.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "late")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    task = asyncio.create_task(resolve("feeds.example.se", 80))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert all(thread.daemon for thread in threading.enumerate() if thread.name.startswith("lookup"))
    release.set()


async def test_B54_at_most_eight_addresses_are_tried() -> None:
    wire = Wire()
    many = Names(feeds_example_se=[f"93.184.216.{n}" for n in range(200)])
    with pytest.raises(httpcore.ConnectError):
        await Guard(Policy(), exempt=False, look_up=many, network=wire).connect_tcp("feeds.example.se", 80, 1.0)
    assert len(wire.connected) == 8


async def test_next_address_is_tried_where_one_takes_no_connection(site: Loopback) -> None:
    site.file("/a.ics", b"BEGIN")
    wire = Wire(site, closed=["93.184.216.34"])
    names = Names(feeds_example_se=["93.184.216.34", "93.184.216.35"])
    assert (await fetched(fetcher(network=wire, look_up=names), URL)).body == b"BEGIN"
    assert wire.connected == ["93.184.216.34", "93.184.216.35"]
