"""When an event is, out of what its listings say: one start, one end, doors apart, or the span of a run. Pure.

Listings come ranked, the highest first. Dates are never united from listings that disagree: one listing (or one
source that tells the days one by one) decides, and the others show as conflicts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Conflict, Role, StoredListing, When

ONE_DAY = timedelta(hours=18)  # what lasts longer is told by its days; a ball until four in the morning is one day
DOORS = (timedelta(minutes=15), timedelta(minutes=90))  # a seller's earlier time within this is when doors open
ONGOING_DAYS = 4  # from here on it is something that goes on, not something that happens


@dataclass(frozen=True, slots=True)
class Timing:
    """The time of an event and which listing it comes from, by which rule."""

    when: When
    member: StoredListing
    rule: str
    end_member: StoredListing | None = None
    doors: datetime | None = None
    doors_member: StoredListing | None = None
    hours: str | None = None
    ongoing: bool = False
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class _Span:
    first: date
    last: date
    hours: str | None
    member: StoredListing


def timing(ranked: Sequence[StoredListing], roles: Mapping[str, Role], zone: ZoneInfo) -> Timing:
    """The time that the highest-ranking listing tells, where nothing more exact is told of the same."""
    spans = sorted(_spans(ranked, zone), key=lambda span: ranked.index(span.member))
    if spans:
        return _of_span(spans, ranked, zone)
    current = _not_left_behind(ranked, zone) or list(ranked)
    top = current[0]
    chosen, rule = top, "role"
    if not _is_timed(top, zone):
        day = top.listing.when.first_day(zone)
        timed = [m for m in current if _is_timed(m, zone) and m.listing.when.first_day(zone) == day]
        chosen, rule = (timed[0], "timed beats all-day") if timed else (top, "role")
    start, opener = _behind_doors(chosen, current, roles)
    if opener is not None:
        return _with_end(start, "doors are not the start", opener, current, zone)
    return _with_end(chosen, rule, _opener(chosen, current, roles), current, zone)


def spans_days(when: When) -> bool:
    """Whether a listing's own time is a span of days."""
    if isinstance(when.start, datetime):
        return isinstance(when.end, datetime) and when.end - when.start > ONE_DAY
    return when.end is not None and when.end > when.start


def _with_end(
    chosen: StoredListing,
    rule: str,
    opener: StoredListing | None,
    current: Sequence[StoredListing],
    zone: ZoneInfo,
) -> Timing:
    start = chosen.listing.when.start
    ends = [m for m in (chosen, *current) if m.listing.when.end is not None and m.listing.when.start == start]
    end_member = ends[0] if ends else _ending(chosen, current)
    end = end_member.listing.when.end if end_member else None
    told = next((m for m in (chosen, *current) if m.listing.doors is not None), None)
    doors = told.listing.doors if told else opener.listing.when.start if opener else None
    return Timing(
        When(start, end),
        chosen,
        rule,
        end_member if end_member is not chosen else None,
        doors if isinstance(doors, datetime) and doors != start else None,
        told or opener,
        conflicts=tuple(_starts_apart(start, opener, current, zone)),
    )


def _ending(chosen: StoredListing, current: Sequence[StoredListing]) -> StoredListing | None:
    """A listing of another start whose end still can be the end: later than the chosen start, on the same date."""
    start = chosen.listing.when.start
    if not isinstance(start, datetime):
        return None
    for member in current:
        end = member.listing.when.end
        if isinstance(end, datetime) and timedelta(0) < end - start < ONE_DAY and _doors_before(member, chosen):
            return member
    return None


def _is_timed(member: StoredListing, zone: ZoneInfo) -> bool:
    """A start at midnight is a day whose hour nobody typed in."""
    start = member.listing.when.start
    return isinstance(start, datetime) and start.astimezone(zone).strftime("%H:%M") != "00:00"


def _not_left_behind(ranked: Sequence[StoredListing], zone: ZoneInfo) -> list[StoredListing]:
    """The listings but those that still tell the time from which another one says it was moved."""
    left = {_day(previous, zone) for m in ranked if (previous := m.listing.previous_start) is not None}
    return [m for m in ranked if m.listing.when.first_day(zone) not in left or m.listing.previous_start is not None]


def _day(moment: date | datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date() if isinstance(moment, datetime) else moment


def _doors_before(early: StoredListing, late: StoredListing) -> bool:
    first, second = early.listing.when.start, late.listing.when.start
    both = isinstance(first, datetime) and isinstance(second, datetime)
    return both and DOORS[0] <= second - first <= DOORS[1]  # type: ignore[operator]  # both are instants


def _behind_doors(
    chosen: StoredListing, current: Sequence[StoredListing], roles: Mapping[str, Role]
) -> tuple[StoredListing, StoredListing | None]:
    """A seller that ranks highest tells the doors when another source's start lies shortly after."""
    if roles.get(chosen.listing.key.source) is not Role.TICKETS:
        return chosen, None
    late = next((m for m in current if _doors_before(chosen, m)), None)
    return (late, chosen) if late else (chosen, None)


def _opener(chosen: StoredListing, current: Sequence[StoredListing], roles: Mapping[str, Role]) -> StoredListing | None:
    sellers = (m for m in current if roles.get(m.listing.key.source) is Role.TICKETS)
    return next((m for m in sellers if _doors_before(m, chosen)), None)


def _starts_apart(
    start: datetime | date, opener: StoredListing | None, current: Sequence[StoredListing], zone: ZoneInfo
) -> Iterator[Conflict]:
    for member in current:
        other = member.listing.when.start
        both_timed = isinstance(start, datetime) and _is_timed(member, zone)
        apart = other != start if both_timed else _day(other, zone) != _day(start, zone)
        if apart and member is not opener:
            yield Conflict("start", member.listing.key.source, other.isoformat())


# --- spans ------------------------------------------------------------------------------------------------


def _spans(ranked: Sequence[StoredListing], zone: ZoneInfo) -> Iterator[_Span]:
    """What is told as a span: by one entry, or by one source's entries for its days."""
    by_source: dict[str, list[StoredListing]] = {}
    for member in ranked:
        when = member.listing.when
        if spans_days(when):
            yield _Span(when.first_day(zone), when.last_day(zone), _hours(when, zone), member)
        else:
            by_source.setdefault(member.listing.key.source, []).append(member)
    for members in by_source.values():
        days = sorted({member.listing.when.first_day(zone) for member in members})
        if len(days) > 1:
            hours = {_hours(member.listing.when, zone) for member in members}
            yield _Span(days[0], days[-1], hours.pop() if len(hours) == 1 else None, members[0])


def _of_span(spans: Sequence[_Span], ranked: Sequence[StoredListing], zone: ZoneInfo) -> Timing:
    top = spans[0]
    hours = next((span.hours for span in spans if span.hours), None)
    conflicts = [
        Conflict("start", m.listing.key.source, m.listing.when.start.isoformat())
        for m in ranked
        if not top.first <= m.listing.when.first_day(zone) <= top.last
    ]
    ongoing = (top.last - top.first).days + 1 >= ONGOING_DAYS
    return Timing(
        When(top.first, top.last), top.member, "span", hours=hours, ongoing=ongoing, conflicts=tuple(conflicts)
    )


def _hours(when: When, zone: ZoneInfo) -> str | None:
    if not (isinstance(when.start, datetime) and isinstance(when.end, datetime)):
        return None
    opens, closes = when.start.astimezone(zone), when.end.astimezone(zone)
    return f"{opens:%H.%M}–{closes:%H.%M}" if f"{opens:%H%M}" < f"{closes:%H%M}" else None
