"""Two listings of which nobody can be sure, whatever the weights of the day say: for tests of what waits for staff."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache

from aggregator import match, matching
from aggregator.match import Statistics
from aggregator.model import Key, Listing, Location, Source, Stated, StoredListing, When
from tests.town import ZONE, at

HALL = "Folkets Hus"
ONE, OTHER = "Hembygdsdag med kaffe", "Öppet hus på hembygdsgården"
HOUR = 11
_MIDDLE = match.POSSIBLE / 2  # of the band in which staff are asked
_SEEN = datetime(2027, 3, 1, tzinfo=UTC)


@lru_cache(maxsize=1)
def other_hour() -> float:
    """The hour at which `OTHER` begins, so that it may or may not be `ONE` at `HOUR`."""
    rules = matching.load(ZONE, ())
    scores = {}
    for minutes in range(0, 301, 15):
        hour = HOUR + minutes / 60
        one, other = (match.prepare(s, Source(id=s.listing.key.source, name=""), rules) for s in _pair(hour))
        scores[hour] = match.compare(one, other, Statistics(), rules).score
    found = min(scores, key=lambda hour: (abs(scores[hour] - _MIDDLE), hour))
    assert match.POSSIBLE < scores[found] < 0, scores
    return found


def _pair(hour: float) -> tuple[StoredListing, StoredListing]:
    return _told(1, "klubben", ONE, HOUR), _told(2, "tidningen", OTHER, hour)


def _told(id: int, source: str, title: str, hour: float) -> StoredListing:
    start = at(8, hour).replace(tzinfo=ZONE)
    listing = Listing(
        key=Key(source, title),
        title=title,
        when=When(start),
        stated=Stated(title, None, start.isoformat()),
        digest=title,
        location=Location(name=HALL),
    )
    return StoredListing(id=id, listing=listing, first_seen=_SEEN, changed=_SEEN)
