"""Every address below /staff and /min-sida, asked as somebody who has no right to it (F10)."""

from __future__ import annotations

import re

import pytest
from starlette.routing import Route

from aggregator.web.app import ROUTES
from tests.web.people import PASSWORD, Browser, Hall

pytestmark = pytest.mark.anyio
OPEN = ("/logga-in", "/glomt", "/valkommen/{secret:str}", "/lank/{secret:str}", "/logga-ut", "/oidc", "/oidc/klar")
PRIVATE = [
    route
    for route in ROUTES
    if isinstance(route, Route)
    and re.match(r"(?:/en)?/(?:staff|min-sida)(?:/|$)", route.path)
    and re.sub(r"^(?:/en)?/(?:staff|min-sida)", "", route.path) not in OPEN
]


def door(path: str) -> str:
    """Where a stranger is sent."""
    before = "/en" if path.startswith("/en/") else ""
    return f"{before}/staff/logga-in" if path.startswith(f"{before}/staff") else f"{before}/min-sida/logga-in"


async def organizer(town: Hall) -> Browser:
    mine = town.browser()
    person = town.person()
    mine.cookies = {"__Host-evenemang-person": town.store.people.open("person", person.id, town.now)}
    return mine


async def removed(town: Hall) -> Browser:
    """Somebody who was staff until a moment ago, in a browser that is still open."""
    member = town.staff("borttagen@byn.example", PASSWORD)
    mine = await town.editor("borttagen@byn.example")
    town.store.staff.remove(member.id, town.now, "tests")
    return mine


def test_there_are_addresses_to_be_guarded() -> None:
    assert len(PRIVATE) > 8
    assert {"/staff/konto", "/en/staff/medarbetare"} <= {route.path for route in PRIVATE}


async def test_F10_who_has_no_right_is_sent_to_the_login_and_changes_nothing(town: Hall) -> None:
    town.staff()
    stranger, person, former = town.browser(), await organizer(town), await removed(town)
    before = (town.store.staff.list(), town.store.outbox.list(), town.store.audit.newest(500))
    for route in PRIVATE:
        path = re.sub(r"\{\w+(?::\w+)?\}", "x1", route.path)
        mine = [stranger, former, *([person] if "/staff" in path else [])]
        for browser in mine:
            for method in sorted((route.methods or set()) & {"GET", "POST"}):
                answer = await (browser.get(path) if method == "GET" else browser.post(path, {"token": "x"}))
                told = (method, path, answer.status_code)
                assert answer.status_code == 303, told
                assert answer.headers["location"].partition("?")[0] == door(path), told
                assert answer.headers["cache-control"] == "no-store", told
    assert before == (town.store.staff.list(), town.store.outbox.list(), town.store.audit.newest(500))


async def test_F02_whoever_has_the_right_is_refused_without_a_token_of_the_page(town: Hall) -> None:
    town.staff()
    mine = await town.editor()
    before = (town.store.staff.list(), town.store.outbox.list(), town.store.audit.newest(500))
    for route in PRIVATE:
        if "/staff" in route.path and "POST" in (route.methods or set()):
            path = re.sub(r"\{\w+(?::\w+)?\}", "x1", route.path)
            assert (await mine.post(path, {"token": "x"})).status_code in (403, 404), path
    assert before == (town.store.staff.list(), town.store.outbox.list(), town.store.audit.newest(500))
