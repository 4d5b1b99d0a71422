"""The event as it is published after a new merge, and what is told of the change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from aggregator import publish
from aggregator.identity import MERGED
from aggregator.model import Content, Event, Location, Provenance, Status, When
from aggregator.publish import Kind
from tests.facts import NOW, at, event, merged

DAY = timedelta(days=1)
CONCERT = Content(title="Konsert", when=When(at(10), at(10, 20)), location=Location(name="Kyrkan"))


def after(**changes: Any) -> Event:
    """The concert after some of its content changed."""
    return publish.again(event(content=CONCERT), replace(merged(), content=replace(CONCERT, **changes)), None, NOW)


def told(**changes: Any) -> list[tuple[Kind, str, str]]:
    return [(c.kind, c.old, c.new) for c in publish.changes(event(content=CONCERT), after(**changes))]


def test_nothing_new_is_the_very_same_event() -> None:
    old = event(content=CONCERT)
    assert publish.again(old, replace(merged(), content=CONCERT), None, NOW) is old


def test_a_new_origin_of_the_same_content_is_no_change() -> None:
    found = publish.again(
        event(content=CONCERT),
        replace(merged(), content=CONCERT, provenance=(Provenance("title", 2, "b", "role"),)),
        None,
        NOW,
    )
    assert (found.changed, found.told, found.sequence) == (event().changed, event().told, 0)


def test_a_first_telling_has_no_history() -> None:
    found = publish.first("E1", merged(), 7, "S", NOW, NOW - DAY)
    assert (found.created, found.changed, found.told, found.sequence, found.founder) == (NOW, NOW, NOW - DAY, 0, 7)
    assert [c.kind for c in publish.changes(None, found)] == [Kind.ADDED]


@pytest.mark.parametrize(
    ("changes", "sequence"),
    [
        ({"description": "Ny text"}, 0),
        ({"title": "Stor konsert"}, 0),
        ({"when": When(at(10, 19), at(10, 20))}, 1),
        ({"when": When(at(10))}, 1),
        ({"location": Location(name="Torget")}, 1),
        ({"status": Status.CANCELLED}, 1),
        ({"status": Status.POSTPONED}, 1),
    ],
)
def test_the_sequence_grows_with_time_place_and_status_alone(changes: dict[str, Any], sequence: int) -> None:
    found = after(**changes)
    assert (found.sequence, found.changed, found.told) == (sequence, NOW, NOW)


def test_what_changes_in_the_round_in_which_it_is_first_told_is_its_first_telling() -> None:
    fresh = replace(event(content=CONCERT), created=NOW, changed=NOW)
    found = publish.again(fresh, replace(merged(), content=replace(CONCERT, when=When(at(11)))), None, NOW)
    assert (found.sequence, found.moved_from, publish.changes(fresh, found)) == (0, None, ())


def test_a_moved_event_tells_its_first_time_until_it_is_back_there() -> None:
    moved = after(when=When(at(12), at(12, 20)))
    assert (moved.moved_from, moved.moved_at) == (CONCERT.when, NOW)
    twice = publish.again(moved, replace(merged(), content=replace(CONCERT, when=When(at(14)))), None, NOW + DAY)
    assert (twice.moved_from, twice.moved_at, twice.sequence) == (CONCERT.when, NOW + DAY, 2)
    back = publish.again(twice, replace(merged(), content=CONCERT), None, NOW + 2 * DAY)
    assert (back.moved_from, back.moved_at, back.sequence) == (None, None, 3)


def test_the_old_time_is_told_for_thirty_days() -> None:
    moved = after(when=When(at(12)))
    assert publish.settled(moved, NOW + 30 * DAY - timedelta(seconds=1)) is moved
    settled = publish.settled(moved, NOW + 30 * DAY)
    assert (settled.moved_from, settled.moved_at, settled.told, settled.sequence) == (None, None, NOW, 1)
    assert publish.settled(event(), NOW) == event()


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        (When(at(10)), When(at(11)), [Kind.MOVED]),
        (When(at(10)), When(at(10, 19)), [Kind.MOVED]),
        (When(at(10), at(10, 20)), When(at(10), at(10, 21)), [Kind.MOVED]),
        (When(at(10)), When(at(10), at(10, 21)), []),
        (When(at(10), at(10, 20)), When(at(10)), []),
        (When(date(2027, 3, 10)), When(at(10)), []),
        (When(at(10)), When(date(2027, 3, 10)), []),
        (When(date(2027, 3, 10)), When(at(11)), [Kind.MOVED]),
        (When(date(2027, 3, 10)), When(date(2027, 3, 11)), [Kind.MOVED]),
    ],
)
def test_only_another_time_is_a_move_not_one_that_becomes_known(old: When, new: When, kinds: list[Kind]) -> None:
    before = event(content=replace(CONCERT, when=old))
    found = publish.again(before, replace(merged(), content=replace(CONCERT, when=new)), None, NOW)
    assert [c.kind for c in publish.changes(before, found)] == kinds
    assert (found.moved_from is not None) == bool(kinds)
    assert found.sequence == 1


def test_the_change_feed_tells_old_and_new() -> None:
    assert told(location=Location(name="Torget", locality="Byn")) == [(Kind.PLACE, "Kyrkan", "Torget, Byn")]
    assert told(status=Status.CANCELLED) == [(Kind.CANCELLED, "scheduled", "cancelled")]
    assert told(description="Ny text") == []


def test_a_cancellation_taken_back_is_told() -> None:
    cancelled = event(content=replace(CONCERT, status=Status.CANCELLED))
    found = publish.again(cancelled, replace(merged(), content=CONCERT), None, NOW)
    assert [c.kind for c in publish.changes(cancelled, found)] == [Kind.RESTORED]


def test_a_withdrawn_event_and_its_return_are_told_and_counted() -> None:
    gone = publish.withdrawn(event(content=CONCERT), NOW, "withdrawn")
    assert (gone.withdrawn, gone.sequence) == (NOW, 1)
    assert [c.kind for c in publish.changes(event(content=CONCERT), gone)] == [Kind.WITHDRAWN]
    back = publish.again(gone, replace(merged(), content=CONCERT), None, NOW + DAY)
    assert (back.withdrawn, back.reason, back.sequence, back.told) == (None, None, 2, NOW + DAY)
    assert [c.kind for c in publish.changes(gone, back)] == [Kind.RETURNED]


def test_an_id_that_was_merged_away_or_revived_is_no_news() -> None:
    gone = publish.withdrawn(event(content=CONCERT), NOW, MERGED)
    assert publish.changes(event(content=CONCERT), gone) == ()
    back = publish.again(gone, replace(merged(), content=CONCERT), None, NOW + DAY)
    assert publish.changes(gone, back) == ()


def test_a_date_that_only_the_window_brought_to_a_run_is_no_news() -> None:
    run = event(content=replace(CONCERT, when=When(date(2027, 3, 1), date(2027, 3, 9))))
    longer = replace(merged(), content=replace(CONCERT, when=When(date(2027, 3, 1), date(2027, 3, 10))))
    quiet = publish.again(run, longer, None, NOW, quiet=True)
    assert (quiet.told, quiet.sequence, quiet.moved_from, quiet.changed) == (run.told, 0, None, NOW)
    assert publish.again(run, longer, None, NOW).sequence == 1
