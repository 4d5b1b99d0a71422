"""One filter is one feed, in any order and spelling; and a change renews the feeds that hold it, and no other."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model import Event, Layer, Location, Price, Status, When
from aggregator.render import FORMATS
from tests.render.worlds import TOLD, event, event_id, golden, local
from tests.web.memory import World
from tests.web.served import town

# Every key with values that select some of the town, none of it, or all.
VALUES: dict[str, tuple[str, ...]] = {
    "from": ("2027-01-01", "2027-01-12"),
    "to": ("2027-01-20", "2027-07-31"),
    "days": ("7", "200"),
    "category": ("barn", "musik", "sport", "finns-inte"),
    "audience": ("barn", "vuxna"),
    "place": ("radhuset", "okand"),
    "organizer": ("foreningen-ost-vast",),
    "source": ("biblioteket", "kommunen"),
    "series": ("S1", "S2"),
    "q": ("saga", "konsert kyrka", "fika", "Språkcafé"),
    "not": ("handboll", "föreläsning"),
    "age": ("4", "40"),
    "free": ("1",),
    "accessible": ("1",),
    "time": ("morning", "day", "evening", "weekend"),
    "layer": ("leisure", "all", "civic"),
    "ongoing": ("yes", "no", "only"),
    "dates": ("next", "all"),
    "status": ("scheduled", "cancelled", "moved"),
    "cancelled": ("marked", "confirmed", "omit"),
    "near": ("55.6426,13.2064,1", "55.6,13.2,100"),
    "limit": ("3", "400"),
    "lang": ("sv", "en"),
}
MANY = ("category", "audience", "place", "organizer", "source", "series", "q", "not", "age", "time", "status", "near")
DEFAULTS = (("layer", "leisure"), ("ongoing", "yes"), ("cancelled", "marked"), ("lang", "sv"))
Pairs = list[tuple[str, str]]


@st.composite
def filters(draw: st.DrawFn) -> Pairs:
    """A filter of up to four keys, as pairs; some keys with several values."""
    keys = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4, unique=True))
    return [
        (key, value)
        for key in keys
        for value in draw(st.lists(st.sampled_from(VALUES[key]), min_size=1, max_size=3 if key in MANY else 1))
    ]


def spelled(pairs: Pairs, chance: random.Random) -> str:
    """The filter in other words: shuffled, repeated, defaults said, letters escaped or not, case and zeros changed."""
    said = {key for key, _ in pairs}
    told = [*pairs, *(pair for pair in DEFAULTS if pair[0] not in said and chance.random() < 0.3)]
    told += [pair for pair in told if chance.random() < 0.3]
    chance.shuffle(told)
    return "&".join(f"{key}={_other(key, value, chance)}" for key, value in told)


def _other(key: str, value: str, chance: random.Random) -> str:
    if key in ("category", "audience", "place", "organizer", "source", "q", "not") and chance.random() < 0.5:
        value = value.upper()
    if key == "q":
        words = value.split()
        chance.shuffle(words)
        value = "  ".join(words)
    if key in ("age", "days", "limit") and chance.random() < 0.3:
        value = f"0{value}"
    if key == "near" and chance.random() < 0.5:
        value = f"{value}.0"
    if chance.random() < 0.3:
        return "".join(f"%{octet:02{chance.choice('xX')}}" for octet in value.encode())
    return chance.choice([quote, quote_plus])(value)


@cache
def the_town() -> World:
    made = World()
    made.put(*town())
    return made


@settings(max_examples=150, deadline=None)
@given(filters(), st.sampled_from(sorted(FORMATS)), st.integers(0, 2**32))
def test_filter_in_any_order_and_spelling_is_one_feed(pairs: Pairs, form: str, seed: int) -> None:
    world, path, chance = the_town(), f"/events.{form}", random.Random(seed)
    one = asyncio.run(world.get(f"{path}?{'&'.join(f'{key}={quote(value)}' for key, value in pairs)}"))
    assert one.status_code == 200, one.text
    for _ in range(3):
        query = spelled(pairs, chance)
        other = asyncio.run(world.get(f"{path}?{query}"))
        assert (other.content, other.headers["etag"]) == (one.content, one.headers["etag"]), query


LATER = TOLD + timedelta(days=3)
TOWN = {one.id: one for one in town()}


def changed(number: int, **content: Any) -> Event:
    """An event of the town as it is told later."""
    old = TOWN[event_id(number)]
    return replace(old, content=replace(old.content, **content), changed=LATER)


CHANGES: dict[str, Event] = {
    "a new title": changed(100, title="Helt annat"),
    "another time": replace(changed(103, when=When(local("2027-02-13 10:00"))), sequence=1),
    "a cancellation": changed(104, status=Status.CANCELLED),
    "a withdrawal": replace(golden()["timed"], withdrawn=LATER, changed=LATER),
    "another place": changed(105, location=Location(name="Kyrkan")),
    "what becomes free": changed(108, price=Price(free=True)),
    "a new concert": event(900, title="Orgelkonsert", categories=("musik",), told=LATER),
    "a new meeting": event(902, title="Fullmäktige", layer=Layer.CIVIC, told=LATER),
    "one far ahead": event(903, title="Fjärran", when=When(local("2028-06-01 18:00")), told=LATER),
    "one date of a series": changed(112, description="Ta med kudde."),
}


async def _bodies(world: World, paths: Iterable[str]) -> dict[str, tuple[str, bytes]]:
    found = {path: await world.get(path) for path in paths}
    return {path: (answer.headers["etag"], answer.content) for path, answer in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("name", CHANGES)
def test_change_renews_the_feeds_that_hold_it_and_no_other(name: str) -> None:
    one, chance = CHANGES[name], random.Random(7)
    queries = ["", *(f"{key}={quote(value)}" for key, values in VALUES.items() for value in values)]
    queries += [f"{chance.choice(queries[1:])}&{chance.choice(queries[1:])}" for _ in range(40)]
    world = World()
    world.put(*town())
    asked = [f"/events.{form}?{query}" for form in FORMATS for query in queries]
    paths = [path for path in asked if asyncio.run(world.get(path)).status_code == 200]
    before = asyncio.run(_bodies(world, paths))
    world.put(one)
    after = asyncio.run(_bodies(world, paths))
    held = {path for path in paths if one.id.encode() in before[path][1] + after[path][1]}
    renewed = {path for path in paths if before[path][0] != after[path][0]}
    assert renewed == held
    assert 0 < len(renewed) < len(paths)
