"""Every route × every role: who is let in, what a GET changes, and what a form that is not ours does (F10).

The routes are those of the application, so that a new one is walked too. A part of a path that stands for something is
filled with something that is there; one not known here is filled with a word, and must be answered all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel
from starlette.routing import Route

from aggregator.store import Store
from aggregator.web.app import ROUTES
from tests.loopback import Loopback
from tests.town import open_town, readers  # noqa: F401 (fixture)
from tests.web.desk import Desk, staffed
from tests.web.people import Browser
from tests.web.staff.full import fill

PATHS = [route for route in ROUTES if isinstance(route, Route)]
VOLATILE = {"session", "tally", "salt", "lease", "host"}  # seen times and counters: no state that anybody sees
STAFF, PERSON = "/staff", "/min-sida"
OPEN = {"/staff/logga-in", "/staff/glomt", "/staff/valkommen/{secret:str}", "/staff/oidc", "/staff/oidc/klar"}
OPEN |= {"/staff/logga-ut", "/min-sida/logga-in", "/min-sida/lank/{secret:str}", "/min-sida/logga-ut"}
WORD = "okand"


@dataclass(frozen=True)
class Walk:
    """A full town with a browser for each role, and what the parts of paths stand for."""

    desk: Desk
    roles: Mapping[str, Browser]
    known: Mapping[str, str]

    def path(self, route: Route) -> str:
        """A path of the route that leads to something, where something is known."""
        plain = route.path.removeprefix("/en") if route.path.startswith("/en/") else route.path
        filled = self.known.get(re.sub(r":\w+}", "}", plain))
        if filled is None:
            return re.sub(r"{\w+(:\w+)?}", WORD, route.path)
        return f"/en{filled}" if plain != route.path else filled


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory, readers: Any) -> Iterator[Walk]:  # noqa: F811
    folder = tmp_path_factory.mktemp("town")
    with (
        Loopback() as site,
        pytest.MonkeyPatch.context() as patch,
        open_town(folder, site, readers, f"sqlite:///{folder}/evenemang.db", patch.setenv) as town,
    ):
        desk = staffed(town)
        pages = fill(desk)
        yield Walk(desk, _roles(desk), _known(desk, pages))


def _roles(desk: Desk) -> dict[str, Browser]:
    store, now = desk.store, desk.town.now
    found = {"stranger": Browser(desk.app, desk.browser.base), "staff": desk.browser}
    for role, person in (("organizer", "p1"), ("other organizer", "p2")):
        if store.people.person(person) is None:
            desk.offer("other", _offer(desk), person=person)
        found[role] = Browser(desk.app, desk.browser.base)
        found[role].cookies["evenemang-person"] = store.people.open("person", person, now)
    removed = desk.colleague("borttagen@byn.example")
    member = store.staff.by_email("borttagen@byn.example")
    assert member is not None
    store.staff.remove(member.id, now, "test")
    return {**found, "removed staff": removed}


def _offer(desk: Desk) -> Any:
    found = desk.store.submissions.get("s2")
    assert found is not None
    return found.body


def _known(desk: Desk, pages: list[str]) -> dict[str, str]:
    """Route → a path of it that leads to something: those of the full town, and an organizer's own."""
    found = {}
    for route in PATHS:
        plain = re.sub(r":\w+}", "}", route.path)
        pattern = re.compile(re.sub(r"{\w+}", "[^/]+", plain))
        there = next((path for path in pages if "{" in plain and pattern.fullmatch(path.partition("?")[0])), None)
        if there:
            found[plain] = there
        elif plain.startswith(f"{PERSON}/{{id}}"):
            found[plain] = plain.replace("{id}", "s1")
    event = next(iter(desk.town.ids().values()))
    return {**found, "/evenemang/{id}": f"/evenemang/{event}", "/kallor/{id}": "/kallor/klubben"}


def digest(store: Store) -> dict[str, int]:
    """What is stored, table by table, but for what moves with every look."""
    with store._database.read() as connection:
        return {
            name: hash(tuple(sorted(map(repr, connection.execute(select(table))))))
            for name, table in SQLModel.metadata.tables.items()
            if name not in VOLATILE
        }


def is_area(route: Route, area: str) -> bool:
    plain = route.path.removeprefix("/en")
    return (plain == area or plain.startswith(f"{area}/")) and plain not in OPEN


@pytest.mark.parametrize("route", PATHS, ids=lambda route: f"{'+'.join(sorted(route.methods or ()))} {route.path}")
def test_F10_every_role_on_every_route(walk: Walk, route: Route) -> None:
    path, before = walk.path(route), digest(walk.desk.store)
    for role, browser in walk.roles.items():
        for method in sorted((route.methods or set()) - {"HEAD"}):
            answer = walk.desk._ask(lambda who, m=method: _asked(who, m, path), browser)
            where = f"{method} {path} as {role}: {answer.status_code}"
            assert answer.status_code < 500 or answer.status_code == 503, where
            if is_area(route, STAFF) and role != "staff":
                assert _is_at_the_door(answer, "/staff/logga-in"), where
            elif is_area(route, PERSON) and role not in ("organizer", "other organizer"):
                assert _is_at_the_door(answer, "/min-sida/logga-in"), where
            elif method == "GET" and is_area(route, PERSON) and "{id" in route.path:
                assert (answer.status_code == 200) is (role == "organizer"), where
            elif method == "GET" and is_area(route, STAFF):
                assert answer.status_code in (200, 303), where
            if method == "POST":
                assert answer.status_code in (303, 400, 403, 404, 409, 410, 422), where
            if answer.headers.get("content-type", "").startswith("text/html"):
                assert_F11_framed_by_nobody(path, answer.headers)
    assert digest(walk.desk.store) == before, f"{path}: a look, or a form that is not ours, changed something"


async def _asked(browser: Browser, method: str, path: str) -> Any:
    """A plain look, or a form without a token of ours."""
    if method == "POST":
        return await browser.post(path, {"do": "approve", "version": "1", "note": "x", "id": "1", "status": "approved"})
    return await browser.get(path)


def _is_at_the_door(answer: Any, door: str) -> bool:
    at = str(answer.headers.get("location", "")).partition("?")[0].removeprefix("/en")
    return bool(answer.status_code == 303 and at == door)


def assert_F11_framed_by_nobody(path: str, headers: Mapping[str, str]) -> None:
    if not path.startswith("/embed"):
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path


def test_the_walk_meets_something_on_most_of_its_ways(walk: Walk) -> None:
    """Else it would prove nothing: every page of staff and organizers that names something finds it."""
    blind = {
        route.path
        for route in PATHS
        if "{" in route.path and WORD in walk.path(route) and (is_area(route, STAFF) or is_area(route, PERSON))
    }
    assert blind <= {"/staff/medarbetare/{id:str}/ta-bort", "/en/staff/medarbetare/{id:str}/ta-bort"}


def test_F10_a_member_who_is_removed_is_out_in_the_same_moment(walk: Walk) -> None:
    browser = walk.desk.colleague("snart@byn.example")
    assert walk.desk.get("/staff/ko", browser).status_code == 200
    form = re.findall(r'name="token" value="([^"]+)"', walk.desk.get("/staff/ko/s1", browser).text)[-1]
    member = walk.desk.store.staff.by_email("snart@byn.example")
    assert member is not None
    walk.desk.store.staff.remove(member.id, walk.desk.town.now, "test")
    before = digest(walk.desk.store)
    answer = walk.desk.post("/staff/ko/s1", {"token": form, "version": "1", "do": "approve"}, browser)
    assert _is_at_the_door(answer, "/staff/logga-in")
    assert digest(walk.desk.store) == before


def test_F02_a_form_of_a_colleague_is_not_ones_own(walk: Walk) -> None:
    theirs = walk.desk.colleague("tredje@byn.example")
    form = re.findall(r'name="token" value="([^"]+)"', walk.desk.get("/staff/ko/s1", theirs).text)[-1]
    before = digest(walk.desk.store)
    answer = walk.desk.post("/staff/ko/s1", {"token": form, "version": "1", "do": "approve", "note": "Sparas"})
    assert answer.status_code == 403
    assert "Sparas" in answer.text, "what was typed is there to be copied"
    assert digest(walk.desk.store) == before
