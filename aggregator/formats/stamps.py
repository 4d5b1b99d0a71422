"""Machine-written dates and times (ISO 8601 as producers really write it) → values. Prose is `swedish`' business."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone

LONGEST = 100  # characters; a longer value is no time (A32)

_ISO = re.compile(
    r"\s*(\d{4})-?(\d{2})-?(\d{2})"
    r"(?:[T ]\s*(\d{1,2})[:.]?(\d{2})(?:[:.]?(\d{2})(?:[.,]\d+|:00)?)?"
    r"\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?)?(?:\[[\w/+-]+\])?\s*\Z",
    re.I,
)
_HOUR = re.compile(r"\s*(?:T)?(\d{1,2})[:.](\d{2})(?::(\d{2}))?(?:[.,]\d+)?(?:Z|[+-]\d{2}:?\d{2})?\s*\Z")
# What WordPress plugins write: "2026-4-18T18:0:00+02:00" (Modern Events Calendar), "2026-4-18T18-00-00-00" (EventON).
_LOOSE = re.compile(
    r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?:T(\d{1,2})[:-](\d{1,2})(?:[:-](\d{1,2})(?:-00)?)?)?\s*(Z|[+-]\d{1,2}:?\d{2})?\s*\Z"
)
# A date as mail (RFC 5322) and JavaScript write it: the month is a word, so that nothing can be mistaken.
_WORDED = re.compile(
    r"\s*(?:[A-Z][a-z]{2,8},?\s+)?(?:(\d{1,2})\s+([A-Z][a-z]{2})[a-z]*|([A-Z][a-z]{2})[a-z]*\s+(\d{1,2})),?\s+(\d{4})"
    r"\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(?:GMT|UTC)?\s*([+-]\d{2}:?\d{2}|(?<=GMT)|(?<=UTC))?\s*(?:\([^)]*\))?\s*\Z"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPAN = re.compile(r"P(?:(\d{1,4})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:\d+S)?)?\Z", re.I)


def moment(value: object) -> datetime | date | None:
    """A date, a naive (floating) time or an aware one; None for anything that is none of them (A31).

    24:00 is the midnight after (ISO 8601 4.2.3). Numbers, lists and objects are no times: nobody says their unit.
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    found = _ISO.match(value) or _LOOSE.match(value)
    if found is None:
        return _worded(value)
    year, month, day, hour, minute, second, zone = found.groups()
    try:
        told = date(int(year), int(month), int(day))
        if hour is None:
            return told
        next_day = int(hour) == 24 and int(minute) == 0
        clock = time(0 if next_day else int(hour), int(minute), min(int(second or 0), 59))
        return datetime.combine(told + timedelta(days=next_day), clock, _offset(zone))
    except (ValueError, OverflowError):
        return None


def _worded(value: str) -> datetime | None:
    found = _WORDED.match(value)
    if found is None:
        return None
    before, named, first, behind, year, hour, minute, second, zone = found.groups()
    month = named or first
    if month not in _MONTHS:
        return None
    zone = "Z" if zone == "" else zone
    try:
        day = date(int(year), _MONTHS.index(month) + 1, int(before or behind))
        return datetime.combine(day, time(int(hour), int(minute), min(int(second or 0), 59)), _offset(zone))
    except (ValueError, OverflowError):
        return None


def clock(value: object) -> time | None:
    """A time of day, "18:30" or "18.30"; any offset is dropped."""
    found = _HOUR.match(value) if isinstance(value, str) and len(value) <= LONGEST else None
    try:
        return time(int(found.group(1)), int(found.group(2))) if found else None
    except ValueError:
        return None


def length(value: object) -> timedelta | None:
    """An ISO 8601 duration of days, hours and minutes, longer than nothing."""
    found = _SPAN.match(value.strip()) if isinstance(value, str) and len(value) <= LONGEST else None
    if found is None:
        return None
    days, hours, minutes = (int(part or 0) for part in found.groups())
    return timedelta(days=days, hours=hours, minutes=minutes) or None


def whole_days(start: datetime | date, end: datetime | date | None) -> tuple[datetime | date, datetime | date | None]:
    """Midnight to midnight (or to 23.59) told as times means days; so does a midnight with no end.

    The end that comes back is the *last* day. Everything else comes back as it was.
    """
    if not isinstance(start, datetime) or (start.hour, start.minute) != (0, 0):
        return start, end
    if end is None or not isinstance(end, datetime):
        return start.date(), end
    if (end.hour, end.minute) == (23, 59):
        return start.date(), end.date()
    if (end.hour, end.minute) == (0, 0) and end.date() >= start.date():
        last = end.date() - timedelta(days=1) if end.date() > start.date() else end.date()
        return start.date(), last
    return start, end


def _offset(zone: str | None) -> timezone | None:
    if not zone:
        return None
    if zone.upper() in {"Z", "UTC"}:
        return UTC
    sign = -1 if zone[0] == "-" else 1
    hours, _, minutes = zone[1:].partition(":") if ":" in zone else (zone[1:3], "", zone[3:])
    return timezone(sign * timedelta(hours=int(hours), minutes=int(minutes or 0)))
