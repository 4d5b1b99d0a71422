"""The store as `loom.View`: what matching and merging may read, at one revision of the catalogue."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from aggregator import codec
from aggregator.match import Pair, Statistics
from aggregator.model import Decision, Event, StoredListing
from aggregator.store import rows
from aggregator.store.commit import revision

Reading = Callable[[], AbstractContextManager[Connection]]


class StoreView:
    """Reads through the connections of `reading`. `version` is the revision at which it was opened.

    Where each question is a transaction of its own, two answers may be of two revisions: what is computed on them
    is written only if the revision is `version` still.
    """

    def __init__(self, reading: Reading, version: int | None = None) -> None:
        self._reading = reading
        if version is None:
            with reading() as connection:
                version = revision(connection)
        self.version = version

    def next_listing(self) -> int:
        """The smallest listing id that was never given."""
        return int(self._asked(select(rows.table("catalogue").c.listings))[0].listings) + 1

    def listings(self, ids: Iterable[int]) -> dict[int, StoredListing]:
        """Listings by id, withdrawn ones included."""
        return {row.id: rows.stored_listing(row) for row in self._where("listing", "id", ids)}

    def runs(self, labels: Iterable[str]) -> list[StoredListing]:
        """All listings of some runs."""
        return [rows.stored_listing(row) for row in self._where("listing", "run", labels)]

    def blocked(self, keys: Iterable[str]) -> dict[str, list[int]]:
        """Block key → listings under it, by id."""
        found: dict[str, list[int]] = {}
        for row in self._where("block", "key", keys):
            found.setdefault(row.key, []).append(row.listing)
        return {key: sorted(ids) for key, ids in found.items()}

    def edges(self, ids: Iterable[int]) -> list[Pair]:
        """All pairs that touch one of the listings."""
        wanted = set(ids)
        found = self._where("edge", "a", wanted) + self._where("edge", "b", wanted)
        return [rows.pair(row) for row in {(row.a, row.b): row for row in found}.values()]

    def links(self, ids: Iterable[int]) -> list[tuple[int, int]]:
        """The pairs that touch one of the listings and hold their units in one component (`loom.connects`).

        Asked of the columns: the reasons of thousands need not be read for it. JSON leaves out a veto that is none.
        """
        edge = rows.table("edge")
        pair = select(edge.c.a, edge.c.b)
        joins = (edge.c.score > 0) & ~edge.c.evidence.contains('"veto":', autoescape=True)
        found: set[tuple[int, int]] = set()
        for batch in rows.batches(ids):
            for side in (edge.c.a, edge.c.b):
                found |= {(row.a, row.b) for row in self._asked(pair.where(side.in_(batch), joins))}
        return sorted(found)

    def given(self, ids: Iterable[str]) -> set[str]:
        """Those of the event ids that were ever given."""
        event = rows.table("event")
        asked = (self._asked(select(event.c.id).where(event.c.id.in_(batch))) for batch in rows.batches(ids))
        return {row.id for found in asked for row in found}

    def events(self, ids: Iterable[str]) -> dict[str, Event]:
        """Events by id, withdrawn ones included."""
        return {row.id: rows.event(row) for row in self._where("event", "id", ids)}

    def founded(self, listings: Iterable[int]) -> dict[str, Event]:
        """The events that some listings founded."""
        return {row.id: rows.event(row) for row in self._where("event", "founder", listings)}

    def members(self, events: Iterable[str]) -> list[StoredListing]:
        """All listings that tell some events, withdrawn ones included."""
        return [rows.stored_listing(row) for row in self._where("listing", "event", events)]

    def taken(self, id: str) -> bool:
        """Whether an event id was ever given."""
        return bool(self._where("event", "id", [id]))

    def series_told(self, series: str) -> datetime | None:
        """When a series was last told as news."""
        event = rows.table("event")
        found = self._asked(select(event).where(event.c.series == series))
        return max((rows.event(row).told for row in found), default=None)

    def active(self) -> list[StoredListing]:
        """Every listing that is told now, by id."""
        listing = rows.table("listing")
        found = self._asked(select(listing).where(listing.c.withdrawn.is_(None)).order_by(listing.c.id))
        return [rows.stored_listing(row) for row in found]

    def count_active(self) -> int:
        """How many listings are told now."""
        listing = rows.table("listing")
        return int(self._asked(select(func.count().label("n")).where(listing.c.withdrawn.is_(None)))[0].n)

    def moved(self) -> list[Event]:
        """The events whose old time is told beside the new one."""
        event = rows.table("event")
        return [rows.event(row) for row in self._asked(select(event).where(event.c.body.contains('"moved_at"')))]

    def statistics(self) -> Statistics:
        """The statistics that scores depend on."""
        text = self._asked(select(rows.table("catalogue").c.statistics))[0].statistics
        return codec.loads(Statistics, text) if text else Statistics()

    def decisions(self) -> list[Decision]:
        """All decisions of staff, undone ones included, in the order in which they were made."""
        table = rows.table("decision")
        return [rows.decision(row) for row in self._asked(select(table).order_by(table.c.id))]

    def _asked(self, question: Select[Any]) -> list[Row[Any]]:
        with self._reading() as connection:
            return list(connection.execute(question).all())

    def _where(self, table: str, column: str, values: Iterable[Any]) -> list[Row[Any]]:
        with self._reading() as connection:
            return rows.where_in(connection, table, column, values)
