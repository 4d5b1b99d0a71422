"""How an event was put together, in words for the one who announces it: who tells it, and why it is one event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aggregator.errors import StoreError
from aggregator.match import Pair
from aggregator.model import Event, StoredListing
from aggregator.reasons import words
from aggregator.render import prose
from aggregator.web.site import Desk

MOST = 12  # sources that are named; of a run its dates are one
REASONS = 4  # of a pair: what weighs most


def put_together(event: Event, desk: Desk, language: str) -> list[dict[str, Any]]:
    """Each source's word with the reasons for taking it as the same event; empty where only one source tells it.

    Where the store can't be asked at this moment the page does without.
    """
    if len(event.content.sources) < 2:
        return []
    try:
        told = _one_a_source(desk.store.listings([event.id])[event.id])
        pairs = desk.store.pairs(stored.id for stored in told)
    except StoreError:
        return []
    return [_row(stored, _best(stored, told, pairs), desk, language) for stored in told[:MOST]]


def _one_a_source(listings: Sequence[StoredListing]) -> list[StoredListing]:
    """The first of each source and run: the dates of a run are told once."""
    firsts: dict[tuple[str, str], StoredListing] = {}
    for stored in sorted(listings, key=lambda s: s.id):
        firsts.setdefault((stored.listing.key.source, stored.run or str(stored.id)), stored)
    return sorted(firsts.values(), key=lambda s: str(s.listing.key))


def _best(stored: StoredListing, told: Sequence[StoredListing], pairs: Sequence[Pair]) -> Pair | None:
    """The pair that speaks most for this listing among those of the event."""
    members = {other.id for other in told}
    mine = [p for p in pairs if stored.id in (p.a, p.b) and {p.a, p.b} <= members]
    return max(mine, key=lambda p: (p.evidence.score, -p.a, -p.b), default=None)


def _row(stored: StoredListing, pair: Pair | None, desk: Desk, language: str) -> dict[str, Any]:
    names: Mapping[str, str] = desk.site.names
    source = stored.listing.key.source
    speaking = sorted((r for r in pair.evidence.reasons if r.weight > 0), key=lambda r: -r.weight) if pair else []
    return {
        "name": names.get(source, source),
        "title": stored.listing.title,
        "when": prose.time_line(stored.listing.when, desk.site.zone, language, year=True),
        "url": stored.listing.url or "",
        "reasons": list(dict.fromkeys(words(r.name, language) for r in speaking))[:REASONS],
    }
