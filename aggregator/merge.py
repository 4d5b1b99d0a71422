"""A cluster of listings → what is published of the event. It chooses among told values and never invents one.

Per field: a staff correction, then the source staff chose, then the roles in the order of `model.Role`; within a
role the listing whose content changed last, then the smallest key. Rules of their own: tickets win price and ticket
link, a timed start beats all-day (`chosen_time`), the most specific place wins, a cancellation counts by who says it.
Never the longest text, a union of dates, or a yes because anybody said yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator import corrections
from aggregator.chosen_time import timing
from aggregator.model import (
    Conflict,
    Content,
    Decision,
    Location,
    Price,
    Provenance,
    Role,
    Source,
    Status,
    StoredListing,
    When,
)
from aggregator.places import Registry
from aggregator.text import canonical_url

RANK = {role: number for number, role in enumerate(Role)}
OWNERS = frozenset({Role.ORGANIZER, Role.VENUE, Role.MUNICIPALITY})  # one of them is enough to cancel
VOICES = 2  # others that must agree
LINKS = 10  # further links of an event
PLAIN_FIELDS = (
    "title",
    "organizer",
    "url",
    "image",
    "audience",
    "age",
    "language",
    "accessible",
    "layer",
    "previous_start",
)
CHOSEN_FIELDS = frozenset(PLAIN_FIELDS) | frozenset(
    {"when", "status", "location", "description", "categories", "price", "ticket_url"}
)  # those for which staff may choose a source
STAFF = "staff"
Get = Callable[[StoredListing], Any]  # Any: each field has a type of its own


@dataclass(frozen=True, slots=True)
class Merged:
    """The content of an event with where each field comes from and what lost."""

    content: Content
    provenance: tuple[Provenance, ...]
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    value: Any
    member: StoredListing | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class _Cluster:
    """The ranked listings with what is needed to judge them."""

    ranked: tuple[StoredListing, ...]
    sources: Mapping[str, Source]
    places: Registry
    chosen: Mapping[str, str]  # field → source that staff chose for it
    zone: ZoneInfo

    def role(self, member: StoredListing) -> Role:
        source = self.sources.get(member.listing.key.source)
        return source.role if source else Role.MEDIA

    def order(self, field: str) -> Sequence[StoredListing]:
        """The listings in the order in which they are asked for a field."""
        source = self.chosen.get(field)
        return sorted(self.ranked, key=lambda member: member.listing.key.source != source) if source else self.ranked


def merge(
    members: Sequence[StoredListing],
    sources: Mapping[str, Source],
    places: Registry,
    decisions: Sequence[Decision],
    zone: ZoneInfo,
) -> Merged:
    """Merge listings of one event; the order of `members` changes nothing. Raises ValueError when there is none."""
    if not members:
        raise ValueError("an event has at least one listing")
    made = sorted((d for d in decisions if d.undone is None), key=lambda d: (d.made, d.id))
    choices = {d.field: d.value for d in made if d.kind == "choose" and d.field and d.value}
    cluster = _Cluster(_ranked(members, sources), sources, places, choices, zone)
    fields, conflicts = _fields(cluster)
    fields |= _corrected(made, cluster)
    return Merged(_content(fields, cluster), tuple(_provenance(fields)), tuple(dict.fromkeys(conflicts)))


def _ranked(members: Sequence[StoredListing], sources: Mapping[str, Source]) -> tuple[StoredListing, ...]:
    def rank(member: StoredListing) -> tuple[int, float, str]:
        source = sources.get(member.listing.key.source)
        return RANK[source.role if source else Role.MEDIA], -member.changed.timestamp(), str(member.listing.key)

    return tuple(sorted(members, key=rank))


def _fields(cluster: _Cluster) -> tuple[dict[str, _Choice], list[Conflict]]:
    fields = {name: _first(cluster.order(name), _told(name)) for name in PLAIN_FIELDS}
    fields |= _prose(cluster)
    fields["categories"] = _first(cluster.order("categories"), lambda m: m.listing.categories or None)
    time_fields, conflicts = _time(cluster)
    fields |= time_fields
    fields["status"], status_conflicts = _status(cluster)
    fields["location"], location_conflicts = _location(cluster)
    fields |= {name: _sold(cluster, name) for name in ("price", "ticket_url")}
    conflicts += [*status_conflicts, *location_conflicts, *_prices_apart(cluster, fields["price"].value)]
    return fields, conflicts


def _told(name: str) -> Get:
    return lambda member: getattr(member.listing, name)


def _first(members: Sequence[StoredListing], get: Get, rule: str = "role") -> _Choice:
    """The first value that is told."""
    return next((_Choice(value, m, rule) for m in members if (value := get(m)) is not None), _Choice(None))


def _prose(cluster: _Cluster) -> dict[str, _Choice]:
    """Description and its HTML come from one listing."""
    description = _first(cluster.order("description"), lambda m: m.listing.description or m.listing.html)
    if description.member is None:
        return {}
    listing = description.member.listing
    return {
        "description": _Choice(listing.description, description.member, "role"),
        "html": _Choice(listing.html, description.member, "role"),
    }


def _time(cluster: _Cluster) -> tuple[dict[str, _Choice], list[Conflict]]:
    roles = {id: source.role for id, source in cluster.sources.items()}
    told = timing(cluster.order("when"), roles, cluster.zone)
    fields = {"when": _Choice(told.when, told.member, told.rule), "ongoing": _Choice(told.ongoing)}
    if told.end_member is not None:
        fields["end"] = _Choice(told.when.end, told.end_member, "first told end of this start")
    if told.hours is not None:
        fields["hours"] = _Choice(told.hours, told.member, "span")
    if told.doors is not None:
        fields["doors"] = _Choice(told.doors, told.doors_member, "doors")
    return fields, list(told.conflicts)


def _status(cluster: _Cluster) -> tuple[_Choice, list[Conflict]]:
    """Who says it counts: the highest, any owner, or two others. Silence never contradicts."""
    voices = dict(_voices(cluster))
    said = {status: [m for m in voices.values() if m.listing.status is status] for status in Status}
    for status in (Status.CANCELLED, Status.POSTPONED, Status.MOVED, Status.MOVED_ONLINE, Status.TENTATIVE):
        speakers = said[status]
        if speakers and (reason := _enough(speakers, cluster)):
            return _Choice(status, speakers[0], reason), []
    top = cluster.ranked[0]
    quiet = [m for m in voices.values() if m.listing.status is not Status.SCHEDULED]
    return _Choice(Status.SCHEDULED, top, "role"), [
        Conflict("status", m.listing.key.source, m.listing.status.value) for m in quiet
    ]


def _voices(cluster: _Cluster) -> Iterator[tuple[str, StoredListing]]:
    """One voice a source: of several dates of a run only what all of them say; one cancelled day cancels no run."""
    by_source: dict[str, list[StoredListing]] = {}
    for member in cluster.order("status"):
        by_source.setdefault(member.listing.key.source, []).append(member)
    for source, members in by_source.items():
        going_on = [m for m in members if m.listing.status is Status.SCHEDULED]
        yield source, (going_on or members)[0]


def _enough(speakers: Sequence[StoredListing], cluster: _Cluster) -> str | None:
    if speakers[0].listing.key.source == cluster.order("status")[0].listing.key.source:
        return "the highest says so"
    if any(cluster.role(member) in OWNERS for member in speakers):
        return "an owner says so"
    return f"{len(speakers)} others say so" if len(speakers) >= VOICES else None


def _location(cluster: _Cluster) -> tuple[_Choice, list[Conflict]]:
    """The most specific place that is told, the higher role among equals; a known place is written our way."""
    told = [(m, cluster.places.resolve(m.listing.location)) for m in cluster.order("location") if m.listing.location]
    if not told:
        return _Choice(None), []
    chosen = cluster.chosen.get("location")
    member, ids = min(
        told, key=lambda pair: (pair[0].listing.key.source != chosen, -_specific(pair[0].listing.location, pair[1]))
    )
    location = _written(member.listing.location, ids, cluster.places)
    rooms = (m.listing.location.room for m, other in told if m.listing.location and other == ids)
    room = next((room for room in rooms if room), None)
    apart = [m for m, other in told if other and ids and not other & ids]
    value = corrections.with_room(location, room)
    conflicts = [Conflict("location", m.listing.key.source, _name(m.listing.location)) for m in apart]
    return _Choice(value, member, "most specific"), conflicts


def _specific(location: Location | None, ids: frozenset[str]) -> int:
    if location is None:
        return 0
    if len(ids) == 1:
        return 5
    if location.name and location.address:
        return 4
    if location.address or (location.name and location.name != location.locality):
        return 3
    return 2 if location.online is not None or location.geo else 1


def _written(location: Location | None, ids: frozenset[str], places: Registry) -> Location | None:
    place = places.place(next(iter(ids))) if len(ids) == 1 else None
    if location is None or place is None:
        return location
    return replace(
        location,
        name=place.name,
        address=place.address or location.address,
        locality=place.locality or location.locality,
        geo=place.geo or location.geo,
        place=place.id,
    )


def _name(location: Location | None) -> str:
    return (location.name or location.address or location.locality or "") if location else ""


def _sold(cluster: _Cluster, name: str) -> _Choice:
    """Price and ticket link: who sells the tickets knows, then the roles."""
    sellers_first = sorted(cluster.order(name), key=lambda m: cluster.role(m) is not Role.TICKETS)
    order = cluster.order(name) if name in cluster.chosen else sellers_first
    found = _first(order, _told(name))
    sold = found.member is not None and cluster.role(found.member) is Role.TICKETS
    return replace(found, rule="tickets") if sold else found


def _prices_apart(cluster: _Cluster, price: Price | None) -> Iterator[Conflict]:
    for member in cluster.ranked:
        other = member.listing.price
        if price is None or other is None or (other.low, other.high, other.free) == (price.low, price.high, price.free):
            continue
        yield Conflict("price", member.listing.key.source, _amount(other))


def _amount(price: Price) -> str:
    if price.free:
        return "0"
    amounts = [str(amount) for amount in (price.low, price.high) if amount is not None]
    return "–".join(dict.fromkeys(amounts)) + (f" {price.currency}" if price.currency and amounts else "")


def _corrected(decisions: Sequence[Decision], cluster: _Cluster) -> dict[str, _Choice]:
    """Staff's own values; the last one of a field holds. What can't be read any more is left as the sources say."""
    fields: dict[str, _Choice] = {}
    for decision in decisions:
        if decision.kind != "correct" or decision.field is None:
            continue
        try:
            value = corrections.read(decision.field, decision.value or "", cluster.places, cluster.zone)
        except ValueError:
            continue
        member = next((m for m in cluster.ranked if m.id in decision.listings), cluster.ranked[0])
        fields[decision.field] = _Choice(value, member, STAFF)
    return fields


def _content(fields: Mapping[str, _Choice], cluster: _Cluster) -> Content:
    plain = {
        name: choice.value for name, choice in fields.items() if name not in ("when", "start", "end", "categories")
    }
    when = _when(fields)
    doors = plain.pop("doors", None)
    told = sorted({member.listing.key.source for member in cluster.ranked})
    description = fields.get("description")
    if description is not None and description.rule == STAFF:
        plain["html"] = None
    return Content(
        **plain,
        when=when,
        doors=doors if isinstance(doors, datetime) and doors != when.start else None,
        categories=tuple(fields["categories"].value or ()),
        links=_links(cluster, plain.get("url"), plain.get("ticket_url")),
        sources=tuple(told),
        attribution=tuple(f"{s.name} ({s.licence})" for id in told if (s := cluster.sources.get(id)) and s.licence),
    )


def _when(fields: Mapping[str, _Choice]) -> When:
    """The chosen time with staff's corrections; an end that no longer fits is dropped."""
    told: When = fields["when"].value
    start = fields["start"].value if "start" in fields else told.start
    moved = start != told.start and isinstance(start, datetime) == isinstance(told.start, datetime)
    end = told.end + (start - told.start) if moved and told.end is not None else told.end
    if "end" in fields and fields["end"].rule == STAFF:
        end = fields["end"].value
    return When(start, end if _fits(start, end) else None)


def _fits(start: datetime | date, end: datetime | date | None) -> bool:
    if end is None or isinstance(start, datetime) != isinstance(end, datetime):
        return False
    return end > start if isinstance(start, datetime) else end >= start


def _links(cluster: _Cluster, *used: str | None) -> tuple[str, ...]:
    """Further links by rank, each page once."""
    seen = {canonical_url(url) for url in used if url}
    found: list[str] = []
    for member in cluster.ranked:
        for url in (member.listing.url, *member.listing.links):
            if url and (page := canonical_url(url)) not in seen:
                seen.add(page)
                found.append(url)
    return tuple(found[:LINKS])


def _provenance(fields: Mapping[str, _Choice]) -> Iterator[Provenance]:
    for name, choice in sorted(fields.items()):
        if choice.member is not None and choice.value not in (None, ()):
            source = STAFF if choice.rule == STAFF else choice.member.listing.key.source
            yield Provenance(name, choice.member.id, source, choice.rule)
