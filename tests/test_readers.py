"""The two doors of `formats`, through a child and back."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from aggregator import formats, readers
from aggregator.errors import ReadError
from aggregator.model import Context, Reading, Source, Window
from aggregator.sandbox import Sandbox

CONTEXT = Context(
    source=Source(id="biblioteket", name="Biblioteket", url="https://feeds.example.se/a.ics"),
    url="https://feeds.example.se/a.ics",
    content_type="text/calendar",
    zone="Europe/Stockholm",
    language="sv",
    window=Window(date(2026, 11, 1), date(2027, 11, 1)),
    now=datetime(2026, 11, 24, 12, 0, tzinfo=UTC),
)
CALENDAR = "\r\n".join(
    [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Biblioteket//SV",
        "BEGIN:VEVENT",
        "UID:1@bibliotek.example",
        "DTSTAMP:20261101T000000Z",
        "DTSTART;TZID=Europe/Stockholm:20261201T180000",
        "DTEND;TZID=Europe/Stockholm:20261201T190000",
        "RRULE:FREQ=WEEKLY",
        "SUMMARY:Bokcirkel på kvällen",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
).encode()


@pytest.fixture(scope="module")
def box() -> Iterator[Sandbox]:
    with Sandbox(size=1) as sandbox:
        yield sandbox


def read(box: Sandbox) -> Reading:
    return readers.read_answer(box, CALENDAR, CONTEXT, {})


def test_reading_in_a_child_is_the_reading(box: Sandbox) -> None:
    reading = read(box)
    assert reading == formats.read_answer(CALENDAR, CONTEXT, {})
    assert [listing.title for listing in reading.chunks[0].listings or ()][:1] == ["Bokcirkel på kvällen"]


def test_known_chunk_comes_back_unread(box: Sandbox) -> None:
    known = {chunk.key: chunk.hash for chunk in read(box).chunks}
    assert [chunk.listings for chunk in readers.read_answer(box, CALENDAR, CONTEXT, known).chunks] == [None]


def test_kept_piece_is_read_again(box: Sandbox) -> None:
    reading = read(box)
    raws = {chunk.key: chunk.raw for chunk in reading.chunks if chunk.raw}
    again = readers.reread(box, reading.format, raws, CONTEXT)
    assert again.chunks[0].listings == reading.chunks[0].listings


@pytest.mark.parametrize("body", [b"/etc/passwd", b"C:\\Windows\\win.ini", b"https://feeds.example.se/a.ics", b""])
def test_A35_body_that_names_a_file_or_an_address_opens_neither(body: bytes, box: Sandbox) -> None:
    with pytest.raises(ReadError) as caught:
        readers.read_answer(box, body, CONTEXT, {})
    assert not caught.value.code.startswith("reader-")


def test_serving_process_imports_no_format() -> None:
    heavy = "icalendar", "feedparser", "aggregator.formats", "aggregator.sandbox_tasks"
    program = f"import sys, aggregator.readers; sys.exit(any(name in sys.modules for name in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
