"""iCalendar (RFC 5545) as real producers write it. Cutting is in `salvage`, one event in `vevent`.

A chunk is all components of one UID. Its hash leaves out DTSTAMP, CREATED and LAST-MODIFIED (many producers write
"now"), attendees and alarms (never read), and SEQUENCE unless several components compete, since content decides
(C17, C18, C20); the order of components does not matter.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from aggregator import zones
from aggregator.errors import ReadError
from aggregator.formats.contentlines import parse, unfold
from aggregator.formats.decoding import decode
from aggregator.formats.eventtimes import Clocks
from aggregator.formats.format import Format, Found, Piece, Split
from aggregator.formats.recall import called_off, calls_off
from aggregator.formats.salvage import Calendar, salvage
from aggregator.formats.series import Series, component
from aggregator.formats.vtimezone import meaning
from aggregator.model import PRODID, Context, Coverage, Problem
from aggregator.problems import SENTENCES
from aggregator.text import clean_text

MAX_EVENTS = 10_000  # of one answer, fault A13
MAX_LINE = 200_000  # of one unfolded line; inline attachments are longer and never read (A36)
OWN_PRODID = "-//" + PRODID.split("//")[1] + "//"  # our own feeds begin so, in every version of ours (A40)

LOOK = 16_384  # bytes in which the frame line must stand; a site's error message before it is shorter

_OTHER = re.compile(rb"\s*(?:[{\[]|<(?:\?xml|!doctype|html|head|body|rss|feed|rdf)\b)", re.IGNORECASE)
_FRAME = re.compile(rb"^[ \t]*[\xff\xfe\xef\xbb\xbf]*BEGIN:(?:VCALENDAR|VEVENT)[ \t]*$", re.IGNORECASE | re.MULTILINE)
_UID = re.compile(rb"^UID(?:;[^:\n]*)?:[ \t]*([^\n]*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_ZONE = re.compile(rb"^BEGIN:VTIMEZONE\n(.*?)^END:VTIMEZONE$", re.MULTILINE | re.DOTALL)
_SHOWN = b"BEGIN:VCALENDAR\nX-WR-TIMEZONE"  # how such a piece begins
# A zone's name with a colon and no quotation marks, as some servers write it: "TZID=(UTC+01:00) Stockholm:2027…"
_COLON = re.compile(
    rb"^((?:DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(?:;VALUE=[A-Z-]{1,20})?;TZID=)"
    rb"([^\"\n:;]{1,80}:[^\"\n;]{1,120}):(?=\d{8}T)",
    re.MULTILINE | re.IGNORECASE,
)
_NAMED = re.compile(rb"TZID=(?:\"([^\"\n]*)\"|([^\":;,\n]+))")
_SILENT = (b"DTSTAMP:", b"CREATED:", b"LAST-MODIFIED:", b"ATTENDEE;", b"ATTENDEE:", b"ACKNOWLEDGED:", b"X-WR-ALARMUID:")
_ALARM = re.compile(rb"^BEGIN:VALARM\n.*?^END:VALARM\n", re.MULTILINE | re.DOTALL)
_SERIES = re.compile(rb"^(?:RRULE|RDATE|RECURRENCE-ID)[;:]", re.MULTILINE | re.IGNORECASE)
_LONG = re.compile(rb"^(?!RDATE|EXDATE)[^\n]{%d,}\n?" % MAX_LINE, re.MULTILINE | re.IGNORECASE)


def detect(head: bytes, _content_type: str) -> bool:
    """By the frame line near the top, whatever stands before it; pages and XML that hold a calendar are none."""
    top = head[:LOOK].replace(b"\0", b"").replace(b"\r", b"\n")  # UTF-16 shows through
    if _OTHER.match(top):
        return False
    return _FRAME.search(top) is not None


def split(body: bytes, context: Context) -> Split:
    """One piece for each UID. Raises `ReadError` for our own feed (A40), too many events, and no calendar at all."""
    decoded = decode(body, context.content_type)
    text = body if decoded.charset == "utf-8" else decoded.text.encode(errors="replace")
    unfolded = _COLON.sub(rb'\1"\2":', unfold(text))
    found = salvage(_LONG.sub(b"", unfolded) if len(text) > MAX_LINE else unfolded)
    total = sum(len(calendar.events) for calendar in found.calendars) + found.unclosed
    if not found.calendars:
        raise ReadError(SENTENCES["not-a-feed"][1], code="not-a-feed")
    if total > MAX_EVENTS:
        raise ReadError(SENTENCES["too-many"][1].replace("{detail}", str(MAX_EVENTS)), code="too-many")
    problems = list(decoded.problems)
    if found.damage:
        problems.append(Problem(f"damaged-{found.damage}", refused=False))
    partial = all(calls_off(calendar.lines) for calendar in found.calendars)
    if partial:  # it names what is called off, not what there is
        problems.append(Problem("calls-off", refused=False))
    if found.unclosed:
        problems.append(Problem("unclosed", detail=str(found.unclosed)))
    return Split(
        pieces=tuple(_pieces(found.calendars)),
        problems=tuple(problems),
        damaged=bool(found.damage) or partial,
        cut=found.cut,
        refused=found.unclosed,
        name=_name(found.calendars),
    )


def read(raw: bytes, context: Context) -> Found:
    """The components of one piece as drafts, dates inside the window."""
    zone = ZoneInfo(context.zone)
    events = [part.rpartition(b"END:VEVENT")[0] for part in raw.split(b"\nBEGIN:VEVENT\n")[1:]]
    clocks = _clocks(raw, zone, trusted=context.source.zone is None)
    alone = len(events) == 1
    components = [component(event, b"" if alone else _mark(event, alone=False), clocks) for event in events]
    first, last = context.window.first, context.window.last + timedelta(days=1)
    span = (
        datetime(first.year, first.month, first.day, tzinfo=zone),
        datetime(last.year, last.month, last.day, tzinfo=zone),
    )
    return Series(components, clocks, span).found()


def _clocks(raw: bytes, default: ZoneInfo, *, trusted: bool) -> Clocks:
    """What the piece's time zone names mean: IANA by name, other known names, else the VTIMEZONE's offsets (C15).

    X-WR-TIMEZONE counts unless the town's file names the zone of the source: whoever wrote it knew better.
    """
    clocks = Clocks(default=default, look_up=lambda name: zones.resolve(name) or _own_zone(raw, name.encode(), default))
    if trusted and raw.startswith(_SHOWN):
        told = raw[len(_SHOWN) : raw.index(b"\n", len(_SHOWN))].partition(b":")[2]
        clocks.shown = zones.resolve(told.decode(errors="replace"))
    return clocks


def _own_zone(raw: bytes, name: bytes, default: ZoneInfo) -> ZoneInfo | None:
    for lines in _ZONE.findall(raw):
        if re.search(rb"^TZID(?:;[^:\n]*)?:[ \t]*%s[ \t]*$" % re.escape(name), lines, re.MULTILINE | re.IGNORECASE):
            return meaning(lines, default)
    return None


# --- pieces


def _pieces(calendars: list[Calendar]) -> list[Piece]:
    """Components of all calendars of the file by UID: a stream of calendars tells one thing (RFC 5545 3.4)."""
    groups: dict[tuple[str, bytes], list[tuple[bytes, bool]]] = defaultdict(list)
    named: dict[bytes, bytes] = {}
    for calendar in calendars:
        if any(line[:7].upper() == b"PRODID:" and OWN_PRODID.encode() in line for line in calendar.lines):
            raise ReadError(SENTENCES["own-feed"][1], code="own-feed")
        named = calendar.zones | named
        told = (line for line in calendar.lines if line[:13].upper() == b"X-WR-TIMEZONE")
        frame = next((b"X-WR-TIMEZONE" + line[13:] for line in told), b"")
        cancels = calls_off(calendar.lines)
        for event in calendar.events:
            groups[_key(event), frame].append((event, cancels))
    return [_piece(key, called_off(events), frame, named) for (key, frame), events in groups.items()]


def _key(event: bytes) -> str:
    """The UID; without one the address, else the title: what such an event is likely to keep (A20)."""
    found = _UID.search(event)
    if found is not None and found[1]:
        uid = found[1].decode(errors="replace")
        return uid if len(uid) <= 255 else "uid-" + blake2b(found[1], digest_size=16).hexdigest()
    for name in (b"URL", b"SUMMARY"):
        line = re.search(rb"^%s(?:;[^:\n]*)?:([^\n]+)" % name, event, re.MULTILINE | re.IGNORECASE)
        if line is not None:
            return "-" + blake2b(name + line[1].strip(), digest_size=16).hexdigest()
    return "-" + blake2b(_mark(event, alone=True), digest_size=16).hexdigest()


def _piece(key: str, events: list[bytes], frame: bytes, named: dict[bytes, bytes]) -> Piece:
    used = sorted({quoted or bare for event in events for quoted, bare in _NAMED.findall(event)})
    lines = [b"BEGIN:VCALENDAR", *([frame] if frame else [])]
    for name in used:
        if name in named:
            lines += [b"BEGIN:VTIMEZONE", named[name].rstrip(b"\n"), b"END:VTIMEZONE"]
    marks = sorted(_mark(event, alone=len(events) == 1) for event in events)
    parts = [b"BEGIN:VEVENT\n" + event + b"END:VEVENT" for event in events]
    raw = b"\n".join([*lines, *parts, b"END:VCALENDAR"]) + b"\n"
    zoned = all(name in named or zones.resolve(name.decode(errors="replace")) for name in used)
    alone = len(events) == 1 and not _SERIES.search(events[0])
    return Piece(key=key, raw=raw, mark=b"\0".join([*lines, *marks]), whole=alone and zoned)


def _mark(event: bytes, *, alone: bool) -> bytes:
    """What of an event its chunk's hash covers."""
    if b"BEGIN:VALARM" in event:
        event = _ALARM.sub(b"", event)
    silent = (*_SILENT, b"SEQUENCE:") if alone else _SILENT
    return b"\n".join([line for line in event.split(b"\n") if not line.startswith(silent)])


def _name(calendars: list[Calendar]) -> str | None:
    for calendar in calendars:
        for line in calendar.lines:
            prop = parse(line.decode(errors="replace"))
            if prop is not None and prop.name in ("X-WR-CALNAME", "NAME") and prop.text.strip():
                return clean_text(prop.text, limit=200)
    return None


FORMAT = Format(name="ical", version=1, coverage=Coverage.WINDOW, detect=detect, split=split, read=read)
