"""Every row of every table looked through for what is suppressed, and cleaned of it.

Which column is looked through, and how, is one table; a test sees to it that no column of text or bytes is left out
of it and of `UNTOUCHED`. Rows are read and written in many short transactions: nobody waits for long.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Table, and_, delete, select, tuple_, update

from aggregator import codec
from aggregator.model import (
    Event,
    Evidence,
    Listing,
    Mistake,
    OfferedEvent,
    OfferedSource,
    Place,
    Problem,
    Source,
    SubmissionKind,
)
from aggregator.redaction import redacted, stand_in
from aggregator.state import SourceState
from aggregator.store import rows, town
from aggregator.store.commit import move
from aggregator.store.engine import Database
from aggregator.suppression import ANSWER, Mark, Suppressed

AT_ONCE = 500  # rows in memory, and in one transaction
Clean = Callable[[Any, Row[Any], Suppressed], Any]  # a column's value and its row → the value as it may stay


class _Gone:
    """What a cleaner gives where the row itself has to go."""


def _plain(value: str | None, _row: Row[Any], suppressed: Suppressed) -> str | None:
    return value if value is None else suppressed.without(value)


def _name(value: str | None, _row: Row[Any], suppressed: Suppressed) -> str | None:
    return value if value is None else stand_in(value, suppressed)


def _link(value: str | None, _row: Row[Any], suppressed: Suppressed) -> str | None:
    return None if value and suppressed.holds(value) else value


def _or_gone(value: str, _row: Row[Any], suppressed: Suppressed) -> object:
    return _Gone if suppressed.holds(value) else value


def _reason(value: str, row: Row[Any], suppressed: Suppressed) -> str:
    """A letter's key is one of a kind, so its own number stands behind what stands in for it."""
    return f"{stand_in(value, suppressed)}-{row.id}" if suppressed.holds(value) else value


def _decided(value: str | None, _row: Row[Any], suppressed: Suppressed) -> object:
    """A correction of which nothing is left corrects nothing."""
    left = value if value is None else suppressed.without(value)
    return _Gone if value and not left else left


def _told(cls: type[Any]) -> Clean:
    def clean(value: str, _row: Row[Any], suppressed: Suppressed) -> str:
        before = rows.told(cls, value)
        after = redacted(before, suppressed)
        return value if after is before else codec.dumps(after)

    return clean


def _problems(value: str, _row: Row[Any], suppressed: Suppressed) -> str:
    before = codec.loads_many(Problem, value)
    after = redacted(before, suppressed)
    return value if after is before else codec.dumps_many(Problem, after)


def _raw(value: bytes | None, row: Row[Any], suppressed: Suppressed) -> bytes | None:
    """Read again from its bytes a piece would tell its old name, so those of a name that goes can't stay."""
    return None if value is None or suppressed.holds(row.key) else suppressed.bytes_without(value)


def _offered(value: str, row: Row[Any], suppressed: Suppressed) -> str:
    return str(_told(_BODIES[SubmissionKind(row.kind)])(value, row, suppressed))


def _answer(value: bytes, row: Row[Any], suppressed: Suppressed) -> object:
    """An answer can't be cleaned: it is what its name says, or it is gone."""
    held = row.hash in suppressed.answers or suppressed.holds(row.url)
    return _Gone if held or suppressed.in_bytes(zlib.decompress(value)) else value


_BODIES = {
    SubmissionKind.SOURCE: OfferedSource,
    SubmissionKind.EVENT: OfferedEvent,
    SubmissionKind.REPORT: Mistake,
}
CLEANERS: Mapping[str, Mapping[str, Clean]] = {
    "listing": {"uid": _name, "recurrence": _name, "chunk": _name, "body": _told(Listing)},
    "event": {"body": _told(Event), "image": _link},
    "picture": {"address": _or_gone, "error": _plain},
    "chunk": {"key": _name, "problems": _problems, "raw": _raw},
    "source": {"state": _told(SourceState)},
    "fetch": {"detail": _plain},
    "block": {"key": _or_gone},
    "edge": {"evidence": _told(Evidence)},
    "change": {"title": _plain, "old": _plain, "new": _plain},
    "decision": {"value": _decided, "by": _plain},
    "submission": {"body": _offered, "note": _plain},
    "entry": {"body": _told(Source)},
    "place": {"body": _told(Place), "by": _plain},
    "letter": {"key": _reason, "subject": _plain, "plain": _plain, "html": _plain, "error": _plain},
    "audit": {"by": _plain, "action": _plain, "subject": _name, "detail": _plain},
    "host": {"name": _or_gone},
    "switch": {"name": _or_gone, "by": _plain},
    "snapshot": {"body": _answer},
}
# Tables and columns that hold no words of a stranger, but our own ids, kinds and hashes; or rows that go whole.
UNTOUCHED: Mapping[str, str] = {
    "catalogue": "the town's own name and secret; the statistics are counted anew after a scrub",
    "lease": "named for sources; an entered source's goes with it",
    "redirect": "ids",
    "person": "the row of the one who is erased goes whole; another of the same name keeps theirs",
    "staff": "as person",
    "consent": "goes with its person",
    "token": "goes with its subject; a hash",
    "session": "as token",
    "suppressed": "keyed hashes",
    "tally": "keyed hashes, for a week",
    "salt": "keys, for a week",
    "town": "a number",
    "event.id": "minted", "event.series": "minted",
    "change.event": "minted", "change.kind": "ours",
    "listing.source": "an id of the town", "listing.event": "minted", "listing.run": "a source's id and a number",
    "chunk.source": "an id of the town", "chunk.hash": "a hash", "chunk.counts": "numbers",
    "source.id": "an id of the town",
    "fetch.source": "an id of the town", "fetch.outcome": "ours", "fetch.snapshot": "a hash",
    "edge.band": "ours",
    "picture.name": "a hash", "picture.large": "pixels alone, made anew", "picture.small": "as large",
    "decision.kind": "ours", "decision.listings": "numbers", "decision.field": "ours",
    "submission.id": "random", "submission.kind": "ours", "submission.state": "ours", "submission.person": "random",
    "submission.source": "an id of the town",
    "entry.id": "an id of the town", "entry.person": "random",
    "place.id": "an id of the registry", "place.into": "an id of the registry",
    "letter.kind": "ours", "letter.language": "ours", "letter.recipient": "letters to the erased go whole",
    "snapshot.hash": "a hash", "snapshot.content_type": "a media type", "snapshot.url": "looked at with the body",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbed:
    """What was cleaned: rows by table, the listings among them, and the marks of the answers that went."""

    counts: Mapping[str, int]
    listings: tuple[int, ...]
    answers: frozenset[Mark]


def scrub(database: Database, suppressed: Suppressed, now: datetime) -> Scrubbed:
    """Clean every table. Events that change get a new version, so that feeds and pages tell them anew."""
    counts: dict[str, int] = {}
    listings: list[int] = []
    answers: set[Mark] = set()
    for name in CLEANERS:
        for keys in _hits(database, name, suppressed):
            counts[name] = counts.get(name, 0) + len(keys)
            with database.write(alone=True) as connection:
                found = _again(connection, name, keys)
                answers |= {Mark(row.hash, ANSWER) for row in found if name == "snapshot"}
                listings += [row.id for row in found if name == "listing"]
                _clean(connection, name, found, suppressed, now)
    return Scrubbed(counts=counts, listings=tuple(sorted(listings)), answers=frozenset(answers))


def _hits(database: Database, name: str, suppressed: Suppressed) -> Iterator[list[tuple[Any, ...]]]:
    """The primary keys of the rows that hold something, in batches."""
    table, last = rows.table(name), None
    while True:
        with database.read() as connection:
            found = connection.execute(_page(table, last, 20 if name == "snapshot" else AT_ONCE)).all()
        if not found:
            return
        last = _key(table, found[-1])
        hit = [_key(table, row) for row in found if _changed(name, row, suppressed)]
        if hit:
            yield hit


def _page(table: Table, last: tuple[Any, ...] | None, size: int) -> Any:
    keys = list(table.primary_key)
    question = select(table).order_by(*keys).limit(size)
    return question if last is None else question.where(tuple_(*keys) > tuple_(*last))


def _key(table: Table, row: Row[Any]) -> tuple[Any, ...]:
    return tuple(getattr(row, column.name) for column in table.primary_key)


def _changed(name: str, row: Row[Any], suppressed: Suppressed) -> dict[str, Any]:
    cleaned = {column: clean(getattr(row, column), row, suppressed) for column, clean in CLEANERS[name].items()}
    return {column: value for column, value in cleaned.items() if value != getattr(row, column)}


def _again(connection: Connection, name: str, keys: list[tuple[Any, ...]]) -> list[Row[Any]]:
    table = rows.table(name)
    found = [connection.execute(select(table).where(_is(table, key))).first() for key in keys]
    return [row for row in found if row is not None]


def _is(table: Table, key: tuple[Any, ...]) -> Any:
    return and_(*(column == value for column, value in zip(table.primary_key, key, strict=True)))


def _clean(connection: Connection, name: str, found: list[Row[Any]], suppressed: Suppressed, now: datetime) -> None:
    table = rows.table(name)
    version = _next_version(connection, now) if name == "event" else 0
    for row in found:
        values = _changed(name, row, suppressed)
        here = _is(table, _key(table, row))
        if _Gone in values.values():
            connection.execute(delete(table).where(here))
        elif values:
            values = _renewed(values, values.get("body", row.body), version, now) if name == "event" else values
            connection.execute(update(table).where(here).values(**values))
    if name == "listing":
        move(connection)
    if name in ("entry", "place"):
        town.move(connection)


def _next_version(connection: Connection, now: datetime) -> int:
    catalogue = rows.table("catalogue")
    version = int(connection.execute(select(catalogue.c.version)).scalar_one()) + 1
    move(connection, version=version, changed=now)
    return version


def _renewed(values: Mapping[str, Any], body: str, version: int, now: datetime) -> dict[str, Any]:
    event = replace(rows.told(Event, body), version=version, changed=now)
    return {**values, "body": codec.dumps(event), "version": version}
