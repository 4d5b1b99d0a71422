"""Keys that change, are doubled, reused or swapped, and content that flaps: C05 to C08, C17 to C21, moves, returns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from aggregator.model import Status, When
from tests.town import DAY, HOUR, NAMES, ZONE, Town, at, calendar, evenings, vevent, weekly

CLUB = "klubben"


def relabelled(round: int, count: int = 6, *more: str) -> list[str]:
    """The evenings, with UIDs of one export only."""
    return [vevent(NAMES[n], at(2 + n), *more, uid=f"export{round}-{n}") for n in range(count)]


def filled(town: Town, *components: str) -> None:
    town.add(CLUB)
    town.tell(CLUB, *components)
    town.refresh()


def news(town: Town, *components: str, after: timedelta = HOUR) -> list[tuple[str, str]]:
    """What the change feeds tell when the source tells this."""
    before = len(town.changes())
    town.tell(CLUB, *components)
    town.refresh(after=after)
    return town.told()[before:]


# --- C05, C06


def test_C05_an_export_that_gives_all_new_uids_keeps_ids_and_doubles_nothing(town: Town) -> None:
    filled(town, *relabelled(0), weekly("Kurs", at(3), uid="old"))
    before, feed = town.ids(), town.feed()
    assert news(town, *relabelled(1), weekly("Kurs", at(3), uid="new")) == []
    assert town.ids() == before
    assert town.feed() == feed


def test_C05_decisions_hang_on_listings_not_on_their_keys(small_town: Town) -> None:
    filled(small_town, *relabelled(0))
    before = {s.id for s in small_town.listings(CLUB)}
    news(small_town, *relabelled(1))
    assert {s.id for s in small_town.listings(CLUB)} == before


def test_C06_uids_that_are_new_at_every_fetch_become_content_keys(small_town: Town) -> None:
    filled(small_town, *relabelled(0))
    before = small_town.ids()
    for round in (1, 2, 3):
        news(small_town, *relabelled(round))
    assert small_town.state(CLUB).content_keyed
    feed, version = small_town.feed(), small_town.version()
    for round in range(4, 14):
        report = small_town.refresh(after=HOUR)[CLUB]
        small_town.tell(CLUB, *relabelled(round))
        report = small_town.refresh(after=HOUR)[CLUB]
        assert (report.new, report.changed, report.withdrawn, report.absent) == (0, 0, 0, 0)
    assert (small_town.ids(), small_town.version(), small_town.feed()) == (before, version, feed)


def test_C06_a_source_with_content_keys_still_changes_adds_and_loses(small_town: Town) -> None:
    filled(small_town, *relabelled(0))
    for round in (1, 2, 3):
        news(small_town, *relabelled(round))
    before = small_town.ids()
    coffee = vevent(NAMES[4], at(6), uid="x", description="Nu med kaffe")
    renewed = [*relabelled(4)[:4], coffee, vevent("Årsmöte", at(20))]
    assert news(small_town, *renewed) == [("added", "Årsmöte")]
    small_town.tell(CLUB, *renewed)  # the very same UIDs again, one thing changed: unread pieces must not be missed
    assert small_town.refresh(after=HOUR)[CLUB].absent == 0
    assert small_town.events()[NAMES[4]].content.description == "Nu med kaffe"
    assert {title: small_town.ids()[title] for title in before if title != NAMES[5]} == {
        title: id for title, id in before.items() if title != NAMES[5]
    }
    assert NAMES[5] not in small_town.titles()


def test_C06_unchanged_uids_of_a_source_with_content_keys_are_not_taken_for_absent(small_town: Town) -> None:
    filled(small_town, *relabelled(0))
    for round in (1, 2, 3, 4):
        news(small_town, *relabelled(round))
    small_town.tell(CLUB, *relabelled(4)[:5], vevent(NAMES[5], at(7), uid="export4-5", location="Torget"))
    report = small_town.refresh(after=HOUR)[CLUB]
    assert (report.absent, report.new, report.changed) == (0, 0, 1)


# --- C07, C08


@pytest.mark.parametrize(
    "second",
    [vevent("Poesiafton", at(9), uid="same"), vevent("Poesiafton", at(4), uid="same")],
    ids=["another start", "the same start"],
)
def test_C07_two_events_under_one_uid_are_both_kept(small_town: Town, second: str) -> None:
    filled(small_town, vevent("Schackturnering", at(4), uid="same"), second)
    assert sorted(small_town.titles()) == ["Poesiafton", "Schackturnering"]
    ids = small_town.ids()
    news(small_town, second, vevent("Schackturnering", at(4), uid="same"), vevent("Årsmöte", at(20)))
    assert {title: small_town.ids()[title] for title in ids} == ids


def test_C07_a_second_event_under_a_known_uid_leaves_the_first_its_id(small_town: Town) -> None:
    filled(small_town, vevent("Schackturnering", at(4), uid="same"))
    (id,) = small_town.ids().values()
    news(small_town, vevent("Schackturnering", at(4), uid="same"), vevent("Poesiafton", at(9), uid="same"))
    assert small_town.ids()["Schackturnering"] == id
    assert len(small_town.titles()) == 2


def test_C08_a_uid_that_another_source_uses_overwrites_nothing(small_town: Town) -> None:
    filled(small_town, vevent("Schackturnering", at(4), uid="known@klubben.example"))
    before = small_town.events()
    small_town.add("annan", role="organizer")
    small_town.tell("annan", vevent("Pokerkväll", at(19), uid="known@klubben.example", status="CANCELLED"))
    small_town.refresh(after=HOUR)
    assert small_town.events()["Schackturnering"] == before["Schackturnering"]
    assert small_town.events()["Pokerkväll"].content.sources == ("annan",)


# --- pieces that come unread


def test_a_second_date_of_one_page_is_new_and_does_not_move_the_first(small_town: Town) -> None:
    cafe: dict[str, Any] = {"url": "https://klubben.example/cafe"}
    filled(small_town, vevent("Språkcafé", at(5), uid="a", **cafe))
    assert news(
        small_town, vevent("Språkcafé", at(5), uid="a", **cafe), vevent("Språkcafé", at(12), uid="b", **cafe)
    ) == [("added", "Språkcafé")]
    assert small_town.titles() == ["Språkcafé 2027-03-05", "Språkcafé 2027-03-12"]


def test_a_date_of_one_page_that_is_over_does_not_become_the_next_one(small_town: Town) -> None:
    cafe: dict[str, Any] = {"url": "https://klubben.example/cafe"}
    filled(small_town, vevent("Språkcafé", at(1, 12), uid="a", **cafe))
    news(small_town, vevent("Språkcafé", at(8, 12), uid="b", **cafe), after=DAY)
    assert small_town.titles() == ["Språkcafé 2027-03-01", "Språkcafé 2027-03-08"]


# --- C17 to C20: what the source says of itself counts for nothing, its content does


def test_C17_stamps_of_the_future_change_nothing(small_town: Town) -> None:
    filled(small_town, *evenings(3))
    feed = small_town.feed()
    later = [
        e.replace("DTSTAMP:20270101T000000Z", "DTSTAMP:20990101T000000Z\r\nLAST-MODIFIED:20990101T000000Z")
        for e in evenings(3)
    ]
    assert news(small_town, *later) == []
    assert small_town.feed() == feed
    news(small_town, *evenings(3)[1:], vevent(NAMES[0], at(2), uid="e0", location="Torget"))
    assert small_town.events()[NAMES[0]].content.location is not None


@pytest.mark.parametrize("number", ["0", "7", "-3", "x"])
def test_C17_a_sequence_that_goes_down_does_not_hide_a_change(small_town: Town, number: str) -> None:
    filled(small_town, vevent("Vårkonsert", at(5), sequence="5"))
    assert news(small_town, vevent("Vårkonsert", at(6), sequence=number)) == [("moved", "Vårkonsert")]


def test_C18_a_sequence_alone_is_no_change_and_a_time_without_one_is(town: Town) -> None:
    filled(town, vevent("Vårkonsert", at(5), sequence="1"))
    version = town.version()
    assert news(town, vevent("Vårkonsert", at(5), sequence="2")) == []
    assert town.version() == version
    told = [town.events()["Vårkonsert"].sequence]
    for hour in (19, 20, 18):
        news(town, vevent("Vårkonsert", at(5, hour), sequence="2"))
        told.append(town.events()["Vårkonsert"].sequence)
    assert told == [0, 1, 2, 3]


def test_C19_a_title_that_flaps_in_case_space_and_entities_is_one_title(small_town: Town) -> None:
    filled(small_town, vevent("Kaffe & kaka", at(5), uid="a"))
    feed, version = small_town.feed(), small_town.version()
    for title in ("KAFFE & KAKA", "Kaffe  &  kaka ", "Kaffe &amp; kaka", "Kaffe & kaka"):
        assert news(small_town, vevent(title, at(5), uid="a")) == []
        assert (small_town.version(), small_town.feed()) == (version, feed)


def test_C20_what_is_new_at_every_fetch_is_no_revision(small_town: Town) -> None:
    def fetched(number: int) -> list[str]:
        stamps = f"DTSTAMP:202702{number % 28 + 1:02}T000000Z"
        links = [f"URL:https://klubben.example/{n}?utm_source=ical&fbclid={number}" for n in range(5)]
        told = [vevent(NAMES[n], at(3 + n), links[n], uid=f"u{n}") for n in range(5)]
        told = [e.replace("DTSTAMP:20270101T000000Z", stamps) for e in told]
        return told[number % 5 :] + told[: number % 5]

    filled(small_town, *fetched(0))
    feed, version = small_town.feed(), small_town.version()
    for number in range(1, 12):
        small_town.tell(CLUB, *fetched(number))
        report = small_town.refresh(after=HOUR)[CLUB]
        assert (report.new, report.changed, report.absent) == (0, 0, 0)
    assert (small_town.version(), small_town.feed()) == (version, feed)


# --- C21: one event of three sources


def told_by_three(town: Town) -> None:
    for id, role in (("tidningen", "media"), ("kommunen", "municipality"), (CLUB, "organizer")):
        town.add(id, role=role)
        town.tell(id, vevent("Vårkonsert med Storbandet", at(5), uid=f"uid-{id}", location="Kyrkan"))
    town.refresh()


def test_C21_three_sources_tell_one_event_and_the_first_in_rank_is_heard(town: Town) -> None:
    told_by_three(town)
    (event,) = town.events().values()
    assert event.content.sources == ("klubben", "kommunen", "tidningen")
    for id, text in (("tidningen", "Nytt!"), (CLUB, "Ta med noter.")):
        concert = vevent("Vårkonsert med Storbandet", at(5), uid=f"uid-{id}", location="Kyrkan", description=text)
        town.tell(id, concert)
    town.refresh(after=HOUR)
    (after,) = town.events().values()
    assert (after.id, after.content.description) == (event.id, "Ta med noter.")


@pytest.mark.parametrize(("source", "status"), [(CLUB, Status.CANCELLED), ("tidningen", Status.SCHEDULED)])
def test_C21_a_cancellation_counts_by_who_says_it(small_town: Town, source: str, status: Status) -> None:
    told_by_three(small_town)
    cancelled = vevent("Vårkonsert med Storbandet", at(5), uid=f"uid-{source}", location="Kyrkan", status="CANCELLED")
    small_town.tell(source, cancelled)
    small_town.refresh(after=HOUR)
    (event,) = small_town.events().values()
    assert event.content.status is status


# --- moved, cancelled, returned


def test_a_moved_event_keeps_its_id_and_tells_its_old_time_for_thirty_days(town: Town) -> None:
    filled(town, vevent("Vårkonsert", at(60)))
    before = town.events()["Vårkonsert"]
    assert news(town, vevent("Vårkonsert", at(62))) == [("moved", "Vårkonsert")]
    after = town.events()["Vårkonsert"]
    assert (after.id, after.sequence, after.moved_from) == (before.id, 1, before.content.when)
    town.now += 29 * DAY
    town.daily()
    assert town.events()["Vårkonsert"].moved_from == before.content.when
    town.now += DAY
    town.daily()
    settled = town.events()["Vårkonsert"]
    assert (settled.moved_from, settled.sequence, settled.told) == (None, 1, after.told)


def test_a_moved_event_under_a_new_uid_keeps_its_id_by_its_page(small_town: Town) -> None:
    filled(small_town, vevent("Storband", at(5), uid="a", url="https://klubben.example/1"), *evenings(2, first=9))
    id = small_town.ids()["Storband"]
    told = news(small_town, vevent("Storband", at(7), uid="b", url="https://klubben.example/1"), *evenings(2, first=9))
    assert (told, small_town.ids()["Storband"]) == ([("moved", "Storband")], id)


def test_one_date_of_a_course_is_moved_by_its_override(small_town: Town) -> None:
    filled(small_town, weekly("Kurs", at(3)))
    id = small_town.ids()["Kurs 2027-03-10"]
    told = news(small_town, weekly("Kurs", at(3)), vevent("Kurs", at(11), uid="Kurs", slot=at(10)))
    moved = small_town.events()["Kurs 2027-03-11"]
    assert (told, moved.id) == ([("moved", "Kurs")], id)


def test_a_course_that_begins_an_hour_later_keeps_all_its_ids(small_town: Town) -> None:
    filled(small_town, weekly("Kurs", at(3)))
    before = small_town.ids()
    told = news(small_town, weekly("Kurs", at(3, 19)))
    assert small_town.ids() == before
    assert {kind for kind, _ in told} == {"moved"}


@pytest.mark.parametrize("word", ["INSTÄLLT: ", "Inställd – ", "CANCELLED: "])
def test_a_cancellation_in_words_or_status_raises_the_sequence(small_town: Town, word: str) -> None:
    filled(small_town, *evenings(2))
    before = small_town.ids()
    told = news(
        small_town, vevent(word + NAMES[0], at(2), uid="e0"), vevent(NAMES[1], at(3), uid="e1", status="CANCELLED")
    )
    assert sorted(told) == [("cancelled", NAMES[1]), ("cancelled", NAMES[0])]
    assert {e.sequence for e in small_town.events().values()} == {1}
    assert small_town.ids() == before


def test_a_withdrawn_event_that_returns_keeps_its_id_and_raises_its_sequence(town: Town) -> None:
    filled(town, *evenings(8))
    id = town.ids()[NAMES[7]]
    news(town, *evenings(7))
    news(town, *evenings(7))
    town.refresh(after=HOUR)
    assert NAMES[7] not in town.titles()
    assert news(town, *evenings(8)) == [("returned", NAMES[7])]
    event = town.events()[NAMES[7]]
    assert (event.id, event.sequence, event.content.when) == (id, 2, When(at(9).replace(tzinfo=ZONE)))


def test_a_first_fill_is_one_line_and_what_follows_is_news(small_town: Town) -> None:
    filled(small_town, *evenings(5))
    assert small_town.changes() == []
    (fill,) = small_town.program.store.changes(small_town.now)
    assert (fill.change.kind, fill.change.event, fill.change.title, fill.change.new) == ("filled", CLUB, "Klubben", "5")
    assert "Klubben" in small_town.feed("/changes.rss").decode()
    assert news(small_town, *evenings(6)) == [("added", NAMES[5])]


# --- C22


def test_C22_two_concerts_at_one_time_in_two_rooms_stay_two(small_town: Town) -> None:
    small_town.add(CLUB, role="venue")
    small_town.add("tidningen")
    small_town.tell(CLUB, vevent("Konsert: Storbandet", at(5), uid="a", location="Stora salen"))
    small_town.tell("tidningen", vevent("Konsert: Visgruppen", at(5), uid="b", location="Lilla salen"))
    small_town.refresh()
    assert len(small_town.titles()) == 2


# --- C09, C10, C25 as residents see them


def starts(town: Town) -> list[str]:
    """Start and end of what is published, in local time."""
    return sorted(
        "/".join(v.isoformat() for v in (e.content.when.start, e.content.when.end) if v is not None)
        for e in town.events().values()
    )


@pytest.mark.parametrize(
    ("components", "wanted"),
    [
        ([vevent("Kurs", at(10), uid="k", slot=at(3))], ["2027-03-10T18:00:00+01:00"]),
        ([vevent("Bio", at(5), "DTEND;TZID=Europe/Stockholm:20270305T170000")], ["2027-03-05T18:00:00+01:00"]),
        ([vevent("Bio", at(5), "DTEND;TZID=Europe/Stockholm:20270305T180000")], ["2027-03-05T18:00:00+01:00"]),
        ([vevent("Bio", at(5), "DTEND;VALUE=DATE:20280305")], ["2027-03-05T18:00:00+01:00"]),
        ([vevent("Gap", at(28, 2.5))], ["2027-03-28T03:30:00+02:00"]),
        ([vevent("Fold", at(31, 2.5, month=10))], ["2027-10-31T02:30:00+02:00"]),
        ([vevent("Marknad", at(28).date())], ["2027-03-28"]),
    ],
    ids=["C09", "C10-before", "C10-equal", "C10-mixed", "C25-gap", "C25-fold", "C25-day"],
)
def test_odd_times_are_told_honestly(small_town: Town, components: list[str], wanted: list[str]) -> None:
    filled(small_town, *components)
    assert starts(small_town) == wanted


def test_C25_a_weekly_course_keeps_its_hour_over_the_change_of_clocks(small_town: Town) -> None:
    filled(small_town, vevent("Kurs", at(21), "RRULE:FREQ=WEEKLY;COUNT=3"))
    assert starts(small_town) == ["2027-03-21T18:00:00+01:00", "2027-03-28T18:00:00+02:00", "2027-04-04T18:00:00+02:00"]


@pytest.mark.parametrize("year", ["0000", "0001", "1601", "1899", "1970", "2038", "9999"])
def test_C11_an_impossible_year_costs_that_event_only(small_town: Town, year: str) -> None:
    filled(
        small_town,
        *evenings(2),
        vevent("Fel år", at(5)).replace("DTSTART;TZID=Europe/Stockholm:2027", f"DTSTART:{year}"),
    )
    assert small_town.titles() == list(NAMES[:2])
    assert small_town.get("/").status_code == 200


# --- C12 to C16, C23: what is broken beside what is whole


@pytest.mark.parametrize(
    "broken",
    [
        vevent("Trasig", at(5), "GEO:99;abc", uid="x").replace("DTSTART;TZID=Europe/Stockholm:", "DTSTART:junk"),
        vevent("Trasig", at(5), "ATTACH;ENCODING=BASE64;VALUE=BINARY:%%%", "NOT A LINE", uid="x").replace(
            "SUMMARY", "X"
        ),
    ],
    ids=["date", "line"],
)
def test_C12_one_broken_event_of_three_costs_only_itself(small_town: Town, broken: str) -> None:
    filled(small_town, *evenings(1), broken, vevent("Årsmöte", at(20)))
    assert small_town.titles() == [NAMES[0], "Årsmöte"]
    assert small_town.state(CLUB).problems


def test_C12_an_event_that_breaks_later_keeps_its_last_good_word(small_town: Town) -> None:
    filled(small_town, *evenings(3))
    before = small_town.feed()
    broken = evenings(3)[1].replace("DTSTART;TZID=Europe/Stockholm:2027", "DTSTART:junk")
    for _ in range(4):
        assert news(small_town, evenings(3)[0], broken, evenings(3)[2], after=DAY) == []
    assert small_town.titles() == list(NAMES[:3])
    assert small_town.feed() == before


AROUND: list[tuple[str, Callable[[bytes], bytes]]] = [
    ("BOM", lambda body: b"\xef\xbb\xbf" + body),
    ("warning", lambda body: b"<br /><b>Notice</b>: undefined index\r\n" + body),
    ("comment", lambda body: body + b"<!-- served in 0.1 s -->\r\n"),
    ("two calendars", lambda body: body + calendar(vevent("Årsmöte", at(20)))),
    ("stray end", lambda body: body.replace(b"BEGIN:VEVENT", b"END:VEVENT\r\nBEGIN:VEVENT", 1)),
]


@pytest.mark.parametrize(("_what", "spoil"), AROUND, ids=[name for name, _ in AROUND])
def test_C13_what_stands_around_events_costs_none_of_them(
    small_town: Town, _what: str, spoil: Callable[[bytes], bytes]
) -> None:
    small_town.add(CLUB)
    small_town.serve(CLUB, spoil(calendar(*evenings(3))))
    small_town.refresh()
    assert set(NAMES[:3]) <= set(small_town.titles())


@pytest.mark.parametrize("end", [b"\n", b"\r"])
def test_C14_line_ends_of_all_systems_are_read_alike(small_town: Town, end: bytes) -> None:
    filled(small_town, *evenings(3))
    feed = small_town.feed()
    small_town.serve(CLUB, calendar(*evenings(3)).replace(b"\r\n", end))
    small_town.refresh(after=HOUR)
    assert small_town.feed() == feed


@pytest.mark.parametrize("zone", ["W. Europe Standard Time", "/example.org/Europe/Stockholm", "Påhittad/Zon"])
def test_C15_zones_by_other_names_are_the_towns_hour(small_town: Town, zone: str) -> None:
    filled(small_town, vevent("Bio", at(5)).replace("Europe/Stockholm", zone))
    assert starts(small_town) == ["2027-03-05T18:00:00+01:00"]


def test_C23_an_address_that_turns_into_a_page_and_back_keeps_its_events(small_town: Town) -> None:
    filled(small_town, *evenings(3))
    ids = small_town.ids()
    small_town.serve(CLUB, "<!doctype html><title>Kväll</title><p>Underhåll pågår.</p>".encode(), "text/html")
    for _ in range(4):
        assert not small_town.refresh(after=DAY)[CLUB].ok
    assert small_town.ids() == ids
    news(small_town, *evenings(3), vevent("Årsmöte", at(20)))
    assert small_town.ids() == ids | {"Årsmöte": small_town.ids()["Årsmöte"]}
