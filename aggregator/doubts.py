"""The possible duplicates in the order in which staff should see them: those that most likely are one event first.

A source that stands on both sides tells two events, mostly: such pairs come last. Among equals the score of the two
members that fit best decides. (Measured by `benchmarks/possible.py`; the two that fit worst, or the mean of all,
order no better.) It decides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator.kit import pairwise
from aggregator.match import Pair
from aggregator.model import StoredListing
from aggregator.store import Store

LOOKED_AT = 300  # pairs that are ordered, of those with the highest scores: staff never see more in one sitting
Side = tuple[StoredListing, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A possible pair with all that tell either side, the listing of the pair first."""

    pair: Pair
    first: Side
    second: Side

    @property
    def both(self) -> frozenset[str]:
        """The sources that stand on both sides."""
        return frozenset(_sources(self.first) & _sources(self.second))

    @property
    def name(self) -> str:
        """What the pair is called in an address."""
        return f"{self.pair.a}-{self.pair.b}"


def waiting(store: Store, now: datetime) -> list[Doubt]:
    """What waits for staff's word, the likeliest first."""
    found, apart = _doubts(store.review.possible(now, LOOKED_AT), store)
    firsts: dict[frozenset[object], Doubt] = {}
    for doubt in sorted(found, key=order):
        if not _said(doubt, apart):
            firsts.setdefault(_events(doubt), doubt)
    return list(firsts.values())


def one(store: Store, a: int, b: int) -> Doubt | None:
    """One pair, whatever was said of it; None where nothing is kept of it any more."""
    pair = store.review.pair(*sorted((a, b)))
    return next(iter(_doubts([pair], store)[0]), None) if pair else None


def _events(doubt: Doubt) -> frozenset[object]:
    """What is asked about: two events are one question, however many pairs of theirs are kept."""
    return frozenset(side[0].event or side[0].id for side in (doubt.first, doubt.second))


def order(doubt: Doubt) -> tuple[int, float, int, int]:
    """By how many sources stand on both sides, then by score; what is left is decided by ids, so that it stays."""
    return len(doubt.both), -doubt.pair.evidence.score, doubt.pair.a, doubt.pair.b


def _doubts(pairs: Sequence[Pair], store: Store) -> tuple[list[Doubt], set[frozenset[int]]]:
    """The pairs with both their sides, and what staff have told apart."""
    sides = _sides(pairs, store)
    apart = {frozenset(d.listings) for d in pairwise(store.ledger.decisions()) if d.kind == "different"}
    return [Doubt(pair, *both) for pair, both in zip(pairs, sides, strict=True) if all(both)], apart


def _said(doubt: Doubt, apart: set[frozenset[int]]) -> bool:
    """Whether staff told any two of the sides apart: who joined one of them since asks nothing anew."""
    return any(frozenset((a.id, b.id)) in apart for a in doubt.first for b in doubt.second)


def _sources(side: Side) -> set[str]:
    return {stored.listing.key.source for stored in side}


def _sides(pairs: Sequence[Pair], store: Store) -> list[tuple[Side, Side]]:
    """For each pair those that tell the event of either of its listings; a listing without event is alone."""
    ends = store.review.listings(id for pair in pairs for id in (pair.a, pair.b))
    members = store.listings({s.event for s in ends.values() if s.event})

    def side(id: int) -> Side:
        end = ends.get(id)
        if end is None or end.withdrawn is not None:
            return ()
        return tuple(sorted(members.get(end.event or "", [end]), key=lambda s: (s.id != id, s.id)))

    return [(side(pair.a), side(pair.b)) for pair in pairs]
