"""The runner inside the server and `evenemang worker`: a small loop over `schedule.due`. It holds no rule.

Several may run at once, in several processes: the lease of a source decides who refreshes it. What is overdue at
the start, or after the machine slept, is caught up in one visit each. A stop ends within ten seconds.
"""

import asyncio
from datetime import datetime, timedelta

import structlog

from aggregator import config, rounds, schedule
from aggregator.compose import Program
from aggregator.errors import ConfigError, EvenemangError
from aggregator.model import Source
from aggregator.report import Report, Result, line

LOOK = timedelta(seconds=10)  # the longest sleep: an edit of sources.yaml is seen within it
PATIENCE = 10.0  # seconds that a source waits for its turn; then it is decided out of turn
SLEPT = timedelta(minutes=2)  # so much more on the wall than on the monotonic clock: the machine was asleep
log = structlog.get_logger()


class Runner:
    """Owns the running refreshes of one process. `config_error` is what is wrong with a later edit of the file."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.config_error: str | None = None
        self._running: dict[str, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(rounds.AT_ONCE)
        self._awake = program.clock()
        self._looked: tuple[datetime, float] | None = None
        self._seen = _stamp(program)

    async def run(self, stop: asyncio.Event) -> None:
        """Refresh what is due until `stop` is set."""
        try:
            while not stop.is_set():
                await self._look()
                await _sleep(stop, await self._pause())
        finally:
            await self._end()

    async def _look(self) -> None:
        """One look: the file, the day, who is due. An error of one look is told and does not end the runner."""
        try:
            await self._reload()
            now = self._now()
            await asyncio.to_thread(rounds.daily, self.program.kit, now)
            await self._start(now)
        except EvenemangError as error:
            log.error("runner.look_failed", error=str(error))

    async def _start(self, now: datetime) -> None:
        sources = {s.id: s for s in self.program.config.sources if s.enabled and s.id not in self._running}
        states = await asyncio.to_thread(self.program.kit.ledger.states)
        asked = [s for s in sources.values() if s.id not in states or states[s.id].paused is None]
        due = [sources[id] for id in schedule.due(asked, states, now, self._awake)]
        for source, place in rounds.places(due, PATIENCE):
            self._running[source.id] = asyncio.create_task(self._one(source, place, now))
        if due:
            self._running[f"renew {now}"] = asyncio.create_task(self._renew(list(self._running.values()), now))

    async def _one(self, source: Source, place: rounds.Place, now: datetime) -> None:
        try:
            async with self._slots:
                _tell(await rounds.one(self.program.kit, source, now, place))
        finally:
            self._running.pop(source.id, None)

    async def _renew(self, after: list[asyncio.Task[None]], now: datetime) -> None:
        try:
            await asyncio.wait(after)
            await asyncio.to_thread(rounds.renew_if_grown, self.program.kit, now)
        except EvenemangError as error:
            log.error("runner.statistics_failed", error=str(error))
        finally:
            self._running.pop(f"renew {now}", None)

    async def _reload(self) -> None:
        """Read `sources.yaml` again when it changed; a broken edit keeps the last good one and is told."""
        seen = await asyncio.to_thread(_stamp, self.program)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            town = await asyncio.to_thread(config.load, self.program.file)
        except ConfigError as error:
            self.config_error = str(error)
            log.error("config.broken", error=str(error))
            return
        self.config_error = None
        self.program = self.program.with_config(town)
        gone = await asyncio.to_thread(rounds.settle, self.program.kit, self.program.clock())
        log.info("config.read_again", sources=len(town.sources), gone=list(gone))

    def _now(self) -> datetime:
        """The time of this look; notes when the machine was asleep since the last."""
        now, monotonic = self.program.clock(), asyncio.get_running_loop().time()
        if self._looked is not None:
            wall = now - self._looked[0]
            if wall - timedelta(seconds=monotonic - self._looked[1]) > SLEPT:
                self._awake = now
        self._looked = (now, monotonic)
        return now

    async def _pause(self) -> float:
        """Seconds to sleep: until the next source is due, at most `LOOK`, at least a moment."""
        sources = [s for s in self.program.config.sources if s.enabled and s.id not in self._running]
        try:
            states = await asyncio.to_thread(self.program.kit.ledger.states)
        except EvenemangError:
            return LOOK.total_seconds()
        asked = [s for s in sources if s.id not in states or states[s.id].paused is None]
        now = self.program.clock()
        wake = schedule.wake(asked, states, now, self._awake)
        left = LOOK if wake is None else min(LOOK, wake - now)
        return max(0.2, left.total_seconds())

    async def _end(self) -> None:
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        self.program.kit.sandbox.close()
        if tasks:
            await asyncio.wait(tasks, timeout=8)


def _stamp(program: Program) -> tuple[int, int] | None:
    try:
        stat = program.file.stat()
    except OSError:
        return None
    return stat.st_mtime_ns, stat.st_size


async def _sleep(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


def _tell(report: Report) -> None:
    if report.result is Result.BUSY:
        return
    told = log.info if report.ok else log.warning
    told("refresh", source=report.source, result=report.result.value, told=line(report))
