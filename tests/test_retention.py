"""G10: the terms, to the second, on the side where the data goes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from aggregator.model import Mistake, OfferedEvent, OfferedSource, Standing, Submission, SubmissionKind, When
from aggregator.retention import DECIDED, PAST, UNCONFIRMED, person_over, submission_over

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
SOURCE = OfferedSource(address="https://holken.example/k.ics", name="Holken")


def told(state: Standing, age: timedelta, **more: object) -> Submission:
    """A submission that came, and was last changed, so long ago."""
    then = NOW - age
    return replace(
        Submission(
            id="s", kind=SubmissionKind.SOURCE, state=state, person="p", body=SOURCE, created=then, changed=then
        ),
        **more,  # type: ignore[arg-type]  # each test names what it is about
    )


@pytest.mark.parametrize(
    ("state", "term"),
    [
        (Standing.UNCONFIRMED, timedelta(hours=48)),
        (Standing.REJECTED, timedelta(days=30)),
        (Standing.WITHDRAWN, timedelta(days=30)),
        (Standing.SETTLED, timedelta(days=30)),
        (Standing.ASKED, timedelta(days=180)),
    ],
)
def test_G10_each_state_has_its_term(state: Standing, term: timedelta) -> None:
    assert not submission_over(told(state, term - SECOND), NOW, live=False)
    assert submission_over(told(state, term), NOW, live=False)


def test_G10_what_waits_for_staff_stays_until_they_have_looked() -> None:
    assert not submission_over(told(Standing.WAITING, timedelta(days=1000)), NOW, live=False)


def test_a_decision_counts_from_when_it_was_taken() -> None:
    late = told(Standing.REJECTED, DECIDED * 3, changed=NOW - DAY)
    assert not submission_over(late, NOW, live=False)


def test_what_became_a_source_stays_as_long_as_the_source() -> None:
    approved = told(Standing.APPROVED, timedelta(days=1000))
    assert not submission_over(approved, NOW, live=True)
    assert submission_over(approved, NOW, live=False)
    assert not submission_over(replace(approved, changed=NOW - DAY), NOW, live=False)


def test_G10_a_single_event_goes_13_months_after_its_last_date() -> None:
    def event(*days: date) -> Submission:
        body = OfferedEvent(title="Orgelmusik", dates=tuple(map(When, days)))
        return told(Standing.APPROVED, timedelta(days=1000), kind=SubmissionKind.EVENT, body=body)

    old = (NOW - PAST).date() - DAY
    assert submission_over(event(old - DAY, old), NOW, live=True)
    assert not submission_over(event(old - DAY, old + 2 * DAY), NOW, live=True)


def test_a_person_who_never_answered_goes_with_the_link() -> None:
    assert not person_over(NOW - UNCONFIRMED + SECOND, None, NOW, last=None)
    assert person_over(NOW - UNCONFIRMED, None, NOW, last=NOW)


def test_a_person_of_whom_nothing_is_left_goes_a_month_after_the_last_visit() -> None:
    long_ago = NOW - timedelta(days=500)
    assert person_over(long_ago, long_ago, NOW, last=None)
    assert not person_over(long_ago, long_ago, NOW, last=NOW - timedelta(days=29))
    assert person_over(long_ago, long_ago, NOW, last=NOW - timedelta(days=30))


def test_word_of_a_mistake_without_a_name_has_the_same_terms() -> None:
    report = told(
        Standing.SETTLED, DECIDED, kind=SubmissionKind.REPORT, body=Mistake(event="e", text="fel"), person=None
    )
    assert submission_over(report, NOW, live=False)
