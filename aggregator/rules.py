"""One RRULE of RFC 5545 3.3.10: text → `Rule`, the gate that refuses hostile ones, and its dates in a span.

Our own walk over days, since the usual library loops for minutes over a rule that never matches and over a first
date long ago; a property test holds it to python-dateutil. Times are wall times: naive, in one zone that the
caller knows. Rules that repeat within a day are refused, so a walk never costs more than its days.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import product

MAX_COMBINATIONS = 400  # of all BY lists: a month list × a day list is 372; no honest rule has more
MAX_TIMES = 24  # a day
MAX_INTERVAL = 1000
MAX_DAYS = 70_000  # of one walk, some 190 years: bounds COUNT from a first date long ago

_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}
_NUMBERS = {
    "BYSECOND": (0, 59), "BYMINUTE": (0, 59), "BYHOUR": (0, 23), "BYMONTHDAY": (-31, 31), "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53), "BYMONTH": (1, 12), "BYSETPOS": (-366, 366),
}  # fmt: skip
_UNTIL = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_BYDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")


class RuleRefused(ValueError):
    """A rule that is not expanded; `code` is a key of `problems.SENTENCES`."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code}: {detail}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule that passed the gate. `until` is as stated: a date, a naive wall time, or UTC where `until_utc`."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: datetime | date | None = None
    until_utc: bool = False
    wkst: int = 0
    months: tuple[int, ...] = ()
    week_numbers: tuple[int, ...] = ()
    year_days: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    weekdays: tuple[tuple[int, int], ...] = ()  # (nth or 0, weekday)
    hours: tuple[int, ...] = ()
    minutes: tuple[int, ...] = ()
    seconds: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()


def parse(text: str) -> Rule:
    """The rule behind "FREQ=…;…". Raises `RuleRefused` before anything is expanded (faults A01 to A04)."""
    parts = dict(_part(piece) for piece in text.strip().strip(";").split(";") if piece.strip())
    freq = parts.get("FREQ", "")
    if freq in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise RuleRefused("rule-too-often", freq)
    if freq not in ("DAILY", "WEEKLY", "MONTHLY", "YEARLY"):
        raise RuleRefused("rule-unreadable", text[:100])
    lists = {name: _numbers(name, parts[name]) for name in _NUMBERS if name in parts}
    weekdays = _weekdays(parts.get("BYDAY", ""))
    _bounded([*(len(values) for values in lists.values()), len(weekdays)], lists)
    until, until_utc = _until(parts.get("UNTIL"))
    return Rule(
        freq=freq,
        interval=_whole("INTERVAL", parts.get("INTERVAL", "1"), MAX_INTERVAL),
        count=_count(parts.get("COUNT")),
        until=until,
        until_utc=until_utc,
        wkst=_WEEKDAYS.get(parts.get("WKST", "MO"), 0),
        months=lists.get("BYMONTH", ()),
        week_numbers=lists.get("BYWEEKNO", ()),
        year_days=lists.get("BYYEARDAY", ()),
        month_days=lists.get("BYMONTHDAY", ()),
        weekdays=weekdays,
        hours=lists.get("BYHOUR", ()),
        minutes=lists.get("BYMINUTE", ()),
        seconds=lists.get("BYSECOND", ()),
        positions=lists.get("BYSETPOS", ()),
    )


def between(rule: Rule, start: datetime, first: datetime, last: datetime, until: datetime | None) -> Iterator[datetime]:
    """Dates of the rule from `first` to `last`, both included, in order. All naive, in one wall clock.

    `start` is DTSTART (which RFC 5545 counts as a date of its own; the caller adds it), `until` the rule's end
    in the same wall clock. Ends for every rule, also one that never matches.
    """
    rule = _completed(rule, start)
    times = _times(rule, start)
    left = rule.count
    skip = first.date() if left is None else start.date()
    end = min(last, until) if until is not None else last
    for period in _periods(rule, start.date(), skip, end.date()):
        moments = [datetime.combine(day, clock) for day in period for clock in times]
        for moment in _chosen(moments, rule.positions):
            if moment < start:
                continue
            if moment > end or left == 0:
                return
            left = None if left is None else left - 1
            if moment >= first:
                yield moment


def _part(piece: str) -> tuple[str, str]:
    name, _, value = piece.partition("=")
    return name.strip().upper(), value.strip().upper()


def _numbers(name: str, text: str) -> tuple[int, ...]:
    low, high = _NUMBERS[name]
    values = sorted({_int(name, part, low, high) for part in text.split(",")})
    return tuple(value for value in values if value or name in ("BYSECOND", "BYMINUTE", "BYHOUR"))


def _int(name: str, text: str, low: int, high: int) -> int:
    if not re.fullmatch(r"[+-]?\d{1,6}", text.strip()) or not low <= int(text) <= high:
        raise RuleRefused("rule-unreadable", f"{name}={text[:40]}")
    return int(text)


def _whole(name: str, text: str, high: int) -> int:
    if not re.fullmatch(r"\d{1,6}", text) or not 1 <= int(text) <= high:
        raise RuleRefused("rule-interval", f"{name}={text[:40]}")
    return int(text)


def _count(text: str | None) -> int | None:
    """A huge COUNT is harmless: the walk ends with the window (A06). A negative one means nothing and is left out."""
    if text is None or text.startswith("-"):
        return None
    if not re.fullmatch(r"\d{1,30}", text) or int(text) == 0:
        raise RuleRefused("rule-unreadable", f"COUNT={text[:40]}")
    return int(text)


def _weekdays(text: str) -> tuple[tuple[int, int], ...]:
    found = [_BYDAY.fullmatch(part.strip()) for part in text.split(",") if part.strip()]
    if any(day is None for day in found):
        raise RuleRefused("rule-unreadable", f"BYDAY={text[:40]}")
    return tuple(sorted({(int(day[1] or 0), _WEEKDAYS[day[2]]) for day in found if day is not None}))


def _until(text: str | None) -> tuple[datetime | date | None, bool]:
    if text is None:
        return None, False
    found = _UNTIL.fullmatch(text)
    try:
        if found is None:
            raise ValueError(text)
        day = date(int(found[1][:4]), int(found[1][4:6]), int(found[1][6:]))
        if found[2] is None:
            return day, False
        clock = time(int(found[2][:2]), int(found[2][2:4]), min(int(found[2][4:]), 59))
        return datetime.combine(day, clock), bool(found[3])
    except ValueError as error:
        raise RuleRefused("rule-unreadable", f"UNTIL={text[:40]}") from error


def _bounded(sizes: list[int], lists: dict[str, tuple[int, ...]]) -> None:
    """The product of the lists bounds what one period can give (A04)."""
    combinations = 1
    for size in sizes:
        combinations *= max(size, 1)
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= max(len(lists.get(name, ())), 1)
    if combinations > MAX_COMBINATIONS or times > MAX_TIMES:
        raise RuleRefused("rule-too-many", str(combinations))


def _completed(rule: Rule, start: datetime) -> Rule:
    """What the rule leaves open is taken from DTSTART (RFC 5545 3.3.10)."""
    if rule.week_numbers or rule.year_days or rule.month_days or rule.weekdays or rule.freq == "DAILY":
        return rule
    fields = {name: getattr(rule, name) for name in Rule.__slots__}
    if rule.freq == "WEEKLY":
        fields["weekdays"] = ((0, start.weekday()),)
    else:
        fields["month_days"] = (start.day,)
        if rule.freq == "YEARLY" and not rule.months:
            fields["months"] = (start.month,)
    return Rule(**fields)


def _times(rule: Rule, start: datetime) -> list[time]:
    hours = rule.hours or (start.hour,)
    minutes = rule.minutes or (start.minute,)
    seconds = rule.seconds or (start.second,)
    return [time(*clock) for clock in product(hours, minutes, seconds)]


def _periods(rule: Rule, start: date, first: date, last: date) -> Iterator[list[date]]:
    """The days of each period that the rule allows, from the period that holds `first` (or `start`) on."""
    first = max(first, start)
    weekly = rule.freq == "WEEKLY" and not _picky(rule)
    offsets = sorted((weekday - rule.wkst) % 7 for _, weekday in rule.weekdays) if weekly else []
    walked = 0
    for opening, length in _openings(rule, start, first):
        if opening > last or walked > MAX_DAYS:
            return
        walked += length
        if weekly:  # by far the most rules: no day needs a question
            yield [opening + timedelta(days=offset) for offset in offsets]
        else:
            days = (opening + timedelta(days=number) for number in range(length))
            yield [day for day in days if _fits(rule, day)]


def _picky(rule: Rule) -> bool:
    return bool(rule.months or rule.month_days or rule.year_days or rule.week_numbers)


def _openings(rule: Rule, start: date, first: date) -> Iterator[tuple[date, int]]:
    """First day and length of each period. Ends with the calendar (year 9999)."""
    try:
        if rule.freq in ("DAILY", "WEEKLY"):
            length = 1 if rule.freq == "DAILY" else 7
            base = start if length == 1 else start - timedelta(days=(start.weekday() - rule.wkst) % 7)
            step = rule.interval * length
            number = max(0, (first - base).days // step)
            while True:
                yield base + timedelta(days=number * step), length
                number += 1
        months = rule.interval * (1 if rule.freq == "MONTHLY" else 12)
        base_month = start.year * 12 + (start.month - 1 if rule.freq == "MONTHLY" else 0)
        number = max(0, (first.year * 12 + first.month - 1 - base_month) // months)
        while True:
            month = base_month + number * months
            opening = date(month // 12, month % 12 + 1, 1)
            yield opening, _length(opening) if rule.freq == "MONTHLY" else 365 + _leap(opening.year)
            number += 1
    except (OverflowError, ValueError):
        return


def _fits(rule: Rule, day: date) -> bool:
    """Whether every list of the rule allows the day."""
    if not rule.weekdays and not _picky(rule):
        return True
    if rule.months and day.month not in rule.months:
        return False
    if rule.month_days and not {day.day, day.day - _length(day) - 1} & set(rule.month_days):
        return False
    if rule.weekdays and not any(
        _is_weekday(rule, day, nth) for nth, weekday in rule.weekdays if weekday == day.weekday()
    ):
        return False
    if rule.year_days:
        number = day.timetuple().tm_yday
        if not {number, number - 366 - _leap(day.year)} & set(rule.year_days):
            return False
    return not rule.week_numbers or bool(set(_week(day, rule.wkst)) & set(rule.week_numbers))


def _is_weekday(rule: Rule, day: date, nth: int) -> bool:
    """Whether the day is the nth of its weekday, in its month or (yearly without months) in its year."""
    if nth == 0 or rule.freq in ("DAILY", "WEEKLY"):
        return True
    if rule.freq == "YEARLY" and not rule.months:
        place, length = day.timetuple().tm_yday, 365 + _leap(day.year)
    else:
        place, length = day.day, _length(day)
    return nth == (place - 1) // 7 + 1 if nth > 0 else -nth == (length - place) // 7 + 1


def _chosen(moments: list[datetime], positions: tuple[int, ...]) -> list[datetime]:
    if not positions:
        return moments
    size = len(moments)
    places = {position - 1 if position > 0 else size + position for position in positions}
    return [moments[place] for place in sorted(places) if 0 <= place < size]


def _week(day: date, wkst: int) -> tuple[int, int]:
    """Number of the day's week, from the front and from the back, of the year that owns the week."""
    opening = day - timedelta(days=(day.weekday() - wkst) % 7)
    year = (opening + timedelta(days=3)).year
    number = (opening - _first_week(year, wkst)).days // 7 + 1
    weeks = (_first_week(year + 1, wkst) - _first_week(year, wkst)).days // 7
    return number, number - weeks - 1


@lru_cache(maxsize=256)
def _first_week(year: int, wkst: int) -> date:
    """The week that holds 4 January is the first, whatever day weeks begin with."""
    fourth = date(year, 1, 4)
    return fourth - timedelta(days=(fourth.weekday() - wkst) % 7)


def _length(day: date) -> int:
    return (date(day.year + day.month // 12, day.month % 12 + 1, 1) - date(day.year, day.month, 1)).days


def _leap(year: int) -> int:
    return 1 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 0
