"""The last days of a source as a small picture: a bar a day. Geometry only; the words for it are beside it on the page.

How a day went is told by the shape, not the colour alone: a day that was read stands on the line, as high as the source
had events; one that failed hangs below it; one that waited for staff is hollow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from aggregator.store.store import Visits

DAYS = 30  # as long as the history is kept
STATES = (
    "read",
    "held",
    "failed",
    "none",
)  # the worst of a day; a failure in between that was followed by an answer is none
_OUTCOMES = {"read": "read", "unchanged": "read", "held": "held", "failed": "failed"}
WIDTH, GAP, ABOVE, BELOW = 8, 2, 36, 12  # of a bar, between two, and the heights on both sides of the line


@dataclass(frozen=True, slots=True)
class Day:
    """A day: how it went, and the most events that the source had then."""

    day: date
    state: str
    events: int = 0


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the picture."""

    state: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; `line` is the height on which the days stand."""

    width: int
    height: int
    line: int
    bars: Sequence[Bar]
    bar: int = WIDTH


def days(visits: Sequence[Visits], today: date) -> list[Day]:
    """The last days in order; one without a visit is "none"."""
    found: dict[date, list[Visits]] = {}
    for one in visits:
        found.setdefault(one.day, []).append(one)
    first = today - timedelta(days=DAYS - 1)
    return [_day(first + timedelta(days=n), found.get(first + timedelta(days=n), [])) for n in range(DAYS)]


def picture(told: Sequence[Day]) -> Picture:
    """The days as bars, the highest as high as there is room."""
    most = max((day.events for day in told), default=0) or 1
    bars = [_bar(n, day, most) for n, day in enumerate(told) if day.state != "none"]
    return Picture(len(told) * (WIDTH + GAP), ABOVE + BELOW, ABOVE, bars)


def _day(day: date, visits: Sequence[Visits]) -> Day:
    states = {_OUTCOMES.get(one.outcome, "failed") for one in visits}
    state = "held" if "held" in states else "read" if "read" in states else "failed" if states else "none"
    return Day(day, state, max((one.events for one in visits), default=0))


def _bar(n: int, day: Day, most: int) -> Bar:
    if day.state == "failed":
        return Bar(day.state, n * (WIDTH + GAP), ABOVE, BELOW)
    height = max(3, round(ABOVE * day.events / most))
    return Bar(day.state, n * (WIDTH + GAP), ABOVE - height, height)
