"""Feeds of a made-up town, for the benchmarks: the same bytes for the same sizes, on every machine.

A third of what happens is told by two or three of the feeds, each in its own words. It measures nothing.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
DAYS = 500  # over which the events lie, from tomorrow on
SHARED = 1 / 3  # of the happenings are told by several feeds
STEMS, ENDS, KINDS, HOUSES, QUARTERS, WORDS = (
    line.split()
    for line in (
        "björk ek lind alm lönn ask hassel rönn gran tall sjö berg dal äng strand holm näs vik fors bro kvarn lund",
        "gren blad kvist stam löv topp vind regn sol måne stjärna våg klang ton sång dans saga dröm låga skugga",
        "Konsert Jazzkväll Körkonsert Sagostund Teater Föreläsning Vernissage Quizkväll Loppmarknad Stadsvandring "
        "Bokcirkel Stickcafé Poesiafton Dansbandskväll Språkcafé Schackturnering Filmvisning Författarbesök Familjedag",
        "biblioteket kyrkan ladan teatern skolan museet hallen torget parken slottet kaféet konsthallen",
        "Norra Södra Östra Västra Gamla",
        "vi välkomnar alla till en kväll med musik berättelser och gemenskap i lokalen där det bjuds på kaffe under "
        "pausen ingen föranmälan krävs och dörrarna öppnas en stund före programmet som passar både stora och små",
    )
)


@dataclass(frozen=True)
class Happening:
    """What takes place, before anybody tells it."""

    title: str
    start: datetime
    hours: int
    place: str
    text: str


def write(folder: Path, feeds: int, events: int) -> None:
    """A town's folder: the feeds as files, and the `sources.yaml` that names them."""
    sources = []
    for number, body in enumerate(bodies(feeds, events)):
        (folder / f"f{number:03}.ics").write_bytes(body)
        sources.append(f"  - {{id: f{number:03}, name: Kalender {number}, path: f{number:03}.ics}}")
    head = "calendar:\n  name: Evenemang i Byn\nsources:\n"
    (folder / "sources.yaml").write_text(head + "\n".join(sources) + "\n")


def bodies(feeds: int, events: int) -> Iterator[bytes]:
    """Each feed's bytes."""
    dice = random.Random(f"{feeds} feeds of {events}")
    told: list[list[Happening]] = [[] for _ in range(feeds)]
    room = dict.fromkeys(range(feeds), events)
    while room:
        tellers = min(dice.choice((2, 3)) if dice.random() < SHARED else 1, len(room))
        happening = _happening(dice)
        for number in dice.sample(sorted(room), tellers):
            told[number].append(happening)
            room[number] -= 1
            if not room[number]:
                del room[number]
    for number, happenings in enumerate(told):
        yield calendar(component(number, at, happening) for at, happening in enumerate(happenings))


def calendar(components: Iterator[str]) -> bytes:
    """A whole file."""
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Byn//SV\r\n{''.join(components)}END:VCALENDAR\r\n".encode()


def component(feed: int, at: int, happening: Happening) -> str:
    """One event as one feed tells it: some shout, some name the place in the title, all have their own words."""
    title = (happening.title, f"{happening.title} på {happening.place.split()[1]}", happening.title.upper())[feed % 3]
    end = happening.start + timedelta(hours=happening.hours)
    return (
        f"BEGIN:VEVENT\r\nUID:{feed}-{at}@kalender{feed}.example\r\nDTSTAMP:20270101T000000Z\r\n"
        f"DTSTART;TZID=Europe/Stockholm:{happening.start:%Y%m%dT%H%M%S}\r\n"
        f"DTEND;TZID=Europe/Stockholm:{end:%Y%m%dT%H%M%S}\r\nSUMMARY:{title}\r\n"
        f"DESCRIPTION:{happening.text[:60]}\r\n {happening.text[60:]}\r\nLOCATION:{happening.place}\\, Byn\r\n"
        f"URL:https://kalender{feed}.example/evenemang/{at}\r\nEND:VEVENT\r\n"
    )


def _happening(dice: random.Random) -> Happening:
    name = f"{dice.choice(STEMS)}{dice.choice(ENDS)}".capitalize()
    other = f"{dice.choice(STEMS)}{dice.choice(ENDS)}".capitalize()
    title = f"{dice.choice(KINDS)} med {name} och {other}" if dice.random() < 0.8 else dice.choice(KINDS)
    start = datetime(2027, 1, 11) + timedelta(days=dice.randrange(DAYS), hours=dice.randrange(9, 21))  # noqa: DTZ001
    start += timedelta(minutes=dice.choice((0, 0, 0, 30)))
    place = f"{dice.choice(QUARTERS)} {dice.choice(HOUSES)}"
    return Happening(title, start, dice.choice((1, 2, 3)), place, " ".join(dice.choices(WORDS, k=24)))
