"""Events for tests of rendering and serving: made by hand for each case, and made at random by Hypothesis."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from aggregator.model import Content, Event, Geo, Location, Picture, Price, Status, When
from aggregator.render.view import Feed, View

ZONE = ZoneInfo("Europe/Stockholm")
BASE = "https://kalender.example"
TOLD = datetime(2027, 1, 2, 9, 30, tzinfo=UTC)
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def local(text: str, *, fold: int = 0) -> datetime:
    """ "2027-01-16 18:30" in the calendar's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE, fold=fold)


def event_id(number: int) -> str:
    """An id of the right form for the n-th event of a test."""
    digits = ""
    for _ in range(8):
        number, digit = divmod(number, 32)
        digits = _ALPHABET[digit] + digits
    return "01KDQH4X8E" + "EVENTS01" + digits


def event(number: int = 1, /, *, told: datetime = TOLD, series: str | None = None, **content: Any) -> Event:
    """One event; keywords are those of `Content`, and `version`, `sequence`, `moved_from`, `picture` … of `Event`."""
    own: dict[str, Any] = {
        key: content.pop(key)
        for key in ("sequence", "moved_from", "withdrawn", "reason", "provenance", "conflicts", "picture")
        if key in content
    }
    own["version"] = content.pop("version", 1)
    filled: dict[str, Any] = {
        "title": "Sagostund",
        "when": When(local("2027-01-16 18:30"), local("2027-01-16 20:30")),
    } | content
    return Event(
        id=event_id(number), content=Content(**filled), created=told, changed=told, told=told, series=series, **own
    )


def view(**changes: Any) -> View:
    """The view of the tests' calendar, in Swedish unless told."""
    return replace(View(BASE, ZONE, names={"biblioteket": "Staffanstorps bibliotek"}), **changes)


def feed(path: str = "/events.ics", **changes: Any) -> Feed:
    """What stands around the tests' events."""
    plain = Feed(
        name="Evenemang i Staffanstorp",
        description="Allt som händer, samlat",
        address=BASE + path,
        page=BASE + "/",
        language="sv",
        zone=ZONE,
        changed=TOLD,
    )
    return replace(plain, **changes)


def golden() -> dict[str, Event]:
    """The cases that every format has a file for, by name."""
    hall = Location(
        name="Staffanstorps rådhus",
        room="Stora salen",
        address="Torget 1",
        locality="Staffanstorp",
        geo=Geo(55.6426, 13.2064),
        place="radhuset",
    )
    cases: dict[str, dict[str, Any]] = {
        "timed": {"location": hall, "price": Price(free=True), "categories": ("barn", "bibliotek"), "age": (3, 6)},
        "all-day": {"title": "Nationaldagen", "when": When(date(2027, 6, 6))},
        "multi-day": {"title": "Sommarmarknad", "when": When(date(2027, 7, 2), date(2027, 7, 4))},
        "over-midnight": {
            "title": "Nattöppet",
            "when": When(local("2027-01-16 21:00"), local("2027-01-17 02:00")),
        },
        "spring-night": {"title": "Fågelskådning", "when": When(local("2027-03-28 01:30"), local("2027-03-28 03:30"))},
        "autumn-night": {
            "title": "Stjärnskådning",
            "when": When(local("2027-10-31 02:30"), local("2027-10-31 02:30", fold=1)),
        },
        "cancelled": {"title": "Konsert", "status": Status.CANCELLED, "sequence": 2},
        "moved": {
            "title": "Föreläsning",
            "status": Status.MOVED,
            "sequence": 1,
            "moved_from": When(local("2027-01-15 18:30"), local("2027-01-15 20:30")),
            "previous_start": local("2027-01-15 18:30"),
        },
        "online": {
            "title": "Bokprat på nätet",
            "location": Location(online="https://mote.example/rum?x=1"),
            "status": Status.MOVED_ONLINE,
        },
        "no-end": {"title": "Torgmöte", "when": When(local("2027-02-01 12:00"))},
        "emoji": {"title": "Familjedag 👨‍👩‍👧‍👦🏳️‍🌈 " + "👩🏽‍🚀" * 12, "description": "🎪" * 60},
        "long-title": {"title": ("Ett ovanligt långt namn på en föreläsning " * 5)[:200].strip()},
        "run": {
            "title": "Utställning: Slättens ljus",
            "when": When(date(2027, 1, 10), date(2027, 2, 28)),
            "ongoing": True,
            "hours": "10.00–17.00",
        },
        "markup": {
            "title": 'A & B <c> "d"; e, f\\g',
            "description": "Rad ett\nRad två; med, tecken \\n\n\nNytt stycke ]]> <b>inte fet</b>",
            "html": '<p>Rad <b>ett</b> &amp; <a href="https://a.example/?x=1&amp;y=2">länk</a></p>',
            "price": Price(low=Decimal("80"), high=Decimal("120.50"), currency="SEK"),
            "organizer": "Föreningen Öst & Väst",
            "url": "https://forening.example/?a=1&b=2",
            "sources": ("biblioteket", "kommunen"),
            "attribution": ("Församlingen (CC BY 4.0)",),
            "image": "https://forening.example/affisch.png",
            "picture": Picture("ab" * 16, 1200, 800, 480, 320),
        },
    }
    return {name: event(number, **case) for number, (name, case) in enumerate(cases.items(), 1)}


_text = st.text(
    st.characters(blacklist_categories=["Cs", "Cc", "Zl", "Zp", "Cn"]) | st.sampled_from("\\;,:\"'<>&åäö\n👩🏽‍🚀"),
    max_size=120,
)
_line = _text.map(lambda text: " ".join(text.split())).filter(bool)
_instants = st.integers(1_577_836_800, 2_051_222_400).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)  # 2020–2034


@st.composite
def times(draw: st.DrawFn) -> When:
    """Any time: days or instants, with and without end, also on the nights when the clocks change."""
    length = draw(st.none() | st.integers(1, 3 * 24 * 60))
    if draw(st.booleans()):
        first = draw(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
        return When(first, None if length is None else first + timedelta(days=length % 20))
    nights = st.sampled_from([datetime(2027, 3, 28, tzinfo=UTC), datetime(2027, 10, 31, tzinfo=UTC)])
    start = draw(_instants | nights.flatmap(lambda n: st.integers(0, 300).map(lambda m: n + timedelta(minutes=m))))
    return When(start, None if length is None else start + timedelta(minutes=length))


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Any event as the store may hold it."""
    where = st.builds(
        Location,
        name=st.none() | _line,
        address=st.none() | _line,
        locality=st.none() | _line,
        geo=st.none() | st.builds(Geo, st.floats(-90, 90), st.floats(-180, 180)),
    )
    content = Content(
        title=draw(_line),
        when=draw(times()),
        status=draw(st.sampled_from(Status)),
        location=draw(st.none() | where),
        description=draw(st.none() | _text),
        organizer=draw(st.none() | _line),
        categories=tuple(draw(st.lists(_line, max_size=3))),
        sources=("biblioteket",),
    )
    moments = sorted(draw(st.lists(_instants, min_size=3, max_size=3)))
    return Event(
        id=event_id(draw(st.integers(0, 10**6))),
        content=content,
        version=1,
        created=moments[0],
        told=moments[1],
        changed=moments[2],
        sequence=draw(st.integers(0, 50)),
    )
