"""School holidays: by rule, and where the town says otherwise."""

from datetime import date, timedelta

import pytest

from aggregator.swedish.school import NAMES, Holiday, next_holiday

RULES = [
    # today, holiday, its days
    ("2027-01-10", "sportlov", "2027-02-22", "2027-02-28"),
    ("2027-02-28", "sportlov", "2027-02-22", "2027-02-28"),  # its last day
    ("2027-03-01", "pasklov", "2027-03-22", "2027-03-29"),  # Easter Sunday is 28 March
    ("2027-04-01", "sommarlov", "2027-06-12", "2027-08-15"),
    ("2026-06-15", "sommarlov", "2026-06-13", "2026-08-16"),
    ("2027-08-16", "hostlov", "2027-11-01", "2027-11-07"),
    ("2026-08-17", "hostlov", "2026-10-26", "2026-11-01"),
    ("2026-11-02", "jullov", "2026-12-19", "2027-01-06"),  # 21 December is a Monday
    ("2027-01-02", "jullov", "2026-12-19", "2027-01-06"),  # one that began in the year before
    ("2027-12-24", "jullov", "2027-12-21", "2028-01-06"),
]


@pytest.mark.parametrize(("today", "name", "first", "last"), RULES)
def test_holiday_that_is_on_or_next(today: str, name: str, first: str, last: str) -> None:
    found = next_holiday(date.fromisoformat(today))
    assert found == Holiday(name, date.fromisoformat(first), date.fromisoformat(last))


def test_week_that_the_town_states_holds_for_every_year() -> None:
    for year in (2026, 2027, 2028):
        found = next_holiday(date(year, 1, 20), {"sportlov": (9,)})
        assert (found.name, found.first) == ("sportlov", date.fromisocalendar(year, 9, 1))


def test_days_that_the_town_states_hold_for_their_year_alone() -> None:
    told = {"pasklov": ((date(2027, 3, 29), date(2027, 4, 2)),)}
    assert next_holiday(date(2027, 3, 23), told) == Holiday("pasklov", date(2027, 3, 29), date(2027, 4, 2))
    assert next_holiday(date(2028, 3, 23), told).first == date(2028, 4, 10)


def test_every_day_of_thirty_years_has_a_holiday_on_or_ahead() -> None:
    day, seen = date(2020, 1, 1), set()
    while day < date(2050, 1, 1):
        found = next_holiday(day)
        assert found.first <= found.last >= day
        assert found.first - day < timedelta(days=130)
        seen.add(found.name)
        day += timedelta(days=1)
    assert seen == set(NAMES)
