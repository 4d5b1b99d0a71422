"""Listings, events and changesets for the tests of the store, and the invariants that every state of it keeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from aggregator.match import Pair
from aggregator.model import Chunk, Content, Event, Evidence, Key, Listing, Reason, Stated, StoredListing, When
from aggregator.publish import Change, Kind
from aggregator.state import SourceState
from aggregator.store import Identity, Lease, Refresh, Store, StoreView, Try, open_store
from aggregator.store.engine import Database
from aggregator.weave import Changeset

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
TOWN = Identity("1230", "Evenemang i Staffanstorp")
SOURCE = "biblioteket"


@contextmanager
def opened(url: str, *, now: datetime = NOW, identity: Identity = TOWN, secret: str | None = None) -> Iterator[Store]:
    """A store, closed at the end of the block."""
    store = open_store(url, identity, ZONE, now, secret=secret)
    try:
        yield store
    finally:
        store.close()


def listing(uid: str, *, source: str = SOURCE, start: datetime | None = None, title: str = "Sagostund") -> Listing:
    begins = (start or NOW + timedelta(days=3)).astimezone(ZONE)
    return Listing(
        key=Key(source, uid),
        title=title,
        when=When(begins, begins + timedelta(hours=1)),
        stated=Stated(uid, None, begins.isoformat()),
        digest=f"{title}{begins}",
    )


def kept(id: int, event: str | None = None, *, uid: str | None = None, **facts: object) -> StoredListing:
    """A stored listing; `facts` are those of `listing`."""
    told = listing(uid or f"uid-{id}", **facts)  # type: ignore[arg-type]  # each test names what it is about
    return StoredListing(id=id, listing=told, chunk=told.key.uid, event=event, first_seen=NOW, changed=NOW)


def event(id: str, founder: int, *, title: str = "Sagostund", start: datetime | None = None) -> Event:
    content = Content(title=title, when=listing("any", start=start).when, sources=(SOURCE,))
    return Event(id=id, content=content, version=0, created=NOW, changed=NOW, told=NOW, founder=founder)


def name(number: int) -> str:
    """An event's id: 26 signs."""
    return f"{number:026d}"


def pair(a: int, b: int, band: str = "merge") -> Pair:
    return Pair(a, b, Evidence(score=4.0, reasons=(Reason("start", 4.0),)), band)


def changeset(version: int, *numbers: int, **more: object) -> Changeset:
    """For each number a listing, its event, its block key and the line that tells it."""
    whole = Changeset(
        version=version,
        listings=tuple(kept(n, name(n)) for n in numbers),
        blocks={n: frozenset({f"day:{n}", "day:all"}) for n in numbers},
        events=tuple(event(name(n), n) for n in numbers),
        changes=tuple(Change(name(n), Kind.ADDED, "Sagostund", "", "2026") for n in numbers),
    )
    return replace(whole, **more)  # type: ignore[arg-type]  # as in `kept`


def refresh(source: str = SOURCE, **state: object) -> Refresh:
    known = SourceState(id=source, good=NOW, due=NOW + timedelta(hours=1), **state)  # type: ignore[arg-type]  # as `kept`
    return Refresh(state=known, chunks=(Chunk(key="uid-1", hash="h1", raw=b"\x00\xff"),), tried=Try("read", "s", 1))


def lease(store: Store, source: str = SOURCE) -> Lease:
    taken = store.ledger.acquire(source, "tests", NOW)
    assert taken is not None
    return taken


def written(store: Store, *numbers: int, **more: object) -> Changeset:
    """Commit a changeset of these numbers as a refresh of SOURCE."""
    held = lease(store)

    def compute(view: StoreView) -> Changeset:
        return changeset(view.version, *numbers, **more)

    done = store.ledger.commit(refresh(), compute, held, NOW)
    store.ledger.give_back(held)
    return done


def rows(url: str) -> dict[str, int]:
    """How many rows each table has."""
    database = Database(url)
    with database.read() as connection:
        names = "block catalogue change chunk decision edge event fetch lease listing redirect snapshot source"
        found = {n: int(connection.execute(text(f'SELECT count(*) FROM "{n}"')).scalar_one()) for n in names.split()}  # noqa: S608 - our own names
    database.close()
    return found


BROKEN = {
    "a listing that tells an event that is not there": "SELECT count(*) FROM listing l LEFT JOIN event e"
    " ON e.id = l.event WHERE l.event IS NOT NULL AND e.id IS NULL",
    "a listing told now of an event that is gone": "SELECT count(*) FROM listing l JOIN event e ON e.id = l.event"
    " WHERE l.withdrawn IS NULL AND e.withdrawn IS NOT NULL AND e.body NOT LIKE '%\"hidden\"%'",
    "an event told now that no listing tells": "SELECT count(*) FROM event e WHERE e.withdrawn IS NULL AND NOT EXISTS"
    " (SELECT 1 FROM listing l WHERE l.event = e.id AND l.withdrawn IS NULL)",
    "a listing told now without an event": "SELECT count(*) FROM listing WHERE event IS NULL AND withdrawn IS NULL",
    "a pair of a listing that is not there": "SELECT count(*) FROM edge g WHERE NOT EXISTS"
    " (SELECT 1 FROM listing l WHERE l.id = g.a) OR NOT EXISTS (SELECT 1 FROM listing l WHERE l.id = g.b)",
    "a block of a listing that is not there": "SELECT count(*) FROM block b LEFT JOIN listing l ON l.id = b.listing"
    " WHERE l.id IS NULL",
    "a redirect of two hops": "SELECT count(*) FROM redirect a JOIN redirect b ON a.target = b.id",
    "a redirect to nothing": "SELECT count(*) FROM redirect r LEFT JOIN event e ON e.id = r.target WHERE e.id IS NULL",
    "an event newer than the catalogue": "SELECT count(*) FROM event, catalogue c WHERE event.version > c.version",
    "a listing id above the highest given": "SELECT count(*) FROM listing, catalogue c WHERE listing.id > c.listings",
    "a listing of a source without a state": "SELECT count(*) FROM listing l LEFT JOIN source s ON s.id = l.source"
    " WHERE s.id IS NULL",
    "a chunk of a source without a state": "SELECT count(*) FROM chunk k LEFT JOIN source s ON s.id = k.source"
    " WHERE s.id IS NULL",
}


def broken(url: str) -> list[str]:
    """The invariants that the database breaks; none of a state that any commit left."""
    database = Database(url)
    with database.read() as connection:
        found = [what for what, question in BROKEN.items() if connection.execute(text(question)).scalar_one()]
    database.close()
    return found
