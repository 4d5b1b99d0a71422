"""A problem in a calendar file is found again by its words, and no line is told that is nobody's business."""

from __future__ import annotations

import pytest

from aggregator.lines import LONGEST, Line, line_of
from aggregator.model import Problem

BODY = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:1
SUMMARY:Orgelmusik
DTSTART:20270301T180000
END:VEVENT
BEGIN:VEVENT
UID:2
SUMMARY;LANGUAGE=sv:Kör\\, kaffe
  och kaka
ORGANIZER:mailto:kansliet@holken.example
DTSTART:i morgon
END:VEVENT
BEGIN:VEVENT
UID:3
DTSTART:{long}
END:VEVENT
END:VCALENDAR
""".format(long="9" * 300)


@pytest.mark.parametrize(
    ("item", "detail", "line"),
    [
        ("Kör, kaffe och kaka", "i morgon", Line(12, "DTSTART:i morgon")),
        ("Kör, kaffe och kaka", "kansliet@holken.example", Line(7)),
        ("Kör, kaffe och kaka", "", Line(7)),
        ("3", "999", Line(15, ("DTSTART:" + "9" * 300)[:LONGEST])),
        ("1", "", Line(2)),
        ("Okänt", "i morgon", None),
        ("", "i morgon", None),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_of_a_problem(item: str, detail: str, line: Line | None, end: str) -> None:
    number = {15: 16}.get(line.number, line.number) if line else 0
    found = line_of(BODY.replace("\n", end).encode(), Problem("no-start", item, detail))
    assert found == (Line(number, line.text) if line else None)


def test_what_is_no_calendar_has_no_lines() -> None:
    assert line_of(b"<rss><item>SUMMARY:x</item></rss>", Problem("no-start", "x")) is None
    assert line_of(b"BEGIN:VEVENT\nSUMMARY:x\n" * 1000, Problem("no-start", "x")) is None
    assert line_of(b"\xff\xfe" * 1000 + b"BEGIN:VEVENT", Problem("no-start", "x")) is None
