"""Which stored listing an answer's listing *is*: keys may change, listings stay. Pure.

Exact keys come first. What is left over on both sides is then paired within the source, from the surest
likeness to the weakest, and never where two could be meant. What came unchanged (`standing`) is not left over.
Nothing here decides what an absence means.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

from aggregator.model import Key, Listing, StoredListing

K = TypeVar("K")
Likeness = Callable[[Listing], Hashable | None]


@dataclass(frozen=True, slots=True)
class Pairing:
    """`same` maps a position in the answer to the stored listing that it is.

    `renamed` are those positions that have another UID now although their content is the same (C05, C06).
    """

    same: dict[int, StoredListing]
    renamed: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Rule:
    """A likeness that pairs. `fits` tells for how many on each side; they are paired in the order of their keys.

    `ahead`: only with what has not begun.
    """

    of: Likeness
    fits: Callable[[int, int], bool]
    ahead: bool = False


def pair(
    stored: Sequence[StoredListing],
    read: Sequence[Listing],
    now: datetime,
    zone: ZoneInfo,
    standing: Collection[int] = frozenset(),
) -> Pairing:
    """Pair what was read with what is stored of the same source; withdrawn listings come last, by content alone.

    `standing` are ids of listings that a part of the answer tells unchanged: they are no candidates.
    """
    same = _by_key(stored, read)
    renamed: set[int] = set()
    left = [s for s in stored if s.id not in standing]
    active = [s for s in left if s.withdrawn is None]
    gone = [s for s in left if s.withdrawn is not None]
    ahead = [s for s in active if s.listing.when.begins(zone) >= now]
    content = _content(zone)
    for rule in _rules(zone):
        same |= _pairs(ahead if rule.ahead else active, read, same, rule)
    same |= _pairs(gone, read, same, _Rule(content, _any))
    for at, s in same.items():
        if s.listing.key.uid != read[at].key.uid and content(s.listing) == content(read[at]):
            renamed.add(at)
    return Pairing(same, frozenset(renamed))


@lru_cache(maxsize=8192)
def title_key(title: str) -> str:
    """A title with only its letters and digits, case folded: what stays when typography flaps (C19)."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def rekeyed(listing: Listing, zone: ZoneInfo) -> Key:
    """The listing's key by content instead of by UID, for a source that gives new UIDs at every fetch (C06)."""
    return Key(listing.key.source, "content:" + "|".join(_content(zone)(listing)))


def _rules(zone: ZoneInfo) -> tuple[_Rule, ...]:
    """From the surest to the weakest.

    The last two pair different days, so they mean a move: never of what is over, nor within a series, where
    one date leaves as another comes.
    """
    return (
        _Rule(lambda x: (x.key.uid, x.when.first_day(zone)), _equal),
        _Rule(_content(zone), _any),
        _Rule(lambda x: _content(zone)(x)[:2], _one),  # a new export may write places otherwise
        _Rule(lambda x: None if x.series else x.key.uid, _one, ahead=True),
        _Rule(lambda x: (x.url, title_key(x.title)) if x.url and not x.series else None, _one, ahead=True),
    )


def _one(ones: int, others: int) -> bool:
    return ones == others == 1


def _equal(ones: int, others: int) -> bool:
    return ones == others


def _any(_ones: int, _others: int) -> bool:  # what is alike in everything may be exchanged
    return True


def _by_key(stored: Sequence[StoredListing], read: Sequence[Listing]) -> dict[int, StoredListing]:
    keys = {s.listing.key: s for s in stored}
    return {at: keys[listing.key] for at, listing in enumerate(read) if listing.key in keys}


def _content(zone: ZoneInfo) -> Callable[[Listing], tuple[str, ...]]:
    def likeness(listing: Listing) -> tuple[str, ...]:
        start = listing.when.start
        stamp = start.astimezone(zone).isoformat() if isinstance(start, datetime) else start.isoformat()
        return title_key(listing.title), stamp, title_key(_place(listing))

    return likeness


def _place(listing: Listing) -> str:
    where = listing.location
    return (where.name or where.address or "") if where else ""


def _pairs(
    stored: Iterable[StoredListing], read: Sequence[Listing], same: dict[int, StoredListing], rule: _Rule
) -> dict[int, StoredListing]:
    taken = {s.id for s in same.values()}
    left = _groups(((s, s.listing) for s in stored if s.id not in taken), rule.of)
    right = _groups(((at, x) for at, x in enumerate(read) if at not in same), rule.of)
    found: dict[int, StoredListing] = {}
    for value in right.keys() & left.keys():
        ones = sorted(right[value], key=lambda at: str(read[at].key))
        others = sorted(left[value], key=lambda s: str(s.listing.key))
        if rule.fits(len(ones), len(others)):
            found.update(zip(ones, others, strict=False))
    return found


def _groups(items: Iterable[tuple[K, Listing]], likeness: Likeness) -> dict[Hashable, list[K]]:
    groups: dict[Hashable, list[K]] = defaultdict(list)
    for item, listing in items:
        value = likeness(listing)
        if value is not None:
            groups[value].append(item)
    return groups
