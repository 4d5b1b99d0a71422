"""The store as `loom.View`: what matching and merging may read, on one connection at one catalogue version."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator import codec
from aggregator.match import Pair
from aggregator.model import Event, StoredListing
from aggregator.store import rows


class StoreView:
    """Reads inside the transaction of `connection`."""

    def __init__(self, connection: Connection, version: int) -> None:
        self._connection = connection
        self.version = version

    def next_listing(self) -> int:
        """The smallest listing id that was never given."""
        listing = rows.table("listing")
        return int(self._connection.execute(select(func.coalesce(func.max(listing.c.id), 0))).scalar_one()) + 1

    def listings(self, ids: Iterable[int]) -> dict[int, StoredListing]:
        """Listings by id, withdrawn ones included."""
        return {row.id: rows.stored_listing(row) for row in rows.where_in(self._connection, "listing", "id", ids)}

    def runs(self, labels: Iterable[str]) -> list[StoredListing]:
        """All listings of some runs."""
        return [rows.stored_listing(row) for row in rows.where_in(self._connection, "listing", "run", labels)]

    def blocked(self, keys: Iterable[str]) -> dict[str, list[int]]:
        """Block key → listings under it, by id."""
        found: dict[str, list[int]] = {}
        for row in rows.where_in(self._connection, "block", "key", keys):
            found.setdefault(row.key, []).append(row.listing)
        return {key: sorted(ids) for key, ids in found.items()}

    def edges(self, ids: Iterable[int]) -> list[Pair]:
        """All pairs that touch one of the listings."""
        wanted = set(ids)
        found = rows.where_in(self._connection, "edge", "a", wanted) + rows.where_in(
            self._connection, "edge", "b", wanted
        )
        return [rows.pair(row) for row in {(row.a, row.b): row for row in found}.values()]

    def events(self, ids: Iterable[str]) -> dict[str, Event]:
        """Events by id, withdrawn ones included."""
        return {row.id: rows.event(row) for row in rows.where_in(self._connection, "event", "id", ids)}

    def founded(self, listings: Iterable[int]) -> dict[str, Event]:
        """The events that some listings founded."""
        return {row.id: rows.event(row) for row in rows.where_in(self._connection, "event", "founder", listings)}

    def members(self, events: Iterable[str]) -> list[StoredListing]:
        """All listings that tell some events, withdrawn ones included."""
        return [rows.stored_listing(row) for row in rows.where_in(self._connection, "listing", "event", events)]

    def taken(self, id: str) -> bool:
        """Whether an event id was ever given."""
        event = rows.table("event")
        return self._connection.execute(select(event.c.id).where(event.c.id == id)).first() is not None

    def series_told(self, series: str) -> datetime | None:
        """When a series was last told as news."""
        event = rows.table("event")
        found = self._connection.execute(select(event.c.body).where(event.c.series == series)).all()
        return max((codec.loads(Event, row.body).told for row in found), default=None)
