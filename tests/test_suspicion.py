"""When an answer looks as if a stranger had written it, and when it is ordinary life."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from aggregator.model import Listing, StoredListing
from aggregator.state import SourceState
from tests.facts import NOW, SOURCE, at, chunk, decided, listing, stored

OWN = "https://klubben.example"


def many(count: int, first: int = 1, **rest: Any) -> list[Listing]:
    return [listing(f"Afton {n}", at(2 + n), uid=f"u{n}", **rest) for n in range(first, first + count)]


def kept(told: Sequence[Listing]) -> list[StoredListing]:
    return [stored(n, x) for n, x in enumerate(told, 1)]


def alarm(before: Sequence[StoredListing], told: Sequence[Listing], **rest: Any) -> str | None:
    """The reason for which an answer of these listings is held."""
    held = decided(before, *(chunk(x) for x in told), **rest).state.held
    return held.reason if held else None


# --- A38: how many


@pytest.mark.parametrize(("count", "held"), [(4000, None), (4001, "too-many-new")])
def test_A38_a_first_fill_has_a_quota(count: int, held: str | None) -> None:
    assert alarm([], many(count)) == held


def test_A38_a_source_that_was_empty_is_filled_like_a_new_one() -> None:
    empty = SourceState(id="klubben", good=at(1))
    assert alarm([], many(4000), state=empty) is None
    assert alarm(kept(many(1)), many(1) + many(1000, 2), state=empty) is None
    assert alarm(kept(many(1)), many(1) + many(1001, 2), state=empty) == "too-many-new"


def test_A38_a_large_source_may_grow_tenfold() -> None:
    before = kept(many(200))
    assert alarm(before, many(200) + many(2000, 300)) is None
    assert alarm(before, many(200) + many(2001, 300)) == "too-many-new"


def test_A38_the_dates_of_a_series_are_one() -> None:
    dates = [listing(start=at(1 + n), slot=str(n), series="a") for n in range(1, 5000)]
    assert decided([], chunk(*dates)).state.held is None


# --- A39: another text, another host


def swapped(title: str, url: str | None, *, before: str | None) -> str | None:
    """The alarm when the concert that led to `before` is told by this title and leads to `url`."""
    quiz = listing("Quiz", at(12), uid="b", url=f"{OWN}/quiz")
    concert = listing("Vårkonsert i kyrkan", uid="a", url=before)
    return alarm(kept([concert, quiz]), [listing(title, uid="a", url=url), quiz])


def test_A39_another_text_that_leads_elsewhere_is_held() -> None:
    assert swapped("BIG CASINO BONUS 777", "https://spel.example/", before=f"{OWN}/1") == "content-swapped"


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Vårkonsert i kyrkan – slutsåld", "https://biljett.example/1"),  # another host, the same text
        ("BIG CASINO BONUS 777", f"{OWN}/2"),  # the same host
        ("BIG CASINO BONUS 777", None),  # leads nowhere
    ],
)
def test_A39_one_of_both_is_ordinary(title: str, url: str | None) -> None:
    assert swapped(title, url, before="https://annan.example/1") is None


def test_A39_a_first_link_for_a_placeholder_is_ordinary() -> None:
    assert swapped("Final: hemmalaget möter serieledarna", "https://biljett.example/9", before=None) is None


def test_A39_a_trusted_source_is_believed() -> None:
    before = kept([listing("Vårkonsert", uid="a", url=f"{OWN}/1")])
    told = chunk(listing("CASINO 777", uid="a", url="https://spel.example/"))
    assert decided(before, told).state.held
    assert decided(before, told, source=replace(SOURCE, trusted=True)).state.held is None
    assert decided(before, told, released=True).state.held is None


# --- B55: another owner


def season(*titles: str, **rest: Any) -> list[Listing]:
    return [listing(title, at(5 + n), uid=f"{title}-{n}", **rest) for n, title in enumerate(titles)]


CLUB = season("Städdag", "Knatteskidor", "Höstvandring", place="Klubbstugan", url=f"{OWN}/dagar")
SPAM = season("Lucky spin", "Bonus night", "Jackpot", url=f"{OWN}/win")


def test_B55_everything_replaced_by_something_unlike_is_held() -> None:
    assert alarm(kept(CLUB), SPAM) == "other-owner"


@pytest.mark.parametrize(
    "told",
    [
        season("Tipspromenad", "Korpfotboll", place="Klubbstugan"),
        season("Knatteskidor för alla", "Korpfotboll"),
        season("Tipspromenad", "Korpfotboll", organizer="Klubben"),
        season("Tipspromenad", "Korpfotboll", url="https://forbundet.example/"),
    ],
    ids=["place", "word", "organizer", "host"],
)
def test_B55_a_new_season_of_the_same_owner_is_ordinary(told: list[Listing]) -> None:
    before = season("Städdag", "Knatteskidor", "Vandring", place="Klubbstugan", organizer="Klubben")
    before[0] = replace(before[0], url="https://forbundet.example/1")
    assert alarm(kept(before), told) is None


def test_B55_fewer_than_three_to_come_tell_nothing_of_an_owner() -> None:
    assert alarm(kept(CLUB[:2]), SPAM) is None
    assert alarm(kept(CLUB[:3]), SPAM) == "other-owner"


def test_B55_one_listing_that_stayed_is_proof_enough() -> None:
    assert alarm(kept(CLUB), [*SPAM, CLUB[0]]) is None


def test_B55_an_archive_is_no_stranger() -> None:
    assert alarm(kept(CLUB), [listing("Lucky now", NOW, uid="s")]) == "other-owner"
    assert alarm(kept(CLUB), [listing(f"Lucky {n}", at(n), uid=f"s{n}") for n in (-9, -8, -7)]) is None


def test_B55_an_empty_answer_is_no_stranger() -> None:
    assert alarm(kept(CLUB), []) is None


def test_B55_a_file_of_the_operators_own_has_no_other_owner() -> None:
    assert alarm(kept(CLUB), SPAM, source=replace(SOURCE, url=None, path="klubben.ics")) is None


# --- what a hold is


def test_a_hold_keeps_everything_as_it_was() -> None:
    plan = decided(kept(CLUB), *(chunk(x) for x in SPAM), snapshot="abc")
    assert (plan.actions, plan.chunks, plan.forgotten) == ((), (), ())
    assert plan.state.held is not None
    assert plan.state.held.snapshot == "abc"


def test_a_hold_is_as_old_as_its_reason() -> None:
    first = decided(kept(CLUB), *(chunk(x) for x in SPAM)).state
    again = decided(kept(CLUB), *(chunk(x) for x in SPAM), state=first, now=at(3)).state
    assert first.held is not None
    assert again.held is not None
    assert again.held.since == first.held.since


def test_a_good_answer_ends_a_hold() -> None:
    held = decided(kept(CLUB), *(chunk(x) for x in SPAM)).state
    assert decided(kept(CLUB), *(chunk(x) for x in CLUB), state=held).state.held is None


def test_an_alarm_names_its_example() -> None:
    held = decided(kept(CLUB), *(chunk(x) for x in SPAM)).state.held
    assert held is not None
    assert held.detail in {x.title for x in SPAM}
