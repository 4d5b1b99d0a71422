"""A person taken out of the tables for good: their own rows whole, their sources with all that hangs on them.

What others' rows say of them is `scrub`. It decides nothing: in which order all this is done is `aggregator.erasure`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, text, update

from aggregator import codec
from aggregator.model import Content, Entry, Event, OfferedEvent, OfferedSource, Source, Standing, SubmissionKind
from aggregator.store import rows, scrub, sessions, suppressions, tokens, town
from aggregator.store.commit import move
from aggregator.store.engine import Database
from aggregator.store.scrub import Scrubbed
from aggregator.store.switches import NAMES, of_source
from aggregator.suppression import UNFINISHED, Mark, Suppressed

ERASED = "erased"  # the reason of an event of which nothing is left
NOBODY = "person:erased"  # stands in the log for whoever was erased
_QUEUE = "procrastinate"  # the schema of the workers' queue, where there is one
_TABLES = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who an address belongs to, as far as the tables know. `active`: they are staff now."""

    email: str
    persons: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    active: bool = False


class Erasing:
    """What an erasure does to one database; each method is one transaction, but `scrub` and `compact`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, email: str) -> Known:
        """Who has an address: the person, and the staff."""
        with self._database.read() as connection:
            return _known(connection, email)

    def suppressed_people(self, suppressed: Suppressed, *, keep: bool) -> list[Known]:
        """Everybody whose address is suppressed, with events that are to stay or not."""
        emails: set[str] = set()
        with self._database.read() as connection:
            for name in ("person", "staff"):
                emails |= set(connection.execute(select(rows.table(name).c.email)).scalars())
            held = (email for email in sorted(emails) if suppressed.is_address(email))
            return [_known(connection, email) for email in held if suppressed.keeps(email) == keep]

    def forget(self, people: Iterable[Known], marks: Iterable[Mark], now: datetime, *, keep: bool) -> list[str]:
        """Note the marks, and take people's own rows away; the ids of the sources that go with them.

        With `keep` their sources and the single events that are public stay, and are nobody's. Whoever refreshes a
        source loses the right to write: what was read before the marks were there is written by nobody.
        """
        with self._database.write(alone=True) as connection:
            suppressions.add(connection, [*marks, Mark(UNFINISHED, UNFINISHED)], now)
            gone = [id for who in people for id in _forget(connection, who, keep=keep)]
            _stop_all(connection)
        return gone

    def entries(self) -> list[Entry]:
        """All entered sources."""
        with self._database.read() as connection:
            return _entered(connection)

    def take_named(self, suppressed: Suppressed) -> list[str]:
        """Take out the entered sources whose very address names somebody: there is no asking them without it."""
        with self._database.write() as connection:
            named = [e.source.id for e in _entered(connection) if suppressed.holds(e.source.url or "")]
            rows.delete_in(connection, "entry", "id", named)
            town.move(connection)
        return named

    def rename(self, entry: Entry, new: str) -> None:
        """Give an entered source another id, here alone: what it tells is renamed by `Ledger.rename`."""
        submission = rows.table("submission")
        with self._database.write() as connection:
            rows.delete_in(connection, "entry", "id", [entry.source.id])
            town.put(connection, replace(entry, source=replace(entry.source, id=new)))
            own = submission.c.source == entry.source.id
            connection.execute(update(submission).where(own).values(source=new))
            rows.delete_in(connection, "lease", "name", [entry.source.id])

    def drop_sources(self, ids: Iterable[str], now: datetime) -> None:
        """Take sources away with their listings, answers and history; events of theirs alone are emptied."""
        gone = list(ids)
        if gone:
            with self._database.write(alone=True) as connection:
                _drop_sources(connection, gone, now)

    def scrub(self, suppressed: Suppressed, now: datetime) -> Scrubbed:
        """Clean all tables of what is suppressed: see `store.scrub`."""
        return scrub.scrub(self._database, suppressed, now)

    def compact(self) -> None:
        """Write the whole database anew, so that nothing that was deleted is left in its free pages, or in its log.

        On PostgreSQL the workers' queue stands in it too: what waits there, named for its source, is deferred again.
        """
        if self._database.is_sqlite:
            with self._database.outside() as connection:
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        with self._database.alone() as connection:
            if connection.execute(text(f"SELECT to_regclass('{_QUEUE}.procrastinate_jobs')")).scalar() is not None:
                connection.execute(text(f"SET search_path TO {_QUEUE}"))  # its triggers name its tables bare
                connection.execute(text("DELETE FROM procrastinate_jobs WHERE status = 'todo'"))
                connection.execute(text("RESET search_path"))
            for schema, table in connection.execute(text(_TABLES)).all():
                connection.execute(text(f'VACUUM FULL "{schema}"."{table}"'))


def _known(connection: Connection, email: str) -> Known:
    person, staff = rows.table("person"), rows.table("staff")
    persons = connection.execute(select(person).where(func.lower(person.c.email) == email)).all()
    members = connection.execute(select(staff).where(func.lower(staff.c.email) == email)).all()
    return Known(
        email=email,
        persons=tuple(row.id for row in persons),
        names=tuple(dict.fromkeys(row.name for row in (*persons, *members) if row.name)),
        staff=tuple(row.id for row in members),
        active=any(row.removed is None for row in members),
    )


def _entered(connection: Connection) -> list[Entry]:
    entry = rows.table("entry")
    found = connection.execute(select(entry).order_by(entry.c.id)).all()
    return [Entry(source=rows.told(Source, r.body), person=r.person, added=r.added, removed=r.removed) for r in found]


def _forget(connection: Connection, who: Known, *, keep: bool) -> list[str]:
    letter = rows.table("letter")
    connection.execute(delete(letter).where(func.lower(letter.c.recipient) == who.email))
    gone: list[str] = []
    for id in who.persons:
        subjects = [id, f"person:{id}", *_submissions(connection, id, keep=keep)]
        gone += _entries(connection, id, keep=keep)
        for subject in subjects:
            tokens.void(connection, subject)
        token = rows.table("token")
        theirs = token.c.subject.like(f"% {id}") | token.c.subject.like(f"{id} %")  # "what whose", and "whose what"
        connection.execute(delete(token).where(theirs))
        sessions.revoke(connection, "person", id)
        rows.delete_in(connection, "consent", "person", [id])
        rows.delete_in(connection, "person", "id", [id])
        _unnamed(connection, id)
    for id in who.staff:
        blank = {"name": "", "email": f"removed:{id}"}
        connection.execute(update(rows.table("staff")).where(rows.table("staff").c.id == id).values(**blank))
    return gone


def _stop_all(connection: Connection) -> None:
    lease = rows.table("lease")
    connection.execute(update(lease).where(lease.c.holder != "").values(token=lease.c.token + 1, holder=""))


def _drop_sources(connection: Connection, gone: list[str], now: datetime) -> None:
    found = rows.where_in(connection, "listing", "source", gone)
    events = {row.event for row in found if row.event}
    _drop_answers(connection, gone)
    numbers = [row.id for row in found]
    for name, column in (("block", "listing"), ("edge", "a"), ("edge", "b"), ("listing", "id")):
        rows.delete_in(connection, name, column, numbers)
    for name, column in (("chunk", "source"), ("fetch", "source"), ("source", "id"), ("lease", "name")):
        rows.delete_in(connection, name, column, gone)
    rows.delete_in(connection, "change", "event", gone)  # the line that told of the first fill
    rows.delete_in(connection, "switch", "name", (of_source(name, id) for name in NAMES for id in gone))
    told = {row.event for row in rows.where_in(connection, "listing", "event", events)}
    _empty(connection, events - told, now)


def _empty(connection: Connection, ids: Iterable[str], now: datetime) -> None:
    """Leave nothing of some events; what told of them in the change feeds goes."""
    event = rows.table("event")
    bare = rows.where_in(connection, "event", "id", ids)
    rows.delete_in(connection, "change", "event", (row.id for row in bare))
    catalogue = rows.table("catalogue")
    version = int(connection.execute(select(catalogue.c.version)).scalar_one()) + 1
    for row in bare:
        left = _emptied(rows.event(row), version, now)
        values = {"body": codec.dumps(left), "version": version, "withdrawn": left.withdrawn}
        connection.execute(update(event).where(event.c.id == row.id).values(**values))
    move(connection, version=version, changed=now)


def _emptied(event: Event, version: int, now: datetime) -> Event:
    """What is left of an event of which nothing may be told: that there was one, and when it went."""
    return Event(
        id=event.id,
        content=Content(title="", when=event.content.when),
        version=version,
        created=event.created,
        changed=now,
        told=event.told,
        sequence=event.sequence + 1,
        founder=event.founder,
        withdrawn=event.withdrawn or now,
        reason=ERASED,
    )


def _submissions(connection: Connection, person: str, *, keep: bool) -> list[str]:
    """Drop what the person sent in; what is public of it is kept without them where it is to stay. All its ids."""
    table = rows.table("submission")
    found = rows.where_in(connection, "submission", "person", [person])
    for row in found:
        public = row.kind != SubmissionKind.REPORT and row.state == Standing.APPROVED
        if not (keep and public):
            connection.execute(delete(table).where(table.c.id == row.id))
            continue
        offered = OfferedEvent if row.kind == SubmissionKind.EVENT else OfferedSource
        body = codec.dumps(replace(rows.told(offered, row.body), note=""))  # type: ignore[type-var]  # both have one
        blank = {"person": None, "note": "", "body": body, "version": row.version + 1}
        connection.execute(update(table).where(table.c.id == row.id).values(**blank))
    return [row.id for row in found]


def _entries(connection: Connection, person: str, *, keep: bool) -> list[str]:
    """The sources that the person entered: nobody's where they stay, else gone; the ids of those that go."""
    entry = rows.table("entry")
    found = [row.id for row in rows.where_in(connection, "entry", "person", [person])]
    if keep:
        connection.execute(update(entry).where(entry.c.person == person).values(person=None))
    else:
        rows.delete_in(connection, "entry", "id", found)
    town.move(connection)
    return [] if keep else found


def _unnamed(connection: Connection, person: str) -> None:
    """The log keeps what was done, and not by whom."""
    audit = rows.table("audit")
    name = f"person:{person}"
    connection.execute(update(audit).where(audit.c.by == name).values(by=NOBODY, detail=""))
    about = or_(audit.c.subject == name, audit.c.subject == person)
    connection.execute(update(audit).where(about).values(subject=NOBODY, detail=""))


def _drop_answers(connection: Connection, sources: Iterable[str]) -> None:
    """Drop the answers that only these sources gave."""
    fetch = rows.table("fetch")
    own = {row.snapshot for row in rows.where_in(connection, "fetch", "source", sources) if row.snapshot}
    others = select(fetch.c.snapshot).where(fetch.c.source.not_in(list(sources)), fetch.c.snapshot.is_not(None))
    rows.delete_in(connection, "snapshot", "hash", own - set(connection.execute(others).scalars()))
