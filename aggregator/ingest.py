"""One refresh of one source, in sequence: ask, keep, read, decide, weave, commit. It holds no rule.

Fetching, reading and planning of different sources run side by side; from weaving to commit there is one at a
time. Nothing before the commit writes but the snapshot, which is kept first, so that what broke a reader can be
replayed. Only this border catches everything, and records the unexpected as such.
"""

import asyncio
import hashlib
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog

from aggregator import aftermath, codec, pages, plan, readers, schedule
from aggregator.ask import ask
from aggregator.errors import EvenemangError, LeaseLost, ReadError, StoreError
from aggregator.fetch import Fetched, NotModified
from aggregator.kit import Kit, Visit, context_of, ground_of, window_of
from aggregator.model import UID_PATTERN, Reading, Source, StoredListing
from aggregator.plan import Plan, Question
from aggregator.redaction import of_reading, redacted
from aggregator.report import Report, Result, told
from aggregator.state import SourceState
from aggregator.store import LEASE, Kept, Lease, Refresh, StoreView, Try
from aggregator.weave import Changeset, weave

UNCHANGED = "unchanged"
NOTHING = Kept([], {}, 0)  # what is looked at of a source that says what it said before
log = structlog.get_logger()


async def refresh(kit: Kit, visit: Visit) -> Report:
    """Refresh one source; never raises but for cancellation. What went wrong is told in the report."""
    try:
        return await _leased(kit, visit)
    except LeaseLost as error:
        return Report(source=visit.source.id, result=Result.BUSY, detail=str(error))
    except EvenemangError as error:  # of the store: not even the failure could be noted
        log.error("refresh.not_noted", source=visit.source.id, error=str(error))
        return Report.failed(visit.source.id, error)


async def _leased(kit: Kit, visit: Visit) -> Report:
    """Whatever is written is written under the lease, failures too: who comes late must not overwrite."""
    lease = Lease(visit.source.id, 0)
    if visit.dry:
        return await _ended(kit, visit, lease)
    taken = await asyncio.to_thread(kit.ledger.acquire, visit.source.id, kit.holder, kit.clock())
    if taken is None:
        return Report(source=visit.source.id, result=Result.BUSY, detail="another process refreshes it now")
    beat = asyncio.create_task(_extended(kit, taken))
    try:
        if visit.due and not await asyncio.to_thread(_is_due, kit, visit):
            return Report(source=visit.source.id, result=Result.BUSY, detail="another process has refreshed it")
        if visit.seen and not await asyncio.to_thread(_is_held, kit, visit):
            return Report(source=visit.source.id, result=Result.BUSY, detail="what was shown is held no longer")
        return await _ended(kit, visit, taken)
    finally:
        beat.cancel()
        await asyncio.to_thread(_give_back, kit, taken)


async def _ended(kit: Kit, visit: Visit, lease: Lease) -> Report:
    """The refresh to its end, good or bad; only here everything is caught."""
    try:
        return await _steps(kit, visit, lease)
    except LeaseLost:
        raise
    except Exception as error:
        if not isinstance(error, EvenemangError):
            log.exception("refresh.unexpected", source=visit.source.id)
        return await asyncio.to_thread(_failed, kit, visit, lease, error)


async def _extended(kit: Kit, lease: Lease) -> None:
    """Let the lease run on while it is worked under; a process that stands still loses it."""
    while True:
        await asyncio.sleep(LEASE.total_seconds() / 4)
        with suppress(StoreError):
            await asyncio.to_thread(kit.ledger.extend, lease, kit.clock())


def _is_due(kit: Kit, visit: Visit) -> bool:
    states = {visit.source.id: kit.ledger.state(visit.source.id)}
    return bool(schedule.due([visit.source], states, visit.now))


def _is_held(kit: Kit, visit: Visit) -> bool:
    held = kit.ledger.state(visit.source.id).held
    return held is not None and held.snapshot == visit.seen


def _give_back(kit: Kit, lease: Lease) -> None:
    try:
        kit.ledger.give_back(lease)
    except StoreError as error:  # it runs out by itself; what was done under it is done
        log.warning("lease.not_given_back", source=lease.name, error=str(error))


async def _steps(kit: Kit, visit: Visit, lease: Lease) -> Report:
    """The whole way of an answer, on one screen."""
    state = await asyncio.to_thread(kit.ledger.state, visit.source.id)
    settings = _settings(kit, visit.source)
    known = state if state.settings == settings and not state.removed else replace(state, body=None, url=None)
    visit = replace(visit, anew=state.settings not in ("", settings))
    answer = await _answer(kit, visit, known)
    again = visit.force or visit.released or known.paged
    if isinstance(answer, NotModified) or (_name(answer) == known.body and not again):
        return await _decided(kit, visit, lease, replace(known, settings=settings), answer, None)
    if not visit.dry:
        await asyncio.to_thread(_keep, kit, answer, visit.now)
    context = context_of(kit, visit.source, visit.now, answer)
    every = visit.force or known.content_keyed  # where UIDs say nothing, an unchanged piece tells not whose it is
    hashes = {} if every else await asyncio.to_thread(kit.ledger.hashes, visit.source.id)
    found = await pages.whole(kit, answer, context, hashes, () if every else known.pages)
    chosen = known.url if found.answer is answer else found.answer.url
    suppressed = await asyncio.to_thread(kit.ledger.suppressions.current)
    reading = await asyncio.to_thread(of_reading, found.reading, suppressed)
    known = replace(known, settings=settings, pages=redacted(found.pages, suppressed), paged=found.paged, url=chosen)
    return await _decided(kit, visit, lease, known, found.answer, reading)


async def _answer(kit: Kit, visit: Visit, known: SourceState) -> Fetched | NotModified:
    """What the source says now; at a release what it said when it was held, since that is what staff have seen."""
    held = known.held if visit.released else None
    kept = await asyncio.to_thread(kit.ledger.snapshot, held.snapshot) if held else None
    if kept is None:
        return await ask(visit.source, known, kit.config, kit.fetcher, kit.ledger.handed_in, force=visit.force)
    validators = {"etag": known.etag, "last_modified": known.last_modified}
    return Fetched(url=kept.url, body=kept.body, content_type=kept.content_type, **validators)


async def _decided(
    kit: Kit, visit: Visit, lease: Lease, state: SourceState, answer: Fetched | NotModified, reading: Reading | None
) -> Report:
    if visit.turn is not None:
        await visit.turn.come(reading)
    return await asyncio.to_thread(_decide, kit, visit, lease, state, answer, reading)


def _decide(
    kit: Kit, visit: Visit, lease: Lease, state: SourceState, answer: Fetched | NotModified, reading: Reading | None
) -> Report:
    """The window moves first, so that a date which it brings is no news whatever else the answer says."""
    with kit.deciding:
        if not visit.dry and not visit.hold:
            state = _extend(kit, visit, lease, state)
        kept = kit.ledger.stored(visit.source.id) if reading is not None or state.absent else NOTHING
        decided = _planned(kit, visit, state, kept, answer, reading)
        settled = aftermath.answered(decided, visit.source, answer, visit.now, kit.config.sources)
        if reading is not None and not kept.chunks:
            settled = replace(settled, state=replace(settled.state, window=window_of(visit.now, kit.zone).first))
        if visit.hold and reading is not None:
            settled = replace(settled, state=_unread(settled.state, reading))
        return _commit(kit, visit, lease, settled, kept, _tried(settled, answer, reading))


def _planned(
    kit: Kit, visit: Visit, state: SourceState, kept: Kept, answer: Fetched | NotModified, reading: Reading | None
) -> Plan:
    """What is decided; while the clock is in doubt an answer only adds and changes, as a damaged one does."""
    if reading is None and visit.hold:
        return Plan(state=state)
    if reading is None:
        return plan.advance(state, kept.listings, visit.source, visit.now, kit.zone)
    return plan.decide(
        Question(
            source=visit.source,
            state=state,
            stored=kept.listings,
            known=kept.chunks,
            reading=replace(reading, damaged=reading.damaged or visit.hold),
            now=visit.now,
            zone=kit.zone,
            snapshot=_name(answer) if isinstance(answer, Fetched) else "",
            minted=minted(kit, reading),
            released=visit.released,
        )
    )


def _unread(state: SourceState, reading: Reading) -> SourceState:
    """So that the next answer is read again, whole, when the clock is trusted."""
    return replace(state, damaged=reading.damaged, body=None, etag=None, last_modified=None)


def _extend(kit: Kit, visit: Visit, lease: Lease, state: SourceState) -> SourceState:
    """Let the moving window bring its dates, once a local day, from what is stored; `state` with the window moved."""
    window = window_of(visit.now, kit.zone)
    if state.window == window.first or state.format is None or state.removed:
        return state
    kept = kit.ledger.stored(visit.source.id)
    moved = replace(kit.ledger.state(visit.source.id), window=window.first)
    reading = _reread(kit, visit, state.format, kept)
    decided = Plan(state=moved)
    if reading is not None:
        decided = plan.decide(
            Question(
                source=visit.source,
                state=moved,
                stored=kept.listings,
                known=kept.chunks,
                reading=reading,
                now=visit.now,
                zone=kit.zone,
                quiet=True,
            )
        )
    _commit(kit, visit, lease, decided, kept, None)
    return replace(state, window=window.first)


def _reread(kit: Kit, visit: Visit, format: str, kept: Kept) -> Reading | None:
    """What is kept of the source with today's window; None where nothing is, or it can't be read any more."""
    raws = {key: chunk.raw for key, chunk in kept.chunks.items() if chunk.raw is not None}
    if not raws:
        return None
    try:
        reading = readers.reread(kit.sandbox, format, raws, context_of(kit, visit.source, visit.now, None))
        return of_reading(reading, kit.ledger.suppressions.current())
    except ReadError as error:
        log.warning("window.unread", source=visit.source.id, error=str(error))
        return None


def extend(kit: Kit, source: Source, now: datetime) -> None:
    """The moving window of a source that has given no answer today; another process may be at it."""
    lease = kit.ledger.acquire(source.id, kit.holder, kit.clock())
    if lease is None:
        return
    try:
        with kit.deciding:
            _extend(kit, Visit(source=source, now=now), lease, kit.ledger.state(source.id))
    finally:
        _give_back(kit, lease)


def apply(
    kit: Kit, source: str, decide: Callable[[SourceState, list[StoredListing], list[str]], Plan], now: datetime
) -> Plan:
    """Run a plan that no answer brought: released, retired, paused. Raises LeaseLost while it is being refreshed."""
    lease = kit.ledger.acquire(source, kit.holder, kit.clock())
    if lease is None:
        raise LeaseLost(f"{source} is being refreshed at this moment; try again in a minute")
    try:
        with kit.deciding:
            kept = kit.ledger.stored(source)
            decided = decide(kit.ledger.state(source), kept.listings, sorted(kept.chunks))
            told = next((s for s in kit.config.sources if s.id == source), Source(id=source, name=source))
            _commit(kit, Visit(source=told, now=now), lease, decided, kept, None)
    finally:
        _give_back(kit, lease)
    return decided


def _commit(kit: Kit, visit: Visit, lease: Lease, decided: Plan, kept: Kept, tried: Try | None) -> Report:
    read = tried is not None and tried.outcome != UNCHANGED
    refresh = Refresh(state=decided.state, chunks=decided.chunks, forgotten=decided.forgotten, tried=tried)

    def compute(view: StoreView) -> Changeset:
        """Others may have matched the source's listings anew since they were read, though not changed them."""
        fresh = {} if view.version == kept.revision else view.listings(s.id for s in kept.listings)
        stored = [fresh.get(s.id, s) for s in kept.listings]
        ground = replace(ground_of(kit, visit.now, view), memory=kit.memory)
        return weave(decided, stored, view, ground, anew=visit.anew)

    changes = Changeset(version=kept.revision)
    if decided.actions or visit.anew:
        changes = kit.ledger.foreseen(compute) if visit.dry else _written(kit, refresh, compute, lease, visit.now)
    elif not visit.dry:
        kit.ledger.note(refresh, lease, visit.now)
    return told(visit.source.id, decided, changes, read=read, dry=visit.dry)


def _written(
    kit: Kit, refresh: Refresh, compute: Callable[[StoreView], Changeset], lease: Lease, now: datetime
) -> Changeset:
    changes = kit.ledger.commit(refresh, compute, lease, now)
    kit.memory.written(changes.version, moved=changes != Changeset(version=changes.version))
    return changes


def _failed(kit: Kit, visit: Visit, lease: Lease, error: Exception) -> Report:
    """The last good events stay; the source says what is wrong and when it is tried again."""
    report = Report.failed(visit.source.id, error)
    if visit.dry:
        return report
    with kit.deciding:
        state = aftermath.failed(kit.ledger.state(visit.source.id), visit.source, error, visit.now)
        done = Refresh(state=state, tried=Try("failed", detail=report.detail))
        kit.ledger.note(redacted(done, kit.ledger.suppressions.current()), lease, visit.now)
        with suppress(StoreError):  # the source has said what is wrong
            _extend(kit, visit, lease, state)
    return report


def _keep(kit: Kit, answer: Fetched, now: datetime) -> None:
    kit.ledger.keep_snapshot(answer.body, answer.content_type, answer.url, now)


def minted(kit: Kit, reading: Reading) -> frozenset[str]:
    """Those UIDs of an answer that are ids of our own events (A40)."""
    told = {x.key.uid for c in reading.chunks for x in c.listings or ()}
    return kit.ledger.minted(uid for uid in told if re.fullmatch(UID_PATTERN, uid))


def _settings(kit: Kit, source: Source) -> str:
    """A digest of all that decides what a source's answer gives: our readers, and what the town's file says."""
    town = kit.config.calendar
    told = (kit.edition, town.timezone, town.language, codec.dumps(source), *map(codec.dumps, kit.config.places))
    return hashlib.blake2b("|".join(told).encode(), digest_size=8).hexdigest()


def _name(answer: Fetched) -> str:
    return hashlib.sha256(answer.body).hexdigest()


def _tried(decided: Plan, answer: Fetched | NotModified, reading: Reading | None) -> Try:
    outcome = "held" if decided.state.held else UNCHANGED if reading is None else "read"
    snapshot = _name(answer) if isinstance(answer, Fetched) else None
    return Try(outcome, snapshot, decided.state.counts.inside, answer.url)
