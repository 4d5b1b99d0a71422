"""Answers that a stranger may have written, and servers that move, end or fail: A37 to A40, B49 to B51, B55."""

from __future__ import annotations

import asyncio

import pytest

from aggregator import ingest
from aggregator.kit import Visit
from aggregator.model import PRODID
from aggregator.report import Report, Result
from tests.loopback import CALENDAR, answer
from tests.town import DAY, HOUR, NAMES, Town, at, calendar, evenings, vevent

CLUB = "klubben"
SPAM = [vevent(f"Bonus {n}", at(2 + n), uid=f"s{n}", url="https://spel.example/") for n in range(6)]


def filled(town: Town, *components: str, **options: object) -> None:
    town.add(CLUB, **options)
    town.tell(CLUB, *(components or evenings(6)))
    town.refresh()


def told(town: Town, *components: str) -> Report:
    town.tell(CLUB, *components)
    return town.refresh(after=HOUR)[CLUB]


def release(town: Town) -> Report:
    """Staff's word, as `evenemang sources release` gives it."""
    (source,) = (s for s in town.program.config.sources if s.id == CLUB)
    return asyncio.run(ingest.refresh(town.program.kit, Visit(source=source, now=town.now, released=True)))


# --- A37


def test_A37_private_events_are_never_published_and_tentative_ones_are_marked(small_town: Town) -> None:
    filled(
        small_town,
        vevent("Styrelsen", at(4), "CLASS:CONFIDENTIAL"),
        vevent("Privat", at(5), "CLASS:PRIVATE"),
        vevent("Kanske", at(6), "STATUS:TENTATIVE"),
        vevent("Inställd", at(7), "STATUS:CANCELLED"),
    )
    assert {t: e.content.status.value for t, e in small_town.events().items()} == {
        "Kanske": "tentative",
        "Inställd": "cancelled",
    }
    assert b"Privat" not in small_town.feed()


# --- A38


@pytest.mark.slow
def test_A38_five_thousand_events_at_once_wait_for_staff(small_town: Town) -> None:
    flood = [vevent(f"Casino {n}", at(2 + n % 300, n % 23), uid=f"c{n}") for n in range(5000)]
    filled(small_town, *evenings(6), *flood)
    assert small_town.titles() == []
    assert small_town.state(CLUB).held is not None
    assert small_town.refresh(after=HOUR)[CLUB].result is Result.HELD


# --- A39, B55, and what a hold is


def test_A39_an_event_swapped_for_another_waits_for_staff(town: Town) -> None:
    page = "https://klubben.example/1"
    filled(town, vevent("Vårkonsert", at(5), uid="a", url=page), *evenings(3, first=8))
    before, version = town.feed(), town.version()
    swapped = vevent("BIG CASINO NIGHT", at(5), uid="a", url="https://spel.example/")
    report = told(town, swapped, *evenings(3, first=8), vevent("Årsmöte", at(25)))
    assert (report.result, town.version(), town.feed()) == (Result.HELD, version, before)
    assert "content-swapped" in report.detail
    assert town.refresh(after=HOUR)[CLUB].result is Result.HELD
    release(town)
    assert {"BIG CASINO NIGHT", "Årsmöte"} <= set(town.titles())
    assert town.state(CLUB).held is None


def test_A39_a_trusted_source_may_change_as_it_likes(small_town: Town) -> None:
    filled(small_town, vevent("Vårkonsert", at(5), uid="a", url="https://klubben.example/1"), trusted=True)
    told(small_town, vevent("BIG CASINO NIGHT", at(5), uid="a", url="https://spel.example/"))
    assert small_town.titles() == ["BIG CASINO NIGHT"]


def test_B55_an_address_in_other_hands_publishes_and_removes_nothing(town: Town) -> None:
    filled(town)
    before = town.feed()
    assert told(town, *SPAM).result is Result.HELD
    for _ in range(4):
        report = town.refresh(after=DAY)[CLUB]
    assert (report.result, report.withdrawn) == (Result.HELD, 0)
    assert town.feed() == before


def test_B55_what_staff_release_is_what_was_held_not_what_is_told_since(small_town: Town) -> None:
    filled(small_town)
    told(small_town, *SPAM)
    small_town.tell(CLUB, *SPAM, vevent("Nyare", at(28), uid="new"))
    release(small_town)
    assert small_town.titles() == [f"Bonus {n}" for n in range(6)]
    assert small_town.refresh(after=HOUR)[CLUB].new == 1


def test_B55_the_owners_own_answer_ends_the_hold_by_itself(small_town: Town) -> None:
    filled(small_town)
    told(small_town, *SPAM)
    report = told(small_town, *evenings(7))
    assert (report.result, report.new, small_town.state(CLUB).held) == (Result.READ, 1, None)


def test_a_hold_does_not_let_the_absences_of_before_go_on(small_town: Town) -> None:
    filled(small_town)
    assert told(small_town, *evenings(5)).absent == 1
    told(small_town, *SPAM)
    for _ in range(3):
        small_town.refresh(after=HOUR)
    assert len(small_town.titles()) == 6


# --- A40


def test_A40_our_own_feed_is_no_source(small_town: Town) -> None:
    filled(small_town)
    small_town.add("eko")
    for _ in range(3):
        small_town.serve("eko", small_town.feed())
        report = small_town.refresh(after=HOUR)["eko"]
        assert (report.result, report.code) == (Result.FAILED, "own-feed")
    assert len(small_town.titles()) == 6


def test_A40_our_events_in_anothers_calendar_do_not_multiply(small_town: Town) -> None:
    filled(small_town)
    small_town.add("eko")
    for round in range(3):
        copied = small_town.feed().replace(PRODID.encode(), b"-//Annan//Kalender//SV")
        own = vevent("Egen fest", at(20), uid=f"fest{round}")
        small_town.serve("eko", copied.replace(b"END:VCALENDAR", f"{own}\r\nEND:VCALENDAR".encode()))
        small_town.refresh(after=HOUR)
        assert len(small_town.titles()) == 7
    assert {p.code for p in small_town.state("eko").problems} == {"own-event"}
    small_town.refresh(after=HOUR)
    assert small_town.state("eko").problems != ()


# --- B49


def test_B49_a_permanent_redirect_is_believed_after_a_week_and_five_sights(small_town: Town) -> None:
    filled(small_town)
    small_town.site.file("/ny.ics", calendar(*evenings(6)))
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/ny.ics"), status=301)
    for _ in range(7):
        small_town.refresh(after=DAY)
        assert small_town.state(CLUB).url is None
    small_town.refresh(after=DAY)
    assert small_town.state(CLUB).url == small_town.site.url("/ny.ics")
    asked = small_town.site.hits(f"/{CLUB}.ics")
    small_town.refresh(after=DAY)
    assert small_town.site.hits(f"/{CLUB}.ics") == asked
    assert len(small_town.titles()) == 6


def test_B49_a_week_with_two_sights_is_not_enough_nor_five_in_a_day(small_town: Town) -> None:
    filled(small_town)
    small_town.site.file("/ny.ics", calendar(*evenings(6)))
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/ny.ics"), status=301)
    for hours in (1, 1, 1, 1, 1, 1):
        small_town.refresh(after=hours * HOUR)
    assert small_town.state(CLUB).url is None
    small_town.tell(CLUB, *evenings(6))
    small_town.refresh(after=HOUR)
    assert small_town.state(CLUB).relocation is None


def test_B49_a_temporary_redirect_is_never_believed(small_town: Town) -> None:
    filled(small_town)
    small_town.site.file("/ny.ics", calendar(*evenings(6)))
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/ny.ics"), status=302)
    for _ in range(9):
        small_town.refresh(after=DAY)
    assert (small_town.state(CLUB).url, small_town.state(CLUB).relocation) == (None, None)


def test_B49_a_redirect_to_a_parked_page_changes_nothing(small_town: Town) -> None:
    filled(small_town)
    small_town.site.page(
        "/parkerad", b"<!doctype html><h1>Denna adress kan vara till salu</h1>", content_type="text/html"
    )
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/parkerad"), status=301)
    for _ in range(9):
        assert not small_town.refresh(after=DAY)[CLUB].ok
    assert (small_town.state(CLUB).url, len(small_town.titles())) == (None, 6)


def test_B49_a_redirect_to_an_answer_that_is_held_proves_nothing(small_town: Town) -> None:
    filled(small_town)
    small_town.site.file("/ny.ics", calendar(*SPAM))
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/ny.ics"), status=301)
    for _ in range(9):
        assert small_town.refresh(after=DAY)[CLUB].result is Result.HELD
    assert small_town.state(CLUB).url is None


def test_B49_a_redirect_to_another_source_pauses_the_twin(small_town: Town) -> None:
    filled(small_town)
    small_town.add("ny")
    small_town.tell("ny", *evenings(6))
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/ny.ics"), status=301)
    for _ in range(9):
        small_town.refresh(after=DAY)
    assert small_town.state(CLUB).paused == "same-address"


def test_B49_an_edited_address_goes_before_one_that_was_moved_to(small_town: Town) -> None:
    filled(small_town)
    small_town.site.file("/ny.ics", calendar(*evenings(6)))
    small_town.site.redirect(f"/{CLUB}.ics", small_town.site.url("/ny.ics"), status=308)
    for _ in range(9):
        small_town.refresh(after=DAY)
    assert small_town.state(CLUB).url is not None
    small_town.site.file("/nyast.ics", calendar(*evenings(6), vevent("Årsmöte", at(25))))
    small_town.add(CLUB, url=small_town.site.url("/nyast.ics"))
    small_town.refresh(after=HOUR)
    assert "Årsmöte" in small_town.titles()


# --- B50, B51


@pytest.mark.parametrize("status", [404, 401, 403, 451, 500, 503])
def test_B50_an_error_keeps_everything_however_long_it_lasts(small_town: Town, status: int) -> None:
    filled(small_town)
    before = small_town.titles()
    small_town.site.page(f"/{CLUB}.ics", b"", status=status)
    for _ in range(3):
        assert small_town.refresh(after=5 * DAY)[CLUB].result is Result.FAILED
    state = small_town.state(CLUB)
    assert (small_town.titles(), state.paused, state.failures) == (before, None, 3)
    assert (state.missing_since is not None) == (status == 404)


def test_B50_a_second_410_a_day_later_pauses_and_events_stay(small_town: Town) -> None:
    filled(small_town)
    small_town.site.page(f"/{CLUB}.ics", b"", status=410)
    paused = []
    for hours in (1, 2, 20, 3):
        small_town.refresh(after=hours * HOUR)
        paused.append(small_town.state(CLUB).paused)
    assert paused == [None, None, None, "gone"]
    assert len(small_town.titles()) == 6


def test_B50_one_410_that_was_a_mistake_is_forgotten(small_town: Town) -> None:
    filled(small_town)
    small_town.site.page(f"/{CLUB}.ics", b"", status=410)
    small_town.refresh(after=HOUR)
    small_town.tell(CLUB, *evenings(6))
    small_town.refresh(after=HOUR)
    small_town.site.page(f"/{CLUB}.ics", b"", status=410)
    small_town.refresh(after=2 * DAY)
    assert small_town.state(CLUB).paused is None


def test_B51_a_304_that_nobody_asked_for_is_an_error(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.site.raw(f"/{CLUB}.ics", answer(304))
    assert small_town.refresh()[CLUB].result is Result.FAILED


def test_B51_an_equal_etag_with_another_body_is_read(small_town: Town) -> None:
    small_town.add(CLUB)
    head = [("ETag", '"same"'), ("Content-Type", CALENDAR)]
    bodies = (calendar(*evenings(2)), calendar(*evenings(3)))
    small_town.site.raw(f"/{CLUB}.ics", *(answer(200, body, head) for body in bodies))
    small_town.refresh()
    small_town.refresh(after=HOUR)
    assert len(small_town.titles()) == 3


def test_B51_after_an_answer_that_could_not_be_read_the_next_one_is_whole(small_town: Town) -> None:
    filled(small_town)
    small_town.serve(CLUB, b"<!doctype html><h1>Hej</h1>", "text/html")
    small_town.refresh(after=HOUR)
    small_town.tell(CLUB, *evenings(6))
    small_town.refresh(after=HOUR)
    asked = small_town.site.last(f"/{CLUB}.ics").headers
    assert "if-none-match" not in asked
    assert "if-modified-since" not in asked
    small_town.refresh(after=HOUR)
    assert "if-none-match" in small_town.site.last(f"/{CLUB}.ics").headers


# --- ordinary life alarms nobody


def test_a_first_fill_of_a_thousand_and_a_new_season_alarm_nobody(small_town: Town) -> None:
    season = [vevent(f"{NAMES[n % 30]} nr {n}", at(2 + n, 18), uid=f"a{n}", location="Folkets hus") for n in range(400)]
    filled(small_town, *season[:200])
    assert told(small_town, *season[200:]).result is Result.READ
    assert small_town.state(CLUB).held is None
