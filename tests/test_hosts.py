"""One request at a time at a host, and a pause between two."""

from __future__ import annotations

import asyncio

import pytest

from aggregator.fetch import Limits
from aggregator.hosts import MOST_HOSTS, Turns
from tests.fetching import Names, Wire, fetched, fetcher
from tests.loopback import Asked, Loopback, answer

pytestmark = pytest.mark.anyio


async def test_B56_one_request_at_a_time_at_a_host(site: Loopback) -> None:
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.02)
        writer.write(answer(200, b"BEGIN"))

    for n in range(5):
        site.script(f"/{n}", slow)
    asker = fetcher(site)
    await asyncio.gather(*(fetched(asker, site.url(f"/{n}")) for n in range(5)))
    assert (site.connections, site.busiest) == (5, 1)


async def test_D18_slow_host_holds_up_no_other(site: Loopback) -> None:
    async def never(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    site.script("/never", never)
    with Loopback() as other:
        other.file("/a", b"BEGIN")
        asker = fetcher(site, other)
        stuck = asyncio.create_task(asker.fetch(site.url("/never")))
        assert (await asyncio.wait_for(fetched(asker, other.url("/a")), 3)).body == b"BEGIN"
        stuck.cancel()


async def test_B56_pause_between_two_requests_to_a_host(site: Loopback) -> None:
    site.file("/a", b"BEGIN")
    asker = fetcher(
        network=Wire(site),
        spacing=0.2,
        look_up=Names(one_example_se=["93.184.216.34"], two_example_se=["93.184.216.35"]),
    )
    clock = asyncio.get_running_loop().time
    begun = clock()
    await fetched(asker, "http://one.example.se/a")
    await fetched(asker, "http://two.example.se/a")
    assert clock() - begun < 0.2
    await fetched(asker, "http://one.example.se/a")
    assert clock() - begun >= 0.2


async def test_allowed_hosts_need_no_pause(site: Loopback) -> None:
    site.file("/a", b"BEGIN")
    asker = fetcher(site, spacing=60.0, reserve=lambda host: 60.0)
    for _ in range(3):
        assert (await asyncio.wait_for(fetched(asker, site.url("/a")), 3)).body == b"BEGIN"


async def test_D05_next_free_moment_of_a_host_is_shared_between_processes(site: Loopback) -> None:
    site.file("/a", b"BEGIN")
    booked: list[str] = []

    def reserve(host: str) -> float:
        booked.append(host)
        return 0.15 * (len(booked) - 1)

    names = Names(feeds_example_se=["93.184.216.34"])
    asker = fetcher(network=Wire(site), spacing=0.0, reserve=reserve, look_up=names)
    clock = asyncio.get_running_loop().time
    begun = clock()
    await fetched(asker, "http://feeds.example.se/a")
    await fetched(asker, "http://FEEDS.example.se/a")
    assert clock() - begun >= 0.15
    assert booked == ["feeds.example.se"] * 2


async def test_redirect_within_a_host_needs_no_second_turn(site: Loopback) -> None:
    site.redirect("/a", "/b")
    site.file("/b", b"BEGIN")
    asker = fetcher(network=Wire(site), spacing=60.0, look_up=Names(feeds_example_se=["93.184.216.34"]))
    assert (await asyncio.wait_for(fetched(asker, "http://feeds.example.se/a"), 3)).body == b"BEGIN"


async def test_two_hosts_that_redirect_to_each_other_do_not_wait_for_ever(site: Loopback) -> None:
    with Loopback() as other:
        site.redirect("/a", other.url("/end"))
        other.redirect("/a", site.url("/end"))
        for each in (site, other):
            each.file("/end", b"BEGIN")
        asker = fetcher(site, other)
        both = asyncio.gather(*(fetched(asker, each.url("/a")) for each in (site, other)))
        assert [got.body for got in await asyncio.wait_for(both, 5)] == [b"BEGIN"] * 2


async def test_wait_for_a_turn_is_no_part_of_the_deadline(site: Loopback) -> None:
    async def slow(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(answer(200, b"BEGIN"))

    site.script("/a", slow)
    asker = fetcher(site, limits=Limits(total=0.25))
    got = await asyncio.gather(*(fetched(asker, site.url("/a")) for _ in range(4)))
    assert len(got) == 4


async def test_turn_is_given_back_when_a_request_fails() -> None:
    turns = Turns(0.0)
    with pytest.raises(RuntimeError, match="failed"):
        async with turns.turn("host"):
            raise RuntimeError("failed")
    async with asyncio.timeout(1), turns.turn("host"):
        pass


async def test_B56_delay_that_a_host_asks_for_is_kept() -> None:
    turns = Turns(0.0)
    turns.slow("host", 0.1)
    clock = asyncio.get_running_loop().time
    begun = clock()
    for _ in range(2):
        async with turns.turn("host"):
            pass
    assert clock() - begun >= 0.1


async def test_host_in_use_is_never_forgotten() -> None:
    turns = Turns(0.0)
    async with turns.turn("first"):
        for n in range(3 * MOST_HOSTS):
            async with turns.turn(str(n)):
                pass
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05), turns.turn("first"):
                pass
