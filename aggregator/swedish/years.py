"""Which year is meant where none is told. The weekday decides; else what a reader of that day would think."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

EARLIEST, LATEST = timedelta(days=-300), timedelta(days=330)  # one date of each name lies between, two never far apart
JUST_PAST = timedelta(days=-30)  # a notice stays on a page for a while after its day
LONG_PAST = timedelta(days=-90)  # further back than this the next year is meant
YEARS_BACK, YEARS_AHEAD = 3, 6  # outside, a year is history or a slip


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, and what is doubtful about it ("weekday", "year"); "" where nothing is."""

    day: date
    doubt: str = ""


def told_year(year: int, today: date) -> int | None:
    """A told year, two digits included; None where it lies too far off to be an event's."""
    full = year + 2000 if year < 100 else year
    return full if today.year - YEARS_BACK <= full <= today.year + YEARS_AHEAD else None


def dated(day: int, month: int, year: int | None, weekday: int | None, today: date) -> Dated | None:
    """The date of a day and month. None for a date that never is, or a year that is out of reach."""
    if year is not None:
        full = told_year(year, today)
        found = valid(full, month, day) if full is not None else None
        if found is None:
            return None
        return Dated(found, "" if weekday in (None, found.weekday()) else "weekday")
    return by_rule(lambda y: valid(y, month, day), weekday, today, JUST_PAST)


def by_rule(rule: Callable[[int], date | None], weekday: int | None, today: date, past: timedelta) -> Dated | None:
    """The occurrence of a yearly day that is meant on `today`; `past` is how far back it may lie without doubt."""
    latest = LATEST if past == JUST_PAST else timedelta(days=364)
    years = (rule(today.year + shift) for shift in (-1, 0, 1))
    near = [day for day in years if day is not None and EARLIEST <= day - today <= latest]
    if not near:
        return None
    fits = [day for day in near if day.weekday() == weekday]
    if weekday is not None and fits:
        return Dated(min(fits, key=lambda day: abs(day - today)))
    found = _likely(near, today, past)
    return Dated(found.day, "weekday") if weekday is not None else found


def _likely(near: list[date], today: date, past: timedelta) -> Dated:
    sure = [day for day in near if day - today >= past]
    unsure = [day for day in near if LONG_PAST <= day - today < past] if past == JUST_PAST else []
    if unsure:
        return Dated(unsure[0], "year")
    return Dated(min(sure)) if sure else Dated(max(near))


def valid(year: int, month: int, day: int) -> date | None:
    """The date, or None where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None
