"""Finds the source whose clock is wrong by whole hours all the time. Told, and heard in matching; never corrected here.

The classic: an export writes local time as if it were UTC, an hour off in winter and two in summer, so each season is
judged by itself. One listing that is off proves nothing; a source whose listings are off by the same hours against two
or more others that agree does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from aggregator.features import Features

HOUR = 60
LARGEST = 12 * HOUR
FEWEST_PAIRS = 6
FEWEST_PARTNERS = 2  # of two sources that differ nobody knows which is wrong
SHARE = 0.6  # of the pairs that must agree; some of an honest source's are classes on the hour
Difference = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Offset:
    """`minutes` that a source's clock is ahead (negative: behind), with how many pairs of `pairs` say so.

    `summer` tells whether that is while daylight saving time holds.
    """

    source: str
    summer: bool
    minutes: int
    agreeing: int
    pairs: int


def find(features: Iterable[Features]) -> tuple[Offset, ...]:
    """The sources with a constant offset against at least two others; the order of features changes nothing."""
    seasons: dict[bool, list[Features]] = {False: [], True: []}
    for f in features:
        seasons[f.summer].append(f)
    return tuple(offset for summer, listed in seasons.items() for offset in _of_season(listed, summer))


def season(f: Features) -> str:
    """What the offsets of the statistics are kept under: the source, and whether it is summer time."""
    return f"{f.source} {'summer' if f.summer else 'winter'}"


def by_season(found: Iterable[Offset]) -> dict[str, int]:
    """The minutes of each offset under its season's name."""
    return {f"{o.source} {'summer' if o.summer else 'winter'}": o.minutes for o in found}


def told(minutes: Mapping[str, int], source: str) -> str:
    """One English sentence about a source's clock by the offsets of the statistics; empty where it is right."""
    found = [(name, minutes.get(f"{source} {name}", 0)) for name in ("winter", "summer")]
    parts = [f"{abs(off) // HOUR} h {'ahead' if off > 0 else 'behind'} in {name}" for name, off in found if off]
    return f"its times are off against those of other sources: {', '.join(parts)}" if parts else ""


def _of_season(features: Iterable[Features], summer: bool) -> list[Offset]:
    found: dict[str, Offset] = {}
    differences = list(_differences(features))
    while worst := _worst(differences, found, summer):
        found[worst.source] = worst
    return [found[source] for source in sorted(found)]


def _worst(differences: Iterable[Difference], known: Mapping[str, Offset], summer: bool) -> Offset | None:
    """The source that most pairs say is off, once the offsets known so far are taken out."""
    seen: defaultdict[str, defaultdict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
    for a, b, minutes in differences:
        rest = minutes - _known(known, a) + _known(known, b)
        seen[a][b][rest] += 1
        seen[b][a][-rest] += 1
    judged = (_judged(source, partners, summer) for source, partners in sorted(seen.items()) if source not in known)
    return max((o for o in judged if o is not None), key=lambda o: (o.agreeing / o.pairs, o.agreeing), default=None)


def _known(known: Mapping[str, Offset], source: str) -> int:
    return known[source].minutes if source in known else 0


def _judged(source: str, partners: Mapping[str, Counter[int]], summer: bool) -> Offset | None:
    total = sum(partners.values(), Counter())
    minutes, agreeing = max(total.items(), key=lambda item: (item[1], -abs(item[0]), item[0]))
    pairs = sum(total.values())
    if minutes == 0 or minutes % HOUR or abs(minutes) > LARGEST or pairs < FEWEST_PAIRS or agreeing < SHARE * pairs:
        return None
    believers = sum(1 for differences in partners.values() if differences.most_common(1)[0][0] == minutes)
    return Offset(source, summer, minutes, agreeing, pairs) if believers >= FEWEST_PARTNERS else None


def _differences(features: Iterable[Features]) -> Iterator[Difference]:
    """Start differences of what is surely one event but for its hour: same day, one place, same words and kinds."""
    groups: defaultdict[tuple[date, str, tuple[str, ...]], list[Features]] = defaultdict(list)
    for f in features:
        if f.clock is not None and f.first == f.last and len(f.places) <= 1 and (f.title.name or f.title.kinds):
            where = next(iter(f.places), " ".join(sorted(f.spot)))
            what = (*sorted(f.title.name), *sorted(f.title.kinds), *sorted(f.title.editions | f.title.roles))
            groups[f.first, where, what].append(f)
    for alike in groups.values():
        yield from _of_single(alike)


def _of_single(alike: list[Features]) -> Iterator[Difference]:
    """Pairs of sources that tell it once each; what a source tells twice a day can't be compared."""
    times = Counter(f.source for f in alike)
    single = sorted((f for f in alike if times[f.source] == 1), key=lambda f: f.source)
    for a, b in combinations(single, 2):
        yield a.source, b.source, (a.clock or 0) - (b.clock or 0)
