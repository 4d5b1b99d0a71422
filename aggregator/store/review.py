"""What staff look through: pairs that wait for their word. It ranks nothing and decides nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from aggregator.match import Pair
from aggregator.store import rows
from aggregator.store.engine import Database

POSSIBLE = "possible"


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
