"""iCalendar held to RFC 5545 and 7986 by a checker of our own, over all that we publish; and the checker to itself."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from aggregator.compose import Program
from aggregator.model import Event
from tests.conformance import bodies
from tests.conformance.ical import RULES, check
from tests.conformance.report import told
from tests.render.worlds import golden

ZONE = b"BEGIN:VTIMEZONE\r\nTZID:Europe/Stockholm\r\n"
STANDARD = b"DTSTART:19701025T030000\r\n"
START = b"DTSTART;TZID=Europe/Stockholm:20270116T183000\r\n"
END = b"DTEND;TZID=Europe/Stockholm:20270116T203000\r\n"
ALL_DAY = b"DTSTART;VALUE=DATE:20270606\r\n"
ID = golden()["timed"].id.encode()
UID = b"UID:" + ID
EVENT = b"BEGIN:VEVENT\r\n"
# A change of a valid calendar (what, by what) that breaks one rule.
BROKEN: dict[str, tuple[bytes, bytes]] = {
    "line-break": (b"VERSION:2.0\r\n", b"VERSION:2.0\n"),
    "line-length": (b"COLOR:seagreen", b"X-LONG:" + b"x" * 70),
    "utf-8": (b"COLOR:seagreen", b"X-TEXT:\xc3\r\n \xa5"),
    "control": (b"COLOR:seagreen", b"X-TEXT:a\x0bb"),
    "content-line": (b"COLOR:seagreen", b"COLOR"),
    "begin-end": (b"END:VEVENT\r\n", b""),
    "object": (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nX-AFTER:1\r\n"),
    "one-calendar": (b"END:VCALENDAR\r\n", b"END:VCALENDAR\r\nBEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"),
    "calendar-required": (b"PRODID:", b"X-PRODID:"),
    "calendar-once": (b"CALSCALE:GREGORIAN\r\n", b"CALSCALE:GREGORIAN\r\nCALSCALE:GREGORIAN\r\n"),
    "calendar-component": (b"", b""),
    "calendar-method": (b"METHOD:PUBLISH", b"METHOD:REQUEST"),
    "version": (b"VERSION:2.0", b"VERSION:1.0"),
    "calscale": (b"CALSCALE:GREGORIAN", b"CALSCALE:JULIAN"),
    "known-component": (EVENT, EVENT + b"BEGIN:VFREEBUSY\r\nEND:VFREEBUSY\r\n"),
    "known-property": (EVENT, EVENT + b"STARTTIME:1\r\n"),
    "event-required": (UID, b"X-UID:1"),
    "event-once": (b"SEQUENCE:0\r\n", b"SEQUENCE:0\r\nSEQUENCE:0\r\n"),
    "uid-unique": (EVENT, EVENT + UID + b"\r\nEND:VEVENT\r\n" + EVENT),
    "uid-host": (UID, UID + b"@kalender.example"),
    "value-type": (START, b"DTSTART;TZID=Europe/Stockholm;VALUE=TEXT:20270116T183000\r\n"),
    "value-parameter": (b"SOURCE;VALUE=URI", b"SOURCE"),
    "utc": (b"DTSTAMP:20270102T093000Z", b"DTSTAMP:20270102T093000"),
    "date": (ALL_DAY, b"DTSTART;VALUE=DATE:20270631\r\n"),
    "date-time": (START, b"DTSTART;TZID=Europe/Stockholm:20270116T183000+0100\r\n"),
    "tzid-needed": (START, b"DTSTART:20270116T183000\r\n"),
    "tzid-wrong": (START, b"DTSTART;TZID=Europe/Stockholm:20270116T173000Z\r\n"),
    "tzid-defined": (START, b"DTSTART;TZID=Europe/Oslo:20270116T183000\r\n"),
    "end-type": (END, b"DTEND;VALUE=DATE:20270117\r\n"),
    "end-later": (END, b"DTEND:20270116T173000Z\r\n"),
    "end-or-duration": (END, END + b"DURATION:PT1H\r\n"),
    "sequence": (b"SEQUENCE:0", b"SEQUENCE:-1"),
    "geo": (b"GEO:55.642600;13.206400", b"GEO:95.642600;13.206400"),
    "status": (b"STATUS:CONFIRMED", b"STATUS:MOVED"),
    "transp": (b"TRANSP:TRANSPARENT", b"TRANSP:FREE"),
    "text": (b"SUMMARY:Sagostund", b"SUMMARY:Saga, sagor"),
    "uri": (b"\r\nURL:https://kalender.example/\r\n", b"\r\nURL:https://kalender.example/ a\r\n"),
    "duration": (b"VALUE=DURATION:PT1H", b"VALUE=DURATION:PT0H"),
    "color": (b"COLOR:seagreen", b"COLOR:#2e8b57"),
    "display": (b"DISPLAY=FULLSIZE", b"DISPLAY=LARGE"),
    "zone-required": (ZONE, b"BEGIN:VTIMEZONE\r\n"),
    "zone-unique": (EVENT, ZONE + b"END:VTIMEZONE\r\n" + EVENT),
    "observance-required": (STANDARD, b""),
    "observance-local": (STANDARD, b"DTSTART:19701025T010000Z\r\n"),
    "offset": (b"TZOFFSETTO:+0200", b"TZOFFSETTO:0200"),
    "recur": (b"RRULE:FREQ=YEARLY;BYMONTH=3", b"RRULE:BYMONTH=3"),
    "never-published": (EVENT, EVENT + b"ATTENDEE:mailto:a@b.example\r\n"),
}  # fmt: skip


def breaches(body: bytes) -> list[str]:
    return told(check(body), RULES)


@pytest.mark.parametrize("name", bodies.hand_made("ics"))
def test_golden_case_conforms(name: str) -> None:
    assert breaches(bodies.hand_made("ics")[name]) == []


@settings(max_examples=150, deadline=None)
@given(bodies.feeds_of_events())
def test_any_events_conform(made: list[Event]) -> None:
    assert breaches(bodies.written("ics", made)) == []


@pytest.mark.slow
def test_example_town_conforms(example: Program) -> None:
    paths = [f"/events.ics?{query}" for query in bodies.QUERIES]
    for path, body in bodies.served(example, paths).items():
        assert breaches(body) == [], path


@pytest.mark.corpus
@pytest.mark.slow
@bodies.needs_corpus
def test_every_event_of_the_corpus_conforms() -> None:
    wrong = {name: breaches(bodies.written("ics", made)) for name, made in bodies.of_the_corpus()}
    assert {name: lines for name, lines in wrong.items() if lines} == {}


def test_every_rule_has_a_calendar_that_breaks_it() -> None:
    assert set(BROKEN) == set(RULES)


@pytest.mark.parametrize("rule", BROKEN)
def test_calendar_that_breaks_a_rule_is_found_out(rule: str) -> None:
    body = bodies.hand_made("ics")["all, {'language': 'sv'}"]
    what, by = BROKEN[rule]
    if rule == "calendar-component":
        broken = body.partition(b"BEGIN:VTIMEZONE")[0] + b"END:VCALENDAR\r\n"
    else:
        assert what in body
        broken = body.replace(what, by, 1)
    assert rule in {breach.rule for breach in check(broken)}
