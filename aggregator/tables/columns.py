"""The columns that the tables are made of: instants that are aware, wide numbers, text of any length."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Integer, LargeBinary, Text, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlmodel import Field

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


def instant(*, index: bool = False, null: bool = False) -> Any:
    """An aware instant."""
    return Field(sa_column=Column(Instant(), nullable=null, index=index), default=None if null else ...)


def text(*, key: bool = False, index: bool = False, unique: bool = False, null: bool = False) -> Any:
    """Text of any length."""
    column: Any = Column(Text(), primary_key=key, nullable=null, index=index or None, unique=unique or None)
    return Field(sa_column=column, default=None if null else ...)


def blob() -> Any:
    """Bytes."""
    return Field(sa_column=Column(LargeBinary(), nullable=False))


def number(*, key: bool = False) -> Any:
    """A whole number of 64 bits."""
    return Field(sa_column=Column(WIDE, primary_key=key, nullable=False, autoincrement=False))


def serial() -> Any:
    """A number that the database gives."""
    return Field(default=None, sa_column=Column(WIDE, primary_key=True, autoincrement=True))
