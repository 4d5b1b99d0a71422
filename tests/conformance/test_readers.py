"""Whole feeds read by programs of others: every reader of every format sees the same titles, times and places."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import feedparser
import pytest
from hypothesis import Phase, given, settings
from icalendar import Calendar

from aggregator.compose import Program
from aggregator.model import Event
from aggregator.render.jsonld import stamp
from aggregator.render.view import published
from tests.conformance import bodies, graph
from tests.machine import NODE_FOLDER, node
from tests.render.worlds import ZONE, golden, view

WHOLE = "layer=all&dates=all&from=2026-11-23&days=60&limit=500"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a reader tells of an event: its title, its start (a day, or seconds), its place ("" if none)."""

    title: str
    start: str
    place: str


def seen(id: str, title: Any, start: Any, place: Any) -> tuple[str, Seen]:
    """Values of a reader in one form; times as ISO text or as the reader's own type."""
    if isinstance(start, str) and "T" in start:
        start = datetime.fromisoformat(start)
    moment = str(start.timestamp()) if isinstance(start, datetime) else str(start)
    return id.removeprefix("urn:evenemang:"), Seen(str(title), moment, str(place or ""))


def by_icalendar(body: bytes) -> dict[str, Seen]:
    found: Iterable[Any] = Calendar.from_ical(body).walk("VEVENT")
    return dict(seen(str(e["UID"]), e["SUMMARY"], e["DTSTART"].dt, e.get("LOCATION")) for e in found)


def by_ical_js(body: bytes) -> dict[str, Seen]:
    found = json.loads(node(NODE_FOLDER / "ical.mjs", stdin=body))
    starts = [str(float(e["start"])) if isinstance(e["start"], int) else e["start"] for e in found]
    return dict(seen(e["uid"], e["summary"], s, e["location"]) for e, s in zip(found, starts, strict=True))


def by_feedparser(body: bytes) -> dict[str, Seen]:
    parsed = feedparser.parse(io.BytesIO(body))
    assert not parsed.bozo
    return dict(seen(e.id, e.title, e.ev_startdate, e.get("ev_location")) for e in parsed.entries)


def by_rss_parser(body: bytes) -> dict[str, Seen]:
    found = json.loads(node(NODE_FOLDER / "feed.mjs", stdin=body))
    return dict(seen(e["id"], e["title"], e["start"], e["place"]) for e in found)


READERS: dict[str, tuple[str, Callable[[bytes], dict[str, Seen]]]] = {
    "ical.js": ("ics", by_ical_js),
    "feedparser reads RSS": ("rss", by_feedparser),
    "feedparser reads Atom": ("atom", by_feedparser),
    "rss-parser reads RSS": ("rss", by_rss_parser),
    "rss-parser reads Atom": ("atom", by_rss_parser),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
def test_every_reader_sees_in_the_example_town_what_icalendar_sees(example: Program, name: str) -> None:
    form, read = READERS[name]
    paths = [f"/events.ics?{WHOLE}", f"/events.{form}?{WHOLE}"]
    calendar, other = _two(example, paths)
    wanted = by_icalendar(calendar)
    assert len(wanted) > 50
    assert read(other) == wanted


@pytest.mark.slow
@pytest.mark.parametrize("name", READERS)
@settings(max_examples=3, deadline=None, phases=[Phase.generate])  # a node a try is too dear to shrink with
@given(bodies.feeds_of_events(least=10, most=20))
def test_every_reader_sees_in_any_events_what_icalendar_sees(name: str, made: list[Event]) -> None:
    form, read = READERS[name]
    wanted = by_icalendar(bodies.written("ics", made))
    if read is by_feedparser:
        wanted = {id: Seen(unmangled(one.title), one.start, unmangled(one.place)) for id, one in wanted.items()}
    assert read(bodies.written(form, made)) == wanted


def unmangled(text: str) -> str:
    """As feedparser reads letters that happen to be UTF-8 read as Latin-1; of real ones ours are mended at the door."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def meant(event: Event) -> graph.Told:
    """What a graph should tell of an event."""
    when, where = published(event.content, ZONE), event.content.location
    end = when.last_day(ZONE) if when.all_day else when.end
    name = ", ".join(part for part in (where.room, where.name) if part) if where else ""
    online = where.online if where and where.online and not (name or where.address) else ""
    return graph.Told(
        id=event.id,
        name=event.content.title,
        start=stamp(when.start, view()) or "",
        end=stamp(end, view()) or "",
        place=name or online or "",
    )


@settings(max_examples=25, deadline=None)
@given(bodies.feeds_of_events())
def test_json_ld_processor_sees_any_events(made: list[Event]) -> None:
    assert graph.events(bodies.written("jsonld", made)) == [meant(one) for one in made]


def test_json_ld_processor_sees_every_golden_case() -> None:
    made = list(golden().values())
    assert graph.events(bodies.written("jsonld", made)) == [meant(one) for one in made]


@pytest.mark.slow
def test_json_ld_processor_sees_in_the_example_town_what_icalendar_sees(example: Program) -> None:
    calendar, linked = _two(example, [f"/events.ics?{WHOLE}", f"/events.jsonld?{WHOLE}"])
    wanted, found = by_icalendar(calendar), graph.events(linked)
    assert {one.id for one in found} == set(wanted)
    for one in found:
        _, told = seen(one.id, one.name, one.start, one.place)
        assert wanted[one.id].title.endswith(told.title)  # what happened stands before the title, in JSON-LD apart
        assert wanted[one.id].start == told.start
        assert told.place.startswith("http") or told.place in wanted[one.id].place


def _two(example: Program, paths: list[str]) -> tuple[bytes, bytes]:
    found = bodies.served(example, paths)
    return found[paths[0]], found[paths[1]]
