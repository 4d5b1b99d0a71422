"""Why an event is or is not shown: told by whom, merged for which reasons, published or dropped at which stage.

Reads only; the words are the caller's. An event is found by its id, an address of ours that holds the id, a listing's
`source/uid` or number, the address of its page at a source, or words of its title; a source by its id or address.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aggregator import match
from aggregator.kit import Kit, ground_of
from aggregator.match import Pair
from aggregator.model import Event, Problem, StoredListing
from aggregator.pasting import pasted
from aggregator.state import SourceState, Suggestion
from aggregator.store import Store
from aggregator.text import canonical_url

MOST = 10  # events explained at once; more words narrow it
_OURS = re.compile(
    r"/(?:evenemang|events)/([0-9A-Za-z]{26})(?:\.\w+)?/?(?:[?#].*)?\Z"
)  # page, file and API of an event


@dataclass(frozen=True, slots=True)
class Explained:
    """One event (or None for listings that tell none), who tells it, and the pairs that hold or were not enough."""

    event: Event | None
    redirect: str | None
    listings: tuple[StoredListing, ...]
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """An item that a source told and that was not taken, or was taken with a note."""

    source: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a source told and staff are to decide."""

    source: str
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that is known about what was asked; `silent` are the sources whose last answer told nothing we could use.

    `sources` are those that were asked for, and those that tell the events: how each was fetched and read.
    """

    events: tuple[Explained, ...]
    refused: tuple[Refused, ...]
    silent: tuple[SourceState, ...]
    more: int = 0
    waiting: tuple[Waiting, ...] = ()
    sources: tuple[SourceState, ...] = ()


def explain(store: Store, kit: Kit, asked: str, now: datetime) -> Explanation:
    """Everything that is known about an id, an address or words of a title."""
    states = store.sources()
    asked_for = {state.id for state in states if _is_source(kit, state, asked)}
    found = _named(store, kit, asked) or _searched(kit, states, asked, asked_for, now)
    groups = _by_event(found)
    told = tuple(_explained(store, kit, id, members, now) for id, members in groups[:MOST])
    refused = tuple(
        Refused(state.id, problem)
        for state in states
        for problem in state.problems
        if state.id in asked_for or _has_words(f"{problem.item} {problem.detail}", asked)
    )
    waiting = tuple(
        Waiting(state.id, one)
        for state in states
        for one in state.suggestions
        if state.id in asked_for or _has_words(f"{one.title} {one.place} {one.url}", asked)
    )
    silent = tuple(state for state in states if state.error or state.held or state.paused or state.removed)
    ways = asked_for | {stored.listing.key.source for one in told for stored in one.listings}
    on_the_way = tuple(state for state in states if state.id in ways)
    return Explanation(told, refused, silent, max(0, len(groups) - MOST), waiting, on_the_way)


def _is_source(kit: Kit, state: SourceState, asked: str) -> bool:
    """Whether a source itself is asked for, by its id or by an address of its."""
    source = kit.config.source(state.id)
    addresses = {state.url, source.url if source else None} - {None}
    return asked == state.id or any(_same_page(address, asked) for address in addresses)


def _same_page(address: str | None, asked: str) -> bool:
    return bool(address) and _is_address(asked) and canonical_url(str(address)) == canonical_url(pasted(asked))


def _is_address(asked: str) -> bool:
    return "://" in asked or ("." in asked and "/" in asked and " " not in asked.strip())


def _named(store: Store, kit: Kit, asked: str) -> list[StoredListing]:
    """What an id names, bare or in an address of ours."""
    ours = _OURS.search(asked.strip())
    asked = ours[1].upper() if ours else asked.strip()
    members = store.listings([store.redirect(asked) or asked])
    listing = kit.ledger.find_listing(asked)
    return next(iter(members.values())) or ([listing] if listing else _withdrawn(kit, asked))


def _withdrawn(kit: Kit, event: str) -> list[StoredListing]:
    with kit.ledger.view() as view:
        return view.members([event])


def _searched(
    kit: Kit, states: Iterable[SourceState], asked: str, asked_for: set[str], now: datetime
) -> list[StoredListing]:
    """Listings with all the words in title, address or UID, or of a source: told now first, then those to come."""
    found = [
        stored
        for state in states
        for stored in kit.ledger.stored(state.id).listings
        if state.id in asked_for
        or _same_page(stored.listing.url, asked)
        or _has_words(f"{stored.listing.title} {stored.listing.url or ''} {stored.listing.key.uid}", asked)
    ]

    def order(stored: StoredListing) -> tuple[bool, bool, datetime, int]:
        over = stored.listing.when.over(kit.zone)
        return stored.withdrawn is not None, over < now, over, stored.id

    return sorted(found, key=order)


def _by_event(found: Sequence[StoredListing]) -> list[tuple[str, list[StoredListing]]]:
    groups: dict[str, list[StoredListing]] = {}
    for stored in found:
        groups.setdefault(stored.event or f"listing {stored.id}", []).append(stored)
    return list(groups.items())


def _explained(store: Store, kit: Kit, id: str, found: Sequence[StoredListing], now: datetime) -> Explained:
    event = store.event(id)
    with kit.ledger.view() as view:
        members = sorted(view.members([id]) or found, key=lambda s: str(s.listing.key))
        ground = ground_of(kit, now, view)
        told = [s for s in members if s.withdrawn is None]
        features = [match.prepare(s, ground.sources[s.listing.key.source], ground.rules) for s in told]
        units = match.units(features)
        outside = [p for p in view.edges(units) if not (p.a in units and p.b in units)]
    inside = [
        Pair(a, b, match.compare(units[a], units[b], ground.statistics, ground.rules), "merge")
        for a in sorted(units)
        for b in sorted(units)
        if a < b
    ]
    return Explained(event, store.redirect(id), tuple(members), (*inside, *outside))


def _has_words(text: str, asked: str) -> bool:
    folded = text.casefold()
    words = asked.casefold().split()
    return bool(words) and all(word in folded for word in words)
