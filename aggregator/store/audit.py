"""The log of who did what. It is only added to; a retention may drop what is old."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from aggregator.model import Noted
from aggregator.store import rows
from aggregator.store.engine import Database


class Audit:
    """The log of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, by: str, action: str, subject: str, detail: str, now: datetime) -> None:
        """Add a line. `by` is "staff:ID", "person:ID" or the command line's user; no mail address, no name."""
        with self._database.write() as connection:
            note(connection, by, action, subject, detail, now)

    def newest(
        self,
        limit: int = 100,
        before: int | None = None,
        *,
        subject: str | None = None,
        by: str | None = None,
        action: str | None = None,
    ) -> list[Noted]:
        """The newest lines, newest first: all, those `before` the id of one, or those of one subject, actor, action."""
        audit = rows.table("audit")
        question = select(audit).order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            question = question.where(audit.c.id < before)
        for column, wanted in (("subject", subject), ("by", by), ("action", action)):
            if wanted is not None:
                question = question.where(audit.c[column] == wanted)
        with self._database.read() as connection:
            return [_noted(row) for row in connection.execute(question)]

    def actions(self) -> list[str]:
        """Every action that there is a line of."""
        action = rows.table("audit").c.action
        with self._database.read() as connection:
            return list(connection.execute(select(action).distinct().order_by(action)).scalars())


def note(connection: Connection, by: str, action: str, subject: str, detail: str, now: datetime) -> None:
    """As `Audit.note`, inside the transaction that does what it tells."""
    rows.add(connection, "audit", {"at": now, "by": by, "action": action, "subject": subject, "detail": detail})


def _noted(row: Row[Any]) -> Noted:
    return Noted(id=row.id, at=row.at, by=row.by, action=row.action, subject=row.subject, detail=row.detail)
