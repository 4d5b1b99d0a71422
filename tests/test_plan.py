"""Stored and read → actions: what one answer changes, and what it must not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator import plan
from aggregator.model import Chunk, Counts, Coverage, Listing, Status, StoredListing
from aggregator.plan import ABSENCE, STATEMENT, Insert, Plan, Update, Withdraw
from aggregator.state import Absent, Drop, Held, SourceState
from tests.facts import NOW, SOURCE, ZONE, at, chunk, decided, listing, question, reading, same, stored

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CONCERT = listing("Konsert", at(10), uid="konsert")
FILM = listing("Film", at(12), uid="film")


def course(*days: int, hour: float = 18) -> list[Listing]:
    """The dates of a weekly course, one UID."""
    return [listing("Kurs", at(day, hour), uid="kurs", slot=at(day, hour).isoformat(), series="kurs") for day in days]


def kept(*told: Listing) -> list[StoredListing]:
    return [stored(n, x) for n, x in enumerate(told, 1)]


def withdrawn(found: Plan) -> dict[int, str]:
    return {action.id: action.reason for action in found.actions if isinstance(action, Withdraw)}


def inserted(found: Plan) -> list[Listing]:
    return [action.listing for action in found.actions if isinstance(action, Insert)]


def updated(found: Plan) -> dict[int, Listing]:
    return {action.id: action.listing for action in found.actions if isinstance(action, Update)}


# --- what is told


def test_a_first_answer_is_all_new_and_no_news() -> None:
    found = decided([], chunk(CONCERT), chunk(FILM))
    assert (len(inserted(found)), found.first) == (2, True)
    assert not decided(kept(CONCERT), chunk(CONCERT), chunk(FILM)).first


def test_the_same_answer_changes_nothing() -> None:
    assert decided(kept(CONCERT, FILM), chunk(CONCERT), same("film")).actions == ()


@pytest.mark.parametrize(
    "new",
    [
        listing("Konsert", at(11), uid="konsert"),
        listing("Konsert!", at(10), uid="konsert"),
        listing("Konsert", at(10), uid="konsert", status=Status.CANCELLED),
    ],
)
def test_what_is_told_otherwise_is_updated(new: Listing) -> None:
    assert updated(decided(kept(CONCERT), chunk(new))) == {1: new}


def test_a_listing_that_came_in_another_piece_follows_it() -> None:
    assert updated(decided(kept(CONCERT), chunk(CONCERT, key="other"))) == {1: CONCERT}


def test_a_withdrawn_listing_returns_when_it_is_told_again() -> None:
    gone = replace(kept(CONCERT)[0], withdrawn=NOW)
    assert updated(decided([gone], chunk(CONCERT))) == {1: CONCERT}


# --- C07: keys that are used twice


def test_C07_two_events_of_one_key_are_both_kept_by_their_starts() -> None:
    other = replace(listing("Film", at(20)), key=CONCERT.key)
    found = inserted(decided([], chunk(CONCERT, other)))
    assert {x.key.recurrence for x in found} == {CONCERT.stated.start, other.stated.start}


def test_C07_two_titles_of_one_key_and_start_are_both_kept() -> None:
    other = replace(CONCERT, title="Körsång", digest="other")
    assert len({x.key for x in inserted(decided([], chunk(CONCERT, other)))}) == 2


def test_C07_the_same_thing_told_twice_is_one() -> None:
    assert len(inserted(decided([], chunk(CONCERT), chunk(CONCERT, key="again")))) == 1
    assert decided(kept(CONCERT), same("konsert"), chunk(CONCERT, key="again")).actions == ()


def test_C07_a_key_that_a_piece_brings_beside_an_unread_one_is_told_apart() -> None:
    other = replace(listing("Konsert", at(10, 21)), key=CONCERT.key)
    found = decided(kept(CONCERT), same("konsert"), chunk(other, key="late"))
    assert (updated(found), [x.when.start for x in inserted(found)]) == ({}, [at(10, 21)])


# --- statements act at once


def test_a_date_taken_out_of_a_series_goes_at_once() -> None:
    assert withdrawn(decided(kept(*course(3, 10, 17)), chunk(*course(3, 17)))) == {2: STATEMENT}


def test_a_date_that_leaves_a_list_without_its_rule_is_only_absent() -> None:
    """Some exports list the dates of a series one by one, the next fifty of all: the last is pushed out."""
    dates = [replace(x, override=True) for x in course(3, 10, 17)]
    found = decided(kept(*dates), chunk(*dates[:2]), state=SourceState(id="klubben", things=1))
    assert (withdrawn(found), found.state.absent) == ({}, ())
    assert withdrawn(decided(kept(*dates), chunk(key="kurs"))) == {1: STATEMENT, 2: STATEMENT, 3: STATEMENT}


def test_a_past_date_that_the_window_left_stays() -> None:
    assert withdrawn(decided(kept(*course(-40, 3)), chunk(*course(3)))) == {}


def test_a_date_whose_override_stands_unread_goes_all_the_same() -> None:
    """EXDATE with the override left in the file: refused, but the source means it."""
    told = replace(chunk(*course(3)), counts=Counts(inside=1, refused=1))
    assert withdrawn(decided(kept(*course(3, 10)), told)) == {2: STATEMENT}


@pytest.mark.parametrize("code", ["told-twice", "never-happens", "own-event"])
def test_what_was_refused_but_read_does_not_shield_a_date(code: str) -> None:
    told = chunk(*course(3), refused=1, problems=[code])
    assert withdrawn(decided(kept(*course(3, 10)), told)) == {2: STATEMENT}


@pytest.mark.parametrize("code", ["no-start", "too-many-dates", "rule-unreadable"])
def test_C12_what_cannot_be_read_leaves_the_last_good_word(code: str) -> None:
    told = chunk(*course(3), refused=1, problems=[code])
    found = decided(kept(*course(3, 10)), told)
    assert (withdrawn(found), found.state.absent) == ({}, ())


def test_A37_what_became_private_goes_at_once() -> None:
    assert withdrawn(decided(kept(CONCERT), chunk(key="konsert", refused=1, problems=["private"]))) == {1: STATEMENT}


def test_A37_one_private_date_takes_neither_the_others_nor_the_past() -> None:
    told = chunk(*course(3), refused=1, problems=["private"])
    assert withdrawn(decided(kept(*course(-40, 3, 10)), told)) == {3: STATEMENT}


def test_a_whole_private_series_takes_its_past_with_it() -> None:
    told = chunk(key="kurs", refused=1, problems=["private"])
    assert withdrawn(decided(kept(*course(-4, 3)), told)) == {1: STATEMENT, 2: STATEMENT}


def test_a_source_taken_out_goes_whole_and_forgets_its_reading() -> None:
    state = SourceState(id="klubben", body="x", etag="y", held=Held("r", NOW, "s"), absent=(Absent(1, NOW, NOW),))
    gone = replace(kept(FILM)[0], id=2, withdrawn=NOW)
    found = plan.retire(state, [*kept(CONCERT), gone], ["konsert", "film"])
    assert (withdrawn(found), found.forgotten) == ({1: STATEMENT}, ("film", "konsert"))
    after = found.state
    assert (after.removed, after.body, after.etag, after.held, after.absent) == (True, None, None, None, ())


# --- absence through the plan


def test_a_missing_event_is_waited_for_and_goes_with_the_second_sighting() -> None:
    before = kept(CONCERT, FILM, listing("Quiz", at(20), uid="quiz"))
    first = decided(before, same("konsert"), same("quiz"))
    assert (withdrawn(first), [a.listing for a in first.state.absent]) == ({}, [2])
    second = decided(before, same("konsert"), same("quiz"), state=first.state, now=NOW + HOUR)
    assert (withdrawn(second), second.state.absent) == ({2: ABSENCE}, ())


def test_a_sighting_of_an_unchanged_answer_counts() -> None:
    before = kept(CONCERT, FILM)
    state = decided(before, same("konsert")).state
    early = plan.advance(state, before, SOURCE, NOW + timedelta(minutes=50), ZONE)
    assert withdrawn(early) == {}
    assert withdrawn(plan.advance(early.state, before, SOURCE, NOW + HOUR, ZONE)) == {2: ABSENCE}


def test_what_began_meanwhile_is_waited_for_no_longer() -> None:
    before = kept(CONCERT, listing("Film", at(1, 12.5), uid="film"))
    state = decided(before, same("konsert")).state
    assert [a.listing for a in state.absent] == [2]
    later = plan.advance(state, before, SOURCE, NOW + HOUR, ZONE)
    assert (withdrawn(later), later.state.absent) == ({}, ())


def test_a_held_answer_unchanged_is_no_sighting_of_the_one_before() -> None:
    before = kept(CONCERT, FILM)
    state = replace(decided(before, same("konsert")).state, held=Held("other-owner", NOW, "s"))
    assert plan.advance(state, before, SOURCE, NOW + DAY, ZONE).actions == ()


def test_a_damaged_answer_unchanged_is_no_sighting() -> None:
    before = kept(CONCERT, FILM)
    state = replace(decided(before, same("konsert")).state, damaged=True)
    assert plan.advance(state, before, SOURCE, NOW + DAY, ZONE).actions == ()


def test_C02_a_damaged_answer_adds_and_changes_but_removes_and_counts_nothing() -> None:
    before = kept(CONCERT, FILM, *course(3, 10))
    waiting = SourceState(id="klubben", absent=(Absent(2, NOW, NOW),), drop=Drop.FEW, things=3)
    moved = listing("Konsert", at(11), uid="konsert")
    found = decided(
        before, chunk(moved), chunk(listing("Ny", uid="ny")), chunk(*course(3)), damaged=True, state=waiting
    )
    assert (updated(found), len(inserted(found)), withdrawn(found)) == ({1: moved}, 1, {})
    assert (found.state.absent, found.state.drop, found.state.things) == (waiting.absent, Drop.FEW, 3)
    assert found.forgotten == ()


def test_C01_an_empty_answer_holds_everything() -> None:
    found = decided(kept(CONCERT, FILM))
    assert (found.state.drop, len(found.state.absent), found.actions) == (Drop.ALL, 2, ())


def test_C01_only_past_events_are_as_good_as_none() -> None:
    before = kept(CONCERT, listing("Film", at(-3), uid="film"))
    found = decided(before, same("film"), chunk(listing("Bio", at(-2), uid="bio")))
    assert found.state.drop is Drop.ALL


def test_C24_a_source_whose_events_are_all_over_alarms_nobody() -> None:
    over = kept(listing("Film", at(-3), uid="film"))
    assert decided(over).state.drop is Drop.NONE


def test_C03_a_large_drop_is_held() -> None:
    before = kept(*(listing(f"Afton {n}", at(1 + n), uid=f"u{n}") for n in range(1, 13)))
    found = decided(before, *(same(f"u{n}") for n in range(1, 7)))
    assert (found.state.drop, len(found.state.absent)) == (Drop.MANY, 6)


def test_staff_release_what_is_waited_for() -> None:
    state = SourceState(id="klubben", absent=(Absent(2, NOW, NOW),), drop=Drop.MANY)
    found = plan.release(state)
    assert (withdrawn(found), found.state.absent, found.state.drop) == ({2: ABSENCE}, (), Drop.NONE)


def test_a_release_believes_the_whole_answer_its_absences_too() -> None:
    found = decided(kept(CONCERT, FILM), chunk(listing("Ny", uid="ny")), released=True)
    assert (withdrawn(found), len(inserted(found)), found.state.absent) == ({1: ABSENCE, 2: ABSENCE}, 1, ())
    assert withdrawn(decided(kept(CONCERT, FILM), same("film"), released=True, damaged=True)) == {}


def test_what_the_sources_say_of_their_coverage_goes_before_the_format() -> None:
    latest = replace(SOURCE, coverage=Coverage.LATEST)
    assert decided(kept(CONCERT), chunk(FILM), source=latest).state.absent == ()
    feed = question(kept(CONCERT), reading(chunk(FILM), coverage=Coverage.LATEST))
    assert plan.decide(feed).state.absent == ()


def test_things_of_a_limited_list_are_counted_with_what_has_begun() -> None:
    """A list of the next two: while the first goes on, the one pushed out is not missing."""
    running = listing("Nu", NOW - timedelta(minutes=5), uid="nu")
    before = kept(running, CONCERT, FILM)
    state = SourceState(id="klubben", things=2)
    assert decided(before, same("nu"), same("konsert"), state=state).state.absent == ()


# --- law 5: what a damaged answer must not turn back


def test_an_override_that_was_cut_away_is_not_turned_back() -> None:
    moved = replace(course(10)[0], title="Kurs i andra salen", override=True, digest="moved")
    before = kept(moved)
    assert decided(before, chunk(*course(10)), damaged=True).actions == ()
    assert updated(decided(before, chunk(*course(10)))) == {1: course(10)[0]}


def test_the_older_of_two_that_tell_one_date_is_not_believed_when_the_newer_was_cut_away() -> None:
    cancelled = replace(CONCERT, status=Status.CANCELLED, digest="cancelled")
    known = {"konsert": Chunk(key="konsert", hash="old", counts=Counts(inside=1, refused=1))}
    assert decided(kept(cancelled), chunk(CONCERT), damaged=True, known=known).actions == ()
    assert updated(decided(kept(cancelled), chunk(CONCERT), known=known)) == {1: CONCERT}


def test_what_a_damaged_answer_told_is_read_again_but_kept_for_the_moving_window() -> None:
    moved = replace(chunk(*course(10, hour=19)), raw=b"new")
    (known,) = decided(kept(*course(10)), moved, damaged=True).chunks
    assert (known.hash, known.raw) == ("", b"new")
    (fresh,) = decided([], moved, damaged=True).chunks
    assert fresh.hash == "new"


# --- the moving window


def test_the_moving_window_only_brings() -> None:
    """What it reads again is older than what is stored: it changes, returns and removes nothing."""
    cancelled = replace(course(10)[0], status=Status.CANCELLED, digest="cancelled")
    gone = replace(stored(2, course(17)[0]), withdrawn=NOW)
    before = [stored(1, cancelled), gone]
    found = decided(before, chunk(*course(10, 17, 24)), quiet=True)
    assert [(a.listing.when.start, a.quiet) for a in found.actions if isinstance(a, Insert)] == [(at(24), True)]
    assert (len(found.actions), found.chunks, found.forgotten) == (1, (), ())


def test_the_date_that_enters_is_not_the_one_that_left() -> None:
    before = kept(*course(-31, 3))
    assert updated(decided(before, chunk(*course(3, 10)), quiet=True)) == {}


# --- C06: UIDs that are new at every fetch

THREE = ("Konsert", "Film", "Quiz")


def fetch(number: int) -> list[Chunk]:
    return [chunk(listing(title, at(10 + n), uid=f"{number}-{n}")) for n, title in enumerate(THREE)]


def carried(before: list[StoredListing], found: Plan) -> list[StoredListing]:
    after = {s.id: s for s in before}
    for action in found.actions:
        if isinstance(action, Update):
            after[action.id] = replace(after[action.id], listing=action.listing, chunk=action.chunk)
    return list(after.values())


def test_C06_after_two_rounds_the_content_is_the_key_and_nothing_is_written_any_more() -> None:
    before = kept(*(x for c in fetch(0) for x in c.listings or ()))
    state, rounds = SourceState(id="klubben"), []
    for number in range(1, 6):
        found = decided(before, *fetch(number), state=state)
        before, state = carried(before, found), found.state
        rounds.append((state.churn, state.content_keyed, len(found.actions)))
    assert rounds == [(1, False, 3), (2, True, 3), (2, True, 3), (2, True, 0), (2, True, 0)]


def test_C05_an_export_that_was_swapped_once_keeps_its_uids_as_keys() -> None:
    before = kept(*(x for c in fetch(0) for x in c.listings or ()))
    swapped = decided(before, *fetch(1))
    again = decided(carried(before, swapped), *fetch(1), state=swapped.state)
    assert (swapped.state.churn, again.state.churn, again.state.content_keyed) == (1, 0, False)


@pytest.mark.parametrize(("renamed", "churn"), [(4, 1), (3, 0)])
def test_C06_four_of_five_with_new_uids_are_enough(renamed: int, churn: int) -> None:
    told = [listing(f"Afton {n}", at(5 + n), uid=f"u{n}") for n in range(5)]
    read = [replace(x, key=replace(x.key, uid=f"new{n}")) if n < renamed else x for n, x in enumerate(told)]
    assert decided(kept(*told), *map(chunk, read)).state.churn == churn


# --- A40


def test_A40_an_event_with_an_id_of_ours_is_not_counted_once_more() -> None:
    own = listing("Vår egen", uid="0" * 26)
    found = decided([], chunk(own), chunk(CONCERT), minted=frozenset({"0" * 26}))
    assert [x.title for x in inserted(found)] == ["Konsert"]
    assert [(p.code, p.item) for p in found.state.problems] == [("own-event", "Vår egen")]
    assert (found.state.counts.inside, found.state.counts.refused) == (1, 1)
