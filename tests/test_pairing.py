"""Which stored listing an answer's listing is: each likeness, and where none may pair."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator import pairing
from aggregator.model import Listing, StoredListing
from aggregator.pairing import Pairing
from tests.facts import NOW, ZONE, at, listing, stored


def paired(kept: Sequence[StoredListing], *read: Listing, standing: Sequence[int] = ()) -> Pairing:
    return pairing.pair(kept, read, NOW, ZONE, standing)


def ids(found: Pairing) -> dict[int, int]:
    return {at: s.id for at, s in found.same.items()}


def test_the_same_key_is_the_same_listing_whatever_it_says() -> None:
    assert ids(paired([stored(1, listing("Konsert", at(10)))], listing("Bio", at(20)))) == {0: 1}


def test_another_listing_is_new() -> None:
    assert ids(paired([stored(1, listing("Konsert", uid="a"))], listing("Bio", at(20), uid="b"))) == {}


def test_one_uid_and_day_is_one_listing_though_its_hour_and_slot_changed() -> None:
    kept = [
        stored(1, listing(start=at(10, 18), slot="2027-03-10T18:00")),
        stored(2, listing(start=at(17, 18), slot="2")),
    ]
    read = [listing(start=at(10, 19), slot="2027-03-10T19:00"), listing(start=at(17, 19), slot="3")]
    assert ids(paired(kept, *read)) == {0: 1, 1: 2}


def test_two_hours_of_one_uid_and_day_are_paired_in_their_order() -> None:
    kept = [stored(1, listing(start=at(10, 14), slot="14")), stored(2, listing(start=at(10, 18), slot="18"))]
    read = [listing(start=at(10, 18.5), slot="18:30"), listing(start=at(10, 14.5), slot="14:30")]
    assert ids(paired(kept, *read)) == {1: 1, 0: 2}


def test_two_hours_and_one_left_of_them_are_not_guessed() -> None:
    kept = [stored(1, listing(start=at(10, 14), slot="14")), stored(2, listing(start=at(10, 18), slot="18"))]
    assert ids(paired(kept, listing(start=at(10, 18.5), slot="18:30", series="a"))) == {}


def test_a_uid_left_once_on_each_side_has_moved_to_another_day() -> None:
    kept = [stored(1, listing(start=at(10), slot="10")), stored(2, listing(start=at(12), slot="12"))]
    read = [listing(start=at(12), slot="12"), listing(start=at(20), slot="20")]
    assert ids(paired(kept, *read)) == {0: 2, 1: 1}


def test_a_date_that_leaves_a_series_is_not_the_one_that_enters_it() -> None:
    kept = [stored(1, listing(start=at(10), slot="10", series="a"))]
    assert ids(paired(kept, listing(start=at(20), slot="20", series="a"))) == {}


def test_what_is_over_does_not_move_to_a_coming_day() -> None:
    kept = [stored(1, listing(start=at(1, 11), slot="1", url="https://x.example/kurs"))]
    assert ids(paired(kept, listing(start=at(20), slot="20", url="https://x.example/kurs"))) == {}


def test_what_begins_at_this_moment_can_still_move() -> None:
    assert ids(paired([stored(1, listing(start=NOW, slot="1"))], listing(start=at(20), slot="20"))) == {0: 1}


def test_new_uids_for_the_same_title_start_and_place_are_renamed() -> None:
    found = paired([stored(1, listing(uid="a", place="Torget"))], listing("KONSERT!", uid="b", place="Torget"))
    assert (ids(found), found.renamed) == ({0: 1}, frozenset({0}))


def test_a_new_uid_and_another_spelling_of_the_place_are_one_listing_where_it_is_the_only_one() -> None:
    kept = [stored(1, listing(uid="a", place="Torget")), stored(2, listing(uid="c", place="Kyrkan"))]
    read = listing(uid="b", place="Torget, Staffanstorp")
    assert ids(paired(kept[:1], read)) == {0: 1}
    assert ids(paired(kept, read)) == {}


def test_a_new_uid_at_another_hour_is_another_listing() -> None:
    assert ids(paired([stored(1, listing(uid="a"))], listing(start=at(10, 19), uid="b"))) == {}


def test_what_is_told_twice_alike_is_paired_once_each() -> None:
    kept = [stored(1, listing(uid="a")), stored(2, listing(uid="b"))]
    assert sorted(ids(paired(kept, listing(uid="c"), listing(uid="d"), listing(uid="e"))).values()) == [1, 2]


def test_the_same_address_and_title_have_moved() -> None:
    kept = [stored(1, listing(uid="a", url="https://x.example/1"))]
    assert ids(paired(kept, listing("konsert", at(20), uid="b", url="https://x.example/1"))) == {0: 1}


def test_the_same_address_with_another_title_is_another_event() -> None:
    kept = [stored(1, listing("Konsert", uid="a", url="https://x.example/"))]
    assert ids(paired(kept, listing("Bio", at(20), uid="b", url="https://x.example/"))) == {}


def test_an_address_and_title_left_twice_say_nothing() -> None:
    kept = [stored(n, listing(uid=f"u{n}", start=at(9 + n), url="https://x.example/")) for n in (1, 2)]
    assert ids(paired(kept, listing(start=at(20), uid="b", url="https://x.example/"))) == {}


def test_what_the_answer_tells_unchanged_is_no_candidate() -> None:
    """A second date of a café with the same page is new; the first stands in the same answer, unread."""
    kept = [stored(1, listing("Språkcafé", at(5), uid="a", url="https://x.example/cafe"))]
    read = listing("Språkcafé", at(12), uid="b", url="https://x.example/cafe")
    assert ids(paired(kept, read, standing=[1])) == {}
    assert ids(paired(kept, read)) == {0: 1}


def test_a_withdrawn_listing_returns_under_its_key_or_with_its_content_only() -> None:
    gone = [stored(1, listing(uid="a", url="https://x.example/1"), withdrawn=NOW)]
    assert ids(paired(gone, listing("Bio", at(20), uid="a"))) == {0: 1}
    assert ids(paired(gone, listing(uid="b"))) == {0: 1}
    assert ids(paired(gone, listing(start=at(20), uid="b", url="https://x.example/1"))) == {}


def test_a_listing_that_is_told_is_preferred_to_a_withdrawn_one() -> None:
    kept = [stored(1, listing(uid="a"), withdrawn=NOW), stored(2, listing(uid="b"))]
    assert ids(paired(kept, listing(uid="c"))) == {0: 2}


def test_a_move_is_not_taken_for_a_renaming() -> None:
    kept = [stored(1, listing(uid="a", url="https://x.example/1"))]
    assert paired(kept, listing(start=at(20), uid="b", url="https://x.example/1")).renamed == frozenset()


def test_a_key_by_content_is_blind_to_uid_and_typography() -> None:
    one, other = listing("Kör: vår!", uid="a", place="Kyrkan"), listing("KÖR – VÅR", uid="b", place="kyrkan")
    assert pairing.rekeyed(one, ZONE) == pairing.rekeyed(other, ZONE)
    assert pairing.rekeyed(one, ZONE) != pairing.rekeyed(listing("Kör: vår!", at(11), uid="a", place="Kyrkan"), ZONE)
