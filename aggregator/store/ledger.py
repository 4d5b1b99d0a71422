"""The working side of the store: states of sources, leases, hosts, snapshots, and the commit of a refresh."""

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, update

from aggregator import publish
from aggregator.errors import Overtaken, StaleCatalogue
from aggregator.match import Statistics
from aggregator.model import Chunk, Decision, Snapshot, StoredListing
from aggregator.state import SourceState
from aggregator.store import leases, rows, submissions, upkeep
from aggregator.store.commit import Refresh, move, revision, write_changeset, write_refresh
from aggregator.store.engine import Database
from aggregator.store.leases import Lease
from aggregator.store.pictures import Pictures
from aggregator.store.suppressions import Suppressions
from aggregator.store.view import StoreView
from aggregator.weave import Changeset

OPTIMISTIC = 3  # times that a changeset is computed beside other writers before it is computed alone

Compute = Callable[[StoreView], Changeset]


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything kept of a source, and the revision at which it was read."""

    listings: list[StoredListing]
    chunks: dict[str, Chunk]
    revision: int


class Ledger:
    """What workers write and read; each method is one transaction."""

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone
        self.pictures = Pictures(database)
        self.suppressions = Suppressions(database)

    def states(self) -> dict[str, SourceState]:
        """The state of every source that was ever seen."""
        with self._database.read() as connection:
            found = connection.execute(select(rows.table("source").c.state)).scalars()
            states = [rows.told(SourceState, text) for text in found]
        return {state.id: state for state in states}

    def state(self, source: str) -> SourceState:
        """The state of a source; an empty one where it was never seen."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "source", "id", [source])
        return rows.told(SourceState, found[0].state) if found else SourceState(id=source)

    def stored(self, source: str) -> Kept:
        """Everything kept of a source: its listings, withdrawn ones included, and its chunks."""
        with self._database.read() as connection:
            listings = [rows.stored_listing(r) for r in rows.where_in(connection, "listing", "source", [source])]
            chunks = {r.key: rows.chunk(r) for r in rows.where_in(connection, "chunk", "source", [source])}
            return Kept(sorted(listings, key=lambda s: s.id), chunks, revision(connection))

    def hashes(self, source: str) -> dict[str, str]:
        """Chunk key → hash of what was last read of a source."""
        chunk = rows.table("chunk")
        with self._database.read() as connection:
            found = connection.execute(select(chunk.c.key, chunk.c.hash).where(chunk.c.source == source))
            return {row.key: row.hash for row in found}

    def acquire(self, name: str, holder: str, now: datetime) -> Lease | None:
        """The lease of `name`, or None while another holder lives and has not let it expire."""
        with self._database.write() as connection:
            return leases.take(connection, name, holder, now)

    def extend(self, lease: Lease, now: datetime) -> bool:
        """Let a lease run on from now; False where it is another's."""
        with self._database.write() as connection:
            return leases.extend(connection, lease, now)

    def give_back(self, lease: Lease) -> None:
        """End a lease early; nothing happens if it is another's by now."""
        with self._database.write() as connection:
            leases.give_back(connection, lease)

    def reserve_host(self, host: str, now: datetime, spacing: float) -> float:
        """Take the host's next free moment, over all processes; the seconds to wait until then."""
        with self._database.write() as connection:
            return leases.reserve_host(connection, host, now, spacing)

    def claim_day(self, day: date) -> bool:
        """Take the daily job of a local day; False where it was taken before."""
        with self._database.write() as connection:
            return leases.claim_day(connection, day)

    def keep_snapshot(self, body: bytes, content_type: str, url: str, now: datetime) -> str:
        """Keep a raw answer under its hash, before anything reads it; the hash. Twice is once.

        One that holds what was erased is not kept (G02).
        """
        name = hashlib.sha256(body).hexdigest()
        suppressed = self.suppressions.current()
        if suppressed and (name in suppressed.answers or suppressed.in_bytes(body)):
            return name
        url = suppressed.without(url)
        packed = zlib.compress(body, 6)  # before the transaction: nobody waits to write meanwhile
        row = {"hash": name, "body": packed, "content_type": content_type, "url": url, "kept": now}
        table = rows.table("snapshot")
        with self._database.write() as connection:
            if not connection.execute(update(table).where(table.c.hash == name).values(kept=now)).rowcount:
                rows.upsert(connection, "snapshot", [row])
        return name

    def snapshot(self, name: str) -> Snapshot | None:
        """A kept answer."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "snapshot", "hash", [name])
        if not found:
            return None
        row = found[0]
        return Snapshot(hash=row.hash, body=zlib.decompress(row.body), content_type=row.content_type, url=row.url)

    def handed_in(self, source: str) -> bytes:
        """What a source of single events says now; see `formats.submitted`."""
        with self._database.read() as connection:
            return submissions.answer(connection, source)

    def minted(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids that are ids of our own events."""
        with self._database.read() as connection:
            return frozenset(row.id for row in rows.where_in(connection, "event", "id", ids))

    @contextmanager
    def view(self) -> Iterator[StoreView]:
        """A `StoreView` at the present revision; it keeps no writer waiting.

        Where a reading transaction would, each of its questions is one; StaleCatalogue is raised at the end if
        the catalogue moved meanwhile, also in the place of whatever error that caused.
        """
        if not self._database.reads_stop_writers:
            with self._database.read() as connection:
                yield _on(connection)
            return
        view = StoreView(self._database.read)
        try:
            yield view
        finally:
            if StoreView(self._database.read).version != view.version:
                raise StaleCatalogue("the catalogue moved while this was matched")

    def commit(self, refresh: Refresh, compute: Compute, lease: Lease, now: datetime) -> Changeset:
        """Write one refresh in one transaction, with the changeset that `compute` gives on the catalogue as it is.

        Raises LeaseLost, and then nothing was written.
        """
        return self._written(compute, now, lambda connection: _refreshed(connection, refresh, lease, now))

    def note(self, refresh: Refresh, lease: Lease, now: datetime) -> None:
        """As `commit`, for a refresh that leaves the catalogue as it is."""
        with self._database.write() as connection:
            _refreshed(connection, refresh, lease, now)

    def rewrite(self, compute: Compute, now: datetime) -> Changeset:
        """Write a changeset that no source brought: a decision, new statistics, the end of an old time."""
        return self._written(compute, now, lambda _: None)

    def foreseen(self, compute: Compute) -> Changeset:
        """The changeset that `compute` gives, written nowhere."""
        for _ in range(OPTIMISTIC):
            with suppress(StaleCatalogue), self.view() as view:
                return compute(view)
        with self._database.read() as connection:
            return compute(_on(connection))

    def _written(self, compute: Compute, now: datetime, besides: Callable[[Connection], None]) -> Changeset:
        """Computed beside other writers; where too many came between, under the write lock."""
        for _ in range(OPTIMISTIC):
            with suppress(StaleCatalogue):
                with self.view() as view:
                    changes = compute(view)
                with self._database.write(alone=True) as connection:
                    besides(connection)
                    write_changeset(connection, changes, now, self._zone)
                return changes
        with self._database.write(alone=True) as connection:
            changes = compute(_on(connection))
            besides(connection)
            write_changeset(connection, changes, now, self._zone)
        return changes

    def rename(self, old: str, new: str, compute: Callable[[StoreView, list[int]], Changeset], now: datetime) -> bool:
        """Give everything of a source another id (`was:`), and its events with it; False where nothing has the old.

        `compute` gives the changeset for the renamed listings.
        """
        with self._database.write(alone=True) as connection:
            ids = upkeep.rename(connection, old, new)
            if ids is None:
                return False
            changes = compute(_on(connection), ids)
            write_changeset(connection, changes, now, self._zone)
        return True

    def purge(self, now: datetime, past: timedelta) -> Mapping[str, int]:
        """Drop what is kept no longer: old snapshots, the history of tries, events long past. Counts by table."""
        with self._database.write(alone=True) as connection:
            return upkeep.purge(connection, now, past)

    def purge_people(self, now: datetime) -> Mapping[str, int]:
        """Drop what is kept of people no longer: see `retention`. Counts by table; twice is once."""
        with self._database.write() as connection:
            return upkeep.purge_people(connection, now)

    def settle_moved(self, now: datetime) -> int:
        """Let the old time of moved events be told no longer than its days; how many changed."""

        def compute(view: StoreView) -> Changeset:
            settled = [(old, publish.settled(old, now)) for old in view.moved()]
            return Changeset(version=view.version, events=tuple(new for old, new in settled if new != old))

        return len(self.rewrite(compute, now).events)

    def statistics(self) -> Statistics:
        """The statistics that scores depend on now."""
        return self._now().statistics()

    def decisions(self) -> list[Decision]:
        """All decisions of staff, undone ones included, in the order in which they were made."""
        return self._now().decisions()

    def active(self) -> int:
        """How many listings are told now."""
        return self._now().count_active()

    def find_listing(self, name: str) -> StoredListing | None:
        """The listing that is told now under a number or `source/uid[/recurrence]`."""
        listing = rows.table("listing")
        source, _, rest = name.partition("/")
        by_key = (listing.c.source == source) & (
            ((listing.c.uid == rest) & (listing.c.recurrence == ""))
            | (listing.c.uid.concat("/").concat(listing.c.recurrence) == rest)
        )
        number = name.isascii() and name.isdigit() and len(name) < 19  # 64 bits
        wanted = listing.c.id == int(name) if number else by_key
        with self._database.read() as connection:
            row = connection.execute(select(listing).where(wanted, listing.c.withdrawn.is_(None))).first()
        return rows.stored_listing(row) if row else None

    def decide(self, decision: Decision, since: int | None = None) -> int:
        """Write a decision; its number. Raises Overtaken where one newer than `since` is about the same listings."""
        values = {
            "kind": decision.kind,
            "listings": json.dumps(decision.listings),
            "field": decision.field,
            "value": decision.value,
            "made": decision.made,
            "by": decision.by,
        }
        table = rows.table("decision")
        with self._database.write(alone=True) as connection:
            if since is not None:
                _check_newest(connection, decision, since)
            move(connection)
            return int(connection.execute(insert(table).values(**values).returning(table.c.id)).scalar_one())

    def newest_decision(self) -> int:
        """The highest number of a decision; 0 where there is none."""
        with self._database.read() as connection:
            return int(connection.execute(select(func.max(rows.table("decision").c.id))).scalar() or 0)

    def undo(self, number: int, now: datetime) -> Decision | None:
        """Mark a decision as undone; None where there is none, or it was undone before."""
        table = rows.table("decision")
        with self._database.write(alone=True) as connection:
            open_one = (table.c.id == number) & table.c.undone.is_(None)
            if not connection.execute(update(table).where(open_one).values(undone=now)).rowcount:
                return None
            move(connection)
            return rows.decision(connection.execute(select(table).where(table.c.id == number)).one())

    def _now(self) -> StoreView:
        return StoreView(self._database.read, version=0)


def _check_newest(connection: Connection, decision: Decision, since: int) -> None:
    """Of two who decide at once about the same the second is told (F25)."""
    table = rows.table("decision")
    newer = connection.execute(select(table.c.id, table.c.listings).where(table.c.id > since)).all()
    for row in newer:
        if set(json.loads(row.listings)) & set(decision.listings):
            raise Overtaken(row.id)


def _on(connection: Connection) -> StoreView:
    return StoreView(lambda: nullcontext(connection))


def _refreshed(connection: Connection, refresh: Refresh, lease: Lease, now: datetime) -> None:
    leases.check(connection, lease)
    write_refresh(connection, refresh, now)
