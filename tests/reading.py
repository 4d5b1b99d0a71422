"""What the reading tests share: a fixed context and the JSON form of a reading. No test in it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aggregator.model import Context, Listing, Reading, Source, Window

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)


def context(now: datetime = NOW, content_type: str = "text/calendar", **source: Any) -> Context:
    """A context whose window is 30 days back and 18 months ahead of `now`, in Stockholm."""
    told: dict[str, Any] = {"id": "kalla", "name": "Källan", "url": "https://exempel.se/kalender.ics"} | source
    return Context(
        source=Source(**told),
        url=told["url"],
        content_type=content_type,
        zone="Europe/Stockholm",
        language="sv",
        window=Window(now.date() - timedelta(days=30), now.date() + timedelta(days=548)),
        now=now,
    )


def listings(reading: Reading) -> list[Listing]:
    """All listings of a reading, in the order of their keys."""
    return sorted((one for chunk in reading.chunks for one in chunk.listings or ()), key=lambda one: str(one.key))


def told(reading: Reading) -> dict[str, Any]:
    """A reading as JSON: what the expectation files hold."""
    counts = sum((chunk.counts for chunk in reading.chunks), reading.counts)
    problems = [problem for chunk in reading.chunks for problem in chunk.problems]
    return {
        "counts": {"inside": counts.inside, "past": counts.past, "beyond": counts.beyond, "refused": counts.refused},
        "damaged": reading.damaged,
        "problems": sorted(problem.code for problem in (*reading.problems, *problems)),
        "listings": [_plain(listing) for listing in listings(reading)],
    }


def _plain(value: Any) -> Any:
    """Values that differ from their defaults; digests are left out, since no one can write them by hand."""
    if is_dataclass(value):
        members = {field.name: getattr(value, field.name) for field in fields(value) if field.name != "digest"}
        defaults = {field.name: field.default for field in fields(value)}
        return {name: _plain(member) for name, member in members.items() if member != defaults[name]}
    if isinstance(value, tuple):
        return [_plain(member) for member in value]
    if isinstance(value, datetime):
        return f"{value.isoformat()} {value.tzinfo}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, (bool, int, float)) or value is None else str(value)
