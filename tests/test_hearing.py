"""What an answer tells, made fit to be compared: nothing of our own, no key twice, nothing turned back by a cut."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator import hearing
from aggregator.model import Chunk, Counts, Listing
from tests.facts import at, chunk, listing, reading

OWN = "0" * 26


def keys(*chunks: Chunk, standing: tuple[Listing, ...] = ()) -> list[str]:
    found = hearing.listings(reading(*chunks), standing, lambda x: x)
    return [str(x.key) for _, x in found]


def known(components: int) -> dict[str, Chunk]:
    return {"a": Chunk(key="a", hash="old", counts=Counts(inside=components))}


@pytest.mark.parametrize(("damaged", "components", "unread"), [(True, 2, True), (True, 1, False), (False, 2, False)])
def test_law_5_a_piece_that_a_cut_made_smaller_is_told_as_known(damaged: bool, components: int, unread: bool) -> None:
    (found,) = hearing.fit(reading(chunk(listing()), damaged=damaged), known(components), ()).chunks
    assert (found.listings is None) == unread


def test_A40_what_is_our_own_is_left_out_and_named() -> None:
    own = listing("Vår egen", uid=OWN)
    both = chunk(own, listing("Annan", uid="b"), key="x")
    (found,) = hearing.fit(reading(both), {}, {OWN}).chunks
    assert [x.title for x in found.listings or ()] == ["Annan"]
    assert [(p.code, p.item) for p in found.problems] == [("own-event", "Vår egen")]
    assert found.counts == Counts(inside=1)


def test_A40_a_piece_with_nothing_else_is_counted_as_refused() -> None:
    (found,) = hearing.fit(reading(chunk(listing(uid=OWN))), {}, {OWN}).chunks
    assert (found.listings, found.counts) == ((), Counts(refused=1))


def test_a_key_that_is_alone_stays_as_it_is() -> None:
    assert keys(chunk(listing(uid="a")), chunk(listing(uid="b"))) == ["klubben/a", "klubben/b"]


def test_C07_a_shared_key_is_told_apart_by_start_then_by_title() -> None:
    noon, evening = listing(start=at(10, 12)), listing(start=at(10, 18))
    assert keys(chunk(noon, evening)) == [f"klubben/a/{noon.stated.start}", f"klubben/a/{evening.stated.start}"]
    choir = listing("Kör", start=at(10, 18))
    assert keys(chunk(evening, choir)) == [
        f"klubben/a/{evening.stated.start}#konsert",
        f"klubben/a/{evening.stated.start}#kör",
    ]


def test_C07_what_is_told_twice_is_heard_once_whichever_comes_first() -> None:
    rich = replace(listing(), description="mer", digest="z")
    for chunks in ((chunk(listing(), rich),), (chunk(rich, listing()),)):
        ((_, heard),) = hearing.listings(reading(*chunks), (), lambda x: x)
        assert heard.digest == listing().digest


def test_C07_what_stands_unread_keeps_its_key() -> None:
    late = listing(start=at(10, 21))
    assert keys(chunk(late), standing=(listing(),)) == [f"klubben/a/{late.stated.start}"]
    assert keys(chunk(listing()), standing=(listing(),)) == []
