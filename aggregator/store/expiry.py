"""What people sent in, dropped when its time is over; the terms are `retention`'s (G10). It decides nothing.

Works inside the writing transaction of `connection`; twice is once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from aggregator import retention
from aggregator.store import rows, sessions, submissions, tokens


def expire(connection: Connection, now: datetime) -> Mapping[str, int]:
    """Drop what is over: submissions, taken out sources, persons of whom nothing is left, lines of the log. Counts."""
    audit = rows.table("audit")
    return {
        "submission": _submissions(connection, now),
        "entry": _entries(connection, now),
        "person": _persons(connection, now),
        "audit": connection.execute(delete(audit).where(audit.c.at <= now - retention.LOGGED)).rowcount,
    }


def _submissions(connection: Connection, now: datetime) -> int:
    entry = rows.table("entry")
    live = set(connection.execute(select(entry.c.id).where(entry.c.removed.is_(None))).scalars())
    told = submissions.every(connection)
    over = [one.id for one in told if retention.submission_over(one, now, live=one.source in live)]
    for id in over:
        tokens.void(connection, id)
    rows.delete_in(connection, "submission", "id", over)
    return len(over)


def _entries(connection: Connection, now: datetime) -> int:
    """A source that was taken out is nobody's after a while; its row stays as long as what it told."""
    entry = rows.table("entry")
    left = (entry.c.removed <= now - retention.DECIDED) & entry.c.person.is_not(None)
    connection.execute(update(entry).where(left).values(person=None))
    return connection.execute(delete(entry).where(entry.c.removed <= now - retention.PAST)).rowcount


def _persons(connection: Connection, now: datetime) -> int:
    person = rows.table("person")
    busy = [_owners(connection, "submission"), _owners(connection, "entry"), _asked(connection, now)]
    found = [row for row in connection.execute(select(person)) if not any(row.id in owners for owners in busy)]
    seen = _seen(connection, (row.id for row in found))
    over = [r.id for r in found if retention.person_over(r.created, r.confirmed, now, last=seen.get(r.id))]
    for id in over:
        tokens.void(connection, id)
        sessions.revoke(connection, "person", id)
    rows.delete_in(connection, "consent", "person", over)
    rows.delete_in(connection, "person", "id", over)
    return len(over)


def _owners(connection: Connection, name: str) -> set[str]:
    table = rows.table(name)
    return set(connection.execute(select(table.c.person).where(table.c.person.is_not(None)).distinct()).scalars())


def _asked(connection: Connection, now: datetime) -> set[str]:
    """Those who may follow a link still: its subject is theirs, or ends with theirs."""
    token = rows.table("token")
    good = token.c.used.is_(None) & (token.c.expires > now)
    return {subject.split(" ")[-1] for subject in connection.execute(select(token.c.subject).where(good)).scalars()}


def _seen(connection: Connection, persons: Iterable[str]) -> dict[str, datetime]:
    """When each was last here, where a session or a consent tells."""
    session, consent = rows.table("session"), rows.table("consent")
    used = select(session.c.subject, func.max(session.c.seen)).group_by(session.c.subject)
    agreed = select(consent.c.person, func.max(consent.c.given)).group_by(consent.c.person)
    wanted, found = set(persons), dict[str, datetime]()
    for id, moment in (*connection.execute(used), *connection.execute(agreed)):
        if id in wanted:
            found[id] = max(found.get(id, moment), moment)
    return found
