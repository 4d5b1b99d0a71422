"""What staff look through: pairs that wait for their word. It ranks nothing and decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from aggregator.match import Pair
from aggregator.model import Standing, StoredListing
from aggregator.store import rows
from aggregator.store.engine import Database

POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Heap:
    """How much waits, and since when the oldest of it does."""

    count: int
    since: datetime


class Review:
    """The doubts of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def possible(self, now: datetime, limit: int) -> list[Pair]:
        """The pairs that may be one event and are two, told and not over; those that score highest first."""
        edge = rows.table("edge")
        first, second = rows.table("listing").alias(), rows.table("listing").alias()
        joined = edge.join(first, edge.c.a == first.c.id).join(second, edge.c.b == second.c.id)
        told = [side.c.withdrawn.is_(None) & (side.c.over >= now) for side in (first, second)]
        apart = first.c.event.is_distinct_from(second.c.event)
        question = select(edge).select_from(joined).where(edge.c.band == POSSIBLE, apart, *told)
        with self._database.read() as connection:
            found = connection.execute(question.order_by(edge.c.score.desc(), edge.c.a, edge.c.b).limit(limit))
            return [rows.pair(row) for row in found]

    def pair(self, a: int, b: int) -> Pair | None:
        """One kept pair of listings, whatever its band."""
        edge = rows.table("edge")
        with self._database.read() as connection:
            row = connection.execute(select(edge).where(edge.c.a == a, edge.c.b == b)).first()
        return rows.pair(row) if row else None

    def listings(self, ids: Iterable[int]) -> dict[int, StoredListing]:
        """Listings by id, withdrawn ones included."""
        with self._database.read() as connection:
            return {row.id: rows.stored_listing(row) for row in rows.where_in(connection, "listing", "id", ids)}

    def heaps(self) -> dict[str, Heap]:
        """What was sent in and waits, by kind."""
        table = rows.table("submission")
        question = select(table.c.kind, func.count(), func.min(table.c.created)).group_by(table.c.kind)
        with self._database.read() as connection:
            found = connection.execute(question.where(table.c.state == Standing.WAITING.value)).all()
        return {kind: Heap(count, since) for kind, count, since in found}

    def unsent(self) -> Heap | None:
        """The letters that nobody has handed over; those that are merely on their way are a matter of minutes."""
        letter = rows.table("letter")
        question = select(func.count(), func.min(letter.c.created)).where(letter.c.sent.is_(None))
        with self._database.read() as connection:
            count, since = connection.execute(question).one()
        return Heap(count, since) if count else None
