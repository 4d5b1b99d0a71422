"""What it means that an answer does not hold what is stored: evidence, holds, withdrawal. Pure.

Only complete, undamaged answers reach this module. A *thing* is what the source keeps: a series or a run counts once.

| absent | withdrawn after |
|---|---|
| up to max(5, 20 %) of the source's future things | two sightings, an interval and an hour apart |
| more than that | three sightings and 48 h, or staff |
| everything (empty, or only past) | three sightings and 72 h, or staff |
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import Coverage, StoredListing
from aggregator.state import Absent, Drop

FEW_AT_LEAST = 5  # a small club may drop five events at once without anyone being alarmed
FEW_SHARE = 0.2
LEAST_SPACING = timedelta(hours=1)  # two looks within an hour are one look
SLACK = timedelta(seconds=10)  # a poll that comes a moment early is still the next poll
EVIDENCE: Mapping[Drop, tuple[int, timedelta]] = {
    Drop.FEW: (2, timedelta(0)),
    Drop.MANY: (3, timedelta(hours=48)),
    Drop.ALL: (3, timedelta(hours=72)),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One date that an answer holds: the thing it belongs to, and what told it (a rule tells many, an entry one)."""

    thing: str
    teller: str
    begins: datetime


@dataclass(frozen=True, slots=True)
class Extent:
    """What an answer speaks of: how many things, past ones included, those with dates ahead, and until which day.

    `until` is the latest *next* date of its tellers: that a weekly rule has no end says nothing of what is listed
    beside it.
    """

    things: int
    ahead: frozenset[str]
    until: date | None


def thing(stored: StoredListing) -> str:
    """The name of what the source keeps: the run, the series, else the single listing."""
    return stored.run or stored.listing.series or str(stored.listing.key)


def is_future(stored: StoredListing, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is published and has not begun; what has begun is never withdrawn by absence."""
    return stored.withdrawn is None and stored.listing.when.begins(zone) >= now


def extent(dates: Iterable[Told], now: datetime, zone: ZoneInfo) -> Extent:
    """What an answer speaks of, by all the dates it holds."""
    things, ahead = set(), set()
    following: dict[str, datetime] = {}
    for told in dates:
        things.add(told.thing)
        if told.begins >= now:
            ahead.add(told.thing)
            following[told.teller] = min(told.begins, following.get(told.teller, told.begins))
    until = max(following.values(), default=None)
    return Extent(len(things), frozenset(ahead), until.astimezone(zone).date() if until else None)


def missing(
    future: Sequence[StoredListing],
    present: Collection[int],
    spoken: Extent,
    coverage: Coverage,
    *,
    before: int,
    waiting: Collection[int],
    zone: ZoneInfo,
) -> list[StoredListing]:
    """What the answer should have held and does not; past its extent its silence says nothing (C04).

    `before` is how many things the answer before held: one that holds fewer did not merely push the last ones out.
    What is waited for (`waiting`) stays so until it is told again.
    """
    absent = [s for s in future if s.id not in present]
    if coverage is Coverage.LATEST:
        return []
    if coverage is Coverage.COMPLETE or spoken.until is None or spoken.things < before:
        return absent
    until = spoken.until
    near = {thing(s) for s in absent if _day(s, zone) <= until}
    return [
        s
        for s in absent
        if s.id in waiting or _day(s, zone) <= until or (thing(s) in near and thing(s) not in spoken.ahead)
    ]


def classify(missing: Iterable[StoredListing], future: Sequence[StoredListing], *, answered: bool) -> Drop:
    """How much is missing. `answered` tells whether the answer holds any future thing at all."""
    lost = {thing(s) for s in missing}
    if not lost:
        return Drop.NONE
    kept = {thing(s) for s in future}
    if not answered and lost == kept:
        return Drop.ALL
    return Drop.MANY if len(lost) > max(FEW_AT_LEAST, FEW_SHARE * len(kept)) else Drop.FEW


def sight(before: Sequence[Absent], missing: Iterable[int], now: datetime, interval: timedelta) -> tuple[Absent, ...]:
    """One more look: listings that are missing still are counted on, those that came back are forgotten."""
    known = {absent.listing: absent for absent in before}
    return tuple(_seen_again(known.get(listing), listing, now, interval) for listing in sorted(missing))


def due(absent: Sequence[Absent], drop: Drop, now: datetime) -> tuple[int, ...]:
    """The listings for which the evidence suffices now."""
    if drop is Drop.NONE:
        return ()
    sightings, age = EVIDENCE[drop]
    return tuple(a.listing for a in absent if a.sightings >= sightings and now - a.since >= age - SLACK)


def _seen_again(absent: Absent | None, listing: int, now: datetime, interval: timedelta) -> Absent:
    if absent is None:
        return Absent(listing, now, now)
    if now - absent.seen < max(interval, LEAST_SPACING) - SLACK:
        return absent
    return Absent(listing, absent.since, now, absent.sightings + 1)


def _day(stored: StoredListing, zone: ZoneInfo) -> date:
    return stored.listing.when.first_day(zone)
