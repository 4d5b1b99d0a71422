"""Which system a calendar lives in, what it would be better with, and how that is done there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from aggregator.formats.maker import maker
from aggregator.model import Counts, Listing, Location, Problem
from aggregator.quality import needs
from aggregator.remedies import STEPS, WANTS, steps
from aggregator.systems import SYSTEMS, system_of
from tests.facts import at, listing

ADDRESSES = {
    "https://calendar.google.com/calendar/ical/x%40group.calendar.google.com/public/basic.ics": "google",
    "https://outlook.office365.com/owa/calendar/x@y/z/calendar.ics": "outlook",
    "webcal://p32-caldav.icloud.com/published/2/abc": "apple",
    "https://cal.laget.se/BYNSIF.ics": "laget",
    "https://portalweb.sportadmin.se/webcal?id=7": "sportadmin",
    "https://www.svenskalag.se/bynsif/kalender": "svenskalag",
    "https://www.tickster.com/sv/events": "tickster",
    "https://www.facebook.com/events/123": "facebook",
    "https://teatern.example/wp-json/tribe/events/v1/events": "wordpress",
    "https://teatern.example/evenemang/?ical=1": "wordpress",
    "https://byn.example/rest-api/evenemang": "sitevision",
    "https://notgoogle.com/calendar.google.com.ics": None,
    "https://laget.se.example/x.ics": None,
    "https://[": None,
}
MAKERS = {
    "-//Google Inc//Google Calendar 70.9054//EN": "google",
    "Microsoft Exchange Server 2010": "outlook",
    "-//Apple Inc.//macOS 14//EN": "apple",
    "-//Teatern - ECPv6.2.0//NONSGML v1.0//EN": None,
    "WordPress 6.5": "wordpress",
    "SiteVision 2024": "sitevision",
    "-//Klubben//Kalender//SV": None,
}


@pytest.mark.parametrize(("address", "system"), ADDRESSES.items())
def test_an_address_tells_its_system(address: str, system: str | None) -> None:
    found = system_of(address)
    assert (found.id if found else None) == system


@pytest.mark.parametrize(("told", "system"), MAKERS.items())
def test_what_an_answer_says_of_itself_tells_its_system(told: str, system: str | None) -> None:
    found = system_of("https://byn.example/kalender", told)
    assert (found.id if found else None) == system


def test_the_host_says_more_than_the_program() -> None:
    found = system_of("https://cal.laget.se/x.ics", "-//Google Inc//Google Calendar 70.9054//EN")
    assert found is not None
    assert found.id == "laget"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Klubben//Kalender//SV\r\n", "-//Klubben//Kalender//SV"),
        (b"BEGIN:VCALENDAR\nprodid;X-A=1:Kalendern\n", "Kalendern"),
        (b"<rss><channel><generator>https://wordpress.org/?v=6.5</generator>", "https://wordpress.org/?v=6.5"),
        (b"<feed><generator uri='x'><![CDATA[Bloggen]]></generator>", "Bloggen"),
        (b'<html><head><meta name="generator" content="WordPress 6.5"/>', "WordPress 6.5"),
        (b"<html><head><meta content='SiteVision 10' name='generator'>", "SiteVision 10"),
        (b"<html><p>PRODID: nej</p>", None),
        (b"\x00\xff" * 20_000, None),
        (b"<meta " * 50_000, None),
        (b"PRODID:" + b"x" * 1000, "x" * 97 + "…"),
    ],
)
def test_an_answer_tells_who_wrote_it(body: bytes, told: str | None) -> None:
    assert maker(body) == told


def listings(count: int, *, ends: int = 0, places: int = 0) -> list[Listing]:
    """So many listings, some with an end and some with a place."""
    found = []
    for n in range(count):
        kind = ("musik",)
        one = listing(f"Afton {n}", at(n + 1), uid=f"u{n}", place="Torget" if n < places else None, categories=kind)
        day = listing(f"Dag {n}", date(2027, 3, 1), uid=f"d{n}", place="Torget", categories=kind)
        found.append(day if n < ends else one)
    return found


@pytest.mark.parametrize(
    ("code", "problems", "told", "wanted"),
    [
        ("html-page", (), [], ("find",)),
        ("login-page", (), [], ("open",)),
        ("", (), [], ("find",)),
        ("", (), listings(4, ends=4), ()),
        ("", (), listings(4, ends=1, places=4), ("ends",)),
        ("", (), listings(4, ends=2, places=4), ()),
        ("", (), listings(4, ends=1), ("ends", "places")),
        ("", ("unknown-zone", "uid-shared"), listings(1, ends=1), ("zone", "uids")),
        ("", ("private",), [], ("open", "find")),
        ("", ("title-markup",), listings(1, ends=1), ("markup",)),
    ],
)
def test_what_an_answer_would_be_better_with(
    code: str, problems: tuple[str, ...], told: list[Listing], wanted: tuple[str, ...]
) -> None:
    assert needs(code, [Problem(name) for name in problems], told) == wanted


def test_events_that_are_over_are_a_calendar_all_the_same() -> None:
    assert needs("", (), [], Counts(past=7)) == ("past",)
    assert needs("", (), [], Counts(past=7, beyond=1)) == ()


def test_new_numbers_for_known_events_are_told() -> None:
    assert needs("", (), listings(1, ends=1), renumbered=True) == ("renumbered",)


def test_most_without_a_kind_is_told_last() -> None:
    bare = [listing("Dag", date(2027, 3, n), uid=f"u{n}", place="Torget") for n in (1, 2)]
    assert needs("", (), bare) == ("kinds",)
    assert needs("", (), [replace(bare[0], categories=("musik",)), bare[1]]) == ()


def test_a_place_is_any_place() -> None:
    online = [listing(place=None, uid="a")]
    assert "places" in needs("", (), online)
    assert "places" not in needs("", (), [listing("Möte", date(2027, 3, 1), place="Zoom")])
    assert Location(online="") != Location()


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_need_has_words_and_steps_in_every_system(language: str) -> None:
    assert set(WANTS[language]) == set(STEPS[language][""]) == set(WANTS["sv"])
    assert set(STEPS[language]) <= {"", *(system.id for system in SYSTEMS)}
    for system in ("", *(system.id for system in SYSTEMS)):
        for need in WANTS[language]:
            assert all(step[0].isupper() and step.endswith((".", ")")) for step in steps(system, need, language))


def test_both_languages_have_the_same_steps() -> None:
    shapes = [
        {(system, need): len(told) for system, table in STEPS[language].items() for need, told in table.items()}
        for language in ("sv", "en")
    ]
    assert shapes[0] == shapes[1]
