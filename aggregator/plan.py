"""Stored + read + now → actions: what one answer of one source changes. A pure function; nothing is done here.

The plan is a value that can be printed before it is run. Order: what answer is this (our own feed, spam, a
stranger's) → pair listings → new, changed, returned → what the absences mean (`absence.py`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator import absence, hearing, pairing, quality, shifts, suspicion
from aggregator.model import (
    Chunk,
    Coverage,
    Listing,
    Reading,
    Source,
    StoredListing,
)
from aggregator.state import Drop, Held, SourceState

CHURN_ROUNDS = 2  # so many answers in a row with new UIDs for the same content, and the UID is no key (C06)
CHURN_LEAST = 3
CHURN_SHARE = 0.8
UNWANTED = frozenset({"private", "policy", "policy-ask"})  # read, and not to be shown: by its source, by the editors
SAID = UNWANTED | {"own-event", "told-twice", "never-happens"}  # refused, but read: the source means it
BAD_RULE = "rule-"  # notes of a rule that can't be read: the first date is kept, the others are not denied
STATEMENT = "statement"  # the source said so: EXDATE, private, removed from the list of sources
ABSENCE = "absence"


@dataclass(frozen=True, slots=True)
class Insert:
    """A listing told for the first time. `quiet`: only the moving window brought it, it is no news."""

    listing: Listing
    chunk: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Update:
    """A stored listing says something else now, or has another key. A withdrawn one returns by it."""

    id: int
    listing: Listing
    chunk: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A listing is no longer told. `reason` is STATEMENT or ABSENCE."""

    id: int
    reason: str


Action = Insert | Update | Withdraw


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that `decide` may look at. `stored` is everything kept of the source, withdrawn listings included."""

    source: Source
    state: SourceState
    stored: Sequence[StoredListing]
    known: Mapping[str, Chunk]
    reading: Reading
    now: datetime
    zone: ZoneInfo
    snapshot: str = ""
    minted: frozenset[str] = frozenset()
    released: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one answer changes. `chunks` are to be stored, `forgotten` chunk keys to be dropped."""

    state: SourceState
    actions: tuple[Action, ...] = ()
    chunks: tuple[Chunk, ...] = ()
    forgotten: tuple[str, ...] = ()
    first: bool = False

    def count(self, kind: type[Action]) -> int:
        """How many actions of one kind there are."""
        return sum(isinstance(action, kind) for action in self.actions)


def decide(question: Question) -> Plan:
    """What this answer changes; never raises for anything an answer can say."""
    question = replace(question, reading=hearing.fit(question.reading, question.known, question.minted))
    standing = _standing(question)
    read = hearing.listings(
        question.reading,
        [s.listing for s in question.stored if s.id in standing],
        lambda listing: _keyed(listing, question),
    )
    listings = [listing for _, listing in read]
    found = pairing.pair(question.stored, listings, question.now, question.zone, standing)
    alarm = suspicion.look(question, found, listings, standing=bool(standing))
    if alarm and not (question.released or question.source.trusted or question.quiet):
        return Plan(state=replace(question.state, held=_held(question, alarm)), actions=_taken_back(question))
    present = {s.id for s in found.same.values()} | standing | _unreadable(question)
    gone, state = _missing(question, read, found, present)
    state = _looked_at(question, listings, standing, found, _churned(question, found, len(read), state))
    return Plan(
        state=replace(state, held=None),
        actions=(*_told(question, read, found), *gone),
        chunks=_kept_chunks(question),
        forgotten=_forgotten(question),
        first=not question.stored,
    )


def advance(state: SourceState, stored: Sequence[StoredListing], source: Source, now: datetime, zone: ZoneInfo) -> Plan:
    """One more sighting of the answer last read (304, equal body): counts on, and what is due happens."""
    if state.damaged or state.held or not state.absent:
        return Plan(state=state)
    future = {s.id for s in stored if absence.is_future(s, now, zone)}
    missing = [a.listing for a in state.absent if a.listing in future]
    absent = absence.sight(state.absent, missing, now, source.interval)
    return _with_due(replace(state, absent=absent), state.drop, now)


def release(state: SourceState) -> Plan:
    """Staff let the absences of a source be believed at once."""
    gone = tuple(Withdraw(a.listing, ABSENCE) for a in state.absent)
    return Plan(state=replace(state, absent=(), drop=Drop.NONE, held=None), actions=gone)


def retire(state: SourceState, stored: Iterable[StoredListing], known: Iterable[str]) -> Plan:
    """A source that was taken out of the list or disabled: a statement, all of it goes at once."""
    gone = tuple(Withdraw(s.id, STATEMENT) for s in stored if s.withdrawn is None)
    unread = replace(state, body=None, etag=None, last_modified=None, absent=(), drop=Drop.NONE, held=None)
    after = replace(unread, removed=True, things=0, until=None, suggestions=())
    return Plan(state=after, actions=gone, forgotten=tuple(sorted(known)))


def _held(question: Question, alarm: suspicion.Alarm) -> Held:
    before = question.state.held
    since = before.since if before and before.reason == alarm.reason else question.now
    kept = before.kept if before and before.snapshot == question.snapshot else ""
    return Held(alarm.reason, since, question.snapshot, alarm.detail, kept)


def _keyed(listing: Listing, question: Question) -> Listing:
    if not question.state.content_keyed:
        return listing
    return replace(listing, key=pairing.rekeyed(listing, question.zone))


def _told(question: Question, read: Sequence[tuple[str, Listing]], found: pairing.Pairing) -> list[Action]:
    """What is new and what is different. The moving window only brings: what it reads again is what was told."""
    actions: list[Action] = []
    for at, (chunk, listing) in enumerate(read):
        old = found.same.get(at)
        if old is None:
            actions.append(Insert(listing, chunk, question.quiet))
        elif not question.quiet and _differs(old, listing, chunk, question):
            actions.append(Update(old.id, listing, chunk))
    return actions


def _differs(old: StoredListing, new: Listing, chunk: str, question: Question) -> bool:
    if question.reading.damaged and old.listing.override and not new.override:
        return False  # law 5: a cut answer lost the component that spoke of this date
    if old.withdrawn is not None:
        return True
    if question.state.content_keyed:
        return (old.listing.digest, old.listing.key) != (new.digest, new.key)
    return (old.listing.digest, old.listing.key, old.chunk) != (new.digest, new.key, chunk)


def _standing(question: Question) -> set[int]:
    """Stored listings whose chunk came unchanged."""
    unread = {c.key for c in question.reading.chunks if c.listings is None}
    return {s.id for s in question.stored if s.chunk in unread and s.withdrawn is None}


def _unreadable(question: Question) -> set[int]:
    """Stored listings of a chunk in which something can't be read now: the last good word stands."""
    broken = {c.key for c in question.reading.chunks if _is_broken(c)}
    return {s.id for s in question.stored if s.chunk in broken and s.withdrawn is None}


def _is_broken(chunk: Chunk) -> bool:
    return any((p.refused and p.code not in SAID) or p.code.startswith(BAD_RULE) for p in chunk.problems)


def _missing(
    question: Question, read: Sequence[tuple[str, Listing]], found: pairing.Pairing, present: set[int]
) -> tuple[tuple[Withdraw, ...], SourceState]:
    """What the answer does not hold: withdrawn by statement, by evidence, or waited for."""
    if question.quiet:
        return (), question.state
    state = _described(question)
    said = _statements(question, {s.id for s in found.same.values()}, present)
    if question.reading.damaged:
        return said, state
    now, zone, before = question.now, question.zone, question.state
    stated = {action.id for action in said}
    future = [s for s in question.stored if absence.is_future(s, now, zone) and s.id not in stated]
    spoken = absence.extent(_dates(question, read, found, present), now, zone)
    waiting = {a.listing for a in before.absent}
    missing = absence.missing(future, present, spoken, state.coverage, before=before.things, waiting=waiting, zone=zone)
    drop = absence.classify(missing, future, answered=bool(spoken.ahead))
    absent = absence.sight(before.absent, [s.id for s in missing], now, question.source.interval)
    state = replace(state, things=spoken.things, until=spoken.until, absent=absent)
    plan = release(state) if question.released else _with_due(state, drop, now)
    return (*said, *(a for a in plan.actions if isinstance(a, Withdraw))), plan.state


def _dates(
    question: Question, read: Sequence[tuple[str, Listing]], found: pairing.Pairing, present: set[int]
) -> Iterator[absence.Told]:
    """All dates that the answer holds, those in chunks that came unchanged too."""
    paired = {s.id for s in found.same.values()}
    for at, (chunk, x) in enumerate(read):
        old = found.same.get(at)
        name = absence.thing(old) if old is not None and old.run else x.series or str(x.key)
        yield absence.Told(name, _teller(chunk, x), x.when.begins(question.zone))
    for s in question.stored:
        if s.id in present and s.id not in paired:
            begins = s.listing.when.begins(question.zone)
            yield absence.Told(absence.thing(s), _teller(s.chunk, s.listing), begins)


def _teller(chunk: str, listing: Listing) -> str:
    return f"{chunk}|{listing.series}" if listing.series else str(listing.key)


def _statements(question: Question, paired: set[int], present: set[int]) -> tuple[Withdraw, ...]:
    """What the source says outright: a series was told without one of its dates (EXDATE), or something is private."""
    told = {c.key: c for c in question.reading.chunks if c.listings is not None}
    return _taken_back(question) + tuple(
        Withdraw(s.id, STATEMENT)
        for s in question.stored
        if s.withdrawn is None
        and (chunk := told.get(s.chunk)) is not None
        and (_became_unwanted(s, chunk, paired, question) or (s.id not in present and _left_series(s, chunk, question)))
    )


def _taken_back(question: Question) -> tuple[Withdraw, ...]:
    """What an answer of ours leaves out; whoever took it back does not wait for staff to release the rest."""
    if not question.reading.stated:
        return ()
    told = {c.key for c in question.reading.chunks}
    gone = [s for s in question.stored if s.withdrawn is None and s.chunk not in told]
    return tuple(Withdraw(s.id, STATEMENT) for s in gone)


def _became_unwanted(stored: StoredListing, chunk: Chunk, paired: set[int], question: Question) -> bool:
    if stored.id in paired or not any(problem.code in UNWANTED for problem in chunk.problems):
        return False
    return not chunk.listings or stored.listing.when.begins(question.zone) >= question.now


def _left_series(stored: StoredListing, chunk: Chunk, question: Question) -> bool:
    """Whether a date was taken out of what is told whole; dates listed without their rule may merely end sooner."""
    begins = stored.listing.when.begins(question.zone)
    whole = not chunk.listings or any(not x.override for x in chunk.listings)
    return whole and not question.reading.damaged and stored.listing.series is not None and begins >= question.now


def _with_due(state: SourceState, drop: Drop, now: datetime) -> Plan:
    gone = absence.due(state.absent, drop, now)
    rest = tuple(a for a in state.absent if a.listing not in gone)
    after = replace(state, absent=rest, drop=drop if rest else Drop.NONE)
    return Plan(state=after, actions=tuple(Withdraw(listing, ABSENCE) for listing in gone))


def _described(question: Question) -> SourceState:
    """The state with what the answer says of itself; counts and problems of unchanged chunks are the stored ones."""
    reading = question.reading
    chunks = [question.known.get(c.key, c) if c.listings is None else c for c in reading.chunks]
    counts = reading.counts
    for chunk in chunks:
        counts = counts + chunk.counts
    told = question.source.coverage
    return replace(
        question.state,
        format=reading.format,
        name=reading.name or question.state.name,
        maker=reading.maker,
        coverage=reading.coverage if told is Coverage.AUTO else told,
        damaged=reading.damaged,
        counts=counts,
        problems=(*reading.problems, *(problem for chunk in chunks for problem in chunk.problems)),
        suggestions=hearing.suggestions(reading, question.state.suggestions, question.zone, question.state.dismissed),
    )


def _looked_at(
    question: Question, listings: Sequence[Listing], standing: set[int], found: pairing.Pairing, state: SourceState
) -> SourceState:
    """What strikes in a whole answer, for who mends it."""
    if question.quiet or question.reading.damaged:
        return state
    kept = [s.listing for s in question.stored if s.id in standing]
    ahead = [
        (old.listing.when, listings[at].when)
        for at, old in found.same.items()
        if old.withdrawn is None and absence.is_future(old, question.now, question.zone)
    ]
    still = [(x.when, x.when) for x in kept if x.when.begins(question.zone) >= question.now]
    needs = quality.needs("", state.problems, [*listings, *kept], state.counts, renumbered=bool(state.churn))
    shifted = shifts.noticed(state.shifted, [*ahead, *still], question.now)
    return replace(state, wants=needs, shifted=shifted)


def _kept_chunks(question: Question) -> tuple[Chunk, ...]:
    """What was read. What a damaged answer told of a known chunk is kept without its hash, to be read again."""
    fresh = [c for c in question.reading.chunks if c.listings is not None]
    if question.quiet:
        return ()
    if not question.reading.damaged:
        return tuple(fresh)
    return tuple(replace(c, hash="") if c.key in question.known else c for c in fresh)


def _forgotten(question: Question) -> tuple[str, ...]:
    if question.reading.damaged or question.quiet:
        return ()
    return tuple(sorted(question.known.keys() - {c.key for c in question.reading.chunks}))


def _churned(question: Question, found: pairing.Pairing, read: int, state: SourceState) -> SourceState:
    """Counts answers in which nearly every UID is new although the content is known (C06)."""
    if question.quiet or state.content_keyed or question.reading.damaged:
        return state
    fresh = len(found.renamed) >= max(CHURN_LEAST, CHURN_SHARE * read)
    churn = state.churn + 1 if fresh else 0
    return replace(state, churn=churn, content_keyed=churn >= CHURN_ROUNDS)
