"""The runner over procrastinate on a real PostgreSQL: each due source once, over several workers, however they end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from time import monotonic

import psycopg
import pytest

from aggregator.erasure import erase
from aggregator.jobs import queued
from aggregator.jobs.queued import Queue
from aggregator.model import Source
from aggregator.sandbox import Sandbox
from tests.jobs.hands import Hands
from tests.loopback import Asked, Loopback
from tests.privacy.canary import EMAIL, heard, settle_in
from tests.town import HOUR, Town, at, open_town, vevent

pytestmark = [pytest.mark.anyio, pytest.mark.postgres]
TITLES = {"klubben": "Quizkväll", "kyrkan": "Orgelmusik", "kvarnen": "Keramik", "biblioteket": "Sagostund"}
PATIENCE = 20.0  # seconds that a test waits for what a worker does within one


@pytest.fixture
def queue_town(
    tmp_path: Path, site: Loopback, readers: Sandbox, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """A town of four sources on PostgreSQL."""
    with open_town(tmp_path, site, readers, postgres_url, monkeypatch.setenv) as town:
        for n, (id, title) in enumerate(TITLES.items()):
            town.add(id, interval="1h")
            town.tell(id, vevent(title, at(3 + n), uid=id))
        yield town


def worker(town: Town, hands: Hands, name: str, readers: Sandbox) -> Queue:
    """A worker of its own name, as another machine would have it."""
    program = town.program
    kit = replace(program.kit, clock=lambda: hands.now, holder=name, sandbox=readers)
    return Queue(replace(program, clock=lambda: hands.now, kit=kit, begun=hands.now), lambda: hands.ticks)


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what workers do; a test that waits too long has failed."""
    end = monotonic() + PATIENCE
    while not await asyncio.to_thread(happened):
        assert monotonic() < end, "it did not happen"
        await asyncio.sleep(0.1)


def jobs(town: Town) -> list[tuple[str, str]]:
    """Name and state of every job in the queue."""
    address = town.program.settings.database_url
    with psycopg.connect(address) as connection:
        found = connection.execute("SELECT task_name, status::text FROM procrastinate.procrastinate_jobs ORDER BY id")
        return [(row[0], row[1]) for row in found]


async def test_D05_workers_share_what_is_due_and_visit_each_source_once(queue_town: Town, readers: Sandbox) -> None:
    hands, stop = Hands(), asyncio.Event()
    both = [asyncio.create_task(worker(queue_town, hands, name, readers).run(stop)) for name in ("one", "two")]
    await until(lambda: len(queue_town.titles()) == len(TITLES) and all(name == "look" for name, _ in jobs(queue_town)))
    stop.set()
    await asyncio.gather(*both)
    assert [queue_town.site.hits(f"/{id}.ics") for id in TITLES] == [1] * len(TITLES)
    assert [len(queue_town.program.store.tries(id)) for id in TITLES] == [1] * len(TITLES)


async def test_a_source_that_is_due_again_is_visited_again(queue_town: Town, readers: Sandbox) -> None:
    hands, stop = Hands(), asyncio.Event()
    one = worker(queue_town, hands, "one", readers)
    running = asyncio.create_task(one.run(stop))
    await until(lambda: len(queue_town.titles()) == len(TITLES))
    hands.pass_(HOUR)
    await one._look.defer_async(timestamp=1)  # what the next ten seconds would do
    await until(lambda: [queue_town.site.hits(f"/{id}.ics") for id in TITLES] == [2] * len(TITLES))
    stop.set()
    await running


async def test_D06_a_job_whose_worker_died_bars_no_host(queue_town: Town, readers: Sandbox) -> None:
    """The dead worker's job holds the lock of the host that all four sources share."""
    hands, dead = Hands(), worker(queue_town, Hands(), "dead", readers)
    await queued._prepare(dead._address)
    async with dead.app.open_async():
        await dead._defer(queue_town.program.config.sources[0])
        manager = dead.app.job_manager
        await manager.fetch_job(queues=None, worker_id=await manager.register_worker())
    with psycopg.connect(dead._address) as connection:
        connection.execute("UPDATE procrastinate.procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
    assert jobs(queue_town) == [("refresh", "doing")]
    stop = asyncio.Event()
    running = asyncio.create_task(worker(queue_town, hands, "one", readers).run(stop))
    await until(lambda: len(queue_town.titles()) == len(TITLES))
    stop.set()
    await running


async def test_tables_of_another_version_are_made_anew(queue_town: Town, readers: Sandbox) -> None:
    one = worker(queue_town, Hands(), "one", readers)
    await queued._prepare(one._address)
    with psycopg.connect(one._address) as connection:
        connection.execute("DROP TABLE procrastinate.procrastinate_jobs CASCADE")
        connection.execute("COMMENT ON SCHEMA procrastinate IS '0.0.1'")
    await queued._prepare(one._address)
    assert jobs(queue_town) == []


async def test_D03_a_stop_ends_within_ten_seconds(queue_town: Town, readers: Sandbox) -> None:
    async def hanging(_asked: Asked, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    queue_town.site.script("/klubben.ics", hanging)
    stop = asyncio.Event()
    running = asyncio.create_task(worker(queue_town, Hands(), "one", readers).run(stop))
    await until(lambda: queue_town.site.hits("/klubben.ics") == 1)
    begun = monotonic()
    stop.set()
    await running
    assert monotonic() - begun < 10


async def test_G01_what_waits_for_a_source_that_is_erased_leaves_the_queue(queue_town: Town, readers: Sandbox) -> None:
    one = worker(queue_town, Hands(), "one", readers)
    settle_in(queue_town.program, queue_town.now)
    await queued._prepare(one._address)
    async with one.app.open_async():
        await one._defer(Source(id="kanarie-fagelholks-poesi", name="", url="https://kanarie-fagelholk.example/k.ics"))
    assert "procrastinate_jobs.lock" in {line.split(":")[0] for line in heard(one._address)}
    erase(queue_town.program.kit, queue_town.program.store, EMAIL)
    assert heard(one._address) == []
