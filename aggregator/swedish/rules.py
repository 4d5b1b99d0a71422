"""Days and weekly rules as a text tells them. Values only; `days` reads them, `told` reckons with them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

Span = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Weekly:
    """A rule: weekdays (Monday is 0) every `every` weeks, on ISO weeks of a `parity`, or the `nth` of each month.

    `without` are spans of days on which it rests.
    """

    days: tuple[int, ...]
    every: int = 1
    parity: int | None = None
    nth: int | None = None
    first: date | None = None
    until: date | None = None
    without: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """Days as told. `kind`: dates, week, months, named, weekday, weekly, until, or opening (the hours of a house)."""

    spans: tuple[Span, ...] = ()
    sure: bool = True
    relative: bool = False
    doubts: tuple[str, ...] = ()
    weekly: Weekly | None = None
    kind: str = "dates"
    at: int = 0
