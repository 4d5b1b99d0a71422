"""An answer inside something else: packed, or the only thing that a page shows."""

from __future__ import annotations

import gzip

import pytest

from aggregator import formats
from aggregator.errors import ReadError
from aggregator.formats.wrapping import LARGEST
from tests.reading import context, listings

CALENDAR = (
    b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a@exempel.se\nDTSTART:20260413T170000Z\nSUMMARY:Sk\xc3\xb6rdefest & bio\n"
    b"END:VEVENT\nBEGIN:VEVENT\nUID:b@exempel.se\nDTSTART:20260414T170000Z\nSUMMARY:Dans\nEND:VEVENT\nEND:VCALENDAR\n"
)
SHOWN = CALENDAR.decode().replace("&", "&amp;")


def titles(body: bytes, kind: str) -> list[str | None]:
    return [one.title for one in listings(formats.read_answer(body, context(content_type=kind)))]


def test_a_packed_file_reads_as_what_is_in_it() -> None:
    assert titles(gzip.compress(CALENDAR), "application/gzip") == ["Skördefest & bio", "Dans"]


def test_a_packed_file_that_is_cut_removes_nothing() -> None:
    packed = gzip.compress(b"".join(CALENDAR.replace(b"a@", b"%d@" % n) for n in range(500)))
    assert formats.read_answer(packed[: len(packed) // 2], context(content_type="application/gzip")).damaged


def test_A14_a_packed_file_that_swells_is_no_calendar() -> None:
    with pytest.raises(ReadError) as refused:
        formats.read_answer(gzip.compress(CALENDAR + b" " * LARGEST), context(content_type="application/gzip"))
    assert refused.value.code == "archive"


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08", b"\x1f\x8b\x08" + b"\xff" * 40])
def test_what_only_begins_as_a_packed_file_is_named(body: bytes) -> None:
    with pytest.raises(ReadError) as refused:
        formats.read_answer(body, context(content_type="application/gzip"))
    assert refused.value.code in ("archive", "empty")


def test_a_page_that_shows_nothing_but_a_calendar_is_it() -> None:
    page = f"<html><head><title>Export</title></head><body>\n<pre>{SHOWN}</pre></body></html>"
    assert titles(page.encode(), "text/html") == ["Skördefest & bio", "Dans"]


def test_a_calendar_in_a_text_about_calendars_is_an_example() -> None:
    page = f"<html><body><p>Så här ser en kalenderfil ut:</p><pre>{SHOWN}</pre></body></html>"
    with pytest.raises(ReadError) as refused:
        formats.read_answer(page.encode(), context(content_type="text/html"))
    assert refused.value.code == "html-page"
