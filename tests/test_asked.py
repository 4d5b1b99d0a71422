"""Days in a search: what is typed → the days that are meant, and what is left to look for."""

from __future__ import annotations

from datetime import date

import pytest

from aggregator.swedish.asked import days_asked
from aggregator.swedish.school import Told

TODAY = date(2026, 12, 2)  # a Wednesday
ASKED = [
    ("konserter i dag", "2026-12-02", "2026-12-02", "konserter"),
    ("idag", "2026-12-02", "2026-12-02", ""),
    ("Konsert i kyrkan i morgon", "2026-12-03", "2026-12-03", "Konsert i kyrkan"),
    ("ikväll", "2026-12-02", "2026-12-02", ""),
    ("helgen", "2026-12-05", "2026-12-06", ""),
    ("teater i helgen", "2026-12-05", "2026-12-06", "teater"),
    ("till helgen barn", "2026-12-05", "2026-12-06", "barn"),
    ("lördag", "2026-12-05", "2026-12-05", ""),
    ("onsdag", "2026-12-02", "2026-12-02", ""),
    ("dans på fredag", "2026-12-04", "2026-12-04", "dans"),
    ("december", "2026-12-02", "2026-12-31", ""),
    ("konsert i januari", "2027-01-01", "2027-01-31", "konsert"),
    ("oktober", "2027-10-01", "2027-10-31", ""),
    ("13 december", "2026-12-13", "2026-12-13", ""),
    ("lördag 12 december", "2026-12-12", "2026-12-12", ""),
    ("barn 27-30 december", "2026-12-27", "2026-12-30", "barn"),
    ("2026-12-24", "2026-12-24", "2026-12-24", ""),
    ("jullovet", "2026-12-19", "2027-01-06", ""),
    ("aktiviteter på jullovet", "2026-12-19", "2027-01-06", "aktiviteter"),
    ("höstlov", "2027-11-01", "2027-11-07", ""),
    ("nästa vecka", "2026-12-07", "2026-12-13", ""),
    ("den här veckan", "2026-12-02", "2026-12-06", ""),
    ("concerts today", "2026-12-02", "2026-12-02", "concerts"),
    ("this weekend", "2026-12-05", "2026-12-06", ""),
    ("music on Saturday", "2026-12-05", "2026-12-05", "music"),
    ("tomorrow", "2026-12-03", "2026-12-03", ""),
]
NONE = (
    *("jul", "fri entré", "konsert", "dagens lunch", "varje torsdag", "barn 7 år", "70 kr", "helgdag", "31 februari"),
    *("10 augusti 2020", ""),
)


@pytest.mark.parametrize(("text", "first", "last", "rest"), ASKED)
def test_days_of_a_search_are_read(text: str, first: str, last: str, rest: str) -> None:
    found = days_asked(text, TODAY)
    assert found is not None
    assert (f"{found.first}", f"{found.last}", found.rest) == (first, last, rest)


@pytest.mark.parametrize("text", NONE)
def test_a_search_without_days_asks_for_none(text: str) -> None:
    assert days_asked(text, TODAY) is None


def test_the_towns_own_holidays_are_meant() -> None:
    own: Told = {"jullov": ((date(2026, 12, 22), date(2027, 1, 10)),)}
    found = days_asked("jullov", TODAY, own)
    assert found is not None
    assert (found.first, found.last) == (date(2026, 12, 22), date(2027, 1, 10))


def test_on_a_sunday_the_weekend_is_what_is_left_of_it() -> None:
    found = days_asked("helgen", date(2026, 12, 6))
    assert found is not None
    assert (found.first, found.last) == (date(2026, 12, 6), date(2026, 12, 6))
