"""When a draft is: zones, days and hours, ends, what is too far away or too long. It reads no text and no format."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Context, Draft, Problem, When

YEARS = 10  # around now; dates outside are mistakes (C11)
LONG = timedelta(days=366)  # told
TOO_LONG = timedelta(days=5 * 366)  # refused (A11, A12)


class TimeRefused(ValueError):
    """A time that is no event's; `problem` tells why."""

    def __init__(self, code: str, item: str, detail: str = "") -> None:
        self.problem = Problem(code, item, detail)
        super().__init__(f"{code}: {item} {detail}")


def when(draft: Draft, item: str, context: Context) -> tuple[When, list[Problem]]:
    """The time of a draft that has a start, and what is to be told of it; raises `TimeRefused`."""
    zone = ZoneInfo(context.zone)
    notes: list[Problem] = []
    assert draft.start is not None  # noqa: S101 - the caller looked
    _in_range(draft.start, draft.end, item, context)
    start, end = aware(draft.start, zone) or draft.start, aware(draft.end, zone)
    if draft.end is not None and end is None:
        notes.append(Problem("end-before-start", item, draft.end.isoformat(), refused=False))
    if end is not None and isinstance(start, datetime) != isinstance(end, datetime):
        notes.append(Problem("end-mixed", item, refused=False))
        end = None
    if end is not None:
        last = _last(start, end, draft.end_exclusive)
        if last is None and not _same(start, end):
            notes.append(Problem("end-before-start", item, end.isoformat(), refused=False))
        end = last
    found = _whole_days(When(start, end), zone, in_utc=(draft.stated_start or "").endswith("+00:00"))
    _not_endless(found, item, zone, notes)
    return found, notes


def aware(value: datetime | date | None, zone: ZoneInfo) -> datetime | date | None:
    """A floating time is read in the source's zone; a time the clock skips is shifted forward (C25).

    None for what no calendar can hold: the first and the last years of Python's.
    """
    if not isinstance(value, datetime):
        return value
    if not 1 < value.year < 9999:
        return None
    return value if value.tzinfo is not None else value.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _in_range(start: datetime | date, end: datetime | date | None, item: str, context: Context) -> None:
    """Refuses what is far away before any clock computes with it."""
    if abs(start.year - context.now.year) > YEARS:
        raise TimeRefused("out-of-range", item, start.isoformat()[:10])
    if end is not None and end.year - start.year > TOO_LONG.days // 365 + 1:
        raise TimeRefused("too-long", item, str(end.toordinal() - start.toordinal()))


def _last(start: datetime | date, end: datetime | date, exclusive: bool) -> datetime | date | None:
    """The end as `When` has it; None where it says nothing: not after the start (C10)."""
    if isinstance(start, datetime):
        return end if isinstance(end, datetime) and end > start else None
    if exclusive:
        end -= timedelta(days=1)
    return end if end > start else None


def _same(start: datetime | date, end: datetime | date | None) -> bool:
    """An end equal to the start, or one day of all-day, is no mistake but a habit of producers."""
    if end is None or isinstance(start, datetime):
        return end == start
    return end - start <= timedelta(days=1) and end >= start


def _whole_days(when: When, zone: ZoneInfo, *, in_utc: bool) -> When:
    """Midnight to midnight, or to 23.59, is a day and no hour: on the clock it is stated in, or on the local one.

    Only where the *stated span* covers whole days: producers without all-day events write it so, and nobody
    attends anything at these hours. A start at 00.00 alone stays a time; it may be New Year's.
    """
    if not isinstance(when.start, datetime) or not isinstance(when.end, datetime):
        return when
    for clock in (UTC, zone) if in_utc else (when.start.tzinfo,):
        start, end = when.start.astimezone(clock), when.end.astimezone(clock)
        if (start.hour, start.minute) != (0, 0):
            continue
        if (end.hour, end.minute) == (23, 59):
            return _days(start.date(), end.date())
        if (end.hour, end.minute) == (0, 0):
            return _days(start.date(), end.date() - timedelta(days=1))
    return when


def _days(first: date, last: date) -> When:
    return When(first, last if last > first else None)


def _not_endless(when: When, item: str, zone: ZoneInfo, notes: list[Problem]) -> None:
    length = when.last_day(zone) - when.first_day(zone)
    if length > TOO_LONG:
        raise TimeRefused("too-long", item, str(length.days))
    if length > LONG:
        notes.append(Problem("long", item, str(length.days), refused=False))
