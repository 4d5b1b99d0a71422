"""What a list page costs that nobody asked for before: CPU for any filter over 50,000 events.

    python benchmarks/pages.py [--events 50000] [--rounds 3] [--profile]

The town is made up, the same on every machine: 40 categories, 120 places with positions, ages, prices, series, three
hundred words. Each filter is asked once at a version; then one event changes, which makes everything anew, and the
filters are asked in another order. The figure is the CPU time of the whole process for one answer, the thread that
builds it and the compression included. Between two rounds the first answer carries what all others share.
"""

from __future__ import annotations

import argparse
import asyncio
import cProfile
import pstats
import random
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette

from aggregator.catalogue import Catalogue
from aggregator.config import Calendar, Config
from aggregator.match import Pair
from aggregator.model import Content, Event, Geo, Location, Place, Price, StoredListing, When
from aggregator.settings import Settings
from aggregator.slugs import slug
from aggregator.state import SourceState
from aggregator.store.store import LoggedChange
from aggregator.web.app import create_app
from benchmarks.feeds import ENDS, KINDS, STEMS, WORDS

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
CATEGORIES = [slug(f"{stem}{end}") for stem in STEMS[:10] for end in ENDS[:4]]
PLACES = [
    Place(
        id=f"plats-{n}", name=f"{STEMS[n % 22].capitalize()}gården {n}", geo=Geo(55.6 + n % 11 / 100, 13.1 + n / 1000)
    )
    for n in range(120)
]
FILTERS = (
    *("", "free=1", "accessible=1", "layer=all", "layer=civic", "ongoing=only", "ongoing=no", "status=cancelled"),
    *("time=morning", "time=evening", "time=weekend", "time=evening&time=weekend&free=1"),
    *(f"category={CATEGORIES[0]}", f"category={CATEGORIES[7]}&category={CATEGORIES[9]}", "category=finns-inte"),
    *("place=plats-3", "place=plats-3&place=plats-4&place=plats-5", "audience=barn", "organizer=bjorkgren"),
    *(
        "q=konsert",
        "q=saga",
        "q=b%C3%B6cker",
        "q=bibliotek+musik",
        "q=musik+kaffe+pausen",
        "q=xyzzy",
        "q=konsrt",
        "q=konsert+i+dag",
        "q=en",
        "q=%C3%A5",
    ),
    *("not=konsert", "not=musik&not=kaffe", "q=teater&not=gran", "age=6", "age=6&free=1&time=weekend"),
    *("near=55.64,13.15,2", "near=55.64,13.15,50", "near=55.64,13.15,5&q=dans&time=evening"),
    *("from=2027-01-10&to=2027-01-10", "from=2027-01-16&to=2027-01-17", "from=2027-02-22&to=2027-02-28"),
    *("days=30", "from=2027-06-01", "to=2027-03-01", "from=2026-12-01&to=2026-12-31", "source=bib", "series=S7"),
    *(f"category={CATEGORIES[3]}&place=plats-9&time=weekend&age=9&not=film", "sida=5", "cancelled=omit", "dates=next"),
)


class Shelved:  # the arguments are those of the store, whatever is made of them
    """The read side of a store that holds a made-up town."""

    def __init__(self, count: int) -> None:
        dice = random.Random(f"{count} events")
        self.number = 1
        self.kept = {made.id: made for made in (event(n, dice) for n in range(count))}

    def stamp(self) -> tuple[int, datetime]:
        return self.number, NOW

    def events(self, since: int = 0) -> list[Event]:
        return [told for told in self.kept.values() if told.version > since]

    def change(self) -> None:
        """Another title for one event, in a new version."""
        self.number += 1
        former = next(iter(self.kept.values()))
        content = replace(former.content, title=f"Ny rubrik {self.number}")
        self.kept[former.id] = replace(former, content=content, version=self.number)

    def picture(self, name: str, small: bool) -> None:  # noqa: ARG002 - the store's signature
        return None

    def redirect(self, id: str) -> None:  # noqa: ARG002 - the store's signature
        return None

    def listings(self, events: Iterable[str]) -> dict[str, list[StoredListing]]:  # noqa: ARG002 - the store's signature
        return {}

    def pairs(self, listings: Iterable[int]) -> list[Pair]:  # noqa: ARG002 - the store's signature
        return []

    def sources(self) -> list[SourceState]:
        return []

    def changes(self, since: datetime, limit: int = 500) -> list[LoggedChange]:  # noqa: ARG002 - the store's signature
        return []


def event(number: int, dice: random.Random) -> Event:
    """One of a year and a half of events; a hundredth of them runs for weeks."""
    hour, place = dice.choice((9, 10, 13, 14, 15, 18, 18, 19, 19, 20)), dice.choice(PLACES)
    start = datetime(2027, 1, 1, hour, tzinfo=ZONE) + timedelta(days=dice.randrange(540))
    runs = dice.random() < 0.01
    name = f"{dice.choice(STEMS)}{dice.choice(ENDS)}".capitalize()
    organizer = f"{dice.choice(STEMS[:6])}{dice.choice(ENDS[:5])}" if dice.random() < 0.7 else None
    content = Content(
        title=f"{dice.choice(KINDS)} med {name} {number}",
        when=When(start.date(), start.date() + timedelta(days=40)) if runs else When(start, start + timedelta(hours=2)),
        ongoing=runs,
        location=Location(name=place.name, locality="Byn", geo=place.geo, place=place.id),
        description=" ".join(dice.choices(WORDS, k=30)),
        categories=tuple(dice.sample(CATEGORIES, dice.choice((1, 1, 2)))),
        audience=dice.choice((None, None, "barn", "unga", "seniorer")),
        organizer=organizer,
        age=dice.choice((None, None, None, (3, 6), (7, 12), (15, None))),
        price=dice.choice((None, Price(free=True), Price(free=False))),
        sources=(dice.choice(("bib", "kommun", "kyrka")),),
    )
    series = f"S{number % 50}" if number % 5 == 0 else None
    id = f"01KDQH4X8E{number:016}"
    return Event(id=id, content=content, version=1, created=NOW, changed=NOW, told=NOW, series=series)


def town(count: int) -> tuple[Starlette, Shelved]:
    """The real application over a made-up town."""
    store = Shelved(count)
    catalogue = Catalogue(store, ZONE, time.monotonic, print)
    config = Config(file=Path("sources.yaml"), calendar=Calendar(name="Evenemang i Byn"), places=tuple(PLACES))
    return create_app(config, Settings(), store, catalogue, lambda: NOW), store


async def measured(count: int, rounds: int) -> dict[str, list[float]]:
    """CPU milliseconds of each filter, one figure a round."""
    app, store = town(count)
    dice, found = random.Random(1), {query: list[float]() for query in FILTERS}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
        for _ in range(rounds):
            store.change()
            await asyncio.sleep(0.3)  # a version is asked for a few times a second at most
            await client.get("/om")  # loads the shelf, as the first poll at a version does
            for query in dice.sample(FILTERS, len(FILTERS)):
                begun = time.process_time()
                assert (await client.get(f"/?{query}")).status_code == 200
                found[query].append((time.process_time() - begun) * 1000)
    return found


def main(words: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--profile", action="store_true", help="tell where the time went instead")
    asked = parser.parse_args(words)
    if asked.profile:
        watch = cProfile.Profile()
        watch.runcall(asyncio.run, measured(asked.events, 1))
        pstats.Stats(watch).sort_stats("tottime").print_stats(25)
        return
    found = asyncio.run(measured(asked.events, asked.rounds))
    every = sorted(figure for figures in found.values() for figure in figures)
    print(f"a list page over {asked.events} events that nobody asked for before, ms CPU, {len(every)} answers")
    for query in sorted(found, key=lambda query: -statistics.median(found[query]))[:12]:
        print(f"  {query or '(no filter)':60} {statistics.median(found[query]):7.1f}  most {max(found[query]):7.1f}")
    p95 = every[int(len(every) * 0.95)]
    print(f"median {statistics.median(every):.1f}, p95 {p95:.1f}, most {every[-1]:.1f} (goal: p95 ≤ 50)", end="")
    print(": met" if p95 <= 50 else ": missed")


if __name__ == "__main__":
    main()
