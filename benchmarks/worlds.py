"""Labelled worlds and pairs as listings in memory, and how a clustering of them is scored.

A world is a folder with `sources/*.json`, `places.json` and `truth.json`; labelled pairs are one JSON file.
They pass the program's own readers; the whole program, with its store and its API, is measured by `matching.py`.
"""

# ruff: noqa: E501 - rows of cases are read across, not down

from __future__ import annotations

import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.formats import read_answer
from aggregator.model import Context, Geo, Listing, Place, Role, Source, StoredListing, Window

SWEDEN = ZoneInfo("Europe/Stockholm")
ROLES = {"kommun": Role.MUNICIPALITY, "biljett": Role.TICKETS}
WINDOW = Window(date(2026, 12, 1), date(2028, 12, 31))
SEEN = datetime(2027, 1, 1, 6, tzinfo=UTC)


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


def read_world(folder: Path, snapshot: int | None = None) -> World:
    """A world through the program's own readers; `snapshot` is one of its fetches."""
    with TemporaryDirectory() as out:
        feeds = _script(folder.parent / "feeds.py")
        feeds.write(folder, Path(out), snapshot)
        listings, sources, places, zone = read_town(Path(out))
        names = _records(feeds, Path(out), listings)
    truth = json.loads((folder / "truth.json").read_text())
    return World(folder.name, zone, listings, sources, places, names, truth)


def read_labelled(file: Path, scripts: Path) -> World:
    """Real listings of one city with pairs labelled by hand; unsure pairs are left out."""
    labels = json.loads(file.read_text())
    with TemporaryDirectory() as out:
        _script(scripts / "labelled.py").write(labels, Path(out), 52)
        listings, sources, places, zone = read_town(Path(out))
        keys = json.loads((Path(out) / "keys.json").read_text())
    record = {(key["source"], key["uid"]): key["record"] for key in keys}
    names = {s.id: record[s.listing.key.source, s.listing.stated.uid or ""] for s in listings}
    known = set(names.values())
    pairs = tuple(
        (p["a"], p["b"], p["label"] == "same", tuple(p["cat"]))
        for p in labels["pairs"]
        if p["label"] != "unsure" and {p["a"], p["b"]} <= known
    )
    return World(file.stem, zone, listings, sources, places, names, {}, pairs)


def read_town(folder: Path) -> tuple[tuple[StoredListing, ...], dict[str, Source], tuple[Place, ...], ZoneInfo]:
    """All listings of a folder with a `sources.yaml` (written as JSON), read by the program's readers."""
    town = json.loads((folder / "sources.yaml").read_text())
    zone = ZoneInfo(town["calendar"]["timezone"])
    sources = {
        s["id"]: Source(id=s["id"], name=s["name"], path=s["path"], role=Role(s["role"])) for s in town["sources"]
    }
    places = tuple(
        Place(id=p["id"], name=p["name"], address=p["address"], aliases=tuple(p["aliases"]), geo=Geo(*p["geo"])) for p in town["places"]
    )  # fmt: skip
    read = [listing for source in sources.values() for listing in _read(folder, source, zone)]
    listings = (StoredListing(id=n, listing=one, first_seen=SEEN, changed=SEEN) for n, one in enumerate(read, 1))
    return tuple(listings), sources, places, zone


def _read(folder: Path, source: Source, zone: ZoneInfo) -> Iterator[Listing]:
    kind = "text/calendar" if (source.path or "").endswith("ics") else "text/html"
    context = Context(
        source=source, url=f"https://{source.id}.example/", content_type=kind, zone=zone.key, language="sv", window=WINDOW, now=SEEN
    )  # fmt: skip
    for chunk in read_answer((folder / (source.path or "")).read_bytes(), context).chunks:
        yield from chunk.listings or ()


def _script(file: Path) -> Any:
    """The script beside the worlds that writes them as feeds."""
    sys.path.insert(0, str(file.parent))
    return runpy_module(file)


def runpy_module(file: Path) -> Any:
    """A script as a module."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _records(feeds: Any, out: Path, listings: Iterable[StoredListing]) -> dict[int, str]:
    """The world's name of each listing, found as the scorer finds it: by source, uid or address, and stated start."""
    by_uid, by_url = {}, {}
    for key in json.loads((out / "keys.json").read_text()):
        start = feeds.local_minute(key["start"], key["all_day"])
        if key["uid"]:
            by_uid[key["source"], key["uid"], start] = key["record"]
        by_url[key["source"], key["url"], start] = key["record"]
    found = {}
    for stored in listings:
        stated, source = stored.listing.stated, stored.listing.key.source
        start = feeds.local_minute(stated.start, False)
        record = by_uid.get((source, stated.uid, start)) or by_url.get((source, stated.url, start))
        if record:
            found[stored.id] = record
    return found


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
    home: dict[str, Any] = {record: record for record in true}
    home |= {world.records[id]: number for number, ids in enumerate(clusters) for id in ids if id in world.records}
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
