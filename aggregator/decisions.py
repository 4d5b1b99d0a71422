"""What staff decide, from the words they use to what is stored: an id may be an event's or a listing's.

A decision is pinned on listings, so that it outlives every refetch, every change of key and every new merge.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import corrections, merge
from aggregator.errors import UsageError
from aggregator.kit import Kit, ground_of
from aggregator.model import Decision, StoredListing
from aggregator.store import Store
from aggregator.weave import reweave


@dataclass(frozen=True, slots=True)
class Desk:
    """Where decisions are taken: the store, the kit that carries them out, who decides, and when.

    `since` is the newest decision that was known when the choice was shown: a newer one about the same listings, and
    nothing is decided (Overtaken). None: the later word holds, whatever was said before.
    """

    store: Store
    kit: Kit
    by: str
    now: datetime
    since: int | None = None


def pair(desk: Desk, kind: str, first: str, second: str) -> Decision:
    """Decide that two ids tell the same event, or different ones. Raises UsageError for ids that say nothing.

    Each of the first's listings is told the same as, or kept from, each of the second's: a word on one of each alone
    would tear that one out of its event wherever the rules keep the others apart.
    """
    ones, others = _named(desk, first), _named(desk, second)
    if {s.id for s in ones} & {s.id for s in others}:
        raise UsageError(f"{first} and {second} name the same listing; name two listings of the event, or two events")
    listings = tuple(s.id for s in (*ones, *others))
    return _carried(desk, _pinned(desk, kind, listings, None, str(len(ones))))


def split(desk: Desk, listing: int) -> Decision:
    """Take one source's word out of the event that it is merged into; its own dates of a run go with it.

    Raises UsageError where nobody else tells that event.
    """
    (one,) = _named(desk, str(listing))
    told = desk.store.listings([one.event])[one.event] if one.event else []
    mine = [s for s in told if s.id == one.id or (one.run is not None and _told_with(s) == _told_with(one))]
    rest = [s for s in told if s not in mine]
    if not rest:
        raise UsageError(f"{listing} is not merged with anything")
    listings = tuple(s.id for s in (*mine, *rest))
    return _carried(desk, _pinned(desk, "different", listings, None, str(len(mine))))


def _told_with(stored: StoredListing) -> tuple[str, str | None]:
    return stored.listing.key.source, stored.run


def hide(desk: Desk, id: str) -> Decision:
    """Take an event out of everything public, whatever its sources say."""
    return _single(desk, "hide", id, None, None)


def correct(desk: Desk, id: str, field: str, value: str) -> Decision:
    """Give a field of an event another value than its sources do; it stays until it is undone.

    Raises UsageError for a field that can't be corrected and for a value that has no meaning in it.
    """
    ground = ground_of(desk.kit, desk.now)
    try:
        corrections.read(field, value, ground.rules.places, ground.zone)
    except ValueError as error:
        raise UsageError(str(error)) from error
    return _single(desk, "correct", id, field, value)


def choose(desk: Desk, id: str, field: str, source: str) -> Decision:
    """Take a field of an event from one source, whatever its role."""
    if field not in merge.CHOSEN_FIELDS:
        raise UsageError(f"{field} is no field to choose; these are: {', '.join(sorted(merge.CHOSEN_FIELDS))}")
    members = _named(desk, id)
    if source not in {s.listing.key.source for s in members}:
        raise UsageError(f"{source} tells nothing of this event")
    return _single(desk, "choose", id, field, source)


def undo(desk: Desk, number: int) -> Decision:
    """Take a decision back; what it changed becomes as the rules say. Raises UsageError where there is none."""
    undone = desk.kit.ledger.undo(number, desk.now)
    if undone is None:
        raise UsageError(f"there is no decision {number} in force")
    return _carried(desk, undone)


def _single(desk: Desk, kind: str, id: str, field: str | None, value: str | None) -> Decision:
    return _carried(desk, _pinned(desk, kind, (_head(_named(desk, id)).id,), field, value))


def _named(desk: Desk, id: str) -> Sequence[StoredListing]:
    """The listings that an id names: all of an event, or one listing by `source/uid[/recurrence]` or by number."""
    told = desk.store.listings([desk.store.redirect(id) or id])
    members = next(iter(told.values()))
    if members:
        return members
    found = desk.kit.ledger.find_listing(id)
    if found is None:
        raise UsageError(f"{id} is no event and no listing that is told now")
    return [found]


def _head(members: Sequence[StoredListing]) -> StoredListing:
    return min(members, key=lambda s: s.id)


def _pinned(desk: Desk, kind: str, listings: tuple[int, ...], field: str | None, value: str | None) -> Decision:
    decision = Decision(id=0, kind=kind, listings=listings, field=field, value=value, made=desk.now, by=desk.by)
    return replace(decision, id=desk.kit.ledger.decide(decision, desk.since))


def _carried(desk: Desk, decision: Decision) -> Decision:
    """Match and merge again what the decision is about."""
    with desk.kit.deciding:
        desk.kit.ledger.rewrite(
            lambda view: reweave(decision.listings, view, ground_of(desk.kit, desk.now, view)), desk.now
        )
    return decision
