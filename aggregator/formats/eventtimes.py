"""The times of a VEVENT: zone names, DTSTART, DTEND, durations, RDATE and EXDATE → aware moments. No expansion."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator import zones
from aggregator.formats.contentlines import Properties, Property, first
from aggregator.model import Problem
from aggregator.recurrence import MAX_DATES, Moment, Part
from aggregator.timing import TOO_LONG

YEARS = range(2, 9000)  # what can be computed with; what is far from now is refused by the rules of `timing`

_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
_TIME = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2}):?(\d{2})?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE
)
_DURATION = re.compile(
    r"([+-])?P(?:(\d{1,5})W)?(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,7})S)?)?", re.IGNORECASE
)


@dataclass(slots=True)
class Clocks:
    """What a calendar's time zone names mean: `default` for floating times, `look_up` for names.

    `shown` is the calendar's X-WR-TIMEZONE: UTC times are told in it. Names that mean nothing are collected in
    `unknown`, and their times are read in `default`.
    """

    default: ZoneInfo
    look_up: Callable[[str], ZoneInfo | None] = zones.resolve
    shown: ZoneInfo | None = None
    named: dict[str, ZoneInfo | None] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    def of(self, name: str) -> ZoneInfo:
        if name not in self.named:
            self.named[name] = self.look_up(name)
        zone = self.named[name]
        if zone is None:
            self.unknown.add(name)
        return zone or self.default


def moment(prop: Property, clocks: Clocks) -> Moment | None:
    """A DATE or DATE-TIME as an aware moment; None where it can't be read (RFC 5545 3.3.4, 3.3.5)."""
    return _moment(prop.value, prop, clocks)


def moments(prop: Property, clocks: Clocks) -> list[tuple[Moment, timedelta | None] | None]:
    """The values of RDATE or EXDATE; a PERIOD brings its own length, None stands for what can't be read."""
    found: list[tuple[Moment, timedelta | None] | None] = []
    for value in prop.value.split(","):
        if not value.strip():
            continue
        first, _, second = value.partition("/")
        start = _moment(first, prop, clocks)
        found.append(None if start is None else (start, _length(start, second, prop, clocks)))
    return found


def stated(value: Moment, prop: Property, clocks: Clocks) -> str:
    """A moment in the form in which `prop` states it, as ISO text: a day, UTC, with offset, or naive (floating)."""
    if not isinstance(value, datetime):
        return value.isoformat()
    if prop.value.strip()[-1:] in "Zz":
        return value.astimezone(UTC).isoformat()
    name = prop.tzid
    if not name or name in clocks.unknown:
        return value.replace(tzinfo=None).isoformat()
    return value.isoformat()


def part(props: Properties, clocks: Clocks) -> tuple[Part | None, list[Problem]]:
    """The times of a VEVENT; None where its start can't be read."""
    item = _item(props)
    first = props.get("DTSTART")
    start = moment(first[0], clocks) if first else None
    if start is None:
        return None, [Problem("no-start", item, first[0].value[:60] if first else "")]
    if start.year not in YEARS:
        return None, [Problem("out-of-range", item, start.isoformat()[:10])]
    many = sum(prop.value.count(",") + 1 for name in ("RDATE", "EXDATE") for prop in props.get(name, ()))
    if many > MAX_DATES:
        return None, [Problem("too-many-dates", item, str(many))]
    length, notes = _span(props, start, clocks, item)
    if length is not None and length > TOO_LONG:
        return None, [Problem("too-long", item, str(length.days))]
    slot = props.get("RECURRENCE-ID")
    date_told = moment(slot[0], clocks) if slot else None
    extra, lost = _dates(props, "RDATE", clocks)
    without, missed = _dates(props, "EXDATE", clocks)
    if lost + missed:
        notes.append(Problem("dates-unreadable", item, str(lost + missed), refused=False))
    return Part(
        start=start,
        length=length,
        slot=date_told if date_told is not None and date_told.year in YEARS else None,
        onwards=slot is not None and slot[0].params.get("RANGE", "").upper() == "THISANDFUTURE",
        rules=tuple(prop.value for prop in props.get("RRULE", ())),
        unruled=tuple(prop.value for prop in props.get("EXRULE", ())),
        extra=tuple(extra),
        without=tuple(value for value, _ in without),
    ), notes


def _item(props: Properties) -> str:
    return (first(props, "SUMMARY") or first(props, "UID") or "")[:200]


def _moment(value: str, prop: Property, clocks: Clocks) -> Moment | None:
    value = value.strip()
    try:
        if len(value) == 15 and value[8] == "T" and value[9:11] < "24" and value[13:] < "60":
            return _local(datetime.fromisoformat(value), prop, clocks)  # by far the most values
        found = _TIME.fullmatch(value)
        if found is not None:
            return _instant(found, prop, clocks)
        day = _DATE.fullmatch(value)
        return date(int(day[1]), int(day[2]), int(day[3])) if day else None
    except (ValueError, OverflowError):
        return None


def _local(wall: datetime, prop: Property, clocks: Clocks) -> datetime:
    """A wall time in the zone that the property names, else in the calendar's; a skipped time moves forward."""
    zone = clocks.of(prop.tzid) if prop.raw_params and prop.tzid else clocks.shown or clocks.default
    return wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone)


def _instant(found: re.Match[str], prop: Property, clocks: Clocks) -> datetime:
    year, month, day, hour, minute = (int(found[number]) for number in range(1, 6))
    second = min(int(found[6] or 0), 59)  # a leap second has no place in a calendar
    wall = datetime.combine(date(year, month, day), time(hour % 24 if hour == 24 else hour, minute, second))
    if hour == 24:
        wall += timedelta(days=1)
    if found[7] and found[7] not in "Zz":
        offset = datetime.strptime(found[7].replace(":", ""), "%z").tzinfo
        return wall.replace(tzinfo=offset).astimezone(clocks.shown or clocks.default)
    if found[7]:
        return wall.replace(tzinfo=UTC).astimezone(clocks.shown or ZoneInfo("UTC"))
    return _local(wall, prop, clocks)


def _span(props: Properties, start: Moment, clocks: Clocks, item: str) -> tuple[timedelta | None, list[Problem]]:
    """End minus start on the wall clock. DTEND counts, else DURATION; what contradicts is told (C10)."""
    ends, durations = props.get("DTEND"), props.get("DURATION")
    notes = [Problem("end-twice", item, refused=False)] if ends and durations else []
    if ends:
        end = moment(ends[0], clocks)
        if end is None:
            return None, [*notes, Problem("end-unreadable", item, ends[0].value[:60], refused=False)]
        if isinstance(end, datetime) != isinstance(start, datetime):
            return None, [*notes, Problem("end-mixed", item, refused=False)]
        length = wall_length(start, end)
        if length < timedelta(0):
            return None, [*notes, Problem("end-before-start", item, ends[0].value[:60], refused=False)]
        return length or None, notes
    if durations:
        told = duration(durations[0].value)
        if told is None or told < timedelta(0):
            return None, [*notes, Problem("end-unreadable", item, durations[0].value[:60], refused=False)]
        if not isinstance(start, datetime):
            told -= told % timedelta(days=1)
        return told or None, notes
    return None, notes


def wall_length(start: Moment, end: Moment) -> timedelta:
    """What lies between, on the clock of the start's zone, so that a night over a clock change ends when it says."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return end.astimezone(start.tzinfo).replace(tzinfo=None) - start.replace(tzinfo=None)
    return timedelta(days=end.toordinal() - start.toordinal())


def duration(value: str) -> timedelta | None:
    """A DURATION (RFC 5545 3.3.6); None where it is none."""
    found = _DURATION.fullmatch(value.strip())
    if found is None or not any(found.groups()[1:]):
        return None
    weeks, days, hours, minutes, seconds = (int(number or 0) for number in found.groups()[1:])
    length = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -length if found[1] == "-" else length


def _length(start: Moment, second: str, prop: Property, clocks: Clocks) -> timedelta | None:
    """How long a PERIOD is; None where it does not tell, or tells nonsense."""
    length = duration(second)
    end = None if length is not None else _moment(second, prop, clocks) if second else None
    if isinstance(end, datetime) and isinstance(start, datetime):
        length = wall_length(start, end)
    return length if length is not None and timedelta(0) < length <= TOO_LONG else None


def _dates(props: Properties, name: str, clocks: Clocks) -> tuple[list[tuple[Moment, timedelta | None]], int]:
    values = [value for prop in props.get(name, ()) for value in moments(prop, clocks)]
    known = [value for value in values if value is not None and value[0].year in YEARS]
    return known, len(values) - len(known)
