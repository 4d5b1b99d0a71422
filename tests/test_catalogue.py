"""The catalogue: built once however many ask, old bytes meanwhile, the last known version when the store is away."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from aggregator import catalogue as module
from aggregator.catalogue import Catalogue
from aggregator.errors import StoreError
from aggregator.render import FORMATS
from aggregator.shelf import Shelf
from tests.render.worlds import ZONE, event, event_id, view
from tests.web.memory import MemoryStore, Ticks

pytestmark = pytest.mark.anyio
TODAY = date(2027, 1, 10)


class Case:
    """A catalogue over a store in memory."""

    def __init__(self, **limits: int) -> None:
        self.store, self.ticks = MemoryStore(), Ticks()
        self.reports: list[Any] = []
        self.catalogue = Catalogue(self.store, ZONE, self.ticks, lambda *told: self.reports.append(told), **limits)

    def put(self, *numbers: int) -> None:
        self.store.put(*[event(n) for n in numbers])
        self.ticks.seconds += 1


@pytest.fixture
def case() -> Case:
    made = Case()
    made.put(1, 2, 3)
    return made


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """What a build waits for; opened at the end, so that no thread is left."""
    made = threading.Event()
    yield made
    made.set()


async def test_E03_herd_builds_once(case: Case) -> None:
    built: list[int] = []

    def build(shelf: Shelf) -> bytes:
        built.append(shelf.version)
        return b"x"

    answers = await asyncio.gather(*[case.catalogue.prepared("k", TODAY, build) for _ in range(200)])
    assert built == [1]
    assert len({id(answer) for answer in answers}) == 1


async def test_E03_former_bytes_are_served_while_the_new_are_built(case: Case, gate: threading.Event) -> None:
    await case.catalogue.prepared("k", TODAY, lambda _: b"old")
    case.put(4)

    begun = threading.Event()

    def build(_: Shelf) -> bytes:
        begun.set()
        gate.wait(10)
        return b"new"

    leader = asyncio.create_task(case.catalogue.prepared("k", TODAY, build))
    await asyncio.to_thread(begun.wait, 10)
    follower = await case.catalogue.prepared("k", TODAY, build)
    assert follower.body == b"old"
    gate.set()
    assert (await leader).body == b"new"
    assert (await case.catalogue.prepared("k", TODAY, build)).body == b"new"


async def test_version_is_asked_for_at_most_once_a_pause(case: Case) -> None:
    for _ in range(100):
        await case.catalogue.prepared("k", TODAY, lambda _: b"x")
    assert case.store.asked["stamp"] == 1
    case.ticks.seconds += 1
    await case.catalogue.prepared("k", TODAY, lambda _: b"x")
    assert case.store.asked["stamp"] == 2
    assert case.catalogue.built == 1


async def test_D10_busy_database_leaves_the_last_known_version(case: Case, gate: threading.Event) -> None:
    await case.catalogue.shelf()
    stamp = case.store.stamp
    case.store.stamp = lambda: (gate.wait(10), stamp())[1]  # type: ignore[method-assign]  # a database that is locked
    case.put(4)
    begun = asyncio.get_running_loop().time()
    shelf = await case.catalogue.shelf()
    assert shelf.version == 1
    assert asyncio.get_running_loop().time() - begun < 5
    gate.set()
    while (await case.catalogue.shelf()).version == 1:
        case.ticks.seconds += 1
    assert event_id(4) in (await case.catalogue.shelf()).by_id


async def test_store_that_fails_is_reported_and_the_last_version_served(case: Case) -> None:
    await case.catalogue.shelf()
    case.store.fails = StoreError("away")
    case.ticks.seconds += 1
    assert (await case.catalogue.shelf()).version == 1
    assert [told[1] for told in case.reports] == ["version"]


async def test_store_that_fails_at_the_start_is_an_error_for_everyone() -> None:
    case = Case()
    case.store.fails = StoreError("away")
    answers = await asyncio.gather(*[case.catalogue.shelf() for _ in range(3)], return_exceptions=True)
    assert {type(answer) for answer in answers} == {StoreError}
    case.store.fails = None
    assert (await case.catalogue.shelf()).version == 0


async def test_only_what_changed_is_loaded_and_rendered(case: Case) -> None:
    form = FORMATS["ics"]
    first = await case.catalogue.shelf()
    case.catalogue.texts(form, view(), first.entries)
    assert case.catalogue.rendered == 3
    case.store.put(event(2, title="Ny"))
    case.ticks.seconds += 1
    second = await case.catalogue.shelf()
    texts = case.catalogue.texts(form, view(), second.entries)
    assert case.catalogue.rendered == 4
    assert sum("SUMMARY:Ny" in text for text in texts) == 1


async def test_confirmed_and_english_texts_are_texts_of_their_own(case: Case) -> None:
    shelf = await case.catalogue.shelf()
    for look in (view(), view(language="en"), view(cancelled="confirmed"), view()):
        case.catalogue.texts(FORMATS["ics"], look, shelf.entries)
    assert case.catalogue.rendered == 9


async def test_restored_database_is_loaded_whole(case: Case) -> None:
    await case.catalogue.shelf()
    case.store.kept, case.store.number = {}, 0
    case.put(9)
    case.store.number = 0
    case.ticks.seconds += 1
    assert set((await case.catalogue.shelf()).by_id) == {event_id(9)}


async def test_erased_event_is_forgotten_within_a_day(case: Case) -> None:
    await case.catalogue.shelf()
    del case.store.kept[event_id(2)]
    case.ticks.seconds += module.WHOLE + 1
    assert set((await case.catalogue.shelf()).by_id) == {event_id(1), event_id(3)}


async def test_E08_oldest_answers_leave_first_and_the_budget_holds() -> None:
    case = Case(budget=1000)
    for n in range(20):
        await case.catalogue.prepared(n, TODAY, lambda _: bytes(range(200)))
    assert case.catalogue.held[1] <= 1000
    built = case.catalogue.built
    await case.catalogue.prepared(19, TODAY, lambda _: b"")
    assert case.catalogue.built == built


async def test_etag_is_what_the_bytes_are(case: Case) -> None:
    one = await case.catalogue.prepared("a", TODAY, lambda _: b"same")
    two = await case.catalogue.prepared("b", TODAY, lambda _: b"same")
    assert (one.etag, one.packed_etag) == (two.etag, two.packed_etag)
    assert one.etag != one.packed_etag


async def test_build_that_fails_fails_its_asker_and_is_tried_again(case: Case) -> None:
    def broken(_: Shelf) -> bytes:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await case.catalogue.prepared("k", TODAY, broken)
    assert (await case.catalogue.prepared("k", TODAY, lambda _: b"fine")).body == b"fine"


async def test_town_that_changed_is_rendered_anew(case: Case) -> None:
    shelf = await case.catalogue.shelf()
    case.catalogue.texts(FORMATS["ics"], view(), shelf.entries)
    case.catalogue.forget()
    case.catalogue.texts(FORMATS["ics"], view(base="https://nytt.example"), shelf.entries)
    assert case.catalogue.rendered == 6


async def test_texts_that_were_not_asked_for_longest_are_forgotten() -> None:
    case = Case(texts=4000)
    case.put(1, 2, 3)
    shelf = await case.catalogue.shelf()
    for name in ("ics", "rss", "atom", "json", "jsonld", "csv"):
        case.catalogue.texts(FORMATS[name], view(), shelf.entries)
    rendered = case.catalogue.rendered
    case.catalogue.texts(FORMATS["csv"], view(), shelf.entries)
    assert case.catalogue.rendered == rendered
    case.catalogue.texts(FORMATS["ics"], view(), shelf.entries)
    assert case.catalogue.rendered == rendered + 3
