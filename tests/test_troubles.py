"""When an organizer is written to: not at the first failure, once for each trouble, never twice in a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.state import Absent, Drop, Held, Shift, SourceState
from aggregator.troubles import APART, FAILING, FAILURES, ODD, PATIENCE, Trouble, due, trouble, well
from tests.facts import NOW, SOURCE

SECOND = timedelta(seconds=1)
GOOD = SourceState(id=SOURCE.id, tried=NOW, good=NOW)
THEN = NOW - PATIENCE


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (GOOD, None),
        (replace(GOOD, failures=FAILURES, failing_since=THEN), FAILING),
        (replace(GOOD, failures=FAILURES - 1, failing_since=THEN), None),
        (replace(GOOD, failures=FAILURES, failing_since=THEN + SECOND), None),
        (replace(GOOD, held=Held("too-many-new", THEN, "x")), ODD),
        (replace(GOOD, held=Held("too-many-new", THEN + SECOND, "x")), None),
        (replace(GOOD, drop=Drop.ALL, absent=(Absent(1, THEN, NOW),)), ODD),
        (replace(GOOD, drop=Drop.MANY, absent=(Absent(1, THEN + SECOND, NOW),)), None),
        (replace(GOOD, drop=Drop.FEW, absent=(Absent(1, THEN, NOW),)), None),
        (replace(GOOD, shifted=Shift(60, NOW)), ODD),
        (replace(GOOD, churn=2, content_keyed=True), None),
        (replace(GOOD, paused="gone", gone=NOW), FAILING),
        (replace(GOOD, paused="staff:1", failures=9, failing_since=THEN), None),
    ],
)
def test_what_may_pass_by_itself_is_waited_for(state: SourceState, kind: str | None) -> None:
    found = trouble(state, NOW)
    assert (found and found.kind) == kind
    assert not (found and well(state))


def test_a_trouble_is_told_once_and_another_not_within_a_week() -> None:
    found = Trouble(FAILING, THEN)
    assert due({}, SOURCE.id, found, NOW)
    assert not due({SOURCE.id: NOW}, SOURCE.id, found, NOW + 60 * APART)
    again = Trouble(FAILING, NOW + SECOND)
    assert not due({SOURCE.id: NOW}, SOURCE.id, again, NOW + APART - SECOND)
    assert due({SOURCE.id: NOW}, SOURCE.id, again, NOW + APART)


def test_well_is_only_what_was_read_and_lacks_nothing() -> None:
    assert well(GOOD)
    assert not well(replace(GOOD, good=None))
    assert not well(replace(GOOD, failures=1, failing_since=NOW))
