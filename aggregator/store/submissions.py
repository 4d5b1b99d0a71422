"""What people sent in: written, listed, and led from state to state by the table of `moderation`. One transaction each.

Every change is noted in the log and its letters are written in the transaction that makes it (D02). Who changes
something names the version that was shown (F25). What is approved becomes a source like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from aggregator import codec, moderation
from aggregator.admission import entry_of
from aggregator.config import Config
from aggregator.errors import Overtaken, UsageError
from aggregator.formats import submitted
from aggregator.model import (
    Letter,
    Mistake,
    OfferedEvent,
    OfferedSource,
    Standing,
    Submission,
    SubmissionKind,
)
from aggregator.moderation import Action, Actor
from aggregator.store import audit, outbox, rows, town
from aggregator.store.engine import Database

Body = OfferedSource | OfferedEvent | Mistake
PAGE = 50  # submissions of one page of a list
TWICE = timedelta(seconds=20)  # between two presses of a button that were meant as one
_BODIES: Mapping[SubmissionKind, type[Body]] = {
    SubmissionKind.SOURCE: OfferedSource,
    SubmissionKind.EVENT: OfferedEvent,
    SubmissionKind.REPORT: Mistake,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody does with a submission.

    `version` is the one that was shown; `by` names who acts as the log does ("staff:ID", "person:ID"). `note` is
    staff's reason or question, or the person's answer; `body` the new words of a CHANGE; `letters` go out with it.
    """

    id: str
    version: int
    action: Action
    actor: Actor
    by: str
    now: datetime
    note: str = ""
    body: OfferedSource | OfferedEvent | None = None
    letters: tuple[Letter, ...] = ()


class Submissions:
    """The submissions of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, id: str) -> Submission | None:
        """A submission by id."""
        with self._database.read() as connection:
            return find(connection, id)

    def of_person(self, person: str) -> list[Submission]:
        """All that a person sent in, newest first."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "submission", "person", [person])
        return [_told(row) for row in sorted(found, key=lambda row: (row.created, row.id), reverse=True)]

    def of_source(self, source: str) -> list[Submission]:
        """All that became a source, oldest first: one address, or the single events of a person."""
        with self._database.read() as connection:
            return _of_source(connection, source)

    def queue(
        self,
        states: Iterable[Standing] = (Standing.WAITING,),
        kinds: Iterable[SubmissionKind] = tuple(SubmissionKind),
        *,
        limit: int = PAGE,
        skip: int = 0,
    ) -> list[Submission]:
        """What is in some state, the longest waiting first."""
        table = rows.table("submission")
        wanted = table.c.state.in_([s.value for s in states]) & table.c.kind.in_([k.value for k in kinds])
        order = select(table).where(wanted).order_by(table.c.created, table.c.id).limit(limit).offset(skip)
        with self._database.read() as connection:
            return [_told(row) for row in connection.execute(order)]

    def counts(self) -> Mapping[Standing, int]:
        """How many there are in each state."""
        table = rows.table("submission")
        with self._database.read() as connection:
            found = connection.execute(select(table.c.state, func.count()).group_by(table.c.state)).all()
        return Counter({Standing(state): number for state, number in found})

    def add(self, submission: Submission, by: str, letters: Iterable[Letter] = (), *, once: bool = False) -> None:
        """Write one that is new; its id, state and moment are the caller's. With `once` nothing if it `is_twin`."""
        with self._database.write() as connection:
            if not (once and is_twin(connection, submission)):
                put(connection, submission, by, letters)

    def act(self, deed: Deed, file: Config) -> Submission:
        """Do something with a submission; as it is now. `file` is the town as it runs, for the ids that are taken.

        Raises UsageError where the table has no such step or there is no such submission, and Overtaken where it
        has moved since the version that was shown; then nothing is written.
        """
        with self._database.write() as connection:
            before = _locked(connection, deed.id)
            target = moderation.after(before.kind, before.state, deed.action, deed.actor)
            if before.version != deed.version:
                raise Overtaken(before.version)
            after = replace(
                before,
                state=target,
                body=deed.body or before.body,
                note=deed.note or before.note,
                version=before.version + 1,
                changed=deed.now,
            )
            after = _published(connection, deed, after, file)
            change(connection, after, deed.action, deed.by, deed.letters)
        return after


def put(connection: Connection, submission: Submission, by: str, letters: Iterable[Letter] = ()) -> None:
    """As `Submissions.add`, inside a transaction that does more."""
    rows.add(connection, "submission", _values(submission))
    _noted(connection, submission, "submit", by, letters)


def is_twin(connection: Connection, submission: Submission) -> bool:
    """Whether its sender has just sent the very same: a button that was pressed twice."""
    if submission.person is None:
        return False
    own = rows.where_in(connection, "submission", "person", [submission.person])
    same = (submission.kind.value, submission.state.value, codec.dumps(submission.body))
    lately = (row for row in own if row.created > submission.created - TWICE)
    return any((row.kind, row.state, row.body) == same for row in lately)


def find(connection: Connection, id: str) -> Submission | None:
    """As `Submissions.get`, inside a transaction that does more."""
    found = rows.where_in(connection, "submission", "id", [id])
    return _told(found[0]) if found else None


def every(connection: Connection) -> list[Submission]:
    """All there are, in whatever state."""
    return [_told(row) for row in connection.execute(select(rows.table("submission")))]


def change(
    connection: Connection, submission: Submission, action: str, by: str, letters: Iterable[Letter] = ()
) -> None:
    """Write a submission as it is now; what may follow what is the caller's concern."""
    table = rows.table("submission")
    connection.execute(update(table).where(table.c.id == submission.id).values(**_values(submission)))
    _noted(connection, submission, action, by, letters)


def answer(connection: Connection, source: str) -> bytes:
    """What a source of single events says now: those that are approved, as the reader of `submitted` takes them."""
    live = [s for s in _of_source(connection, source) if s.state is Standing.APPROVED]
    return submitted.written({s.id: s.body for s in live if isinstance(s.body, OfferedEvent)})


def _published(connection: Connection, deed: Deed, after: Submission, file: Config) -> Submission:
    """What a step does to the town: an approval makes a source, the end of one takes it out."""
    if deed.action is Action.APPROVE:
        entry = entry_of(after, file, town.entries(connection), deed.now)
        town.put(connection, entry)
        _replaced(connection, after, entry.source.id, deed)
        return replace(after, source=entry.source.id)
    if after.source is None or after.state is Standing.APPROVED:
        return after
    others = [s for s in _of_source(connection, after.source) if s.id != after.id]
    if not any(s.state is Standing.APPROVED for s in others):
        town.remove(connection, after.source, deed.now)
    return after


def _replaced(connection: Connection, after: Submission, source: str, deed: Deed) -> None:
    """An address that is corrected takes the place of the one before."""
    if after.kind is not SubmissionKind.SOURCE:
        return
    for old in _of_source(connection, source):
        if old.id != after.id and old.state is Standing.APPROVED:
            gone = replace(old, state=Standing.WITHDRAWN, version=old.version + 1, changed=deed.now)
            change(connection, gone, "replaced", deed.by)


def _locked(connection: Connection, id: str) -> Submission:
    """The submission, kept from other writers until the end of the transaction."""
    table = rows.table("submission")
    row = connection.execute(select(table).where(table.c.id == id).with_for_update()).first()
    if row is None:
        raise UsageError("there is no such submission")
    return _told(row)


def _of_source(connection: Connection, source: str) -> list[Submission]:
    found = rows.where_in(connection, "submission", "source", [source])
    return [_told(row) for row in sorted(found, key=lambda row: (row.created, row.id))]


def _noted(connection: Connection, of: Submission, action: str, by: str, letters: Iterable[Letter]) -> None:
    audit.note(connection, by, action, f"submission:{of.id}", of.kind.value, of.changed)
    for letter in letters:
        outbox.write(connection, letter, of.changed)


def _values(told: Submission) -> dict[str, Any]:
    return {
        "id": told.id,
        "kind": told.kind.value,
        "state": told.state.value,
        "person": told.person,
        "body": codec.dumps(told.body),
        "note": told.note,
        "version": told.version,
        "created": told.created,
        "changed": told.changed,
        "source": told.source,
    }


def _told(row: Any) -> Submission:
    kind = SubmissionKind(row.kind)
    return Submission(
        id=row.id,
        kind=kind,
        state=Standing(row.state),
        person=row.person,
        body=rows.told(_BODIES[kind], row.body),
        note=row.note,
        version=row.version,
        created=row.created,
        changed=row.changed,
        source=row.source,
    )
