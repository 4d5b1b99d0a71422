"""Which stored listing an answer's listing *is*: keys may change, listings stay. Pure.

Exact keys come first. What is left over on both sides is then paired within the source, from the surest
likeness to the weakest, and only where exactly one is left on each side of a likeness. Nothing here decides
what an absence means.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from aggregator.model import Key, Listing, StoredListing

K = TypeVar("K")
Likeness = Callable[[Listing], Hashable | None]


@dataclass(frozen=True, slots=True)
class Pairing:
    """`same` maps a position in the answer to the stored listing that it is.

    `renamed` are those positions whose key is another one now although their content is the same (C05, C06).
    """

    same: dict[int, StoredListing]
    renamed: frozenset[int]


def pair(stored: Sequence[StoredListing], read: Sequence[Listing], zone: ZoneInfo) -> Pairing:
    """Pair an answer with what is stored of the same source; withdrawn listings take part last."""
    same = _by_key(stored, read)
    renamed: set[int] = set()
    active = [s for s in stored if s.withdrawn is None]
    gone = [s for s in stored if s.withdrawn is not None]
    for pool, likenesses in ((active, _likenesses(zone)), (gone, (_content(zone),))):
        for likeness in likenesses:
            found = _unique_pairs(pool, read, same, likeness)
            same |= found
            renamed |= {at for at, s in found.items() if s.listing.key.uid != read[at].key.uid}
    return Pairing(same, frozenset(at for at in renamed if _content(zone)(read[at]) is not None))


def title_key(title: str) -> str:
    """A title with only its letters and digits, case folded: what stays when typography flaps (C19)."""
    return "".join(letter for letter in title.casefold() if letter.isalnum())


def content_uid(listing: Listing, zone: ZoneInfo) -> str:
    """The key of a listing whose source gives new UIDs at every fetch (C06)."""
    return "content:" + "|".join(map(str, _content(zone)(listing)))


def rekeyed(listing: Listing, zone: ZoneInfo) -> Key:
    """The listing's key by content instead of by UID."""
    return Key(listing.key.source, content_uid(listing, zone))


def _by_key(stored: Sequence[StoredListing], read: Sequence[Listing]) -> dict[int, StoredListing]:
    keys = {s.listing.key: s for s in stored}
    return {at: keys[listing.key] for at, listing in enumerate(read) if listing.key in keys}


def _likenesses(zone: ZoneInfo) -> tuple[Likeness, ...]:
    return (
        lambda x: (x.key.uid, x.when.first_day(zone)),
        lambda x: x.key.uid,
        _content(zone),
        lambda x: (x.url, title_key(x.title)) if x.url else None,
    )


def _content(zone: ZoneInfo) -> Callable[[Listing], tuple[str, ...]]:
    def likeness(listing: Listing) -> tuple[str, ...]:
        start = listing.when.start
        stamp = start.astimezone(zone).isoformat() if isinstance(start, datetime) else start.isoformat()
        return title_key(listing.title), stamp, title_key(_place(listing))

    return likeness


def _place(listing: Listing) -> str:
    where = listing.location
    return (where.name or where.address or "") if where else ""


def _unique_pairs(
    stored: Iterable[StoredListing], read: Sequence[Listing], same: dict[int, StoredListing], likeness: Likeness
) -> dict[int, StoredListing]:
    taken = {s.id for s in same.values()}
    left = _groups(((s, s.listing) for s in stored if s.id not in taken), likeness)
    right = _groups(((at, x) for at, x in enumerate(read) if at not in same), likeness)
    return {
        right[value][0]: left[value][0]
        for value in right
        if value in left and len(right[value]) == 1 and len(left[value]) == 1
    }


def _groups(items: Iterable[tuple[K, Listing]], likeness: Likeness) -> dict[Hashable, list[K]]:
    groups: dict[Hashable, list[K]] = defaultdict(list)
    for item, listing in items:
        value = likeness(listing)
        if value is not None:
            groups[value].append(item)
    return groups
