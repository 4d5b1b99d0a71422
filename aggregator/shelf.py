"""The published events in memory, in order of start, with what filters ask of each worked out once. Pure.

A shelf does not change: a delta of the store gives the next one. It holds withdrawn events too, for their pages and
for what left a feed; no selection ever shows them. It reads no store and chooses nothing (`selection` does).
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.index import Index, Mark, members, set_of
from aggregator.model import Event, Layer
from aggregator.search import words_of
from aggregator.slugs import slug

_MANY = 500  # changed events from which sorting is cheaper than putting each in its place
_DEAD = 1000  # former entries that an index may hold beside as many as there are events; beyond, it is made anew


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its local days as ordinals, its sort key, its ids, and its slot in the index."""

    event: Event
    order: tuple[float, str]
    first: int
    last: int
    hour: int | None  # local hour of the start; None for days
    ids: Mapping[str, frozenset[str]]  # filter key → ids that the event answers to
    shown: bool  # published, not withdrawn
    layer: Layer
    ongoing: bool
    slot: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """Entries by id and in order of start, then id, at a catalogue version that came to be at `moment`.

    `slots` are those of `entries`, in their order; `alive` is the set of them. The index is shared by the shelves that
    follow one another and holds former entries too. `memo` is for what others work out of this very shelf.
    """

    version: int = 0
    entries: tuple[Entry, ...] = ()
    by_id: Mapping[str, Entry] = field(default_factory=dict)
    moment: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)  # "category-barn-familj" → "Barn & familj", as told
    index: Index[Entry] = field(default_factory=Index, compare=False, repr=False)
    slots: array[int] = field(default_factory=lambda: array("I"), compare=False, repr=False)
    alive: int = field(default=0, compare=False, repr=False)
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def with_delta(self, version: int, moment: datetime, events: Iterable[Event], zone: ZoneInfo) -> Shelf:
        """The shelf after these events changed. Only the newest of the shelves that share an index may have another."""
        if len(self.index.things) > 2 * len(self.by_id) + _DEAD:
            return self._indexed_anew(zone).with_delta(version, moment, events, zone)
        begun = len(self.index.things)
        delta = {told.id: entry(told, zone, begun + n) for n, told in enumerate(events)}
        former = [self.by_id[id] for id in delta if id in self.by_id]
        self.index.add((new, marks(new), words_of(new.event.content)) for new in delta.values())
        entries, slots = self._ordered(former, delta)
        alive = self.alive & ~set_of(sorted(e.slot for e in former)) | set_of(new.slot for new in delta.values())
        labels = {**_labels(delta.values()), **self.labels}
        return Shelf(version, entries, {**self.by_id, **delta}, moment, labels, self.index, slots, alive)

    def _indexed_anew(self, zone: ZoneInfo) -> Shelf:
        """The same, without what the index holds of former entries."""
        moment = self.moment or datetime.fromtimestamp(0, zone)
        return Shelf(labels=self.labels).with_delta(self.version, moment, (e.event for e in self.entries), zone)

    def series(self, id: str) -> list[Entry]:
        """The dates of a series that are published, in order."""
        found = self.index.bearing("series", id) & self.alive
        return sorted((e for e in (self.index.things[slot] for slot in members(found)) if e.shown), key=_order)

    def _ordered(self, former: Sequence[Entry], delta: Mapping[str, Entry]) -> tuple[tuple[Entry, ...], array[int]]:
        """Entries and slots in order after a delta: a few are put where they belong, many are sorted anew."""
        if len(delta) > _MANY:
            ordered = sorted([*(e for e in self.entries if e.event.id not in delta), *delta.values()], key=_order)
            return tuple(ordered), array("I", [e.slot for e in ordered])
        entries, slots = list(self.entries), self.slots[:]
        for old in former:
            at = bisect_left(entries, old.order, key=_order)
            del entries[at], slots[at]
        for new in delta.values():
            at = bisect_left(entries, new.order, key=_order)
            entries.insert(at, new)
            slots.insert(at, new.slot)
        return tuple(entries), slots


def entry(event: Event, zone: ZoneInfo, slot: int) -> Entry:
    """What a filter asks of the event, worked out."""
    content, start = event.content, event.content.when.start
    hour = start.astimezone(zone).hour if isinstance(start, datetime) and not content.ongoing else None
    first, last = content.when.first_day(zone).toordinal(), content.when.last_day(zone).toordinal()
    order = (content.when.begins(zone).timestamp(), event.id)
    shown = event.withdrawn is None
    return Entry(event, order, first, last, hour, _ids(event), shown, content.layer, content.ongoing, slot)


def marks(entry: Entry) -> Iterator[Mark]:
    """What the index keeps of an entry: each answer that a filter may ask for."""
    content = entry.event.content
    yield from ((key, value) for key, values in entry.ids.items() for value in values)
    yield "begins", entry.first
    yield "long", entry.last > entry.first
    yield "weekday", (entry.first - 1) % 7
    yield "hour", entry.hour
    yield "shown", entry.shown
    yield "layer", entry.layer
    yield "ongoing", entry.ongoing
    yield "status", content.status
    yield "age", content.age
    yield "free", content.price is not None and content.price.free is True
    yield "accessible", content.accessible is True
    yield "geo", content.location.geo if content.location else None


def _labels(entries: Iterable[Entry]) -> dict[str, str]:
    """What people call the ids that are made from words."""
    found: dict[str, str] = {}
    for content in (entry.event.content for entry in entries):
        told = [("category", name) for name in content.categories]
        told += [("audience", content.audience or ""), ("organizer", content.organizer or "")]
        found |= {f"{key}-{slug(name)}": name for key, name in told if name}
    return found


def _order(entry: Entry) -> tuple[float, str]:
    return entry.order


def _ids(event: Event) -> Mapping[str, frozenset[str]]:
    content = event.content
    where = content.location.place if content.location else None
    return _answers(content.categories, content.audience, content.organizer, where, content.sources, event.series)


@lru_cache(maxsize=16_384)
def _answers(
    categories: tuple[str, ...],
    audience: str | None,
    organizer: str | None,
    place: str | None,
    sources: tuple[str, ...],
    series: str | None,
) -> Mapping[str, frozenset[str]]:
    """Filter key → ids. Shared by all events that answer alike: most of a large shelf would be copies of these."""
    return {
        "category": frozenset(slug(name) for name in categories),
        "audience": _one(audience and slug(audience)),
        "organizer": _one(organizer and slug(organizer)),
        "place": _one(place),
        "source": frozenset(sources),
        "series": _one(series),
    }


def _one(id: str | None) -> frozenset[str]:
    return frozenset({id}) if id else frozenset()
