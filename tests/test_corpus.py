"""Every real calendar of the shared corpus is read: nothing raises, every component is counted, pages are named."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
from icalendar import Calendar, Component

from aggregator.errors import ReadError
from aggregator.formats import contentlines, ical, read_answer
from aggregator.formats.format import Piece
from aggregator.formats.salvage import salvage
from aggregator.model import Context, Reading
from tests.reading import context

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
ZONE = ZoneInfo("Europe/Stockholm")

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not CORPUS.is_dir(), reason="the shared corpus is not beside the project"),
]


def entries(*kinds: str) -> list[dict[str, Any]]:
    manifest = CORPUS / "manifest.json"
    found = json.loads(manifest.read_text()) if manifest.is_file() else []
    return [entry for entry in found if entry["kind"] in kinds]


def body(entry: dict[str, Any]) -> bytes:
    path: str = entry["file"]
    return (CORPUS / path).read_bytes()


def counted(reading: Reading) -> int:
    return sum((chunk.counts for chunk in reading.chunks), reading.counts).read


def test_every_calendar_in_use_is_read_and_every_component_counted() -> None:
    wrong = []
    for entry in entries("ics", "ics-sv"):
        try:
            reading = read_answer(body(entry), context(), {})
        except ReadError as error:
            if entry["events"] or error.code not in ("refused-by-site", "html-page", "error-page", "login-page"):
                wrong.append((entry["file"], error.code))
            continue
        if counted(reading) != entry["events"]:
            wrong.append((entry["file"], f"{counted(reading)} of {entry['events']}"))
    assert wrong == []


def test_every_calendar_of_the_libraries_is_read_or_named() -> None:
    codes: Counter[str] = Counter()
    for entry in entries("ics-lib", "ics-dup-source"):
        try:
            read_answer(body(entry), context(), {})
        except ReadError as error:
            codes[error.code] += 1
            assert not entry["events"], entry["file"]
    assert sum(codes.values()) < 30


def test_calendars_with_a_broken_property_are_whole() -> None:
    """X-PUBLISHED-TTL:P15M is no duration; the library loses all events for it."""
    broken = [entry for entry in entries("ics", "ics-sv") if "P15M" in (entry["error"] or "")]
    assert len(broken) >= 5
    assert not any(read_answer(body(entry), context(), {}).damaged for entry in broken)


def test_second_reading_parses_nothing() -> None:
    for entry in entries("ics-sv"):
        first = read_answer(body(entry), context(), {})
        again = read_answer(body(entry), context(), {chunk.key: chunk.hash for chunk in first.chunks})
        assert all(chunk.listings is None for chunk in again.chunks)


def test_series_in_use_have_the_dates_that_the_reference_gives() -> None:
    checked = 0
    for entry in entries("ics", "ics-sv", "ics-dup-source"):
        for piece in _series(body(entry)):
            assert _ours(piece, context()) == _theirs(piece, context()), (entry["file"], piece.key)
            checked += 1
    assert checked > 900


def test_plain_properties_are_read_as_the_library_reads_them() -> None:
    """Our content lines against icalendar's, on every file that it can read; it loses characters that a fold cuts."""
    different = []
    for entry in entries("ics", "ics-sv"):
        try:
            theirs = [event for one in Calendar.from_ical(body(entry), multiple=True) for event in one.walk("VEVENT")]
        except Exception:  # noqa: S112 - it gives up on files that we read
            continue
        salvaged = salvage(contentlines.unfold(body(entry)))
        ours = [event for one in salvaged.calendars for event in one.events]
        assert len(ours) == len(theirs)
        pairs = zip(ours, theirs, strict=True)
        different += [entry["file"] for mine, other in pairs if not _alike(_texts(mine), _library_texts(other))]
    assert different == []


NAMES = ("UID", "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "URL")


def _texts(event: bytes) -> dict[str, str]:
    found = contentlines.properties(event.decode(errors="replace").split("\n"))
    return {name: _bare(found[name][0].text) for name in NAMES if name in found}


def _library_texts(event: Component) -> dict[str, str]:
    values = {name: event[name] for name in NAMES if name in event}
    return {name: _bare(str(value[0] if isinstance(value, list) else value)) for name, value in values.items()}


def _alike(ours: dict[str, str], theirs: dict[str, str]) -> bool:
    lost = {name for name, value in theirs.items() if "\ufffd" in value and "\ufffd" not in ours.get(name, "")}
    return {name: ours[name] for name in ours.keys() - lost} == {name: theirs[name] for name in theirs.keys() - lost}


def _bare(value: str) -> str:
    return " ".join(value.replace("\r", "").split())


def _series(answer: bytes) -> list[Piece]:
    try:
        pieces = ical.split(answer, context()).pieces
    except ReadError:
        return []
    events = [(piece, piece.raw.partition(b"BEGIN:VEVENT")[2]) for piece in pieces]
    return [piece for piece, lines in events if b"RRULE" in lines or b"RECURRENCE-ID" in lines or b"RDATE" in lines]


def _ours(piece: Piece, ctx: Context) -> Counter[date]:
    first, last = _span(ctx)
    drafts = [draft for item in ical.read(piece.raw, ctx).items for draft in item.drafts]
    return Counter(
        _instant(draft.start)
        for draft in drafts
        if draft.start is not None and _touches(draft.start, draft.end or draft.start, first, last)
    )


def _theirs(piece: Piece, ctx: Context) -> Counter[date]:
    first, last = _span(ctx)
    found = recurring_ical_events.of(Calendar.from_ical(piece.raw)).between(first, last)
    return Counter(_instant(component["DTSTART"].dt) for component in found)


def _touches(start: date, end: date, first: datetime, last: datetime) -> bool:
    if isinstance(start, datetime) and isinstance(end, datetime):
        return start < last and (end > first or start == end >= first)
    return start < last.date() and (end > first.date() or start == end == first.date())


def _span(ctx: Context) -> tuple[datetime, datetime]:
    after = ctx.window.last + timedelta(days=1)
    return datetime.combine(ctx.window.first, time(), ZONE), datetime.combine(after, time(), ZONE)


def _instant(value: date) -> date:
    if not isinstance(value, datetime):
        return value
    return (value if value.tzinfo else value.replace(tzinfo=ZONE)).astimezone(UTC)
