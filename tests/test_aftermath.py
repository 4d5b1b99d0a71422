"""What a source's state is after an answer or a failure: validators, back-off, relocation, gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator import aftermath
from aggregator.answers import Fetched, NotModified
from aggregator.errors import BadAnswer, Gone, ReadError, Unreachable
from aggregator.plan import Plan
from aggregator.state import Held, Relocation, SourceState
from tests.facts import NOW, SOURCE

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
URL, NEW = "https://klubben.example/kalender.ics", "https://klubben.example/ny.ics"
FAILING = SourceState(
    id="klubben", failures=3, failing_since=NOW, error="x", error_code="dns", gone=NOW, missing_since=NOW, removed=True
)


def fetched(moved: str | None = None) -> Fetched:
    return Fetched(url=moved or URL, body=b"body", etag='"1"', last_modified="then", moved=moved)


def answered(state: SourceState, answer: Fetched | NotModified, sources: tuple[str, ...] = ()) -> SourceState:
    others = [replace(SOURCE, id=f"s{n}", url=url) for n, url in enumerate(sources)]
    return aftermath.answered(Plan(state=state), SOURCE, answer, NOW, [SOURCE, *others]).state


def failed(error: Exception, state: SourceState | None = None) -> SourceState:
    return aftermath.failed(state or SourceState(id="klubben", etag='"1"', body="b", good=NOW), SOURCE, error, NOW)


def test_a_good_answer_forgets_every_failure() -> None:
    state = answered(FAILING, fetched())
    assert (state.failures, state.failing_since, state.error, state.error_code) == (0, None, None, None)
    assert (state.gone, state.missing_since, state.removed) == (None, None, False)
    assert (state.good, state.tried, state.etag, state.last_modified) == (NOW, NOW, '"1"', "then")
    assert state.due is not None
    assert NOW < state.due <= NOW + SOURCE.interval


def test_an_unchanged_answer_keeps_the_validators_it_was_asked_with() -> None:
    before = SourceState(id="klubben", etag='"0"', body="b", last_modified="old")
    state = answered(before, NotModified(url=URL))
    assert (state.etag, state.body, state.last_modified) == ('"0"', "b", "old")


@pytest.mark.parametrize(
    ("sightings", "age", "believed"),
    [(3, 9 * DAY, False), (4, 7 * DAY, True), (4, 7 * DAY - HOUR, False), (9, DAY, False)],
)
def test_B49_a_week_and_five_equal_sights_move_a_source(sightings: int, age: timedelta, believed: bool) -> None:
    state = SourceState(id="klubben", relocation=Relocation(NEW, NOW - age, sightings))
    after = answered(state, fetched(NEW))
    assert after.url == (NEW if believed else None)
    assert (after.etag is None) == believed  # validators belong to the address that gave them


def test_B49_another_target_or_none_begins_anew() -> None:
    state = SourceState(id="klubben", relocation=Relocation("https://annan.example/", NOW - 9 * DAY, 9))
    assert answered(state, fetched(NEW)).relocation == Relocation(NEW, NOW)
    assert answered(state, fetched()).relocation is None


def test_B49_a_move_onto_another_source_pauses_this_one() -> None:
    state = SourceState(id="klubben", relocation=Relocation(NEW, NOW - 9 * DAY, 9))
    assert answered(state, fetched(NEW), (NEW,)).paused == aftermath.PAUSED_TWIN


def test_B49_a_held_answer_counts_for_no_move() -> None:
    seen = Relocation(NEW, NOW - 9 * DAY, 9)
    held = SourceState(id="klubben", relocation=seen, held=Held("other-owner", NOW, "s"))
    assert (answered(held, fetched(NEW)).relocation, answered(held, fetched(NEW)).url) == (seen, None)


def test_a_failure_keeps_what_was_good_and_says_since_when() -> None:
    state = failed(Unreachable("No answer.", url=URL, code="dns"))
    assert (state.failures, state.failing_since, state.error, state.error_code) == (1, NOW, "No answer.", "dns")
    assert (state.etag, state.body, state.good) == ('"1"', "b", NOW)
    again = failed(Unreachable("No answer.", url=URL), replace(state, failing_since=NOW - DAY))
    assert (again.failures, again.failing_since) == (2, NOW - DAY)


def test_each_failure_waits_longer_and_a_servers_wish_is_obeyed() -> None:
    waits = [failed(Unreachable("x", url=URL), SourceState(id="klubben", failures=n)).due for n in (0, 2, 4)]
    assert [wait for wait in waits if wait] == sorted(wait for wait in waits if wait)
    asked = failed(BadAnswer("x", url=URL, status=429, retry_after=6 * 3600.0))
    assert asked.due is not None
    assert asked.due >= NOW + 6 * HOUR


def test_B51_an_answer_that_could_not_be_read_drops_the_validators() -> None:
    state = failed(ReadError("no calendar"))
    assert (state.etag, state.last_modified, state.body) == (None, None, None)


def test_B50_a_404_is_noted_from_its_first_and_ends_with_any_other_failure() -> None:
    first = failed(BadAnswer("x", url=URL, status=404))
    assert first.missing_since == NOW
    assert (
        failed(BadAnswer("x", url=URL, status=404), replace(first, missing_since=NOW - DAY)).missing_since == NOW - DAY
    )
    assert failed(BadAnswer("x", url=URL, status=500), first).missing_since is None


@pytest.mark.parametrize(("since", "paused"), [(None, None), (23 * HOUR, None), (24 * HOUR, aftermath.PAUSED_GONE)])
def test_B50_a_second_410_a_day_later_pauses(since: timedelta | None, paused: str | None) -> None:
    state = SourceState(id="klubben", gone=NOW - since if since else None)
    assert failed(Gone("x", url=URL, status=410), state).paused == paused


def test_the_unexpected_is_told_as_such() -> None:
    state = failed(ZeroDivisionError("oh"))
    assert (state.error_code, state.error) == ("unexpected", "unexpected: ZeroDivisionError: oh")
