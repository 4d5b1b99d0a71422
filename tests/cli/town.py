"""A small town in a folder of its own, and the program's commands run on it as an operator runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from aggregator.cli import main

CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Exempel//SV
BEGIN:VEVENT
UID:{uid}
DTSTAMP:20260101T000000Z
SUMMARY:{title}
DTSTART;TZID=Europe/Stockholm:{start}
RRULE:FREQ=WEEKLY;COUNT=6
LOCATION:Biblioteket
END:VEVENT
END:VCALENDAR
"""
TOWN = """calendar: {name: Evenemang i Provstad, region: "0000"}
places: [{id: biblioteket, name: Biblioteket}]
sources:
- {id: biblioteket, name: Biblioteket, path: biblioteket.ics, role: organizer}
- {id: kommunen, name: Kommunen, path: kommunen.ics, role: municipality}
- {id: avstangd, url: "https://avstangd.example/", enabled: false}
"""


def calendar(title: str = "Sagostund för alla", uid: str = "1@provstad.example", start: str = "20261201T100000") -> str:
    """A calendar with one event on six Tuesdays."""
    return CALENDAR.format(uid=uid, title=title, start=start).replace("\n", "\r\n")


@dataclass(frozen=True)
class Said:
    """What one command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """The lines of the result."""
        return self.out.splitlines()


@dataclass(frozen=True)
class Town:
    """A folder with `sources.yaml` and two calendars that tell the same event."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Said:
        """One command, in this process."""
        code = main([*words, "--config", str(self.folder / "sources.yaml")])
        said = self.capture.readouterr()
        return Said(code, said.out, said.err)

    def write(self, files: Mapping[str, str]) -> None:
        """Put files into the town's folder."""
        for name, body in files.items():
            (self.folder / name).write_text(body)
