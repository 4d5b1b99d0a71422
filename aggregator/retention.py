"""How long what people send in is kept, and when it is over. Pure; the store asks it row by row (G10).

Links, sessions, letters and counts have terms of their own beside what they are (`store.tokens`, `store.sessions`,
`store.outbox`, `store.tally`, `store.staff`). What was erased by wish is gone at once: `erasure`.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from aggregator.model import OfferedEvent, Standing, Submission, When

PAST = timedelta(days=396)  # 13 months: an event of last year can still be looked up while this year's is planned
UNCONFIRMED = timedelta(hours=48)  # so long the mailed link is good; what nobody confirms is nobody's
DECIDED = timedelta(days=30)  # refused, withdrawn, settled: time to ask why, and to take the decision back
UNANSWERED = timedelta(days=180)  # half a year after a question nobody answers it
NOTHING_LEFT = timedelta(days=30)  # a person of whom nothing else is kept
LOGGED = PAST  # who did what is told no longer than the events it was done to

_DECIDED = frozenset({Standing.REJECTED, Standing.WITHDRAWN, Standing.SETTLED})


def submission_over(told: Submission, now: datetime, *, live: bool) -> bool:
    """Whether a submission is kept no longer; `live`: the source that it became is there still."""
    if told.state is Standing.UNCONFIRMED:
        return now - told.created >= UNCONFIRMED
    if told.state in _DECIDED:
        return now - told.changed >= DECIDED
    if told.state is Standing.ASKED:
        return now - told.changed >= UNANSWERED
    if told.state is Standing.APPROVED:
        return _published_over(told, now, live=live)
    return False  # it waits for staff, and is kept until they have looked at it


def person_over(created: datetime, confirmed: datetime | None, now: datetime, *, last: datetime | None) -> bool:
    """Whether a person of whom nothing is left is kept no longer; `last` is when they were here, as far as is known."""
    if confirmed is None:
        return now - created >= UNCONFIRMED
    return now - max(created, confirmed, last or created) >= NOTHING_LEFT


def _published_over(told: Submission, now: datetime, *, live: bool) -> bool:
    """What is public goes with what is public: a source when it is taken out, single events when all are long past."""
    if not live:
        return now - told.changed >= DECIDED
    if not isinstance(told.body, OfferedEvent):
        return False
    return all(_ended(when) < now - PAST for when in told.body.dates)


def _ended(when: When) -> datetime:
    """When something is over; in which zone a day ends makes no difference after a year."""
    last = when.end or when.start
    return last if isinstance(last, datetime) else datetime.combine(last + timedelta(days=1), time(), UTC)
