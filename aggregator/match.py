"""Which listings of different sources tell the same event. It writes nothing, asks nothing and mints no id.

The way of use, for whoever stores: `prepare` each listing (pure, picklable), keep its `block_keys`, fetch for a
changed listing those that share a key, `compare`, keep the pairs whose score is above `POSSIBLE` as edges, gather
the components that edges and *same* decisions connect, and `cluster` each touched component. `cluster` depends on
its members, the statistics and the decisions only, so one-by-one arrival and a batch give equal clusters.

Two arguments more than a bare listing needs: `Rules` (zone, registry, lexicon, weights) since rules read no disk,
and `Statistics` for keys too, since a crowded key is divided by what the statistics counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Decision, Evidence, Reason, Source, StoredListing
from aggregator.places import Registry, words

POSSIBLE = -2.0  # log-odds above which staff are asked
MERGE = 0.0


@dataclass(frozen=True)
class Rules:
    """What the rules may know besides the listings; made once, at the edge (`matching.load`)."""

    zone: ZoneInfo
    places: Registry = field(default_factory=Registry)


@dataclass(frozen=True, slots=True)
class Statistics:
    """A snapshot of the catalogue that scores depend on; `version` grows when it is built anew."""

    version: int = 0

    @classmethod
    def build(cls, features: Iterable[Features], version: int) -> Statistics:
        """Count over all active listings."""
        return cls(version)


@dataclass(frozen=True, slots=True)
class Features:
    """What a listing is compared by. `id` is the listing's (of a run: its smallest)."""

    id: int
    source: str
    title: tuple[str, ...]
    start: datetime | date
    first: date
    last: date
    places: frozenset[str]
    uid: str | None
    url: str | None
    run: str | None = None


@dataclass(frozen=True, slots=True)
class Pair:
    """Two listings with their evidence; band "merge" or "possible"."""

    a: int
    b: int
    evidence: Evidence
    band: str


@dataclass(frozen=True, slots=True)
class Clustering:
    """The clusters (sorted listing ids, singletons too) and the pairs that are worth keeping."""

    clusters: tuple[tuple[int, ...], ...]
    pairs: tuple[Pair, ...]


def prepare(stored: StoredListing, source: Source, rules: Rules) -> Features:
    """The features of a listing; equal input gives equal output."""
    listing = stored.listing
    when = listing.when
    return Features(
        id=stored.id,
        source=source.id,
        title=words(listing.title),
        start=when.start,
        first=when.first_day(rules.zone),
        last=when.last_day(rules.zone),
        places=rules.places.resolve(listing.location),
        uid=listing.stated.uid,
        url=listing.url,
        run=stored.run,
    )


def block_keys(features: Features, stats: Statistics) -> frozenset[str]:
    """Keys of which two listings must share one to be compared; store them in an index."""
    days = [features.first + timedelta(days=n) for n in range(min(3, (features.last - features.first).days + 1))]
    keys = {f"d|{day}|{'-'.join(sorted(features.title))}" for day in days}
    keys.update(f"{kind}|{value}" for kind, value in (("url", features.url), ("uid", features.uid)) if value)
    return frozenset(keys)


def compare(a: Features, b: Features, stats: Statistics, rules: Rules) -> Evidence:
    """The evidence that two listings tell one event, as named log-odds."""
    if a.start != b.start:
        return Evidence(score=-5.0, reasons=(Reason("start", -5.0, f"{a.start} ≠ {b.start}"),))
    if a.url and a.url == b.url or a.uid and a.uid == b.uid:
        return Evidence(score=5.0, reasons=(Reason("link", 5.0, a.url or a.uid or ""),))
    if a.title == b.title and (a.places == b.places):
        return Evidence(score=4.0, reasons=(Reason("title", 2.0, " ".join(a.title)), Reason("place", 2.0)))
    return Evidence(score=-5.0, reasons=(Reason("title", -5.0),))


def cluster(
    features: Mapping[int, Features], stats: Statistics, decisions: Sequence[Decision], rules: Rules
) -> Clustering:
    """The clusters of a component, or of everything."""
    ids = sorted(features)
    different = {tuple(sorted(d.listings)) for d in decisions if d.kind == "different" and d.undone is None}
    same = {tuple(sorted(d.listings)) for d in decisions if d.kind == "same" and d.undone is None}
    clusters: list[list[int]] = []
    pairs: list[Pair] = []
    for id in ids:
        home = None
        for members in clusters:
            if any(tuple(sorted((id, other))) in different for other in members):
                continue
            for other in members:
                evidence = compare(features[other], features[id], stats, rules)
                if (other, id) in same:
                    evidence = Evidence(score=50.0, reasons=(Reason("staff", 50.0),), pinned=True)
                if evidence.score > MERGE:
                    pairs.append(Pair(other, id, evidence, "merge"))
                    home = members
            if home is not None:
                break
        if home is None:
            clusters.append([id])
        else:
            home.append(id)
    return Clustering(tuple(tuple(c) for c in clusters), tuple(pairs))
