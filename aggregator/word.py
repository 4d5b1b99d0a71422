"""Staff's word on a source: release what is held, pause, resume, visit now; and what a release would change.

What an answer means is decided by `plan`; here it is set going. It knows no rights and shows nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from aggregator import ingest, plan
from aggregator.errors import LeaseLost, UsageError
from aggregator.kit import Kit, Visit
from aggregator.model import Source
from aggregator.plan import Plan
from aggregator.report import Report, Result
from aggregator.state import SourceState

DISMISSED = 500  # names that are remembered of a source; older ones are long past


async def release(kit: Kit, source: Source, now: datetime) -> Report:
    """Believe the newest answer: publish what is held, withdraw what is missing. Raises UsageError where nothing is.

    What is published is the answer that staff have seen, not what the source says since.
    """
    held = kit.ledger.state(source.id).held
    if held is not None:
        told = await ingest.refresh(kit, Visit(source=source, now=now, force=True, released=True, seen=held.snapshot))
        if told.result is Result.BUSY:
            raise LeaseLost(told.detail)
        return told
    done = ingest.apply(kit, source.id, lambda state, _stored, _chunks: plan.release(state), now)
    if not done.actions:
        raise UsageError(f"nothing of {source.id} is held")
    return Report(source=source.id, result=Result.READ, withdrawn=done.count(plan.Withdraw))


async def foreseen(kit: Kit, source: Source, now: datetime) -> Report:
    """What a release would change, stored nowhere; its `actions` say what of each listing."""
    return await ingest.refresh(kit, Visit(source=source, now=now, force=True, released=True, dry=True))


async def visit(kit: Kit, source: Source, now: datetime) -> Report:
    """Ask a source now, also one that is backing off."""
    return await ingest.refresh(kit, Visit(source=source, now=now, force=True))


def keep(kit: Kit, source: str, by: str, now: datetime) -> None:
    """Leave what is held as it is: nobody is asked again until the source answers something else."""

    def kept(state: SourceState) -> SourceState:
        if state.held is None:
            raise UsageError(f"nothing of {source} is held")
        return replace(state, held=replace(state.held, kept=by))

    _stated(kit, source, kept, now)


def pause(kit: Kit, source: str, why: str, now: datetime) -> None:
    """Visit a source no more until it is resumed; its events stay."""
    _stated(kit, source, lambda state: replace(state, paused=why), now)


def resume(kit: Kit, source: str, now: datetime) -> None:
    """Visit a source again, from now on."""
    _stated(kit, source, lambda state: replace(state, paused=None, failures=0, due=None), now)


def dismiss(kit: Kit, source: str, name: str, now: datetime) -> bool:
    """Take a suggestion off the list for good; False where it is not there any more."""
    there: list[bool] = []

    def without(state: SourceState) -> SourceState:
        there.extend(one.name == name for one in state.suggestions)  # looked at under the lease: of two one is first
        return _without(state, name)

    _stated(kit, source, without, now)
    return any(there)


def recall(kit: Kit, source: str, name: str, now: datetime) -> None:
    """Let a dismissed suggestion come again, when its source is read the next time."""
    _stated(kit, source, lambda state: replace(state, dismissed=_but(state.dismissed, name), body=None), now)


def _without(state: SourceState, name: str) -> SourceState:
    rest = tuple(one for one in state.suggestions if one.name != name)
    return replace(state, suggestions=rest, dismissed=(*_but(state.dismissed, name), name)[-DISMISSED:])


def _but(names: tuple[str, ...], name: str) -> tuple[str, ...]:
    return tuple(other for other in names if other != name)


def _stated(kit: Kit, source: str, changed: Callable[[SourceState], SourceState], now: datetime) -> None:
    ingest.apply(kit, source, lambda state, _stored, _chunks: Plan(state=changed(state)), now)
