"""A whole town on loopback: `evenemang serve` as a process, sources and a mail server that the tests run beside it.

with whole(folder) as town:
    town.site.file("/koren.ics", …)     # what an organizer pastes: town.site.url("/koren.ics")
    page.goto(town.base)
    town.letter("kansliet@…")            # the newest mail to somebody, once it has come
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from aggregator.settings import PREFIX
from tests.loopback import Loopback
from tests.smtp import Mailbox

ROOT = Path(__file__).parent.parent.parent
NOW = "2027-03-01T10:00:00+01:00"  # a Monday
TODAY = date(2027, 3, 1)
PATIENCE = 60.0
TOWN = """calendar: {name: Evenemang i Byn, region: "0000"}
places:
- {id: biblioteket, name: Biblioteket, address: Torget 2}
- {id: kyrkan, name: Byns kyrka, aliases: [Kyrkan]}
sources:
- {id: biblioteket, name: Byns bibliotek, path: biblioteket.ics, role: organizer}
"""
T = TypeVar("T")


@dataclass
class Whole:
    """The running town."""

    folder: Path
    base: str
    pid: int
    site: Loopback
    mailbox: Mailbox
    settings: Mapping[str, str]

    def letter(self, to: str, *, after: int = 0) -> str:
        """The text of the newest mail to an address, once there are more than `after`."""
        return text_of(wait(lambda: self._letters(to)[after:])[-1])

    def link(self, to: str, *, after: int = 0) -> str:
        """The link of that mail."""
        return linked(self.letter(to, after=after), self.base)

    def _letters(self, to: str) -> list[EmailMessage]:
        return [m for m in self.mailbox.box.messages if to in str(m["To"])]

    def run(self, *words: str) -> str:
        """A command beside the running program; what it prints."""
        told = subprocess.run(
            [sys.executable, "-m", "aggregator", *words],
            cwd=self.folder,
            env=environment(self.site, self.mailbox, self.base, **self.settings),
            capture_output=True,
            text=True,
            check=True,
        )
        return told.stdout


def environment(site: Loopback, mailbox: Mailbox, base: str = "", **more: str) -> dict[str, str]:
    """The settings of the town, as an operator would give them, and more of them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    told = {
        "NOW": NOW,
        "FETCH_ALLOW": site.authority,
        "OFFER_ALLOW": site.authority,
        "SMTP_URL": mailbox.url,
        "CONTACT": "redaktionen@byn.example",
    }
    told |= {**more, "BASE_URL": base} if base else more
    return kept | {"PYTHONPATH": str(ROOT)} | {PREFIX + name: value for name, value in told.items()}


@contextmanager
def whole(folder: Path, town: str = TOWN, **settings: str) -> Iterator[Whole]:
    """The town, until the end of the block; its database is a file in the folder, unless settings say otherwise."""
    (folder / "sources.yaml").write_text(town)
    (folder / "biblioteket.ics").write_bytes(calendar(("Sagostund", day(2, 10), "Biblioteket")))
    with Loopback() as site, Mailbox() as mailbox, _served(folder, environment(site, mailbox, **settings)) as served:
        yield Whole(folder, *served, site, mailbox, settings)


@contextmanager
def _served(folder: Path, env: dict[str, str]) -> Iterator[tuple[str, int]]:
    command = [sys.executable, "-m", "aggregator", "serve", "--port", "0"]
    log = (folder / "log.txt").open("w")
    with (
        log,
        subprocess.Popen(
            command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=log, text=True, start_new_session=True
        ) as process,
    ):
        assert process.stdout is not None
        try:
            told = [process.stdout.readline() for _ in range(4)]
            yield told[1].split()[-1].rstrip("/"), process.pid
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)  # its own children too


def calendar(*events: tuple[str, datetime, str], prodid: str = "-//Byn//Kalender//SV") -> bytes:
    """A calendar file of events (title, local start, place), each two hours long."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{prodid}", "X-WR-CALNAME:Kören Kvart"]
    for n, (title, start, place) in enumerate(events):
        end = start + timedelta(hours=2)
        lines += ["BEGIN:VEVENT", f"UID:{n}@byn.example", "DTSTAMP:20270101T000000Z", f"SUMMARY:{title}"]
        lines += [f"DTSTART;TZID=Europe/Stockholm:{start:%Y%m%dT%H%M%S}"]
        lines += [f"DTEND;TZID=Europe/Stockholm:{end:%Y%m%dT%H%M%S}", f"LOCATION:{place}", "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def day(days: int, hour: float = 18) -> datetime:
    """A wall time so many days from the town's today."""
    return datetime(TODAY.year, TODAY.month, TODAY.day) + timedelta(days=days, hours=hour)  # noqa: DTZ001 - a wall time


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def linked(text: str, base: str) -> str:
    """The one link of a letter."""
    (found,) = re.findall(rf"{re.escape(base)}/\S+", text)
    return str(found)


def wait(ask: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What is asked for, once there is something."""
    end = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found
