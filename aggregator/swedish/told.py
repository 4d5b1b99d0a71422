"""What prose told about time, as values, and the occurrences of a told rule. No reading here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import When
from aggregator.swedish.holidays import nth_weekday
from aggregator.swedish.rules import Weekly

DAY = 24 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One time that a text tells.

    `when` is the first occurrence. `sure`: nothing is doubtful about it; `doubts` says what is ("weekday" contradicts
    the date, "year", "week" instead of a day, "fraction" or date, "date" is missing, "hour", "start", "rule" has no
    end). `relative`: it was counted from the day of reading. `weekly` repeats it; `daily` is the last day of hours
    that are told for each day of a span. `at` is the offset in the text.
    """

    when: When
    sure: bool = True
    doubts: tuple[str, ...] = ()
    relative: bool = False
    weekly: Weekly | None = None
    daily: date | None = None
    doors: datetime | None = None
    at: int = 0


def instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """A wall time; in the spring gap it moves forward, in the autumn fold it is the first (fault C25)."""
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def occurrences(told: Told, first: date, last: date, zone: ZoneInfo) -> tuple[When, ...]:
    """All occurrences that begin on a local day of [first, last]; a rule without an end goes on to `last`."""
    if told.weekly is None and told.daily is None:
        return (told.when,)
    start = told.when.first_day(zone)
    end = min(told.daily or (told.weekly.until if told.weekly else None) or last, last)
    days = [start + timedelta(days=n) for n in range((end - start).days + 1)]
    wanted = [day for day in days if day >= first and (told.weekly is None or falls(told.weekly, start, day))]
    return tuple(moved(told.when, day, zone) for day in wanted)


def falls(rule: Weekly, start: date, day: date) -> bool:
    """Whether the rule, counted from its first day, has an occurrence on `day`."""
    if day.weekday() not in rule.days or any(first <= day <= last for first, last in rule.without):
        return False
    if rule.nth is not None:
        return nth_weekday(day.year, day.month, day.weekday(), rule.nth) == day
    if rule.parity is not None:
        return day.isocalendar().week % 2 == rule.parity
    weeks = (day - timedelta(days=day.weekday()) - (start - timedelta(days=start.weekday()))).days // 7
    return weeks % rule.every == 0


def moved(when: When, day: date, zone: ZoneInfo) -> When:
    """The same hours on another day."""
    if not isinstance(when.start, datetime):
        return When(day)
    start = instant(day, when.start.hour * 60 + when.start.minute, zone)
    if not isinstance(when.end, datetime):
        return When(start)
    shift = (when.end.date() - when.start.date()).days
    return When(start, instant(day + timedelta(days=shift), when.end.hour * 60 + when.end.minute, zone))
