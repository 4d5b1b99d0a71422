"""A calendar whose times all move by the same hours at once has lost its zone; one evening that is put off has not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.model import When
from aggregator.shifts import FEWEST, KEPT, noticed
from aggregator.state import Shift
from tests.facts import NOW, at

HOUR = timedelta(hours=1)


def pairs(*steps: float) -> list[tuple[When, When]]:
    """Coming events, each moved by so many hours."""
    return [(When(at(n + 2)), When(at(n + 2) + step * HOUR)) for n, step in enumerate(steps)]


@pytest.mark.parametrize(
    ("steps", "minutes"),
    [
        ([1] * FEWEST, 60),
        ([-2] * 9, -120),
        ([1] * 8 + [0, 3], 60),
        ([1] * (FEWEST - 1), None),
        ([1] * 7 + [0] * 3, None),
        ([0.5] * 9, None),
        ([4] * 9, None),
        ([0] * 9, None),
        ([], None),
    ],
)
def test_nearly_all_by_the_same_whole_hours(steps: list[float], minutes: int | None) -> None:
    found = noticed(None, pairs(*steps), NOW)
    assert (found and found.minutes) == minutes


def test_days_have_no_hours_to_lose() -> None:
    day = NOW.date()
    assert noticed(None, [(When(day), When(day + timedelta(days=1)))] * 9, NOW) is None


def test_it_is_told_for_a_while_and_ends_when_it_is_taken_back() -> None:
    before = Shift(60, NOW)
    still = pairs(*[0] * 9)
    assert noticed(before, still, NOW + KEPT - HOUR) == before
    assert noticed(before, still, NOW + KEPT) is None
    assert noticed(before, pairs(*[-1] * 9), NOW + HOUR) is None
    assert noticed(before, pairs(*[1] * 9), NOW + HOUR) == Shift(60, NOW + HOUR)
