"""What a change touches: listings as units, their candidate pairs, the components around them. Reads only.

A unit is one listing, or a run under its smallest id. Pairs are searched through block keys, so that the cost of
one change follows its neighbourhood and not the catalogue. What is merged and published is decided in `weave`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator import match
from aggregator.match import Clustering, Features, Pair, Rules, Statistics
from aggregator.model import Decision, Event, Source, StoredListing

CROWD = 2_000  # units under one block key beyond which the key says nothing; staff are told


class View(Protocol):
    """What is read of the store, at one catalogue version."""

    version: int

    def next_listing(self) -> int: ...
    def listings(self, ids: Iterable[int]) -> dict[int, StoredListing]: ...
    def runs(self, labels: Iterable[str]) -> list[StoredListing]: ...
    def blocked(self, keys: Iterable[str]) -> dict[str, list[int]]: ...
    def edges(self, ids: Iterable[int]) -> list[Pair]: ...
    def events(self, ids: Iterable[str]) -> dict[str, Event]: ...
    def founded(self, listings: Iterable[int]) -> dict[str, Event]: ...
    def members(self, events: Iterable[str]) -> list[StoredListing]: ...
    def taken(self, id: str) -> bool: ...
    def series_told(self, series: str) -> datetime | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What holds for the whole catalogue while one change is woven in."""

    calendar: str
    zone: ZoneInfo
    sources: Mapping[str, Source]
    rules: Rules
    statistics: Statistics
    decisions: Sequence[Decision]
    now: datetime


@dataclass
class Loom:
    """The listings, units and edges gathered so far. A unit is one listing, or a run under its smallest id."""

    view: View
    ground: Ground
    stored: dict[int, StoredListing]
    loaded: dict[int, StoredListing] = field(default_factory=dict)  # as they were read, before any change
    units: dict[int, list[int]] = field(default_factory=dict)
    features: dict[int, Features] = field(default_factory=dict)
    joined: dict[int, Features] = field(default_factory=dict)

    def load(self, ids: Iterable[int]) -> None:
        """Bring listings and the whole runs that they belong to."""
        found = self.view.listings(id for id in ids if id not in self.stored)
        labels = {s.run for s in found.values() if s.run}
        found |= {s.id: s for s in self.view.runs(labels)} if labels else {}
        for id, s in found.items():
            if id not in self.stored:
                self.stored[id] = self.loaded[id] = s

    def unit(self, id: int) -> int | None:
        """The unit of a listing, or None where it is withdrawn."""
        s = self.stored.get(id)
        if s is None or s.withdrawn is not None:
            return None
        if s.run is None:
            self.units.setdefault(id, [id])
            return id
        return self._run(s.run)

    def _run(self, label: str) -> int:
        members = sorted(s.id for s in self.stored.values() if s.run == label and s.withdrawn is None)
        self.units[members[0]] = members
        return members[0]

    def prepared(self, unit: int) -> Features:
        """The features of a unit, the dates of a run joined."""
        if unit not in self.joined:
            self.joined[unit] = match.units(self.features[id] for id in self._featured(unit))[unit]
        return self.joined[unit]

    def members(self, units: Iterable[int]) -> dict[int, Features]:
        """The features of all listings of some units, by listing."""
        return {id: self.features[id] for unit in units for id in self._featured(unit)}

    def _featured(self, unit: int) -> list[int]:
        for id in self.units[unit]:
            if id not in self.features:
                stored = self.stored[id]
                source = self.ground.sources[stored.listing.key.source]
                self.features[id] = match.prepare(stored, source, self.ground.rules)
        return self.units[unit]


def linked(loom: Loom, units: set[int], blocks: Mapping[int, frozenset[str]]) -> tuple[list[Pair], tuple[str, ...]]:
    """The pairs worth keeping between the changed units and everything that shares a block key with them."""
    keys = sorted({key for unit in units for key in blocks[unit]})
    stored = loom.view.blocked(keys)
    crowded = tuple(key for key in keys if len(stored.get(key, ())) > CROWD)
    sharing: dict[str, set[int]] = {key: set(stored.get(key, ())[:CROWD]) for key in keys}
    for unit in units:
        for key in blocks[unit]:
            sharing[key].add(unit)
    loom.load({id for ids in sharing.values() for id in ids})
    found: dict[tuple[int, int], Pair] = {}
    for unit in sorted(units):
        others = {u for key in blocks[unit] for id in sharing[key] if (u := loom.unit(id)) is not None} - {unit}
        for other in sorted(others):
            pair = (min(unit, other), max(unit, other))
            if pair not in found and (kept := _pair(loom, *pair)) is not None:
                found[pair] = kept
    return list(found.values()), crowded


def _pair(loom: Loom, a: int, b: int) -> Pair | None:
    evidence = match.compare(loom.prepared(a), loom.prepared(b), loom.ground.statistics, loom.ground.rules)
    if evidence.veto or evidence.score <= match.POSSIBLE:
        return None
    return Pair(a, b, evidence, "merge" if evidence.score > 0 else "possible")


def connects(pair: Pair) -> bool:
    """Whether a pair holds its units in one component; what staff are merely asked about does not."""
    return pair.evidence.veto is None and (pair.evidence.pinned or pair.evidence.score > 0)


def components(loom: Loom, touched: set[int], edges: Sequence[Pair], dropped: frozenset[int]) -> list[Clustering]:
    """Cluster every component that holds a touched unit, closed under edges and pinned pairs."""
    near = _neighbours(edges)
    pins = pinned(loom.ground.decisions)
    done: set[int] = set()
    found = []
    for start in sorted(touched):
        unit = loom.unit(start)
        if unit is None or unit in done:
            continue
        component = _closed(loom, unit, near, pins, dropped)
        done |= component
        features = loom.members(sorted(component))
        decisions = [d for d in loom.ground.decisions if any(id in features for id in d.listings)]
        found.append(match.cluster(features, loom.ground.statistics, decisions, loom.ground.rules))
    return found


def _neighbours(edges: Sequence[Pair]) -> dict[int, set[int]]:
    near: dict[int, set[int]] = {}
    for pair in edges:
        if connects(pair):
            near.setdefault(pair.a, set()).add(pair.b)
            near.setdefault(pair.b, set()).add(pair.a)
    return near


def _closed(
    loom: Loom, start: int, near: Mapping[int, set[int]], pins: Mapping[int, set[int]], dropped: frozenset[int]
) -> set[int]:
    component: set[int] = set()
    front = {start}
    while front:
        component |= front
        kept = [p for p in loom.view.edges(front - dropped) if connects(p)]
        ids = {id for p in kept for id in (p.a, p.b) if id not in dropped}
        ids |= {id for u in front for id in near.get(u, ())}
        ids |= {id for u in front for member in loom.units[u] for id in pins.get(member, ())}
        loom.load(ids)
        front = {u for id in ids if (u := loom.unit(id)) is not None} - component
    return component


def pinned(decisions: Iterable[Decision]) -> dict[int, set[int]]:
    """Listing → listings that staff called the same."""
    pins: dict[int, set[int]] = {}
    for decision in decisions:
        if decision.kind == "same" and decision.undone is None:
            for id in decision.listings:
                pins.setdefault(id, set()).update(set(decision.listings) - {id})
    return pins
