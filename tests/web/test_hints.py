"""What is there already beside an event that is being typed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from aggregator.model import Event, Location, Place, When
from aggregator.places import Registry
from aggregator.shelf import Shelf
from aggregator.web.hints import MOST, Typed, hints
from tests.facts import NOW, ZONE, at, event, merged

PLACES = Registry((Place(id="kyrkan", name="Byns kyrka", aliases=("Kyrkan",)), Place(id="hallen", name="Hallen")))


def told(title: str, start: Any, place: str | None = None, id: str = "", **more: Any) -> Event:
    where = Location(name=place, place={"Byns kyrka": "kyrkan", "Hallen": "hallen"}.get(place)) if place else None
    return event(id or title, merged(title, start, location=where, **more).content)


def shelf(*events: Event) -> Shelf:
    return Shelf().with_delta(1, NOW, events, ZONE)


def same(typed: Typed, *events: Event) -> list[str]:
    return [e.event.content.title for e in hints(shelf(*events), typed, PLACES, ZONE).same]


def clash(typed: Typed, *events: Event) -> list[str]:
    return [e.event.content.title for e in hints(shelf(*events), typed, PLACES, ZONE).clash]


@pytest.mark.parametrize(
    ("title", "hours", "found"),
    [
        ("Körens vårkonsert", 4, True),
        ("Vårkonsert", -4, True),
        ("Vårkonsert", 4.1, False),
        ("Loppis", 0, False),
        ("Vårkonsert med kören", 0, True),
    ],
)
def test_a_like_title_within_four_hours_may_be_the_same(title: str, hours: float, found: bool) -> None:
    typed = Typed(When(at(10) + timedelta(hours=hours)), "Vårkonsert med Kören")
    assert same(typed, told(title, at(10))) == ([title] if found else [])


@pytest.mark.parametrize("place", ["Kyrkan", "Byns kyrka", "byns  kyrka"])
def test_the_same_place_may_be_the_same_however_it_is_called(place: str) -> None:
    typed = Typed(When(at(10)), "Orgelmusik", place)
    assert same(typed, told("Konsert", at(10, 19), "Byns kyrka"), told("Match", at(10), "Hallen")) == ["Konsert"]


def test_what_is_alike_in_both_comes_first() -> None:
    typed = Typed(When(at(10)), "Vårkonsert", "Kyrkan")
    events = (
        told("Andakt", at(10, 17), "Byns kyrka"),
        told("Vårkonsert", at(10, 16), "Hallen", "b"),
        told("Vårkonsert!", at(10, 19), "Byns kyrka", "a"),
    )
    assert same(typed, *events) == ["Vårkonsert!", "Vårkonsert", "Andakt"]


def test_of_days_the_day_decides() -> None:
    typed = Typed(When(date(2027, 3, 11)), "Mässa")
    assert same(typed, told("Mässa", When(date(2027, 3, 10), date(2027, 3, 12)).start, id="x")) == []
    assert same(typed, told("Mässa", date(2027, 3, 11))) == ["Mässa"]


def test_what_is_for_the_same_audience_at_that_time_is_told() -> None:
    typed = Typed(When(at(10, 10), at(10, 12)), "Sagostund", audience="barn")
    events = (
        told("Barnteater", at(10, 11), audience="barn"),
        told("Barnbio", at(10, 12), audience="barn"),
        told("Seniorträff", at(10, 10), audience="seniorer"),
        told("Pyssel", at(10, 8.5), audience="barn"),
    )
    assert clash(typed, *events) == ["Pyssel", "Barnteater"]


def test_without_an_audience_the_kind_decides_and_without_both_nothing() -> None:
    concert = told("Orkestern", at(10, 18), categories=("Musik",))
    assert clash(Typed(When(at(10)), category="Musik"), concert) == ["Orkestern"]
    assert clash(Typed(When(at(10))), concert) == []


def test_what_may_be_the_same_does_not_clash_with_it() -> None:
    typed = Typed(When(at(10)), "Vårkonsert", category="Musik")
    assert clash(typed, told("Vårkonsert", at(10), categories=("Musik",))) == []


def test_nobody_reads_more_than_a_few() -> None:
    events = [told(f"Vårkonsert {n}", at(10), id=str(n)) for n in range(20)]
    assert len(same(Typed(When(at(10)), "Vårkonsert"), *events)) == MOST


def test_what_was_withdrawn_is_no_hint() -> None:
    gone = event("x", merged("Vårkonsert", at(10)).content, withdrawn=NOW)
    assert same(Typed(When(at(10)), "Vårkonsert"), gone) == []
