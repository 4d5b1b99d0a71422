"""The pictures: which are wanted, what came of asking for them, and their bytes. Fetches and decodes nothing.

A picture that comes or goes moves the catalogue's version and that of the events that show it, so that every process
tells the event anew; their `changed` stays, since nothing was said that is news.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, func, insert, or_, select, update

from aggregator.model import Picture
from aggregator.pictures import AGAIN, KEPT, Recoded
from aggregator.store import leases, rows
from aggregator.store.engine import Database
from aggregator.store.leases import Lease

FAR = timedelta(days=60)  # a try that lies further ahead was written by a clock that has gone back since (D14)
SIZES = ("name", "width", "height", "small_width", "small_height")


class Pictures:
    """What the fetching of pictures reads and writes; each method is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: datetime, most: int) -> list[str]:
        """Addresses of pictures that are to be asked for, those of the next events first."""
        event, picture = rows.table("event"), rows.table("picture")
        later = exists().where(
            picture.c.address == event.c.image,
            or_(picture.c.due.is_(None), picture.c.due.between(now, now + FAR)),
        )
        coming = (event.c.image.is_not(None), event.c.withdrawn.is_(None), event.c.over >= now)
        first = func.min(event.c.over)
        question = select(event.c.image).where(*coming, ~later).group_by(event.c.image)
        with self._database.read() as connection:
            found = connection.execute(question.order_by(first, event.c.image).limit(most))
            return [str(row.image) for row in found]

    def failures(self, address: str) -> int:
        """How often in a row a picture could not be had."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "picture", "address", [address])
        return int(found[0].failures) if found else 0

    def keep(self, address: str, made: Recoded, lease: Lease, now: datetime) -> None:
        """Keep a picture that came, and show it. Raises LeaseLost, and then nothing is written."""
        told = made.picture()
        values = {name: getattr(told, name) for name in SIZES} | {"large": made.large, "small": made.small}
        values |= {"tried": now, "due": now + AGAIN, "failures": 0, "error": ""}
        with self._database.write(alone=True) as connection:
            leases.check(connection, lease)
            before = rows.where_in(connection, "picture", "address", [address])
            rows.upsert(connection, "picture", [{"address": address, **values}])
            if not before or before[0].name != told.name:
                _show_anew(connection, [address], now)

    def fail(self, address: str, error: str, due: datetime | None, lease: Lease, now: datetime) -> None:
        """Note that a picture could not be had; one that is there stays."""
        table = rows.table("picture")
        values = {"tried": now, "due": due, "error": error}
        with self._database.write() as connection:
            leases.check(connection, lease)
            known = update(table).where(table.c.address == address)
            if not connection.execute(known.values(failures=table.c.failures + 1, **values)).rowcount:
                connection.execute(insert(table), [{"address": address, "failures": 1, **values}])

    def error(self, address: str) -> str | None:
        """Why a picture is not there: a sentence; "" where it is there, None where it was not asked for."""
        with self._database.read() as connection:
            found = rows.where_in(connection, "picture", "address", [address])
        return (str(found[0].error) if found[0].name is None else "") if found else None

    def body(self, name: str, *, small: bool) -> bytes | None:
        """The bytes of a picture."""
        table = rows.table("picture")
        column = table.c.small if small else table.c.large
        with self._database.read() as connection:
            found = connection.execute(select(column).where(table.c.name == name).limit(1)).scalar()
        return bytes(found) if found is not None else None


def shown(connection: Connection, since: int) -> dict[str, Picture]:
    """Event → its picture, for the events changed after a version."""
    event, picture = rows.table("event"), rows.table("picture")
    question = select(event.c.id, *(picture.c[name] for name in SIZES)).join(
        picture, picture.c.address == event.c.image
    )
    found = connection.execute(question.where(event.c.version > since, picture.c.name.is_not(None)))
    return {row.id: Picture(*(getattr(row, name) for name in SIZES)) for row in found}


def purge(connection: Connection, now: datetime) -> int:
    """Drop the pictures that no event shows that is to come, or was lately; how many."""
    event, picture = rows.table("event"), rows.table("picture")
    used = exists().where(event.c.image == picture.c.address, event.c.withdrawn.is_(None), event.c.over >= now - KEPT)
    gone: Sequence[str] = connection.execute(select(picture.c.address).where(~used)).scalars().all()
    if gone:
        _show_anew(connection, gone, now)
        for batch in rows.batches(gone):
            connection.execute(delete(picture).where(picture.c.address.in_(batch)))
    return len(gone)


def _show_anew(connection: Connection, addresses: Sequence[str], now: datetime) -> None:
    """Let every process render the events that show these pictures anew."""
    event, catalogue = rows.table("event"), rows.table("catalogue")
    version = int(connection.execute(select(catalogue.c.version)).scalar_one()) + 1
    touched = 0
    for batch in rows.batches(addresses):
        shows = event.c.image.in_(batch) & event.c.withdrawn.is_(None)
        touched += connection.execute(update(event).where(shows).values(version=version)).rowcount
    if touched:
        connection.execute(update(catalogue).values(version=version, changed=now))
