"""What every runner does beside refreshing: follow the town's file, the clock, the day and the database's health.

It decides who is due for none of them and starts no refresh: the embedded runner and the queue do, each its own way.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial

import structlog

from aggregator import gallery, rounds
from aggregator.compose import Program
from aggregator.errors import ConfigError, EvenemangError, StoreError
from aggregator.jobs.watch import Watch
from aggregator.model import Source
from aggregator.remind import Sender, remind
from aggregator.report import Report, Result, line
from aggregator.state import SourceState
from aggregator.warn import warn

REST = 5.0  # seconds until a source is tried again that another process was at
LONG_REST = 60.0  # after a failure, which may be one that could not be stored: an address is not asked in a loop
PICTURES_APART = 60.0  # seconds between two looks for pictures
log = structlog.get_logger()


class Follower:
    """The program of one process as it runs on. `ticks` is a clock in seconds that only runs forward."""

    def __init__(self, program: Program, ticks: Callable[[], float] = time.monotonic) -> None:
        self.program = program
        self.watch = Watch(program.clock(), ticks())
        self._ticks = ticks
        self._rests: dict[str, float] = {}
        self._day: date | None = None
        self._hour: datetime | None = None
        self._damage: str | None = None
        self._hung = float("-inf")
        self._seen = program.stamp()
        self._first: datetime | None = program.begun

    async def look(self) -> tuple[datetime, Mapping[str, SourceState]]:
        """Read the town again if it changed, settle what follows of it; the time of this look, and all states."""
        await self._reload()
        now = self._now()
        await self._forget(now)
        states = await asyncio.to_thread(self.program.kit.ledger.states)
        if rounds.unsettled(self.program.config, states):
            await asyncio.to_thread(rounds.settle, self.program.kit, now)
        return now, states

    async def _forget(self, now: datetime) -> None:
        """What people sent in goes within the hour in which its term ends; not while the clock is in doubt."""
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour == self._hour or self.watch.doubtful:
            return
        self._hour = hour
        await asyncio.to_thread(rounds.done, partial(self.program.kit.ledger.purge_people, now))
        await asyncio.to_thread(rounds.done, partial(self._warn, now))

    async def check(self) -> None:
        """Read every stored value: into a damaged database nothing is written."""
        self._damage = await asyncio.to_thread(self.program.store.check)
        self.sound()

    def sound(self) -> None:
        """Raise StoreError where the database was found to be damaged."""
        if self._damage is not None:
            raise StoreError(self._damage)

    def new_day(self, now: datetime) -> date | None:
        """The local day whose chores may have to be done; None while they are, or while the clock is in doubt."""
        day = now.astimezone(self.program.zone).date()
        return None if day == self._day or self.watch.doubtful else day

    async def do_day(self, day: date, now: datetime) -> None:
        """The chores of the day, if nobody has taken them, one after the other, so that a stop comes between."""
        kit = self.program.kit
        try:
            mine = await asyncio.to_thread(kit.ledger.claim_day, day)
            self._day = day
            for chore in await asyncio.to_thread(list, rounds.chores(kit, now)) if mine else ():
                await asyncio.to_thread(rounds.done, chore)
            if mine:
                await asyncio.to_thread(rounds.done, partial(self._remind, now))
                self._damage = await asyncio.to_thread(self.program.store.check)
        except EvenemangError as error:
            log.error("daily.failed", error=str(error))

    def _remind(self, now: datetime) -> None:
        """Ask the organizers whom staff want to be asked."""
        remind(self.program.store, self._sender(), now, self.program.zone)

    def _warn(self, now: datetime) -> None:
        """Write to the organizers whose sources are in trouble."""
        sources = {source.id: source for source in self.program.config.sources}
        warn(self.program.store, self._sender(), sources, now, self.program.zone)

    def _sender(self) -> Sender:
        chosen = self.program.settings
        return Sender(self.program.config.calendar.name, chosen.base_url.rstrip("/"), chosen.contact)

    def lacks_pictures(self) -> bool:
        """Whether it is time to look for pictures that are to be brought."""
        return self._ticks() - self._hung >= PICTURES_APART

    async def hang(self, now: datetime) -> None:
        """One go at the pictures; where there may be more, it is time for another at once."""
        try:
            asked = await gallery.hang(self.program.kit, now)
            self._hung = float("-inf") if asked == gallery.AT_ONCE else self._ticks()
        except EvenemangError as error:
            self._hung = self._ticks()
            log.error("pictures.failed", error=str(error))

    def awake(self, but: Iterable[str] = ()) -> list[Source]:
        """The enabled sources that this process may visit now: not `but` those, and none that rests."""
        ticks = self._ticks()
        self._rests = {id: until for id, until in self._rests.items() if until > ticks}
        busy = {*but, *self._rests}
        return [source for source in self.program.config.sources if source.enabled and source.id not in busy]

    def ended(self, report: Report) -> None:
        """Tell a refresh to the log; one that came to nothing lets its source rest."""
        if report.result is Result.BUSY:
            self._rests[report.source] = self._ticks() + REST
            return
        if not report.ok:
            self._rests[report.source] = self._ticks() + LONG_REST
        told = log.info if report.ok else log.warning
        told("refresh", source=report.source, result=report.result.value, told=line(report))

    async def _reload(self) -> None:
        """A broken edit keeps the last good town and is told."""
        seen = await asyncio.to_thread(self.program.stamp)
        if seen == self._seen:
            return
        self._seen = seen
        try:
            town = await asyncio.to_thread(self.program.read_town)
        except ConfigError as error:
            log.error("config.broken", error=str(error))
            return
        self.program = self.program.with_config(town)
        gone = await asyncio.to_thread(rounds.settle, self.program.kit, self.program.clock())
        log.info("config.read_again", sources=len(town.sources), gone=list(gone))

    def _now(self) -> datetime:
        """The time of this look, compared with the clock that only runs forward; of the first, when all began."""
        now, self._first = self._first or self.program.clock(), None
        doubted = self.watch.doubtful
        self.watch.look(now, self._ticks())
        if self.watch.doubtful and not doubted:
            log.warning("clock.jumped", now=now.isoformat(), told="nothing is deleted by this clock for a day")
        return now
