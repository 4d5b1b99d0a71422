"""Days and hours of a filter, against the calendar itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from aggregator.model import When
from aggregator.selection import Filter, Span, feed_span, list_span, select
from aggregator.shelf import Shelf
from tests.render.worlds import TOLD, ZONE, event

TODAY = date(2027, 1, 10)


@pytest.mark.parametrize("length", [1, 2, 3, 5, 6, 7, 20])
def test_weekend_is_a_saturday_or_sunday_among_its_days(length: int) -> None:
    starts = [date(2027, 1, 4) + timedelta(days=n) for n in range(14)]
    told = [event(n, when=When(s, s + timedelta(days=length - 1))) for n, s in enumerate(starts)]
    shelf = Shelf().with_delta(1, TOLD, told, ZONE)
    found = {e.event.id for e in select(shelf, Filter(time=("weekend",)), Span(None, None))}
    for one, start in zip(told, starts, strict=True):
        days = [start + timedelta(days=n) for n in range(length)]
        assert (one.id in found) == any(day.weekday() >= 5 for day in days), start


def test_weekend_counts_only_the_days_asked_for() -> None:
    run = event(1, when=When(date(2027, 1, 4), date(2027, 1, 31)))
    shelf = Shelf().with_delta(1, TOLD, [run], ZONE)
    week = Span(date(2027, 1, 11).toordinal(), date(2027, 1, 15).toordinal())
    assert not select(shelf, Filter(time=("weekend",)), week)
    assert select(shelf, Filter(time=("weekend",)), Span(week.first, date(2027, 1, 16).toordinal()))


def day(number: int | None) -> date | None:
    return None if number is None else date.fromordinal(number)


@pytest.mark.parametrize(
    ("wanted", "first", "last"),
    [
        (Filter(), date(2026, 12, 27), date(2027, 7, 9)),
        (Filter(first=date(2027, 2, 1)), date(2027, 2, 1), None),
        (Filter(last=date(2027, 2, 1)), date(2026, 12, 27), date(2027, 2, 1)),
        (Filter(last=date(2026, 2, 1)), None, date(2026, 2, 1)),
        (Filter(days=1), TODAY, TODAY),
        (Filter(first=date(2027, 2, 1), days=2), date(2027, 2, 1), date(2027, 2, 2)),
        (Filter(first=date(2027, 2, 1), days=9, last=date(2027, 2, 3)), date(2027, 2, 1), date(2027, 2, 3)),
        (Filter(limit=5), TODAY, date(2027, 7, 9)),
    ],
)
def test_days_of_a_feed(wanted: Filter, first: date | None, last: date | None) -> None:
    span = feed_span(wanted, TODAY)
    assert (day(span.first), day(span.last)) == (first, last)


def test_list_begins_today_unless_asked_for_earlier() -> None:
    assert day(list_span(Filter(), TODAY).first) == TODAY
    assert day(list_span(Filter(first=date(2026, 5, 1)), TODAY).first) == date(2026, 5, 1)
    assert list_span(Filter(last=date(2026, 5, 1)), TODAY).first is None
