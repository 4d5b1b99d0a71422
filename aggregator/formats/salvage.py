"""A calendar file, whole or damaged, cut into its components. It reads no property but UID, zones and the frame.

There is one way for good and bad files: components are found by their BEGIN and END lines alone, so that garbage
around or between them loses none of them (C12, C13), and a component that is not closed is never taken (law 5).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_FRAME = re.compile(rb"^[ \t]*(BEGIN|END)[ \t]*:[ \t]*([A-Za-z0-9-]+)[ \t;]*$", re.MULTILINE | re.IGNORECASE)
_CONTENT = re.compile(rb"[A-Za-z0-9-]+[;:]")

MAX_DEPTH = 16  # of components in components; an honest one has four


@dataclass(slots=True)
class Calendar:
    """One VCALENDAR: its own lines, the lines of its zones by TZID, and its closed events in order."""

    lines: list[bytes] = field(default_factory=list)
    zones: dict[bytes, bytes] = field(default_factory=dict)
    events: list[bytes] = field(default_factory=list)  # between BEGIN:VEVENT and END:VEVENT, one line end each


@dataclass(slots=True)
class Salvage:
    """What a file held. `unclosed` counts events without their END; `damage` names what is wrong, "" if nothing.

    `cut` is whether components are missing for certain: an event or a calendar that is not closed.
    """

    calendars: list[Calendar] = field(default_factory=list)
    unclosed: int = 0
    damage: str = ""
    cut: bool = False


def salvage(text: bytes) -> Salvage:
    """Components of an unfolded file (`contentlines.unfold`), whatever stands around them. Linear in its size."""
    return _tidy(text) or walk(text)


def walk(text: bytes) -> Salvage:
    """The same by a walk over every frame line: right for every file, and the slower way for the usual one."""
    cutter = _Cutter(text)
    for found in _FRAME.finditer(text):
        cutter.frame(found.group(1).upper() == b"BEGIN", found.group(2).upper(), found.start(), found.end())
    return cutter.finish()


def _tidy(text: bytes) -> Salvage | None:
    """One calendar whose events stand side by side at its end, with no components in them; else None."""
    head, *parts = text.split(b"BEGIN:VEVENT\n")
    if not parts or not head.startswith(b"BEGIN:VCALENDAR\n"):
        return None
    last, end, tail = parts[-1].rpartition(b"END:VEVENT\n")
    parts[-1] = last + end
    if tail.strip() != b"END:VCALENDAR" or not all(part.endswith(b"\nEND:VEVENT\n") for part in parts):
        return None
    rest = text[len(head) :].upper()
    frames = rest.count(b"BEGIN:"), rest.count(b"\nEND:"), rest.count(b"\nEND:VEVENT\n")
    if frames != (len(parts), len(parts) + 1, len(parts)):
        return None
    found = walk(head + b"END:VCALENDAR\n")
    if found.damage:
        return None
    found.calendars[0].events = [part[: -len(b"END:VEVENT\n")] for part in parts]
    return found


class _Cutter:
    """The state of one walk over the frame lines: the stack of open components and where the last piece ended."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.result = Salvage()
        self.calendar: Calendar | None = None
        self.open: list[bytes] = []
        self.begun = 0  # where the content of the open VEVENT or VTIMEZONE starts
        self.last = 0  # where what is outside of events begins

    def frame(self, begin: bool, name: bytes, start: int, end: int) -> None:
        if begin:
            self._begin(name, start, end)
        else:
            self._end(name, start, end)

    def finish(self) -> Salvage:
        self._outside(len(self.text))
        if b"VEVENT" in self.open:
            self.result.unclosed += 1
        if self.open:
            self.result.damage, self.result.cut = "cut", True  # it says more than the broken line that ends it
        return self.result

    def _begin(self, name: bytes, start: int, end: int) -> None:
        if name == b"VCALENDAR":
            self._outside(start)
            self._close_open()
            self.calendar = Calendar()
            self.result.calendars.append(self.calendar)
            self.open, self.last = [name], end
        elif name in (b"VEVENT", b"VTIMEZONE"):
            self._outside(start)
            self._close_open(keep=1)
            self.open.append(name)
            self.begun = end + 1
        elif self.open and len(self.open) < MAX_DEPTH:
            self._outside(start)
            self.open.append(name)
        elif not self.open:
            self._broken("outside")

    def _end(self, name: bytes, start: int, end: int) -> None:
        if name not in self.open:
            if len(self.open) == MAX_DEPTH:
                return
            self._outside(start)
            self.last = end
            self._broken("stray-end")
            return
        at = len(self.open) - 1 - self.open[::-1].index(name)
        if at != len(self.open) - 1:
            self._broken("unclosed", cut=b"VEVENT" in self.open[at + 1 :])
            self.result.unclosed += self.open[at + 1 :].count(b"VEVENT")
        if name == b"VCALENDAR":
            self._outside(start)
        elif name == b"VEVENT":
            self._calendar().events.append(self.text[self.begun : start])
        elif name == b"VTIMEZONE":
            self._zone(self.text[self.begun : start])
        del self.open[at:]
        self.last = end

    def _close_open(self, keep: int = 0) -> None:
        """What is still open when the next event or calendar begins was never closed."""
        left = self.open[keep:] if self.open[:1] == [b"VCALENDAR"] else self.open
        if left or (not keep and self.open):
            self.result.unclosed += left.count(b"VEVENT")
            self._broken("unclosed", cut=True)
            del self.open[len(self.open) - len(left) :]

    def _outside(self, until: int) -> None:
        """Lines between components: the calendar's own, or garbage."""
        if len(self.open) > 1 or until <= self.last:
            return
        for line in self.text[self.last : until].split(b"\n"):
            if not line.strip(b" \t\0\x1a\xef\xbb\xbf"):
                continue
            if self.open and self.calendar is not None and _CONTENT.match(line):
                self.calendar.lines.append(line)
            else:
                self._broken("garbage")
        self.last = until

    def _calendar(self) -> Calendar:
        """The calendar that an event belongs to; one is made up where its BEGIN line is missing."""
        if self.calendar is None:
            self.calendar = Calendar()
            self.result.calendars.append(self.calendar)
        if self.open[:1] != [b"VCALENDAR"]:
            self._broken("outside")
        return self.calendar

    def _zone(self, lines: bytes) -> None:
        found = re.search(rb"^TZID(?:;[^:\n]*)?:[ \t]*(.*?)[ \t]*$", lines, re.MULTILINE | re.IGNORECASE)
        if found is not None:
            self._calendar().zones[found[1]] = lines

    def _broken(self, damage: str, *, cut: bool = False) -> None:
        self.result.damage = self.result.damage or damage
        self.result.cut = self.result.cut or cut
