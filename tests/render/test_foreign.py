"""Our feeds read by programs of others in another language: equal titles, times and places."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from aggregator.model import Event
from aggregator.render import FORMATS, joined
from aggregator.render.prose import location_or_online
from aggregator.render.view import address, place_line, published, title
from tests.machine import NODE_FOLDER, node
from tests.render.worlds import ZONE, event, events, feed, golden, view


def written(extension: str, told: list[Event]) -> bytes:
    form = FORMATS[extension]
    return joined(form, feed(f"/events.{extension}"), [form.item(e, view()) for e in told]).encode()


def read(script: str, body: bytes) -> Any:
    return json.loads(node(NODE_FOLDER / script, stdin=body))


def moment(value: Any) -> Any:
    """A day as text, an instant in seconds."""
    return value.timestamp() if isinstance(value, datetime) else str(value)


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(st.lists(events(), min_size=30, max_size=60, unique_by=lambda e: e.id))
def test_ical_js_and_icalendar_read_alike(told: list[Event]) -> None:
    _same_calendar(told)


def test_ical_js_and_icalendar_read_every_golden_case_alike() -> None:
    _same_calendar(list(golden().values()))


def _same_calendar(told: list[Event]) -> None:
    body = written("ics", told)
    theirs = {e["uid"]: e for e in read("ical.mjs", body)}
    ours: dict[str, Any] = {str(e["UID"]): e for e in Calendar.from_ical(body).walk("VEVENT")}
    assert set(theirs) == set(ours) == {e.id for e in told}
    for id, component in ours.items():
        found = theirs[id]
        assert found["summary"] == str(component["SUMMARY"])
        assert found["location"] == str(component.get("LOCATION", ""))
        assert found["start"] == moment(component["DTSTART"].dt)
        assert found["end"] == (moment(component["DTEND"].dt) if "DTEND" in component else None)


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_rss_parser_reads_every_golden_case(extension: str) -> None:
    told = list(golden().values())
    for found, one in zip(read("feed.mjs", written(extension, told)), told, strict=True):
        assert found["title"] == title(one.content, "sv")
        assert found["id"].endswith(one.id)
        assert found["link"] == address(one, view())
        assert found["start"] == published(one.content, ZONE).start.isoformat()
        assert found["place"] == (location_or_online(one.content, place_line(one.content), "sv") or "")


def test_A19_foreign_readers_count_the_same_events() -> None:
    signs = "\x0b\x0c\x1c\x85\u2028\u2029"
    told = [event(n, title=f"A{sign}B", description=f"c{sign}d") for n, sign in enumerate(signs)]
    assert [e["summary"] for e in read("ical.mjs", written("ics", told))] == ["AB"] * len(signs)
    assert [item["title"] for item in read("feed.mjs", written("rss", told))] == ["AB"] * len(signs)
