"""Which letters go last; when one that was not taken is tried again, and when it is given up. Sends nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

HAND = timedelta(minutes=10)  # who took a letter and was never heard of again has it for so long
GIVE_UP = timedelta(days=5)  # RFC 5321 4.5.4.1: at least four or five days
LAST = (
    "confirm-submission",
    "confirm-report",
)  # what anybody's form sends to anybody: a flood of it delays nothing else
_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360))
_SPREAD = 0.25  # of a step, so that what failed together does not come again together


def again(created: datetime, tries: int, now: datetime, chance: float, *, permanent: bool) -> datetime | None:
    """When it is tried the next time, after so many tries; None where it is given up. `chance` is from 0 to 1.

    A refusal for good ends it at once (5xx of RFC 5321); everything else is tried for `GIVE_UP`.
    """
    if permanent or now - created >= GIVE_UP:
        return None
    step = _STEPS[min(max(tries, 1), len(_STEPS)) - 1]
    return now + step * (1 + _SPREAD * chance)
