"""Whether a database is damaged: its pages, its indexes, its values. It mends nothing.

SQLite sees what is torn in its own structures. A flipped bit inside a text it takes for text, so the thorough look
also reads every value: JSON that is no value any more, an answer that is not what its name says.
"""

import hashlib
import zlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, select

from aggregator.errors import StoreError
from aggregator.state import SourceState
from aggregator.store import rows
from aggregator.store.engine import Database
from aggregator.store.sentences import RESTORE

AT_ONCE = 500  # rows in memory
_READ: dict[str, Callable[[Row[Any]], object]] = {
    "source": lambda row: rows.told(SourceState, row.state),
    "listing": rows.stored_listing,
    "chunk": rows.chunk,
    "edge": rows.pair,
    "event": rows.event,
    "decision": rows.decision,
}


def torn(database: Database) -> str | None:
    """The quick look of every start: what is wrong with the file's structure as a sentence, or None."""
    return _pragma(database, "quick_check(1)")


def damage(database: Database) -> str | None:
    """The thorough look: what is wrong with structure, indexes and values, as a sentence, or None."""
    try:
        _read_all(database)
    except StoreError as error:
        return str(error)
    return _pragma(database, "integrity_check(1)")


def _pragma(database: Database, check: str) -> str | None:
    if not database.is_sqlite:
        return None  # PostgreSQL keeps checksums of its own and refuses a torn page by itself
    try:
        with database.outside() as connection:
            found = connection.execute(f"PRAGMA {check}").fetchone()
    except StoreError as error:
        return str(error)
    return None if found == ("ok",) else f"the database file {database.file} is damaged ({found[0]}); {RESTORE}"


def _read_all(database: Database) -> None:
    """In many short transactions, so that nobody waits to write for longer than one of them."""
    for name, read in _READ.items():
        with database.read() as connection:
            for row in connection.execute(select(rows.table(name)).execution_options(yield_per=AT_ONCE)):
                read(row)
    snapshot = rows.table("snapshot")
    with database.read() as connection:
        names = connection.execute(select(snapshot.c.hash)).scalars().all()
    for name in names:
        with database.read() as connection:
            for row in rows.where_in(connection, "snapshot", "hash", [name]):
                _check_answer(row)


def _check_answer(row: Row[Any]) -> None:
    try:
        same = hashlib.sha256(zlib.decompress(row.body)).hexdigest() == row.hash
    except zlib.error:
        same = False
    if not same:
        raise StoreError(f"a stored answer is not what it was, the database is damaged; {RESTORE}")
