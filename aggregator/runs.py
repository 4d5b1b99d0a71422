"""Which listings of one source are dates of one run (an exhibition told day by day). It decides nothing else.

A run: same source, title and place on four or more consecutive days at the same hours, weekly closing days
allowed. What is attended one by one (class, match, showing, course) is never a run; what is told as one long
entry needs no label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator.model import StoredListing
from aggregator.phrases import words

FEWEST_DAYS = 4
LONGEST_GAP = 3  # days from one date to the next: closed for a weekend, or on Mondays and Tuesdays


def group(listings: Sequence[StoredListing], zone: ZoneInfo) -> dict[int, str]:
    """The run label of each listing that belongs to a run; the others are left out.

    The label is the source and the smallest listing id of the run, so it stays while the run grows.
    """
    labels: dict[int, str] = {}
    for alike in _alike(listings, zone).values():
        for stretch in _stretches(alike, zone):
            first = min(stored.id for stored in stretch)
            labels.update({stored.id: f"{stretch[0].listing.key.source}:{first}" for stored in stretch})
    return labels


def _alike(listings: Sequence[StoredListing], zone: ZoneInfo) -> dict[tuple[str, ...], list[StoredListing]]:
    groups: defaultdict[tuple[str, ...], list[StoredListing]] = defaultdict(list)
    for stored in sorted(listings, key=lambda stored: stored.id):
        when = stored.listing.when
        if stored.withdrawn is None and when.first_day(zone) == when.last_day(zone):
            groups[_signature(stored, zone)].append(stored)
    return groups


def _signature(stored: StoredListing, zone: ZoneInfo) -> tuple[str, ...]:
    listing = stored.listing
    location = listing.location
    where = (location.place, location.name, location.address, location.room) if location else ()
    hours = [_clock(moment, zone) for moment in (listing.when.start, listing.when.end)]
    return (listing.key.source, *words(listing.title), "@", *words(" ".join(filter(None, where))), "@", *hours)


def _clock(moment: datetime | date | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M") if isinstance(moment, datetime) else "-"


def _stretches(alike: list[StoredListing], zone: ZoneInfo) -> Iterator[list[StoredListing]]:
    by_day = sorted(alike, key=lambda stored: (stored.listing.when.first_day(zone), stored.id))
    stretch: list[StoredListing] = []
    for stored in by_day:
        if stretch and (_day(stored, zone) - _day(stretch[-1], zone)).days > LONGEST_GAP:
            yield from _if_run(stretch, zone)
            stretch = []
        stretch.append(stored)
    yield from _if_run(stretch, zone)


def _if_run(stretch: list[StoredListing], zone: ZoneInfo) -> Iterator[list[StoredListing]]:
    days = sorted({_day(stored, zone) for stored in stretch})
    consecutive = longest = 1 if days else 0
    for before, after in zip(days, days[1:], strict=False):
        consecutive = consecutive + 1 if (after - before).days == 1 else 1
        longest = max(longest, consecutive)
    if longest >= FEWEST_DAYS:
        yield stretch


def _day(stored: StoredListing, zone: ZoneInfo) -> date:
    return stored.listing.when.first_day(zone)
