"""Links that were mailed or printed: good once, for a while, for one purpose. Only the hash of a secret is stored.

Each function works inside the transaction of `connection`. A secret is found by its hash, so that the time of a
comparison tells nothing of it (F04).
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update

from aggregator.store import rows

BYTES = 32  # of a secret: 256 bits


def hash_of(secret: str) -> str:
    """What is stored of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def fresh() -> str:
    """A new secret, in letters that an address takes as they are."""
    return secrets.token_urlsafe(BYTES)


def issue(connection: Connection, purpose: str, subject: str, now: datetime, lasts: timedelta) -> str:
    """A new secret for a link."""
    secret = fresh()
    values = {"hash": hash_of(secret), "purpose": purpose, "subject": subject}
    rows.add(connection, "token", {**values, "created": now, "expires": now + lasts, "used": None})
    return secret


def peek(connection: Connection, secret: str, purpose: str, now: datetime) -> str | None:
    """Whom a secret stands for, which it goes on to do; None where it is not good, or not for this."""
    return connection.execute(select(rows.table("token").c.subject).where(_good(secret, purpose, now))).scalar()


def redeem(connection: Connection, secret: str, purpose: str, now: datetime) -> str | None:
    """Whom a secret stands for, and the end of it: of two that come at once, one gets it."""
    good = _good(secret, purpose, now)
    token = rows.table("token")
    if not connection.execute(update(token).where(good).values(used=now)).rowcount:
        return None
    return connection.execute(select(token.c.subject).where(token.c.hash == hash_of(secret))).scalar()


def void(connection: Connection, subject: str) -> None:
    """End every link of a subject."""
    token = rows.table("token")
    connection.execute(delete(token).where(token.c.subject == subject))


def purge(connection: Connection, now: datetime) -> int:
    """Drop what is good no longer."""
    token = rows.table("token")
    return connection.execute(delete(token).where(or_(token.c.expires <= now, token.c.used.is_not(None)))).rowcount


def _good(secret: str, purpose: str, now: datetime) -> ColumnElement[bool]:
    token = rows.table("token")
    mine = (token.c.hash == hash_of(secret)) & (token.c.purpose == purpose)
    return mine & token.c.used.is_(None) & (token.c.expires > now)
