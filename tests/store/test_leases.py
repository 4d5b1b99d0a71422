"""The right to write: one holder at a time, in whatever process and by whatever clock."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import LeaseLost
from aggregator.store import LEASE, Lease
from aggregator.store.holder import has_ended, own_name
from tests.store.making import NOW, SOURCE, changeset, lease, opened, refresh, rows, written


def test_D05_one_of_two_gets_the_lease(database_url: str) -> None:
    with opened(database_url) as one, opened(database_url) as two:
        assert one.ledger.acquire(SOURCE, "one", NOW) == Lease(SOURCE, 1)
        assert two.ledger.acquire(SOURCE, "two", NOW) is None


def test_D05_of_many_who_come_first_at_once_one_gets_the_lease(database_url: str) -> None:
    """No row is there yet to be locked: the first lease of a source must be taken in one step too."""
    with opened(database_url) as one, opened(database_url) as two:
        start = threading.Barrier(8)
        taken: list[Lease | None] = []

        def come(number: int) -> None:
            start.wait()
            taken.append((one, two)[number % 2].ledger.acquire(SOURCE, f"holder {number}", NOW))

        threads = [threading.Thread(target=come, args=(n,)) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [t for t in taken if t is not None] == [Lease(SOURCE, 1)]
    assert len(taken) == 8


def test_a_lease_given_back_is_free_at_once_under_a_new_token(database_url: str) -> None:
    with opened(database_url) as store:
        first = lease(store)
        store.ledger.give_back(first)
        assert lease(store) == Lease(SOURCE, first.token + 1)


def test_giving_back_late_takes_nothing_from_the_next(database_url: str) -> None:
    with opened(database_url) as store:
        late = lease(store)
        assert store.ledger.acquire(SOURCE, "next", NOW + LEASE) is not None
        store.ledger.give_back(late)
        assert store.ledger.acquire(SOURCE, "third", NOW + LEASE) is None


def test_D05_a_lease_ends_when_it_expires_and_not_before(database_url: str) -> None:
    with opened(database_url) as store:
        lease(store)
        assert store.ledger.acquire(SOURCE, "other", NOW + LEASE - timedelta(seconds=1)) is None
        assert store.ledger.acquire(SOURCE, "other", NOW + LEASE) is not None


def test_a_lease_that_is_worked_under_runs_on(database_url: str) -> None:
    with opened(database_url) as store:
        held = lease(store)
        assert store.ledger.extend(held, NOW + LEASE / 2)
        assert store.ledger.acquire(SOURCE, "other", NOW + LEASE) is None


def test_D06_a_holder_that_stood_still_can_neither_write_nor_extend(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        stopped = lease(store)
        assert store.ledger.acquire(SOURCE, "other", NOW + timedelta(minutes=10)) is not None
        before = rows(database_url)
        with pytest.raises(LeaseLost, match="another process refreshes biblioteket"):
            store.ledger.commit(refresh(), lambda view: changeset(view.version, 2), stopped, NOW)
        with pytest.raises(LeaseLost):
            store.ledger.note(refresh(failures=3), stopped, NOW)
        assert not store.ledger.extend(stopped, NOW)
        assert rows(database_url) == before
        assert store.ledger.state(SOURCE).failures == 0


def test_D06_an_expired_lease_that_nobody_took_still_writes(database_url: str) -> None:
    with opened(database_url) as store:
        held = lease(store)
        store.ledger.commit(refresh(), lambda view: changeset(view.version, 1), held, NOW + timedelta(hours=1))
        assert store.version() == 1


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=365 * 56)])
def test_D14_a_lease_of_a_clock_that_went_back_bars_nobody(database_url: str, back: timedelta) -> None:
    with opened(database_url) as store:
        lease(store)
        assert store.ledger.acquire(SOURCE, "other", NOW - back) is not None


def test_D01_the_lease_of_a_process_that_was_killed_is_free(database_url: str) -> None:
    code = "from aggregator.store.holder import own_name; print(own_name())"
    gone = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    with opened(database_url) as store:
        assert store.ledger.acquire(SOURCE, gone, NOW) is not None
        assert store.ledger.acquire(SOURCE, own_name(), NOW) == Lease(SOURCE, 2)
        assert store.ledger.acquire(SOURCE, "other", NOW) is None


def test_only_a_process_of_this_machine_is_known_to_have_ended() -> None:
    mine = own_name()
    machine, number, _, word = mine.rsplit("/", 3)
    assert not has_ended(mine)
    assert has_ended(f"{machine}/{number}/1/{word}")  # the number was given to another process since
    assert not has_ended(f"elsewhere:{machine}/{number}/1/{word}")
    assert not has_ended("a word of another program")


def test_B56_a_host_is_free_for_one_process_after_the_other(database_url: str) -> None:
    with opened(database_url) as one, opened(database_url) as two:
        assert one.ledger.reserve_host("bibliotek.example", NOW, 2.0) == 0.0
        assert two.ledger.reserve_host("bibliotek.example", NOW, 2.0) == 2.0
        assert one.ledger.reserve_host("bibliotek.example", NOW + timedelta(seconds=1), 2.0) == 3.0
        assert one.ledger.reserve_host("kyrka.example", NOW, 2.0) == 0.0
        assert two.ledger.reserve_host("bibliotek.example", NOW + timedelta(minutes=1), 2.0) == 0.0


def test_D14_a_host_booked_by_a_clock_that_went_back_is_free(database_url: str) -> None:
    with opened(database_url) as store:
        store.ledger.reserve_host("bibliotek.example", NOW + timedelta(hours=1), 2.0)
        assert store.ledger.reserve_host("bibliotek.example", NOW, 2.0) == 0.0


def test_the_day_is_taken_once(database_url: str) -> None:
    today = datetime(2026, 11, 23, tzinfo=UTC).date()
    with opened(database_url) as one, opened(database_url) as two:
        assert [s.ledger.claim_day(today) for s in (one, two, one)] == [True, False, False]
        assert two.ledger.claim_day(today + timedelta(days=1))
