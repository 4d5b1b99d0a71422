"""When the clock on the wall is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.jobs.watch import Watch

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def after(*steps: tuple[timedelta, timedelta]) -> Watch:
    """A watch after looks between which so much passed (on the wall, in truth)."""
    wall, ticks = START, 0.0
    watch = Watch(wall, ticks)
    for seen, true in steps:
        wall, ticks = wall + seen, ticks + true.total_seconds()
        watch.look(wall, ticks)
    return watch


@pytest.mark.parametrize("jump", [26 * HOUR, -25 * HOUR, timedelta(days=27_000), timedelta(days=-20_000)])
def test_D14_a_jump_of_more_than_a_day_is_doubted(jump: timedelta) -> None:
    assert after((jump, HOUR)).doubtful
    assert after((jump, HOUR), (HOUR, HOUR)).doubtful


@pytest.mark.parametrize("jump", [HOUR, -HOUR, 23 * HOUR, -23 * HOUR])
def test_D14_a_jump_of_hours_is_no_reason_to_hold_anything(jump: timedelta) -> None:
    assert not after((jump, timedelta(0))).doubtful


def test_time_that_passes_is_no_jump() -> None:
    assert not after((3 * DAY, 3 * DAY)).doubtful


def test_D14_a_clock_that_comes_back_is_believed_at_once() -> None:
    assert not after((400 * DAY, timedelta(0)), (-400 * DAY + HOUR, HOUR)).doubtful


def test_D14_a_clock_that_stays_is_believed_after_a_day() -> None:
    day = [(HOUR, HOUR)] * 25
    assert after((3 * DAY, timedelta(0)), *day[:23]).doubtful
    assert not after((3 * DAY, timedelta(0)), *day).doubtful


def test_D15_after_a_sleep_the_looking_begins_anew() -> None:
    assert after((3 * DAY, HOUR)).awake == START + 3 * DAY
    assert after((HOUR, HOUR)).awake == START
