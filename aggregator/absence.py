"""What it means that an answer does not hold what is stored: evidence, holds, withdrawal. Pure.

Only complete, undamaged answers reach this module. A *thing* is what the source keeps: a series or a run counts once.

| absent | withdrawn after |
|---|---|
| up to max(5, 20 %) of the source's future things | two sightings, an interval and an hour apart |
| more than that | three sightings and 48 h, or staff |
| everything (empty, or only past) | three sightings and 72 h, or staff |
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator.model import StoredListing
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


def thing(stored: StoredListing) -> str:
    """The name of what the source keeps: the run, the series, else the single listing."""
    return stored.run or stored.listing.series or str(stored.listing.key)


def is_future(stored: StoredListing, now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is published and has not begun; what has begun is never withdrawn by absence."""
    return stored.withdrawn is None and stored.listing.when.begins(zone) >= now


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
