"""Laws of the plan, for any life of a source: what an answer does twice, in another order, damaged, with any keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aggregator.model import Chunk, Listing, StoredListing
from aggregator.plan import Insert, Plan, Update, Withdraw
from aggregator.state import SourceState
from tests.facts import NOW, at, chunk, decided, listing

HOUR = timedelta(hours=1)
Answer = tuple[Chunk, ...]


@st.composite
def listings(draw: st.DrawFn) -> Listing:
    """Few titles, days, UIDs and addresses, so that everything collides with everything."""
    uid, day = draw(st.sampled_from("abc")), draw(st.integers(-1, 3))
    repeats, hour = draw(st.booleans()), draw(st.sampled_from([14, 18]))
    return listing(
        draw(st.sampled_from(["Konsert", "Film", "Quiz"])),
        at(1 + day, hour),
        uid=uid,
        slot=f"{day} {hour}" if repeats else None,  # a slot is a start: a series has one date for each
        series=uid if repeats else None,
        place=draw(st.sampled_from([None, "Torget"])),
        url=draw(st.sampled_from([None, "https://klubben.example/1"])),
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """The listings of one answer in pieces by UID; some pieces may be named otherwise, or told twice."""
    told = draw(st.lists(listings(), max_size=6))
    names = {uid: draw(st.sampled_from([uid, f"{uid}2"])) for uid in "abc"}
    pieces = {uid: [x for x in told if x.key.uid == uid] for uid in "abc"}
    return tuple(chunk(*found, key=names[uid]) for uid, found in pieces.items() if found)


def carried(kept: Sequence[StoredListing], plan: Plan, now: datetime) -> list[StoredListing]:
    """What is kept after the plan; new ids in the order of keys."""
    after = {s.id: s for s in kept}
    inserts = sorted((a for a in plan.actions if isinstance(a, Insert)), key=lambda a: str(a.listing.key))
    for id, new in enumerate(inserts, max(after, default=0) + 1):
        after[id] = StoredListing(id=id, listing=new.listing, chunk=new.chunk, first_seen=now, changed=now)
    for action in plan.actions:
        if isinstance(action, Update):
            after[action.id] = replace(after[action.id], listing=action.listing, chunk=action.chunk, withdrawn=None)
        elif isinstance(action, Withdraw):
            after[action.id] = replace(after[action.id], withdrawn=now)
    return list(after.values())


def lived(life: Sequence[Answer]) -> tuple[list[StoredListing], SourceState]:
    """What is kept of a source that gave these answers, an hour apart."""
    kept: list[StoredListing] = []
    state = SourceState(id="klubben")
    for number, answer in enumerate(life):
        now = NOW + number * HOUR
        plan = decided(kept, *answer, state=state, now=now)
        kept, state = carried(kept, plan, now), plan.state
    return kept, state


LIVES = st.lists(answers(), min_size=1, max_size=4)


@settings(max_examples=150)
@given(LIVES)
def test_no_two_listings_of_a_source_ever_share_a_key(life: list[Answer]) -> None:
    kept, _ = lived(life)
    assert len({s.listing.key for s in kept}) == len(kept)


@settings(max_examples=150)
@given(LIVES)
def test_law_2_the_same_answer_again_tells_nothing_new(life: list[Answer]) -> None:
    kept, state = lived(life)
    again = decided(kept, *life[-1], state=state, now=NOW + (len(life) - 1) * HOUR)
    assert [a for a in again.actions if not isinstance(a, Withdraw)] == []


@settings(max_examples=150)
@given(LIVES, st.randoms())
def test_law_3_the_order_of_pieces_changes_nothing(life: list[Answer], rnd: object) -> None:
    kept, state = lived(life[:-1])
    last, shuffled = life[-1], list(life[-1])
    rnd.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random of Hypothesis
    one, other = decided(kept, *last, state=state), decided(kept, *shuffled, state=state)
    assert (one.actions, one.state.absent, one.state.things) == (
        other.actions,
        other.state.absent,
        other.state.things,
    )


@settings(max_examples=150)
@given(LIVES)
def test_law_5_a_damaged_answer_removes_nothing_and_counts_nothing(life: list[Answer]) -> None:
    kept, state = lived(life[:-1])
    plan = decided(kept, *life[-1], state=state, damaged=True)
    assert [a for a in plan.actions if isinstance(a, Withdraw)] == []
    assert (plan.state.absent, plan.state.drop, plan.forgotten) == (state.absent, state.drop, ())


@settings(max_examples=150)
@given(LIVES)
def test_what_an_answer_tells_is_published_after_it(life: list[Answer]) -> None:
    """Whatever was before: every title and start of the answer is told, unless it looks like a stranger's and waits."""
    kept, state = lived(life)
    assume(state.held is None)
    told = {(x.key.uid, x.title, x.when.start) for c in life[-1] for x in c.listings or ()}
    published = [(s.listing.stated.uid, s.listing.title, s.listing.when.start) for s in kept if not s.withdrawn]
    assert told <= set(published)


@settings(max_examples=150)
@given(LIVES)
def test_an_action_is_taken_once_for_each_listing(life: list[Answer]) -> None:
    kept, state = lived(life[:-1])
    plan = decided(kept, *life[-1], state=state)
    ids = [a.id for a in plan.actions if not isinstance(a, Insert)]
    assert len(ids) == len(set(ids))
