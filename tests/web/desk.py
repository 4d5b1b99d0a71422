"""Staff at work on a town with sources: the whole application over a real database, asked through its door.

desk = staffed(town)                  # or the fixture `desk`, on SQLite
desk.get("/staff/ko"), desk.send("/staff/ko/ID", {"do": "approve"})
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from time import monotonic
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from aggregator.catalogue import Catalogue
from aggregator.compose import Program
from aggregator.model import OfferedEvent, OfferedSource, Person, Staff, Standing, Submission, SubmissionKind
from aggregator.model.people import Mistake
from aggregator.office import Office
from aggregator.store import Store
from aggregator.web.app import create_app, reconfigure
from tests.town import NOW, Town
from tests.web.people import Browser

EDITOR = "redaktor@byn.example"


@dataclass
class Desk:
    """A member at a browser. `town` is what the sources tell and what the clock says."""

    town: Town
    app: Starlette
    staff: Staff
    browser: Browser
    _read: Program | None = field(default=None, repr=False)
    _since: datetime = NOW

    @property
    def store(self) -> Store:
        return self.town.program.store

    def get(self, path: str, browser: Browser | None = None) -> httpx.Response:
        """A page; what it shows is what is true now."""
        return self._ask(lambda who: who.get(path), browser)

    def post(self, path: str, fields: Mapping[str, Any], browser: Browser | None = None) -> httpx.Response:
        """A form with the fields alone that are given."""
        return self._ask(lambda who: who.post(path, fields), browser)

    def send(self, path: str, fields: Mapping[str, Any], *, to: str = "", holding: str = "") -> httpx.Response:
        """Open a page, take the form with that action (and that text in it), fill and send it."""
        shown = self.get(path)
        assert shown.status_code == 200, shown.text
        return self.post(to or path, {**hidden(shown.text, to or path, holding), **fields})

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """The page that an answer leads to."""
        assert answer.status_code == 303, answer.text
        return self.get(answer.headers["location"])

    def did(self, action: str) -> list[str]:
        """What the log says of an action: its subjects, oldest first, done by this member."""
        lines = self.store.audit.newest(1000, action=action)
        return [line.subject for line in reversed(lines) if line.by == f"staff:{self.staff.id}"]

    def offer(self, id: str, body: OfferedSource | OfferedEvent | Mistake, person: str | None = "p1") -> str:
        """Something that was sent in and confirmed; its id."""
        kinds = {OfferedSource: SubmissionKind.SOURCE, OfferedEvent: SubmissionKind.EVENT}
        kind, now = kinds.get(type(body), SubmissionKind.REPORT), self.town.now
        if person is not None and self.store.people.person(person) is None:
            email = f"{person}@sockenhuset.example"
            self.store.people.put(Person(id=person, email=email, name="Kansliet", created=now, confirmed=now))
        waiting = Submission(
            id=id, kind=kind, state=Standing.WAITING, person=person, body=body, created=now, changed=now
        )
        self.store.submissions.add(waiting, f"person:{person}")
        return id

    def colleague(self, email: str = "andra@byn.example") -> Browser:
        """Another member, at a browser of their own."""
        return logged_in(self.app, self.town, email)

    def _ask(self, does: Any, browser: Browser | None) -> httpx.Response:
        if self._read is not self.town.program:
            self._read = self.town.program
            reconfigure(self.app, self.town.program.config)
        if self.town.now - self._since > timedelta(hours=6):  # who works on is logged in
            self._since = self.town.now
            self.browser.cookies["evenemang-staff"] = self.store.people.open("staff", self.staff.id, self.town.now)
        answer: httpx.Response = asyncio.run(does(browser or self.browser))
        return answer


def staffed(town: Town) -> Desk:
    """A member who is logged in."""
    program = town.program
    catalogue = Catalogue(program.store, program.zone, monotonic, _raise)
    office = Office(program.store, program.kit, lambda config: town.program.with_config(config))
    app = create_app(program.config, program.settings, program.store, catalogue, lambda: town.now, office=office)
    browser = logged_in(app, town, EDITOR)
    found = program.store.staff.by_email(EDITOR)
    assert found is not None
    return Desk(town, app, found, browser, program)


def logged_in(app: Starlette, town: Town, email: str) -> Browser:
    """A new member's browser. Login has tests of its own; here a session is enough."""
    store = town.program.store
    member = store.staff.add(email, email.partition("@")[0].title(), town.now, by="test")
    browser = Browser(app, town.program.settings.base_url, raises=True)
    browser.cookies["evenemang-staff"] = store.people.open("staff", member.id, town.now)
    return browser


def hidden(markup: str, action: str, holding: str = "") -> dict[str, str]:
    """The hidden fields of the form with that action, which has that text in it."""
    for found in re.findall(r"<form\b[^>]*>.*?</form>", markup, re.S):
        target = re.search(r'<form[^>]*action="([^"]*)"', found)
        if target is not None and unescape(target[1]) == action and holding in unescape(found):
            pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found)
            return {name: unescape(value) for name, value in pairs}
    raise AssertionError(f"no form for {action} with {holding!r}")


@pytest.fixture
def desk(small_town: Town) -> Desk:
    """A member at work on SQLite."""
    return staffed(small_town)


def _raise(_id: str, tried: str, error: Exception) -> None:
    raise AssertionError(f"{tried} failed") from error
