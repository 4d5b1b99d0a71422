"""Prose of notices: the collected strings, and the laws of the reading."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date, get_day_names, get_month_names
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator import swedish
from aggregator.model import Price, Status
from aggregator.swedish.holidays import easter
from aggregator.swedish.words import MONTHS, WEEKDAYS

DATA = Path(__file__).parent / "data" / "swedish"
ZONE = ZoneInfo("Europe/Stockholm")
MONDAY = date(2027, 1, 11)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def cases(name: str) -> list[tuple[str, set[frozenset[str]], date]]:
    """Text, the expected values as sets of words, and the day of reading."""
    rows = [line.split("\t") for line in (DATA / name).read_text("utf-8").splitlines() if line and line[0] != "#"]
    return [
        (row[0].replace("\\n", "\n"), words(row[1]), date.fromisoformat(row[2]) if len(row) > 2 else MONDAY)
        for row in rows
    ]


def words(told: str) -> set[frozenset[str]]:
    return {frozenset(part.split()) for part in told.split("; ") if part != "-"}


def written(told: swedish.Told) -> str:
    """A reading in the notation of the data files."""
    parts = [("" if told.sure else "?") + span(told)]
    if told.weekly is not None:
        rule = told.weekly
        parts.append("each=" + ",".join(CODES[day] for day in rule.days))
        parts += [f"every={rule.every}"] if rule.every > 1 else []
        parts += [f"nth={rule.nth}"] if rule.nth else []
        parts += [f"until={rule.until}"] if rule.until else []
    if told.daily is not None:
        parts += ["each=DAY", f"until={told.daily}"]
    parts += [f"doors={told.doors:%H:%M}"] if told.doors else []
    return " ".join(parts)


def span(told: swedish.Told) -> str:
    start, end = told.when.start, told.when.end
    if not isinstance(start, datetime):
        return f"{start}/{end}" if end else str(start)
    if not isinstance(end, datetime):
        return f"{start:%Y-%m-%dT%H:%M}"
    same = end.date() == start.date()
    return f"{start:%Y-%m-%dT%H:%M}/{end:%H:%M}" if same else f"{start:%Y-%m-%dT%H:%M}/{end:%Y-%m-%dT%H:%M}"


def read(text: str, today: date = MONDAY) -> set[frozenset[str]]:
    return {frozenset(written(told).split()) for told in swedish.read_when(text, today=today, zone=ZONE)}


@pytest.mark.parametrize(
    ("text", "expected", "today"), [pytest.param(*case, id=case[0].replace("\n", "|")) for case in cases("dates.tsv")]
)
def test_a_notice_tells_its_time(text: str, expected: set[frozenset[str]], today: date) -> None:
    assert read(text, today) == expected


def test_at_least_250_strings_are_collected() -> None:
    assert len(cases("dates.tsv")) + len(cases("dates_unseen.tsv")) >= 250


def test_names_are_those_of_cldr() -> None:
    for locale in ("sv", "en"):
        months, days = get_month_names("wide", locale=locale), get_day_names("wide", locale=locale)
        assert all(MONTHS[name.lower()] == number for number, name in months.items())
        assert all(WEEKDAYS[name.lower()] == number for number, name in days.items())


@pytest.mark.parametrize(("year", "day"), [(2024, "03-31"), (2025, "04-20"), (2027, "03-28"), (2038, "04-25")])
def test_easter(year: int, day: str) -> None:
    assert easter(year).isoformat() == f"{year}-{day}"


FOUR_YEARS = [date(2025, 1, 1) + timedelta(days=n) for n in range(4 * 365 + 1)]


@pytest.mark.parametrize("pattern", ["EEEE d MMMM", "EEE d MMM", "EEEE 'den' d MMMM y", "d/M y", "y-MM-dd", "EEEE d/M"])
def test_what_is_written_reads_as_the_same_instant_on_every_day_of_four_years(pattern: str) -> None:
    for number, day in enumerate(FOUR_YEARS):
        minutes = 8 * 60 + number % 56 * 15
        text = f"{format_date(day, pattern, locale='sv')} kl. {minutes // 60}.{minutes % 60:02d}"
        read_back = swedish.read_when(text, today=day - timedelta(days=number % 60), zone=ZONE)
        expected = datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=ZONE)
        assert [told.when.start for told in read_back] == [expected], text
        assert read_back[0].sure, text


def test_the_weekday_decides_the_year() -> None:
    assert read("fredag 3 april kl. 19", date(2026, 1, 11)) == words("2026-04-03T19:00")
    assert read("fredag 3 april kl. 19", date(2026, 11, 11)) == words("2026-04-03T19:00")


@pytest.mark.parametrize("name", ["Skyltsöndag", "Skyltsöndagen den", "Julskyltsöndagen"])
@pytest.mark.parametrize("today", [MONDAY, date(2026, 11, 11)])
def test_a_day_with_a_name_of_its_own_is_read_as_the_weekday_that_ends_it(name: str, today: date) -> None:
    """Also where the date is no Sunday in the year at hand: then both are uncertain."""
    assert read(f"{name} 28 nov kl 14–18", today) == read("söndag 28 nov kl 14–18", today)
    assert swedish.without_times(f"{name} 28 nov").startswith(name.removesuffix(" den"))


def test_a_weekday_that_contradicts_its_date_is_told() -> None:
    (told,) = swedish.read_when("lördag 17 januari kl. 18", today=MONDAY, zone=ZONE)
    assert (told.sure, told.doubts) == (False, ("weekday",))


def test_a_rule_gives_its_occurrences_inside_the_window() -> None:
    (told,) = swedish.read_when("varannan torsdag 21/1–29/4 kl. 14–16", today=MONDAY, zone=ZONE)
    found = swedish.occurrences(told, date(2027, 2, 1), date(2027, 3, 20), ZONE)
    assert [f"{when.start:%m-%d %H}" for when in found if isinstance(when.start, datetime)] == [
        "02-04 14", "02-18 14", "03-04 14", "03-18 14",
    ]  # fmt: skip


def test_a_rule_rests_on_the_days_that_are_excepted() -> None:
    told = swedish.read_when("Måndagar kl 10 (ej 22 februari) 15 februari – 8 mars", today=MONDAY, zone=ZONE)
    days = [when.first_day(ZONE) for when in swedish.occurrences(told[0], MONDAY, date(2027, 12, 31), ZONE)]
    assert days == [date(2027, 2, 15), date(2027, 3, 1), date(2027, 3, 8)]


def test_hours_stay_over_the_change_of_clocks() -> None:
    (told,) = swedish.read_when("torsdagar 18/3–8/4 kl. 18–20", today=MONDAY, zone=ZONE)
    found = swedish.occurrences(told, MONDAY, date(2027, 12, 31), ZONE)
    assert {when.start.hour for when in found if isinstance(when.start, datetime)} == {18}


@pytest.mark.parametrize(
    "junk", ["12/1 " * 4000, "kl. " * 5000, "1" * 20000, "lördag " * 3000, "(" * 20000, "v. 8, " * 3000]
)
def test_A32_F24_junk_is_read_in_linear_time(junk: str) -> None:
    begun = time.process_time()
    swedish.read_when(junk, today=MONDAY, zone=ZONE)
    swedish.read_price(junk), swedish.read_age(junk), swedish.read_status(junk), swedish.strip_stops(junk)
    assert time.process_time() - begun < 2


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="0123456789 ./:-–klövfdagmrsjnuit,()", max_size=80))
@example("29/2 kl. 12")
def test_no_text_raises(text: str) -> None:
    for told in swedish.read_when(text, today=MONDAY, zone=ZONE):
        assert told.when.begins(ZONE)
        swedish.occurrences(told, MONDAY, date(2027, 12, 31), ZONE)


def paid(low: str, high: str | None = None) -> Price:
    return Price(free=False, low=Decimal(low), high=Decimal(high or low), currency="SEK")


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("Fri entré", Price(free=True)),
        ("Kostnadsfritt, ingen anmälan", Price(free=True)),
        ("Entré 120 kr", paid("120")),
        ("80–120 kr", paid("80", "120")),
        ("Vuxen 120 kr, barn 60 kr", paid("60", "120")),
        ("1 200 kr", paid("1200")),
        ("100:-", paid("100")),
        ("Inträde: 150", paid("150")),
        ("Entré 80 kr, gratis för barn", paid("80")),
        ("gratis för barn under 12 år", None),
        ("Medlemmar gratis", None),
        ("Kom som du är, prova gratis", None),
        ("Fri parkering", None),
        ("Ta med 2 kr i mynt", paid("2")),
        ("Konsert kl. 18", None),
    ],
)
def test_price(text: str, price: Price | None) -> None:
    assert swedish.read_price(text) == price


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("6–10 år", (6, 10)), ("för barn 3-6 år", (3, 6)), ("från 6 år", (6, None)), ("7 år och uppåt", (7, None)),
        ("65 år och äldre", (65, None)), ("18+", (18, None)), ("6-9-åringar", (6, 9)), ("åk 4–6", (10, 13)),
        ("under 12 år", (0, 12)), ("för vuxna", (18, None)), ("Föreningen fyller 100 år", None), ("kl. 18–20", None),
    ],
)  # fmt: skip
def test_ages(text: str, ages: tuple[int, int | None] | None) -> None:
    assert swedish.read_age(text) == ages


@pytest.mark.parametrize(
    ("text", "ages"),
    [
        ("Sagor och rim för barn 3–5 år i vuxens sällskap. Fri entré.", (3, 5)),
        ("Passar barn i åldern 6-9 år.", (6, 9)),
        ("För dig mellan 13 och 19 år", (13, 19)),
        ("För barn från 4 år. Biljett 90 kr.", (4, None)),
        ("Grupp 1 för barn 3–5 år kl. 10. Grupp 2 för barn 6–9 år kl. 11.", (3, 9)),
        ("For children 3-6 years", (3, 6)),
        ("Barn 0–12 år går in gratis.", None),
        ("För barn 3–5 år kostar det 30 kr.", None),
        ("Föreningen bildades för 30–40 år sedan.", None),
        ("Kyrkan är 5–10 år äldre än man trott.", None),
        ("Öppet 10–14 år 2027", None),
    ],
)
def test_a_description_tells_for_whom_it_is(text: str, ages: tuple[int, int | None] | None) -> None:
    assert swedish.ages_told(text) == ages


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("INSTÄLLT: Konsert", Status.CANCELLED), ("Konserten är inställd", Status.CANCELLED),
        ("Om det blir inställt meddelas du", None), ("Konsert, uppskjuten", Status.POSTPONED),
        ("Flyttat till onsdag", Status.MOVED), ("Preliminärt: årsmöte", Status.TENTATIVE), ("Konsert", None),
    ],
)  # fmt: skip
def test_status(text: str, status: Status | None) -> None:
    assert swedish.read_status(text) == status


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Välkommen till sopplunch!", "Sopplunch!"), ("OBS! Missa inte julmarknaden", "Julmarknaden"),
        ("Konsert", "Konsert"), ("Kom och dansa", "Dansa"), ("Obs!", "Obs!"),
    ],
)  # fmt: skip
def test_stop_phrases_are_taken_off(title: str, bare: str) -> None:
    assert swedish.strip_stops(title) == bare


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Konsert – lör 16 jan kl. 18", "Konsert"), ("16/1: Loppis", "Loppis"),
        ("Loppis (lördag 16 januari)", "Loppis"),
        ("Första advent", ""), ("Sopplunch: musik till maten", "Sopplunch: musik till maten"),
        ("Familjelördag 16 januari", "Familjelördag"), ("Revy 2027", "Revy 2027"),
        ("Konsert lör 21 mars kl. 18–20", "Konsert"),
        ("Julmarknad lördag", "Julmarknad lördag"), ("Kom på lördag kl. 11!", "Kom på lördag kl. 11!"),
    ],
)  # fmt: skip
def test_a_title_loses_what_is_only_a_time(title: str, bare: str) -> None:
    assert swedish.without_times(title) == bare


def test_nine_in_ten_of_the_strings_kept_unseen_are_read() -> None:
    unseen = cases("dates_unseen.tsv")
    right = sum(read(text, today) == expected for text, expected, today in unseen)
    assert right >= len(unseen) * 9 / 10
