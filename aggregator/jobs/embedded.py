"""The runner inside the server and `evenemang worker`: a small loop over `schedule.due`. It holds no rule.

Several may run at once, in several processes: the lease of a source decides who refreshes it. What is overdue at
the start, or after the machine slept, is caught up in one visit each. A stop ends within ten seconds.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import structlog

from aggregator import ingest, rounds, schedule
from aggregator.compose import Program
from aggregator.errors import EvenemangError
from aggregator.jobs.follow import Follower
from aggregator.kit import Visit
from aggregator.model import Source
from aggregator.slots import Place, Slots, places
from aggregator.state import SourceState

LOOK = timedelta(seconds=10)  # the longest sleep: an edit of sources.yaml is seen within it
PATIENCE = 10.0  # seconds that a source waits for its turn; then it is decided out of turn
STALE = timedelta(minutes=1)  # a visit that waited longer for its slot has a time of its own, not that of its round
THREADS = 64  # more than all slots may hold, so that who serves beside never waits behind those who read
END = 8.0  # seconds for what is running at a stop, of the ten in all
DAY, PICTURES = "the chores of the day", "the pictures"  # names among the running that no source can have
log = structlog.get_logger()


class Runner:
    """Owns the running refreshes of one process. `ticks` is a clock in seconds that only runs forward."""

    def __init__(self, program: Program, ticks: Callable[[], float] = time.monotonic) -> None:
        self.follower = Follower(program, ticks)
        self._running: dict[str, asyncio.Task[None]] = {}
        self._slots = Slots()

    @property
    def program(self) -> Program:
        """The program as it is now: an edit of the town replaces it."""
        return self.follower.program

    async def run(self, stop: asyncio.Event) -> None:
        """Refresh what is due until `stop` is set. Raises StoreError where the database is damaged: see `Store.check`.

        It is looked at now and once a day; into a damaged one nothing is written.
        """
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(THREADS))
        try:
            await self.follower.check()
            while not stop.is_set():
                self.follower.sound()
                await _sleep(stop, await self.look())
        finally:
            await self._end()

    async def look(self) -> float:
        """One look: the file, the day, who is due; the seconds until the next. No error of one look ends the runner."""
        try:
            now, states = await self.follower.look()
            self._begin_day(now)
            self._start(now, states)
            self._begin_pictures(now)
            return self._pause(states)
        except EvenemangError as error:
            log.error("runner.look_failed", error=str(error))
        except Exception:
            log.exception("runner.look_failed")
        return LOOK.total_seconds()

    def _start(self, now: datetime, states: Mapping[str, SourceState]) -> None:
        asked = {source.id: source for source in self._asked()}
        due = [asked[id] for id in schedule.due(asked.values(), states, now, self.follower.watch.awake)]
        for source, place in places(due, PATIENCE):
            self._running[source.id] = asyncio.create_task(self._one(source, place, now))
        if due:
            self._running[f"renew {now}"] = asyncio.create_task(self._renew(list(self._running.values()), now))

    def _asked(self) -> list[Source]:
        """The sources that may be visited now, as far as this process knows."""
        return self.follower.awake(self._running)

    async def _one(self, source: Source, place: Place, now: datetime) -> None:
        try:
            async with place.taken(self._slots.slot(source)):
                hold = self.follower.watch.doubtful
                visit = Visit(source=source, now=self._fresh(now), due=True, hold=hold, turn=place)
                self.follower.ended(await ingest.refresh(self.program.kit, visit))
        finally:
            self._running.pop(source.id, None)

    def _fresh(self, now: datetime) -> datetime:
        """The time of a visit that begins: its round's, so that a round has one, unless it had to wait long."""
        there = self.program.clock()
        return now if abs(there - now) < STALE else there

    def _begin_pictures(self, now: datetime) -> None:
        if PICTURES not in self._running and self.follower.lacks_pictures():
            self._running[PICTURES] = asyncio.create_task(self._hang(now))

    async def _hang(self, now: datetime) -> None:
        try:
            await self.follower.hang(now)
        finally:
            self._running.pop(PICTURES, None)

    def _begin_day(self, now: datetime) -> None:
        day = self.follower.new_day(now)
        if day is not None and DAY not in self._running:
            self._running[DAY] = asyncio.create_task(self._do_day(day, now))

    async def _do_day(self, day: date, now: datetime) -> None:
        try:
            await self.follower.do_day(day, now)
        finally:
            self._running.pop(DAY, None)

    async def _renew(self, after: list[asyncio.Task[None]], now: datetime) -> None:
        try:
            await asyncio.wait(after)
            await asyncio.to_thread(rounds.renew_if_grown, self.program.kit, now)
        except EvenemangError as error:
            log.error("runner.statistics_failed", error=str(error))
        finally:
            self._running.pop(f"renew {now}", None)

    def _pause(self, states: Mapping[str, SourceState]) -> float:
        """Seconds to sleep: until the next source is due, at most `LOOK`, at least a moment."""
        now = self.program.clock()
        wake = schedule.wake(self._asked(), states, now, self.follower.watch.awake)
        left = LOOK if wake is None else min(LOOK, wake - now)
        return max(0.2, left.total_seconds())

    async def _end(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        self.program.kit.sandbox.close()
        if tasks:
            await asyncio.wait(tasks, timeout=END)


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return
