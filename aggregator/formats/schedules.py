"""schema.org Schedule (https://schema.org/Schedule) → the times of its occurrences inside the window. Pure.

Read: startDate, endDate, startTime, endTime, duration, repeatFrequency, repeatCount, byDay, exceptDate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from aggregator.formats.stamps import clock, length, moment
from aggregator.model import Context, Problem

MOST = 600  # occurrences of one schedule inside the window (A02)
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCY = re.compile(r"P(\d{1,3})([DWMY])\Z", re.I)
_NAMED = {
    "daily": (1, "D"),
    "weekly": (1, "W"),
    "biweekly": (2, "W"),
    "monthly": (1, "M"),
    "yearly": (1, "Y"),
    "annually": (1, "Y"),
}

Span = tuple[datetime | date, datetime | date | None]


def occurrences(node: Mapping[str, Any], context: Context) -> tuple[list[Span], list[Problem], bool]:
    """The occurrences that lie in the window, what was refused, and whether the schedule goes on beyond it."""
    stated = node.get("eventSchedule")
    spans: list[Span] = []
    problems: list[Problem] = []
    moving = False
    for schedule in stated if isinstance(stated, list) else [stated]:
        if not isinstance(schedule, Mapping):
            continue
        first = moment(schedule.get("startDate") or node.get("startDate"))
        if first is None:
            problems.append(Problem("bad-rule", str(node.get("name") or "")[:80], "eventSchedule", refused=False))
            continue
        last = moment(schedule.get("endDate"))
        moving = moving or last is None or _day(last) > context.window.last
        spans += [_span(schedule, day, first) for day in _days(schedule, _day(first), last and _day(last), context)]
    return spans, problems, moving


def _day(value: datetime | date) -> date:
    return value.date() if isinstance(value, datetime) else value


def _days(schedule: Mapping[str, Any], first: date, last: date | None, context: Context) -> list[date]:
    excepted = {_day(found) for entry in _listed(schedule.get("exceptDate")) if (found := moment(entry))}
    end = min(last or context.window.last, context.window.last)
    try:
        count = int(schedule.get("repeatCount") or 0) or None
    except (TypeError, ValueError):
        count = None
    days = islice(_rule(schedule, first, end), count)
    return [day for day in islice((d for d in days if d >= context.window.first), MOST) if day not in excepted]


def _rule(schedule: Mapping[str, Any], first: date, end: date) -> Iterator[date]:
    step, unit = _frequency(schedule.get("repeatFrequency"))
    weekdays = _weekdays(schedule.get("byDay"))
    if unit in "MY":
        yield from _monthly(first, end, step * (12 if unit == "Y" else 1))
        return
    day, monday = first, first - timedelta(days=first.weekday())
    while day <= end:
        if unit == "D" and (day - first).days % step == 0 and (not weekdays or day.weekday() in weekdays):
            yield day
        if unit == "W" and ((day - monday).days // 7) % step == 0 and day.weekday() in (weekdays or {first.weekday()}):
            yield day
        day += timedelta(days=1)


def _monthly(first: date, end: date, step: int) -> Iterator[date]:
    months = first.year * 12 + first.month - 1
    while True:
        try:
            day = date(months // 12, months % 12 + 1, first.day)
        except ValueError:  # the month has no such day: RFC 5545 3.3.10 leaves it out
            day = None
        if day is not None:
            if day > end:
                return
            yield day
        months += step
        if months > end.year * 12 + end.month:
            return


def _frequency(value: object) -> tuple[int, str]:
    word = str(value or "weekly").rsplit("/", 1)[-1].strip()
    found = _FREQUENCY.match(word)
    if found:
        return max(int(found.group(1)), 1), found.group(2).upper()
    return _NAMED.get(word.casefold(), (1, "W"))


def _weekdays(value: object) -> set[int]:
    words = [
        str(entry.get("@id") if isinstance(entry, Mapping) else entry).rsplit("/", 1)[-1] for entry in _listed(value)
    ]
    found = {_DAYS.index(word.casefold()) for word in words if word.casefold() in _DAYS}
    return found | {_SHORT.index(word.upper()[-2:]) for word in words if len(word) <= 4 and word.upper()[-2:] in _SHORT}


def _span(schedule: Mapping[str, Any], day: date, first: datetime | date) -> Span:
    start = clock(schedule.get("startTime")) or (first.time() if isinstance(first, datetime) else None)
    if start is None:
        return day, None
    zone = first.tzinfo if isinstance(first, datetime) else None
    begins = datetime.combine(day, start, zone)
    return begins, _ends(schedule, begins)


def _ends(schedule: Mapping[str, Any], begins: datetime) -> datetime | None:
    until: time | None = clock(schedule.get("endTime"))
    if until is not None:
        ends = datetime.combine(begins.date(), until, begins.tzinfo)
        return ends if ends > begins else ends + timedelta(days=1)
    lasting = length(schedule.get("duration"))
    return begins + lasting if lasting else None


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]
