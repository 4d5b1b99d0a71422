"""What staff added to the town: sources beside those of the file, and their words on places. Assembles nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from aggregator import codec
from aggregator.errors import Overtaken
from aggregator.model import Entry, Place, PlaceEdit, Source
from aggregator.store import rows
from aggregator.store.engine import Database

_ONLY = 1  # the id of the one row that counts the changes


class Town:
    """Entries and places of one database; every change moves the revision that running processes compare."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def revision(self) -> int:
        """How often the town was changed here."""
        town = rows.table("town")
        with self._database.read() as connection:
            return int(connection.execute(select(town.c.revision)).scalar() or 0)

    def entries(self) -> list[Entry]:
        """All entered sources, removed ones too, by id."""
        with self._database.read() as connection:
            return entries(connection)

    def places(self) -> list[PlaceEdit]:
        """Staff's words on places, by id."""
        place = rows.table("place")
        with self._database.read() as connection:
            return [_place(row) for row in connection.execute(select(place).order_by(place.c.id))]

    def put(self, entry: Entry, before: Entry | None = None) -> None:
        """Add a source, or change one that was entered. Raises Overtaken where it is not as it was shown `before`."""
        with self._database.write() as connection:
            if before is not None:
                _check(connection, "entry", entry.source.id, codec.dumps(before.source))
            put(connection, entry)

    def remove(self, id: str, now: datetime) -> bool:
        """Take an entered source out: its events are withdrawn at once. False where there is none."""
        with self._database.write() as connection:
            return remove(connection, id, now)

    def restore(self, id: str) -> None:
        """Take a removed source back in; its events return with its next answer."""
        entry = rows.table("entry")
        with self._database.write() as connection:
            connection.execute(update(entry).where(entry.c.id == id).values(removed=None))
            move(connection)

    def put_place(self, edit: PlaceEdit, before: Place | None = None) -> None:
        """Say something of a place. Raises Overtaken where what was said of it is not as it was shown `before`."""
        values = {"id": edit.place.id, "body": codec.dumps(edit.place), "into": edit.into}
        with self._database.write() as connection:
            if before is not None:
                _check(connection, "place", edit.place.id, codec.dumps(before))
            rows.upsert(connection, "place", [{**values, "changed": edit.changed, "by": edit.by}])
            move(connection)

    def forget_place(self, id: str) -> None:
        """Take back what staff said of a place."""
        with self._database.write() as connection:
            rows.delete_in(connection, "place", "id", [id])
            move(connection)


def put(connection: Connection, entry: Entry) -> None:
    """As `Town.put`, inside a transaction that does more."""
    rows.upsert(connection, "entry", [_values(entry)])
    move(connection)


def remove(connection: Connection, id: str, now: datetime) -> bool:
    """As `Town.remove`, inside a transaction that does more."""
    entry = rows.table("entry")
    there = (entry.c.id == id) & entry.c.removed.is_(None)
    done = connection.execute(update(entry).where(there).values(removed=now)).rowcount
    if done:
        move(connection)
    return bool(done)


def entries(connection: Connection) -> list[Entry]:
    """As `Town.entries`, inside a transaction that does more."""
    entry = rows.table("entry")
    return [_entry(row) for row in connection.execute(select(entry).order_by(entry.c.id))]


def move(connection: Connection) -> None:
    """Let the revision grow: whoever runs reads the town again."""
    town = rows.table("town")
    if not connection.execute(update(town).values(revision=town.c.revision + 1)).rowcount:
        rows.upsert(connection, "town", [{"id": _ONLY, "revision": 1}])


def _check(connection: Connection, name: str, id: str, body: str) -> None:
    """See that a row, if there is one, holds what was shown, and keep it from others until the end (F25)."""
    table = rows.table(name)
    held = connection.execute(select(table.c.body).where(table.c.id == id).with_for_update()).scalar()
    if held is not None and held != body:
        raise Overtaken(0)


def _values(entry: Entry) -> Mapping[str, Any]:
    told = {"person": entry.person, "added": entry.added, "removed": entry.removed}
    return {"id": entry.source.id, "body": codec.dumps(entry.source), **told}


def _entry(row: Any) -> Entry:
    return Entry(source=rows.told(Source, row.body), person=row.person, added=row.added, removed=row.removed)


def _place(row: Any) -> PlaceEdit:
    return PlaceEdit(place=rows.told(Place, row.body), into=row.into, changed=row.changed, by=row.by)
