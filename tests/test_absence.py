"""What counts as absence, row by row, and every edge of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import pytest

from aggregator import absence
from aggregator.absence import Extent, Told
from aggregator.model import Coverage, StoredListing
from aggregator.state import Absent, Drop
from tests.facts import NOW, ZONE, at, listing, stored

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def many(count: int) -> list[StoredListing]:
    """Single events on consecutive days."""
    return [stored(n, listing(f"Kväll {n}", at(1 + n), uid=f"u{n}")) for n in range(1, count + 1)]


def spoken(things: int = 9, until: int | None = 31, ahead: Collection[str] = ("klubben/x",)) -> Extent:
    return Extent(things, frozenset(ahead), None if until is None else date(2027, 3, until))


def lost(
    future: Sequence[StoredListing],
    present: Collection[int],
    extent: Extent,
    coverage: Coverage = Coverage.WINDOW,
    before: int = 0,
    waiting: Collection[int] = (),
) -> list[int]:
    found = absence.missing(future, present, extent, coverage, before=before, waiting=waiting, zone=ZONE)
    return [s.id for s in found]


# --- what is missing


def test_what_stands_in_the_answer_is_not_missing() -> None:
    assert lost(many(3), {1, 2, 3}, spoken()) == []


def test_within_the_extent_an_absence_counts() -> None:
    assert lost(many(3), {1, 3}, spoken()) == [2]


def test_C04_on_the_last_day_it_counts_and_past_it_it_says_nothing() -> None:
    future = many(3)  # on 2, 3 and 4 March
    assert lost(future, set(), spoken(until=3)) == [1, 2]
    assert lost(future, set(), spoken(until=2)) == [1]


def test_an_answer_with_fewer_things_than_the_one_before_speaks_of_everything() -> None:
    assert lost(many(3), {1}, spoken(things=1, until=2), before=2) == [2, 3]
    assert lost(many(3), {1}, spoken(things=2, until=2), before=2) == []


def test_an_answer_with_nothing_to_come_speaks_of_everything() -> None:
    assert lost(many(2), set(), spoken(things=9, until=None, ahead=()), before=2) == [1, 2]


def test_complete_coverage_ends_with_the_window() -> None:
    assert lost(many(2), set(), spoken(until=2), Coverage.COMPLETE) == [1, 2]


def test_latest_coverage_never_misses_anything() -> None:
    assert lost(many(2), set(), spoken(things=0, until=None), Coverage.LATEST, before=9, waiting={1}) == []


def test_what_is_waited_for_stays_so_though_the_extent_shrinks() -> None:
    assert lost(many(3), {1}, spoken(until=2), waiting={3}) == [3]


def test_a_thing_whose_next_date_is_missing_is_missing_whole() -> None:
    dates = [stored(n, listing(start=at(day), slot=str(day), series="kurs")) for n, day in ((1, 4), (2, 25))]
    assert lost(dates, set(), spoken(until=10)) == [1, 2]
    assert lost(dates, set(), spoken(until=4)) == [1, 2]
    assert lost(dates, set(), spoken(until=4, ahead=("kurs",))) == [1]
    assert lost(dates, set(), spoken(until=3)) == []


# --- what an answer speaks of


def test_the_extent_is_the_last_of_the_next_dates() -> None:
    """A weekly rule without end must not cover what a rolling list beside it pushes out."""
    rule = [Told("kurs", "kurs", at(day)) for day in (5, 12, 19, 26)]
    extent = absence.extent([*rule, Told("film", "film", at(8))], NOW, ZONE)
    assert extent == Extent(2, frozenset({"kurs", "film"}), date(2027, 3, 8))


def test_dates_that_are_told_one_by_one_reach_to_their_last() -> None:
    told = [Told("kurs", f"entry {day}", at(day)) for day in (5, 12)]
    assert absence.extent(told, NOW, ZONE) == Extent(1, frozenset({"kurs"}), date(2027, 3, 12))


def test_what_has_begun_is_a_thing_but_lies_not_ahead() -> None:
    assert absence.extent([Told("film", "film", NOW - HOUR)], NOW, ZONE) == Extent(1, frozenset(), None)
    assert absence.extent([Told("film", "film", NOW)], NOW, ZONE).ahead == {"film"}


def test_an_empty_answer_speaks_of_nothing() -> None:
    assert absence.extent([], NOW, ZONE) == Extent(0, frozenset(), None)


def test_only_what_is_told_and_has_not_begun_is_future() -> None:
    assert absence.is_future(stored(1, listing(start=NOW)), NOW, ZONE)
    assert not absence.is_future(stored(1, listing(start=NOW - timedelta(seconds=1))), NOW, ZONE)
    assert not absence.is_future(stored(1, listing(), withdrawn=NOW), NOW, ZONE)
    assert not absence.is_future(stored(1, listing(start=date(2027, 3, 1))), NOW, ZONE)
    assert absence.is_future(stored(1, listing(start=date(2027, 3, 2))), NOW, ZONE)


# --- how much is missing


@pytest.mark.parametrize(
    ("kept", "gone", "drop"),
    [
        (10, 0, Drop.NONE),
        (10, 1, Drop.FEW),
        (10, 5, Drop.FEW),
        (10, 6, Drop.MANY),
        (100, 20, Drop.FEW),
        (100, 21, Drop.MANY),
        (5, 5, Drop.FEW),
    ],
)
def test_how_much_is_missing(kept: int, gone: int, drop: Drop) -> None:
    future = many(kept)
    assert absence.classify(future[:gone], future, answered=True) is drop


def test_everything_is_missing_when_nothing_to_come_is_told_however_few_it_was() -> None:
    assert absence.classify(many(2), many(2), answered=False) is Drop.ALL
    assert absence.classify(many(1), many(2), answered=False) is Drop.FEW


def test_a_series_counts_once() -> None:
    dates = [stored(n, listing(start=at(n), slot=str(n), series="kurs")) for n in range(2, 30)]
    assert absence.classify(dates, [*dates, *many(10)], answered=True) is Drop.FEW


def test_a_run_counts_once() -> None:
    days = [stored(n, listing(start=at(n), uid=f"d{n}"), run="klubben:2") for n in range(2, 30)]
    assert absence.classify(days, [*days, *many(10)], answered=True) is Drop.FEW


# --- the evidence that is asked for

TABLE = [
    (Drop.FEW, 1, 99 * DAY, False),
    (Drop.FEW, 2, HOUR, True),
    (Drop.MANY, 2, 99 * DAY, False),
    (Drop.MANY, 3, timedelta(hours=47), False),
    (Drop.MANY, 3, timedelta(hours=48), True),
    (Drop.MANY, 3, timedelta(hours=48) - absence.SLACK, True),
    (Drop.ALL, 2, 99 * DAY, False),
    (Drop.ALL, 3, timedelta(hours=71), False),
    (Drop.ALL, 3, timedelta(hours=72), True),
    (Drop.NONE, 9, 99 * DAY, False),
]


@pytest.mark.parametrize(("drop", "sightings", "age", "enough"), TABLE)
def test_evidence_that_suffices(drop: Drop, sightings: int, age: timedelta, enough: bool) -> None:
    waiting = Absent(7, NOW - age, NOW, sightings)
    assert absence.due([waiting], drop, NOW) == ((7,) if enough else ())


@pytest.mark.parametrize(
    ("interval", "later", "counted"),
    [
        (HOUR, HOUR, True),
        (HOUR, timedelta(minutes=59), False),
        (HOUR, HOUR - absence.SLACK, True),
        (timedelta(minutes=5), timedelta(minutes=30), False),
        (timedelta(minutes=5), HOUR, True),
        (6 * HOUR, 5 * HOUR, False),
        (6 * HOUR, 6 * HOUR, True),
    ],
)
def test_a_sighting_counts_an_interval_and_an_hour_after_the_last(
    interval: timedelta, later: timedelta, counted: bool
) -> None:
    (seen,) = absence.sight([Absent(7, NOW, NOW)], [7], NOW + later, interval)
    assert seen == (Absent(7, NOW, NOW + later, 2) if counted else Absent(7, NOW, NOW, 1))


def test_what_came_back_is_forgotten_and_what_is_new_begins_anew() -> None:
    before = [Absent(7, NOW - DAY, NOW - DAY, 2)]
    assert absence.sight(before, [8], NOW, HOUR) == (Absent(8, NOW, NOW, 1),)
