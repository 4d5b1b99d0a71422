"""The newest good answers read again with today's rules, onto the kept ids and decisions: what would change.

For the day after a rule was changed. No source is asked, no sighting is counted, nothing is taken for absent; with
unchanged rules it decides nothing. Further pages of an answer are not fetched again: such a source only adds and
changes, as ever here.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import ingest, readers
from aggregator.answers import Fetched
from aggregator.errors import EvenemangError
from aggregator.kit import Kit, context_of, ground_of
from aggregator.model import Event, Reading, Source
from aggregator.plan import Insert, Plan, Question, Update, decide
from aggregator.state import SourceState
from aggregator.store import Kept, StoreView
from aggregator.weave import Changeset, reweave, weave


@dataclass(frozen=True, slots=True)
class Replayed:
    """What today's rules make of one source's newest good answer, or of all that is kept (`source` empty).

    `merged` are pairs (id that would go, id that it would redirect to), `split` pairs (id, id of the part that
    would leave it); `error` tells why nothing could be read.
    """

    source: str
    new: int = 0
    changed: int = 0
    events: tuple[Event, ...] = ()
    merged: tuple[tuple[str, str], ...] = ()
    split: tuple[tuple[str, str], ...] = ()
    error: str = ""

    @property
    def idle(self) -> bool:
        """Whether nothing would change."""
        return not (self.new or self.changed or self.events or self.merged or self.split or self.error)


def replay(kit: Kit, sources: Iterable[Source], now: datetime, *, store: bool) -> Iterator[Replayed]:
    """Each source's newest good answer, then the matching of everything by today's rules.

    Without `store` nothing is written, so what the later steps tell does not build on the earlier ones.
    """
    for source in sorted(sources, key=lambda source: source.id):
        try:
            yield _source(kit, source, now, store=store)
        except EvenemangError as error:
            yield Replayed(source.id, error=str(error))
    with kit.deciding:
        yield _told("", None, _matching(kit, now, store=store))


def _source(kit: Kit, source: Source, now: datetime, *, store: bool) -> Replayed:
    state = kit.ledger.state(source.id)
    if state.held is not None:
        return Replayed(source.id, error="its newest answer is held, so none is read again before staff release it")
    kept = kit.ledger.snapshot(state.body) if state.body else None
    if kept is None:
        return Replayed(source.id, error="" if state.good is None else "its newest good answer is kept no longer")
    answer = Fetched(url=kept.url, body=kept.body, content_type=kept.content_type)
    reading = readers.read_answer(kit.sandbox, answer.body, context_of(kit, source, now, answer), {})
    stored = kit.ledger.stored(source.id)
    plan = _planned(kit, source, state, stored, reading, now)
    changes = Changeset(version=stored.revision)
    if plan.actions:
        changes = kit.ledger.foreseen(lambda view: weave(plan, stored.listings, view, ground_of(kit, now, view)))
    if store and plan.actions:
        ingest.apply(kit, source.id, lambda *_: plan, now)
    return _told(source.id, plan, changes)


def _planned(kit: Kit, source: Source, state: SourceState, stored: Kept, reading: Reading, now: datetime) -> Plan:
    """What the answer adds and changes; as of a damaged one, nothing that it lacks is taken for absent."""
    question = Question(
        source=source,
        state=state,
        stored=stored.listings,
        known=stored.chunks,
        reading=replace(reading, damaged=True),
        now=now,
        zone=kit.zone,
        minted=ingest.minted(kit, reading),
        released=True,
    )
    decided = decide(question)
    after = replace(state, counts=decided.state.counts, problems=decided.state.problems)
    return replace(decided, state=after, chunks=(), forgotten=())


def _matching(kit: Kit, now: datetime, *, store: bool) -> Changeset:
    def compute(view: StoreView) -> Changeset:
        return reweave((s.id for s in view.active()), view, ground_of(kit, now, view))

    return kit.ledger.rewrite(compute, now) if store else kit.ledger.foreseen(compute)


def _told(source: str, plan: Plan | None, changes: Changeset) -> Replayed:
    return Replayed(
        source=source,
        new=plan.count(Insert) if plan else 0,
        changed=plan.count(Update) if plan else 0,
        events=changes.events,
        merged=tuple(sorted(changes.redirects.items())),
        split=tuple(sorted(move for move in changes.moves if move[0] not in changes.redirects)),
    )
