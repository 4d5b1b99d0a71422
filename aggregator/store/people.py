"""Those who write to us: who they are, what they agreed to, their links and their sessions. Decides nothing.

Each method is one transaction. What belongs into a larger one is a function: `put` and `agree` here, and those of
`store.tokens` and `store.sessions`, which serve staff as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from aggregator.model import Person, Role
from aggregator.store import rows, sessions, tokens
from aggregator.store.engine import Database
from aggregator.store.sessions import Session


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person agreed to: which text, in which version, when, and when it was taken back (G09)."""

    what: str
    version: str
    given: datetime
    withdrawn: datetime | None = None


class People:
    """Persons of one database, and whoever holds a link or a session."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def person(self, id: str) -> Person | None:
        """A person by id."""
        with self._database.read() as connection:
            return _first(connection, id=id)

    def by_email(self, email: str) -> Person | None:
        """A person by the address, as `mailbox` gives it."""
        with self._database.read() as connection:
            return _first(connection, email=email)

    def put(self, person: Person) -> None:
        """Add a person, or change what is known of them."""
        with self._database.write() as connection:
            put(connection, person)

    def confirm(self, id: str, now: datetime) -> None:
        """They have answered a mail; the first time counts."""
        with self._database.write() as connection:
            confirm(connection, id, now)

    def consent(self, person: str, what: str, version: str, now: datetime) -> None:
        """They agreed to a text."""
        with self._database.write() as connection:
            agree(connection, person, what, version, now)

    def withdraw_consent(self, person: str, what: str, now: datetime) -> bool:
        """They take it back; False where nothing was given."""
        consent = rows.table("consent")
        given = (consent.c.person == person) & (consent.c.what == what) & consent.c.withdrawn.is_(None)
        with self._database.write() as connection:
            return connection.execute(update(consent).where(given).values(withdrawn=now)).rowcount > 0

    def consents(self, person: str) -> list[Consent]:
        """Everything they agreed to, oldest first, what was taken back too."""
        consent = rows.table("consent")
        with self._database.read() as connection:
            found = connection.execute(select(consent).where(consent.c.person == person).order_by(consent.c.id))
            return [Consent(row.what, row.version, row.given, row.withdrawn) for row in found]

    def issue(self, purpose: str, subject: str, now: datetime, lasts: timedelta) -> str:
        """A new secret for a link: see `store.tokens`."""
        with self._database.write() as connection:
            return tokens.issue(connection, purpose, subject, now, lasts)

    def peek(self, secret: str, purpose: str, now: datetime) -> str | None:
        """Whom a secret stands for; it stays good. What a GET may do (F03)."""
        with self._database.read() as connection:
            return tokens.peek(connection, secret, purpose, now)

    def redeem(self, secret: str, purpose: str, now: datetime) -> str | None:
        """Whom a secret stands for; it is good no longer."""
        with self._database.write() as connection:
            return tokens.redeem(connection, secret, purpose, now)

    def open(self, kind: str, subject: str, now: datetime) -> str:
        """Begin a session ("staff" or "person"); what its cookie carries."""
        with self._database.write() as connection:
            return sessions.begin(connection, kind, subject, now)

    def session(self, secret: str, kind: str, now: datetime) -> str | None:
        """Whose session a cookie carries, None where it is over."""
        with self._database.read() as connection:
            row = sessions.find(connection, secret, kind, now)
        if row is not None and sessions.stale(row, now):
            with self._database.write() as connection:
                sessions.touch(connection, secret, now)
        return None if row is None else str(row.subject)

    def sessions(self, kind: str, subject: str, now: datetime) -> list[Session]:
        """The browsers in which somebody is logged in, newest first."""
        with self._database.read() as connection:
            return sessions.of(connection, kind, subject, now)

    def revoke(self, secret: str) -> None:
        """End the session of a cookie."""
        with self._database.write() as connection:
            rows.delete_in(connection, "session", "hash", [tokens.hash_of(secret)])

    def revoke_one(self, kind: str, subject: str, id: str) -> bool:
        """End one of somebody's own sessions by its id; False where it is not theirs."""
        with self._database.write() as connection:
            return sessions.revoke(connection, kind, subject, id=id) > 0

    def revoke_all(self, kind: str, subject: str, *, but: str | None = None) -> None:
        """End all sessions of somebody, `but` that of one cookie."""
        kept = None if but is None else tokens.hash_of(but)
        with self._database.write() as connection:
            sessions.revoke(connection, kind, subject, but=kept)


def put(connection: Connection, person: Person) -> None:
    """As `People.put`, inside a transaction that does more."""
    rows.upsert(connection, "person", [_values(person)])


def confirm(connection: Connection, id: str, now: datetime) -> None:
    """As `People.confirm`, inside a transaction that does more."""
    person = rows.table("person")
    new = (person.c.id == id) & person.c.confirmed.is_(None)
    connection.execute(update(person).where(new).values(confirmed=now))


def agree(connection: Connection, person: str, what: str, version: str, now: datetime) -> None:
    """As `People.consent`, inside a transaction that does more."""
    values = {"person": person, "what": what, "version": version, "given": now, "withdrawn": None}
    rows.add(connection, "consent", values)


def _first(connection: Connection, **known: str) -> Person | None:
    person = rows.table("person")
    ((column, value),) = known.items()
    row = connection.execute(select(person).where(person.c[column] == value)).first()
    return None if row is None else _person(row)


def _values(person: Person) -> Mapping[str, Any]:
    told = {"id": person.id, "email": person.email, "name": person.name, "role": person.role.value}
    return {**told, "language": person.language, "created": person.created, "confirmed": person.confirmed}


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        language=row.language,
        created=row.created,
        confirmed=row.confirmed,
    )
