"""Letters that ask an organizer whether all is right, and the link that says so. Who is asked is `reminders`' word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from aggregator.model import Letter, Person
from aggregator.store import audit, outbox, rows, tokens
from aggregator.store.engine import Database

LASTS = timedelta(days=60)  # of a link: a letter is answered when there is time
RIGHT, _ASKED = "all-right", "ask-right"  # lines of the log: somebody said so, somebody was asked
_PURPOSE = "all-right"  # of the link
QUIET = "no-reminders"  # kept beside consents: who asked not to be asked


class Asking:
    """The questions of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def settled(self) -> dict[str, datetime]:
        """Source → when somebody last said that all is right with it, or was last asked."""
        table = rows.table("audit")
        newest = select(table.c.subject, func.max(table.c.at).label("at")).where(table.c.action.in_((RIGHT, _ASKED)))
        with self._database.read() as connection:
            found = connection.execute(newest.group_by(table.c.subject)).all()
        return {row.subject.removeprefix("source:"): row.at for row in found}

    def ask(self, person: Person, source: str, write: Callable[[str], Letter], now: datetime) -> bool:
        """Write to a person about a source; False where they asked for quiet. It is noted, so that it is done once."""
        with self._database.write() as connection:
            if _quiet(connection, person.id):
                return False
            secret = tokens.issue(connection, _PURPOSE, f"{person.id} {source}", now, LASTS)
            audit.note(connection, "program", _ASKED, f"source:{source}", "", now)
            return outbox.write(connection, write(secret), now)

    def about(self, secret: str, now: datetime) -> str | None:
        """The source that a link asks about; it stays good."""
        with self._database.read() as connection:
            subject = tokens.peek(connection, secret, _PURPOSE, now)
        return subject.split(" ")[1] if subject else None

    def right(self, secret: str, now: datetime) -> str | None:
        """Follow a link: all is right with its source, whose id is given. None where the link is over."""
        with self._database.write() as connection:
            subject = tokens.redeem(connection, secret, _PURPOSE, now)
            if subject is None:
                return None
            person, source = subject.split(" ")
            audit.note(connection, f"person:{person}", RIGHT, f"source:{source}", "", now)
        return source


def _quiet(connection: Connection, person: str) -> bool:
    """Whether somebody is not to be written to: they asked for it, or took their consent back."""
    consent = rows.table("consent")
    held = select(consent.c.what).where(consent.c.person == person, consent.c.withdrawn.is_(None))
    told = set(connection.execute(held).scalars())
    return QUIET in told or "processing" not in told
