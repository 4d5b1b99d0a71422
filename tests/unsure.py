"""Two listings of which nobody can be sure, whatever the weights of the day say: for tests of what waits for staff."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from itertools import product

from aggregator import match, matching
from aggregator.match import Statistics
from aggregator.model import Key, Listing, Location, Source, Stated, StoredListing, When
from tests.town import ZONE, at

HALL = "Folkets Hus"
ONE = "Hembygdsdag med kaffe"
HOUR = 11
_OTHERS = ("Öppet hus på hembygdsgården", "Hantverk och våfflor", "Gammaldags slöjd på hembygdsgården")
_MIDDLE = match.POSSIBLE / 2  # of the band in which staff are asked
_SEEN = datetime(2027, 3, 1, tzinfo=UTC)


def other_title() -> str:
    """The title that may or may not tell `ONE`."""
    return _found()[0]


def other_hour() -> float:
    """The hour at which `other_title` begins, so that it may or may not be `ONE` at `HOUR`."""
    return _found()[1]


@lru_cache(maxsize=1)
def _found() -> tuple[str, float]:
    """Of the titles and hours that might do, those of which the weights are least sure."""
    rules = matching.load(ZONE, ())
    scores = {}
    for title, minutes in product(_OTHERS, range(0, 301, 15)):
        hour = HOUR + minutes / 60
        pair = _told(1, "klubben", ONE, HOUR), _told(2, "tidningen", title, hour)
        one, other = (match.prepare(s, Source(id=s.listing.key.source, name=""), rules) for s in pair)
        scores[title, hour] = match.compare(one, other, Statistics(), rules).score
    found = min(scores, key=lambda told: (abs(scores[told] - _MIDDLE), told))
    assert match.POSSIBLE < scores[found] < 0, scores
    return found


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
