"""Which listings of different sources tell the same event. It writes nothing, asks nothing and mints no id.

The way of use, for whoever stores: `prepare` each listing (pure, picklable), `units` joins the dates of a run, keep
the `block_keys` of each unit in an index, fetch for a changed unit those that share a key, `compare`, keep the pairs
whose score is above `POSSIBLE` as edges, gather what edges and *same* decisions connect, and `cluster` each touched
component. `cluster` depends on its members, the statistics and the decisions only, so one-by-one arrival and a batch
give equal clusters; it may be given everything at once.

Two arguments more than a bare listing needs: `Rules` (zone, registry, lexicon, weights) since rules read no disk,
and `Statistics` for keys too, since a crowded key is divided by what the statistics counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from aggregator.evidence import compare
from aggregator.features import Features, Rules, join, prepare
from aggregator.linkage import Linkage, components
from aggregator.model import Decision, Evidence, Reason
from aggregator.pins import leavers, pinned
from aggregator.statistics import Statistics, block_keys

__all__ = [  # the seam that everybody else uses
    "POSSIBLE",
    "Clustering",
    "Features",
    "Pair",
    "Rules",
    "Statistics",
    "block_keys",
    "cluster",
    "compare",
    "prepare",
    "units",
]

POSSIBLE = -2.0  # log-odds above which staff are asked: about one in eight of them is one event
PINNED = 1000.0  # a decision outweighs any evidence
LARGEST = 300  # units of a component; a larger one is divided at its weaker edges first
STEPS = (0.0, 2.0, 4.0, 6.0, 9.0)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings with their evidence; band "merge" (in one cluster) or "possible" (for staff)."""

    a: int
    b: int
    evidence: Evidence
    band: str


@dataclass(frozen=True, slots=True)
class Clustering:
    """The clusters (sorted listing ids, singletons too, sorted) and the pairs that are worth keeping."""

    clusters: tuple[tuple[int, ...], ...]
    pairs: tuple[Pair, ...]


def units(features: Iterable[Features]) -> dict[int, Features]:
    """The units of matching by id: each listing, and the dates of each run joined under their smallest id."""
    runs: dict[str | int, list[Features]] = {}
    for f in features:
        runs.setdefault(f.run if f.run is not None else f.id, []).append(f)
    joined = (members[0] if len(members) == 1 else join(members) for members in runs.values())
    return {unit.id: unit for unit in sorted(joined, key=lambda unit: unit.id)}


def cluster(
    features: Mapping[int, Features], stats: Statistics, decisions: Sequence[Decision], rules: Rules
) -> Clustering:
    """The clusters of a component, or of everything. Order of input changes nothing."""
    leaving = leavers({id: f.run for id, f in features.items()}, decisions)
    features = {id: replace(f, run=None) if id in leaving else f for id, f in features.items()} if leaving else features
    all_units = units(features.values())
    unit_of = _unit_of(features.values(), all_units)
    pins = pinned(decisions, unit_of)
    edges = {
        pair: compared(all_units, pair, stats, rules, pins) for pair in _candidates(all_units.values(), stats, pins)
    }
    found: list[tuple[int, ...]] = []
    pairs: list[Pair] = []
    for members in _components(all_units, edges):
        evidence = {
            pair: edges.get(pair) or compared(all_units, pair, stats, rules, pins) for pair in combinations(members, 2)
        }
        linkage = Linkage(members, evidence)
        linkage.run()
        found.extend(linkage.clusters())
        pairs.extend(_kept(linkage, evidence))
    return Clustering(_listings(found, features.values(), unit_of), tuple(sorted(pairs, key=lambda p: (p.a, p.b))))


def compared(
    all_units: Mapping[int, Features],
    pair: tuple[int, int],
    stats: Statistics,
    rules: Rules,
    pins: Mapping[tuple[int, int], Decision],
) -> Evidence:
    """The evidence of a pair of units, or what staff decided."""
    decision = pins.get(pair)
    if decision is None:
        return compare(all_units[pair[0]], all_units[pair[1]], stats, rules)
    reason = Reason(f"staff-{decision.kind}", PINNED if decision.kind == "same" else -PINNED, decision.by)
    veto = "staff: different" if decision.kind == "different" else None
    return Evidence(score=reason.weight, reasons=(reason,), veto=veto, pinned=True)


def _unit_of(features: Iterable[Features], all_units: Mapping[int, Features]) -> dict[int, int]:
    runs = {unit.run: unit.id for unit in all_units.values() if unit.run is not None}
    return {f.id: runs[f.run] if f.run is not None else f.id for f in features}


def _candidates(
    all_units: Iterable[Features], stats: Statistics, pins: Mapping[tuple[int, int], Decision]
) -> list[tuple[int, int]]:
    blocks: dict[str, list[int]] = {}
    for unit in all_units:
        for key in block_keys(unit, stats):
            blocks.setdefault(key, []).append(unit.id)
    found = {pair for ids in blocks.values() if len(ids) > 1 for pair in combinations(sorted(ids), 2)}
    return sorted(found | pins.keys())


def _components(
    all_units: Mapping[int, Features], edges: Mapping[tuple[int, int], Evidence]
) -> Iterator[tuple[int, ...]]:
    """What positive pairs connect, possible pairs included so that they are seen together."""
    yield from components(
        all_units, (pair for pair, e in edges.items() if e.veto is None and e.score > POSSIBLE), LARGEST, edges, STEPS
    )


def _kept(linkage: Linkage, evidence: Mapping[tuple[int, int], Evidence]) -> Iterator[Pair]:
    home = linkage.home()
    best: dict[tuple[int, int], tuple[int, int]] = {}
    for pair, e in evidence.items():
        a, b = sorted((home[pair[0]], home[pair[1]]))
        if a == b and e.score > 0:
            yield Pair(*pair, e, "merge")
        elif a != b and e.veto is None and e.score > POSSIBLE and linkage.open(a, b):
            best[a, b] = min(best.get((a, b), pair), pair, key=lambda known: (-evidence[known].score, known))
    yield from (Pair(*pair, evidence[pair], "possible") for pair in best.values())


def _listings(
    found: Iterable[Sequence[int]], features: Iterable[Features], unit_of: Mapping[int, int]
) -> tuple[tuple[int, ...], ...]:
    members: dict[int, list[int]] = {}
    for f in features:
        members.setdefault(unit_of[f.id], []).append(f.id)
    return tuple(sorted(tuple(sorted(id for unit in ids for id in members[unit])) for ids in found))
