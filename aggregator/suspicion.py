"""When an answer looks as if a stranger had written it: spam, swapped content, a domain in other hands. Pure.

An alarm holds the whole answer back until staff release it; it never removes anything that is published.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import absence
from aggregator.model import Listing, Source, StoredListing
from aggregator.pairing import Pairing, title_key
from aggregator.state import SourceState

NEW_SOURCE_QUOTA = 4_000  # things; the largest real calendar of a town holds some hundreds
GROWTH_QUOTA = 1_000  # new things in one answer of a source that had fewer than a tenth of them
GROWTH_FACTOR = 10
SWAPPED_TITLE = 0.4  # below this likeness a title is another text
STRANGER_LEAST = 3  # fewer events than this tell nothing of the one who announces them


@dataclass(frozen=True, slots=True)
class Alarm:
    """Why an answer is held: `reason` is a key of `problems.SENTENCES`, `detail` the example or number."""

    reason: str
    detail: str = ""


class Asked(Protocol):
    """The part of a `plan.Question` that matters here."""

    @property
    def source(self) -> Source: ...
    @property
    def state(self) -> SourceState: ...
    @property
    def stored(self) -> Sequence[StoredListing]: ...
    @property
    def now(self) -> datetime: ...
    @property
    def zone(self) -> ZoneInfo: ...


def look(asked: Asked, found: Pairing, read: Sequence[Listing], *, standing: bool) -> Alarm | None:
    """The first alarm that an answer raises, or None. `standing`: part of it came unchanged."""
    fresh = [listing for at, listing in enumerate(read) if at not in found.same]
    alarm = _too_many(asked.state, asked.stored, fresh) or _swapped(found, read)
    if alarm or standing or found.same or asked.source.path:
        return alarm
    return _stranger(asked.stored, fresh, asked.now, asked.zone)


def _too_many(state: SourceState, stored: Sequence[StoredListing], fresh: Sequence[Listing]) -> Alarm | None:
    """A38: more than any calendar of a town would bring."""
    things = len({listing.series or str(listing.key) for listing in fresh})
    had = len({absence.thing(s) for s in stored if s.withdrawn is None})
    quota = NEW_SOURCE_QUOTA if state.good is None else max(GROWTH_QUOTA, GROWTH_FACTOR * had)
    return Alarm("too-many-new", str(things)) if things > quota else None


def _swapped(found: Pairing, read: Sequence[Listing]) -> Alarm | None:
    """A39: the same key tells another text and leads to another host."""
    for at, old in sorted(found.same.items()):
        new = read[at]
        if _host(new) != _host(old.listing) and _host(old.listing) and _unlike(old.listing.title, new.title):
            return Alarm("content-swapped", new.title)
    return None


def _stranger(stored: Sequence[StoredListing], fresh: Sequence[Listing], now: datetime, zone: ZoneInfo) -> Alarm | None:
    """B55: everything that was to come is gone, and what came instead leads elsewhere or names other places."""
    future = [s.listing for s in stored if absence.is_future(s, now, zone)]
    if not fresh or len(future) < STRANGER_LEAST:
        return None
    hosts = {_host(x) for x in future} - {None}
    same_host = hosts & {_host(x) for x in fresh}
    same_place = {_place(x) for x in future} & {_place(x) for x in fresh} - {""}
    return None if same_host or (not hosts and same_place) else Alarm("other-owner", fresh[0].title)


def _unlike(old: str, new: str) -> bool:
    return SequenceMatcher(None, title_key(old)[:100], title_key(new)[:100]).ratio() < SWAPPED_TITLE


def _host(listing: Listing) -> str | None:
    return urlsplit(listing.url).hostname if listing.url else None


def _place(listing: Listing) -> str:
    return title_key(listing.location.name or "") if listing.location else ""
