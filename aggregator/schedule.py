"""When a source is next due: interval, back-off, a server's own wish, and clocks that jump. Pure.

It starts nothing and reads no clock; the runners in `jobs` ask it and sleep. A source has one next moment, not a
list of slots, so a machine that slept three days owes each source one visit, and a night when the clocks change is a
night like any other: all moments are instants.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import blake2b

from aggregator.model import Source
from aggregator.state import SourceState

JITTER = 0.1  # of the wait; enough that sources entered together drift apart
BACK_OFF_LIMIT = timedelta(hours=24)  # a source that is back is seen within a day
RETRY_LIMIT = timedelta(days=7)  # the longest wish of a server that is obeyed
DOUBLINGS = 20  # past this every back-off is at its limit; keeps the power small
CROWD_STEP = timedelta(milliseconds=200)  # so much later each of the sources that became due while nobody looked
CROWD_LIMIT = timedelta(minutes=10)


def next_due(source: Source, now: datetime, *, failures: int = 0, retry_after: float | None = None) -> datetime:
    """The instant of the next visit after one that ended at `now`; `failures` counts those in a row, this one included.

    After a good visit: the interval, at most a tenth less. After a failure: the interval, doubled with each further
    failure up to a day (or the interval, if that is longer). `retry_after` (seconds) is obeyed up to a week and
    never shortens the wait.
    """
    wait = _wait(source, failures)
    early = wait * (JITTER * _fraction(f"{source.id}:{failures}"))
    if retry_after is None:
        return now + wait - early
    wish = timedelta(seconds=min(max(retry_after, 0.0), RETRY_LIMIT.total_seconds()))
    return now + max(wait - early, wish)


def due(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime, awake: datetime | None = None
) -> tuple[str, ...]:
    """The ids of the sources to visit now, the longest overdue first. `states` may lack sources never seen.

    `awake` is when the runner began to look (at its start, after a sleep of the machine): what was overdue then
    is spread over the seconds that follow, in an order of its own that is the same in every process.
    """
    moments = _moments(sources, states, now, awake)
    return tuple(sorted((id for id in moments if moments[id] <= now), key=lambda id: (moments[id], id)))


def wake(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime, awake: datetime | None = None
) -> datetime | None:
    """The instant at which the next source is due (`now` or before: at once); None if none ever is."""
    return min(_moments(sources, states, now, awake).values(), default=None)


def _moments(
    sources: Iterable[Source], states: Mapping[str, SourceState], now: datetime, awake: datetime | None
) -> dict[str, datetime]:
    wanted = [source for source in sources if source.enabled]
    crowd = min(CROWD_STEP * len(wanted), CROWD_LIMIT)
    found = {source.id: _moment(source, states.get(source.id), now, awake, crowd) for source in wanted}
    return {id: moment for id, moment in found.items() if moment is not None}


def _moment(
    source: Source, state: SourceState | None, now: datetime, awake: datetime | None, crowd: timedelta
) -> datetime | None:
    if state is not None and state.paused is not None:
        return None
    if state is None or state.due is None:
        return now
    moment = state.due
    if moment - now > _furthest(source, state.failures):
        return now  # the clock went back since, or the interval was made shorter
    if awake is not None and moment < awake:
        return awake + crowd * _fraction(source.id)
    return moment


def _wait(source: Source, failures: int) -> timedelta:
    times: int = 2 ** min(max(failures - 1, 0), DOUBLINGS)
    return min(source.interval * times, max(BACK_OFF_LIMIT, source.interval))


def _furthest(source: Source, failures: int) -> timedelta:
    return source.interval if failures == 0 else max(RETRY_LIMIT, source.interval)


def _fraction(text: str) -> float:
    """A number in [0, 1) that is the same everywhere for the same text."""
    return int.from_bytes(blake2b(text.encode(), digest_size=6).digest()) / 2**48
