"""Public ids: minted once, kept for life, redirected, revived. Two halves of a split never share one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from aggregator import identity
from aggregator.identity import MERGED, Assignment
from aggregator.model import UID_PATTERN, Event, Key, StoredListing
from tests.facts import NOW, event, listing, stored

TOWN = "1230"


def member(id: int, of: str | None = None) -> StoredListing:
    return stored(id, listing(uid=f"u{id}"), event=of)


def known(*events: Event) -> dict[str, Event]:
    return {e.id: e for e in events}


def assign(clusters: Sequence[Sequence[StoredListing]], *events: Event, taken: Iterable[str] = ()) -> Assignment:
    return identity.assign(clusters, known(*events), TOWN, set(taken).__contains__)


def minted(id: int) -> str:
    return identity.mint(TOWN, Key("klubben", f"u{id}"), lambda _: False)


def test_two_halves_of_a_split_never_share_an_id() -> None:
    halves = [[member(1, "E1")], [member(2, "E1")]]
    found = assign(halves, event("E1", founder=1))
    assert len(set(found.ids)) == 2
    assert found.redirects == {}


@given(st.data())
def test_no_clustering_of_any_past_gives_two_clusters_one_id(data: st.DataObject) -> None:
    """Listings with any history in any new clusters: ids are distinct, and a redirect leads to one of them."""
    held = data.draw(st.lists(st.sampled_from([None, "E1", "E2", "E3"]), min_size=1, max_size=8))
    groups = data.draw(st.lists(st.integers(0, 3), min_size=len(held), max_size=len(held)))
    founders = data.draw(st.lists(st.integers(1, len(held)), min_size=3, max_size=3))
    events = [event(f"E{n}", founder=founder) for n, founder in enumerate(founders, 1)]
    members = [member(n, of) for n, of in enumerate(held, 1)]
    clusters = [[m for m, g in zip(members, groups, strict=True) if g == group] for group in sorted(set(groups))]
    found = assign(clusters, *events)
    assert len(set(found.ids)) == len(clusters)
    assert set(found.redirects.values()) <= set(found.ids)
    assert not set(found.redirects) & set(found.ids)
    backwards = assign(clusters[::-1], *events[::-1])
    assert (backwards.ids[::-1], backwards.redirects) == (found.ids, found.redirects)


def test_the_larger_part_keeps_the_id() -> None:
    found = assign([[member(1, "E1")], [member(2, "E1"), member(3, "E1")]], event("E1", founder=1))
    assert found.ids == (minted(1), "E1")


def test_the_founder_breaks_a_tie() -> None:
    found = assign([[member(1, "E1")], [member(2, "E1")]], event("E1", founder=2))
    assert found.ids == (minted(1), "E1")


def test_the_id_of_the_larger_part_outlives_a_merge_and_the_other_redirects() -> None:
    found = assign(
        [[member(1, "E1"), member(2, "E2"), member(3, "E2")]], event("E1", founder=1), event("E2", founder=2)
    )
    assert (found.ids, found.redirects) == (("E2",), {"E1": "E2"})


def test_the_older_event_outlives_a_merge_of_equals() -> None:
    older = replace(event("E2", founder=2), created=NOW - timedelta(days=99))
    found = assign([[member(1, "E1"), member(2, "E2")]], event("E1", founder=1), older)
    assert (found.ids, found.redirects) == (("E2",), {"E1": "E2"})


def test_of_equals_of_one_instant_the_one_that_was_there_before_a_split_outlives_it() -> None:
    whole, split_off = event("Z9", founder=1), event("A1", founder=2)  # minted together, as far as the clock tells
    assert whole.created == split_off.created
    assert assign([[member(1, "Z9"), member(2, "A1")]], whole, split_off).ids == ("Z9",)


def test_a_part_that_is_split_off_revives_the_id_it_founded() -> None:
    merged = event("E2", founder=2, reason=MERGED, withdrawn=NOW)
    found = assign([[member(1, "E1")], [member(2, "E1")]], event("E1", founder=1), merged)
    assert found.ids == ("E1", "E2")


def test_an_id_that_was_withdrawn_for_another_reason_is_not_revived() -> None:
    gone = event("E2", founder=2, reason="hidden", withdrawn=NOW)
    assert assign([[member(1, "E1")], [member(2, "E1")]], event("E1", founder=1), gone).ids == ("E1", minted(2))


def test_a_revived_id_goes_to_one_part_only() -> None:
    merged = [event(f"E{n}", founder=2, reason=MERGED, withdrawn=NOW) for n in (2, 3)]
    found = assign([[member(1, "E1")], [member(2, "E1")]], event("E1", founder=1), *merged)
    assert found.ids == ("E1", "E2")


def test_who_returns_takes_its_old_id_only_if_nobody_kept_it() -> None:
    founder, other = [member(1, "E1")], [member(2, "E1")]
    held = known(event("E1", founder=1))
    free = set().__contains__
    assert identity.assign([founder, other], held, TOWN, free, returned={1}).ids == (minted(1), "E1")
    assert identity.assign([founder], held, TOWN, free, returned={1}).ids == ("E1",)


def test_a_new_event_is_named_by_its_smallest_key() -> None:
    assert assign([[member(3), member(2)]]).ids == (minted(2),)
    assert identity.founder([member(3), member(2)]).id == 2


def test_an_id_that_is_taken_is_not_minted_again() -> None:
    second = assign([[member(2)]], taken=[minted(2)]).ids[0]
    assert second != minted(2)
    assert assign([[member(2)]], taken=[minted(2)]).ids == (second,)


def test_the_order_of_arrival_mints_alike() -> None:
    one, other = [member(1)], [member(2)]
    assert assign([one, other]).ids == assign([other, one]).ids[::-1]


def test_an_event_whose_listings_are_all_gone_is_told() -> None:
    found = assign([[member(1, "E1")]], event("E1"), event("E2", founder=2), event("E3", withdrawn=NOW))
    assert found.orphans == {"E2"}


def test_an_id_is_26_letters_and_digits_and_differs_by_calendar() -> None:
    assert re.fullmatch(UID_PATTERN, minted(1))
    assert minted(1) != identity.mint("1280", Key("klubben", "u1"), lambda _: False)


def test_a_series_has_one_id_by_source_and_key() -> None:
    ids = {identity.series_id(TOWN, source, key) for source in ("a", "b") for key in ("x", "y")}
    assert len(ids) == 4
    assert identity.series_id(TOWN, "a", "x") in ids
