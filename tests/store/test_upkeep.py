"""What the store drops with time, and a source that gets another id."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.errors import LeaseLost
from aggregator.model import Letter, When
from aggregator.state import Held
from aggregator.store import Refresh, StoreView, Try
from aggregator.weave import Changeset
from tests.store.making import (
    NOW,
    SOURCE,
    broken,
    changeset,
    event,
    kept,
    lease,
    name,
    opened,
    pair,
    refresh,
    rows,
    written,
)

PAST = timedelta(days=396)
LONG_AGO = NOW - PAST - timedelta(days=1)


def test_G10_what_has_been_over_for_13_months_goes_with_all_that_hangs_on_it(database_url: str) -> None:
    with opened(database_url) as store:
        old = (kept(1, name(1), start=LONG_AGO), kept(2, name(1), start=LONG_AGO), kept(3, name(3)))
        events = (event(name(1), 1, start=LONG_AGO), event(name(3), 3))
        written(store, 1, 2, 3, listings=old, events=events, edges=(pair(1, 2), pair(2, 3, "possible")))
        store.ledger.rewrite(lambda view: Changeset(version=view.version, redirects={name(2): name(1)}), NOW)
        gone = store.ledger.purge(NOW, PAST)
        assert (gone["listing"], gone["event"]) == (2, 1)
        left = rows(database_url)
        assert (left["listing"], left["event"], left["edge"], left["block"], left["redirect"]) == (1, 1, 0, 2, 0)
        assert store.ledger.purge(NOW, PAST)["listing"] == 0
    assert broken(database_url) == []


def test_G06_G11_what_people_left_goes_with_the_daily_chores(database_url: str) -> None:
    """Links, sessions, letters, counted networks and the names of removed staff, each when its time is up."""
    with opened(database_url) as store:
        member = store.staff.add("a@x.example", "Redaktör", NOW, by="tests")
        store.staff.invite(member.id, NOW)
        store.staff.remove(member.id, NOW, "tests")
        other = store.staff.add("b@x.example", "Redaktör", NOW, by="tests")
        store.staff.invite(other.id, NOW)
        store.people.open("staff", other.id, NOW)
        store.tally.hit("login", "192.0.2.1", NOW, 5, timedelta(hours=1))
        told = Letter(key="k", kind="login", recipient="b@x.example", language="sv", subject="", plain="", html="")
        store.outbox.write(told, NOW)
        days = {"token": 2, "session": 1, "tally": 7, "letter": 30, "staff": 365}
        for table, day in sorted(days.items(), key=lambda pair: pair[1]):
            early, late = NOW + timedelta(days=day, hours=-13), NOW + timedelta(days=day, hours=1)
            assert store.ledger.purge(early, PAST)[table] == 0, table
            assert store.ledger.purge(late, PAST)[table] == 1, table
            assert store.ledger.purge(late, PAST)[table] == 0, table


def test_what_is_over_for_less_stays(database_url: str) -> None:
    with opened(database_url) as store:
        recent = NOW - PAST + timedelta(days=1)
        written(store, 1, listings=(kept(1, name(1), start=recent),), events=(event(name(1), 1, start=recent),))
        assert store.ledger.purge(NOW, PAST)["event"] == 0
        assert store.event(name(1)) is not None


def test_an_event_and_its_listings_go_together(database_url: str) -> None:
    """One source tells the long past of it, another (or a correction) a day that is not: nothing is torn apart."""
    with opened(database_url) as store:
        listings = (kept(1, name(1), start=LONG_AGO), kept(2, name(1)), kept(3, name(3), start=LONG_AGO))
        events = (event(name(1), 1, start=LONG_AGO), event(name(3), 3))
        written(store, 1, 2, 3, listings=listings, events=events)
        gone = store.ledger.purge(NOW, PAST)
        assert (gone["listing"], gone["event"]) == (0, 0)
    assert broken(database_url) == []


def test_an_id_once_given_is_never_given_again(database_url: str) -> None:
    """Decisions name listings by their ids: the next listing must not inherit those about one that was dropped."""
    with opened(database_url) as store:
        old = (kept(1, name(1)), kept(9, name(9), start=LONG_AGO))
        written(store, 1, 9, listings=old, events=(event(name(1), 1), event(name(9), 9, start=LONG_AGO)))
        store.ledger.purge(NOW, PAST)
        with store.ledger.view() as view:
            assert view.next_listing() == 10


def test_answers_go_after_30_days_but_not_those_that_a_replay_needs(database_url: str) -> None:
    last, waiting, old = (hashlib.sha256(body).hexdigest() for body in (b"last", b"waiting", b"old"))
    with opened(database_url) as store:
        for body in (b"last", b"waiting", b"old"):
            store.ledger.keep_snapshot(body, "", "", NOW - timedelta(days=31))
        store.ledger.keep_snapshot(b"young", "", "", NOW - timedelta(days=29))
        held = lease(store)
        store.ledger.note(refresh(body=last, held=Held("too-many-new", NOW, waiting)), held, NOW)
        assert store.ledger.purge(NOW, PAST)["snapshot"] == 1
        assert [store.ledger.snapshot(n) is not None for n in (last, waiting, old)] == [True, True, False]


def test_an_answer_seen_again_is_young_again(database_url: str) -> None:
    with opened(database_url) as store:
        store.ledger.keep_snapshot(b"same", "", "", NOW - timedelta(days=40))
        store.ledger.keep_snapshot(b"same", "", "", NOW)
        assert store.ledger.purge(NOW, PAST)["snapshot"] == 0


def test_history_goes_too(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        held = lease(store)
        store.ledger.note(Refresh(state=refresh().state, tried=Try("failed")), held, NOW - timedelta(days=31))
        store.ledger.reserve_host("old.example", NOW - timedelta(days=2), 2.0)
        store.ledger.reserve_host("new.example", NOW, 2.0)
        gone = store.ledger.purge(NOW, PAST)
        assert (gone["fetch"], gone["host"], gone["change"]) == (1, 1, 0)
        assert store.ledger.purge(NOW + PAST + timedelta(days=5), PAST)["change"] == 1


def test_a_purge_makes_stale_what_was_matched_before(database_url: str) -> None:
    with opened(database_url) as store, opened(database_url) as other:
        past = (kept(1, name(1), start=LONG_AGO),)
        written(store, 1, listings=past, events=(event(name(1), 1, start=LONG_AGO),))
        seen: list[bool] = []

        def compute(view: StoreView) -> Changeset:
            seen.append(True)
            if len(seen) == 1:
                other.ledger.purge(NOW, PAST)
            return changeset(view.version, 2)

        store.ledger.rewrite(compute, NOW)
        assert len(seen) == 2


def test_the_old_time_of_a_moved_event_is_told_for_30_days(database_url: str) -> None:
    with opened(database_url) as store:
        moved = replace(event(name(1), 1), moved_from=When(NOW), moved_at=NOW)
        written(store, 1, 2, events=(moved, event(name(2), 2)))
        assert store.ledger.settle_moved(NOW + timedelta(days=29)) == 0
        assert store.ledger.settle_moved(NOW + timedelta(days=30)) == 1
        found = store.event(name(1))
        assert found is not None
        assert (found.moved_from, found.version) == (None, 2)
        assert store.ledger.settle_moved(NOW + timedelta(days=31)) == 0


def test_a_source_renamed_keeps_all_it_has(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1, 2)
        seen: list[list[int]] = []

        def compute(view: StoreView, ids: list[int]) -> Changeset:
            seen.append(ids)
            return Changeset(version=view.version)

        assert store.ledger.rename(SOURCE, "bokhuset", compute, NOW)
        assert seen == [[1, 2]]
        assert store.ledger.state("bokhuset") == replace(refresh().state, id="bokhuset")
        assert [str(s.listing.key) for s in store.ledger.stored("bokhuset").listings] == [
            "bokhuset/uid-1",
            "bokhuset/uid-2",
        ]
        assert store.ledger.hashes("bokhuset") == {"uid-1": "h1"}
        assert len(store.tries("bokhuset")) == 1
        assert store.ledger.stored(SOURCE).listings == []
        assert [state.id for state in store.sources()] == ["bokhuset"]
        assert not store.ledger.rename(SOURCE, "bokhuset", compute, NOW)
    assert broken(database_url) == []


def test_who_refreshes_a_source_while_it_is_renamed_comes_too_late(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        held = lease(store)
        store.ledger.rename(SOURCE, "bokhuset", lambda view, _: Changeset(version=view.version), NOW)
        with pytest.raises(LeaseLost):
            store.ledger.note(refresh(), held, NOW)
        assert [state.id for state in store.sources()] == ["bokhuset"]


def test_a_name_that_is_taken_is_not_given(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        store.ledger.note(refresh("kyrkan"), lease(store, "kyrkan"), NOW)
        assert not store.ledger.rename(SOURCE, "kyrkan", lambda view, _: Changeset(version=view.version), NOW)
        assert len(store.ledger.stored(SOURCE).listings) == 1
