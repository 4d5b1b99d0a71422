"""The runner over procrastinate: workers on any number of machines share one queue in PostgreSQL.

Every ten seconds one of them looks at what is due and defers a job for each source, with a lock for its host; a
notification wakes whoever is free. The right to write is still the lease of the source: a job that is lost, or run
twice, changes nothing, so what the queue keeps is dropped whenever procrastinate's own tables change.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from urllib.parse import urlsplit

import procrastinate
import structlog
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Status
from psycopg import AsyncConnection, sql

from aggregator import ingest, rounds, schedule
from aggregator.compose import Program
from aggregator.errors import EvenemangError, StoreError
from aggregator.jobs.follow import Follower
from aggregator.kit import Visit
from aggregator.model import Source
from aggregator.slots import AT_ONCE

EVERY = "* * * * * */10"  # cron with seconds last: as often as the embedded runner looks
NAMESPACE = "procrastinate"
END = 5.0  # seconds for what is running at a stop, of the ten in all; then it is aborted
STALLED = 60.0  # seconds without a sign of life, after which a worker's jobs are given up: their locks bar a host
POLL = 1.0  # seconds until a job is found whose host has come free: nobody notifies of that
SETUP = 0x45564F  # the advisory lock under which one worker makes the tables
log = structlog.get_logger()


class Queue:
    """One worker of the queue. `ticks` is a clock in seconds that only runs forward."""

    def __init__(self, program: Program, ticks: Callable[[], float] = time.monotonic) -> None:
        self.follower = Follower(program, ticks)
        self._address = program.settings.database_url.replace("postgresql+psycopg://", "postgresql://")
        self.app = _app(self._address)
        self._refresh = self.app.task(name="refresh")(self.refresh)
        self._look = self.app.task(name="look", queueing_lock="look")(self.look)
        self._pictures = self.app.task(name="pictures", queueing_lock="pictures", lock="pictures")(self.pictures)
        self.app.periodic(cron=EVERY)(self._look)

    async def run(self, stop: asyncio.Event) -> None:
        """Do the queue's jobs until `stop` is set. Raises StoreError where the database is damaged or away."""
        await self.follower.check()
        try:
            await _prepare(self._address)
            async with self.app.open_async():
                await self._work(stop)
        except ConnectorException as error:
            raise StoreError("the queue's database is away") from error
        finally:
            self.follower.program.kit.sandbox.close()

    async def look(self, timestamp: int) -> None:  # noqa: ARG002 - procrastinate tells when it was due
        """Defer a job for each source that is due, once however many look; do the day's chores."""
        self.follower.sound()
        now, states = await self.follower.look()
        await self._give_up_stalled()
        asked = {source.id: source for source in self.follower.awake()}
        for id in schedule.due(asked.values(), states, now, self.follower.watch.awake):
            await self._defer(asked[id])
        day = self.follower.new_day(now)
        if day is not None:
            await self.follower.do_day(day, now)
        if self.follower.lacks_pictures():
            with suppress(AlreadyEnqueued):
                await self._pictures.defer_async()
        with suppress(EvenemangError):  # asked again at the next look
            await asyncio.to_thread(rounds.renew_if_grown, self.follower.program.kit, now)

    async def refresh(self, source: str) -> None:
        """Refresh one source, if it is due still and nobody else is at it."""
        program = self.follower.program
        found = program.config.source(source)
        if found is None or not found.enabled:
            return
        visit = Visit(source=found, now=program.clock(), due=True, hold=self.follower.watch.doubtful)
        self.follower.ended(await ingest.refresh(program.kit, visit))

    async def pictures(self) -> None:
        """One go at the pictures, by one worker at a time."""
        await self.follower.hang(self.follower.program.clock())

    async def _work(self, stop: asyncio.Event) -> None:
        """The worker ends by itself only where it fails; what it is at is waited for a while. It looks at once."""
        with suppress(AlreadyEnqueued):
            await self._look.defer_async(timestamp=0)
        worker = asyncio.create_task(
            self.app.run_worker_async(
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                shutdown_graceful_timeout=END,
                delete_jobs="always",
                fetch_job_polling_interval=POLL,
                stalled_worker_timeout=STALLED,
            )
        )
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        worker.cancel()
        with suppress(asyncio.CancelledError):
            await worker

    async def _defer(self, source: Source) -> None:
        """One job for the source at a time; jobs of one host one after the other, over all workers."""
        host = urlsplit(source.url).hostname if source.url else None
        with suppress(AlreadyEnqueued):
            await self._refresh.configure(queueing_lock=source.id, lock=host).defer_async(source=source.id)

    async def _give_up_stalled(self) -> None:
        manager = self.app.job_manager
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED):
            if job.id is not None:
                log.warning("queue.given_up", job=job.task_name, told="its worker gives no sign of life")
                await manager.finish_job_by_id_async(job_id=job.id, status=Status.FAILED, delete_job=True)


def _app(address: str) -> procrastinate.App:
    """The queue's application; its tables stand in a namespace of their own, apart from ours."""
    connector = procrastinate.PsycopgConnector(
        conninfo=address, kwargs={"options": f"-c search_path={NAMESPACE}"}, min_size=1, max_size=4
    )
    return procrastinate.App(connector=connector)


async def _prepare(address: str) -> None:
    """Make the queue's tables, anew where they are another version's: nothing in them has to last."""
    wanted = version("procrastinate")
    async with await AsyncConnection.connect(address) as connection:
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (SETUP,))
        found = await (await connection.execute(_COMMENT, (NAMESPACE,))).fetchone()
        if found is not None and found[0] == wanted:
            return
        name = sql.Identifier(NAMESPACE)
        await connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        await connection.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        await connection.execute(sql.SQL("SET LOCAL search_path TO {}").format(name))
        await connection.execute(procrastinate.schema.SchemaManager.get_schema())
        comment = sql.SQL("COMMENT ON SCHEMA {} IS {}")
        await connection.execute(comment.format(name, sql.Literal(wanted)))


_COMMENT = "SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = %s"
