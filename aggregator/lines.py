"""Where in a calendar file a problem stands: its line, for whoever mends the file by hand. Pure.

Found again in the answer that was kept, by the words of the problem; a problem that can't be found has no line. What
stands in the line is told of dates and rules alone: other lines may hold what is nobody's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.model import Problem

LONGEST = 120  # signs of a line that are told
_TOLD = re.compile(r"(?:DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|EXRULE|RECURRENCE-ID|GEO|STATUS)\b", re.IGNORECASE)
_NAMED = re.compile(r"(?:SUMMARY|UID)\b[^:]*:(.*)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\([,;\\nN])")


@dataclass(frozen=True, slots=True)
class Line:
    """A line by its number, from 1; `text` is empty where what stands there is not told."""

    number: int
    text: str = ""


def line_of(body: bytes, problem: Problem) -> Line | None:
    """The line of a problem in an iCalendar file, or that on which its event begins; None where it is not found."""
    if b"BEGIN:VEVENT" not in body or not problem.item:
        return None
    for first, lines in _events(body.decode(errors="replace")):
        if any(_is(problem.item, line) for _, line in lines):
            return _within(lines, problem.detail) or Line(first)
    return None


def _events(text: str) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """The number of its first line, and the unfolded lines, of each event."""
    first, lines = 0, list[tuple[int, str]]()
    for number, line in enumerate(re.split("\r\n|\r|\n", text), 1):
        if line[:1] in (" ", "\t") and lines:
            lines[-1] = (lines[-1][0], lines[-1][1] + line[1:])
        elif line.strip().upper() == "BEGIN:VEVENT":
            first, lines = number, []
        elif line.strip().upper() == "END:VEVENT" and first:
            yield first, lines
            first, lines = 0, []
        elif first:
            lines.append((number, line))


def _is(item: str, line: str) -> bool:
    found = _NAMED.match(line)
    return found is not None and _plain(found[1]) == " ".join(item.split())


def _within(lines: list[tuple[int, str]], detail: str) -> Line | None:
    """The line of dates or rules that holds the words of the problem."""
    wanted = detail.strip()
    for number, line in lines:
        if wanted and wanted in line and _TOLD.match(line):
            return Line(number, line[:LONGEST])
    return None


def _plain(value: str) -> str:
    return " ".join(_ESCAPED.sub(lambda found: " " if found[1] in "nN" else found[1], value).split())
