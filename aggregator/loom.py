"""What a change touches: listings as units, their candidate pairs, the components around them. Reads only.

A unit is one listing, or a run under its smallest id. Pairs are searched through block keys, so that the cost of
one change follows its neighbourhood and not the catalogue. What is merged and published is decided in `weave`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

from aggregator import match, pins
from aggregator.match import Clustering, Features, Pair, Rules, Statistics
from aggregator.memory import Memory
from aggregator.model import Decision, Event, Source, StoredListing
from aggregator.vetoes import veto

CROWD = 2_000  # units under one block key beyond which the key says nothing; the refresh tells


class View(Protocol):
    """What is read of the store, at one catalogue version."""

    version: int

    def next_listing(self) -> int: ...
    def listings(self, ids: Iterable[int]) -> dict[int, StoredListing]: ...
    def runs(self, labels: Iterable[str]) -> list[StoredListing]: ...
    def blocked(self, keys: Iterable[str]) -> dict[str, list[int]]: ...
    def links(self, ids: Iterable[int]) -> list[tuple[int, int]]: ...
    def events(self, ids: Iterable[str]) -> dict[str, Event]: ...
    def founded(self, listings: Iterable[int]) -> dict[str, Event]: ...
    def members(self, events: Iterable[str]) -> list[StoredListing]: ...
    def taken(self, id: str) -> bool: ...
    def given(self, ids: Iterable[str]) -> set[str]: ...
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
    memory: Memory = field(default_factory=Memory, compare=False)


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
    fresh: frozenset[int] = frozenset()  # units of which nothing may be remembered: they change

    @cached_property
    def parted(self) -> Mapping[int, frozenset[int]]:
        """Listing → those that staff called different from it."""
        return pins.parted(self.ground.decisions)

    @property
    def remembered(self) -> Mapping[int, Features]:
        """The units known from earlier commits."""
        return self.ground.memory.units(self.ground.rules, self.view.version)

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
        if s.run is None or self._leaves(s):
            self.units.setdefault(id, [id])
            return id
        return self._run(s.run)

    def _run(self, label: str) -> int:
        members = sorted(
            s.id for s in self.stored.values() if s.run == label and s.withdrawn is None and not self._leaves(s)
        )
        self.units[members[0]] = members
        return members[0]

    def _leaves(self, stored: StoredListing) -> bool:
        """Whether staff took a date out of its run; the whole run is at hand, as `load` brings it."""
        others = self.parted.get(stored.id)
        if not others or stored.run is None:
            return False
        return any((other := self.stored.get(id)) and other.run == stored.run for id in others)

    def prepared(self, unit: int) -> Features:
        """The features of a unit, the dates of a run joined."""
        if unit not in self.joined:
            known = self.remembered.get(unit) if unit not in self.fresh else None
            self.joined[unit] = known or match.units(self.features[id] for id in self._featured(unit))[unit]
        return self.joined[unit]

    def members(self, units: Iterable[int]) -> dict[int, Features]:
        """The features of all listings of some units, by listing."""
        return {id: self.features[id] for unit in units for id in self._featured(unit)}

    def _featured(self, unit: int) -> list[int]:
        for id in self.units[unit]:
            if id not in self.features:
                stored = self.stored[id]
                source, rules = self.ground.sources[stored.listing.key.source], self.ground.rules
                known = self.ground.memory.foreseen(rules, stored)
                known = known or match.prepare(stored, source, rules)
                self.features[id] = replace(known, run=None) if self._leaves(stored) else known
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
    remembered = loom.remembered
    loom.load({id for ids in sharing.values() for id in ids if id not in remembered})
    found: dict[tuple[int, int], Pair] = {}
    for unit in sorted(units):
        ids = {id for key in blocks[unit] for id in sharing[key]}
        others = {u for id in ids if (u := _met(loom, id, remembered)) is not None} - {unit}
        for other in sorted(others):
            pair = (min(unit, other), max(unit, other))
            if pair not in found and (kept := _pair(loom, *pair)) is not None:
                found[pair] = kept
    return list(found.values()), crowded


def _met(loom: Loom, id: int, remembered: Mapping[int, Features]) -> int | None:
    """The unit that stands under a block key with that id; one that is remembered need not be read."""
    return id if id in remembered and id not in loom.stored else loom.unit(id)


def _pair(loom: Loom, a: int, b: int) -> Pair | None:
    left, right = loom.prepared(a), loom.prepared(b)
    if veto(left, right):
        return None
    evidence = match.compare(left, right, loom.ground.statistics, loom.ground.rules)
    if evidence.score <= match.POSSIBLE:
        return None
    return Pair(a, b, evidence, "merge" if evidence.score > 0 else "possible")


def connects(pair: Pair) -> bool:
    """Whether a pair holds its units in one component; what staff are merely asked about does not."""
    return pair.evidence.veto is None and (pair.evidence.pinned or pair.evidence.score > 0)


def components(loom: Loom, touched: set[int], edges: Sequence[Pair], dropped: frozenset[int]) -> list[Clustering]:
    """Cluster every component that holds a touched unit, closed under edges and pinned pairs."""
    units = {u for id in touched if (u := loom.unit(id)) is not None}
    near = _near(loom, units, edges, dropped)
    done: set[int] = set()
    found = []
    for start in sorted(units):
        if start not in done:
            component = _closed(start, near)
            done |= component
            found.append(_clustered(loom, sorted(component)))
    return found


def _clustered(loom: Loom, component: Sequence[int]) -> Clustering:
    """A unit that stands alone needs no look at what it says."""
    if len(component) == 1:
        return Clustering((tuple(sorted(loom.units[component[0]])),), ())
    features = loom.members(component)
    decisions = [d for d in loom.ground.decisions if any(id in features for id in d.listings)]
    return match.cluster(features, loom.ground.statistics, decisions, loom.ground.rules)


def _near(loom: Loom, units: set[int], edges: Sequence[Pair], dropped: frozenset[int]) -> dict[int, set[int]]:
    """Each unit that can be reached from `units` → those it is joined with; a question a step, not one a unit."""
    same = pinned(loom.ground.decisions)
    new = [(p.a, p.b) for p in edges if connects(p)]
    near: dict[int, set[int]] = {}
    front = set(units)
    while front:
        stored = [link for link in loom.view.links(front - dropped) if not dropped.intersection(link)]
        joined: dict[int, set[int]] = {u: set() for u in front}
        for a, b in [*stored, *new]:
            for one, other in ((a, b), (b, a)):
                if one in joined:
                    joined[one].add(other)
        for u in front:
            joined[u].update(id for member in loom.units[u] for id in same.get(member, ()))
        loom.load({id for ids in joined.values() for id in ids})
        near |= {u: {unit for id in ids if (unit := loom.unit(id)) is not None} for u, ids in joined.items()}
        front = {unit for u in front for unit in near[u]} - near.keys()
    return near


def _closed(start: int, near: Mapping[int, set[int]]) -> set[int]:
    component: set[int] = set()
    front = {start}
    while front:
        component |= front
        front = {other for u in front for other in near[u]} - component
    return component


def pinned(decisions: Iterable[Decision]) -> dict[int, set[int]]:
    """Listing → listings that staff called the same."""
    found: dict[int, set[int]] = {}
    for decision in decisions:
        if decision.kind == "same" and decision.undone is None:
            for id in decision.listings:
                found.setdefault(id, set()).update(set(decision.listings) - {id})
    return found
