"""The working side of the store: states of sources, leases, hosts, snapshots, and the commit of a refresh."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from aggregator import codec, publish
from aggregator.match import Statistics
from aggregator.model import Chunk, Decision, Snapshot, StoredListing
from aggregator.state import SourceState
from aggregator.store import rows
from aggregator.store.commit import Lease, Refresh, Try, check_lease, write_changeset, write_refresh
from aggregator.store.engine import Database
from aggregator.store.view import StoreView
from aggregator.weave import Changeset

SNAPSHOTS_KEPT = timedelta(days=30)
LEASE = timedelta(minutes=5)  # longer than any refresh: 30 s of fetching, the reader's limits, the wait to write


class Ledger:
    """What workers write and read; each method is one transaction."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    def states(self) -> dict[str, SourceState]:
        """The state of every source that was ever seen."""
        with self._database.read() as connection:
            found = connection.execute(select(rows.table("source").c.state)).scalars()
            states = [codec.loads(SourceState, text) for text in found]
        return {state.id: state for state in states}

    def state(self, source: str) -> SourceState:
        """The state of a source; an empty one where it was never seen."""
        return self.states_of([source])[source]

    def states_of(self, sources: Iterable[str]) -> dict[str, SourceState]:
        """The states of some sources."""
        wanted = list(sources)
        with self._database.read() as connection:
            found = {r.id: codec.loads(SourceState, r.state) for r in rows.where_in(connection, "source", "id", wanted)}
        return {id: found.get(id) or SourceState(id=id) for id in wanted}

    def stored(self, source: str) -> tuple[list[StoredListing], dict[str, Chunk]]:
        """Everything kept of a source: its listings, withdrawn ones included, and its chunks."""
        with self._database.read() as connection:
            listings = [rows.stored_listing(r) for r in rows.where_in(connection, "listing", "source", [source])]
            chunks = {r.key: rows.chunk(r) for r in rows.where_in(connection, "chunk", "source", [source])}
        return sorted(listings, key=lambda s: s.id), chunks

    def hashes(self, source: str) -> dict[str, str]:
        """Chunk key → hash of what was last read of a source."""
        chunk = rows.table("chunk")
        with self._database.read() as connection:
            found = connection.execute(select(chunk.c.key, chunk.c.hash).where(chunk.c.source == source))
            return {row.key: row.hash for row in found}

    def acquire(self, name: str, holder: str, now: datetime) -> Lease | None:
        """The lease of `name`, or None while another holder's has not expired."""
        lease = rows.table("lease")
        with self._database.write() as connection:
            row = connection.execute(select(lease).where(lease.c.name == name).with_for_update()).first()
            if row is not None and row.holder and row.expires > now:
                return None
            token = row.token + 1 if row is not None else 1
            values = {"name": name, "token": token, "holder": holder, "expires": now + LEASE}
            rows.upsert(connection, "lease", [values])
        return Lease(name, token)

    def give_back(self, lease: Lease) -> None:
        """End a lease early; nothing happens if it is another's by now."""
        table = rows.table("lease")
        with self._database.write() as connection:
            mine = (table.c.name == lease.name) & (table.c.token == lease.token)
            connection.execute(update(table).where(mine).values(holder=""))

    def reserve_host(self, host: str, now: datetime, spacing: float) -> float:
        """Take the host's next free moment, over all processes; the seconds to wait until then."""
        table = rows.table("host")
        with self._database.write() as connection:
            row = connection.execute(select(table).where(table.c.name == host).with_for_update()).first()
            start = max(row.free, now) if row is not None else now
            rows.upsert(connection, "host", [{"name": host, "free": start + timedelta(seconds=spacing)}])
        return (start - now).total_seconds()

    def keep_snapshot(self, body: bytes, content_type: str, url: str, now: datetime) -> str:
        """Keep a raw answer under its hash, before anything reads it; the hash. Twice is once."""
        name = hashlib.sha256(body).hexdigest()
        table = rows.table("snapshot")
        with self._database.write() as connection:
            known = connection.execute(update(table).where(table.c.hash == name).values(kept=now)).rowcount
            if not known:
                row = {"hash": name, "body": zlib.compress(body, 6), "content_type": content_type, "url": url}
                rows.upsert(connection, "snapshot", [row | {"kept": now}])
        return name

    def snapshot(self, name: str) -> Snapshot | None:
        """A kept answer."""
        table = rows.table("snapshot")
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.hash == name)).first()
        if row is None:
            return None
        return Snapshot(hash=row.hash, body=zlib.decompress(row.body), content_type=row.content_type, url=row.url)

    def minted(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that are ids of our own events."""
        with self._database.read() as connection:
            return frozenset(row.id for row in rows.where_in(connection, "event", "id", ids))

    @contextmanager
    def view(self) -> Iterator[StoreView]:
        """A `StoreView` at the present version, in one reading transaction."""
        with self._database.read() as connection:
            version = int(connection.execute(select(rows.table("catalogue").c.version)).scalar_one())
            yield StoreView(connection, version)

    def commit(self, refresh: Refresh, changes: Changeset | None, lease: Lease, now: datetime) -> int:
        """Write one refresh in one transaction; the catalogue version after it.

        Raises LeaseLost or StaleCatalogue, and then nothing was written.
        """
        with self._database.write(alone=True) as connection:
            check_lease(connection, lease)
            write_refresh(connection, refresh, now)
            if changes is None:
                return int(connection.execute(select(rows.table("catalogue").c.version)).scalar_one())
            return write_changeset(connection, changes, now, self._zone)

    def commit_alone(
        self, refresh: Refresh, compute: Callable[[StoreView], Changeset], lease: Lease, now: datetime
    ) -> Changeset:
        """As `commit`, with the changeset computed under the write lock, where nothing can move any more."""
        with self._database.write(alone=True) as connection:
            check_lease(connection, lease)
            version = int(connection.execute(select(rows.table("catalogue").c.version)).scalar_one())
            changes = compute(StoreView(connection, version))
            write_refresh(connection, refresh, now)
            write_changeset(connection, changes, now, self._zone)
        return changes

    def rewrite(self, compute: Callable[[StoreView], Changeset], now: datetime) -> Changeset:
        """Compute and write a changeset that no source brought (a decision, new statistics), under the write lock."""
        with self._database.write(alone=True) as connection:
            version = int(connection.execute(select(rows.table("catalogue").c.version)).scalar_one())
            changes = compute(StoreView(connection, version))
            write_changeset(connection, changes, now, self._zone)
        return changes

    def note(self, state: SourceState, now: datetime, tried: Try | None = None) -> None:
        """Write a source's state alone (failed, paused), outside a refresh."""
        with self._database.write() as connection:
            write_refresh(connection, Refresh(state=state, tried=tried), now)

    def rename(self, old: str, new: str) -> bool:
        """Give everything of a source another id (`was:`); False where there is nothing of the old id."""
        with self._database.write(alone=True) as connection:
            found = rows.where_in(connection, "source", "id", [old])
            if not found or rows.where_in(connection, "source", "id", [new]):
                return False
            state = replace(codec.loads(SourceState, found[0].state), id=new)
            rows.delete_in(connection, "source", "id", [old])
            rows.upsert(connection, "source", [{"id": new, "state": codec.dumps(state), "due": state.due}])
            for name in ("chunk", "fetch"):
                table = rows.table(name)
                connection.execute(update(table).where(table.c.source == old).values(source=new))
            self._rename_listings(connection, old, new)
        return True

    def purge(self, now: datetime, past: timedelta) -> Mapping[str, int]:
        """Drop what is kept no longer: old snapshots, the history of tries, events long past. Counts by table."""
        with self._database.write(alone=True) as connection:
            gone = {
                "snapshot": delete(t := rows.table("snapshot")).where(t.c.kept < now - SNAPSHOTS_KEPT),
                "fetch": delete(t := rows.table("fetch")).where(t.c.at < now - past),
                "change": delete(t := rows.table("change")).where(t.c.at < now - past),
            }
            counts = {name: connection.execute(statement).rowcount for name, statement in gone.items()}
            return counts | self._purge_past(connection, now - past)

    def _purge_past(self, connection: Connection, before: datetime) -> dict[str, int]:
        listing, event = rows.table("listing"), rows.table("event")
        old = connection.execute(select(listing.c.id).where(listing.c.over < before)).scalars().all()
        for name, column in (("block", "listing"), ("edge", "a"), ("edge", "b"), ("listing", "id")):
            rows.delete_in(connection, name, column, old)
        events = connection.execute(select(event.c.id).where(event.c.over < before)).scalars().all()
        rows.delete_in(connection, "redirect", "target", events)
        rows.delete_in(connection, "event", "id", events)
        return {"listing": len(old), "event": len(events)}

    def _rename_listings(self, connection: Connection, old: str, new: str) -> None:
        table = rows.table("listing")
        for row in rows.where_in(connection, "listing", "source", [old]):
            stored = rows.stored_listing(row)
            key = replace(stored.listing.key, source=new)
            body = codec.dumps(replace(stored.listing, key=key))
            connection.execute(update(table).where(table.c.id == row.id).values(source=new, body=body))

    def claim_day(self, day: date) -> bool:
        """Take the daily job of a local day; False where it was taken before."""
        table = rows.table("catalogue")
        with self._database.write() as connection:
            free = or_(table.c.daily.is_(None), table.c.daily != day)
            return connection.execute(update(table).where(free).values(daily=day)).rowcount == 1

    def statistics(self) -> Statistics:
        """The statistics that scores depend on now."""
        with self._database.read() as connection:
            text = connection.execute(select(rows.table("catalogue").c.statistics)).scalar_one()
        return codec.loads(Statistics, text) if text else Statistics()

    def renew_statistics(self, statistics: Statistics) -> None:
        """Replace the statistics; what they change is woven anew by the caller."""
        with self._database.write(alone=True) as connection:
            connection.execute(update(rows.table("catalogue")).values(statistics=codec.dumps(statistics)))

    def find_listing(self, name: str) -> StoredListing | None:
        """The listing that is told now under a number or `source/uid[/recurrence]`."""
        listing = rows.table("listing")
        source, _, rest = name.partition("/")
        by_key = (listing.c.source == source) & (
            ((listing.c.uid == rest) & (listing.c.recurrence == ""))
            | (listing.c.uid.concat("/").concat(listing.c.recurrence) == rest)
        )
        wanted = listing.c.id == int(name) if name.isascii() and name.isdigit() else by_key
        with self._database.read() as connection:
            row = connection.execute(select(listing).where(wanted, listing.c.withdrawn.is_(None))).first()
        return rows.stored_listing(row) if row else None

    def active(self) -> int:
        """How many listings are told now."""
        listing = rows.table("listing")
        with self._database.read() as connection:
            question = select(func.count()).select_from(listing).where(listing.c.withdrawn.is_(None))
            return int(connection.execute(question).scalar_one())

    def all_active(self) -> list[StoredListing]:
        """Every listing that is told now, by id."""
        listing = rows.table("listing")
        question = select(listing).where(listing.c.withdrawn.is_(None)).order_by(listing.c.id)
        with self._database.read() as connection:
            return [rows.stored_listing(row) for row in connection.execute(question)]

    def settle_moved(self, now: datetime) -> int:
        """Let the old time of moved events be told no longer than its days; how many changed."""
        event = rows.table("event")

        def compute(view: StoreView) -> Changeset:
            with self._database.read() as connection:
                moved = connection.execute(select(event).where(event.c.body.contains('"moved_at"')))
                events = [rows.event(row) for row in moved]
            settled = [(old, publish.settled(old, now)) for old in events]
            return Changeset(version=view.version, events=tuple(new for old, new in settled if new != old))

        return len(self.rewrite(compute, now).events)

    def decisions(self) -> list[Decision]:
        """All decisions of staff, undone ones included, in the order in which they were made."""
        with self._database.read() as connection:
            table = rows.table("decision")
            return [_decision(row) for row in connection.execute(select(table).order_by(table.c.id))]

    def decide(self, decision: Decision) -> int:
        """Write a decision; its number."""
        values = {
            "kind": decision.kind,
            "listings": json.dumps(decision.listings),
            "field": decision.field,
            "value": decision.value,
            "made": decision.made,
            "by": decision.by,
        }
        table = rows.table("decision")
        with self._database.write() as connection:
            return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())

    def undo(self, number: int, now: datetime) -> Decision | None:
        """Mark a decision as undone; None where there is none, or it was undone before."""
        table = rows.table("decision")
        with self._database.write() as connection:
            open_one = (table.c.id == number) & table.c.undone.is_(None)
            if not connection.execute(update(table).where(open_one).values(undone=now)).rowcount:
                return None
            return _decision(connection.execute(select(table).where(table.c.id == number)).one())


def _decision(row: Row[Any]) -> Decision:
    return Decision(
        id=row.id,
        kind=row.kind,
        listings=tuple(json.loads(row.listings)),
        field=row.field,
        value=row.value,
        made=row.made,
        by=row.by,
        undone=row.undone,
    )
