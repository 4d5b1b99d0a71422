"""Those who may decide. Removing one ends sessions and links in the same moment; their name goes later (G11)."""

from __future__ import annotations

import builtins
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from aggregator.errors import UsageError
from aggregator.model import Staff
from aggregator.store import rows, sessions, tokens
from aggregator.store.audit import note
from aggregator.store.engine import Database

WELCOME, WELCOME_LASTS = "staff-welcome", timedelta(hours=48)  # the purpose of an invitation's link, its time
NAMED = timedelta(days=365)  # so long a removed member's name stays beside what they did; then an id stands there


class StaffBook:
    """Staff of one database; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, email: str, name: str, now: datetime, *, language: str = "sv", by: str) -> Staff:
        """A new member, or a removed one back, with no password yet. Raises UsageError for one who is there."""
        with self._database.write() as connection:
            made = add(connection, email, name, now, language=language)
            note(connection, by, "add", f"staff:{made.id}", "", now)
        return made

    def list(self) -> list[Staff]:
        """All, by address, removed ones too."""
        staff = rows.table("staff")
        with self._database.read() as connection:
            return [_staff(row) for row in connection.execute(select(staff).order_by(staff.c.email))]

    def active(self) -> builtins.list[tuple[Staff, bool]]:
        """Those who may decide, by address, and whether each has chosen a password."""
        staff = rows.table("staff")
        question = select(staff).where(staff.c.removed.is_(None)).order_by(staff.c.email)
        with self._database.read() as connection:
            return [(_staff(row), row.password is not None) for row in connection.execute(question)]

    def by_email(self, email: str) -> Staff | None:
        """A member by the address, as `mailbox` gives it; a removed one too."""
        with self._database.read() as connection:
            return _one(rows.where_in(connection, "staff", "email", [email]))

    def get(self, id: str) -> Staff | None:
        """A member by id, a removed one too."""
        with self._database.read() as connection:
            return _one(rows.where_in(connection, "staff", "id", [id]))

    def password(self, id: str) -> str | None:
        """The stored hash; None where none was set, or the member was removed."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "staff", "id", [id])
        return found[0].password if found and found[0].removed is None else None

    def invite(self, id: str, now: datetime) -> str:
        """A new secret for the link by which a member chooses a password; `People.redeem` uses it up for `WELCOME`."""
        with self._database.write() as connection:
            return tokens.issue(connection, WELCOME, id, now, WELCOME_LASTS)

    def set_password(self, id: str, hash: str) -> None:
        """A new password: every session and link that was given under the old one is over."""
        staff = rows.table("staff")
        with self._database.write() as connection:
            there = (staff.c.id == id) & staff.c.removed.is_(None)
            connection.execute(update(staff).where(there).values(password=hash))
            _shut_out(connection, id)

    def remove(self, id: str, now: datetime, by: str) -> bool:
        """End all rights at once; False where nobody is there. What they did stays in the log."""
        staff = rows.table("staff")
        with self._database.write() as connection:
            there = (staff.c.id == id) & staff.c.removed.is_(None)
            done = connection.execute(update(staff).where(there).values(removed=now, password=None)).rowcount
            _shut_out(connection, id)
            if done:
                note(connection, by, "remove", f"staff:{id}", "", now)
        return bool(done)


def add(connection: Connection, email: str, name: str, now: datetime, *, language: str = "sv") -> Staff:
    """As `StaffBook.add`, inside a transaction that does more."""
    former = _one(rows.where_in(connection, "staff", "email", [email]))
    if former is not None and former.removed is None:
        raise UsageError(f"{email} is staff already")
    id = former.id if former else secrets.token_hex(8)
    row = {"id": id, "email": email, "name": name, "language": language, "password": None}
    rows.upsert(connection, "staff", [{**row, "added": now, "removed": None}])
    return Staff(id=id, email=email, name=name, language=language, added=now)


def pseudonymise(connection: Connection, now: datetime) -> int:
    """Take name and address from those who were removed a term ago; their id stays beside what they did."""
    staff = rows.table("staff")
    old = (staff.c.removed < now - NAMED) & (staff.c.name != "")
    blank = {"name": "", "email": "removed:" + staff.c.id}
    return connection.execute(update(staff).where(old).values(blank)).rowcount


def _shut_out(connection: Connection, id: str) -> None:
    sessions.revoke(connection, "staff", id)
    tokens.void(connection, id)


def _one(found: list[Row[Any]]) -> Staff | None:
    return _staff(found[0]) if found else None


def _staff(row: Row[Any]) -> Staff:
    told = {"email": row.email, "name": row.name, "language": row.language}
    return Staff(id=row.id, added=row.added, removed=row.removed, **told)
