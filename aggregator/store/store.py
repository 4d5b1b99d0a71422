"""The store as everyone but the workers sees it: opened once, then asked. Sync and thread-safe.

The working side (states, leases, snapshots, commits) is `store.ledger`.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, func, select, update

from aggregator.errors import StoreError
from aggregator.match import Pair
from aggregator.model import Event, StoredListing
from aggregator.publish import Change, Kind
from aggregator.state import SourceState
from aggregator.store import migrate, pictures, rows
from aggregator.store.asking import Asking
from aggregator.store.audit import Audit
from aggregator.store.damage import damage, torn
from aggregator.store.engine import Database
from aggregator.store.erasing import Erasing
from aggregator.store.ledger import Ledger
from aggregator.store.offers import Offers
from aggregator.store.outbox import Outbox
from aggregator.store.people import People
from aggregator.store.personal import Personal
from aggregator.store.review import Review
from aggregator.store.staff import StaffBook
from aggregator.store.submissions import Submissions
from aggregator.store.switches import Switches
from aggregator.store.tally import Tally
from aggregator.store.telling import Telling
from aggregator.store.town import Town

ONLY = 1  # the id of the catalogue's one row


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose database it is; `region` is the municipality's code, or empty."""

    region: str
    name: str

    @property
    def key(self) -> str:
        """What ids of events are minted with."""
        return self.region or self.name


@dataclass(frozen=True, slots=True)
class LoggedChange:
    """A change as it was told, with its catalogue version and moment."""

    version: int
    at: datetime
    change: Change


@dataclass(frozen=True, slots=True)
class Tried:
    """One try at a source, from its history."""

    source: str
    at: datetime
    outcome: str
    snapshot: str | None
    events: int
    detail: str


@dataclass(frozen=True, slots=True)
class Visits:
    """How often a source was visited with one outcome on a day, and the most events that it had then."""

    day: date
    outcome: str
    times: int
    events: int


class Store:
    """One open database. `secret` signs what only we may have written."""

    def __init__(self, database: Database, zone: ZoneInfo, secret: str) -> None:
        self._database = database
        self.ledger = Ledger(database, zone)
        self.town = Town(database)
        self.people = People(database)
        self.staff = StaffBook(database)
        self.outbox = Outbox(database)
        self.audit = Audit(database)
        self.tally = Tally(database)
        self.submissions = Submissions(database)
        self.offers = Offers(database)
        self.asking = Asking(database)
        self.switches = Switches(database)
        self.telling = Telling(database)
        self.review = Review(database)
        self.erasing = Erasing(database)
        self.personal = Personal(database)
        self.secret = secret

    def close(self) -> None:
        """Give the connections back."""
        self._database.close()

    def version(self) -> int:
        """The catalogue version now."""
        return self.stamp()[0]

    def stamp(self) -> tuple[int, datetime]:
        """The catalogue version and the instant at which it came to be."""
        catalogue = rows.table("catalogue")
        with self._database.read() as connection:
            row = connection.execute(select(catalogue.c.version, catalogue.c.changed)).one()
        return row.version, row.changed

    def events(self, since: int = 0) -> list[Event]:
        """The events changed after a version, withdrawn ones included, by id."""
        event = rows.table("event")
        with self._database.read() as connection:
            found = connection.execute(select(event).where(event.c.version > since).order_by(event.c.id)).all()
            shown = pictures.shown(connection, since)
        return [rows.event(row, shown.get(row.id)) for row in found]

    def picture(self, name: str, small: bool) -> bytes | None:
        """The bytes of a picture of that name, in one of its two sizes."""
        return self.ledger.pictures.body(name, small=small)

    def event(self, id: str) -> Event | None:
        """An event by id, withdrawn ones included."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "event", "id", [id])
        return rows.event(found[0]) if found else None

    def redirect(self, id: str) -> str | None:
        """The id that an id was merged into."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "redirect", "id", [id])
        return found[0].target if found else None

    def listings(self, events: Iterable[str]) -> dict[str, list[StoredListing]]:
        """Event → the listings that tell it now, by key."""
        ids = list(events)
        with self._database.read() as connection:
            found = [rows.stored_listing(row) for row in rows.where_in(connection, "listing", "event", ids)]
        told: dict[str, list[StoredListing]] = {id: [] for id in ids}
        for stored in sorted(found, key=lambda s: str(s.listing.key)):
            if stored.event is not None and stored.withdrawn is None:
                told[stored.event].append(stored)
        return told

    def pairs(self, listings: Iterable[int]) -> list[Pair]:
        """The pairs of some listings that are kept, with their reasons."""
        ids = list(listings)
        with self._database.read() as connection:
            found = rows.where_in(connection, "edge", "a", ids) + rows.where_in(connection, "edge", "b", ids)
        return [rows.pair(row) for row in {(row.a, row.b): row for row in found}.values()]

    def sources(self) -> list[SourceState]:
        """The state of every source that was ever seen, by id."""
        states = self.ledger.states()
        return [states[id] for id in sorted(states)]

    def tries(self, source: str, limit: int = 100) -> list[Tried]:
        """The newest tries at a source."""
        fetch = rows.table("fetch")
        question = select(fetch).where(fetch.c.source == source).order_by(fetch.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [
                Tried(r.source, r.at, r.outcome, r.snapshot, r.events, r.detail) for r in connection.execute(question)
            ]

    def offsets(self) -> Mapping[str, int]:
        """The minutes by which sources' clocks are off, as the statistics have it (`offsets.by_season`)."""
        return self.ledger.statistics().offsets

    def history(self, source: str, since: datetime) -> list[Visits]:
        """The visits of a source since a moment, by day (of UTC) and outcome, in order."""
        fetch = rows.table("fetch")
        day = func.date(fetch.c.at)
        counted = (func.count().label("times"), func.max(fetch.c.events).label("events"))
        question = select(day.label("day"), fetch.c.outcome, *counted).where(
            fetch.c.source == source, fetch.c.at >= since
        )
        with self._database.read() as connection:
            found = connection.execute(question.group_by(day, fetch.c.outcome).order_by(day, fetch.c.outcome))
            return [Visits(date.fromisoformat(str(r.day)), r.outcome, r.times, r.events) for r in found]

    def answer(self, source: str) -> bytes | None:
        """The newest answer of a source that was read well, as it came; None where it is kept no longer."""
        name = self.ledger.state(source).body
        kept = self.ledger.snapshot(name) if name else None
        return kept.body if kept else None

    def changes(self, since: datetime, limit: int = 500) -> list[LoggedChange]:
        """The newest changes told since an instant, newest first."""
        change = rows.table("change")
        question = select(change).where(change.c.at >= since).order_by(change.c.id.desc()).limit(limit)
        with self._database.read() as connection:
            return [
                LoggedChange(r.version, r.at, Change(r.event, Kind(r.kind), r.title, r.old, r.new))
                for r in connection.execute(question)
            ]

    def backup(self, target: Path) -> None:
        """A copy of the whole database as one file, taken while others write. Raises StoreError, and leaves no half."""
        if not self._database.is_sqlite:
            raise StoreError("a PostgreSQL database is backed up by its own tool: pg_dump --format=custom")
        try:
            target.touch(mode=0o600, exist_ok=False)  # it holds the secret: readable for its owner from the beginning
        except FileExistsError as error:
            raise StoreError(f"{target} is there already; a backup never overwrites") from error
        except OSError as error:
            raise StoreError(f"{target} can't be made: {error.strerror}") from error
        try:
            with self._database.outside() as connection:
                connection.execute("VACUUM INTO ?", (str(target),))
        except StoreError:
            target.unlink(missing_ok=True)
            raise

    def check(self) -> str | None:
        """What is wrong with the database, or None (D11): its pages and indexes, and that every value can be read."""
        return damage(self._database)


def open_store(url: str, identity: Identity, zone: ZoneInfo, now: datetime, *, secret: str | None = None) -> Store:
    """Open a database, made and migrated if need be.

    Raises StoreError where it can't be used, was made by a newer program, is damaged, or is another calendar's.
    """
    database = Database(url, create=True)
    try:
        return Store(database, zone, _own(database, identity, now, secret))
    except BaseException:
        database.close()
        raise


def _own(database: Database, identity: Identity, now: datetime, secret: str | None) -> str:
    """See that the database is sound and this calendar's; its secret."""
    wrong = torn(database)
    if wrong is not None:
        raise StoreError(wrong)
    migrate.upgrade(database)
    catalogue = rows.table("catalogue")
    with database.read() as connection:
        row = connection.execute(select(catalogue)).first()
    if row is None:
        with database.write(alone=True) as connection:
            row = _found(connection, identity, now)
    _check_identity(row.region, row.name, identity)
    if (row.region, row.name) != (identity.region, identity.name):
        with database.write() as connection:
            connection.execute(update(catalogue).values(region=identity.region, name=identity.name))
    return secret or str(row.secret)


def _found(connection: Connection, identity: Identity, now: datetime) -> Row[Any]:
    """The catalogue's row, made unless another process that started beside this one has made it."""
    values = {"id": ONLY, "region": identity.region, "name": identity.name, "changed": now}
    values |= {"version": 0, "revision": 0, "listings": 0, "secret": secrets.token_urlsafe(32)}
    rows.add(connection, "catalogue", values)
    return connection.execute(select(rows.table("catalogue"))).one()


def _check_identity(region: str, name: str, wanted: Identity) -> None:
    same = region == wanted.region if region or wanted.region else name == wanted.name
    if not same:
        raise StoreError(
            f"the database belongs to the calendar “{name}” (region {region or 'none'}), "
            f"not to “{wanted.name}” (region {wanted.region or 'none'}); "
            "set EVENEMANG_DATABASE_URL to another database"
        )
