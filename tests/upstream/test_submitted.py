"""Single events that were handed in take the road of every source: fetched from the store, read, matched, published."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from aggregator.model import OfferedEvent, Standing, Status, Submission, SubmissionKind, When
from aggregator.moderation import Action, Actor
from aggregator.report import Report, Result
from aggregator.store.submissions import Deed
from tests.town import DAY, HOUR, ZONE, Town, vevent

KOREN = "koren"


def on(day: int, hour: float = 18, lasting: float = 2) -> When:
    """An evening of March."""
    start = datetime(2027, 3, day, tzinfo=ZONE) + timedelta(hours=hour)
    return When(start, start + timedelta(hours=lasting))


CONCERT = OfferedEvent(title="Vårkonsert", dates=(on(5),), place="Kyrkan", organizer="Kören", description="Vi sjunger.")


def hand_in(town: Town, id: str, event: OfferedEvent, person: str = "p1") -> None:
    """An event that waits, approved by staff."""
    told = {"person": person, "created": town.now, "changed": town.now}
    submission = Submission(id=id, kind=SubmissionKind.EVENT, state=Standing.WAITING, body=event, **told)  # type: ignore[arg-type]  # mixed values
    town.program.store.submissions.add(submission, f"person:{person}")
    act(town, id, Action.APPROVE)


def act(town: Town, id: str, action: Action, actor: Actor = Actor.STAFF, **more: Any) -> None:
    """A step on the newest version; the program reads the town again, as it does when its stamp moves."""
    submissions = town.program.store.submissions
    shown = submissions.get(id)
    assert shown is not None
    deed = Deed(id=id, version=shown.version, action=action, actor=actor, by=f"{actor}:1", now=town.now, **more)
    submissions.act(deed, town.program.config)
    town._program = town.program.with_config(town.program.read_town())


def refreshed(town: Town) -> Report:
    return town.refresh(KOREN, after=HOUR)[KOREN]


def test_an_approved_event_is_published_like_any_other(town: Town) -> None:
    hand_in(town, "a", CONCERT)
    report = refreshed(town)
    assert (report.result, report.format, report.new) == (Result.READ, "submitted", 1)
    content = town.events()["Vårkonsert"].content
    assert (content.sources, content.organizer, content.when) == ((KOREN,), "Kören", CONCERT.dates[0])
    assert "SUMMARY:Vårkonsert" in town.feed().decode()
    assert town.refresh(KOREN, after=DAY)[KOREN].result is Result.UNCHANGED


def test_it_merges_with_what_others_tell_of_it(town: Town) -> None:
    town.add("tidningen")
    town.tell("tidningen", vevent("Vårkonsert", on(5).start, location="Kyrkan"))
    town.refresh()
    hand_in(town, "a", CONCERT)
    refreshed(town)
    assert town.events()["Vårkonsert"].content.sources == (KOREN, "tidningen")


def test_what_is_taken_back_is_withdrawn_at_once_and_the_rest_stays(town: Town) -> None:
    hand_in(town, "a", CONCERT)
    hand_in(town, "b", replace(CONCERT, title="Sommarkonsert", dates=(on(20),)))
    refreshed(town)
    act(town, "a", Action.WITHDRAW, Actor.PERSON)
    assert refreshed(town).withdrawn == 1
    assert town.titles() == ["Sommarkonsert"]


def test_the_last_one_taken_back_takes_its_source_with_it(small_town: Town) -> None:
    hand_in(small_town, "a", CONCERT)
    refreshed(small_town)
    act(small_town, "a", Action.WITHDRAW, Actor.PERSON)
    small_town.daily()
    small_town.edit()
    assert small_town.titles() == []


def test_several_dates_are_a_series_and_a_date_that_is_off_is_marked(town: Town) -> None:
    course = replace(CONCERT, title="Stickkurs", dates=(on(8), on(15), on(22)))
    hand_in(town, "a", course)
    refreshed(town)
    events = town.events().values()
    assert len({event.series for event in events} - {None}) == 1
    act(town, "a", Action.CHANGE, Actor.PERSON, body=replace(course, cancelled=(on(15),)))
    refreshed(town)
    assert [event.content.status for event in town.events().values()] == [
        Status.SCHEDULED,
        Status.CANCELLED,
        Status.SCHEDULED,
    ]


def test_a_date_taken_out_of_a_series_goes_at_once(small_town: Town) -> None:
    course = replace(CONCERT, title="Stickkurs", dates=(on(8), on(15), on(22)))
    hand_in(small_town, "a", course)
    refreshed(small_town)
    act(small_town, "a", Action.CHANGE, Actor.PERSON, body=replace(course, dates=(on(8), on(22))))
    refreshed(small_town)
    assert [event.content.when.start for event in small_town.events().values()] == [on(8).start, on(22).start]


def test_a_new_time_is_a_move_and_the_event_keeps_its_id(small_town: Town) -> None:
    hand_in(small_town, "a", CONCERT)
    refreshed(small_town)
    before = small_town.ids()
    act(small_town, "a", Action.CHANGE, Actor.PERSON, body=replace(CONCERT, dates=(on(6),)))
    refreshed(small_town)
    assert small_town.ids() == before
    assert small_town.events()["Vårkonsert"].content.when == on(6)


def test_A39_an_approved_event_whose_content_is_swapped_waits_for_staff(town: Town) -> None:
    hand_in(town, "a", CONCERT)
    hand_in(town, "b", replace(CONCERT, title="Sommarkonsert", dates=(on(20),)))
    refreshed(town)
    for swapped in (
        replace(CONCERT, title="BIG CASINO NIGHT"),
        replace(CONCERT, url="https://spel.example/"),
        replace(CONCERT, description="Spela casino hemma, 777 gratis snurr"),
    ):
        act(town, "a", Action.CHANGE, Actor.PERSON, body=swapped)
        assert refreshed(town).result is Result.HELD
        assert town.titles() == ["Vårkonsert", "Sommarkonsert"]
        assert b"casino" not in town.feed().lower()
        act(town, "a", Action.CHANGE, Actor.PERSON, body=CONCERT)
        assert refreshed(town).result is Result.READ


def test_A39_what_is_taken_back_goes_though_the_rest_is_held(small_town: Town) -> None:
    hand_in(small_town, "a", CONCERT)
    hand_in(small_town, "b", replace(CONCERT, title="Sommarkonsert", dates=(on(20),)))
    refreshed(small_town)
    act(small_town, "a", Action.CHANGE, Actor.PERSON, body=replace(CONCERT, title="BIG CASINO NIGHT"))
    act(small_town, "b", Action.WITHDRAW, Actor.PERSON)
    report = refreshed(small_town)
    assert (report.result, report.withdrawn) == (Result.HELD, 1)
    assert small_town.titles() == ["Vårkonsert"]


def test_A39_what_staff_approve_again_with_other_words_is_not_held(small_town: Town) -> None:
    hand_in(small_town, "a", CONCERT)
    hand_in(small_town, "b", replace(CONCERT, title="Sommarkonsert", dates=(on(20),)))
    refreshed(small_town)
    act(small_town, "a", Action.REOPEN)
    refreshed(small_town)
    act(small_town, "a", Action.CHANGE, body=replace(CONCERT, title="Loppis", description="Prylar"))
    act(small_town, "a", Action.APPROVE)
    assert refreshed(small_town).result is Result.READ
    assert small_town.titles() == ["Loppis", "Sommarkonsert"]


def test_C21_what_its_organizer_calls_off_is_off_whatever_others_tell(town: Town) -> None:
    town.add("tidningen")
    town.tell("tidningen", vevent("Vårkonsert", on(5).start, location="Kyrkan"))
    town.refresh()
    hand_in(town, "a", CONCERT)
    refreshed(town)
    act(town, "a", Action.CHANGE, Actor.PERSON, body=replace(CONCERT, cancelled=CONCERT.dates))
    refreshed(town)
    (event,) = town.events().values()
    assert (event.content.status, event.content.sources) == (Status.CANCELLED, (KOREN, "tidningen"))
    assert "STATUS:CANCELLED" in town.feed().decode()
