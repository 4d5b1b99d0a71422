"""What a VTIMEZONE means whose name means nothing: the zone of the database that keeps its offsets. No expansion."""

from __future__ import annotations

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

from aggregator import zones

_PART = re.compile(rb"BEGIN:(STANDARD|DAYLIGHT)\n(.*?)END:\1", re.IGNORECASE | re.DOTALL)
_TO = re.compile(rb"^TZOFFSETTO[^:\n]*:[ \t]*([+-])(\d{2}):?(\d{2})", re.MULTILINE | re.IGNORECASE)
_START = re.compile(rb"^DTSTART[^:\n]*:[ \t]*(\d{8})", re.MULTILINE | re.IGNORECASE)


def meaning(lines: bytes, likely: ZoneInfo) -> ZoneInfo | None:
    """The zone behind the lines of a VTIMEZONE; `likely` wins where several fit. None where none does.

    X-LIC-LOCATION names it outright. Else the newest STANDARD and DAYLIGHT offsets are looked for.
    """
    located = re.search(rb"^X-LIC-LOCATION[^:\n]*:[ \t]*([^\n]+?)[ \t]*$", lines, re.MULTILINE | re.IGNORECASE)
    zone = zones.resolve(located[1].decode(errors="replace")) if located else None
    if zone is not None:
        return zone
    newest: dict[bytes, tuple[bytes, timedelta]] = {}
    for kind, rules in _PART.findall(lines):
        offset, start = _TO.search(rules), _START.search(rules)
        if offset is not None:
            told = (start[1] if start else b"", _offset(offset))
            newest[kind.upper()] = max(newest.get(kind.upper(), told), told)
    standard = newest.get(b"STANDARD") or newest.get(b"DAYLIGHT")
    if standard is None:
        return None
    daylight = newest.get(b"DAYLIGHT")
    return zones.of_offsets(standard[1], daylight[1] if daylight else None, likely)


def _offset(found: re.Match[bytes]) -> timedelta:
    length = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return -length if found[1] == b"-" else length
