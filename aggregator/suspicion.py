"""When an answer looks as if a stranger had written it: spam, swapped content, a domain in other hands. Pure.

An alarm holds the whole answer back until staff release it; it never removes anything that is published.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Protocol
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator import absence
from aggregator.model import SUBMITTED, Listing, Source, StoredListing
from aggregator.pairing import Pairing, title_key
from aggregator.state import SourceState

NEW_SOURCE_QUOTA = 4_000  # things of a source that has none; the largest real calendar of a town holds some hundreds
GROWTH_QUOTA = 1_000  # new things in one answer of a source that has fewer than a tenth of them
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
    active = [s for s in asked.stored if s.withdrawn is None]
    hosts, seen = _hosts(asked, [s.listing for s in active]), asked.source.format == SUBMITTED
    alarm = _too_many(active, fresh) or (_edited if seen else _swapped)(found, read, hosts)
    if alarm or standing or found.same or seen or asked.source.path:
        return alarm
    ahead = [listing for listing in fresh if listing.when.begins(asked.zone) >= asked.now]
    return _stranger(asked, [s for s in active if absence.is_future(s, asked.now, asked.zone)], ahead)


def _too_many(active: Sequence[StoredListing], fresh: Sequence[Listing]) -> Alarm | None:
    """A38: more than any calendar of a town would bring."""
    things = len({listing.series or str(listing.key) for listing in fresh})
    had = len({absence.thing(s) for s in active})
    quota = max(GROWTH_QUOTA, GROWTH_FACTOR * had) if had else NEW_SOURCE_QUOTA
    return Alarm("too-many-new", str(things)) if things > quota else None


def _swapped(found: Pairing, read: Sequence[Listing], known: set[str | None]) -> Alarm | None:
    """A39: the same key tells another text and leads to a host that the source never led to."""
    for at, old in sorted(found.same.items()):
        new = read[at]
        if _host(old.listing) and _host(new) not in known and _unlike(old.listing.title, new.title):
            return Alarm("content-swapped", new.title)
    return None


def _edited(found: Pairing, read: Sequence[Listing], known: set[str | None]) -> Alarm | None:
    """A39 for what staff have seen and approved event by event: another text or another host is enough."""
    for at, old in sorted(found.same.items()):
        before, new = old.listing, read[at]
        other = _unlike(before.title, new.title) or _rewritten(before, new)
        if old.withdrawn is None and (other or _host(new) not in known):
            return Alarm("content-swapped", new.title)
    return None


def _rewritten(old: Listing, new: Listing) -> bool:
    """Whether a description tells of something else; none, or a first one, tells of nothing else."""
    return bool(old.description and new.description) and _unlike(old.description or "", new.description or "")


def _stranger(asked: Asked, future: Sequence[StoredListing], fresh: Sequence[Listing]) -> Alarm | None:
    """B55: everything that was to come is gone, and what came instead shares no place, word or link with it.

    Links to the source's own host prove nothing: who took over the name has taken over those too.
    """
    if not fresh or len(future) < STRANGER_LEAST:
        return None
    own = {urlsplit(asked.source.url or "").hostname, urlsplit(asked.state.url or "").hostname}
    before = {trait for s in future for trait in _traits(s.listing)}
    alike = any(trait in before for listing in fresh for trait in _traits(listing) if trait[1] not in own)
    return None if alike else Alarm("other-owner", fresh[0].title)


def _traits(listing: Listing) -> Iterator[tuple[str, str]]:
    """What of a listing is told again and again by one owner: links' host, place, organizer, words of titles."""
    where = listing.location
    told = {
        "host": _host(listing),
        "organizer": listing.organizer,
        "place": (where.name or where.address) if where else "",
    }
    yield from ((kind, title_key(value) if kind != "host" else value) for kind, value in told.items() if value)
    yield from (("word", word) for word in re.findall(r"\w{5,}", listing.title.casefold()))


def _hosts(asked: Asked, listings: Iterable[Listing]) -> set[str | None]:
    """The hosts that a source is known to lead to; no link leads to none."""
    return {None, urlsplit(asked.source.url or "").hostname, *map(_host, listings)}


def _unlike(old: str, new: str) -> bool:
    return SequenceMatcher(None, title_key(old)[:100], title_key(new)[:100]).ratio() < SWAPPED_TITLE


def _host(listing: Listing) -> str | None:
    return urlsplit(listing.url).hostname if listing.url else None
