"""Letters about troubles of sources: who was written to when, and that it is over. Which are due is `troubles`' word.

What was told is a line of the log, so that it outlives the letter.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from aggregator.model import Letter
from aggregator.store import audit, outbox, rows
from aggregator.store.engine import Database

TOLD, OVER = "tell-trouble", "trouble-over"  # lines of the log
BY = "program"


class Telling:
    """The letters of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self) -> dict[str, datetime]:
        """Source → when its organizer was last written to."""
        return self._newest(TOLD)

    def open(self) -> frozenset[str]:
        """The sources whose trouble was told and is not known to be over."""
        over = self._newest(OVER)
        return frozenset(source for source, at in self.told().items() if over.get(source, at) <= at)

    def tell(self, source: str, letter: Letter, now: datetime) -> bool:
        """Write to an organizer, once for each letter's key whoever comes first; whether it was written now."""
        with self._database.write() as connection:
            written = outbox.write(connection, letter, now)
            if written:
                audit.note(connection, BY, TOLD, f"source:{source}", letter.kind, now)
        return written

    def over(self, source: str, now: datetime) -> None:
        """Its trouble is over."""
        with self._database.write() as connection:
            audit.note(connection, BY, OVER, f"source:{source}", "", now)

    def _newest(self, action: str) -> dict[str, datetime]:
        table = rows.table("audit")
        newest = select(table.c.subject, func.max(table.c.at).label("at")).where(table.c.action == action)
        with self._database.read() as connection:
            found = connection.execute(newest.group_by(table.c.subject)).all()
        return {row.subject.removeprefix("source:"): row.at for row in found}
