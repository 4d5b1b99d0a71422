"""Rows ⇄ values, and the few shapes of statement that every part of the store uses."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Table, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel

from aggregator import codec, tables
from aggregator.errors import StoreError
from aggregator.match import Pair
from aggregator.model import Chunk, Counts, Decision, Event, Evidence, Listing, Picture, Problem, StoredListing
from aggregator.store.sentences import RESTORE

BATCH = 500  # values of one IN list: well under SQLite's limit of 32,766 variables
T = TypeVar("T")

assert tables  # the metadata below is filled by importing it  # noqa: S101


def table(name: str) -> Table:
    """A table by name, for Core statements."""
    return SQLModel.metadata.tables[name]


def names() -> list[str]:
    """The names of all tables."""
    return sorted(SQLModel.metadata.tables)


def batches(values: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The values in lists of at most `size`, sorted, so that equal sets ask equal questions."""
    listed = sorted(set(values))  # type: ignore[type-var]  # keys are int or str
    for at in range(0, len(listed), size):
        yield listed[at : at + size]


def where_in(connection: Connection, name: str, column: str, values: Iterable[Any]) -> list[Row[Any]]:
    """All rows of a table whose column holds one of the values."""
    source = table(name)
    found: list[Row[Any]] = []
    for batch in batches(values):
        found += connection.execute(select(source).where(source.c[column].in_(batch))).all()
    return found


def add(connection: Connection, name: str, row: Mapping[str, Any]) -> None:
    """Insert a row unless there is one with its primary key."""
    connection.execute(_insert(connection, table(name)).on_conflict_do_nothing(), [dict(row)])


def upsert(connection: Connection, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, replacing those with the same primary key."""
    if not rows:
        return
    target = table(name)
    keys = [column.name for column in target.primary_key]
    statement = _insert(connection, target)
    rest = {c: statement.excluded[c] for c in rows[0] if c not in keys}
    conflict = (
        statement.on_conflict_do_update(index_elements=keys, set_=rest)
        if rest
        else statement.on_conflict_do_nothing(index_elements=keys)
    )
    connection.execute(conflict, list(rows))


def _insert(connection: Connection, target: Table) -> Any:
    insert: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return insert(target)


def delete_in(connection: Connection, name: str, column: str, values: Iterable[Any]) -> None:
    """Delete all rows whose column holds one of the values."""
    listed = [{"_value": value} for value in sorted(set(values))]
    if listed:
        target = table(name)
        connection.execute(delete(target).where(target.c[column] == bindparam("_value")), listed)


def told(cls: type[T], text: str) -> T:
    """A value that a row holds. Raises StoreError where the row holds something else: the database is damaged."""
    try:
        return codec.loads(cls, text)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(cls.__name__) from error


def _many(cls: type[T], text: str) -> tuple[T, ...]:
    try:
        return codec.loads_many(cls, text)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(cls.__name__) from error


def _damaged(what: str) -> StoreError:
    return StoreError(f"a stored {what} can't be read, the database is damaged; {RESTORE}")


def stored_listing(row: Row[Any]) -> StoredListing:
    """A listing row as a value."""
    return StoredListing(
        id=row.id,
        listing=told(Listing, row.body),
        chunk=row.chunk,
        event=row.event,
        run=row.run,
        first_seen=row.first_seen,
        changed=row.changed,
        withdrawn=row.withdrawn,
    )


def chunk(row: Row[Any]) -> Chunk:
    """A chunk row as a value, without its listings."""
    return Chunk(
        key=row.key,
        hash=row.hash,
        counts=told(Counts, row.counts),
        problems=_many(Problem, row.problems),
        raw=row.raw,
    )


def pair(row: Row[Any]) -> Pair:
    """An edge row as a value."""
    return Pair(row.a, row.b, told(Evidence, row.evidence), row.band)


def event(row: Row[Any], picture: Picture | None = None) -> Event:
    """An event row as a value, with the picture that it shows; one that comes or goes moves the row's version alone."""
    value = told(Event, row.body)
    if picture is None and value.version == row.version:
        return value
    return replace(value, version=row.version, picture=picture)


def decision(row: Row[Any]) -> Decision:
    """A decision row as a value."""
    return Decision(
        id=row.id,
        kind=row.kind,
        listings=_many(int, row.listings),
        field=row.field,
        value=row.value,
        made=row.made,
        by=row.by,
        undone=row.undone,
    )
