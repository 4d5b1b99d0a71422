"""Which days a page says: never a time without its day, a run without its beginning, or a date of two years."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from aggregator.model import Event, When
from tests.render.worlds import event, local
from tests.web.memory import World

pytestmark = pytest.mark.anyio


def run(first: date, last: date, n: int = 1) -> Event:
    return event(n, title=f"Salongen {n}", when=When(first, last), ongoing=True)


async def clocks(world: World, path: str) -> list[str]:
    text = unescape((await world.get(path)).text)
    return re.findall(r'class="clock">(?:<time[^>]*>)?([^<]*)<', text)


@pytest.mark.parametrize(
    ("path", "first", "last", "told"),
    [
        ("/", date(2027, 1, 2), date(2027, 1, 30), "till 30 januari"),
        ("/", date(2027, 1, 2), date(2027, 1, 16), "sista dagen"),
        ("/", date(2027, 2, 2), date(2027, 2, 28), "2–28 februari"),
        ("/", date(2027, 6, 30), date(2027, 8, 1), "30 juni–1 augusti"),
        ("/", date(2028, 2, 1), date(2028, 2, 27), "1–27 februari 2028"),
        ("/", date(2027, 12, 20), date(2028, 1, 6), "20 december 2027–6 januari 2028"),
        ("/", date(2028, 5, 20), date(2028, 6, 6), "20 maj–6 juni 2028"),
        ("/", date(2026, 12, 20), date(2028, 1, 30), "till 30 januari 2028"),
        ("/", date(2026, 12, 20), date(2099, 12, 31), "till 31 december 2099"),
        ("/en", date(2099, 2, 1), date(2099, 2, 27), "1–27 February 2099"),
        ("/en", date(2027, 1, 2), date(2027, 1, 16), "last day"),
        ("/en", date(2028, 2, 1), date(2028, 2, 27), "1–27 February 2028"),
        ("/manad/2027-02", date(2027, 1, 2), date(2027, 2, 28), "till 28 februari"),
        ("/manad/2027-02", date(2027, 2, 2), date(2027, 3, 28), "2 februari–28 mars"),
    ],
)
async def test_run_says_when_it_begins_until_it_has(path: str, first: date, last: date, told: str) -> None:
    world = World(now=local("2027-01-16 09:00"))
    world.put(run(first, last))
    assert await clocks(world, path) == [told]


async def test_market_of_two_days_ends_on_its_last() -> None:
    world = World(now=local("2027-01-16 09:00"))
    world.put(event(1, title="Marknad", when=When(date(2027, 1, 16), date(2027, 1, 17))))
    assert await clocks(world, "/") == ["16–17 januari"]
    assert await clocks(world, "/vecka") == ["16–17 januari", "sista dagen"]


async def test_source_page_says_the_day_of_what_comes_and_counts_what_the_list_of_sources_counts() -> None:
    world = World(now=local("2027-01-16 09:00"))
    near = When(local("2027-01-19 10:00"), local("2027-01-19 10:30"))
    whens = [When(local("2027-01-02 10:00")), near, When(local("2028-01-18 10:00"))]
    world.put(*[event(n, when=when, sources=("biblioteket",)) for n, when in enumerate(whens)])
    page = unescape((await world.get("/kallor/biblioteket")).text)
    assert "tisdag 19 januari kl. 10.00–10.30" in page
    assert "tisdag 18 januari 2028 kl. 10.00" in page
    assert "<dd>2</dd>" in page
    assert "Kommande evenemang: 2." in unescape((await world.get("/kallor")).text)


async def test_dates_of_a_series_tell_a_year_that_is_not_this_one() -> None:
    world = World(now=local("2027-01-16 09:00"))
    days = ["2026-11-03", "2027-01-19", "2027-02-02", "2028-02-01"]
    world.put(*[event(n, when=When(local(f"{day} 10:00")), series="S") for n, day in enumerate(days)])
    page = unescape((await world.get("/serie/S")).text)
    for told in ("tisdag 3 november 2026 kl.", "tisdag 2 februari kl.", "tisdag 1 februari 2028 kl."):
        assert told in page
