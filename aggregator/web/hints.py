"""What is in the calendar already beside an event that is being typed: perhaps the same one, and what else is on then.

Only what everybody can read is looked at, and nothing is decided: whether two are one is for matching and for staff.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz

from aggregator.model import Location, When
from aggregator.phrases import fold
from aggregator.places import Registry
from aggregator.shelf import Entry, Shelf
from aggregator.slugs import slug

NEAR = timedelta(hours=4)  # between two starts that may be one event
ALIKE = 80.0  # of 100: "Vårkonsert med kören" and "Körens vårkonsert"
SHORTEST = 4  # letters of a title that says anything
MOST = 5  # hints of a kind; more nobody reads
LASTS = timedelta(hours=2)  # of an event whose end nobody tells


@dataclass(frozen=True, slots=True)
class Typed:
    """What is known of the event so far; texts may be empty."""

    when: When
    title: str = ""
    place: str = ""
    audience: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Hints:
    """`same`: it may be there already. `clash`: what else the same people may want to go to at that time."""

    same: Sequence[Entry] = ()
    clash: Sequence[Entry] = ()


def hints(shelf: Shelf, typed: Typed, places: Registry, zone: ZoneInfo) -> Hints:
    """The nearest first, then in order of start."""
    day = typed.when.first_day(zone).toordinal()
    around = [e for e in shelf.entries if e.shown and e.first <= day + 1 and e.last >= day - 1]
    ids = places.resolve(Location(name=typed.place)) if typed.place else frozenset()
    same = [e for e in around if _near(e, typed, zone) and (_titled(e, typed) or _placed(e, typed, ids))]
    same.sort(key=lambda e: (not (_titled(e, typed) and _placed(e, typed, ids)), not _titled(e, typed), e.order))
    taken = {e.event.id for e in same}
    clash = [e for e in around if e.event.id not in taken and _wanted(e, typed) and _overlaps(e, typed, zone)]
    return Hints(same[:MOST], clash[:MOST])


def _near(entry: Entry, typed: Typed, zone: ZoneInfo) -> bool:
    """Within four hours of the start; where one of both tells only days, on one day."""
    other = entry.event.content.when
    if other.all_day or typed.when.all_day or entry.ongoing:
        return entry.first <= typed.when.first_day(zone).toordinal() <= entry.last
    return abs(other.begins(zone) - typed.when.begins(zone)) <= NEAR


def _titled(entry: Entry, typed: Typed) -> bool:
    mine, other = fold(typed.title), fold(entry.event.content.title)
    return len(mine) >= SHORTEST and fuzz.token_set_ratio(mine, other) >= ALIKE


def _placed(entry: Entry, typed: Typed, ids: frozenset[str]) -> bool:
    where = entry.event.content.location
    if where is None or not typed.place:
        return False
    return where.place in ids or fold(where.name or "") == fold(typed.place)


def _wanted(entry: Entry, typed: Typed) -> bool:
    """Whether it is for the same people; where nobody says for whom, of the same kind."""
    if typed.audience:
        return slug(typed.audience) in entry.ids["audience"]
    return bool(typed.category) and slug(typed.category) in entry.ids["category"] and not entry.ongoing


def _overlaps(entry: Entry, typed: Typed, zone: ZoneInfo) -> bool:
    other = entry.event.content.when
    if other.all_day or typed.when.all_day:
        return entry.first <= typed.when.first_day(zone).toordinal() <= entry.last and not entry.ongoing
    return other.begins(zone) < _ends(typed.when, zone) and typed.when.begins(zone) < _ends(other, zone)


def _ends(when: When, zone: ZoneInfo) -> datetime:
    return when.end if isinstance(when.end, datetime) else when.begins(zone) + LASTS
