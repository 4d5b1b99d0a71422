"""What the store does to itself: drop what is kept no longer, and give a source another id. Matches nothing.

Each function works inside the writing transaction of `connection`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, or_, select, update

from aggregator import codec
from aggregator.state import SourceState
from aggregator.store import expiry, leases, outbox, pictures, rows, sessions, staff, tally, tokens
from aggregator.store.commit import move

SNAPSHOTS_KEPT = timedelta(days=30)
TRIES_KEPT = timedelta(days=30)  # the history of 500 hourly sources is 360,000 rows by then
HOSTS_KEPT = timedelta(days=1)


def purge(connection: Connection, now: datetime, past: timedelta) -> Mapping[str, int]:
    """Drop old answers and tries, and events that have been over for longer than `past`. Counts by table.

    The answer that a source was last read from stays however old it is: it is what a replay reads.
    """
    snapshot, fetch, change, host = (rows.table(name) for name in ("snapshot", "fetch", "change", "host"))
    in_use = _answers_in_use(connection)
    gone = {
        "snapshot": delete(snapshot).where(snapshot.c.kept < now - SNAPSHOTS_KEPT, snapshot.c.hash.not_in(in_use)),
        "fetch": delete(fetch).where(fetch.c.at < now - TRIES_KEPT),
        "change": delete(change).where(change.c.at < now - past),
        "host": delete(host).where(host.c.free < now - HOSTS_KEPT),
    }
    counts = {name: connection.execute(statement).rowcount for name, statement in gone.items()}
    counts |= purge_people(connection, now)
    return counts | _purge_past(connection, now - past) | {"picture": pictures.purge(connection, now)}


def rename(connection: Connection, old: str, new: str) -> list[int] | None:
    """Give everything of a source another id; its listings by id, or None where nothing is to be renamed.

    Who is refreshing it under the old id loses the lease.
    """
    found = rows.where_in(connection, "source", "id", [old])
    if not found or rows.where_in(connection, "source", "id", [new]):
        return None
    state = replace(rows.told(SourceState, found[0].state), id=new)
    leases.revoke(connection, old)
    rows.delete_in(connection, "source", "id", [old])
    rows.upsert(connection, "source", [{"id": new, "state": codec.dumps(state), "due": state.due}])
    for name in ("chunk", "fetch"):
        table = rows.table(name)
        connection.execute(update(table).where(table.c.source == old).values(source=new))
    return _rename_listings(connection, old, new)


def _rename_listings(connection: Connection, old: str, new: str) -> list[int]:
    table = rows.table("listing")
    found = rows.where_in(connection, "listing", "source", [old])
    for row in found:
        listing = rows.stored_listing(row).listing
        body = codec.dumps(replace(listing, key=replace(listing.key, source=new)))
        connection.execute(update(table).where(table.c.id == row.id).values(source=new, body=body))
    return sorted(row.id for row in found)


def _answers_in_use(connection: Connection) -> list[str]:
    texts = connection.execute(select(rows.table("source").c.state)).scalars()
    states = [rows.told(SourceState, text) for text in texts]
    names: Iterable[str | None] = (name for s in states for name in (s.body, s.held.snapshot if s.held else None))
    return sorted({name for name in names if name})


def purge_people(connection: Connection, now: datetime) -> dict[str, int]:
    """What people sent in, their links, sessions, letters and counts, each at the end of its term (G06, G10, G11)."""
    return {
        "token": tokens.purge(connection, now),
        "session": sessions.purge(connection, now),
        "letter": outbox.purge(connection, now),
        "tally": tally.purge(connection, now),
        "staff": staff.pseudonymise(connection, now),
        **expiry.expire(connection, now),
    }


def _purge_past(connection: Connection, before: datetime) -> dict[str, int]:
    """An event and the listings that tell it go together, once all of them are past."""
    listing, event = rows.table("listing"), rows.table("event")
    alive = exists().where(listing.c.event == event.c.id, listing.c.over >= before)
    events = connection.execute(select(event.c.id).where(event.c.over < before, ~alive)).scalars().all()
    rows.delete_in(connection, "redirect", "target", events)
    rows.delete_in(connection, "event", "id", events)
    told = exists().where(event.c.id == listing.c.event)
    past = select(listing.c.id).where(listing.c.over < before, or_(listing.c.event.is_(None), ~told))
    listings = connection.execute(past).scalars().all()
    for name, column in (("block", "listing"), ("edge", "a"), ("edge", "b"), ("listing", "id")):
        rows.delete_in(connection, name, column, listings)
    if events or listings:
        move(connection)
    return {"listing": len(listings), "event": len(events)}
