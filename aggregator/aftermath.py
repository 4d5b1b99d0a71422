"""What a source's state is after an answer or a failure: validators, back-off, relocation, gone. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator import schedule
from aggregator.errors import EvenemangError, FetchError, Gone, ReadError
from aggregator.fetch import Fetched, NotModified
from aggregator.model import Source
from aggregator.plan import Plan
from aggregator.state import Relocation, SourceState

MOVED_FOR = timedelta(days=7)  # a permanent redirect is believed after so long and so many equal sights (B49)
MOVED_SIGHTS = 5
GONE_AGAIN = timedelta(days=1)  # a second 410 so much later pauses the source (B50)
PAUSED_GONE = "gone"
PAUSED_TWIN = "same-address"


def answered(
    decided: Plan, source: Source, answer: Fetched | NotModified, now: datetime, sources: Sequence[Source]
) -> Plan:
    """The plan with the state that a good answer leaves."""
    state = replace(
        decided.state,
        tried=now,
        good=now,
        due=schedule.next_due(source, now),
        failures=0,
        failing_since=None,
        error=None,
        error_code=None,
        gone=None,
        missing_since=None,
        removed=False,
    )
    if isinstance(answer, Fetched):
        body = hashlib.sha256(answer.body).hexdigest()
        state = replace(state, etag=answer.etag, last_modified=answer.last_modified, body=body, answered=answer.url)
    if state.held:
        return replace(decided, state=state)  # an answer that nobody believes yet proves no new address
    return replace(decided, state=_relocated(state, answer.moved, now, sources))


def failed(state: SourceState, source: Source, error: Exception, now: datetime) -> SourceState:
    """The state that a failure leaves: what was published stays, the next try is told.

    After an answer that could not be read its validators are dropped, so that the next answer is whole (B51).
    """
    after = replace(
        state,
        tried=now,
        failures=state.failures + 1,
        failing_since=state.failing_since or now,
        error=str(error) if isinstance(error, EvenemangError) else f"unexpected: {type(error).__name__}: {error}",
        error_code=error.code if isinstance(error, FetchError | ReadError) else "unexpected",
    )
    wish = error.retry_after if isinstance(error, FetchError) else None
    after = replace(after, due=schedule.next_due(source, now, failures=after.failures, retry_after=wish))
    if isinstance(error, FetchError | ReadError) and after.url is not None:
        after = replace(after, url=None)  # the source's own address is asked again: it may name another by now
    if isinstance(error, ReadError):
        return replace(after, etag=None, last_modified=None, body=None)
    if isinstance(error, Gone):
        return _gone(after, now)
    missing = isinstance(error, FetchError) and error.status == 404
    return replace(after, missing_since=(after.missing_since or now) if missing else None)


def _gone(state: SourceState, now: datetime) -> SourceState:
    first = state.gone or now
    return replace(state, gone=first, paused=PAUSED_GONE if now - first >= GONE_AGAIN else state.paused)


def _relocated(state: SourceState, moved: str | None, now: datetime, sources: Sequence[Source]) -> SourceState:
    """Count equal permanent redirects; after a week of them the new address is asked instead."""
    if moved is None:
        return replace(state, relocation=None)
    seen = state.relocation
    if seen is None or seen.url != moved:
        return replace(state, relocation=Relocation(moved, now))
    seen = replace(seen, sightings=seen.sightings + 1)
    if seen.sightings < MOVED_SIGHTS or now - seen.since < MOVED_FOR:
        return replace(state, relocation=seen)
    if any(other.url == moved and other.id != state.id for other in sources):
        return replace(state, relocation=seen, paused=PAUSED_TWIN)
    return replace(state, relocation=None, url=moved, etag=None, last_modified=None)
