"""The published events in memory, in order of start, with what filters ask of each worked out once. Pure.

A shelf is immutable: a delta of the store gives the next one. It holds withdrawn events too, for their pages and
for what left a feed; no selection ever shows them. It reads no store and chooses nothing (`selection` does).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import Event, Layer
from aggregator.search import haystack
from aggregator.slugs import slug


@dataclass(frozen=True, slots=True)
class Entry:
    """One event with its local days as ordinals, its sort key, its ids, and its words."""

    event: Event
    order: tuple[float, str]
    first: int
    last: int
    hour: int | None  # local hour of the start; None for days
    ids: Mapping[str, frozenset[str]]  # filter key → ids that the event answers to
    hay: str
    shown: bool  # published, not withdrawn
    layer: Layer
    ongoing: bool


@dataclass(frozen=True, slots=True)
class Shelf:
    """Entries by id and in order of start, then id, at a catalogue version that came to be at `moment`.

    `memo` is for what others work out of this very shelf; it goes with it.
    """

    version: int = 0
    entries: tuple[Entry, ...] = ()
    by_id: Mapping[str, Entry] = field(default_factory=dict)
    moment: datetime | None = None
    labels: Mapping[str, str] = field(default_factory=dict)  # "category-barn-familj" → "Barn & familj", as told
    memo: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)

    def with_delta(self, version: int, moment: datetime, events: Iterable[Event], zone: ZoneInfo) -> Shelf:
        """The shelf after these events changed."""
        delta = {event.id: entry(event, zone) for event in events}
        by_id = {**self.by_id, **delta}
        entries = tuple(sorted(by_id.values(), key=_order)) if delta else self.entries
        labels = {**_labels(delta.values()), **self.labels}
        return Shelf(version, entries, by_id, moment, labels)

    def series(self, id: str) -> list[Entry]:
        """The dates of a series that are published, in order."""
        return [e for e in self.entries if e.event.series == id and e.shown]


def entry(event: Event, zone: ZoneInfo) -> Entry:
    """What a filter asks of the event, worked out."""
    content, start = event.content, event.content.when.start
    hour = start.astimezone(zone).hour if isinstance(start, datetime) and not content.ongoing else None
    first, last = content.when.first_day(zone).toordinal(), content.when.last_day(zone).toordinal()
    order = (content.when.begins(zone).timestamp(), event.id)
    shown = event.withdrawn is None
    return Entry(event, order, first, last, hour, _ids(event), haystack(content), shown, content.layer, content.ongoing)


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
