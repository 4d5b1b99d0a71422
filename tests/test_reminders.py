"""Who is asked once a term whether all is right."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.model import Entry, Source
from aggregator.reminders import due, term_of

ZONE = ZoneInfo("Europe/Stockholm")
AUTUMN = datetime(2026, 9, 1, tzinfo=UTC)


def entry(added: datetime = AUTUMN, person: str | None = "p1", removed: datetime | None = None) -> Entry:
    source = Source(id="koren", name="Kören", url="https://k.example/")
    return Entry(source=source, person=person, added=added, removed=removed)


def asked(now: datetime, told: Entry, settled: datetime | None = None) -> list[str]:
    found = due([told], {"koren": settled} if settled else {}, now, ZONE)
    return [term.name for _, term in found]


@pytest.mark.parametrize(
    ("day", "name"),
    [(date(2027, 1, 1), "2027-1"), (date(2027, 7, 31), "2027-1"), (date(2027, 8, 1), "2027-2")],
)
def test_a_year_has_two_terms(day: date, name: str) -> None:
    assert term_of(day).name == name


@pytest.mark.parametrize(
    ("now", "terms"),
    [
        (datetime(2026, 12, 31, tzinfo=UTC), []),  # it was added in this term
        (datetime(2027, 1, 14, 12, tzinfo=UTC), []),
        (datetime(2027, 1, 14, 23, 30, tzinfo=UTC), ["2027-1"]),  # the fifteenth, local
        (datetime(2027, 7, 31, tzinfo=UTC), ["2027-1"]),
        (datetime(2027, 8, 20, tzinfo=UTC), ["2027-2"]),
    ],
)
def test_what_was_there_before_the_term_is_asked_about_two_weeks_into_it(now: datetime, terms: list[str]) -> None:
    assert asked(now, entry()) == terms


def test_who_was_asked_or_has_said_so_this_term_is_not_asked_again() -> None:
    now = datetime(2027, 3, 1, tzinfo=UTC)
    assert asked(now, entry(), datetime(2027, 1, 20, tzinfo=UTC)) == []
    assert asked(now, entry(), datetime(2026, 12, 20, tzinfo=UTC)) == ["2027-1"]


def test_what_is_nobodys_or_gone_is_not_asked_about() -> None:
    now = datetime(2027, 3, 1, tzinfo=UTC)
    assert asked(now, entry(person=None)) == []
    assert asked(now, entry(removed=AUTUMN)) == []
