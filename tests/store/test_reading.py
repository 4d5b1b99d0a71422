"""What is read of the store: by those who match, and by those who serve."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import StoredListing
from aggregator.store import Store
from aggregator.weave import Changeset
from tests.store.making import NOW, SOURCE, event, kept, name, opened, pair, written


def run(store: Store) -> None:
    """Listings 1 to 4: 1 and 2 of one run and event, 3 alone, 4 withdrawn."""
    dates = [replace(kept(n, name(1), start=NOW + timedelta(days=n)), run="run-a") for n in (1, 2)]
    gone = replace(kept(4, name(3)), withdrawn=NOW)
    listings: tuple[StoredListing, ...] = (*dates, kept(3, name(3)), gone)
    series = replace(event(name(3), 3), series="S", told=NOW - timedelta(days=1))
    written(store, 1, 3, listings=listings, events=(replace(event(name(1), 1), series="S"), series))


def test_a_view_answers_what_matching_asks(database_url: str) -> None:
    with opened(database_url) as store:
        run(store)
        store.ledger.rewrite(lambda v: Changeset(version=v.version, edges=(pair(1, 3), pair(2, 3, "possible"))), NOW)
        with store.ledger.view() as view:
            assert view.next_listing() == 5
            assert sorted(view.listings([1, 4, 99])) == [1, 4]
            assert sorted(s.id for s in view.runs(["run-a", "run-b"])) == [1, 2]
            assert view.blocked(["day:all", "day:3", "none"]) == {"day:all": [1, 3], "day:3": [3]}
            assert {(p.a, p.b) for p in view.edges([3])} == {(1, 3), (2, 3)}
            assert {(p.a, p.b) for p in view.edges([1])} == {(1, 3)}
            assert sorted(view.events([name(1), name(9)])) == [name(1)]
            assert sorted(view.founded([3, 4])) == [name(3)]
            assert sorted(s.id for s in view.members([name(3)])) == [3, 4]
            assert [s.id for s in view.active()] == [1, 2, 3]
            assert view.taken(name(1))
            assert not view.taken(name(2))
            assert view.series_told("S") == NOW
            assert view.series_told("T") is None


def test_more_values_than_one_question_holds_are_all_asked(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, *range(1, 1203))
        with store.ledger.view() as view:
            assert len(view.listings(range(1, 5000))) == 1202
            assert len(view.blocked([f"day:{n}" for n in range(3000)])) == 1202


def test_those_who_serve_see_withdrawn_events_by_id_and_no_withdrawn_listing(database_url: str) -> None:
    with opened(database_url) as store:
        run(store)
        found = store.event(name(3))
        assert found is not None
        gone = replace(found, withdrawn=NOW, reason="withdrawn")
        store.ledger.rewrite(lambda view: Changeset(version=view.version, events=(gone,)), NOW)
        assert store.event(name(3)) == replace(gone, version=2)
        assert store.event(name(9)) is None
        assert [e.id for e in store.events(since=1)] == [name(3)]
        told = store.listings([name(1), name(3), name(9)])
        assert {id: [s.id for s in listings] for id, listings in told.items()} == {
            name(1): [1, 2],
            name(3): [3],
            name(9): [],
        }


def test_sources_are_told_by_id(database_url: str) -> None:
    with opened(database_url) as store:
        written(store, 1)
        assert [state.id for state in store.sources()] == [SOURCE]
        assert store.ledger.state("never-seen").good is None


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("2", 2),
        (f"{SOURCE}/uid-1", 1),
        (f"{SOURCE}/with/slash", 3),
        (f"{SOURCE}/series/20261126T180000", 5),
        ("4", None),
        (f"{SOURCE}/uid-4", None),
        ("99999999999999999999999999", None),
        ("٣", None),
        ("", None),
        (f"{SOURCE}/", None),
    ],
)
def test_a_listing_is_found_by_number_or_key_while_it_is_told(database_url: str, asked: str, found: int | None) -> None:
    with opened(database_url) as store:
        several = kept(5, name(1), uid="series")
        keyed = replace(several.listing, key=replace(several.listing.key, recurrence="20261126T180000"))
        listings = (
            kept(1, name(1)),
            kept(2, name(1)),
            kept(3, name(1), uid="with/slash"),
            replace(kept(4, name(1)), withdrawn=NOW),
            replace(several, listing=keyed),
        )
        written(store, 1, listings=listings)
        stored = store.ledger.find_listing(asked)
        assert (stored.id if stored else None) == found


def test_an_answer_is_kept_once_under_its_hash_byte_by_byte(database_url: str) -> None:
    body = bytes(range(256)) * 50
    with opened(database_url) as store:
        one = store.ledger.keep_snapshot(body, "text/calendar", "https://bibliotek.example/a.ics", NOW)
        two = store.ledger.keep_snapshot(body, "text/calendar", "https://bibliotek.example/a.ics", NOW)
        found = store.ledger.snapshot(one)
        assert one == two
        assert found is not None
        assert found.body == body
        assert store.ledger.snapshot("0" * 64) is None


def test_texts_of_strangers_come_back_as_they_were(database_url: str) -> None:
    """Control characters stand escaped in JSON, so that PostgreSQL, which refuses NUL in texts, keeps them too."""
    title = "Sång \x00 ‮ 👩‍👩‍👧 'quotes\" \\ %s :name \u2028"
    with opened(database_url) as store:
        written(store, 1, listings=(kept(1, name(1), title=title),), events=(event(name(1), 1, title=title),))
        assert store.ledger.stored(SOURCE).listings[0].listing.title == title
        assert store.events()[0].content.title == title


def test_ids_are_64_bits_wide(database_url: str) -> None:
    big = 2**62
    with opened(database_url) as store:
        written(store, 1, listings=(kept(big, name(1)),), events=(event(name(1), big),), blocks={}, changes=())
        with store.ledger.view() as view:
            assert view.next_listing() == big + 1
            assert list(view.listings([big])) == [big]
