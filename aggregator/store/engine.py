"""Connections to the database: SQLite by default, PostgreSQL by its address alone. Knows no table.

SQLite has one writer at a time through BEGIN IMMEDIATE. Its journal mode follows the library's version: before
3.51.3 (but for the patched 3.50.7 and 3.44.6) a WAL file can be reset under several writing connections, so
there the rollback journal is used.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from aggregator.errors import StoreError
from aggregator.store.sentences import sentence

BUSY = 60.0  # seconds that a writer waits for another: a backup or another program may hold the file for half a minute
POOL = 5
SPARE = 20
WAL_SINCE = (3, 51, 3)
WAL_PATCHED = {(3, 50, 7), (3, 44, 6)}
WRITER = 0x45564E  # the advisory lock of PostgreSQL under which the catalogue is decided and written
# How long the transactions of this task and its threads wait for others, where that is less than the database's own.
_patience: ContextVar[float] = ContextVar("patience", default=float("inf"))


@contextmanager
def waiting(seconds: float) -> Iterator[None]:
    """Within the block no transaction waits longer than that for another; then it is a StoreError.

    A page is answered within seconds whatever a backup or another program does; a refresh has time.
    """
    before = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(before)


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The journal mode that is safe with several writing connections of this SQLite."""
    return "wal" if version >= WAL_SINCE or version in WAL_PATCHED else "delete"


class Database:
    """Owns the pool of one database. `read` and `write` give a connection inside a transaction.

    Everything that the database or its driver raises inside them leaves as a StoreError.
    """

    def __init__(self, url: str, *, create: bool = False, busy: float = BUSY) -> None:
        self.url = normal_url(url)
        self.file = _file_of(self.url)
        if self.file is not None:
            _ready(self.file, create)
            self._inode = _identity(self.file)
        self.engine = _sqlite(self.file, busy) if self.file is not None else _postgres(self.url, busy)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is one file."""
        return self.file is not None

    @property
    def reads_stop_writers(self) -> bool:
        """Whether a reading transaction, while it lasts, keeps others from committing (the rollback journal does)."""
        return self.is_sqlite and journal_mode() != "wal"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A consistent view; nothing is written through it."""
        self._check_file()
        with self._wrapped(), self.engine.connect() as connection:
            connection = connection.execution_options(**self._view())
            with connection.begin():
                yield connection

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block. `alone`: one at a time over all processes."""
        self._check_file()
        with self._wrapped(), self.engine.connect() as connection:
            connection = connection.execution_options(writes=True)
            with connection.begin():
                if alone and not self.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER})
                yield connection

    @contextmanager
    def outside(self) -> Iterator[sqlite3.Connection]:
        """SQLite's own connection, outside any transaction: for what can't run inside one."""
        self._check_file()
        with self._wrapped(), self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert isinstance(raw, sqlite3.Connection)  # noqa: S101 - nobody asks it of PostgreSQL
            yield raw

    @contextmanager
    def alone(self) -> Iterator[Connection]:
        """A connection on which each statement is a transaction of its own: for what PostgreSQL runs inside none."""
        with self._wrapped(), self.engine.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()

    def _view(self) -> dict[str, Any]:
        return {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}

    def _check_file(self) -> None:
        """A file that was deleted or replaced under us must swallow no writes, nor be told as the present state."""
        if self.file is None:
            return
        try:
            inode = _identity(self.file)
        except OSError as error:
            raise StoreError(f"the database file {self.file} is gone") from error
        if inode != self._inode:
            raise StoreError(f"the database file {self.file} was replaced while the program ran; start it again")

    @contextmanager
    def _wrapped(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, UnicodeDecodeError) as error:  # the last: of a torn file's own words
            raise StoreError(sentence(error, self.file)) from error


def normal_url(url: str) -> str:
    """A path, `sqlite:///…` or `postgresql://…` as an SQLAlchemy address; raises StoreError for anything else."""
    if "://" not in url:
        return f"sqlite:///{url}"
    scheme, _, rest = url.partition("://")
    if scheme in ("postgresql", "postgres", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite":
        return url
    raise StoreError(f"the database address begins with {scheme}://; it may be a file, sqlite:/// or postgresql://")


def _file_of(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return None
    if not parsed.database or parsed.database == ":memory:":
        raise StoreError("a database in memory is gone with the process; name a file: sqlite:///evenemang.db")
    return Path(parsed.database)


def _identity(file: Path) -> tuple[int, int]:
    stat = os.stat(file)
    return stat.st_dev, stat.st_ino


def _ready(file: Path, create: bool) -> None:
    """Make the file, readable for its owner alone, or see that it can be written."""
    if not file.exists():
        if not create:
            raise StoreError(f"there is no database at {file}")
        try:
            file.touch(mode=0o600)
        except OSError as error:
            raise StoreError(f"the database file {file} can't be made: {error.strerror}") from error
    for path in (file, file.absolute().parent):  # the folder too: SQLite's journal is made beside the file
        if not os.access(path, os.W_OK):
            raise StoreError(f"the database file {file} can't be written: {path} is read-only for this user")


def _sqlite(file: Path, busy: float) -> Engine:
    def connect() -> sqlite3.Connection:
        # mode=rw: a file that vanished is an error, never a new empty database
        return sqlite3.connect(
            f"file:{quote(str(file.absolute()))}?mode=rw",
            uri=True,
            timeout=busy,
            isolation_level=None,
            check_same_thread=False,
        )

    engine = create_engine(
        "sqlite://", creator=connect, poolclass=QueuePool, pool_size=POOL, max_overflow=SPARE, pool_timeout=busy
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", partial(_begin_sqlite, busy=busy))
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"journal_mode={journal_mode()}",
        "foreign_keys=ON",
        "secure_delete=ON",
        "synchronous=FULL",
        "cache_size=-16000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection, busy: float) -> None:
    wait = int(min(busy, _patience.get()) * 1000)
    if connection.info.get("wait") != wait:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={wait}")
        connection.info["wait"] = wait
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(url: str, busy: float) -> Engine:
    try:
        engine = create_engine(
            url,
            pool_size=POOL,
            max_overflow=SPARE,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 5, "options": f"-c lock_timeout={int(busy * 1000)} -c timezone=UTC"},
        )
        event.listen(engine, "begin", partial(_begin_postgres, busy=busy))
        return engine
    except ModuleNotFoundError as error:
        raise StoreError("PostgreSQL needs its driver: install evenemang[postgres]") from error


def _begin_postgres(connection: Connection, busy: float) -> None:
    if _patience.get() < busy:
        connection.exec_driver_sql(f"SET LOCAL lock_timeout={int(_patience.get() * 1000)}")
