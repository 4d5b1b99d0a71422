"""How a source is, in one word and one sentence, from what is remembered of it. Pure; it stores and shows nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.model import Source
from aggregator.problems import sentence
from aggregator.state import Drop, SourceState

LATE = 3  # intervals without a visit, and something is wrong with the runner, not with the source
GRACE = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Health:
    """`word` is one of new, good, problems, late, failing, waiting, held, paused, disabled."""

    word: str
    sentence: str = ""

    @property
    def fine(self) -> bool:
        """Whether nobody has to look."""
        return self.word in ("new", "good", "disabled")


def health(source: Source, state: SourceState | None, now: datetime, clock: str = "") -> Health:
    """The worst that is true of a source at `now`; `clock` is what is wrong with its times, in a sentence."""
    if not source.enabled:
        return Health("disabled")
    if state is not None and (stopped := _stopped(state)):
        return stopped
    if state is None or state.tried is None:
        return Health("new", "not visited yet")
    return (
        _failing(state)
        or _late(source, state, now)
        or _settled(state)
        or Health("problems" if clock else "good", clock)
    )


def _stopped(state: SourceState) -> Health | None:
    if state.paused is not None:
        return Health("paused", state.paused)
    if state.held is not None:
        return Health(
            "held", f"nothing of the newest answer is published: {state.held.reason} {state.held.detail}".strip()
        )
    return None


def _failing(state: SourceState) -> Health | None:
    if state.failures == 0:
        return None
    since = f" since {state.failing_since:%Y-%m-%d}" if state.failing_since else ""
    times = "once" if state.failures == 1 else f"{state.failures} times in a row"
    return Health("failing", f"failed {times}{since}: {state.error or 'unknown reason'}")


def _late(source: Source, state: SourceState, now: datetime) -> Health | None:
    if state.tried is None or now - state.tried <= source.interval * LATE + GRACE:
        return None
    return Health("late", f"last visited {state.tried:%Y-%m-%d %H:%M} UTC; is the worker running?")


def _settled(state: SourceState) -> Health | None:
    if state.absent:
        fate = "removals held" if state.drop in (Drop.MANY, Drop.ALL) else "removed if they stay away"
        many = "1 event is" if len(state.absent) == 1 else f"{len(state.absent)} events are"
        return Health("waiting", f"{many} missing from the newest answer; {fate}")
    if state.damaged:
        return Health("problems", "the newest answer was damaged: added and changed from it, removed nothing")
    if state.problems:
        first = state.problems[0]
        item = f" in {first.item!r}" if first.item else ""
        many = f"{len(state.problems)} problems, first" if len(state.problems) > 1 else "a problem"
        return Health("problems", f"{many}{item}: {sentence(first, 'en')}")
    return None
