"""iCalendar by RFC 5545 and RFC 7986: each MUST that applies to a published calendar of single events.

Not here, with the reason: rules of components and properties that a publisher of events has no use for (alarms,
to-dos, journals, attendees, recurrence of events: the program writes none, and writing one is a violation); 3.7.2's
twin of METHOD in Content-Type, which binds MIME messages, not HTTP; SHOULDs, but for the length of lines and the
digits of GEO, which clients rely on; RFC 5546's ORGANIZER, which is left out for the sake of people's privacy.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from tests.conformance.ical_lines import Component, Property, parse
from tests.conformance.report import Violation

RULES: Mapping[str, str] = {
    "line-break": "RFC 5545 3.1: lines are delimited by CRLF",
    "line-length": "RFC 5545 3.1: lines SHOULD NOT be longer than 75 octets",
    "utf-8": "RFC 5545 3.1.4, 6: UTF-8; no reader mends a character that a fold cuts",
    "control": "RFC 5545 3.1: no control character but HTAB",
    "content-line": 'RFC 5545 3.1, 3.2: name *(";" param) ":" value; `:` `;` `,` of a parameter MUST be quoted',
    "begin-end": "RFC 5545 3.6: every BEGIN has its END",
    "object": "RFC 5545 3.4: a stream is a sequence of VCALENDAR objects",
    "one-calendar": "conventions: one VCALENDAR, since clients refuse several",
    "calendar-required": "RFC 5545 3.6: PRODID and VERSION MUST be there",
    "calendar-once": "RFC 5545 3.6, RFC 7986 4: MUST NOT occur more than once",
    "calendar-component": "RFC 5545 3.6: MUST include at least one component",
    "calendar-method": "RFC 5545 3.7.2, RFC 5546 3.2.1: a published calendar says PUBLISH",
    "version": "RFC 5545 3.7.4: VERSION is 2.0",
    "calscale": "RFC 5545 3.7.1: CALSCALE is GREGORIAN",
    "known-component": "RFC 5545 3.6: VEVENT and VTIMEZONE in a calendar, STANDARD and DAYLIGHT in a zone",
    "known-property": "RFC 5545 3.8, RFC 7986 5: properties of the component, or X-",
    "event-required": "RFC 5545 3.6.1: UID and DTSTAMP MUST be there; 5546 3.2.1: DTSTART and SUMMARY too",
    "event-once": "RFC 5545 3.6.1: MUST NOT occur more than once",
    "uid-unique": "RFC 5545 3.8.4.7: UID MUST be globally unique",
    "uid-host": "RFC 7986 5.3: a UID MUST NOT hold data that identifies host, user or address",
    "value-type": "RFC 5545 3.2.20: VALUE MUST be given where the type is not the default",
    "value-parameter": "RFC 7986 5.7, 5.8, 5.10, 5.11: VALUE MUST be given",
    "utc": "RFC 5545 3.8.7.1 to 3.8.7.3: MUST be in UTC",
    "date": "RFC 5545 3.3.4: a DATE is YYYYMMDD",
    "date-time": "RFC 5545 3.3.5: a DATE-TIME is YYYYMMDDTHHMMSS, with Z in UTC; no offset",
    "tzid-needed": "RFC 5545 3.2.19: TZID MUST be given for a local time (floating times mean another hour elsewhere)",
    "tzid-wrong": "RFC 5545 3.2.19: TZID MUST NOT be given for dates and UTC",
    "tzid-defined": "RFC 5545 3.2.19: a VTIMEZONE MUST be there for each TZID",
    "end-type": "RFC 5545 3.8.2.2: the type of DTEND MUST be that of DTSTART",
    "end-later": "RFC 5545 3.8.2.2: DTEND MUST be later than DTSTART",
    "end-or-duration": "RFC 5545 3.6.1: DTEND and DURATION MUST NOT both be there",
    "sequence": "RFC 5545 3.8.7.4: a whole number from 0 to 2147483647",
    "geo": "RFC 5545 3.8.1.6: latitude;longitude in degrees, SHOULD have six decimals",
    "status": "RFC 5545 3.8.1.11: TENTATIVE, CONFIRMED or CANCELLED",
    "transp": "RFC 5545 3.8.2.7: OPAQUE or TRANSPARENT",
    "text": "RFC 5545 3.3.11: backslash, comma, semicolon and line break MUST be escaped, nothing else may be",
    "uri": "RFC 5545 3.3.13: a URI of RFC 3986",
    "duration": "RFC 5545 3.3.6; RFC 7986 5.7: REFRESH-INTERVAL MUST be positive",
    "color": "RFC 7986 5.9: a CSS3 colour name",
    "display": "RFC 7986 6.1: BADGE, GRAPHIC, FULLSIZE, THUMBNAIL",
    "zone-required": "RFC 5545 3.6.5: TZID MUST be there, once; at least one STANDARD or DAYLIGHT",
    "zone-unique": "RFC 5545 3.6.5: a TZID MUST be unique in the object",
    "observance-required": "RFC 5545 3.6.5: DTSTART, TZOFFSETFROM and TZOFFSETTO MUST be there, once",
    "observance-local": "RFC 5545 3.6.5: DTSTART MUST be a local time",
    "offset": "RFC 5545 3.3.14: sign, hours, minutes; never -0000",
    "recur": "RFC 5545 3.3.10: FREQ MUST be there, no part twice, no UNTIL with COUNT",
    "never-published": "conventions, F27: no alarm, attendee, organizer or recurring rule of an event",
}

_CALENDAR = (
    "VERSION PRODID CALSCALE METHOD NAME DESCRIPTION COLOR SOURCE URL LAST-MODIFIED REFRESH-INTERVAL CATEGORIES IMAGE"
)
_EVENT = (
    "UID DTSTAMP DTSTART DTEND DURATION SUMMARY DESCRIPTION LOCATION GEO CATEGORIES STATUS TRANSP URL CREATED "
    "LAST-MODIFIED SEQUENCE CLASS PRIORITY IMAGE CONFERENCE COLOR"
)
_KNOWN = {
    "VCALENDAR": (_CALENDAR + " UID").split(),
    "VEVENT": _EVENT.split(),
    "VTIMEZONE": ["TZID", "LAST-MODIFIED", "TZURL"],
    "STANDARD": ["DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE", "TZNAME", "COMMENT"],
}
_KNOWN["DAYLIGHT"] = _KNOWN["STANDARD"]
_MANY = {"CATEGORIES", "IMAGE", "CONFERENCE", "COMMENT", "RDATE", "TZNAME", "RRULE", "NAME", "DESCRIPTION"}
_CHILDREN = {"": {"VCALENDAR"}, "VCALENDAR": {"VEVENT", "VTIMEZONE"}, "VTIMEZONE": {"STANDARD", "DAYLIGHT"}}
_NEVER = {"VALARM", "ATTENDEE", "ORGANIZER", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "CONTACT", "ATTACH"}
_TEXTS = {"SUMMARY", "DESCRIPTION", "LOCATION", "NAME", "TZNAME", "PRODID", "UID", "COMMENT"}
_TEXTS |= {"X-WR-CALNAME", "X-WR-CALDESC", "X-ALT-DESC", "X-WR-TIMEZONE"}
_URIS = {"URL", "SOURCE", "IMAGE", "CONFERENCE", "TZURL"}
_VALUE_GIVEN = {"REFRESH-INTERVAL": {"DURATION"}, "SOURCE": {"URI"}, "IMAGE": {"URI", "BINARY"}, "CONFERENCE": {"URI"}}
_TYPES = {"DTSTART": {"DATE", "DATE-TIME"}, "DTEND": {"DATE", "DATE-TIME"}, "RDATE": {"DATE", "DATE-TIME", "PERIOD"}}
_STATUS, _TRANSP = {"TENTATIVE", "CONFIRMED", "CANCELLED"}, {"OPAQUE", "TRANSPARENT"}
_DISPLAY = {"BADGE", "GRAPHIC", "FULLSIZE", "THUMBNAIL"}
_ESCAPES = re.compile(r"\\[\\;,nN]")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[\w.~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+", re.ASCII)
_DURATION = re.compile(r"\+?P(?:\d+W|(?:\d+D)?(?:T(?:\d+H)?(?:\d+M)?(?:\d+S)?)?)")
_GEO = re.compile(r"(-?\d{1,2}\.\d{6,});(-?\d{1,3}\.\d{6,})")
_OFFSET = re.compile(r"[+-](?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")
_LONGEST_NUMBER = 2**31 - 1


def check(body: bytes) -> list[Violation]:
    """What a stream breaks of RFC 5545 and 7986, in the order of the stream."""
    calendars, found = parse(body)
    if len(calendars) != 1:
        found.append(Violation("one-calendar", f"there are {len(calendars)}"))
    found += [Violation("object", one.name) for one in calendars if one.name != "VCALENDAR"]
    for calendar in calendars:
        found += _calendar(calendar)
        found += _names(calendar)
        zones = {one.text("TZID") for one in calendar.children if one.name == "VTIMEZONE"}
        for component in calendar.walk():
            for one in component.properties:
                found += _property(one, component, zones)
    return found


def _calendar(calendar: Component) -> Iterator[Violation]:
    for name in ("PRODID", "VERSION"):
        if not calendar.text(name):
            yield Violation("calendar-required", name)
    yield from _once(calendar, "calendar-once")
    if not calendar.children:
        yield Violation("calendar-component", "there is none")
    if calendar.text("METHOD") != "PUBLISH":
        yield Violation("calendar-method", calendar.text("METHOD"))
    if calendar.text("VERSION") != "2.0":
        yield Violation("version", calendar.text("VERSION"))
    if calendar.text("CALSCALE") not in ("", "GREGORIAN"):
        yield Violation("calscale", calendar.text("CALSCALE"))
    yield from _repeated(calendar, "VEVENT", "UID", "uid-unique")
    yield from _repeated(calendar, "VTIMEZONE", "TZID", "zone-unique")
    for child in calendar.children:
        if child.name in _COMPONENTS:
            yield from _COMPONENTS[child.name](child)


def _once(component: Component, rule: str) -> Iterator[Violation]:
    counted = Counter(one.name for one in component.properties)
    many = _MANY if component.name != "VEVENT" else _MANY - {"DESCRIPTION", "NAME"}
    for name, times in counted.items():
        if times > 1 and name not in many:
            yield Violation(rule, f"{name} {times} times in {component.name} {component.text('UID')}")


def _repeated(calendar: Component, kind: str, name: str, rule: str) -> Iterator[Violation]:
    counted = Counter(one.text(name) for one in calendar.children if one.name == kind)
    yield from (Violation(rule, value) for value, times in counted.items() if times > 1)


def _names(calendar: Component) -> Iterator[Violation]:
    for component in calendar.walk():
        for child in component.children:
            if child.name in _NEVER:
                yield Violation("never-published", child.name)
            elif child.name not in _CHILDREN.get(component.name, set()):
                yield Violation("known-component", f"{child.name} in {component.name}")
        known = _KNOWN.get(component.name, [])
        for name in {one.name for one in component.properties} - set(known):
            if name in _NEVER:
                yield Violation("never-published", f"{name} in {component.name}")
            elif not name.startswith("X-"):
                yield Violation("known-property", f"{name} in {component.name}")


def _event(event: Component) -> Iterator[Violation]:
    where = f"event {event.text('UID')}"
    for name in ("UID", "DTSTAMP", "DTSTART", "SUMMARY"):
        if not event.text(name):
            yield Violation("event-required", f"{name} of {where}")
    yield from _once(event, "event-once")
    if re.search(r"[@./:]", event.text("UID")):
        yield Violation("uid-host", where)
    if event.all("DTEND") and event.all("DURATION"):
        yield Violation("end-or-duration", where)
    if event.all("DTEND") and event.all("DTSTART"):
        yield from _span(event.all("DTSTART")[0], event.all("DTEND")[0], where)


def _span(start: Property, end: Property, where: str) -> Iterator[Violation]:
    if start.params.get("VALUE", "DATE-TIME") != end.params.get("VALUE", "DATE-TIME"):
        yield Violation("end-type", where)
        return
    first, last = _instant(start), _instant(end)
    if first is not None and last is not None and last <= first:
        yield Violation("end-later", f"{where}: {start.value} to {end.value}")


def _zone(zone: Component) -> Iterator[Violation]:
    if len(zone.all("TZID")) != 1 or not zone.children:
        yield Violation("zone-required", zone.text("TZID"))
    for part in zone.children:
        for name in ("DTSTART", "TZOFFSETFROM", "TZOFFSETTO"):
            if len(part.all(name)) != 1:
                yield Violation("observance-required", f"{name} of {part.name}")
        start = next(iter(part.all("DTSTART")), None)
        if start is not None and (start.params or not re.fullmatch(r"\d{8}T\d{6}", start.value)):
            yield Violation("observance-local", start.value)
        yield from (Violation("offset", one.value) for one in part.properties if _bad_offset(one))


_COMPONENTS: Mapping[str, Callable[[Component], Iterator[Violation]]] = {"VEVENT": _event, "VTIMEZONE": _zone}


def _bad_offset(one: Property) -> bool:
    told = one.name.startswith("TZOFFSET")
    return told and (not _OFFSET.fullmatch(one.value) or one.value in ("-0000", "-000000"))


def _property(one: Property, component: Component, zones: set[str]) -> Iterator[Violation]:
    where = f"{one.name} {one.value[:60]!r} of {component.name} {component.text('UID')}"
    given = one.params.get("VALUE")
    if one.name in _VALUE_GIVEN and given not in _VALUE_GIVEN[one.name]:
        yield Violation("value-parameter", where)
    elif given is not None and given not in _VALUE_GIVEN.get(one.name, _TYPES.get(one.name, {given})):
        yield Violation("value-type", where)
    if one.name in ("DTSTART", "DTEND") and component.name == "VEVENT":
        yield from _time(one, zones, where)
    if one.name in ("DTSTAMP", "CREATED", "LAST-MODIFIED") and not _utc(one):
        yield Violation("utc", where)
    rule = _VALUES.get(one.name)
    if rule is not None and not rule[1](one):
        yield Violation(rule[0], where)
    if one.name == "IMAGE" and one.params.get("DISPLAY", "BADGE") not in _DISPLAY:
        yield Violation("display", where)


def _time(one: Property, zones: set[str], where: str) -> Iterator[Violation]:
    value, zone = one.value, one.params.get("TZID")
    if one.params.get("VALUE") == "DATE":
        if not re.fullmatch(r"\d{8}", value) or _stamp(value) is None:
            yield Violation("date", where)
        if zone is not None:
            yield Violation("tzid-wrong", where)
        return
    if re.fullmatch(r"\d{8}", value):
        yield Violation("value-type", where)
    elif not re.fullmatch(r"\d{8}T\d{6}Z?", value) or _stamp(value) is None:
        yield Violation("date-time", where)
    elif value.endswith("Z") and zone is not None:
        yield Violation("tzid-wrong", where)
    elif not value.endswith("Z") and zone is None:
        yield Violation("tzid-needed", where)
    if zone is not None and zone not in zones:
        yield Violation("tzid-defined", where)


def _stamp(value: str) -> datetime | None:
    """The moment as told, without any zone."""
    form = "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d"
    try:
        return datetime.strptime(value.removesuffix("Z"), form)  # noqa: DTZ007 - compared within one zone
    except ValueError:
        return None


def _instant(one: Property) -> float | None:
    """A moment in seconds, days and floating times as if in UTC; None for what is no time or in no zone we know."""
    told, zone = _stamp(one.value), one.params.get("TZID", "UTC")
    if told is None or zone not in available_timezones():
        return None
    return told.replace(tzinfo=ZoneInfo(zone)).timestamp()


def _utc(one: Property) -> bool:
    return bool(re.fullmatch(r"\d{8}T\d{6}Z", one.value)) and _stamp(one.value) is not None and not one.params


def _text(one: Property, separators: str = "") -> bool:
    rest = _ESCAPES.sub("", one.value)
    return not any(sign in rest for sign in "\\;," if sign not in separators)


def _whole(one: Property) -> bool:
    return one.value.isascii() and one.value.isdigit() and int(one.value) <= _LONGEST_NUMBER


def _point(one: Property) -> bool:
    match = _GEO.fullmatch(one.value)
    return match is not None and abs(float(match[1])) <= 90 and abs(float(match[2])) <= 180


def _lasting(one: Property) -> bool:
    return bool(_DURATION.fullmatch(one.value)) and bool(re.search("[1-9]", one.value)) and one.value[-1] != "T"


def _recur(one: Property) -> bool:
    parts = [part.partition("=")[0] for part in one.value.split(";")]
    return "FREQ" in parts and len(parts) == len(set(parts)) and not {"UNTIL", "COUNT"} <= set(parts)


_VALUES: Mapping[str, tuple[str, Callable[[Property], bool]]] = {
    **dict.fromkeys(_TEXTS, ("text", _text)),
    **dict.fromkeys(_URIS, ("uri", lambda one: bool(_URI.fullmatch(one.value)))),
    **dict.fromkeys(["REFRESH-INTERVAL", "X-PUBLISHED-TTL"], ("duration", _lasting)),
    "CATEGORIES": ("text", lambda one: _text(one, separators=",")),
    "SEQUENCE": ("sequence", _whole),
    "GEO": ("geo", _point),
    "STATUS": ("status", lambda one: one.value in _STATUS),
    "TRANSP": ("transp", lambda one: one.value in _TRANSP),
    "COLOR": ("color", lambda one: bool(re.fullmatch("[a-z]{3,20}", one.value))),
    "RRULE": ("recur", _recur),
}
