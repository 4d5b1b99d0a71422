"""Write one refresh whole, or nothing: the changeset, the source's state, its chunks, the version that grows.

A changeset is written only on the revision that it was computed on. The revision grows with every write of what
matching reads (listings, pairs, events, decisions, statistics), the version only with what the public can see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, insert, select, update

from aggregator import codec
from aggregator.errors import StaleCatalogue
from aggregator.loom import connects
from aggregator.match import Pair
from aggregator.model import Chunk, Event, Evidence, Problem, StoredListing
from aggregator.publish import Change
from aggregator.state import SourceState
from aggregator.store import rows
from aggregator.weave import Changeset


@dataclass(frozen=True, slots=True)
class Try:
    """One try at a source, for its history."""

    outcome: str
    snapshot: str | None = None
    events: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refresh:
    """What one refresh writes besides the changeset."""

    state: SourceState
    chunks: Sequence[Chunk] = ()
    forgotten: Sequence[str] = ()
    tried: Try | None = None


def write_changeset(connection: Connection, changes: Changeset, now: datetime, zone: ZoneInfo) -> int:
    """Write the changeset; the catalogue version after it. Raises StaleCatalogue, and then nothing is written."""
    catalogue = rows.table("catalogue")
    at = connection.execute(select(catalogue.c.version, catalogue.c.revision, catalogue.c.listings)).one()
    if at.revision != changes.version:
        raise StaleCatalogue("the catalogue moved while this was matched")
    if changes == Changeset(version=changes.version):
        return int(at.version)
    _write_listings(connection, changes.listings, zone)
    _write_blocks(connection, changes.blocks)
    _write_edges(connection, changes)
    version = int(at.version)
    values: dict[str, Any] = {"listings": max(at.listings, *(s.id for s in changes.listings), 0)}
    if changes.statistics is not None:
        values["statistics"] = codec.dumps(changes.statistics)
    if changes.events or changes.redirects or changes.changes:
        version += 1
        values |= {"version": version, "changed": now}
        _write_events(connection, changes.events, version, zone)
        _write_redirects(connection, changes, now)
        _write_log(connection, changes.changes, version, now)
    move(connection, **values)
    return version


def move(connection: Connection, **values: Any) -> None:
    """Let the revision grow (with other columns of the catalogue): what was computed before is stale."""
    catalogue = rows.table("catalogue")
    connection.execute(update(catalogue).values(revision=catalogue.c.revision + 1, **values))


def revision(connection: Connection) -> int:
    """The revision now."""
    return int(connection.execute(select(rows.table("catalogue").c.revision)).scalar_one())


def write_refresh(connection: Connection, refresh: Refresh, now: datetime) -> None:
    """Write the source's state, its chunks and its history."""
    state = refresh.state
    rows.upsert(connection, "source", [{"id": state.id, "state": codec.dumps(state), "due": state.due}])
    chunk = rows.table("chunk")
    for batch in rows.batches(refresh.forgotten):
        connection.execute(delete(chunk).where(chunk.c.source == state.id, chunk.c.key.in_(batch)))
    rows.upsert(connection, "chunk", [_chunk_row(state.id, c) for c in refresh.chunks])
    if refresh.tried is not None:
        tried = refresh.tried
        row = {"outcome": tried.outcome, "snapshot": tried.snapshot, "events": tried.events, "detail": tried.detail}
        connection.execute(insert(rows.table("fetch")), [{"source": state.id, "at": now, **row}])


def _chunk_row(source: str, chunk: Chunk) -> dict[str, Any]:
    return {
        "source": source,
        "key": chunk.key,
        "hash": chunk.hash,
        "counts": codec.dumps(chunk.counts),
        "problems": codec.dumps_many(Problem, chunk.problems),
        "raw": chunk.raw,
    }


def _write_listings(connection: Connection, listings: Sequence[StoredListing], zone: ZoneInfo) -> None:
    """Keys may be exchanged between rows, so the changed rows go before they come."""
    rows.delete_in(connection, "listing", "id", (s.id for s in listings))
    if listings:
        connection.execute(insert(rows.table("listing")), [_listing_row(s, zone) for s in listings])


def _listing_row(stored: StoredListing, zone: ZoneInfo) -> dict[str, Any]:
    listing = stored.listing
    return {
        "id": stored.id,
        "source": listing.key.source,
        "uid": listing.key.uid,
        "recurrence": listing.key.recurrence or "",
        "chunk": stored.chunk,
        "body": codec.dumps(listing),
        "event": stored.event,
        "run": stored.run,
        "first_seen": stored.first_seen,
        "changed": stored.changed,
        "withdrawn": stored.withdrawn,
        "over": listing.when.over(zone),
    }


def _write_blocks(connection: Connection, blocks: Mapping[int, frozenset[str]]) -> None:
    rows.delete_in(connection, "block", "listing", blocks)
    entries = [{"key": key, "listing": id} for id in sorted(blocks) for key in sorted(blocks[id])]
    rows.upsert(connection, "block", entries)


def _write_edges(connection: Connection, changes: Changeset) -> None:
    rows.delete_in(connection, "edge", "a", changes.unlinked)
    rows.delete_in(connection, "edge", "b", changes.unlinked)
    rows.upsert(connection, "edge", [_edge_row(p) for p in changes.edges if p.band or connects(p)])


def _edge_row(pair: Pair) -> dict[str, Any]:
    evidence: Evidence = pair.evidence
    return {
        "a": pair.a,
        "b": pair.b,
        "band": pair.band,
        "score": evidence.score,
        "evidence": codec.dumps(evidence),
    }


def _write_events(connection: Connection, events: Sequence[Event], version: int, zone: ZoneInfo) -> None:
    rows.upsert(connection, "event", [_event_row(replace(e, version=version), zone) for e in events])


def _event_row(event: Event, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": event.id,
        "version": event.version,
        "body": codec.dumps(event),
        "series": event.series,
        "founder": event.founder,
        "withdrawn": event.withdrawn,
        "over": event.content.when.over(zone),
        "image": event.content.image,
    }


def _write_redirects(connection: Connection, changes: Changeset, now: datetime) -> None:
    alive = {e.id for e in changes.events if e.withdrawn is None}
    rows.delete_in(connection, "redirect", "id", alive)
    redirect = rows.table("redirect")
    for old, new in sorted(changes.redirects.items()):
        # what redirected to the old id follows it, so that no reader takes two hops
        connection.execute(update(redirect).where(redirect.c.target == old).values(target=new))
    rows.upsert(
        connection,
        "redirect",
        [{"id": old, "target": new, "since": now} for old, new in sorted(changes.redirects.items())],
    )


def _write_log(connection: Connection, changes: Sequence[Change], version: int, now: datetime) -> None:
    if changes:
        lines = [
            {"version": version, "at": now, "event": c.event, "kind": c.kind.value, "title": c.title}
            | {"old": c.old, "new": c.new}
            for c in changes
        ]
        connection.execute(insert(rows.table("change")), lines)
