"""Calendars that call events off: METHOD:CANCEL (RFC 5546 3.2.5). Their components name what is cancelled, by UID.

Such a component may leave out what it need not say. What it names is marked as cancelled where it stands beside it in
the same answer, and is itself told as cancelled; nothing is removed, and nothing that it does not name is touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_METHOD = re.compile(rb"METHOD[ \t]*:[ \t]*CANCEL[ \t]*", re.IGNORECASE)
_STATUS = re.compile(rb"^STATUS[;:][^\n]*\n", re.MULTILINE | re.IGNORECASE)
_SLOT = re.compile(rb"^RECURRENCE-ID((?:;[^:\n]*)?:[^\n]*)\n", re.MULTILINE | re.IGNORECASE)
_RANGE = re.compile(rb";RANGE=[^;:]*", re.IGNORECASE)
_SEQUENCE = re.compile(rb"^SEQUENCE[ \t]*:[ \t]*(\d{1,9})[ \t]*$", re.MULTILINE | re.IGNORECASE)


def calls_off(lines: Sequence[bytes]) -> bool:
    """Whether a calendar with these lines of its own calls its events off."""
    return any(_METHOD.fullmatch(line) for line in lines)


def called_off(events: Sequence[tuple[bytes, bool]]) -> list[bytes]:
    """The events of one UID, in their order; with each whether a calendar that calls off holds it."""
    cancels = [event for event, cancels in events if cancels]
    if not cancels:
        return [event for event, _ in events]
    told = [event for event, cancels in events if not cancels]
    whole = max((_number(event) for event in cancels if not _SLOT.search(event)), default=-1)
    return [
        _complete(event, told) if cancels else _marked(event) if _number(event) <= whole else event
        for event, cancels in events
    ]


def _marked(event: bytes) -> bytes:
    return _STATUS.sub(b"", event) + b"STATUS:CANCELLED\n"


def _complete(event: bytes, told: Sequence[bytes]) -> bytes:
    """A cancelling component with the date and the title that it may leave out."""
    event, slot = _marked(event), _SLOT.search(event)
    if not _line(event, b"DTSTART") and slot is not None:
        event += b"DTSTART" + _RANGE.sub(b"", slot[1]) + b"\n"
    for name in (b"DTSTART", b"SUMMARY"):
        if not _line(event, name) and told:
            event += _line(told[0], name)
    return event


def _line(event: bytes, name: bytes) -> bytes:
    found = re.search(rb"^%s[;:][^\n]*\n" % name, event, re.MULTILINE | re.IGNORECASE)
    return found[0] if found else b""


def _number(event: bytes) -> int:
    found = _SEQUENCE.search(event)
    return int(found[1]) if found else 0
