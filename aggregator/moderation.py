"""Who may do what with a submission, and what becomes of it: one table. It stores nothing and tells nobody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from aggregator.errors import UsageError
from aggregator.model import Standing, SubmissionKind


class Actor(StrEnum):
    """Who acts: the person whose submission it is, or staff."""

    PERSON = "person"
    STAFF = "staff"


class Action(StrEnum):
    """What can be done with a submission."""

    CONFIRM = "confirm"
    CHANGE = "change"
    ANSWER = "answer"
    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"
    SETTLE = "settle"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: from any of `sources`, by any of `actors`, to `target` (None: it stays)."""

    actors: frozenset[Actor]
    kinds: frozenset[SubmissionKind]
    sources: frozenset[Standing]
    target: Standing | None


_PERSON, _STAFF = frozenset({Actor.PERSON}), frozenset({Actor.STAFF})
_OFFERS, _REPORTS, _ALL = (
    frozenset({SubmissionKind.SOURCE, SubmissionKind.EVENT}),
    frozenset({SubmissionKind.REPORT}),
    frozenset(SubmissionKind),
)
_OPEN = frozenset({Standing.WAITING, Standing.ASKED})
_LIVE = _OPEN | {Standing.APPROVED}

TABLE: Mapping[Action, Step] = {
    Action.CONFIRM: Step(_PERSON, _ALL, frozenset({Standing.UNCONFIRMED}), Standing.WAITING),
    # What is published already stays so: its new words pass the same alarms as any source's (A39).
    Action.CHANGE: Step(_PERSON | _STAFF, _OFFERS, _LIVE, None),
    Action.ANSWER: Step(_PERSON, _OFFERS, frozenset({Standing.ASKED}), Standing.WAITING),
    Action.APPROVE: Step(_STAFF, _OFFERS, _OPEN, Standing.APPROVED),
    Action.REJECT: Step(_STAFF, _ALL, _OPEN, Standing.REJECTED),
    Action.ASK: Step(_STAFF, _OFFERS, frozenset({Standing.WAITING}), Standing.ASKED),
    Action.SETTLE: Step(_STAFF, _REPORTS, frozenset({Standing.WAITING}), Standing.SETTLED),
    Action.WITHDRAW: Step(_PERSON | _STAFF, _ALL, _LIVE, Standing.WITHDRAWN),
    # Undoes the last word: a refusal, an approval given by mistake, a withdrawal, a report settled too early.
    Action.REOPEN: Step(
        _STAFF,
        _ALL,
        frozenset({Standing.APPROVED, Standing.REJECTED, Standing.WITHDRAWN, Standing.SETTLED}),
        Standing.WAITING,
    ),
}


def after(kind: SubmissionKind, state: Standing, action: Action, actor: Actor) -> Standing:
    """The state that an action leads to. Raises UsageError where the table has no such step."""
    step = TABLE[action]
    if actor not in step.actors or kind not in step.kinds or state not in step.sources:
        raise UsageError(f"a {kind} that is {state} can't be followed by “{action}” of {actor}")
    return step.target or state


def possible(kind: SubmissionKind, state: Standing, actor: Actor) -> tuple[Action, ...]:
    """What an actor may do now, in the order of the table."""
    fits = (actor in step.actors and kind in step.kinds and state in step.sources for step in TABLE.values())
    return tuple(action for action, fit in zip(TABLE, fits, strict=True) if fit)
