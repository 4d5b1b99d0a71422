"""What staff turn on and off for the whole town. Each is off until somebody turns it on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from aggregator.store import audit, rows
from aggregator.store.engine import Database

FAILING = "mail-failing"  # organizers are written to when their source can't be read
TERM = "mail-term"  # organizers are asked once a term whether all is right
NAMES = (FAILING, TERM)


def of_source(name: str, source: str) -> str:
    """What a switch is called for one source alone."""
    return f"{name}:{source}"


class Switches:
    """The switches of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def on(self, name: str) -> bool:
        """Whether it is on."""
        table = rows.table("switch")
        with self._database.read() as connection:
            return bool(connection.execute(select(table.c.state).where(table.c.name == name)).scalar())

    def allows(self, name: str, source: str) -> bool:
        """Whether it is on for a source: what staff said of that one, else of all."""
        table = rows.table("switch")
        with self._database.read() as connection:
            own = connection.execute(select(table.c.state).where(table.c.name == of_source(name, source))).scalar()
        return self.on(name) if own is None else bool(own)

    def turn(self, name: str, on: bool, by: str, now: datetime) -> None:
        """Turn it on or off."""
        with self._database.write() as connection:
            rows.upsert(connection, "switch", [{"name": name, "state": int(on), "changed": now, "by": by}])
            audit.note(connection, by, "turn-on" if on else "turn-off", f"switch:{name}", "", now)
