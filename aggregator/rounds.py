"""A round: many sources refreshed side by side, decided in one order, and what is due once for all of them.

The order of decisions is that of the sources' ids, so that one round over the same answers gives the same ids and
bytes however fast each source answers. Who is due is `schedule`'s word; a single refresh is `ingest`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator import ingest, plan
from aggregator.kit import Kit, Visit, ground_of
from aggregator.match import Statistics, prepare, units
from aggregator.model import Source
from aggregator.report import Report
from aggregator.state import SourceState
from aggregator.weave import reweave

AT_ONCE = 24  # sources asked side by side: 200 that each take all of their 30 s delay the others by minutes only
GROWTH = 1.5  # statistics are renewed when the catalogue has grown or shrunk by so much, and once a day
PAST_KEPT = timedelta(days=396)  # 13 months


@dataclass
class Place:
    """A source's turn among those before it. `patience`: seconds that it waits for slow ones, None for ever."""

    before: Sequence[asyncio.Event]
    mine: asyncio.Event
    patience: float | None = None

    async def come(self) -> None:
        """Wait until those before have been decided, or patience ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self.patience):
                for event in self.before:
                    await event.wait()

    def pass_on(self) -> None:
        """Let the next one come."""
        self.mine.set()


def places(sources: Iterable[Source], patience: float | None = None) -> list[tuple[Source, Place]]:
    """The sources in the order in which they are decided, each with its turn."""
    ordered = sorted(sources, key=lambda source: source.id)
    events = [asyncio.Event() for _ in ordered]
    return [(source, Place(events[:at], events[at], patience)) for at, source in enumerate(ordered)]


async def one(
    kit: Kit, source: Source, now: datetime, place: Place, *, force: bool = False, dry: bool = False
) -> Report:
    """One refresh in its turn; the turn passes on however it ends."""
    try:
        return await ingest.refresh(kit, Visit(source=source, now=now, force=force, dry=dry, turn=place))
    finally:
        place.pass_on()


async def run(
    kit: Kit, sources: Iterable[Source], now: datetime, *, force: bool = False, dry: bool = False
) -> AsyncIterator[Report]:
    """Refresh the sources; their reports in the order in which they end. Statistics are renewed at the end."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def turn(source: Source, place: Place) -> Report:
        async with slots:
            return await one(kit, source, now, place, force=force, dry=dry)

    tasks = [asyncio.create_task(turn(source, place)) for source, place in places(sources)]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not dry:
        await asyncio.to_thread(renew_if_grown, kit, now)


def settle(kit: Kit, now: datetime) -> tuple[str, ...]:
    """Bring what is stored in line with `sources.yaml`: renamed sources keep all, removed and disabled ones go."""
    for source in kit.config.sources:
        if source.was is not None:
            kit.ledger.rename(source.was, source.id)
    enabled = {source.id for source in kit.config.sources if source.enabled}
    gone = [state for id, state in sorted(kit.ledger.states().items()) if id not in enabled and not state.removed]
    for state in gone:
        ingest.apply(kit, state.id, plan.retire, now)
    return tuple(state.id for state in gone)


def daily(kit: Kit, now: datetime) -> bool:
    """Once a local day, in one process: the window moves, old times are told no more, what is long past is dropped."""
    if not kit.ledger.claim_day(now.astimezone(kit.zone).date()):
        return False
    states = kit.ledger.states()
    for source in kit.config.sources:
        if source.enabled and states.get(source.id, SourceState(id=source.id)).good is not None:
            ingest.extend(kit, source, now)
    kit.ledger.settle_moved(now)
    kit.ledger.purge(now, PAST_KEPT)
    renew(kit, now)
    return True


def renew_if_grown(kit: Kit, now: datetime) -> bool:
    """Renew the statistics if the catalogue is another than when they were counted."""
    counted = kit.ledger.statistics().total
    there = kit.ledger.active()
    if counted and counted / GROWTH <= there <= counted * GROWTH:
        return False
    return bool(there) and renew(kit, now)


def renew(kit: Kit, now: datetime) -> bool:
    """Count the statistics anew and match everything by them; False where they are the same."""
    with kit.deciding:
        old = kit.ledger.statistics()
        ground = ground_of(kit, now)
        listings = kit.ledger.all_active()
        features = [prepare(s, ground.sources[s.listing.key.source], ground.rules) for s in listings]
        new = Statistics.build(units(features).values(), old.version + 1)
        if _same(old, new):
            return False
        kit.ledger.renew_statistics(new)
        ground = ground_of(kit, now)
        kit.ledger.rewrite(lambda view: reweave((s.id for s in listings), view, ground), now)
    return True


def _same(old: Statistics, new: Statistics) -> bool:
    return (old.words, old.shared, old.crowded, old.total) == (new.words, new.shared, new.crowded, new.total)
