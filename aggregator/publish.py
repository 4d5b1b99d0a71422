"""Old event + new merge → the event as it is published now, and what is told of the change. Pure.

SEQUENCE grows when time, place or status changes, once per round: what changes in the very round in which the
event is first told is still its first telling.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from aggregator.codec import moment_text
from aggregator.identity import MERGED
from aggregator.merge import Merged
from aggregator.model import Event, Location, Status, When

MOVED_TOLD = timedelta(days=30)  # so long the old time of a moved event is told beside the new one


class Kind(StrEnum):
    """What the change feeds tell."""

    ADDED = "added"
    MOVED = "moved"
    PLACE = "place"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    FILLED = "filled"  # the first fill of a source, told as one


@dataclass(frozen=True, slots=True)
class Change:
    """One line of the change feeds; `old` and `new` are the values that changed, as ISO or plain text."""

    event: str
    kind: Kind
    title: str
    old: str = ""
    new: str = ""


def first(id: str, merged: Merged, founder: int, series: str | None, now: datetime, told: datetime) -> Event:
    """An event told for the first time; `told` is earlier than `now` where the moving window brought it."""
    return Event(
        id=id,
        content=merged.content,
        version=0,
        created=now,
        changed=now,
        told=told,
        founder=founder,
        series=series,
        provenance=merged.provenance,
        conflicts=merged.conflicts,
    )


def again(old: Event, merged: Merged, series: str | None, now: datetime, *, quiet: bool = False) -> Event:
    """The event after a new merge; the very same value where nothing is new.

    `quiet`: only the moving window brought dates (the last day of an open run), which is no news and no move.
    """
    new = replace(
        old,
        content=merged.content,
        series=series,
        provenance=merged.provenance,
        conflicts=merged.conflicts,
        withdrawn=None,
        reason=None,
    )
    if new == old:
        return old
    if not _public(old, new):
        return new
    if quiet and old.withdrawn is None and old.content.when.start == new.content.when.start:
        return replace(new, changed=now)
    new = replace(new, changed=now, told=now)
    if _moment(old) == _moment(new) and old.withdrawn is None:
        return new
    return _moved(old, replace(new, sequence=old.sequence + (old.created != now)), now)


def withdrawn(old: Event, now: datetime, reason: str) -> Event:
    """The event after its last listing went, or after its id was merged away."""
    return replace(old, withdrawn=now, reason=reason, changed=now, sequence=old.sequence + (old.created != now))


def settled(event: Event, now: datetime) -> Event:
    """The event without the old time, once that has been told long enough; else the same value."""
    if event.moved_at is None or now - event.moved_at < MOVED_TOLD:
        return event
    return replace(event, moved_from=None, moved_at=None, changed=now)


def changes(old: Event | None, new: Event) -> tuple[Change, ...]:
    """What the change feeds tell of it; nothing for a mere correction of text."""
    title = new.content.title
    if old is not None and old.created == new.changed and new.withdrawn is None:
        return ()  # still the round in which it was first told
    if old is None:
        return (Change(new.id, Kind.ADDED, title, "", _time(new.content.when)),)
    if new.withdrawn is not None:
        return () if new.reason == MERGED else (Change(new.id, Kind.WITHDRAWN, title, _time(old.content.when)),)
    if old.withdrawn is not None:
        return () if old.reason == MERGED else (Change(new.id, Kind.RETURNED, title, "", _time(new.content.when)),)
    found = []
    if _is_move(old.content.when, new.content.when):
        found.append(Change(new.id, Kind.MOVED, title, _time(old.content.when), _time(new.content.when)))
    if _place(old) != _place(new):
        found.append(Change(new.id, Kind.PLACE, title, _place(old), _place(new)))
    if (old.content.status is Status.CANCELLED) != (new.content.status is Status.CANCELLED):
        kind = Kind.CANCELLED if new.content.status is Status.CANCELLED else Kind.RESTORED
        found.append(Change(new.id, kind, title, old.content.status.value, new.content.status.value))
    return tuple(found)


def _moved(old: Event, new: Event, now: datetime) -> Event:
    if not _is_move(old.content.when, new.content.when) or old.created == now:
        return new
    if new.content.when == old.moved_from:
        return replace(new, moved_from=None, moved_at=None)
    return replace(new, moved_from=old.moved_from or old.content.when, moved_at=now)


def _is_move(old: When, new: When) -> bool:
    """Whether it happens at another time. What was not known before, an end or the hour of a day, is no move."""
    if old.all_day != new.all_day:
        return _date(old.start) != _date(new.start)
    return old.start != new.start or (old.end is not None and new.end is not None and old.end != new.end)


def _date(start: datetime | date) -> date:
    return start.date() if isinstance(start, datetime) else start


def _public(old: Event, new: Event) -> bool:
    """Whether anything changed that a feed shows; provenance is told in the API only."""
    return (old.content, old.series, old.withdrawn is None) != (new.content, new.series, new.withdrawn is None)


def _moment(event: Event) -> tuple[When, Location | None, Status]:
    return event.content.when, event.content.location, event.content.status


def _time(when: When) -> str:
    parts = [when.start] if when.end is None else [when.start, when.end]
    return "/".join(map(moment_text, parts))


def _place(event: Event) -> str:
    where = event.content.location
    return ", ".join(part for part in (where.name, where.address, where.locality) if part) if where else ""
