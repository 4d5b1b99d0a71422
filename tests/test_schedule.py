"""When a source is next due: the rules of `aggregator.schedule`, each with the fault it answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Source
from aggregator.schedule import due, next_due, wake
from aggregator.state import SourceState

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def source(id: str = "biblioteket", interval: timedelta = HOUR, enabled: bool = True) -> Source:
    return Source(id=id, name=id, url=f"https://{id}.example/", interval=interval, enabled=enabled)


def state(id: str = "biblioteket", **known: object) -> SourceState:
    return SourceState(id=id, **known)  # type: ignore[arg-type]  # each test names the fields it is about


def test_a_good_visit_is_followed_by_another_within_the_interval() -> None:
    wait = next_due(source(), NOW) - NOW
    assert HOUR * 0.9 <= wait <= HOUR


def test_sources_of_one_interval_drift_apart() -> None:
    moments = {next_due(source(f"kalla-{n}"), NOW) for n in range(20)}
    assert len(moments) == 20


def test_the_wait_is_the_same_in_every_process() -> None:
    assert next_due(source(), NOW, failures=3) == next_due(source(), NOW, failures=3)


@pytest.mark.parametrize(
    ("failures", "hours"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 24), (60, 24), (10**9, 24)]
)
def test_B48_back_off_doubles_up_to_a_day(failures: int, hours: int) -> None:
    wait = next_due(source(), NOW, failures=failures) - NOW
    assert timedelta(hours=hours) * 0.9 <= wait <= timedelta(hours=hours)


def test_back_off_never_comes_sooner_than_a_long_interval() -> None:
    weekly = source(interval=timedelta(days=7))
    assert next_due(weekly, NOW, failures=5) - NOW >= timedelta(days=7) * 0.9


@pytest.mark.parametrize(
    ("seconds", "least", "most"),
    [
        (120, HOUR * 0.9, HOUR),
        (-5, HOUR * 0.9, HOUR),
        (7200, timedelta(hours=2), timedelta(hours=2)),
        (1e12, timedelta(days=7), timedelta(days=7)),
    ],
)
def test_B47_retry_after_is_obeyed_between_the_interval_and_a_week(
    seconds: float, least: timedelta, most: timedelta
) -> None:
    wait = next_due(source(), NOW, failures=1, retry_after=seconds) - NOW
    assert least <= wait <= most


def test_a_source_never_visited_is_due_at_once() -> None:
    assert due([source()], {}, NOW) == ("biblioteket",)
    assert due([source()], {"biblioteket": state()}, NOW, awake=NOW) == ("biblioteket",)


def test_a_source_is_due_at_its_moment_and_not_before() -> None:
    states = {"biblioteket": state(due=NOW)}
    assert due([source()], states, NOW) == ("biblioteket",)
    assert due([source()], states, NOW - timedelta(seconds=1)) == ()


def test_paused_and_disabled_sources_are_never_due() -> None:
    states = {"a": state("a", due=NOW, paused="410"), "b": state("b", due=NOW)}
    sources = [source("a"), source("b", enabled=False)]
    assert due(sources, states, NOW) == ()
    assert wake(sources, states, NOW) is None


def test_the_longest_overdue_goes_first() -> None:
    states = {"a": state("a", due=NOW - HOUR), "b": state("b", due=NOW - 2 * HOUR)}
    assert due([source("a"), source("b")], states, NOW) == ("b", "a")


@pytest.mark.parametrize("back", [HOUR, timedelta(days=365), timedelta(days=56 * 365)])
def test_D14_a_clock_set_back_leaves_no_source_waiting(back: timedelta) -> None:
    planned = next_due(source(), NOW)
    assert due([source()], {"biblioteket": state(due=planned)}, NOW - back) == ("biblioteket",)


def test_D14_a_clock_that_was_in_2100_does_not_silence_a_failing_source() -> None:
    planned = next_due(source(), datetime(2100, 1, 1, tzinfo=UTC), failures=4)
    assert due([source()], {"biblioteket": state(due=planned, failures=4)}, NOW) == ("biblioteket",)


def test_D14_a_wish_of_some_days_is_no_clock_error() -> None:
    planned = next_due(source(), NOW, failures=1, retry_after=5 * 86400)
    assert due([source()], {"biblioteket": state(due=planned, failures=1)}, NOW + HOUR) == ()


def test_D15_three_days_of_sleep_owe_one_visit() -> None:
    after = NOW + timedelta(days=3)
    assert due([source()], {"biblioteket": state(due=NOW)}, after) == ("biblioteket",)
    again = {"biblioteket": state(due=next_due(source(), after))}
    assert due([source()], again, after) == ()
    assert due([source()], again, after + HOUR * 0.89) == ()


@pytest.mark.parametrize("night", [date(2026, 10, 25), date(2027, 3, 28)])
def test_D16_a_night_of_changing_clocks_has_as_many_visits_as_hours(night: date) -> None:
    zone = ZoneInfo("Europe/Stockholm")
    now, end = (datetime.combine(night + timedelta(days=n), time(), zone).astimezone(UTC) for n in (0, 1))
    hours = (end - now) / HOUR
    visits, planned = 0, now
    while now < end:
        if due([source()], {"biblioteket": state(due=planned)}, now):
            visits, planned = visits + 1, next_due(source(), now)
        now += timedelta(minutes=1)
    assert hours in (23, 25)
    assert hours <= visits <= hours / 0.9 + 1


def test_D04_five_hundred_overdue_sources_are_spread_after_a_restart() -> None:
    sources = [source(f"kalla-{n}") for n in range(500)]
    states = {s.id: state(s.id, due=NOW - HOUR) for s in sources}
    first = due(sources, states, NOW, awake=NOW)
    half = due(sources, states, NOW + timedelta(seconds=50), awake=NOW)
    every = due(sources, states, NOW + timedelta(seconds=100), awake=NOW)
    assert len(first) < 10
    assert 200 < len(half) < 300
    assert len(every) == 500


def test_what_becomes_due_while_awake_is_not_spread() -> None:
    states = {"biblioteket": state(due=NOW + HOUR)}
    assert due([source()], states, NOW + HOUR, awake=NOW) == ("biblioteket",)


def test_the_runner_sleeps_until_the_next_source() -> None:
    states = {"a": state("a", due=NOW + HOUR), "b": state("b", due=NOW + HOUR / 2)}
    assert wake([source("a"), source("b")], states, NOW) == NOW + HOUR / 2


@given(
    failures=st.integers(0, 10_000),
    interval=st.timedeltas(timedelta(minutes=1), timedelta(days=31)),
    retry=st.none() | st.floats(-1e9, 1e15),
)
def test_the_next_moment_is_always_ahead_and_never_out_of_sight(
    failures: int, interval: timedelta, retry: float | None
) -> None:
    wait = next_due(source(interval=interval), NOW, failures=failures, retry_after=retry) - NOW
    assert interval * 0.89 <= wait <= max(interval, timedelta(days=7))
