"""VTIMEZONE of yearly rules for any zone of the tz database (RFC 5545 3.6.5). Pure but for the zone's own data.

Outlook and Apple read yearly rules; a list of onsets they mostly do not. The rules are those in force: the
calendar keeps some 18 months, so the law of former years is not told.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_PROBED = range(2024, 2052)  # 28 years: every weekday meets every day of the month, and today's law is in force
_EPOCH = 1970  # onsets begin here, so that every event lies after one
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_LAST = -1


@dataclass(frozen=True, slots=True)
class _Change:
    """One switch of the clocks: the local wall time at which it happens, read on the clock before it."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    daylight: bool


@lru_cache(maxsize=32)
def vtimezone(key: str) -> str:
    """The component for the zone named `key`, lines ended by CRLF. Raises ZoneInfoNotFoundError."""
    zone = ZoneInfo(key)
    years = [list(_changes(zone, year)) for year in _PROBED]
    parts = _fixed(zone) if not any(years) else _yearly(years)
    return "".join(["BEGIN:VTIMEZONE\r\n", f"TZID:{key}\r\n", *parts, "END:VTIMEZONE\r\n"])


def _changes(zone: ZoneInfo, year: int) -> Iterable[_Change]:
    """The switches within a year, found by halving the days on which the offset differs."""
    moment = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        after = moment + timedelta(days=1)
        if _offset(moment, zone) != _offset(after, zone):
            yield _change(_bisect(moment, after, zone), zone)
        moment = after


def _bisect(low: datetime, high: datetime, zone: ZoneInfo) -> datetime:
    """The first whole minute at which the offset is no longer the one at `low`."""
    former = _offset(low, zone)
    while (minutes := (high - low) // timedelta(minutes=1)) > 1:
        middle = low + timedelta(minutes=minutes // 2)
        low, high = (middle, high) if _offset(middle, zone) == former else (low, middle)
    return high


def _change(moment: datetime, zone: ZoneInfo) -> _Change:
    before, after = _offset(moment - timedelta(minutes=1), zone), _offset(moment, zone)
    # Summer time is what sets the clock on, also where the law calls it standard time (Ireland): clients read it so.
    name = moment.astimezone(zone).tzname() or ""
    return _Change((moment + before).replace(tzinfo=None), before, after, name, after > before)


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _fixed(zone: ZoneInfo) -> list[str]:
    moment = datetime(_PROBED.start, 1, 1, tzinfo=UTC).astimezone(zone)
    offset = _written(moment.utcoffset() or timedelta())
    return _observance("STANDARD", f"DTSTART:{_EPOCH}0101T000000\r\n", offset, offset, moment.tzname() or "")


def _yearly(years: list[list[_Change]]) -> list[str]:
    """One observance for each switch of the year, by a rule that holds in all years, else by its dates."""
    parts: list[str] = []
    groups: dict[tuple[str, bool, timedelta, timedelta, int], list[_Change]] = {}
    for change in (change for year in years for change in year):
        key = (change.name, change.daylight, change.before, change.after, change.onset.month)
        groups.setdefault(key, []).append(change)
    for (name, daylight, before, after, _), changes in sorted(groups.items(), key=lambda item: item[1][0].onset):
        kind = "DAYLIGHT" if daylight else "STANDARD"
        parts += _observance(kind, _recurrence(changes), _written(before), _written(after), name)
    return parts


def _recurrence(changes: list[_Change]) -> str:
    """DTSTART and RRULE where one rule fits every year, else DTSTART and RDATEs."""
    onsets = [change.onset for change in changes]
    nth = _nth(onsets)
    if nth is None or len(onsets) != len(_PROBED):
        stamps = [f"{onset:%Y%m%dT%H%M%S}" for onset in onsets]
        return f"DTSTART:{stamps[0]}\r\n" + "".join([f"RDATE:{stamp}\r\n" for stamp in stamps[1:]])
    first = datetime.combine(_day_of(nth, _EPOCH, onsets[0]), onsets[0].time())
    rule = f"RRULE:FREQ=YEARLY;BYMONTH={first.month};BYDAY={nth}{_DAYS[onsets[0].weekday()]}\r\n"
    return f"DTSTART:{first:%Y%m%dT%H%M%S}\r\n{rule}"


def _nth(onsets: list[datetime]) -> int | None:
    """Which weekday of its month: -1 for the last, 1…4 counted from its start; None if no one rule fits."""
    if len({(onset.weekday(), onset.month, onset.time()) for onset in onsets}) != 1:
        return None
    if all(onset.day + 7 > monthrange(onset.year, onset.month)[1] for onset in onsets):
        return _LAST
    counted = {(onset.day - 1) // 7 + 1 for onset in onsets}
    return counted.pop() if len(counted) == 1 else None


def _day_of(nth: int, year: int, like: datetime) -> date:
    days = [
        date(year, like.month, number)
        for number in range(1, monthrange(year, like.month)[1] + 1)
        if date(year, like.month, number).weekday() == like.weekday()
    ]
    return days[nth if nth == _LAST else nth - 1]


def _observance(kind: str, recurrence: str, before: str, after: str, name: str) -> list[str]:
    return [
        f"BEGIN:{kind}\r\n",
        recurrence,
        f"TZOFFSETFROM:{before}\r\n",
        f"TZOFFSETTO:{after}\r\n",
        f"TZNAME:{name}\r\n",
        f"END:{kind}\r\n",
    ]


def _written(offset: timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("+", seconds)
    return f"{sign}{seconds // 3600:02}{seconds % 3600 // 60:02}"
