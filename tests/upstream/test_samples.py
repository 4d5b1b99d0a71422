"""What a stranger is shown of an address: through the town's own doors, over real HTTP, in real time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from time import monotonic

import pytest

from aggregator import samples
from aggregator.fetch import Fetcher
from aggregator.kinship import Kin
from aggregator.samples import Sample, Samples
from tests.loopback import Asked
from tests.town import Town, at, calendar, evenings, vevent

PATIENCE = 0.8
NEW = "/ny.ics"


def looks(town: Town, fetcher: Fetcher | None = None, patience: float = PATIENCE) -> Samples:
    """Looks of strangers, who may here ask where the town may."""
    kit = town.program.kit
    return Samples(lambda: replace(kit, clock=lambda: town.now), town.program.store, fetcher or kit.fetcher, patience)


def looked(town: Town, address: str, *, count: int = 1, **given: object) -> Sample:
    """What is shown, by `count` looks at once."""

    async def all_of_them() -> list[Sample]:
        mine = looks(town, **given)  # type: ignore[arg-type]  # as `looks` has it
        return await asyncio.gather(*(mine.look(address) for _ in range(count)))

    return asyncio.run(all_of_them())[-1]


def test_an_address_shows_its_next_events_and_what_they_merge_with(small_town: Town) -> None:
    town = small_town
    town.add("biblioteket")
    town.tell("biblioteket", vevent("Sagostund", at(4), location="Biblioteket"))
    town.refresh()
    town.site.file(
        NEW, calendar(*evenings(30, 5), vevent("Sagostund", at(4), location="Biblioteket"), prodid="-//WordPress 6//X")
    )
    found = looked(town, town.site.url(NEW))
    assert (found.shown, found.format, found.counts.inside) == (True, "ical", 31)
    assert found.events[0].content.title == "Sagostund"
    assert found.events[0].content.sources == ("biblioteket", "preview")
    assert len(found.events) == samples.EVENTS
    assert found.system is not None
    assert (found.system.id, found.needs) == ("wordpress", ("ends", "places"))
    assert [r.kin for r in found.relatives] == [Kin.SAME_HOST]


def test_a_look_leaves_nothing_behind(small_town: Town) -> None:
    town = small_town
    town.site.page(
        "/sida",
        b'<html><head><link rel="alternate" type="text/calendar" href="/ny.ics"></head></html>',
        content_type="text/html",
    )
    town.site.file(NEW, calendar(*evenings(3)))
    assert looked(town, town.site.url("/sida")).counts.inside == 3
    assert town.titles() == []
    assert town.program.kit.ledger.states() == {}
    assert not any(town.program.store.tries("preview"))


def test_a_page_that_is_no_calendar_is_told_as_what_it_is(small_town: Town) -> None:
    small_town.site.page("/om", b"<html><body><p>Om oss</p></body></html>", content_type="text/html")
    found = looked(small_town, small_town.site.url("/om"))
    assert (found.shown, found.code, found.needs) == (True, "html-page", ("find",))


# --- F19


async def silent(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


def nowhere(town: Town) -> dict[str, str]:
    """Addresses that give no answer, each in another way."""
    town.site.script("/tyst", silent)
    town.site.page("/borta", b"", status=404)
    town.site.page("/stopp", b"", status=403)
    town.site.raw("/bruten", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nBEGIN")
    town.site.redirect("/vidare", "http://10.0.0.1/hemligt.ics")
    return {
        "silence": town.site.url("/tyst"),
        "missing": town.site.url("/borta"),
        "forbidden": town.site.url("/stopp"),
        "cut": town.site.url("/bruten"),
        "redirect inside": town.site.url("/vidare"),
        "private": "http://10.0.0.1/kalender.ics",
        "metadata": "http://169.254.169.254/latest/meta-data/",
        "closed port": f"http://{town.site.host}:1/",
        "another port": "http://example.com:22/",
        "no such name": "https://finns.invalid/kalender.ics",
        "no scheme": "file:///etc/passwd",
        "no address": "http://[",
        "user": "http://a:b@example.com/",
    }


def test_F19_whatever_does_not_answer_looks_alike_and_takes_alike_long(small_town: Town) -> None:
    addresses = nowhere(small_town)
    mine = looks(small_town)

    async def one(address: str) -> tuple[Sample, float]:
        began = monotonic()
        return await mine.look(address), monotonic() - began

    async def each() -> dict[str, tuple[Sample, float]]:
        return {name: await one(address) for name, address in addresses.items()}

    told = asyncio.run(each())
    assert {name: sample for name, (sample, _) in told.items() if sample != Sample(address=sample.address)} == {}
    took = [seconds for _, seconds in told.values()]
    assert min(took) >= PATIENCE
    assert max(took) - min(took) < 0.4, told


def test_F19_strangers_reach_no_private_network_that_staff_may_reach(small_town: Town) -> None:
    small_town.site.file(NEW, calendar(*evenings(3)))
    strangers = small_town.program.strangers
    assert strangers is not None
    assert not looked(small_town, small_town.site.url(NEW), fetcher=strangers).shown
    assert small_town.site.connections == 0


def test_F19_a_look_that_takes_too_long_is_there_at_the_second_try(small_town: Town) -> None:
    async def slowly(_asked: Asked, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(PATIENCE * 1.5)
        body = calendar(*evenings(3))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)

    small_town.site.script("/sen.ics", slowly)
    mine, address = looks(small_town), small_town.site.url("/sen.ics")

    async def twice() -> tuple[Sample, Sample]:
        return await mine.look(address), await mine.look(address)

    first, second = asyncio.run(twice())
    assert (first.shown, second.shown, small_town.site.hits("/sen.ics")) == (False, True, 1)


# --- F20


def test_F20_one_address_is_asked_once_however_many_look(small_town: Town) -> None:
    small_town.site.file(NEW, calendar(*evenings(3)))
    assert looked(small_town, small_town.site.url(NEW), count=40).shown
    assert small_town.site.hits(NEW) == 1


def test_F20_five_hundred_addresses_of_one_host_reach_it_a_few_times(
    small_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(samples, "BY_HOST", (6, timedelta(hours=1)))
    mine = looks(small_town, patience=0.05)
    small_town.site.file(NEW, calendar(*evenings(1)))

    async def many() -> list[Sample]:
        return await asyncio.gather(*(mine.look(f"{small_town.site.url(NEW)}?n={n}") for n in range(500)))

    asyncio.run(many())
    assert small_town.site.hits(NEW) <= 6
    small_town.now += timedelta(hours=2)
    asyncio.run(_with(looks(small_town), lambda it: it.look(f"{small_town.site.url(NEW)}?n=x")))
    assert small_town.site.last(NEW).target.endswith("n=x")


def test_F20_a_look_asks_a_few_pages_of_a_list_that_never_ends(small_town: Town) -> None:
    for n in range(40):
        small_town.site.page(f"/{n}", _tribe(n, small_town.site.url(f"/{n + 1}")), content_type="application/json")
    found = looked(small_town, small_town.site.url("/0"), patience=5.0)
    assert found.shown
    assert small_town.site.connections <= samples.QUESTIONS


async def _with(mine: Samples, does: Callable[[Samples], Awaitable[Sample]]) -> Sample:
    return await does(mine)


def _tribe(n: int, following: str) -> bytes:
    """A page of The Events Calendar that has one event and a next page."""
    day = f"{at(5 + n % 20):%Y-%m-%d}"
    event = {"id": n, "title": f"Afton {n}", "url": f"https://t.example/{n}", "timezone": "Europe/Stockholm"}
    event |= {"start_date": f"{day} 18:00:00", "end_date": f"{day} 20:00:00", "status": "publish"}
    event |= {"utc_start_date": f"{day} 17:00:00", "utc_end_date": f"{day} 19:00:00"}
    return json.dumps({"events": [event], "next_rest_url": following, "total": 40}).encode()
