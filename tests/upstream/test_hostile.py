"""Hostile content through `refresh`: what it is meant to break stays whole, and what is sound in it is published."""

from __future__ import annotations

import json

import pytest

from tests.town import Town, at, calendar, vevent

HTML, JSON, XML = "text/html; charset=utf-8", "application/json", "application/rss+xml"
BAD = "fientlig"


def ical(*lines: str, title: str = "Ont") -> bytes:
    """A calendar with one event that has these further lines, and a sound one."""
    return calendar(vevent(title, at(10), *lines), vevent("Gott", at(11)))


def page(*blocks: str) -> bytes:
    scripts = "".join(f'<script type="application/ld+json">{block}</script>' for block in blocks)
    return f"<!doctype html><html><title>Sida</title>{scripts}</html>".encode()


def event(start: object, name: str = "Ont") -> str:
    return json.dumps({"@context": "https://schema.org", "@type": "Event", "name": name, "startDate": start})


SOUND = event("2027-03-11T18:00:00+01:00", "Gott")
XXE = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<rss version="2.0"><channel><title>F</title><item><title>&x; lördag 13 mars kl 18</title></item></channel></rss>'
)
ALL_LISTS = ";".join(
    f"BY{name}=" + ",".join(str(n) for n in range(first, last))
    for name, first, last in (("MONTH", 1, 13), ("MONTHDAY", 1, 29), ("HOUR", 0, 24), ("MINUTE", 0, 60))
)
# id: (body, type, titles of the source that are published, how many of them at most)
CASES: dict[str, tuple[bytes, str, set[str], int]] = {
    "A01": (ical("RRULE:FREQ=SECONDLY"), "", {"Ont", "Gott"}, 2),
    "A02": (ical("RRULE:FREQ=HOURLY"), "", {"Ont", "Gott"}, 601),
    "A03": (ical("RRULE:FREQ=DAILY;INTERVAL=0"), "", {"Ont", "Gott"}, 2),
    "A04": (ical(f"RRULE:FREQ=YEARLY;{ALL_LISTS}"), "", {"Ont", "Gott"}, 2),
    "A05": (ical("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "", {"Ont", "Gott"}, 2),
    "A06": (ical("RRULE:FREQ=MONTHLY;COUNT=1000000000"), "", {"Ont", "Gott"}, 20),
    "A07": (ical("RRULE:FREQ=MINUTELY", "EXRULE:FREQ=MINUTELY"), "", {"Ont", "Gott"}, 2),
    "A08": (ical("RDATE:" + ",".join(["20270310T180000Z"] * 100_000)), "", {"Gott"}, 1),
    "A09": (ical(*["RRULE:FREQ=WEEKLY;COUNT=3"] * 10), "", {"Gott"}, 1),
    "A10": (ical("BEGIN:VALARM", "REPEAT:2147483647", "END:VALARM"), "", {"Ont", "Gott"}, 2),
    "A11": (ical("DTEND:99991231T000000"), "", {"Gott"}, 2),
    "A12": (ical("DURATION:P36500D", "RRULE:FREQ=DAILY"), "", {"Gott"}, 2),
    "A13": (calendar(*[vevent(f"E{n}", at(10)) for n in range(10_001)]), "", set(), 0),
    "A15": (ical('X-A;B="' + "c" * 1_000_000), "", {"Ont", "Gott"}, 2),
    "A16": (ical(*["BEGIN:VEVENT"] * 5_000), "", {"Gott"}, 2),
    "A26": (XXE.encode(), XML, {"&x;"}, 1),
    "A27": (b"<rss><channel>" + b"<a>" * 200_000, XML, set(), 0),
    "A29": (b"<!doctype html><html><title>S</title>" + b"<div>" * 200_000, HTML, set(), 0),
    "A30": (page('{"@type":"Event","x":' + "[" * 50_000, SOUND), HTML, {"Gott"}, 1),
    "A31": (page(event("morgen"), event("2027-13-45"), event({"a": 1}), SOUND), HTML, {"Gott"}, 1),
    "A32": (page(event("lör " * 5_000), SOUND), HTML, {"Gott"}, 1),
    "A33": (ical("GEO:91;181"), "", {"Ont", "Gott"}, 2),
    "A35": (b"/etc/passwd", "text/plain", set(), 0),
}


@pytest.mark.parametrize("id", CASES)
def test_hostile_content_hurts_nobody(small_town: Town, id: str) -> None:
    """Parametrised by the ids of the catalogue; the neighbour is read in the same refresh."""
    body, kind, titles, most = CASES[id]
    small_town.add("granne")
    small_town.tell("granne", vevent("Grannens fest", at(12)))
    small_town.add(BAD)
    small_town.serve(BAD, body, *([kind] if kind else []))
    report = small_town.refresh()[BAD]
    told = [stored.listing.title for stored in small_town.listings(BAD)]
    assert set(told) == titles
    assert len(told) <= most
    assert report.ok or not titles
    assert report.code != "unexpected"
    assert "Grannens fest" in small_town.titles()
    assert b"root:" not in small_town.feed()


@pytest.mark.parametrize(
    ("id", "line", "never"),
    [
        ("A17", "DESCRIPTION:a\x0bb\x00c", b"\x0b"),
        ("A19", "LOCATION:Torget\u2028BEGIN:VEVENT", b"\nBEGIN:VEVENT\r\nBEGIN"),
        ("A20", "X-Y:z", b"UID:" + b"u" * 300),
        ("A21", "LOCATION:To\u202erget", "\u202e".encode()),
        ("A22", "DESCRIPTION:<script>alert(1)</script><img onerror=x>", b"<script"),
        ("A23", "LOCATION:<script>x</script>", b"<script"),
        ("A36", "ATTENDEE;CN=Nn:mailto:nn@privat.example", b"nn@privat.example"),
    ],
)
def test_what_is_hostile_in_a_value_is_in_no_feed(small_town: Town, id: str, line: str, never: bytes) -> None:
    small_town.add(BAD)
    uid = "u" * 100_000 if id == "A20" else "1"
    small_town.serve(BAD, calendar(vevent("Ont", at(10), line, uid=uid), vevent("Gott", at(11))))
    small_town.refresh()
    assert sorted(small_town.titles()) == ["Gott", "Ont"]
    for path in ("/events.ics", "/events.rss", "/events.json", "/events.jsonld"):
        feed = small_town.feed(f"{path}?from=2027-02-01&days=550").replace(b"\r\n ", b"")
        assert b"Ont" in feed
        assert never not in feed
