"""The first fill of an empty catalogue: its statistics are counted over all answers before any of them is matched.

Scores depend on what is rare in the catalogue. Without this, everything would be matched twice: by the guesses of
an empty catalogue as it arrives, and by what was counted at the end. It decides and matches nothing itself.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import plan, runs
from aggregator.kit import Kit, ground_of
from aggregator.loom import Ground
from aggregator.match import Features, Statistics, prepare, units
from aggregator.model import Reading, Source, StoredListing
from aggregator.plan import Insert, Question
from aggregator.slots import Place
from aggregator.state import SourceState
from aggregator.weave import Changeset


class Census:
    """One first fill. Every source of it ends in `left`, whether or not it came to its turn."""

    def __init__(self, kit: Kit, sources: Iterable[Source], now: datetime) -> None:
        self._kit = kit
        self._now = now
        self._awaited = {source.id for source in sources}
        self._told: dict[str, tuple[Source, Reading]] = {}
        self._all = asyncio.Event()
        self._counting = asyncio.Lock()
        self._counted = False

    def turn(self, source: Source, place: Place) -> "Counted":
        """The place of a source, which it takes once everything is counted."""
        return Counted(self, source, place)

    def left(self, source: Source) -> None:
        """The source tells nothing, or has told it."""
        self._awaited.discard(source.id)
        if not self._awaited:
            self._all.set()

    async def told(self, source: Source, reading: Reading | None) -> None:
        """Wait until every source has told or left; the first to wake counts."""
        if reading is not None:
            self._told[source.id] = (source, reading)
        self.left(source)
        await self._all.wait()
        async with self._counting:
            if not self._counted:
                self._counted = True
                await asyncio.to_thread(self._count)

    def _count(self) -> None:
        with self._kit.deciding:
            told = list(self._prepared(ground_of(self._kit, self._now)))
            self._told.clear()
            if told:
                new = Statistics.build(units(features for _, features in told).values(), 1)
                self._kit.memory.foresee(self._kit.rules, told)
                self._kit.ledger.rewrite(lambda view: Changeset(version=view.version, statistics=new), self._now)

    def _prepared(self, ground: Ground) -> Iterator[tuple[StoredListing, Features]]:
        """What will be matched, as it will be: the order of the sources and of their keys gives the ids."""
        id = 0
        for _, (source, reading) in sorted(self._told.items()):
            stored = []
            for insert in self._inserts(source, reading):
                id += 1
                stored.append(
                    StoredListing(id=id, listing=insert.listing, first_seen=self._now, changed=self._now),
                )
            labels = runs.group(stored, ground.rules)
            for s in stored:
                s = replace(s, run=labels.get(s.id))
                yield s, prepare(s, source, ground.rules)

    def _inserts(self, source: Source, reading: Reading) -> list[Insert]:
        question = Question(
            source=source,
            state=SourceState(id=source.id),
            stored=(),
            known={},
            reading=reading,
            now=self._now,
            zone=self._kit.zone,
        )
        found = [a for a in plan.decide(question).actions if isinstance(a, Insert)]
        return sorted(found, key=lambda a: str(a.listing.key))


@dataclass(frozen=True)
class Counted:
    """A `kit.Turn` that comes after the census."""

    census: Census
    source: Source
    place: Place

    async def come(self, reading: Reading | None = None) -> None:
        """Tell what was read, then wait for the place's own turn."""
        await self.place.leave()
        await self.census.told(self.source, reading)
        await self.place.come()
