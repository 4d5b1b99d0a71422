"""iCalendar answers read through the public door, `read_answer`: a folder of files beside their expectations.

A file `data/ical/<case>.ics` is read at a fixed clock; `<case>.json` holds what must come out. Where a case has a
fault id it stands first in its name.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ReadError
from aggregator.formats import FORMATS, Found, read_answer, reread
from aggregator.model import Chunk, Context, Reading
from tests.reading import context, listings, told

DATA = Path(__file__).parent / "data" / "ical"
CASES = sorted(path.stem for path in DATA.glob("*.ics"))
SETTINGS: dict[str, dict[str, Any]] = {"images": {"images": True}}


def file(case: str) -> bytes:
    return (DATA / f"{case}.ics").read_bytes()


def event(*lines: str, uid: str = "1@exempel.se", start: str = ":20260418T163000Z", title: str = "Konsert") -> str:
    body = "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", f"DTSTART{start}", f"SUMMARY:{title}", *lines, "END:VEVENT"))
    return body + "\r\n"


def calendar(*events: str, head: str = "") -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{head}{''.join(events)}END:VCALENDAR\r\n".encode()


def read(body: bytes, known: dict[str, str] | None = None, **source: Any) -> Reading:
    return read_answer(body, context(**source), known or {})


def hashes(reading: Reading) -> dict[str, str]:
    return {chunk.key: chunk.hash for chunk in reading.chunks}


def only(reading: Reading) -> Chunk:
    (chunk,) = reading.chunks
    return chunk


@pytest.mark.parametrize("case", CASES)
def test_file_gives_what_stands_beside_it(case: str) -> None:
    expected = json.loads((DATA / f"{case}.json").read_text())
    assert told(read(file(case), **SETTINGS.get(case, {}))) == expected


@pytest.mark.parametrize("case", CASES)
def test_law_2_same_bytes_read_again_cost_no_parse_and_change_nothing(case: str) -> None:
    first = read(file(case))
    again = read(file(case), hashes(first))
    assert hashes(again) == hashes(first)
    assert all(chunk.listings is None for chunk in again.chunks)


def test_A08_hundred_thousand_dates_refuse_the_item_alone() -> None:
    dates = ",".join(f"2026{month:02}{day:02}T180000Z" for month in range(1, 13) for day in range(1, 29)) + ","
    reading = read(calendar(event(f"RDATE:{dates * 300}", uid="flod@x"), event(uid="ok@x")))
    assert [listing.stated.uid for listing in listings(reading)] == ["ok@x"]
    assert [problem.code for chunk in reading.chunks for problem in chunk.problems] == ["too-many-dates"]


def test_A02_series_is_capped_and_told() -> None:
    chunk = only(read(calendar(event("RRULE:FREQ=DAILY;BYHOUR=8,12,16", start=":20260301T080000Z"))))
    assert len(chunk.listings or ()) == 600
    assert [problem.code for problem in chunk.problems] == ["too-many-occurrences"]


def test_A13_fifty_thousand_events_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read(calendar("BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 50_000))
    assert caught.value.code == "too-many"


def test_A14_huge_description_is_cut() -> None:
    (listing,) = listings(read(calendar(event("DESCRIPTION:" + "ord " * 40_000))))
    assert len((listing.description or "").encode()) <= 20_000


@pytest.mark.parametrize(
    "line",
    [
        "X-A" + ";P=1" * 100_000 + ":x",
        'DESCRIPTION;ALTREP="' + "x" * 1_000_000,
        "CATEGORIES:" + "a," * 90_000,
        "DESCRIPTION:" + "\\" * 150_000,
        "ATTACH;FMTTYPE=image/png;ENCODING=BASE64;VALUE=BINARY:" + "QUJD" * 1_000_000,
    ],
    ids=["A15_parameters", "A15_unclosed_quote", "A15_categories", "A15_backslashes", "A36_attachment"],
)
def test_flood_in_one_line_hurts_nobody(line: str) -> None:
    reading = read(calendar(event(line), event(uid="ok@x", title="Annat")))
    assert [listing.title for listing in listings(reading)] == ["Konsert", "Annat"]


def test_A16_deep_nesting_is_read_without_recursion() -> None:
    reading = read(calendar("BEGIN:VEVENT\r\n" * 9_000, event(), "END:VEVENT\r\n" * 9_000))
    assert [listing.title for listing in listings(reading)] == ["Konsert"]
    assert reading.damaged
    assert reading.counts.refused == 9_000


def test_A16_deep_nesting_of_other_components_is_linear() -> None:
    nested = "BEGIN:X-A\r\n" * 150_000 + "END:X-A\r\n" * 150_000
    began = time.process_time()
    assert [listing.title for listing in listings(read(calendar(nested, event())))] == ["Konsert"]
    assert time.process_time() - began < 5  # half a minute where the stack is searched in full


@pytest.mark.parametrize("body", [b"/etc/passwd", b"C:\\Windows\\win.ini", b"https://exempel.se/kalender.ics"])
def test_A35_body_that_names_a_file_is_never_opened(body: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read(body)
    assert caught.value.code == "not-a-feed"


@pytest.mark.parametrize(
    "name", ["-//Evenemang//evenemang//SV", "-//Evenemang//2.0//EN"], ids=["this_version", "another_version"]
)
def test_A40_our_own_feed_is_recognised(name: str) -> None:
    with pytest.raises(ReadError) as caught:
        read(calendar(event(), head=f"PRODID:{name}\r\n"))
    assert caught.value.code == "own-feed"


def test_A20_missing_uid_keeps_its_key_over_refetches() -> None:
    lines = "BEGIN:VEVENT\r\nDTSTAMP:{}\r\nDTSTART:20260418T163000Z\r\nSUMMARY:Konsert\r\nEND:VEVENT\r\n"
    first = read(calendar(lines.format("20260101T000000Z")))
    second = read(calendar(event(uid="annat@x"), lines.format("20260202T000000Z")))
    assert listings(first)[0].key in {listing.key for listing in listings(second)}
    assert only(first).key in hashes(second)


def test_C08_same_uid_of_two_sources_are_two_keys() -> None:
    first = listings(read(calendar(event())))[0].key
    second = listings(read(calendar(event()), id="annan"))[0].key
    assert first != second


@pytest.mark.parametrize(
    ("lines", "same"),
    [
        (("DTSTAMP:20260301T120000Z",), True),
        (("LAST-MODIFIED:20990101T000000Z", "CREATED:20260301T120000Z"), True),
        (("SEQUENCE:7",), True),
        (("ATTENDEE;CN=Deltagare:mailto:deltagare@exempel.se",), True),
        (("BEGIN:VALARM", "TRIGGER:-PT15M", "END:VALARM"), True),
        (("DESCRIPTION:Nytt",), False),
        (("STATUS:CANCELLED",), False),
    ],
    ids=["C20_stamp", "C17_clock_ahead", "C18_sequence", "attendee", "alarm", "text", "status"],
)
def test_volatile_lines_do_not_read_a_chunk_again(lines: tuple[str, ...], same: bool) -> None:
    before, after = read(calendar(event())), read(calendar(event(*lines)))
    assert (hashes(before) == hashes(after)) is same


def test_C20_order_of_components_changes_no_hash() -> None:
    parts = [
        event("RRULE:FREQ=WEEKLY;COUNT=3"),
        event("RECURRENCE-ID:20260425T163000Z", title="Annan"),
        event(uid="2@x"),
    ]
    assert hashes(read(calendar(*parts))) == hashes(read(calendar(*reversed(parts))))


def test_C20_token_in_an_address_changes_no_digest() -> None:
    first, second = (
        listings(read(calendar(event(f"URL:https://exempel.se/e/1?id=3&token={token}"))))[0] for token in ("aa", "bb")
    )
    assert first.digest == second.digest


def test_C19_case_space_and_entities_change_no_digest() -> None:
    first, second = (
        listings(read(calendar(event(title=title))))[0].digest
        for title in ("Dans &amp; sång  på torget", "DANS & SÅNG på  torget")
    )
    assert first == second


def test_C18_changed_time_changes_the_digest_without_sequence() -> None:
    first, second = (listings(read(calendar(event(start=f":20260418T1{hour}3000Z"))))[0] for hour in (6, 7))
    assert first.digest != second.digest


@pytest.mark.parametrize("setting", [{"category": ("dans",)}, {"zone": "Europe/Helsinki"}, {"place": "radhuset"}])
def test_changed_settings_of_the_source_read_again(setting: dict[str, Any]) -> None:
    before, after = read(calendar(event())), read(calendar(event()), **setting)
    assert hashes(before) != hashes(after)


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ('"(UTC-05:00) Eastern Time (US & Canada)"', "2026-04-18T18:30:00-04:00"),
        ('"(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna"', "2026-04-18T18:30:00+02:00"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "2026-04-18T18:30:00+02:00"),
        ("Europe/Helsinki", "2026-04-18T18:30:00+03:00"),
    ],
)
def test_C15_zone_name_with_or_without_quotes_is_read_whole(name: str, start: str) -> None:
    reading = read(calendar(event(start=f";TZID={name}:20260418T183000")))
    (listing,) = listings(reading)
    assert listing.when.start.isoformat() == start
    assert only(reading).problems == ()


@pytest.mark.parametrize(
    ("organizer", "kept"),
    [
        ("CN=Karin Exempelsson:mailto:karin.exempelsson@exempel.se", None),
        ("CN=Karin Exempelsson:mailto:noreply@exempel.se", None),
        ("CN=Malmö Opera:mailto:info@exempel.se", "Malmö Opera"),
        ("CN=Röda Rummet:mailto:hanna@rodarummet.se", "Röda Rummet"),
        ("CN=Kulturföreningen Eken:mailto:nn@exempel.se", "Kulturföreningen Eken"),
        ("CN=nn@exempel.se:mailto:nn@exempel.se", None),
        ("CN=Biblioteket:invalid:nomail", "Biblioteket"),
    ],
)
def test_A36_organizer_is_told_only_if_it_is_an_organisation(organizer: str, kept: str | None) -> None:
    (listing,) = listings(read(calendar(event(f"ORGANIZER;{organizer}"))))
    assert listing.organizer == kept


def test_A17_controls_never_reach_keys_names_or_problems() -> None:
    body = calendar(event("RRULE:FREQ=\x00", uid="a\x00b", title="Kon\x00sert"), head="X-WR-CALNAME:By\x00n\r\n")
    reading = read(body)
    chunk = only(reading)
    told = [chunk.key, reading.name or "", *(part for one in chunk.problems for part in (one.item, one.detail))]
    assert chunk.problems
    assert not any("\x00" in part for part in told)


def test_zone_of_the_source_beats_the_calendars_own() -> None:
    body = calendar(event(start=":20260418T183000"), head="X-WR-TIMEZONE:America/New_York\r\n")
    (listing,) = listings(read(body, zone="Europe/Stockholm"))
    assert listing.when.start.isoformat() == "2026-04-18T18:30:00+02:00"


def test_changed_zone_lines_read_again_what_uses_them() -> None:
    zone = "BEGIN:VTIMEZONE\r\nTZID:Egen\r\nBEGIN:STANDARD\r\nTZOFFSETTO:{}\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    events = event(start=";TZID=Egen:20260418T183000"), event(uid="2@x")
    before, after = (hashes(read(calendar(*events, head=zone.format(offset)))) for offset in ("+0100", "+0200"))
    assert before["1@exempel.se"] != after["1@exempel.se"]
    assert before["2@x"] == after["2@x"]


def test_kept_chunk_extends_with_the_window_and_without_a_fetch() -> None:
    chunk = only(read(calendar(event("RRULE:FREQ=WEEKLY", start=";TZID=Europe/Stockholm:20260303T180000"))))
    assert chunk.raw is not None
    later = context(now=context().now.replace(year=2027))
    extended = reread("ical", {chunk.key: chunk.raw}, later)
    starts = [listing.stated.start for listing in listings(extended)]
    assert starts[-1] == "2028-09-12T18:00:00+02:00"
    assert starts[0] == "2027-02-16T18:00:00+01:00"


def test_kept_chunk_is_self_contained() -> None:
    zone = (
        "X-WR-TIMEZONE:Europe/Helsinki\r\nBEGIN:VTIMEZONE\r\nTZID:Egen\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n"
        "TZOFFSETTO:+0900\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
    )
    body = calendar(event("RRULE:FREQ=WEEKLY", start=":20260303T180000"), head=zone)
    chunk = only(read(body))
    assert chunk.raw is not None
    assert only(reread("ical", {chunk.key: chunk.raw}, context())).listings == chunk.listings


@pytest.mark.parametrize(
    ("lines", "start", "kept"),
    [
        ((), ":20260418T163000Z", False),
        ((), ":20290418T163000Z", True),
        (("RRULE:FREQ=WEEKLY;COUNT=3",), ":20260418T163000Z", False),
        (("RRULE:FREQ=WEEKLY",), ":20260418T163000Z", True),
        (("RRULE:FREQ=WEEKLY;UNTIL=20280101T000000Z",), ":20260418T163000Z", True),
    ],
    ids=["single", "beyond", "ends_inside", "open", "ends_beyond"],
)
def test_raw_is_kept_only_where_the_window_can_bring_more(lines: tuple[str, ...], start: str, kept: bool) -> None:
    assert (only(read(calendar(event(*lines, start=start)))).raw is not None) is kept


SERIES = calendar(
    event("RRULE:FREQ=WEEKLY;COUNT=4", start=";TZID=Europe/Stockholm:20260407T180000", title="Kurs"),
    event(uid="2@x", title="Annat"),
    event("RECURRENCE-ID;TZID=Europe/Stockholm:20260414T180000", start=";TZID=Europe/Stockholm:20260415T190000"),
)


def test_C02_series_whose_override_was_cut_away_is_left_as_known() -> None:
    whole = read(SERIES)
    cut = read(SERIES[: SERIES.index(b"RECURRENCE-ID")], hashes(whole))
    assert cut.damaged
    assert [chunk.listings for chunk in cut.chunks] == [None, None]
    assert hashes(cut) == hashes(whole)


def test_a_cancelled_date_is_still_for_those_whom_its_series_is_for() -> None:
    """Without the category and ages of the series it would vanish from a feed of what is for children, untold."""
    start = ";TZID=Europe/Stockholm:20260407T100000"
    series = event(
        "RRULE:FREQ=WEEKLY;COUNT=3",
        "CATEGORIES:Barn",
        "LOCATION:Biblioteket",
        "DESCRIPTION:För barn 3–5 år. Fri entré.",
        start=start,
        title="Sagostund",
    )
    slot = "RECURRENCE-ID;TZID=Europe/Stockholm:20260414T100000"
    off = event(
        slot,
        "STATUS:CANCELLED",
        "DESCRIPTION:Vi har lov.",
        start=start.replace("0407", "0414"),
        title="Inställt: Sagostund",
    )
    held, cancelled = (listings(read(calendar(series, off)))[index] for index in (0, 1))
    assert (cancelled.status.value, cancelled.description) == ("cancelled", "Vi har lov.")
    assert (cancelled.categories, cancelled.age, cancelled.price) == (held.categories, (3, 5), held.price)
    assert cancelled.location == held.location
    assert held.price is not None


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_B43_half_a_file_is_told_as_damaged(share: float) -> None:
    cut = read(SERIES[: int(len(SERIES) * share)])
    assert cut.damaged
    assert "damaged-cut" in [problem.code for problem in cut.problems]


def test_C23_address_that_changes_its_format_is_recognised_anew() -> None:
    feed = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>"""
    assert (read(SERIES).format, read(feed).format) == ("ical", "rss")


def test_C02_news_in_a_cut_answer_is_taken() -> None:
    whole = read(SERIES)
    new = event(uid="3@x", title="Nytt") + event(uid="2@x", title="Ändrat")
    cut = read(calendar(new, head="")[: -len("END:VCALENDAR\r\n")], hashes(whole))
    assert [listing.title for listing in listings(cut)] == ["Ändrat", "Nytt"]


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, len(SERIES)))
def test_law_5_cut_answer_never_says_less_or_older(at: int) -> None:
    whole = read(SERIES)
    try:
        cut = read(SERIES[:at], hashes(whole))
    except ReadError:
        return
    assert cut.damaged or at >= len(SERIES) - 2
    assert all(chunk.listings is None and chunk.hash == hashes(whole)[chunk.key] for chunk in cut.chunks)


def test_law_4_piece_that_breaks_its_reader_is_told_beside_its_siblings(monkeypatch: pytest.MonkeyPatch) -> None:
    def brittle(raw: bytes, where: Context) -> Found:
        if b"trasig" in raw:
            raise OverflowError("date value out of range")
        return FORMATS["ical"].read(raw, where)

    monkeypatch.setitem(FORMATS, "made-up", replace(FORMATS["ical"], name="made-up", read=brittle))
    reading = read(calendar(event(uid="trasig@x"), event(uid="hel@x")), format="made-up")
    assert [listing.key.uid for listing in listings(reading)] == ["hel@x"]
    assert [(one.code, one.item) for chunk in reading.chunks for one in chunk.problems] == [("unreadable", "trasig@x")]
    assert sum((chunk.counts for chunk in reading.chunks), reading.counts).read == 2


BROKEN = st.sampled_from(
    [
        event(uid="trasig@x", start=":skräp"),
        event("RRULE:FREQ=SECONDLY", uid="trasig@x", title=""),
        "BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        event("DTEND:19000101T000000Z", uid="trasig@x", start=":00010101T000000Z"),
        event("CLASS:PRIVATE", uid="trasig@x"),
        "BEGIN:VTODO\r\nUID:att-göra\r\nEND:VTODO\r\n",
    ]
)


@settings(max_examples=30, deadline=None)
@given(broken=BROKEN, at=st.integers(0, 3))
def test_law_4_broken_item_changes_nothing_else(broken: str, at: int) -> None:
    parts = [event(uid=f"{number}@x", title=f"Del {number}") for number in range(3)]
    healthy = listings(read(calendar(*parts)))
    assert listings(read(calendar(*parts[:at], broken, *parts[at:]))) == healthy


@settings(max_examples=30, deadline=None)
@given(order=st.permutations(range(5)))
def test_law_3_order_of_items_changes_nothing(order: list[int]) -> None:
    parts = [
        event("RRULE:FREQ=WEEKLY;COUNT=3", uid="s@x"),
        event("RECURRENCE-ID:20260425T163000Z", "SEQUENCE:1", uid="s@x", title="Ett"),
        event("RECURRENCE-ID:20260425T163000Z", "SEQUENCE:2", uid="s@x", title="Två"),
        event(uid="d@x", title="Ena"),
        event(uid="d@x", title="Andra"),
    ]
    assert told(read(calendar(*(parts[number] for number in order)))) == told(read(calendar(*parts)))
