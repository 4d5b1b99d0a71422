"""Browsers that are logged in, as rows that can be revoked. Only the hash of what a cookie carries is stored.

Each function works inside the transaction of `connection`. It knows no cookie and no right.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, or_, select, update

from aggregator.store import rows
from aggregator.store.tokens import fresh, hash_of

# A session ends so long after its beginning, and earlier when nobody used it: (in all, unused). Staff work by the day;
# who submits comes by a mailed link, perhaps at a shared machine.
LASTS: Mapping[str, tuple[timedelta, timedelta]] = {
    "staff": (timedelta(days=7), timedelta(hours=12)),
    "person": (timedelta(days=1), timedelta(hours=4)),
}
_NOTED = timedelta(minutes=5)  # how often "seen" is written: not at every click


@dataclass(frozen=True, slots=True)
class Session:
    """One browser; `id` names it, and opens nothing."""

    id: str = field(repr=False)
    created: datetime
    seen: datetime


def begin(connection: Connection, kind: str, subject: str, now: datetime) -> str:
    """A new session; what its cookie carries."""
    secret = fresh()
    values = {"hash": hash_of(secret), "kind": kind, "subject": subject, "created": now, "seen": now}
    rows.add(connection, "session", {**values, "expires": now + LASTS[kind][0], "revoked": None})
    return secret


def find(connection: Connection, secret: str, kind: str, now: datetime) -> Row[Any] | None:
    """The row of a session that is good."""
    session = rows.table("session")
    mine = (session.c.hash == hash_of(secret)) & (session.c.kind == kind)
    return connection.execute(select(session).where(mine & _alive(kind, now))).first()


def stale(row: Row[Any], now: datetime) -> bool:
    """Whether it is time to write that a session was used."""
    return bool(now - row.seen >= _NOTED)


def touch(connection: Connection, secret: str, now: datetime) -> None:
    """Write that it was used."""
    session = rows.table("session")
    connection.execute(update(session).where(session.c.hash == hash_of(secret)).values(seen=now))


def of(connection: Connection, kind: str, subject: str, now: datetime) -> list[Session]:
    """The sessions of somebody, newest first."""
    session = rows.table("session")
    mine = (session.c.kind == kind) & (session.c.subject == subject) & _alive(kind, now)
    found = connection.execute(select(session).where(mine).order_by(session.c.created.desc(), session.c.hash))
    return [Session(row.hash, row.created, row.seen) for row in found]


def revoke(connection: Connection, kind: str, subject: str, *, id: str | None = None, but: str | None = None) -> int:
    """End the sessions of somebody: all, the one named, or all `but` one."""
    session = rows.table("session")
    mine = (session.c.kind == kind) & (session.c.subject == subject)
    if id is not None:
        mine &= session.c.hash == id
    if but is not None:
        mine &= session.c.hash != but
    return connection.execute(delete(session).where(mine)).rowcount


def purge(connection: Connection, now: datetime) -> int:
    """Drop what is over."""
    session = rows.table("session")
    unused = [(session.c.kind == kind) & (session.c.seen <= now - idle) for kind, (_, idle) in LASTS.items()]
    return connection.execute(delete(session).where(or_(session.c.expires <= now, *unused))).rowcount


def _alive(kind: str, now: datetime) -> ColumnElement[bool]:
    session = rows.table("session")
    return (session.c.expires > now) & (session.c.seen > now - LASTS[kind][1]) & session.c.revoked.is_(None)
