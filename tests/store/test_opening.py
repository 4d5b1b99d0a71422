"""Opening a database: made once, migrated, for its owner alone, and never another calendar's or a newer program's."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

from aggregator.errors import StoreError
from aggregator.store import Identity
from aggregator.store.engine import Database, journal_mode
from aggregator.store.migrate import upgrade
from tests.store.making import NOW, TOWN, broken, event, kept, name, opened, rows, written

ROOT = Path(__file__).parents[2]


def test_the_first_start_makes_the_tables_and_a_secret_that_stays(database_url: str) -> None:
    with opened(database_url) as store:
        secret = store.secret
        assert len(secret) >= 32
        assert store.stamp() == (0, NOW)
    with opened(database_url) as store:
        assert store.secret == secret


def test_a_given_secret_goes_before_the_kept_one(database_url: str) -> None:
    with opened(database_url) as store:
        kept_one = store.secret
    with opened(database_url, secret="x" * 32) as store:
        assert store.secret == "x" * 32
    with opened(database_url) as store:
        assert store.secret == kept_one


def test_two_first_starts_at_once_end_with_one_secret(database_url: str) -> None:
    secrets: list[str] = []
    together = threading.Barrier(4)

    def start() -> None:
        together.wait()
        with opened(database_url) as store:
            secrets.append(store.secret)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 4
    assert len(set(secrets)) == 1
    with opened(database_url) as store:
        assert store.secret == secrets[0]


@pytest.mark.parametrize(
    "other", [Identity("1231", TOWN.name), Identity("", TOWN.name), Identity("1231", "Evenemang i Burlöv")]
)
def test_the_database_of_another_calendar_is_refused(database_url: str, other: Identity) -> None:
    with opened(database_url) as store:
        written(store, 1)
    with (
        pytest.raises(StoreError, match=r"belongs to the calendar “Evenemang i Staffanstorp” .region 1230."),
        opened(database_url, identity=other),
    ):
        pass
    with opened(database_url) as store:
        assert store.version() == 1


def test_without_a_region_the_name_tells_whose_it_is(database_url: str) -> None:
    with opened(database_url, identity=Identity("", "Evenemang")):
        pass
    with opened(database_url, identity=Identity("", "Evenemang")):
        pass
    with (
        pytest.raises(StoreError, match=r"belongs to the calendar “Evenemang” .region none."),
        opened(database_url, identity=Identity("", "Kalendern")),
    ):
        pass


def test_a_calendar_of_the_same_region_may_change_its_name(database_url: str) -> None:
    with opened(database_url):
        pass
    renamed = replace(TOWN, name="Kalendarium Staffanstorp")
    with opened(database_url, identity=renamed):
        pass
    with (
        pytest.raises(StoreError, match="belongs to the calendar “Kalendarium Staffanstorp”"),
        opened(database_url, identity=Identity("1231", "x")),
    ):
        pass


def test_the_file_and_its_backup_are_for_their_owner_alone(tmp_path: Path) -> None:
    file, copy = tmp_path / "evenemang.db", tmp_path / "copy.db"
    with opened(str(file)) as store:
        store.backup(copy)
    assert [stat.S_IMODE(path.stat().st_mode) for path in (file, copy)] == [0o600, 0o600]


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("mysql://localhost/x", "begins with mysql://"),
        ("sqlite://", "in memory"),
        ("sqlite:///:memory:", "in memory"),
        ("sqlite:////nowhere/at/all/evenemang.db", "can't be made: No such file or directory"),
    ],
)
def test_an_address_that_can_be_no_database_is_refused_with_a_sentence(url: str, sentence: str) -> None:
    with pytest.raises(StoreError, match=sentence), opened(url):
        pass


def test_no_sqlite_with_the_reset_fault_gets_a_write_ahead_log() -> None:
    modes = [
        journal_mode(v) for v in ((3, 40, 1), (3, 51, 2), (3, 50, 6), (3, 44, 6), (3, 50, 7), (3, 51, 3), (4, 0, 0))
    ]
    assert modes == ["delete", "delete", "delete", "wal", "wal", "wal", "wal"]


def test_each_connection_is_safe(tmp_path: Path) -> None:
    database = Database(str(tmp_path / "evenemang.db"), create=True)
    with database.read() as connection:
        asked = ("foreign_keys", "secure_delete", "synchronous", "journal_mode")
        found = [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in asked]
    database.close()
    assert found == [1, 1, 2, journal_mode()]


def test_the_tables_are_what_the_program_expects(database_url: str) -> None:
    """No difference between `tables.py` and what the migrations make (D13)."""
    with opened(database_url):
        pass
    database = Database(database_url)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    database.close()


def test_D13_a_second_migration_does_nothing(database_url: str) -> None:
    database = Database(database_url, create=True)
    assert upgrade(database) == "empty"
    assert upgrade(database) is None
    database.close()


def test_D13_the_database_of_a_newer_program_is_refused_and_left_alone(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
    database = Database(database_url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from-tomorrow'"))
    database.close()
    before = rows(database_url)
    with (
        pytest.raises(StoreError, match=r"made by a newer program .its revision is from-tomorrow.; update this one"),
        opened(database_url),
    ):
        pass
    assert rows(database_url) == before


def test_D13_a_database_of_the_first_tables_is_brought_forward_with_all_it_holds(database_url: str) -> None:
    database = Database(database_url, create=True)
    upgrade(database, "0001")
    with database.write() as connection:
        values = "1, '1230', 'Evenemang', 'secret', 7, '2026-11-01 12:00:00+00:00'"
        connection.execute(
            text(f"INSERT INTO catalogue (id, region, name, secret, version, changed) VALUES ({values})")  # noqa: S608 - constants
        )
        listing = "41, 'biblioteket', 'uid-41', '', '', '{}', '2026-11-01', '2026-11-01', '2026-11-01'"
        columns = "id, source, uid, recurrence, chunk, body, first_seen, changed, over"
        connection.execute(text(f"INSERT INTO listing ({columns}) VALUES ({listing})"))  # noqa: S608 - constants
    assert upgrade(database) == "0001"
    database.close()
    with opened(database_url) as store:
        assert (store.secret, store.version()) == ("secret", 7)
        with store.ledger.view() as view:
            assert (view.version, view.next_listing()) == (7, 42)


def test_pictures_of_events_from_before_there_were_any_are_asked_for(database_url: str) -> None:
    shows = event(name(1), 1)
    shows = replace(shows, content=replace(shows.content, image="https://bild.example/1.jpg"))
    with opened(database_url) as store:
        written(store, 1, events=(shows,))
    database = Database(database_url)
    with database.write(alone=True) as connection:  # as if the tables before had been there until now
        connection.execute(text("UPDATE event SET image = NULL"))
        connection.execute(text("DROP TABLE switch"))
        connection.execute(text("DROP TABLE picture"))
        connection.execute(text("DROP INDEX ix_event_image"))
        connection.execute(text("ALTER TABLE event DROP COLUMN image"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    database.close()
    with opened(database_url) as store:
        assert store.ledger.pictures.due(NOW, 10) == ["https://bild.example/1.jpg"]
        assert [e.content.image for e in store.events()] == ["https://bild.example/1.jpg"]


KILLED = """
import os, signal, sys
from sqlalchemy import event
from aggregator.store.engine import Database
from aggregator.store.migrate import upgrade
database, left = Database(sys.argv[1], create=True), int(sys.argv[2])
def count(connection, cursor, statement, parameters, context, executemany):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
event.listen(database.engine, "before_cursor_execute", count)
upgrade(database)
"""


def killed_at(url: str, statement: int) -> bool:
    """Migrate in a process that is killed before its n-th statement; whether it came so far."""
    done = subprocess.run([sys.executable, "-c", KILLED, url, str(statement)], cwd=ROOT, timeout=120)
    assert done.returncode in (0, -signal.SIGKILL)
    return done.returncode != 0


@pytest.mark.slow
def test_D13_a_migration_killed_anywhere_is_done_again(database_url: str) -> None:
    statement = 3
    while killed_at(database_url, statement):
        database = Database(database_url, create=True)
        with database.read() as connection:
            assert MigrationContext.configure(connection).get_current_revision() is None
        database.close()
        statement *= 2
    assert statement > 40
    with opened(database_url) as store:
        written(store, 1)
        assert store.ledger.stored("biblioteket").listings == [kept(1, name(1))]
    assert broken(database_url) == []
