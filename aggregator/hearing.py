"""What an answer tells, made fit to be compared with what is stored: nothing of our own, no key used twice. Pure.

It pairs nothing and decides nothing; that is `pairing` and `plan`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator.model import Chunk, Draft, Key, Listing, Problem, Reading
from aggregator.pairing import title_key
from aggregator.state import Suggestion
from aggregator.text import clean_text

SUGGESTED = 100  # suggestions kept of a source: more than staff look at


def fit(reading: Reading, known: Mapping[str, Chunk], minted: Collection[str]) -> Reading:
    """The answer without events that carry an id of ours (A40), and without pieces that a cut made smaller.

    A piece that is known to hold more components than came is told as unchanged: of two that speak of one date
    the older may be left (law 5).
    """
    chunks = []
    for chunk in reading.chunks:
        stored = known.get(chunk.key)
        if reading.damaged and stored is not None and chunk.counts.read < stored.counts.read:
            chunks.append(replace(stored, listings=None))
        else:
            chunks.append(_without_own(chunk, minted))
    return replace(reading, chunks=tuple(chunks))


def listings(
    reading: Reading, standing: Sequence[Listing], keyed: Callable[[Listing], Listing]
) -> list[tuple[str, Listing]]:
    """What is told anew, each with its chunk and a key that nothing else in the answer has, in the order of keys.

    Where several share a key (C07), the stated start tells them apart, then the title; what is alike in all three
    is told twice. `standing` is what the rest of the answer tells unchanged.
    """
    taken = {x.key for x in standing}
    twice = set(map(_whole, standing))
    told = [(chunk.key, keyed(x)) for chunk in reading.chunks for x in chunk.listings or () if _whole(x) not in twice]
    for apart in (_by_start, _by_title):
        times = Counter(x.key for _, x in told)
        told = [(chunk, replace(x, key=apart(x)) if times[x.key] > 1 or x.key in taken else x) for chunk, x in told]
    found: dict[Key, tuple[str, Listing]] = {}
    for chunk, x in sorted(told, key=lambda one: (str(one[1].key), one[1].digest, one[0])):
        found.setdefault(x.key, (chunk, x))
    return list(found.values())


def suggestions(
    reading: Reading, before: Sequence[Suggestion], zone: ZoneInfo, dismissed: Collection[str] = ()
) -> tuple[Suggestion, ...]:
    """What waits for staff after an answer: what it tells now, then what its unread pieces told before.

    What a damaged answer does not hold waits on, as its events do. What was `dismissed` does not come again.
    """
    fresh = [_suggestion(chunk.key, draft, zone) for chunk in reading.chunks for draft in chunk.suggestions]
    read = {chunk.key for chunk in reading.chunks if chunk.listings is not None}
    told = {chunk.key for chunk in reading.chunks}
    rest = [one for one in before if one.chunk not in read and (reading.damaged or one.chunk in told)]
    return tuple(one for one in (*fresh, *rest) if one.name not in dismissed)[:SUGGESTED]


def _suggestion(chunk: str, draft: Draft, zone: ZoneInfo) -> Suggestion:
    place = draft.location
    reason = draft.notes[-1] if draft.notes else Problem("date-unsure")
    return Suggestion(
        chunk=chunk,
        title=clean_text(draft.title or "", limit=200),
        start=_local(draft.start, zone).isoformat() if draft.start else "",
        url="".join(sign for sign in draft.url or "" if sign.isprintable())[:2000],
        place=clean_text((place.name if place else None) or "", limit=200),
        reason=reason.code,
        detail=reason.detail,
    )


def _local(start: datetime | date, zone: ZoneInfo) -> datetime | date:
    return start.astimezone(zone) if isinstance(start, datetime) and start.tzinfo else start


def _without_own(chunk: Chunk, minted: Collection[str]) -> Chunk:
    own = [x for x in chunk.listings or () if x.key.uid in minted]
    if not own:
        return chunk
    rest = tuple(x for x in chunk.listings or () if x.key.uid not in minted)
    counts = chunk.counts
    if not rest:
        counts = replace(counts, inside=0, refused=counts.refused + counts.inside)
    problems = (*chunk.problems, *(Problem("own-event", x.title) for x in own))
    return replace(chunk, listings=rest, problems=problems, counts=counts)


def _whole(listing: Listing) -> tuple[str, str, str]:
    return listing.key.uid, listing.stated.start, title_key(listing.title)


def _by_start(listing: Listing) -> Key:
    return replace(listing.key, recurrence=listing.key.recurrence or listing.stated.start)


def _by_title(listing: Listing) -> Key:
    return replace(listing.key, recurrence=f"{listing.key.recurrence or ''}#{title_key(listing.title)}")
