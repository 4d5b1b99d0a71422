"""A second invented town, of another hand than `habits.py`: a forest municipality with nine sources. Weights are fitted
to the seeds 1 and 2 only, so that the others give what a town gives that nobody had in mind.

Each source tells an event in its own voice: the municipality correctly, the ticket seller by the act alone, the paper
in general words and by the day, the tourist board in English, the association's portal with its clock an hour off, the
village group in chatter, the local radio cut short and copied from the paper. The events are `forest_events.py`.
"""

# ruff: noqa: E501 - rows of facts are read across, not down

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from forest_events import HABITS, PLACES, Happening
from worlds import SEEN, SWEDEN, World

from aggregator.model import Geo, Key, Listing, Location, Role, Source, Stated, StoredListing, When

FIRST = datetime(2028, 1, 10)  # noqa: DTZ001 - a wall time
ROLES = {
    "kommunen": Role.MUNICIPALITY, "arenan": Role.TICKETS, "bladet": Role.MEDIA, "visit": Role.MEDIA, "kyrkan": Role.ORGANIZER,
    "biblioteken": Role.ORGANIZER, "portalen": Role.ASSOCIATION, "bygruppen": Role.MEDIA, "radion": Role.MEDIA,
}  # fmt: skip
OWN = {"kyrkan": "church", "biblioteken": "library"}  # sources that tell only what happens at their own houses
VOICES = {"arenan": "short", "bladet": "plain", "visit": "english", "bygruppen": "chatty", "radion": "plain"}
CHAT = ("Missa inte: {}!", "{} 🎉", "Häng med på {}", "Ikväll! {}", "{} – vi ses där!", "Tips: {}")
LINES = (
    "Varmt välkommen!", "Fika till försäljning.", "Ingen föranmälan.", "Arrangeras med stöd av kommunen.", "Begränsat antal platser.",
    "Parkering finns vid skolan.", "Fri entré.", "Lokalen är tillgänglig för rullstol.",
)  # fmt: skip


@dataclass
class Telling:
    """What has been told so far."""

    rng: random.Random
    listings: list[StoredListing] = field(default_factory=list)
    clusters: dict[str, str] = field(default_factory=dict)
    noise: dict[str, list[str]] = field(default_factory=dict)
    events: dict[str, dict[str, object]] = field(default_factory=dict)

    def all_of(self, happening: Happening, group: int) -> None:
        """Let those sources tell it that would, each in its voice."""
        event = f"F{len(self.events):05d}"
        tag, kind = happening.tag, happening.kind
        self.events[event] = {"kind": kind, "tag": tag, "group": group, "series": None}
        told: dict[str, tuple[str, When]] = {}
        for source in self._tellers(happening):
            copied = told.get("bladet") if source == "radion" and self.rng.random() < 0.6 else None
            for title, when, noise in [(*copied, ["copied"])] if copied else list(self._said(happening, source)):
                told.setdefault(source, (title, when))
                self._keep(event, source, happening, _cut(title) if source == "radion" else title, when, noise)

    def _tellers(self, h: Happening) -> list[str]:
        able = [s for s in ROLES if s not in OWN or OWN[s] == h.place.sort]
        able = [s for s in able if s != "arenan" or h.ticketed]
        return sorted(self.rng.sample(able, min(len(able), self.rng.choice([1, 2, 2, 3, 3, 4, 5]))))

    def _said(self, h: Happening, source: str) -> Iterator[tuple[str, When, list[str]]]:
        title, noise = self._title(h, source)
        stale = h.moved_from is not None and source in ("bladet", "radion", "bygruppen")
        if stale and h.moved_from is not None:
            h, noise = replace(h, start=h.moved_from), [*noise, "stale"]
        elif h.moved_from is not None and source == "kommunen":
            title, noise = f"{title} (nytt datum)", [*noise, "moved"]
        if h.days == 1:
            when, how = self._when(h, source)
            yield title, when, [*noise, *how]
        elif source in ("visit", "portalen"):
            for day in range(h.days):
                when, how = self._when(replace(h, start=h.start + timedelta(days=day)), source)
                yield title, when, [*noise, "day-by-day", *how]
        else:
            first = h.start.date()
            yield title, When(first, first + timedelta(days=h.days - 1)), [*noise, "range"]

    def _title(self, h: Happening, source: str) -> tuple[str, list[str]]:
        voice, roll = VOICES.get(source, "full"), self.rng.random()
        said = h.voices.get(voice) or h.voices["full"]
        if voice == "english" and roll < 0.5:
            return h.voices["full"], []
        if voice == "plain":
            return (said, ["plain"]) if roll < 0.35 else (h.voices["full"], [])
        if voice == "chatty":
            return self.rng.choice(CHAT).format(said if roll < 0.5 else h.voices["full"]), ["chatty"]
        if source == "arenan" and roll < 0.3:
            return f"{said} | {h.place.name}", ["place"]
        if source == "portalen" and roll < 0.3 and h.organizer:
            return f"{h.organizer}: {said}", ["organizer"]
        if source == "kommunen" and roll < 0.1:
            return f"{said}, {h.place.town}", ["place"]
        return said, [voice] if voice != "full" else []

    def _when(self, h: Happening, source: str) -> tuple[When, list[str]]:
        start, noise, roll = h.start.replace(tzinfo=SWEDEN), list[str](), self.rng.random()
        if source in ("bladet", "radion") and roll < 0.3:
            return When(start.date()), ["day-only"]
        if source == "portalen":
            start, noise = start - timedelta(hours=1), ["hour-off"]
        if source == "arenan" and roll < 0.25:
            start, noise = start - timedelta(minutes=self.rng.choice([30, 60])), ["doors"]
        if source == "bygruppen" and roll < 0.1:
            start, noise = start + timedelta(minutes=15), ["rounded"]
        tells_end = (
            source in ("kommunen", "kyrkan", "biblioteken", "portalen") and h.minutes and self.rng.random() < 0.8
        )
        return When(start, start + timedelta(minutes=h.minutes) if tells_end else None), noise

    def _keep(self, event: str, source: str, h: Happening, title: str, when: When, noise: list[str]) -> None:
        number = len(self.listings) + 1
        record = f"{source}:{number}"
        ticket = f"https://arenan.example/kop/{event}" if h.ticketed and self.rng.random() < 0.4 else None
        page = f"https://{source}.example/{self._slug(h, source)}{number}"
        pages = {"arenan": f"https://arenan.example/kop/{event}", "bladet": "https://bladet.example/pa-gang"}
        stated = Stated(f"{number}@{source}.example", pages.get(source, page), str(when.start))
        listing = Listing(
            key=Key(source, str(number)), title=title, when=when, stated=stated, digest=record, location=self._where(h, source),
            organizer=h.organizer if self.rng.random() < 0.5 else None, description=self._text(h, source), url=pages.get(source, page),
            ticket_url=ticket, image=f"https://{source}.example/bild/{h.kind}.jpg" if self.rng.random() < 0.4 else None,
        )  # fmt: skip
        self.listings.append(StoredListing(id=number, listing=listing, first_seen=SEEN, changed=SEEN))
        self.clusters[record], self.noise[record] = event, noise

    def _slug(self, h: Happening, source: str) -> str:
        if source in ("kommunen", "visit"):
            return "-".join(h.voices["full"].lower().replace(":", "").split()[:4]) + "-"
        return "evenemang/"

    def _where(self, h: Happening, source: str) -> Location | None:
        place, roll = h.place, self.rng.random()
        town = place.town
        room = h.room if h.room and source in ("kommunen", "biblioteken", "kyrkan") else None
        geo = Geo(place.lat, place.lon) if source in ("visit", "portalen") and self.rng.random() < 0.6 else None
        if source in ("bladet", "radion"):
            return [None, Location(name=town), Location(name=place.name)][0 if roll < 0.15 else 1 if roll < 0.4 else 2]
        if source == "bygruppen" and roll < 0.4:
            return Location(name=place.street, locality=town)
        if place.short and roll < 0.35:
            return Location(name=place.short, locality=town if roll < 0.25 else None, room=room, geo=geo)
        if roll < 0.6:
            return Location(name=place.name, address=place.street, locality=town, room=room, geo=geo)
        return Location(name=f"{place.name}, {town}", room=room, geo=geo)

    def _text(self, h: Happening, source: str) -> str | None:
        if source in ("radion", "bladet") and self.rng.random() < 0.6:
            return None
        told = self.rng.sample(LINES, 2)
        if h.text and self.rng.random() < 0.5:
            told.insert(0, h.text)
        return " ".join(told)


def _cut(title: str) -> str:
    return title if len(title) <= 38 else title[:36].rsplit(" ", 1)[0] + " …"


def world(seed: int, rounds: int = 9) -> World:
    """The town in one year; equal seeds give equal worlds."""
    rng = random.Random(seed)
    telling = Telling(rng)
    for at, habit in enumerate(HABITS):
        weeks = rng.sample(range(0, 4 * rounds, 4), rounds)
        for number, week in enumerate(weeks):
            day = FIRST + timedelta(days=7 * week + (at * 3) % 7 + 7 * (at % 4))
            for happening in habit(rng, day):
                telling.all_of(happening, number * len(HABITS) + at)
    sources = {s: Source(id=s, name=s.capitalize(), path=f"{s}.ics", role=role) for s, role in ROLES.items()}
    truth = {"clusters": telling.clusters, "noise": telling.noise, "events": telling.events}
    records = {stored.id: stored.listing.digest for stored in telling.listings}
    known = tuple(place.known() for place in PLACES if place.registered)
    return World(f"forest-{seed}", SWEDEN, tuple(telling.listings), sources, known, records, truth)
