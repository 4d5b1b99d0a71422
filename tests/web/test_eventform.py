"""The fields of one event: what can be typed and what becomes of it, and back again."""

from __future__ import annotations

import time
from datetime import date, datetime
from typing import Any

import pytest

from aggregator.model import OfferedEvent, When
from aggregator.web import eventform
from aggregator.web.forms import Form
from tests.town import ZONE

TODAY = date(2027, 1, 10)


def at(day: int, hour: int = 18, minute: int = 0, month: int = 1) -> datetime:
    return datetime(2027, month, day, hour, minute, tzinfo=ZONE)


def form(**fields: Any) -> Form:
    told = {"rubrik": "Konsert", "plats": "Kyrkan", "arrangor": "Kören", "dag": "2027-01-20"} | fields
    return Form({name: [value] if isinstance(value, str) else value for name, value in told.items()})


def read(**fields: Any) -> tuple[OfferedEvent, dict[str, str]]:
    typed = form(**fields)
    event = eventform.read(typed, ZONE, TODAY)
    return event, {name: why.key for name, why in typed.refused.items()}


@pytest.mark.parametrize(
    ("typed", "when"),
    [
        ({"fran": "18:30"}, When(at(20, 18, 30))),
        ({"fran": "18.30", "till": "20"}, When(at(20, 18, 30), at(20, 20))),
        ({"fran": "22:00", "till": "01:00"}, When(at(20, 22), at(21, 1))),
        ({}, When(date(2027, 1, 20))),
        ({"sista": "2027-01-22"}, When(date(2027, 1, 20), date(2027, 1, 22))),
        ({"fran": "10:00", "till": "17:00", "sista": "2027-01-22"}, When(at(20, 10), at(22, 17))),
        ({"fran": "00:00", "till": "00:00", "sista": "2027-01-21"}, When(at(20, 0), at(21, 0))),
        ({"dag": "2027-1-9", "fran": "18:00"}, None),
        ({"dag": "2027-03-28", "fran": "02:30"}, When(at(28, 2, 30, month=3))),
    ],
)
def test_a_date_is_what_was_meant(typed: dict[str, str], when: When | None) -> None:
    event, refused = read(**typed)
    assert (event.dates, refused) == (((when,), {}) if when else ((When(at(9)),), {"dag-1": "event-over"}))


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"dag": ""}, "form-missing"),
        ({"dag": "20 januari"}, "event-day-wrong"),
        ({"dag": "2027-02-30"}, "event-day-wrong"),
        ({"fran": "halv sju"}, "event-hour"),
        ({"fran": "24:00"}, "event-hour"),
        ({"fran": "18:60"}, "event-hour"),
        ({"till": "18:00"}, "event-begins"),
        ({"fran": "18:00", "till": "18:00"}, "event-ends"),
        ({"fran": "18:00", "sista": "2027-01-21"}, "event-ends"),
        ({"sista": "2027-01-19"}, "event-last"),
        ({"sista": "2027-02-28"}, "event-last"),
        ({"sista": "snart"}, "event-last"),
        ({"dag": "2031-01-20"}, "event-too-far"),
    ],
)
def test_what_is_no_date_is_told_at_its_row(typed: dict[str, str], why: str) -> None:
    assert read(**typed)[1]["dag-1"] == why


def test_rows_keep_their_numbers_and_empty_ones_between_are_nothing() -> None:
    typed = form(dag=["2027-01-20", "", "2027-01-33"], fran=["18:00", "", "x"])
    event = eventform.read(typed, ZONE, TODAY)
    assert len(event.dates) == 1
    assert set(typed.refused) == {"dag-3"}


def test_a_date_that_is_told_twice_is_one() -> None:
    event, _ = read(dag=["2027-01-20", "2027-01-20"], fran=["18:00", "18:00"])
    assert event.dates == (When(at(20)),)


def test_a_hundred_dates_are_taken_and_no_more() -> None:
    event, _ = read(dag=["2027-01-20"] + [f"2027-{m:02}-{d:02}" for m in range(2, 10) for d in range(1, 29)])
    assert len(event.dates) == eventform.MOST


def test_the_form_has_room_for_more() -> None:
    assert [row.day for row in eventform.shown(form(), more=3)] == ["2027-01-20", "", "", ""]
    assert len(eventform.shown(Form())) == eventform.ROWS


EVENTS = [
    OfferedEvent(title="Konsert", dates=(When(at(20, 18, 30), at(20, 20)),), place="Kyrkan", organizer="Kören"),
    OfferedEvent(title="Natt", dates=(When(at(20, 22), at(21, 1)),), place="Ute", organizer="Klubben"),
    OfferedEvent(title="Läger", dates=(When(at(20, 10), at(21, 17)),), place="Ute", organizer="Klubben"),
    OfferedEvent(title="Mässa", dates=(When(date(2027, 1, 20), date(2027, 1, 22)),), place="Hallen", organizer="Byn"),
    OfferedEvent(
        title="Kurs",
        dates=(When(at(20), at(20, 20)), When(at(27), at(27, 20))),
        cancelled=(When(at(27), at(27, 20)),),
        place="Biblioteket",
        address="Torget 2",
        organizer="Förbundet",
        description="Ett stycke.\n\nEtt till, med <b>tecken</b> & annat.",
        url="https://kurs.example/",
        price="120 kr",
        age="13+",
        audience="vuxna",
        categories=("Skapande och kurs",),
        note="Ring gärna",
    ),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda e: e.title)
def test_what_was_handed_in_comes_back_as_it_was(event: OfferedEvent) -> None:
    typed = eventform.filled(event, ZONE)
    assert (eventform.read(typed, ZONE, TODAY), typed.refused) == (event, {})


@pytest.mark.parametrize("name", ["rubrik", "dag", "fran", "sista", "lank", "pris", "beskrivning"])
def test_F24_a_hundred_kilobytes_in_a_field_take_no_time(name: str) -> None:
    for sign in ("9", "-", " ", "https://x.example/%", "2027-01-"):
        begun = time.process_time()
        read(**{name: sign * (100_000 // len(sign))})
        assert time.process_time() - begun < 1
