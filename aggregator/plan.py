"""Stored + read + now → actions: what one answer of one source changes. A pure function; nothing is done here.

The plan is a value that can be printed before it is run. Order: what answer is this (our own feed, spam, a
stranger's) → pair listings → new, changed, returned → what the absences mean (`absence.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from aggregator import absence, pairing, suspicion
from aggregator.model import (
    Chunk,
    Coverage,
    Key,
    Listing,
    Problem,
    Reading,
    Source,
    StoredListing,
)
from aggregator.state import Drop, Held, SourceState

CHURN_ROUNDS = 2  # so many answers in a row with new UIDs for the same content, and the UID is no key (C06)
CHURN_LEAST = 3
CHURN_SHARE = 0.8
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
    read = _listings(question)
    found = pairing.pair(question.stored, [listing for _, listing in read], question.zone)
    actions = _told(question, read, found)
    alarm = suspicion.look(question, found, [listing for _, listing in read], standing=bool(_untouched(question)))
    if alarm and not (question.released or question.source.trusted or question.quiet):
        held = Held(alarm.reason, question.now, question.snapshot, alarm.detail)
        return Plan(state=replace(question.state, held=held))
    present = {s.id for s in found.same.values()} | _untouched(question)
    gone, state = _missing(question, read, present)
    return Plan(
        state=_churned(question, found, len(read), replace(state, held=None)),
        actions=(*actions, *gone),
        chunks=_kept_chunks(question),
        forgotten=_forgotten(question),
        first=question.state.good is None,
    )


def advance(state: SourceState, stored: Sequence[StoredListing], source: Source, now: datetime, zone: ZoneInfo) -> Plan:
    """One more sighting of the answer last read (304, equal body): counts on, and what is due happens."""
    if state.damaged or not state.absent:
        return Plan(state=state)
    future = {s.id for s in stored if absence.is_future(s, now, zone)}
    missing = [a.listing for a in state.absent if a.listing in future]
    absent = absence.sight(state.absent, missing, now, source.interval)
    return _with_due(replace(state, absent=absent), (), state.drop, now)


def release(state: SourceState) -> Plan:
    """Staff let the absences of a source be believed at once."""
    gone = tuple(Withdraw(a.listing, ABSENCE) for a in state.absent)
    return Plan(state=replace(state, absent=(), drop=Drop.NONE, held=None), actions=gone)


def retire(state: SourceState, stored: Iterable[StoredListing], known: Iterable[str]) -> Plan:
    """A source that was taken out of the list or disabled: a statement, all of it goes at once."""
    gone = tuple(Withdraw(s.id, STATEMENT) for s in stored if s.withdrawn is None)
    after = replace(state, removed=True, body=None, etag=None, last_modified=None, absent=(), drop=Drop.NONE)
    return Plan(state=after, actions=gone, forgotten=tuple(sorted(known)))


def _listings(question: Question) -> list[tuple[str, Listing]]:
    """What the answer tells anew, each with its chunk, without what is our own (A40) and what is told twice."""
    by_key: dict[Key, tuple[str, Listing]] = {}
    for chunk in question.reading.chunks:
        for listing in chunk.listings or ():
            if listing.key.uid in question.minted:
                continue
            keyed = replace(listing, key=pairing.rekeyed(listing, question.zone)) if _by_content(question) else listing
            by_key.setdefault(keyed.key, (chunk.key, keyed))
    return [by_key[key] for key in sorted(by_key, key=str)]


def _by_content(question: Question) -> bool:
    return question.state.content_keyed


def _told(question: Question, read: Sequence[tuple[str, Listing]], found: pairing.Pairing) -> list[Action]:
    actions: list[Action] = []
    for at, (chunk, listing) in enumerate(read):
        old = found.same.get(at)
        if old is None:
            actions.append(Insert(listing, chunk, question.quiet))
        elif _differs(old, listing, chunk, question):
            actions.append(Update(old.id, listing, chunk))
    return actions


def _differs(old: StoredListing, new: Listing, chunk: str, question: Question) -> bool:
    if question.reading.damaged and old.listing.override and not new.override:
        return False  # law 5: a cut answer lost the component that spoke of this date
    if old.withdrawn is not None:
        return True
    if _by_content(question):
        return old.listing.digest != new.digest or old.listing.key != new.key
    return (old.listing.digest, old.listing.key, old.chunk) != (new.digest, new.key, chunk)


def _untouched(question: Question) -> set[int]:
    """Stored listings whose chunk came unchanged, or with an item refused: the last good word stands."""
    standing = {c.key for c in question.reading.chunks if c.listings is None or _only_refused(c)}
    return {s.id for s in question.stored if s.chunk in standing and s.withdrawn is None}


def _only_refused(chunk: Chunk) -> bool:
    return chunk.counts.refused > 0 and not _is_private(chunk)


def _is_private(chunk: Chunk) -> bool:
    return any(problem.code == "private" for problem in chunk.problems)


def _missing(
    question: Question, read: Sequence[tuple[str, Listing]], present: set[int]
) -> tuple[tuple[Withdraw, ...], SourceState]:
    """What the answer does not hold: withdrawn by statement, by evidence, or waited for."""
    state = _described(question)
    if question.quiet:
        return (), question.state
    said = _statements(question, present)
    if question.reading.damaged:
        return said, replace(state, absent=question.state.absent, drop=question.state.drop)
    future = [s for s in question.stored if absence.is_future(s, question.now, question.zone)]
    stated = {action.id for action in said}
    answered = _answered(question, read, future, present)
    things = len(set(answered.values()))
    until = max(answered, default=None)
    state = replace(state, things=things, until=until[0] if until else None)
    missing = [s for s in future if s.id not in present | stated and _covered(s, question, state)]
    drop = absence.classify(missing, future, answered=bool(answered))
    absent = absence.sight(question.state.absent, [s.id for s in missing], question.now, question.source.interval)
    plan = _with_due(replace(state, absent=absent), said, drop, question.now)
    return tuple(a for a in plan.actions if isinstance(a, Withdraw)), plan.state


def _answered(
    question: Question, read: Sequence[tuple[str, Listing]], future: Sequence[StoredListing], present: set[int]
) -> dict[tuple[date, str], str]:
    """(day, name) → thing, of all future things that the answer holds, changed and unchanged."""
    zone = question.zone
    told = {
        (x.when.first_day(zone), str(x.key)): x.series or str(x.key)
        for _, x in read
        if x.when.begins(zone) >= question.now
    }
    kept = {
        (s.listing.when.first_day(zone), str(s.listing.key)): s.listing.series or str(s.listing.key)
        for s in future
        if s.id in present
    }
    return kept | told


def _covered(stored: StoredListing, question: Question, state: SourceState) -> bool:
    """Whether the answer's silence about a listing says anything (C04); what is waited for stays so."""
    coverage = state.coverage
    if any(absent.listing == stored.id for absent in question.state.absent):
        return coverage is not Coverage.LATEST
    if coverage is Coverage.WINDOW:
        fewer = state.things < question.state.things
        return fewer or (state.until is not None and stored.listing.when.first_day(question.zone) <= state.until)
    return coverage is Coverage.COMPLETE


def _statements(question: Question, present: set[int]) -> tuple[Withdraw, ...]:
    """EXDATE and the like: the series was told, undamaged, and one of its dates is gone; or it became private."""
    silent = {
        c.key
        for c in question.reading.chunks
        if c.listings is not None and not c.counts.refused and not question.reading.damaged
    }
    private = {c.key for c in question.reading.chunks if _is_private(c)}
    return tuple(
        Withdraw(s.id, STATEMENT)
        for s in question.stored
        if s.withdrawn is None and s.id not in present and (s.chunk in private or _left_series(s, silent, question))
    )


def _left_series(stored: StoredListing, silent: set[str], question: Question) -> bool:
    begins = stored.listing.when.begins(question.zone)
    return stored.chunk in silent and stored.listing.series is not None and begins >= question.now


def _with_due(state: SourceState, said: Sequence[Withdraw], drop: Drop, now: datetime) -> Plan:
    gone = absence.due(state.absent, drop, now)
    rest = tuple(a for a in state.absent if a.listing not in gone)
    after = replace(state, absent=rest, drop=drop if rest else Drop.NONE)
    return Plan(state=after, actions=(*said, *(Withdraw(listing, ABSENCE) for listing in gone)))


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
        coverage=reading.coverage if told is Coverage.AUTO else told,
        damaged=reading.damaged,
        counts=counts,
        problems=_problems(question, chunks),
    )


def _problems(question: Question, chunks: Iterable[Chunk]) -> tuple[Problem, ...]:
    own = [
        Problem("own-event", listing.title)
        for chunk in question.reading.chunks
        for listing in chunk.listings or ()
        if listing.key.uid in question.minted
    ]
    return (*question.reading.problems, *(p for chunk in chunks for p in chunk.problems), *own)


def _kept_chunks(question: Question) -> tuple[Chunk, ...]:
    """A damaged answer may bring new chunks, but the next whole one must read the known ones again."""
    fresh = (c for c in question.reading.chunks if c.listings is not None)
    return tuple(c for c in fresh if not (question.reading.damaged and c.key in question.known))


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
