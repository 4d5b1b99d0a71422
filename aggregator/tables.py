"""The tables: rows and nothing else. They hold values as JSON and what is searched by as columns beside it.

A row is never bound to a request, and no rule reads one: `store` turns rows into the values of `model.py`.
SQLModel with `table=True` does not validate, so nothing may reach a row but through `store`.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, LargeBinary, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlmodel import Field, SQLModel

WIDE = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts rows only in a column named INTEGER


class Instant(TypeDecorator[datetime]):
    """An aware instant, UTC in the table. A naive value is refused; what comes back is aware."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive time can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - as above
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


def _instant(*, index: bool = False, null: bool = False) -> Any:
    return Field(sa_column=Column(Instant(), nullable=null, index=index), default=None if null else ...)


def _text(*, null: bool = False) -> Any:
    return Field(sa_column=Column(Text(), nullable=null), default=None if null else ...)


def _bytes() -> Any:
    return Field(sa_column=Column(LargeBinary(), nullable=False))


def _number(*, key: bool = False) -> Any:
    return Field(sa_column=Column(WIDE, primary_key=key, nullable=False, autoincrement=False))


class CatalogueRow(SQLModel, table=True):
    """The one row about the whole: whose calendar it is, its version, its secret.

    `revision` grows with every write of what matching reads, `version` with what the public sees. `listings` is
    the highest id ever given to a listing: decisions name listings by it, so none is given twice.
    """

    __tablename__ = "catalogue"
    id: int = Field(primary_key=True)
    region: str = _text()
    name: str = _text()
    secret: str = _text()
    version: int = _number()
    revision: int = _number()
    listings: int = _number()
    changed: datetime = _instant()
    statistics: str | None = _text(null=True)
    daily: date | None = None


class SourceRow(SQLModel, table=True):
    """A source's `SourceState`; the columns are what the scheduler asks for."""

    __tablename__ = "source"
    id: str = Field(primary_key=True)
    state: str = _text()
    due: datetime | None = _instant(index=True, null=True)


class LeaseRow(SQLModel, table=True):
    """The right to write about `name`; `token` grows with every new holder (fencing)."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    token: int = _number()
    holder: str = _text()
    expires: datetime = _instant()


class HostRow(SQLModel, table=True):
    """When a host may be asked again, over all processes."""

    __tablename__ = "host"
    name: str = Field(primary_key=True)
    free: datetime = _instant()


class SnapshotRow(SQLModel, table=True):
    """One raw answer, compressed, named by the SHA-256 of its bytes."""

    __tablename__ = "snapshot"
    hash: str = Field(primary_key=True)
    body: bytes = _bytes()
    content_type: str = _text()
    url: str = _text()
    kept: datetime = _instant(index=True)


class FetchRow(SQLModel, table=True):
    """One try at a source: when, what came of it, and the snapshot's name. The history of its health."""

    __tablename__ = "fetch"
    id: int | None = Field(default=None, sa_column=Column(WIDE, primary_key=True, autoincrement=True))
    source: str = Field(index=True)
    at: datetime = _instant(index=True)
    outcome: str = _text()
    snapshot: str | None = _text(null=True)
    events: int = Field(default=0)
    detail: str = _text()


class ChunkRow(SQLModel, table=True):
    """A chunk last read: its hash (to skip a parse) and, where the window can bring more dates, its bytes."""

    __tablename__ = "chunk"
    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    hash: str = _text()
    counts: str = _text()
    problems: str = _text()
    raw: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))


class ListingRow(SQLModel, table=True):
    """What one source says of one occurrence. `recurrence` is "" for a single event."""

    __tablename__ = "listing"
    __table_args__ = (Index("listing_key", "source", "uid", "recurrence", unique=True),)
    id: int = _number(key=True)
    source: str = Field(index=True)
    uid: str = _text()
    recurrence: str = _text()
    chunk: str = _text()
    body: str = _text()
    event: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, index=True))
    run: str | None = _text(null=True)
    first_seen: datetime = _instant()
    changed: datetime = _instant()
    withdrawn: datetime | None = _instant(index=True, null=True)
    over: datetime = _instant(index=True)


class BlockRow(SQLModel, table=True):
    """A listing stands under each of its block keys; listings that share one are compared."""

    __tablename__ = "block"
    __table_args__ = (Index("block_listing", "listing"),)
    key: str = Field(sa_column=Column(Text(), primary_key=True))
    listing: int = Field(sa_column=Column(WIDE, primary_key=True, autoincrement=False))


class EdgeRow(SQLModel, table=True):
    """A pair of listings (a < b) that merges or possibly should, with the table of its reasons."""

    __tablename__ = "edge"
    __table_args__ = (Index("edge_b", "b"),)
    a: int = _number(key=True)
    b: int = _number(key=True)
    band: str = Field(index=True)
    score: float
    evidence: str = _text()


class EventRow(SQLModel, table=True):
    """A published event; `version` is the catalogue version of its last change."""

    __tablename__ = "event"
    id: str = Field(primary_key=True)
    version: int = Field(sa_column=Column(WIDE, nullable=False, index=True))
    body: str = _text()
    series: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, index=True))
    founder: int = Field(sa_column=Column(WIDE, nullable=False, index=True))
    withdrawn: datetime | None = _instant(null=True)
    over: datetime = _instant(index=True)


class RedirectRow(SQLModel, table=True):
    """An id that was merged into another."""

    __tablename__ = "redirect"
    id: str = Field(primary_key=True)
    target: str = Field(index=True)
    since: datetime = _instant()


class ChangeRow(SQLModel, table=True):
    """What happened to an event at a catalogue version, for the change feeds; `kind` as in `publish.py`."""

    __tablename__ = "change"
    id: int | None = Field(default=None, sa_column=Column(WIDE, primary_key=True, autoincrement=True))
    version: int = Field(sa_column=Column(WIDE, nullable=False, index=True))
    at: datetime = _instant(index=True)
    event: str = Field(index=True)
    kind: str = _text()
    title: str = _text()
    old: str = _text()
    new: str = _text()


class DecisionRow(SQLModel, table=True):
    """What staff decided; `listings` is a JSON list of listing ids."""

    __tablename__ = "decision"
    id: int | None = Field(default=None, sa_column=Column(WIDE, primary_key=True, autoincrement=True))
    kind: str = _text()
    listings: str = _text()
    field: str | None = _text(null=True)
    value: str | None = _text(null=True)
    made: datetime = _instant()
    by: str = _text()
    undone: datetime | None = _instant(null=True)
