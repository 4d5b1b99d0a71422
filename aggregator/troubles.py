"""When an organizer is written to about their source, and about what. Pure; who may be written to is staff's word.

Not at the first failure: servers restart, exports are half done for an hour. Once for each trouble, and never twice in
a week. What harms nobody (new numbers, missing ends) is told on the source's page alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.state import Drop, SourceState

FAILURES = 3  # in a row
PATIENCE = timedelta(hours=24)  # for what may pass by itself
APART = timedelta(days=7)  # between two letters about one source
_GONE = frozenset({"gone", "same-address"})  # why the program itself stopped asking
FAILING, ODD = "source-failing", "source-odd"  # kinds of letters: it can't be read; it is read and can't be right


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is wrong with a source, as the kind of its letter, and since when."""

    kind: str
    since: datetime


def trouble(state: SourceState, now: datetime) -> Trouble | None:
    """What an organizer should hear of a source by now; None where all is well, or may be again in a while."""
    if state.paused is not None:
        since = state.gone or state.tried
        return Trouble(FAILING, since) if state.paused in _GONE and since else None
    if state.failures:
        since = state.failing_since or now
        return Trouble(FAILING, since) if state.failures >= FAILURES and now - since >= PATIENCE else None
    if state.shifted is not None:
        return Trouble(ODD, state.shifted.since)
    since = state.held.since if state.held else _emptied(state)
    return Trouble(ODD, since) if since is not None and now - since >= PATIENCE else None


def well(state: SourceState) -> bool:
    """Whether nothing is wrong at all, so that a trouble that was told has ended."""
    calm = state.paused is None and not state.failures and state.held is None
    return calm and state.shifted is None and _emptied(state) is None and state.good is not None


def due(told: Mapping[str, datetime], source: str, found: Trouble, now: datetime) -> bool:
    """Whether to write about it now. `told` maps sources to when their organizer was last written to."""
    last = told.get(source)
    return last is None or (last < found.since and now - last >= APART)


def _emptied(state: SourceState) -> datetime | None:
    """Since when most of it is missing."""
    if state.drop not in (Drop.MANY, Drop.ALL):
        return None
    return min((absent.since for absent in state.absent), default=None)
