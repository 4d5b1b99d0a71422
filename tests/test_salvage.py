"""Cutting a calendar into components: the short way for tidy files gives what the walk over every line gives."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.formats.contentlines import unfold
from aggregator.formats.salvage import salvage, walk

FILES = sorted((Path(__file__).parent / "data" / "ical").glob("*.ics"))
LINES = st.sampled_from(
    [
        "BEGIN:VCALENDAR",
        "END:VCALENDAR",
        "BEGIN:VEVENT",
        "BEGIN:VEVENT",
        "END:VEVENT",
        "END:VEVENT",
        "begin:vevent",
        "BEGIN:VEVENT ",
        "BEGIN:VALARM",
        "END:VALARM",
        "BEGIN:VTIMEZONE",
        "END:VTIMEZONE",
        "BEGIN:VTODO",
        "END:VTODO",
        "TZID:Egen",
        "UID:1",
        "DESCRIPTION:END:VEVENT",
        "DESCRIPTION:BEGIN:VEVENT",
        "skräp",
        "",
    ]
)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_is_cut_alike_both_ways(file: Path) -> None:
    text = unfold(file.read_bytes())
    assert salvage(text) == walk(text)


@settings(max_examples=300, deadline=None)
@given(lines=st.lists(LINES, max_size=25), framed=st.booleans(), end=st.sampled_from(["\n", ""]))
def test_any_lines_are_cut_alike_both_ways(lines: list[str], framed: bool, end: str) -> None:
    told = ["BEGIN:VCALENDAR", *lines, "END:VCALENDAR"] if framed else lines
    text = ("\n".join(told) + end).encode()
    assert salvage(text) == walk(text)


@settings(max_examples=200, deadline=None)
@given(parts=st.lists(st.lists(LINES, max_size=3), min_size=1, max_size=4))
def test_framed_events_are_cut_alike_both_ways(parts: list[list[str]]) -> None:
    events = [line for part in parts for line in ("BEGIN:VEVENT", "UID:1", *part, "END:VEVENT")]
    text = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""]).encode()
    assert salvage(text) == walk(text)
