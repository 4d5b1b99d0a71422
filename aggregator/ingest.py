"""One refresh of one source, in sequence: ask, keep, read, decide, weave, commit. It holds no rule.

Fetching, reading and planning of different sources run side by side; from weaving to commit there is one at a
time. Nothing before the commit writes but the snapshot, which is kept first, so that what broke a reader can be
replayed. Only this border catches everything, and records the unexpected as such.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import structlog

from aggregator import aftermath, codec, pages, plan, readers
from aggregator.ask import ask
from aggregator.errors import EvenemangError, LeaseLost, StaleCatalogue
from aggregator.fetch import Fetched, NotModified
from aggregator.kit import Kit, Visit, context_of, ground_of, window_of
from aggregator.loom import View
from aggregator.model import UID_PATTERN, Reading, Source, StoredListing
from aggregator.plan import Plan, Question
from aggregator.report import Report, Result, told
from aggregator.state import SourceState
from aggregator.store import Lease, Refresh, Try
from aggregator.weave import Changeset, weave

OPTIMISTIC = 3  # times that a changeset is computed beside other writers before it is computed alone
UNCHANGED = "unchanged"
log = structlog.get_logger()


async def refresh(kit: Kit, visit: Visit) -> Report:
    """Refresh one source; never raises but for cancellation. What went wrong is told in the report."""
    try:
        return await _leased(kit, visit)
    except LeaseLost as error:
        return Report(source=visit.source.id, result=Result.BUSY, detail=str(error))
    except EvenemangError as error:
        return await asyncio.to_thread(_failed, kit, visit, error)
    except Exception as error:
        log.exception("refresh.unexpected", source=visit.source.id)
        return await asyncio.to_thread(_failed, kit, visit, error)


async def _leased(kit: Kit, visit: Visit) -> Report:
    if visit.dry:
        return await _steps(kit, visit, Lease(visit.source.id, 0))
    lease = await asyncio.to_thread(kit.ledger.acquire, visit.source.id, kit.holder, visit.now)
    if lease is None:
        return Report(source=visit.source.id, result=Result.BUSY, detail="another process refreshes it now")
    try:
        return await _steps(kit, visit, lease)
    finally:
        await asyncio.to_thread(kit.ledger.give_back, lease)


async def _steps(kit: Kit, visit: Visit, lease: Lease) -> Report:
    """The whole way of an answer, on one screen."""
    state = await asyncio.to_thread(kit.ledger.state, visit.source.id)
    settings = _settings(kit, visit.source)
    known = state if state.settings == settings and not state.removed else replace(state, body=None)
    answer = await ask(visit.source, known, kit.config, kit.fetcher, force=visit.force)
    if isinstance(answer, NotModified) or (_name(answer) == known.body and not visit.force):
        return await _decided(kit, visit, lease, replace(known, settings=settings), answer, None)
    if not visit.dry:
        await asyncio.to_thread(_keep, kit, answer, visit.now)
    context = context_of(kit, visit.source, visit.now, answer)
    hashes = {} if visit.force else await asyncio.to_thread(kit.ledger.hashes, visit.source.id)
    reading = await asyncio.to_thread(readers.read_answer, kit.sandbox, answer.body, context, hashes)
    reading = await pages.gathered(kit, reading, context, hashes)
    return await _decided(kit, visit, lease, replace(known, settings=settings), answer, reading)


async def _decided(
    kit: Kit, visit: Visit, lease: Lease, state: SourceState, answer: Fetched | NotModified, reading: Reading | None
) -> Report:
    if visit.turn is not None:
        await visit.turn.come()
    return await asyncio.to_thread(_decide, kit, visit, lease, state, answer, reading)


def _decide(
    kit: Kit, visit: Visit, lease: Lease, state: SourceState, answer: Fetched | NotModified, reading: Reading | None
) -> Report:
    with kit.deciding:
        stored, chunks = kit.ledger.stored(visit.source.id)
        if reading is None:
            decided = plan.advance(state, stored, visit.source, visit.now, kit.zone)
        else:
            question = Question(
                source=visit.source,
                state=state,
                stored=stored,
                known=chunks,
                reading=reading,
                now=visit.now,
                zone=kit.zone,
                snapshot=_name(answer) if isinstance(answer, Fetched) else "",
                minted=_minted(kit, reading),
                released=visit.released,
            )
            decided = plan.decide(question)
        settled = aftermath.answered(decided, visit.source, answer, visit.now, kit.config.sources)
        if reading is not None and not chunks:
            settled = replace(settled, state=replace(settled.state, window=window_of(visit.now, kit.zone).first))
        report = _commit(kit, visit, lease, settled, stored, _tried(settled, answer, reading))
        if not visit.dry:
            _extend(kit, visit, lease, settled.state)
    return report


def _extend(kit: Kit, visit: Visit, lease: Lease, state: SourceState) -> None:
    """Let the moving window bring its dates, once a local day, from what is stored."""
    window = window_of(visit.now, kit.zone)
    if state.window == window.first or state.format is None or state.removed:
        return
    stored, chunks = kit.ledger.stored(visit.source.id)
    raws = {key: chunk.raw for key, chunk in chunks.items() if chunk.raw is not None}
    moved = replace(kit.ledger.state(visit.source.id), window=window.first)
    decided = Plan(state=moved)
    if raws:
        context = context_of(kit, visit.source, visit.now, None)
        reading = readers.reread(kit.sandbox, state.format, raws, context)
        decided = plan.decide(
            Question(
                source=visit.source,
                state=moved,
                stored=stored,
                known=chunks,
                reading=reading,
                now=visit.now,
                zone=kit.zone,
                quiet=True,
            )
        )
    _commit(kit, visit, lease, decided, stored, None)


def extend(kit: Kit, source: Source, now: datetime) -> None:
    """The moving window of a source that has given no answer today; another process may be at it."""
    lease = kit.ledger.acquire(source.id, kit.holder, now)
    if lease is None:
        return
    try:
        with kit.deciding:
            _extend(kit, Visit(source=source, now=now), lease, kit.ledger.state(source.id))
    finally:
        kit.ledger.give_back(lease)


def apply(
    kit: Kit, source: str, decide: Callable[[SourceState, list[StoredListing], list[str]], Plan], now: datetime
) -> Plan:
    """Run a plan that no answer brought: released, retired, paused. Raises LeaseLost while it is being refreshed."""
    lease = kit.ledger.acquire(source, kit.holder, now)
    if lease is None:
        raise LeaseLost(f"{source} is being refreshed at this moment; try again in a minute")
    try:
        with kit.deciding:
            stored, chunks = kit.ledger.stored(source)
            decided = decide(kit.ledger.state(source), stored, sorted(chunks))
            told = next((s for s in kit.config.sources if s.id == source), Source(id=source, name=source))
            _commit(kit, Visit(source=told, now=now), lease, decided, stored, None)
    finally:
        kit.ledger.give_back(lease)
    return decided


def _commit(
    kit: Kit, visit: Visit, lease: Lease, decided: Plan, stored: list[StoredListing], tried: Try | None
) -> Report:
    ground = ground_of(kit, visit.now)
    read = tried is not None and tried.outcome != UNCHANGED

    def compute(view: View) -> Changeset:
        return weave(decided, stored, view, ground) if decided.actions else Changeset(version=view.version)

    if visit.dry:
        with kit.ledger.view() as view:
            changes = compute(view)
        return told(visit.source.id, decided, changes, read=read)
    written = Refresh(state=decided.state, chunks=decided.chunks, forgotten=decided.forgotten, tried=tried)
    for _ in range(OPTIMISTIC):
        with kit.ledger.view() as view:
            changes = compute(view)
        try:
            kit.ledger.commit(written, changes, lease, visit.now)
            return told(visit.source.id, decided, changes, read=read)
        except StaleCatalogue:
            continue
    changes = kit.ledger.commit_alone(written, compute, lease, visit.now)
    return told(visit.source.id, decided, changes, read=read)


def _failed(kit: Kit, visit: Visit, error: Exception) -> Report:
    """The last good events stay; the source says what is wrong and when it is tried again."""
    report = Report.failed(visit.source.id, error)
    if visit.dry:
        return report
    state = aftermath.failed(kit.ledger.state(visit.source.id), visit.source, error, visit.now)
    try:
        kit.ledger.note(state, visit.now, Try("failed", detail=report.detail))
        extend(kit, visit.source, visit.now)
    except EvenemangError as second:
        log.error("refresh.not_noted", source=visit.source.id, error=str(second))
    return report


def _keep(kit: Kit, answer: Fetched, now: datetime) -> None:
    kit.ledger.keep_snapshot(answer.body, answer.content_type, answer.url, now)


def _minted(kit: Kit, reading: Reading) -> frozenset[str]:
    told = {x.key.uid for c in reading.chunks for x in c.listings or ()}
    return kit.ledger.minted(uid for uid in told if re.fullmatch(UID_PATTERN, uid))


def _settings(kit: Kit, source: Source) -> str:
    told = f"{kit.edition}|{kit.config.calendar.timezone}|{kit.config.calendar.language}|{codec.dumps(source)}"
    return hashlib.blake2b(told.encode(), digest_size=8).hexdigest()


def _name(answer: Fetched) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _tried(decided: Plan, answer: Fetched | NotModified, reading: Reading | None) -> Try:
    outcome = "held" if decided.state.held else UNCHANGED if reading is None else "read"
    snapshot = _name(answer) if isinstance(answer, Fetched) else None
    return Try(outcome, snapshot, decided.state.counts.inside, answer.url)
