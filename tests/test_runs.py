"""Which dates of one source are one run."""

from datetime import date, timedelta
from typing import Any

import pytest

from aggregator import runs
from aggregator.model import StoredListing
from tests.matching import RULES, listing

FIRST = date(2027, 4, 12)  # a Monday


def _days(days: list[int], **told: Any) -> list[StoredListing]:
    told = {"title": "Segel och salt", "place": "Konsthallen", "hour": "11:00", **told}
    hour = told.pop("hour")
    return [listing(n, start=f"{FIRST + timedelta(days=day)}T{hour}", **told) for n, day in enumerate(days, 1)]


def _labelled(listings: list[StoredListing]) -> int:
    return len(runs.group(listings, RULES))


@pytest.mark.parametrize(
    ("days", "told", "labelled"),
    [
        ([0, 1, 2, 3], {}, 4),
        ([0, 1, 2], {}, 0),
        ([1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13], {}, 12),
        ([0, 7, 14, 21], {}, 0),
        ([0, 2, 4, 7, 9, 11], {}, 0),
        ([0, 1, 2, 3], {"title": "Stickcafé"}, 0),
        ([0, 1, 2, 3], {"title": "Visning av Segel"}, 0),
        ([0, 1, 2, 3, 4], {"title": "Simskola"}, 0),
        ([0, 1], {"title": "Sillmarknad"}, 2),
        ([0, 2], {"title": "Sillmarknad"}, 0),
        ([0, 1], {"title": "Segel"}, 0),
    ],
)
def test_consecutive_days_at_one_hour_and_place_are_a_run(days: list[int], told: dict[str, Any], labelled: int) -> None:
    assert _labelled(_days(days, **told)) == labelled


def test_numbered_and_named_days_of_a_market_are_one_run() -> None:
    two = [
        listing(1, title="Sillmarknad – dag 1", place="Hamnplan", start="2027-07-03T10:00"),
        listing(2, title="Sillmarknad (söndag)", place="Hamnplan", start="2027-07-04T09:30"),
    ]
    assert runs.group(two, RULES) == {1: "kommunen:1", 2: "kommunen:1"}


def test_evenings_that_only_generic_words_or_a_number_name_are_no_run() -> None:
    numbered = [listing(n, title=f"Konsert {n}", place="Kyrkan", start=f"2027-04-1{n}T18:00") for n in range(1, 6)]
    generic = [listing(n, title=f"{('Afton', 'Kväll')[n % 2]} {n}", start=f"2027-04-1{n}T18:00") for n in range(1, 6)]
    assert (runs.group(numbered, RULES), runs.group(generic, RULES)) == ({}, {})


def test_other_hours_another_place_or_another_source_are_no_run() -> None:
    assert _labelled([*_days([0, 1]), *_days([2, 3], hour="15:00")]) == 0
    assert _labelled([*_days([0, 1]), *_days([2, 3], place="Ladan")]) == 0
    assert _labelled([*_days([0, 1]), *_days([2, 3], source="tidningen")]) == 0


def test_the_label_stays_while_the_run_grows() -> None:
    short, long = runs.group(_days([0, 1, 2, 3]), RULES), runs.group(_days([0, 1, 2, 3, 4, 5]), RULES)
    assert set(short.values()) == set(long.values()) == {"kommunen:1"}


def test_exhibition_that_is_closed_on_mondays_is_one_run_and_not_one_a_week() -> None:
    weeks = _days([day for day in range(28) if day % 7], title="Vårsalongen")
    assert set(runs.group(weeks, RULES).values()) == {"kommunen:1"}
