"""What was erased, as keyed hashes: the rows of `suppressed`, and the value that texts are looked through with.

The key is derived from the database's own secret and never from a setting: a setting may change, and then nothing that
was erased would be known again.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.store import rows
from aggregator.store.engine import Database
from aggregator.suppression import UNFINISHED, Mark, Suppressed

_FINGERPRINT = 16  # hex digits by which a list of marks tells whose it is


class Suppressions:
    """The marks of one database. Reading them is one small question; where there are none, that is all they cost."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._key: bytes | None = None
        self._known: tuple[frozenset[Mark], Suppressed] | None = None

    @property
    def key(self) -> bytes:
        """What the marks are made with."""
        if self._key is None:
            with self._database.read() as connection:
                secret = connection.execute(select(rows.table("catalogue").c.secret)).scalar_one()
            self._key = hmac.digest(str(secret).encode(), b"suppressed", "sha256")
        return self._key

    @property
    def fingerprint(self) -> str:
        """What tells that two lists of marks were made with one key."""
        return hmac.digest(self.key, b"fingerprint", "sha256").hex()[:_FINGERPRINT]

    def marks(self) -> frozenset[Mark]:
        """All marks."""
        table = rows.table("suppressed")
        with self._database.read() as connection:
            found = connection.execute(select(table).where(table.c.kind != UNFINISHED))
            return frozenset(Mark(row.hash, row.kind) for row in found)

    def current(self) -> Suppressed:
        """All that is suppressed, ready to look for."""
        marks = self.marks()
        if self._known is None or self._known[0] != marks:
            self._known = marks, Suppressed.of(self.key, marks)
        return self._known[1]

    def unfinished(self) -> bool:
        """Whether an erasure has begun and has not come to its end."""
        with self._database.read() as connection:
            return bool(rows.where_in(connection, "suppressed", "kind", [UNFINISHED]))

    def finish(self) -> None:
        """It has."""
        with self._database.write() as connection:
            rows.delete_in(connection, "suppressed", "kind", [UNFINISHED])

    def add(self, marks: Iterable[Mark], now: datetime) -> None:
        """Add marks."""
        with self._database.write() as connection:
            add(connection, marks, now)


def add(connection: Connection, marks: Iterable[Mark], now: datetime) -> None:
    """As `Suppressions.add`, inside a transaction that does more. One that is there keeps its moment."""
    for mark in sorted(marks, key=lambda mark: mark.hash):
        rows.add(connection, "suppressed", {"hash": mark.hash, "kind": mark.kind, "since": now})
