"""What counts as absence, through refreshes over days: C01 to C04, C24, statements, and 304s that count on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator import ingest, plan
from aggregator.report import Result
from aggregator.state import Drop
from tests.loopback import CALENDAR
from tests.town import DAY, HOUR, NAMES, Town, at, calendar, evenings, rss, vevent, weekly

CLUB = "klubben"
PAGE = b"<!doctype html><html><title>Klubben</title><h1>V\xc3\xa4lkommen</h1><p>Ny hemsida.</p></html>"


def filled(town: Town, count: int = 12, **options: object) -> None:
    """A club that has told so many evenings."""
    town.add(CLUB, **options)
    town.tell(CLUB, *evenings(count))
    town.refresh()
    assert len(town.titles()) == count


# --- C01: nothing, or only what is over


@pytest.mark.parametrize(
    ("body", "content_type"),
    [(b"", CALENDAR), (calendar(), CALENDAR), (PAGE, "text/html"), (b"404", "text/plain")],
    ids=["nothing", "no events", "a page", "a word"],
)
def test_C01_an_answer_without_events_removes_nothing(small_town: Town, body: bytes, content_type: str) -> None:
    filled(small_town)
    before, version = small_town.feed(), small_town.version()
    small_town.serve(CLUB, body, content_type)
    small_town.refresh(after=HOUR)
    small_town.refresh(after=HOUR)
    assert (len(small_town.titles()), small_town.version(), small_town.feed()) == (12, version, before)


def test_C01_an_empty_calendar_is_believed_after_three_sightings_and_three_days(small_town: Town) -> None:
    filled(small_town)
    small_town.tell(CLUB)
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.drop, report.absent, report.withdrawn) == (Drop.ALL, 12, 0)
    told = [(small_town.refresh(after=DAY)[CLUB].withdrawn, len(small_town.titles())) for _ in range(3)]
    assert told == [(0, 12), (0, 12), (10, 2)]  # the first two evenings have begun: they stay until their date


def test_C01_only_past_events_are_as_good_as_none(small_town: Town) -> None:
    filled(small_town)
    small_town.tell(CLUB, vevent("Julbord", at(-20)), vevent("Luciatåg", at(-19)))
    assert small_town.refresh(after=HOUR)[CLUB].drop is Drop.ALL
    assert len(small_town.titles()) == 14


def test_C01_a_source_that_was_always_empty_is_fine(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB)
    reports = [small_town.refresh(after=HOUR)[CLUB] for _ in range(2)]
    assert [(r.ok, r.drop, r.absent) for r in reports] == [(True, Drop.NONE, 0)] * 2


def test_C24_a_source_whose_events_are_all_over_is_no_drop(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, *evenings(8, first=-20))
    small_town.refresh()
    small_town.tell(CLUB, *evenings(8, first=-20)[:1])
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.drop, report.absent, len(small_town.titles())) == (Drop.NONE, 0, 8)


# --- the table, row by row


def test_up_to_five_or_a_fifth_go_with_the_second_sighting(town: Town) -> None:
    filled(town)
    town.tell(CLUB, *evenings(12)[5:])
    assert town.refresh(after=HOUR)[CLUB].absent == 5
    assert len(town.titles()) == 12
    assert town.refresh(after=30 * timedelta(minutes=1))[CLUB].withdrawn == 0
    assert town.refresh(after=HOUR)[CLUB].withdrawn == 5
    assert town.titles() == list(NAMES[5:12])
    assert [kind for kind, _ in town.told()] == ["withdrawn"] * 5


def test_a_longer_interval_spaces_the_sightings(small_town: Town) -> None:
    filled(small_town, interval="6h")
    small_town.tell(CLUB, *evenings(12)[1:])
    told = [small_town.refresh(after=hours * HOUR)[CLUB].withdrawn for hours in (6, 3, 3)]
    assert told == [0, 0, 1]


def test_C03_half_of_the_events_missing_is_held_for_two_days_and_three_sightings(small_town: Town) -> None:
    filled(small_town, 20)
    small_town.tell(CLUB, *evenings(20)[10:], vevent("Årsmöte", at(25)))
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.drop, report.absent, report.new) == (Drop.MANY, 10, 1)
    assert "Årsmöte" in small_town.titles()  # removals are held, what is new is not
    told = [small_town.refresh(after=23 * HOUR)[CLUB].withdrawn for _ in range(3)]
    assert told == [0, 0, 8]  # 69 hours after the first sighting; two evenings have begun meanwhile
    assert [kind for kind, _ in small_town.told()].count("withdrawn") == 8


def test_C03_two_sightings_are_not_enough_however_far_apart(small_town: Town) -> None:
    filled(small_town, 20)
    small_town.tell(CLUB, *evenings(20)[10:])
    small_town.refresh(after=HOUR)
    assert small_town.refresh(after=49 * HOUR)[CLUB].withdrawn == 0
    assert small_town.refresh(after=HOUR)[CLUB].withdrawn > 0


def test_C03_staff_release_what_is_held_at_once(town: Town) -> None:
    filled(town, 20)
    town.tell(CLUB, *evenings(20)[10:])
    town.refresh(after=HOUR)
    ingest.apply(town.program.kit, CLUB, lambda state, _stored, _chunks: plan.release(state), town.now)
    assert town.titles() == list(NAMES[10:20])
    assert town.refresh(after=HOUR)[CLUB].absent == 0


def test_events_that_come_back_are_forgotten_as_absent(small_town: Town) -> None:
    filled(small_town)
    small_town.tell(CLUB, *evenings(12)[1:])
    small_town.refresh(after=HOUR)
    small_town.tell(CLUB, *evenings(12))
    assert small_town.refresh(after=HOUR)[CLUB].absent == 0
    small_town.tell(CLUB, *evenings(12)[1:])
    assert small_town.refresh(after=HOUR)[CLUB].withdrawn == 0


def test_what_has_begun_is_never_withdrawn_by_absence(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, vevent("Öppet hus", at(1, 9)), *evenings(3))
    small_town.refresh()
    small_town.tell(CLUB, *evenings(3))
    small_town.refresh(after=HOUR)
    small_town.refresh(after=HOUR)
    assert "Öppet hus" in small_town.titles()


def test_a_series_counts_once(small_town: Town) -> None:
    """Eighty dates of one course and eight evenings: two of ten things are few."""
    small_town.add(CLUB)
    small_town.tell(CLUB, weekly("Kurs", at(3)), *evenings(9))
    small_town.refresh()
    small_town.tell(CLUB, *evenings(9)[1:])
    report = small_town.refresh(after=HOUR)[CLUB]
    assert report.drop is Drop.FEW
    assert report.absent > 70
    small_town.refresh(after=HOUR)
    assert small_town.titles() == list(NAMES[1:9])


# --- C02: damage


def test_C02_a_file_cut_short_removes_nothing_and_adds_what_it_holds(small_town: Town) -> None:
    filled(small_town)
    whole = calendar(vevent("Årsmöte", at(25)), *evenings(12))
    small_town.serve(CLUB, whole[: len(whole) // 2])
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.damaged, report.new, report.absent) == (True, 1, 0)
    for _ in range(5):
        small_town.refresh(after=DAY)
    assert len(small_town.titles()) == 13


def test_C02_one_byte_short_is_cut_short(small_town: Town) -> None:
    filled(small_town)
    small_town.serve(CLUB, calendar(*evenings(12)[1:]).rstrip()[:-1])
    assert small_town.refresh(after=HOUR)[CLUB].damaged
    small_town.refresh(after=HOUR)
    assert len(small_town.titles()) == 12


def test_C02_a_broken_feed_only_adds(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.serve(CLUB, rss(("Vårkonsert", at(5)), ("Quizkväll", at(6))), "application/rss+xml")
    small_town.refresh()
    cut = rss(("Poesiafton", at(8)), ("Jazzklubb", at(9)))
    small_town.serve(CLUB, cut[: cut.rindex(b"<item>") + 30], "application/rss+xml")
    for _ in range(4):
        small_town.refresh(after=DAY)
    assert small_town.titles() == ["Vårkonsert", "Quizkväll", "Poesiafton"]


def test_C13_a_source_that_stays_damaged_for_ever_still_adds_and_changes(small_town: Town) -> None:
    warning = b"<b>Warning</b>: Cannot modify header\r\n"
    small_town.add(CLUB)
    small_town.serve(CLUB, warning + calendar(*evenings(3), weekly("Kurs", at(3))))
    small_town.refresh()
    body = calendar(*evenings(3)[1:], vevent("Årsmöte", at(25)), weekly("Kurs", at(3, 19)))
    small_town.serve(CLUB, warning + body)
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.new, report.changed > 70) == (1, True)
    small_town.pass_days(2)  # the moving window reads what was kept: the new hour must stand
    hours = {e.content.when.start.hour for e in small_town.events().values() if e.content.title == "Kurs"}  # type: ignore[union-attr]  # they are timed
    assert hours == {19}
    assert len([t for t in small_town.titles() if not t.startswith("Kurs")]) == 4


# --- C04: what an answer covers


def test_C04_a_rolling_list_of_thirty_days_removes_nothing(small_town: Town) -> None:
    """Ten days of a list that shows a week only: every evening stays until it was."""
    small_town.add(CLUB)
    year = evenings(28)
    for day in range(10):
        small_town.tell(CLUB, *year[day : day + 7])
        report = small_town.refresh(after=DAY)[CLUB]
        assert (report.absent, report.withdrawn) == (0, 0)
    assert len(small_town.titles()) == 16


def test_C04_a_list_of_the_next_ten_removes_nothing_when_one_pushes_in(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, *evenings(10))
    small_town.refresh()
    extra = vevent("Årsmöte", at(3, 20))
    small_town.tell(CLUB, *evenings(9), extra)
    for _ in range(3):
        assert small_town.refresh(after=HOUR)[CLUB].absent == 0
    assert len(small_town.titles()) == 11


def test_C04_a_weekly_course_without_end_does_not_widen_a_short_list(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, weekly("Kurs", at(3)), *evenings(9))
    small_town.refresh()
    small_town.tell(CLUB, weekly("Kurs", at(3)), *evenings(8), vevent("Årsmöte", at(3, 20)))
    small_town.refresh(after=HOUR)
    small_town.refresh(after=HOUR)
    assert NAMES[8] in small_town.titles()


def test_C04_a_feed_of_the_latest_items_never_removes(small_town: Town) -> None:
    small_town.add(CLUB)
    items = [(NAMES[n], at(3 + n)) for n in range(12)]
    for first in range(0, 9, 3):
        small_town.serve(CLUB, rss(*items[first : first + 3]), "application/rss+xml")
        small_town.refresh(after=DAY)
    small_town.serve(CLUB, rss(), "application/rss+xml")
    for _ in range(5):
        small_town.refresh(after=DAY)
    assert small_town.titles() == list(NAMES[:9])


def test_C04_an_operator_can_say_that_a_list_is_complete(small_town: Town) -> None:
    filled(small_town, 10, coverage="complete")
    small_town.tell(CLUB, *evenings(9), vevent("Årsmöte", at(3, 20)))
    small_town.refresh(after=HOUR)
    assert small_town.refresh(after=HOUR)[CLUB].withdrawn == 1


def test_C04_an_operator_can_say_that_a_list_tells_only_the_latest(small_town: Town) -> None:
    filled(small_town, 10, coverage="latest")
    small_town.tell(CLUB, *evenings(2))
    for _ in range(5):
        small_town.refresh(after=DAY)
    assert len(small_town.titles()) == 10


# --- unchanged answers count


def test_a_304_for_days_withdraws_what_was_missing(small_town: Town) -> None:
    filled(small_town)
    small_town.tell(CLUB, *evenings(12)[:11])
    assert small_town.refresh(after=HOUR)[CLUB].result is Result.READ
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.result, report.withdrawn) == (Result.UNCHANGED, 1)
    assert NAMES[11] not in small_town.titles()


def test_a_304_for_days_releases_what_was_held(small_town: Town) -> None:
    filled(small_town, 20)
    small_town.tell(CLUB, *evenings(20)[10:])
    small_town.refresh(after=HOUR)
    told = [small_town.refresh(after=DAY)[CLUB] for _ in range(2)]
    assert [r.result for r in told] == [Result.UNCHANGED] * 2
    assert sum(r.withdrawn for r in told) == 9


def test_a_304_for_days_extends_a_weekly_course_and_tells_no_news(town: Town) -> None:
    town.add(CLUB)
    town.tell(CLUB, weekly("Kurs", at(3)))
    town.refresh()
    before = town.events()
    town.pass_days(15)
    after = town.events()
    new = sorted(after.keys() - before.keys())
    assert len(new) == 2
    assert town.changes() == []
    assert {after[title].told for title in new} == {before["Kurs 2027-03-03"].told}
    assert {after[title].series for title in new} == {before["Kurs 2027-03-03"].series}
    assert {after[title] for title in before} == set(before.values())


def test_an_answer_of_the_first_hours_of_a_day_brings_its_dates_quietly_too(small_town: Town) -> None:
    """The course is told otherwise on the very day on which its window moved on."""
    small_town.add(CLUB)
    small_town.tell(CLUB, weekly("Kurs", at(3)))
    small_town.refresh()
    small_town.tell(CLUB, weekly("Kurs", at(3), description="Tag med penna."))
    small_town.refresh(after=6 * DAY)
    assert len(small_town.titles()) == 80
    assert small_town.changes() == []


def test_past_dates_of_a_course_stay_and_do_not_move(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, weekly("Kurs", at(3)))
    small_town.refresh()
    first = small_town.events()["Kurs 2027-03-03"]
    small_town.refresh(after=35 * DAY)
    small_town.tell(CLUB, weekly("Kurs", at(3), location="Torget"))
    small_town.refresh(after=HOUR)
    assert small_town.events()["Kurs 2027-03-03"] == first


# --- statements


def test_a_date_taken_out_by_EXDATE_goes_at_once(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, weekly("Kurs", at(3)))
    small_town.refresh()
    small_town.tell(CLUB, weekly("Kurs", at(3), without=[at(10)]))
    assert small_town.refresh(after=HOUR)[CLUB].withdrawn == 1
    assert "Kurs 2027-03-10" not in small_town.events()
    assert small_town.told() == [("withdrawn", "Kurs")]


def test_a_date_taken_out_by_EXDATE_goes_though_its_override_is_left(small_town: Town) -> None:
    small_town.add(CLUB)
    override = vevent("Kurs i Röda salen", at(10, 19), uid="Kurs", slot=at(10))
    small_town.tell(CLUB, weekly("Kurs", at(3)), override)
    small_town.refresh()
    assert "Kurs i Röda salen" in small_town.titles()
    small_town.tell(CLUB, weekly("Kurs", at(3), without=[at(10)]), override)
    small_town.refresh(after=HOUR)
    assert "Kurs i Röda salen" not in small_town.titles()


def test_what_becomes_private_goes_at_once(small_town: Town) -> None:
    small_town.add(CLUB)
    small_town.tell(CLUB, *evenings(3))
    small_town.refresh()
    small_town.tell(CLUB, vevent(NAMES[0], at(2), "CLASS:PRIVATE", uid="e0"), *evenings(3)[1:])
    small_town.refresh(after=HOUR)
    assert small_town.titles() == list(NAMES[1:3])


def test_a_source_taken_out_goes_at_once_and_returns_with_its_ids(town: Town) -> None:
    filled(town, 3)
    ids = town.ids()
    kept = dict(town.sources[CLUB])
    town.remove(CLUB)
    assert town.titles() == []
    town.sources[CLUB] = kept
    town.edit()
    town.refresh(after=HOUR)
    assert town.ids() == ids


def test_a_disabled_source_goes_at_once_and_returns_with_its_ids(small_town: Town) -> None:
    filled(small_town, 3)
    ids = small_town.ids()
    small_town.add(CLUB, enabled=False)
    assert small_town.titles() == []
    small_town.add(CLUB, enabled=True)
    small_town.refresh(after=HOUR)
    assert small_town.ids() == ids


def test_a_renamed_source_keeps_its_events_and_answers_to_its_new_id(town: Town) -> None:
    filled(town, 3)
    before = town.events()
    url = town.sources.pop(CLUB)["url"]
    town.add("foreningen", url=url, was=CLUB)
    after = town.events()
    assert {title: e.id for title, e in after.items()} == {title: e.id for title, e in before.items()}
    assert {e.content.sources for e in after.values()} == {("foreningen",)}
    town.refresh(after=HOUR)
    assert (len(town.titles()), town.told()) == (3, [])


def test_D08_a_source_file_that_is_gone_keeps_its_events(small_town: Town) -> None:
    file = small_town.folder / "klubben.ics"
    file.write_bytes(calendar(*evenings(3)))
    small_town.add(CLUB, path="klubben.ics")
    small_town.refresh()
    file.unlink()
    for _ in range(4):
        report = small_town.refresh(after=DAY)[CLUB]
        assert not report.ok
        assert "can't be read" in report.detail
    assert len(small_town.titles()) == 3
