"""What damage to a source's answers, and days of silence, do to what is published: the whole program over loopback.

    python -m benchmarks.answers [CUTS]       each answer is cut at so many random bytes (200)

Three sources (a calendar, a feed, a page with JSON-LD) are served on loopback and visited by `evenemang refresh --all`,
whose clock is `EVENEMANG_NOW`. A line for each thing done; 1 at the end where anything was not as it should be.
"""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import httpx

from aggregator import cli
from aggregator.catalogue import Catalogue
from aggregator.compose import Program, open_program
from aggregator.model import Event
from aggregator.web.app import create_app
from tests.loopback import Loopback
from tests.town import NAMES, ZONE, at, calendar, rss, vevent, weekly

BEGUN = datetime(2027, 3, 1, 10, tzinfo=ZONE)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HTML = "text/html; charset=utf-8"
KINDS = {
    "klubben": ("/klubben.ics", "text/calendar"),
    "bladet": ("/bladet.rss", "application/rss+xml"),
    "scenen": ("/scenen", HTML),
}
FAR = "/events.ics?from=2027-02-01&to=2028-12-31"


def singles(count: int = 40) -> list[str]:
    """Evenings of a club from twenty days on, so that none begins while answers are cut for days."""
    return [vevent(f"{NAMES[n % 30]} {n}", at(21 + n), uid=f"e{n}", location="Klubbhuset") for n in range(count)]


def whole() -> dict[str, bytes]:
    """What the sources answer when all is well."""
    told = [
        {"@type": "Event", "name": f"Pjäs {n}", "startDate": f"{at(25 + n, 19).replace(tzinfo=ZONE).isoformat()}",
         "url": f"https://scenen.example/{n}", "location": {"@type": "Place", "name": "Scenen"}}
        for n in range(12)
    ]  # fmt: skip
    page = f'<!doctype html><title>Scenen</title><script type="application/ld+json">{json.dumps(told)}</script>'
    return {
        "klubben": calendar(*singles(), weekly("Kurs i akvarell", at(3), uid="kurs")),
        "bladet": rss(*((f"Visafton {n}", at(23 + n, 17)) for n in range(12))),
        "scenen": f"{page}<p>Välkommen till scenen.</p></html>".encode(),
    }


@dataclass
class Town:
    """A folder with a town of three sources, and its clock. `catalogue` counts what is rendered."""

    folder: Path
    site: Loopback
    now: datetime = BEGUN
    answers: dict[str, bytes] = field(default_factory=whole)
    failed: int = 0

    def __post_init__(self) -> None:
        lines = ["calendar: {name: Evenemang i Byn, region: '0000'}", "sources:"]
        lines += [f"- {{id: {id}, url: '{self.site.url(path)}'}}" for id, (path, _) in KINDS.items()]
        (self.folder / "sources.yaml").write_text("\n".join(lines))
        for name in [name for name in os.environ if name.startswith("EVENEMANG_")]:
            del os.environ[name]
        os.environ["EVENEMANG_FETCH_ALLOW"] = self.site.authority
        os.environ["EVENEMANG_HOST_SPACING"] = "0"
        os.chdir(self.folder)
        self.tell(**self.answers)

    def tell(self, **bodies: bytes) -> None:
        """What sources answer from now on, with ETag and 304."""
        for id, body in bodies.items():
            path, kind = KINDS[id]
            self.site.file(path, body, content_type=kind)

    def refresh(self, after: timedelta = HOUR, times: int = 1) -> str:
        """Let time pass and visit all sources by the command, as often as said; what it printed."""
        printed = io.StringIO()
        for _ in range(times):
            self.now += after
            os.environ["EVENEMANG_NOW"] = self.now.isoformat()
            with redirect_stdout(printed):
                cli.main(["refresh", "--all"])
        return printed.getvalue()

    @contextmanager
    def opened(self) -> Iterator[Program]:
        """The program over the same database, for a look."""
        with open_program(self.folder / "sources.yaml") as program:
            yield program

    def events(self) -> dict[str, Event]:
        """What is published, by id."""
        with self.opened() as program:
            return {e.id: e for e in program.store.events() if e.withdrawn is None}

    def say(self, what: str, fine: bool, figures: str = "") -> None:
        """One line of the table."""
        self.failed += not fine
        print(f"{'ok  ' if fine else 'BAD '} {what}{f': {figures}' if figures else ''}", flush=True)

    def kept(self, what: str, before: dict[str, Event], more: str = "") -> None:
        """Say whether everything that was published still is, word for word."""
        after = self.events()
        lost = [id for id in before if id not in after]
        changed = [id for id in before if id in after and before[id].content != after[id].content]
        figures = f"{len(before)} events before, {len(lost)} removed, {len(changed)} changed{more}"
        self.say(what, not lost and not changed, figures)


def damaged(town: Town, cuts: int) -> None:
    """Answers that are empty, another thing, half of themselves, or cut anywhere remove nothing."""
    town.refresh()
    before = town.events()
    wrong: dict[str, Callable[[bytes], bytes]] = {
        "an empty calendar, an empty feed, a page without events": _emptied,
        "an HTML page": lambda _: b"<!doctype html><title>Underhall</title><p>Strax tillbaka.</p></html>",
        "half of itself": lambda body: body[: len(body) // 2],
    }
    for what, made in wrong.items():
        town.tell(**{id: made(body) for id, body in town.answers.items()})
        town.refresh(times=2)
        town.kept(what, before)
        town.tell(**town.answers)
        town.refresh()
    chance = random.Random(cuts)
    began, lost, told = time.monotonic(), set[str](), before
    for number in range(1, cuts + 1):
        town.tell(**{id: body[: chance.randrange(len(body) - 3)] for id, body in town.answers.items()})
        town.refresh()
        told = town.events()
        lost |= before.keys() - told.keys()
        if number % 20 == 0:
            print(f"     {number} of {cuts} cuts, {time.monotonic() - began:.0f} s, removed {len(lost)}", flush=True)
    town.kept(f"itself, cut at {cuts} random bytes, {len(KINDS)} sources each time", before, f", ever {len(lost)}")
    town.tell(**town.answers)
    town.refresh()
    town.kept("whole again", before)


def one_less(town: Town) -> None:
    """An event that a complete source no longer tells goes, it alone, with the second sighting."""
    before = town.events()
    town.tell(klubben=calendar(*singles()[:20], *singles()[21:], weekly("Kurs i akvarell", at(3), uid="kurs")))
    seen = []
    for after in (HOUR, HOUR / 2, DAY):
        town.refresh(after)
        seen.append(sorted(before[id].content.title for id in before.keys() - town.events().keys()))
    wanted = [[], [], [f"{NAMES[20]} 20"]]
    town.say("one event taken out, seen missing at once, half an hour and a day later", seen == wanted, str(seen))
    town.tell(klubben=town.answers["klubben"])
    town.refresh()


def numbers(town: Town) -> None:
    """SEQUENCE, the ETag and rendered components move by what is public only."""
    with town.opened() as program:
        catalogue = Catalogue(program.store, program.zone, time.monotonic, print)
        title, start = NAMES[8].encode(), _start(9)
        steps: list[tuple[str, tuple[bytes, bytes] | None, tuple[bool, int, int]]] = [
            ("stamps and order of the source", None, (False, 0, 0)),
            ("a description for one event", (b"UID:e7\r", b"UID:e7\r\nDESCRIPTION:Fika\r"), (True, 0, 1)),
            ("another title of one event", (title + b" 8", b"Storband"), (True, 0, 1)),
            ("another hour of one event", (start, start.replace(b"T18", b"T19")), (True, 1, 1)),
        ]
        body, last = town.answers["klubben"], _feed(program, catalogue, town.now)
        for what, edit, wanted in steps:
            body = body.replace(*edit) if edit else _restamped(body)
            town.tell(klubben=body)
            rendered = catalogue.rendered
            town.refresh()
            time.sleep(0.6)  # the catalogue asks for a new version a few times a second only
            new = _feed(program, catalogue, town.now)
            raised = sum(new[1][uid] != number for uid, number in last[1].items())
            found = (new[0] != last[0], raised, catalogue.rendered - rendered)
            figures = "ETag moved {}, SEQUENCE raised {}, components rendered {}".format(*found)
            town.say(what, found == wanted, figures)
            last = new
        town.answers["klubben"] = body


def silent(town: Town) -> None:
    """304 for days: what is missing goes, what is held is released, an open course grows."""
    before = town.events()
    reports = town.refresh(DAY, 1)
    told = set(re.findall(r"^(\w+): (\w+)", reports, re.MULTILINE))
    town.say("all sources answer 304", all(word == "unchanged" for _, word in told), str(sorted(told)))
    kept = [*singles()[:5], *singles()[6:], weekly("Kurs i akvarell", at(3), uid="kurs")]
    town.tell(klubben=calendar(*kept))
    town.refresh(HOUR)
    first = before.keys() - town.events().keys()
    town.refresh(DAY)
    gone = [before[id].content.title for id in before.keys() - town.events().keys()]
    town.say("304 withdraws what was missing", not first and gone == [f"{NAMES[5]} 5"], str(gone))
    before = town.events()
    town.tell(klubben=calendar(*singles()[20:], weekly("Kurs i akvarell", at(3), uid="kurs")))
    steps = []
    for after in (HOUR, DAY, DAY - HOUR, HOUR):
        town.refresh(after)
        steps.append(len(before.keys() - town.events().keys()))
    town.say("304 releases what was held, after three sightings and 48 hours", steps == [0, 0, 0, 19], str(steps))
    last = _last_date(town)
    hits = len(town.site.asked)
    told = set(re.findall(r"^(\w+): (\w+)", town.refresh(DAY, 14), re.MULTILINE))
    grown = _last_date(town) - last
    figures = f"by {grown.days} days; {sorted(told)} in {len(town.site.asked) - hits} requests"
    town.say("304 for 14 days extends the weekly course", grown == timedelta(days=14), figures)


def main() -> int:
    """Do all of it in one town."""
    cuts = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as name, Loopback() as site:
        town = Town(Path(name), site)
        damaged(town, cuts)
        for part in (one_less, numbers, silent):
            part(town)
        os.chdir("/")
    return int(town.failed > 0)


def _emptied(body: bytes) -> bytes:
    if body.startswith(b"BEGIN"):
        return calendar()
    return rss() if b"<rss" in body else b"<!doctype html><title>Scenen</title><p>Inget just nu.</p></html>"


def _restamped(body: bytes) -> bytes:
    """As an export of the next day: other stamps, a higher SEQUENCE, the components in another order."""
    told = body.decode().split("BEGIN:VEVENT")
    head, *events = [part.replace("DTSTAMP:2027", "SEQUENCE:4\r\nDTSTAMP:2028") for part in told]
    last, end = events[-1].split("END:VCALENDAR")
    return "BEGIN:VEVENT".join([head, *reversed([*events[:-1], last])]).encode() + b"END:VCALENDAR" + end.encode()


def _start(n: int) -> bytes:
    return f"SUMMARY:{NAMES[n]} {n}\r\nDTSTART;TZID=Europe/Stockholm:{at(21 + n):%Y%m%dT%H}".encode()


def _feed(program: Program, catalogue: Catalogue, now: datetime) -> tuple[str, dict[str, str]]:
    """The ETag of the wide feed, and the SEQUENCE of each event in it."""
    app = create_app(program.config, program.settings, program.store, catalogue, lambda: now)

    async def ask() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.get(FAR)

    answer = asyncio.run(ask())
    found = re.findall(r"UID:(\w+)\r\n(?:(?!END:VEVENT).)*?SEQUENCE:(\d+)", answer.text, re.DOTALL)
    return answer.headers["ETag"], dict(found)


def _last_date(town: Town) -> datetime:
    return max(e.content.when.begins(ZONE) for e in town.events().values() if e.content.title == "Kurs i akvarell")


if __name__ == "__main__":
    sys.exit(main())
