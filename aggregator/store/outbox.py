"""Mail on its way: written in the transaction that is its reason, handed over later (D02). Sends nothing.

One reason makes one mail, whoever writes it how often: the letter's key sees to that. A text is kept until it has been
handed over; who it went to and when, until the retention ends.
"""

from __future__ import annotations

import builtins
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, or_, select, update

from aggregator import postage
from aggregator.model import Letter
from aggregator.store import rows
from aggregator.store.engine import Database

LATE = timedelta(hours=1)  # a server that is merely restarted has taken them by then
HANDFUL = 50  # letters of one look: who is more pressed comes in between two
KEPT = timedelta(days=30)  # so long it is known that a mail went out, or why it did not


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """A letter and how far it has come: `due` is None where it is sent or given up; `error` tells of the last try."""

    id: int
    letter: Letter
    created: datetime
    due: datetime | None
    tries: int
    sent: datetime | None
    error: str


class Outbox:
    """The letters of one database; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(self, letter: Letter, now: datetime) -> bool:
        """Put a letter in; False where one with its key is or was there."""
        with self._database.write() as connection:
            return write(connection, letter, now)

    def due(self, now: datetime, limit: int = HANDFUL) -> builtins.list[Posted]:
        """The letters whose time has come: what anybody's form sends to anybody after the rest, longest due first."""
        letter = rows.table("letter")
        order = (letter.c.kind.in_(postage.LAST), letter.c.due, letter.c.id)
        question = select(letter).where(letter.c.due <= now).order_by(*order).limit(limit)
        with self._database.read() as connection:
            return [_posted(row) for row in connection.execute(question)]

    def claim(self, posted: Posted, until: datetime) -> bool:
        """Take a letter to hand it over; False where another has. If no word comes back, it is due again `until` then.

        The try is counted now: a letter that ends the process each time is not tried for ever.
        """
        letter = rows.table("letter")
        same = (letter.c.id == posted.id) & (letter.c.due == posted.due) & (letter.c.tries == posted.tries)
        with self._database.write() as connection:
            taken = update(letter).where(same).values(due=until, tries=letter.c.tries + 1)
            return connection.execute(taken).rowcount == 1

    def sent(self, id: int, now: datetime) -> None:
        """It was handed over: its text is dropped."""
        self._set(id, sent=now, due=None, error="", plain="", html="")

    def failed(self, id: int, error: str, next: datetime | None) -> None:
        """It was not; tried again at `next`, or never."""
        self._set(id, error=error, due=next)

    def again(self, id: int, now: datetime) -> bool:
        """Try one that was given up once more; False where it is not."""
        letter = rows.table("letter")
        given_up = (letter.c.id == id) & letter.c.sent.is_(None) & letter.c.due.is_(None)
        with self._database.write() as connection:
            return connection.execute(update(letter).where(given_up).values(due=now, tries=0)).rowcount == 1

    def late(self, now: datetime) -> int:
        """How many letters have been on their way for longer than `LATE`, or were given up within a day."""
        letter = rows.table("letter")
        waits = letter.c.due.is_not(None) & (letter.c.created < now - LATE)
        given_up = letter.c.due.is_(None) & (letter.c.created > now - timedelta(days=1))
        question = select(func.count()).select_from(letter).where(letter.c.sent.is_(None), or_(waits, given_up))
        with self._database.read() as connection:
            return int(connection.execute(question).scalar_one())

    def list(self, limit: int = 200) -> builtins.list[Posted]:
        """The newest letters, newest first."""
        letter = rows.table("letter")
        with self._database.read() as connection:
            return [
                _posted(row) for row in connection.execute(select(letter).order_by(letter.c.id.desc()).limit(limit))
            ]

    def _set(self, id: int, **values: object) -> None:
        letter = rows.table("letter")
        with self._database.write() as connection:
            connection.execute(update(letter).where(letter.c.id == id).values(**values))


def write(connection: Connection, letter: Letter, now: datetime) -> bool:
    """As `Outbox.write`, inside the transaction that is the letter's reason."""
    table = rows.table("letter")
    if connection.execute(select(table.c.id).where(table.c.key == letter.key)).first() is not None:
        return False
    state = {"created": now, "due": now, "tries": 0, "sent": None, "error": ""}
    rows.add(connection, "letter", asdict(letter) | state)
    return True


def purge(connection: Connection, now: datetime) -> int:
    """Drop what was handed over or given up, and what nobody ever handed over, once it is old."""
    letter = rows.table("letter")
    old = letter.c.created < now - KEPT
    return connection.execute(delete(letter).where(old, or_(letter.c.due.is_(None), letter.c.due < now))).rowcount


def _posted(row: Row[Any]) -> Posted:
    letter = Letter(
        key=row.key,
        kind=row.kind,
        recipient=row.recipient,
        language=row.language,
        subject=row.subject,
        plain=row.plain,
        html=row.html,
    )
    told = {"created": row.created, "due": row.due, "tries": row.tries, "sent": row.sent, "error": row.error}
    return Posted(id=row.id, letter=letter, **told)
