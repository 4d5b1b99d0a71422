"""What matching costs and whether arrival changes it, in memory.

python benchmarks/matching_cost.py --arrival [--worlds DIR]   batch against one-by-one arrival
python benchmarks/matching_cost.py --cost 10000 100000        one changed listing among so many
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import habits
from worlds import World, read_world

from aggregator import match, runs
from aggregator.features import Features, Rules
from aggregator.matching import load
from aggregator.model import StoredListing
from aggregator.statistics import Statistics, block_keys

CHANGES = 40  # changed listings of which the cost is the median
LARGEST_BATCH = 20_000  # listings that are also clustered all at once


def arrival(worlds: Sequence[World]) -> None:
    """Batch against one-by-one arrival in a random order, at one version of the statistics."""
    for world in worlds:
        rules = load(world.zone, world.places)
        features = _features(world, rules)
        stats = Statistics.build(list(match.units(features.values()).values()), 1)
        batch = set(match.cluster(features, stats, (), rules).clusters)
        single = one_by_one(features, stats, rules)
        print(f"{world.name:12} {len(batch)} clusters in a batch, {len(single)} one by one, equal: {batch == single}")


def one_by_one(features: Mapping[int, Features], stats: Statistics, rules: Rules) -> set[tuple[int, ...]]:
    """Clusters after listings arrived in a random order, each time only what it touched matched again."""
    units = match.units(features.values())
    order = sorted(units)
    random.Random(7).shuffle(order)
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    edges: defaultdict[int, set[int]] = defaultdict(set)
    members: defaultdict[int, set[int]] = defaultdict(set)
    for f in features.values():
        members[next(u for u in (f.id, *units) if u in units and (u == f.id or (f.run and units[u].run == f.run)))].add(
            f.id
        )
    clusters: set[tuple[int, ...]] = set()
    for unit in order:
        arrive(unit, units, blocks, edges, stats, rules)
        touched = {id for reached in _reached(unit, edges) for id in members[reached]}
        clusters = {c for c in clusters if not touched.intersection(c)}
        clusters |= set(match.cluster({id: features[id] for id in touched}, stats, (), rules).clusters)
    return clusters


def arrive(
    unit: int,
    units: Mapping[int, Features],
    blocks: defaultdict[str, set[int]],
    edges: defaultdict[int, set[int]],
    stats: Statistics,
    rules: Rules,
) -> int:
    """Put one unit under its keys and draw its edges; how many comparisons that took."""
    keys = block_keys(units[unit], stats)
    partners = {other for key in keys for other in blocks[key]} - {unit}
    for other in partners:
        evidence = match.compare(units[unit], units[other], stats, rules)
        if evidence.veto is None and evidence.score > match.POSSIBLE:
            edges[unit].add(other)
            edges[other].add(unit)
    for key in keys:
        blocks[key].add(unit)
    return len(partners)


def _reached(unit: int, edges: Mapping[int, set[int]]) -> set[int]:
    reached: set[int] = set()
    frontier = {unit}
    while frontier:
        reached |= frontier
        frontier = {other for one in frontier for other in edges.get(one, ())} - reached
    return reached


def _features(world: World, rules: Rules) -> dict[int, Features]:
    labels = runs.group(world.listings, rules)
    labelled = (replace(stored, run=labels.get(stored.id)) for stored in world.listings)
    return {s.id: match.prepare(s, world.sources[s.listing.key.source], rules) for s in labelled}


def cost(sizes: Sequence[int]) -> None:
    """What one changed listing costs among so many, of which each day holds equally many more."""
    print(f"{'listings':>9} {'prepare µs':>11} {'comparisons':>12} {'ms a change':>12} {'batch s':>8}")
    for size in sizes:
        print(_cost(size))


def _cost(size: int) -> str:
    world = habits.world(1, rounds=12)
    rules = load(world.zone, world.places)
    copies = [_copy(world.listings[n % len(world.listings)], n) for n in range(size)]
    began = time.process_time()
    features = {s.id: match.prepare(s, world.sources[s.listing.key.source], rules) for s in copies}
    prepared = (time.process_time() - began) / size * 1e6
    units = match.units(features.values())
    stats = Statistics.build(list(units.values()), 1)
    blocks: defaultdict[str, set[int]] = defaultdict(set)
    for unit, f in units.items():
        for key in block_keys(f, stats):
            blocks[key].add(unit)
    spent, compared = _changes(units, blocks, stats, rules)
    began = time.process_time()
    if size <= LARGEST_BATCH:
        match.cluster(features, stats, (), rules)
    batch = f"{time.process_time() - began:8.1f}" if size <= LARGEST_BATCH else f"{'':>8}"
    return f"{size:9} {prepared:11.0f} {compared:12} {spent * 1000:12.2f} {batch}"


def _changes(
    units: Mapping[int, Features], blocks: defaultdict[str, set[int]], stats: Statistics, rules: Rules
) -> tuple[float, int]:
    """Median CPU seconds and comparisons of a change: its own keys, its partners, its component clustered again."""
    found = []
    for unit in random.Random(3).sample(sorted(units), CHANGES):
        began = time.process_time()
        edges: defaultdict[int, set[int]] = defaultdict(set)
        compared = arrive(unit, units, blocks, edges, stats, rules)
        match.cluster({id: units[id] for id in _reached(unit, edges)}, stats, (), rules)
        found.append((time.process_time() - began, compared))
    spent, comparisons = zip(*found, strict=True)
    return sorted(spent)[CHANGES // 2], sorted(comparisons)[CHANGES // 2]


def _copy(stored: StoredListing, number: int) -> StoredListing:
    """The same town again in another year, so that a catalogue grows as real ones do: by time, not by crowding."""
    shift = timedelta(days=200 * (number // 1400))
    when = stored.listing.when
    end = when.end + shift if when.end is not None else None
    moved = replace(when, start=when.start + shift, end=end)
    pages = f"{stored.listing.url}-{number}"
    return replace(stored, id=number + 1, listing=replace(stored.listing, when=moved, url=pages, ticket_url=None))


def main() -> None:
    """Do what the options ask for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=Path)
    parser.add_argument("--arrival", action="store_true")
    parser.add_argument("--cost", type=int, nargs="+")
    options = parser.parse_args()
    if options.cost:
        cost(options.cost)
    if options.arrival:
        folders = sorted(options.worlds.glob("world-*")) if options.worlds else []
        arrival([read_world(folder) for folder in folders] or [habits.world(1)])


if __name__ == "__main__":
    main()
