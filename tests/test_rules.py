"""One recurrence rule: what the gate refuses, and the dates it gives, held to python-dateutil."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import rules
from aggregator.rules import RuleRefused

START = datetime(2026, 1, 5, 18, 30)  # noqa: DTZ001 - wall times
LAST = datetime(2027, 9, 1)  # noqa: DTZ001


def dates(text: str, start: datetime = START, first: datetime | None = None, last: datetime = LAST) -> list[datetime]:
    rule = rules.parse(text)
    until = rule.until if isinstance(rule.until, datetime) else None
    return list(rules.between(rule, start, first or start, last, until))


REFUSED = {
    "A01_secondly": ("FREQ=SECONDLY", "rule-too-often"),
    "A01_minutely": ("FREQ=MINUTELY;INTERVAL=5", "rule-too-often"),
    "A02_hourly": ("FREQ=HOURLY", "rule-too-often"),
    "A02_many_times_a_day": ("FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6;BYMINUTE=0,10,20,30", "rule-too-many"),
    "A03_interval_zero": ("FREQ=DAILY;INTERVAL=0", "rule-interval"),
    "A03_interval_negative": ("FREQ=DAILY;INTERVAL=-1", "rule-interval"),
    "A03_interval_huge": ("FREQ=DAILY;INTERVAL=1000000000000000000", "rule-interval"),
    "A03_interval_words": ("FREQ=DAILY;INTERVAL=two", "rule-interval"),
    "A04_full_lists": (
        "FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYMONTHDAY=1,2,3,4,5,6,7,8,9,10;BYHOUR=1,2,3,4",
        "rule-too-many",
    ),
    "no_frequency": ("COUNT=3", "rule-unreadable"),
    "unknown_frequency": ("FREQ=FORTNIGHTLY", "rule-unreadable"),
    "count_zero": ("FREQ=DAILY;COUNT=0", "rule-unreadable"),
    "bad_until": ("FREQ=DAILY;UNTIL=20261399", "rule-unreadable"),
    "bad_weekday": ("FREQ=WEEKLY;BYDAY=XX", "rule-unreadable"),
    "bad_month": ("FREQ=YEARLY;BYMONTH=13", "rule-unreadable"),
    "bad_number": ("FREQ=MONTHLY;BYMONTHDAY=1e3", "rule-unreadable"),
}


@pytest.mark.parametrize(("text", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_hostile_rule_is_refused_before_anything_is_expanded(text: str, code: str) -> None:
    with pytest.raises(RuleRefused) as caught:
        rules.parse(text)
    assert caught.value.code == code


@pytest.mark.parametrize("freq", ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
@pytest.mark.parametrize(
    "lists", ["BYMONTH=2;BYMONTHDAY=30", "BYMONTH=2;BYMONTHDAY=30;COUNT=5", "BYSETPOS=366;BYDAY=MO"]
)
def test_A05_rule_that_never_matches_ends_at_once(freq: str, lists: str) -> None:
    began = time.process_time()
    assert dates(f"FREQ={freq};{lists}") == [] or "BYSETPOS" in lists
    assert time.process_time() - began < 1


def test_A06_huge_count_ends_with_the_window() -> None:
    assert len(dates("FREQ=DAILY;COUNT=1000000000")) == (LAST - START).days + 1


def test_first_date_long_ago_costs_nothing() -> None:
    began = time.process_time()
    found = dates("FREQ=DAILY", datetime(1, 1, 1, 9), first=datetime(2026, 1, 1), last=datetime(2026, 1, 3))  # noqa: DTZ001
    assert found == [datetime(2026, 1, 1, 9), datetime(2026, 1, 2, 9)]  # noqa: DTZ001
    assert time.process_time() - began < 0.1


WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


@st.composite
def written_rules(draw: st.DrawFn) -> str:
    """Rules as RFC 5545 allows them, with the lists that fit their frequency."""
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 5))}", f"WKST={draw(st.sampled_from(WEEKDAYS))}"]
    if draw(st.booleans()):
        parts.append("BYMONTH=" + _list(draw, 1, 12))
    nth = draw(st.sampled_from(["", "1", "2", "-1", "5"])) if freq in ("MONTHLY", "YEARLY") else ""
    if draw(st.booleans()):
        parts.append("BYDAY=" + ",".join(nth + day for day in draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))))
    if freq != "WEEKLY" and draw(st.booleans()):
        parts.append("BYMONTHDAY=" + _list(draw, 1, 31, back=True))
    if freq == "YEARLY" and not nth and draw(st.booleans()):
        parts.append("BYWEEKNO=" + _list(draw, 1, 53))
    if freq == "YEARLY" and draw(st.booleans()):
        parts.append("BYYEARDAY=" + _list(draw, 1, 366, back=True))
    if draw(st.booleans()):
        parts.append("BYHOUR=" + _list(draw, 0, 23))
    if len(parts) > 3 and draw(st.booleans()):
        parts.append("BYSETPOS=" + draw(st.sampled_from(["1", "-1", "2", "1,-1"])))
    if draw(st.booleans()):
        parts.append(f"COUNT={draw(st.integers(1, 40))}")
    return ";".join(parts)


def _list(draw: st.DrawFn, low: int, high: int, back: bool = False) -> str:
    numbers = st.integers(low, high)
    signed = st.one_of(numbers, numbers.map(lambda number: -number)) if back else numbers
    return ",".join(map(str, draw(st.sets(signed, min_size=1, max_size=3))))


@settings(max_examples=50, deadline=None)
@given(text=written_rules(), day=st.integers(0, 400), ahead=st.integers(0, 700), length=st.integers(0, 500))
def test_rule_gives_the_dates_that_dateutil_gives(text: str, day: int, ahead: int, length: int) -> None:
    start = START + timedelta(days=day)
    first = start + timedelta(days=ahead)
    last = first + timedelta(days=length)
    reference = rrulestr(text, dtstart=start)
    expected = [moment for moment in reference.xafter(first - timedelta(seconds=1), count=200) if moment <= last]
    assert dates(text, start, first, last)[:200] == expected


@settings(max_examples=60, deadline=None)
@given(text=written_rules(), cuts=st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)))
def test_law_7_dates_of_two_spans_are_the_dates_of_both(text: str, cuts: tuple[int, int, int]) -> None:
    a, b, c = (START + timedelta(days=number) for number in sorted(cuts))
    joined = dates(text, first=a, last=b) + dates(text, first=b + timedelta(seconds=1), last=c)
    assert joined == dates(text, first=a, last=c)
