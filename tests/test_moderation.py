"""What may be done with a submission, and what it leads to."""

from __future__ import annotations

from itertools import product

import pytest

from aggregator.errors import UsageError
from aggregator.model import Standing, SubmissionKind
from aggregator.moderation import TABLE, Action, Actor, after, possible

SOURCE, EVENT, REPORT = SubmissionKind.SOURCE, SubmissionKind.EVENT, SubmissionKind.REPORT
PERSON, STAFF = Actor.PERSON, Actor.STAFF


@pytest.mark.parametrize(
    ("kind", "state", "action", "actor", "target"),
    [
        (SOURCE, Standing.UNCONFIRMED, Action.CONFIRM, PERSON, Standing.WAITING),
        (SOURCE, Standing.WAITING, Action.APPROVE, STAFF, Standing.APPROVED),
        (EVENT, Standing.ASKED, Action.APPROVE, STAFF, Standing.APPROVED),
        (EVENT, Standing.WAITING, Action.ASK, STAFF, Standing.ASKED),
        (EVENT, Standing.ASKED, Action.ANSWER, PERSON, Standing.WAITING),
        (EVENT, Standing.APPROVED, Action.CHANGE, PERSON, Standing.APPROVED),
        (SOURCE, Standing.WAITING, Action.REJECT, STAFF, Standing.REJECTED),
        (SOURCE, Standing.REJECTED, Action.REOPEN, STAFF, Standing.WAITING),
        (SOURCE, Standing.APPROVED, Action.WITHDRAW, PERSON, Standing.WITHDRAWN),
        (REPORT, Standing.WAITING, Action.SETTLE, STAFF, Standing.SETTLED),
    ],
)
def test_a_step_of_the_table(
    kind: SubmissionKind, state: Standing, action: Action, actor: Actor, target: Standing
) -> None:
    assert after(kind, state, action, actor) is target


@pytest.mark.parametrize(
    ("kind", "state", "action", "actor"),
    [
        (SOURCE, Standing.UNCONFIRMED, Action.APPROVE, STAFF),  # nobody has answered the mail
        (SOURCE, Standing.WAITING, Action.APPROVE, PERSON),
        (EVENT, Standing.REJECTED, Action.CHANGE, PERSON),
        (EVENT, Standing.WITHDRAWN, Action.APPROVE, STAFF),
        (REPORT, Standing.WAITING, Action.APPROVE, STAFF),
        (SOURCE, Standing.WAITING, Action.SETTLE, STAFF),
    ],
)
def test_what_the_table_does_not_hold_is_refused(
    kind: SubmissionKind, state: Standing, action: Action, actor: Actor
) -> None:
    with pytest.raises(UsageError):
        after(kind, state, action, actor)


def test_nothing_is_published_without_staff() -> None:
    reached = [
        (kind, state, action)
        for kind, state, action in product(SubmissionKind, Standing, Action)
        if action in possible(kind, state, PERSON) and after(kind, state, action, PERSON) is Standing.APPROVED
    ]
    assert all(state is Standing.APPROVED for _, state, _ in reached)


def test_every_end_can_be_taken_back_by_staff() -> None:
    for kind, state in product(SubmissionKind, (Standing.REJECTED, Standing.WITHDRAWN)):
        assert Action.REOPEN in possible(kind, state, STAFF)


def test_every_action_is_possible_somewhere() -> None:
    met = {a for kind, state, actor in product(SubmissionKind, Standing, Actor) for a in possible(kind, state, actor)}
    assert met == set(TABLE) == set(Action)
