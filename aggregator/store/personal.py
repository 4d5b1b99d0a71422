"""Everything that is kept of one person, for that person: the right of access and of portability (GDPR 15 and 20).

Only their own: what others wrote, who decided, and the secrets behind hashes are not in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from aggregator.store import rows
from aggregator.store.engine import Database

JSON = dict[str, Any]  # Any: what JSON holds
_PERSON = ("id", "email", "name", "role", "language", "created", "confirmed")
_CONSENT = ("what", "version", "given", "withdrawn")
_SUBMISSION = ("id", "kind", "state", "note", "version", "created", "changed", "source")
_LETTER = ("kind", "recipient", "language", "subject", "plain", "created", "sent")
_SESSION = ("created", "seen", "expires", "revoked")
_TOKEN = ("purpose", "created", "expires", "used")
_LINE = ("at", "action", "subject", "detail")
_STAFF = ("id", "email", "name", "language", "added", "removed")


class Personal:
    """What one database keeps of persons, told to them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def export(self, email: str, now: datetime) -> JSON:
        """All of it as JSON values, at one moment; lists are empty where nothing is kept."""
        with self._database.read() as connection:
            persons = _by_email(connection, "person", "email", email)
            staff = _by_email(connection, "staff", "email", email)
            ids = [row.id for row in persons]
            subjects = [*ids, *(row.id for row in staff)]
            lines = [f"person:{id}" for id in ids] + [f"staff:{row.id}" for row in staff]
            submissions = rows.where_in(connection, "submission", "person", ids)
            entries = rows.where_in(connection, "entry", "person", ids)
            return {
                "exported": _moment(now),
                "email": email,
                "person": [_told(row, _PERSON) for row in persons],
                "consents": _many(connection, "consent", "person", ids, _CONSENT),
                "submissions": [{**_told(row, _SUBMISSION), "body": json.loads(row.body)} for row in submissions],
                "sources": [_source(row) for row in entries],
                "events": _events(connection, [row.id for row in entries]),
                "letters": [_told(row, _LETTER) for row in _by_email(connection, "letter", "recipient", email)],
                "sessions": _many(connection, "session", "subject", subjects, _SESSION),
                "links": _links(connection, subjects),
                "log": _many(connection, "audit", "by", lines, _LINE),
                "staff": [_told(row, _STAFF) for row in staff],
            }


def _by_email(connection: Connection, name: str, column: str, email: str) -> list[Row[Any]]:
    table = rows.table(name)
    return list(connection.execute(select(table).where(func.lower(table.c[column]) == email)).all())


def _many(
    connection: Connection, name: str, column: str, values: Iterable[str], members: tuple[str, ...]
) -> list[JSON]:
    return [_told(row, members) for row in rows.where_in(connection, name, column, values)]


def _links(connection: Connection, subjects: Iterable[str]) -> list[JSON]:
    """Links that are theirs, and those about something of theirs."""
    token, found = rows.table("token"), list[JSON]()
    for id in subjects:
        theirs = (token.c.subject == id) | token.c.subject.like(f"{id} %") | token.c.subject.like(f"% {id}")
        found += [_told(row, _TOKEN) for row in connection.execute(select(token).where(theirs))]
    return found


def _source(row: Row[Any]) -> JSON:
    body: Mapping[str, Any] = json.loads(row.body)
    told = {name: body[name] for name in ("id", "name", "url", "role", "organizer") if name in body}
    return {**told, "added": _moment(row.added), "removed": _moment(row.removed)}


def _events(connection: Connection, sources: Iterable[str]) -> list[JSON]:
    """What is published by their sources: each event that those tell now."""
    told = [row.event for row in rows.where_in(connection, "listing", "source", sources) if row.withdrawn is None]
    events = [rows.event(row) for row in rows.where_in(connection, "event", "id", filter(None, told))]
    return [
        {"id": event.id, "title": event.content.title, "start": event.content.when.start.isoformat()}
        for event in sorted(events, key=lambda event: event.id)
    ]


def _told(row: Row[Any], members: tuple[str, ...]) -> JSON:
    return {name: _moment(getattr(row, name)) for name in members}


def _moment(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (datetime, date)) else value
