"""The public id of an event: minted once, kept for life, redirected when events merge. Pure.

After re-clustering each cluster takes the id that most of its members held; the founder of the event breaks
ties. An id that nobody takes redirects to where most of its members went. A part that is split off revives an
id that one of its own listings founded, or gets a new one: two halves never share an id.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from aggregator.model import Event, Key, StoredListing

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter looks like a digit
LENGTH = 26
MERGED = "merged"  # the reason of an event whose id redirects

Cluster = Sequence[StoredListing]


@dataclass(frozen=True, slots=True)
class Assignment:
    """The id of each cluster, in the order given; which ids redirect where now; which were left without listings."""

    ids: tuple[str, ...]
    redirects: Mapping[str, str]
    orphans: frozenset[str]


def mint(calendar: str, founder: Key, taken: Callable[[str], bool]) -> str:
    """A new id for the event that `founder` told first: a hash keyed by the calendar, so that two orders of arrival
    mint alike; counted on where the id is taken."""
    attempt = 0
    while taken(candidate := _encode(calendar, f"{founder}#{attempt}" if attempt else str(founder))):
        attempt += 1
    return candidate


def likely(calendar: str, founder: Key) -> str:
    """The id that `mint` tries first."""
    return _encode(calendar, str(founder))


def series_id(calendar: str, source: str, series: str) -> str:
    """The id of a series, by the source that founded it and its own key for it."""
    return _encode(calendar, f"series:{source}/{series}")


def assign(
    clusters: Sequence[Cluster],
    events: Mapping[str, Event],
    calendar: str,
    taken: Callable[[str], bool],
    returned: Collection[int] = frozenset(),
) -> Assignment:
    """Give every cluster an id. `events` holds all events that the listings hold or founded.

    `returned` are listings that were withdrawn until now: what they held is theirs only if nobody kept it.
    """
    ids = _inherited(clusters, events, returned)
    used = set(ids.values())
    merged = _merged(events)
    for at, cluster in enumerate(clusters):
        if at not in ids:
            ids[at] = _revived(cluster, merged, used) or mint(
                calendar, founder(cluster).listing.key, lambda id: id in used or taken(id)
            )
            used.add(ids[at])
    redirects = _redirects(clusters, ids, used)
    held = used.union(s.event for cluster in clusters for s in cluster if s.event)
    orphans = frozenset(id for id, event in events.items() if id not in held and event.withdrawn is None)
    return Assignment(tuple(ids[at] for at in range(len(clusters))), redirects, orphans)


def founder(cluster: Cluster) -> StoredListing:
    """The listing that a new event is named by: the one with the smallest key."""
    return min(cluster, key=lambda s: str(s.listing.key))


def _inherited(clusters: Sequence[Cluster], events: Mapping[str, Event], returned: Collection[int]) -> dict[int, str]:
    """Each id goes to one cluster, each cluster takes one id; the strongest claim is settled first."""
    claims = []
    for at, cluster in enumerate(clusters):
        members, first = {s.id for s in cluster}, founder(cluster)
        name = str(first.listing.key)
        votes: Counter[str] = Counter()
        for s in cluster:
            if s.event is not None and s.event in events:
                votes[s.event] += s.id not in returned
        for id, count in votes.items():
            event = events[id]
            # Of two of one instant the one that would name the cluster: a split that is undone leaves no trace.
            own = event.founder == first.id
            claims.append((-count, event.founder not in members, event.created, not own, id, name, at))
    ids: dict[int, str] = {}
    used: set[str] = set()
    for *_, id, _, at in sorted(claims):
        if at not in ids and id not in used:
            ids[at] = id
            used.add(id)
    return ids


def _merged(events: Mapping[str, Event]) -> dict[int, list[Event]]:
    """The events that were merged away, by the listing that founded them."""
    found: dict[int, list[Event]] = {}
    for event in events.values():
        if event.reason == MERGED:
            found.setdefault(event.founder, []).append(event)
    return found


def _revived(cluster: Cluster, merged: Mapping[int, list[Event]], used: set[str]) -> str | None:
    own = [e for s in cluster for e in merged.get(s.id, ()) if e.id not in used]
    return min((e.id for e in own), default=None)


def _redirects(clusters: Sequence[Cluster], ids: Mapping[int, str], used: set[str]) -> dict[str, str]:
    went: dict[str, Counter[str]] = defaultdict(Counter)
    for at, cluster in enumerate(clusters):
        for s in cluster:
            if s.event is not None and s.event not in used:
                went[s.event][ids[at]] += 1
    return {old: min(targets, key=lambda id: (-targets[id], id)) for old, targets in went.items()}


def _encode(calendar: str, text: str) -> str:
    key = hashlib.blake2b(calendar.encode(), digest_size=32).digest()
    number = int.from_bytes(hashlib.blake2b(text.encode(), key=key, digest_size=17).digest())
    letters = []
    for _ in range(LENGTH):
        number, rest = divmod(number, 32)
        letters.append(ALPHABET[rest])
    return "".join(letters)
