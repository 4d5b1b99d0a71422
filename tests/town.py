"""A town for tests: a folder with `sources.yaml`, sources on loopback, a database, and a clock that the test sets.

Everything goes through the doors that the program itself uses: it is opened by `compose`, sources are fetched over
HTTP, feeds are asked of the web application. Only the time is told instead of read.

    town = open_town(...)                        # or the fixture `town`, on SQLite and PostgreSQL
    town.add("klubben", role="organizer")
    town.tell("klubben", vevent("Quiz", at(5)))  # what the source answers from now on, with ETag and 304
    town.refresh()                               # reports by source
    town.events(), town.feed("/events.ics"), town.changes(), town.state("klubben")
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
import yaml

from aggregator import compose, config, rounds
from aggregator.catalogue import Catalogue
from aggregator.compose import Program
from aggregator.model import Event, StoredListing
from aggregator.publish import Change, Kind
from aggregator.report import Report
from aggregator.sandbox import Sandbox
from aggregator.state import SourceState
from aggregator.web.app import create_app
from tests.loopback import CALENDAR, Loopback

ZONE = ZoneInfo("Europe/Stockholm")
NOW = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)  # a Monday, ten o'clock in the town
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NAMES = (
    "Vårkonsert", "Quizkväll", "Trädgårdsmässa", "Schackturnering", "Sagostund", "Släktforskning", "Poesiafton",
    "Cykelbytardag", "Öppet hus", "Barnteater", "Fågelskådning", "Loppmarknad", "Jazzklubb", "Stickcafé",
    "Brädspelskväll", "Frimärksbyte", "Linedance", "Orgelmusik", "Vernissage", "Robotverkstad", "Matlagning",
    "Stadsvandring", "Stjärnskådning", "Körsång", "Keramik", "Filosoficirkel", "Modelljärnväg", "Hundpromenad",
    "Bokcirkel", "Dockteater",
)  # fmt: skip


def at(day: int, hour: float = 18, *, month: int = 3) -> datetime:
    """A local wall time; days beyond the month's end run on."""
    return datetime(2027, month, 1) + timedelta(days=day - 1, hours=hour)  # noqa: DTZ001 - a wall time


def vevent(
    title: str,
    start: datetime | date,
    *more: str,
    uid: str | None = None,
    slot: datetime | date | None = None,
    without: Sequence[datetime] = (),
    **properties: str,
) -> str:
    """A VEVENT: naive times are local; `more` are further lines, `properties` further values (`location="Torget"`).

    Its UID is the title's unless said; `uid=""` leaves it out.
    """
    name = title.replace(" ", "-") if uid is None else uid
    lines = ["BEGIN:VEVENT", *([f"UID:{name}"] if name else []), "DTSTAMP:20270101T000000Z", f"SUMMARY:{title}"]
    lines.append(stamp("DTSTART", start))
    lines += [stamp("RECURRENCE-ID", slot)] if slot is not None else []
    lines += [stamp("EXDATE", value) for value in without]
    lines += [f"{key.upper()}:{value}" for key, value in properties.items()]
    return "\r\n".join([*lines, *more, "END:VEVENT"])


def stamp(name: str, value: datetime | date) -> str:
    """A property with a day, or with a local time."""
    if isinstance(value, datetime):
        return f"{name};TZID=Europe/Stockholm:{value:%Y%m%dT%H%M%S}"
    return f"{name};VALUE=DATE:{value:%Y%m%d}"


def weekly(title: str, start: datetime, *more: str, **properties: Any) -> str:
    """An event every week, without end."""
    return vevent(title, start, "RRULE:FREQ=WEEKLY", *more, **properties)


def evenings(count: int, first: int = 1) -> list[str]:
    """Single events of different names, one an evening from `first` March on; never two of one name in a test."""
    return [vevent(f"{NAMES[n % 30]}{n // 30 or ''}", at(first + 1 + n), uid=f"e{n}") for n in range(count)]


def calendar(*components: str, prodid: str = "-//Klubben//Kalender//SV") -> bytes:
    """A whole calendar file."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{prodid}", *components, "END:VCALENDAR", ""]
    return "\r\n".join(lines).encode()


def rss(*items: tuple[str, datetime]) -> bytes:
    """A feed of items (title, local start), each with its event time told by the event module."""
    told = "".join(
        f"<item><title>{title}</title><link>https://feed.example/{n}</link><guid>{title}</guid>"
        f"<ev:startdate>{start.replace(tzinfo=ZONE).isoformat()}</ev:startdate></item>"
        for n, (title, start) in enumerate(items)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:ev="http://purl.org/rss/1.0/modules/event/">'
        f"<channel><title>Nytt</title><link>https://feed.example/</link><description/>{told}</channel></rss>"
    ).encode()


@dataclass
class Town:
    """An open town. `now` is the time that the next refresh is told."""

    folder: Path
    site: Loopback
    now: datetime = NOW
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    policies: list[dict[str, Any]] = field(default_factory=list)
    _program: Program | None = None

    @property
    def program(self) -> Program:
        assert self._program is not None
        return self._program

    def add(self, id: str, **options: Any) -> None:
        """A source at its own address on the loopback server, unless `url` or `path` is said."""
        where = {} if "path" in options else {"url": self.site.url(f"/{id}.ics")}
        self.sources[id] = {"id": id, "name": id.title(), **where, **options}
        self.edit()

    def remove(self, id: str) -> None:
        """The source is taken out of `sources.yaml`."""
        del self.sources[id]
        self.edit()

    def edit(self, **calendar: Any) -> None:
        """Write `sources.yaml` and let the program read it again."""
        told = {"calendar": {"name": "Evenemang i Byn", **calendar}, "sources": list(self.sources.values())}
        told |= {"policies": self.policies} if self.policies else {}
        (self.folder / "sources.yaml").write_text(yaml.safe_dump(told, allow_unicode=True))
        if self._program is not None:
            self._program = self.program.with_config(config.load(self.folder / "sources.yaml"))
            rounds.settle(self.program.kit, self.now)

    def tell(self, id: str, *components: str) -> None:
        """What the source answers from now on."""
        self.serve(id, calendar(*components))

    def serve(self, id: str, body: bytes, content_type: str = CALENDAR) -> None:
        """The bytes that the source answers from now on, with validators."""
        self.site.file(f"/{id}.ics", body, content_type=content_type)

    def refresh(self, *ids: str, after: timedelta = timedelta(0), force: bool = False) -> dict[str, Report]:
        """Let time pass, then refresh the sources named, or all that are enabled."""
        self.now += after
        wanted = [s for s in self.program.config.sources if s.enabled and (not ids or s.id in ids)]
        return asyncio.run(_reports(rounds.run(self.program.kit, wanted, self.now, force=force)))

    def pass_days(self, days: int, *, hours: int = 0) -> None:
        """Days go by: every midnight's job, and a refresh each day."""
        for _ in range(days):
            self.refresh(after=DAY)
            self.daily()
        self.refresh(after=hours * HOUR)

    def daily(self) -> None:
        """The job of a local day."""
        rounds.daily(self.program.kit, self.now)

    def events(self) -> dict[str, Event]:
        """Published events by title, in order; a title that comes again is told as "title 2027-03-05", "… b"."""
        published = [e for e in self.program.store.events() if e.withdrawn is None]
        times = Counter(e.content.title for e in published)
        found: dict[str, Event] = {}
        for event in sorted(published, key=lambda e: (_local(e), e.content.sources, e.id)):
            title = event.content.title
            name = title if times[title] == 1 else f"{title} {_local(event):%Y-%m-%d}"
            while name in found:
                name += " b"
            found[name] = event
        return found

    def titles(self) -> list[str]:
        """The titles of what is published, by start."""
        return list(self.events())

    def ids(self) -> dict[str, str]:
        """Title → public id."""
        return {title: e.id for title, e in self.events().items()}

    def listings(self, source: str) -> list[StoredListing]:
        """Everything kept of a source."""
        return list(self.program.kit.ledger.stored(source).listings)

    def state(self, source: str) -> SourceState:
        """What is remembered of a source."""
        return self.program.kit.ledger.state(source)

    def version(self) -> int:
        """The catalogue version."""
        return self.program.store.version()

    def changes(self) -> list[Change]:
        """What the change feeds tell, oldest first, after the first fill of each source."""
        told = self.program.store.changes(datetime(2000, 1, 1, tzinfo=UTC))
        return [logged.change for logged in reversed(told) if logged.change.kind is not Kind.FILLED]

    def told(self) -> list[tuple[str, str]]:
        """Kind and title of each change that was told."""
        return [(change.kind.value, change.title) for change in self.changes()]

    def get(self, path: str) -> httpx.Response:
        """The answer of the web application."""
        return asyncio.run(self._get(path))

    def feed(self, path: str = "/events.ics?from=2027-02-01&days=550") -> bytes:
        """The bytes of a feed."""
        found = self.get(path)
        assert found.status_code == 200, found.text
        return found.content

    async def _get(self, path: str) -> httpx.Response:
        town = self.program
        catalogue = Catalogue(town.store, town.zone, monotonic, _raise)
        app = create_app(town.config, town.settings, town.store, catalogue, lambda: self.now)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1") as client:
            return await client.get(path)


@pytest.fixture(scope="session")
def readers() -> Iterator[Sandbox]:
    """The children that read, shared by all towns: a nursery takes the better part of a second to start."""
    sandbox = Sandbox(size=2)
    yield sandbox
    sandbox.close()


@contextmanager
def open_town(
    folder: Path, site: Loopback, readers: Sandbox, database_url: str, set_env: Callable[[str, str], None]
) -> Iterator[Town]:
    """A town without sources; `set_env` sets a variable of the environment for as long as the test runs."""
    town = Town(folder, site)
    town.edit()
    set_env("EVENEMANG_DATABASE_URL", database_url)
    set_env("EVENEMANG_FETCH_ALLOW", site.authority)
    set_env("EVENEMANG_HOST_SPACING", "0")
    set_env("EVENEMANG_NOW", NOW.isoformat())
    with ExitStack() as stack:
        program = stack.enter_context(compose.open_program(folder / "sources.yaml"))
        town._program = replace(program, kit=replace(program.kit, sandbox=readers))
        yield town


@pytest.fixture
def town(
    tmp_path: Path, site: Loopback, readers: Sandbox, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Town]:
    """A town on each kind of database."""
    with open_town(tmp_path, site, readers, database_url, monkeypatch.setenv) as opened:
        yield opened


@pytest.fixture
def small_town(tmp_path: Path, site: Loopback, readers: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """A town on SQLite alone, for what the database has no part in."""
    url = f"sqlite:///{tmp_path / 'evenemang.db'}"
    with open_town(tmp_path, site, readers, url, monkeypatch.setenv) as opened:
        yield opened


async def _reports(reports: AsyncIterator[Report]) -> dict[str, Report]:
    return {report.source: report async for report in reports}


def _local(event: Event) -> datetime:
    return event.content.when.begins(ZONE).astimezone(ZONE)


def _raise(_id: str, tried: str, error: Exception) -> None:
    raise AssertionError(f"{tried} failed") from error
