"""A store in memory with the real read side, and the web application around it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx

from aggregator.catalogue import BUDGET, Catalogue
from aggregator.config import Calendar, Config, read
from aggregator.match import Pair
from aggregator.model import Event, Geo, Place, Source, StoredListing
from aggregator.settings import Settings
from aggregator.state import SourceState
from aggregator.store.store import LoggedChange, Visits
from aggregator.web.app import create_app
from tests.render.worlds import BASE, TOLD, ZONE

NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)


@dataclass
class MemoryStore:
    """What the catalogue reads, held in dictionaries; `asked` counts questions by name."""

    kept: dict[str, Event] = field(default_factory=dict)
    number: int = 0
    moment: datetime = TOLD
    redirects: dict[str, str] = field(default_factory=dict)
    told_by: dict[str, list[StoredListing]] = field(default_factory=dict)
    states: list[SourceState] = field(default_factory=list)
    alike: list[Pair] = field(default_factory=list)
    log: list[LoggedChange] = field(default_factory=list)
    asked: dict[str, int] = field(default_factory=dict)
    pictures: dict[tuple[str, bool], bytes] = field(default_factory=dict)
    clocks: dict[str, int] = field(default_factory=dict)
    visits: dict[str, list[Visits]] = field(default_factory=dict)
    answers: dict[str, bytes] = field(default_factory=dict)
    fails: Exception | None = None

    def put(self, *events: Event) -> None:
        """A new catalogue version that holds these events, new or changed."""
        self.number += 1
        self.moment += timedelta(minutes=1)
        self.kept |= {event.id: replace(event, version=self.number) for event in events}

    def stamp(self) -> tuple[int, datetime]:
        self._count("stamp")
        return self.number, self.moment

    def events(self, since: int = 0) -> list[Event]:
        self._count("events")
        return [event for event in self.kept.values() if event.version > since]

    def picture(self, name: str, small: bool) -> bytes | None:
        self._count("picture")
        return self.pictures.get((name, small))

    def redirect(self, id: str) -> str | None:
        self._count("redirect")
        return self.redirects.get(id)

    def listings(self, events: Iterable[str]) -> Mapping[str, list[StoredListing]]:
        self._count("listings")
        return {id: self.told_by.get(id, []) for id in events}

    def pairs(self, listings: Iterable[int]) -> list[Pair]:
        wanted = set(listings)
        return [pair for pair in self.alike if {pair.a, pair.b} & wanted]

    def sources(self) -> list[SourceState]:
        return self.states

    def offsets(self) -> Mapping[str, int]:
        return self.clocks

    def history(self, source: str, since: datetime) -> list[Visits]:
        return [visits for visits in self.visits.get(source, []) if visits.day >= since.date()]

    def answer(self, source: str) -> bytes | None:
        return self.answers.get(source)

    def changes(self, since: datetime, limit: int = 500) -> list[LoggedChange]:
        return [change for change in self.log if change.at >= since][:limit]

    def _count(self, name: str) -> None:
        if self.fails is not None:
            raise self.fails
        self.asked[name] = self.asked.get(name, 0) + 1


@cache
def shipped_vocabulary() -> str | None:
    """The words that come with the program."""
    told, _ = read(b"calendar: {name: Evenemang}", Path("sources.yaml"))
    return told.vocabulary if told else None


class Ticks:
    """A monotonic clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class World:
    """An application over a store in memory, with clocks that the test moves."""

    store: MemoryStore = field(default_factory=MemoryStore)
    now: datetime = NOW
    base: str = BASE
    ticks: Ticks = field(default_factory=Ticks)
    reports: list[tuple[str, str, Exception]] = field(default_factory=list)
    budget: int = BUDGET

    def __post_init__(self) -> None:
        self.config = Config(
            file=Path("sources.yaml"),
            calendar=Calendar(name="Evenemang i Staffanstorp", region="1230"),
            places=(Place(id="radhuset", name="Staffanstorps rådhus", address="Torget 1", geo=Geo(55.6426, 13.2064)),),
            sources=(
                Source(id="biblioteket", name="Staffanstorps bibliotek", url="https://bibliotek.example/k.ics"),
                Source(id="kommunen", name="Staffanstorps kommun", url="https://kommun.example/rss"),
            ),
            vocabulary=shipped_vocabulary(),
        )
        self.catalogue = Catalogue(
            self.store, ZONE, self.ticks, lambda *told: self.reports.append(told), budget=self.budget
        )
        settings = Settings(base_url=self.base, contact="kalender@kommun.example")
        self.app = create_app(self.config, settings, self.store, self.catalogue, lambda: self.now)

    def put(self, *events: Event) -> None:
        """New or changed events, seen by the next request."""
        self.store.put(*events)
        self.ticks.seconds += 1

    async def get(self, path: str, method: str = "GET", **headers: str) -> httpx.Response:
        """One request; underscores in header names are hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        transport: Any = httpx.ASGITransport(app=self.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url=self.base) as client:
            client.headers.pop("accept-encoding", None)
            return await client.request(method, path, headers=named)
