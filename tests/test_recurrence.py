"""The dates of one UID: overrides, extra and excluded dates, clock changes, spans; held to recurring-ical-events."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vRecur

from aggregator.recurrence import MAX_OCCURRENCES, Expansion, Part, expand
from aggregator.rules import RuleRefused

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST, LAST = datetime(2026, 3, 1, tzinfo=STOCKHOLM), datetime(2027, 9, 1, tzinfo=STOCKHOLM)
HOUR = timedelta(hours=1)


def at(month: int, day: int, hour: int = 18, minute: int = 0, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=STOCKHOLM)


def weekly(rule: str = "FREQ=WEEKLY;COUNT=4", **times: object) -> Part:
    values: dict[str, Any] = {"start": at(4, 7), "length": HOUR, "rules": (rule,)} | times
    return Part(**values)


def dates(master: Part, *overrides: Part, first: datetime = FIRST, last: datetime = LAST) -> Expansion:
    return expand(master, overrides, first, last)


def starts(expansion: Expansion) -> list[str]:
    return [one.start.isoformat() for one in expansion.occurrences]


def test_occurrences_stop_at_the_end_of_the_span_and_tell_that_there_are_more() -> None:
    expansion = dates(weekly("FREQ=WEEKLY"), last=at(4, 20))
    assert starts(expansion) == ["2026-04-07T18:00:00+02:00", "2026-04-14T18:00:00+02:00"]
    assert expansion.later
    assert not expansion.earlier


def test_occurrence_that_runs_into_the_span_is_in_it() -> None:
    expansion = dates(weekly(length=timedelta(days=2)), first=at(4, 8), last=at(4, 9))
    assert starts(expansion) == ["2026-04-07T18:00:00+02:00"]


def test_until_as_a_day_holds_the_evening_of_that_day() -> None:
    assert len(starts(dates(weekly("FREQ=WEEKLY;UNTIL=20260421")))) == 3


def test_rule_that_takes_dates_out_leaves_the_others() -> None:
    """EXRULE: every week but the second, fourth …"""
    master = weekly("FREQ=WEEKLY;COUNT=6", unruled=("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",))
    assert [start[:10] for start in starts(dates(master))] == ["2026-04-14", "2026-04-28", "2026-05-12"]


def test_A07_rule_that_takes_out_all_that_it_gives_gives_nothing() -> None:
    assert starts(dates(weekly("FREQ=WEEKLY", unruled=("FREQ=WEEKLY",)))) == []


def test_A07_refused_rule_that_takes_out_leaves_the_first_date_alone() -> None:
    expansion = dates(weekly("FREQ=WEEKLY", unruled=("FREQ=MINUTELY",)))
    assert [start[:10] for start in starts(expansion)] == ["2026-04-07"]
    assert expansion.notes == (("rule-too-often", "MINUTELY"),)


def test_until_before_the_start_gives_nothing() -> None:
    assert starts(dates(weekly("FREQ=WEEKLY;UNTIL=20260101"))) == []


def test_first_date_counts_even_where_the_rule_does_not_give_it() -> None:
    assert starts(dates(weekly("FREQ=WEEKLY;BYDAY=WE;COUNT=1")))[0] == "2026-04-07T18:00:00+02:00"


def test_override_replaces_its_date_and_may_move_it() -> None:
    expansion = dates(weekly(), Part(start=at(4, 15, 19), slot=at(4, 14)))
    moved = next(one for one in expansion.occurrences if one.part == 0)
    assert (moved.slot, moved.start, moved.end) == (at(4, 14), at(4, 15, 19), None)
    assert len(expansion.occurrences) == 4


def test_override_moved_into_the_span_from_outside_is_found() -> None:
    expansion = dates(
        weekly("FREQ=WEEKLY"), Part(start=at(4, 15), slot=at(6, 30)), first=at(4, 15, 0), last=at(4, 16, 0)
    )
    assert [one.part for one in expansion.occurrences] == [0]


def test_override_named_by_a_day_replaces_the_date_of_that_day() -> None:
    expansion = dates(weekly(), Part(start=at(4, 14, 20), slot=date(2026, 4, 14)))
    assert len(expansion.occurrences) == 4


def test_C09_override_outside_the_rule_is_kept_and_told() -> None:
    expansion = dates(weekly(), Part(start=at(4, 16), slot=at(4, 16)))
    assert len(expansion.occurrences) == 5
    assert expansion.stray == (0,)


def test_override_of_an_excluded_date_is_gone() -> None:
    expansion = dates(weekly(without=(at(4, 14),)), Part(start=at(4, 15), slot=at(4, 14)))
    assert len(expansion.occurrences) == 3


def test_C09_excluded_day_takes_out_timed_dates_of_that_day() -> None:
    assert len(starts(dates(weekly(without=(date(2026, 4, 14),))))) == 3


@pytest.mark.parametrize("hour", [0, 18])
def test_C09_timed_exclusion_and_override_of_an_all_day_series_mean_their_day(hour: int) -> None:
    master = Part(
        start=date(2026, 4, 7), length=timedelta(days=1), rules=("FREQ=DAILY;COUNT=4",), without=(at(4, 8, hour),)
    )
    expansion = dates(master, Part(start=date(2026, 4, 20), slot=at(4, 9, hour)))
    assert starts(expansion) == ["2026-04-07", "2026-04-10", "2026-04-20"]


def test_C09_exclusion_in_utc_of_an_all_day_series_means_the_local_day() -> None:
    told = datetime(2026, 4, 7, 22, tzinfo=ZoneInfo("UTC"))
    master = Part(start=date(2026, 4, 7), length=timedelta(days=1), rules=("FREQ=DAILY;COUNT=3",), without=(told,))
    assert starts(dates(master)) == ["2026-04-07", "2026-04-09"]


@pytest.mark.parametrize(
    ("rule", "later"),
    [
        ("FREQ=YEARLY;INTERVAL=4", True),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", True),
        ("FREQ=WEEKLY;COUNT=400", True),
        ("FREQ=WEEKLY;COUNT=4", False),
        ("FREQ=WEEKLY;UNTIL=20270101", False),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", False),
    ],
)
def test_series_tells_whether_later_dates_will_come(rule: str, later: bool) -> None:
    assert dates(weekly(rule)).later is later


def test_C09_this_and_future_moves_what_follows() -> None:
    onwards = Part(start=at(4, 14, 19), length=2 * HOUR, slot=at(4, 14), onwards=True)
    expansion = dates(weekly(), onwards)
    assert [one.start for one in expansion.occurrences] == [at(4, 7), at(4, 14, 19), at(4, 21, 19), at(4, 28, 19)]
    assert [one.slot for one in expansion.occurrences] == [at(4, 7), at(4, 14), at(4, 21), at(4, 28)]
    assert [one.end for one in expansion.occurrences][2] == at(4, 21, 21)


def test_extra_date_brings_its_own_length() -> None:
    expansion = dates(weekly("FREQ=WEEKLY;COUNT=1", extra=((at(5, 1), 3 * HOUR), (at(5, 2), None))))
    assert [one.end for one in expansion.occurrences] == [at(4, 7, 19), at(5, 1, 21), at(5, 2, 19)]


def test_C25_weekly_series_keeps_its_wall_time_over_the_clock_change() -> None:
    assert starts(dates(weekly(start=at(3, 22, 10), rules=("FREQ=WEEKLY;COUNT=2",)))) == [
        "2026-03-22T10:00:00+01:00",
        "2026-03-29T10:00:00+02:00",
    ]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (at(3, 27, 2, 30, year=2027), "2027-03-28T03:30:00+02:00"),
        (at(10, 24, 2, 30), "2026-10-25T02:30:00+02:00"),
    ],
    ids=["gap", "fold"],
)
def test_C25_skipped_time_moves_forward_and_doubled_time_is_the_first(start: datetime, expected: str) -> None:
    assert starts(dates(weekly("FREQ=DAILY;COUNT=2", start=start)))[1] == expected


def test_C25_all_day_series_never_leaves_its_day() -> None:
    master = Part(start=date(2026, 3, 28), length=timedelta(days=1), rules=("FREQ=DAILY;COUNT=3",))
    assert starts(dates(master)) == ["2026-03-28", "2026-03-29", "2026-03-30"]


def test_A02_series_is_capped() -> None:
    expansion = dates(weekly("FREQ=DAILY;BYHOUR=8,10,12,14"))
    assert len(expansion.occurrences) == MAX_OCCURRENCES
    assert expansion.notes == (("too-many-occurrences", "600"),)


def test_A09_many_rules_refuse_the_component() -> None:
    with pytest.raises(RuleRefused):
        dates(Part(start=at(4, 7), rules=("FREQ=DAILY",) * 3))


def test_refused_rule_keeps_the_first_date() -> None:
    expansion = dates(weekly("FREQ=MINUTELY"))
    assert len(expansion.occurrences) == 1
    assert expansion.notes[0][0] == "rule-too-often"


RULES = st.sampled_from(
    [
        "FREQ=DAILY;INTERVAL=3;COUNT=60",
        "FREQ=WEEKLY;BYDAY=MO,TH",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=20260901T160000Z",
        "FREQ=MONTHLY;BYDAY=-1SU",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=YEARLY;BYMONTH=6;BYDAY=1SA",
    ]
)
NUMBERS = st.lists(st.integers(0, 12), max_size=4, unique=True)


@settings(max_examples=60, deadline=None)
@given(rule=RULES, excluded=NUMBERS, changed=NUMBERS, moved=st.integers(-200, 200))
def test_series_is_what_the_reference_says(rule: str, excluded: list[int], changed: list[int], moved: int) -> None:
    plain = dates(weekly(rule))
    slots = [one.slot for one in plain.occurrences if isinstance(one.slot, datetime)]
    without = tuple(slots[number] for number in excluded if number < len(slots))
    overrides = tuple(
        Part(start=slots[number] + timedelta(hours=moved), length=HOUR, slot=slots[number])
        for number in changed
        if number < len(slots)
    )
    ours = sorted(one.start.isoformat() for one in dates(weekly(rule, without=without), *overrides).occurrences)
    assert ours == _reference(rule, without, overrides)


def _reference(rule: str, without: tuple[datetime, ...], overrides: tuple[Part, ...]) -> list[str]:
    calendar = Calendar()
    calendar.add_component(_component(at(4, 7), rrule=vRecur.from_ical(rule), exdate=list(without)))
    for part in overrides:
        calendar.add_component(_component(part.start, recurrence_id=part.slot))
    found = recurring_ical_events.of(calendar).between(FIRST, LAST)
    return sorted(component["DTSTART"].dt.isoformat() for component in found)


def _component(start: date, **properties: object) -> Event:
    event = Event()
    event.add("uid", "1")
    event.add("dtstart", start)
    event.add("duration", HOUR)
    for name, value in properties.items():
        if value:
            event.add(name.replace("_", "-"), value)
    return event


@settings(max_examples=60, deadline=None)
@given(rule=RULES, days=st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)))
def test_law_7_two_spans_hold_what_both_hold(rule: str, days: tuple[int, int, int]) -> None:
    a, b, c = (FIRST + timedelta(days=number) for number in sorted(days))
    master, moved = weekly(rule), Part(start=at(6, 1), length=HOUR, slot=at(4, 7))

    def found(first: datetime, last: datetime) -> set[str]:
        return set(starts(dates(master, moved, first=first, last=last)))

    assert found(a, b) | found(b, c) == found(a, c)
