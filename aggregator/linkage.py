"""Average-link clustering of one component: who belongs together once all cross pairs are heard. Pure arithmetic.

Two clusters join only if no veto holds between any of their members and the mean of all cross pairs is positive.
Connected components instead let one wrong pair weld two events. A unit that fits two clusters about equally, of
which it can only be in one, is left alone: a wrong merge hides an event, a miss shows it twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from aggregator.model import Evidence

MARGIN = 1.0  # log-odds by which one cluster must fit better than another that excludes it
MOSTLY = 0.5  # of the cross pairs of two clusters that must speak for one event
FAR = -1.0  # a mean below which two clusters are taken to exclude each other
Edge = tuple[int, int]


class Linkage:
    """The state of one agglomeration; `run` it once, then read `clusters`."""

    def __init__(self, ids: Sequence[int], evidence: Mapping[Edge, Evidence]) -> None:
        self._members: dict[int, list[int]] = {id: [id] for id in sorted(ids)}
        self._sums: dict[int, dict[int, float]] = {id: {} for id in self._members}
        self._fits: dict[int, dict[int, float]] = {id: {} for id in self._members}  # cross pairs that speak for a join
        self._barred: dict[int, set[int]] = {id: set() for id in self._members}
        self._parted: dict[int, set[int]] = {id: set() for id in self._members}  # by staff
        for (a, b), e in evidence.items():
            self._sums[a][b] = self._sums[b][a] = e.score
            self._fits[a][b] = self._fits[b][a] = float(e.score > 0)
            for sides in ([self._barred] if e.veto else []) + ([self._parted] if e.veto and e.pinned else []):
                sides[a].add(b)
                sides[b].add(a)
        self._pins = [pair for pair, e in sorted(evidence.items()) if e.pinned and e.veto is None]

    def run(self) -> None:
        """Join what staff pinned, then the best pair of clusters until none is left that may join."""
        home = {id: id for id in self._members}
        for a, b in self._pins:
            first, second = sorted((home[a], home[b]))
            if first != second and second not in self._parted[first]:
                self._join(first, second)
                home = self.home()
        while (best := self._best()) is not None:
            self._join(*best)

    def clusters(self) -> list[tuple[int, ...]]:
        """The clusters, each sorted."""
        return [tuple(sorted(members)) for members in self._members.values()]

    def home(self) -> dict[int, int]:
        """The cluster (its smallest id) of each unit."""
        return {id: cluster for cluster, members in self._members.items() for id in members}

    def open(self, a: int, b: int) -> bool:
        """Whether no veto stands between two clusters."""
        return b not in self._barred[a]

    def mean(self, a: int, b: int) -> float:
        """The mean score over all cross pairs of two clusters."""
        return self._sums[a][b] / (len(self._members[a]) * len(self._members[b]))

    def _best(self) -> Edge | None:
        ranked = sorted(self._joinable(), key=lambda found: (-found[0], found[1]))
        return next((pair for _, pair in ranked if not self._torn(*pair)), None)

    def _joinable(self) -> Iterator[tuple[float, Edge]]:
        for a, others in self._sums.items():
            for b in others:
                if a < b and b not in self._barred[a] and (mean := self.mean(a, b)) > 0 and self._mostly(a, b):
                    yield mean, (a, b)

    def _mostly(self, a: int, b: int) -> bool:
        """Whether enough of the cross pairs speak for one event: few that speak loudly do not outvote the others."""
        return self._fits[a][b] >= MOSTLY * len(self._members[a]) * len(self._members[b])

    def _torn(self, a: int, b: int) -> bool:
        """Whether one of the two is a single unit that fits another cluster about as well, which excludes this one."""
        return self._wavers(a, b) or self._wavers(b, a)

    def _wavers(self, unit: int, cluster: int) -> bool:
        mine = self.mean(unit, cluster)
        return any(
            other != cluster
            and other not in self._barred[unit]
            and self.mean(unit, other) > max(0.0, mine - MARGIN / len(self._members[unit]))
            and (other in self._barred[cluster] or self.mean(cluster, other) < FAR)
            for other in self._sums[unit]
        )

    def _join(self, a: int, b: int) -> None:
        self._members[a] += self._members.pop(b)
        self._add(self._sums, a, b)
        self._add(self._fits, a, b)
        for sides in (self._barred, self._parted):
            for other in sides.pop(b):
                sides[other].discard(b)
                if other != a:
                    sides[a].add(other)
                    sides[other].add(a)

    @staticmethod
    def _add(heard: dict[int, dict[int, float]], a: int, b: int) -> None:
        """What `b` hears of the others becomes part of what `a` hears of them."""
        for other, told in heard.pop(b).items():
            del heard[other][b]
            if other != a:
                heard[a][other] = heard[other][a] = heard[a].get(other, 0) + told


def components(
    ids: Iterable[int],
    edges: Iterable[Edge],
    largest: int,
    evidence: Mapping[Edge, Evidence],
    steps: Sequence[float],
) -> Iterator[tuple[int, ...]]:
    """What edges connect, sorted; a component of more than `largest` falls apart at its edges below the next step."""
    kept = list(edges)
    for members in _connected(ids, kept):
        if len(members) <= largest or not steps:
            yield from (members,) if len(members) <= largest else ((id,) for id in members)
            continue
        inside = set(members)
        stronger = [pair for pair in kept if pair[0] in inside and evidence[pair].score > steps[0]]
        yield from components(members, stronger, largest, evidence, steps[1:])


def _connected(ids: Iterable[int], edges: Iterable[Edge]) -> list[tuple[int, ...]]:
    parent = {id: id for id in sorted(ids)}

    def root(id: int) -> int:
        while parent[id] != id:
            parent[id] = parent[parent[id]]
            id = parent[id]
        return id

    for a, b in edges:
        first, second = sorted((root(a), root(b)))
        parent[second] = first
    groups: dict[int, list[int]] = {}
    for id in parent:
        groups.setdefault(root(id), []).append(id)
    return [tuple(members) for members in groups.values()]
