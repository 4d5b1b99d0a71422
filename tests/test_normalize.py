"""Drafts judged: zones, days and hours, ends, keys, places, ages, what is refused and what is only told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator import prices
from aggregator.model import Context, Draft, Geo, Layer, Listing, Location, Price, Problem, Status
from aggregator.normalize import Fall, judge, listings
from tests.reading import context

START = datetime(2026, 4, 18, 18, 30)  # noqa: DTZ001 - floating


def draft(**told: Any) -> Draft:
    values: dict[str, Any] = {"uid": "1@exempel.se", "title": "Konsert", "start": START} | told
    return Draft(**values)


def listing(told: Draft, ctx: Context | None = None) -> Listing:
    (found,) = (one for one in listings([told], ctx or context()) if isinstance(one, Listing))
    return found


def codes(*drafts: Draft) -> list[str]:
    return [one.code for one in listings(drafts, context()) if isinstance(one, Problem)]


def test_floating_time_is_read_in_the_zone_of_the_source() -> None:
    assert listing(draft()).when.start.isoformat() == "2026-04-18T18:30:00+02:00"
    assert listing(draft()).stated.start == "2026-04-18T18:30:00"


def test_offset_of_another_zone_stays_the_same_instant() -> None:
    told = START.replace(tzinfo=timezone(timedelta(hours=-5)))
    assert listing(draft(start=told)).when.start == told


ENDS = {
    "timed": (START, START + timedelta(hours=2), False, "2026-04-18T20:30:00+02:00", []),
    "C10_before": (START, START - timedelta(hours=1), False, None, ["end-before-start"]),
    "C10_equal": (START, START, False, None, []),
    "C10_mixed": (START, date(2026, 4, 19), False, None, ["end-mixed"]),
    "day_exclusive": (date(2026, 4, 18), date(2026, 4, 20), True, "2026-04-19", []),
    "day_inclusive": (date(2026, 4, 18), date(2026, 4, 20), False, "2026-04-20", []),
    "one_day_exclusive": (date(2026, 4, 18), date(2026, 4, 19), True, None, []),
    "one_day_equal": (date(2026, 4, 18), date(2026, 4, 18), True, None, []),
    "day_before": (date(2026, 4, 18), date(2026, 4, 10), True, None, ["end-before-start"]),
}


@pytest.mark.parametrize(("start", "end", "exclusive", "expected", "told"), ENDS.values(), ids=ENDS.keys())
def test_end(start: date, end: date, exclusive: bool, expected: str | None, told: list[str]) -> None:
    one = draft(start=start, end=end, end_exclusive=exclusive)
    found = listing(one).when.end
    assert (found.isoformat() if found else None) == expected
    assert codes(one) == told


@pytest.mark.parametrize(
    ("hours", "all_day"),
    [
        ((0, 0, 24, 0), True),
        ((0, 0, 23, 59), True),
        ((0, 0, 48, 0), True),
        ((0, 0, 12, 0), False),
        ((0, 1, 24, 0), False),
    ],
)
def test_whole_days_told_in_hours_are_days(hours: tuple[int, int, int, int], all_day: bool) -> None:
    day = datetime(2026, 4, 18)  # noqa: DTZ001
    start = day + timedelta(hours=hours[0], minutes=hours[1])
    end = day + timedelta(hours=hours[2], minutes=hours[3])
    found = listing(draft(start=start, end=end))
    assert found.when.all_day is all_day
    assert found.stated.start == start.isoformat()


@pytest.mark.parametrize(
    ("hour", "stated_in_utc", "first"),
    [(0, True, date(2026, 4, 18)), (22, True, date(2026, 4, 19)), (2, True, None), (0, False, None)],
    ids=["midnight_in_utc", "local_midnight_in_utc", "neither", "local_two_o_clock"],
)
def test_whole_days_told_in_utc_are_days(hour: int, stated_in_utc: bool, first: date | None) -> None:
    start = datetime(2026, 4, 18, hour, tzinfo=UTC)
    told = start.isoformat() if stated_in_utc else start.astimezone(ZoneInfo("Europe/Stockholm")).isoformat()
    shown = start.astimezone(ZoneInfo("Europe/Stockholm"))
    found = listing(draft(start=shown, end=shown + timedelta(days=1), stated_start=told)).when
    assert (found.start if found.all_day else None) == first


def test_midnight_alone_stays_a_time() -> None:
    assert not listing(draft(start=datetime(2026, 12, 31))).when.all_day  # noqa: DTZ001


REFUSED = {
    "no_title": (draft(title=" <b></b> "), "no-title"),
    "A31_no_start": (draft(start=None), "no-start"),
    "A37_private": (draft(private=True), "private"),
    "C11_year_1": (draft(start=date(1, 1, 1)), "out-of-range"),
    "C11_year_1970": (draft(start=datetime(1970, 1, 1, tzinfo=UTC)), "out-of-range"),
    "C11_year_2050": (draft(start=date(2050, 1, 1)), "out-of-range"),
    "C11_year_9999": (draft(start=date(9999, 12, 31)), "out-of-range"),
    "A11_until_the_end_of_time": (draft(end=datetime(9999, 12, 31, 23, 59, tzinfo=UTC)), "too-long"),
    "A11_six_years": (draft(end=datetime(2032, 4, 18)), "too-long"),  # noqa: DTZ001
}


@pytest.mark.parametrize(("told", "code"), REFUSED.values(), ids=REFUSED.keys())
def test_item_is_refused_with_its_reason(told: Draft, code: str) -> None:
    (verdict,) = judge([told], context())
    assert verdict.fall is Fall.REFUSED
    assert [problem.code for problem in verdict.problems] == [code]
    assert all(problem.refused for problem in verdict.problems)


def test_A11_longer_than_a_year_is_told_and_kept() -> None:
    told = draft(start=date(2026, 4, 18), end=date(2027, 5, 1))
    assert listing(told).title == "Konsert"
    assert codes(told) == ["long"]


def test_C11_end_in_the_first_year_is_left_out_and_told() -> None:
    told = draft(end=datetime(1, 1, 1))  # noqa: DTZ001
    assert listing(told).when.end is None
    assert codes(told) == ["end-before-start"]


def test_C11_other_times_in_the_first_and_last_years_are_left_out() -> None:
    told = draft(doors=datetime(9999, 12, 31, 23), previous_start=datetime(1, 1, 1, tzinfo=UTC))  # noqa: DTZ001
    assert (listing(told).doors, listing(told).previous_start) == (None, None)


@pytest.mark.parametrize(
    ("start", "fall"),
    [
        (date(2026, 2, 12), Fall.PAST),
        (date(2026, 2, 13), Fall.INSIDE),
        (date(2027, 9, 14), Fall.INSIDE),
        (date(2027, 9, 15), Fall.BEYOND),
    ],
)
def test_window_holds_both_its_edges(start: date, fall: Fall) -> None:
    (verdict,) = judge([draft(start=start)], context())
    assert verdict.fall is fall
    assert (verdict.listing is not None) is (fall is Fall.INSIDE)


def test_run_that_began_before_the_window_is_inside() -> None:
    (verdict,) = judge([draft(start=date(2026, 1, 1), end=date(2026, 3, 1))], context())
    assert verdict.fall is Fall.INSIDE


def key(*drafts: Draft, number: int = 0) -> str:
    found = [verdict.listing for verdict in judge(drafts, context())][number]
    assert found is not None
    return str(found.key)


def test_key_is_the_uid_that_is_stated() -> None:
    assert key(draft()) == "kalla/1@exempel.se"


def test_key_of_a_shared_uid_has_the_stated_start() -> None:
    other = draft(start=START + timedelta(days=1))
    assert key(draft(), other, number=1) == "kalla/1@exempel.se/2026-04-19T18:30:00"


def test_C07_two_things_of_one_uid_and_start_have_two_keys() -> None:
    pair = draft(), draft(title="Annat")
    assert key(*pair) != key(*pair, number=1)


def test_A20_key_without_uid_is_the_address_of_one_start() -> None:
    assert key(draft(uid=None, url="https://exempel.se/e/1?utm_source=x")) == "kalla/https://exempel.se/e/1"


def test_A20_key_without_uid_and_address_sees_through_case() -> None:
    assert key(draft(uid=None)) == key(draft(uid="", title=" KONSERT "))


def test_A20_address_of_several_starts_names_none_of_them() -> None:
    pair = [draft(uid=None, url="https://exempel.se/alla", start=START + timedelta(days=days)) for days in (0, 1)]
    assert "exempel" not in key(*pair)
    assert key(*pair) != key(*pair, number=1)


def test_A20_long_uid_is_hashed_and_stated_short() -> None:
    found = listing(draft(uid="x" * 1_000_000))
    assert len(found.key.uid) < 64
    assert len(found.stated.uid or "") <= 2048


def test_A17_uid_with_controls_can_be_stored() -> None:
    found = listing(draft(uid="a\x00b\ud800\r\nc"))
    assert found.key.uid == "ab\ufffd c"
    (found.stated.uid or "").encode()
    assert "\x00" not in (found.stated.uid or "")


def test_uid_in_angle_brackets_is_no_markup() -> None:
    assert key(draft(uid="<abc@exempel.se>")) == "kalla/<abc@exempel.se>"


TITLES = {
    "A37_shouted": ("INSTÄLLT: Vårkonsert", "Vårkonsert", Status.CANCELLED),
    "A37_in_the_sentence": ("Inställd konsert", "Konsert", Status.CANCELLED),
    "A37_in_brackets": ("(Inställt) Vårkonsert", "Vårkonsert", Status.CANCELLED),
    "A37_english": ("Cancelled: Dance", "Dance", Status.CANCELLED),
    "a_band": ("Cancelled Flight", "Cancelled Flight", Status.SCHEDULED),
    "postponed": ("Uppskjutet: Dans", "Dans", Status.POSTPONED),
    "nothing_left": ("INSTÄLLT", "INSTÄLLT", Status.SCHEDULED),
    "adjective": ("Inställsamma grannar", "Inställsamma grannar", Status.SCHEDULED),
}


@pytest.mark.parametrize(("title", "bare", "status"), TITLES.values(), ids=TITLES.keys())
def test_status_that_leads_the_title_is_lifted_out(title: str, bare: str, status: Status) -> None:
    found = listing(draft(title=title))
    assert (found.title, found.status) == (bare, status)


GEO = {
    "A33_pole": (Geo(91, 13), None, ["geo-invalid"]),
    "A33_too_far_east": (Geo(55, 181), None, ["geo-invalid"]),
    "A33_not_a_number": (Geo(float("nan"), 13), None, ["geo-invalid"]),
    "A33_nowhere": (Geo(0, 0), None, []),
    "A33_mirrored": (Geo(13.2, 55.6), None, ["geo-invalid"]),
    "here": (Geo(55.6, 13.2), Geo(55.6, 13.2), []),
}


@pytest.mark.parametrize(("told", "kept", "notes"), GEO.values(), ids=GEO.keys())
def test_coordinates(told: Geo, kept: Geo | None, notes: list[str]) -> None:
    one = draft(location=Location(name="Torget", geo=told))
    place = listing(one).location
    assert place is not None
    assert place.geo == kept
    assert codes(one) == notes


def test_settings_of_the_source_fill_what_the_event_leaves_open() -> None:
    ctx = context(place="radhuset", organizer="Kommunen", category=("kultur",), layer=Layer.CIVIC)
    found = listing(draft(categories=("Musik", "KULTUR")), ctx)
    assert found.location == Location(place="radhuset")
    assert (found.organizer, found.categories, found.layer) == ("Kommunen", ("KULTUR", "Musik"), Layer.CIVIC)


def test_source_that_is_always_online() -> None:
    assert listing(draft(), context(place="online")).location == Location(online="")


@pytest.mark.parametrize(("source", "shown"), [({}, False), ({"images": True}, True), ({"licence": "CC BY 4.0"}, True)])
def test_A34_image_is_kept_only_where_the_source_allows_it(source: dict[str, Any], shown: bool) -> None:
    found = listing(draft(image="https://exempel.se/bild.jpg"), context(**source))
    assert (found.image is not None) is shown


@pytest.mark.parametrize(
    ("told", "age"),
    [
        ("6-9", (6, 9)),
        ("7+", (7, None)),
        ("från 12 år", (12, None)),
        ("9-6", None),
        ("alla", None),
        ("500", None),
        (None, None),
    ],
)
def test_age(told: str | None, age: tuple[int, int | None] | None) -> None:
    assert listing(draft(age=told)).age == age


PRICES = {
    "Entré 120 kr.": (False, 120, 120),
    "Entré 80–150 kr": (False, 80, 150),
    "Biljetter: 250 kr i förköp, 300 kr i dörren": (False, 250, 300),
    "Inträde: 1 200 kr": (False, 1200, 1200),
    "Pris: 0 kr": (True, 0, 0),
    "Fri entré!": (True, None, None),
    "Free admission": (True, None, None),
    "Kostnadsfritt": (True, None, None),
    "Fri entré för barn under 12": None,
    "Gratis parkering": None,
    "Gratis fika": None,
    "Vi samlade in 5000 kr förra året": None,
    "Fritt fram": None,
    "": None,
}


@pytest.mark.parametrize(("told", "price"), PRICES.items())
def test_price_in_prose(told: str, price: tuple[bool, int | None, int | None] | None) -> None:
    found = prices.find(told)
    assert (found and (found.free, found.low, found.high)) == price


@pytest.mark.parametrize(
    ("told", "price"),
    [
        ("120 kr", Price(free=False, low=Decimal(120), high=Decimal(120), currency="SEK")),
        ("Free", Price(free=True)),
        ("0 kr", Price(free=True, low=Decimal(0), high=Decimal(0), currency="SEK")),
        ("efter överenskommelse", None),
    ],
)
def test_price_in_a_field_of_its_own(told: str, price: Price | None) -> None:
    assert prices.stated(told) == price


def test_A36_description_keeps_facts_and_loses_contacts() -> None:
    found = listing(draft(description="<p>Dans.</p><p>Ring 070-123 45 67</p>"))
    assert (found.description, found.html) == ("Dans.", None)


@pytest.mark.parametrize("field", ["title", "location", "organizer", "description", "categories", "url"])
def test_digest_sees_every_public_field(field: str) -> None:
    told: dict[str, Any] = {
        "title": "Annat",
        "location": Location(name="Torget"),
        "organizer": "Kören",
        "description": "Nytt",
        "categories": ("Musik",),
        "url": "https://exempel.se/2",
    }
    assert listing(draft(**{field: told[field]})).digest != listing(draft()).digest


def test_C20_digest_does_not_see_key_series_and_statement() -> None:
    other = draft(uid="2@exempel.se", series="s", stated_start="2026-04-18T16:30:00+00:00")
    assert listing(other).digest == listing(draft()).digest


@settings(deadline=None)
@given(
    start=st.one_of(st.dates(), st.datetimes(), st.datetimes(timezones=st.just(UTC))),
    end=st.one_of(st.none(), st.dates(), st.datetimes(), st.datetimes(timezones=st.just(UTC))),
    title=st.text(max_size=20),
    uid=st.text(max_size=20),
)
def test_any_draft_gets_one_verdict_and_no_exception(start: date, end: date | None, title: str, uid: str) -> None:
    (verdict,) = judge([draft(start=start, end=end, title=title, uid=uid, end_exclusive=True)], context())
    assert verdict.listing is not None or verdict.fall is not Fall.INSIDE
    assert verdict.problems or verdict.fall is not Fall.REFUSED
