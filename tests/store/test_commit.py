"""What one commit writes: all of it or nothing, on the catalogue as it is and not as it was."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from aggregator.errors import LeaseLost, StaleCatalogue, StoreError
from aggregator.match import Statistics
from aggregator.model import Chunk, Counts, Decision, Problem
from aggregator.publish import Change, Kind
from aggregator.store import Lease, Refresh, StoreView, Try
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


def test_a_refresh_is_written_whole(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1, 2, edges=(pair(1, 2),))
        stored = store.ledger.stored(SOURCE)
        assert [s.id for s in stored.listings] == [1, 2]
        assert stored.listings[0] == kept(1, name(1))
        assert stored.chunks == {"uid-1": Chunk(key="uid-1", hash="h1", raw=b"\x00\xff")}
        assert store.ledger.hashes(SOURCE) == {"uid-1": "h1"}
        assert store.ledger.state(SOURCE) == refresh().state
        assert [e.id for e in store.events()] == [name(1), name(2)]
        assert store.stamp() == (1, NOW)
        assert [c.change.kind for c in store.changes(NOW)] == [Kind.ADDED, Kind.ADDED]
        assert [(t.outcome, t.snapshot, t.events) for t in store.tries(SOURCE)] == [("read", "s", 1)]
    assert broken(database_url) == []


def test_D05_without_the_lease_nothing_is_written(database_url: str) -> None:
    with opened(database_url) as store:
        before = rows(database_url)
        with pytest.raises(LeaseLost):
            store.ledger.commit(refresh(), lambda view: changeset(view.version, 1), Lease(SOURCE, 7), NOW)
        assert rows(database_url) == before
        assert store.version() == 0


def test_a_changeset_of_an_older_catalogue_is_computed_again(database_url: str) -> None:
    with opened(database_url) as store, opened(database_url) as other:
        seen = []

        def compute(view: StoreView) -> Changeset:
            seen.append((view.version, view.next_listing()))
            if len(seen) == 1:
                written(other, 1)
            return changeset(view.version, view.next_listing())

        held = store.ledger.acquire("kyrkan", "tests", NOW)
        assert held is not None
        store.ledger.commit(refresh("kyrkan"), compute, held, NOW)
        assert seen == [(0, 1), (1, 2)]
        assert [e.id for e in store.events()] == [name(1), name(2)]


def test_where_others_always_come_between_it_is_computed_under_the_lock(database_url: str) -> None:
    with opened(database_url) as store, opened(database_url) as other:
        rounds: list[int] = []
        late: list[threading.Thread] = []

        def compute(view: StoreView) -> Changeset:
            number = len(rounds) + 1
            rounds.append(number)
            thread = threading.Thread(target=written, args=(other, number))
            thread.start()
            if number <= 3:
                thread.join()
            else:
                late.append(thread)  # it has to wait until this is written
            return changeset(view.version, 100, listings=(kept(100, name(100), uid="hundred"),))

        held = store.ledger.acquire("kyrkan", "tests", NOW)
        assert held is not None
        store.ledger.commit(refresh("kyrkan"), compute, held, NOW)
        late[0].join()
        assert [e.id for e in store.events()] == [name(n) for n in (1, 2, 3, 4, 100)]
    assert broken(database_url) == []


def test_two_who_add_what_nobody_sees_do_not_get_one_id(database_url: str) -> None:
    """A listing of a hidden event changes nothing public: the version stays, and still the next must not replace it."""
    with opened(database_url) as store, opened(database_url) as other:
        written(store, 1)
        given: list[int] = []

        def hidden(view: StoreView, uid: str) -> Changeset:
            return Changeset(version=view.version, listings=(kept(view.next_listing(), name(1), uid=uid),))

        def compute(view: StoreView) -> Changeset:
            mine = hidden(view, "mine")
            given.append(mine.listings[0].id)
            if len(given) == 1:
                other.ledger.rewrite(lambda view: hidden(view, "theirs"), NOW)
            return mine

        store.ledger.rewrite(compute, NOW)
        assert given == [2, 3]
        assert [s.listing.key.uid for s in store.ledger.stored(SOURCE).listings] == ["uid-1", "theirs", "mine"]
        assert store.version() == 1


def test_a_decision_makes_stale_what_was_matched_without_it(database_url: str) -> None:
    with opened(database_url) as store, opened(database_url) as desk:
        known: list[int] = []

        def compute(view: StoreView) -> Changeset:
            known.append(len(view.decisions()))
            if len(known) == 1:
                desk.ledger.decide(Decision(id=0, kind="different", listings=(1, 2), made=NOW, by="staff"))
            return changeset(view.version, 1)

        store.ledger.commit(refresh(), compute, lease(store), NOW)
        assert known == [0, 1]


def test_an_error_of_half_old_half_new_is_no_error_of_ours(database_url: str) -> None:
    """Where each question is a transaction of its own, two answers may not fit together: that is asked again."""
    with opened(database_url) as store, opened(database_url) as other:
        tries: list[bool] = []

        def compute(view: StoreView) -> Changeset:
            if not tries:
                written(other, 1)
            moved = view.taken(name(1))
            tries.append(moved)
            if moved and len(tries) == 1:
                raise KeyError("it was not there a moment ago")
            return changeset(view.version, 2)

        store.ledger.rewrite(compute, NOW)
        assert len(tries) == 2
        assert [e.id for e in store.events()] == [name(1), name(2)]


def test_a_compute_that_fails_writes_nothing(database_url: str) -> None:
    with opened(database_url) as store:
        held = lease(store)
        before = rows(database_url)

        def compute(view: StoreView) -> Changeset:
            raise KeyError("a fault of ours")

        with pytest.raises(KeyError):
            store.ledger.commit(refresh(), compute, held, NOW)
        assert rows(database_url) == before


def test_what_is_foreseen_is_written_nowhere(database_url: str) -> None:
    with opened(database_url) as store:
        before = rows(database_url)
        assert store.ledger.foreseen(lambda view: changeset(view.version, 1)).listings
        assert rows(database_url) == before


def test_a_naive_time_is_refused_and_nothing_is_written(database_url: str) -> None:
    with opened(database_url) as store:
        held = lease(store)
        before = rows(database_url)
        naive = replace(refresh().state, due=datetime(2026, 11, 23, 12))  # noqa: DTZ001 - the point of the test
        with pytest.raises(StoreError, match="naive"):
            store.ledger.note(Refresh(state=naive), held, NOW)
        assert rows(database_url) == before


def test_instants_come_back_aware_and_equal(database_url: str) -> None:
    with opened(database_url) as store:
        moment = NOW + timedelta(microseconds=123456)
        store.ledger.note(refresh(tried=moment), lease(store), moment)
        tried = store.tries(SOURCE)[0]
        assert tried.at == moment
        assert tried.at.tzinfo is not None
        assert store.ledger.state(SOURCE).tried == moment


def test_a_version_comes_only_with_what_the_public_sees(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        store.ledger.rewrite(lambda view: Changeset(version=view.version, blocks={1: frozenset({"other"})}), NOW)
        assert store.version() == 1
        store.ledger.rewrite(lambda view: Changeset(version=view.version), NOW)
        assert store.version() == 1
        later = replace(event(name(1), 1), changed=NOW + timedelta(hours=1))
        store.ledger.rewrite(lambda view: Changeset(version=view.version, events=(later,)), NOW + timedelta(hours=1))
        assert store.stamp() == (2, NOW + timedelta(hours=1))
        assert [e.version for e in store.events(since=1)] == [2]


def test_keys_may_be_exchanged_between_listings(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1, 2)
        swapped = (kept(1, name(1), uid="uid-2"), kept(2, name(2), uid="uid-1"))
        store.ledger.rewrite(lambda view: Changeset(version=view.version, listings=swapped), NOW)
        assert [s.listing.key.uid for s in store.ledger.stored(SOURCE).listings] == ["uid-2", "uid-1"]


def test_pairs_and_blocks_of_a_changed_listing_are_replaced(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1, 2, 3, edges=(pair(1, 2), pair(2, 3), pair(1, 3, "possible")))
        store.ledger.rewrite(
            lambda view: Changeset(
                version=view.version,
                unlinked=frozenset({2}),
                edges=(pair(2, 3, "possible"),),
                blocks={2: frozenset({"new"}), 3: frozenset()},
            ),
            NOW,
        )
        with store.ledger.view() as view:
            assert {(p.a, p.b, p.band) for p in view.edges({1, 2, 3})} == {(1, 3, "possible"), (2, 3, "possible")}
            assert view.blocked({"day:all", "new", "day:3"}) == {"day:all": [1], "new": [2]}


def test_chunks_are_replaced_and_forgotten(database_url: str) -> None:
    with opened(database_url) as store:
        held = lease(store)
        told = Chunk(key="å|1", hash="h", counts=Counts(inside=2), problems=(Problem("no-start", "Träff"),))
        store.ledger.note(Refresh(state=refresh().state, chunks=(told, Chunk(key="b", hash="h"))), held, NOW)
        store.ledger.note(
            Refresh(state=refresh().state, chunks=(replace(told, hash="h2"),), forgotten=("b",)), held, NOW
        )
        assert store.ledger.stored(SOURCE).chunks == {"å|1": replace(told, hash="h2")}


def test_redirects_never_take_two_hops(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1, 2, 3)
        for old, new in ((1, 2), (2, 3)):
            store.ledger.rewrite(
                lambda view, old=old, new=new: Changeset(version=view.version, redirects={name(old): name(new)}),  # type: ignore[misc]  # the defaults bind the loop's values
                NOW,
            )
        assert [store.redirect(name(n)) for n in (1, 2, 3)] == [name(3), name(3), None]


def test_an_id_that_lives_again_redirects_no_more(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1, 2)
        store.ledger.rewrite(lambda view: Changeset(version=view.version, redirects={name(1): name(2)}), NOW)
        alive = Changeset(version=0, events=(event(name(1), 1),), redirects={name(2): name(1)})
        store.ledger.rewrite(lambda view: replace(alive, version=view.version), NOW)
        assert [store.redirect(name(n)) for n in (1, 2)] == [None, name(1)]


def test_statistics_are_written_with_what_they_change(database_url: str) -> None:
    with opened(database_url) as store:
        assert store.ledger.statistics() == Statistics()
        new = replace(Statistics(), version=5)
        store.ledger.rewrite(lambda view: Changeset(version=view.version, statistics=new), NOW)
        assert store.ledger.statistics() == new


def test_decisions_are_kept_in_order_and_undone_once(database_url: str) -> None:
    with opened(database_url) as store:
        first = Decision(id=0, kind="correct", listings=(1,), field="title", value="Åretruntsång", made=NOW, by="staff")
        numbers = [store.ledger.decide(first), store.ledger.decide(replace(first, kind="hide", value=None, field=None))]
        assert numbers == [1, 2]
        undone = store.ledger.undo(1, NOW + timedelta(hours=1))
        assert undone == replace(first, id=1, undone=NOW + timedelta(hours=1))
        assert store.ledger.undo(1, NOW) is None
        assert store.ledger.undo(99, NOW) is None
        assert [d.undone is None for d in store.ledger.decisions()] == [False, True]


def test_a_change_is_told_with_its_version_newest_first(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        line = Change(name(1), Kind.MOVED, "Sagostund", "2026-11-26", "2026-11-27")
        store.ledger.rewrite(lambda view: Changeset(version=view.version, changes=(line,)), NOW + timedelta(hours=1))
        assert [(c.version, c.change.kind) for c in store.changes(NOW)] == [(2, Kind.MOVED), (1, Kind.ADDED)]
        assert [c.change for c in store.changes(NOW + timedelta(minutes=1))] == [line]


def test_the_history_of_a_source_is_told_newest_first(database_url: str) -> None:
    with opened(database_url) as store:
        held = lease(store)
        for hour, outcome in enumerate(("read", "unchanged", "failed")):
            at = NOW + timedelta(hours=hour)
            store.ledger.note(Refresh(state=refresh().state, tried=Try(outcome, detail="x")), held, at)
        assert [t.outcome for t in store.tries(SOURCE, limit=2)] == ["failed", "unchanged"]


def test_a_stale_changeset_is_refused_by_name(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        before = rows(database_url)
        with pytest.raises(StaleCatalogue):
            store.ledger.rewrite(lambda _: changeset(0, 2), NOW)
        assert rows(database_url) == before
