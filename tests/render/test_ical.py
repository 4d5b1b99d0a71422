"""iCalendar as written: each MUST that applies, read back by another's parser, and golden files."""

from __future__ import annotations

import os
import re
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import icalendar
import pytest
from hypothesis import given, settings
from icalendar import Calendar

from aggregator.model import PRODID, UID_PATTERN, Content, Event, Location, Status, When
from aggregator.render import ical
from aggregator.render.view import address, place_line, published, title
from aggregator.render.vtimezone import vtimezone
from tests.render.worlds import BASE, TOLD, ZONE, event, events, feed, golden, local, view

DATA = Path(__file__).parent.parent / "data" / "render"


def written(*told: Event, **changes: Any) -> str:
    looked = view(**changes)
    return ical.head(feed()) + "".join(ical.item(e, looked) for e in told) + ical.tail(feed())


def read(*told: Event, **changes: Any) -> Any:
    """The first VEVENT as icalendar reads it."""
    return Calendar.from_ical(written(*told, **changes).encode()).walk("VEVENT")[0]


@pytest.mark.parametrize("case", golden())
def test_golden_file_holds_byte_for_byte(case: str) -> None:
    path = DATA / f"{case}.ics"
    told = written(golden()[case]).encode()
    if os.environ.get("GOLDEN"):
        path.write_bytes(told)
    assert path.read_bytes() == told


@settings(max_examples=150, deadline=None)
@given(events())
def test_law_1_what_is_written_is_read_back(told: Event) -> None:
    back = read(told)
    when = published(told.content, ZONE)
    assert str(back["UID"]) == told.id
    assert str(back["SUMMARY"]) == title(told.content, "sv")
    assert int(back["SEQUENCE"]) == told.sequence
    assert (back["DTSTAMP"].dt, back["CREATED"].dt, back["LAST-MODIFIED"].dt) == (
        told.changed,
        told.created,
        told.changed,
    )
    assert str(back.get("LOCATION", "")) == (place_line(told.content) or "")
    assert str(back["URL"]) == address(told, view())
    assert (told.content.description or "").strip("\n") in str(back["DESCRIPTION"])
    assert [str(c) for c in back["CATEGORIES"].cats] if told.content.categories else True
    _same_time(back, when)


def _same_time(back: Any, when: When) -> None:
    if when.all_day:
        assert back["DTSTART"].dt == when.start
        assert back["DTEND"].dt == when.last_day(ZONE) + timedelta(days=1)
        return
    assert isinstance(when.start, datetime)
    assert back["DTSTART"].dt.timestamp() == when.start.timestamp()
    assert ("DTEND" in back) == (when.end is not None)
    if isinstance(when.end, datetime):
        assert back["DTEND"].dt.timestamp() == when.end.timestamp()


@settings(max_examples=150, deadline=None)
@given(events())
def test_lines_end_with_crlf_and_hold_at_most_75_octets(told: Event) -> None:
    """RFC 5545 3.1: lines SHOULD NOT be longer than 75 octets; "delimited by a line break, CRLF"."""
    text = written(told)
    lines = text.encode().split(b"\r\n")
    assert lines[-1] == b""
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert max(len(line) for line in lines) <= 75
    for line in lines:
        line.decode()  # no character is cut


def test_fold_keeps_an_emoji_family_together() -> None:
    family = "👨‍👩‍👧‍👦"
    for before in range(60, 80):
        folded = ical.fold("SUMMARY:" + "x" * before + family)
        assert family in folded
        assert folded.replace("\r\n ", "") == "SUMMARY:" + "x" * before + family


def test_fold_gives_up_on_one_endless_grapheme_but_never_cuts_a_character() -> None:
    folded = ical.fold("SUMMARY:a" + "\u0301" * 500)
    assert all(len(line.encode()) <= 75 for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == "SUMMARY:a" + "\u0301" * 500


def test_calendar_says_what_clients_need() -> None:
    """RFC 5545 3.6: PRODID and VERSION MUST be there, once; RFC 7986 5.1, 5.2, 5.7, 5.8 and the X- twins."""
    calendar: Any = Calendar.from_ical(written(event()))
    assert str(calendar["PRODID"]) == PRODID
    assert str(calendar["VERSION"]) == "2.0"
    assert str(calendar["METHOD"]) == "PUBLISH"
    assert str(calendar["NAME"]) == str(calendar["X-WR-CALNAME"]) == "Evenemang i Staffanstorp"
    text = written(event())
    assert "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text  # RFC 7986 5.7: VALUE MUST be given
    assert "\r\nX-PUBLISHED-TTL:PT1H\r\n" in text
    assert f"\r\nSOURCE;VALUE=URI:{BASE}/events.ics\r\n" in text
    assert text.count("BEGIN:VCALENDAR") == 1
    assert "\r\nLAST-MODIFIED:20270102T093000Z\r\n" in text


def test_feed_without_events_is_a_valid_calendar() -> None:
    """RFC 5545 3.6: a calendar MUST include at least one component; the zone is one."""
    text = ical.head(feed(changed=None, refresh=168)) + ical.tail(feed())
    assert len(Calendar.from_ical(text).walk("VTIMEZONE")) == 1
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT168H" in text


def test_uid_is_the_id_alone() -> None:
    """RFC 7986 5.3: no host data in a UID."""
    told = event()
    assert str(read(told, base="https://annan.example")["UID"]) == str(read(told)["UID"]) == told.id
    assert re.fullmatch(UID_PATTERN, told.id)


def test_each_property_stands_once() -> None:
    """RFC 5545 3.6.1: these MUST NOT occur more than once."""
    for told in golden().values():
        names = [re.split("[;:]", line)[0] for line in ical.item(told, view()).split("\r\n") if line[:1] != " "]
        single = [n for n in names if n not in ("CATEGORIES", "IMAGE", "CONFERENCE", "")]
        assert len(single) == len(set(single))


def test_days_are_dates_with_an_exclusive_end() -> None:
    """RFC 5545 3.6.1: DTEND is the non-inclusive end; if DTSTART is a DATE, DTEND MUST be one."""
    back = read(golden()["multi-day"])
    assert (back["DTSTART"].dt, back["DTEND"].dt) == (date(2027, 7, 2), date(2027, 7, 5))
    assert str(back["TRANSP"]) == "TRANSPARENT"


def test_no_end_known_gives_no_end() -> None:
    assert not {"DTEND", "DURATION"} & set(read(golden()["no-end"]))


def test_end_not_after_start_is_left_out() -> None:
    """RFC 5545 3.8.2.2: the end MUST be later than the start."""
    assert "DTEND" not in read(event(when=When(local("2027-01-16 18:30"), local("2027-01-16 18:30"))))
    assert "DTEND" not in read(event(when=When(local("2027-01-16 18:30"), local("2027-01-16 18:00"))))


def test_hour_told_twice_is_unambiguous() -> None:
    text = ical.item(golden()["autumn-night"], view())
    assert "DTSTART:20271031T003000Z" in text
    assert "DTEND:20271031T013000Z" in text


def test_cancelled_is_marked_in_status_and_title() -> None:
    back = read(golden()["cancelled"])
    assert (str(back["STATUS"]), str(back["SUMMARY"])) == ("CANCELLED", "INSTÄLLT: Konsert")


def test_cancelled_can_be_told_as_confirmed_for_clients_that_hide_it() -> None:
    back = read(golden()["cancelled"], cancelled="confirmed")
    assert (str(back["STATUS"]), str(back["SUMMARY"])) == ("CONFIRMED", "INSTÄLLT: Konsert")


@pytest.mark.parametrize(
    "stated", ["INSTÄLLT: Konsert", "Inställd - Konsert", "[Inställt] Konsert", "Cancelled: Konsert"]
)
def test_cancelled_is_told_once_however_the_source_wrote_it(stated: str) -> None:
    assert (
        title(Content(title=stated, when=When(date(2027, 1, 1)), status=Status.CANCELLED), "sv") == "INSTÄLLT: Konsert"
    )


def test_moved_event_tells_its_earlier_time() -> None:
    back = read(golden()["moved"])
    assert str(back["STATUS"]) == "CONFIRMED"
    assert "Tidigare tid: fredag 15 januari kl. 18.30–20.30" in str(back["DESCRIPTION"])
    assert int(back["SEQUENCE"]) == 1


def test_run_is_a_span_of_days_with_its_hours_in_words() -> None:
    back = read(golden()["run"])
    assert (back["DTSTART"].dt, back["DTEND"].dt) == (date(2027, 1, 10), date(2027, 3, 1))
    assert "Öppet 10.00–17.00" in str(back["DESCRIPTION"])


def test_english_view_has_no_swedish_words() -> None:
    back = read(golden()["cancelled"], language="en")
    assert str(back["SUMMARY"]) == "CANCELLED: Konsert"
    assert "/en/evenemang/" in str(back["URL"])


def test_description_is_plain_and_markup_stands_apart() -> None:
    back = read(golden()["markup"])
    assert "<b>inte fet</b>" in str(back["DESCRIPTION"])  # the source wrote these signs as text
    assert back["X-ALT-DESC"].params["FMTTYPE"] == "text/html"
    assert "Källa: Staffanstorps bibliotek, kommunen" in str(back["DESCRIPTION"])
    assert "Församlingen (CC BY 4.0)" in str(back["DESCRIPTION"])
    assert f"{BASE}/evenemang/" in str(back["DESCRIPTION"])


def test_image_and_meeting_are_uris() -> None:
    """RFC 7986 5.10 and 5.11: VALUE MUST be given for IMAGE and CONFERENCE."""
    picture = f"IMAGE;VALUE=URI;DISPLAY=FULLSIZE;FMTTYPE=image/jpeg:{BASE}/bild/{'ab' * 16}.jpg"
    assert picture in ical.item(golden()["markup"], view()).replace("\r\n ", "")
    assert "CONFERENCE;VALUE=URI:https://mote.example/rum?x=1" in ical.item(golden()["online"], view())


def test_F27_no_alarm_attendee_or_organizer_is_ever_written() -> None:
    text = written(*golden().values())
    assert not re.search(r"^(BEGIN:VALARM|ATTENDEE|ORGANIZER)", text, re.MULTILINE)


@pytest.mark.parametrize("dirt", ["\x00", "\x0b", "\x85", "\u2028", "\u2029", "\r", "\r\nEND:VEVENT", "\ud800"])
def test_A19_line_breaks_and_controls_never_leave_their_value(dirt: str) -> None:
    told = event(
        title=f"A{dirt}B",
        description=f"c{dirt}d",
        categories=(f"e{dirt}f",),
        organizer=f"g{dirt}h",
        location=Location(name=f"i{dirt}j", online=f"https://k.example/{dirt}l"),
    )
    text = written(told, event(2))
    assert len(Calendar.from_ical(text.encode()).walk("VEVENT")) == 2
    assert len(text.splitlines()) == text.count("\r\n")


@pytest.mark.parametrize("key", ["Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Asia/Tokyo"])
def test_zone_rules_give_the_offsets_of_the_zone(key: str) -> None:
    """RFC 5545 3.6.5; each hour of the days around each change is compared."""
    component: Any = icalendar.Timezone.from_ical(vtimezone(key))
    ours, theirs = component.to_tz(lookup_tzid=False), ZoneInfo(key)
    start = datetime(2027, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    for hour in range(0, 365 * 24, 5):
        naive = start + timedelta(hours=hour)
        if naive.replace(tzinfo=theirs).astimezone(UTC).astimezone(theirs).replace(tzinfo=None) != naive:
            continue  # an hour that the clocks jump over
        assert naive.replace(tzinfo=ours).utcoffset() == naive.replace(tzinfo=theirs).utcoffset(), naive


def test_zone_of_stockholm_is_the_form_clients_know() -> None:
    assert "DTSTART:19700329T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n" in vtimezone("Europe/Stockholm")
    assert "DTSTART:19701025T030000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n" in vtimezone("Europe/Stockholm")


@pytest.mark.slow
def test_every_zone_has_a_component_that_is_read() -> None:
    for key in sorted(available_timezones()):
        assert icalendar.Timezone.from_ical(vtimezone(key))["TZID"] == key


def test_stamps_are_those_of_the_event_never_now() -> None:
    told = event()
    assert ical.item(told, view()) == ical.item(told, view())
    assert str(read(told)["DTSTAMP"].dt) == str(TOLD)


def test_order_of_the_stamps_holds() -> None:
    stamps = [ical.instant(TOLD + timedelta(days=n)) for n in range(5)]
    assert all(a < b for a, b in pairwise(stamps))
