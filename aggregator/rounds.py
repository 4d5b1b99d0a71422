"""A round: many sources refreshed side by side, decided in one order, and what is due once for all of them.

The order of decisions is that of the sources' ids, so that one round over the same answers gives the same ids and
bytes however fast each source answers. Who is due is `schedule`'s word; a single refresh is `ingest`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import structlog

from aggregator import ingest, plan
from aggregator.census import Census
from aggregator.config import Config
from aggregator.errors import EvenemangError, LeaseLost
from aggregator.kit import Kit, Visit, ground_of
from aggregator.match import Statistics, prepare, units
from aggregator.model import Source
from aggregator.report import Report
from aggregator.retention import PAST
from aggregator.slots import Place, Slots, places
from aggregator.state import SourceState
from aggregator.store import StoreView
from aggregator.weave import Changeset, reweave

GROWTH = 1.5  # statistics are renewed when the catalogue has grown or shrunk by so much, and once a day
log = structlog.get_logger()


async def run(
    kit: Kit, sources: Iterable[Source], now: datetime, *, force: bool = False, dry: bool = False
) -> AsyncIterator[Report]:
    """Refresh the sources; their reports in the order in which they end. Statistics are renewed at the end."""
    sources = list(sources)
    slots = Slots()
    first = not dry and len(sources) > 1 and await asyncio.to_thread(_empty, kit)
    census = Census(kit, sources, now) if first else None

    async def one(source: Source, place: Place) -> Report:
        turn = census.turn(source, place) if census else place
        try:
            async with place.taken(slots.slot(source)):
                return await ingest.refresh(kit, Visit(source=source, now=now, force=force, dry=dry, turn=turn))
        finally:
            if census:
                census.left(source)

    tasks = [asyncio.create_task(one(source, place)) for source, place in places(sources)]
    try:
        for task in asyncio.as_completed(tasks):
            yield await task
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    if not dry:
        await asyncio.to_thread(renew_if_grown, kit, now)


def _empty(kit: Kit) -> bool:
    return not kit.ledger.statistics().total and not kit.ledger.active()


def settle(kit: Kit, now: datetime) -> tuple[str, ...]:
    """Bring what is stored in line with `sources.yaml`: renamed sources keep all, removed and disabled ones go.

    One that is being refreshed at this moment goes the next time; the ids of those that went.
    """
    states = kit.ledger.states()
    for source in kit.config.sources:
        if source.was in states and source.id not in states:
            kit.ledger.rename(source.was, source.id, partial(_rewoven, kit, now), now)
    return tuple(id for id in unsettled(kit.config, kit.ledger.states()) if _retired(kit, id, now))


def unsettled(town: Config, states: Mapping[str, SourceState]) -> list[str]:
    """The ids of the sources that are stored as told and that the town's file tells no more."""
    enabled = {source.id for source in town.sources if source.enabled}
    return [id for id, state in sorted(states.items()) if id not in enabled and not state.removed]


def _retired(kit: Kit, id: str, now: datetime) -> bool:
    try:
        ingest.apply(kit, id, plan.retire, now)
    except LeaseLost:
        return False
    return True


def _rewoven(kit: Kit, now: datetime, view: StoreView, listings: Sequence[int]) -> Changeset:
    return reweave(listings, view, ground_of(kit, now, view))


def daily(kit: Kit, now: datetime) -> bool:
    """Once a local day, in one process: all chores of the day. False where another has taken them."""
    if not kit.ledger.claim_day(now.astimezone(kit.zone).date()):
        return False
    for chore in chores(kit, now):
        done(chore)
    return True


def chores(kit: Kit, now: datetime) -> Iterator[Callable[[], object]]:
    """The window moves, old times are told no more, what is long past is dropped, statistics are counted anew."""
    states = kit.ledger.states()
    for source in kit.config.sources:
        if source.enabled and states.get(source.id, SourceState(id=source.id)).good is not None:
            yield partial(ingest.extend, kit, source, now)
    yield partial(kit.ledger.settle_moved, now)
    yield partial(kit.ledger.purge, now, PAST)
    yield partial(renew, kit, now)


def done(chore: Callable[[], object]) -> None:
    """Do a chore; one that fails is told and keeps no other from being done."""
    try:
        chore()
    except EvenemangError as error:
        log.error("daily.failed", error=str(error))


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
        return kit.ledger.rewrite(partial(_recounted, kit, now), now).statistics is not None


def _recounted(kit: Kit, now: datetime, view: StoreView) -> Changeset:
    """New statistics and what they change, as one: killed between the two, the one would never follow."""
    ground = ground_of(kit, now, view)
    listings = view.active()
    features = [prepare(s, ground.sources[s.listing.key.source], ground.rules) for s in listings]
    new = Statistics.build(units(features).values(), ground.statistics.version + 1)
    if _same(ground.statistics, new):
        return Changeset(version=view.version)
    woven = reweave((s.id for s in listings), view, replace(ground, statistics=new))
    return replace(woven, statistics=new)


def _same(old: Statistics, new: Statistics) -> bool:
    return replace(new, version=old.version) == old
