"""A damaged, locked, full, read-only or vanished database: told in a sentence, never made worse, mended by a backup."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.store.engine import Database
from aggregator.store.store import Store
from tests.store.making import NOW, SOURCE, ZONE, broken, changeset, lease, name, opened, refresh, rows, written

ROOT = Path(__file__).parents[2]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A database with 300 events and an answer."""
    path = tmp_path / "evenemang.db"
    with opened(str(path)) as store:
        written(store, *range(1, 301))
        store.ledger.keep_snapshot(bytes(range(256)) * 40, "text/calendar", "https://bibliotek.example/", NOW)
    return path


@contextmanager
def locked(file: Path) -> Iterator[sqlite3.Connection]:
    """Another program holds the right to write."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


def patient(file: Path, seconds: float) -> Store:
    return Store(Database(str(file), busy=seconds), ZONE, "secret")


@pytest.mark.parametrize("seed", range(12))
def test_D11_a_hundred_flipped_bytes_are_found(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    body = bytearray(file.read_bytes())
    for at in chance.sample(range(len(body)), 100):
        body[at] ^= chance.randrange(1, 256)
    file.write_bytes(body)
    try:
        with opened(str(file)) as store:
            told = store.check()
    except StoreError as error:
        told = str(error)
    assert told is not None
    assert "damaged" in told
    assert "put the newest backup in its place" in told


def test_D11_a_torn_page_stops_the_start(file: Path) -> None:
    body = bytearray(file.read_bytes())
    for page in range(4096, len(body), 3 * 4096):
        body[page : page + 64] = b"\xff" * 64
    file.write_bytes(body)
    with (
        pytest.raises(StoreError, match=r"evenemang.db is damaged.*put the newest backup in its place"),
        opened(str(file)),
    ):
        pass


def test_D11_what_is_no_database_stops_the_start_and_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "evenemang.db"
    path.write_bytes(b"Kallelse till kommunfullm\xc3\xa4ktige\n" * 500)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="is no database, or it is damaged"), opened(str(path)):
        pass
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("listing", "body", '{"key":'),
        ("event", "body", '{"id":7}'),
        ("source", "state", "[]"),
        ("chunk", "counts", '{"inside":1,"elsewhere":2}'),
        ("chunk", "problems", "{"),
    ],
)
def test_D11_a_value_that_is_none_any_more_is_found(file: Path, table: str, column: str, value: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = 1", (value,))  # noqa: S608 - our own names
    connection.close()
    with opened(str(file)) as store:
        assert "can't be read, the database is damaged" in str(store.check())


def test_D11_an_answer_that_is_not_what_its_name_says_is_found(file: Path) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE snapshot SET body = zeroblob(40)")
    connection.close()
    with opened(str(file)) as store:
        assert "a stored answer is not what it was" in str(store.check())


def test_a_sound_database_is_called_sound(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, *range(1, 50))
        store.ledger.keep_snapshot(b"BEGIN:VCALENDAR", "text/calendar", "https://bibliotek.example/", NOW)
        assert store.check() is None


def test_D11_D12_a_backup_put_in_place_is_the_database_again(file: Path, tmp_path: Path) -> None:
    """The way back that docs/operate.md tells: stop, put the copy in its place, start."""
    copy = tmp_path / "backup.db"
    with opened(str(file)) as store:
        secret = store.secret
        store.backup(copy)
        before = store.events()
    file.write_bytes(b"\xff" * 8192)
    shutil.copy(copy, file)
    with opened(str(file)) as store:
        assert (store.secret, store.events(), store.check()) == (secret, before, None)
        written(store, 301)
    assert broken(str(file)) == []


def test_D12_a_backup_taken_during_writes_is_one_state(file: Path, tmp_path: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with opened(str(file)) as store:
            for number in range(1000, 2000):
                if stop.is_set():
                    return
                written(store, number)

    writer = threading.Thread(target=write)
    writer.start()
    copies = [tmp_path / f"backup-{n}.db" for n in range(5)]
    with opened(str(file)) as store:
        for copy in copies:
            store.backup(copy)
    stop.set()
    writer.join()
    for copy in copies:
        with opened(str(copy)) as store:
            assert store.check() is None
            told = store.events()
            assert len(told) == len(store.ledger.stored(SOURCE).listings)
            assert max(e.version for e in told) == store.version()
        assert broken(str(copy)) == []


def test_a_backup_never_overwrites_and_leaves_no_half(file: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.db"
    there.write_text("mine")
    with opened(str(file)) as store:
        with pytest.raises(StoreError, match="is there already"):
            store.backup(there)
        with pytest.raises(StoreError, match="can't be made: No such file"):
            store.backup(tmp_path / "nowhere" / "copy.db")
        assert there.read_text() == "mine"


def test_a_postgresql_database_is_backed_up_by_its_own_tool(postgres_url: str, tmp_path: Path) -> None:
    with opened(postgres_url) as store, pytest.raises(StoreError, match="pg_dump"):
        store.backup(tmp_path / "copy.db")


def test_D10_reading_goes_on_while_another_holds_the_file(file: Path) -> None:
    with locked(file):
        store = patient(file, 0.05)
        assert store.version() == 1
        assert len(store.events()) == 300
        store.close()


def test_D10_a_writer_waits_for_the_other_and_then_writes(file: Path) -> None:
    store = patient(file, 20)
    done = threading.Event()

    def write() -> None:
        written(store, 301)
        done.set()

    with locked(file) as other:
        writer = threading.Thread(target=write)
        writer.start()
        assert not done.wait(0.5)
        other.execute("COMMIT")
        assert done.wait(20)
        writer.join()
    assert store.event(name(301)) is not None
    store.close()


def test_D10_a_writer_waits_no_longer_than_its_deadline_and_says_why(file: Path) -> None:
    store = patient(file, 0.2)
    with locked(file):
        began = time.monotonic()
        with pytest.raises(StoreError, match="is busy: another program has held"):
            store.ledger.acquire(SOURCE, "tests", NOW)
        assert time.monotonic() - began < 15
    assert store.ledger.acquire(SOURCE, "tests", NOW) is not None
    store.close()


def test_matching_keeps_no_writer_waiting(file: Path) -> None:
    """A view may be open for as long as matching takes; others commit meanwhile."""
    with opened(str(file)) as store:
        other = patient(file, 1)
        seen: list[int] = []

        def compute(view: object) -> object:
            assert view.events([name(1)])  # type: ignore[attr-defined]  # a StoreView
            if not seen:
                other.ledger.reserve_host("bibliotek.example", NOW, 2.0)
                written(other, 301)
            seen.append(view.version)  # type: ignore[attr-defined]  # as above
            return changeset(view.version, 302)  # type: ignore[attr-defined]  # as above

        store.ledger.rewrite(compute, NOW)  # type: ignore[arg-type]  # as above
        assert len(seen) == 2
        other.close()


@pytest.mark.parametrize("pages", range(8))
def test_D07_a_full_disk_leaves_the_old_state_and_reading_goes_on(file: Path, pages: int) -> None:
    store = patient(file, 1)
    held = lease(store)
    before = rows(str(file))
    with store._database.outside() as connection:  # the limit is one of the connection
        used = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {used + pages}")
    with pytest.raises(StoreError, match="the disk is full; nothing of this was written"):
        store.ledger.commit(refresh(), lambda view: changeset(view.version, *range(400, 700)), held, NOW)
    assert rows(str(file)) == before
    assert len(store.events()) == 300
    assert store.check() is None
    with store._database.outside() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    store.ledger.commit(refresh(), lambda view: changeset(view.version, *range(400, 700)), held, NOW)
    assert broken(str(file)) == []
    store.close()


LIMITED = """
import resource, signal, sys
from aggregator.errors import StoreError
from tests.store.making import NOW, changeset, lease, opened, refresh
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
with opened(sys.argv[1]) as store:
    held = lease(store)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
    try:
        store.ledger.commit(refresh(), lambda view: changeset(view.version, *range(400, 700)), held, NOW)
    except StoreError as error:
        print(error)
        if int(sys.argv[2]) >= int(sys.argv[3]):  # else SQLite may not even write back what it has overwritten
            assert len(store.events()) == 300
"""


@pytest.mark.slow
def test_D07_D09_wherever_the_disk_ends_there_is_the_old_state_or_the_new(file: Path, tmp_path: Path) -> None:
    """The system refuses the n-th write, of the journal as of the file itself."""
    whole = file.stat().st_size
    told = set()
    for limit in (512, 4096, 20_000, 60_000, whole - 50_000, whole, whole + 8192, whole + 300_000, 10**9):
        copy = tmp_path / f"limited-{limit}.db"
        shutil.copy(file, copy)
        done = subprocess.run(
            [sys.executable, "-c", LIMITED, str(copy), str(limit), str(whole)],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        told.add(done.stdout.strip())
        with opened(str(copy)) as store:
            assert len(store.events()) == (300 if done.stdout else 600)
            assert store.check() is None
        assert broken(str(copy)) == []
    assert any("disk" in sentence for sentence in told)
    assert "" in told


def test_D08_a_file_that_was_deleted_is_told_and_no_empty_one_made(file: Path) -> None:
    with opened(str(file)) as store:
        file.unlink()
        with pytest.raises(StoreError, match=r"evenemang\.db is gone"):
            store.ledger.acquire(SOURCE, "tests", NOW)
        with pytest.raises(StoreError, match="is gone"):
            store.stamp()
        assert not file.exists()


def test_D08_a_file_that_was_replaced_is_told_and_not_written(file: Path, tmp_path: Path) -> None:
    with opened(str(file)) as store:
        copy = tmp_path / "other.db"
        store.backup(copy)
        os.replace(copy, file)
        with pytest.raises(StoreError, match="was replaced while the program ran; start it again"):
            written(store, 301)
    with opened(str(file)) as store:
        assert len(store.events()) == 300


READ_ONLY = """
import os, sys
from aggregator.errors import StoreError
from tests.store.making import opened
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(65534), os.setuid(65534)
try:
    with opened(sys.argv[1]) as store:
        print("opened")
except StoreError as error:
    print(error)
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that other users can reach too."""
    folder = Path(tempfile.mkdtemp(prefix="evenemang-read-only-"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("what", ["file", "folder", "missing"])
def test_D08_what_may_not_be_written_stops_the_start(what: str, open_folder: Path) -> None:
    path = open_folder / "evenemang.db"
    if what != "missing":
        with opened(str(path)):
            pass
        path.chmod(0o666 if what == "folder" else 0o444)
    open_folder.chmod(0o777 if what == "file" else 0o555)
    command = [sys.executable, "-c", READ_ONLY, str(path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    expected = "can't be made: Permission denied" if what == "missing" else "is read-only for this user"
    assert expected in done.stdout, done.stderr


KILLED = """
import os, signal, sys, threading, time
from tests.store.making import opened, written
with opened(sys.argv[1]) as store:
    threading.Timer(float(sys.argv[2]), os.kill, (os.getpid(), signal.SIGKILL)).start()
    for number in range(1000, 100000):
        written(store, number)
        print(number, flush=True)
"""


@pytest.mark.slow
def test_D01_what_was_committed_before_a_kill_is_there_and_nothing_half(file: Path) -> None:
    there = 300
    for delay in ("0.05", "0.13", "0.31"):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(file), delay], cwd=ROOT, capture_output=True, timeout=60
        )
        assert done.returncode == -signal.SIGKILL, done.stderr
        with opened(str(file)) as store:
            assert store.check() is None
            told = [e.id for e in store.events()]
        for number in done.stdout.split():
            assert name(int(number)) in told
        assert len(told) >= there
        assert broken(str(file)) == []
