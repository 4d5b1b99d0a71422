"""The whole web application with an office over a real database, asked through its door by browsers with cookies."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette

from aggregator.catalogue import Catalogue
from aggregator.compose import Program
from aggregator.config import load
from aggregator.fetch import Fetcher
from aggregator.kit import Kit
from aggregator.match import Rules
from aggregator.model import Person, Staff
from aggregator.office import Office
from aggregator.passwords import hashed
from aggregator.sandbox import Sandbox
from aggregator.settings import Settings
from aggregator.store import Identity, Store, open_store
from aggregator.store.holder import own_name
from aggregator.web.app import create_app

NOW = datetime(2027, 1, 10, 9, 0, tzinfo=UTC)
BASE = "https://evenemang.example"
TOWN = 'calendar:\n  name: Evenemang i Byn\n  region: "1230"\nsources: []\n'
PASSWORD = "en ganska lång mening"
EDITOR = "redaktor@byn.example"


@dataclass
class Browser:
    """Keeps cookies, follows nothing, and says what browsers say of where a form stood."""

    app: Starlette
    base: str = BASE
    peer: str = "192.0.2.7"
    cookies: dict[str, str] = field(default_factory=dict)
    raises: bool = False  # what fails in the application fails in the test

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.ask("GET", path, headers=headers)

    async def post(self, path: str, fields: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
        """A form of ours as a browser sends it, with the fields alone that are given."""
        told = {"sec-fetch-site": "same-origin", "origin": "null"} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        return await self.ask("POST", path, data=dict(fields or {}), headers=told)

    async def send(self, path: str, fields: Mapping[str, Any], *, to: str = "", **headers: str) -> httpx.Response:
        """Open a page, fill its form, and send it."""
        shown = await self.get(path)
        assert shown.status_code == 200, shown.text
        form = form_of(shown.text, to or path.partition("?")[0])
        return await self.post(to or path.partition("?")[0], {**form, **fields}, **headers)

    async def ask(self, method: str, path: str, **options: Any) -> httpx.Response:
        door = httpx.ASGITransport(self.app, client=(self.peer, 50_000), raise_app_exceptions=self.raises)
        async with httpx.AsyncClient(transport=door, base_url=self.base, cookies=self.cookies) as client:
            answer = await client.request(method, path, **options)
        for name, value in (pair.split(";")[0].split("=", 1) for pair in answer.headers.get_list("set-cookie")):
            self.cookies.pop(name, None)
            if value.strip('"'):
                self.cookies[name] = value
        return answer


@dataclass
class Hall:
    """The town hall: its application, its database, and a clock that is moved by hand."""

    program: Program
    app: Starlette
    now: datetime = NOW

    @property
    def store(self) -> Store:
        return self.program.store

    def browser(self, peer: str = "192.0.2.7") -> Browser:
        return Browser(self.app, self.program.settings.base_url, peer)

    def staff(self, email: str = EDITOR, password: str = PASSWORD) -> Staff:
        """A member with a password."""
        made = self.store.staff.add(email, "Redaktör", self.now, by="tests")
        self.store.staff.set_password(made.id, hashed(password))
        return made

    def person(self, id: str = "p1", email: str = "kansliet@sockenhuset.example") -> Person:
        """An organizer who has answered a mail."""
        made = Person(id=id, email=email, name="Kansliet", created=self.now, confirmed=self.now)
        self.store.people.put(made)
        return made

    async def editor(self, email: str = EDITOR, password: str = PASSWORD) -> Browser:
        """The browser of a member who is logged in."""
        mine = self.browser()
        answer = await mine.send("/staff/logga-in", {"email": email, "password": password})
        assert answer.status_code == 303, answer.text
        return mine


@contextmanager
def hall(folder: Path, *, url: str = "", base: str = BASE, **given: Any) -> Iterator[Hall]:
    """A town hall without sources over a new database. `given` are settings, as the environment would give them."""
    file = folder / "sources.yaml"
    file.write_text(TOWN)
    config, zone = load(file), ZoneInfo("Europe/Stockholm")
    settings = Settings(database_url=url or f"sqlite:///{folder}/evenemang.db", base_url=base, **given)
    store = open_store(settings.database_url, Identity("1230", config.calendar.name), zone, NOW)
    town: Hall

    def clock() -> datetime:
        return town.now

    kit = Kit(
        config=config,
        ledger=store.ledger,
        fetcher=Fetcher(agent="tests", now=clock),
        sandbox=Sandbox(size=1),
        rules=Rules(zone=zone),  # without the words of `matching.load`, which take a second to read
        edition="tests",
        calendar="1230",
        holder=own_name(),
        clock=clock,
    )
    program = Program(file, settings, config, clock, store, kit, NOW)
    office = Office(store, kit, program.with_config)
    catalogue = Catalogue(store, zone, time.monotonic, lambda *_: None)
    town = Hall(program, create_app(config, settings, store, catalogue, clock, office=office))
    try:
        yield town
    finally:
        kit.sandbox.close()
        store.close()


def form_of(markup: str, action: str) -> dict[str, str]:
    """The hidden fields of the form with that action."""
    for found in re.findall(r"<form\b[^>]*>.*?</form>", markup, re.S):
        target = re.search(r'<form[^>]*action="([^"]*)"', found)
        if target is not None and unescape(target[1]) == action:
            hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
            return {name: unescape(value) for name, value in hidden}
    raise AssertionError(f"no form for {action}")


def letters(town: Hall, kind: str = "") -> list[str]:
    """The plain texts of the letters of a kind, oldest first."""
    return letters_of(town.store, kind)


def letters_of(store: Store, kind: str = "") -> list[str]:
    """The same of a store."""
    return [p.letter.plain for p in store.outbox.list()[::-1] if kind in ("", p.letter.kind)]


def link_in(text: str, base: str = BASE) -> str:
    """The path of the one link of a letter."""
    (found,) = re.findall(rf"{re.escape(base)}(/\S+)", text)
    return str(found)


HOUR, DAY = timedelta(hours=1), timedelta(days=1)
