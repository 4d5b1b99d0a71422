"""How often somebody tried something lately, to bound it, without keeping who: keyed hashes by the day's salt (G06).

After `KEPT` the salts are gone, and with them the means to tell whose a hash was; the hashes go then too.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from aggregator.store import rows
from aggregator.store.engine import Database

KEPT = timedelta(days=7)  # the longest that a hash of a network address may be kept, and the longest `within`


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries of a kind for a value (a network, a recipient, nobody: all of them) within a time."""

    kind: str
    value: str
    most: int
    within: timedelta


class Tally:
    """The counts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def hit(self, kind: str, value: str, now: datetime, limit: int, within: timedelta) -> bool:
        """Count a try, and whether it is within the limit. One that is refused does not count.

        So who tries without pause gets through `limit` times in each `within`, and a victim is not shut out for longer
        than that by somebody else's tries.
        """
        with self._database.read() as connection:  # a flood that is refused waits for no writer, nor keeps one waiting
            if _count(connection, kind, value, now, within) >= limit:
                return False
        with self._database.write() as connection:
            return hit(connection, kind, value, now, limit, within)

    def take(self, limits: Sequence[Limit], now: datetime) -> bool:
        """Count one try under several limits, and whether it is within all. One that is refused counts under none."""
        with self._database.read() as connection:
            if _full(connection, limits, now):
                return False
        with self._database.write() as connection:
            today = _salt(connection, now)
            if _full(connection, limits, now):
                return False
            for one in limits:
                rows.add(connection, "tally", {"key": _key(today, one.kind, one.value), "at": now})
        return True

    def forget(self, kind: str, value: str, now: datetime) -> None:
        """Take somebody's tries back: they got it right."""
        with self._database.write() as connection:
            rows.delete_in(connection, "tally", "key", _keys(connection, kind, value, now, KEPT))


def hit(connection: Connection, kind: str, value: str, now: datetime, limit: int, within: timedelta) -> bool:
    """As `Tally.hit`, inside a transaction that does more."""
    today = _salt(connection, now)
    if _count(connection, kind, value, now, within) >= limit:
        return False
    rows.add(connection, "tally", {"key": _key(today, kind, value), "at": now})
    return True


def _full(connection: Connection, limits: Sequence[Limit], now: datetime) -> bool:
    """Whether there is no room under one of them."""
    return any(_count(connection, one.kind, one.value, now, one.within) >= one.most for one in limits)


def _count(connection: Connection, kind: str, value: str, now: datetime, within: timedelta) -> int:
    """How often somebody got through lately."""
    tally = rows.table("tally")
    lately = tally.c.key.in_(_keys(connection, kind, value, now, within)) & (tally.c.at > now - within)
    return int(connection.execute(select(func.count()).select_from(tally).where(lately)).scalar_one())


def purge(connection: Connection, now: datetime) -> int:
    """Drop salts and hashes that are kept no longer."""
    salt, tally = rows.table("salt"), rows.table("tally")
    connection.execute(delete(salt).where(salt.c.day <= _day(now - KEPT)))
    return connection.execute(delete(tally).where(tally.c.at <= now - KEPT)).rowcount


def _salt(connection: Connection, now: datetime) -> bytes:
    """Today's salt; its row is held, so that of tries at one moment each sees those before it."""
    salt = rows.table("salt")
    question = select(salt.c.key).where(salt.c.day == _day(now)).with_for_update()
    found = connection.execute(question).scalar()
    if found is None:
        purge(connection, now)
        rows.add(connection, "salt", {"day": _day(now), "key": secrets.token_bytes(32)})
        found = connection.execute(question).scalar_one()
    return bytes(found)


def _keys(connection: Connection, kind: str, value: str, now: datetime, within: timedelta) -> list[str]:
    """What somebody is called by the salts of the days that count."""
    salt = rows.table("salt")
    days = connection.execute(select(salt.c.key).where(salt.c.day >= _day(now - within)).order_by(salt.c.day))
    return [_key(bytes(key), kind, value) for key in days.scalars()]


def _key(salt: bytes, kind: str, value: str) -> str:
    return hmac.new(salt, f"{kind}\0{value}".encode(), hashlib.sha256).hexdigest()


def _day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()
