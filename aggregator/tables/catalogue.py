"""The tables of what is collected and published, and of what staff decided of it."""

from datetime import date, datetime

from sqlalchemy import Column, Index, LargeBinary, Text
from sqlmodel import Field, SQLModel

from aggregator.tables.columns import WIDE, blob, instant, number, serial, text


class CatalogueRow(SQLModel, table=True):
    """The one row about the whole: whose calendar it is, its version, its secret.

    `revision` grows with every write of what matching reads, `version` with what the public sees. `listings` is
    the highest id ever given to a listing: decisions name listings by it, so none is given twice.
    """

    __tablename__ = "catalogue"
    id: int = Field(primary_key=True)
    region: str = text()
    name: str = text()
    secret: str = text()
    version: int = number()
    revision: int = number()
    listings: int = number()
    changed: datetime = instant()
    statistics: str | None = text(null=True)
    daily: date | None = None


class SourceRow(SQLModel, table=True):
    """A source's `SourceState`; the columns are what the scheduler asks for."""

    __tablename__ = "source"
    id: str = Field(primary_key=True)
    state: str = text()
    due: datetime | None = instant(index=True, null=True)


class LeaseRow(SQLModel, table=True):
    """The right to write about `name`; `token` grows with every new holder (fencing)."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    token: int = number()
    holder: str = text()
    expires: datetime = instant()


class HostRow(SQLModel, table=True):
    """When a host may be asked again, over all processes."""

    __tablename__ = "host"
    name: str = Field(primary_key=True)
    free: datetime = instant()


class SnapshotRow(SQLModel, table=True):
    """One raw answer, compressed, named by the SHA-256 of its bytes."""

    __tablename__ = "snapshot"
    hash: str = Field(primary_key=True)
    body: bytes = blob()
    content_type: str = text()
    url: str = text()
    kept: datetime = instant(index=True)


class FetchRow(SQLModel, table=True):
    """One try at a source: when, what came of it, and the snapshot's name. The history of its health."""

    __tablename__ = "fetch"
    id: int | None = serial()
    source: str = Field(index=True)
    at: datetime = instant(index=True)
    outcome: str = text()
    snapshot: str | None = text(null=True)
    events: int = Field(default=0)
    detail: str = text()


class ChunkRow(SQLModel, table=True):
    """A chunk last read: its hash (to skip a parse) and, where the window can bring more dates, its bytes."""

    __tablename__ = "chunk"
    source: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    hash: str = text()
    counts: str = text()
    problems: str = text()
    raw: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))


class ListingRow(SQLModel, table=True):
    """What one source says of one occurrence. `recurrence` is "" for a single event."""

    __tablename__ = "listing"
    __table_args__ = (Index("listing_key", "source", "uid", "recurrence", unique=True),)
    id: int = number(key=True)
    source: str = Field(index=True)
    uid: str = text()
    recurrence: str = text()
    chunk: str = text()
    body: str = text()
    event: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, index=True))
    run: str | None = text(null=True)
    first_seen: datetime = instant()
    changed: datetime = instant()
    withdrawn: datetime | None = instant(index=True, null=True)
    over: datetime = instant(index=True)


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
    a: int = number(key=True)
    b: int = number(key=True)
    band: str = Field(index=True)
    score: float
    evidence: str = text()


class EventRow(SQLModel, table=True):
    """A published event; `version` is the catalogue version of its last change, `image` its picture's address."""

    __tablename__ = "event"
    id: str = Field(primary_key=True)
    version: int = Field(sa_column=Column(WIDE, nullable=False, index=True))
    body: str = text()
    series: str | None = Field(default=None, sa_column=Column(Text(), nullable=True, index=True))
    founder: int = Field(sa_column=Column(WIDE, nullable=False, index=True))
    withdrawn: datetime | None = instant(null=True)
    over: datetime = instant(index=True)
    image: str | None = text(index=True, null=True)


class PictureRow(SQLModel, table=True):
    """A picture by the address that its source gives: made anew in two sizes, or why it is not there.

    `name` is a hash of its bytes; `due` is when it is asked for again, None for never.
    """

    __tablename__ = "picture"
    address: str = text(key=True)
    name: str | None = text(index=True, null=True)
    width: int | None = None
    height: int | None = None
    small_width: int | None = None
    small_height: int | None = None
    large: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    small: bytes | None = Field(default=None, sa_column=Column(LargeBinary(), nullable=True))
    tried: datetime = instant()
    due: datetime | None = instant(null=True)
    failures: int = Field(default=0)
    error: str = text()


class RedirectRow(SQLModel, table=True):
    """An id that was merged into another."""

    __tablename__ = "redirect"
    id: str = Field(primary_key=True)
    target: str = Field(index=True)
    since: datetime = instant()


class ChangeRow(SQLModel, table=True):
    """What happened to an event at a catalogue version, for the change feeds; `kind` as in `publish.py`."""

    __tablename__ = "change"
    id: int | None = serial()
    version: int = Field(sa_column=Column(WIDE, nullable=False, index=True))
    at: datetime = instant(index=True)
    event: str = Field(index=True)
    kind: str = text()
    title: str = text()
    old: str = text()
    new: str = text()


class DecisionRow(SQLModel, table=True):
    """What staff decided; `listings` is a JSON list of listing ids."""

    __tablename__ = "decision"
    id: int | None = serial()
    kind: str = text()
    listings: str = text()
    field: str | None = text(null=True)
    value: str | None = text(null=True)
    made: datetime = instant()
    by: str = text()
    undone: datetime | None = instant(null=True)
