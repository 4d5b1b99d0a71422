"""Which listings of one source are dates of one run (an exhibition told day by day). It decides nothing else.

A run: same source, title and place on four or more consecutive days at the same hours, weekly closing days
allowed; a market or festival: on two or more, whatever its hours. What is attended one by one (class, match,
showing, course) is never a run; what is told as one long entry needs no label.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from aggregator import titles
from aggregator.features import Rules
from aggregator.model import StoredListing
from aggregator.phrases import words

FEWEST_DAYS = 4
FEWEST_DAYS_OF_SPAN = 2  # a market or festival
CLOSED_WEEKDAYS = 2  # a run may be closed on Mondays and Tuesdays, not on all days but one
Signature = tuple[str, ...]


def group(listings: Sequence[StoredListing], rules: Rules) -> dict[int, str]:
    """The run label of each listing that belongs to a run; the others are left out.

    The label is the source and the smallest listing id of the run, so it stays while the run grows.
    """
    labels: dict[int, str] = {}
    for (fewest, _), alike in _alike(listings, rules).items():
        for stretch in _stretches(alike, fewest, rules.zone):
            first = min(stored.id for stored in stretch)
            labels.update({stored.id: f"{stretch[0].listing.key.source}:{first}" for stored in stretch})
    return labels


def _alike(listings: Sequence[StoredListing], rules: Rules) -> dict[tuple[int, Signature], list[StoredListing]]:
    groups: defaultdict[tuple[int, Signature], list[StoredListing]] = defaultdict(list)
    for stored in sorted(listings, key=lambda stored: stored.id):
        when = stored.listing.when
        if stored.withdrawn is None and when.first_day(rules.zone) == when.last_day(rules.zone):
            signature = _signature(stored, rules)
            if signature is not None:
                groups[signature].append(stored)
    return groups


def _signature(stored: StoredListing, rules: Rules) -> tuple[int, Signature] | None:
    """How many days make a run of what is alike in this; None where the dates are attended one by one."""
    listing = stored.listing
    title = titles.read(listing.title, rules.lexicon)
    kinds = [rules.lexicon.kinds[kind] for kind in title.kinds]
    if any(kind.attended for kind in kinds) or title.roles:
        return None
    days = {edition for edition in title.editions if edition.startswith("day:")}
    named = title.name if title.name or title.kinds else (title.squashed,)  # generic words alone name nothing
    numbers = sorted(title.numbers)  # of a series of concerts; what counts days is an edition
    what = (listing.key.source, *sorted(title.kinds), "@", *named, "@", *numbers, *sorted(title.editions - days))
    where = (*_where(stored, rules), "@")
    if days or any(kind.span for kind in kinds):
        return FEWEST_DAYS_OF_SPAN, (*what, *where)
    hours = [_clock(moment, rules.zone) for moment in (listing.when.start, listing.when.end)]
    return FEWEST_DAYS, (*what, *where, *hours)


def _where(stored: StoredListing, rules: Rules) -> tuple[str, ...]:
    location = stored.listing.location
    known = rules.places.resolve(location)
    if known or location is None:
        return tuple(sorted(known))
    return words(" ".join(part for part in (location.name, location.address, location.room) if part))


def _clock(moment: datetime | date | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%H:%M") if isinstance(moment, datetime) else "-"


def _stretches(alike: list[StoredListing], fewest: int, zone: ZoneInfo) -> Iterator[list[StoredListing]]:
    """The runs among what is alike: consecutive days, where days always closed do not count."""
    if len(alike) < fewest:
        return
    days = sorted({_day(stored, zone) for stored in alike})
    closed = _closed(days)  # of a market of two days five are, which is too many to be a rule
    for first, last, count in _consecutive(days, closed):
        if count >= fewest:
            yield [stored for stored in alike if first <= _day(stored, zone) <= last]


def _closed(days: Sequence[date]) -> frozenset[int]:
    """The weekdays on which it is never open, if they are few."""
    never = frozenset(range(7)) - {day.weekday() for day in days}
    return never if len(never) <= CLOSED_WEEKDAYS else frozenset()


def _consecutive(days: Sequence[date], closed: frozenset[int]) -> Iterator[tuple[date, date, int]]:
    """Stretches of days without a gap but for closed weekdays: first, last and number of days."""
    first, count = days[0], 1
    for before, after in zip(days, [*days[1:], date.max], strict=True):
        if after == date.max or _gap(before, after, closed):
            yield first, before, count
            first, count = after, 1
        else:
            count += 1


def _gap(before: date, after: date, closed: frozenset[int]) -> bool:
    between = (before + timedelta(days=n) for n in range(1, min((after - before).days, 9)))
    return any(day.weekday() not in closed for day in between)


def _day(stored: StoredListing, zone: ZoneInfo) -> date:
    return stored.listing.when.first_day(zone)
