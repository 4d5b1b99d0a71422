"""What only PostgreSQL does: connections that break, a server that starts again, snapshots, locks, NUL."""

from __future__ import annotations

import threading

import psycopg
import pytest

from aggregator.errors import StoreError
from aggregator.store import StoreView
from aggregator.store.engine import WRITER, Database
from aggregator.store.store import Store
from aggregator.weave import Changeset
from tests.postgres import Server
from tests.store.making import NOW, SOURCE, ZONE, broken, changeset, kept, lease, name, opened, refresh, rows, written

pytestmark = pytest.mark.postgres


def cut(url: str) -> None:
    """Break every connection to the database, as a fail-over does."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_D20_a_connection_cut_between_two_questions_is_made_again(postgres_url: str) -> None:
    with opened(postgres_url) as store:
        written(store, 1)
        cut(postgres_url)
        assert store.version() == 1
        written(store, 2)
        assert store.version() == 2


def test_D20_a_connection_cut_within_a_refresh_leaves_the_old_state(postgres_url: str) -> None:
    with opened(postgres_url) as store:
        written(store, 1)
        held = lease(store)
        before = rows(postgres_url)

        def compute(view: StoreView) -> Changeset:
            view.events([name(1)])
            cut(postgres_url)
            return changeset(view.version, 2)

        with pytest.raises(StoreError, match="the database answered: "):
            store.ledger.commit(refresh(), compute, held, NOW)
        assert rows(postgres_url) == before
        store.ledger.commit(refresh(), lambda view: changeset(view.version, 2), held, NOW)
        assert store.version() == 2
    assert broken(postgres_url) == []


def test_D20_the_server_starts_again_under_an_open_store(postgres_server: Server, postgres_url: str) -> None:
    with opened(postgres_url) as store:
        written(store, 1)
        postgres_server.restart()
        assert store.version() == 1
        written(store, 2)


def test_D20_a_server_that_is_away_is_told_in_a_sentence(postgres_url: str) -> None:
    away = postgres_url.replace("test", "nothing-here-")
    with pytest.raises(StoreError, match=r"the database answered: .*does not exist"), opened(away):
        pass


def test_D10_who_waits_too_long_to_write_is_told_so_and_reading_goes_on(postgres_url: str) -> None:
    with opened(postgres_url) as store:
        written(store, 1)
        held = lease(store)
    patient = Store(Database(postgres_url, busy=0.2), ZONE, "secret")
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
        with pytest.raises(StoreError, match="another process has been writing for too long"):
            patient.ledger.commit(refresh(), lambda view: changeset(view.version, 2), held, NOW)
        assert patient.version() == 1
        assert len(patient.events()) == 1
    patient.ledger.commit(refresh(), lambda view: changeset(view.version, 2), held, NOW)
    patient.close()


def test_a_view_sees_one_state_while_others_write(postgres_url: str) -> None:
    with opened(postgres_url) as store, opened(postgres_url) as other:
        written(store, 1)
        with store.ledger.view() as view:
            assert sorted(view.events([name(1), name(2)])) == [name(1)]
            written(other, 2)
            assert sorted(view.events([name(1), name(2)])) == [name(1)]
            assert view.next_listing() == 2


def test_reading_whole_sees_one_state_while_others_write(postgres_url: str) -> None:
    """Listings and chunks of one source belong together."""
    with opened(postgres_url) as store, opened(postgres_url) as other:
        stop = threading.Event()
        torn: list[tuple[int, int]] = []

        def look() -> None:
            while not stop.is_set():
                found = store.ledger.stored(SOURCE)
                if len(found.listings) != found.revision:
                    torn.append((len(found.listings), found.revision))

        thread = threading.Thread(target=look)
        thread.start()
        for number in range(1, 30):
            written(other, number)
        stop.set()
        thread.join()
        assert torn == []


def test_more_threads_than_connections_wait_for_each_other(postgres_url: str) -> None:
    with opened(postgres_url) as store:
        written(store, 1)
        found: list[int] = []
        threads = [threading.Thread(target=lambda: found.append(store.version())) for _ in range(60)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found == [1] * 60


def test_a_nul_in_a_column_is_refused_whole_and_said(postgres_url: str) -> None:
    """Readers strip it from all text (A17); should one not, the old state stays."""
    with opened(postgres_url) as store:
        held = lease(store)
        before = rows(postgres_url)
        strange = Changeset(version=0, listings=(kept(1, name(1), uid="a\x00b"),))
        with pytest.raises(StoreError, match="NUL"):
            store.ledger.commit(refresh(), lambda _: strange, held, NOW)
        assert rows(postgres_url) == before
