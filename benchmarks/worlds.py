"""Labelled worlds and pairs as listings in memory, and how a clustering of them is scored.

A world is a folder with `sources/*.json`, `places.json` and `truth.json`; labelled pairs are one JSON file.
Nothing here fetches, parses a feed or writes; the whole program is measured by `matching.py`.
"""

# ruff: noqa: E501 - rows of cases are read across, not down

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import text
from aggregator.model import Geo, Key, Listing, Location, Place, Role, Source, Stated, Status, StoredListing, When

SWEDEN = ZoneInfo("Europe/Stockholm")
ZONES = {"raleighdurham": "America/New_York", "santarosa": "America/Los_Angeles", "evanston": "America/Chicago"}
ROLES = {
    "kommun": Role.MUNICIPALITY, "biljett": Role.TICKETS, "bibliotek": Role.ORGANIZER, "scen": Role.VENUE, "forening": Role.ASSOCIATION,
    "kyrka": Role.ORGANIZER, "bio": Role.VENUE, "idrott": Role.ASSOCIATION, "konsthall": Role.VENUE,
}  # fmt: skip
SEEN = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class World:
    """Listings with what is true of them. `records` names each listing id; labelled pairs have no clusters."""

    name: str
    zone: ZoneInfo
    listings: tuple[StoredListing, ...]
    sources: Mapping[str, Source]
    places: tuple[Place, ...]
    records: Mapping[int, str]
    truth: Mapping[str, Any] = field(default_factory=dict)
    pairs: tuple[tuple[str, str, bool, tuple[str, ...]], ...] = ()


def read_world(folder: Path, rows: Sequence[Mapping[str, Any]] | None = None) -> World:
    """A world as listings; `rows` instead of its sources when another moment of it is wanted."""
    if rows is None:
        rows = [row for file in sorted((folder / "sources").glob("*.json")) for row in json.loads(file.read_text())]
    listings = tuple(_stored(number, row) for number, row in enumerate(rows, 1))
    names = sorted({row["source"] for row in rows})
    sources = {n: Source(id=n, name=n.capitalize(), path=f"{n}.ics", role=ROLES.get(n, Role.MEDIA)) for n in names}
    places = tuple(_place(entry) for entry in json.loads((folder / "places.json").read_text()))
    records = {number: row["id"] for number, row in enumerate(rows, 1)}
    truth = json.loads((folder / "truth.json").read_text())
    return World(folder.name, SWEDEN, listings, sources, places, records, truth)


def read_labelled(file: Path) -> World:
    """Real listings of one city with pairs labelled by hand; unsure pairs are left out."""
    data = json.loads(file.read_text())
    rows = dict(sorted(data["records"].items()))
    zone = ZoneInfo(ZONES[next(iter(rows.values()))["city"]])
    numbers = {rid: number for number, rid in enumerate(rows, 1)}
    listings = tuple(_labelled(numbers[rid], row, zone) for rid, row in rows.items())
    names = {stored.listing.key.source for stored in listings}
    sources = {n: Source(id=n, name=n, path=f"{n}.ics", role=Role.ORGANIZER) for n in sorted(names)}
    pairs = tuple(
        (p["a"], p["b"], p["label"] == "same", tuple(p["cat"])) for p in data["pairs"] if p["label"] != "unsure"
    )
    return World(file.stem, zone, listings, sources, (), {n: rid for rid, n in numbers.items()}, {}, pairs)


def _place(entry: Mapping[str, Any]) -> Place:
    address = ", ".join(part for part in (entry["address"], entry["city"]) if part)
    return Place(
        id=entry["id"].lower(), name=entry["name"], address=address, aliases=tuple(entry["aliases"]), geo=Geo(entry["lat"], entry["lon"])
    )  # fmt: skip


def _stored(number: int, row: Mapping[str, Any]) -> StoredListing:
    venue = row["venue"] or {}
    geo = Geo(venue["lat"], venue["lon"]) if venue.get("lat") is not None else None
    location = Location(
        name=venue.get("name") or None, address=venue.get("address") or None, locality=venue.get("city") or None, geo=geo
    )  # fmt: skip
    listing = Listing(
        key=Key(row["source"], row["uid"] or row["url"], row["start"]),
        title=text.clean_text(row["title"]),
        when=_when(row, SWEDEN),
        stated=Stated(row["uid"], row["url"], row["start"]),
        digest=row["id"],
        status=Status.CANCELLED if row["status"] == "cancelled" else Status.SCHEDULED,
        location=location if venue else None,
        organizer=row["organizer"] or None,
        description=text.clean_text(row["description"] or "", lines=True) or None,
        url=row["url"],
        links=tuple(row["links"]),
        image=row["image"],
    )
    return StoredListing(id=number, listing=listing, first_seen=SEEN, changed=SEEN)


def _labelled(number: int, row: Mapping[str, Any], zone: ZoneInfo) -> StoredListing:
    source = f"{row['city']}-{row['source']}".replace("_", "-").lower()
    listing = Listing(
        key=Key(source, row["uid"] or row["rid"], row["start"]),
        title=text.clean_text(row["title"]),
        when=_when(row, zone),
        stated=Stated(f"{row['rid']}@{source}", row.get("url"), row["start"]),
        digest=row["rid"],
        location=Location(name=row["location"]) if row.get("location") else None,
        description=text.clean_text(row.get("description") or "", lines=True) or None,
        url=row.get("url") or None,
    )
    return StoredListing(id=number, listing=listing, first_seen=SEEN, changed=SEEN)


def _when(row: Mapping[str, Any], zone: ZoneInfo) -> When:
    if row["all_day"]:
        end = date.fromisoformat(row["end"][:10]) if row.get("end") else None
        start = date.fromisoformat(row["start"][:10])
        return When(start, end if end and end > start else None)
    start_time = _moment(row["start"], zone)
    end_time = _moment(row["end"], zone) if row.get("end") else None
    return When(start_time, end_time if end_time and end_time > start_time else None)


def _moment(value: str, zone: ZoneInfo) -> datetime:
    told = datetime.fromisoformat(value)
    return told if told.tzinfo else told.replace(tzinfo=zone)


@dataclass(frozen=True)
class Score:
    """Pairwise and B³ figures, wrong pairs by look-alike, missed pairs by noise; `wrong` and `missed` are the pairs."""

    precision: float
    recall: float
    f1: float
    b3: float
    exact: float
    wrong_kinds: Counter[str]
    missed_kinds: Counter[str]
    wrong: tuple[tuple[str, str], ...]
    missed: tuple[tuple[str, str], ...]


def score_world(world: World, clusters: Iterable[Iterable[int]]) -> Score:
    """Figures of a clustering of listing ids, as the world's own scorer counts them."""
    true, events, noise = world.truth["clusters"], world.truth["events"], world.truth["noise"]
    home = {world.records[id]: number for number, ids in enumerate(clusters) for id in ids}
    by_true, by_found = _grouped(true, true), _grouped(true, home)
    wrong = [p for group in by_found.values() for p in combinations(sorted(group), 2) if _wrong(true, events, *p)]
    inside = [p for group in by_true.values() for p in combinations(sorted(group), 2)]
    missed = [(a, b) for a, b in inside if home[a] != home[b]]
    hits = len(inside) - len(missed)
    precision, recall = hits / max(1, hits + len(wrong)), hits / max(1, len(inside))
    exact = sum(1 for g in by_true.values() if by_found[home[next(iter(g))]] == g) / len(by_true)
    return Score(
        precision, recall, _f1(precision, recall), _b3(true, events, by_true, by_found, home), exact,
        Counter(_look_alike(events, true[a], true[b]) for a, b in wrong),
        Counter(kind for a, b in missed for kind in {*noise[a], *noise[b]} or {"(clean)"}),
        tuple(wrong), tuple(missed),
    )  # fmt: skip


def score_pairs(world: World, clusters: Iterable[Iterable[int]]) -> Score:
    """Figures over the labelled pairs only; an unlisted merge is not called wrong."""
    home = {world.records[id]: number for number, ids in enumerate(clusters) for id in ids}
    merged = {(a, b): home[a] == home[b] for a, b, _, _ in world.pairs}
    hits = sum(same and merged[a, b] for a, b, same, _ in world.pairs)
    wrong = [(a, b, cat) for a, b, same, cat in world.pairs if not same and merged[a, b]]
    missed = [(a, b, cat) for a, b, same, cat in world.pairs if same and not merged[a, b]]
    precision, recall = hits / max(1, hits + len(wrong)), hits / max(1, hits + len(missed))
    return Score(
        precision, recall, _f1(precision, recall), 0.0, 0.0,
        Counter(kind for _, _, cat in wrong for kind in cat), Counter(kind for _, _, cat in missed for kind in cat),
        tuple((a, b) for a, b, _ in wrong), tuple((a, b) for a, b, _ in missed),
    )  # fmt: skip


def is_same(world: World, a: int, b: int) -> bool | None:
    """The truth of a pair of listing ids; None where it is not scored."""
    if world.pairs:
        known = {frozenset((x, y)): same for x, y, same, _ in world.pairs}
        return known.get(frozenset((world.records[a], world.records[b])))
    true = world.truth["clusters"]
    x, y = true[world.records[a]], true[world.records[b]]
    return None if _own_series(world.truth["events"], x, y) else x == y


def _grouped(records: Iterable[str], home: Mapping[str, Any]) -> dict[Any, set[str]]:
    groups: defaultdict[Any, set[str]] = defaultdict(set)
    for record in records:
        groups[home[record]].add(record)
    return groups


def _series(events: Mapping[str, Any], cluster: str) -> str | None:
    if cluster.startswith("S"):
        return cluster
    number = events[cluster]["series"]
    return f"S{number:04d}" if number else None


def _own_series(events: Mapping[str, Any], x: str, y: str) -> bool:
    if x == y or not (x.startswith("S") or y.startswith("S")):
        return False
    return _series(events, x) is not None and _series(events, x) == _series(events, y)


def _wrong(true: Mapping[str, str], events: Mapping[str, Any], a: str, b: str) -> bool:
    return true[a] != true[b] and not _own_series(events, true[a], true[b])


def _look_alike(events: Mapping[str, Any], x: str, y: str) -> str:
    first, second = events.get(x), events.get(y)
    if not (first and second):
        return "series_record"
    if first["group"] is not None and first["group"] == second["group"]:
        return str(first["tag"])
    return "unrelated_same_kind" if first["kind"] == second["kind"] else "unrelated"


def _b3(true: Mapping[str, str], events: Any, by_true: Any, by_found: Any, home: Mapping[str, int]) -> float:
    precision = recall = 0.0
    for record in true:
        found = {q for q in by_found[home[record]] if not _own_series(events, true[record], true[q])}
        hits = len(found & by_true[true[record]])
        precision += hits / len(found)
        recall += hits / len(by_true[true[record]])
    return _f1(precision / len(true), recall / len(true))


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0
